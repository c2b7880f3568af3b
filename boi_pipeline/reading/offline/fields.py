"""Fields of study (ISCED-F broad fields): what is studied or researched, where the text limits or names it.

A word counts by where it stands: in the title, after a label, after "master in" or "course on". What a scholarship or
course is about is said at the top. Prizes have a field where it is plainly their subject, networks and calls of no clear
kind only where hardly anything else is spoken of; events and funds where scholars answer them. Residencies have none: to
live and work somewhere is not to study. Degrees asked for count little: they are the applicants', though often of the
same field.
"""

from dataclasses import dataclass, field

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page
from boi_pipeline.reading.offline.study import in_profile

_TITLE, _LABEL, _CUE, _TOP, _PLAIN, _ASKED = 3.0, 2.5, 2.0, 1.0, 0.4, 0.5
# What the words of a field must weigh together, by kind: of any text, and of one that speaks to scholars.
_ENOUGH: dict[str | None, float] = {"scholarship": 3.0, "course": 4.0, "award": 7.0, "network": 12.0, None: 10.0}
_ENOUGH_FOR_SCHOLARS: dict[str | None, float] = {"event": 6.0, "network": 9.0, "fund": 9.0}
_TAUGHT = frozenset(("scholarship", "course"))
_SHARE, _SHARE_TAUGHT, _MOST = 0.5, 0.3, 3  # of the first field: what a further one must weigh
_TOP_LENGTH = 500  # characters after the title that say what it is about
_LATE = 0.75
_LONG = 1500


@dataclass(slots=True)
class _Score:
    total: float = 0.0
    best: float = 0.0
    hit: Hit | None = None
    seen: dict[str, int] = field(default_factory=dict)


def read_fields(page: Page) -> None:
    """Write isced_fields, the surest first."""
    kind = page.values.get("opportunity_type")
    scholarly = kind in _ENOUGH_FOR_SCHOLARS and page.any("isced.scholar", (0, len(page.text)))
    enough = _ENOUGH_FOR_SCHOLARS.get(kind) if scholarly else _ENOUGH.get(kind)
    if enough is None:
        return
    scores = _scores(page)
    share = _SHARE_TAUGHT if kind in _TAUGHT else _SHARE
    ranked = sorted(
        (name for name, score in scores.items() if score.total >= enough), key=lambda n: (-scores[n].total, n)
    )
    kept = []
    for name in ranked[:_MOST]:
        score = scores[name]
        if score.total < share * scores[ranked[0]].total or score.hit is None:
            break
        sure = round(min(0.9, 0.5 + score.total / 40), 2)
        if page.prove("isced_fields", f"isced.{name}", sure, score.hit[:2], page.segment(score.hit.start)):
            kept.append(name)
    if kept:
        page.put("isced_fields", kept)


def _scores(page: Page) -> dict[str, _Score]:
    labels = [span for _, span in page.label("isced.label")]
    limit = _LATE * len(page.text) if len(page.text) > _LONG else len(page.text)
    scores: dict[str, _Score] = {}
    for name, hit in _hits(page):
        if hit.start > limit:
            break
        score = scores.setdefault(name, _Score())
        words = page.folded[hit.start : hit.end]
        score.seen[words] = score.seen.get(words, 0) + 1
        weight = hit.weight * _place(page, hit, labels) / score.seen[words]
        score.total += weight
        if weight > score.best:
            score.best, score.hit = weight, hit
    return scores


def _hits(page: Page) -> list[tuple[str, Hit]]:
    """The words of fields, of words within words the longest; those of two fields count for both."""
    found = [(name, hit) for name in names_of("isced") if name.isdigit() for hit in page.hits(f"isced.{name}")]
    found.sort(key=lambda one: (one[1].start, -one[1].end))
    apart: list[tuple[str, Hit]] = []
    start = covered = -1
    for name, hit in found:
        if hit.end < covered or (hit.end == covered and hit.start > start):
            continue
        start, covered = hit.start, hit.end
        apart.append((name, hit))
    hidden = {hit[:2] for _, hit in apart if not hit.weight}
    return [(name, hit) for name, hit in apart if hit[:2] not in hidden]


def _place(page: Page, hit: Hit, labels: list[tuple[int, int]]) -> float:
    """How much a word counts where it stands."""
    if hit.end <= page.title[1]:
        return _TITLE
    start, end = page.segment(hit.start)
    if page.any("level.holds", (max(start, hit.start - 70), hit.start)) or in_profile(page, hit.start):
        return _ASKED
    if any(a <= hit.start < b for a, b in labels):
        return _LABEL
    if page.any("isced.cue", (max(start, hit.start - 60), min(end, hit.end))):
        return _CUE
    return _TOP if hit.start < page.title[1] + _TOP_LENGTH else _PLAIN
