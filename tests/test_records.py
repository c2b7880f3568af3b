"""Records: one text for one value, through Python, Parquet and JSON alike."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.records import (
    FACTS,
    Deadline,
    Evidence,
    PublicOpportunity,
    Reading,
    canonical_json,
    opportunity_id,
    sha256_hex,
)
from scrapers.tabular import read_records, read_table, write_records

PUBLIC = PublicOpportunity(
    opportunity_id="o",
    code="PAL-2026-00001",
    title="Beca «Río»",
    title_es="Beca",
    summary_es="Resumen.",
    eligibility_es="Personas.",
    opportunity_type="scholarship",
    source_url="http://a.test/",
    source_name="A",
    language="es",
    digital_source_type="algorithmicMedia",
)
MONEY = st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False, allow_infinity=False)


@given(MONEY, st.text(max_size=40), st.lists(st.integers(1, 17), max_size=3))
def test_a_public_record_survives_its_own_json(amount: Decimal, title: str, goals: list[int]) -> None:
    record = PUBLIC.model_copy(update={"max_award_amount": amount, "title": title, "sdg_goals": goals})
    text = canonical_json(record)
    assert canonical_json(PublicOpportunity.model_validate_json(text)) == text


@pytest.mark.parametrize("written", ["150000", "150000.0", "1.5E5"])
def test_an_amount_is_one_amount_however_it_is_written(written: str) -> None:
    records = [
        PublicOpportunity.model_validate({**PUBLIC.model_dump(), "max_award_amount": w}) for w in (written, "150000.00")
    ]
    assert sha256_hex(canonical_json(records[0])) == sha256_hex(canonical_json(records[1]))


def test_a_reading_survives_parquet(tmp_path: Path) -> None:
    reading = Reading(
        input_hash="h",
        reader="offline",
        reader_version="rules-1",
        notice_id="s/1@x",
        item_id="s/1",
        is_opportunity=True,
        max_award_amount=Decimal("1200"),
        deadlines=[Deadline(seq=1, close_date=date(2027, 1, 15), close_time=time(23, 59), timezone="Europe/Berlin")],
        evidence=[
            Evidence(
                field="deadlines", notice_id="s/1@x", start=3, end=6, quote="día", kind="stated", method="rule",
                rule="r", confidence=0.9,
            )
        ],
    )  # fmt: skip
    write_records(tmp_path / "r.parquet", [reading], Reading, "test")
    assert read_records([tmp_path / "r.parquet"], Reading) == [reading]


def test_a_file_written_before_a_field_was_added_still_reads(tmp_path: Path) -> None:
    table = read_table([], Deadline).drop(["basis"])
    pq.write_table(table, tmp_path / "old.parquet")
    assert read_table([tmp_path / "old.parquet"], Deadline).column_names == list(Deadline.model_fields)


def test_an_id_comes_from_its_anchor_alone() -> None:
    assert opportunity_id("faro/1") == opportunity_id("faro/1") != opportunity_id("faro/2")


def test_every_fact_says_how_it_is_proved() -> None:
    own = {
        "input_hash",
        "reader",
        "reader_version",
        "notice_id",
        "item_id",
        "fallback",
        "failure",
        "evidence",
        "dropped",
        "unclear",
    }
    assert set(FACTS) == set(Reading.model_fields) - own


def test_canonical_json_is_sorted_and_refuses_what_has_no_form() -> None:
    told = canonical_json({"b": datetime(2026, 1, 1, tzinfo=UTC), "a": Decimal("1.50")})
    assert told == '{"a":"1.50","b":"2026-01-01T00:00:00+00:00"}'
    with pytest.raises(TypeError, match="cannot write set as JSON"):
        canonical_json({1, 2})
