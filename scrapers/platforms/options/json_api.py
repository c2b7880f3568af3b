"""Options of the platform ``json_api``: where things are in somebody else's JSON.

A path is names joined by dots; over a list it goes through every element, or through one with its number
(``dates.0.start``). A template is text with paths in braces (``https://place.example/call/{id}``).
"""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from scrapers.platforms.options.common import Choosing, Options

PLACE = re.compile(r"\{([^{}]*)\}")
_PATH = re.compile(r"[^.{}]+(\.[^.{}]+)*")


def _check_path(value: str) -> str:
    if not _PATH.fullmatch(value):
        raise ValueError("expected a path, names joined by dots such as data.results")
    return value


def _check_items(value: str) -> str:
    return _check_path(value) if value else value


def _check_template(value: str) -> str:
    if "{" not in value and "}" not in value:
        return _check_path(value)
    for path in PLACE.findall(value):
        _check_path(path)
    if re.search(r"[{}]", PLACE.sub("", value)):
        raise ValueError("expected a path, or a template with paths in braces such as EUR {budget.total}")
    return value


def _check_url(value: str) -> str:
    if value.startswith(("http://", "https://")):
        host, slash, _ = value.partition("://")[2].partition("/")
        if not slash or "{" in host or not PLACE.search(value):
            raise ValueError(
                "expected a template with a path in braces after the host: https://place.example/call/{id}"
            )
    elif "{" in value:
        raise ValueError("expected a path, or a template that begins with https://host/")
    return _check_template(value)


def _check_detail_url(value: str) -> str:
    if not value.startswith(("http://", "https://")):
        raise ValueError("expected a template such as https://place.example/api/call/{id}")
    return _check_url(value)


Path = Annotated[str, AfterValidator(_check_path)]
ItemsPath = Annotated[str, AfterValidator(_check_items)]
Template = Annotated[str, AfterValidator(_check_template)]  # or a path
UrlTemplate = Annotated[str, AfterValidator(_check_url)]  # or a path
Scalar = str | int | float


class ByPage(Options):
    """Pages are counted under a query key (or a key of the body): 1, 2, 3."""

    style: Literal["page"]
    key: str
    first: int = 1


class ByOffset(Options):
    """A query key (or a key of the body) says how many entries to skip: as many as came."""

    style: Literal["offset"]
    key: str
    first: int = 0


class ByNext(Options):
    """The answer has the URL of the next page, on the same host."""

    style: Literal["next"]
    path: Path


class ByCursor(Options):
    """The answer has a word to send under a query key (or a key of the body) for the next page."""

    style: Literal["cursor"]
    path: Path
    key: str


Paging = Annotated[ByPage | ByOffset | ByNext | ByCursor, Field(discriminator="style")]


class FactRows(Options):
    """A list whose elements are labelled facts themselves, e.g. a calendar of named dates."""

    items: Path
    label: Path  # within an element
    value: Template  # within an element


class Asked(Options):
    """The body of a request: form fields or JSON, never both; without it a GET."""

    form: dict[str, Scalar] | None = None
    body: dict[str, Any] | None = Field(default=None, alias="json")

    @model_validator(mode="after")
    def _one_body(self) -> "Asked":
        if self.form is not None and self.body is not None:
            raise ValueError("expected form or json, not both")
        return self


class JsonDetail(Asked):
    """An entry's own answer; URL, form and JSON may be templates over the entry."""

    url: Annotated[str, AfterValidator(_check_detail_url)] | None = None  # else the source's
    root: ItemsPath = ""  # the object that speaks of the entry
    text: list[Path] = Field(default_factory=list)
    facts: dict[str, Template] = Field(default_factory=dict)
    fact_rows: list[FactRows] = Field(default_factory=list)
    links: dict[str, Template] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _asks_and_reads(self) -> "JsonDetail":
        if self.url is None and self.form is None and self.body is None:
            raise ValueError("expected url (a template), form or json: what an entry's own answer is asked with")
        if not (self.text or self.facts or self.fact_rows):
            raise ValueError("expected text, facts or fact_rows: what to read in an entry's own answer")
        return self


class JsonApiOptions(Choosing, Asked):
    """A list of entries in JSON; ``url`` is where it is asked for."""

    query: dict[str, Scalar | list[Scalar]] = Field(default_factory=dict)
    items: ItemsPath = ""  # the list of entries; empty: the answer itself
    total: Path | None = None  # how many entries the whole list has
    paging: Paging | None = None  # absent: one answer has it all
    pages: int = Field(default=10, ge=1)
    id: Path
    title: Path
    url: UrlTemplate | None = None  # else the source's
    text: list[Path] = Field(default_factory=list)  # HTML or plain text
    facts: dict[str, Template] = Field(default_factory=dict)  # label → where its value is
    fact_rows: list[FactRows] = Field(default_factory=list)
    links: dict[str, Template] = Field(default_factory=dict)  # anchor text → where its address is
    not_stated: list[str] = Field(default_factory=list)  # values by which the place says nothing, e.g. "$ 0"
    published: Path | None = None
    modified: Path | None = None
    language: Path | None = None
    categories: list[Path] = Field(default_factory=list)  # words besides the title to choose by
    detail: JsonDetail | None = None  # absent: the list says it all
    max_details: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _counts_alone(self) -> "JsonApiOptions":
        key = getattr(self.paging, "key", None)
        if key is not None and any(key in (given or {}) for given in (self.query, self.form, self.body)):
            raise ValueError(f"{key} is set by paging: leave it out of query, form and json")
        return self
