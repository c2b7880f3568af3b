"""The golden set of closing dates: strings as sources write them, with the exact day, hour, zone and stage in each.

How an entry is written stands at the head of ``evaluation/deadlines.yml``.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.evaluation.labelled import LabelledNotice, Truth
from boi_pipeline.reading.evaluation.score import Share
from boi_pipeline.reading.reader import Reader, read_proved
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT
from scrapers.notice import Notice

FILE = ROOT / "evaluation" / "deadlines.yml"
POSTED = dt.date(2026, 11, 20)


class Case(NamedTuple):
    """A string and what is read in it."""

    group: str
    language: str
    words: str
    expected: str
    options: dict[str, Any]

    def notice(self) -> Notice:
        """A call that says these words alone."""
        posted = self.options.get("posted", POSTED)
        made = LabelledNotice(
            id="golden-0",
            family="golden",
            language=self.language,  # type: ignore[arg-type]
            date_order=self.options.get("date_order", "dmy"),
            timezone=self.options.get("timezone"),
            posted=posted or POSTED,
            url="https://calls.example.org/page",
            title="Call",
            body=self.words,
            truth=Truth.model_validate({"is_opportunity": False}),
        ).notice()
        return made if posted else made.model_copy(update={"published_at": None})


def golden() -> Iterator[Case]:
    """Every entry, in the file's order."""
    for group, entries in yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader).items():
        for language, words, expected, *options in entries:
            yield Case(group, language, words, expected, *(options or [{}]))


def told(reading: Reading) -> str:
    """What a reading says of closing, as entries write it."""
    words = [
        f"{d.close_date}"
        + (f"T{d.close_time:%H:%M}" if d.close_time else "")
        + (f"{'@' if d.basis == 'stated' else '~'}{d.timezone}" if d.timezone else "")
        + (f"#{d.stage}" if d.stage != "application" else "")
        for d in reading.deadlines
    ]
    return " ".join(words) or ("rolling" if reading.close_model == "rolling" else "-")


def score_golden(reader: Reader, context: ReadingContext) -> Share:
    """How many entries are read exactly."""
    share = Share()
    for number, case in enumerate(golden()):
        read = told(read_proved(reader, case.notice(), context))
        share.count(f"{number} {case.group} [{case.language}] {case.words}", case.expected, read, read == case.expected)
    return share
