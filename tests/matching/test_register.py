"""An opportunity keeps its id and code for ever, whatever joins, leaves, merges or is cut."""

import random
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import Cluster, MatchResult, match_items, match_on
from boi_pipeline.matching.register import RegisterChange, assign, describe, relate
from boi_pipeline.matching.workbench import Workbench
from boi_pipeline.records import Decision, Identity, IdentityItem, Redirect, opportunity_id
from tests.examples import dear
from tests.matching.conftest import DAY, answer, item
from tests.matching.test_match import many_answers, many_items


class Register:
    """What a ledger keeps of the register: rows in order, never changed."""

    def __init__(self) -> None:
        self.identities: list[Identity] = []
        self.items: list[IdentityItem] = []
        self.redirects: list[Redirect] = []
        self.seq = 0

    def plan(self, clusters: list[Cluster], at: datetime = DAY) -> RegisterChange:
        return assign(clusters, self.identities, self.items, self.redirects, at, "PAL")

    def run(self, clusters: list[Cluster], at: datetime = DAY) -> RegisterChange:
        change = self.plan(clusters, at)
        for record in change.records:
            self.seq += 1
            kept = record.model_copy(update={"seq": self.seq})
            if isinstance(kept, Identity):
                self.identities.append(kept)
            elif isinstance(kept, IdentityItem):
                self.items.append(kept)
            elif isinstance(kept, Redirect):
                self.redirects.append(kept)
        return change

    @property
    def merged(self) -> dict[str, str]:
        return {row.from_opportunity_id: row.to_opportunity_id for row in self.redirects if row.kind == "merged"}

    def code(self, opportunity: str) -> str:
        return next(row.code for row in self.identities if row.opportunity_id == opportunity)


def clusters_of(*groups: str, day: dict[str, int] | None = None) -> list[Cluster]:
    """``"ab", "c"``: items a and b together, c alone, first seen in the order of the alphabet."""
    made = []
    for group in groups:
        members = [item(f"s/{name}", day=(day or {}).get(name, 0)) for name in group]
        made.append(Cluster(tuple(sorted(members, key=lambda one: (one.first_seen_at, one.item_id)))))
    return made


def ids(change: RegisterChange) -> dict[str, str]:
    return {name.removeprefix("s/"): found for name, found in change.opportunity_of.items()}


def test_ids_come_from_the_anchor_and_codes_follow_the_order_of_arrival() -> None:
    register = Register()
    change = register.run(clusters_of("c", "ab", day={"c": -1}))
    assert ids(change) == {"c": opportunity_id("s/c"), "a": opportunity_id("s/a"), "b": opportunity_id("s/a")}
    assert register.code(opportunity_id("s/c")) == "PAL-2026-00001"
    assert register.code(opportunity_id("s/a")) == "PAL-2026-00002"
    register.run(clusters_of("c", "ab", "d"), DAY + timedelta(days=60))
    assert register.code(opportunity_id("s/d")) == "PAL-2027-00001"


def test_a_merge_keeps_the_oldest_code_and_redirects_the_other() -> None:
    register = Register()
    before = ids(register.run(clusters_of("a", "b", "c")))
    after = ids(register.run(clusters_of("abc")))
    assert set(after.values()) == {before["a"]}
    assert register.merged == {before["b"]: before["a"], before["c"]: before["a"]}
    assert ids(register.run(clusters_of("b")))["b"] == before["a"], "alone, it is still the merged opportunity"


def test_a_cut_leaves_the_id_with_the_anchor_and_says_see_also() -> None:
    register = Register()
    before = ids(register.run(clusters_of("abc")))
    after = ids(register.run(clusters_of("a", "bc")))
    assert after["a"] == before["a"] and after["b"] == after["c"] == opportunity_id("s/b")
    (cut,) = register.redirects
    assert (cut.from_opportunity_id, cut.to_opportunity_id, cut.kind) == (after["b"], after["a"], "split")
    told = relate(MatchResult(), {"s/a": after["a"], "s/b": after["b"]}, register.redirects)
    assert {(one.opportunity_id, one.related_opportunity_id, one.relation) for one in told} == {
        (after["a"], after["b"], "see_also"),
        (after["b"], after["a"], "see_also"),
    }


def test_what_merged_and_is_cut_again_gets_a_new_id_for_the_old_one_redirects() -> None:
    register = Register()
    before = ids(register.run(clusters_of("a", "b")))
    register.run(clusters_of("ab"))
    after = ids(register.run(clusters_of("a", "b")))
    assert after["a"] == before["a"]
    assert after["b"] not in before.values()
    assert register.code(after["b"]) == "PAL-2026-00003"
    assert register.merged == {before["b"]: after["b"]}, "its old code leads to its own call, not to the other"
    assert register.run(clusters_of("a", "b")).records == [], "once"
    register.run(clusters_of("ab"))
    again = ids(register.run(clusters_of("a", "b")))
    assert register.merged == {before["b"]: again["b"], after["b"]: again["b"]}


def test_an_item_that_leaves_and_returns_finds_its_place() -> None:
    register = Register()
    before = ids(register.run(clusters_of("ab", "c")))
    assert ids(register.run(clusters_of("b"))) == {"b": before["a"]}, "its anchor is away"
    assert register.run([]).records == []
    back = register.run(clusters_of("ab", "c"))
    assert ids(back) == before and back.records == []


def test_an_item_alone_where_another_anchors_is_there_by_the_register() -> None:
    register = Register()
    register.run(clusters_of("ab"))
    today = match_items([item("s/b")])
    change = register.run(today.clusters)
    (match,) = describe(today, change.opportunity_of, register.identities)
    assert (match.reason, match.matched_item_id, match.opportunity_id) == ("register", "s/a", opportunity_id("s/a"))


def test_relations_name_the_older_edition_first() -> None:
    made = [item(f"s/{year}", title=f"Premio del Mar {year}", funder_name="Mar") for year in (2026, 2027)]
    today = match_items(made)
    change = Register().run(today.clusters)
    (relation,) = relate(today, change.opportunity_of, [])
    assert (relation.opportunity_id, relation.related_opportunity_id) == (
        opportunity_id("s/2026"),
        opportunity_id("s/2027"),
    )


def partitions(names: str) -> st.SearchStrategy[list[str]]:
    """Any of the names, in any groups."""
    return st.lists(st.integers(0, len(names)), min_size=len(names), max_size=len(names)).map(
        lambda labels: [
            "".join(name for name, label in zip(names, labels, strict=True) if label == group)
            for group in sorted(set(labels) - {0})
        ]
    )


@settings(deadline=None, max_examples=200)
@given(st.lists(partitions("abcdef"), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_over_any_history_ids_and_codes_stay_and_lead_somewhere(days: list[list[str]], chance: random.Random) -> None:
    register = Register()
    for number, groups in enumerate(days):
        at = DAY + timedelta(days=20 * number)
        clusters = clusters_of(*groups)
        living = {row.opportunity_id: row.anchor_item_id for row in register.identities}
        living = {one: anchor for one, anchor in living.items() if one not in register.merged}
        before = (list(register.identities), list(register.items), list(register.redirects))
        shuffled = chance.sample(clusters, len(clusters))
        expected = register.plan(shuffled, at)
        change = register.run(clusters, at)
        assert change == expected, "the order of clusters never matters"
        assert register.identities[: len(before[0])] == before[0]
        here = change.opportunity_of
        for cluster in clusters:
            assert len({here[item_id] for item_id in cluster.item_ids}) == 1
        assert len(set(here.values())) == len(clusters), "two clusters are two opportunities"
        for one, anchor in living.items():
            if anchor in here:
                survivor = here[anchor]
                age = [row.opportunity_id for row in register.identities].index
                assert survivor == one or (register.merged.get(one) == survivor and age(survivor) < age(one))
        assert register.plan(clusters, at).records == [], "the same day again changes nothing"
        assert register.plan(shuffled, at + timedelta(days=1)).opportunity_of == here
    minted = [row.opportunity_id for row in register.identities]
    codes = [row.code for row in register.identities]
    assert len(set(minted)) == len(minted) and len(set(codes)) == len(codes)
    assert codes == sorted(codes)
    turned: set[str] = set()
    cut = {row.from_opportunity_id for row in register.redirects if row.kind == "split"}
    for row in register.redirects:
        if row.kind == "merged":
            assert row.from_opportunity_id not in turned or row.to_opportunity_id in cut, (
                "it turns to what was cut alone"
            )
            turned.add(row.from_opportunity_id)
    for one in minted:
        passed = set()
        while one in register.merged:
            assert one not in passed
            passed.add(one)
            one = register.merged[one]


@dear(8)
@given(many_items, many_answers, st.randoms(use_true_random=False))
def test_an_incremental_day_equals_a_build_from_scratch_with_the_register(
    items: list[MatchItem], answers: list[Decision], chance: random.Random
) -> None:
    register = Register()
    arrived: list[MatchItem] = []
    change = RegisterChange()
    with Workbench() as bench:
        for number in range(4):
            arrived += [one for one in items if one.first_seen_at == DAY + timedelta(days=number)]
            bench.load(arrived)
            clusters = match_on(bench, answers[: number + 1]).clusters
            change = register.run(clusters, DAY + timedelta(days=number))
    chance.shuffle(arrived)
    again = match_items(arrived, answers[:4])
    rebuilt = register.plan(again.clusters, DAY + timedelta(days=3))
    assert rebuilt.records == [] and rebuilt.opportunity_of == change.opportunity_of


def test_a_persons_answer_moves_an_item_and_its_id_follows() -> None:
    register = Register()
    pair = [item("s/a", text_sha256="t"), item("r/b", text_sha256="t", day=1)]
    register.run(match_items(pair).clusters)
    change = register.run(match_items(pair, [answer(1, "not_same", "s/a", "r/b")]).clusters)
    assert change.opportunity_of == {"s/a": opportunity_id("s/a"), "r/b": opportunity_id("r/b")}
