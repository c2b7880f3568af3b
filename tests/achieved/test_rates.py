"""``rates.csv``: a rate has a day, a currency and who fixed it; nothing else is taken."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from boi_pipeline.achieved.rates import rates_of
from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.settings import ROOT
from scrapers.yamlfile import ConfigError

HEADER = "date,currency,rate,source\n"
LAST = date(2026, 11, 26)


@pytest.fixture
def entity(tmp_path: Path) -> Entity:
    """An entity without rates, whose own currency is USD."""
    (tmp_path / "sample").mkdir()
    shutil.copy(ROOT / "entities" / "sample" / "entity.yaml", tmp_path / "sample")
    return load_entity(tmp_path / "sample")


def test_without_a_file_there_are_none(entity: Entity) -> None:
    assert rates_of(entity, LAST) == []


def test_rates_are_exact_and_none_is_of_a_later_day(entity: Entity) -> None:
    entity.rates_path.write_text(HEADER + '2026-11-25,EUR,1.091534,"Banco, tasa"\n2026-11-27,EUR,2,Banco\n')
    (rate,) = rates_of(entity, LAST)
    assert (rate.rate_date, rate.currency, rate.rate, rate.source) == (
        date(2026, 11, 25),
        "EUR",
        Decimal("1.091534"),
        "Banco, tasa",
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("2026-11-25,EUR,0,Banco", "rates.csv:2: rate: found '0'; expected a rate above 0"),
        ("2026-11-25,EUR,-1,Banco", "found '-1'; expected a rate above 0"),
        ("2026-11-25,EUR,=1+1,Banco", "expected a rate above 0"),
        ('2026-11-25,EUR,"1,09",Banco', "expected a rate above 0"),
        ("2026-11-25,EUR,1.0915341,Banco", "expected a rate above 0"),
        ("2026-11-25,USD,1,Banco", "currency: found USD; expected another currency than the entity's own"),
        ("2026-11-25,XYZ,1,Banco", "expected a currency of ISO 4217"),
        ("25/11/2026,EUR,1,Banco", "written like 2026-11-23"),
        ("2026-11-25,EUR,1,", "source: found nothing; expected who fixed the rate"),
        ("2026-11-25,EUR,1,Banco\n2026-11-25,EUR,2,Banco", "rates.csv:3: date: the same as line 2"),
    ],
)
def test_what_is_not_understood_is_told(entity: Entity, row: str, told: str) -> None:
    entity.rates_path.write_text(HEADER + row + "\n")
    with pytest.raises(ConfigError) as refused:
        rates_of(entity, LAST)
    assert told in str(refused.value)


def test_the_sample_s_rates_are_read() -> None:
    assert rates_of(load_entity(ROOT / "entities" / "sample"), LAST)
