"""The labelled calls of ``evaluation/pairs``: announcements that a person has grouped by call.

Loads them and reads them with the rules reader, so that matching is measured on what it is really given. Measuring and
training belong to ``evaluation.matching``; what the labels mean, to ``evaluation/pairs/README.md``.
"""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from boi_pipeline.entity import load_entity
from boi_pipeline.matching.items import MatchItem, match_item
from boi_pipeline.reading.evaluation.labelled import written_notice
from boi_pipeline.settings import ROOT
from scrapers.notice import Authority, Link, Notice, compose_text
from scrapers.yamlfile import ConfigError

FOLDER = ROOT / "evaluation" / "pairs"
HOME_OF_THE_SET = "bogota"
PairSplit = Literal["train", "test", "later"]
LATER = range(1_300, 9_000_000)
"""Numbers of the families that were written after the matcher, to measure it by. What an office exports has higher ones."""
SPLITS: tuple[PairSplit, ...] = get_args(PairSplit)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LabelledCall(_Strict):
    """One announcement; those of a family with an equal ``call`` speak of the same opportunity."""

    id: str
    call: str
    series: str | None = None  # calls of one series are editions of each other
    source: str
    authority: Authority
    language: Literal["es", "en", "fr", "pt", "de", "it"]
    published: dt.date
    url: str
    title: str
    text: str
    links: list[Link] = Field(default_factory=list)

    def notice(self) -> Notice:
        """The notice its source would have given."""
        return written_notice(
            self.source,
            self.id,
            self.published,
            text=compose_text(self.title, self.text, []),
            url=self.url,
            title=self.title,
            language=self.language,
            date_order="mdy" if self.language == "en" else "dmy",
            authority=self.authority,
            timezone=None,
            links=self.links,
            hints=[],
        )


class Family(_Strict):
    """A tangle around one call."""

    family: str
    about: str
    notices: list[LabelledCall]

    @property
    def split(self) -> PairSplit:
        """Of the first two lots every other family is for the test, by its number; lots 3 to 12 are for training."""
        number = int(self.family.lstrip("f"))
        if number in LATER:
            return "later"
        return "test" if number < 300 and number % 2 else "train"


def load_families(split: PairSplit | None = None, folder: Path = FOLDER) -> list[Family]:
    """The families of one split, or all, by name. Raises ConfigError that names file, family and key."""
    found: list[Family] = []
    for path in sorted(folder.glob("*.yml")):
        for place, entry in enumerate(yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["families"]):
            try:
                found.append(Family.model_validate(entry))
            except ValidationError as error:
                first = error.errors()[0]
                where = ".".join(str(part) for part in first["loc"])
                name = entry.get("family", place) if isinstance(entry, dict) else place
                raise ConfigError(path, None, f"families.{name}.{where}", first["msg"]) from None
    return sorted((one for one in found if split in (None, one.split)), key=lambda one: one.family)


def notices_of(families: Iterable[Family]) -> list[Notice]:
    """The announcements as notices."""
    return [call.notice() for family in families for call in family.notices]


def read_calls(families: Iterable[Family]) -> list[MatchItem]:
    """The announcements as matching is given them: read by the rules reader, proved, first seen when published."""
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.offline.reader import offline_reader
    from boi_pipeline.reading.reader import read_proved

    context, reader = context_of(load_entity(ROOT / "entities" / HOME_OF_THE_SET)), offline_reader(rules_only=True)
    return [match_item(one, read_proved(reader, one, context), one.fetched_at) for one in notices_of(families)]
