"""The inbox: tips and newsletters that the team drops in a folder, from file to notice, and nobody's contacts."""

import os
import shutil
from contextlib import suppress
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scrapy.http import Request

from scrapers.loader import load_source
from scrapers.mail import read_mail, untracked, without_contacts
from scrapers.middlewares.inbox import Inbox, inbox_url
from scrapers.platforms.inbox import Tip, read_links, read_table
from scrapers.run import Malformed
from scrapers.runner import replay
from scrapers.text import block_text, links
from scrapers.yamlfile import ConfigError
from tests.scrapers.conftest import LANGUAGES, Crawled
from tests.sources.answers import Answer, crawl_answered

SOURCE = """\
id: tips
name: Buzón del equipo
platform: inbox
url: inbox:tips
language: es
authority: aggregator
may_be_empty: true
"""
LONG = "La convocatoria financia estancias de seis meses para profesionales de ciudades de América Latina y el Caribe."


# -- tables and lists


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_a_table_as_excel_writes_it(delimiter: str, encoding: str):
    from scrapers.text import decode

    rows = [
        ["Título", "Enlace", "Comentario"],
        ["Beca año 2027", "https://a.example/x?utm_source=w", '"Ojo: cierra pronto"'],
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    assert read_table(decode(text.encode(encoding)), "t.csv") == [
        Tip("https://a.example/x", "Beca año 2027", "Ojo: cierra pronto")
    ]


def test_a_table_with_excels_own_line_empty_rows_and_bad_links():
    text = "sep=;\nurl;nota\n\n;vacía\nno es enlace;x\nftp://a.example;x\nhttps://b.example/1\n"
    assert read_table(text, "t.csv") == [Tip("https://b.example/1")]


def test_a_table_without_a_column_of_links_says_so():
    with pytest.raises(Malformed, match=r"t.csv: falta la columna url"):
        read_table("a;b\n1;2\n", "t.csv")


def test_lists_of_links_and_shortcuts():
    text = "Miren: https://a.example/uno.\r\n[InternetShortcut]\nURL=https://b.example/dos?x=1\nsin enlace\n"
    assert [tip.url for tip in read_links(text)] == ["https://a.example/uno", "https://b.example/dos?x=1"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.lists(st.text(max_size=20), max_size=5).map(lambda row: "url;nota\n" + ";".join(row)))
def test_no_table_breaks_the_reading(text: str):
    read_links(text)
    with suppress(Malformed):
        read_table(text, "t.csv")


def test_notes_lose_contacts_and_keep_dates_and_amounts():
    note = "Pasa Ana ana.p+1@correo.example tel. 300 123 45 67 o +57 (601) 555-0101: cierra 2027-01-15, USD 1 500 000"
    assert without_contacts(note) == "Pasa Ana [contacto] [contacto] o [contacto]: cierra 2027-01-15, USD 1 500 000"


# -- newsletters


def mail(html: str | None = None, text: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    told = {
        "From": "Boletín Sur <boletin@sur.example>",
        "To": "Ana Pérez <ana@alcaldia.example>",
        "Subject": "RV: Novedades",
    }
    told |= {"Message-ID": "<abc@sur.example>", "Date": "Mon, 16 Nov 2026 08:00:00 -0500"}
    for name, value in {**told, **headers}.items():
        message[name.replace("_", "-")] = value
    message.set_content(text or "texto")
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message.as_bytes()


SECTIONS = "".join(
    f"<h2>Beca {name}</h2><p>Cierra el {day} de enero de 2027. <a href='https://{name}.example/ver?utm_campaign=b'>Más</a></p>"
    for day, name in enumerate(("alfa", "beta", "gama"), 5)
)
NEWSLETTER = f"""<html><body><p>De: Ana Pérez &lt;ana@alcaldia.example&gt;</p>
<p>Ana Pérez, ana@alcaldia.example, cel. 300 123 4567</p>{SECTIONS}<img src="https://sur.example/abierto.gif">
<p><a href="https://sur.example/u?e=1">Darse de baja</a> <a href="https://x.list-manage.com/profile?u=1">Preferencias</a></p>
</body></html>"""


def test_a_newsletter_keeps_its_calls_and_not_its_people():
    read = read_mail(mail(NEWSLETTER))
    text = block_text(read.node)
    assert read.subject == "Novedades"
    assert read.sent_at is not None and read.sent_at.isoformat() == "2026-11-16T13:00:00+00:00"
    assert "Cierra el 5 de enero de 2027." in text
    for unseen in ("ana@alcaldia", "300 123", "Darse de baja", "De:"):
        assert unseen not in text
    assert [link.url for link in links(read.node, "inbox://x/")] == [
        f"https://{name}.example/ver" for name in ("alfa", "beta", "gama")
    ]


def test_a_plain_newsletter_has_links():
    read = read_mail(mail(text="Convocatoria abierta\nhttps://a.example/c/1.\nContacto: becas@fundacion.example"))
    assert block_text(read.node) == "Convocatoria abierta\nhttps://a.example/c/1.\nContacto: becas@fundacion.example"
    assert [link.url for link in links(read.node, "inbox://x/")] == ["https://a.example/c/1"]


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://a.example/c/1?x=2", "https://a.example/c/1?x=2"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fc&data=x",
            "https://a.example/c",
        ),
        ("https://www.google.com/url?q=https://a.example/c&sa=D", "https://a.example/c"),
        ("https://sur.us1.list-manage.com/track/click?u=1&id=2&e=3", None),
        ("https://click.sur.example/?qs=abc", None),
        ("https://[roto", None),
    ],
)
def test_counting_links_lead_where_they_lead_or_nowhere(url: str, target: str | None):
    assert untracked(url) == target


def test_mails_that_are_none_say_so():
    for body in (b"", b"\x00\xff" * 50, mail(html=" ", text=" ")):
        with pytest.raises(ValueError, match=r"^no (es|tiene) "):
            read_mail(body)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300)
    | st.tuples(st.text(max_size=40), st.text(max_size=60)).map(
        lambda pair: f"Subject: {pair[0]}\nDate: {pair[1]}\nContent-Type: {pair[1]}\n\n{pair[0]}".encode(
            "utf-8", "replace"
        )
    )
    | st.text(max_size=40).map(lambda charset: f"Content-Type: text/html; charset={charset}\n\n<p>x".encode())
)
def test_no_mail_breaks_the_reading(body: bytes):
    with suppress(ValueError):
        read_mail(body)


# -- the folder


def test_the_folder_gives_its_own_plain_files_and_nothing_else(tmp_path: Path):
    folder = tmp_path / "inbox" / "tips"
    folder.mkdir(parents=True)
    (tmp_path / "secreto.csv").write_text("x")
    (folder / "a b.csv").write_text("url\n")
    (folder / "grande.csv").write_text("x" * 200)
    (folder / "foto.png").write_text("x")
    (folder / "~$a.csv").write_text("x")
    (folder / "sub.csv").mkdir()
    (folder / "enlace.csv").symlink_to(tmp_path / "secreto.csv")
    os.mkfifo(folder / "tubo.csv")
    inbox = Inbox(folder, "tips", 100, None)
    assert inbox.names() == ["a b.csv", "grande.csv"]
    read = inbox.process_request(Request(inbox_url("tips", "a b.csv")))
    assert read is not None and read.body == b"url\n"
    refused = ["../../secreto.csv", "enlace.csv", "grande.csv", "nada.csv", "/etc/passwd", "sub.csv/x"]
    for url in [*(inbox_url("tips", name) for name in refused), "inbox://otra/a%20b.csv", "inbox://tips/../otra/x.csv"]:
        with pytest.raises(Malformed):
            inbox.process_request(Request(url))
    assert inbox.process_request(Request("https://a.example/")) is None
    (tmp_path / "inbox" / "otro").symlink_to(folder)
    assert Inbox(tmp_path / "inbox" / "otro", "otro", 100, None).names() == []


@pytest.mark.parametrize("url", ["inbox:otra", "https://a.example/", "inbox:../tips"])
def test_an_inbox_has_its_own_address_only(tmp_path: Path, url: str):
    path = tmp_path / "tips.yaml"
    path.write_text(SOURCE.replace("inbox:tips", url), encoding="utf-8")
    with pytest.raises(ConfigError, match="expected inbox:tips"):
        load_source(path)


def test_other_platforms_have_no_inbox(tmp_path: Path):
    path = tmp_path / "tips.yaml"
    path.write_text(SOURCE.replace("platform: inbox", "platform: feed"), encoding="utf-8")
    with pytest.raises(ConfigError, match="URL"):
        load_source(path)


# -- end to end

PAGE = """<html lang="es"><head><title>Página | Sitio</title></head><body><nav><a href=/>Inicio</a></nav><main>
<h1>Convocatoria {name}</h1><p>{text}</p><p>Cierra el 9 de febrero de 2027. <a href="/f">Postular</a></p></main></body></html>"""


class Buzon:
    """A home with an inbox, and the pages its tips lead to."""

    def __init__(self, folder: Path) -> None:
        self.home, self.sources, self.answers = folder / "home", folder / "sources", list[Answer]()
        self.inbox = self.home / "inbox" / "tips"
        self.sources.mkdir()
        (self.sources / "tips.yaml").write_text(SOURCE, encoding="utf-8")
        for name in ("uno", "dos"):
            (folder / f"{name}.html").write_text(PAGE.format(name=name, text=LONG), encoding="utf-8")
            self.answers.append(Answer(f"https://a.example/{name}", str(folder / f"{name}.html")))

    def drop(self, name: str, body: bytes | str) -> None:
        self.inbox.mkdir(parents=True, exist_ok=True)
        (self.inbox / name).write_bytes(body.encode() if isinstance(body, str) else body)

    def crawl(self) -> Crawled:
        return crawl_answered(self.home, self.sources, {"tips": self.answers})


@pytest.fixture
def buzon(tmp_path: Path) -> Buzon:
    return Buzon(tmp_path)


def test_no_folder_is_an_empty_inbox(buzon: Buzon):
    result = buzon.crawl().results["tips"]
    assert (result.outcome, result.listed_count, result.request_count) == ("ok", 0, 0)


def test_tips_and_newsletters_become_notices_cost_nothing_again_and_replay(buzon: Buzon):
    buzon.drop(
        "grupo.csv",
        "Título;Enlace;Nota\nEstancia Sur;https://a.example/uno;La vio Luz, luz@x.example\n".encode("cp1252"),
    )
    buzon.drop("links.txt", "https://a.example/dos\nhttps://a.example/uno#otra-vez\nhttps://a.example/nada\n")
    buzon.drop("boletín.eml", mail(NEWSLETTER))
    buzon.drop("roto.csv", "a;b\n")
    crawled = buzon.crawl()
    mails = [key for key in crawled.notices if key.startswith("tips/mail-")]
    assert set(crawled.notices) - set(mails) == {"tips/https://a.example/uno", "tips/https://a.example/dos"}
    uno = crawled.notices["tips/https://a.example/uno"]
    assert uno.text == (
        f"Estancia Sur\n\nConvocatoria uno\n\n{LONG}\n\nCierra el 9 de febrero de 2027. Postular\n\nNota: La vio Luz, [contacto]"
    )
    assert [link.url for link in uno.links] == ["https://a.example/f"]
    assert crawled.notices["tips/https://a.example/dos"].title == "Convocatoria dos"
    assert [crawled.notices[key].title for key in sorted(mails)] == ["Beca alfa", "Beca beta", "Beca gama"]
    beta = crawled.notices[sorted(mails)[1]]
    assert (beta.url, beta.parent_key) == (
        "https://beta.example/ver",
        sorted(mails)[0].removeprefix("tips/").removesuffix("#1"),
    )
    assert all("ana@" not in notice.model_dump_json() for notice in crawled.notices.values())
    result = crawled.results["tips"]
    assert (result.outcome, result.error_count, result.listed_count) == ("ok", 2, 4)

    again = buzon.crawl()
    assert not again.notices
    # what answered 404 is not known, and asked for again with its robots.txt
    assert again.results["tips"].request_count == 2

    shutil.rmtree(buzon.inbox)
    given = {"sources_folder": buzon.sources, "languages": [*LANGUAGES, "de"]}
    replayed = replay(buzon.home, "tips", crawled.crawl_id, **given)
    assert {notice.item_id: notice for notice in replayed.notices} == crawled.notices
