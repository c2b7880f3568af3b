"""The kept figures of matching are what the matcher gives, and the scorer that ships is the one that was trained."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from boi_pipeline.evaluation import matching_figures
from boi_pipeline.evaluation.labelled_calls import PairSplit, load_families, read_calls
from boi_pipeline.evaluation.matching import Scorer
from boi_pipeline.evaluation.matching_figures import (
    PAGE,
    Kept,
    all_kept,
    measure,
    reported,
    rows_of,
    same_figures,
    save,
    write_page,
)
from boi_pipeline.matching import score
from boi_pipeline.matching.contest import FEATURES, contested
from boi_pipeline.matching.facts import facts_table
from boi_pipeline.matching.trees import Trees, from_lightgbm
from boi_pipeline.matching.workbench import Workbench
from scrapers.yamlfile import ConfigError


def test_the_labelled_calls_are_sound_and_the_test_split_is_every_other_family_of_the_first_two_lots() -> None:
    families = load_families()
    notices = [one for family in families for one in family.notices]
    assert len({family.family for family in families}) == len(families)
    assert len({(one.source, one.id) for one in notices}) == len(notices)
    assert all(".example/" in one.url for one in notices)  # reserved names only
    assert all(".example/" in f"{link.url}/" for one in notices for link in one.links)
    whose: dict[str, str] = {}
    for family in families:
        for one in family.notices:
            assert {whose.setdefault(key, family.family) for key in (one.call, one.series) if key} == {family.family}
    test = {family.family for family in families if family.split == "test"}
    assert len(test) == 55
    assert all(name[1] in "12" and int(name[1:]) % 2 for name in test)
    later = [int(family.family[1:]) for family in families if family.split == "later"]
    assert min(later, default=1301) > 1300, "what is measured by is not trained on"
    assert sum(family.split == "train" for family in families) == 525


@pytest.mark.parametrize("split", reported())
def test_the_kept_figures_are_what_the_matcher_gives(split: PairSplit) -> None:
    now = measure(split, date(2026, 11, 25))
    kept = {one.version: one for one in all_kept(split)}.get(now.version)
    assert kept is not None, f"{now.version} was never reported: make eval"
    assert rows_of(now) == rows_of(kept), f"{now.version} joins otherwise than is kept: a new version, then make eval"
    assert same_figures(now, kept)


def test_the_page_tells_the_kept_figures(tmp_path: Path) -> None:
    write_page(tmp_path / "page.md")
    assert (tmp_path / "page.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8"), "make eval"


def test_a_version_is_reported_on_a_split_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching_figures, "RESULTS", tmp_path)

    def kept(day: str, right: int, **more: Any) -> Kept:
        return Kept("v-1", "test", day, 2, 6, 4, 5, 1, {"precision": (right, 4)}, {}, **more)

    first = save(kept("2026-11-25", 3))
    assert all_kept("test") == [first]
    assert save(kept("2026-11-26", 3)) == first
    with pytest.raises(ConfigError, match="needs a new version"):
        save(kept("2026-11-26", 4))
    assert rows_of(first) == [["precision", "75.0", "30.1–95.4", "3/4", "≥ 98", "no, by 23.0"]]


# ---------------------------------------------------------------- the scorer


@pytest.fixture(scope="module")
def both_ways() -> tuple[dict[str, score.Array], dict[str, score.Array]]:
    """The features of every pair of some train announcements, and those with the two the other way about."""
    items = read_calls(load_families("train")[:8])
    with duckdb.connect() as connection:
        connection.register("told", facts_table(items))
        connection.execute(
            "create table facts as select (row_number() over (order by item_id))::integer as n, * from told"
        )
        connection.execute(
            """create table pairs as select x.n as a, y.n as b from facts x join facts y on x.n < y.n;
            create table turned as select b as a, a as b from pairs"""
        )
        measured = (score.measure(connection, table) for table in ("pairs", "turned"))
        one, other = (
            score.features(table.sort_by([(k, "ascending") for k in by]))
            for table, by in zip(measured, (("a", "b"), ("b", "a")), strict=True)
        )
    return one, other


def test_the_scorer_that_ships_loads_whole() -> None:
    model, kept = score.model(), json.loads(score.MODEL.read_text(encoding="utf-8"))
    assert model.pairs.names == tuple(model.weights)
    assert model.contest.names == FEATURES
    assert (model.pairs.kept(), model.contest.kept()) == (kept["pairs"], kept["contest"])
    assert 0 < model.ask <= model.merge < 1
    for trees in (model.pairs, model.contest):
        assert trees.feature.shape == trees.threshold.shape == trees.left.shape == trees.right.shape
        assert trees.feature.min() >= 0 and trees.feature.max() < len(trees.names)
        assert max(trees.left.max(), trees.right.max()) < trees.feature.shape[1]
        assert min(trees.left.min(), trees.right.min()) >= -trees.value.shape[1]


def test_the_line_scores_as_training_does_and_gives_chances(both_ways: tuple[dict[str, score.Array], Any]) -> None:
    model, (found, _) = score.model(), both_ways
    assert tuple(found) == model.pairs.names
    told, of_series = score.chances(found)
    trained = Scorer(np.array(list(model.weights.values())), model.bias, model.pairs)
    assert np.array_equal(told, trained.chance(np.column_stack(list(found.values())), tuple(found)))
    for chances in (told, of_series):
        assert ((chances >= 0) & (chances <= 1)).all()
    assert told.max() > 0.9  # some of these are one call


def test_a_pair_has_one_chance_whichever_comes_first(
    both_ways: tuple[Mapping[str, score.Array], Mapping[str, score.Array]],
) -> None:
    one, other = both_ways
    uneven = {
        name: float(np.abs(one[name] - other[name]).max()) for name in one if not np.array_equal(one[name], other[name])
    }
    assert uneven == {}
    assert np.array_equal(score.chances(one)[0], score.chances(other)[0])


def test_the_contest_hears_a_pair_alike_whichever_comes_first() -> None:
    with Workbench() as bench:
        bench.load(read_calls(load_families("train")[8:16]))
        bench.compare(20)
        a, b, chances = map(np.array, zip(*bench.rows("select a, b, chance from pairs"), strict=True))
        assert np.array_equal(contested(a, b, chances, bench.content), contested(b, a, chances, bench.content))
        order = np.random.default_rng(0).permutation(len(a))
        shuffled = contested(a[order], b[order], chances[order], bench.content)
        assert np.array_equal(shuffled, contested(a, b, chances, bench.content)[order]), "in any order"


# ---------------------------------------------------------------- trees


@pytest.mark.parametrize(("leaves", "least"), [(8, 10), (2, 10), (31, 5), (4, 5_000)])
def test_exported_trees_give_what_lightgbm_gives(leaves: int, least: int) -> None:
    lightgbm = pytest.importorskip("lightgbm", reason="trees are trained with LightGBM, of the group models")
    random = np.random.default_rng(0)
    x = np.round(random.random((3_000, 6)), 2)
    x[random.random(x.shape) < 0.4] = 0  # as the features of pairs: shares, many of them nothing
    y = ((x[:, 0] + x[:, 1] * x[:, 2] + 0.2 * random.random(len(x))) > 0.7).astype(float)
    settings = {
        "objective": "binary", "num_leaves": leaves, "min_data_in_leaf": least, "learning_rate": 0.08, "feature_fraction": 0.5,
        "seed": 0, "num_threads": 1, "deterministic": True, "verbose": -1,
    }  # fmt: skip
    made = lightgbm.train(settings, lightgbm.Dataset(x, y), num_boost_round=40)
    trees = from_lightgbm(made.dump_model(), [f"x{n}" for n in range(6)])
    again = Trees.of(json.loads(json.dumps(trees.kept())))
    unseen = np.vstack([x, random.random((3_000, 6)) * 2 - 0.5])
    assert np.abs(trees.chance(unseen) - np.asarray(made.predict(unseen))).max() < 1e-9
    assert np.array_equal(again.chance(unseen), trees.chance(unseen))
