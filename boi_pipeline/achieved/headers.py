"""Headers of files that people hand in, as they can be compared: without case, accents, punctuation or extra spaces."""

import re
import unicodedata

from boi_pipeline.achieved.sheets import Cell


def folded(cell: Cell) -> str:
    """``¿Se postuló?`` → ``se postulo``; nothing of what is no text."""
    if not isinstance(cell, str):
        return ""
    plain = "".join(one for one in unicodedata.normalize("NFKD", cell.casefold()) if not unicodedata.combining(one))
    return " ".join(re.findall(r"[^\W_]+", plain))
