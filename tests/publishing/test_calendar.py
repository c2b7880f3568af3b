"""Calendars of deadlines: when each event is, what becomes of it when things change, and what other programs read."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from boi_pipeline.publishing.bulletin import Bulletin, bulletin_of
from boi_pipeline.publishing.calendar import MAX_COMING, calendar_files, calendar_path
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.events import DeadlineEvent, events_of
from boi_pipeline.publishing.note import note_of
from boi_pipeline.publishing.text import one_line
from boi_pipeline.publishing.topics import topics
from boi_pipeline.publishing.writer import Writer
from boi_pipeline.records import PublicOpportunity, Redirect
from tests.publishing.sample_bulletin import (
    AS_OF,
    HOSTILE,
    Records,
    code_of,
    opportunity,
    sample_bulletin,
    sample_entity,
)
from tests.publishing.test_hostile import TEXT, filled

DAY = date(2026, 11, 24)
HOST = "boletin.puertoalba.example"


def read(path: Path) -> Calendar:
    return Calendar.from_ical(path.read_bytes())


def events(path: Path) -> dict[str, Any]:
    """UID without the host → event."""
    return {str(one["uid"]).removesuffix(f"@{HOST}"): one for one in read(path).walk("VEVENT")}


def calendars(bulletin: Bulletin, folder: Path) -> list[Path]:
    writer = Writer(bulletin, Disk(folder))
    calendar_files(writer)
    return [path for path in writer.disk.written if path.suffix == ".ics"]


def one_call(number: int = 1, **deadline: Any) -> PublicOpportunity:
    given = {"seq": 1, "stage": "application", "close_date": date(2027, 1, 15), "basis": "stated", **deadline}
    return opportunity(number, deadlines=[given])


def several(*days: date) -> PublicOpportunity:
    deadlines = [
        {"seq": seq, "stage": "cut_off", "close_date": day, "basis": "stated"} for seq, day in enumerate(days, 1)
    ]
    return opportunity(1, deadlines=deadlines)


class Told:
    """What ``calendario.ics`` says of the first call, as records become more."""

    def __init__(self, folder: Path, facts: PublicOpportunity, first: date = DAY - timedelta(days=4)) -> None:
        self.folder, self.facts, self.records = folder, facts, Records([(first, [facts])])
        self.turned: dict[str, datetime] = {}

    def turn(self, at: datetime) -> None:
        """Its source moved a date, moved it back, or publishes it again: told where the call lives by then."""
        lives = self.facts.opportunity_id
        for redirect in self.records.redirects:
            lives = redirect.to_opportunity_id if redirect.from_opportunity_id == lives else lives
        self.turned[lives] = at

    def bulletin(self, as_of: datetime = AS_OF) -> Bulletin:
        kept = ("editions", "publications", "snapshots", "decisions", "identities", "redirects", "notes")
        given = {name: getattr(self.records, name) for name in kept}
        return bulletin_of(sample_entity(), as_of, **given, source_turned=self.turned)

    def event(self, key: str = "1", as_of: datetime = AS_OF) -> Any:
        calendars(self.bulletin(as_of), self.folder)
        return events(self.folder / "calendario.ics").get(f"{code_of(1).lower()}-{key}")


@pytest.fixture
def told(tmp_path: Path) -> Told:
    return Told(tmp_path, one_call())


# ---------------------------------------------------------------- when


def test_an_hour_is_an_instant_that_every_calendar_shows_on_its_own_clock(site: Path) -> None:
    event = events(site / "calendario.ics")["pal-2026-00001-1"]
    assert event["dtstart"].dt == datetime(2027, 1, 15, 22, 59, tzinfo=UTC)
    assert "dtend" not in event
    assert "15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba)." in event["description"]


def test_anywhere_on_earth_is_an_instant_too(site: Path) -> None:
    event = events(site / "calendario.ics")["pal-2026-00003-1"]
    assert event["dtstart"].dt == datetime(2026, 12, 1, 11, 59, tzinfo=UTC)
    assert (
        "30 nov 2026, 23:59 en cualquier lugar de la Tierra (AoE) (1 dic 2026, 06:59 en Puerto Alba)"
        in event["description"]
    )


def test_a_day_without_an_hour_is_the_whole_day(site: Path) -> None:
    event = events(site / "calendario.ics")["pal-2026-00004-1"]
    assert event["dtstart"].dt == date(2026, 12, 3)
    assert event["dtstart"].params["VALUE"] == "DATE"


def test_an_hour_of_a_zone_nobody_knows_is_the_whole_day_and_is_told(tmp_path: Path) -> None:
    event = Told(tmp_path, one_call(close_time=time(17))).event()
    assert event["dtstart"].dt == date(2027, 1, 15)
    assert "17:00 (la fuente no indica la zona horaria)" in event["description"]


def test_each_deadline_is_an_event_with_what_one_needs_to_decide(site: Path) -> None:
    found = events(site / "calendario.ics")
    assert [found[f"pal-2026-00002-{seq}"]["dtstart"].dt.date() for seq in (1, 2, 3)] == [
        date(2026, 10, 1),
        date(2026, 12, 10),
        date(2027, 3, 4),
    ]
    event = found["pal-2026-00002-2"]
    assert event["summary"] == "Corte: Fondo semilla para ciudades costeras — Red Mareas, varios países"
    assert "¿Puedo aplicar desde Ecuador? Sí." in event["description"]
    assert "Texto elaborado con apoyo de IA generativa" in event["description"]
    assert event["x-digital-source-type"].endswith("/trainedAlgorithmicMedia")
    assert event["url"] == f"https://{HOST}/oportunidades/pal-2026-00002/"
    assert event["status"] == "CONFIRMED"
    assert event["transp"] == "TRANSPARENT"
    assert [str(name) for name in event["categories"].cats] == [
        "Fondo", "Entidades públicas", "Organizaciones sociales", "ODS 14",
    ]  # fmt: skip


# ---------------------------------------------------------------- what changes


def test_a_moved_deadline_lies_on_the_new_day_and_says_so(told: Told) -> None:
    before = told.event()
    told.records.say(told.facts, "extended", old_value="2027-01-15", new_value="2027-02-20")
    event = told.event()
    assert event["dtstart"].dt == date(2027, 2, 20)
    assert event["summary"].startswith("Nueva fecha de cierre: ")
    assert (
        "La fuente indica ahora: un nuevo cierre, más tarde: 20 feb 2027. Antes decía: 15 ene 2027."
        in event["description"]
    )
    assert "Confirme la fecha en la página oficial." in event["description"]
    assert event["sequence"] > before["sequence"]
    assert event["uid"] == before["uid"]


def test_only_the_deadline_that_moved_moves(tmp_path: Path) -> None:
    told = Told(tmp_path, several(date(2026, 12, 1), date(2027, 1, 15)))
    told.records.say(told.facts, "shortened", old_value="2027-01-15", new_value="2027-01-10")
    assert told.event("1")["dtstart"].dt == date(2026, 12, 1)
    assert told.event("2")["dtstart"].dt == date(2027, 1, 10)


def test_a_moved_day_that_is_no_day_moves_nothing(told: Told) -> None:
    told.records.say(told.facts, "extended", old_value="pronto", new_value="BEGIN:VEVENT")
    assert told.event()["dtstart"].dt == date(2027, 1, 15)


@pytest.mark.parametrize("kind", ["closed", "vanished"])
def test_what_the_source_closed_or_took_away_is_cancelled(told: Told, kind: str) -> None:
    before = told.event()
    told.records.say(told.facts, kind)
    event = told.event()
    assert (before["status"], event["status"]) == ("CONFIRMED", "CANCELLED")
    assert event["sequence"] > before["sequence"]
    assert event["summary"].startswith("La fuente ")


def test_what_already_passed_is_not_cancelled_when_the_source_closes(tmp_path: Path) -> None:
    told = Told(tmp_path, several(DAY - timedelta(days=2), date(2027, 1, 15)))
    told.records.say(told.facts, "closed")
    assert [told.event(key)["status"] for key in ("1", "2")] == ["CONFIRMED", "CANCELLED"]


def test_a_withdrawn_note_is_cancelled_and_nothing_of_its_text_stays(tmp_path: Path) -> None:
    facts = one_call().model_copy(update={"title_es": "SECRETO", "summary_es": "SECRETO"})
    told = Told(tmp_path, facts)
    before = told.event()
    told.records.decide("withdraw", facts, AS_OF - timedelta(hours=5))
    event = told.event()
    assert (event["status"], event["uid"]) == ("CANCELLED", before["uid"])
    assert event["sequence"] > before["sequence"]
    assert event["dtstart"].dt == DAY
    assert event["summary"] == "Nota retirada: PAL-2026-00001"
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*.ics"))
    assert b"SECRETO" not in written
    assert b"20270115" not in written
    assert b"fuente.example" not in written


def test_what_became_part_of_another_note_is_cancelled_and_says_which(tmp_path: Path) -> None:
    told = Told(tmp_path, one_call(1))
    other = one_call(2)
    told.records.close(DAY - timedelta(days=3), [other])
    before = told.event()
    merge(told, told.facts, other, AS_OF)
    event = told.event()
    assert event["status"] == "CANCELLED"
    assert event["sequence"] > before["sequence"]
    assert "Ahora es parte de la nota PAL-2026-00002." in event["description"]
    assert event["url"].endswith("/pal-2026-00002/")
    assert events(tmp_path / "calendario.ics")["pal-2026-00002-1"]["status"] == "CONFIRMED"


def merge(told: Told, facts: PublicOpportunity, into: PublicOpportunity, at: datetime) -> None:
    given = {"from_opportunity_id": facts.opportunity_id, "to_opportunity_id": into.opportunity_id}
    told.records.redirects.append(Redirect(seq=len(told.records.redirects) + 1, kind="merged", at=at, **given))


def test_each_merge_of_a_chain_and_a_withdrawal_at_its_end_is_a_change(tmp_path: Path) -> None:
    told = Told(tmp_path, one_call(1))
    second, third = one_call(2), one_call(3)
    told.records.close(DAY - timedelta(days=3), [second, third])
    merge(told, told.facts, second, AS_OF - timedelta(days=2))
    seen = [told.event()]
    merge(told, second, third, AS_OF - timedelta(days=1))
    seen.append(told.event())
    told.records.decide("withdraw", third, AS_OF - timedelta(hours=3))
    seen.append(told.event())
    assert [one["sequence"] for one in seen] == sorted({one["sequence"] for one in seen})
    assert "PAL-2026-00003" in seen[1]["description"]
    assert seen[2]["summary"] == "Nota retirada: PAL-2026-00001"


def test_becoming_part_of_what_was_withdrawn_before_is_a_change_too(tmp_path: Path) -> None:
    told = Told(tmp_path, one_call(1))
    other = one_call(2)
    told.records.close(DAY - timedelta(days=3), [other])
    told.records.decide("withdraw", other, AS_OF - timedelta(days=2))
    told.records.close(DAY - timedelta(days=1), [one_call(1, close_date=date(2027, 1, 20))])
    before = told.event()
    merge(told, told.facts, other, AS_OF - timedelta(hours=1))
    assert told.event()["sequence"] > before["sequence"]


def test_a_correction_changes_the_event_and_cancels_what_it_takes_out(tmp_path: Path) -> None:
    told = Told(tmp_path, several(date(2027, 1, 15), date(2027, 3, 1)))
    before = told.event("1"), told.event("2")
    told.records.close(DAY, [several(date(2027, 1, 20))])
    first, second = told.event("1"), told.event("2")
    assert first["dtstart"].dt == date(2027, 1, 20)
    assert "Corrige la nota publicada el 20 de noviembre de 2026." in first["description"]
    assert second["status"] == "CANCELLED"
    assert second["dtstart"].dt == DAY
    assert first["sequence"] > before[0]["sequence"]
    assert second["sequence"] > before[1]["sequence"]


def test_a_date_that_moves_and_moves_back_is_two_changes(told: Told) -> None:
    seen = [told.event()]
    told.records.say(told.facts, "extended", new_value="2027-02-20", seen_at=AS_OF - timedelta(days=3))
    told.turn(AS_OF - timedelta(days=3))
    seen.append(told.event())
    told.records.notes.clear()
    told.turn(AS_OF - timedelta(days=2))
    seen.append(told.event())
    assert [one["dtstart"].dt for one in seen] == [date(2027, 1, 15), date(2027, 2, 20), date(2027, 1, 15)]
    assert [one["sequence"] for one in seen] == sorted({one["sequence"] for one in seen})
    assert seen[0]["sequence"] == 0
    stamps = [one["last-modified"].dt for one in seen]
    assert stamps == sorted(set(stamps)) == [one["dtstamp"].dt for one in seen]


HAPPENINGS = ("moved", "closed", "vanished", "calm", "approved", "published", "same", "fewer", "withdrawn", "merged")


def happen(told: Told, what: str, at: datetime, place: int) -> None:
    """One thing that changes what is said of the call, at an instant."""
    records, facts = told.records, told.facts
    corrected = several(
        *(date(2027, 1, 1) + timedelta(days=place + extra) for extra in range(1 if what == "fewer" else 2))
    )
    if what in ("moved", "closed", "vanished"):
        told.turn(at)
        kind = {"moved": "extended"}.get(what, what)
        records.say(facts, kind, old_value="2027-01-15", new_value=f"2027-03-{place + 1:02d}", seen_at=at)
    elif what == "calm":
        told.turn(at)
        records.notes.clear()
    elif what == "approved":  # the source is no longer told to differ, while the text waits for its edition
        records.decide("approve", corrected, at, f"{place:064d}")
        records.notes.clear()
    elif what == "withdrawn":
        records.decide("withdraw", facts, at)
    elif what == "merged":
        merge(told, facts, several(DAY).model_copy(update={"opportunity_id": code_of(2), "code": code_of(2)}), at)
    else:
        newest = [one for one in records.snapshots if one.opportunity_id == facts.opportunity_id][-1]
        same = PublicOpportunity.model_validate_json(newest.content)
        records.notes.clear()
        records.close(at.date(), [same if what == "same" else corrected])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(HAPPENINGS), min_size=1, max_size=7))
@example(["moved", "approved", "published"])
@example(["closed", "calm", "withdrawn", "published", "merged"])
@example(["merged", "moved", "calm"])
def test_the_sequence_rises_with_each_change_and_never_falls(happenings: list[str]) -> None:
    told = Told(Path(), several(date(2027, 1, 15), date(2027, 2, 15)), first=DAY - timedelta(days=9))
    other = several(DAY).model_copy(update={"opportunity_id": code_of(2), "code": code_of(2)})
    told.records.close(DAY - timedelta(days=9), [other])
    before: dict[str, DeadlineEvent] = {}
    for place, what in enumerate(["", *happenings]):
        at = datetime(2026, 11, 16, 21, tzinfo=UTC) + timedelta(days=place)
        if what:
            happen(told, what, at, place)
        bulletin = told.bulletin(at)
        now = {
            one.key: one
            for one in events_of(bulletin, lambda edition, item, shown=bulletin: note_of(shown, edition, item))
            if one.code == code_of(1)
        }
        assert set(now) >= set(before)  # an event once published is never forgotten
        for key, one in before.items():
            assert now[key].sequence >= one.sequence
            said = ("starts", "is_cancelled", "summary", "lines", "url", "categories")
            if any(getattr(now[key], name) != getattr(one, name) for name in said):
                assert now[key].sequence > one.sequence
                assert now[key].changed_at > one.changed_at
        before = now


def test_time_alone_changes_no_event(told: Told) -> None:
    assert told.event().to_ical() == told.event(as_of=AS_OF + timedelta(days=30)).to_ical()


# ---------------------------------------------------------------- which calendar holds what


def test_past_deadlines_stay_for_some_time(told: Told) -> None:
    assert told.event(as_of=datetime(2027, 2, 1, tzinfo=UTC)) is not None
    assert told.event(as_of=datetime(2027, 6, 1, tzinfo=UTC)) is None
    own = events(told.folder / calendar_path(code_of(1)))
    assert list(own) == ["pal-2026-00001-1"]


def test_each_topic_has_its_calendar_also_while_it_is_empty(site: Path) -> None:
    bulletin = sample_bulletin()
    for topic in topics(bulletin.vocabularies):
        calendar = read(site / topic.path("ics"))
        assert calendar.walk("VTIMEZONE"), topic  # RFC 5545 §3.6: at least one component
        assert str(calendar["source"]) == f"https://{HOST}/{topic.path('ics')}"
        assert str(calendar["x-wr-calname"]) == str(calendar["name"])
        assert calendar["refresh-interval"].params["VALUE"] == "DURATION"
    assert set(events(site / "feeds/tipo/award.ics")) == {"pal-2026-00003-1"}
    assert set(events(site / "feeds/ods/14.ics")) == {f"pal-2026-00002-{seq}" for seq in (1, 2, 3)}
    assert set(events(site / "feeds/publico/academia.ics")) == {"pal-2026-00001-1"}
    assert set(events(site / "feeds/nivel/7.ics")) == {"pal-2026-00001-1"}
    assert events(site / "feeds/nivel/3.ics") == {}


def test_a_topic_holds_its_soonest_deadlines(tmp_path: Path) -> None:
    calls = [
        one_call(number, close_date=date(2027, 1, 1) + timedelta(days=400 - number))
        for number in range(1, MAX_COMING + 3)
    ]
    calendars(Records([(DAY, calls)]).bulletin(), tmp_path)
    found = events(tmp_path / "calendario.ics")
    assert len(found) == MAX_COMING
    assert not {"pal-2026-00001-1", "pal-2026-00002-1"} & set(found)


def test_the_calendar_of_one_opportunity_rings_and_those_of_topics_do_not(site: Path) -> None:
    own = read(site / calendar_path(code_of(1)))
    assert [alarm["trigger"].dt for alarm in own.walk("VALARM")] == [timedelta(days=-3)]
    assert len(read(site / calendar_path(code_of(2))).walk("VALARM")) == 2  # the first of the three has passed
    assert not [path for path in site.rglob("*.ics") if path.name != "cierre.ics" and b"VALARM" in path.read_bytes()]


def test_equal_bulletins_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        calendars(sample_bulletin(), tmp_path / name)
    assert {path.relative_to(tmp_path / "one"): path.read_bytes() for path in (tmp_path / "one").rglob("*.ics")} == {
        path.relative_to(tmp_path / "two"): path.read_bytes() for path in (tmp_path / "two").rglob("*.ics")
    }


# ---------------------------------------------------------------- the format

NAME = re.compile(rb"[A-Z][A-Z0-9-]*[;:]")
ONCE = ("uid", "dtstamp", "dtstart", "sequence", "status", "summary", "description", "created", "last-modified", "url")
INJECTIONS = [
    "\r\nATTENDEE:mailto:x@malo.example",
    "\nEND:VEVENT\nBEGIN:VEVENT",
    "\x85X:1",
    "\u2028X:1",
    "\x0bX:1",
    "\\n\\",
    ';,:"',
]


def checked(content: bytes) -> Iterator[Any]:
    """The rules of RFC 5545 that a reader depends on, and the events."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)  # §3.1: lines end in CRLF
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", content)  # §3.1: no control characters
    for line in content.split(b"\r\n"):
        assert len(line) <= 75, line  # §3.1
        line.decode("utf-8")  # a character is never cut in two
    for line in content.replace(b"\r\n ", b"").removesuffix(b"\r\n").split(b"\r\n"):
        assert NAME.match(line), line
    calendar = Calendar.from_ical(content)
    assert not calendar.errors
    assert (calendar["version"], "prodid" in calendar, "method" in calendar) == ("2.0", True, False)
    assert {one.name for one in calendar.subcomponents} <= {"VEVENT", "VTIMEZONE"}
    for event in calendar.walk("VEVENT"):
        assert all(not isinstance(event[name], list) for name in ONCE), event  # §3.6.1
        assert set(event) <= {name.upper() for name in ONCE} | {
            "TRANSP",
            "CLASS",
            "CATEGORIES",
            "X-DIGITAL-SOURCE-TYPE",
        }
        assert not event.errors
        assert event["dtstamp"].dt.tzinfo is not None  # §3.8.7.2: in UTC
        assert {one.name for one in event.subcomponents} <= {"VALARM"}
        yield event


def test_a_parser_of_other_makers_reads_every_calendar(site: Path) -> None:
    stream = pytest.importorskip("ical.calendar_stream").IcsCalendarStream
    for path in sorted(site.rglob("*.ics")):
        found = stream.calendar_from_ics(path.read_bytes().decode("utf-8"))
        ours = {str(one["uid"]): one for one in read(path).walk("VEVENT")}
        assert {one.uid: (one.dtstart, one.summary, one.sequence) for one in found.events} == {
            uid: (one["dtstart"].dt, str(one["summary"]), one["sequence"]) for uid, one in ours.items()
        }


def test_every_calendar_of_the_site_keeps_the_rules(site: Path) -> None:
    found = [event for path in sorted(site.rglob("*.ics")) for event in checked(path.read_bytes())]
    assert len(found) > 20
    main = list(checked((site / "calendario.ics").read_bytes()))
    assert len({event["uid"] for event in main}) == len(main)


@settings(max_examples=25, deadline=None)
@given(text=TEXT)
@example(text=HOSTILE)
@example(text="🎓" * 90)
@example(text="ñ" * 10_000)
@example(text="\\" * 300)
@example(text=" ".join(INJECTIONS))
def test_any_text_stays_inside_its_event(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    facts = filled(text)
    records = Records([(DAY, [facts])])
    records.say(facts, "extended", old_value=text, new_value=text, quote=text)
    calendars(records.bulletin(), folder)
    for path in ("calendario.ics", "feeds/tipo/scholarship.ics", calendar_path(facts.code)):
        found = list(checked((folder / path).read_bytes()))
        assert [event["dtstart"].dt for event in found] == [date(2027, 1, 1)]


PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), max_size=300)


@settings(max_examples=60, deadline=None)
@given(summary=PLAIN | st.text(st.sampled_from('\\,;:"ñ🎓n N'), max_size=300))
@example(summary="\\" * 160)
@example(summary="🎓" * 100)
def test_folding_gives_every_text_back(summary: str) -> None:
    event = DeadlineEvent(
        code="PAL-2026-00001",
        key="1",
        host=HOST,
        terms=[],
        starts=DAY,
        day=DAY,
        is_coming=True,
        is_cancelled=False,
        summary=summary,
        lines=["uno", summary],
        url=f"https://{HOST}/",
        categories=[summary or "x"],
        digital_source=None,
        created_at=AS_OF,
        changed_at=AS_OF,
    )
    content = event.content()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    told = one_line(summary).replace(r"\N", "\n")  # the library takes a written \N for the line break it stands for
    assert str(Calendar.from_ical(content)["summary"]) == told
