"""Spain's national database of grants (BDNS): a list, and an answer of its own for every call."""

from scrapers.platforms.json_api import JsonApiSpiderBase
from scrapers.platforms.options.bdns import BdnsOptions


class BdnsSpider(JsonApiSpiderBase[BdnsOptions]):
    """A JSON list with details."""

    platform = "bdns"
