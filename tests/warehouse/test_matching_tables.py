"""What matching asks and what it would not decide, as analysts see it: a row for each announcement, a check for each kind."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import duckdb
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.matching.items import match_item
from boi_pipeline.matching.match import match_items
from boi_pipeline.matching.register import report
from boi_pipeline.records import Deadline, Decision, MatchConflict, MatchOpinion, MatchQuestion, opportunity_id
from boi_pipeline.stages.run import load_models
from boi_pipeline.stages.tables import decision_models
from boi_pipeline.warehouse.checks import CheckResult, run_check
from boi_pipeline.warehouse.raw import raw_table
from tests.matching.conftest import answer
from tests.warehouse.announced import Announced
from tests.warehouse.stories import Parts, Story, story

JANUARY = date(2027, 1, 15)
CONFLICTS, QUESTIONS = "marts.match_conflicts", "marts.match_questions"
TABLES = (QUESTIONS, "marts.match_opinions")
CHECK_OF = {
    "hub": "no_hubs",
    "large_cluster": "no_large_clusters",
    "contradictory_answers": "answers_agree",
    "absurd_date": "closing_years_are_sane",
    "empty_title": "titles_say_something",
    "moved_links": "sources_keep_their_links",
}


def closing(day: date) -> tuple[list[Deadline], str]:
    return [Deadline(seq=1, close_date=day)], f"Cierra el {day}"


def good_calls(announced: Announced) -> None:
    """Enough of them that a bad one is an exception."""
    for number in range(6):
        day = JANUARY + timedelta(days=number)
        announced.say(f"revista{number}/1", title=f"Premio {number} de {'abcdef'[number] * 7}", deadlines=closing(day))


def empty_title(announced: Announced) -> tuple[list[str], list[Decision]]:
    announced.say("oficial/sin-titulo", title="", deadlines=closing(JANUARY))
    return ["oficial/sin-titulo"], []


def absurd_date(announced: Announced) -> tuple[list[str], list[Decision]]:
    announced.say("oficial/9999", title="Becas del Faro", deadlines=closing(date(9999, 12, 31)))
    return ["oficial/9999"], []


def hub(announced: Announced) -> tuple[list[str], list[Decision]]:
    items = [f"portal{number:02d}/1" for number in range(25)]
    for number, item in enumerate(items):
        day = closing(JANUARY + timedelta(days=number))
        announced.say(item, title=f"Beca {number}", deadlines=day, apply_url="https://portal.example/solicitud/nueva")
    return items, []


def contradictory_answers(announced: Announced) -> tuple[list[str], list[Decision]]:
    items = ["revista0/1", "revista1/1", "revista2/1"]
    a, b, c = items
    return items, [answer(1, "not_same", a, c), answer(2, "same", a, b), answer(3, "same", b, c)]


def moved_links(announced: Announced) -> tuple[list[str], list[Decision]]:
    for day, key in ((-9, "vieja"), (-2, "nueva")):
        for number in range(12):
            title = f"Residencia {'abcdefghijkl'[number] * 6}"
            announced.say(f"oficial/{key}-{number:02d}", day=day, title=title, deadlines=closing(JANUARY))
    return [f"oficial/nueva-{number:02d}" for number in range(12)], []


SLIPS = [empty_title, absurd_date, hub, contradictory_answers, moved_links]


def match(announced: Announced, answers: list[Decision]) -> None:
    """Match what was announced, and hand the outcome to the tables."""
    readings = {reading.notice_id: reading for reading in announced.readings}
    result = match_items(
        (match_item(one, readings[one.notice_id], one.fetched_at) for one in announced.notices), answers
    )
    announced.opportunity_of = {name: cluster.item_ids[0] for cluster in result.clusters for name in cluster.item_ids}
    announced.more["match_conflicts"] = raw_table("match_conflicts", report(result))


def checked(announced: Announced, name: str, folder: Path) -> dict[str, CheckResult]:
    """The checks of a mart that was built, by their names."""
    model = load_models(announced.entity).by_table[name]
    terms = {vocabulary: frozenset(one.terms) for vocabulary, one in announced.entity.vocabularies.items()}
    with duckdb.connect(str(folder / "boi.run.duckdb"), read_only=True) as connection:
        return {check.name: run_check(connection, check, model, terms, None) for check in model.checks}


@pytest.fixture
def announced(sample: Entity) -> Announced:
    return Announced(sample)


# ---------------------------------------------------------------- conflicts


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip.__name__)
def test_each_slip_fails_its_own_check_with_a_row_for_each_announcement(
    announced: Announced, ongoing: Path, slip: Any
) -> None:
    good_calls(announced)
    items, answers = slip(announced)
    match(announced, answers)
    rows = announced.table(CONFLICTS, ongoing)
    assert [(row["kind"], row["item_id"]) for row in rows] == [(slip.__name__, item) for item in items]
    shown = {notice.item_id: notice for notice in announced.notices}
    for row in rows:
        notice = shown[row["item_id"]]
        assert (row["title"], row["url"], row["source_id"]) == (notice.title, notice.url, notice.source_id)
        assert row["source_name"] == notice.source_id.capitalize()
        assert row["opportunity_id"] == opportunity_id(announced.opportunity_of[row["item_id"]])
        assert row["code"] and row["detail"].endswith((".", ")."))
    found = checked(announced, CONFLICTS, ongoing)
    failed = {name: result for name, result in found.items() if not result.passed}
    assert set(failed) == {CHECK_OF[slip.__name__]}
    (result,) = failed.values()
    assert result.failed_count == len(items)
    assert [row["item_id"] for row in result.sample] == items[: len(result.sample)]
    assert not result.stops and not result.quarantines, "a warning: the run goes on"


def test_all_slips_at_once_are_told_apart_and_sound_calls_are_not_named(announced: Announced, ongoing: Path) -> None:
    good_calls(announced)
    expected: dict[str, list[str]] = {}
    answers: list[Decision] = []
    for slip in SLIPS:
        items, given = slip(announced)
        expected[slip.__name__] = items
        answers += given
    match(announced, answers)
    found: dict[str, list[str]] = {}
    for row in announced.table(CONFLICTS, ongoing):
        found.setdefault(row["kind"], []).append(row["item_id"])
    assert found == expected


def test_without_slips_no_check_fails(announced: Announced, ongoing: Path) -> None:
    good_calls(announced)
    match(announced, [])
    assert announced.table(CONFLICTS, ongoing) == []
    assert all(result.passed for result in checked(announced, CONFLICTS, ongoing).values())


def test_two_conflicts_of_a_kind_are_one_row_and_what_is_not_here_has_no_page(
    announced: Announced, ongoing: Path
) -> None:
    announced.say("oficial/1")
    conflicts = [
        MatchConflict(kind="hub", item_ids=["oficial/1", "lejos/1"], detail="Comparten el enlace."),
        MatchConflict(kind="hub", item_ids=["oficial/1"], detail="Comparten el número."),
    ]
    announced.more["match_conflicts"] = raw_table("match_conflicts", conflicts)
    away, here = announced.table(CONFLICTS, ongoing)
    assert (here["detail"], here["shared_count"]) == ("Comparten el enlace. Comparten el número.", 2)
    assert (away["item_id"], away["url"], away["opportunity_id"]) == ("lejos/1", None, None)


def test_every_kind_has_a_warning_of_its_own_with_advice(sample: Entity) -> None:
    kinds = get_args(MatchConflict.model_fields["kind"].annotation)
    warned = {
        check.name: check for check in load_models(sample).by_table[CONFLICTS].checks if check.severity == "warning"
    }
    assert {kind: name for name, check in warned.items() for kind in kinds if f"'{kind}'" in check.argument} == CHECK_OF
    assert len(warned) == len(kinds) and all(len(check.advice) > 40 for check in warned.values())


# ---------------------------------------------------------------- questions


def asked(announced: Announced, *decisions: Decision) -> None:
    """Whether the announcements ``oficial/1`` and ``portal/1`` are one call; who decided what of it since."""
    question = MatchQuestion(
        item_id=announced.item("oficial/1"),
        other_item_id=announced.item("portal/1"),
        opportunity_id=announced.opportunity("oficial/1"),
        other_opportunity_id=announced.opportunity("portal/1"),
        chance=0.61,
    )
    announced.more["match_questions"] = raw_table("match_questions", [question])
    announced.more["decisions"] = raw_table("decisions", decisions)


FARO: dict[str, Any] = {
    "title": "Becas del Faro",
    "funder_name": "Fundación Faro",
    "deadlines": closing(JANUARY),
    "max_award_amount": Decimal(12000),
    "currency": "EUR",
    "host_countries": ["PT"],
}
ALIKE = [
    "tienen el mismo título",
    "las convoca la misma entidad: Fundación Faro",
    "cierran el mismo día: 2027-01-15",
    "dan el mismo monto: 12.000 EUR",
    "ocurren en el mismo país: PT",
]
DIFFERENCES: list[tuple[Mapping[str, Any], list[str], list[str]]] = [
    ({}, ALIKE, []),
    ({"title": "BECAS DEL FARO", "funder_name": "fundacion faro"}, ALIKE, []),
    ({"funder_name": "Fundación Faro del Estrecho"}, [ALIKE[0], *ALIKE[2:]], []),  # a longer name of it, perhaps
    ({"funder_name": None, "deadlines": [], "max_award_amount": None, "host_countries": []}, ALIKE[:1], []),
    ({"currency": "USD"}, [*ALIKE[:3], ALIKE[4]], []),
    (
        {
            "title": "Premio del Mar",
            "funder_name": "Ministerio",
            "deadlines": closing(date(2027, 3, 1)),
            "max_award_amount": Decimal(500),
            "host_countries": ["ES", "FR"],
            "opportunity_type": "award",
        },
        [],
        [
            "nombran a convocantes distintos: Fundación Faro / Ministerio",
            "cierran en días distintos: 2027-01-15 / 2027-03-01",
            "dan montos distintos: 12.000 / 500 EUR",
            "son de tipos distintos: Beca / Premio",
            "ocurren en países distintos: PT / ES, FR",
        ],
    ),
]


@pytest.mark.parametrize(("change", "speaks_for", "speaks_against"), DIFFERENCES)
@story
def test_a_question_shows_both_pages_and_what_they_agree_on(
    announced: Story, change: dict[str, Any], speaks_for: list[str], speaks_against: list[str]
) -> Parts:
    announced.say("oficial/1", **FARO)
    announced.say("portal/1", **{**FARO, **change})
    asked(announced)
    yield
    (row,) = announced.rows(QUESTIONS)
    assert (row["speaks_for"], row["speaks_against"]) == (speaks_for, speaks_against)
    pages = announced.page("oficial/1"), announced.page("portal/1")
    assert (row["title"], row["url"], row["source_name"]) == ("Becas del Faro", pages[0], "Oficial")
    assert (row["other_url"], row["other_source_name"]) == (pages[1], "Portal")
    assert (row["code"], row["other_code"]) == (announced.codes["oficial/1"], announced.codes["portal/1"])
    assert (row["chance"], row["close_dates"]) == (Decimal("0.61"), ["2027-01-15"])


@story
def test_what_a_model_opines_is_shown_with_the_words_it_rests_on(announced: Story) -> Parts:
    announced.say("oficial/1", **FARO)
    announced.say("portal/1", **FARO)
    asked(announced)
    said = MatchOpinion(
        item_id=announced.item("oficial/1"), other_item_id=announced.item("portal/1"), verdict="same",
        quote="Becas del Faro", other_quote="Faro", notice_id="n1", other_notice_id="n2", model_version="match-1/m",
    )  # fmt: skip
    announced.more["match_opinions"] = raw_table("match_opinions", [said])
    yield
    (row,) = announced.rows("marts.match_opinions")
    assert (row["verdict"], row["quote"], row["other_quote"]) == ("same", "Becas del Faro", "Faro")
    assert (row["code"], row["other_code"], row["is_together"]) == (
        announced.codes["oficial/1"],
        announced.codes["portal/1"],
        False,
    )
    (question,) = announced.rows(QUESTIONS)
    assert question["speaks_for"][0] == "un modelo de lenguaje opina que son la misma", (
        "and why a person is asked still"
    )


@story
def test_two_announcements_of_one_source_are_two_calls_to_it(announced: Story) -> Parts:
    announced.say("oficial/1")
    announced.say("oficial/2")
    one, two = announced.item("oficial/1"), announced.item("oficial/2")
    question = MatchQuestion(item_id=one, other_item_id=two, opportunity_id="o1", other_opportunity_id="o2", chance=0.5)
    announced.more["match_questions"] = raw_table("match_questions", [question])
    yield
    (row,) = announced.rows(QUESTIONS)
    assert row["speaks_against"] == ["la misma fuente las publica por separado"]


@story
def test_an_announcement_that_staging_put_aside_still_asks(announced: Story) -> Parts:
    announced.say("oficial/1")
    announced.say("portal/1", title="")
    asked(announced)
    yield
    (row,) = announced.rows(QUESTIONS)
    assert (row["title"], row["other_item_id"]) == ("Beca de prueba", announced.item("portal/1"))


@pytest.mark.parametrize(
    ("given", "waits"),
    [
        (("same", "portal/1", "oficial/1"), False),
        (("not_same", "oficial/1", "portal/1"), False),
        (("not_same", "oficial/1", "revista/1", "portal/1"), False),
        (("same", "oficial/1", "revista/1"), True),  # about another pair
    ],
)
@story
def test_an_answer_ends_the_question_before_the_next_matching(
    announced: Story, given: tuple[Any, ...], waits: bool
) -> Parts:
    announced.say("oficial/1")
    announced.say("portal/1")
    verdict, *items = given
    asked(announced, answer(announced.seq, verdict, *map(announced.item, items)))
    yield
    assert bool(announced.rows(QUESTIONS)) is waits


def test_a_question_that_waits_is_a_warning_until_it_is_answered(announced: Announced, ongoing: Path) -> None:
    announced.say("oficial/1")
    announced.say("portal/1")
    asked(announced)
    assert announced.table(QUESTIONS, ongoing) != []
    waits = checked(announced, QUESTIONS, ongoing)["no_question_waits"]
    assert waits.failed_count == 1 and not waits.stops and not waits.quarantines
    asked(announced, answer(1, "same", "portal/1", "oficial/1"))
    assert announced.table(QUESTIONS, ongoing) == []
    assert checked(announced, QUESTIONS, ongoing)["no_question_waits"].passed


def test_questions_follow_what_people_do_and_conflicts_what_was_crawled(sample: Entity) -> None:
    people = decision_models(load_models(sample))
    assert QUESTIONS in people and CONFLICTS not in people
