"""Starting a crawl from another program: one child process for all sources, one result at a time.

Scrapy's reactor cannot start twice in a process, so the crawl is a child (``scrapers.crawl_child``). It is given its job
on standard input, answers with one JSON line a source, ends when its input closes, and is terminated when whoever
reads the results stops. It may be started before there is a job (``start_ahead``), so that Scrapy is imported while other
things are done. Importing this costs no Scrapy. What the child does is its own.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import IO, Any, ClassVar

from pydantic import ConfigDict, TypeAdapter
from ulid import ULID

from scrapers.archive import capture_path, crawl_path, crawl_records, notice_path
from scrapers.loader import load_source, load_sources
from scrapers.notice import Notice
from scrapers.outcome import CrawlRecord, SourceResult
from scrapers.recheck import Target, targets_of
from scrapers.tabular import read_records, write_records
from scrapers.yamlfile import ConfigError

TAIL = 2000  # bytes of the log that a failure shows


class CrawlFailed(Exception):
    """The child ended without a crawl record; the text says how and where its log is."""


@dataclass(frozen=True)
class CrawlJob:
    """Everything a crawl needs to know; it reads no environment."""

    __pydantic_config__: ClassVar = ConfigDict(hide_input_in_errors=True)  # it may hold secrets

    home: Path  # the entity's folder of state
    sources_folder: Path
    source_ids: list[str] | None  # None: every source of the folder
    as_of: datetime  # UTC
    languages: list[str]
    user_agent: str
    web_folder: Path | None = None  # the entity's own web
    web_suffix: str | None = None
    web_days: list[str] = field(default_factory=list)  # folder names, later ones on top
    rechecks: list[Target] | None = None  # visit these pages and links, instead of what the sources list
    replay: str | None = None  # a crawl_id: from its captures, without network
    politeness: bool = True  # False: no delays (tests against servers of one's own)
    settings: dict[str, Any] = field(default_factory=dict)  # further Scrapy settings
    secrets: dict[str, str] = field(default_factory=dict, repr=False)  # variables that sources name → their values
    crawl_id: str | None = None  # filled in when the crawl starts
    notices_file: Path | None = None  # a replay's notices go here and nothing else is written

    def to_json(self) -> str:
        """One line."""
        return _JOB.dump_json(self).decode()


_JOB = TypeAdapter(CrawlJob)


def job_from_json(text: str | bytes) -> CrawlJob:
    """The job of a line. Raises pydantic.ValidationError."""
    return _JOB.validate_json(text)


class Crawl:
    """A crawl that starts when it is iterated; afterwards ``record`` is what was written."""

    def __init__(self, job: CrawlJob, inherit_fds: Sequence[int] = ()) -> None:
        self._ahead = None if job.crawl_id else _taken(job, tuple(inherit_fds))
        self.crawl_id = job.crawl_id or (self._ahead.crawl_id if self._ahead else str(ULID()))
        self.job = replace(job, crawl_id=self.crawl_id)
        self.inherit_fds = tuple(inherit_fds)
        self.record: CrawlRecord | None = None

    @property
    def log_path(self) -> Path:
        return _log_path(self.job.home, self.crawl_id, "replay" if self.job.replay else "crawl")

    def __iter__(self) -> Iterator[SourceResult]:
        """Each source's result as it comes.

        Raises ConfigError for a bad source file before anything runs, and CrawlFailed, after a ``failed`` result for
        every source without one, when the child ended early.
        """
        missing = self._source_ids()
        child = self._ahead.child if self._ahead else _start(self.log_path, self.job.secrets, self.inherit_fds)
        try:
            yield from self._results(child, missing)
            status = child.wait()
        finally:
            _end(child)
        path = crawl_path(self.job.home, self.crawl_id)
        if self.job.notices_file is None and path.is_file():
            self.record = CrawlRecord.model_validate_json(path.read_bytes())
        elif status or missing or self.job.notices_file is None:
            yield from self._lost(missing, status)
            raise CrawlFailed(
                f"the crawl ended early (exit {status}) without a record; its log: {self.log_path}\n{self._log_tail()}"
            )

    def _source_ids(self) -> dict[str, None]:
        known = [source.id for source in load_sources(self.job.sources_folder)]
        chosen = known if self.job.source_ids is None else self.job.source_ids
        if unknown := [source_id for source_id in chosen if source_id not in known]:
            problem = f"no source {unknown[0]!r}; there are: {', '.join(known) or 'none'}"
            raise ConfigError(self.job.sources_folder, None, "", problem)
        return dict.fromkeys(chosen)

    def _results(self, child: subprocess.Popen[bytes], missing: dict[str, None]) -> Iterator[SourceResult]:
        if child.stdin is None or child.stdout is None:
            raise CrawlFailed("the crawl has no pipes")
        try:
            child.stdin.write(self.job.to_json().encode() + b"\n")
            child.stdin.flush()
        except BrokenPipeError:
            return
        for line in child.stdout:
            if line.endswith(b"\n"):  # a child killed while writing leaves half a line
                result = SourceResult.model_validate_json(line)
                missing.pop(result.source_id, None)
                yield result

    def _lost(self, missing: dict[str, None], status: int) -> Iterator[SourceResult]:
        tail = " ".join(self._log_tail().split()[-40:])
        for source_id in missing:
            told = f"El rastreo terminó antes de tiempo (código {status}). {tail}"
            yield SourceResult(source_id=source_id, outcome="failed", detail=told[:500], error_count=1)

    def _log_tail(self) -> str:
        with open(self.log_path, "rb") as log:
            log.seek(max(0, os.fstat(log.fileno()).st_size - TAIL))
            return log.read().decode("utf-8", "replace").strip()


@dataclass(frozen=True)
class _Ahead:
    """A child that waits for its job."""

    crawl_id: str
    home: Path
    without: frozenset[str]  # variables that its environment lacks
    inherit_fds: tuple[int, ...]
    child: subprocess.Popen[bytes]


_AHEAD: list[_Ahead] = []


def start_ahead(home: Path, secrets: Collection[str], inherit_fds: Sequence[int] = ()) -> None:
    """Start the child of a later crawl of this home now: while it imports Scrapy, this process may do other things.

    ``secrets``: the variables that any source names. The next crawl that could have started such a child takes it; one
    that is never needed ends with this process, or with ``end_ahead``.
    """
    crawl_id = str(ULID())
    child = _start(_log_path(home, crawl_id), secrets, inherit_fds)
    _AHEAD.append(_Ahead(crawl_id, home, frozenset(secrets), tuple(inherit_fds), child))


def end_ahead() -> None:
    """End the children that no crawl has taken; nothing is left of them."""
    while _AHEAD:
        one = _AHEAD.pop()
        _end(one.child)
        _log_path(one.home, one.crawl_id).unlink(missing_ok=True)


def _taken(job: CrawlJob, inherit_fds: tuple[int, ...]) -> _Ahead | None:
    for one in _AHEAD:
        fits = (one.home, one.inherit_fds) == (job.home, inherit_fds) and one.without >= set(job.secrets)
        if fits and job.replay is None:
            _AHEAD.remove(one)
            return one
    return None


def _log_path(home: Path, crawl_id: str, kind: str = "crawl") -> Path:
    return home / "logs" / f"{kind}-{crawl_id}.log"


def _start(log_path: Path, secrets: Collection[str], inherit_fds: Sequence[int]) -> subprocess.Popen[bytes]:
    log_path.parent.mkdir(parents=True, exist_ok=True)
    with open(log_path, "wb") as log:
        environment = {name: value for name, value in os.environ.items() if name not in secrets}
        return start_child(log, environment, inherit_fds)


def start_child(log: IO[bytes], environment: dict[str, str], inherit_fds: Sequence[int]) -> subprocess.Popen[bytes]:
    """Start the child, its standard input and output as pipes, what it prints in ``log``."""
    return subprocess.Popen(
        [sys.executable, "-m", "scrapers.crawl_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        cwd=Path(__file__).resolve().parent.parent,
        env=environment,
        pass_fds=inherit_fds,
    )


def run_crawl(job: CrawlJob, inherit_fds: Sequence[int] = ()) -> Crawl:
    """A crawl of a job's sources: iterate it for the results; ``inherit_fds`` (a lock's, say) stay open in the child."""
    return Crawl(job, inherit_fds)


@dataclass(frozen=True)
class Replayed:
    """What a crawl's captures give today."""

    result: SourceResult
    notices: list[Notice]
    written: Path | None  # the file of the re-parse, where the parser has another version than the crawl's


def replay(
    home: Path,
    source_id: str,
    crawl_id: str,
    *,
    sources_folder: Path,
    languages: list[str],
    web_suffix: str | None = None,
) -> Replayed:
    """Parse a crawl of one source again from its captures, without network.

    With another parser version than the crawl's, the notices are kept beside its own and stand for them from then
    on; with the same version nothing is written. Raises ConfigError, CrawlFailed, FileNotFoundError where the
    captures are not there, and ValueError where the crawl does not count.
    """
    records = {record.crawl_id: record for record in crawl_records(home)}
    if crawl_id not in records:
        raise ValueError(f"no crawl {crawl_id} in {home / 'crawls'}")
    source = load_source(sources_folder / f"{source_id}.yaml")
    if source.access and source.access.login:
        raise ValueError(f"{source_id}: pages behind a login are not archived; they cannot be replayed")
    if not capture_path(home, source_id, crawl_id).is_file():
        raise FileNotFoundError(f"{capture_path(home, source_id, crawl_id)}: no captures of {source_id} in that crawl")
    record = records[crawl_id]
    rechecks = targets_of(home, record, source_id) if record.rechecks else None
    with tempfile.TemporaryDirectory() as folder:
        job = CrawlJob(
            home=home,
            sources_folder=sources_folder,
            source_ids=[source_id],
            as_of=record.as_of,
            languages=languages,
            user_agent="replay",
            web_suffix=web_suffix,
            rechecks=rechecks,
            replay=crawl_id,
            crawl_id=crawl_id,
            notices_file=Path(folder) / "notices.parquet",
        )
        (result,) = list(run_crawl(job))
        file = Path(folder) / "notices.parquet"
        notices = read_records([file], Notice) if file.is_file() else []
    written = None
    if result.parser_version != _parser_version(record, source_id) and result.outcome in ("ok", "unchanged"):
        written = notice_path(home, source_id, crawl_id, result.parser_version)
        write_records(written, notices, Notice, "notices")
    return Replayed(result, notices, written)


def _parser_version(record: CrawlRecord, source_id: str) -> str:
    """Of the spider that read a source in a crawl."""
    told = [*record.results, *record.rechecks]
    return next((one.parser_version for one in told if one.source_id == source_id), "")


def _end(child: subprocess.Popen[bytes]) -> None:
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(timeout=5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
