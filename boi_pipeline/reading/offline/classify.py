"""Is it an opportunity, and of which type: weighed words, those of the title first.

Round-up posts, news, results and purchases are none. Which words count is in the lexicons.
"""

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page
from boi_pipeline.reading.quotes import fold

_OPENING = 700  # characters of the body that say what the announcement is about
_CAP = 3  # times one list's same words count


def _score(page: Page, key: str, title_factor: float = 4.0) -> tuple[float, Hit | None]:
    """The weight of a list's hits, and the hit that says most."""
    seen: dict[str, int] = {}
    total, best, best_score = 0.0, None, 0.0
    covered = -1
    for hit in sorted(page.hits(key), key=lambda h: (h.start, h.start - h.end)):
        if hit.end <= covered:
            continue
        covered = hit.end
        words = page.folded[hit.start : hit.end]
        seen[words] = seen.get(words, 0) + 1
        if seen[words] > _CAP or not hit.weight:
            continue
        factor = title_factor if hit.end <= page.title[1] else 1.6 if hit.start < page.title[1] + _OPENING else 0.6
        score = hit.weight * factor / seen[words]
        total += score
        if score > best_score:
            best, best_score = hit, score
    return total, best


def read_class(page: Page) -> None:
    """Write is_opportunity and opportunity_type on the page's sheet."""
    yes, yes_hit = _score(page, "opportunity.yes", 2.0)
    for key, weight in (("close.strong", 2.0), ("eligibility.open", 1.5), ("rolling.all", 1.5)):
        if hits := page.hits(key, page.title[1]):
            yes, yes_hit = yes + weight, yes_hit or hits[0]
    against = {name: _score(page, f"opportunity.{name}", 5.0) for name in ("result", "news", "procurement", "roundup")}
    _, (no, no_hit) = max(against.items(), key=lambda item: (item[1][0], item[0]))
    kind = max(against, key=lambda name: (against[name][0], name))
    listing = _counted_title(page)
    labels = set(page.context.terms("opportunity_types"))
    if listing and yes_hit:
        no, no_hit, kind = max(no, 100.0), listing, "roundup"
    if no_hit is not None and ((no >= 14 and no > 0.75 * yes) or no > yes):
        page.state(
            "is_opportunity", False, f"opportunity.{kind}", _sure(no, yes), no_hit[:2], page.segment(no_hit.start)
        )
        return
    scores = {name: _score(page, f"type.{name}") for name in names_of("type") if name in labels}
    ranked = sorted(scores, key=lambda name: -scores[name][0])
    best = ranked[0] if ranked else None
    if yes_hit is None or (yes < 2.0 and (best is None or scores[best][0] < 8)):
        return
    page.state("is_opportunity", True, "opportunity.words", _sure(yes, no), yes_hit[:2], page.segment(yes_hit.start))
    if best is None:
        return
    score, hit = scores[best]
    if hit is None or score < 2:
        return
    second = scores[ranked[1]][0] if len(ranked) > 1 else 0.0
    page.state("opportunity_type", best, f"type.{best}", _sure(score, second), hit[:2], page.segment(hit.start))


def _sure(score: float, against: float) -> float:
    return round(min(0.95, 0.5 + 0.5 * (score - against) / (score + against + 1e-9)), 2) if score > against else 0.5


def _counted_title(page: Page) -> Hit | None:
    """ "17 scholarships …", "Top 10 becas": the title counts several calls."""
    words = [word for word in page.words if word[0] < page.title[1]]
    plural = {fold(word) for word in ("opportunities", "scholarships", "fellowships", "becas", "oportunidades", "convocatorias", "bourses", "opportunites", "bolsas", "editais", "grants", "internships", "competitions", "programs", "programmes")}  # fmt: skip
    for i, (start, end, word) in enumerate(words[:4]):
        following = [w for _, _, w in words[i + 1 : i + 5]]
        if word.isascii() and word.isdigit() and 2 <= int(word) <= 200 and plural & set(following):
            lead = [w for _, _, w in words[:i]]
            if not lead or lead[-1] in (
                "top",
                "las",
                "los",
                "les",
                "the",
                "as",
                "os",
                "best",
                "mejores",
                "estas",
                "estos",
                "these",
            ):
                return Hit(start, end, 1, "")
    return None
