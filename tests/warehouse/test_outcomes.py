"""Outcomes: a newer file corrects an older one, and amounts are converted at the day's rate or not at all."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from boi_pipeline.entity import Entity
from boi_pipeline.records import Import, Outcome, Rate
from boi_pipeline.warehouse.raw import raw_table
from tests.warehouse.announced import Announced
from tests.warehouse.conftest import AS_OF

CALL, OTHER = "oficial/1", "oficial/2"
DAY = date(2026, 11, 20)


def outcome(number: int = 1, item: str = CALL, reported_by: str = "convener", **told: Any) -> Outcome:
    return Outcome(row_number=number, reported_by=reported_by, item_id=item, **{"outcome_date": DAY, **told})


def of_file(name: str, hour: int, layout: str, *rows: Outcome) -> list[Outcome]:
    told = {"import_id": name, "layout": layout, "imported_at": datetime(2026, 11, 21, hour, tzinfo=UTC)}
    return [row.model_copy(update=told) for row in rows]


def file(name: str, hour: int, layout: str, replaces: Literal["rows", "all"], count: int) -> Import:
    return Import(
        import_id=name, kind="outcomes", file_name=f"{name}.csv", file_sha256=name, layout=layout, channel=None, replaces=replaces,
        imported_at=datetime(2026, 11, 21, hour, tzinfo=UTC), first_day=DAY, last_day=DAY, row_count=count, refused_count=0,
    )  # fmt: skip


def announced(sample: Entity, outcomes: list[Outcome], *files: Import, rates: list[Rate] | None = None) -> Announced:
    found = Announced(sample)
    for item in (CALL, OTHER):
        found.say(item)
    found.more = {
        "outcomes": raw_table("outcomes", outcomes),
        "imports": raw_table("imports", files),
        "rates": raw_table("rates", rates or []),
    }
    assert found.entity.at(DAY) < AS_OF
    return found


def counts(sample: Entity, folder: Path, outcomes: list[Outcome], *files: Import) -> list[tuple[str, int]]:
    rows = announced(sample, outcomes, *files).table("staging.stg_outcomes", folder)
    return sorted((row["item_id"], row["applied_count"]) for row in rows)


def test_a_longer_template_corrects_the_rows_it_holds_and_keeps_the_others(sample: Entity, ongoing: Path) -> None:
    first = of_file("a", 9, "outcomes_template", outcome(1, applied_count=10), outcome(2, OTHER, applied_count=20))
    second = of_file("b", 10, "outcomes_template", outcome(1, applied_count=12))
    own = [outcome(1, applied_count=7)]
    files = (file("a", 9, "outcomes_template", "rows", 2), file("b", 10, "outcomes_template", "rows", 1))
    assert counts(sample, ongoing, [*own, *second, *first], *files) == [(CALL, 12), (OTHER, 20)]


def test_two_bodies_that_tell_of_one_call_add_up(sample: Entity, ongoing: Path) -> None:
    rows = of_file("a", 9, "t", outcome(1, body="agua", applied_count=10), outcome(2, body="luz", applied_count=6))
    assert counts(sample, ongoing, rows, file("a", 9, "t", "rows", 2)) == [(CALL, 6), (CALL, 10)]


def test_a_form_s_newer_export_stands_for_all_of_the_older_one_and_of_no_other_form(
    sample: Entity, ongoing: Path
) -> None:
    rows = [
        *of_file("a", 9, "form-becas", outcome(1, reported_by="applicant", applied_count=10)),
        *of_file("b", 10, "form-becas", outcome(1, OTHER, "applicant", applied_count=11)),
        *of_file("c", 9, "form-fondos", outcome(1, reported_by="applicant", applied_count=8)),
    ]
    files = (
        file("a", 9, "form-becas", "all", 1),
        file("b", 10, "form-becas", "all", 1),
        file("c", 9, "form-fondos", "all", 1),
    )
    assert counts(sample, ongoing, rows, *files) == [(CALL, 8), (OTHER, 11)]


def test_an_amount_takes_the_newest_rate_of_the_week_before_it_or_none(sample: Entity, ongoing: Path) -> None:
    def rate(day: date, currency: str, value: str) -> Rate:
        return Rate(rate_date=day, currency=currency, rate=Decimal(value), source=f"Banco {day}")

    rates = [
        rate(date(2026, 11, 12), "CHF", "9"),  # eight days old
        rate(date(2026, 11, 13), "EUR", "1.05"),
        rate(date(2026, 11, 18), "EUR", "1.091534"),
        rate(date(2026, 11, 21), "EUR", "7"),  # of the day after
    ]
    told = [
        outcome(1, awarded_count=6, award_amount=Decimal("1000.01"), currency="EUR"),
        outcome(2, OTHER, awarded_count=6, award_amount=Decimal(500), currency="CHF"),
        outcome(3, OTHER, awarded_count=6, award_amount=Decimal(30), currency="USD"),
    ]
    rows = announced(sample, told, rates=rates).table("marts.fct_outcome", ongoing)
    call, other = sorted(rows, key=lambda row: row["award_amount"] is None)
    assert (call["award_amount"], call["home_award_amount"]) == (Decimal("1000.01"), Decimal("1091.54"))
    assert (call["exchange_rate"], call["rate_day"], call["rate_source"]) == (
        Decimal("1.0915"),
        "2026-11-18",
        "Banco 2026-11-18",
    )
    assert (other["award_amount"], other["currency"]) == (None, None), "two currencies do not add up"
    assert (other["home_award_amount"], other["has_amount_without_rate"]) == (Decimal(30), True)
