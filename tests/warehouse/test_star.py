"""The star: what analysts would see of publications, metrics, outcomes and reviews of announcements made by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.records import (
    Deadline,
    Decision,
    Edition,
    Metric,
    Outcome,
    Publication,
    PublicDeadline,
    PublicOpportunity,
    Snapshot,
    canonical_json,
    opportunity_id,
    sha256_hex,
)
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.checks import CheckResult, run_check
from boi_pipeline.warehouse.contract import Model
from boi_pipeline.warehouse.raw import RawCrawl, raw_table
from tests.warehouse.announced import Announced
from tests.warehouse.conftest import AS_OF

Rows = Callable[[str], list[dict[str, Any]]]

TODAY = date(2026, 11, 23)
JANUARY = date(2027, 1, 15)
CALL, OTHER, MERGED, LOST = "oficial/1", "portal/2", "viejo/3", "perdida/9"
COMING = "Aún no abre"
BANDS = {
    0: "0 a 7",
    7: "0 a 7",
    8: "8 a 15",
    15: "8 a 15",
    16: "16 a 30",
    30: "16 a 30",
    31: "Más de 30",
    45: COMING,
    60: "Cerrada",
    -2: "Cerrada",
}
BRIDGES = {
    "bridge_opportunity_sdg": "sdg_goal",
    "bridge_opportunity_plan_objective": "plan_objective",
    "bridge_opportunity_audience": "audience",
    "bridge_opportunity_country": "country_code",
}
KEYS = {
    "opportunity_id": "dim_opportunity",
    "source_id": "dim_source",
    "funder_id": "dim_funder",
    "country_code": "dim_country",
    "channel": "dim_channel",
    "sdg_goal": "dim_sdg",
    "plan_objective": "dim_plan_objective",
    "audience": "dim_audience",
}


def is_of_the_star(model: Model) -> bool:
    return model.layer == "marts" and model.name.startswith(("dim_", "fct_", "bridge_"))


def star_tables(entity: Entity) -> list[Model]:
    return [model for model in load_models(entity).models if is_of_the_star(model)]


def reader(path: Path) -> Rows:
    """Rows of a warehouse, by a query."""

    def rows(query: str) -> list[dict[str, Any]]:
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.sql(query).to_arrow_table().to_pylist()

    return rows


def deadline(day: date, seq: int = 1) -> Deadline:
    return Deadline(seq=seq, close_date=day)


def ledger(announced: Announced) -> dict[str, pa.Table]:
    """One edition with three calls, and four decisions; the first is of the last half hour of the day before."""
    content = canonical_json(
        PublicOpportunity(
            opportunity_id=opportunity_id(CALL),
            code=announced.codes[CALL],
            title="Beca",
            title_es="Beca",
            summary_es="Una beca.",
            eligibility_es="Todas las personas.",
            opportunity_type="scholarship",
            deadlines=[
                PublicDeadline(seq=1, stage="concept_note", close_date=date(2026, 11, 21), basis="stated"),
                PublicDeadline(seq=2, stage="full_proposal", close_date=JANUARY, basis="stated"),
            ],
            source_url="https://oficial.example/1",
            source_name="Oficial",
            language="es",
            digital_source_type="algorithmicMedia",
        )
    )
    seen = sha256_hex(content)
    publications = [
        Publication(
            seq=20 + place,
            publication_id=f"2026-11-22/site/{announced.codes[item]}",
            edition_id="2026-11-22",
            opportunity_id=opportunity_id(item),
            code=announced.codes[item],
            channel="site",
            position=place,
            snapshot_sha256=seen,
            published_at=AS_OF - timedelta(days=1) + timedelta(hours=place - 1),
        )
        for place, item in enumerate([CALL, MERGED, LOST], 1)
    ]
    late = datetime(2026, 11, 23, 4, 30, tzinfo=UTC)  # 23:30 of the day before in Guayaquil
    decisions = [
        Decision(
            seq=place, decision_id=f"d{place}", action=action, role="editor", decided_at=at, seconds_spent=90, **about
        )
        for place, (action, at, about) in enumerate(
            [
                ("approve", late, {"opportunity_id": opportunity_id(CALL), "snapshot_sha256": seen}),
                ("reject", AS_OF, {"opportunity_id": opportunity_id(OTHER)}),
                ("not_same", AS_OF, {"item_ids": [CALL, OTHER]}),
                ("reject", AS_OF, {"opportunity_id": opportunity_id(LOST)}),
            ],
            1,
        )
    ]
    return {
        "editions": raw_table(
            "editions",
            [Edition(seq=9, edition_id="2026-11-22", edition_date=date(2026, 11, 22), closed_at=AS_OF, label="W")],
        ),
        "snapshots": raw_table(
            "snapshots",
            [Snapshot(seq=8, snapshot_sha256=seen, opportunity_id=opportunity_id(CALL), content=content)],
        ),
        "publications": raw_table("publications", publications),
        "decisions": raw_table("decisions", decisions),
    }


def metric(number: int, impressions: int, clicks: int = 0, channel: str = "site", **about: str) -> Metric:
    return Metric(
        row_number=number,
        metric_date=TODAY,
        channel=channel,
        impressions=impressions,
        clicks=clicks,
        interactions=1,
        reference_kind=next((name.removesuffix("_id") for name in about), None),  # type: ignore[arg-type]
        reference=next(iter(about.values()), None),
    )


def outcome(number: int, item: str, **told: Any) -> Outcome:
    return Outcome(row_number=number, outcome_date=TODAY, item_id=item, reported_by="team", **told)


@pytest.fixture(scope="module")
def warehouse(sample: Entity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Calls made by hand, with what was published, seen, obtained and decided of them."""
    told = sample.file.model_copy(update={"publication_target_hours": 48})
    announced = Announced(replace(sample, file=told))
    announced.say(
        CALL,
        day=-3,
        deadlines=[deadline(JANUARY)],
        funder_name="Fundación Ágora",
        funder_type=60,
        funder_country="FR",
        host_countries=["FR", "DE", "EC", "FR", "ZZ"],
        sdg_goals=[17, 4, 5],
        audiences=["academia"],
    )
    announced.say(OTHER, day=-2, funder_name="FUNDACION  AGORA")
    announced.say(MERGED, day=-3, of=CALL)
    announced.redirects.append((MERGED, CALL, "merged"))
    announced.redirects.append((LOST, "perdida/10", "split"))  # in the register, and no announcement speaks of it
    for days in BANDS:
        hints = {45: {"Status": "forecasted"}, 60: {"Status": "cancelled"}}.get(days)
        announced.say(f"plazo/{days}", hints=hints, deadlines=[deadline(TODAY + timedelta(days=days))])
    crawls = [
        RawCrawl(crawl_id=f"c{n}", crawled_at=at, source_id="retirada", outcome=outcome, detail="", request_count=1,
                 byte_count=1, listed_count=1, new_count=n, changed_count=0, error_count=0)
        for n, (at, outcome) in enumerate(
            [(datetime(2025, 12, 31, 4, 59, tzinfo=UTC), "ok"), (datetime(2025, 12, 31, 5, 1, tzinfo=UTC), "timeout")]
        )
    ]  # fmt: skip
    announced.more = {
        **ledger(announced),
        "crawls": raw_table("crawls", crawls),
        "metrics": raw_table(
            "metrics",
            [
                metric(1, 100, 10, item_id=CALL),
                metric(2, 20, 5, code=announced.codes[CALL]),
                metric(3, 3, 1, code=announced.codes[MERGED]),
                metric(4, 1000, 40),
                metric(5, 7, 2, item_id="nadie/1"),
                metric(6, 9, 2, code="PAL-2031-00001"),
                metric(7, 5, 6, channel="x", item_id=OTHER),
            ],
        ),
        "outcomes": raw_table(
            "outcomes",
            [
                outcome(1, CALL, referred_count=30, answered_count=20, applied_count=12, awarded_count=6,
                        award_amount=Decimal("1000.10"), currency="USD"),
                outcome(2, OTHER, applied_count=13, awarded_count=5, award_amount=Decimal(70), currency="EUR"),
                outcome(3, "nadie/1", applied_count=8),
                outcome(4, CALL, referred_count=5, answered_count=25, awarded_count=1),
            ],
        ),
    }  # fmt: skip
    tables = [model.table for model in star_tables(sample)]
    return announced.build(tmp_path_factory.mktemp("star"), [*tables, "intermediate.int_metric_references"])


@pytest.fixture(scope="module")
def rows(warehouse: Path) -> Rows:
    return reader(warehouse)


# ---------------------------------------------------------------- keys


def test_every_key_of_a_fact_is_in_its_dimension(rows: Rows, sample: Entity) -> None:
    looked_at = set()
    for model in star_tables(sample):
        for column in model.columns:
            dimension = KEYS.get(column.name)
            if dimension is None and column.type.name == "date":
                dimension = "dim_date"
            if dimension is None or dimension == model.name or model.name == "dim_date":
                continue
            key = "calendar_date" if dimension == "dim_date" else column.name
            may_be_null = column.name == "close_date"
            lost = rows(
                f"select {column.name} from marts.{model.name} where "
                + (f"{column.name} is not null and " if may_be_null else f"{column.name} is null or ")
                + f"{column.name} not in (select {key} from marts.{dimension})"
            )
            assert lost == [], f"{model.name}.{column.name}"
            looked_at.add((model.name, dimension))
    for fact in ("fct_publication", "fct_metric_daily", "fct_outcome", "fct_review", *BRIDGES):
        assert rows(f"from marts.{fact}"), f"nothing was looked at in {fact}"
        assert (fact, "dim_opportunity") in looked_at


@pytest.mark.parametrize("dimension", sorted(set(KEYS.values())))
def test_a_dimension_has_one_member_for_what_is_not_known(dimension: str, rows: Rows, sample: Entity) -> None:
    (model,) = (model for model in star_tables(sample) if model.name == dimension)
    (unknown,) = rows(f"from marts.{dimension} where {model.grain[0]} = 'unknown'")
    assert "Sin dato" in unknown.values()
    (doubled,) = rows(f"select count(*) - count(distinct lower(trim({model.grain[0]}))) as n from marts.{dimension}")
    assert doubled["n"] == 0, "Power BI's keys differ in more than case and trailing spaces"


def test_the_checks_of_the_star_find_only_what_was_put_there(warehouse: Path, sample: Entity) -> None:
    terms = {name: frozenset(one.terms) for name, one in sample.vocabularies.items()}
    results: dict[tuple[str, str], CheckResult] = {}
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        for model in star_tables(sample):
            for check in model.checks:
                results[model.name, check.name] = run_check(connection, check, model, terms, None)
    assert not [result.error for result in results.values() if result.error]
    failed = {key: result.failed_count for key, result in results.items() if not result.passed}
    assert failed == {
        ("fct_publication", "opportunity_is_still_known"): 1,
        ("fct_metric_daily", "seen_before_clicked"): 1,
        ("fct_outcome", "answers_come_from_those_referred"): 1,
        ("fct_source_health", "source_answered"): 1,
    }
    assert all(result.check.advice for result in results.values())


# ---------------------------------------------------------------- dimensions and bridges


def test_a_funder_is_one_row_however_its_name_is_written(rows: Rows) -> None:
    (funder,) = rows("from marts.dim_funder where funder_id <> 'unknown'")
    assert funder == {
        "funder_id": "fundacion-agora",
        "funder_name": "Fundación Ágora",
        "funder_type_label": "Fundación",
        "country_code": "FR",
        "country_label": "Francia",
    }


@pytest.mark.parametrize("days", BANDS)
def test_days_left_are_told_in_bands(days: int, rows: Rows) -> None:
    band = rows(f"from marts.dim_opportunity where opportunity_id = '{opportunity_id(f'plazo/{days}')}'")[0]
    assert (band["days_left"], band["days_left_band"]) == (days, BANDS[days])


def test_bands_are_in_order_and_a_call_without_a_date_has_one(rows: Rows) -> None:
    bands = rows("select distinct band_position, days_left_band from marts.dim_opportunity order by 1")
    assert [band["days_left_band"] for band in bands] == [
        "0 a 7", "8 a 15", "16 a 30", "Más de 30", COMING, "Cerrada", "Sin fecha", "Sin dato",
    ]  # fmt: skip
    assert [band["band_position"] for band in bands] == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("bridge", BRIDGES)
def test_weights_add_up_to_one_for_every_opportunity(bridge: str, rows: Rows) -> None:
    sums = rows(
        f"select o.opportunity_id, sum(b.weight) as total from marts.dim_opportunity o "
        f"left join marts.{bridge} b using (opportunity_id) group by all"
    )
    assert len(sums) == len(BANDS) + 3
    assert {row["total"] for row in sums} == {Decimal(1)}


def test_members_keep_their_order_and_what_is_no_country_is_unknown(rows: Rows) -> None:
    found = rows(
        "select country_code, position, weight from marts.bridge_opportunity_country "
        f"where opportunity_id = '{opportunity_id(CALL)}' order by position"
    )
    assert [(row["country_code"], row["position"]) for row in found] == [
        ("FR", 1),
        ("DE", 2),
        ("EC", 3),
        ("unknown", 4),
    ]
    goals = rows(f"from marts.bridge_opportunity_sdg where opportunity_id = '{opportunity_id(CALL)}' order by position")
    assert [(row["sdg_goal"], row["weight"]) for row in goals] == [
        ("17", Decimal("0.3334")),
        ("4", Decimal("0.3333")),
        ("5", Decimal("0.3333")),
    ]


def test_a_goal_is_told_with_its_number_as_people_know_it(rows: Rows) -> None:
    goals = {one["sdg_goal"]: (one["label"], one["label_en"]) for one in rows("select * from marts.dim_sdg")}
    assert goals["4"] == ("4. Educación de calidad", "4. Quality education")
    assert goals["unknown"] == ("Sin dato", "Unknown")


def test_the_calendar_has_whole_years_without_gaps(rows: Rows) -> None:
    days = [row["calendar_date"] for row in rows("from marts.dim_date order by calendar_date")]
    assert (days[0], days[-1]) == (date(2025, 1, 1), date(2027, 12, 31)), "from the first crawl to the last closing"
    assert days == [days[0] + timedelta(days=n) for n in range(len(days))]


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 12, 25), False),  # a Friday, and a holiday
        (date(2027, 1, 1), False),
    ],
)
def test_working_days_are_those_of_the_entity(day: date, working: bool, rows: Rows, sample: Entity) -> None:
    (found,) = rows(f"from marts.dim_date where calendar_date = date '{day}'")
    assert found["is_working_day"] is working is sample.is_working_day(day)


def test_a_day_is_told_in_spanish(rows: Rows) -> None:
    (found,) = rows("from marts.dim_date where calendar_date = date '2027-01-02'")
    assert found | {"is_working_day": None} == {
        "calendar_date": date(2027, 1, 2),
        "calendar_year": 2027,
        "quarter_label": "2027-T1",
        "month_number": 1,
        "month_name": "enero",
        "month_label": "2027-01",
        "week_label": "2026-W53",
        "weekday_number": 6,
        "weekday_name": "sábado",
        "is_working_day": None,
    }


# ---------------------------------------------------------------- facts


def published(rows: Rows, item: str) -> dict[str, Any]:
    code = rows(f"select code from staging.stg_identities where opportunity_id = '{opportunity_id(item)}'")[0]["code"]
    (found,) = rows(f"from marts.fct_publication where code = '{code}'")
    return found


def test_a_publication_tells_how_long_it_took_and_what_was_left(rows: Rows) -> None:
    found = published(rows, CALL)
    assert (found["opportunity_id"], found["source_id"], found["funder_id"]) == (
        opportunity_id(CALL),
        "oficial",
        "fundacion-agora",
    )
    assert (found["hours_to_publication"], found["is_within_target"]) == (Decimal(48), True)
    late = published(rows, MERGED)
    assert (late["hours_to_publication"], late["is_within_target"]) == (Decimal(49), False)
    assert (found["close_date"], found["days_left_at_publication"]) == (JANUARY, 54), "the note was due the day before"


def test_what_was_merged_counts_where_it_lives_now_under_the_code_it_was_published(rows: Rows) -> None:
    assert published(rows, MERGED)["opportunity_id"] == opportunity_id(CALL)
    ids = {row["opportunity_id"] for row in rows("from marts.publications")}
    assert ids == {opportunity_id(item) for item in (CALL, MERGED, LOST)}, "the ledger's own words stay"


def test_a_publication_of_what_is_no_longer_known_still_counts(rows: Rows) -> None:
    found = published(rows, LOST)
    assert (found["opportunity_id"], found["source_id"], found["funder_id"]) == ("unknown", "unknown", "unknown")
    assert (found["hours_to_publication"], found["is_within_target"]) == (None, None)


def test_metrics_add_up_and_none_is_lost(rows: Rows) -> None:
    found = {
        (row["channel"], row["opportunity_id"]): (row["impressions"], row["clicks"])
        for row in rows("from marts.fct_metric_daily")
    }
    assert found == {
        ("site", opportunity_id(CALL)): (123, 16),
        ("site", "unknown"): (1016, 44),  # the channel's own, an unknown announcement and an unknown code
        ("x", opportunity_id(OTHER)): (5, 6),
    }


def test_a_reference_that_is_not_known_is_told(rows: Rows) -> None:
    told = {
        row["check_name"]: row["failed_count"]
        for row in rows("from quality.results where check_name like '%_reference_is_known'")
    }
    assert told == {"metric_reference_is_known": 2, "outcome_reference_is_known": 1}


def test_outcomes_add_up_by_call_and_amounts_are_exact(rows: Rows) -> None:
    found = {row["opportunity_id"]: row for row in rows("from marts.fct_outcome")}
    assert set(found) == {opportunity_id(CALL), opportunity_id(OTHER)}, "of what is not known nothing is told"
    call, other = found[opportunity_id(CALL)], found[opportunity_id(OTHER)]
    assert (call["referred_count"], call["awarded_count"], call["withheld_count"]) == (35, 7, 0)
    assert (call["award_amount"], call["home_award_amount"]) == (Decimal("1000.10"), Decimal("1000.10"))
    assert (other["award_amount"], other["home_award_amount"]) == (Decimal(70), None)
    assert (call["has_amount_without_rate"], other["has_amount_without_rate"]) == (False, True)
    assert other["referred_count"] is None, "nobody said: not none"
    assert call["reported_by_label"] == "Equipo del boletín"


def test_days_are_those_of_the_entity(rows: Rows) -> None:
    days = {row["decision_id"]: row["decided_date"] for row in rows("from marts.fct_review")}
    assert (days["d1"], days["d2"]) == (date(2026, 11, 22), TODAY)
    crawled = rows("select crawl_date, new_count from marts.fct_source_health order by all")
    assert crawled == [
        {"crawl_date": date(2025, 12, 30), "new_count": 0},
        {"crawl_date": date(2025, 12, 31), "new_count": 1},
    ]


def test_a_review_tells_what_was_done_and_how_soon(rows: Rows) -> None:
    found = {row["decision_id"]: row for row in rows("from marts.fct_review")}
    assert (found["d1"]["action_label"], found["d1"]["seconds_spent"]) == ("Aprobar", 90)
    assert (found["d1"]["opportunity_id"], found["d1"]["hours_since_seen"]) == (opportunity_id(CALL), Decimal("55.5"))
    assert (found["d3"]["opportunity_id"], found["d3"]["hours_since_seen"]) == ("unknown", None)
    assert found["d4"]["opportunity_id"] == "unknown"


# ---------------------------------------------------------------- nothing yet


def test_a_star_of_nothing_has_all_its_tables_and_columns(sample: Entity, tmp_path: Path) -> None:
    models = star_tables(sample)
    rows = reader(Announced(sample).build(tmp_path, [model.table for model in models]))
    for model in models:
        found = rows(f"select column_name, data_type from duckdb_columns() where schema_name = 'marts' "
                     f"and table_name = '{model.name}' order by column_index")  # fmt: skip
        assert [tuple(row.values()) for row in found] == [(one.name, one.type.duckdb) for one in model.columns]
        count = len(rows(f"from {model.table}"))
        if model.name.startswith("fct_"):
            assert count == 0, model.name
        elif model.name.startswith("bridge_"):
            assert count == 1, "the unknown opportunity has the unknown member"
        else:
            assert count >= 1, model.name
    assert len(rows("from marts.dim_date")) == 365
