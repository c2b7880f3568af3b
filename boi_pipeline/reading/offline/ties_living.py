"""Whether citizens and residents are said of applicants, not of the convener's own seat: "residing in", "EU nationals"."""

import re

from boi_pipeline.reading.offline.applicants import DENIED_AFTER
from boi_pipeline.reading.offline.page import Page, PlaceHit, Span
from boi_pipeline.reading.offline.sections import people
from boi_pipeline.reading.offline.sentence import Sentence
from boi_pipeline.reading.offline.tie_case import Tie

_CITIZENS = re.compile(
    r"citizen|resident|national|ciudadan|nacional|ressortissant|citoyen|cidada|burger|staats|passport|pasaporte|passeport|passaporte"
)
_SEAT = re.compile(
    r"con sede|com sede|siege|seat|sede|located|based|situees?|situes?|situad[oa]s?|ubicad[oa]s?|mit sitz|headquartered|registered|incorporated|(?:head|registered|main|principal) office|headquarters"
)
_LIVE = re.compile(
    r"viven|vivan|viva|residen|residan|live|reside|vivent|resident|vivem|vivam|residem|moram|leben|wohnen|habitan"
)
_BINDS = re.compile(
    r"(?<![^\W_])(?:must|should|need to|have to|has to|deben?|deberan?|devem?|deverao?|doit|doivent|muss|mussen|estar|be|etre|esten|estejam|sean|sejam|those|whose)(?![^\W_])"
)
_OR_NOT = re.compile(r" ?\(?(?:or not|o no|ou nao|ou non|oder nicht)(?![^\W_])")
_MUST_BE = re.compile(
    r"[\W_]*(?:han de|ha de|has de|deben|deberan|debes|tienen que|tienes que|you must|applicants must|they must|must|devem|deverao|tem de|tens de|doivent|devront|il faut|vous devez)(?![^\W_])"
)
_AT_WORK = re.compile(r"working|trabajan|travaillant|employed|operating|active in")
# "EU national and local policymakers", "Ukrainian national library": no person.
_NO_NATIONAL = re.compile(
    r"(?:-based)? (?:national|nacional)(?![^\W_])(?! ?(?:[.,;)]|$)| (?:who|aged|with|living|may|can|must|is|over|under|from)(?![^\W_]))"
)


def residing(context: Sentence, word: re.Match[str]) -> Tie | None:
    """Citizens and residents, where the sentence speaks of applicants: not of the convener's own seat."""
    page, segment, start = context.page, context.segment, word.start()
    if _OR_NOT.match(page.folded, word.end()):  # "residentes ou não no Brasil"
        return None
    tie = Tie(start, True, lives=not _CITIZENS.match(word.group()))
    beside = context.people((max(segment[0], start - 60), start), 4)
    if (
        _AT_WORK.fullmatch(word.group()) and not beside and not context.inside
    ):  # "Working in Peru, our foundation gives …"
        return None
    if _SEAT.fullmatch(word.group()):
        bound = _BINDS.search(page.folded[max(segment[0], start - 24) : start])
        aside = page.folded[max(0, start - 2) : start].startswith(",") and not context.inside
        return (
            tie
            if (bound or context.inside or (context.told and beside and not aside) or context.begins(start))
            else None
        )
    live = _LIVE.fullmatch(word.group()) and not page.any("eligibility.notpeople", (segment[0], start))
    if context.told or (live and people(page, (segment[0], start))):
        return tie
    if _CITIZENS.match(word.group()) and page.any("eligibility.cue", (segment[0], start)):
        return tie
    if context.must and _MUST_BE.match(page.folded, *segment):
        return tie  # "Han de haber nacido en …": said of whoever applies
    bound = context.must or DENIED_AFTER.search(page.folded, *segment) is not None
    return tie if bound and (beside or _CITIZENS.match(word.group())) else None


def citizens(page: Page, hit: PlaceHit, segment: Span) -> bool:
    """ "United States citizens", "EU nationals", "UK residents"."""
    after = page.folded[hit.end : min(segment[1], hit.end + 30)]
    if hit.place.kind == "group" and _CITIZENS.search(page.folded, hit.start, hit.end):
        return True
    if hit.place.kind == "people":
        plain = _CITIZENS.match(after, 1) is not None and _NO_NATIONAL.match(after) is None
        return _CITIZENS.search(page.folded[hit.start : hit.end]) is not None or plain
    told = re.match(r"(?:-based)? (?:citizens?|nationals?|residents?|passport holders?)(?![^\W_])", after)
    return told is not None and _NO_NATIONAL.match(after) is None
