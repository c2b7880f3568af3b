"""Places that stand together in a sentence, without those that say only where it happens."""

import re

from boi_pipeline.reading.offline.page import Page, PlaceHit, Span
from boi_pipeline.reading.offline.placewords import ARTICLE, ENROLLED_AT, ENROLLED_IN, LINK, RESIDES, TEAM

# "who want to do a master's in Spain": where they go, not where they come from.
_STUDIES_IN = re.compile(
    r"(?<![^\W_])(?:cursar|realizar|hacer|estudiar|iniciar|seguir|pursue|undertake|study(?:ing)?|start|begin|to do|to take|faire|suivre|poursuivre|effectuer|fazer|realizar|frequentar|estudar|absolvieren|machen) "
    r"(?:[^\W_]+ ){0,5}(?:en|in|em|na|no|nos|nas|au|aux|a|at|dans) (?:el |la |los |las |the |den |der )?$"
)

# "Colombian institutions are not eligible": who acts, not where something is held.
_ACTS = re.compile(
    r" (?:[^\W_]+ ){0,2}?(?:may|can|cannot|are (?:not |also )?(?:eligible|invited|welcome|admitted|excluded|accepted)|is (?:not )?eligible|must|do not qualify|will not be|qualify)(?![^\W_])"
)


def runs_of(page: Page, segment: Span) -> list[list[PlaceHit]]:
    """Places that stand together ("Chile, Peru and Colombia"), without those said to be where it happens."""
    runs: list[list[PlaceHit]] = []
    team = TEAM.search(page.folded, *segment)
    for hit in page.places_in(*segment):
        if is_hosted(page, hit, segment) and not (team and hit.start > team.end()):
            continue
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and "WORLD" not in (last.place.code, hit.place.code)
            and LINK.fullmatch(page.folded, last.end, hit.start)
        ):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return runs


def is_hosted(page: Page, hit: PlaceHit, span: Span) -> bool:
    """ "study in Germany", "universities in Spain", "a German university": where, not who."""
    if hit.place.kind == "group":
        return False
    before = page.hits("host.cue", max(span[0], hit.start - 30), hit.start)
    long_cue = any(cue.end - cue.start > 5 and ARTICLE.fullmatch(page.folded, cue.end, hit.start) for cue in before)
    noun = page.hits("host.noun", hit.end, min(span[1], hit.end + 24)) if hit.place.kind == "people" else []
    permit = page.hits("eligibility.permit", max(span[0], hit.start - 60), hit.start)
    if permit and ARTICLE.fullmatch(page.folded, permit[-1].end, hit.start):
        return False
    if hit.place.kind == "country" and _STUDIES_IN.search(page.folded[max(span[0], hit.start - 60) : hit.start]):
        return True
    if noun and _ACTS.match(page.folded, noun[0].end, span[1]):
        return False
    enrolled = ENROLLED_AT if noun else ENROLLED_IN if hit.place.kind == "country" else None
    if enrolled and enrolled.search(page.folded, max(span[0], hit.start - (36 if noun else 48)), hit.start):
        return False
    return (long_cue and not RESIDES.search(page.folded, max(span[0], hit.start - 16), hit.start)) or any(
        n.start - hit.end <= 2 for n in noun
    )
