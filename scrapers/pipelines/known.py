"""What has been said before is not said again: only new and changed texts go on."""

from scrapy.exceptions import DropItem

from scrapers.notice import Notice
from scrapers.pipelines.base import Step


class SkipKnown(Step):
    """Drops a notice whose text is the newest one known of its item."""

    def process_item(self, item: Notice) -> Notice:
        """Pass a new or changed notice on. Raises DropItem."""
        if not self.run.read(item):
            raise DropItem(f"{item.item_id}: unchanged")
        return item
