"""The public body that runs a bulletin: the typed model of ``entities/<id>/``, read and checked.

Where its state lives, and what the environment says, is in ``settings``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from scrapers.yamlfile import ConfigError, line_of, load, parse_yaml, validate
from scrapers.zones import iana_zone

COMMON_VOCABULARIES = Path(__file__).resolve().parent / "vocabularies"
FIRST_YEAR, LAST_YEAR = 2000, 2100  # of dates that are plausible


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Term(_Strict):
    """One term of a vocabulary. ``label`` is what people read, in Spanish."""

    label: str
    plural: str | None = None
    en: str | None = None
    description: str | None = None
    members: list[str] = Field(default_factory=list)  # of a country group: ISO 3166-1 codes
    names: dict[str, list[str]] = Field(default_factory=dict)  # language → how texts call it
    sdg: list[int] = Field(default_factory=list)  # of a plan objective: the goals that lead to it
    types: list[str] = Field(default_factory=list)  # of a plan objective: opportunity types it is limited to
    leads: list[str] = Field(
        default_factory=list
    )  # of a plan objective: opportunity types that lead to it by themselves
    words: list[str] = Field(default_factory=list)  # of a plan objective: words that lead to it


class Vocabulary(_Strict):
    """A closed list of terms, in its published order."""

    description: str
    source: str | None = None  # where the terms come from
    terms: dict[str, Term]

    def label(self, code: str | int | None) -> str:
        """What people read for a code; an unknown code is shown as it is."""
        term = self.terms.get(str(code))
        return term.label if term else str(code or "")


WeekdayName = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_WEEKDAYS: tuple[WeekdayName, ...] = get_args(WeekdayName)


class Schedule(_Strict):
    """When the jobs run, in the entity's zone, on its working days."""

    collect: time = time(6)
    publish: time = time(16)  # and, on the day a week closes, its article
    weekly: WeekdayName = "fri"  # the day a week closes; where it is not worked, see ``Entity.week_closing_day``
    working_days: list[WeekdayName] = Field(default_factory=lambda: ["mon", "tue", "wed", "thu", "fri"])


class EditionRules(_Strict):
    """How many opportunities an edition has."""

    minimum: int = 3
    maximum: int = 7


ChannelName = Literal["site", "whatsapp", "x", "linkedin", "instagram", "email", "article"]


class Channels(_Strict):
    """Where the editions go. The daily edition is always on the site, and the weekly five always are an article there."""

    daily: list[ChannelName] = Field(default_factory=lambda: ["site"])
    weekly: list[ChannelName] = Field(default_factory=lambda: ["article"])
    hashtags: list[str] = Field(default_factory=list)  # without their sign; what every post may carry
    window_days: int = Field(default=4, ge=0)  # how old an edition may be that is still sent; older ones stay unsent

    @model_validator(mode="after")
    def _home_first(self) -> "Channels":
        for name, home in (("daily", "site"), ("weekly", "article")):
            given: list[ChannelName] = getattr(self, name)
            if given[:1] != [home] or len(set(given)) != len(given):
                raise ValueError(f"{name}: expected {home} first and each channel once, not {given}")
        return self

    @field_validator("hashtags")
    @classmethod
    def _words(cls, value: list[str]) -> list[str]:
        for tag in value:
            if not re.fullmatch(r"[^\W\d_]\w*", tag):
                raise ValueError(f"{tag!r}: expected letters and digits, without #")
        return value


class Brand(_Strict):
    """Design tokens of the site: CSS colours and names."""

    primary: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    accent: str = Field(pattern=r"^#[0-9a-fA-F]{6}$")
    motto: str = ""


class OwnWeb(_Strict):
    """A small web of the entity's own, served on the loopback during the crawl: one folder a day, a later day on top."""

    root: str = "web"
    suffix: str = "sample.test"
    days: dict[date, str]


class Candidate(_Strict):
    """A place worth watching whose shape nobody has seen yet: one entry of ``candidates.yaml``."""

    name: str
    url: str
    kind: str | None = None  # its group: eu, un, foundations, …
    why: str | None = None  # it is worth watching, or is no source yet
    unknown: list[str] = Field(default_factory=list)  # what has to be found out


class Spend(_Strict):
    """The most that may be spent on an LLM, in money and in tokens (of prompts and answers together)."""

    usd: float = Field(ge=0)
    tokens: int = Field(ge=0)


class Budget(_Strict):
    """What one run, and one calendar month (UTC), may spend on an LLM. Checked before each call."""

    run: Spend = Spend(usd=1, tokens=3_000_000)
    month: Spend = Spend(usd=10, tokens=30_000_000)


class Price(_Strict):
    """US dollars a million tokens. A model of one's own costs 0."""

    input: float = Field(ge=0)
    cached_input: float | None = Field(
        None, ge=0
    )  # of prompt tokens the provider had cached; as ``input`` where unknown
    output: float = Field(ge=0)


class ReaderChoice(_Strict):
    """Which reader counts; ``rules_only`` pins the offline reader to rules so that results are equal on every machine.

    Endpoint, model and key of the LLM are the environment's (``LlmSettings``); what it may cost is the entity's.
    """

    name: Literal["offline", "llm"] = "offline"
    rules_only: bool = False
    budget: Budget = Budget()
    price: Price | None = None  # of the model in use; else that of reading/llm/prices.yml
    drafts: bool = True  # whether the LLM also drafts the Spanish texts
    opinions: bool = (
        True  # whether it also says of two announcements whether they are one call, before a person is asked
    )


_FIELD_NAME = r"^[A-Za-z0-9_.\[\]:-]{1,80}$"


class OutcomeForm(_Strict):
    """The form by which citizens tell what became of a call. A service of the entity's choice receives the answers.

    ``url``: where they are sent; each ``…_field`` is the name by which the service knows that question.
    """

    url: str
    code_field: str = Field(pattern=_FIELD_NAME)
    applied_field: str = Field(pattern=_FIELD_NAME)
    obtained_field: str | None = Field(None, pattern=_FIELD_NAME)  # None: it does not ask

    @field_validator("url")
    @classmethod
    def _https(cls, value: str) -> str:
        if not re.fullmatch(r"https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?", value) or re.search(
            r"[\"'<>\\;]", value
        ):
            raise ValueError(f"{value!r:.120}: expected an address such as https://formularios.example/resultado")
        return value

    @property
    def origin(self) -> str:
        """The only place that answers may be sent to: scheme, host and port."""
        return "/".join(self.url.split("/", 3)[:3])


class EntityFile(_Strict):
    """``entities/<id>/entity.yaml``."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    name: str
    short_name: str
    bulletin: str
    city: str
    country: str = Field(pattern=r"^[A-Z]{2}$")
    timezone: str
    languages: list[str]
    code_prefix: str = Field(pattern=r"^[A-Z]{2,6}$")
    site_url: str
    contact_email: str
    user_agent: str
    schedule: Schedule = Schedule()
    edition: EditionRules = EditionRules()
    publication_target_hours: int = Field(
        48, gt=0
    )  # from first seen to published, by the clock: the promise that is measured
    channels: Channels = Channels()
    brand: Brand
    label_template: str  # under text made by templates and rules
    label_generative: str  # under text drafted by generative AI; {tool}, {entity}, {date}
    reader: ReaderChoice = ReaderChoice()
    outcome_form: OutcomeForm | None = None  # without it nobody is asked
    web: OwnWeb | None = None
    decisions: str | None = None  # a file of decisions taken in the people's place: only the sample has one
    unconfirmed: list[str] = Field(default_factory=list)  # settings a person must still confirm: the site says so

    @field_validator("unconfirmed")
    @classmethod
    def _settings(cls, value: list[str]) -> list[str]:
        for name in value:
            if name not in cls.model_fields:
                raise ValueError(f"{name!r}: expected names of settings of this file")
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        return iana_zone(value).key


@cache
def _holidays(country: str) -> frozenset[date]:
    import holidays  # slow to import, needed by the jobs only

    return frozenset(holidays.country_holidays(country, years=range(FIRST_YEAR, LAST_YEAR + 1)))


def _candidate(data: list[Any], number: int, path: Path) -> Candidate:
    try:
        return validate(data[number], Candidate, path)
    except ConfigError as error:  # a missing key has no line of its own: its entry's is told
        line = max(error.line or 1, line_of(data, (number,)) or 1)
        raise ConfigError(path, line, error.key, error.problem) from None


@dataclass(frozen=True)
class Entity:
    """An entity with its vocabularies, as read from its folder."""

    folder: Path
    file: EntityFile
    vocabularies: Mapping[str, Vocabulary]

    @property
    def id(self) -> str:
        return self.file.id

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.file.timezone)

    @property
    def sources_folder(self) -> Path:
        return self.folder / "sources"

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The places that are not sources yet. Raises ConfigError."""
        path = self.folder / "candidates.yaml"
        if not path.is_file():
            return []
        data = parse_yaml(path.read_text(encoding="utf-8"), path)
        if not isinstance(data, list):
            raise ConfigError(path, 1, "", "expected a list of places: - name: …, url: …, why: …")
        return [_candidate(data, number, path) for number in range(len(data))]

    @property
    def web_folder(self) -> Path | None:
        return self.folder / self.file.web.root if self.file.web else None

    @property
    def decisions_path(self) -> Path | None:
        return self.folder / self.file.decisions if self.file.decisions else None

    @property
    def metrics_path(self) -> Path:
        """What each channel reports, in the plain template; there need be none."""
        return self.folder / "metrics.csv"

    @property
    def outcomes_path(self) -> Path:
        """What people obtained, in the plain template; there need be none."""
        return self.folder / "outcomes.csv"

    @property
    def rates_path(self) -> Path:
        """What foreign currencies were worth, with the source; there need be none."""
        return self.folder / "rates.csv"

    def is_working_day(self, day: date) -> bool:
        """Whether the office works: its week days less the public holidays of its country."""
        return day.isoweekday() in self.working_weekdays and day not in self.holidays

    @property
    def working_weekdays(self) -> list[int]:
        """The week days on which the office works; 1 is Monday."""
        return sorted(_WEEKDAYS.index(name) + 1 for name in set(self.file.schedule.working_days))

    def week_closing_day(self, day: date) -> date | None:
        """The day on which the ISO week of ``day`` closes: its ``schedule.weekly``, or the last day worked before it.

        Where the week has none, the first one after it; None where the office does not work all week.
        """
        monday = day - timedelta(days=day.weekday())
        worked = [one for one in (monday + timedelta(days=n) for n in range(7)) if self.is_working_day(one)]
        meant = monday + timedelta(days=_WEEKDAYS.index(self.file.schedule.weekly))
        return max((one for one in worked if one <= meant), default=min(worked, default=None))

    @property
    def holidays(self) -> frozenset[date]:
        """The public holidays of its country, of every year a plausible date lies in."""
        return _holidays(self.file.country)

    @property
    def currency(self) -> str:
        """What is paid with in its country (ISO 4217; XXX where there is none)."""
        from babel.numbers import get_territory_currencies

        return next(iter(get_territory_currencies(self.file.country)), "XXX")

    def at(self, day: date) -> datetime:
        """The instant (UTC) a run for a day stands for: the entity's hour of publication."""
        return datetime.combine(day, self.file.schedule.publish, self.zone).astimezone(UTC)

    def today(self, instant: datetime) -> date:
        """The calendar day of an instant where the entity is."""
        return instant.astimezone(self.zone).date()

    def web_day(self, instant: datetime) -> date | None:
        """The newest day of the entity's own web at an instant; None where it has no web of its own."""
        if self.file.web is None:
            return None
        days = sorted(self.file.web.days)
        return max((day for day in days if day <= self.today(instant)), default=days[0])


def load_entity(folder: Path) -> Entity:
    """Read an entity's folder with its vocabularies over the common ones. Raises ConfigError."""
    if not (folder / "entity.yaml").is_file():
        known = sorted(path.parent.name for path in folder.parent.glob("*/entity.yaml"))
        raise ConfigError(folder / "entity.yaml", None, "", f"no such entity; there are: {', '.join(known) or 'none'}")
    file = load(folder / "entity.yaml", EntityFile)
    if file.id != folder.name:
        raise ConfigError(folder / "entity.yaml", 1, "id", f"expected {folder.name!r}, the name of its folder")
    vocabularies = {
        path.stem: _vocabulary(path, path.stat().st_mtime_ns)
        for where in (COMMON_VOCABULARIES, folder / "vocabularies")
        for path in sorted(where.glob("*.yml"))
    }
    return Entity(folder, file, vocabularies)


@cache
def _vocabulary(path: Path, written_at: int) -> Vocabulary:
    """A vocabulary, read once a process and state of its file: a run asks several times for its entity."""
    return load(path, Vocabulary)
