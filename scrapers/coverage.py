"""Which of the things a notice should have it has: what a crawl counts, so that a field that goes missing is noticed.

Knows nothing of meaning: a date here is a piece of text that looks like one. What a text says belongs to the readers.
"""

import re
from collections import Counter
from typing import Literal, get_args

from scrapers.notice import Notice

Field = Literal["text", "links", "published_at", "facts", "dates"]
FIELDS: tuple[Field, ...] = get_args(Field)
LABELS: dict[Field, str] = {
    "text": "texto",
    "links": "enlaces",
    "published_at": "fecha de publicación",
    "facts": "datos rotulados",
    "dates": "fechas en el texto",
}
MIN_TEXT = 200  # characters beyond the title: below it there is a headline, not an announcement
LOOKED_AT = 20_000  # characters
MOST_DATES = 10

_MONTH = (
    r"(?:jan(?:uary|vier|eiro|uar)?|ene(?:ro)?|f[eé]v(?:rier|ereiro)?|feb(?:ruary|rero|ruar)?|mar(?:ch|zo|s|ço)?|märz"
    r"|a[bpv]r(?:il)?|ma[yi]o?|juin|jun(?:e|io|ho|i)?|juillet|jul(?:y|io|ho|i)?|ao[uû]t|ago(?:sto)?|aug(?:ust)?"
    r"|sep(?:t(?:ember|iembre|embre)?)?|set(?:iembre|embro)?|o[ck]t(?:ober|obre|ubre)?|out(?:ubro)?"
    r"|nov(?:ember|iembre|embre|embro)?|d[eé]c(?:ember|embre)?|dic(?:iembre)?|dez(?:ember|embro)?)\.?"
)
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b"
    r"|\b\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|er|º|\.)?[ ](?:de[ ]|of[ ])?{_MONTH}(?![^\W\d_])(?:,?[ ](?:de[ ]|del[ ])?\d{{4}}\b)?"
    rf"|\b{_MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]\d{{4}})?\b"
    r"|\d{4}年\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)


def dates_in(text: str) -> list[str]:
    """The first pieces of a text that look like dates, as they stand in it, each once."""
    found: dict[str, None] = {}
    for match in _DATE.finditer(text[:LOOKED_AT]):
        found[match.group()] = None
        if len(found) == MOST_DATES:
            break
    return list(found)


def fields_of(notice: Notice) -> set[Field]:
    """What a notice has."""
    has: dict[Field, bool] = {
        "text": len(notice.text) - len(notice.title) >= MIN_TEXT,
        "links": bool(notice.links),
        "published_at": notice.published_at is not None,
        "facts": bool(notice.hints),
        "dates": _DATE.search(notice.text[:LOOKED_AT]) is not None,
    }
    return {name for name, is_there in has.items() if is_there}


class Coverage:
    """Counts the notices that one crawl reads of one source, and what they have."""

    def __init__(self) -> None:
        self.read_count = 0
        self._counts: Counter[Field] = Counter()

    def add(self, notice: Notice) -> None:
        """Count a notice."""
        self.read_count += 1
        self._counts.update(fields_of(notice))

    def shares(self) -> dict[str, float]:
        """Field → share of the notices that have it; nothing where none was read."""
        if not self.read_count:
            return {}
        return {name: round(self._counts[name] / self.read_count, 3) for name in FIELDS}
