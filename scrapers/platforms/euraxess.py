"""EURAXESS: research jobs, funding and hosting offers, which have neither API nor feed.

How lists and pages are read is the ``listing``'s; the selectors are in the options.
"""

from collections.abc import Iterable
from typing import cast
from urllib.parse import urlencode

from scrapy import Request

from scrapers.platforms.listing import ListingSpider
from scrapers.platforms.options.euraxess import EuraxessOptions


class EuraxessSpider(ListingSpider):
    """Walks the search once for each type of offer."""

    platform = "euraxess"
    version = 1

    def first_requests(self) -> Iterable[Request]:
        """The first page of each type of offer."""
        for offer in cast("EuraxessOptions", self.options).offer_types:
            query = urlencode({"f[0]": f"offer_type:{offer}"})
            yield self.ask(f"{self.source.url}?{query}", self.parse_list, page=1, asked=0)
