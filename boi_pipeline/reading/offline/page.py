"""One notice as rules see it: its view, words, hits of the lexicons, places, and the sheet of what was found.

Rules ask the page and write on its sheet; they never touch the stored text themselves.
"""

from bisect import bisect_left
from collections import Counter
from copy import copy
from functools import cached_property
from typing import Any, NamedTuple

from boi_pipeline.reading.offline.apart import parts_apart
from boi_pipeline.reading.offline.everybody import find_anywhere
from boi_pipeline.reading.offline.lexicon import Entry, phrase_index
from boi_pipeline.reading.offline.phrases import words_of
from boi_pipeline.reading.offline.places import ANYWHERE, Place, place_index
from boi_pipeline.reading.orders import order_spans, silenced
from boi_pipeline.reading.quotes import view_of
from boi_pipeline.reading.reader import ReadingContext
from boi_pipeline.reading.values.money import Money, dollar_of, find_money
from boi_pipeline.records import FACTS, Evidence
from scrapers.notice import Notice

MAX_TEXT = 60_000  # characters rules look at: a page longer than this says what matters before


class Hit(NamedTuple):
    """A phrase of a lexicon in the text (view positions)."""

    start: int
    end: int
    weight: int
    language: str


class PlaceHit(NamedTuple):
    """A place named in the text (view positions)."""

    start: int
    end: int
    place: Place


Span = tuple[int, int]


class Page:
    """A notice with what the lexicons find in it, and the sheet rules fill in."""

    def __init__(self, notice: Notice, context: ReadingContext) -> None:
        self.notice, self.context = notice, context
        self.view = view_of(notice.text[:MAX_TEXT])
        self.text, self.folded = self.view.text, self.view.folded
        self.words = words_of(self.folded)
        newline = self.text.find("\n")
        self.title = (0, newline if newline > 0 else len(self.text))
        self._all: dict[str, list[Hit]] = {}
        found = phrase_index().find(self.folded, self.words)
        self.languages = self._languages(found)
        for start, end, entry in found:
            if entry.language in self.languages:
                self._all.setdefault(entry.key, []).append(Hit(start, end, entry.weight, entry.language))
        for hits in self._all.values():
            hits.sort()
        self._silence()
        self.values: dict[str, Any] = {}
        self.evidence: list[Evidence] = []

    def with_empty_sheet(self) -> "Page":
        """The same page, found in once, with a sheet of its own."""
        other = copy(self)
        other.values, other.evidence = {}, []
        return other

    def _silence(self) -> None:
        """What a sentence that gives orders to a machine says, and its line after it, counts for red flags and a fee only."""
        self.orders = order_spans(self.view)
        self.silent = silenced(self.view, self.orders)
        self.apart = parts_apart(self.folded, self.title[1])
        if self.silent:
            for key, hits in self._all.items():
                if not key.startswith(("flag.", "fee.yes")):
                    self._all[key] = [hit for hit in hits if not self.is_silent(hit.start)]

    def is_silent(self, position: int) -> bool:
        """Whether a view position stands in a sentence that gives orders to a machine."""
        return any(start <= position < end for start, end in self.silent)

    def is_apart(self, position: int) -> bool:
        """Whether a view position stands in a part that tells of other calls or news."""
        return any(start <= position < end for start, end in self.apart)

    def _languages(self, found: list[tuple[int, int, Entry]]) -> frozenset[str]:
        """The languages the text is written in: by its small words, the source's own and English where they are few."""
        counts = Counter(entry.language for _, _, entry in found if entry.key == "stopwords.all")
        declared = self.notice.language[:2].lower()
        total = max(counts.values(), default=0)
        self._spoken = max(sorted(counts), key=lambda language: counts[language]) if total >= 8 else ""
        if total < 8:
            return frozenset({declared, "en"})
        spoken = {language for language, count in counts.items() if count >= max(8, 0.5 * total)}
        return frozenset(spoken | {declared})

    @cached_property
    def language(self) -> str:
        """The main language of the text."""
        declared = self.notice.language[:2].lower()
        return self._spoken or declared

    @cached_property
    def segments(self) -> list[Span]:
        return self.view.segments

    def segment(self, position: int) -> Span:
        """The sentence or line a view position stands in."""
        return self.segments[self.view.segment_at(position)] if self.segments else (0, len(self.text))

    def hits(self, key: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """The hits of one list that lie in [start, end), by start."""
        hits = self._all.get(key)
        if not hits:
            return []
        if start == 0 and end is None:
            return hits
        stop = len(self.text) if end is None else end
        first = bisect_left(hits, (start,))
        return [hit for hit in hits[first : bisect_left(hits, (stop,))] if hit.end <= stop]

    def any(self, key: str, span: Span) -> bool:
        """Whether a list has a hit in a span."""
        return bool(self.hits(key, *span))

    @cached_property
    def places(self) -> list[PlaceHit]:
        """Countries, peoples and groups named; the longest reading of each stretch of text, by start."""
        found = []
        for start, end, place in place_index(self.context).find(self.folded, self.words):
            if place.language and place.language not in self.languages and place.language != "en":
                continue
            short = end - start <= 4 and not self.text[start:end].isupper()
            if (short and place.kind == "group") or (place.kind == "country" and not self.text[start].isupper()):
                continue
            found.append(PlaceHit(start, end, place))
        found += [PlaceHit(start, end, ANYWHERE) for start, end in find_anywhere(self.folded)]
        found = [hit for hit in found if not self.is_silent(hit.start)]
        found.sort(key=lambda hit: (hit.start, hit.start - hit.end))
        apart: list[PlaceHit] = []
        for hit in found:
            if not apart or hit.start >= apart[-1].end:
                apart.append(hit)
        return apart

    @cached_property
    def dollar(self) -> str | None:
        """What a bare "$" means here, as far as it can be told."""
        return dollar_of(self.folded, self.language, self.notice.timezone)

    @cached_property
    def money(self) -> list[Money]:
        """The amounts of money in the text, in order."""
        return find_money(self.folded, self.language, self.dollar)

    def places_in(self, start: int, end: int) -> list[PlaceHit]:
        """The places within a span."""
        return [hit for hit in self.places if hit.start >= start and hit.end <= end]

    def label(self, key: str) -> list[tuple[Hit, Span]]:
        """Lines "label: value" whose label is a hit of ``key``: (label, span of the value). The value may be the next line."""
        found = []
        for hit in self.hits(key):
            line_start = self.text.rfind("\n", 0, hit.start) + 1
            if self.folded[line_start : hit.start].strip(" -*•#·:0123456789.)¿"):
                continue
            line_end = self.text.find("\n", hit.end)
            line_end = len(self.text) if line_end < 0 else line_end
            rest = self.folded[hit.end : line_end]
            lead = len(rest) - len(rest.lstrip(" ?)"))
            if rest[lead : lead + 1] == ":" or rest[lead : lead + 2] == "- ":
                value = hit.end + lead + 1
            elif not rest.strip(" ?") and line_end < len(self.text):
                value = line_end
            else:
                continue
            if not self.text[value:line_end].strip():
                value = line_end + 1
                line_end = self.text.find("\n", value)
                line_end = len(self.text) if line_end < 0 else line_end
            while value < line_end and self.text[value] in " :-":
                value += 1
            if value < line_end:
                found.append((hit, (value, line_end)))
        return found

    @cached_property
    def facts(self) -> list[tuple[Span, Span]]:
        """The ``label: value`` lines an interface gave beside the prose: (label, value), in order."""
        found: list[tuple[Span, Span]] = []
        end = len(self.text)
        for hint in reversed(self.notice.hints):
            start = self.text.rfind("\n", 0, end) + 1
            colon = start + len(" ".join(hint.label.split()))
            if self.text[colon : colon + 2] != ": " or start == 0:
                break
            found.append(((start, colon), (colon + 2, end)))
            end = start - 1
        return found[::-1]

    def forget(self, field: str) -> None:
        """Take a field off the sheet, to write what is stated more plainly."""
        self.values.pop(field, None)
        self.evidence = [one for one in self.evidence if one.field != field]

    def put(self, field: str, value: Any) -> None:
        """Write a field's value; its evidence is added by ``prove``."""
        self.values[field] = value

    def prove(self, field: str, rule: str, confidence: float, core: Span, within: Span | None = None) -> bool:
        """Add evidence for a field from view positions; False where the words cannot be quoted."""
        evidence = self.view.evidence(self.notice.notice_id, field, FACTS[field].kind, rule, confidence, core, within)
        if evidence is not None:
            self.evidence.append(evidence)
        return evidence is not None

    def state(
        self, field: str, value: Any, rule: str, confidence: float, core: Span, within: Span | None = None
    ) -> bool:
        """Write a value and its evidence together; nothing is written where the words cannot be quoted."""
        if self.prove(field, rule, confidence, core, within):
            self.put(field, value)
            return True
        return False
