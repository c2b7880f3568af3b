"""The text of a notice as rules and models search it, with the way back to the stored text.

The view collapses white space, drops invisible characters, blanks personal data and folds case and accents, always
keeping an index back: a quote found here is cut out of the stored text itself. What is looked for belongs to readers.
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property, lru_cache

from boi_pipeline.personal_data import MASK, blank, personal_spans
from boi_pipeline.records import MAX_QUOTE, Evidence, FieldKind

# White space runs, and characters nobody sees: zero-width, bidirectional controls, soft hyphen, other controls.
_RUNS = re.compile(
    r"[\s\u2028\u2029]+|[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f\x00-\x08\x0e-\x1b\x7f]+"
)
_PLAIN = {
    **dict.fromkeys("‘’‚‛`´ʼ′", "'"),
    **dict.fromkeys("“”„‟«»″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **{"º": "o", "ª": "a", "°": "o", "…": "."},
}
_GERMAN_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_BREAK = re.compile(rf"(?<=[.!?])(?!(?<=[0-9]\.) (?:{_GERMAN_MONTHS})\b)[ \"')\]]+(?=[^\Wa-z_]|[¿¡\"(0-9])|(?<=;) |\n")
_NO_BREAK = re.compile(
    r"(?:\b[a-z]|\b(?:mr|mrs|ms|dr|dra|sr|sra|st|no|nro|num|art|vs|etc|eg|ie|ee|uu|prof|approx|aprox|inc|ltd|fig|vol|jr|"
    r"jan|feb|mar|apr|jun|jul|aug|sept|sep|oct|nov|dec|ene|abr|ago|dic|hrs|hs|h|pag|p\.m|a\.m|p\. m|a\. m))\.$"
)


class _Folder(dict[int, str]):
    """Code point → one plain lower-case character, so that folding keeps length."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = _PLAIN.get(char) or (unicodedata.normalize("NFD", char)[0].lower() or char)
        folded = folded if len(folded) == 1 else char
        self[code] = folded
        return folded


_FOLDER = _Folder()


def fold(text: str) -> str:
    """Lower case, no accents, plain quotes and dashes; the same length as ``text``."""
    return text.translate(_FOLDER)


def collapse(text: str) -> str:
    """White space runs as one space and no invisible characters: how two quotes are compared."""
    return " ".join(_RUNS.sub(lambda run: " " if run.group()[0].isspace() else "", text).split())


class TextView:
    """One text as it is searched. ``text`` and ``folded`` have one length; ``index`` leads back to ``raw``.

    A line break stays a line break, any other run of white space is one space, masked data are ``MASK`` characters.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw
        self.masked = personal_spans(raw)
        shown = blank(raw, self.masked)
        parts: list[str] = []
        index: list[int] = []
        at, spaced = 0, True
        for run in _RUNS.finditer(shown):
            start, end = run.span()
            if start > at:
                parts.append(shown[at:start])
                index.extend(range(at, start))
                spaced = False
            text = run.group()
            if "\n" in text and spaced and parts:
                parts[-1] = "\n"
            elif text[0].isspace() and not spaced:
                parts.append("\n" if "\n" in text else " ")
                index.append(start)
                spaced = True
            at = end
        parts.append(shown[at:])
        index.extend(range(at, len(shown)))
        self.text = "".join(parts)
        self.index = index
        self.folded = self.text.translate(_FOLDER)

    @cached_property
    def flat(self) -> str:
        """``text`` with line breaks as spaces; the same length."""
        return self.text.replace("\n", " ")

    @cached_property
    def segments(self) -> list[tuple[int, int]]:
        """Sentences, or lines where there are none: (start, end) in view positions, in order, without gaps of text."""
        found: list[tuple[int, int]] = []
        at = 0
        for gap in _BREAK.finditer(self.text):
            if gap.group()[0] != "\n" and _NO_BREAK.search(self.folded[max(at, gap.start() - 8) : gap.start()]):
                continue
            if gap.start() > at:
                found.append((at, gap.start()))
            at = gap.end()
        if len(self.text) > at:
            found.append((at, len(self.text)))
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in self.segments]

    def segment_at(self, position: int) -> int:
        """The number of the segment that holds a view position."""
        return max(0, bisect_right(self._starts, position) - 1)

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """View span → span in the stored text."""
        return self.index[start], self.index[end - 1] + 1

    def provable(self, start: int, end: int) -> bool:
        """Whether a span of the stored text may be evidence: not empty, short enough, nothing masked in it."""
        return 0 <= start < end <= len(self.raw) and end - start <= MAX_QUOTE and not self._masks(start, end)

    def _masks(self, start: int, end: int) -> bool:
        return any(a < end and start < b for a, b in self.masked)

    def clip(self, start: int, end: int, within: tuple[int, int] | None = None) -> tuple[int, int] | None:
        """The widest evidence span around the core [start, end) inside ``within`` (view positions); None if none can be.

        Cut at words when the whole would be too long or would touch masked data.
        """
        if end <= start:
            return None
        low, high = within or (start, end)
        low, high = min(low, start), max(high, end)
        folded = self.text
        before = max((m + 1 for m in [folded.rfind(MASK, low, start)] if m >= 0), default=low)
        after = folded.find(MASK, end, high)
        low, high = max(low, before), (after if after >= 0 else high)
        if not self.provable(*self.raw_span(start, end)):
            return None
        a, b = self.raw_span(low, high)
        if b - a > MAX_QUOTE:
            core = self.raw_span(start, end)
            room = MAX_QUOTE - (core[1] - core[0])
            left = max(low, start - min(start - low, max(room // 2, room - (high - end))))
            while left < start and left > low and self.text[left - 1].isalnum():
                left += 1
            right = high
            while right > end and self.raw_span(left, right)[1] - self.index[left] > MAX_QUOTE:
                right -= 1
            while right > end and right < high and self.text[right].isalnum() and self.text[right - 1].isalnum():
                right -= 1
            low, high = left, right
        while low < start and self.text[low].isspace():
            low += 1
        while high > end and self.text[high - 1].isspace():
            high -= 1
        return (low, high) if self.provable(*self.raw_span(low, high)) else None

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where a quote stands (span in the stored text): as collapsed, else without case and accents. None: nowhere."""
        wanted = collapse(quote)
        if not wanted:
            return None
        at = self.flat.find(wanted)
        if at < 0:
            at = self.folded.replace("\n", " ").find(fold(wanted))
        return self.raw_span(at, at + len(wanted)) if at >= 0 else None

    def evidence(
        self,
        notice_id: str,
        field: str,
        kind: FieldKind,
        rule: str,
        confidence: float,
        core: tuple[int, int],
        within: tuple[int, int] | None = None,
    ) -> Evidence | None:
        """Evidence by a rule from view positions, or None where the core cannot be quoted."""
        span = self.clip(*core, within)
        if span is None:
            return None
        start, end = self.raw_span(*span)
        return Evidence(
            field=field,
            notice_id=notice_id,
            start=start,
            end=end,
            quote=self.raw[start:end],
            kind=kind,
            method="rule",
            rule=rule,
            confidence=confidence,
        )


@lru_cache(maxsize=256)
def view_of(raw: str) -> TextView:
    """The view of a text: reader, gate and what is shown to a model look at the same one."""
    return TextView(raw)
