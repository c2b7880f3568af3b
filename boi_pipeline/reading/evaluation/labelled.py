"""The labelled notices of ``evaluation/notices``: their model, and what must hold in every one of them.

What the labels mean is in ``evaluation/GUIDE.md``; comparing readings with them belongs to ``score``.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict, Unpack, get_args
from zoneinfo import available_timezones

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from boi_pipeline.reading.context import VOCABULARIES
from boi_pipeline.records import Deadline, HomeEligible
from boi_pipeline.settings import ROOT
from scrapers.notice import (
    Authority,
    DateOrder,
    Hint,
    Link,
    Notice,
    compose_text,
    content_hash,
    item_id,
    notice_id,
    text_hash,
)
from scrapers.yamlfile import ConfigError

Split = Literal["train", "dev", "test", "later"]
SPLITS: tuple[Split, ...] = get_args(Split)
FOLDER = ROOT / "evaluation" / "notices"
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z_]+$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class TrueDeadline(_Strict):
    """A closing date as printed; ``zone`` only where the text states one."""

    stage: str = "application"
    date: dt.date
    time: str | None = Field(None, pattern=r"^[0-2][0-9]:[0-5][0-9]$")
    zone: str | None = None

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str | None) -> str | None:
        if zone is not None and zone not in available_timezones():
            raise ValueError(f"{zone!r} is no IANA zone")
        return zone

    @field_validator("stage")
    @classmethod
    def _stage(cls, stage: str) -> str:
        stages = get_args(Deadline.model_fields["stage"].annotation)
        if stage not in stages:
            raise ValueError(f"expected one of {', '.join(stages)}")
        return stage

    @property
    def hour(self) -> dt.time | None:
        return dt.time.fromisoformat(self.time) if self.time else None


class Truth(_Strict):
    """What a careful person reads in the text alone. Names and terms as in ``records.Reading``."""

    is_opportunity: bool
    opportunity_type: str | None = None
    funding_instrument: str | None = None
    opportunity_number: str | None = None
    funder_name: str | None = None
    funder_type: int | None = None
    funder_country: Country | None = None
    host_countries: list[Country] = Field(default_factory=list)
    attendance_mode: str | None = None
    accepted_applicant_types: list[str] = Field(default_factory=list)
    audiences: list[str] = Field(default_factory=list)
    eligible_regions: list[Code] = Field(default_factory=list)
    home_eligible: HomeEligible = "unclear"
    isced_levels: list[int] = Field(default_factory=list)
    isced_fields: list[Annotated[str, StringConstraints(pattern=r"^(0[0-9]|10)$")]] = Field(default_factory=list)
    required_languages: list[Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(:[ABC][12])?$")]] = Field(
        default_factory=list
    )
    typical_age_range: str | None = Field(None, pattern=r"^([0-9]{2})?-([0-9]{2})?$")
    funding_level: str | None = None
    coverage: list[str] = Field(default_factory=list)
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    min_award_amount: Decimal | None = None
    max_award_amount: Decimal | None = None
    total_amount_available: Decimal | None = None
    estimated_award_count: int | None = None
    cost_sharing_required: bool | None = None
    application_fee: bool | None = None
    deadlines: list[TrueDeadline] = Field(default_factory=list)
    close_model: str | None = None
    apply_url: str | None = None
    sdg_goals: list[int] = Field(default_factory=list, max_length=3)
    sdg_targets: list[Annotated[str, StringConstraints(pattern=r"^1?[0-9]\.[0-9a-d]{1,2}$")]] = Field(
        default_factory=list
    )
    plan_objectives: list[str] = Field(default_factory=list)
    red_flags: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _nothing_of_no_opportunity(self) -> "Truth":
        labelled = sorted(self.model_fields_set - {"is_opportunity"}) if not self.is_opportunity else []
        if labelled:
            raise ValueError(f"is_opportunity is false, yet there is {', '.join(labelled)}")
        if self.is_opportunity and not self.opportunity_type:
            raise ValueError("an opportunity has an opportunity_type")
        return self


class LabelledNotice(_Strict):
    """One text of our own writing with its truth."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)+$")
    family: str
    language: Literal["es", "en", "fr", "pt", "de"]
    date_order: DateOrder = "dmy"
    authority: Authority = "official"
    timezone: str | None = None
    posted: dt.date
    url: str
    title: str
    body: str
    links: list[Link] = Field(default_factory=list)
    hints: list[Hint] = Field(default_factory=list)
    truth: Truth

    def notice(self) -> Notice:
        """The notice a source would have given."""
        return written_notice(
            "labelled",
            self.id,
            self.posted,
            text=compose_text(self.title, self.body, self.hints),
            url=self.url,
            title=self.title,
            language=self.language,
            date_order=self.date_order,
            authority=self.authority,
            timezone=self.timezone,
            links=self.links,
            hints=self.hints,
        )


class Said(TypedDict):
    """What a written notice says itself."""

    text: str
    url: str
    title: str
    language: str
    date_order: DateOrder
    authority: Authority
    timezone: str | None
    links: list[Link]
    hints: list[Hint]


def written_notice(source_id: str, item_key: str, posted: dt.date, **said: Unpack[Said]) -> Notice:
    """A notice of our own writing as its source would have given it, at noon of the day it was posted."""
    digest = content_hash(said["text"], said["links"])
    stamp = dt.datetime.combine(posted, dt.time(12), dt.UTC)
    return Notice(
        notice_id=notice_id(item_id(source_id, item_key), digest),
        item_id=item_id(source_id, item_key),
        source_id=source_id,
        item_key=item_key,
        text_sha256=text_hash(said["text"]),
        content_sha256=digest,
        published_at=stamp,
        fetched_at=stamp,
        crawl_id="labelled",
        parser_version="1",
        capture_id="labelled",
        **said,
    )


def load_split(split: Split, folder: Path = FOLDER) -> list[LabelledNotice]:
    """The notices of one split, by id. Raises ConfigError that names file, notice and key."""
    found: dict[str, LabelledNotice] = {}
    for path in sorted((folder / split).glob("*.yml")):
        for one in load_file(path):
            if one.id in found:
                raise ConfigError(path, None, one.id, "this id stands twice")
            found[one.id] = one
    return [found[key] for key in sorted(found)]


def load_file(path: Path) -> list[LabelledNotice]:
    """The notices of one file. Raises ConfigError."""
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        raise ConfigError(path, None, "", f"not valid YAML: {error}") from None
    if not isinstance(entries, list):
        raise ConfigError(path, 1, "", "expected a list of notices")
    found = []
    for entry in entries:
        name = str(entry.get("id", "?")) if isinstance(entry, dict) else "?"
        try:
            found.append(LabelledNotice.model_validate(entry))
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
            raise ConfigError(path, None, name, told) from None
    return found


def faults(notices: Iterable[LabelledNotice], vocabularies: Mapping[str, Iterable[str]]) -> list[str]:
    """What cannot be right in labelled notices: terms of no vocabulary, values that do not stand in the text."""
    return [f"{one.id}: {fault}" for one in notices for fault in _faults(one, vocabularies)]


def _faults(one: LabelledNotice, vocabularies: Mapping[str, Iterable[str]]) -> Iterable[str]:
    truth, text = one.truth, compose_text(one.title, one.body, one.hints)
    for name, vocabulary in VOCABULARIES.items():
        value: Any = getattr(truth, name)
        for term in value if isinstance(value, list) else [value] if value is not None else []:
            if str(term) not in vocabularies[vocabulary]:
                yield f"{name}: {term!r} is not in {vocabulary}"
    for region in truth.eligible_regions:
        if len(region) > 2 and region not in vocabularies["country_groups"]:
            yield f"eligible_regions: {region!r} is no country group"
    flat = " ".join(text.split()).lower()
    for name in ("opportunity_number", "funder_name"):
        value = getattr(truth, name)
        if value and " ".join(value.split()).lower() not in flat:
            yield f"{name}: {value!r} does not stand in the text"
    if truth.apply_url and truth.apply_url not in {link.url for link in one.links}:
        yield f"apply_url: {truth.apply_url!r} is not among the links"
    for link in one.links:
        if link.text and " ".join(link.text.split()).lower() not in flat:
            yield f"links: {link.text!r} does not stand in the text"
    amounts = (truth.min_award_amount, truth.max_award_amount, truth.total_amount_available)
    if truth.currency and all(amount is None for amount in amounts):
        yield "currency without an amount"
    for deadline in truth.deadlines:
        day = str(deadline.date.day)
        words = re.findall(r"\d+|[^\W\d_]+(?:-[^\W\d_]+)*", text.lower())
        if day not in {w.lstrip("0") for w in words} and not _in_words(flat):
            yield f"deadlines: the day {day} does not stand in the text"
    if truth.deadlines and truth.close_model in (None, "rolling") and len(truth.deadlines) == 1:
        yield "close_model: a single deadline without close_model single"
    if len(truth.deadlines) > 1 and truth.close_model not in ("multiple", "two_stage"):
        yield f"close_model: {len(truth.deadlines)} deadlines, yet {truth.close_model}"
    if not truth.deadlines and truth.close_model in ("single", "multiple", "two_stage"):
        yield f"close_model: {truth.close_model} without deadlines"


def _in_words(flat: str) -> bool:
    return bool(
        re.search(
            r"\b(?:first|primer[oa]?|premier|primeiro|treinta|trinta|trente|veint\w+|vinte|vingt|quince|quinze|diez|dix|dez|doce|\w+(?:th|ième|ten|zig))\b",
            flat,
        )
    )


def split_faults(folder: Path = FOLDER) -> list[str]:
    """Families and ids that stand in more than one split."""
    seen: dict[str, Split] = {}
    found = []
    for split in SPLITS:
        names = {f"family {one.family}" for one in load_split(split, folder)}
        names |= {f"id {one.id}" for one in load_split(split, folder)}
        for name in sorted(names):
            if name in seen:
                found.append(f"{name} stands in {seen[name]} and in {split}")
            seen[name] = split
    return found


def main() -> None:
    """``python -m boi_pipeline.reading.evaluation.labelled FILE…``: what is wrong in these files, if anything."""
    import sys

    from boi_pipeline.entity import load_entity

    entity = load_entity(ROOT / "entities" / "bogota")
    vocabularies = {name: set(vocabulary.terms) for name, vocabulary in entity.vocabularies.items()}
    for name in sys.argv[1:]:
        try:
            notices = load_file(Path(name))
        except ConfigError as error:
            sys.stdout.write(f"{error}\n")
            continue
        told = faults(notices, vocabularies)
        sys.stdout.write(
            "".join(f"{line}\n" for line in told) + f"{name}: {len(notices)} notices, {len(told)} faults\n"
        )


if __name__ == "__main__":
    main()
