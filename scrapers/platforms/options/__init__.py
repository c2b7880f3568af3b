"""What a source file's ``options`` may hold, one module a platform. Pure data: loading a source needs no Scrapy.

A new platform is its options model here, its spider base beside this folder, and one line in ``PLATFORMS``. What the
options do belongs to the spider base.
"""

from typing import NamedTuple

from pydantic import BaseModel

from scrapers.platforms.options.bdns import BdnsOptions
from scrapers.platforms.options.daad import DaadOptions
from scrapers.platforms.options.euraxess import EuraxessOptions
from scrapers.platforms.options.feed import FeedOptions
from scrapers.platforms.options.grants_gov import GrantsGovOptions
from scrapers.platforms.options.inbox import InboxOptions
from scrapers.platforms.options.json_api import JsonApiOptions
from scrapers.platforms.options.liferay import LiferayOptions
from scrapers.platforms.options.listing import ListingOptions
from scrapers.platforms.options.reliefweb import ReliefWebOptions
from scrapers.platforms.options.sedia import SediaOptions
from scrapers.platforms.options.sitemap import SitemapOptions
from scrapers.platforms.options.wordpress import WordPressOptions
from scrapers.platforms.options.world_bank import WorldBankOptions


class Platform(NamedTuple):
    """A kind of place: what its sources may say, and what reads them."""

    options: type[BaseModel]
    spider: str  # import path of the spider base


PLATFORMS: dict[str, Platform] = {
    "bdns": Platform(BdnsOptions, "scrapers.platforms.bdns.BdnsSpider"),
    "daad": Platform(DaadOptions, "scrapers.platforms.daad.DaadSpider"),
    "euraxess": Platform(EuraxessOptions, "scrapers.platforms.euraxess.EuraxessSpider"),
    "feed": Platform(FeedOptions, "scrapers.platforms.feed.FeedSpider"),
    "grants_gov": Platform(GrantsGovOptions, "scrapers.platforms.grants_gov.GrantsGovSpider"),
    "json_api": Platform(JsonApiOptions, "scrapers.platforms.json_api.JsonApiSpider"),
    "liferay": Platform(LiferayOptions, "scrapers.platforms.liferay.LiferaySpider"),
    "inbox": Platform(InboxOptions, "scrapers.platforms.inbox.InboxSpider"),
    "listing": Platform(ListingOptions, "scrapers.platforms.listing.ListingSpider"),
    "reliefweb": Platform(ReliefWebOptions, "scrapers.platforms.reliefweb.ReliefWebSpider"),
    "sedia": Platform(SediaOptions, "scrapers.platforms.sedia.SediaSpider"),
    "sitemap": Platform(SitemapOptions, "scrapers.platforms.sitemap.SitemapSpider"),
    "wordpress": Platform(WordPressOptions, "scrapers.platforms.wordpress.WordPressSpider"),
    "world_bank": Platform(WorldBankOptions, "scrapers.platforms.world_bank.WorldBankSpider"),
}
"""Every platform by the name that source files give it."""
