"""What a source file's ``options`` may hold, per platform. Pure data: loading a source needs no Scrapy.

A new platform adds its model here and its spider base beside; what the options do belongs to the spider base.
"""

import re
from typing import Annotated, Literal

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


def _check_regex(value: str) -> str:
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise ValueError(f"expected a regular expression: {error}") from None
    if groups != 1:
        raise ValueError("expected a regular expression with exactly one group, the item's id")
    return value


Css = Annotated[str, AfterValidator(_check_css)]
IdPattern = Annotated[str, AfterValidator(_check_regex)]


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Choosing(_Options):
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


class FeedOptions(_Choosing):
    """An RSS 2.0, Atom or RDF feed; ``url`` is the feed."""

    follow: bool = False  # fetch each entry's page for its full text
    content: Css | None = None  # the text on that page
    remove: list[Css] = Field(default_factory=list)
    revisit: bool = True  # ask known pages again, conditionally
    max_details: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _needs_content(self) -> "FeedOptions":
        if self.follow and not self.content:
            raise ValueError("follow: true needs content, the CSS selector of the text on the entry's page")
        return self


class WordPressOptions(_Choosing):
    """A WordPress site's REST API; ``url`` is the site."""

    categories: list[int] = Field(default_factory=list)
    categories_exclude: list[int] = Field(default_factory=list)
    per_page: int = Field(default=100, ge=1, le=100)
    pages: int = Field(default=5, ge=1)  # of per_page posts each, newest change first
    taxonomies: list[str] = Field(default_factory=list)  # class_list prefixes whose terms are facts, e.g. country
    follow: Literal["when_empty", "never"] = "when_empty"  # fetch the post's page where the API gives no text
    content: Css | None = None  # the text on that page; else where themes usually put it
    remove: list[Css] = Field(default_factory=list)
    max_details: int = Field(default=200, ge=1)


class Facts(_Options):
    """Where labelled facts stand: rows with label and value inside, rows "Label: value", or label/value siblings."""

    item: Css | None = None
    label: Css | None = None
    value: Css | None = None

    @model_validator(mode="after")
    def _enough(self) -> "Facts":
        if not self.item and not self.label:
            raise ValueError("expected item (a row), or label (its value is the next element), or both")
        return self


class Detail(_Options):
    """What to read on an item's own page."""

    content: Css
    title: Css | None = None
    facts: Facts | None = None
    remove: list[Css] = Field(default_factory=list)


class ListingOptions(_Choosing):
    """HTML pages that list items; ``url`` is the first of them."""

    item: Css  # one card
    link: Css = "a[href]"  # within the card
    title: Css | None = None  # within the card; else the link's text
    facts: Facts | None = None  # within the card
    next: Css | None = None  # the link to the next page
    page_parameter: str | None = None  # or the query key that counts pages
    first_page: int = 1
    pages: int = Field(default=10, ge=1)
    id: IdPattern | None = None  # on the item's URL; else the canonical URL is its key
    detail: Detail | None = None  # absent: the card is all there is
    revisit: bool = True
    max_details: int = Field(default=200, ge=1)

    @model_validator(mode="after")
    def _one_way(self) -> "ListingOptions":
        if self.next and self.page_parameter:
            raise ValueError("expected next or page_parameter, not both")
        return self


OPTIONS: dict[str, type[BaseModel]] = {
    "feed": FeedOptions,
    "wordpress": WordPressOptions,
    "listing": ListingOptions,
}
"""Platform → the model of its options."""

SPIDERS: dict[str, str] = {
    "feed": "scrapers.platforms.feed.FeedSpider",
    "wordpress": "scrapers.platforms.wordpress.WordPressSpider",
    "listing": "scrapers.platforms.listing.ListingSpider",
}
"""Platform → the import path of its spider base."""
