"""Days are read by the formats that a mapping names, and by no other."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.achieved.archive.dates import UnknownDay, checked_format, day_of, find_day

FORMATS = ["%d/%m/%Y", "%d de %B de %Y", "%Y-%m-%d"]


@pytest.mark.parametrize(
    "cell", ["15/03/2019", " 15 de Marzo de 2019", "15 de mar. de 2019", "2019-03-15", datetime(2019, 3, 15, 9)]
)
def test_a_day_is_read_as_it_is_written(cell: str | datetime) -> None:
    assert day_of(cell, FORMATS) == date(2019, 3, 15)


@pytest.mark.parametrize(
    "cell", ["03/15/2019", "31/02/2019", "marzo de 2019", 2019, 43539, "15/03/19", "15/03/1066", True]
)
def test_what_no_format_says_is_no_day(cell: object) -> None:
    with pytest.raises(UnknownDay, match=r"«"):
        day_of(cell, FORMATS)  # type: ignore[arg-type]


def test_an_empty_cell_says_no_day() -> None:
    assert day_of(None, FORMATS) is None


def test_a_day_that_two_formats_read_otherwise_is_not_guessed() -> None:
    assert day_of("25/12/2019", ["%d/%m/%Y", "%m/%d/%Y"]) == date(2019, 12, 25)
    with pytest.raises(UnknownDay, match="2019-03-04 o 2019-04-03"):
        day_of("03/04/2019", ["%d/%m/%Y", "%m/%d/%Y"])


@pytest.mark.parametrize("text", ["%d/%m", "%d/%m/%m/%Y", "%H:%d/%m/%Y", "dd/mm/yyyy"])
def test_a_format_must_say_day_month_and_year(text: str) -> None:
    with pytest.raises(ValueError, match="expected one each"):
        checked_format(text)


def test_a_text_with_two_days_says_none() -> None:
    assert find_day("Cierra el 15/03/2019 a las 17:00", FORMATS) == date(2019, 3, 15)
    assert find_day("Del 15/03/2019 al 20/03/2019", FORMATS) is None


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_what_is_written_by_a_format_is_read_back(day: date) -> None:
    assert day_of(f"{day:%d/%m/%Y}", FORMATS) == day_of(f"{day:%Y-%m-%d}", FORMATS) == day


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    with suppress(UnknownDay):
        day_of(text, FORMATS)
