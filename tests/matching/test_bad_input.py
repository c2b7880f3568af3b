"""What sources and people get wrong joins no unrelated calls, and each slip is told with the announcements it touches."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import numpy as np
import pytest

from boi_pipeline.matching import score
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import MatchResult, match_items
from boi_pipeline.matching.trees import Array
from tests.matching.conftest import answer, item

CLOSE = date(2027, 1, 15)
NAMES = [f"{a}{b}{c}" for a in ("bal", "cem", "dif", "fon") for b in ("abe", "ice", "udo", "oga") for c in ("la", "mi")]


def unlike(number: int, **fields: object) -> MatchItem:
    """A call that is like none of its neighbours."""
    given = {"title": f"Premio {NAMES[number]} de poesía", "close_date": CLOSE + timedelta(days=number), **fields}
    return item(f"s{number}/1", **given)


def told(result: MatchResult) -> dict[str, list[tuple[str, ...]]]:
    """Kind → the announcements of each conflict of it."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for conflict in result.conflicts:
        assert conflict.detail.endswith(".")
        found.setdefault(conflict.kind, []).append(conflict.item_ids)
    return found


def alone(items: Iterable[MatchItem], result: MatchResult) -> bool:
    return sorted(cluster.item_ids for cluster in result.clusters) == sorted((one.item_id,) for one in items)


class _Unmoved:
    """A contest of rivals that changes no chance."""

    def chance(self, faced: Array) -> Array:
        return 1 / (1 + np.exp(-faced[:, 0]))


def all_as_likely(monkeypatch: pytest.MonkeyPatch, chance: float) -> None:
    """A scorer that finds every pair worth comparing as likely: what follows does not hang on trained figures."""
    kept = dataclasses.replace(score.model(), merge=0.7, ask=0.3, contest=_Unmoved(), again=_Unmoved())  # type: ignore[arg-type]
    monkeypatch.setattr(score, "model", lambda: kept)

    def chances(found: Mapping[str, Array]) -> tuple[Array, Array]:
        count = len(found["same_day"])
        return np.full(count, chance), np.zeros(count)

    monkeypatch.setattr(score, "chances", chances)


@pytest.mark.parametrize("title", ["", "  ", "2027", "—", "Convocatoria abierta 2027"])
def test_a_title_that_says_nothing_joins_nothing(title: str) -> None:
    items = [unlike(n, title=title, funder_name="Fundación Río", close_date=CLOSE) for n in range(5)]
    result = match_items(items)
    assert alone(items, result)
    assert told(result) == {"empty_title": [(one.item_id,) for one in items]}


@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1), date(1970, 1, 1), date(2207, 1, 15)])
def test_an_absurd_closing_day_joins_nothing(day: date) -> None:
    items = [unlike(n, funder_name="Fundación Río", close_date=day) for n in range(5)]
    result = match_items(items)
    assert alone(items, result)
    assert told(result) == {"absurd_date": [(one.item_id,) for one in items]}
    assert f"{day}" in result.conflicts[0].detail


def test_an_absurd_day_beside_a_good_one_keeps_the_good_one() -> None:
    call = {"title": "Becas del Faro", "funder_name": "Faro"}
    right, slip = item("a/1", deadlines=(CLOSE,), **call), item("b/1", deadlines=(CLOSE, date.max), **call)
    result = match_items([right, slip])
    assert len(result.clusters) == 1
    assert told(result) == {"absurd_date": [("b/1",)]}


@pytest.mark.parametrize(
    "shared",
    [
        {"apply_url": "https://portal.example/solicitudes/formulario"},
        {"text_sha256": "Active JavaScript para ver esta página"},
        {"opportunity_number": "PROGRAMA-2027-0001"},
    ],
    ids=lambda shared: next(iter(shared)),
)
def test_what_a_thousand_pages_share_is_a_hub(shared: dict[str, str]) -> None:
    items = [item(f"s{n}/1", title=f"Beca {n}", close_date=CLOSE + timedelta(days=n), **shared) for n in range(1_000)]
    result = match_items(items)
    assert alone(items, result)
    assert [len(members) for members in told(result)["hub"]] == [1_000]


def test_a_general_page_that_is_like_a_thousand_calls_joins_none(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [date(2000, 1, 1) + timedelta(days=31 * n) for n in range(1_000)]
    calls = [item(f"s{n}/1", title=f"Becas Quillay número {n}", close_date=day) for n, day in enumerate(days)]
    general = item("portal/todas", title="Becas Quillay", deadlines=tuple(days))
    assert alone([general, *calls], match_items([general, *calls])), "by the scorer itself"
    all_as_likely(monkeypatch, 0.9)  # and where a scorer takes the page for each of them
    result = match_items([general, *calls])
    (hub,) = told(result)["hub"]
    assert len(hub) == 1_001 and "portal/todas" in hub
    assert alone([general, *calls], result)


def test_answers_that_cannot_all_hold_join_only_what_nobody_called_different() -> None:
    items = [unlike(n) for n in range(4)]
    a, b, c, d = (one.item_id for one in items)
    answers = [answer(1, "not_same", a, c), answer(2, "same", a, b), answer(3, "same", b, c)]
    result = match_items(items, answers)
    assert sorted(cluster.item_ids for cluster in result.clusters) == [(a,), (b, c), (d,)]
    assert told(result) == {"contradictory_answers": [(a, b, c)]}
    settled = match_items(items, [*answers, answer(4, "same", a, c)])
    assert told(settled) == {} and [cluster.item_ids for cluster in settled.clusters] == [(a, b, c), (d,)]


@pytest.mark.parametrize(("count", "is_told"), [(9, False), (10, True), (24, True)])
def test_a_source_that_lists_its_texts_under_new_keys_is_told_and_its_calls_go_on(count: int, is_told: bool) -> None:
    def listed(key: str, number: int, day: int) -> MatchItem:
        page = f"https://fund.example/{key}/{number}"
        return item(
            f"fund/{key}{number}",
            title=f"Premio {NAMES[number]} de poesía",
            text_sha256=f"text {number}",
            url=page,
            apply_url=page,
            authority="official",
            close_date=CLOSE + timedelta(days=number),
            day=day,
        )

    before, after = [listed("old", n, 0) for n in range(count)], [listed("new", n, 7) for n in range(count)]
    result = match_items([*before, *after])
    assert sorted(cluster.item_ids for cluster in result.clusters) == sorted(
        (old.item_id, new.item_id) for old, new in zip(before, after, strict=True)
    )
    assert told(result) == ({"moved_links": [tuple(sorted(one.item_id for one in after))]} if is_told else {})


def test_all_at_once_each_is_told_and_the_good_calls_are_matched_as_ever() -> None:
    good = [item("a/1", title="Becas del Faro", funder_name="Faro", close_date=CLOSE)]
    good += [item("b/1", title="Becas del Faro", funder_name="Faro", close_date=CLOSE)]
    empty, absurd = item("c/1", title="", close_date=CLOSE), item("c/2", title="Becas del Faro", close_date=date.max)
    crowd = [unlike(n, apply_url="https://portal.example/solicitudes/formulario") for n in range(25)]
    result = match_items([*good, empty, absurd, *crowd], [answer(1, "same", "a/1", "gone/1")])
    assert set(told(result)) == {"empty_title", "absurd_date", "hub"}
    assert [cluster.item_ids for cluster in result.clusters if len(cluster.items) > 1] == [("a/1", "b/1")]


# ---------------------------------------------------------------- questions


@pytest.mark.parametrize(("action", "count"), [("same", 1), ("not_same", 2)])
def test_an_answer_ends_a_question(monkeypatch: pytest.MonkeyPatch, action: str, count: int) -> None:
    all_as_likely(monkeypatch, 0.5)
    items = [
        item("a/1", title="Becas del Faro", funder_name="Fundación Faro", close_date=CLOSE),
        item("b/1", title="Becas del Faro para músicos", funder_name="Fundación Faro", close_date=CLOSE),
        unlike(1),
    ]
    (question,) = match_items(items).questions
    assert (question.item_id, question.other_item_id) == ("a/1", "b/1")
    assert len(match_items(items).clusters) == 3, "apart while nobody answers"
    given = answer(1, "same" if action == "same" else "not_same", "b/1", "a/1")
    result = match_items(items, [given])
    assert result.questions == [] and len(result.clusters) == count + 1
