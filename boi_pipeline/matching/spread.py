"""Work of many pieces, done by other processes and by this one beside them.

What is done belongs to who asks; starting processes, to who hands them in.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

Piece = TypeVar("Piece")
Made = TypeVar("Made")

WAITING = 16  # pieces handed out or made before the first is awaited: memory stays flat


def spread(work: Callable[[Piece], Made], pieces: Iterable[Piece], helpers: Executor | None) -> Iterator[Made]:
    """What ``work`` makes of each piece, in their order. ``helpers`` are other processes; None where there are none."""
    if helpers is None:
        yield from map(work, pieces)
        return
    handed_out = len(os.sched_getaffinity(0))  # enough that none of the others waits
    made: deque[Future[Made]] = deque()
    for piece in pieces:
        if sum(not one.done() for one in made) < handed_out:
            made.append(helpers.submit(work, piece))
        else:  # they have enough to do: this process works too
            made.append(Future())
            made[-1].set_result(work(piece))
        while made and (made[0].done() or len(made) == WAITING):
            yield made.popleft().result()
    while made:
        yield made.popleft().result()
