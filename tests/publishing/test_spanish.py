from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.publishing import spanish
from boi_pipeline.records import PublicDeadline
from boi_pipeline.spanish import numbers_in

BOGOTA = ZoneInfo("America/Bogota")


def deadline(
    day: date, hour: time | None = None, zone: str | None = None, at: datetime | None = None
) -> PublicDeadline:
    return PublicDeadline(
        seq=1, stage="application", close_date=day, close_time=hour, timezone=zone, basis="stated", close_at=at
    )


@pytest.mark.parametrize(
    ("given_deadline", "expected"),
    [
        (
            deadline(date(2027, 1, 15), time(23, 59), "Europe/Berlin", datetime(2027, 1, 15, 22, 59, tzinfo=UTC)),
            "15 ene 2027, 23:59 hora de Berlín (17:59 en Bogotá)",
        ),
        (
            deadline(date(2027, 1, 15), time(23, 59), "Etc/GMT+12", datetime(2027, 1, 16, 11, 59, tzinfo=UTC)),
            "15 ene 2027, 23:59 en cualquier lugar de la Tierra (AoE) (16 ene 2027, 06:59 en Bogotá)",
        ),
        (
            deadline(date(2027, 1, 16), time(2), "Asia/Tokyo", datetime(2027, 1, 15, 17, tzinfo=UTC)),
            "16 ene 2027, 02:00 hora de Tokio (15 ene 2027, 12:00 en Bogotá)",
        ),
        (
            deadline(date(2027, 9, 1), time(17), "America/Bogota", datetime(2027, 9, 1, 22, tzinfo=UTC)),
            "1 sep 2027, 17:00 hora de Bogotá",
        ),
        (
            deadline(date(2027, 1, 15), time(12), "UTC", datetime(2027, 1, 15, 12, tzinfo=UTC)),
            "15 ene 2027, 12:00 hora universal (UTC) (07:00 en Bogotá)",
        ),
        (deadline(date(2027, 1, 15), time(17)), "15 ene 2027, 17:00 (la fuente no indica la zona horaria)"),
        (
            deadline(date(2027, 1, 15), time(17), "Mars/Olympus", datetime(2027, 1, 15, 17, tzinfo=UTC)),
            "15 ene 2027, 17:00 (la fuente no indica la zona horaria)",
        ),
        (deadline(date(2027, 1, 15), None, "Europe/Berlin"), "15 ene 2027"),
    ],
)
def test_a_deadline_shows_both_clocks_and_no_hour_that_nobody_stated(given_deadline: PublicDeadline, expected: str):
    assert spanish.both_clocks(given_deadline, BOGOTA, "Bogotá") == expected


def test_without_an_hour_a_call_is_open_until_the_end_of_its_day_where_it_was_announced():
    assert spanish.end_of(deadline(date(2027, 1, 15), None, "Europe/Berlin"), BOGOTA) == datetime(
        2027, 1, 15, 23, tzinfo=UTC
    )
    assert spanish.end_of(deadline(date(2027, 1, 15)), BOGOTA) == datetime(2027, 1, 16, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("low", "high", "currency", "expected"),
    [
        (Decimal("12000.00"), Decimal("12000"), "EUR", "12.000\u00a0EUR"),
        (None, Decimal("50000"), "USD", "hasta 50.000\u00a0USD"),
        (Decimal("1500.5"), None, "COP", "desde 1.500,50\u00a0COP"),
        (Decimal("1000"), Decimal("2000000"), "USD", "entre 1.000\u00a0USD y 2.000.000\u00a0USD"),
        (None, Decimal("300"), None, "hasta 300"),
        (None, None, "USD", None),
    ],
)
def test_money_keeps_the_currency_of_the_source(low: Decimal, high: Decimal, currency: str, expected: str):
    assert spanish.award(currency, low, high) == expected


def test_counts_lists_and_languages_read_as_spanish():
    assert spanish.count(1, "cupo", "cupos") == "1\u00a0cupo"
    assert spanish.count(1234, "cupo", "cupos") == "1.234\u00a0cupos"
    assert spanish.joined(["inglés", "francés", "italiano"]) == "inglés, francés e italiano"
    assert spanish.joined(["inglés", "hielo"]) == "inglés y hielo"
    assert spanish.language_name("en:B2") == "inglés (B2)"
    assert spanish.language_name("zz") == "zz"
    assert spanish.country_name("EC") == "Ecuador"
    assert spanish.country_name("LATAM") is None
    assert spanish.weekday_date(date(2026, 11, 23)) == "lunes 23 de noviembre de 2026"


# hypothesis takes its bounds without a zone
INSTANTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=st.just(UTC))


@given(
    st.builds(
        PublicDeadline,
        seq=st.just(1),
        stage=st.text(max_size=5),
        close_date=st.dates(),
        close_time=st.none() | st.times(),
        timezone=st.none() | st.sampled_from(["Etc/GMT-14", "Asia/Kathmandu", "CET", "../../etc/passwd", "", "\x00"]),
        basis=st.just("stated"),
        close_at=st.none() | INSTANTS,
    )
)
def test_any_deadline_can_be_written(any_deadline: PublicDeadline):
    written = spanish.both_clocks(any_deadline, BOGOTA, "Bogotá")
    assert str(any_deadline.close_date.year) in written
    assert (":" in written) == (any_deadline.close_time is not None)
    assert spanish.end_of(any_deadline, BOGOTA).tzinfo is not None


@pytest.mark.parametrize(
    ("week", "expected"),
    [
        ("2026-W48", "del 23 al 29 de noviembre de 2026"),
        ("2026-W49", "del 30 de noviembre al 6 de diciembre de 2026"),
        ("2026-W53", "del 28 de diciembre de 2026 al 3 de enero de 2027"),
    ],
)
def test_a_week_is_told_by_its_days(week: str, expected: str):
    assert spanish.week_span(week) == expected


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (1001, "2 kB"),
        (999_999, "1.000 kB"),
        (1_440_000, "1,4 MB"),
    ],
)
def test_how_large_a_file_is_told_in_powers_of_ten(number: int, words: str):
    assert spanish.size(number).replace(spanish.NBSP, " ") == words


@pytest.mark.parametrize(("right", "of", "words"), [(192, 200, "96,0 %"), (1, 3, "33,3 %"), (0, 0, "—")])
def test_a_share_is_told_with_one_decimal(right: int, of: int, words: str):
    assert spanish.percent(right, of).replace(spanish.NBSP, " ") == words


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("EUR 1.400,00 al mes", {"1400"}),
        ("1 400 o 1\u00a0400 o 1\u202f400", {"1400"}),
        ("USD 2.000.000", {"2000000"}),
        ("12,000.50", {"1200050"}),
        ("hasta 5000", {"5000"}),
        ("15 ene 2027, 23:59", {"15", "2027", "23", "59"}),
        ("cierra en 2027\n250 cupos", {"2027", "250"}),
        ("en 2027 250 cupos", {"2027", "250"}),
        ("９０ cupos, ٣ becas, 5²", {"90", "3", "52"}),
        ("PAL-2026-00001", {"2026", "00001"}),
        ("ninguno", set()),
    ],
)
def test_numbers_are_known_however_they_are_written(text: str, numbers: set[str]):
    assert numbers_in(text) == numbers
