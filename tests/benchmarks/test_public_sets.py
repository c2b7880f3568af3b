from pathlib import Path

import numpy as np
import pytest

from benchmarks.public_scorers import Found, best_threshold, f1, learned_guess, logistic
from benchmarks.public_sets import Pairs, abt_buy, amazon_google, dblp_acm, part_of, price_of


def pairs(same: list[int], part: list[str]) -> Pairs:
    return Pairs([{}] * len(same), [{}] * len(same), np.array(same), np.array(part))


def test_the_sets_are_those_of_the_published_figures():
    for found, size, matches in ((amazon_google(), 9_941, 1_146), (dblp_acm(), 851, 366)):
        assert found is not None
        assert (len(found.same), found.same.sum()) == (size, matches)
        assert set(found.part) == {"train", "valid", "test"}


def test_abt_buy_is_read_from_the_files_that_one_has(tmp_path: Path):
    assert abt_buy(None) is None and abt_buy(tmp_path) is None
    (tmp_path / "Abt.csv").write_text('id,name,description,price\n1,"Sony Turntable - PSLX350H",x,$99.00\n', "utf-8")
    rows = '7,"Sony PSLX350H Turntable, Belt Drive",x,Sony,$89.00\n8,"Sony Radio",x,Sony,\n9,"Denon Tuner",x,,\n'
    (tmp_path / "Buy.csv").write_text(f"id,name,description,manufacturer,price\n{rows}", "utf-8")
    (tmp_path / "abt_buy_perfectMapping.csv").write_text("idAbt,idBuy\n1,7\n", "utf-8")
    found = abt_buy(tmp_path)
    assert found is not None
    assert [(one["id"], is_same) for one, is_same in zip(found.right, found.same, strict=True)] == [("7", 1), ("8", 0)]


def test_the_part_of_a_pair_depends_on_the_pair_alone():
    assert [part_of("a", str(number)) for number in range(6)] == [part_of("a", str(number)) for number in range(6)]
    parts = [part_of("a", str(number)) for number in range(2_000)]
    assert 0.17 < parts.count("test") / 2_000 < 0.23


def test_f1():
    assert f1(np.array([True, True, False]), np.array([True, False, True])) == 0.5


def test_equal_guesses_stay_together():
    same, guess = np.array([1, 1, 0, 0, 0]), np.array([5.0, 3.0, 3.0, 3.0, 1.0])
    best, threshold = best_threshold(same, guess)
    assert best == pytest.approx(2 / 3)
    assert best == pytest.approx(f1(same == 1, guess >= threshold))


def test_the_test_split_does_not_choose_the_threshold():
    found = Found.of(pairs([1, 0, 1, 0], ["train", "train", "test", "test"]), np.array([0.9, 0.1, 0.2, 0.8]))
    assert (found.outside, found.threshold, found.test) == (1.0, 0.5, 0.0)


def test_the_test_split_is_not_learned_from():
    chance = np.random.default_rng(1)
    values, part = chance.normal(size=(60, 3)), ["test" if number % 5 == 0 else "train" for number in range(60)]
    same = (values[:, 0] > 0).astype(int)
    other = np.where(np.array(part) == "test", 1 - same, same)
    one, two = (learned_guess(values, pairs(labels.tolist(), part), logistic) for labels in (same, other))
    np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize(
    ("told", "price"), [("19.99", 19.99), ("gbp 1,999.00", 1999.0), ("$1,299.00", 1299.0), ("0", None), ("", None)]
)
def test_price(told: str, price: float | None):
    assert price_of({"price": told}) == price
