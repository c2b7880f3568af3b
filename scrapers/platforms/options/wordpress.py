"""Options of the platform ``wordpress``."""

from typing import Literal

from pydantic import Field

from scrapers.platforms.options.common import Choosing, Css, Documents


class WordPressOptions(Choosing):
    """A WordPress site's REST API; ``url`` is the site."""

    categories: list[int] = Field(default_factory=list)
    categories_exclude: list[int] = Field(default_factory=list)
    per_page: int = Field(default=100, ge=1, le=100)
    pages: int = Field(default=5, ge=1)  # of per_page posts each, newest change first
    taxonomies: list[str] = Field(default_factory=list)  # class_list prefixes whose terms are facts, e.g. country
    follow: Literal["when_empty", "always", "never"] = (
        "when_empty"  # fetch the post's page: where the API gives no text
    )
    content: Css | None = None  # the text on that page; else where themes usually put it
    remove: list[Css] = Field(default_factory=list)
    documents: Documents | None = None  # the PDFs that a notice links to, read with it
    max_details: int = Field(default=200, ge=1)
