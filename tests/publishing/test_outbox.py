"""The outbox as a person uses it: files ready to paste, a page that works from the disk, and nothing that was withdrawn."""

import email
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from PIL import Image
from playwright.sync_api import Browser

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.outbox import batches, write_outbox
from boi_pipeline.records import Publication, PublicOpportunity
from tests.browser import WCAG, Watched, needs_browser, violations
from tests.publishing.pages import parsed, words
from tests.publishing.sample_bulletin import HOSTILE, SCHOLARSHIP, Records, sample_bulletin
from tests.publishing.test_hostile import TEXT, filled

DAY = date(2026, 11, 24)
DAILY, WEEKLY = ("site", "x", "instagram", "whatsapp", "email"), ("article", "linkedin", "email")


def planned(bulletin: Bulletin, channels: Sequence[str] = DAILY, weekly: Sequence[str] = WEEKLY) -> list[Publication]:
    """The publications that closing these editions had planned."""
    rows = [(one.edition.edition_id, item.publication, channels) for one in bulletin.editions for item in one.items]
    rows += [(one.edition.edition_id, item.item.publication, weekly) for one in bulletin.weeks for item in one.items]
    return [
        row.model_copy(
            update={"edition_id": name, "channel": channel, "publication_id": f"{name}/{channel}/{row.code}", "state": "planned"}
        )
        for name, row, to in rows
        for channel in to
    ]  # fmt: skip


def in_state(rows: Sequence[Publication], **states: str) -> list[Publication]:
    """The rows with the state of a whole channel changed."""
    return [one.model_copy(update={"state": states.get(one.channel, one.state)}) for one in rows]


def written(bulletin: Bulletin, rows: Sequence[Publication], folder: Path) -> Path:
    write_outbox(bulletin, batches(bulletin, rows), folder)
    return folder


@pytest.fixture(scope="module")
def outbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shown = sample_bulletin()
    rows = in_state(planned(shown), x="sent", whatsapp="failed", instagram="uncertain")
    return written(shown, rows, tmp_path_factory.mktemp("outbox"))


def test_each_channel_has_texts_ready_to_paste_with_their_pictures(outbox: Path) -> None:
    folder = outbox / "2026-11-24"
    text = (folder / "x/1-pal-2026-00001.txt").read_text()
    assert text.startswith("Becas completas de maestría en clima") and "utm_source=x&" in text
    assert (folder / "x/1-pal-2026-00001.alt.txt").read_text().startswith("Becas completas")
    with (
        Image.open(folder / "x/1-pal-2026-00001.png") as wide,
        Image.open(folder / "instagram/1-pal-2026-00001.png") as square,
    ):
        assert wide.size == (1200, 630) and square.size == (1080, 1080)
    assert (folder / "whatsapp/1-pal-2026-00001.txt").read_text().startswith("*Becas completas")
    assert not (folder / "site").exists() and not (folder / "linkedin").exists()
    assert len(list((folder / "x").glob("*.txt"))) == 12


def test_the_mail_opens_in_a_mail_program(outbox: Path) -> None:
    read = email.message_from_bytes((outbox / "2026-11-24/correo.eml").read_bytes(), policy=default)
    assert read["Subject"].startswith("6 oportunidades (24 nov)") and not read.defects
    assert "<h1" in (outbox / "2026-11-24/correo.html").read_text()
    assert "Para dejar de recibirlo" in (outbox / "2026-11-24/correo.txt").read_text()


def test_the_week_has_one_post_and_one_mail(outbox: Path) -> None:
    folder = outbox / "2026-W48"
    assert [path.name for path in sorted((folder / "linkedin").iterdir())] == [
        "1-2026-w48.alt.txt",
        "1-2026-w48.png",
        "1-2026-w48.txt",
    ]
    assert "Por qué: Paga todos los gastos" in (folder / "linkedin/1-2026-w48.txt").read_text()
    assert "Por qué la elegimos: Paga todos los gastos" in (folder / "correo.txt").read_text()
    assert "boi publish resolve 2026-W48/linkedin --sent" in words(folder / "index.html")


def test_the_page_shows_counts_states_and_what_to_do(outbox: Path) -> None:
    page = words(outbox / "2026-11-24/index.html")
    assert "Edición del martes 24 de noviembre de 2026" in page and "6 de 19 publicadas" in page
    assert "Texto para X (Twitter): 242 de 280 caracteres" in page
    assert "boi publish resolve 2026-11-24/whatsapp/PAL-2026-00001 --sent --role editor" in page
    assert "boi publish resolve 2026-11-24/x/PAL-2026-00001" not in page, "it is out"
    shown = parsed(outbox / "2026-11-24/index.html")
    for channel, state in {"x": "Publicada", "whatsapp": "Falló el envío", "instagram": "No se sabe si salió"}.items():
        states = shown.xpath(f"//section[h2/@id='{channel}']//span[contains(@class, 'state')]/text()")
        assert len(states) == 6 and all(one.startswith(state) for one in states)
    ticked = shown.xpath("//input[@checked]/@id")
    assert ticked == [f"x-{number}-hecho" for number in range(1, 7)]
    (first,) = shown.xpath("//textarea[@id='x-1-texto']")
    assert first.text + "\n" == (outbox / "2026-11-24/x/1-pal-2026-00001.txt").read_text()
    (picture,) = shown.xpath("//article[.//*[@id='x-1-texto']]//img")
    assert picture.get("alt") + "\n" == (outbox / "2026-11-24/x/1-pal-2026-00001.alt.txt").read_text()
    index = words(outbox / "index.html")
    assert "6 de 19 publicadas" in index and "X (Twitter): 6 de 6." in index and "Correo: por enviar." in index


def test_every_address_of_the_page_is_there_or_the_site_s(outbox: Path) -> None:
    for path in outbox.rglob("*.html"):
        for target in parsed(path).xpath("//@href | //@src"):
            if not target.startswith(("https://boletin.puertoalba.example/", "#")):
                assert (path.parent / target).is_file(), target
        assert str(outbox) not in path.read_text()


def test_what_was_withdrawn_leaves_at_once(tmp_path: Path) -> None:
    records = Records([(DAY, [SCHOLARSHIP, *(sample_bulletin().newest_first[0].items[n].opportunity for n in (1, 2))])])
    rows = planned(records.bulletin())
    before = written(records.bulletin(), rows, tmp_path / "a")
    records.decide("withdraw", SCHOLARSHIP, datetime(2026, 11, 24, 22, tzinfo=UTC))
    after = written(records.bulletin(), rows, tmp_path / "b")
    assert any("00001" in path.name for path in before.rglob("*"))
    assert not any("00001" in path.name for path in after.rglob("*"))
    assert not [path for path in after.rglob("*") if path.is_file() and b"Nordhaven" in path.read_bytes()]


def test_editions_that_are_past_and_channels_nobody_keeps_are_not_there(tmp_path: Path) -> None:
    shown = Records([(date(2026, 11, 19), [SCHOLARSHIP]), (DAY, [SCHOLARSHIP])]).bulletin()
    folder = written(shown, planned(shown), tmp_path / "a")
    assert sorted(path.name for path in folder.iterdir()) == ["2026-11-24", "index.html"]
    assert "No hay nada por publicar" in words(written(shown, planned(shown, ["site"]), tmp_path / "b") / "index.html")


def test_a_post_that_must_not_go_out_says_why(tmp_path: Path) -> None:
    shown = Records([(DAY, [SCHOLARSHIP])]).bulletin()
    made = batches(shown, planned(shown))
    assert [one.problems for one in made] == [[]]
    records = Records([(DAY, [SCHOLARSHIP])])
    records.say(SCHOLARSHIP, "closed")
    closed = records.bulletin()
    page = words(written(closed, planned(closed), tmp_path) / "2026-11-24/index.html")
    assert "No la publique sin revisarla: la fuente la dio por cerrada." in page


def test_a_post_that_was_corrected_since_is_not_to_go_out(tmp_path: Path) -> None:
    new = SCHOLARSHIP.model_copy(update={"title_es": "Becas de maestría en clima — Nordhaven"})
    shown = Records([(date(2026, 11, 23), [SCHOLARSHIP]), (DAY, [new])]).bulletin()
    folder = written(shown, planned(shown), tmp_path)
    warning = "No la publique: PAL-2026-00001 se corrigió en la edición 2026-11-24."
    assert words(folder / "2026-11-23/index.html").count(warning) == 4
    assert warning not in words(folder / "2026-11-24/index.html")
    assert (folder / "2026-11-24/x/1-pal-2026-00001.txt").read_text().startswith("Corrección: ")


def test_equal_records_give_equal_files(outbox: Path, tmp_path: Path) -> None:
    shown = sample_bulletin()
    again = written(shown, in_state(planned(shown), x="sent", whatsapp="failed", instagram="uncertain"), tmp_path)
    files = {path.relative_to(outbox): path.read_bytes() for path in outbox.rglob("*") if path.is_file()}
    assert files == {path.relative_to(again): path.read_bytes() for path in again.rglob("*") if path.is_file()}


def shape(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(element.tag), tuple(sorted(element.attrib))) for element in parsed(path).iter()]


def of_text(text: str, folder: Path) -> Path:
    facts: PublicOpportunity = filled(text)
    shown = Records([(DAY, [facts])]).bulletin()
    return written(shown, planned(shown), folder) / "2026-11-24/index.html"


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXT)
@example(HOSTILE)
@example("</textarea><script>alert(1)</script>")
@example("a" * 10_000)
def test_any_scraped_text_stays_text(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    page = of_text(text, folder / "a")
    assert shape(page) == shape(of_text("véase esto", folder / "b"))
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\u200b\x00-\x08]", page.read_text())


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_work_from_the_disk_for_everybody(browser: Browser, outbox: Path, scheme: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 380, "height": 800})  # type: ignore[arg-type]
    page = context.new_page()
    watched = Watched.of(page)
    for name in ("index.html", "2026-11-24/index.html", "2026-W48/index.html", "2026-11-24/correo.html"):
        page.goto((outbox / name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 380, name
        assert violations(page, WCAG) == "", name
    assert watched.said == [] and all(one.startswith("file:") for one in watched.asked)
    page.goto((outbox / "2026-11-24/index.html").as_uri())
    page.focus("#x-1-texto")
    page.keyboard.press("Control+A")
    chosen = page.evaluate("(e => e.value.slice(e.selectionStart, e.selectionEnd))(document.activeElement)")
    assert chosen + "\n" == (outbox / "2026-11-24/x/1-pal-2026-00001.txt").read_text()
    page.locator("#whatsapp-1 >> xpath=ancestor::article").locator("img").scroll_into_view_if_needed()
    assert page.evaluate("document.querySelector('img').naturalWidth") == 1200
    context.close()


def test_a_draft_that_went_wrong_is_told_on_the_page(tmp_path: Path) -> None:
    from boi_pipeline.records import ChannelText

    text = ChannelText(channel="x", text="Una beca con 90 cupos.")
    facts = SCHOLARSHIP.model_copy(update={"channel_texts": [text], "drafting_tool": "Gaviota 2"})
    shown = replace(Records([(DAY, [facts])]).bulletin())
    page = words(written(shown, planned(shown), tmp_path) / "2026-11-24/index.html")
    assert "El texto que redactó la IA no se usa: Dice el número 90" in page
