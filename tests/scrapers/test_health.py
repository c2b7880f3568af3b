"""A source's health from plain records: each check at its edges, quarantine over days, and what a notice has."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.coverage import FIELDS, Coverage, dates_in
from scrapers.health import (
    CHECKS,
    QUARANTINE_AFTER,
    Finding,
    Visit,
    check,
    health_of,
    nobody_answered,
    quarantine_of,
    visits_by_source,
)
from scrapers.notice import Hint, Link, Notice
from scrapers.outcome import ADVICE, GOOD, CrawlRecord, Outcome, SourceResult
from scrapers.source import Source

START = datetime(2026, 11, 2, 11, tzinfo=UTC)
BAD: list[Outcome] = [outcome for outcome in ADVICE if outcome not in GOOD and outcome != "credentials"]
ALL = dict.fromkeys(FIELDS, 1.0)


def source(**fields: Any) -> Source:
    given = {"id": "uno", "name": "Uno", "platform": "feed", "url": "http://uno.prueba.test/", "language": "es"}
    return Source.model_validate({**given, "authority": "official", **fields})


def visit(day: int, outcome: Outcome = "ok", **counts: Any) -> Visit:
    counts = {"listed_count": 20, "new_count": 1, "read_count": 10, "coverage": ALL, **counts}
    return Visit(START + timedelta(days=day), SourceResult(source_id="uno", outcome=outcome, **counts))


def found(visits: list[Visit], name: str, **fields: Any) -> Finding:
    return next(finding for finding in check(source(**fields), visits) if finding.check == name)


# ---------------------------------------------------------------- answered


@pytest.mark.parametrize("outcome", sorted(ADVICE))
def test_the_last_answer_is_judged_by_its_class(outcome: Outcome) -> None:
    findings = check(source(), [visit(0), visit(1, outcome)])
    assert findings[0].check == "answered"
    assert findings[0].passed == (outcome in GOOD)
    assert findings[0].advice == ADVICE[outcome]
    assert findings[0].history == ["2026-11-02: ok", f"2026-11-03: {outcome}"]
    assert [one.check for one in findings] == (list(CHECKS) if outcome in GOOD else ["answered"])


def test_a_source_never_visited_has_nothing_to_tell() -> None:
    health = health_of(source(), [])
    assert (health.last_visit, health.last_good, health.quarantine, health.findings) == (None, None, None, [])


# ---------------------------------------------------------------- volume


@pytest.mark.parametrize(
    ("before", "listed", "passed"),
    [
        ([20, 20, 20], 10, True),  # half is still usual
        ([20, 20, 20], 9, False),
        ([20, 20], 1, True),  # two visits say nothing
        ([4, 4, 4], 1, True),  # a short list varies
        ([5, 5, 5], 2, False),
        ([100] * 5 + [10] * 10, 6, True),  # ten visits ago counts no more
        ([10, 10, 10, 200], 6, True),  # one odd visit moves no median
    ],
)
def test_a_much_shorter_list_is_noticed(before: list[int], listed: int, passed: bool) -> None:
    visits = [visit(day, listed_count=count) for day, count in enumerate([*before, listed])]
    finding = found(visits, "volume")
    assert (finding.passed, finding.count) == (passed, listed)
    assert len(finding.history) == min(len(before), 10)


def test_a_list_that_may_be_empty_may_be_empty() -> None:
    visits = [visit(0), visit(1), visit(2), visit(3, listed_count=0)]
    assert not found(visits, "volume").passed
    assert found(visits, "volume", may_be_empty=True).passed
    assert not found([*visits[:3], visit(3, listed_count=1)], "volume", may_be_empty=True).passed


def test_failed_visits_are_no_measure_of_a_list() -> None:
    visits = [visit(day) for day in range(3)] + [visit(day, "timeout", listed_count=0) for day in range(3, 9)]
    assert not found([*visits, visit(9, listed_count=3)], "volume").passed


@pytest.mark.parametrize(
    ("usual", "listed", "passed"), [(2, 40, True), (2, 200, False), (80, 399, True), (80, 400, False)]
)
def test_a_list_that_suddenly_brings_its_whole_archive_is_told(usual: int, listed: int, passed: bool) -> None:
    visits = [visit(day, listed_count=usual) for day in range(3)]
    finding = found([*visits, visit(3, listed_count=listed)], "volume")
    assert finding.passed == passed
    assert passed or (f"{listed} en la lista; lo usual son {usual}" in finding.advice and "archivo" in finding.advice)


# ---------------------------------------------------------------- news


@pytest.mark.parametrize(("cadence", "days"), [("hourly", 7), ("daily", 30), ("weekly", 90), ("monthly", 240)])
def test_a_place_gone_quiet_is_noticed(cadence: str, days: int) -> None:
    quiet = [visit(0), visit(1, "unchanged", new_count=0), visit(days, "unchanged", new_count=0)]
    assert found(quiet, "news", cadence=cadence).passed
    finding = found([*quiet, visit(days + 1, "unchanged", new_count=0)], "news", cadence=cadence)
    assert (finding.passed, finding.count) == (False, days + 1)
    assert finding.history == ["2026-11-02: 1"]
    assert found([*quiet, visit(days + 1, new_count=2)], "news", cadence=cadence).passed


def test_silence_is_counted_from_the_first_visit() -> None:
    assert found([visit(0, new_count=0), visit(30, new_count=0)], "news").passed
    assert not found([visit(0, new_count=0), visit(31, new_count=0)], "news").passed
    assert found([visit(90, new_count=0)], "news").passed


# ---------------------------------------------------------------- coverage


@pytest.mark.parametrize(
    ("before", "now", "read", "passed"),
    [
        (1.0, 0.0, 5, False),
        (0.8, 0.4, 5, False),
        (0.79, 0.0, 5, True),
        (1.0, 0.41, 5, True),
        (1.0, 0.0, 4, True),  # four notices say nothing
    ],
)
def test_a_field_that_goes_missing_is_noticed(before: float, now: float, read: int, passed: bool) -> None:
    visits = [visit(day, coverage={**ALL, "facts": before}) for day in range(2)]
    finding = found([*visits, visit(2, coverage={**ALL, "facts": now}, read_count=read)], "coverage")
    assert finding.passed == passed
    assert ("datos rotulados" in finding.advice) != passed


def test_visits_that_read_next_to_nothing_are_no_measure() -> None:
    visits = [visit(0, read_count=2), visit(1, read_count=0, coverage={}), visit(2, coverage={})]
    assert found(visits, "coverage").passed


def test_records_of_before_coverage_was_counted_are_no_measure() -> None:
    old = {"source_id": "uno", "outcome": "ok", "listed_count": 9, "new_count": 9}
    visits = [Visit(START, SourceResult.model_validate(old)), visit(1, coverage=dict.fromkeys(FIELDS, 0.0))]
    assert all(finding.passed for finding in check(source(), visits))


def test_what_a_notice_has_is_counted() -> None:
    bare = notice("Beca", "Beca")
    full = notice(
        "Beca",
        "Beca\n\n" + "palabras " * 30 + "\n\nCierre: 15 de enero de 2027",
        links=[Link(url="https://uno.example/")],
        hints=[Hint(label="Cierre", value="15 de enero de 2027")],
        published_at=START,
    )
    coverage = Coverage()
    assert coverage.shares() == {}
    for one in (bare, full):
        coverage.add(one)
    assert (coverage.read_count, coverage.shares()) == (2, dict.fromkeys(FIELDS, 0.5))


def notice(title: str, text: str, **fields: Any) -> Notice:
    keys = {"notice_id": "n", "item_id": "i", "source_id": "uno", "item_key": "k", "url": "https://uno.example/"}
    hashes = {"text_sha256": "", "content_sha256": "", "crawl_id": "", "parser_version": "", "capture_id": ""}
    told = {"language": "es", "date_order": "dmy", "authority": "official", "fetched_at": START}
    return Notice.model_validate({**keys, **hashes, **told, "title": title, "text": text, **fields})


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("hasta el 15 de enero de 2027 a las 17:00", ["15 de enero de 2027"]),
        ("by 3rd March 2027 or March 4, 2027", ["3rd March 2027", "March 4, 2027"]),
        ("jusqu'au 1er août 2027; até 5 de março de 2027", ["1er août 2027", "5 de março de 2027"]),
        ("Bewerbungsschluss: 15. März 2027", ["15. März 2027"]),
        ("Opening date: 2027-01-15, cierre 31/01/2027, 31.1.27", ["2027-01-15", "31/01/2027", "31.1.27"]),
        ("締切 2027年1月15日", ["2027年1月15日"]),
        ("3 markets, 20 decimals, version 1.2.3.4, 300 de mayor", []),
    ],
)
def test_dates_are_seen_in_a_text(text: str, dates: list[str]) -> None:
    assert dates_in(text) == dates


# ---------------------------------------------------------------- quarantine


def test_five_failed_days_in_a_row_lead_to_quarantine() -> None:
    visits = [visit(0), *(visit(day, "timeout") for day in range(1, 5))]
    assert quarantine_of(visits) is None
    quarantine = quarantine_of([*visits, visit(5, "gone")])
    assert quarantine is not None
    assert (quarantine.since, quarantine.failed_count, quarantine.outcome) == (date(2026, 11, 3), 5, "gone")
    assert quarantine.retry_on == date(2026, 11, 14)
    assert not quarantine.is_due(START + timedelta(days=11))
    assert quarantine.is_due(START + timedelta(days=12) - timedelta(hours=2))  # its day, whatever the hour
    assert quarantine.told().startswith(
        "En cuarentena desde 2026-11-03: 5 visitas fallidas; se reintenta el 2026-11-14."
    )
    finding = found([*visits, visit(5, "gone")], "answered")
    assert finding.advice == f"{quarantine.told()} {ADVICE['gone']}"
    assert finding.count == 5


def test_many_failures_of_one_day_are_one_day() -> None:
    assert quarantine_of([visit(0, "timeout")] * 12) is None


def test_what_is_ours_to_mend_leads_to_no_quarantine() -> None:
    assert quarantine_of([visit(day, "credentials") for day in range(9)]) is None
    assert quarantine_of([visit(day, "credentials" if day % 2 else "gone") for day in range(7)]) is None
    assert quarantine_of([visit(day, "credentials" if day % 2 else "gone") for day in range(9)]) is not None


visits_anyhow = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(sorted(ADVICE)), st.integers(0, 40), st.integers(0, 3)), max_size=30
)


@given(visits_anyhow)
def test_a_good_visit_ends_every_quarantine(drawn: list[tuple[int, Outcome, int, int]]) -> None:
    visits = series(drawn)
    quarantine = quarantine_of(visits)
    row = list(reversed(visits))
    failed = row[: next((number for number, one in enumerate(row) if one.is_good), len(row))]
    days = {one.day for one in failed if one.result.outcome != "credentials"}
    assert (quarantine is not None) == (len(days) >= QUARANTINE_AFTER)
    if quarantine:
        assert quarantine.since == min(days)
        assert quarantine.retry_on == max(days) + timedelta(days=7)
        assert quarantine.told() in found(visits, "answered").advice
    last = visits[-1].as_of if visits else START
    good = Visit(last + timedelta(days=1), SourceResult(source_id="uno", outcome="ok"))
    assert quarantine_of([*visits, good]) is None


@given(visits_anyhow)
def test_any_history_is_judged(drawn: list[tuple[int, Outcome, int, int]]) -> None:
    visits = series(drawn)
    findings = check(source(), visits)
    assert [one.check for one in findings] == (
        [] if not visits else list(CHECKS) if visits[-1].is_good else ["answered"]
    )
    assert all(finding.advice and len(finding.history) <= 10 for finding in findings)
    assert health_of(source(), visits).warnings == [one for one in findings[1:] if not one.passed]


def series(drawn: list[tuple[int, Outcome, int, int]]) -> list[Visit]:
    visits: list[Visit] = []
    day = 0
    for step, outcome, listed, new in drawn:
        day += step
        visits.append(visit(day, outcome, listed_count=listed, new_count=new, read_count=listed))
    return visits


# ---------------------------------------------------------------- records


def record(day: int, outcomes: dict[str, Outcome]) -> CrawlRecord:
    as_of = START + timedelta(days=day)
    results = [SourceResult(source_id=name, outcome=outcome) for name, outcome in outcomes.items()]
    return CrawlRecord(crawl_id=f"{day:026}", as_of=as_of, finished_at=as_of, results=results)


def test_visits_are_in_the_order_of_their_days_and_end_where_asked() -> None:
    records = [record(day, {"uno": "ok", "dos": "gone"}) for day in (2, 0, 1)]
    visits = visits_by_source(records, START + timedelta(days=1))
    assert [one.day.day for one in visits["uno"]] == [2, 3]
    assert [one.result.outcome for one in visits["dos"]] == ["gone", "gone"]


def test_where_no_source_answers_the_fault_is_sought_at_our_end() -> None:
    assert nobody_answered(["tls", "tls", "timeout"])
    assert not nobody_answered(["tls", "tls"]), "too few to tell"
    assert not nobody_answered(["tls", "tls", "timeout", "unchanged"])


def test_days_without_network_put_nobody_in_quarantine() -> None:
    dark: dict[str, Outcome] = dict.fromkeys(["uno", "dos", "tres"], "timeout")
    visits = visits_by_source([record(day, dark) for day in range(8)])
    assert visits == {}
    alone = visits_by_source([record(day, {"uno": "timeout"}) for day in range(8)])
    assert quarantine_of(alone["uno"]) is not None
