"""Of what a closing is: the application, a concept note, a full proposal, a nomination, a registration, a round."""

import re
from dataclasses import replace

from boi_pipeline.reading.offline.deadline_words import TWO_STAGES, DayRead, Lines
from boi_pipeline.reading.offline.page import Page, Span

_FAINT_STAGE = re.compile(r"perfil|interes|interess|intere|idea|idee|skizze|outline")
_NTH = re.compile(
    r"\b(?:first|second|third|prim\w+|segund[ao]|tercer\w*|terceir[ao]|premi\w+|deuxieme|troisieme|erste\w?"
    r"|zweite\w?|[1-4][ao.])\b"
)


def with_stage(page: Page, lines: Lines, read: DayRead) -> DayRead:
    """A closing with whether its own words name a stage or a round."""
    span = (lines.at(read.hit.start)[0], read.hit.start)
    rounds = page.any("stage.cut_off", span) or bool(_NTH.search(page.folded, *span))
    return replace(read, staged=any(page.any(f"stage.{stage}", span) for stage in TWO_STAGES), rounds=rounds)


def stage_of(page: Page, lines: Lines, read: DayRead, core: Span) -> str:
    """Of what a deadline is: the words of its own clause, else of the sentence before the date."""
    segment = lines.at(read.hit.start)
    start = min(core[0], segment[0]) if read.hit.start - segment[0] <= 160 else core[0]
    other = [r for r in ("concept_note", "full_proposal") if page.any(f"stage.{r}", (start, core[1]))]
    if other == ["concept_note"] and not page.any("stage.full_proposal", (0, len(page.text))):
        told = [page.folded[hit.start : hit.end] for hit in page.hits("stage.concept_note", start, core[1])]
        if all(_FAINT_STAGE.search(words) for words in told):
            return "application"  # to show interest is all that is asked
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
    stop = segment[1] if kind in ("event", "course") else core[1]  # "… until the 8th to sign up"
    signing = page.hits("stage.registration", start, max(core[1], min(stop, core[1] + 60)))
    if signing and (
        kind in ("event", "course") or (kind is None and any(hit.language in ("en", "de") for hit in signing))
    ):
        return "registration"  # where one applies in other languages too, "inscripción" says little
    return "application"
