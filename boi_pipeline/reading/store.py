"""What was read is kept, and not read again: readings and drafts of a home as Parquet files.

A reading's key is (notice_id, input_hash, reader, reader_version). New ones are written in batches, one file each, never
overwritten; a run killed in between loses at most the batch not yet written. How a notice is read belongs to the readers.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2b
from itertools import chain, islice
from pathlib import Path
from typing import Protocol

import pyarrow.parquet as pq
from ulid import ULID

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.drafting import DRAFTER, DRAFTER_VERSION, draft, draft_hash
from boi_pipeline.reading.proof import prove
from boi_pipeline.reading.reader import Reader
from boi_pipeline.records import Draft, Reading, reading_input
from boi_pipeline.settings import Home
from scrapers.notice import Notice
from scrapers.tabular import read_records, write_records

BATCH = 500  # readings a file: what is held in memory at once
MANY = 400  # unread notices, from which on an executor's start pays
READERS = ("offline", "llm")

Key = tuple[str, str, str, str]  # notice_id, input_hash, reader, reader_version


@dataclass
class ReadSummary:
    """What one run read: counts of notices, of fields taken out for want of proof, and of what the LLM did not answer."""

    read: int = 0
    reused: int = 0
    drafted: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unclear: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)  # kind → notices read by the fallback instead
    failed: list[str] = field(default_factory=list)  # the first of them: "item_id: why"
    calls: int = 0  # answers paid for
    tokens: int = 0
    cost_micro_usd: int = 0

    def count(self, reading: Reading) -> None:
        """Count a new reading."""
        self.read += 1
        self.dropped.update(reading.dropped)
        self.unclear.update(reading.unclear)
        if reading.failure:
            self.failures[reading.failure.partition(":")[0]] += 1
            if len(self.failed) < 20:
                self.failed.append(f"{reading.item_id}: {reading.failure}")


class Drafter(Protocol):
    """Who drafts Spanish texts from readings. ``version`` changes when texts may."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def draft_all(self, pairs: Iterable[tuple[Reading, Notice]], context: ReadingContext) -> Iterator[Draft]:
        """Drafts of the readings for which there is one, in their order."""
        ...


def reading_key(reading: Reading) -> Key:
    """The key of a reading."""
    return reading.notice_id, reading.input_hash, reading.reader, reading.reader_version


def read_new(
    home: Home,
    notices: Iterable[Notice],
    context: ReadingContext,
    reader: Reader,
    workers: Callable[[], AbstractContextManager[Executor]] | None = None,
    progress: Callable[[int], None] | None = None,
    *,
    not_again: Callable[[Reading], bool] | None = None,
    after_batch: Callable[[], None] | None = None,
) -> ReadSummary:
    """Read the notices that this reader's version has not read yet and keep their readings and template drafts.

    ``workers`` opens an executor, which is asked for only where there is ``MANY`` to read: processes take seconds to start.
    ``progress`` is called with the number read so far. Running again with nothing new reads and writes nothing; where only
    the drafter has a new version, what was read is drafted again. What another version of this reader has read is not read
    again where ``not_again`` says so of that reading. A reading by the fallback leaves its notice to be read next time.
    """
    stage = _Stage(home, context, reader, not_again)
    waiting = stage.unread(notices)
    first = list(islice(waiting, MANY))
    with workers() if workers and len(first) == MANY else nullcontext() as executor:
        readings = reader.read_all(chain(first, waiting), context, executor)
        while batch := list(islice(readings, BATCH)):
            stage.keep(batch)
            if progress:
                progress(stage.summary.read)
            if after_batch:
                after_batch()
    stage.draft_again()
    return stage.summary


class _Stage:
    """One run of reading in a home: what is known, what is new, and writing it batch by batch."""

    def __init__(
        self, home: Home, context: ReadingContext, reader: Reader, not_again: Callable[[Reading], bool] | None
    ) -> None:
        self.home, self.context, self.reader = home, context, reader
        self.summary = ReadSummary()
        self._known = {one for name in READERS for one in _known_readings(home, name)}
        drafted = _known_drafts(home, DRAFTER, DRAFTER_VERSION)
        self._drafted = {_digest(*key) for key in drafted}
        self._with_draft = {_digest(notice_id) for notice_id, _ in drafted}
        self._settled = _settled(home, reader, not_again) if not_again else set()
        self._open: dict[str, Notice] = {}  # handed to the reader, not yet kept
        self._undrafted: dict[Key, Notice] = {}

    def unread(self, notices: Iterable[Notice]) -> Iterator[Notice]:
        """The notices that are to be read, each once."""
        for notice in notices:
            given = reading_input(notice, self.context.context_hash)
            key = (notice.notice_id, given, self.reader.name, self.reader.version)
            if _digest(*key) in self._known:
                self.summary.reused += 1
                if _digest(notice.notice_id) not in self._with_draft:
                    self._undrafted[key] = notice
            elif _digest(notice.notice_id) in self._settled:
                self.summary.reused += 1
            elif notice.notice_id not in self._open:
                self._open[notice.notice_id] = notice
                yield notice

    def keep(self, batch: list[Reading]) -> None:
        """Let a batch of readings through the gate and write it, its template drafts first."""
        name = f"{ULID()}.parquet"
        drafts: list[Draft] = []
        new: dict[str, list[Reading]] = {reader: [] for reader in READERS}
        for read in batch:
            notice = self._open.pop(read.notice_id)
            reading = prove(read, notice, self.context)
            self.summary.count(reading)
            key = _digest(*reading_key(reading))
            if key not in self._known:
                self._known.add(key)
                new[reading.reader].append(reading)
            text = draft(reading, notice, self.context)
            if (drafted := _digest(text.notice_id, text.input_hash)) not in self._drafted:
                self._drafted.add(drafted)
                drafts.append(text)
        if drafts:  # drafts first: a reading that counts always has its draft
            write_records(self.home.drafts / DRAFTER / name, drafts, Draft, "drafts")
        for reader, readings in new.items():
            if readings:
                write_records(self.home.readings / reader / name, readings, Reading, "readings")
        self.summary.drafted += len(drafts)

    def draft_again(self) -> None:
        """Draft what was read before and has no draft of the present drafter."""
        if not self._undrafted:
            return
        old = [one for one in load_readings(self.home) if reading_key(one) in self._undrafted]
        again = [draft(one, self._undrafted[reading_key(one)], self.context) for one in old]
        write_records(self.home.drafts / DRAFTER / f"{ULID()}.parquet", again, Draft, "drafts")
        self.summary.drafted += len(again)


def load_readings(home: Home) -> list[Reading]:
    """Every reading kept, of every reader and version, by key; the same key once."""
    readings = {reading_key(reading): reading for reading in read_records(_files(home.readings, READERS), Reading)}
    return [readings[key] for key in sorted(readings)]


def load_drafts(home: Home) -> list[Draft]:
    """Every draft kept, of every drafter and version, by notice; the same once."""
    drafts = {
        (d.notice_id, d.input_hash, d.drafter, d.drafter_version): d
        for d in read_records(_files(home.drafts, (DRAFTER, "llm")), Draft)
    }
    return [drafts[key] for key in sorted(drafts)]


def draft_of(reading: Reading, context: ReadingContext, drafts: Iterable[Draft]) -> Draft | None:
    """The newest template draft written from exactly these facts."""
    wanted = draft_hash(reading, context)
    return next((d for d in drafts if d.notice_id == reading.notice_id and d.input_hash == wanted), None)


def draft_new(home: Home, pairs: Iterable[tuple[Reading, Notice]], context: ReadingContext, drafter: Drafter) -> int:
    """Draft the readings this drafter's version has no draft of yet; the number of drafts made."""
    drafted = _known_drafts(home, drafter.name, drafter.version)
    wanted = (pair for pair in pairs if (pair[0].notice_id, draft_hash(pair[0], context)) not in drafted)
    drafts, count = drafter.draft_all(wanted, context), 0
    while batch := list(islice(drafts, BATCH)):
        write_records(home.drafts / drafter.name / f"{ULID()}.parquet", batch, Draft, "drafts")
        count += len(batch)
    return count


def _files(folder: Path, names: Iterable[str]) -> list[Path]:
    found = (path for name in names for path in (folder / name).glob("*.parquet"))
    return sorted(found, key=lambda path: (path.name, path.parent.name))


def _digest(*parts: str) -> bytes:
    """Sixteen bytes for a key: what is known of a hundred thousand notices stays small."""
    return blake2b("\0".join(parts).encode("utf-8"), digest_size=16).digest()


def _known_readings(home: Home, reader: str) -> Iterator[bytes]:
    for path in sorted((home.readings / reader).glob("*.parquet")):
        table = pq.read_table(path, columns=["notice_id", "input_hash", "reader", "reader_version"])
        for key in zip(*(column.to_pylist() for column in table.columns), strict=True):
            yield _digest(*key)


def _settled(home: Home, reader: Reader, not_again: Callable[[Reading], bool]) -> set[bytes]:
    """Notices another version of this reader has read, and that need not be read again."""
    found: set[bytes] = set()
    for path in sorted((home.readings / reader.name).glob("*.parquet")):
        others = [one for one in read_records([path], Reading) if one.reader_version != reader.version]
        found |= {_digest(one.notice_id) for one in others if not_again(one)}
    return found


def closed_before(reading: Reading, day: date) -> bool:
    """Whether every deadline of a reading lies before a day."""
    return bool(reading.deadlines) and all(deadline.close_date < day for deadline in reading.deadlines)


def _known_drafts(home: Home, drafter: str, version: str) -> set[tuple[str, str]]:
    keys: set[tuple[str, str]] = set()
    for path in sorted((home.drafts / drafter).glob("*.parquet")):
        table = pq.read_table(path, columns=["notice_id", "input_hash", "drafter_version"])
        for notice, given, told in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if told == version:
                keys.add((notice, given))
    return keys
