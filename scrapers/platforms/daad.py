"""DAAD's finder of international programmes and courses in Germany (not its scholarship database)."""

from scrapers.platforms.json_api import JsonApiSpiderBase
from scrapers.platforms.options.daad import DaadOptions


class DaadSpider(JsonApiSpiderBase[DaadOptions]):
    """A JSON list."""

    platform = "daad"
