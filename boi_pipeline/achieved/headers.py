"""Headings of files that people hand in, as they can be compared, whoever wrote them."""

import re
import unicodedata
from functools import lru_cache

from boi_pipeline.achieved.sheets import Cell


@lru_cache(maxsize=4096)
def plain(cell: Cell) -> str:
    """Without accents, case and doubled spaces: ``Clics  (Orgánicos)`` → ``clics (organicos)``."""
    parts = unicodedata.normalize("NFKD", str(cell or "").casefold())
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())


def folded(cell: Cell) -> str:
    """The words alone: ``¿Se postuló?`` → ``se postulo``; nothing of what is no text."""
    return " ".join(re.findall(r"[^\W_]+", plain(cell))) if isinstance(cell, str) else ""
