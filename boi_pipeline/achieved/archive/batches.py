"""The batches of the archive in a home: what each took in, undoing one, and confirming what a machine read of a PDF.

    archive/<batch>.json                        what file it was, by which mapping
    archive/<batch>.parquet                     its rows, those that wait for a person too
    notices/archive_…/<batch>[.<n>].parquet     the notices of the rows that count
    crawls/<batch>.json                         the batch counts when this exists, as a crawl does

A batch is a crawl that visited no source. Undoing renames its record, confirming writes its notices anew beside the old, as
a later re-parse does: each is one rename. Nothing is ever deleted.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from boi_pipeline.achieved.archive.mapping import ArchiveSource
from boi_pipeline.achieved.archive.notices import notice_of
from boi_pipeline.achieved.archive.rows import ArchivedRow
from boi_pipeline.records import ArchivedPublication
from boi_pipeline.settings import Home
from scrapers.archive import crawl_path, notice_path
from scrapers.files import atomic_path, fsync_folder
from scrapers.notice import Notice, item_id
from scrapers.outcome import CrawlRecord
from scrapers.source import ARCHIVE, Source
from scrapers.tabular import read_records, write_records

Place = tuple[str, date | None, str]
"""What is one publication: item_id, day of the edition, channel."""


class BatchError(Exception):
    """There is no such batch, or it cannot do what was asked."""


class Batch(BaseModel):
    """A file of the archive that was taken in, whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    batch_id: str  # a ULID, and the crawl_id of its notices
    file_name: str
    file_sha256: str
    source: ArchiveSource
    is_confirmed: bool  # false: read by a machine from a PDF; each row waits for a person
    taken_at: datetime  # by the entity's clock
    row_count: int
    refused_count: int


@dataclass(frozen=True)
class Kept:
    """A batch with its rows, those that count and those that wait."""

    batch: Batch
    rows: list[ArchivedRow]
    confirmed: frozenset[str]  # item_ids whose notices count

    def item_id(self, row: ArchivedRow) -> str:
        return item_id(self.batch.source.id, row.item_key)

    @property
    def waiting(self) -> list[ArchivedRow]:
        """The rows that no person has confirmed."""
        return [row for row in self.rows if self.item_id(row) not in self.confirmed]

    @property
    def places(self) -> set[Place]:
        return {(self.item_id(row), row.edition_date, row.channel) for row in self.rows}


def keep(home: Home, batch: Batch, rows: list[ArchivedRow]) -> None:
    """Take a batch in: its rows, its notices, and at last the record that makes it count."""
    write_records(home.archive / f"{batch.batch_id}.parquet", rows, ArchivedRow, "archive")
    with atomic_path(home.archive / f"{batch.batch_id}.json", "archive") as temporary:
        temporary.write_text(batch.model_dump_json(indent=1) + "\n", encoding="utf-8")
    _write_notices(home, batch, rows if batch.is_confirmed else [], version=None)
    record = CrawlRecord(crawl_id=batch.batch_id, as_of=batch.taken_at, finished_at=batch.taken_at, results=[])
    with atomic_path(crawl_path(home.folder, batch.batch_id), "archive") as temporary:
        temporary.write_text(record.model_dump_json() + "\n", encoding="utf-8")


def batches(home: Home, as_of: datetime | None = None) -> list[Batch]:
    """The batches that count, of those taken in by ``as_of``; oldest first."""
    found = [Batch.model_validate_json(path.read_bytes()) for path in sorted(home.archive.glob("[!.]*.json"))]
    return [
        one
        for one in found
        if crawl_path(home.folder, one.batch_id).is_file() and (as_of is None or one.taken_at <= as_of)
    ]


def kept(home: Home, batch: Batch) -> Kept:
    """A batch with its rows."""
    rows = read_records([home.archive / f"{batch.batch_id}.parquet"], ArchivedRow)
    versions = _versions(home, batch)
    notices = read_records([versions[max(versions)]], Notice)
    return Kept(batch, rows, frozenset(one.item_id for one in notices))


def find(home: Home, batch_id: str) -> Kept:
    """The batch that an id, or the beginning of one, names. Raises BatchError."""
    found = [one for one in batches(home) if one.batch_id.startswith(batch_id.upper())]
    if len(found) != 1:
        why = "no batch begins so" if not found else f"{len(found)} batches begin so"
        raise BatchError(f"{batch_id}: {why}; see them with `boi archive list`")
    return kept(home, found[0])


def confirm(home: Home, batch_id: str, numbers: Iterable[int] = ()) -> list[ArchivedRow]:
    """Let rows that waited count, or all of them where none is named; give which. Raises BatchError."""
    own = find(home, batch_id)
    wanted, waiting = set(numbers), {row.row_number: row for row in own.waiting}
    if unknown := sorted(wanted - {row.row_number for row in own.rows}):
        raise BatchError(f"{batch_id}: has no row {', '.join(map(str, unknown))}; see them with `boi archive show`")
    chosen = [row for number, row in waiting.items() if not wanted or number in wanted]
    if chosen:
        counted = {own.item_id(row) for row in chosen} | own.confirmed
        rows = [row for row in own.rows if own.item_id(row) in counted]
        _write_notices(home, own.batch, rows, version=max(_versions(home, own.batch)) + 1)
    return chosen


def undo(home: Home, batch_id: str) -> Kept:
    """Take a batch back: its rows leave the tables with the next run, its codes are never used again. Raises BatchError."""
    own = find(home, batch_id)
    record = crawl_path(home.folder, own.batch.batch_id)
    os.replace(record, record.with_suffix(".undone"))
    fsync_folder(record.parent)
    return own


def published_before(home: Home, as_of: datetime) -> list[ArchivedPublication]:
    """What the batches say was published; a publication that two of them tell counts in the older."""
    seen: set[Place] = set()
    found = []
    for batch in batches(home, as_of):
        own = kept(home, batch)
        for row in own.rows:
            item = own.item_id(row)
            place = (item, row.edition_date, row.channel)
            if item in own.confirmed and place not in seen:
                seen.add(place)
                found.append(
                    ArchivedPublication(
                        batch_id=batch.batch_id,
                        row_number=row.row_number,
                        item_id=item,
                        edition_date=row.edition_date,
                        channel=row.channel,
                        address=row.post_url,
                    )
                )
    return found


def archive_sources(home: Home, as_of: datetime) -> list[Source]:
    """The sources of the batches, each as its newest batch names it."""
    told = {one.source.id: one.source for one in batches(home, as_of)}
    return [
        Source(
            id=one.id,
            name=one.name,
            platform=ARCHIVE,
            url=one.url,
            language=one.language,
            authority="aggregator",
            cadence="monthly",
            may_be_empty=True,
        )
        for one in told.values()
    ]


def _write_notices(home: Home, batch: Batch, rows: list[ArchivedRow], version: int | None) -> None:
    """One notice for each call, however many publications its rows tell: the first row's words."""
    first = {row.item_key: row for row in reversed(rows)}
    notices = [notice_of(first[key], batch.source, batch.batch_id, batch.taken_at) for key in sorted(first)]
    path = notice_path(home.folder, batch.source.id, batch.batch_id, str(version) if version else None)
    write_records(path, notices, Notice, "archive")


def _versions(home: Home, batch: Batch) -> dict[int, Path]:
    """The files of a batch's notices by their number; the first has none and is 0."""
    folder = notice_path(home.folder, batch.source.id, batch.batch_id).parent
    return {
        int(path.name.split(".")[1].removesuffix("parquet") or 0): path for path in folder.glob(f"{batch.batch_id}.*")
    }
