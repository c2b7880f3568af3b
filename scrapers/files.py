"""Writing files so that a reader, or a killed process, never sees half of one.

Every file the system keeps is written through ``atomic_path``: temporary name in the same folder, flush, rename.
Fault points let the tests stop the process at each of these boundaries. Nothing else belongs here.
"""

import hashlib
import os
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_passages: Counter[str] = Counter()


def fault_point(name: str) -> None:
    """Stop the process here (SIGKILL) when ``BOI_FAULT`` names it; note the passage in ``BOI_FAULT_TRACE``.

    A passage is ``<name>#<n>``, the nth time that this process comes by, counted from 1; a bare name is the first.
    """
    trace, fault = os.environ.get("BOI_FAULT_TRACE"), os.environ.get("BOI_FAULT")
    if not (trace or fault):
        return
    _passages[name] += 1
    passage = f"{name}#{_passages[name]}"
    if trace:
        with open(trace, "a", encoding="utf-8") as log:
            log.write(passage + "\n")
    if fault in (name, passage):
        os.kill(os.getpid(), signal.SIGKILL)


def file_sha256(path: Path) -> str:
    """sha256 of a file, in hex, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fsync_folder(folder: Path) -> None:
    """Make a rename inside ``folder`` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def atomic_path(path: Path, label: str) -> Iterator[Path]:
    """Give a temporary path beside ``path``; on success flush it and rename it into place.

    ``label`` names the boundary for the fault points ``<label>:written`` and ``<label>:renamed``. On an exception
    the temporary file is removed and ``path`` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        with open(temporary, "rb") as written:
            os.fsync(written.fileno())
        fault_point(f"{label}:written")
        os.replace(temporary, path)
        fsync_folder(path.parent)
        fault_point(f"{label}:renamed")
    finally:
        temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that killed processes left below ``folder``. Only its one writer may call this."""
    for path in list(folder.rglob(".*.tmp")):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def write_text(path: Path, text: str, label: str) -> None:
    """Replace ``path`` by UTF-8 ``text``, whole or not at all."""
    with atomic_path(path, label) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")


class PendingFolder:
    """A folder in the making. ``keep_as`` gives it its name; without that it is removed."""

    def __init__(self, path: Path, label: str) -> None:
        self.path = path
        self._label = label

    def keep_as(self, path: Path) -> None:
        """Flush the files and rename the folder into place. ``path`` must not exist yet, and stands beside this folder."""
        for file in self.path.rglob("*"):
            if file.is_file():
                with open(file, "rb") as written:
                    os.fsync(written.fileno())
        fault_point(f"{self._label}:written")
        os.rename(self.path, path)
        fsync_folder(path.parent)
        fault_point(f"{self._label}:renamed")


@contextmanager
def pending_folder(parent: Path, name: str, label: str) -> Iterator[PendingFolder]:
    """Give a temporary folder in ``parent`` whose final name is known only when it is written.

    ``label`` names the boundary for the fault points ``<label>:written`` and ``<label>:renamed``.
    """
    parent.mkdir(parents=True, exist_ok=True)
    temporary = parent / f".{name}.{os.getpid()}.tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        yield PendingFolder(temporary, label)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


@contextmanager
def atomic_folder(path: Path, label: str) -> Iterator[Path]:
    """Give a temporary folder beside ``path``; on success flush its files and rename it into place.

    ``path`` must not exist yet: folders written this way are immutable, or are swapped by their caller.
    """
    with pending_folder(path.parent, path.name, label) as pending:
        yield pending.path
        pending.keep_as(path)


@contextmanager
def swapped_folder(path: Path, label: str) -> Iterator[Path]:
    """Give a new folder; on success make the symlink ``path`` lead to it and remove the one it led to.

    A reader that opened a file keeps it; one that opens the next sees the old or the new folder, whole. The folders
    stand beside the link as ``.<name>.<number>``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = [int(old.name.rpartition(".")[2]) for old in path.parent.glob(f".{path.name}.*[0-9]") if old.is_dir()]
    target = path.parent / f".{path.name}.{max(numbers, default=0) + 1}"
    with atomic_folder(target, label) as temporary:
        yield temporary
    replace_symlink(path, target.name, f"{label}-link")
    for old in path.parent.glob(f".{path.name}.*"):
        if old != target:
            shutil.rmtree(old)


def replace_symlink(link: Path, target: str, label: str) -> None:
    """Point ``link`` at ``target`` by rename, so that readers see the old or the new target and never none."""
    temporary = link.with_name(f".{link.name}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    fault_point(f"{label}:written")
    os.replace(temporary, link)
    fsync_folder(link.parent)
    fault_point(f"{label}:renamed")
