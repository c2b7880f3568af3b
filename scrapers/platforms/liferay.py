"""Liferay portals that list articles with facts in boxes "Label: value", as ICETEX's does.

How lists and pages are read is the ``listing``'s; the selectors are in the options.
"""

from scrapers.platforms.listing import ListingSpider


class LiferaySpider(ListingSpider):
    """A listing."""

    platform = "liferay"
    version = 1
