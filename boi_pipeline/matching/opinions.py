"""Asking a model what a person would be asked, before a person is: rounds of questions and of deciding once more.

Who is asked, and how, is the caller's (``Advise``). Each day begins without opinions: what comes of it depends on the
announcements and on what is said of each pair, not on which day it was said.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from boi_pipeline.matching import score
from boi_pipeline.matching.groups import MatchRules, Pair
from boi_pipeline.matching.joining import Question
from boi_pipeline.matching.match import MatchResult, match_on
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision, MatchOpinion

ROUNDS = 8
"""Of questions: an answer may bring up another pair."""
ASK_FROM = 0.05
"""The chance from which a model is asked: it takes cents where a person takes minutes. Of the train lots' pairs that are one
call scorers that had not seen the family gave a lower chance to two in a hundred with neighbours, to one without."""
BESIDE = 4
"""Other announcements shown beside a pair."""


@dataclass(frozen=True)
class Doubt:
    """A pair to ask about, and the announcements that are most like one of the two."""

    item_id: str
    other_item_id: str
    beside: tuple[str, ...] = ()

    @property
    def pair(self) -> Pair:
        return self.item_id, self.other_item_id


Advise = Callable[[Sequence[Doubt]], Mapping[Pair, MatchOpinion]]
"""Asked about pairs, gives an opinion on those it can."""


@dataclass
class Advised:
    """What came of matching with opinions."""

    result: MatchResult
    opinions: list[MatchOpinion] = field(default_factory=list)  # by pair
    asked: int = 0


def match_advised(
    bench: Workbench, answers: Iterable[Decision], advise: Advise | None, rules: MatchRules | None = None
) -> Advised:
    """Match; ask about every question that is left, less likely ones (``ASK_FROM``) than a person is asked too, and about what
    is joined for a reason that two calls may share; and match with what was said. Without ``advise``, just match."""
    answers = list(answers)
    if advise is None:
        return Advised(match_on(bench, answers, rules))
    rules = replace(rules or MatchRules(), ask_from=ASK_FROM)
    found, least = Advised(match_on(bench, answers, rules)), score.model().ask
    compared_count = found.result.compared_count
    said: dict[Pair, MatchOpinion] = {}
    asked: set[Pair] = set()
    for _ in range(ROUNDS):
        likely = [one for one in found.result.questions if one.chance >= least]
        # what would be a person's comes first: budgets end
        open_ = [*likely, *found.result.presumed, *(one for one in found.result.questions if one.chance < least)]
        new = [one for one in open_ if (one.item_id, one.other_item_id) not in asked]
        if not new:
            break
        doubts = doubts_of(bench, new)
        asked.update(one.pair for one in doubts)
        if not (told := advise(doubts)):
            break
        said |= told
        found.result = match_on(bench, answers, rules, said.values())
    found.result.compared_count = compared_count
    found.result.questions = [one for one in found.result.questions if one.chance >= least or _is_same(one, said)]
    found.opinions = [said[pair] for pair in sorted(said)]
    found.asked = len(asked)
    return found


def _is_same(question: Question, said: Mapping[Pair, MatchOpinion]) -> bool:
    """Whether a model said so, and something else that it said kept the two apart."""
    opinion = said.get((question.item_id, question.other_item_id))
    return opinion is not None and opinion.verdict == "same"


def doubts_of(bench: Workbench, questions: Sequence[Question]) -> list[Doubt]:
    """Questions with the announcements that are most like one of the two, in the questions' order."""
    rows = bench.numbers(name for one in questions for name in (one.item_id, one.other_item_id))
    with bench.given(rows.values()):
        near = bench.rows(
            """with likely as (from heard where a in (from given) or b in (from given)),
            both_ways as (select a as n, b as other, chance from likely union all select b, a, chance from likely)
            select x.item_id, y.item_id, chance from both_ways
            join facts x using (n) join facts y on y.n = other
            where n in (from given) order by chance desc, y.item_id"""
        )
    like: dict[str, dict[str, float]] = defaultdict(dict)
    for item_id, other, chance in near:
        like[item_id][other] = chance
    return [Doubt(one.item_id, one.other_item_id, _beside(one, like)) for one in questions]


def _beside(question: Question, like: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    a, b = question.item_id, question.other_item_id
    chances: dict[str, float] = defaultdict(float)
    for one in (a, b):
        for other, chance in like.get(one, {}).items():
            if other not in (a, b):
                chances[other] = max(chances[other], chance)
    return tuple(sorted(chances, key=lambda other: (-chances[other], other))[:BESIDE])
