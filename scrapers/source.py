"""The typed model of a source file: one place we watch, as data.

What its ``options`` may hold belongs to its platform (``scrapers.platforms``); reading the files, to the loader.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, ValidationInfo, field_validator

from scrapers.notice import Authority, DateOrder
from scrapers.zones import iana_zone

INBOX = "inbox"
"""The platform whose ``url`` is no web address, and the scheme of that url."""

ARCHIVE = "archive"
"""The platform of what a bulletin published before: nothing is crawled, its notices come from files that people hand in."""

ARCHIVE_ID = r"archive_[a-z0-9_]{1,51}"
"""The ids of the sources of that platform, and of no other."""


def is_archived(source_id: str) -> bool:
    """Whether a source is of the archive."""
    return source_id.startswith(f"{ARCHIVE}_")


EnvName = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{2,59}$")]


class Login(BaseModel):
    """A membership portal's form, sent once before anything else is asked; its session's pages are not archived."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    url: str
    form: dict[str, EnvName]
    success: str  # text of the page after a login that worked


class Verified(BaseModel):
    """How and when the place's shape was last checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    by: Literal["recorded", "run"]
    on: date


class Access(BaseModel):
    """What a place that asks who is there gets: each value is the *name* of an environment variable, never a secret."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    query: dict[str, EnvName] = Field(default_factory=dict)  # query key → variable
    headers: dict[str, EnvName] = Field(default_factory=dict)  # request header → variable
    form: dict[str, EnvName] = Field(default_factory=dict)  # form field, or key of a JSON body → variable
    login: Login | None = None


class Source(BaseModel):
    """One place we watch: file name = spider = asset key ``sources/<id>``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$")
    name: str
    platform: str
    url: str
    language: str = Field(pattern=r"^[a-z]{2}$")
    date_order: DateOrder = "dmy"
    timezone: str | None = None
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    authority: Authority
    cadence: Literal["hourly", "daily", "weekly", "monthly"] = "daily"
    complete_listing: bool = False
    may_be_empty: bool = False
    verified: Verified | None = None
    unknown: list[str] = Field(default_factory=list)  # of a source not yet verified: what is not known of it
    access: Access | None = None
    contact: str | None = None
    terms: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)

    @field_validator("url")
    @classmethod
    def _address(cls, value: str, info: ValidationInfo) -> str:
        """An http(s) address; of an inbox, ``inbox:<id>``, its folder's name."""
        if info.data.get("platform") == INBOX:
            expected = f"{INBOX}:{info.data.get('id')}"
            if value != expected:
                raise ValueError(f"expected {expected}, the source's folder below inbox/ of the home")
        else:
            HttpUrl(value)
        return value

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str | None) -> str | None:
        return iana_zone(value).key if value is not None else None
