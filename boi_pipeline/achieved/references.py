"""What a row of an export speaks of: a call by its public code, a post by its address, a page by its path, or a title.

Which opportunity that is, is decided where the tables are built. What a query of an address carries is not kept.
"""

import re
from collections.abc import Mapping

from boi_pipeline.achieved.layouts import Role
from boi_pipeline.achieved.sheets import Cell
from boi_pipeline.personal_data import mask
from scrapers.urls import post_address

REFERRING: frozenset[Role] = frozenset({"item", "code", "url", "page", "content", "text"})
"""The columns that say what a row speaks of."""

MAX_TITLE, MAX_REFERENCE = 300, 500
Reference = tuple[str | None, str | None, str | None]
"""Kind and reference of a ``Metric``, and the title of a post; all None of a channel's own row."""


class References:
    """Finds what rows speak of. ``code_prefix``: how the entity's public codes begin."""

    def __init__(self, code_prefix: str) -> None:
        prefix = re.escape(code_prefix)
        self._code = re.compile(rf"(?<![A-Za-z0-9]){prefix}-[0-9]{{4}}-[0-9]{{5,}}(?![0-9])", re.IGNORECASE)

    def of(self, cells: Mapping[Role, str]) -> Reference:
        """What a row speaks of, by its cells that are not empty. Raises ValueError (Spanish)."""
        if "item" in cells or "code" in cells:
            return _template_reference(cells)
        if "url" in cells:
            return "url", _address(cells["url"]), self._title(cells.get("text", ""), cells["url"])
        said = cells.get("content") or cells.get("page") or cells.get("text")
        if said is None:
            return None, None, None
        if code := self._code.search(said):
            return "code", code[0].upper(), None
        return ("url", _path(said), None) if "page" in cells else ("title", mask(said)[:MAX_TITLE], None)

    def _title(self, text: str, url: str) -> str | None:
        """What a post is about: the code it carries, else how its text begins. An answer to somebody is nobody's title."""
        if code := self._code.search(f"{url} {text}"):
            return code[0].upper()
        return None if text.startswith("@") else mask(" ".join(text.split()))[:MAX_TITLE] or None


def shown(cell: Cell) -> str:
    """A cell in a report: short, without anybody's data."""
    return f"«{mask(str(cell))[:40]}»" if cell is not None else "está vacía"


def _template_reference(cells: Mapping[Role, str]) -> Reference:
    item, code = cells.get("item"), cells.get("code")
    if item and code:
        raise ValueError("trae anuncio y código; se esperaba uno de los dos")
    if code:
        if not re.fullmatch(r"[A-Za-z]{2,6}-[0-9]{4}-[0-9]{5,}", code):
            raise ValueError(f"código {shown(code)}; se esperaba uno como PAL-2026-00012")
        return "code", code.upper(), None
    source, slash, key = (item or "").partition("/")
    if (
        not re.fullmatch(r"[a-z][a-z0-9_]*", source)
        or not slash
        or not key
        or not str(item).isprintable()
        or len(str(item)) > MAX_REFERENCE
    ):
        raise ValueError(f"anuncio {shown(item)}; se esperaba fuente/clave")
    return "item", str(item), None


def _address(cell: str) -> str:
    """The address of a post, without what a query may carry."""
    try:
        if len(cell) <= MAX_REFERENCE:
            return post_address(cell)
    except ValueError:
        pass
    raise ValueError(f"{shown(cell)}; se esperaba la dirección de una publicación (https://…)")


def _path(page: str) -> str:
    """The path of a page, without what a query may carry."""
    return mask(page.partition("?")[0].partition("#")[0])[:MAX_REFERENCE]
