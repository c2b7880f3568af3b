"""When a call closes: its deadlines with hour and zone, the model of closing, and the words used.

Every date of the page gets a role from the words around it; openings, events, results and publication days are never
deadlines. How a date, an hour or a zone is written belongs to ``values``.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, time

from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.proof import posted_day
from boi_pipeline.reading.quotes import collapse
from boi_pipeline.reading.values.clock import find_times, find_zone
from boi_pipeline.reading.values.dates import WEEKDAYS, DateHit, find_dates
from boi_pipeline.records import Deadline

_ROLES = ("strong", "open", "event", "result", "publish", "other", "superseded", "extended")
_TO = frozenset(["al", "au", "a", "ao", "to", "through", "y", "el", "and", "including", "jusque"])
_SOFT = frozenset(
    [
        "from",
        "starting",
        "del",
        "desde",
        "desde el",
        "entre el",
        "du",
        "depuis le",
        "entre le",
        "de",
        "desde",
        "entre os dias",
        "do dia",
        "ab",
        "ab dem",
        "opening",
        "vom",
        "open on",
    ]
)
_SOFT_EVENT = frozenset(
    [
        "fecha",
        "fechas",
        "data",
        "datas",
        "dates",
        "duration",
        "duracion",
        "duree",
        "duracao",
        "start",
        "starts",
        "inicio",
        "debut",
        "del programa",
        "estancia",
    ]
)
_LIST = re.compile(
    r"[\s,;/|·•()-]*(?:and|y|et|e|und|or|o|ou|&)?[\s,;/|·•()-]*(?:on|el|le|the|am|os|o)?\s*(?:\([^)]*\))?\s*"
)
_RANGE = re.compile(
    r"[\s,(]*(?:to|until|till|through|al|hasta|hasta el|au|jusqu'au|a|ate|ate o dia|ao|bis|bis zum|as|a las|-|y|and|et|e)(?: +(?:el|le|the|dia|do|del|de|o|am|as|a|las|day|and including))*\s*"
)
_FILL_WORDS = (
    "at|a|las|la|as|um|hasta|until|by|before|antes|de|del|kl|the|local|time|hora|horas|hour|hours|no|later|than|latest|till|ate|jusqu'a|avant|dia|"
    "closing|end|day|on|of|el|le|do|du|au|mas|tardar|tarde|plus|tard|or|and|,|date|deadline|noon|strictly|sharp|o|os|to|um|gegen|uhr|am|zum|den|"
    "a las|por|en|punto|midnight|fecha|y|data|e|et|"
) + "|".join(WEEKDAYS)
_FILL = re.compile(rf"(?:[\s,;:.()\[\]/|-]|(?<![a-z])(?:{_FILL_WORDS.replace('||', '|')})(?![a-z]))*")
_LABELLED = re.compile(r"[^.:;]{0,50}:\s")
_ISO_T = re.compile(r"t(?=[0-9]{2}:)")
_NEAR, _FAR = 45, 140
_EACH = re.compile(
    r"(?<![^\W_])(?:each|all (?:deadlines|times|dates|cut-offs|hours)|every|both cases|cada|todos los (?:cierres|cortes|plazos)|todas las (?:fechas|horas)|chaque|toutes les (?:dates|heures)|"
    r"todos os (?:prazos|cortes)|todas as (?:datas|horas)|ambos casos|les deux cas)(?![^\W_])"
)
_PERIOD = re.compile(
    r"(?:applications?|registration|submissions?|nominations?) (?:period|window|phase)|plazo|prazo|periodo de (?:inscri|postula|solicit)\w*|periode de candidature"
)
_OPEN = re.compile(r"open|abiert|abert|ouvert|offen")
_BORN = re.compile(r"\b(?:born|nacid|nes?\b|nascid|geboren)")


@dataclass(frozen=True)
class _Read:
    hit: DateHit
    role: str = ""
    cue: Hit | None = None
    strength: int = 0
    listed: bool = False  # one of "1 March, 1 June and 1 October"
    extended: bool = False
    staged: bool = False  # its own words name a stage


def read_deadlines(page: Page) -> None:
    """Write deadlines, close_model and close_date_description on the page's sheet."""
    found = find_dates(page.text, page.folded, page.notice.date_order, posted_day(page.notice))
    dates = [hit for hit in found if not page.is_silent(hit.start)]
    reads: list[_Read] = []
    for i, hit in enumerate(dates):
        reads = _judge(page, dates, i, hit, reads)
    closes = _choose([_staged(page, read) for read in reads if read.role == "close"])
    _write(page, dates, closes)
    _rolling(page)


def _context(page: Page, hit: DateHit) -> Span:
    """The words a date is read by: its sentence up to it, and the line before where the date opens its own."""
    number = page.view.segment_at(hit.start)
    start, end = page.segments[number]
    lead = page.folded[start : hit.start]
    if number and len(lead) <= 18 and not any(page.any(f"close.{role}", (start, hit.start)) for role in _ROLES):
        before = page.segments[number - 1]
        if before[1] - before[0] <= 90 and page.folded[before[1] - 1] not in ".;!":
            start = before[0]
    return max(start, hit.start - 260), end


def _judge(page: Page, dates: list[DateHit], i: int, hit: DateHit, before: list[_Read]) -> list[_Read]:
    start, end = _context(page, hit)
    previous = before[-1] if before else None
    gap_start = start
    if previous and previous.hit.end > start:
        gap = page.folded[previous.hit.end : hit.start]
        time_free = _without_times(gap)
        if previous.role and _RANGE.fullmatch(time_free) and not _LIST.fullmatch(time_free):
            return _range(page, hit, before, (start, end))
        if previous.role and _LIST.fullmatch(time_free):
            return [*before, replace(previous, hit=hit, listed=True, extended=False)]
        gap_start = previous.hit.end
    read = _by_words_before(page, hit, (gap_start, hit.start), (start, end))
    if not read.role and previous and previous.role == "close" and _continues(page, previous.hit, hit):
        return [*before[:-1], replace(previous, listed=True), replace(previous, hit=hit, listed=True, extended=False)]
    if not read.role:
        read = _listed_below(page, hit, (start, end))
    if not read.role:
        stop = min(end, dates[i + 1].start if i + 1 < len(dates) else end, hit.end + 60)
        read = _by_words_after(page, hit, (hit.end, stop))
    if previous and read.role == "close" and hit.first is None and gap_start == previous.hit.end and previous.listed:
        read = replace(read, listed=read.listed)
    return [*before, read]


def _continues(page: Page, previous: DateHit, hit: DateHit) -> bool:
    """ "…until 18 December; for September, until 14 May", or the next line of a list of dates."""
    gap = page.folded[previous.end : hit.start]
    if len(gap) > 80:
        return False
    weak = page.hits("close.weak", previous.end, hit.start)
    again = ";" in gap and any(
        page.folded[cue.start : cue.end] not in _TO and hit.start - cue.end <= 12 for cue in weak
    )
    segment = page.segment(hit.start)
    own_line = "\n" in gap and hit.start - segment[0] <= 4 and page.segment(previous.start)[1] - previous.end <= 24
    return again or own_line


def _listed_below(page: Page, hit: DateHit, segment: Span) -> _Read:
    """The first date of a list under "There are four cut-offs a year: …"."""
    start, end = page.segment(hit.start)
    if hit.start - start > 28 or end - hit.end > 40:
        return _Read(hit)
    number = page.view.segment_at(hit.start)
    for back in range(number - 1, max(-1, number - 4), -1):
        above = page.segments[back]
        cues = [c for role in ("strong",) for c in page.hits(f"close.{role}", *above)] + page.hits(
            "stage.cut_off", *above
        )
        if cues and page.text[above[1] - 1 : above[1]] in (":", ".") and hit.start - cues[-1].end <= 200:
            return _Read(hit, "close", cues[-1], 2, listed=True)
    return _Read(hit)


def _without_times(gap: str) -> str:
    for start, end, _ in reversed(find_times(gap)):
        gap = gap[:start] + gap[end:]
    zone = find_zone(gap)
    return gap[: zone[0]] + gap[zone[1] :] if zone else gap


def _range(page: Page, hit: DateHit, before: list[_Read], span: Span) -> list[_Read]:
    """ "from 1 March to 30 April": an application period closes at its end; an event's end is no deadline."""
    previous = before[-1]
    if previous.role in ("open", "close"):
        strength = max(previous.strength, 2)
        return [
            *before[:-1],
            replace(previous, role="open"),
            replace(previous, hit=hit, role="close", strength=strength),
        ]
    return [*before, replace(previous, hit=hit)]


def _by_words_before(page: Page, hit: DateHit, span: Span, segment: Span) -> _Read:
    cues: list[tuple[int, int, str, Hit]] = []
    for role in _ROLES:
        for cue in page.hits(f"close.{role}", *span):
            word = page.folded[cue.start : cue.end]
            soft = (role == "open" and word in _SOFT) or (role == "event" and word in _SOFT_EVENT)
            if hit.start - cue.end <= _FAR:
                cues.append((0 if soft else 1, cue.end, role, cue))
    for stage in ("concept_note", "full_proposal"):
        labels = [cue for cue in page.hits(f"stage.{stage}", *span) if hit.start - cue.end <= _FAR]
        cues += [(1, cue.end, "strong", cue) for cue in labels if _LABELLED.match(page.folded, cue.end, hit.start)]
    firm = [cue for cue in cues if cue[0]]
    weak = _weak(page, hit, span)
    best = max(firm, key=lambda cue: (cue[1], cue[3].end - cue[3].start, cue[2] == "strong"), default=None)
    extended = any(role == "extended" for _, _, role, _ in firm)
    if best is not None:
        role, cue = best[2], best[3]
        if role == "extended":
            strong = [c for c in firm if c[2] == "strong"]
            if strong or weak or page.any("close.context", segment):
                return _Read(hit, "close", min((c[3] for c in (*firm, best)), key=lambda c: c.start), 4, extended=True)
            return _Read(hit)
        if role == "strong":
            if _outranked(page, firm, cue, hit):
                return _Read(hit, "other")
            return _Read(hit, "close", cue, 3, extended=extended)
        if role == "open" and weak and weak.start >= cue.end and page.any("close.context", segment):
            return _Read(hit, "close", cue, 2)
        if role in ("result", "event", "other", "publish", "superseded", "open"):
            if (
                hit.first
                and role == "event"
                and _PERIOD.search(page.folded, max(segment[0], cue.start - 40), cue.start)
            ):
                return _Read(hit, "close", cue, 2)
            if (
                weak
                and weak.start >= cue.start
                and role == "event"
                and _applying(page, (max(segment[0], cue.start - 60), hit.start))
            ):
                return _Read(hit, "close", weak, 2)
            return _Read(hit, role, cue)
    if weak and page.any("close.context", segment) and not _about_people(page, span):
        return _Read(hit, "close", weak, 2, extended=extended)
    soft = max(cues, key=lambda cue: cue[1], default=None)
    if soft is not None:
        applying = _applying(page, (segment[0], hit.start))
        if hit.first is not None and applying:
            return _Read(hit, "close", soft[3], 2)
        return _Read(hit, "open" if soft[2] == "open" and applying else "event", soft[3])
    return _Read(hit)


def _outranked(page: Page, cues: list[tuple[int, int, str, Hit]], strong: Hit, hit: DateHit) -> bool:
    """A strong word said of something else: "deadline for questions", "results … by the closing of"."""
    between = (strong.end, hit.start)
    return any(page.any(f"close.{role}", between) for role in ("other", "superseded", "publish")) or any(
        role in ("other", "superseded") and 0 <= strong.start - cue.end <= 12 for _, _, role, cue in cues
    )


def _weak(page: Page, hit: DateHit, span: Span) -> Hit | None:
    for cue in reversed(page.hits("close.weak", *span)):
        word = page.folded[cue.start : cue.end]
        if word in _TO:
            continue
        if hit.start - cue.end <= _NEAR and _FILL.fullmatch(_without_times(page.folded[cue.end : hit.start])):
            return cue
    return None


def _applying(page: Page, span: Span) -> bool:
    """Whether words speak of applying; "open" only where the sentence also names a call."""
    hits = page.hits("close.context", *span)
    if any(not _OPEN.match(page.folded, hit.start) for hit in hits):
        return True
    return any(page.text[hit.start].islower() for hit in hits) and page.any("opportunity.yes", span)


def _about_people(page: Page, span: Span) -> bool:
    return bool(_BORN.search(page.folded, *span))


def _by_words_after(page: Page, hit: DateHit, span: Span) -> _Read:
    cues = [
        (cue.start, role, cue)
        for role in ("strong", "event", "result", "publish", "open")
        for cue in page.hits(f"close.{role}", *span)
        if not (role == "open" and page.folded[cue.start : cue.end] in _SOFT)
    ]
    if not cues:
        return _Read(hit)
    start, role, cue = min(cues)
    if role != "strong":
        return _Read(hit, role)
    between = page.folded[hit.end : start]
    joined = re.fullmatch(
        r"[\s,:()\[\]|-]*(?:is|es|est|e|sera|is the|es la|est la|e a|es el|as|application|the|la|a|final)?[\s(-]*",
        between,
    )
    return _Read(hit, "close", cue, 2) if joined else _Read(hit)


def _staged(page: Page, read: _Read) -> _Read:
    start = page.segment(read.hit.start)[0]
    return replace(
        read,
        staged=any(page.any(f"stage.{stage}", (start, read.hit.start)) for stage in ("concept_note", "full_proposal")),
    )


def _choose(closes: list[_Read]) -> list[_Read]:
    """Of the dates read as closings: an extension replaces what it extends; the strongest words count."""
    extended = [read for read in closes if read.extended]
    if extended:
        last = max(read.hit.day for read in extended)
        return [read for read in closes if read.hit.day >= last or (read.listed and read.strength >= 3)][:6]
    top = max((read.strength for read in closes), default=0)
    listed = any(read.listed for read in closes)
    return [read for read in closes if read.strength == top or listed or read.staged]


@dataclass(frozen=True)
class _Timed:
    read: _Read
    stage: str
    hour: time | None
    zone: str | None
    core: Span


def _write(page: Page, dates: list[DateHit], closes: list[_Read]) -> None:
    timed = [_timed(page, dates, read) for read in closes]
    timed = _all_at(page, timed)
    best: dict[tuple[str, date], _Timed] = {}
    for found in timed:
        key = (found.stage, found.read.hit.day)
        known = best.get(key)
        if known is None or (found.hour is not None, found.zone is not None) > (
            known.hour is not None,
            known.zone is not None,
        ):
            best[key] = found
    special = {found.read.hit.day for found in best.values() if found.stage in ("concept_note", "full_proposal")}
    best = {key: found for key, found in best.items() if found.stage != "application" or key[1] not in special}
    chosen = sorted(best.values(), key=lambda found: (found.read.hit.day, found.hour or time.max, found.stage))
    stages = {found.stage for found in chosen}
    if not ({"concept_note", "full_proposal"} & stages) and len({found.read.hit.day for found in chosen}) > 1:
        chosen = [_as_cut_off(found) for found in chosen]
    deadlines = []
    own = page.notice.timezone
    for found in chosen[:12]:
        rule = f"deadline.{'extended' if found.read.extended else 'label' if found.read.strength >= 3 else 'words'}"
        confidence = {4: 0.95, 3: 0.95, 2: 0.85}.get(found.read.strength, 0.7)
        confidence -= 0.0 if found.read.hit.year_printed else 0.1
        if page.prove("deadlines", rule, round(confidence, 2), found.core):
            deadlines.append(
                Deadline(
                    seq=len(deadlines) + 1,
                    stage=found.stage,  # type: ignore[arg-type]
                    close_date=found.read.hit.day,
                    close_time=found.hour,
                    timezone=found.zone or own,
                    basis="stated" if found.zone else "assumed",
                )
            )
    if not deadlines:
        return
    page.put("deadlines", deadlines)
    first = chosen[0]
    two = {"concept_note", "full_proposal"} & {deadline.stage for deadline in deadlines}
    model = "two_stage" if two and len(deadlines) > 1 else "multiple" if len(deadlines) > 1 else "single"
    page.state("close_model", model, f"close_model.{model}", 0.85, first.core)
    _describe(page, "deadline.words", first.core)


def _all_at(page: Page, timed: list[_Timed]) -> list[_Timed]:
    """ "Each cut-off falls at 18:00 UTC", "(London time in both cases)": an hour or zone said once for all deadlines."""
    if not timed or all(found.hour and found.zone for found in timed):
        return timed
    for match in _EACH.finditer(page.folded):
        segment = page.segment(match.start())
        if not any(
            page.any(key, segment) for key in ("close.strong", "close.context", "stage.cut_off", "stage.full_proposal")
        ):
            continue
        hours, zone = find_times(page.folded, *segment), find_zone(page.folded, *segment)
        hour = hours[0][2] if len(hours) == 1 else None
        if (hour or zone) and page.prove("deadlines", "deadline.all_at", 0.8, segment):
            return [replace(f, hour=f.hour or hour, zone=f.zone or (zone[2] if zone else None)) for f in timed]
    return timed


def _as_cut_off(found: _Timed) -> _Timed:
    return replace(found, stage="cut_off") if found.stage == "application" else found


def _describe(page: Page, rule: str, core: Span, within: Span | None = None) -> None:
    if page.prove("close_date_description", rule, 0.9, core, within):
        page.put("close_date_description", collapse(page.evidence[-1].quote))


def _timed(page: Page, dates: list[DateHit], read: _Read) -> _Timed:
    hit = read.hit
    later = [other.start for other in dates if other.start >= hit.end]
    earlier = [other.end for other in dates if other.end <= hit.start]
    seg_start, seg_end = page.segment(hit.start)
    stop = min([seg_end, hit.end + 110, *later])
    floor = max([seg_start, hit.start - 70, *earlier])
    low, high = hit.start, hit.end
    hour, after = _hour_after(page, hit.end, stop)
    if hour is None:
        hour, before = _hour_before(page, floor, hit.start)
        low = before[0] if hour else low
        zone_at = before[1] if hour else hit.end
        zone = _zone_after(page, zone_at, hit.start) if hour else None
        zone = zone or _zone_after(page, hit.end, stop)
    else:
        high = after
        zone = _zone_after(page, after, stop) or _zone_between(page, hit.end, after)
    if zone:
        low, high = min(low, zone[0]), max(high, zone[1])
    if read.cue is not None and read.cue.start <= hit.start and hit.start - read.cue.start <= 200:
        low = min(low, read.cue.start)
    elif read.cue is not None and read.cue.end - low <= 200:
        high = max(high, read.cue.end)
    if not read.hit.year_printed or low == hit.start:
        low = min(low, _word_start(page, max(seg_start, hit.start - 24), hit.start))
    if page.text[high : high + 1] == ")" and "(" in page.text[low:high]:
        high += 1
    return _Timed(read, _stage(page, read, (low, high)), hour, zone[2] if zone else None, (low, high))


def _word_start(page: Page, low: int, at: int) -> int:
    while low < at and low and page.text[low - 1].isalnum():
        low += 1
    return low


def _hour_after(page: Page, at: int, stop: int) -> tuple[time | None, int]:
    iso = _ISO_T.match(page.folded, at, stop)
    for start, end, hour in find_times(page.folded, at + 1 if iso else at, stop):
        gap = page.folded[at + 1 if iso else at : start]
        zone = find_zone(gap)
        gap = gap[: zone[0]] + gap[zone[1] :] if zone else gap
        return (hour, end) if _FILL.fullmatch(gap) else (None, at)
    return None, at


def _hour_before(page: Page, floor: int, at: int) -> tuple[time | None, Span]:
    found = find_times(page.folded, floor, at)
    if not found:
        return None, (at, at)
    start, end, hour = found[-1]
    gap = page.folded[end:at]
    zone = find_zone(gap)
    gap = gap[: zone[0]] + gap[zone[1] :] if zone else gap
    return (hour, (start, end)) if _FILL.fullmatch(gap) else (None, (at, at))


def _zone_after(page: Page, at: int, stop: int) -> tuple[int, int, str] | None:
    found = find_zone(page.folded, at, stop)
    return found if found and _FILL.fullmatch(page.folded[at : found[0]]) else None


def _zone_between(page: Page, at: int, stop: int) -> tuple[int, int, str] | None:
    return find_zone(page.folded, at, stop)


def _stage(page: Page, read: _Read, core: Span) -> str:
    """Of what a deadline is: the words of its own clause, else of the sentence before the date."""
    segment = page.segment(read.hit.start)
    start = min(core[0], segment[0]) if read.hit.start - segment[0] <= 160 else core[0]
    other = [r for r in ("concept_note", "full_proposal") if page.any(f"stage.{r}", (start, core[1]))]
    if len(other) == 1:
        return other[0]
    if len(other) == 2:
        last = max(other, key=lambda name: page.hits(f"stage.{name}", start, core[1])[-1].start)
        return last
    if page.any("stage.cut_off", (start, core[1])) and read.listed:
        return "cut_off"
    if page.any("stage.nomination", (start, core[1])):
        return "nomination"
    kind = page.values.get("opportunity_type")
    if kind in ("event", "course") and page.any("stage.registration", (start, core[1])):
        return "registration"
    return "application"


def _rolling(page: Page) -> None:
    if page.values.get("deadlines"):
        return
    for hit in page.hits("rolling.all"):
        segment = page.segment(hit.start)
        label = (
            page.any("close.strong", segment)
            or page.any("close.context", segment)
            or page.any("opportunity.yes", segment)
        )
        if label and not page.any("close.event", (hit.end, segment[1])):
            page.state("close_model", "rolling", "close_model.rolling", 0.85, hit[:2], segment)
            _describe(page, "close_model.rolling", hit[:2], segment)
            return
