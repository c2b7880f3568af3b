"""Where it happens: host countries and how one attends."""

import re
from collections import Counter

from boi_pipeline.reading.offline.page import Hit, Page, PlaceHit

_FILL = re.compile(
    r"(?:[\s,:(-]|(?<![a-z])(?:the|la|el|los|las|le|l|o|a|os|as|city|ciudad|of|de)(?![a-z])|[^\W\d_]+, )*"
)
_TITLE_CUE = re.compile(
    r"(?:^|[\s(,–-])(?:in|en|em|no|na|nos|au|aux|a|at|to|,|–|-|\() (?:the |el |la |los |las |l')?$|, $|\($"
)
_GROUPS = frozenset(("group",))


def read_place(page: Page) -> None:
    """Write attendance_mode and host_countries on the page's sheet."""
    mode = _mode(page)
    counted: Counter[str] = Counter()
    best: dict[str, PlaceHit] = {}
    used = {(e.start, e.end) for e in page.evidence if e.field in ("home_eligible", "eligible_regions")}
    claimed = list(used)
    for hit in page.places:
        if hit.place.kind == "group":
            continue
        weight = _weight(page, hit, claimed)
        if weight:
            counted[hit.place.code] += weight
            best.setdefault(hit.place.code, hit)
    if mode == "online" or not counted:
        return
    top = max(counted.values())
    chosen = [code for code in counted if counted[code] >= max(2, 0.6 * top)][:5]
    kept = [
        code
        for code in chosen
        if page.prove("host_countries", "place.host", 0.75, best[code][:2], page.segment(best[code].start))
    ]
    if kept:
        page.put("host_countries", sorted(kept))


def _weight(page: Page, hit: PlaceHit, claimed: list[tuple[int, int]]) -> int:
    segment = page.segment(hit.start)
    titled = hit.end <= page.title[1]
    before = page.folded[max(segment[0], hit.start - 40) : hit.start]
    if hit.place.kind == "people":
        near = page.hits("host.noun", hit.end, min(segment[1], hit.end + 26))
        prior = page.hits("host.noun", max(segment[0], hit.start - 26), hit.start)
        beside = any(n.start - hit.end <= 2 for n in near) or any(hit.start - n.end <= 2 for n in prior)
        return 2 if beside and not titled else 3 if beside else 0
    raw = page.view.raw_span(hit.start, hit.end)
    if any(a <= raw[0] and raw[1] <= b and b - a < 160 for a, b in claimed) and not titled:
        return 0
    if titled:
        return 4 if _TITLE_CUE.search(before) else 0
    for cue in reversed(page.hits("host.cue", max(segment[0], hit.start - 48), hit.start)):
        if not _FILL.fullmatch(page.folded[cue.end : hit.start]):
            continue
        word = page.folded[cue.start : cue.end]
        if (
            page.any("eligibility.origin", (max(segment[0], cue.start - 16), cue.end))
            and len(word) <= 4
            and page.any("eligibility.people", (max(segment[0], cue.start - 30), cue.start))
        ):
            return 0
        labelled = page.folded[cue.end : cue.end + 2].strip().startswith(":")
        return 4 if labelled else 3 if len(word) > 4 else 1 if word in ("a", "to", "at") else 2
    return 0


def _mode(page: Page) -> str | None:
    found: dict[str, Hit] = {}
    for name in ("mixed", "offline", "online"):
        for hit in page.hits(f"attendance.{name}"):
            if not _about_applying(page, hit):
                found[name] = hit
                break
    mode = (
        "mixed"
        if "mixed" in found or ({"online", "offline"} <= set(found) and not _titled(page, found["online"]))
        else next(iter(found), None)
    )
    if mode is None:
        return None
    hit = found.get(mode) or found["online"]
    page.state("attendance_mode", mode, f"attendance.{mode}", 0.8, hit[:2], page.segment(hit.start))
    return mode


def _titled(page: Page, hit: Hit) -> bool:
    return hit.end <= page.title[1]


def _about_applying(page: Page, hit: Hit) -> bool:
    """ "apply online", "online form": how one applies is not how one attends."""
    segment = page.segment(hit.start)
    return page.any("attendance.not", (max(segment[0], hit.start - 48), min(segment[1], hit.end + 30)))
