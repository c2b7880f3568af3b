"""An imported file as its readers see it: the terms that the inbox and the readers of files share.

A taker knows its files by their header alone. It writes the rows (``store.write_rows``) and returns the import; whoever
called it makes the import count (``store.keep``) once nothing can fail any more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from boi_pipeline.achieved.sheets import Sheet
from boi_pipeline.entity import Entity
from boi_pipeline.records import Import
from boi_pipeline.settings import Home

MAX_FAULTS = 200  # told one by one in a report


@dataclass(frozen=True)
class Context:
    """For whom a file is taken in, and when: ``as_of`` becomes ``imported_at``."""

    entity: Entity
    home: Home
    as_of: datetime


@dataclass(frozen=True)
class Handed:
    """A file to import. ``sha256`` is that of its bytes, ``name`` the one a person gave it."""

    path: Path
    sha256: str
    name: str


@dataclass(frozen=True)
class Fault:
    """A row set aside: where (row or line, from 1) and why, in Spanish. Never what a person wrote of themselves."""

    sheet: str
    number: int
    reason: str


@dataclass(frozen=True)
class Taken:
    """A file that was understood, its rows written. ``notes`` are for whoever handed it in, in Spanish.

    ``keeps_file`` is false where the file itself may name people: it is removed, not put with what is done.
    """

    record: Import
    faults: list[Fault] = field(default_factory=list)  # the first MAX_FAULTS; record.refused_count has them all
    notes: list[str] = field(default_factory=list)
    keeps_file: bool = True


@dataclass(frozen=True)
class Look:
    """How a file looks to one layout: what of its header is there, and what is missing. Nothing missing: it is one."""

    label: str  # what the team calls such a file
    found: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Taker:
    """A kind of file that can be taken in. ``look`` reads headers only; both raise SheetRefused.

    ``keeps_file`` is false where such files may name people: one that is refused is removed, not put aside.
    """

    name: str
    look: Callable[[list[Sheet], Entity], list[Look]]
    take: Callable[[Handed, Context], Taken]
    keeps_file: bool = True


def rows_in_words(count: int) -> str:
    """``1 fila``, ``2 filas``."""
    return f"{count} fila" if count == 1 else f"{count} filas"
