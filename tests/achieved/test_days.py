"""Days are read in the forms that platforms write; the order of day and month is a file's, never a cell's."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.achieved.days import day_of, day_order
from boi_pipeline.achieved.sheets import Cell

HOME, UTC, SEAT = ZoneInfo("America/Bogota"), ZoneInfo("UTC"), ZoneInfo("America/Los_Angeles")
NOVEMBER = date(2026, 11, 23)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "2026-11-23",
        "20261123",
        20261123,
        "Mon, Nov 23, 2026",
        "Nov 23, 2026",
        "23 nov 2026",
        "lun, 23 nov. 2026",
        "23 de noviembre de 2026",
        NOVEMBER,
        datetime(2026, 11, 23),
    ],
)
def test_a_day_is_read_as_it_is_written(cell: Cell) -> None:
    assert day_of(cell, None, UTC, HOME) == NOVEMBER


@pytest.mark.parametrize(
    ("cell", "zone", "expected"),
    [
        ("2026-11-24 02:05 +0000", None, NOVEMBER),
        ("2026-11-24T02:05:00Z", None, NOVEMBER),
        ("2026-11-24 02:05", UTC, NOVEMBER),
        ("2026-11-24 02:05", None, date(2026, 11, 24)),
        ("11/22/2026 23:40", SEAT, NOVEMBER),
        ("11/23/2026 11:40 PM", UTC, NOVEMBER),
        (datetime(2026, 11, 24, 2, 5), UTC, NOVEMBER),
    ],
)
def test_an_hour_moves_the_day_to_the_entity_s_zone(cell: Cell, zone: ZoneInfo | None, expected: date) -> None:
    assert day_of(cell, "mdy", zone, HOME) == expected


@given(st.lists(DAYS, min_size=1), st.sampled_from(["dmy", "mdy"]))
def test_a_file_that_shows_its_order_is_read_by_it(days: list[date], order: str) -> None:
    form = "{0.day}/{0.month}/{0.year}" if order == "dmy" else "{0.month}/{0.day}/{0.year}"
    cells = [form.format(day) for day in days]
    if all(day.day <= 12 for day in days):
        with pytest.raises(ValueError, match="no se sabe si"):
            day_order(cells)
    else:
        assert day_order(cells, "dmy") == day_order(cells, "mdy") == order
    assert [day_of(cell, order, None, HOME) for cell in cells] == days  # type: ignore[arg-type]


def test_what_a_platform_always_writes_decides_where_a_file_does_not() -> None:
    assert day_order(["1/2/2026", "3/4/2026"], "mdy") == "mdy"
    assert day_order(["2026-01-02"]) is None


def test_a_file_in_both_orders_is_refused() -> None:
    with pytest.raises(ValueError, match="mes primero y otras"):
        day_order(["13/1/2026", "1/13/2026"])


@pytest.mark.parametrize("cell", ["31/02/2026", "2026-13-01", "ayer", "", None, "23/11/26", "1850-01-01", "25:61"])
def test_what_is_no_day_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match="se esperaba un día"):
        day_of(cell, "dmy", None, HOME)
