"""What a reader is: the protocol of the offline and the LLM reader, and reading many notices.

No reader sees ``as_of``: the same notice and context always give the same reading. How a notice is read belongs to the
readers; what is kept of it, to ``store``.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import islice
from typing import Literal, Protocol

from boi_pipeline.reading.context import ReadingContext, context_of
from boi_pipeline.reading.proof import prove
from boi_pipeline.records import Reading
from scrapers.notice import Notice

__all__ = ["Reader", "ReadingContext", "context_of", "map_chunks", "read_chunk", "read_proved"]

CHUNK = 32  # notices handed to a worker at once
AHEAD = 8  # chunks handed out before the first answer is awaited: memory stays flat


class Reader(Protocol):
    """A reader: notice → Reading. ``version`` names rule set, prompt, schema or model, and changes when answers may."""

    @property
    def name(self) -> Literal["offline", "llm"]: ...

    @property
    def version(self) -> str: ...

    def read(self, notice: Notice, context: ReadingContext) -> Reading:
        """What the notice says. May propose more than it proves: ``read_proved`` is the gate."""
        ...

    def read_all(
        self, notices: Iterable[Notice], context: ReadingContext, executor: Executor | None
    ) -> Iterator[Reading]:
        """Proved readings, in the order of ``notices``."""
        ...


def read_proved(reader: Reader, notice: Notice, context: ReadingContext) -> Reading:
    """Read one notice and let only what is proved through (architecture §6): the way every reading is made."""
    return prove(reader.read(notice, context), notice, context)


def read_chunk(reader: Reader, notices: list[Notice], context: ReadingContext) -> list[Reading]:
    """``read_proved`` of several notices: what a worker is given."""
    return [read_proved(reader, notice, context) for notice in notices]


def map_chunks(
    reader: Reader, notices: Iterable[Notice], context: ReadingContext, executor: Executor | None
) -> Iterator[Reading]:
    """Proved readings of many notices in their order, through an executor; None reads here."""
    rest = iter(notices)
    if executor is None:
        for notice in rest:
            yield read_proved(reader, notice, context)
        return
    waiting: deque[Future[list[Reading]]] = deque()
    try:
        while chunk := list(islice(rest, CHUNK)):
            waiting.append(executor.submit(read_chunk, reader, chunk, context))
            if len(waiting) >= AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
