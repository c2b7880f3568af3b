"""Numbers of both locales are read as what they count, or refused: never as another number."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.achieved.numbers import amount, decimal_mark, whole

COUNTS = st.integers(0, 10**12 - 1)
MARKS = st.sampled_from([(",", "."), (".", ","), (" ", ","), ("\u00a0", ","), ("\u202f", ","), ("'", "."), ("", ".")])


def written(number: int, thousands: str) -> str:
    return f"{number:,}".replace(",", thousands)


@given(COUNTS, MARKS)
def test_a_count_is_read_as_it_was_meant_in_either_locale(count: int, marks: tuple[str, str]) -> None:
    assert whole(written(count, marks[0])) == count
    assert whole(written(count, marks[0]), marks[1]) == count


@given(st.lists(COUNTS, min_size=1), st.decimals(0, 100, places=1), MARKS)
def test_a_file_with_one_clear_number_is_read_alike_throughout(
    counts: list[int], rate: Decimal, marks: tuple[str, str]
) -> None:
    thousands, decimal = marks
    cells = [*(written(count, thousands) for count in counts), f"{rate}%".replace(".", decimal)]
    assert decimal_mark(cells) == decimal
    assert [whole(cell, decimal) for cell in cells[:-1]] == counts


@given(st.decimals(0, 10**9, places=2), MARKS)
def test_an_amount_is_read_as_it_was_meant_in_either_locale(value: Decimal, marks: tuple[str, str]) -> None:
    units, _, cents = f"{value:.2f}".partition(".")
    assert amount(f"{written(int(units), marks[0])}{marks[1]}{cents}") == value


@given(st.text(max_size=12))
def test_any_text_is_a_count_or_refused(text: str) -> None:
    try:
        count = whole(text)
    except ValueError:
        return
    assert count is None or 0 <= count < 10**12


@pytest.mark.parametrize(
    "cell", ["12K", "1.2M", "-5", "−5", "1.5", "1,23,456", "5%", "<10", "1e3", "uno", True, 1.5, "١٢"]
)
def test_what_is_no_count_is_refused(cell: str | float) -> None:
    with pytest.raises(ValueError, match=r"se esperaba|separadores"):
        whole(cell)


@pytest.mark.parametrize("cell", [None, "", "-", "--", "N/A", "(not set)"])
def test_nothing_is_no_zero(cell: str | None) -> None:
    assert whole(cell) is None


def test_what_the_file_shows_decides_what_a_cell_alone_does_not() -> None:
    assert whole("12.000", ".") == 12
    assert whole("12.000", ",") == 12_000
    with pytest.raises(ValueError, match="separadores"):
        whole("1.234.567", ".")


def test_an_amount_that_may_be_either_is_refused() -> None:
    with pytest.raises(ValueError, match="no se sabe si son miles o decimales"):
        amount("1.234")
    assert amount("1.234", ",") == Decimal(1234)


def test_a_file_in_both_forms_is_refused() -> None:
    with pytest.raises(ValueError, match="en dos formas"):
        decimal_mark(["1.234,5", "3.5%"])
