"""What a source file's ``options`` may hold, one module a platform. Pure data: loading a source needs no Scrapy.

A new platform is its options model here, its spider base beside this folder, and one line in ``PLATFORMS``. What the
options do belongs to the spider base.
"""

from typing import NamedTuple

from pydantic import BaseModel

from scrapers.platforms.options.feed import FeedOptions
from scrapers.platforms.options.listing import ListingOptions
from scrapers.platforms.options.wordpress import WordPressOptions


class Platform(NamedTuple):
    """A kind of place: what its sources may say, and what reads them."""

    options: type[BaseModel]
    spider: str  # import path of the spider base


PLATFORMS: dict[str, Platform] = {
    "feed": Platform(FeedOptions, "scrapers.platforms.feed.FeedSpider"),
    "listing": Platform(ListingOptions, "scrapers.platforms.listing.ListingSpider"),
    "wordpress": Platform(WordPressOptions, "scrapers.platforms.wordpress.WordPressSpider"),
}
"""Every platform by the name that source files give it."""
