"""The notices of a source and crawl, in one Parquet file, sorted by item."""

from pathlib import Path

from scrapers.archive import notice_path
from scrapers.notice import Notice
from scrapers.pipelines.base import Step
from scrapers.tabular import write_records


class Write(Step):
    """Gathers notices and writes them when the spider is done; a crawl with none writes no file."""

    def process_item(self, item: Notice) -> Notice:
        """Keep a notice for the end."""
        self.run.notices.append(item)
        return item

    def close_spider(self) -> None:
        """Write the file below HOME_FOLDER, or to NOTICES_FILE where one is named."""
        run, settings = self.run, self.crawler.settings
        run.notices.sort(key=lambda notice: notice.item_key)
        if target := settings.get("NOTICES_FILE"):
            write_records(Path(target), run.notices, Notice, "notices")
        elif (home := settings.get("HOME_FOLDER")) and run.notices:
            write_records(notice_path(Path(home), run.source.id, run.crawl_id), run.notices, Notice, "notices")
        run.is_written = True
