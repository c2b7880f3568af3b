"""A real pseudo-terminal with ``boi`` before it: what is written is what an editor types, what is read is the screen."""

import os
import pty
import re
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from boi_pipeline.cli import main
from tests.forks import forked
from tests.stages.conftest import environment_of

PATIENCE = 60.0
"""Seconds that something may take to appear; nothing is timed."""


class Terminal:
    """One side of a pseudo-terminal on which a command runs."""

    def __init__(self, master: int, pid: int, exit_code: Callable[[], int]) -> None:
        self._master, self.pid, self._exit_code = master, pid, exit_code
        self.screen = ""  # all that was ever shown
        self._read = 0  # up to here it was waited for

    def until(self, words: str) -> str:
        """Read on until the words are on the screen; what came since the last wait."""
        end = time.monotonic() + PATIENCE
        while (place := self.screen.find(words, self._read)) < 0:
            if time.monotonic() > end or not self._more(1.0):
                raise AssertionError(f"{words!r} never came; the screen says:\n{self.screen[self._read :]}")
        told, self._read = self.screen[self._read : place + len(words)], place + len(words)
        return told

    def type(self, keys: str) -> None:
        """Type a line."""
        os.write(self._master, f"{keys}\n".encode())

    def interrupt(self) -> None:
        """Ctrl-C, once the command waits for keys: between its question and that, Python hears of it at the next key."""
        state = Path(f"/proc/{self.pid}/stat")
        while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "S":
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGINT)

    def end(self) -> int:
        """Read to the end; the command's exit code."""
        end = time.monotonic() + PATIENCE
        while self._more(1.0):
            assert time.monotonic() < end, f"it never ended; the screen says:\n{self.screen[self._read :]}"
        return self._exit_code()

    def _more(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            found = os.read(self._master, 65536)
        except OSError:  # the other side is closed
            return False
        self.screen += re.sub(r"\r\n?", "\n", found.decode("utf-8", "replace"))
        return bool(found)


@contextmanager
def terminal(home: Path, entities: Path, *arguments: str, more: dict[str, str] | None = None) -> Iterator[Terminal]:
    """``boi`` on a pseudo-terminal of its own."""
    master, slave = pty.openpty()
    environment = environment_of(home, entities, None, {"TERM": "xterm-256color", "COLUMNS": "200", **(more or {})})
    process = forked(partial(_boi, *arguments), {0: slave, 1: slave, 2: slave}, environment)
    os.close(slave)

    def exit_code() -> int:
        process.join(PATIENCE)
        assert process.exitcode is not None
        return process.exitcode

    try:
        yield Terminal(master, process.pid or 0, exit_code)
    finally:
        if process.is_alive():
            process.kill()
        process.join()
        os.close(master)


def _boi(*arguments: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["boi", *arguments]
    main()
