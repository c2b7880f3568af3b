"""Passages with closing dates among other dates, and how many are read exactly.

How an entry is written stands at the head of ``evaluation/passages/deadlines.yml``.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Literal, NamedTuple

import yaml

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.evaluation.golden import Case, told
from boi_pipeline.reading.evaluation.labelled import TrueDeadline
from boi_pipeline.reading.evaluation.score import Share, same_deadlines
from boi_pipeline.reading.reader import Reader, read_proved
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT

FILE = ROOT / "evaluation" / "passages" / "deadlines.yml"
_OPTIONS = ("posted", "date_order", "timezone")


class Passage(NamedTuple):
    """A passage, its lot and part, and what is read in it."""

    lot: int
    part: Literal["tune", "held"]
    case: Case

    @property
    def truth(self) -> list[TrueDeadline]:
        """The deadlines expected."""
        return (
            [] if self.case.expected in ("rolling", "-") else [_deadline(word) for word in self.case.expected.split()]
        )

    def right(self, reading: Reading) -> bool:
        """Days, hours and zones are the same; a passage without a day is rolling exactly where it says so."""
        if not same_deadlines(self.truth, reading.deadlines):
            return False
        return bool(self.truth) or (reading.close_model == "rolling") == (self.case.expected == "rolling")


def _deadline(word: str) -> TrueDeadline:
    said, _, stage = word.partition("#")
    instant, _, zone = said.partition("@")
    day, _, hour = instant.partition("T")
    return TrueDeadline(
        stage=stage or "application", date=dt.date.fromisoformat(day), time=hour or None, zone=zone or None
    )


def passages(part: str | None = None, lot: int | None = None) -> Iterator[Passage]:
    """Every passage of a part and a lot, in the file's order."""
    for entry in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        options = {key: entry[key] for key in _OPTIONS if key in entry}
        case = Case("passages", entry["language"], entry["text"], entry["expected"], options)
        if part in (None, entry["part"]) and lot in (None, entry["lot"]):
            yield Passage(entry["lot"], entry["part"], case)


def score_passages(reader: Reader, context: ReadingContext, part: str | None = None, lot: int | None = None) -> Share:
    """How many passages are read exactly, by days, hours and zones."""
    share = Share()
    for number, passage in enumerate(passages(part, lot)):
        reading = read_proved(reader, passage.case.notice(), context)
        key = f"{passage.lot} {number} [{passage.case.language}] {passage.case.words}"
        share.count(key, passage.case.expected, told(reading), passage.right(reading))
    return share
