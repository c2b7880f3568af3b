"""The notices of a source and crawl, in one Parquet file, written as they come."""

from pathlib import Path
from typing import TYPE_CHECKING

from scrapers.archive import notice_path
from scrapers.notice import Notice
from scrapers.pipelines.base import Step
from scrapers.tabular import RecordWriter

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Write(Step):
    """Writes below HOME_FOLDER, or to NOTICES_FILE where one is named; a crawl with no notice writes no file."""

    def __init__(self, crawler: "Crawler") -> None:
        super().__init__(crawler)
        self._writer: RecordWriter[Notice] | None = None

    def open_spider(self) -> None:
        """Know where to write."""
        settings = self.crawler.settings
        home, target = settings.get("HOME_FOLDER"), settings.get("NOTICES_FILE")
        if target or home:
            path = Path(target) if target else notice_path(Path(home), self.run.source.id, self.run.crawl_id)
            self._writer = RecordWriter(path, Notice, "notices", key=lambda notice: notice.item_key)

    def process_item(self, item: Notice) -> Notice:
        """Write a notice."""
        if self._writer is not None:
            self._writer.write(item)
        return item

    def close_spider(self) -> None:
        """Give the file its name."""
        if self._writer is not None:
            self._writer.close()
        self.run.is_written = True
