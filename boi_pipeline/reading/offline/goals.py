"""Sustainable Development Goals, and the objectives of the entity's plan they lead to.

Goal 17 only on its own words: every cooperation call would be 17. A plan objective follows from goal, type and words by the
entity's vocabulary ``plan_objectives``; its evidence is that of what led to it.
"""

import functools

from boi_pipeline.reading.offline.page import Hit, Page
from boi_pipeline.reading.offline.phrases import PhraseIndex
from boi_pipeline.reading.quotes import fold
from boi_pipeline.reading.reader import ReadingContext

_MOST, _ENOUGH, _CAP = 3, 4.0, 3


def read_goals(page: Page) -> None:
    """Write sdg_goals (primary first) on the page's sheet."""
    scores: dict[int, float] = {}
    best: dict[int, Hit] = {}
    for goal in range(1, 18):
        seen: dict[str, int] = {}
        covered = -1
        for hit in sorted(page.hits(f"sdg.{goal}"), key=lambda h: (h.start, h.start - h.end)):
            if hit.end <= covered or not hit.weight:
                continue
            covered = hit.end
            words = page.folded[hit.start : hit.end]
            seen[words] = seen.get(words, 0) + 1
            if seen[words] > _CAP:
                continue
            weight = hit.weight * (3.0 if hit.end <= page.title[1] else 1.0) / seen[words]
            scores[goal] = scores.get(goal, 0.0) + weight
            if goal not in best or weight > best[goal].weight * (3.0 if best[goal].end <= page.title[1] else 1.0):
                best[goal] = hit
    ranked = sorted(
        (goal for goal in scores if scores[goal] >= (5.0 if goal == 17 else _ENOUGH)),
        key=lambda goal: (-scores[goal], goal),
    )
    if not ranked and page.values.get("opportunity_type") in ("scholarship", "course") and scores.get(4, 0) >= 3:
        ranked = [4]
    top = scores[ranked[0]] if ranked else 0.0
    kept = []
    for goal in ranked:
        if len(kept) < _MOST and scores[goal] >= 0.4 * top:
            hit = best[goal]
            if page.prove(
                "sdg_goals",
                f"sdg.{goal}",
                round(min(0.9, 0.45 + scores[goal] / 40), 2),
                hit[:2],
                page.segment(hit.start),
            ):
                kept.append(goal)
    if kept:
        page.put("sdg_goals", kept)


@functools.lru_cache(maxsize=8)
def _words(context: ReadingContext) -> PhraseIndex[str]:
    objectives = context.vocabularies.get("plan_objectives")
    terms = objectives.terms.items() if objectives else ()
    return PhraseIndex((fold(word), code) for code, term in terms for word in term.words)


def read_objectives(page: Page) -> None:
    """Write plan_objectives on the page's sheet: at most two, the best supported first."""
    vocabulary = page.context.vocabularies.get("plan_objectives")
    if vocabulary is None:
        return
    goals, kind = page.values.get("sdg_goals", []), page.values.get("opportunity_type")
    said = _words(page.context).find(page.folded, page.words)
    scored = []
    for code, term in vocabulary.terms.items():
        shared = [goal for goal in goals if goal in term.sdg]
        hits = [(start, end) for start, end, objective in said if objective == code]
        if term.types and kind not in term.types and not shared:
            continue
        score = (3.0 if goals and goals[0] in shared else 1.5 if shared else 0.0) + min(len(hits), 4) * 0.5
        score += 1.0 if any(end <= page.title[1] for _, end in hits) else 0.0
        score += 1.0 if term.types and kind in term.types else 0.0
        if score >= 3.0 or (shared and score >= 2.0):
            scored.append((score, code, shared, hits))
    scored.sort(key=lambda entry: -entry[0])
    kept = []
    for score, code, shared, hits in scored[:2]:
        if kept and score < 0.6 * scored[0][0]:
            break
        led = [e for e in page.evidence if e.field == "sdg_goals" and e.rule in {f"sdg.{goal}" for goal in shared}]
        page.evidence += [
            e.model_copy(update={"field": "plan_objectives", "kind": "computed", "rule": f"objective.{e.rule}"})
            for e in led
        ]
        if led or (hits and page.prove("plan_objectives", "objective.words", 0.6, hits[0], page.segment(hits[0][0]))):
            kept.append(code)
    if kept:
        page.put("plan_objectives", kept)
