"""The next date of a page as rules see it: the dates read before it, what stands between, the words it is read by.

What it is for by them is decided in ``deadline_days``.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from boi_pipeline.reading.offline.deadline_before import by_words_before
from boi_pipeline.reading.offline.deadline_layout import ASIDE, leads
from boi_pipeline.reading.offline.deadline_words import DAYS, FILL, ROLES, DayRead, Lines, is_soft, without_times
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.days import DateHit

LIST = re.compile(
    r"[\s,;/|·•()-]*(?:(?:and|y|et|e|und|or|o|ou)(?: (?:then|again|luego|despues|otra vez|puis|a nouveau|depois|em|en))*|&)?[\s,;/|·•()-]*"
    r"(?:(?:on|el|le|the|am|os|o|del?|do|du|dia|der|den|dem|" + DAYS + r")[\s,]+)*(?:\([^)]*\))?\s*"
    # "a 12 de março, a 15 de junho e a 15 de setembro": a comma or "and" before it makes "a" no end of a range.
    r"|\s*(?:,\s*(?:(?:e|y|et|and)\s+)?|(?:e|y|et|and)\s+)(?:a|ao|em|no|on|to)\s+(?:dia\s+)?"
)
RANGE = re.compile(
    r"[\s,()|]*(?:to|until|till|through|al|hasta|hasta el|au|jusqu'au|a|ate|ate o dia|ao|bis|bis zum|as|a las|y|and"
    r"|et|e)"
    r"(?:[\s,(]+(?:el|le|the|dia|do|del|de|o|am|as|a|las|al|au|ao|to|until|hasta|ate|bis|zum|h|day|and including|"
    + DAYS
    + r"))*[\s,()]*"
)
DASH = re.compile(rf"[ ,()|]*-[ ()|]*(?:(?:{DAYS})[ ,]+)?")
_WEEKDAY_ASIDE = re.compile(rf"^ ?\((?:{DAYS})\.?\)")
_HEADING = 24


def is_range(page: Page, hit: DateHit, following: DateHit) -> bool:
    """Whether two days are the ends of one range: "1 March – 30 April"."""
    gap = without_times(page.folded[hit.end : following.start]) if following.start - hit.end <= 40 else ""
    return bool(gap) and bool(DASH.fullmatch(gap) or (RANGE.fullmatch(gap) and not LIST.fullmatch(gap)))


@dataclass(frozen=True)
class Next:
    """The next date of a page, the dates read ``before`` it, and what stands between."""

    page: Page
    lines: Lines
    following: DateHit | None
    hit: DateHit
    before: list[DayRead]

    def adds(self, read: DayRead) -> list[DayRead]:
        """The dates read with this one."""
        return [*self.before, read]

    def mends(self, *reads: DayRead) -> list[DayRead]:
        """The dates read with the last of them read anew, and this one."""
        return [*self.before[:-1], *reads]

    @cached_property
    def previous(self) -> DayRead | None:
        return self.before[-1] if self.before else None

    @cached_property
    def closing(self) -> DayRead | None:
        """The date before where it is a closing."""
        return self.previous if self.previous and self.previous.role == "close" else None

    @cached_property
    def context(self) -> Span:
        """The words it is read by."""
        return _context(self.page, self.lines, self.hit, self.previous)

    @cached_property
    def beside(self) -> DayRead | None:
        """The date before where it stands in the same words."""
        last = self.previous
        if last and (last.hit.end > self.context[0] or self.hit.start - last.hit.end <= 4):
            return last
        return None

    @cached_property
    def gap(self) -> str:
        """What stands between the date before and this one."""
        return self.page.folded[self.previous.hit.end : self.hit.start] if self.previous else ""

    @cached_property
    def joint(self) -> str:
        """The same without hours, zones and the week day in brackets."""
        return _WEEKDAY_ASIDE.sub("", without_times(self.gap))

    @cached_property
    def again(self) -> bool:
        """Whether the word of the closing before stands between them anew: "until May, until June"."""
        cue = self.closing.cue if self.closing else None
        word = self.page.folded[cue.start : cue.end] if cue else ""
        return bool(word) and word in self.joint and bool(FILL.fullmatch(self.joint))

    @cached_property
    def leads(self) -> bool:
        """Whether it opens its line and what it is for follows."""
        return leads(self.page, self.lines, self.hit)

    @cached_property
    def aside(self) -> str:
        """What brackets right behind it say it is for."""
        return _by_aside(self.page, self.hit, self.context[1])

    @cached_property
    def read(self) -> DayRead:
        """By the words before it, from the date before on."""
        start = max(self.context[0], self.beside.hit.end) if self.beside else self.context[0]
        return by_words_before(self.page, self.hit, (start, self.hit.start), self.context)

    def stop(self, most: int) -> int:
        """Where the words behind it end, at most so many characters on."""
        end = self.context[1]
        return min(end, self.following.start if self.following else end, self.hit.end + most)


def _context(page: Page, lines: Lines, hit: DateHit, previous: DayRead | None) -> Span:
    """The words a date is read by: its sentence up to it, and the line before where the date opens its own."""
    number = lines.number(hit.start)
    start, end = lines.spans[number]
    lead = page.folded[start : hit.start]
    if number and len(lead) <= 18 and not _firm(page, (start, hit.start)):
        before = lines.spans[number - 1]
        if previous and previous.hit.end > before[0]:
            return max(start, hit.start - 260), end  # that line speaks of its own date
        headed = page.folded[before[1] - 1] == "." and before[1] - before[0] <= _HEADING  # "Deadline. 16 November"
        shouted = (headed or page.folded[before[1] - 1] == "!") and page.any("close.strong", before)
        if before[1] - before[0] <= 90 and (shouted or page.folded[before[1] - 1] not in ".;!"):
            start = before[0]
    return max(start, hit.start - 260), end


def _firm(page: Page, span: Span) -> bool:
    """Whether words in a span tell by themselves what a date is for."""
    hits = [(role, hit) for role in ROLES for hit in page.hits(f"close.{role}", *span)]
    return any(not is_soft(role, page.folded[hit.start : hit.end]) for role, hit in hits)


def _by_aside(page: Page, hit: DateHit, end: int) -> str:
    """ "15 October (award ceremony)": what brackets right behind a date say it is for, where that is no closing."""
    aside = ASIDE.match(page.folded, hit.end, end)
    if aside is None or any(page.any(f"close.{role}", aside.span()) for role in ("strong", "context", "applying")):
        return ""
    told = (
        role
        for role in ("event", "result", "publish")
        if any(not is_soft(role, page.folded[cue.start : cue.end]) for cue in page.hits(f"close.{role}", *aside.span()))
    )
    return next(told, "")
