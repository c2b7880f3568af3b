"""The site that stands, as a source of pages that would come out the same: what they were rendered from, and their bytes.

A page is taken over when everything it is rendered from is what it was: what its template is given (the ``fingerprint``),
the templates, this package's code and the libraries that render. So an incremental build gives the bytes of a build from
nothing. The manifest stands beside the site; a page that is no longer what was written is rendered again.
"""

import json
import platform
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from scrapers.files import atomic_path

_PACKAGE = Path(__file__).resolve().parent
_PRINTING = _PACKAGE.parent / "printing"
_LIBRARIES = ("babel", "icalendar", "jinja2", "lxml", "markupsafe", "pillow", "pydantic", "typst", "tzdata")


@cache
def code_version() -> str:
    """A hash of all that turns a bulletin into pages: this package with its templates, printing, neutral modules, libraries."""
    found = sha256(platform.python_version().encode())
    for name in _LIBRARIES:
        found.update(version(name).encode())
    neutral = _PACKAGE.parent.glob("*.py")
    inside = (path for folder in (_PACKAGE, _PRINTING) for path in folder.rglob("*"))
    own = (path for path in inside if path.is_file() and "__pycache__" not in path.parts)
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
        self._taken: set[str] = set()

    @property
    def taken_count(self) -> int:
        """How many pages were taken over."""
        return len(self._taken)

    def told(self, name: str, key: str) -> tuple[str, str] | None:
        """The standing page that was rendered from the same, and the hash of what was written then: another is not it."""
        known, told = self._before.get(name, ("", ""))
        if known != key:
            return None
        self._now[name] = [key, told]
        self._taken.add(name)
        return f"{self._folder}/{name}", told

    def keep(self, name: str, key: str, content: bytes) -> None:
        """Remember a page that was rendered."""
        self._now[name] = [key, sha256(content).hexdigest()]
        self._taken.discard(name)

    def save(self) -> None:
        """Write the manifest of the pages taken and kept. Before the swap or after: it only tells of bytes that it names."""
        with atomic_path(self._manifest, "site-pages") as temporary:
            told = json.dumps(self._now, separators=(",", ":"), sort_keys=True)
            temporary.write_text(told, encoding="utf-8")


def _read(manifest: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(manifest.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: row for name, row in found.items() if isinstance(row, list) and len(row) == 2}
