"""The site that stands, as a source of pages that would come out the same: what they were rendered from, and their bytes.

A page is taken over when everything it is rendered from is what it was: what its template is given (the ``fingerprint``),
the templates, this package's code and the libraries that render. So an incremental build gives the bytes of a build from
nothing. The manifest stands beside the site; a page that is no longer what was written is rendered again.
"""

import json
import os
import platform
import shutil
import threading
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from scrapers.files import atomic_path

_PACKAGE = Path(__file__).resolve().parent
_LIBRARIES = ("babel", "icalendar", "jinja2", "lxml", "markupsafe", "pillow", "pydantic", "typst", "tzdata")


@cache
def code_version() -> str:
    """A hash of all that turns a bulletin into pages: this package with its templates, neutral modules, libraries."""
    found = sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        found.update(version(name).encode())
    neutral = _PACKAGE.parent.glob("*.py")
    own = (path for path in _PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    for path in sorted([*neutral, *own]):
        found.update(path.relative_to(_PACKAGE.parent).as_posix().encode() + b"\0")
        found.update(path.read_bytes())
    return found.hexdigest()


def fingerprint(value: Any) -> str:
    """A hash of a value: equal only for equal values of dataclasses, records, texts, numbers, days, lists and dicts.

    Raises TypeError for a value of another kind: what a page is rendered from must be known.
    """
    try:
        return sha256(to_json(value)).hexdigest()
    except PydanticSerializationError as error:
        raise TypeError(f"{error}: expected dataclasses, records, texts, numbers, days, lists and dicts") from None


class Standing:
    """Pages of the site in ``folder``, taken over where they would come out the same; ``manifest`` is where they are told.

    A manifest that is missing, or is not one, means that nothing is taken over. Threads may share it.
    """

    def __init__(self, folder: Path, manifest: Path) -> None:
        self.code_version = code_version()
        self._folder, self._manifest = folder.resolve(), manifest
        self._before: dict[str, list[str]] = _read(manifest)
        self._now: dict[str, list[str]] = {}
        self.taken_count = 0
        self._saving = threading.Lock()

    def take(self, name: str, key: str, target: Path) -> bool:
        """Put the standing page at ``target`` if it was rendered from the same; else give False."""
        known, told = self._before.get(name, ("", ""))
        page = self._folder / name
        if known != key or not page.is_file() or sha256(page.read_bytes()).hexdigest() != told:
            return False
        try:
            os.link(page, target)
        except OSError:  # another file system, or one without hard links
            shutil.copyfile(page, target)
        self._now[name] = [key, told]
        self.taken_count += 1
        return True

    def keep(self, name: str, key: str, content: bytes) -> None:
        """Remember a page that was rendered."""
        self._now[name] = [key, sha256(content).hexdigest()]

    def save(self) -> None:
        """Write the manifest of the pages taken and kept. Before the swap or after: it only tells of bytes that it names."""
        with self._saving, atomic_path(self._manifest, "site-pages") as temporary:
            told = json.dumps(dict(self._now), separators=(",", ":"), sort_keys=True)
            temporary.write_text(told, encoding="utf-8")


def _read(manifest: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: row for name, row in found.items() if isinstance(row, list) and len(row) == 2}
