"""What each date of a page is for by where it stands: in a range, a list, a table, a timeline, under a heading.

Which closings are the call's belongs to ``deadline_choice``.
"""

import re
from dataclasses import replace

from boi_pipeline.reading.offline.deadline_words import (
    ANY_LIMIT,
    COLON,
    DAYS,
    FILL,
    ROLES,
    SOFT,
    TO,
    DayRead,
    Lines,
    by_words_after,
    by_words_before,
    is_soft,
    named_before,
    of_a_phase,
    without_times,
)
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.dates import DateHit

LIST = re.compile(
    r"[\s,;/|·•()-]*(?:(?:and|y|et|e|und|or|o|ou)(?: (?:then|again|luego|despues|otra vez|puis|a nouveau|depois|em|en))*|&)?[\s,;/|·•()-]*"
    r"(?:(?:on|el|le|the|am|os|o|del?|do|du|dia|der|den|dem|" + DAYS + r")[\s,]+)*(?:\([^)]*\))?\s*"
    # "a 12 de março, a 15 de junho e a 15 de setembro": a comma or "and" before it makes "a" no end of a range.
    r"|\s*(?:,\s*(?:(?:e|y|et|and)\s+)?|(?:e|y|et|and)\s+)(?:a|ao|em|no|on|to)\s+(?:dia\s+)?"
)
_RANGE = re.compile(
    r"[\s,()|]*(?:to|until|till|through|al|hasta|hasta el|au|jusqu'au|a|ate|ate o dia|ao|bis|bis zum|as|a las|y|and"
    r"|et|e)"
    r"(?:[\s,(]+(?:el|le|the|dia|do|del|de|o|am|as|a|las|al|au|ao|to|until|hasta|ate|bis|zum|h|day|and including|"
    + DAYS
    + r"))*[\s,()]*"
)
_BETWEEN = re.compile(
    r"(?:between|entre|zwischen)(?: +(?:the|el|le|os|o|as|las|de[l]?|du|do|dias?|dem|" + DAYS + r"))*,? ?$"
)
_AND = re.compile(
    r"[\s,()]*(?:and|y|e|et|und)(?: +(?:the|el|le|o|as|las|dem|"
    + DAYS
    + r"))*[\s,()]*(?:(?:de[l]?|do|du|on|am)[\s,]+)?"
)
_DASH = re.compile(rf"[ ,()|]*-[ ()|]*(?:(?:{DAYS})[ ,]+)?")
_BULLET = re.compile(rf"(?:[\W\d_]|(?:{DAYS}|el|le|the|am|on|until|hasta|jusqu'au|ate|[a-d])(?![a-z])|[^:]{{2,22}}:)*")
# "It was 31 July … Now it is 14 August".
_ERA = re.compile(r"(?<![^\W_])(?:era|was|etait|war)(?: (?:el|o|le|the|until|hasta|ate|der))* ?$")
_NOW = re.compile(r"(?<![^\W_])(?:now|ahora|agora|desormais|maintenant|jetzt|nun)(?![^\W_])[^.;\n]{0,60}")
_WAS = re.compile(
    r"\((?:antes|before|was|era|avant|auparavant|anteriormente|instead of|en lugar de|au lieu de)\b[^()]{0,20}$"
)
_OLD = re.compile(
    r"[\s|]*(?:was|old|old date|previous|before|antes|anterior|fecha anterior|data anterior|avant|ancienne date|bisher|alt)\s*"
)
_BUT = re.compile(
    r",? (?:sino|but|mais|mas|sondern)(?: (?:sim|hasta|until|on|jusqu'au|ate|bis|el|le|the|o|a|am|zum|dia|que))*[ ,:]*"
)
_MOVED = re.compile(r" para (?:(?:el|o)(?: dia)? )?")  # "de 31/03 para 24/04"
_WEEKDAY_ASIDE = re.compile(rf"^ ?\((?:{DAYS})\.?\)")
ASIDE = re.compile(r"\s*\([^()\n]{3,60}\)")
_ARROW = re.compile(r"\s*(?:→|⇒|➔|➜|->|=>|>|~~)\s*")
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
_HEADING = 24
_ROWS = 15  # of a table above a date


def is_range(page: Page, hit: DateHit, following: DateHit) -> bool:
    """Whether two days are the ends of one range: "1 March – 30 April"."""
    gap = without_times(page.folded[hit.end : following.start]) if following.start - hit.end <= 40 else ""
    return bool(gap) and bool(_DASH.fullmatch(gap) or (_RANGE.fullmatch(gap) and not LIST.fullmatch(gap)))


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


def judge(page: Page, lines: Lines, dates: list[DateHit], i: int, hit: DateHit, before: list[DayRead]) -> list[DayRead]:
    """The dates read so far with the next one and its role; reading it may change what the one before is for."""
    column = _by_column(page, hit)
    previous = before[-1] if before else None
    if column is not None:
        if column.role == "close" and previous and previous.role == "close" and is_range(page, previous.hit, hit):
            before = [*before[:-1], replace(previous, role="open")]  # a cell "1 March – 1 May" closes at its end
        return [*before, column]
    start, end = _context(page, lines, hit, previous)
    gap_start = start
    if previous and (previous.hit.end > start or hit.start - previous.hit.end <= 4):
        gap = page.folded[previous.hit.end : hit.start]
        time_free = _WEEKDAY_ASIDE.sub("", without_times(gap))
        if _MOVED.fullmatch(gap) and (told := page.hits("close.context", start, end)):
            superseded = replace(previous, role="superseded")
            return [
                *before[:-1],
                superseded,
                DayRead(hit, "close", told[0] if told[0].start < hit.start else None, 4, extended=True),
            ]
        if _MOVED.fullmatch(gap):
            return [*before[:-1], replace(previous, role="superseded"), DayRead(hit, "maybe", None, 1)]
        moved = _ARROW.fullmatch(time_free) or (
            _BUT.fullmatch(time_free)
            and re.search(r"\b(?:no|not|non|pas|nao|nicht)\b", page.folded[start : previous.hit.start])
        )
        if moved and previous.role == "close":
            return [*before[:-1], replace(previous, role="superseded"), replace(previous, hit=hit, extended=True)]
        lead = without_times(page.folded[max(0, previous.hit.start - 40) : previous.hit.start])
        between = _AND.fullmatch(time_free) and _BETWEEN.search(lead)
        word = page.folded[previous.cue.start : previous.cue.end] if previous.cue and previous.role == "close" else ""
        again = bool(word) and word in time_free and bool(FILL.fullmatch(time_free))  # "until May, until June"
        if (
            between
            or _DASH.fullmatch(time_free)
            or (not again and _RANGE.fullmatch(time_free) and not LIST.fullmatch(time_free))
        ):
            return _range(page, hit, before, (previous.hit.start, end))
        if previous.role and (LIST.fullmatch(time_free) or again) and not _by_aside(page, hit, end):
            this = replace(previous, hit=hit, listed=True, extended=False)
            return [*before[:-1], replace(previous, listed=True), this]
        gap_start = max(gap_start, previous.hit.end)
    if previous and _WAS.search(page.folded, max(start, hit.start - 40), hit.start):
        return [*before, DayRead(hit, "superseded")]
    if _ERA.search(page.folded[max(0, hit.start - 24) : hit.start]) and _NOW.search(
        page.folded, hit.end, hit.end + 160
    ):
        return [*before, DayRead(hit, "superseded")]
    if previous and previous.role == "superseded" and _NOW.search(page.folded, previous.hit.end, hit.start):
        return [*before, DayRead(hit, "close", None, 4, extended=True)]
    if _leads(page, lines, hit):
        after = by_words_after(page, DayRead(hit), (hit.end, min(lines.at(hit.start)[1], hit.end + 90)))
        if after.role:
            return [*before, after]
        if _is_of_applying(page, lines, hit):
            return [*before, DayRead(hit, "close", None, 2, listed=True)]
    read = by_words_before(page, hit, (gap_start, hit.start), (start, end))
    if aside := _by_aside(page, hit, end):
        return [*before, DayRead(hit, aside)]
    weaker = read.role in ("", "maybe", "close") and not read.extended
    if (
        weaker
        and previous
        and previous.role == "close"
        and read.strength < previous.strength
        and _continues(page, lines, previous.hit, hit)
    ):
        return [*before[:-1], replace(previous, listed=True), replace(previous, hit=hit, listed=True, extended=False)]
    if (
        read.role in ("", "maybe")
        and previous
        and previous.role == "superseded"
        and lines.number(previous.hit.start) == lines.number(hit.start)
        and hit.day > previous.hit.day
    ):  # "instead of 19 February it ends on 12 March"
        return [*before, DayRead(hit, "close", read.cue, 4, extended=True)]
    if read.role == "maybe" and previous and previous.role == "close" and _says_again(page, previous, read):
        return [*before[:-1], replace(previous, listed=True), replace(read, role="close", strength=2, listed=True)]
    if not read.role and _under_when(page, lines, hit):
        return [*before, DayRead(hit, "close", None, 2, listed=True)]
    if not read.role or (read.role == "period" and hit.first is not None):
        below = _listed_below(page, lines, hit)
        read = below if below.role else read
    soft = read.role == "open" and read.cue is not None and page.folded[read.cue.start : read.cue.end] in SOFT
    if soft and hit.first is None:  # "à la date du 26 février, date de clôture de l'appel"
        stop = min(end, dates[i + 1].start if i + 1 < len(dates) else end, hit.end + 40)
        after = by_words_after(page, DayRead(hit), (hit.end, stop))
        named = after.role == "close" and after.cue and page.folded[after.cue.start : after.cue.end] not in ANY_LIMIT
        read = after if named and after.cue and after.cue.start - hit.end <= 12 else read
    if read.role in ("", "maybe", "period"):
        stop = min(end, dates[i + 1].start if i + 1 < len(dates) else end, hit.end + 60)
        after = by_words_after(page, read, (hit.end, stop))
        read = after if after.role else read
        if (
            previous
            and previous.role in ("", "maybe")
            and read.role == "close"
            and previous.hit.end <= hit.start
            and LIST.fullmatch(page.folded, previous.hit.end, hit.start)
        ):
            return [*before[:-1], replace(read, hit=previous.hit, listed=True), replace(read, listed=True)]
    return [*before, read]


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


def _says_again(page: Page, previous: DayRead, read: DayRead) -> bool:
    """ "- for July, write before 12 June;\n- for September, before 7 August": the next item with the same word."""
    gap = page.folded[previous.hit.end : read.hit.start]
    if previous.cue is None or read.cue is None or len(gap) > 80 or not ("\n" in gap or ";" in gap):
        return False
    return page.folded[previous.cue.start : previous.cue.end] == page.folded[read.cue.start : read.cue.end]


def _by_column(page: Page, hit: DateHit) -> DayRead | None:
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


def _leads(page: Page, lines: Lines, hit: DateHit) -> bool:
    """ "27 March, 23:59 UTC: closing of applications" on a line of its own."""
    start, end = lines.at(hit.start)
    if hit.start and page.text[start - 1] != "\n" and start:
        return False
    if not re.fullmatch(r"[\W\d_]*", page.folded[start : hit.start]):
        return False
    after = without_times(page.folded[hit.end : min(end, hit.end + 40)])
    return bool(COLON.match(after)) or (end - hit.end <= 60 and after[:1] == " " and after[1:2].isalpha())


def _is_of_applying(page: Page, lines: Lines, hit: DateHit) -> bool:
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


_WHEN = re.compile(
    r"[\W_]*(?:hasta cuando|cuando (?:cierra|termina|vence)\w*|until when|when (?:is|are|does|do) [^?]{0,40}(?:deadline|clos|due|end)[^?]{0,20}|by when|jusqu'a quand|quand (?:cloture|ferme)[^?]{0,30}|ate quando|quando (?:fecha|encerra|termina)[^?]{0,30}|bis wann|deadlines?|closing dates?|fechas limite|fechas de cierre|plazos|dates limites|prazos|fristen)"
    r"[^\n?]{0,24}[?:]?$"
)


def _under_when(page: Page, lines: Lines, hit: DateHit) -> bool:
    """ "Until when? … Bolivia: 2 October. Brazil: 9 October.": a labelled day of the paragraph right under that question."""
    start = page.text.rfind("\n", 0, hit.start) + 1
    above = page.text.rfind("\n", 0, max(0, start - 1)) + 1
    heading = page.folded[above : max(above, start - 1)]
    own = (lines.at(hit.start)[0], hit.start)
    label = page.folded[own[0] : own[1]].strip()
    roles = ("event", "result", "open", "other", "publish", "superseded")
    told = start and _WHEN.fullmatch(heading) and label.endswith(":") and hit.first is None
    return bool(told) and not any(page.any(f"close.{role}", own) for role in roles)


def _continues(page: Page, lines: Lines, previous: DateHit, hit: DateHit) -> bool:
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


def _listed_below(page: Page, lines: Lines, hit: DateHit) -> DayRead:
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


def _range(page: Page, hit: DateHit, before: list[DayRead], span: Span) -> list[DayRead]:
    """ "from 1 March to 30 April": an application period closes at its end; an event's end is no deadline."""
    previous = before[-1]
    role = previous.role
    if role in ("", "maybe", "period") and named_before(page, previous.hit):
        role = "open"
    elif role in ("", "period") and of_a_phase(page, previous.hit):
        return [*before[:-1], replace(previous, role="open"), replace(previous, hit=hit, role="close", strength=1)]
    if role == "maybe":
        return [*before[:-1], replace(previous, role="open"), replace(previous, hit=hit)]
    if role in ("open", "close"):
        strength = max(previous.strength, 2)
        return [
            *before[:-1],
            replace(previous, role="open"),
            replace(previous, hit=hit, role="close", strength=strength),
        ]
    read = replace(previous, hit=hit, role=role if role != "maybe" else "")
    after = by_words_after(page, read, (hit.end, min(span[1], hit.end + 60))) if role in ("", "period") else read
    return [*before, after if after.role else read]
