"""Passages on who may apply and from where: their file, and how many are read right.

How an entry is written stands at the head of ``evaluation/passages/eligibility.yml``.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.evaluation.labelled import Code, LabelledNotice, Truth
from boi_pipeline.reading.evaluation.score import Share
from boi_pipeline.reading.reader import Reader, read_proved
from boi_pipeline.records import HomeEligible
from boi_pipeline.settings import ROOT
from scrapers.notice import Notice

FILE = ROOT / "evaluation" / "passages" / "eligibility.yml"
POSTED = dt.date(2026, 11, 20)
Part = Literal["tune", "held"]


class Passage(BaseModel):
    """The body of a notice, and what a careful person reads in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    part: Part
    language: Literal["es", "en", "fr", "pt", "de"]
    home_eligible: HomeEligible
    eligible_regions: list[Code]
    title: str
    body: str

    @property
    def lot(self) -> str:
        """The lot it was written in."""
        return self.id.split("-")[0]

    def notice(self) -> Notice:
        """A call that says these words alone."""
        return LabelledNotice(
            id=self.id,
            family=self.id,
            language=self.language,
            posted=POSTED,
            url=f"https://calls.example.org/{self.id}",
            title=self.title,
            body=self.body,
            truth=Truth.model_validate({"is_opportunity": False}),
        ).notice()


@dataclass
class EligibilityScores:
    """Shares of passages read right, and the ids of what is worse than a miss."""

    home: Share = field(default_factory=Share)
    regions: Share = field(default_factory=Share)
    wrong_yes: list[str] = field(default_factory=list)


def load_passages(lot: str | None = None, part: Part | None = None) -> list[Passage]:
    """The passages of the file, in its order; those of one lot or part."""
    entries = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found = [Passage.model_validate(entry) for entry in entries]
    return [one for one in found if lot in (None, one.lot) and part in (None, one.part)]


def score_passages(reader: Reader, context: ReadingContext, passages: list[Passage]) -> EligibilityScores:
    """How many passages are read right; a yes where a person wrote none is counted by itself."""
    scores = EligibilityScores()
    for one in passages:
        reading = read_proved(reader, one.notice(), context)
        told, read = one.home_eligible, reading.home_eligible
        scores.home.count(one.id, told, read, told == read)
        expected, found = sorted(one.eligible_regions), sorted(reading.eligible_regions)
        scores.regions.count(one.id, ",".join(expected), ",".join(found), expected == found)
        if read == "yes" != told:
            scores.wrong_yes.append(one.id)
    return scores
