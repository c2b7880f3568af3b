"""Files put below a folder: written, copied, or taken over from the site that stands. What is in them belongs to their makers.

``disk_beside`` puts them in a process of its own, while the work that makes them goes on.
"""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from boi_pipeline.publishing.putter import Folder
from boi_pipeline.publishing.standing import Standing
from boi_pipeline.settings import ROOT

_Maker = tuple[str, str, Callable[[], bytes]]  # name, key, what makes it


class Disk:
    """Puts files below ``folder``, in the order of the calls; ``standing`` gives those that would come out the same."""

    def __init__(self, folder: Path, standing: Standing | None = None) -> None:
        self.folder, self.standing = folder, standing
        self.written: list[Path] = []
        self._makers: dict[str, _Maker] = {}
        self._here = Folder()

    def put(self, name: str, content: bytes, key: str = "") -> Path:
        """Write a file; with ``key``, a hash of what it was made of, so that another day may take it over."""
        self._keep(name, key, content)
        return self._put("write", name, content)

    def made(self, name: str, key: str, make: Callable[[], bytes]) -> Path:
        """Take over the file that was made of the same, else make and write it. ``make`` may be called later."""
        told = self.standing.told(name, key) if self.standing else None
        if told is None:
            return self.put(name, make(), key)
        return self._put("take", name, told, (name, key, make))

    def copy(self, source: Path, name: str) -> Path:
        """Copy a file made elsewhere, as it is."""
        return self._put("copy", name, source)

    def link(self, source: Path, name: str) -> Path:
        """A file that was put, under another name; a copy where the disk has no hard links."""
        return self._put("link", name, (str(source), None), (name, "", source.read_bytes))

    def _put(self, act: str, name: str, given: Any, maker: _Maker | None = None) -> Path:
        path = self.folder / name
        self.written.append(path)
        target = str(path)
        if maker:
            self._makers[target] = maker
        self._do(act, target, given)
        return path

    def _do(self, *request: Any) -> None:
        self._here.do(*request)
        if self._here.lost:
            self._make_again(self._here.lost)
            self._here.lost.clear()

    def _keep(self, name: str, key: str, content: bytes) -> None:
        if self.standing and key:
            self.standing.keep(name, key, content)

    def _make_again(self, lost: list[str]) -> None:
        """Files that were to be taken over and are no longer what was written then."""
        for target in lost:
            name, key, make = self._makers[target]
            content = make()
            self._keep(name, key, content)
            Path(target).write_bytes(content)


class _Beside(Disk):
    """Asks another process, ``putter``."""

    def __init__(self, folder: Path, standing: Standing | None) -> None:
        super().__init__(folder.absolute(), standing)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "boi_pipeline.publishing.putter"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip

    def _do(self, *request: Any) -> None:
        assert self.process.stdin  # noqa: S101 — a pipe
        try:
            pickle.dump(request, self.process.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        except BrokenPipeError:
            self.process.wait()
            raise OSError(
                f"The process that writes below {self.folder} ended early: {self.process.returncode}"
            ) from None

    def finish(self) -> None:
        """Come back when every file is there."""
        assert self.process.stdin and self.process.stdout  # noqa: S101 — pipes
        self._do()
        self.process.stdin.flush()
        told = json.loads(self.process.stdout.readline() or '{"error": "its process ended early"}')
        if told["error"]:
            raise OSError(f"Files could not be written below {self.folder}: {told['error']}")
        self._make_again(told["lost"])


@contextmanager
def disk_beside(folder: Path, standing: Standing | None = None) -> Iterator[Disk]:
    """A disk that works in a process of its own; every file is there when the block ends.

    Raises OSError at the end for the first file that could not be put.
    """
    disk = _Beside(folder, standing)
    with disk.process:
        yield disk
        disk.finish()
