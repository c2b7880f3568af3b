"""What a date is for by the lines around it: the head of its column, a label behind it, a question or heading above.

What dates that stand beside each other say of one another is in ``deadline_days``.
"""

import re

from boi_pipeline.reading.offline.deadline_words import COLON, DAYS, FILL, TO, DayRead, Lines, without_times
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.values.days import DateHit

_BULLET = re.compile(rf"(?:[\W\d_]|(?:{DAYS}|el|le|the|am|on|until|hasta|jusqu'au|ate|[a-d])(?![a-z])|[^:]{{2,22}}:)*")
_OLD = re.compile(
    r"[\s|]*(?:was|old|old date|previous|before|antes|anterior|fecha anterior|data anterior|avant|ancienne date|bisher|alt)\s*"
)
ASIDE = re.compile(r"\s*\([^()\n]{3,60}\)")
_FOR = re.compile(
    r".*?(?:[,;:]|\b(?:and|y|e|et|und|or|o|ou)) (?:(?:the deadline |el plazo |celle |celui |la |las |los |les "
    r"|those |that )*"
    r"(?:for|para|pour|fur|de|of) [^,;:.]{2,45}[,:]? )?(?P<fill>[^,;]{0,22})",
    re.DOTALL,
)
_FOR_NEXT = re.compile(
    r"[\s.)]*(?:and |y |e |et |und )?(?:(?:the deadline |el plazo |celle |celui |la |las |los |les |those |that )*"
    r"(?:for|para|pour|fur|de|of) [^,;:.]{2,45}[,:]? )(?P<fill>[^,;]{0,22})"
)
_ROWS = 15  # of a table above a date
_WHEN = re.compile(
    r"[\W_]*(?:hasta cuando|cuando (?:cierra|termina|vence)\w*|until when|when (?:is|are|does|do) [^?]{0,40}(?:deadline|clos|due|end)[^?]{0,20}|by when|jusqu'a quand|quand (?:cloture|ferme)[^?]{0,30}|ate quando|quando (?:fecha|encerra|termina)[^?]{0,30}|bis wann|deadlines?|closing dates?|fechas limite|fechas de cierre|plazos|dates limites|prazos|fristen)"
    r"[^\n?]{0,24}[?:]?$"
)


def by_column(page: Page, hit: DateHit) -> DayRead | None:
    """A date in a row of a table "Session | Closes on | Jury": what the head of its column says it is for."""
    start, end = page.text.rfind("\n", 0, hit.start) + 1, page.text.find("\n", hit.end)
    bar = "|" if page.text.count("|", start, end if end >= 0 else len(page.text)) >= 2 else " / "
    bars = page.text.count(bar, start, end if end >= 0 else len(page.text))
    if bars < 2:
        return None
    top = start
    for _ in range(_ROWS):
        above = page.text.rfind("\n", 0, max(0, top - 1)) + 1
        if top == 0 or page.text.count(bar, above, top) != bars:
            break
        top = above
    low = top
    for _ in range(page.text.count(bar, start, hit.start)):
        low = page.text.find(bar, low) + len(bar)
    high = min((at for at in (page.text.find(bar, low), page.text.find("\n", low)) if at >= 0), default=low)
    if low >= start:
        return None
    if _OLD.fullmatch(page.folded, low, high):
        return DayRead(hit, "superseded")
    for role in ("strong", "weak", "result", "event", "open"):
        if page.any(f"close.{role}", (low, high)):
            return DayRead(hit, "close", None, 3, listed=True) if role in ("strong", "weak") else DayRead(hit, role)
    head = (top, page.text.find("\n", top))
    closing = any(page.any(f"close.{role}", head) for role in ("strong", "weak"))
    return DayRead(hit, "other") if closing else None  # another column closes the call


def leads(page: Page, lines: Lines, hit: DateHit) -> bool:
    """ "27 March, 23:59 UTC: closing of applications" on a line of its own."""
    start, end = lines.at(hit.start)
    if hit.start and page.text[start - 1] != "\n" and start:
        return False
    if not re.fullmatch(r"[\W\d_]*", page.folded[start : hit.start]):
        return False
    after = without_times(page.folded[hit.end : min(end, hit.end + 40)])
    return bool(COLON.match(after)) or (end - hit.end <= 60 and after[:1] == " " and after[1:2].isalpha())


def is_of_applying(page: Page, lines: Lines, hit: DateHit) -> bool:
    """ "15/09 pósteres" on a line of its own among such: what is handed in then, and nothing else."""
    end = lines.at(hit.start)[1]
    number = lines.number(hit.start)
    label = page.folded[hit.end : end].strip(" .:|-;,")
    others = [lines.spans[n] for n in (number - 1, number + 1) if 0 <= n < len(lines.spans)]
    listed = any(re.match(r"[\W\d_]{0,6}[0-9]", page.folded[slice(*span)]) for span in others)
    roles = ("event", "result", "open", "other", "publish", "superseded")
    told = hit.first is None and 3 <= len(label) <= 48 and "." not in label and listed
    return (
        told
        and page.any("close.applying", (hit.end, end))
        and not any(page.any(f"close.{r}", (hit.end, end)) for r in roles)
    )


def under_when(page: Page, lines: Lines, hit: DateHit) -> bool:
    """ "Until when? … Bolivia: 2 October. Brazil: 9 October.": a labelled day of the paragraph right under that question."""
    start = page.text.rfind("\n", 0, hit.start) + 1
    above = page.text.rfind("\n", 0, max(0, start - 1)) + 1
    heading = page.folded[above : max(above, start - 1)]
    own = (lines.at(hit.start)[0], hit.start)
    label = page.folded[own[0] : own[1]].strip()
    roles = ("event", "result", "open", "other", "publish", "superseded")
    told = start and _WHEN.fullmatch(heading) and label.endswith(":") and hit.first is None
    return bool(told) and not any(page.any(f"close.{role}", own) for role in roles)


def continues(page: Page, lines: Lines, previous: DateHit, hit: DateHit) -> bool:
    """ "…until 18 December; for September, until 14 May", or the next line of a list of dates."""
    gap = page.folded[previous.end : hit.start]
    if len(gap) > 110:
        return False
    if "\n" in gap:
        start, end = lines.at(hit.start)
        rest = without_times(page.folded[hit.end : end])
        alone = FILL.fullmatch(rest) or ASIDE.fullmatch(rest)
        return bool(alone) and hit.start - start <= 4 and lines.at(previous.start)[1] - previous.end <= 24
    if any(page.any(f"close.{role}", (previous.end, hit.start)) for role in ("event", "result", "other", "publish")):
        return False
    weak = page.hits("close.weak", previous.end, hit.start)
    near = [cue for cue in weak if page.folded[cue.start : cue.end] not in TO and hit.start - cue.end <= 12]
    again = (_FOR_NEXT if re.search(r"[.?!]\s", gap) else _FOR).fullmatch(gap)
    return bool((near and ";" in gap) or (again and FILL.fullmatch(again["fill"])))


def listed_below(page: Page, lines: Lines, hit: DateHit) -> DayRead:
    """The first date of a list under "There are four cut-offs a year: …"."""
    start, end = lines.at(hit.start)
    if hit.start - start > 28 or end - hit.end > 40 or not _BULLET.fullmatch(page.folded, start, hit.start):
        return DayRead(hit)
    number = lines.number(hit.start)
    for back in range(number - 1, max(-1, number - 4), -1):
        above = lines.spans[back]
        cues = page.hits("close.strong", *above) + page.hits("stage.cut_off", *above)
        apart = "\n" in page.text[above[1] - 1 : lines.spans[back + 1][0] + 1]
        if cues and apart and page.text[above[1] - 1 : above[1]] in (":", ".") and hit.start - cues[-1].end <= 200:
            return DayRead(hit, "close", cues[-1], 2, listed=True)
    return DayRead(hit)
