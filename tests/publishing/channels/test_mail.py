"""The e-mail of an edition: as a mail program reads it, within what mail programs take, and hostile text in it."""

import email
import re
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.policy import default
from urllib.parse import urlsplit

import lxml.html
import pytest
from hypothesis import example, given, settings

from boi_pipeline.publishing.channels.mail import MAX_SUBJECT, Mail, mail_faults, mail_of
from boi_pipeline.records import PublicOpportunity
from tests.publishing.sample_bulletin import HOSTILE, SCHOLARSHIP, Records, opportunity, sample_bulletin
from tests.publishing.test_hostile import TEXT, filled

DAY = date(2026, 11, 24)


def mailed(*facts: PublicOpportunity, whys: list[str] | None = None) -> tuple[Mail, EmailMessage]:
    shown = Records([(DAY, list(facts))]).bulletin()
    (edition,) = shown.editions
    mail = mail_of(shown, edition.edition, edition.items, whys)
    read = email.message_from_bytes(mail.message(shown, edition.edition), policy=default)
    assert isinstance(read, EmailMessage)
    return mail, read


def body(read: EmailMessage, kind: str) -> str:
    part = read.get_body((kind,))
    assert part is not None
    return part.get_content()


@pytest.fixture(scope="module")
def edition_mail() -> tuple[Mail, EmailMessage]:
    shown = sample_bulletin()
    newest = shown.newest_first[0]
    mail = mail_of(shown, newest.edition, newest.items)
    read = email.message_from_bytes(mail.message(shown, newest.edition), policy=default)
    assert isinstance(read, EmailMessage)
    return mail, read


def test_a_mail_program_reads_it(edition_mail: tuple[Mail, EmailMessage]) -> None:
    mail, read = edition_mail
    assert read["Subject"] == "6 oportunidades (24 nov): Becas completas de maestría en clima"
    assert read["From"].addresses[0].addr_spec == "internacional@puertoalba.example"
    assert read["From"].addresses[0].display_name == "Boletín de Oportunidades Internacionales"
    assert read["Date"].datetime.isoformat() == "2026-11-24T21:00:00+00:00"
    assert read["List-Id"] == "Puerto Alba <pal.boletin.puertoalba.example>"
    assert "mailto:internacional@puertoalba.example" in read["List-Unsubscribe"]
    assert read["To"] is None and read["X-Unsent"] == "1"
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    assert not read.defects and not any(part.defects for part in read.walk())
    assert body(read, "plain").replace("\r\n", "\n") == mail.text
    assert mail_faults(mail) == []


def test_equal_editions_give_equal_mails(edition_mail: tuple[Mail, EmailMessage]) -> None:
    shown = sample_bulletin()
    newest = shown.newest_first[0]
    again = mail_of(shown, newest.edition, newest.items)
    assert again.message(shown, newest.edition) == edition_mail[0].message(shown, newest.edition)


def test_both_bodies_say_the_same_of_every_call(edition_mail: tuple[Mail, EmailMessage]) -> None:
    mail, read = edition_mail
    html = " ".join(lxml.html.fromstring(body(read, "html")).text_content().split())
    for call in mail.calls:
        for words in (call.title, call.code, call.lead, *call.about, *call.facts, *call.gives):
            assert words in html and words in mail.text
    assert "23:59 hora de Berlín (17:59 en Puerto Alba)" in html
    assert "PAL-2026-00002: Texto elaborado con apoyo de IA generativa (Modelo Gaviota 2)" in html
    assert "Corrección: Curso gratuito" in html and "texto anterior" in html


def test_the_page_fetches_nothing_and_runs_nothing(edition_mail: tuple[Mail, EmailMessage]) -> None:
    page = lxml.html.document_fromstring(edition_mail[0].html)
    assert {element.tag for element in page.iter()}.isdisjoint(
        {"script", "img", "link", "style", "iframe", "form", "table"}
    )
    assert "url(" not in edition_mail[0].html and not page.xpath("//@*[starts-with(name(), 'on')]")
    hosts = {urlsplit(href).hostname for href in page.xpath("//a/@href")}
    assert hosts == {"boletin.puertoalba.example"}
    for href in page.xpath("//a/@href"):
        assert "utm_source=email&utm_medium=email&utm_campaign=pal-2026-48&utm_content=PAL-" in href


def test_each_colour_stands_with_its_ground(edition_mail: tuple[Mail, EmailMessage]) -> None:
    for style in re.findall(r'style="([^"]*)"', edition_mail[0].html):
        names = {part.partition(":")[0].strip() for part in style.split(";")}
        assert ("color" in names) <= ("background-color" in names or style.startswith("margin-top:24px")), (
            "a mail program that turns a page dark turns both or none"
        )


def test_it_reads_as_a_document(edition_mail: tuple[Mail, EmailMessage]) -> None:
    page = lxml.html.document_fromstring(edition_mail[0].html)
    assert page.get("lang") == "es" and page.findtext(".//title")
    assert [element.tag for element in page.iter("h1", "h2", "h3")] == ["h1"] + ["h2"] * 6


def test_the_week_says_why_each_was_chosen() -> None:
    mail, _ = mailed(SCHOLARSHIP, whys=["Porque lo paga todo y admite a recién graduados."])
    assert "Por qué la elegimos: Porque lo paga todo" in mail.text and "de la semana" in mail.heading
    assert "/articulos/2026-11-24/?" in mail.link and mail_faults(mail) == []


def test_the_entity_s_own_mailbox_is_not_taken_for_a_person_s() -> None:
    shown = Records([(DAY, [SCHOLARSHIP])]).bulletin()
    shown = replace(shown, entity=shown.entity.model_copy(update={"contact_email": "ana.perez@ciudad.example"}))
    (edition,) = shown.editions
    assert mail_faults(mail_of(shown, edition.edition, edition.items)) == []


def test_a_subject_holds_whole_titles() -> None:
    mail, read = mailed(opportunity(1, title_es="palabra " * 12))
    assert read["Subject"] == "1 oportunidad para hoy, 24 de noviembre de 2026"
    assert len(mail.subject) <= MAX_SUBJECT


@settings(max_examples=15, deadline=None)
@given(TEXT)
@example(HOSTILE)
@example("a\r\nBcc: todos@malo.example")
@example("x" * 10_000)
@example("https://malo.example escriba a ana.perez@correo.example")
def test_any_scraped_text_stays_text(text: str) -> None:
    mail, read = mailed(filled(text), whys=[text])
    assert mail_faults(mail) == []
    assert set(read.keys()) == set(mailed(filled("véase"), whys=["véase"])[1].keys())
    page, other = (
        lxml.html.document_fromstring(one.html) for one in (mail, mailed(filled("véase"), whys=["véase"])[0])
    )
    assert {one.tag for one in page.iter()} <= {one.tag for one in other.iter()} | {"ul", "li"}
    assert {name for one in page.iter() for name in one.attrib} == {name for one in other.iter() for name in one.attrib}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda mail: {"text": mail.text + "https://malo.example"}, "Lleva otra dirección"),
        (lambda mail: {"text": mail.text.replace("25 cupos", "26 cupos")}, "Dice el número 26"),
        (lambda mail: {"text": mail.text.replace(mail.link, "")}, "Un enlace debe estar una vez"),
        (lambda mail: {"subject": "x" * 90}, "El asunto"),
        (lambda mail: {"calls": ()}, "no tiene oportunidades"),
        (lambda mail: {"text": mail.text + "\u202e"}, "caracteres invisibles"),
    ],
)
def test_a_fault_is_found(change, told: str) -> None:  # type: ignore[no-untyped-def]
    mail, _ = mailed(SCHOLARSHIP)
    assert told in " ".join(mail_faults(replace(mail, **change(mail))))
