"""What earlier crawls left in an entity's home: crawl records, notices, captures, and what is known of each item.

``home`` is the entity's folder. A crawl counts when ``crawls/<crawl_id>.json`` exists: notices and captures of a
crawl that was killed are never returned. Crawls are ordered by (as_of, crawl_id). Writing belongs to the crawl.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import ValidationError

from scrapers.notice import Notice
from scrapers.outcome import GOOD, CrawlRecord, SourceResult
from scrapers.tabular import read_records


class ArchiveError(Exception):
    """A file of the home is not what this program writes."""


@dataclass(frozen=True)
class Known:
    """What earlier crawls know of one source's items."""

    content_sha256: Mapping[str, str] = field(default_factory=dict)  # item_key → hash of its newest content
    parents: Mapping[str, list[str]] = field(default_factory=dict)  # round-up post's key → item_keys cut from it
    newest_modified_at: datetime | None = None
    previous: SourceResult | None = None  # the last good crawl's result

    def has(self, key: str) -> bool:
        """Whether an item or round-up post was read before."""
        return key in self.content_sha256 or key in self.parents


def crawl_path(home: Path, crawl_id: str) -> Path:
    """Where a crawl's record is."""
    return home / "crawls" / f"{crawl_id}.json"


def capture_path(home: Path, source_id: str, crawl_id: str) -> Path:
    """Where a crawl's captures of one source are, once whole."""
    return home / "captures" / source_id / f"{crawl_id}.warc.gz"


def notice_path(home: Path, source_id: str, crawl_id: str, parser_version: str | None = None) -> Path:
    """Where a crawl's notices of one source are; with ``parser_version``, those of a later re-parse."""
    name = f"{crawl_id}.{parser_version}.parquet" if parser_version else f"{crawl_id}.parquet"
    return home / "notices" / source_id / name


def crawl_records(home: Path) -> list[CrawlRecord]:
    """Every crawl that counts, oldest first. Raises ArchiveError for a record that cannot be read."""
    records = [_record(path, path.stat().st_mtime_ns) for path in (home / "crawls").glob("[!.]*.json")]
    return sorted(records, key=lambda record: (record.as_of, record.crawl_id))


@functools.cache
def _record(path: Path, written_at: int) -> CrawlRecord:
    """A crawl record, parsed once a process: every source of a crawl asks for all of them."""
    try:
        return CrawlRecord.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ArchiveError(f"{path}: is not a crawl record: {error.errors()[0]['msg']}") from None


def notice_files(home: Path, source_id: str | None = None, as_of: datetime | None = None) -> list[Path]:
    """The Parquet files of Notice rows that count, oldest crawl first, of one source or of all.

    Where a crawl was parsed again, the newest re-parse stands for the original.
    """
    records = [record for record in crawl_records(home) if as_of is None or record.as_of <= as_of]
    return _files(home, records, source_id)


def _files(home: Path, records: list[CrawlRecord], source_id: str | None) -> list[Path]:
    folders = [home / "notices" / source_id] if source_id else sorted((home / "notices").glob("*/"))
    versions: dict[tuple[str, str], list[Path]] = {}
    for folder in folders:
        for path in folder.glob("[!.]*.parquet"):
            versions.setdefault((path.name.partition(".")[0], folder.name), []).append(path)
    order = {record.crawl_id: position for position, record in enumerate(records)}
    counted = sorted((key for key in versions if key[0] in order), key=lambda key: (order[key[0]], key[1]))
    return [max(versions[key], key=_version) for key in counted]


def _version(path: Path) -> tuple[tuple[int, ...], int]:
    """Originals first, then re-parses by the numbers of their parser version, then by age."""
    version = path.name.partition(".")[2].removesuffix("parquet").partition("+")[0]
    return tuple(int(number) for number in re.findall(r"\d+", version)), path.stat().st_mtime_ns


def latest_notices(home: Path, as_of: datetime | None = None) -> list[Notice]:
    """The newest notice of every item, by item_id."""
    newest: dict[str, Notice] = {}
    for notice in read_records(notice_files(home, as_of=as_of), Notice):
        newest[notice.item_id] = notice
    return [newest[item_id] for item_id in sorted(newest)]


def newest_notice(
    home: Path, source_id: str, item_key: str, as_of: datetime, before: str | None = None
) -> Notice | None:
    """The newest notice of one item at ``as_of``; with ``before``, only from crawls that came before that crawl."""
    for path in reversed(_files(home, _records_until(home, as_of, before), source_id)):
        for notice in read_records([path], Notice):
            if notice.item_key == item_key:
                return notice
    return None


def _records_until(home: Path, as_of: datetime, before: str | None) -> list[CrawlRecord]:
    records = [record for record in crawl_records(home) if record.as_of <= as_of]
    ids = [record.crawl_id for record in records]
    return records[: ids.index(before)] if before in ids else records


def known_items(home: Path, source_id: str, as_of: datetime, before: str | None = None) -> Known:
    """What is known of a source at ``as_of``; with ``before``, only from crawls that came before that crawl."""
    records = _records_until(home, as_of, before)
    hashes: dict[str, str] = {}
    parents: dict[str, list[str]] = {}
    modified: datetime | None = None
    for path in _files(home, records, source_id):
        table = pq.read_table(path, columns=["item_key", "parent_key", "content_sha256", "modified_at"])
        for row in table.to_pylist():
            hashes[row["item_key"]] = row["content_sha256"]
            cut = parents.setdefault(row["parent_key"], []) if row["parent_key"] else None
            if cut is not None and row["item_key"] not in cut:
                cut.append(row["item_key"])
            if row["modified_at"] and (modified is None or row["modified_at"] > modified):
                modified = row["modified_at"]
    good = [
        result
        for record in records
        for result in record.results
        if result.source_id == source_id and result.outcome in GOOD
    ]
    return Known(hashes, parents, modified, good[-1] if good else None)
