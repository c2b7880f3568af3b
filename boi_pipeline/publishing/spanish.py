"""How hours, money and places are written in Spanish. Words only: no markup, no records' logic.

Days, months and counts come from ``boi_pipeline.spanish``, and are had here as well.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from babel.numbers import format_decimal

from boi_pipeline.records import PublicDeadline
from boi_pipeline.spanish import NBSP, SPANISH, short_date
from boi_pipeline.spanish import count as count
from boi_pipeline.spanish import long_date as long_date
from boi_pipeline.spanish import month_abbreviation as month_abbreviation
from boi_pipeline.spanish import month_name as month_name
from boi_pipeline.spanish import week_span as week_span
from boi_pipeline.spanish import weekday_date as weekday_date
from scrapers.zones import iana_zone

ANYWHERE_ON_EARTH = "Etc/GMT+12"


def joined(words: list[str]) -> str:
    """``inglés``, ``inglés y francés``, ``inglés, francés e italiano``."""
    if len(words) < 2:
        return "".join(words)
    last = words[-1]
    sounds_like_i = last[:1].casefold() in ("i", "í") or (last[:2].casefold() == "hi" and last[:3].casefold() != "hie")
    return f"{', '.join(words[:-1])} {'e' if sounds_like_i else 'y'} {last}"


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    text = text.strip()
    if not text:
        return ""
    return text[0].upper() + text[1:] + ("" if text[-1] in ".!?…" else ".")


def country_name(code: str) -> str | None:
    """The Spanish name of an ISO 3166-1 alpha-2 code; None for anything else."""
    return SPANISH.territories.get(code) if len(code) == 2 and code.isalpha() and code.isupper() else None


def language_name(code: str) -> str:
    """``inglés``, or ``inglés (B2)`` for ``en:B2``; an unknown code is shown as it is."""
    tag, _, level = code.partition(":")
    name = SPANISH.languages.get(tag) or SPANISH.languages.get(tag.split("-")[0]) or tag
    return f"{name} ({level})" if level else name


# ---------------------------------------------------------------- money


def money(currency: str | None, amount: Decimal) -> str:
    """``12.000 EUR``: the source's own currency, at most two decimals; without a currency the number alone.

    The code follows the figure: RAE, Ortografía de la lengua española (2010), «divisas».
    """
    pattern = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
    number = format_decimal(amount, format=pattern, locale=SPANISH)
    return f"{number}{NBSP}{currency}" if currency else number


def award(currency: str | None, lowest: Decimal | None, highest: Decimal | None) -> str | None:
    """``12.000 EUR``, ``hasta 50.000 USD``, ``desde …``, ``entre … y …``; None where no amount is stated."""
    if lowest is not None and highest is not None:
        if lowest == highest:
            return money(currency, highest)
        return f"entre {money(currency, lowest)} y {money(currency, highest)}"
    if highest is not None:
        return f"hasta {money(currency, highest)}"
    return f"desde {money(currency, lowest)}" if lowest is not None else None


def size(number: int) -> str:
    """``812 bytes``, ``20 kB``, ``1,4 MB``: how large a file is, in powers of ten."""
    if number < 1000:
        return count(number, "byte", "bytes")
    if number < 1_000_000:
        return f"{format_decimal(-(-number // 1000), locale=SPANISH)}{NBSP}kB"
    return f"{format_decimal(round(number / 1_000_000, 1), locale=SPANISH)}{NBSP}MB"


def percent(right: int, of: int) -> str:
    """``96,0 %``; a dash where there is nothing to take a share of."""
    return f"{100 * right / of:.1f}".replace(".", ",") + f"{NBSP}%" if of else "—"


# ---------------------------------------------------------------- hours


@cache
def zone_of(name: str | None) -> ZoneInfo | None:
    """The IANA zone, or None where none is stated or the name is unknown."""
    if not name:
        return None
    try:
        return iana_zone(name)
    except ValueError:
        return None


@cache
def zone_words(name: str) -> str:
    """``hora de Berlín``, ``hora universal (UTC)``, ``en cualquier lugar de la Tierra (AoE)``, ``hora UTC−3``."""
    if name == ANYWHERE_ON_EARTH:
        return "en cualquier lugar de la Tierra (AoE)"
    if name in ("UTC", "Etc/UTC", "GMT", "Etc/GMT", "Etc/UCT", "Etc/Universal", "Etc/Zulu"):
        return "hora universal (UTC)"
    if name.startswith("Etc/GMT"):
        offset = name.removeprefix("Etc/GMT")  # POSIX: the sign is the other way round
        return f"hora UTC{'−' if offset[0] == '+' else '+'}{offset[1:]}"
    return f"hora de {get_timezone_location(name, locale=SPANISH, return_city=True)}"


def home_instant(deadline: PublicDeadline, home: ZoneInfo) -> datetime | None:
    """The deadline on the home clock; None where the source states no hour or no zone is known."""
    return deadline.close_at.astimezone(home) if deadline.close_at is not None else None


def _day_before(day: date, other: date) -> str:
    return "" if day == other else f"{short_date(other)}, "


def same_clock(deadline: PublicDeadline, home: ZoneInfo) -> bool:
    """Whether the source's clock and the home clock show the same at the deadline."""
    there = home_instant(deadline, home)
    return there is not None and (there.date(), there.time()) == (deadline.close_date, deadline.close_time)


def both_clocks(deadline: PublicDeadline, home: ZoneInfo, city: str) -> str:
    """``15 ene 2027, 23:59 hora de Berlín (17:59 en Bogotá)``.

    No hour is shown where none is stated. The home day is written too where it differs. An hour whose zone nobody
    knows is shown without the second clock.
    """
    day = short_date(deadline.close_date)
    if deadline.close_time is None:
        return day
    printed = f"{day}, {deadline.close_time:%H:%M}"
    there = home_instant(deadline, home)
    if there is None or zone_of(deadline.timezone) is None:
        return f"{printed} (la fuente no indica la zona horaria)"
    if same_clock(deadline, home):
        return f"{printed} hora de {city}"
    at_home = f"{_day_before(deadline.close_date, there.date())}{there:%H:%M} en {city}"
    return f"{printed} {zone_words(str(deadline.timezone))} ({at_home})"


def end_of(deadline: PublicDeadline, home: ZoneInfo) -> datetime:
    """The instant until which a call counts as open: the deadline, or the end of its day in the source's zone.

    An unknown zone counts as the home zone (architecture §7).
    """
    if deadline.close_at is not None:
        return deadline.close_at
    zone = zone_of(deadline.timezone) or home
    if deadline.close_date == date.max:
        return datetime.max.replace(tzinfo=zone)
    following = deadline.close_date + timedelta(days=1)
    return datetime(following.year, following.month, following.day, tzinfo=zone)
