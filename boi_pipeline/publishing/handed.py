"""What a bulletin is handed beside the ledger's records: facts about the machine, and files that the site carries.

Here: their types, and nothing of how they are shown. Who hands files over answers for that nothing in them was withdrawn.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class ReaderUse:
    """One reader version and how many notices it read."""

    reader: Literal["offline", "llm"]
    version: str
    notice_count: int


@dataclass(frozen=True)
class JudgeUse:
    """One version of the model that opines on doubtful pairs, and on how many its opinion stands."""

    version: str
    pair_count: int


@dataclass(frozen=True)
class Measured:
    """How often one thing was right."""

    what: str  # Spanish
    right: int
    of: int


@dataclass(frozen=True)
class Accuracy:
    """The kept figures of one reader version, on notices it had not seen."""

    version: str
    measured_on: date
    notice_count: int
    measured: list[Measured]


@dataclass(frozen=True)
class System:
    """What is known of the machine."""

    version: str
    revision: str | None = None
    readers: list[ReaderUse] = field(default_factory=list)
    judges: list[JudgeUse] = field(default_factory=list)
    ordering: list[str] = field(default_factory=list)  # the published rules, a Spanish sentence each
    accuracy: list[Accuracy] = field(default_factory=list)


@dataclass(frozen=True)
class AttachedFile:
    """One file of a set: its name under the folder, its size in bytes, its hash, and what is in it, in Spanish."""

    name: str
    size: int
    sha256: str
    title: str | None = None
    rows: int | None = None

    @property
    def suffix(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True)
class Attached:
    """A folder of files as of an instant (UTC). Two are equal when their files are: where they lie does not count."""

    as_of: datetime
    files: list[AttachedFile]
    folder: Path = field(compare=False)


@dataclass(frozen=True)
class Figure:
    """One measure of what the bulletin achieved: its name, what it counts, its value as it is written."""

    name: str
    about: str
    words: str | None  # None: nobody knows


@dataclass(frozen=True)
class Achieved:
    """What one kind of reporter told of a call. A count is None where nobody knows it; those ``reserved`` are known and not told.

    ``code`` is None for what is told of several calls together.
    """

    code: str | None
    reporter: str
    day: date  # the last that was told of
    counts: dict[str, int | None]  # referred_count … people_count
    reserved: list[str]


@dataclass(frozen=True)
class Results:
    """What the bulletin achieved as of an instant (UTC), without anything said of fewer than five people."""

    as_of: datetime
    funnel: list[Figure]  # from published to obtained, in this order
    shares: list[Figure]
    known: list[Figure]  # how much of it is known
    currency: str  # of the amounts in the funnel
    rows: list[Achieved] = field(default_factory=list)  # the newest first
    rate_sources: list[str] = field(default_factory=list)  # of the rates that turned amounts into that currency
