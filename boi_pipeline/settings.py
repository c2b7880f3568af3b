"""Paths and settings of the pipeline: where an entity's state lives, and what the environment says.

The environment is read by ``settings()``, when a command or a code location starts, never at import.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from boi_pipeline.entity import ChannelName, Entity, load_entity
from scrapers.yamlfile import ConfigError

ROOT = Path(__file__).resolve().parent.parent
"""The repository's root."""


@dataclass(frozen=True)
class Home:
    """Where one entity's state lives (docs/architecture.md §4): ``BOI_HOME/<entity>/``."""

    root: Path  # BOI_HOME
    entity_id: str
    ledger_url_setting: str | None = None

    @property
    def folder(self) -> Path:
        return self.root / self.entity_id

    @property
    def crawls(self) -> Path:
        return self.folder / "crawls"

    @property
    def notices(self) -> Path:
        return self.folder / "notices"

    @property
    def readings(self) -> Path:
        return self.folder / "readings"

    @property
    def journal(self) -> Path:
        return self.readings / "journal"

    @property
    def drafts(self) -> Path:
        return self.folder / "drafts"

    @property
    def matches(self) -> Path:
        return self.folder / "matches"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    @property
    def site(self) -> Path:
        return self.folder / "site"

    @property
    def site_pages(self) -> Path:
        """What the pages of the site were rendered from: the next build takes over those that would come out the same."""
        return self.folder / "site.pages.json"

    @property
    def inbox(self) -> Path:
        """Where people drop what channels export and bodies report; taken in from there."""
        return self.folder / "inbox"

    @property
    def imports(self) -> Path:
        """The files that were taken in, as rows: kept for ever."""
        return self.folder / "imports"

    @property
    def archive(self) -> Path:
        """The batches of what was published before this system: kept for ever."""
        return self.folder / "archive"

    @property
    def outbox(self) -> Path:
        """What a person posts by hand, an edition a folder."""
        return self.folder / "outbox"

    @property
    def reports(self) -> Path:
        """The team's weekly reports, a week a folder."""
        return self.folder / "reports"

    @property
    def lock(self) -> Path:
        return self.folder / "run.lock"

    @property
    def dagster(self) -> Path:
        return self.root / "dagster"

    @property
    def ledger_url(self) -> str:
        """SQLAlchemy URL of the ledger: ``BOI_LEDGER_URL`` or SQLite in the home."""
        return self.ledger_url_setting or f"sqlite:///{self.folder / 'ledger.db'}"


@dataclass(frozen=True)
class LlmSettings:
    """The OpenAI-compatible endpoint to ask. The key is shown nowhere."""

    model: str
    base_url: str | None = None  # None: OpenAI's own
    api_key: str = field(default="", repr=False)
    concurrency: int = 8
    timeout: float = 120.0  # seconds, of one whole answer
    retries: int = 4  # of 408, 409, 429, 5xx and no connection; of what may have cost, at most one


DELIVERED_CHANNELS: tuple[ChannelName, ...] = ("whatsapp", "x", "linkedin", "instagram", "email")
"""Where posts can be sent to; what is not here is a page of the site."""


@dataclass(frozen=True)
class DeliverySettings:
    """Where each channel's posts are sent: Apprise URLs, which hold credentials and are shown nowhere."""

    urls: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)

    @property
    def channels(self) -> list[str]:
        """The channels with credentials, by name."""
        return sorted(self.urls)


@dataclass(frozen=True)
class Settings:
    """What the environment says, read once when something starts."""

    home_root: Path
    entity_id: str
    entities_folder: Path
    ledger_url: str | None
    as_of: datetime | None  # BOI_AS_OF: an ISO instant, or a day
    llm: LlmSettings | None = None
    delivery: DeliverySettings = DeliverySettings()

    def home(self) -> Home:
        return Home(self.home_root, self.entity_id, self.ledger_url)

    def entity(self) -> Entity:
        return load_entity(self.entities_folder / self.entity_id)


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read ``BOI_HOME``, ``BOI_ENTITY``, ``BOI_ENTITIES``, ``BOI_LEDGER_URL``, ``BOI_AS_OF``, ``BOI_LLM_*``, ``BOI_DELIVER_*``."""
    given = os.environ if environment is None else environment
    return Settings(
        home_root=Path(given.get("BOI_HOME") or ROOT / ".boi").resolve(),
        entity_id=given.get("BOI_ENTITY") or "sample",
        entities_folder=Path(given.get("BOI_ENTITIES") or ROOT / "entities").resolve(),
        ledger_url=given.get("BOI_LEDGER_URL") or None,
        as_of=parse_instant(given["BOI_AS_OF"]) if given.get("BOI_AS_OF") else None,
        llm=llm_settings(given),
        delivery=delivery_settings(given),
    )


def delivery_settings(given: Mapping[str, str]) -> DeliverySettings:
    """What ``BOI_DELIVER_<CHANNEL>`` say: Apprise URLs, parted by white space; none where it is empty.

    Raises ConfigError for a channel that nothing is sent to. No error holds what a variable says.
    """
    prefix = "BOI_DELIVER_"
    urls = {}
    for name in sorted(given):
        if not name.startswith(prefix) or not given[name].strip():
            continue
        channel = name.removeprefix(prefix).lower()
        if channel not in DELIVERED_CHANNELS:
            known = ", ".join(prefix + one.upper() for one in DELIVERED_CHANNELS)
            raise ConfigError("the environment", None, name, f"no such channel to send to; expected one of {known}")
        urls[channel] = tuple(given[name].split())
    return DeliverySettings(urls)


def llm_settings(given: Mapping[str, str]) -> LlmSettings | None:
    """What ``BOI_LLM_MODEL``, ``BOI_LLM_BASE_URL``, ``BOI_LLM_API_KEY`` (or ``OPENAI_API_KEY``), ``BOI_LLM_CONCURRENCY`` and
    ``BOI_LLM_TIMEOUT`` say; None without a model. Raises ConfigError on a number that is none.
    """
    if not given.get("BOI_LLM_MODEL"):
        return None

    def number(name: str, default: float) -> float:
        try:
            value = float(given.get(name) or default)
        except ValueError:
            value = 0
        if value <= 0:
            raise ConfigError("the environment", None, name, f"{given[name]!r}: expected a number above 0")
        return value

    return LlmSettings(
        model=given["BOI_LLM_MODEL"],
        base_url=given.get("BOI_LLM_BASE_URL") or None,
        api_key=given.get("BOI_LLM_API_KEY") or given.get("OPENAI_API_KEY") or "",
        concurrency=int(number("BOI_LLM_CONCURRENCY", 8)),
        timeout=number("BOI_LLM_TIMEOUT", 120),
    )


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with its offset, as UTC. Raises ValueError."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no UTC offset; expected e.g. 2026-11-23T21:00:00+00:00")
    return instant.astimezone(UTC)
