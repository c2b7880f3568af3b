"""One writer of a home at a time: a lock held by whoever writes captures … published, that names its holder.

The kernel frees it when the last process that inherited it ends, so a killed run never leaves it behind. The ledger
does not need it: editors work during a run.
"""

import fcntl
import json
import os
import platform
from pathlib import Path

_held: dict[Path, int] = {}


class HomeLocked(Exception):
    """Another run is writing this home; the text names it."""


def held(path: Path) -> int | None:
    """The descriptor of the lock where this process holds it."""
    return _held.get(path.resolve())


def hold(path: Path, holder: str) -> int:
    """Take the lock; it stays until ``release`` or the process ends.

    ``holder`` says in words who it is. Returns the descriptor a child process should inherit. Raises HomeLocked.
    """
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        told = os.pread(descriptor, 4096, 0).decode("utf-8", "replace")
        os.close(descriptor)
        try:
            other = json.loads(told)
            who = f"{other['holder']} (process {other['pid']})"
        except (ValueError, KeyError, TypeError):
            who = "another run"
        raise HomeLocked(
            f"{path.parent}: {who} is writing here. Wait until it ends, or stop it, and run again."
        ) from None
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps({"holder": holder, "pid": os.getpid()}).encode(), 0)
    _held[path] = descriptor
    return descriptor


def this_process() -> str:
    """This process, as ``is_alive`` knows it again: its machine and number."""
    return f"{platform.node()}:{os.getpid()}"


def is_alive(process: str) -> bool:
    """Whether a process of ``this_process`` may still be running: of another machine nobody here can tell."""
    machine, _, number = process.rpartition(":")
    if machine != platform.node() or not number.isdigit():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True


def release(path: Path) -> None:
    """Let go of the lock if this process holds it."""
    descriptor = _held.pop(path.resolve(), None)
    if descriptor is not None:
        os.close(descriptor)
