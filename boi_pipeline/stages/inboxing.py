"""The inbox of a home: what waits in it, and importing it under the home's lock.

What a file says, and where it goes, belongs to ``achieved``.
"""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from boi_pipeline.achieved.inbox import Dropped, Result, dropped, free_place, take_in
from boi_pipeline.achieved.taking import Context
from boi_pipeline.stages.run import Run
from scrapers.files import atomic_path


def waiting(run: Run, now: datetime) -> list[Dropped]:
    """The files in the inbox at ``now``, by the clock."""
    return dropped(run.home.inbox, now)


def take(run: Run, now: datetime, only: list[str] | None = None) -> Iterator[Result]:
    """Take in the files that are ready at ``now``, or those named. Raises HomeLocked."""
    run.hold("inbox")
    yield from take_in(Context(run.entity, run.home, run.as_of), now, only)


def bring(run: Run, file: Path) -> str:
    """Copy a file from elsewhere into the inbox, whole or not at all; give its name there. Raises OSError."""
    run.home.inbox.mkdir(parents=True, exist_ok=True)
    place = free_place(run.home.inbox, file.name)
    with atomic_path(place, "inbox-copy") as temporary:
        shutil.copyfile(file, temporary)
    return place.name
