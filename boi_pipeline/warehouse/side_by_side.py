"""Work over one DuckDB file, side by side: each piece on a connection of its own, once what it waits for is done.

DuckDB divides one statement among its threads by blocks of rows, so that over small tables, sorts and windows a second
core would wait. What the work is belongs to the caller.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Generic, Self, TypeVar

import duckdb

from boi_pipeline.warehouse.engine import THREADS

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Work(Generic[Result]):
    """What makes a result on the connection it is given, and a way that takes longer and less memory."""

    do: Callable[[duckdb.DuckDBPyConnection], Result]
    sparing: Callable[[duckdb.DuckDBPyConnection], Result]


class SideBySide(Generic[Item, Result]):
    """Results of items, each begun when those it waits for have theirs. Use as a context manager.

    ``items``: name → item, in an order in which each follows what it waits for; ``waits_for``: the names of those (what
    does not come before it in ``items`` is not waited for). ``begin`` is asked in the caller's thread, and gives the result or the work
    that makes it; ``failed`` makes the result of an item whose work raised. Work that finds no memory is
    done once more, alone and sparingly.
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
        place = {name: number for number, name in enumerate(items)}
        self._waiting = {
            name: [one for one in waits_for(item) if place.get(one, len(place)) < place[name]]
            for name, item in items.items()
        }
        self._running: dict[Future[Result], tuple[str, Work[Result]]] = {}
        self._alone: list[tuple[str, Work[Result]]] = []
        self._done: dict[str, Result] = {}
        self._all: list[duckdb.DuckDBPyConnection] = []
        self._free: SimpleQueue[duckdb.DuckDBPyConnection] = SimpleQueue()

    def __enter__(self) -> Self:
        for _ in range(THREADS):
            own = self._connection.cursor()
            own.execute("set TimeZone = 'UTC'")  # of a connection, not of the file
            self._all.append(own)
            self._free.put(own)
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="warehouse")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for future in self._running:
            future.cancel()
        if kind is not None:  # whoever asked has gone: what is under way is not waited for to its end
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
        if not self._alone:
            self._begin_ready()
        elif not self._running:
            name, work = self._alone.pop()
            self._take(name, lambda: work.sparing(self._connection))
        if self._running:
            finished, _ = wait(self._running, return_when=FIRST_COMPLETED)
            for future in finished:
                name, work = self._running.pop(future)
                if isinstance(future.exception(), duckdb.OutOfMemoryException):
                    self._alone.append((name, work))
                else:
                    self._take(name, future.result)

    def _begin_ready(self) -> None:
        for name, before in list(self._waiting.items()):
            if any(one not in self._done for one in before):
                continue
            del self._waiting[name]
            begun = self._begin(self._items[name])
            if isinstance(begun, Work):
                self._running[self._pool.submit(self._on_a_free_connection, begun)] = (name, begun)
            else:
                self._done[name] = begun

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
