"""What is published before it opens, and what its source cancels: every output says so, and turns on the opening day."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from icalendar import Calendar
from pypdf import PdfReader

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.calendar import calendar_path
from boi_pipeline.publishing.cards import card_of, closed_card
from boi_pipeline.publishing.channels.mail import mail_faults, mail_of
from boi_pipeline.publishing.channels.post import RULES
from boi_pipeline.publishing.channels.posts import post_of
from boi_pipeline.publishing.everything import render_everything
from boi_pipeline.publishing.note import note_of, page_path
from boi_pipeline.records import PublicOpportunity
from tests.publishing.sample_bulletin import AS_OF, Records, opportunity

CANCELLED = "Cancelada, según la fuente"

OPENS = date(2026, 12, 3)
WAITS = "Aún no abre · abre el 3 dic 2026"
BEFORE = datetime(2026, 12, 3, 4, 59, tzinfo=UTC)  # a minute before that day begins at home
AFTER = datetime(2026, 12, 3, 5, 0, tzinfo=UTC)
CALL = opportunity(
    1,
    opening_date=OPENS,
    deadlines=[{"seq": 1, "stage": "application", "close_date": date(2027, 1, 15), "basis": "stated"}],
)
OTHER = opportunity(2, close_model="rolling")


def records(call: PublicOpportunity = CALL) -> Records:
    return Records([(date(2026, 11, 24), [call, OTHER])])


def rendered(shown: Bulletin, folder: Path) -> Path:
    render_everything(shown, folder)
    return folder


def words(path: Path) -> str:
    return " ".join(lxml.html.fromstring(path.read_bytes()).text_content().split())


def entry_of(folder: Path) -> dict[str, Any]:
    feed = json.loads((folder / "feed.json").read_bytes())
    (found,) = [one for one in feed["items"] if page_path(CALL.code) in one["url"]]
    return found


def event_of(folder: Path) -> Any:
    (found,) = Calendar.from_ical((folder / calendar_path(CALL.code)).read_bytes()).walk("VEVENT")
    return found


def grant_of(folder: Path) -> str:
    told = json.loads((folder / "commongrants.json").read_bytes())
    rows = told["items"] if isinstance(told, dict) else told
    (found,) = [one for one in rows if one["id"] == CALL.opportunity_id]
    return found["status"]["value"]


def test_site_feeds_and_calendars_say_that_a_call_is_not_open_yet_until_its_day_at_home(tmp_path: Path) -> None:
    before = rendered(records().bulletin(BEFORE), tmp_path / "before")
    after = rendered(records().bulletin(AFTER), tmp_path / "after")
    page = page_path(CALL.code) + "index.html"
    for folder, waits in ((before, True), (after, False)):
        assert (WAITS in words(folder / page)) is waits
        assert (WAITS in words(folder / "index.html")) is waits
        assert (WAITS in entry_of(folder)["content_text"]) is waits
        assert (WAITS in event_of(folder)["description"]) is waits
        assert ("Espere a que abra el 3 dic 2026" in words(folder / page)) is waits
    assert "abierta ahora 1 " in words(before / "index.html") and "abiertas ahora 2 " in words(after / "index.html")
    assert "Cierra el 15 ene 2027" in words(after / page)
    assert (grant_of(before), grant_of(after)) == ("forecasted", "open")
    assert entry_of(after)["date_modified"] > entry_of(before)["date_modified"]
    assert event_of(after)["sequence"] > event_of(before)["sequence"]
    becas = "explorar/tipo/scholarship/index.html"
    assert CALL.title_es not in words(before / becas) and CALL.title_es in words(after / becas)


def test_mail_posts_card_and_pdf_say_when_it_opens(tmp_path: Path) -> None:
    shown = records().bulletin(AS_OF)
    (edition,) = shown.editions
    mail = mail_of(shown, edition.edition, edition.items)
    assert mail_faults(mail) == []
    assert "Abre: 3 dic 2026. Cierra: 15 ene 2027" in mail.text and "Abre: 3 dic 2026." in mail.html
    for channel in RULES:
        post = post_of(shown, edition.edition, edition.items[0], channel)
        assert "Abre: 3 dic 2026." in post.text and not post.remarks
    card = card_of(shown, note_of(shown, edition.edition, edition.items[0]))
    assert [fact.values for fact in card.facts if fact.name == "Abre"] == [("3 dic 2026",)]
    rendered(records().bulletin(AFTER), tmp_path)
    (path,) = (tmp_path / "boletin").glob("*.pdf")
    printed = " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())
    assert "Aún no abre: abre el 3 dic 2026" in printed, "an edition on paper stays as it was that day"


def test_what_the_source_says_now_of_the_opening_counts_at_once(tmp_path: Path) -> None:
    told = records(opportunity(1, deadlines=[one.model_dump() for one in CALL.deadlines]))
    told.say(CALL, "opening_changed", new_value="2026-12-03", quote="Apertura: 3 de diciembre de 2026")
    before = rendered(told.bulletin(BEFORE), tmp_path / "before")
    after = rendered(told.bulletin(AFTER), tmp_path / "after")
    page = page_path(CALL.code) + "index.html"
    assert WAITS in words(before / page) and "«Apertura: 3 de diciembre de 2026»" in words(before / page)
    assert "Abre el 3 dic 2026." in words(before / page)
    assert "La fuente indica ahora" not in words(after / page) and "Cierra el 15 ene 2027" in words(after / page)
    assert event_of(after)["sequence"] > event_of(before)["sequence"]
    undated = records()
    undated.say(CALL, "opening_changed", old_value="2026-12-03")
    page_words = words(rendered(undated.bulletin(AFTER), tmp_path / "undated") / page)
    assert "Aún no abre" in page_words and "abre el" not in page_words


def test_the_article_of_a_week_says_when_a_call_opens_and_closes(tmp_path: Path) -> None:
    told = records()
    told.close_week("2026-W48", AS_OF, [(CALL, "Sirve a la ciudad."), (OTHER, "Sirve a la ciudad.")])
    rendered(told.bulletin(BEFORE), tmp_path)
    article = (tmp_path / "articulos/2026-W48.md").read_text(encoding="utf-8")
    assert "- **Apertura y cierre.** Aún no abre: abre el 3 dic 2026. Cierra el 15 ene 2027." in article
    assert "- **Cierre.** Recibe postulaciones de forma permanente." in article


@pytest.mark.parametrize("opens", [date(2027, 1, 16), date(2026, 11, 2)])
def test_a_day_after_the_close_or_past_is_no_opening_to_wait_for(opens: date, tmp_path: Path) -> None:
    folder = rendered(records(CALL.model_copy(update={"opening_date": opens})).bulletin(AS_OF), tmp_path)
    assert "Aún no abre" not in words(folder / page_path(CALL.code) / "index.html")
    (path,) = (folder / "boletin").glob("*.pdf")
    assert "Aún no abre" not in " ".join(page.extract_text() for page in PdfReader(path).pages)


def test_a_cancelled_call_does_not_invite_and_says_so_with_its_quote(tmp_path: Path) -> None:
    told = records()
    told.say(CALL, "cancelled", quote="Convocatoria cancelada")
    told.say(CALL, "extended", old_value="2027-01-15", new_value="2027-02-20")
    shown = told.bulletin(AS_OF)
    folder = rendered(shown, tmp_path)
    page = words(folder / page_path(CALL.code) / "index.html")
    assert CANCELLED in page and "La fuente indica ahora" in page and "«Convocatoria cancelada»" in page
    assert "Envíe su postulación" not in page and WAITS not in page
    assert "fue cancelada o quedó desierta" in entry_of(folder)["content_text"]
    event = Calendar.from_ical((folder / "calendario.ics").read_bytes()).walk("VEVENT")[0]
    assert (event["status"], str(event["summary"])[: len(CANCELLED)]) == ("CANCELLED", CANCELLED)
    assert grant_of(folder) == "custom"
    (edition,) = shown.editions
    note = note_of(shown, edition.edition, edition.items[0])
    assert note.closing.is_over and closed_card(shown, note.type_code, note.type_label)
    assert all(post_of(shown, edition.edition, edition.items[0], channel).remarks for channel in RULES)
