"""The process that puts files on the disk: requests come in, pickled, one line of JSON goes out at the end. Run as a module.

Making and reading thousands of files is waiting for the disk; here it happens beside the work that makes what is in them.
What is put belongs to ``disk``.
"""

import json
import os
import pickle
import shutil
import sys
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any


class Folder:
    """Does what is asked, below folders that it makes. ``lost`` are the files that could not be taken from elsewhere."""

    def __init__(self) -> None:
        self.lost: list[str] = []
        self._known: set[Path] = set()

    def do(self, act: str, target: str, given: Any) -> None:
        """``write`` the bytes that are given, ``copy`` or ``link`` the file that is, ``take`` it where its hash is the one given."""
        path = Path(target)
        if path.parent not in self._known:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._known.add(path.parent)
        if act == "write":
            path.write_bytes(given)
        elif act == "copy":
            shutil.copyfile(given, path)
        elif not linked(path, *given):
            self.lost.append(target)


def linked(target: Path, source: str, told: str | None = None) -> bool:
    """The same file under another name, a copy where the disk has no hard links. False without it, or where it is another
    than the hash that is told.
    """
    try:
        if told is not None and sha256(Path(source).read_bytes()).hexdigest() != told:
            return False
        os.link(source, target)
    except FileNotFoundError:
        return False
    except OSError:  # another file system, or one without hard links
        shutil.copyfile(source, target)
    return True


def main() -> None:
    """Do all requests until an empty one; tell what was lost, and the first that failed. After it the rest is only read."""
    folder, failed = Folder(), ""
    with suppress(EOFError):  # the other process gave up
        while request := pickle.load(sys.stdin.buffer):  # noqa: S301 — from the process that started this one
            if not failed:
                try:
                    folder.do(*request)
                except OSError as error:
                    failed = f"{error.strerror}: {error.filename or request[1]}"
        sys.stdout.write(json.dumps({"error": failed, "lost": folder.lost}) + "\n")


if __name__ == "__main__":
    main()
