"""What was read is kept, and not read again: readings and drafts of a home as Parquet files.

A reading's key is (notice_id, input_hash, reader, reader_version). New ones are written in batches, one file each, never
overwritten; a run killed in between loses at most the batch not yet written. How a notice is read belongs to the readers.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow.parquet as pq
from ulid import ULID

from boi_pipeline.entity import Home
from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.drafting import DRAFTER, DRAFTER_VERSION, draft, draft_hash
from boi_pipeline.reading.proof import prove
from boi_pipeline.reading.reader import Reader
from boi_pipeline.records import Draft, Reading, reading_input
from scrapers.notice import Notice
from scrapers.tabular import read_records, write_records

BATCH = 2_000  # readings a file

Key = tuple[str, str, str, str]  # notice_id, input_hash, reader, reader_version


@dataclass
class ReadSummary:
    """What one run read: counts of notices, and of fields taken out for want of proof."""

    read: int = 0
    reused: int = 0
    drafted: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


def reading_key(reading: Reading) -> Key:
    """The key of a reading."""
    return reading.notice_id, reading.input_hash, reading.reader, reading.reader_version


def read_new(
    home: Home,
    notices: Iterable[Notice],
    context: ReadingContext,
    reader: Reader,
    executor: Executor | None = None,
    progress: Callable[[int], None] | None = None,
) -> ReadSummary:
    """Read the notices that this reader's version has not read yet and keep their readings and template drafts.

    ``progress`` is called with the number read so far. Running again with nothing new reads and writes nothing; where only
    the drafter has a new version, what was read is drafted again.
    """
    summary = ReadSummary()
    known = _known_readings(home, reader.name)
    drafted = _known_drafts(home)
    kept: dict[str, Notice] = {}
    reused: dict[Key, Notice] = {}

    def unread() -> Iterator[Notice]:
        for notice in notices:
            key = (notice.notice_id, reading_input(notice, context.context_hash), reader.name, reader.version)
            if key in known:
                summary.reused += 1
                reused[key] = notice
            else:
                known.add(key)
                kept[notice.notice_id] = notice
                yield notice

    readings = reader.read_all(unread(), context, executor)
    while batch := list(islice(readings, BATCH)):
        proved = [prove(reading, kept[reading.notice_id], context) for reading in batch]
        drafts = [draft(reading, kept.pop(reading.notice_id), context) for reading in proved]
        new = [one for one in drafts if (one.notice_id, one.input_hash) not in drafted]
        drafted.update((one.notice_id, one.input_hash) for one in new)
        name = f"{ULID()}.parquet"
        if new:  # drafts first: a reading that counts always has its draft
            write_records(home.drafts / DRAFTER / name, new, Draft, "drafts")
        write_records(home.readings / reader.name / name, proved, Reading, "readings")
        summary.read += len(proved)
        summary.drafted += len(new)
        summary.dropped.update(name for reading in proved for name in reading.dropped)
        if progress:
            progress(summary.read)
    with_draft = {notice_id for notice_id, _ in drafted}
    undrafted = {key: notice for key, notice in reused.items() if notice.notice_id not in with_draft}
    if undrafted:
        old = [one for one in load_readings(home) if reading_key(one) in undrafted]
        again = [draft(one, undrafted[reading_key(one)], context) for one in old]
        write_records(home.drafts / DRAFTER / f"{ULID()}.parquet", again, Draft, "drafts")
        summary.drafted += len(again)
    return summary


def load_readings(home: Home) -> list[Reading]:
    """Every reading kept, of every reader and version, by key; the same key once."""
    readings = {reading_key(reading): reading for reading in read_records(_files(home.readings), Reading)}
    return [readings[key] for key in sorted(readings)]


def load_drafts(home: Home) -> list[Draft]:
    """Every draft kept, of every drafter and version, by notice; the same once."""
    drafts = {
        (d.notice_id, d.input_hash, d.drafter, d.drafter_version): d for d in read_records(_files(home.drafts), Draft)
    }
    return [drafts[key] for key in sorted(drafts)]


def draft_of(reading: Reading, context: ReadingContext, drafts: Iterable[Draft]) -> Draft | None:
    """The newest template draft written from exactly these facts."""
    wanted = draft_hash(reading, context)
    return next((d for d in drafts if d.notice_id == reading.notice_id and d.input_hash == wanted), None)


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*/*.parquet"), key=lambda path: (path.name, path.parent.name))


def _known_readings(home: Home, reader: str) -> set[Key]:
    keys: set[Key] = set()
    for path in sorted((home.readings / reader).glob("*.parquet")):
        table = pq.read_table(path, columns=["notice_id", "input_hash", "reader", "reader_version"])
        keys.update(zip(*(column.to_pylist() for column in table.columns), strict=True))
    return keys


def _known_drafts(home: Home) -> set[tuple[str, str]]:
    keys: set[tuple[str, str]] = set()
    for path in sorted((home.drafts / DRAFTER).glob("*.parquet")):
        table = pq.read_table(path, columns=["notice_id", "input_hash", "drafter_version"])
        for notice, given, version in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if version == DRAFTER_VERSION:
                keys.add((notice, given))
    return keys
