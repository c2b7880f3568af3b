"""A notice without title, text or address is not one."""

from urllib.parse import urlsplit

from scrapy.exceptions import DropItem

from scrapers.notice import Notice
from scrapers.pipelines.base import Step


class Validate(Step):
    """Refuses what could not be shown to anybody, and counts it against its source."""

    def process_item(self, item: Notice) -> Notice:
        """Pass a whole notice on. Raises DropItem."""
        lacks = [
            name
            for name, is_there in {
                "título": item.title,
                "texto": item.text,
                "dirección http": urlsplit(item.url).scheme in ("http", "https"),
            }.items()
            if not is_there
        ]
        if lacks:
            self.run.fail_item("malformed", f"{item.url}: sin {', '.join(lacks)}")
            raise DropItem(f"{item.item_id}: no {', '.join(lacks)}")
        return item
