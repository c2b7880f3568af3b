"""The World Bank's procurement notices. Most are not for citizens: awards and works are listed and not read."""

from typing import Any

from scrapers.platforms.found import Found
from scrapers.platforms.json_api import JsonApiSpiderBase
from scrapers.platforms.jsonpath import at, word
from scrapers.platforms.options.world_bank import WorldBankOptions

LANGUAGES = {"English": "en", "Spanish": "es", "French": "fr", "Portuguese": "pt"}


class WorldBankSpider(JsonApiSpiderBase[WorldBankOptions]):
    """A JSON list of which some kinds are wanted."""

    platform = "world_bank"

    def wants(self, found: Found, entry: Any) -> bool:
        """A notice of the wanted types."""
        return word(at(entry, "notice_type")) in self.options.notice_types and super().wants(found, entry)

    def language(self, entry: Any) -> str | None:
        """The language by its English name."""
        return LANGUAGES.get(super().language(entry) or "")
