"""What one unit of a foreign currency was worth on a day: ``rates.csv`` of an entity, read as strictly as the templates.

    date,currency,rate,source
    2026-11-24,USD,3987.51,Superintendencia Financiera: TRM

``rate`` is in units of the home currency; ``source`` says who fixed it. How old a rate may be, and which one an amount takes,
is decided where the tables are built.
"""

import re
from datetime import date
from decimal import Decimal

from boi_pipeline.achieved.templates import Column, Template, a_currency, a_day
from boi_pipeline.entity import Entity
from boi_pipeline.records import Rate

LONGEST_SOURCE = 200  # characters: it stands beside the amounts


def rates_of(entity: Entity, until: date) -> list[Rate]:
    """The rates of the days up to ``until``; none without the file. Raises ConfigError."""
    if not entity.rates_path.is_file():
        return []

    def judge(values: dict[str, object]) -> tuple[str, str] | None:
        if values["currency"] == entity.currency:
            return "currency", f"found {entity.currency}; expected another currency than the entity's own"
        return None

    columns = {
        "date": Column("rate_date", a_day, required=True),
        "currency": Column("currency", a_currency, required=True),
        "rate": Column("rate", _rate, required=True),
        "source": Column("source", _source, required=True),
    }
    rates = Template(Rate, columns, ("rate_date", "currency"), judge).read(entity.rates_path)
    return [one for one in rates if one.rate_date <= until]


def _rate(cell: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,6})?", cell) or not Decimal(cell):
        raise ValueError("a rate above 0 such as 3987.51, without separators of thousands")
    return Decimal(cell)


def _source(cell: str) -> str:
    if not cell or not cell.isprintable() or len(cell) > LONGEST_SOURCE:
        raise ValueError(f"who fixed the rate, in at most {LONGEST_SOURCE} characters on one line")
    return cell
