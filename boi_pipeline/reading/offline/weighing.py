"""Which day of a page closes its call, where no known words say it: days weighed by what stands around them.

The weights were fitted on the training notices (``/evaluation/notices/train``). What rules read by known words stands
before; how days are written belongs to ``values``.
"""

import math
from datetime import date
from typing import NamedTuple

from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.values.clock import find_times
from boi_pipeline.reading.values.days import DateHit

_NEAR, _FAR = 40, 140
_AGAINST = ("event", "result", "open", "other", "publish", "superseded")
_FOR = ("context", "ending", "taking", "weak", "strong", "extended")
_RIVALS = ("event", "result", "open", "publish", "other", "superseded", "period")
WEIGHTS: dict[str, float] = {
    "above.context": 0.33,
    "above.ending": -0.18,
    "above.event": 0.53,
    "above.result": 0.28,
    "above.taking": -0.52,
    "ahead.far": -0.24,
    "ahead.past": 0.02,
    "ahead.soon": -0.44,
    "ahead.weeks": 0.63,
    "behind.context": 0.43,
    "behind.ending": 0.05,
    "behind.event": -0.14,
    "behind.extended": 0.32,
    "behind.open": -0.07,
    "behind.result": -0.03,
    "behind.strong": 0.11,
    "behind.superseded": -0.19,
    "behind.taking": -0.3,
    "behind.weak": -0.07,
    "bias": -2.19,
    "far.context": -0.4,
    "far.ending": 0.02,
    "far.event": -0.11,
    "far.open": 0.09,
    "far.strong": 0.06,
    "far.taking": -0.18,
    "far.weak": -0.42,
    "first": 1.01,
    "hour": 0.99,
    "hour.ending": 0.23,
    "hours": -0.09,
    "label": -0.13,
    "late": 1.11,
    "link": -0.07,
    "near.context": -0.19,
    "near.ending": 0.62,
    "near.event": -0.57,
    "near.extended": 0.06,
    "near.open": -0.52,
    "near.other": -0.48,
    "near.result": -0.84,
    "near.strong": 0.44,
    "near.superseded": -0.07,
    "near.taking": 0.41,
    "near.weak": 0.41,
    "only": 0.91,
    "range.first": -0.76,
    "range.last": -0.9,
    "role.event": 0.29,
    "role.open": -0.23,
    "role.other": -0.48,
    "role.period": 0.2,
    "role.result": -0.42,
    "role.superseded": 0.29,
    "sentence.context": 1.28,
    "sentence.ending": -0.03,
    "taking.ending": 0.43,
    "title": -0.05,
    "year": 0.23,
}


class Around(NamedTuple):
    """A day with its sentence, the role rules gave it and its neighbours of the same sentence."""

    hit: DateHit
    role: str
    sentence: Span
    before: int  # where the words begin that are its own: behind the day before it
    after: int  # and where they end
    first: bool  # of "from … to …"
    ranged: bool  # one end of it


_IDLE = frozenset(
    [
        "a",
        "al",
        "au",
        "to",
        "ao",
        "through",
        "y el",
        "del",
        "de",
        "du",
        "data",
        "fecha",
        "fechas",
        "dates",
        "datas",
        "from",
    ]
)


def _idle(page: Page, role: str, cue: Hit) -> bool:
    """Whether a word of a list says too little by itself."""
    return role in ("weak", "open", "event") and page.folded[cue.start : cue.end] in _IDLE


def features(page: Page, around: Around, all_of: list[Around], today: date | None) -> dict[str, float]:
    """What speaks for and against a day closing the call, by name."""
    hit, (start, end) = around.hit, around.sentence
    found: dict[str, float] = {"bias": 1.0}
    if around.role:
        found[f"role.{around.role}"] = 1.0
    if today:
        ahead = (hit.day - today).days
        band = "past" if ahead < 0 else "soon" if ahead < 7 else "weeks" if ahead < 130 else "far"
        found[f"ahead.{band}"] = 1.0
        later = [other for other in all_of if other.hit.day >= today and other.role not in _RIVALS]
        found["first"] = float(bool(later) and hit.day == min(other.hit.day for other in later))
        found["only"] = float(len({other.hit.day for other in later}) == 1 and hit.day == later[0].hit.day)
    if around.first:
        found["range.first"] = 1.0
    elif around.ranged or hit.first is not None:
        found["range.last"] = 1.0
    near = (max(around.before, hit.start - _NEAR), hit.start)
    far = (max(around.before, hit.start - _FAR), hit.start)
    behind = (hit.end, min(around.after, hit.end + 60))
    for role in (*_FOR, *_AGAINST):
        key = f"close.{role}"
        last = next((cue for cue in reversed(page.hits(key, *far)) if not _idle(page, role, cue)), None)
        if last:
            found[f"{'near' if last.start >= near[0] else 'far'}.{role}"] = 1.0
        if any(not _idle(page, role, cue) for cue in page.hits(key, *behind)):
            found[f"behind.{role}"] = 1.0
        if role in ("context", "ending", "taking") and page.any(key, (start, end)):
            found[f"sentence.{role}"] = 1.0
    above = page.segment(max(0, start - 2)) if start else (0, 0)
    if above[0] < start:
        for role in ("context", "ending", "taking", "event", "result"):
            if page.any(f"close.{role}", above):
                found[f"above.{role}"] = 1.0
    times = find_times(page.folded, *behind) or find_times(page.folded, *near)
    found["hour"] = float(len(times) == 1)
    found["hours"] = float(len(times) > 1)
    found["hour.ending"] = found["hour"] * float("near.ending" in found or "near.weak" in found)
    found["taking.ending"] = float(
        "sentence.ending" in found and ("sentence.taking" in found or "sentence.context" in found)
    )
    found["year"] = float(hit.year_printed)
    found["title"] = float(hit.start < page.title[1])
    found["late"] = hit.start / max(1, len(page.text))
    found["label"] = float(":" in page.text[max(start, hit.start - 30) : hit.start])
    link = any(text and text in page.text[start:end] for text in (link.text for link in page.notice.links))
    found["link"] = float(link)
    return {name: value for name, value in found.items() if value}


def chance(found: dict[str, float]) -> float:
    """How likely the day closes the call."""
    return 1 / (1 + math.exp(-sum(WEIGHTS.get(name, 0.0) * value for name, value in found.items())))
