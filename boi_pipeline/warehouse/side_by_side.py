"""Work over one DuckDB file, side by side: each piece on a connection of its own, once what it waits for is done.

DuckDB divides one statement among its threads by blocks of rows, so that over small tables, sorts and windows a second
core would wait. What the work is belongs to the caller.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, Self, TypeVar

import duckdb

from boi_pipeline.warehouse.engine import THREADS, beside

LOG = 1 << 30
"""Bytes of DuckDB's log from which on nothing is begun until it is written into the file: that waits for all to be done."""
AHEAD = 2
"""Pieces of work a place that are begun or wait: more than places, for when the caller is busy."""
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Work(Generic[Result]):
    """What makes a result on the connection it is given, a way that takes longer and less memory, and the share of the
    memory that is taken meanwhile."""

    do: Callable[[duckdb.DuckDBPyConnection], Result]
    sparing: Callable[[duckdb.DuckDBPyConnection], Result]
    share: float = 0.0


class SideBySide(Generic[Item, Result]):
    """Results of items, each begun when those it waits for have theirs. Use as a context manager.

    ``items``: name → item, in an order in which each follows what it waits for; ``waits_for``: the names of those (what
    does not come before it in ``items`` is not waited for). ``begin`` is asked in the caller's thread, and gives the result or the work
    that makes it; ``failed`` makes the result of an item whose work raised. As many are under way as DuckDB has threads, and no more than
    have room together. Work that finds no memory is done once more, alone and sparingly.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        items: Mapping[str, Item],
        waits_for: Callable[[Item], Collection[str]],
        begin: Callable[[Item], Result | Work[Result]],
        failed: Callable[[Item, Exception], Result],
    ) -> None:
        self._connection, self._items = connection, items
        self._begin, self._failed = begin, failed
        ((path,),) = connection.execute(
            "select path from duckdb_databases() where database_name = current_database()"
        ).fetchall()
        self._log = Path(f"{path}.wal")
        place = {name: number for number, name in enumerate(items)}
        self._ready: dict[str, Work[Result]] = {}
        self._waiting = {
            name: [one for one in waits_for(item) if place.get(one, len(place)) < place[name]]
            for name, item in items.items()
        }
        self._waited_for: dict[str, set[str]] = {name: set() for name in items}
        for name in reversed(self._waiting):
            for one in self._waiting[name]:
                self._waited_for[one] |= {name} | self._waited_for[name]
        self._running: dict[Future[Result], tuple[str, Work[Result]]] = {}
        self._alone: list[tuple[str, Work[Result]]] = []
        self._done: dict[str, Result] = {}
        self._all: list[duckdb.DuckDBPyConnection] = []
        self._free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

    def __enter__(self) -> Self:
        for _ in range(THREADS):
            own = beside(self._connection)
            self._all.append(own)
            self._free.put(own)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="warehouse")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        under_way = [one for one in self._running if not one.cancelled()]
        while wait(under_way, timeout=0.1).not_done:  # whoever asked has gone; between two statements nothing hears
            for own in self._all:
                own.interrupt()
        self._pool.shutdown()
        for own in self._all:
            own.close()

    def results(self) -> Iterator[Result]:
        """The result of every item, in their order, whatever was done first."""
        for name in self._items:
            while name not in self._done:
                self._go_on()
            yield self._done[name]

    def done(self, name: str) -> Result | None:
        """The result of an item that has one."""
        return self._done.get(name)

    def _go_on(self) -> None:
        """Begin what can be begun, and wait for one of those under way."""
        if not self._alone and not self._is_log_long():
            self._begin_ready()
        elif not self._running and self._alone:
            name, work = self._alone.pop()
            self._take(name, lambda: work.sparing(self._connection))
        elif not self._running:
            self._connection.execute("checkpoint")
        if self._running:
            finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in finished:
                name, work = self._running.pop(future)
                if isinstance(future.exception(), duckdb.OutOfMemoryException):
                    self._alone.append((name, work))
                else:
                    self._take(name, future.result)

    def _is_log_long(self) -> bool:
        return self._log.is_file() and self._log.stat().st_size > LOG

    def _begin_ready(self) -> None:
        for name, before in list(self._waiting.items()):
            if any(one not in self._done for one in before):
                continue
            del self._waiting[name]
            begun = self._begin(self._items[name])
            if isinstance(begun, Work):
                self._ready[name] = begun
            else:
                self._done[name] = begun
        for name, work in sorted(self._ready.items(), key=lambda one: -len(self._waited_for[one[0]])):
            taken = sum(other.share for _, other in self._running.values())
            if not self._running or (len(self._running) < AHEAD * len(self._all) and taken + work.share <= 1):
                del self._ready[name]
                self._running[self._pool.submit(self._on_a_free_connection, work)] = (name, work)

    def _on_a_free_connection(self, work: Work[Result]) -> Result:
        own = self._free.get()
        try:
            return work.do(own)
        finally:
            self._free.put(own)

    def _take(self, name: str, result: Callable[[], Result]) -> None:
        try:
            self._done[name] = result()
        except Exception as error:  # noqa: BLE001  # what it means is the caller's to say
            self._done[name] = self._failed(self._items[name], error)
