"""Sustainable Development Goals, and the objectives of the entity's plan they lead to.

Words of the lexicons and the heads' opinion, weighed together. Goal 17 only on its own words: every cooperation call would
be 17. A plan objective follows from goal, type and words by the entity's vocabulary ``plan_objectives``; its evidence is
that of what led to it.
"""

import functools
import math
from typing import NamedTuple

from boi_pipeline.reading.offline.heads import Opinion
from boi_pipeline.reading.offline.page import Hit, Page
from boi_pipeline.reading.offline.phrases import PhraseIndex
from boi_pipeline.reading.quotes import fold
from boi_pipeline.reading.reader import ReadingContext
from boi_pipeline.records import Evidence

GOALS = range(1, 18)
_MOST = 3  # goals a notice has
_ENOUGH = 4.0  # a word that is enough alone
_BESIDE = 0.4  # of the first goal's score, what a further one needs
_CAP = 3  # times the same words count
_TITLE, _OPENING, _REST = 3.0, 700, 0.5  # what a word weighs in the title; the opening; after it
_FULL = 14.0  # more words than this say no more
_LONG, _ENOUGH_LONG = 60, 5.0  # words from which on one mention is not yet a subject
_STUDY, _STUDY_BESIDE = 4, 0.5
_HEAD, _LOW, _HIGH = 2.0, -2.0, 5.0  # what the head's log-odds weigh, and how far they are heard


_SAID = 4  # words of an objective that count
_LEAST, _SECOND = 2.0, 0.9  # what an objective needs, and of the first one's score what a second needs


class RankedGoal(NamedTuple):
    """A goal as far as a text speaks of it."""

    goal: int
    score: float  # from ``_ENOUGH`` on it is said
    hit: Hit | None  # the words that say most


def rank_goals(page: Page, opinion: Opinion | None = None) -> list[RankedGoal]:
    """The goals a text addresses, the best supported first; as many as it addresses."""
    ranked = []
    for goal in GOALS:
        words, hit = _weigh(page, goal)
        score = min(words, _FULL)
        if opinion is not None and (goal != 17 or words):
            score += _HEAD * max(_LOW, min(_HIGH, opinion.goals[goal]))
        if score >= _ENOUGH:
            ranked.append(RankedGoal(goal, score, hit))
    return sorted(ranked, key=lambda one: (-one.score, one.goal))


def _weigh(page: Page, goal: int) -> tuple[float, Hit | None]:
    """What a goal's words weigh together, and the words that say most."""
    title = page.title[1] if page.title[1] < len(page.text) else 0  # a text of one line has no title
    seen: dict[str, int] = {}
    total, best, best_weight, covered = 0.0, None, 0.0, -1
    for hit in sorted(page.hits(f"sdg.{goal}"), key=lambda h: (h.start, h.start - h.end, -h.weight)):
        if hit.end <= covered:
            continue
        covered = hit.end
        if not hit.weight:
            continue
        words = page.folded[hit.start : hit.end]
        seen[words] = seen.get(words, 0) + 1
        if seen[words] > _CAP:
            continue
        factor = _TITLE if hit.end <= title else 1.0 if hit.start < title + _OPENING else _REST
        weight = hit.weight * factor / seen[words]
        total += weight
        if weight > best_weight:
            best, best_weight = hit, weight
    return total, best


def read_goals(page: Page, opinion: Opinion | None = None) -> None:
    """Write sdg_goals (primary first) on the page's sheet: what it is about, not all it mentions."""
    ranked = rank_goals(page, opinion)
    least = _ENOUGH if len(page.words) < _LONG else _ENOUGH_LONG
    about = _after_study([one for one in ranked if one.score >= least])
    if not about and page.values.get("opportunity_type") in ("scholarship", "course"):
        words, hit = _weigh(page, _STUDY)
        about = [RankedGoal(_STUDY, _ENOUGH, hit)] if words >= 3 else []
    kept = []
    for goal, score, hit in about[:_MOST]:
        if score < _BESIDE * about[0].score:
            continue
        core = hit[:2] if hit is not None else page.title
        rule = f"sdg.{goal}" if opinion is None else f"sdg.{goal}.{opinion.version}"
        if page.prove("sdg_goals", rule, _sure(score), core, page.segment(core[0])):
            kept.append(goal)
            if opinion is not None:
                page.evidence[-1] = page.evidence[-1].model_copy(update={"method": "model"})
    if kept:
        page.put("sdg_goals", kept)


def _after_study(ranked: list[RankedGoal]) -> list[RankedGoal]:
    """What is studied comes before that it is study: words of education stand in most calls."""
    others = [one for one in ranked if one.goal != _STUDY]
    study = [one._replace(score=_STUDY_BESIDE * one.score) for one in ranked if one.goal == _STUDY]
    return sorted(others + study, key=lambda one: (-one.score, one.goal)) if others else ranked


def _sure(score: float) -> float:
    """How likely a goal with this score is one a person would name: 0.5 at the threshold."""
    return round(min(0.9, 1 / (1 + math.exp(-0.18 * (score - _ENOUGH)))), 2)


@functools.lru_cache(maxsize=8)
def _words(context: ReadingContext) -> PhraseIndex[str]:
    objectives = context.vocabularies.get("plan_objectives")
    terms = objectives.terms.items() if objectives else ()
    return PhraseIndex((fold(word), code) for code, term in terms for word in term.words)


def _by_goal(goals: list[int], shared: list[int]) -> float:
    """What the goals say for an objective: its being led to by the first one counts most."""
    return 3.0 if goals and goals[0] in shared else 1.0 if shared else 0.0


def _goal_of(evidence: Evidence) -> int:
    """The goal a rule ``sdg.<goal>…`` found."""
    part = evidence.rule.split(".")[1]
    return int(part) if part.isdigit() else 0


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
        score = _by_goal(goals, shared) + min(len(hits), _SAID) * 0.5
        score += 1.0 if any(end <= page.title[1] for _, end in hits) else 0.0
        score += 2.0 if kind in term.leads else 1.0 if term.types and kind in term.types else 0.0
        if score >= _LEAST:
            scored.append((score, code, shared, hits))
    scored.sort(key=lambda entry: -entry[0])
    kept = []
    for score, code, shared, hits in scored[:2]:
        if kept and score < _SECOND * scored[0][0]:
            break
        led = [e for e in page.evidence if e.field == "sdg_goals" and (e.method == "llm" or _goal_of(e) in shared)]
        page.evidence += [
            e.model_copy(update={"field": "plan_objectives", "kind": "computed", "rule": f"objective.{e.rule}"})
            for e in led
            if shared
        ]
        if (led and shared) or (
            hits and page.prove("plan_objectives", "objective.words", 0.6, hits[0], page.segment(hits[0][0]))
        ):
            kept.append(code)
    if kept:
        page.put("plan_objectives", kept)
