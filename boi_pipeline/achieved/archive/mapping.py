"""The mapping file of an archive: which column of somebody's spreadsheet is what. Written by a person, read strictly.

What its rows then say belongs to ``rows`` and ``pdf``.
"""

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, field_validator, model_validator

from boi_pipeline.achieved.archive.dates import checked_format
from scrapers.source import ARCHIVE_ID
from scrapers.yamlfile import ConfigError, parse_yaml, validate

_Heading = Annotated[str, Field(min_length=1, max_length=200)]
_Format = Annotated[str, AfterValidator(checked_format)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ArchiveSource(_Strict):
    """Where the archive's rows come from: a source of its own, which nobody visits."""

    id: str = Field(pattern=f"^{ARCHIVE_ID}$")
    name: str = Field(min_length=1, max_length=200)
    url: str  # where the archive was, or is: the page of the rows that have none
    language: str = Field("es", pattern=r"^[a-z]{2}$")

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        HttpUrl(value)
        return value


class Columns(_Strict):
    """The headings of the columns, as the file writes them."""

    title: _Heading
    id: _Heading | None = None  # the archive's own number of a call
    funder: _Heading | None = None
    close_date: _Heading | None = None
    url: _Heading | None = None
    edition_date: _Heading | None = None
    channel: _Heading | None = None
    post_url: _Heading | None = None  # where the post was

    def named(self) -> dict[str, str]:
        """Field → heading, of those that are there."""
        return self.model_dump(exclude_none=True)


class Mapping(_Strict):
    """A mapping file. ``edition_date`` and ``channel`` stand for all rows of a file that has no such column."""

    source: ArchiveSource
    sheet: str | None = None  # of a workbook; else its first
    columns: Columns | None = None  # a PDF has none
    facts: dict[_Heading, _Heading] = Field(default_factory=dict)  # label that readers know → heading
    fill_down: list[_Heading] = Field(default_factory=list)
    """Columns whose empty cells mean what stands above: those of merged cells, or all where the column has none merged."""
    date_formats: list[_Format] = Field(default_factory=list)
    edition_date: date | None = None
    channel: str | None = None
    channels: dict[str, str] = Field(default_factory=dict)  # as the file writes them → vocabulary channels

    @model_validator(mode="after")
    def _belongs(self) -> "Mapping":
        named = self.columns.named() if self.columns else {}
        if "edition_date" in named and self.edition_date:
            raise ValueError("edition_date: found a column and a day; expected one of them")
        if ("channel" in named) == bool(self.channel):
            raise ValueError("channel: expected a column of columns, or one channel for the whole file")
        if ("channel" in named) != bool(self.channels):
            raise ValueError("channels: expected what each word of the column means, and only where there is a column")
        for heading in self.fill_down:
            if heading not in {*named.values(), *self.facts.values()}:
                raise ValueError(f"fill_down: {heading!r}: expected a heading of columns or facts")
        return self

    @property
    def headings(self) -> list[str]:
        """Every heading that the file must have."""
        named = self.columns.named() if self.columns else {}
        return list(dict.fromkeys([*named.values(), *self.facts.values()]))


def load_mapping(path: Path, channels: frozenset[str]) -> Mapping:
    """Read a mapping file; ``channels`` are the terms of the entity's vocabulary. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, "", f"cannot be read as UTF-8: {error}") from None
    mapping = validate(parse_yaml(text, path), Mapping, path)
    for name in filter(None, [mapping.channel, *mapping.channels.values()]):
        if name not in channels:
            raise ConfigError(path, None, "channel", f"{name!r}: expected one of {', '.join(sorted(channels))}")
    return mapping
