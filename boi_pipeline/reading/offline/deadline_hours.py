"""The hour and zone of a closing day, wherever they stand: beside it, for all days of a list, or a sentence later."""

import re
from dataclasses import dataclass, replace
from datetime import time

from boi_pipeline.personal_data import MASK
from boi_pipeline.reading.offline.deadline_layout import ASIDE
from boi_pipeline.reading.offline.deadline_stages import stage_of
from boi_pipeline.reading.offline.deadline_words import FILL, ISO_T, QUOTE, DayRead, Lines
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.clock import SAME_HOUR, THAT_DAY, find_clock, find_times, find_zone, zone_of_place
from boi_pipeline.reading.values.days import DateHit

_YEAR_IN = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{2}$|\bmil")
_HOURS = re.compile(r"\s*(?:-|a|to|y|and|et|e|as|bis|until|hasta|ate)\s*(?:las |as )?")
_STOP = re.compile(r"(?<=[mMhH])\.\s+(?=[A-ZÁÉÍÓÚÀÂÊÔÇÄÖÜ][a-záéíóúàâêôçäöüãõ ])")
_EACH = re.compile(
    r"(?<![^\W_])(?:each|en todos los casos|em todos os casos|dans tous les cas|in all cases|always|siempre|toujours|sempre|jeweils|all (?:deadlines|times|dates|cut-offs|hours)|every|both cases|cada|todos los (?:cierres"
    r"|cortes|plazos)|todas las (?:fechas|horas)|chaque|toutes les (?:dates|heures)|"
    r"todos os (?:prazos|cortes)|todas as (?:datas|horas)|ambos casos|ambas a|ambos a|ambas,|both at|both,"
    r"|les deux cas)(?![^\W_])"
)
_ALL_TIMES = re.compile(
    r"(?<![^\W_])(?:all (?:times|deadlines|hours) (?:are )?|(?:las |as |os )?(?:horas|horarios) (?:son|sao) |(?:les )?heures sont |todas las horas|todos los horarios|en todos los casos|toutes les heures|dans tous les cas|todas as horas|todos os horarios|em todos os casos|alle zeiten)"
)
_DAYS_SHOWN = re.compile(
    r"shown|above|below|listed|given|stated|each|those|these|indicad|indiquee|cada|esas|ci-dessus|acima"
)
_ROUNDS = ("stage.cut_off", "stage.full_proposal")


@dataclass(frozen=True)
class Timed:
    """A closing with its stage, hour, zone and the words that tell them."""

    read: DayRead
    stage: str
    hour: time | None
    zone: str | None
    core: Span

    @property
    def told(self) -> tuple[bool, bool]:
        return self.hour is not None, self.zone is not None


def all_at(page: Page, lines: Lines, timed: list[Timed]) -> list[Timed]:
    """ "Each cut-off falls at 18:00 UTC", "(London time in both cases)": an hour or zone said for all deadlines."""
    if not timed or all(found.hour and found.zone for found in timed):
        return timed
    spans = [lines.at(match.start()) for match in _EACH.finditer(page.folded)]
    told = {lines.number(found.read.hit.start) + 1 for found in timed}
    closing = [
        span
        for span in spans
        if lines.number(span[0]) in told
        or _ALL_TIMES.search(page.folded, *span)
        or any(page.any(key, span) for key in ("close.strong", "close.weak", *_ROUNDS))
    ]
    for segment in closing or [span for span in spans if page.any("close.context", span)]:
        hours, zone = find_times(page.folded, *segment), find_zone(page.folded, *segment)
        hour = hours[0][2] if len(hours) == 1 else None
        if (hour or zone) and page.prove("deadlines", "deadline.all_at", 0.8, segment):
            return [replace(f, hour=f.hour or hour, zone=f.zone or (zone[2] if zone else None)) for f in timed]
    return timed


def at_the_end(timed: list[Timed]) -> list[Timed]:
    """ "15 March and 15 September 2027 (17:00 CET)": the hour behind a list holds for all its days."""
    found = list(timed)
    for i in range(len(found) - 2, -1, -1):
        this, following = found[i], found[i + 1]
        span = (min(this.core[0], following.core[0]), max(this.core[1], following.core[1]))
        if this.read.listed or following.read.listed:
            close = following.read.hit.start - this.read.hit.end <= 16 and span[1] - span[0] <= QUOTE
            if close and not any(this.told) and any(following.told):
                found[i] = replace(this, hour=following.hour, zone=following.zone, core=span)
            elif close and not this.read.hit.year_printed:
                found[i] = replace(this, core=span)
    return found


def on_that_day(page: Page, lines: Lines, timed: list[Timed]) -> list[Timed]:
    """ "… by 11:59 p.m. Bogotá time on the closing date", wherever it stands, where only one day closes."""
    one = len({found.read.hit.day for found in timed}) == 1
    if any(found.hour for found in timed):
        return timed
    for match in THAT_DAY.finditer(page.folded):
        if not one and not _DAYS_SHOWN.search(match.group()):
            continue
        segment = lines.at(match.start())
        hours = find_times(page.folded, *segment)
        if len({hour for _, _, hour in hours}) != 1 or any(
            page.any(f"close.{r}", segment) for r in ("event", "result")
        ):
            continue
        zone = find_zone(page.folded, *segment)
        if page.prove("deadlines", "deadline.that_day", 0.8, segment):
            return [replace(f, hour=hours[0][2], zone=f.zone or (zone[2] if zone else None)) for f in timed]
    return timed


def same_hour(page: Page, timed: list[Timed]) -> list[Timed]:
    """ "... 25 September, same time": the hour and zone of the closing before it."""
    found = list(timed)
    for i in range(1, len(found)):
        before, this = found[i - 1], found[i]
        said = SAME_HOUR.search(page.folded, this.read.hit.end, this.read.hit.end + 40)
        if said and any(hit in page.folded[this.read.hit.end : said.start()] for hit in ".;\n"):
            said = None
        if said and before.hour and not this.hour and page.prove("deadlines", "deadline.same_hour", 0.8, before.core):
            found[i] = replace(this, hour=before.hour, zone=before.zone, core=(this.core[0], said.end()))
    return found


def at_the_head(page: Page, lines: Lines, dates: list[DateHit], found: Timed) -> Timed:
    """ "Cut-offs, always at 23:59 AoE:" above a list of days."""
    cue = found.read.cue
    if not found.read.listed or found.hour or cue is None or cue.start > found.core[0]:
        return found
    start, end = lines.at(cue.start)
    first = min((hit.start for hit in dates if hit.start >= start), default=found.read.hit.start)
    hours = find_times(page.folded, start, min(end, first))
    if len(hours) != 1 or found.core[1] - min(hours[0][0], found.core[0]) > QUOTE:
        return found
    zone = _zone_after(page, hours[0][0], hours[0][1], end)
    core = (min(hours[0][0], found.core[0]), found.core[1])
    return replace(found, hour=hours[0][2], zone=zone[2] if zone else None, core=core)


def next_sentence(page: Page, lines: Lines, dates: list[DateHit], timed: list[Timed]) -> list[Timed]:
    """ "Closing date: 5 June. Proposals must be received by 4 p.m.": the only day's hour stands after it."""
    days = {found.read.hit.day for found in timed}
    one_list = (
        len({lines.number(found.read.hit.start) for found in timed}) == 1
    )  # "on 1 June and 3 August. It closes at 13:00."
    if (len(days) != 1 and not one_list) or any(found.hour for found in timed):
        return timed
    for i, found in enumerate(timed):
        number = lines.number(found.read.hit.start) + 1
        if number >= len(lines.spans) or any(found.told):
            continue
        span = _to_full_stop(page, lines.spans[number])
        hours = find_times(page.folded, *span)
        words = any(page.any(f"close.{role}", span) for role in ("strong", "weak", "context"))
        words = words and not any(page.any(f"close.{role}", span) for role in ("event", "result", "other", "open"))
        if (
            not hours
            or (len(hours) > 1 and not find_zone(page.folded, hours[0][0], hours[1][0]))
            or not words
            or any(span[0] <= hit.start < span[1] for hit in dates)
        ):
            continue
        start, end, hour = hours[0]
        zone = _zone_after(page, start, end, span[1])
        core = (found.core[0], max(end, zone[1] if zone else end))
        if core[1] - core[0] <= QUOTE:
            timed[i] = replace(found, hour=hour, zone=zone[2] if zone else None, core=core)
    return timed


def _to_full_stop(page: Page, span: Span) -> Span:
    """The first sentence of a line, where an hour's own dots hide where it ends ("5:00 p. m. The list …")."""
    for stop in _STOP.finditer(page.text, *span):
        if not find_zone(page.folded, stop.end(), min(span[1], stop.end() + 40), anchored=True):
            return span[0], stop.start() + 1
    return span


def said_elsewhere(page: Page, lines: Lines, reads: list[DayRead], found: Timed) -> Timed:
    """The same day printed again with its hour: the fuller words are quoted."""
    if found.hour:
        return found
    dates = [read.hit for read in reads]
    for read in reads:
        if (
            read.hit.day == found.read.hit.day
            and read.hit != found.read.hit
            and read.role in ("", "period", "close", "maybe")
        ):
            other = timed_of(page, lines, dates, read)
            if other.hour and other.told > found.told:
                return replace(found, hour=other.hour, zone=other.zone, core=other.core)
    return found


def timed_of(page: Page, lines: Lines, dates: list[DateHit], read: DayRead) -> Timed:
    """A closing with the hour and zone beside it."""
    hit = read.hit
    seg_start, seg_end = _with_next_line(page, lines, hit)
    stop = min([seg_end, hit.end + 110, *(other.start for other in dates if other.start >= hit.end)])
    floor = max([seg_start, hit.start - 70, *(other.end for other in dates if other.end <= hit.start)])
    low, high = hit.start if hit.anchor is None else hit.anchor, hit.end
    hour, zone, after = _clock_after(page, hit.end, stop)
    if after is None and (aside := ASIDE.match(page.folded, hit.end, seg_end)):
        stop = min([seg_end, hit.end + 130, *(other.start for other in dates if other.start >= aside.end())])
        hour, zone, after = _clock_after(page, aside.end(), stop)
    if after is None:
        hour, zone, before = _clock_before(page, floor, hit.start)
        low = before if before is not None else low
        zone = zone or _zone_after(page, hit.end, hit.end, stop) or _anywhere(page, hit.end, stop)
    else:
        high = after
    if hour and not zone and after is None:
        zone = zone_of_place(page.folded, hit.end, stop)  # "a las 12 del 20 de abril, en Oaxaca"
    if hour and not zone and read.cue is not None and 0 <= hit.start - read.cue.end <= 40:
        named = find_zone(page.folded, read.cue.end, hit.start)  # "Deadline (Hanoi time): …"
        rest = page.folded[read.cue.end : named[0]] + page.folded[named[1] : hit.start] if named else ""
        zone = named if named and FILL.fullmatch(rest) else None
    if zone:
        low, high = min(low, zone[0]), max(high, zone[1])
    if read.cue is not None and read.cue.start <= hit.start and hit.start - read.cue.start <= 200:
        low = min(low, read.cue.start)
    elif read.cue is not None and read.cue.start > hit.start and read.cue.end - low <= 200:
        high = max(high, read.cue.end)
    if hit.anchor is not None:
        low = min(low, hit.anchor)
    if not read.hit.year_printed or low == hit.start:
        low = min(
            low, _word_start(page, max(seg_start, hit.start - 24, page.text.rfind(MASK, 0, hit.start) + 1), hit.start)
        )
    borrowed = hit.year_printed and hit.first is None and not _YEAR_IN.search(page.folded, hit.start, hit.end)
    if borrowed and (following := next((d for d in dates if 0 <= d.start - hit.end <= 24), None)):
        high = max(high, following.end)  # "1 June and 1 October 2027": the quote shows whence the year
    if page.text[high : high + 1] == ")" and "(" in page.text[low:high]:
        high += 1
    return Timed(read, stage_of(page, lines, read, (low, high)), hour, zone[2] if zone else None, (low, high))


def _with_next_line(page: Page, lines: Lines, hit: DateHit) -> Span:
    """The sentence of a date, with the line after it where that is an hour alone."""
    number = lines.number(hit.start)
    start, end = lines.spans[number]
    if number + 1 < len(lines.spans) and not page.folded[hit.end : end].strip(" .,"):
        below = lines.spans[number + 1]
        clock = find_clock(page.folded, *below) if below[1] - below[0] <= 40 else []
        if clock and FILL.fullmatch(page.folded, below[0], clock[0][0]):
            return start, below[1]
    return start, end


def _word_start(page: Page, low: int, at: int) -> int:
    while low < at and low and page.text[low - 1].isalnum():
        low += 1
    return low


_Zone = tuple[int, int, str] | None


def _clock_after(page: Page, at: int, stop: int) -> tuple[time | None, _Zone, int | None]:
    """The hour right after a day, its zone, and where it ends (None: there is none). Midnight is no hour but ends."""
    iso = ISO_T.match(page.folded, at, stop)
    at = at + 1 if iso else at
    clocks = find_clock(page.folded, at, stop)
    if not clocks:
        return None, None, None
    start, end, hour = clocks[0]
    early = find_zone(page.folded, at, start)
    gap = page.folded[at:start] if early is None else page.folded[at : early[0]] + page.folded[early[1] : start]
    if not FILL.fullmatch(gap) and not FILL.fullmatch(_without_ending(page, at, start) if early is None else gap):
        return None, None, None
    for start2, end2, hour2 in clocks[1:2]:  # "las cinco (5:00 p. m.)", "23:59 (11:59 p.m.)"
        if hour2 == hour and FILL.fullmatch(page.folded, end, start2):
            start, end = start2, end2
    if iso and hour is None:
        return None, None, end  # a feed's midnight says neither hour nor zone
    return hour, _zone_after(page, start, end, stop) or early, end


def _without_ending(page: Page, start: int, end: int) -> str:
    """The words of a span without those for ending ("…, terminando às 23h59")."""
    flat = page.folded[start:end]
    cues = [*page.hits("close.ending", start, end), *page.hits("close.strong", start, end)]
    for cue in sorted(cues, key=lambda cue: cue.start, reverse=True):
        flat = flat[: cue.start - start] + " " * (cue.end - cue.start) + flat[cue.end - start :]
    return flat


def _clock_before(page: Page, floor: int, at: int) -> tuple[time | None, _Zone, int | None]:
    """The hour right before a day, its zone, and where it starts."""
    clocks = find_clock(page.folded, floor, at)
    if not clocks:
        return None, None, None
    start, end, hour = clocks[-1]
    if len(clocks) > 1 and _HOURS.fullmatch(page.folded, clocks[-2][1], start):
        return None, None, None  # "from 8 a.m. to 4 p.m., until 12 February": when a desk is open
    zone = find_zone(page.folded, start, at)
    rest = page.folded[end:at] if zone is None else page.folded[end : zone[0]] + page.folded[max(end, zone[1]) : at]
    return (hour, zone, start) if FILL.fullmatch(rest) else (None, None, None)


def _anywhere(page: Page, at: int, stop: int) -> _Zone:
    """Anywhere on earth, which is said of deadlines alone."""
    found = find_zone(page.folded, at, stop)
    return found if found and found[2] == "Etc/GMT+12" else None


def _zone_after(page: Page, start: int, end: int, stop: int) -> _Zone:
    """The zone behind an hour that stands in [start, end), whose own word may begin it ("17:00 horas de Colombia")."""
    found = find_zone(page.folded, start, stop)
    if not found or not FILL.fullmatch(page.folded, end, max(end, found[0])):
        return None
    if found[2] in ("UTC", "Europe/Berlin") or found[2].startswith("Etc/GMT"):
        named = find_zone(page.folded, found[1], min(stop, found[1] + 40))
        if named and not named[2].startswith(("UTC", "Etc/")) and FILL.fullmatch(page.folded, found[1], named[0]):
            return found[0], named[1], named[2]  # "UTC-5, Bogotá time": the place says the same and more
    return found
