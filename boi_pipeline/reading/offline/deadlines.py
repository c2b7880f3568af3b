"""When a call closes: its deadlines with hour and zone, the model of closing, and the words used.

Every date of the page gets a role from the words around it; openings, events, results and publication days are never
deadlines. How a date, an hour or a zone is written belongs to ``values``.
"""

from dataclasses import replace
from datetime import date, time

from boi_pipeline.reading.offline.deadline_choice import choose, is_beside, weigh
from boi_pipeline.reading.offline.deadline_days import judge
from boi_pipeline.reading.offline.deadline_hours import (
    Timed,
    all_at,
    at_the_end,
    at_the_head,
    next_sentence,
    on_that_day,
    said_elsewhere,
    same_hour,
    timed_of,
)
from boi_pipeline.reading.offline.deadline_stages import with_stage
from boi_pipeline.reading.offline.deadline_words import TWO_STAGES, DayRead, Lines
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.proof import posted_day
from boi_pipeline.reading.quotes import collapse
from boi_pipeline.reading.values.dates import find_dates
from boi_pipeline.records import Deadline


def read_deadlines(page: Page) -> None:
    """Write deadlines, close_model and close_date_description on the page's sheet."""
    found = find_dates(page.text, page.folded, page.notice.date_order, posted_day(page.notice))
    dates = [hit for hit in found if not page.is_silent(hit.start) and not page.is_apart(hit.start)]
    lines = Lines(page, dates)
    reads: list[DayRead] = []
    for i, hit in enumerate(dates):
        reads = judge(page, lines, dates, i, hit, reads)
    closes = [with_stage(page, lines, read) for read in reads if read.role == "close"]
    maybe = [read for read in reads if read.role == "maybe" and not is_beside(page, lines, read)]
    closes = choose(page, lines, closes or maybe)
    closes = weigh(page, lines, reads, closes)
    _write(page, lines, reads, closes)
    _rolling(page)


def _write(page: Page, lines: Lines, reads: list[DayRead], closes: list[DayRead]) -> None:
    dates = [read.hit for read in reads]
    timed = [timed_of(page, lines, dates, read) for read in closes]
    timed = same_hour(page, timed)
    timed = all_at(page, lines, at_the_end(next_sentence(page, lines, dates, timed)))
    timed = [at_the_head(page, lines, dates, found) for found in timed]
    timed = [said_elsewhere(page, lines, reads, found) for found in timed]
    timed = on_that_day(page, lines, timed)
    best: dict[tuple[str, date], Timed] = {}
    for found in timed:
        key = (found.stage, found.read.hit.day)
        known = best.get(key)
        if known is None or found.told > known.told:
            best[key] = found
    special = {found.read.hit.day for found in best.values() if found.stage not in ("application", "cut_off")}
    best = {key: found for key, found in best.items() if found.stage != "application" or key[1] not in special}
    chosen = sorted(best.values(), key=lambda found: (found.read.hit.day, found.hour or time.max, found.stage))
    chosen = _two_steps(chosen)
    plain = {found.read.hit.day for found in chosen if found.stage in ("application", "cut_off")}
    meeting = page.values.get("opportunity_type") in ("event", "course") and not any(f.read.rounds for f in chosen)
    if not any(found.stage in TWO_STAGES for found in chosen) and len(plain) > 1 and not meeting:
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
    two = {deadline.stage for deadline in deadlines} & set(TWO_STAGES)
    model = "two_stage" if two and len(deadlines) > 1 else "multiple" if len(deadlines) > 1 else "single"
    page.state("close_model", model, f"close_model.{model}", 0.85, first.core)
    _describe(page, "deadline.words", first.core)


def _two_steps(chosen: list[Timed]) -> list[Timed]:
    """What is due before the only full proposal is its first stage, whatever it is called."""
    if [found.stage for found in chosen] != ["application", "full_proposal"]:
        return chosen
    return [replace(chosen[0], stage="concept_note"), chosen[1]]


def _as_cut_off(found: Timed) -> Timed:
    return replace(found, stage="cut_off") if found.stage == "application" else found


def _describe(page: Page, rule: str, core: Span, within: Span | None = None) -> None:
    if page.prove("close_date_description", rule, 0.9, core, within):
        page.put("close_date_description", collapse(page.evidence[-1].quote))


def _rolling(page: Page) -> None:
    if page.values.get("deadlines"):
        return
    for hit in page.hits("rolling.all"):
        segment = page.segment(hit.start)
        alone = " " not in page.folded[hit.start : hit.end].strip()
        near = (max(segment[0], hit.start - 40), min(segment[1], hit.end + 40))
        near = near if alone else (max(0, segment[0] - 120), min(len(page.text), segment[1] + 60))
        label = any(page.any(key, near) for key in ("close.strong", "close.context", "opportunity.yes"))
        if label and not page.any("close.event", (hit.end, min(segment[1], hit.end + 30))):
            page.state("close_model", "rolling", "close_model.rolling", 0.85, hit[:2], segment)
            _describe(page, "close_model.rolling", hit[:2], segment)
            return
