"""What options of several platforms share: checked selectors and patterns, choosing entries, reading a page."""

import re
from typing import Annotated

from cssselect import HTMLTranslator
from cssselect.parser import SelectorError
from cssselect.xpath import ExpressionError
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


def _check_css(value: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(value)
    except (SelectorError, ExpressionError) as error:
        raise ValueError(f"expected a CSS selector: {error}") from None
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"expected a regular expression: {error}") from None
    return value


def _check_regex(value: str) -> str:
    if re.compile(_check_pattern(value)).groups != 1:
        raise ValueError("expected a regular expression with exactly one group, the item's id")
    return value


Css = Annotated[str, AfterValidator(_check_css)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
IdPattern = Annotated[str, AfterValidator(_check_regex)]


class Options(BaseModel):
    """Strict and frozen: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Choosing(Options):
    """Which entries of a source are wanted, by words of their title or names of their categories."""

    include: list[str] = Field(default_factory=list)
    exclude: list[str] = Field(default_factory=list)
    roundups: bool = True  # cut posts such as "10 becas…" into one notice a call

    def wants(self, title: str, categories: list[str]) -> bool:
        """Whether an entry is to be read: no excluded word, and an included one where any are named."""
        told = " | ".join([title, *categories]).casefold()
        if any(word.casefold() in told for word in self.exclude):
            return False
        return not self.include or any(word.casefold() in told for word in self.include)


class Facts(Options):
    """Where labelled facts stand: rows with label and value inside, rows "Label: value", or label/value siblings."""

    item: Css | None = None
    label: Css | None = None
    value: Css | None = None

    @model_validator(mode="after")
    def _enough(self) -> "Facts":
        if not self.item and not self.label:
            raise ValueError("expected item (a row), or label (its value is the next element), or both")
        return self


class Documents(Options):
    """Which PDFs that a notice links to are read with it, and how much of them."""

    match: Pattern = r"\.pdf($|[?#])"  # in the link's URL or text
    max: int = Field(default=2, ge=1, le=10)  # documents of one notice
    pages: int = Field(default=30, ge=1, le=200)  # of one document
    characters: int = Field(default=40_000, ge=100, le=100_000)  # of one document


class Detail(Options):
    """What to read on an item's own page."""

    content: Css
    title: Css | None = None
    facts: Facts | None = None
    remove: list[Css] = Field(default_factory=list)
