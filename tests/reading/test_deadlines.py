"""Closing dates as people write them: the golden set, and what the reader promises of any deadline."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

import pytest
import yaml

from boi_pipeline.entity import ROOT
from boi_pipeline.records import Reading
from tests.reading.pages import POSTED, notice, read

ENOUGH = 0.97


class Case(NamedTuple):
    """A string of ``evaluation/deadlines.yml``: its head says how one is written."""

    group: str
    language: str
    words: str
    expected: str
    options: dict[str, Any]

    def read(self) -> Reading:
        posted = self.options.get("posted", POSTED)
        return read(
            notice(
                self.words,
                language=self.language,
                order=self.options.get("date_order", "dmy"),
                timezone=self.options.get("timezone"),
                posted=datetime(posted.year, posted.month, posted.day, 12, tzinfo=UTC) if posted else None,
            )
        )


def golden() -> Iterator[Case]:
    text = (ROOT / "evaluation" / "deadlines.yml").read_text(encoding="utf-8")
    for group, entries in yaml.load(text, Loader=yaml.CSafeLoader).items():
        for language, words, expected, *options in entries:
            yield Case(group, language, words, expected, *(options or [{}]))


def told(reading: Reading) -> str:
    words = [
        f"{d.close_date}"
        + (f"T{d.close_time:%H:%M}" if d.close_time else "")
        + (f"{'@' if d.basis == 'stated' else '~'}{d.timezone}" if d.timezone else "")
        + (f"#{d.stage}" if d.stage != "application" else "")
        for d in reading.deadlines
    ]
    return " ".join(words) or ("rolling" if reading.close_model == "rolling" else "-")


def test_of_the_golden_set_nearly_all_deadlines_are_exactly_right() -> None:
    cases = list(golden())
    wrong = [(case, got) for case in cases if (got := told(case.read())) != case.expected]
    lines = [f"{c.group} [{c.language}] {c.words!r}: {got}, not {c.expected}" for c, got in wrong]
    assert len(cases) - len(wrong) >= ENOUGH * len(cases), "\n".join(lines)


def test_the_golden_set_says_no_string_twice() -> None:
    keys = [(case.language, case.words, str(case.options)) for case in golden()]
    assert len(keys) >= 300
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "words",
    ["Deadline: March 2027", "Deadline: 31 February 2027", "Deadline: varies"],
)
def test_what_is_no_day_is_no_deadline(words: str) -> None:
    assert read(notice(words)).deadlines == []


def test_two_stages_are_named() -> None:
    reading = read(notice("Concept notes are due on 10 January 2027; full proposals by 10 April 2027."))
    assert [d.stage for d in reading.deadlines] == ["concept_note", "full_proposal"]
    assert reading.close_model == "two_stage"


def test_the_sources_zone_is_assumed_where_none_is_said() -> None:
    reading = read(notice("Deadline: 15 January 2027, 17:00", timezone="Europe/Berlin"))
    assert (reading.deadlines[0].timezone, reading.deadlines[0].basis) == ("Europe/Berlin", "assumed")


def test_a_year_not_printed_follows_the_day_of_the_post_and_is_not_guessed_without_it() -> None:
    words = "Apply by 15 January."
    assert read(notice(words)).deadlines[0].close_date == date(2027, 1, 15)
    assert read(notice(words, posted=None)).deadlines == []
