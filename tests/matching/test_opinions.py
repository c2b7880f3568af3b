"""A language model's opinions: asked where a person would be, above the score, below keys that contradict and below people."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.evaluation.labelled_calls import Family, load_families, read_calls
from boi_pipeline.evaluation.matching import labels
from boi_pipeline.matching import score
from boi_pipeline.matching.groups import MatchRules, Pair, Scored, Side
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.joining import Decided, decide
from boi_pipeline.matching.match import MatchResult, match_items
from boi_pipeline.matching.opinions import ASK_FROM, Doubt, match_advised
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision, MatchOpinion
from tests.examples import dear
from tests.matching.conftest import answer

CLOSE = date(2027, 2, 15)
ASK, MERGE = score.model().ask, score.model().merge
DOUBTFUL, SURE = (ASK + MERGE) / 2, (1 + MERGE) / 2


def opinion(one: str, other: str, verdict: Any) -> MatchOpinion:
    first, second = sorted((one, other))
    return MatchOpinion(
        item_id=first, other_item_id=second, verdict=verdict, notice_id="n", other_notice_id="m", model_version="v"
    )


# ---------------------------------------------------------------- what an opinion does


def side(name: str, **fields: Any) -> Side:
    given: dict[str, Any] = {
        "item_id": name, "seen_us": 0, "source_id": name[0], "parent_key": None, "text_sha256": name, "language": "es", "words": (name,),
        "is_moved": False, "years": (), "cycle": None, "deadlines": (), "close_date": None, "number": None, "is_general_number": False,
    }  # fmt: skip
    return Side(**given | fields)


def decided(
    chances: dict[str, float],
    opinions: Iterable[MatchOpinion] = (),
    answers: Sequence[Decision] = (),
    unlike: Iterable[Pair] = (),
    join_from: float | None = None,
    **given: Side,
) -> Decided:
    """What becomes of a/1, b/1, … whose pairs (``ab``) have these chances; ``given``: those that are not plain."""
    names = sorted({name for pair in chances for name in pair})
    sides = {n: given.get(name, side(f"{name}/1")) for n, name in enumerate(names)}
    scored = [
        Scored(names.index(a), names.index(b), chance, 0.0, False, False, False, False)
        for (a, b), chance in chances.items()
    ]
    rules = MatchRules(max_cluster=5, join_from=join_from)
    return decide(sides, scored, [], frozenset(unlike), answers, list(opinions), score.model(), rules)


def groups(found: Decided) -> list[str]:
    """Which announcements are together, by their first letters."""
    leads: dict[str, str] = {}
    for lead, match in sorted(found.matches, key=lambda one: one[1].item_id):
        leads[lead] = leads.get(lead, "") + match.item_id[0]
    return sorted(leads.values())


def asked(found: Decided) -> list[str]:
    return [f"{one.item_id[0]}{one.other_item_id[0]}" for one in found.questions]


@pytest.mark.parametrize(
    ("verdict", "together", "left"),
    [("same", ["ab"], []), ("different", ["a", "b"], []), ("unsure", ["a", "b"], ["ab"])],
)
def test_a_verdict_takes_the_place_of_a_persons_answer_and_what_is_unsure_is_left_to_one(
    verdict: str, together: list[str], left: list[str]
) -> None:
    assert asked(decided({"ab": DOUBTFUL})) == ["ab"]
    found = decided({"ab": DOUBTFUL}, [opinion("a/1", "b/1", verdict)])
    assert (groups(found), asked(found)) == (together, left)
    if verdict == "same":
        assert {match.reason for _, match in found.matches} == {"model"}, "never said to be a person's"


@pytest.mark.parametrize(("verdict", "action"), [("same", "not_same"), ("different", "same")])
def test_a_person_is_above_a_model(verdict: str, action: Any) -> None:
    found = decided({"ab": DOUBTFUL}, [opinion("a/1", "b/1", verdict)], [answer(1, action, "a/1", "b/1")])
    assert groups(found) == (["ab"] if action == "same" else ["a", "b"])
    assert asked(found) == [] and found.conflicts == [], "nothing contradicts: the person decided"


def test_a_model_is_above_the_score() -> None:
    joined = {"ab": SURE, "bc": SURE, "ac": DOUBTFUL}
    assert groups(decided(joined)) == ["abc"]
    apart = decided(joined, [opinion("a/1", "c/1", "different")])
    assert len(groups(apart)) == 2 and not any("a" in one and "c" in one for one in groups(apart))
    kept_apart = decided({"ab": DOUBTFUL, "bc": SURE}, unlike=[("a/1", "c/1")])
    assert groups(kept_apart) == ["a", "bc"]
    together = decided({"ab": DOUBTFUL, "bc": SURE}, [opinion("a/1", "b/1", "same")], unlike=[("a/1", "c/1")])
    assert "ab" in groups(together), "what it read weighs more than how two others compare"


def test_what_a_stricter_bound_does_not_join_is_asked_about() -> None:
    assert (groups(decided({"ab": SURE})), asked(decided({"ab": SURE}))) == (["ab"], [])
    strict = decided({"ab": SURE}, join_from=SURE + 0.01)
    assert (groups(strict), asked(strict)) == (["a", "b"], ["ab"])


def test_what_is_joined_by_its_score_alone_is_told_so_that_a_model_can_be_asked() -> None:
    found = decided({"ab": SURE, "bc": SURE, "ac": SURE})
    assert len(found.presumed) == 2, "two joins make one opportunity of three"
    unsure = decided({"ab": SURE}, [opinion("a/1", "b/1", "unsure")])
    assert groups(unsure) == ["ab"], "no verdict against it: the score holds"
    assert decided({"ab": SURE}, [opinion("a/1", "b/1", "same")]).presumed == []
    assert groups(decided({"ab": SURE}, [opinion("a/1", "b/1", "different")])) == ["a", "b"]


def test_a_sure_pair_that_a_verdict_on_another_tears_apart_is_asked_about() -> None:
    torn = {"ab": SURE, "bc": SURE - 0.01, "ac": DOUBTFUL}
    apart = decided(torn, [opinion("a/1", "c/1", "different")])
    assert (groups(apart), asked(apart)) == (["ab", "c"], ["bc"])
    settled = decided(torn, [opinion("a/1", "c/1", "different"), opinion("b/1", "c/1", "different")])
    assert (groups(settled), asked(settled)) == (["ab", "c"], [])


def test_a_model_joins_nothing_that_contradicts_itself() -> None:
    last_year = side(
        "b/1", years=(2025,), close_date=CLOSE - timedelta(days=365), deadlines=(CLOSE - timedelta(days=365),)
    )
    this_year = side("a/1", years=(2026,), close_date=CLOSE, deadlines=(CLOSE,))
    found = decided({"ab": DOUBTFUL}, [opinion("a/1", "b/1", "same")], a=this_year, b=last_year)
    assert groups(found) == ["a", "b"]


def test_opinions_that_cannot_all_hold_are_left_to_a_person() -> None:
    pairs = {"ab": DOUBTFUL + 0.02, "bc": DOUBTFUL, "ac": DOUBTFUL - 0.02}
    said = [opinion("a/1", "b/1", "same"), opinion("b/1", "c/1", "same"), opinion("a/1", "c/1", "different")]
    found = decided(pairs, said)
    assert groups(found) == ["ab", "c"], "the surest holds"
    assert asked(found) == ["bc"]
    settled = decided(pairs, said, [answer(1, "not_same", "b/1", "c/1")])
    assert (groups(settled), asked(settled)) == (["ab", "c"], [])


def test_a_model_cannot_make_a_call_of_everything() -> None:
    pairs = {f"{a}{b}": DOUBTFUL for a, b in combinations("abcdefgh", 2)}
    said = [opinion(f"{a}/1", f"{b}/1", "same") for a, b in combinations("abcdefgh", 2)]
    found = decided(pairs, said)
    assert max(map(len, groups(found))) <= 5
    assert {one.kind for one in found.conflicts} == {"large_cluster"}


# ---------------------------------------------------------------- asking, on announcements as they are told


@cache
def families() -> list[Family]:
    return [one for one in load_families("train") if int(one.family[1:]) < 300][:12]


@cache
def items() -> list[MatchItem]:
    return read_calls(families())


@cache
def truth() -> dict[Pair, bool]:
    return labels(families())


class Reader:
    """Knows what is one call; ``unsure`` of some pairs, and deaf to others."""

    def __init__(self, unsure: set[Pair] = frozenset(), deaf: bool = False) -> None:
        self.asked: list[Doubt] = []
        self._unsure, self._deaf = unsure, deaf

    def __call__(self, doubts: Sequence[Doubt]) -> dict[Pair, MatchOpinion]:
        self.asked += doubts
        if self._deaf:
            return {}
        return {one.pair: opinion(*one.pair, self._verdict(one.pair)) for one in doubts}

    def _verdict(self, pair: Pair) -> str:
        if pair in self._unsure:
            return "unsure"
        return "same" if truth().get(pair) else "different"


def pairs_of(result: MatchResult) -> set[Pair]:
    return {pair for cluster in result.clusters for pair in combinations(sorted(cluster.item_ids), 2)}


def told(result: MatchResult) -> tuple[Any, ...]:
    return (
        sorted(tuple(sorted(cluster.item_ids)) for cluster in result.clusters),
        sorted(result.matches),
        result.relations,
        result.conflicts,
        result.questions,
        result.presumed,
    )


def advised(items: Iterable[MatchItem], reader: Reader | None) -> MatchResult:
    with Workbench() as bench:
        bench.load(items)
        return match_advised(bench, (), reader).result


def test_what_would_be_asked_of_a_person_or_joined_by_its_score_is_asked_first_and_only_that() -> None:
    plain = advised(items(), None)
    doubtful = [(one.item_id, one.other_item_id) for one in [*plain.questions, *plain.presumed]]
    assert plain.questions and plain.presumed
    reader = Reader()
    found = advised(items(), reader)
    assert [one.pair for one in reader.asked[: len(doubtful)]] == doubtful
    assert len({one.pair for one in reader.asked}) == len(reader.asked), "no pair is asked about twice"
    assert found.questions == []
    same = {pair for pair, is_same in truth().items() if is_same}
    assert len(pairs_of(found) & same) > len(pairs_of(plain) & same)
    assert pairs_of(found) <= same


def test_a_model_is_asked_about_pairs_that_are_too_unlikely_to_ask_a_person_about() -> None:
    less = MatchRules(ask_from=ASK_FROM)
    unlikely = [one for one in match_items(items(), rules=less).questions if one.chance < ASK]
    assert unlikely
    reader = Reader(unsure={(one.item_id, one.other_item_id) for one in unlikely})
    found = advised(items(), reader)
    asked = {one.pair for one in reader.asked}
    assert {(one.item_id, one.other_item_id) for one in unlikely} <= asked
    assert all(one.chance >= ASK for one in found.questions), "it was unsure too: no person is troubled"


def test_beside_a_pair_are_those_most_like_it_and_never_the_two() -> None:
    reader = Reader()
    advised(items(), reader)
    assert any(one.beside for one in reader.asked)
    here = {one.item_id for one in items()}
    for one in reader.asked:
        assert len(one.beside) <= 4 and set(one.beside) <= here - set(one.pair)


def test_where_no_model_answers_all_is_as_without_one() -> None:
    assert told(advised(items(), Reader(deaf=True))) == told(advised(items(), None))


def test_what_the_model_is_unsure_of_a_person_is_asked() -> None:
    questions = {(one.item_id, one.other_item_id) for one in advised(items(), None).questions}
    found = advised(items(), Reader(unsure=questions))
    assert {(one.item_id, one.other_item_id) for one in found.questions} >= questions


@dear(5)
@given(st.randoms(use_true_random=False))
def test_neither_order_nor_the_days_between_matter(random: Any) -> None:
    shuffled = list(items())
    random.shuffle(shuffled)
    at_once = told(advised(shuffled, Reader()))
    with Workbench() as bench:
        bench.load(shuffled[: random.randrange(1, len(shuffled))])
        match_advised(bench, (), Reader())
        bench.load(shuffled)
        assert told(match_advised(bench, (), Reader()).result) == at_once
        assert told(match_advised(bench, (), None).result) == told(advised(items(), None)), "an opinion leaves no trace"
