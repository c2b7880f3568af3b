"""Where two pages of one call disagree, what changed and why: what the SQL makes of announcements made by hand."""

from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.records import Deadline
from tests.warehouse.announced import Announced


def closes(day: date, hour: time | None = None, zone: str | None = None, seq: int = 1) -> Deadline:
    return Deadline(seq=seq, close_date=day, close_time=hour, timezone=zone)


JANUARY = date(2027, 1, 15)
AMOUNTS = {"max_award_amount": (Decimal(12000), "hasta 12.000 euros"), "currency": ("EUR", "hasta 12.000 euros")}


@pytest.fixture
def announced(sample: Entity) -> Announced:
    return Announced(sample)


# ---------------------------------------------------------------- survivorship and conflicts


def test_two_pages_that_disagree_stand_in_one_row_with_both_quotes(announced: Announced, tmp_path: Path) -> None:
    announced.say("oficial/1", day=-5, deadlines=([closes(JANUARY)], "Cierra el 15 de enero de 2027"), **AMOUNTS)
    announced.say(
        "portal/1",
        of="oficial/1",
        deadlines=([closes(date(2027, 1, 20), time(23, 59))], "Hasta el 20 de enero a las 23:59"),
        max_award_amount=(Decimal("12500.50"), "premio de 12.500,50 EUR"),
        currency=("EUR", "premio de 12.500,50 EUR"),
        home_eligible=("yes", "abierta a toda América Latina"),
    )
    rows = {row["field"]: row for row in announced.table("marts.field_conflicts", tmp_path)}
    assert set(rows) == {"deadlines", "max_award_amount"}, "what only one page says is no conflict"
    closing = rows["deadlines"]
    assert closing["is_conflict"] and not closing["is_reviewed"]
    assert (closing["code"], closing["source_name"], closing["authority"]) == ("PAL-2026-00001", "Oficial", "official")
    assert (closing["value_es"], closing["quote"]) == ("15 ene 2027", "Cierra el 15 de enero de 2027")
    assert (closing["other_value_es"], closing["other_quote"]) == (
        "20 ene 2027, 23:59",
        "Hasta el 20 de enero a las 23:59",
    )
    assert (closing["other_source_name"], closing["other_authority"]) == ("Portal", "aggregator")
    assert closing["other_url"] == "https://portal.example/1"
    assert rows["max_award_amount"]["value_es"] == "EUR 12.000"
    assert rows["max_award_amount"]["other_value_es"] == "EUR 12.500,50"
    (shown,) = announced.table("marts.opportunities", tmp_path)
    assert shown["close_date"] == JANUARY, "the official page wins, though the other is newer"
    assert (shown["has_conflicts"], shown["conflict_fields"]) == (True, ["deadlines", "max_award_amount"])
    kept = {row["field"]: row for row in announced.table("marts.field_evidence", tmp_path) if not row["is_used"]}
    assert kept["deadlines"]["quote"] == "Hasta el 20 de enero a las 23:59", "the loser keeps its evidence"


def test_an_amount_never_keeps_another_page_s_currency(announced: Announced, tmp_path: Path) -> None:
    announced.say("oficial/1", total_amount_available=Decimal(90000))
    announced.say("portal/1", day=-2, of="oficial/1", **AMOUNTS)
    (shown,) = announced.table("marts.opportunities", tmp_path)
    assert shown["total_amount_available"] == 90000
    assert (shown["currency"], shown["max_award_amount"]) == (None, None)


@pytest.mark.parametrize(
    ("field", "one", "two", "expected"),
    [
        ("deadlines", [closes(JANUARY)], [closes(JANUARY, time(17), "Europe/Berlin")], "precision"),
        ("deadlines", [closes(JANUARY, time(17), "Europe/Berlin")], [closes(JANUARY, time(17))], "precision"),
        (
            "deadlines",
            [closes(JANUARY, time(17), "Europe/Berlin")],
            [closes(JANUARY, time(11), "America/Bogota")],
            "precision",
        ),
        (
            "deadlines",
            [closes(JANUARY), closes(date(2027, 6, 1), seq=2)],
            [closes(JANUARY)],
            "precision",
        ),
        (
            "deadlines",
            [closes(JANUARY), closes(date(2027, 6, 1), seq=2)],
            [closes(JANUARY), closes(date(2027, 6, 8), seq=2)],
            "conflict",
        ),
        ("deadlines", [closes(JANUARY, time(17))], [closes(JANUARY, time(18))], "conflict"),
        ("home_eligible", "yes", "no", "conflict"),
        ("eligible_regions", ["CO", "EC"], ["LATAM"], "precision"),
        ("eligible_regions", ["CO", "EC"], ["EC"], "precision"),
        ("eligible_regions", ["EC", "CO"], ["CO", "EC"], None),
        ("eligible_regions", ["CO"], ["DE"], "conflict"),
        ("accepted_applicant_types", ["individual"], ["nonprofit"], "conflict"),
        ("typical_age_range", "18-35", "-35", "precision"),
        ("typical_age_range", "18-35", "18-30", "conflict"),
        ("opportunity_number", "NH-2027/14", "2027-14", "precision"),
        ("opportunity_number", "NH-2027/14", "NH-2027/15", "conflict"),
        ("apply_url", "https://www.faro.example/beca/", "http://faro.example/beca?utm_source=x", None),
        ("apply_url", "https://faro.example/beca", "https://postular.faro.example/2027", "precision"),
        ("apply_url", "https://faro.example/beca", "https://oficial.example/1", "precision"),
        ("apply_url", "https://faro.example/beca", "https://portal.example/ir/1", "precision"),
        ("apply_url", "https://faro.example/beca", "https://estafa.example/beca", "conflict"),
        ("application_fee", True, False, "conflict"),
        ("funding_level", "full", "unknown", "precision"),
        ("funding_level", "full", "partial", "conflict"),
        ("title", "Beca", "Becas", None),
    ],
)
def test_what_is_only_more_precise_is_no_conflict(
    field: str, one: Any, two: Any, expected: str | None, announced: Announced, tmp_path: Path
) -> None:
    announced.say("oficial/1", **{field: one})
    announced.say("portal/1", of="oficial/1", **{field: two})
    found = announced.table("intermediate.int_conflicts", tmp_path)
    told = [("conflict" if row["is_conflict"] else "precision") for row in found if row["field"] == field]
    assert told == ([expected] if expected else [])


def test_a_currency_that_one_page_lacks_is_precision_and_another_currency_is_not(
    announced: Announced, tmp_path: Path
) -> None:
    announced.say("oficial/1", max_award_amount=Decimal(12000), currency="EUR")
    announced.say("portal/1", of="oficial/1", max_award_amount=Decimal(12000))
    announced.say("revista/1", of="oficial/1", max_award_amount=Decimal(12000), currency="USD")
    (found,) = announced.table("marts.field_conflicts", tmp_path)
    assert (found["value_es"], found["other_value_es"], found["is_conflict"]) == ("EUR 12.000", "USD 12.000", True)


# ---------------------------------------------------------------- versions


def changes(announced: Announced, folder: Path) -> dict[str, dict[str, Any]]:
    return {row["field"]: row for row in announced.table("marts.opportunity_versions", folder)}


def test_a_version_tells_the_old_and_the_new_in_words_with_both_quotes(announced: Announced, tmp_path: Path) -> None:
    announced.say("oficial/1", day=-5, deadlines=([closes(JANUARY)], "Cierra el 15 de enero"), **AMOUNTS)
    announced.say(
        "oficial/1",
        day=-3,
        title="Beca de prueba ampliada",
        deadlines=([closes(date(2027, 1, 29), time(17))], "Cierra el 29 de enero a las 17:00"),
        **AMOUNTS,
    )
    announced.say(
        "oficial/1",
        day=-2,
        title="Beca de prueba ampliada",
        deadlines=([closes(date(2027, 1, 29), time(17))], "Cierra el 29 de enero a las 17:00"),
    )
    found = changes(announced, tmp_path)
    assert {field: (row["field_group"], row["cause"], row["version_number"]) for field, row in found.items()} == {
        "deadlines": ("dates", "source", 2),
        "title": ("text", "source", 2),
        "max_award_amount": ("money", "source", 3),
        "currency": ("money", "source", 3),
    }
    moved = found["deadlines"]
    assert (moved["old_value_es"], moved["new_value_es"]) == ("15 ene 2027", "29 ene 2027, 17:00")
    assert (moved["old_quote"], moved["new_quote"]) == ("Cierra el 15 de enero", "Cierra el 29 de enero a las 17:00")
    assert (moved["source_id"], moved["source_name"]) == ("oficial", "Oficial")
    gone = found["max_award_amount"]
    assert (gone["old_value_es"], gone["new_value"], gone["new_value_es"]) == ("EUR 12.000", None, None)
    (shown,) = announced.table("marts.opportunities", tmp_path)
    assert shown["version_number"] == 3


def test_the_reader_is_the_cause_where_the_words_are_the_same(announced: Announced, tmp_path: Path) -> None:
    words = "Cierra el 15/01/2027"
    announced.say("oficial/1", day=-5, version="rules-1", deadlines=([closes(JANUARY)], words))
    announced.say(
        "oficial/1",
        day=-3,
        version="rules-2",
        deadlines=([closes(JANUARY, time(17))], words),
        coverage=(["travel"], "Ahora cubre pasajes"),
    )
    found = changes(announced, tmp_path)
    assert (found["deadlines"]["cause"], found["deadlines"]["is_public"]) == ("reader", False)
    assert (found["coverage"]["cause"], found["coverage"]["version_number"]) == ("source", 2)


def test_reader_and_text_changed_at_once_the_words_tell_the_cause(announced: Announced, tmp_path: Path) -> None:
    announced.say("oficial/1", day=-5, version="rules-1", deadlines=([closes(JANUARY)], "Cierra el 15 de enero"))
    announced.say(
        "oficial/1", day=-3, version="rules-2", deadlines=([closes(date(2027, 1, 29))], "Cierra el 29 de enero")
    )
    assert changes(announced, tmp_path)["deadlines"]["cause"] == "source"


def test_an_announcement_that_joins_is_not_a_change_of_the_source(announced: Announced, tmp_path: Path) -> None:
    announced.say("portal/1", day=-5, deadlines=[closes(JANUARY)])
    announced.say("oficial/1", of="portal/1", day=-3, deadlines=[closes(date(2027, 1, 29))], coverage=["travel"])
    found = changes(announced, tmp_path)
    assert found["deadlines"]["cause"] == found["coverage"]["cause"] == "items"
    assert not any(row["is_public"] for row in found.values())
    (shown,) = announced.table("marts.opportunities", tmp_path)
    assert (shown["version_number"], shown["close_date"]) == (1, date(2027, 1, 29))


def test_what_an_aggregator_no_longer_says_is_its_change(announced: Announced, tmp_path: Path) -> None:
    announced.say("oficial/1", day=-5)
    announced.say("portal/1", of="oficial/1", day=-5, deadlines=[closes(JANUARY)])
    announced.say("portal/1", day=-3, coverage=["travel"])
    found = changes(announced, tmp_path)
    assert (found["deadlines"]["source_id"], found["deadlines"]["cause"]) == ("portal", "source")
    assert found["deadlines"]["new_value"] is None


def test_a_swapped_link_is_the_source_s_change(announced: Announced, tmp_path: Path) -> None:
    announced.say("oficial/1", day=-5, apply_url=("https://faro.example/a", "Postule aquí"))
    announced.say("oficial/1", day=-3, apply_url=("https://malo.example/a", "Postule aquí"))
    found = changes(announced, tmp_path)
    assert (found["apply_url"]["cause"], found["apply_url"]["field_group"]) == ("source", "link")
