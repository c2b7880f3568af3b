"""Where two pages of one call disagree, what changed and why: what the SQL makes of announcements made by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.reading.values.dates import find_dates
from boi_pipeline.records import (
    ChannelText,
    Deadline,
    Decision,
    PublicDeadline,
    PublicOpportunity,
    Snapshot,
    canonical_json,
    opportunity_id,
    sha256_hex,
)
from boi_pipeline.warehouse.raw import raw_table
from scrapers.notice import DateOrder
from tests.warehouse.announced import Announced
from tests.warehouse.conftest import AS_OF
from tests.warehouse.stories import Parts, Story, story


def closes(day: date, hour: time | None = None, zone: str | None = None, seq: int = 1) -> Deadline:
    return Deadline(seq=seq, close_date=day, close_time=hour, timezone=zone)


JANUARY = date(2027, 1, 15)
TABLES = (
    "staging.stg_cancellations",
    "staging.stg_openings",
    "intermediate.int_conflicts",
    "marts.approved_opportunities",
    "marts.approved_redirects",
    "marts.code_redirects",
    "marts.field_conflicts",
    "marts.field_evidence",
    "marts.opportunities",
    "marts.opportunity_series",
    "marts.opportunity_versions",
    "marts.source_notes",
)
AMOUNTS = {"max_award_amount": (Decimal(12000), "hasta 12.000 euros"), "currency": ("EUR", "hasta 12.000 euros")}


# ---------------------------------------------------------------- survivorship and conflicts


@story
def test_two_pages_that_disagree_stand_in_one_row_with_both_quotes(announced: Story) -> Parts:
    announced.say("oficial/1", day=-5, deadlines=([closes(JANUARY)], "Cierra el 15 de enero de 2027"), **AMOUNTS)
    announced.say(
        "portal/1",
        of="oficial/1",
        deadlines=([closes(date(2027, 1, 20), time(23, 59))], "Hasta el 20 de enero a las 23:59"),
        max_award_amount=(Decimal("12500.50"), "premio de 12.500,50 EUR"),
        currency=("EUR", "premio de 12.500,50 EUR"),
        home_eligible=("yes", "abierta a toda América Latina"),
    )
    yield
    rows = {row["field"]: row for row in announced.rows("marts.field_conflicts")}
    assert set(rows) == {"deadlines", "max_award_amount"}, "what only one page says is no conflict"
    closing = rows["deadlines"]
    assert closing["is_conflict"] and not closing["is_reviewed"]
    assert (closing["code"], closing["source_name"], closing["authority"]) == (
        announced.codes["oficial/1"],
        "Oficial",
        "official",
    )
    assert (closing["value_es"], closing["quote"]) == ("15 ene 2027", "Cierra el 15 de enero de 2027")
    assert (closing["other_value_es"], closing["other_quote"]) == (
        "20 ene 2027, 23:59",
        "Hasta el 20 de enero a las 23:59",
    )
    assert (closing["other_source_name"], closing["other_authority"]) == ("Portal", "aggregator")
    assert closing["other_url"] == announced.page("portal/1")
    assert rows["max_award_amount"]["value_es"] == "12.000 EUR"
    assert rows["max_award_amount"]["other_value_es"] == "12.500,50 EUR"
    (shown,) = announced.rows("marts.opportunities")
    assert shown["close_date"] == JANUARY, "the official page wins, though the other is newer"
    assert (shown["has_conflicts"], shown["conflict_fields"]) == (True, ["deadlines", "max_award_amount"])
    kept = {row["field"]: row for row in announced.rows("marts.field_evidence") if not row["is_used"]}
    assert kept["deadlines"]["quote"] == "Hasta el 20 de enero a las 23:59", "the loser keeps its evidence"


@story
def test_an_amount_never_keeps_another_page_s_currency(announced: Story) -> Parts:
    announced.say("oficial/1", total_amount_available=Decimal(90000))
    announced.say("portal/1", day=-2, of="oficial/1", **AMOUNTS)
    yield
    (shown,) = announced.rows("marts.opportunities")
    assert shown["total_amount_available"] == 90000
    assert (shown["currency"], shown["max_award_amount"]) == (None, None)


DIFFERENCES: list[tuple[str, Any, Any, str | None]] = [
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
    ("apply_url", "https://faro.example/beca", "{page}", "precision"),
    ("apply_url", "https://faro.example/beca", "https://portal.example/ir/{number}", "precision"),
    ("apply_url", "https://faro.example/beca", "https://estafa.example/beca", "conflict"),
    ("application_fee", True, False, "conflict"),
    ("funding_level", "full", "unknown", "precision"),
    ("funding_level", "full", "partial", "conflict"),
    ("title", "Beca", "Becas", None),
]


@pytest.mark.parametrize(
    ("field", "one", "two", "expected"),
    DIFFERENCES,
    ids=[f"{field}-{number}" for number, (field, *_) in enumerate(DIFFERENCES)],
)
@story
def test_what_is_only_more_precise_is_no_conflict(
    announced: Story, field: str, one: Any, two: Any, expected: str | None
) -> Parts:
    links = {"page": announced.page("oficial/1"), "number": announced.number}
    one, two = (value.format_map(links) if isinstance(value, str) else value for value in (one, two))
    announced.say("oficial/1", **{field: one})
    announced.say("portal/1", of="oficial/1", **{field: two})
    yield
    rows = [row for row in announced.rows("intermediate.int_conflicts") if row["field"] == field]
    told = ["conflict" if row["is_conflict"] else "precision" for row in rows]
    assert told == ([expected] if expected else [])


@story
def test_a_currency_that_one_page_lacks_is_precision_and_another_currency_is_not(announced: Story) -> Parts:
    announced.say("oficial/1", max_award_amount=Decimal(12000), currency="EUR")
    announced.say("portal/1", of="oficial/1", max_award_amount=Decimal(12000))
    announced.say("revista/1", of="oficial/1", max_award_amount=Decimal(12000), currency="USD")
    yield
    (found,) = announced.rows("marts.field_conflicts")
    assert (found["value_es"], found["other_value_es"], found["is_conflict"]) == ("12.000 EUR", "12.000 USD", True)


# ---------------------------------------------------------------- versions


def changes(announced: Story) -> dict[str, dict[str, Any]]:
    return {row["field"]: row for row in announced.rows("marts.opportunity_versions")}


@story
def test_a_version_tells_the_old_and_the_new_in_words_with_both_quotes(announced: Story) -> Parts:
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
    yield
    found = changes(announced)
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
    assert (gone["old_value_es"], gone["new_value"], gone["new_value_es"]) == ("12.000 EUR", None, None)
    (shown,) = announced.rows("marts.opportunities")
    assert shown["version_number"] == 3


@story
def test_the_reader_is_the_cause_where_the_words_are_the_same(announced: Story) -> Parts:
    words = "Cierra el 15/01/2027"
    announced.say("oficial/1", day=-5, version="rules-1", deadlines=([closes(JANUARY)], words))
    announced.say(
        "oficial/1",
        day=-3,
        version="rules-2",
        deadlines=([closes(JANUARY, time(17))], words),
        coverage=(["travel"], "Ahora cubre pasajes"),
    )
    yield
    found = changes(announced)
    assert (found["deadlines"]["cause"], found["deadlines"]["is_public"]) == ("reader", False)
    assert (found["coverage"]["cause"], found["coverage"]["version_number"]) == ("source", 2)


@story
def test_reader_and_text_changed_at_once_the_words_tell_the_cause(announced: Story) -> Parts:
    announced.say("oficial/1", day=-5, version="rules-1", deadlines=([closes(JANUARY)], "Cierra el 15 de enero"))
    announced.say(
        "oficial/1", day=-3, version="rules-2", deadlines=([closes(date(2027, 1, 29))], "Cierra el 29 de enero")
    )
    yield
    assert changes(announced)["deadlines"]["cause"] == "source"


@story
def test_an_announcement_that_joins_is_not_a_change_of_the_source(announced: Story) -> Parts:
    announced.say("portal/1", day=-5, deadlines=[closes(JANUARY)])
    announced.say("oficial/1", of="portal/1", day=-3, deadlines=[closes(date(2027, 1, 29))], coverage=["travel"])
    yield
    found = changes(announced)
    assert found["deadlines"]["cause"] == found["coverage"]["cause"] == "items"
    assert not any(row["is_public"] for row in found.values())
    (shown,) = announced.rows("marts.opportunities")
    assert (shown["version_number"], shown["close_date"]) == (1, date(2027, 1, 29))


@story
def test_what_an_aggregator_no_longer_says_is_its_change(announced: Story) -> Parts:
    announced.say("oficial/1", day=-5)
    announced.say("portal/1", of="oficial/1", day=-5, deadlines=[closes(JANUARY)])
    announced.say("portal/1", day=-3, coverage=["travel"])
    yield
    found = changes(announced)
    assert (found["deadlines"]["source_id"], found["deadlines"]["cause"]) == ("portal", "source")
    assert found["deadlines"]["new_value"] is None


@story
def test_a_swapped_link_is_the_source_s_change(announced: Story) -> Parts:
    announced.say("oficial/1", day=-5, apply_url=("https://faro.example/a", "Postule aquí"))
    announced.say("oficial/1", day=-3, apply_url=("https://malo.example/a", "Postule aquí"))
    yield
    found = changes(announced)
    assert (found["apply_url"]["cause"], found["apply_url"]["field_group"]) == ("source", "link")


# ---------------------------------------------------------------- merges, cuts and series


def approved(announced: Story, *items: str, closes: date | None = None) -> None:
    """A person approved the opportunities named by these items, as the machine reads them, the day before."""
    snapshots, decisions = [], []
    for seq, item in enumerate(items, announced.seq):
        record = PublicOpportunity(
            opportunity_id=announced.opportunity(item),
            code=announced.codes[item],
            title="Beca de prueba",
            title_es="Beca de prueba",
            summary_es="Una beca.",
            eligibility_es="Todas las personas.",
            opportunity_type="scholarship",
            source_url=announced.page(item),
            source_name="Oficial",
            language="es",
            digital_source_type="algorithmicMedia",
            deadlines=[PublicDeadline(seq=1, stage="application", close_date=closes, basis="stated")] if closes else [],
        )
        content = canonical_json(record)
        sha256 = sha256_hex(content)
        snapshots.append(
            Snapshot(seq=seq, snapshot_sha256=sha256, opportunity_id=record.opportunity_id, content=content)
        )
        decisions.append(
            Decision(
                seq=seq,
                decision_id=f"d{seq}",
                action="approve",
                opportunity_id=record.opportunity_id,
                role="editor",
                decided_at=AS_OF - timedelta(hours=1),
                snapshot_sha256=sha256,
            )
        )
    announced.more = {"snapshots": raw_table("snapshots", snapshots), "decisions": raw_table("decisions", decisions)}


@story
def test_codes_that_merged_lead_to_the_last_and_parts_say_see_also(announced: Story) -> Parts:
    announced.say("oficial/1")
    announced.say("oficial/4")
    announced.redirects = [
        ("oficial/3", "oficial/2", "merged"),
        ("oficial/2", "oficial/1", "merged"),
        ("oficial/4", "oficial/3", "split"),
        ("oficial/2", "oficial/1", "split"),
    ]
    one, four, three, two = (announced.codes[f"oficial/{n}"] for n in (1, 4, 3, 2))
    yield
    found = [(row["from_code"], row["to_code"], row["kind"]) for row in announced.rows("marts.code_redirects")]
    assert sorted(found) == sorted([(three, one, "merged"), (two, one, "merged"), (four, one, "split")])


@story
def test_a_code_that_merged_and_was_cut_off_again_leads_to_the_part_cut_off(announced: Story) -> Parts:
    announced.say("oficial/1")
    announced.say("oficial/3")
    announced.redirects = [
        ("oficial/2", "oficial/1", "merged"),
        ("oficial/3", "oficial/1", "split"),
        ("oficial/2", "oficial/3", "merged"),
    ]
    one, two, three = (announced.codes[f"oficial/{n}"] for n in (1, 2, 3))
    yield
    found = [(row["from_code"], row["to_code"], row["kind"]) for row in announced.rows("marts.code_redirects")]
    assert sorted(found) == sorted([(two, three, "merged"), (three, one, "split")])


@story
def test_what_was_approved_stays_after_a_merge_until_the_survivor_is(announced: Story) -> Parts:
    announced.say("oficial/1")
    announced.say("portal/1", of="oficial/1")
    announced.redirects = [("portal/1", "oficial/1", "merged")]
    approved(announced, "portal/1", closes=JANUARY)
    yield
    (row,) = announced.rows("marts.approved_opportunities")
    assert (row["code"], row["status"]) == (announced.codes["portal/1"], "open")
    assert announced.rows("marts.approved_redirects") == []
    approved(announced, "portal/1", "oficial/1")
    yield
    (row,) = announced.rows("marts.approved_opportunities")
    assert row["code"] == announced.codes["oficial/1"]
    (led,) = announced.rows("marts.approved_redirects")
    assert (led["from_code"], led["to_code"]) == (announced.codes["portal/1"], announced.codes["oficial/1"])


@story
def test_what_the_source_says_now_is_told_of_the_code_that_was_approved(announced: Story) -> Parts:
    announced.say("oficial/1", day=0, deadlines=[closes(date(2027, 1, 29))])
    announced.redirects = [("portal/1", "oficial/1", "merged")]
    approved(announced, "portal/1", closes=JANUARY)
    yield
    (note,) = announced.rows("marts.source_notes")
    assert (note["opportunity_id"], note["kind"]) == (announced.opportunity("portal/1"), "extended")
    assert (note["old_value"], note["new_value"]) == ("2027-01-15", "2027-01-29")


@story
def test_a_person_who_decided_after_both_pages_were_seen_settles_a_conflict(announced: Story) -> Parts:
    announced.say("oficial/1", day=-2, home_eligible="yes")
    announced.say("portal/1", of="oficial/1", day=-2, home_eligible="no")
    approved(announced, "oficial/1")
    yield
    (row,) = announced.rows("marts.field_conflicts")
    assert row["is_conflict"] and row["is_reviewed"]
    announced.say("portal/1", of="oficial/1", day=0, home_eligible="no", coverage=["travel"])
    yield
    (row,) = announced.rows("marts.field_conflicts")
    assert not row["is_reviewed"], "the page changed since"


@pytest.mark.parametrize(
    ("hints", "status", "opened"),
    [
        ({"Status": "forecasted", "Estimated opening date": "2026-12-15"}, "forecasted", date(2026, 12, 15)),
        ({"Status": "forecasted", "Estimated opening date": "2026-11-02"}, "forecasted", date(2026, 11, 2)),
        ({"Status": "open", "Opening date": "2027-01-08 09:00 (Brussels time)"}, "forecasted", date(2027, 1, 8)),
        ({"Status": "posted", "Opening date": "2026-11-02"}, "open", date(2026, 11, 2)),
        ({"Status": "Forthcoming", "Opening": "3 December 2026"}, "forecasted", date(2026, 12, 3)),
        ({"Estado": "Próximamente"}, "forecasted", None),
        ({"Apertura": "Jueves 3 de diciembre de 2026"}, "forecasted", date(2026, 12, 3)),
        ({"Date d'ouverture": "1er décembre 2026 à 9h"}, "forecasted", date(2026, 12, 1)),
        ({"Opens on": "Dec. 3, 2026"}, "forecasted", date(2026, 12, 3)),
        ({"Opening date": "31 February 2027"}, "open", None),
        ({"Opening": "3 May 2027"}, "open", date(2027, 3, 31)),
        ({"Opening date": "soon"}, "open", None),
        ({"Apertura": "03/12/2026"}, "forecasted", date(2026, 12, 3)),
        ({"Fecha de apertura": "15-12-2026, 8:00 a. m."}, "forecasted", date(2026, 12, 15)),
        ({"Apertura": "12/15/2026"}, "forecasted", date(2026, 12, 15)),
        ({"Apertura": "31/02/2027"}, "open", None),
        ({"Apertura": "3/12-2026"}, "open", None),
        ({}, "open", None),
    ],
    ids=str,
)
@story
def test_what_its_source_announces_is_not_open_before_its_day(
    announced: Story, hints: dict[str, str], status: str, opened: date | None
) -> Parts:
    announced.say("oficial/1", day=-3, hints=hints, deadlines=[closes(date(2027, 3, 31))])
    yield
    (row,) = announced.rows("marts.opportunities")
    assert (row["status"], row["opened_date"]) == (status, opened or (AS_OF - timedelta(days=3)).date())
    assert row["last_opened_date"] == (
        None if status == "open" or row["opened_date"] > AS_OF.date() else row["opened_date"]
    )


@story
def test_an_opening_day_in_figures_is_read_as_a_deadline_is(announced: Story) -> Parts:
    days = [date(2026, 12, 3), date(2026, 12, 12), date(2026, 12, 15), date(2027, 1, 31), date(2027, 2, 28)]
    cases: list[tuple[str, DateOrder]] = [
        (f"{day:{form}}", order)
        for day in days
        for form in ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%m.%d.%Y", "%Y-%m-%d", "30/%d/%Y")
        for order in get_args(DateOrder)
    ]
    for number, (told, order) in enumerate(cases):
        announced.say(f"oficial/{number}", hints={"Apertura": told}, date_order=order)
    yield
    read = {row["notice_id"]: row["opening_date"] for row in announced.rows("staging.stg_openings")}
    for (told, order), notice in zip(cases, announced.notices, strict=True):
        hits = find_dates(told, told, order, None)
        assert read[notice.notice_id] == (hits[0].day if hits else None), (told, order)


CANCELLED = [
    ("Estado: Cancelada", {"Estado": "Cancelada"}),
    ("Call status: Withdrawn", {"Call status": "Withdrawn"}),
    ("Status: cancelled", {"Status": "cancelled"}),
    ("Estado de la convocatoria: Declarada desierta", {"Estado de la convocatoria": "Declarada desierta"}),
    ("[CANCELADA] Becas del puerto", {}),
    ("CANCELLED: Harbour grants", {}),
    ("Convocatoria cancelada: becas del puerto", {}),
    ("Harbour grants (cancelled)", {}),
    ("Becas del puerto – ANULADA", {}),
    ("La convocatoria fue declarada desierta.", None),
    ("Convocatoria 05 de 2026 cancelada", None),
    ("This call has been withdrawn.", None),
    ("L’appel à projets a été annulé", None),
    ("AVISO: Se declara desierta la convocatoria", None),
    ("Estado: REVOCADA", None),
]
TALKED_OF = [
    ("Cómo actuar si la convocatoria es cancelada", {}),
    ("Cancelled: a history of debate", {}),
    ("Viajes y aventuras – DESIERTO", {}),
    ("Becas para militares (retirados)", {}),
    (
        "Condiciones: Cancelada la matrícula, no hay reintegro",
        {"Condiciones": "Cancelada la matrícula, no hay reintegro"},
    ),
    ("Status: postponed", {"Status": "postponed"}),
    ("Si la convocatoria fue cancelada, se avisará por correo.", None),
    ("La convocatoria podrá ser declarada desierta.", None),
    ("¿Convocatoria cancelada?", None),
    ("The 2019 call was cancelled and its funds went to this one", None),
]


@story
def test_a_call_is_cancelled_where_its_source_prints_it_and_not_where_it_talks_of_it(announced: Story) -> Parts:
    cases = [*CANCELLED, *TALKED_OF]
    for number, (words, hints) in enumerate(cases):
        title = words if hints == {} else "Becas del puerto"
        below = [words] if hints is None else []
        announced.say(f"oficial/{number}", title=title, hints=hints, lines=below, deadlines=[closes(JANUARY)])
    yield
    found = {row["source_url"]: row["status"] for row in announced.rows("marts.opportunities")}
    statuses = [found[announced.page(f"oficial/{number}")] for number in range(len(cases))]
    told = dict(zip((words for words, _ in cases), statuses, strict=True))
    assert {words for words, status in told.items() if status == "cancelled"} == {words for words, _ in CANCELLED}
    quotes = {row["notice_id"]: row["quote"] for row in announced.rows("staging.stg_cancellations")}
    texts = {one.notice_id: one.text for one in announced.notices}
    assert all(quote in texts[name] for name, quote in quotes.items())
    assert set(quotes.values()) == {words for words, _ in CANCELLED}


@story
def test_a_forecast_whose_deadline_passed_is_closed_and_one_whose_source_opened_it_is_open(announced: Story) -> Parts:
    forecast = {"Status": "forecasted"}
    announced.say("oficial/1", day=-30, hints=forecast, deadlines=[closes(date(2026, 11, 20))])
    announced.say("oficial/2", day=-30, hints=forecast, deadlines=[closes(date(2027, 3, 31))])
    announced.say(
        "oficial/2", day=-1, hints={"Status": "posted"}, title="Beca que abrió", deadlines=[closes(date(2027, 3, 31))]
    )
    yield
    found = {row["source_url"]: row["status"] for row in announced.rows("marts.opportunities")}
    assert found == {announced.page("oficial/1"): "closed", announced.page("oficial/2"): "open"}


@story
def test_a_closed_series_tells_when_it_was_open_last(announced: Story) -> Parts:
    for year in (2024, 2025, 2026):
        announced.say(
            f"oficial/{year}",
            day=-3,
            published=datetime(year, 3, 2, 15, tzinfo=UTC),
            deadlines=[closes(date(year, 5, 30))],
            title=f"Premio del Mar {year}",
        )
    announced.say("oficial/otra", day=-40, deadlines=[closes(date(2026, 11, 1))])
    announced.relations = [("oficial/2024", "oficial/2025"), ("oficial/2025", "oficial/2026")]
    yield
    rows = {row["title_es"]: row for row in announced.rows("marts.opportunity_series")}
    middle = rows["Premio del Mar 2025"]
    assert (middle["edition_number"], middle["edition_count"]) == (2, 3)
    assert (middle["previous_code"], middle["next_code"]) == (
        announced.codes["oficial/2024"],
        announced.codes["oficial/2026"],
    )
    assert middle["previous_opened_date"] == date(2024, 3, 2)
    assert {row["last_opened_es"] for title, row in rows.items() if "Mar" in title} == {
        "Abierta por última vez en marzo de 2026"
    }
    alone = rows["Beca de prueba"]
    assert (alone["edition_count"], alone["last_opened_es"]) == (1, "Abierta por última vez en octubre de 2026")
    announced.say("oficial/2027", published=AS_OF, deadlines=[closes(date(2027, 5, 30))], title="Premio del Mar 2027")
    announced.relations.append(("oficial/2026", "oficial/2027"))
    yield
    rows = {row["title_es"]: row for row in announced.rows("marts.opportunity_series")}
    assert {row["last_opened_date"] for title, row in rows.items() if "Mar" in title} == {None}, "one is open"
    assert rows["Premio del Mar 2027"]["previous_opened_date"] == date(2026, 3, 2)


# ---------------------------------------------------------------- who wrote it

TOOLS = {
    "draft-1-9f2c/gaviota-2": "gaviota-2",
    "draft-1-9f2c/faro/gaviota:7b": "gaviota:7b",
    "draft-1-9f2c//srv/models/gaviota.gguf": "gaviota.gguf",
    "draft-1-9f2c/C:\\models\\gaviota.gguf": "gaviota.gguf",
}


def test_a_person_is_shown_what_a_model_drafted_for_each_channel_and_which_model(
    sample: Entity, tmp_path: Path
) -> None:
    choice = sample.file.reader.model_copy(update={"name": "llm"})
    announced = Announced(replace(sample, file=sample.file.model_copy(update={"reader": choice})))
    said = [ChannelText(channel="x", text="Una beca «abierta».\nMire."), ChannelText(channel="whatsapp", text="*Beca*")]
    expected: dict[str, tuple[str | None, list[ChannelText]]] = {}
    for place, version in enumerate([None, *TOOLS]):
        item = f"oficial/{place}"
        announced.say(item, opportunity_type=("scholarship", "Beca"), is_opportunity=(True, "Beca"))
        expected[opportunity_id(item)] = (TOOLS[version], said) if version else (None, [])  # a template names no tool
        if version:
            by_model = {
                "drafter": "llm",
                "drafter_version": version,
                "digital_source_type": "trainedAlgorithmicMedia",
                "channels": said,
            }
            announced.drafts.append(announced.drafts[-1].model_copy(update=by_model))
    found = {}
    for row in announced.table("intermediate.int_public", tmp_path):
        shown = PublicOpportunity.model_validate_json(row["public_json"])
        assert row["public_json"] == canonical_json(shown)
        found[row["opportunity_id"]] = (shown.drafting_tool, shown.channel_texts)
    assert found == expected
