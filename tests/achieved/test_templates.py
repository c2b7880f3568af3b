"""``metrics.csv`` and ``outcomes.csv``: what is not understood is told by file, line and column; what is, is typed."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from boi_pipeline.achieved.templates import MAX_FAULTS, metrics_of, outcomes_of
from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.records import Metric, Outcome
from boi_pipeline.settings import ROOT
from scrapers.yamlfile import ConfigError

LAST = date(2026, 11, 26)
METRICS = "date,channel,item,code,impressions,clicks,interactions\n"
OUTCOMES = "date,item,code,reported_by,referred,answered,applied,awarded,people,amount,currency\n"


@pytest.fixture
def entity(tmp_path: Path) -> Entity:
    """An entity without metrics and outcomes."""
    (tmp_path / "sample").mkdir()
    shutil.copy(ROOT / "entities" / "sample" / "entity.yaml", tmp_path / "sample")
    return load_entity(tmp_path / "sample")


def metrics(entity: Entity, text: str, until: date = LAST) -> list[Metric]:
    entity.metrics_path.write_bytes(text.encode())
    return metrics_of(entity, until)


def outcomes(entity: Entity, text: str, until: date = LAST) -> list[Outcome]:
    entity.outcomes_path.write_bytes(text.encode())
    return outcomes_of(entity, until)


def test_without_files_there_is_nothing(entity: Entity) -> None:
    assert metrics_of(entity, LAST) == []
    assert outcomes_of(entity, LAST) == []


def test_cells_become_values(entity: Entity) -> None:
    (one, total) = metrics(entity, METRICS + '2026-11-23,site,"faro/a,b",,10,2,1\n\n2026-11-23,whatsapp,,,300,40,0\n')
    assert (one.metric_date, one.channel, one.reference_kind, one.reference) == (
        date(2026, 11, 23),
        "site",
        "item",
        "faro/a,b",
    )
    assert (one.impressions, one.clicks, one.interactions) == (10, 2, 1)
    assert (total.reference_kind, total.reference, total.impressions) == (None, None, 300)
    (told,) = outcomes(entity, OUTCOMES + "2026-11-24,,pal-2026-00012,convener,,,8,5,120,2500.5,EUR\n")
    assert (told.code, told.referred_count, told.applied_count) == ("PAL-2026-00012", None, 8)
    assert (told.award_amount, str(told.award_amount), told.currency) == (Decimal("2500.5"), "2500.50", "EUR")


def test_a_spreadsheet_s_own_csv_is_read(entity: Entity) -> None:
    text = "\ufeffdate;channel;impressions;clicks;interactions\r\n2026-11-23;x;5;1;0\r\n"
    assert [one.impressions for one in metrics(entity, text)] == [5]


def test_what_is_later_is_not_seen(entity: Entity) -> None:
    text = METRICS + "2026-11-23,x,,,1,1,1\n2026-11-24,x,,,1,1,1\n"
    assert [one.metric_date.day for one in metrics(entity, text, date(2026, 11, 23))] == [23]
    assert len(metrics(entity, text, date(2026, 11, 24))) == 2


@pytest.mark.parametrize(
    ("text", "line", "column", "told"),
    [
        ("", 1, "date", "missing column; expected date, channel, item"),
        ("date,channel,clicks,interactions\n", 1, "impressions", "missing column"),
        (METRICS.replace("item", "email"), 1, "email", "unknown column 'email'; expected date, channel, item, code"),
        (METRICS.replace("code", "item"), 1, "item", "this column is there twice"),
        (METRICS + "23/11/2026,x,,,1,1,1\n", 2, "date", "found '23/11/2026'; expected a day from 2000 to 2100"),
        (METRICS + "2026-11-31,x,,,1,1,1\n", 2, "date", "written like 2026-11-23"),
        (METRICS + "1026-11-23,x,,,1,1,1\n", 2, "date", "a day from 2000 to 2100"),
        (METRICS + "2026-11-23,tiktok,,,1,1,1\n", 2, "channel", "found 'tiktok'; expected one of site, whatsapp"),
        (METRICS + "2026-11-23,x,,,1.200,1,1\n", 2, "impressions", "found '1.200'; expected a whole number"),
        (METRICS + "2026-11-23,x,,,1,-1,1\n", 2, "clicks", "found '-1'"),
        (METRICS + "2026-11-23,x,,,1,,1\n", 2, "clicks", "found nothing; expected a whole number"),
        (METRICS + "2026-11-23,x,,,1,1\n", 2, "interactions", "found 6 cells; expected 7"),
        (METRICS + "2026-11-23,x,faro,,1,1,1\n", 2, "item", "expected an announcement, as source/key"),
        (METRICS + "2026-11-23,x,,12,1,1,1\n", 2, "code", "expected a public code such as PAL-2026-00012"),
        (METRICS + "2026-11-23,x,faro/1,PAL-2026-00001,1,1,1\n", 2, "code", "found an item and a code"),
        (METRICS + "2026-11-23,x,,,1,1,1\n\n2026-11-23,x,,,2,1,1\n", 4, "date", "the same as line 2"),
        (METRICS + '2026-11-23,"x,,,1,1,1\n', 2, "", "not valid CSV"),
        (METRICS + '2026-11-23,x,"faro/\n1",,1,1,1\n2026-11-23,y,,,1,1,1\n', 2, "item", "as source/key"),
    ],
)  # fmt: skip
def test_a_bad_metric_is_told_by_line_and_column(entity: Entity, text: str, line: int, column: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        metrics(entity, text)
    assert error.value.file == str(entity.metrics_path)
    assert (error.value.line, error.value.key) == (line, column)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("2026-11-23,,,team,5,,,,,,", "item", "expected an item or a code"),
        ("2026-11-23,faro/1,PAL-2026-00001,team,5,,,,,,", "item", "only one of them"),
        ("2026-11-23,faro/1,,María Pérez,5,,,,,,", "reported_by", "found 'María Pérez'; expected one of applicant"),
        ("2026-11-23,faro/1,,,5,,,,,,", "reported_by", "found nothing"),
        ("2026-11-23,faro/1,,team,,,,,,,", "referred", "expected at least one of referred, answered"),
        ("2026-11-23,faro/1,,team,5,,,,,1.200.50,USD", "amount", "found '1.200.50'; expected an amount such as 1200"),
        ("2026-11-23,faro/1,,team,5,,,,,1200,", "currency", "expected the currency of 1200"),
        ("2026-11-23,faro/1,,team,5,,,,,1200,US$", "currency", "a currency of ISO 4217"),
        ("2026-11-23,faro/1,,team,5,,,,,1200,ZZZ", "currency", "a currency of ISO 4217"),
    ],
)  # fmt: skip
def test_a_bad_outcome_is_told_by_line_and_column(entity: Entity, row: str, column: str, told: str) -> None:
    with pytest.raises(ConfigError) as error:
        outcomes(entity, OUTCOMES + "2026-11-23,faro/0,,team,5,,,,,,\n" + row + "\n")
    assert (error.value.line, error.value.key) == (3, column)
    assert told in str(error.value)


def test_every_fault_is_told_at_once_but_not_a_thousand(entity: Entity) -> None:
    with pytest.raises(ConfigError) as error:
        metrics(entity, METRICS + "ayer,x,,,1,1,1\n" * 100)
    told = str(error.value).splitlines()
    assert len(told) == MAX_FAULTS + 1
    assert told[1] == "  line 3: date: found 'ayer'; expected a day from 2000 to 2100 written like 2026-11-23"
    assert told[-1] == f"  and {100 - MAX_FAULTS} more"


def test_a_file_of_another_encoding_is_told(entity: Entity) -> None:
    entity.metrics_path.write_bytes((METRICS + "2026-11-23,x,faro/añil,,1,1,1\n").encode("latin-1"))
    with pytest.raises(ConfigError, match=r"is not UTF-8 .* save it as CSV UTF-8"):
        metrics_of(entity, LAST)


@pytest.mark.parametrize("day", [23, 24, 25, 26])
def test_the_sample_reports_something_every_day(day: int) -> None:
    sample = load_entity(ROOT / "entities" / "sample")
    today = date(2026, 11, day)
    assert {one.metric_date for one in metrics_of(sample, today)} == {date(2026, 11, n) for n in range(23, day + 1)}
    assert any(one.outcome_date == today for one in outcomes_of(sample, today))
