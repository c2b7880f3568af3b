"""Options of the platform ``sitemap``."""

from pydantic import Field

from scrapers.platforms.options.common import Choosing, Css, Documents, Facts, IdPattern, Pattern


class SitemapOptions(Choosing):
    """A sitemap or an index of sitemaps; ``url`` is its XML."""

    match: Pattern  # in the URLs of the pages that are items
    id: IdPattern | None = None  # on the item's URL; else the canonical URL is its key
    sitemaps: Pattern | None = None  # in the URLs of an index's sitemaps that are read; absent: all
    since_days: int | None = Field(default=None, ge=1)  # pages whose lastmod is older are listed, not visited
    needs_structured: bool = False  # a page without a schema.org item of the field is no item
    content: Css | None = None  # the text on a page; else its structured description, else its main text
    title: Css | None = None
    facts: Facts | None = None
    remove: list[Css] = Field(default_factory=list)
    documents: Documents | None = None
    max_details: int = Field(default=200, ge=1)
