"""What is paid: award amounts and the total available.

What an amount is for is told in ``money_roles``. Of what one person gets, the main sum counts, not what comes on top (a
ticket, a child). How amounts are written belongs to ``values.money``, how many awards there are to ``counts``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from boi_pipeline.reading.offline.money_case import LEAST_TOTAL, OFTEN, PERSONAL, PROJECTS, STIPENDS, times_of
from boi_pipeline.reading.offline.money_roles import Amount, role_of
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.rules import first_answer
from boi_pipeline.reading.values.money import Money, find_money
from boi_pipeline.reading.values.numbers import COUNT_WORD, parse_count

# Where one sum, with no word of what it is for, is what one gets.
_PAYS = frozenset({"scholarship", "award", "fund", "residency"})
_PRIZES = frozenset({"award", "event"})
_MOST_TOTAL = 20_000_000_000  # more is what a sector or a country spends
_LEAST_BUDGET = 50_000  # less in all is what one resident or scholar gets in all
_LEAST_PRIZE = 50  # less, beside a far larger sum, is no prize
# How many units of a currency of small ones go to a dollar, roughly.
_UNITS = {
    "JPY": 150, "KRW": 1300, "COP": 4000, "CLP": 900, "XOF": 600, "XAF": 600, "IDR": 15_000, "VND": 25_000, "HUF": 350, "PYG": 7000,
    "CRC": 500, "ARS": 1000, "NGN": 1500, "INR": 80, "KES": 130, "PHP": 55, "LKR": 300, "PKR": 280, "RUB": 90, "MXN": 18, "ISK": 140,
}  # fmt: skip
_OTHER_DOLLARS = frozenset({"AU", "CA", "NZ", "SG", "HK"})
# How many share a sum, and that each of them gets one.
_COUNTS = re.compile(rf"(?<![^\W_])(?<![0-9][.,])(?:{COUNT_WORD}|[0-9]{{1,4}})(?![^\W_]|[.,][0-9])")
_APIECE = re.compile(r",? ?\(?(?:each|apiece|cada|chacun|chaque|por |per |par |pour chacun|para cada|je |jeweils|pro )")
_MOST_AWARDS = 1000

_FIELDS = ("currency", "min_award_amount", "max_award_amount", "total_amount_available")
# Labels of interfaces: Grants.gov, the EU portal, BDNS, SICON and their like.
_LABELS = (
    ("min_award_amount", re.compile(r"minim|floor|lowest|least|desde")),
    ("max_award_amount", re.compile(r"maxim|ceiling|highest|up to|hasta|plafond")),
    (
        "total_amount_available",
        re.compile(r"budget|presupuesto|total|bolsa|dotaci|orcamento|enveloppe|funding|monto|cuantia|valor"),
    ),
)


def read_money(page: Page) -> None:
    """Write currency, award amounts and total on the page's sheet: what an interface states, then of the prose the rest."""
    stated = _stated(page)
    _read_prose(page, [line for _, line in stated.values()])
    if not stated:
        return
    currency = next(iter(stated.values()))[0].currency
    if page.values.get("currency") not in (None, currency):
        for field in _FIELDS:
            page.forget(field)
    for field, (money, line) in stated.items():
        if money.currency == currency:
            page.forget(field)
            page.state(field, money.high, "money.stated", 0.95, line, line)
            if "currency" not in page.values:
                page.state("currency", currency, "money.stated", 0.95, line, line)


def _stated(page: Page) -> dict[str, tuple[Money, Span]]:
    """ "Maximum contribution: EUR 6,000,000": lines that hold one amount and nothing else, by their labels."""
    stated: dict[str, tuple[Money, Span]] = {}
    for label, value in page.facts:
        told = page.folded[value[0] : value[1]].strip()
        found = [money for money in find_money(told, page.language, page.dollar) if money.currency]
        named = page.folded[label[0] : label[1]]
        field = next((field for field, words in _LABELS if words.search(named)), "")
        if (
            field
            and len(found) == 1
            and (found[0].start, found[0].end) == (0, len(told))
            and found[0].low == found[0].high
        ):
            stated.setdefault(field, (found[0], (label[0], value[1])))
    return stated


@dataclass(frozen=True)
class Prose:
    """The amounts of a page's prose, each with what it is for, on a page of this opportunity type."""

    page: Page
    kind: str | None
    amounts: list[Amount]

    @cached_property
    def totals(self) -> list[Amount]:
        """Those told as what a call has in all, of a size a call can have."""
        return [
            a
            for a in self.amounts
            if a.role == "total"
            and a.money.high <= _most_total(a.money)
            and (a.money.high >= LEAST_TOTAL or self.kind in _PRIZES)
        ]

    @cached_property
    def awards(self) -> list[Amount]:
        """The main ones of those told as an award; a network's daily allowance is none."""
        daily = self.kind == "network"
        return _chosen([a for a in self.amounts if a.role == "award" and not (daily and a.period == "day")], self.kind)

    @cached_property
    def bare(self) -> list[Amount]:
        """Those no word says anything of."""
        return [a for a in self.amounts if a.role == "" and (self.kind == "award" or not a.extra)]


class Kept(NamedTuple):
    """The amounts that become fields."""

    awards: list[Amount]
    totals: list[Amount]


def _read_prose(page: Page, stated: list[Span]) -> None:
    found = [
        money
        for money in page.money
        if money.currency
        and not page.is_apart(money.start)
        and not _whose(page, money)
        and not any(start <= money.start < end for start, end in stated)
    ]
    kind: str | None = page.values.get("opportunity_type")
    if not found or (kind == "placement" and _job(page)):
        return
    case = Prose(page, kind, _sums(page, [role_of(page, found, i, kind) for i in range(len(found))], kind))
    awards = first_answer(_WITHOUT_A_WORD, case)
    kept = Kept(case.awards if awards is None else awards, case.totals)
    for sort in _SORTED_OUT:
        kept = sort(case, kept) or kept
    if kept.awards:
        _awards(page, kept.awards)
    if kept.totals:
        _total(page, kept.totals)


# Amounts of which no word says what they are for, and that are awards by the type of the page.


def prizes(case: Prose) -> list[Amount] | None:
    """ "First place: 5,000 €" of an award; "6 € per story" beside it is what entering costs."""
    if case.kind != "award":
        return None
    most = max((a.money.high for a in case.bare + case.awards), default=Decimal(0))
    bare = [a for a in case.bare if a.money.high >= _LEAST_PRIZE or a.money.high * 10 >= most]
    return case.awards + [amount for amount in bare if amount not in case.awards]


def stipend_by_its_unit(case: Prose) -> list[Amount] | None:
    """ "900 € a month" of a scholarship or residency, and no other sum by a unit of time."""
    if case.awards or case.kind not in STIPENDS:
        return None
    paid = {(a.money.low, a.period) for a in case.amounts if a.period in OFTEN and a.role != "total"}
    return [a for a in case.amounts if (a.money.low, a.period) in paid][:1] if len(paid) == 1 else None


def one_sum_alone(case: Prose) -> list[Amount] | None:
    """ "5,000 €" of a fund, and no other sum."""
    if case.awards or case.totals or case.kind not in _PAYS:
        return None
    return case.bare[:1] if len({(a.money.low, a.money.high) for a in case.bare}) == 1 else None


_WITHOUT_A_WORD: tuple[Callable[[Prose], list[Amount] | None], ...] = (prizes, stipend_by_its_unit, one_sum_alone)


# What awards and totals make of each other, one after another.


def budget_among_awards(case: Prose, kept: Kept) -> Kept | None:
    """ "Up to 5,000 € each … 2 million €": beside what one can get, the far larger sum is the total."""
    project = case.kind in PROJECTS
    if not project and case.kind != "scholarship":
        return None
    awards, sums = _apart(kept.awards, 4 if project else 20)
    totals = kept.totals + sums
    return Kept(awards, _beside(awards, case.bare) if project and not totals else totals)


def total_of_one_person(case: Prose, kept: Kept) -> Kept | None:
    """ "In total 3,000 €; travel up to 300 €" of a residency: too little for a call is what one gets."""
    totals = kept.totals
    if case.kind not in STIPENDS or len(totals) != 1 or totals[0].money.high >= _least_budget(totals[0].money):
        return None
    aside = all((a.high or a.extra) and a.money.high < totals[0].money.high for a in kept.awards)
    return Kept(totals, []) if aside else None


def months_within_a_project(case: Prose, kept: Kept) -> Kept | None:
    """ "Scholarships of 800 a month" within a project of up to 180,000."""
    limit = any((a.high or a.money.low != a.money.high) and not a.period for a in kept.awards)
    if case.kind not in PROJECTS or not limit:
        return None
    return kept._replace(awards=[a for a in kept.awards if a.period != "month"])


def salary_of_a_placement(case: Prose, kept: Kept) -> Kept | None:
    """ "20,000 € a year": a stipend is told by the month, a salary by the year."""
    if case.kind != "placement":
        return None
    return kept._replace(awards=[a for a in kept.awards if a.period != "year"])


_SORTED_OUT: tuple[Callable[[Prose, Kept], Kept | None], ...] = (
    budget_among_awards,
    total_of_one_person,
    months_within_a_project,
    salary_of_a_placement,
)


def _sums(page: Page, amounts: list[Amount], kind: str | None) -> list[Amount]:
    """What several get together is a total: the largest sum where it comes to the others added up, or to so many times
    another as the text tells ("five laureates share 250 000 €, 50 000 € each")."""
    told = [
        a for a in amounts if a.role != "other" and a.money.low == a.money.high and a.money.currency and not a.period
    ]
    if kind in PERSONAL - {"scholarship"} or len({a.money.high for a in told}) < 2:
        return amounts
    most = max(told, key=lambda a: a.money.high)
    value, currency = most.money.high, most.money.currency
    rest = [a for a in told if a.money.high < value and a.money.currency == currency]
    beside = [a for a in rest if 0 <= a.money.start - most.money.end <= 6]
    if most.role != "total" and beside and len(rest) > 1:
        return amounts  # "three prizes, of 2,500, 1,500 and 1,000": the first of a list is none of its sum
    added = sum(a.money.high * times_of(page, a.money) for a in rest)
    several = (
        kind not in PERSONAL
        and len({a.money.high for a in rest}) > 1
        and value in (added, sum(a.money.high for a in rest))
    )
    times = {
        value / a.money.high for a in rest if _APIECE.match(page.folded, a.money.end) or times_of(page, a.money) > 1
    }
    plain = most.role == "total" or len({a.money.high for a in told}) == 2
    shared = plain and any(
        1 < n <= _MOST_AWARDS and n == int(n) and _says(page, int(n), most.money, rest) for n in times
    )
    if not (several or shared):
        return amounts
    return [
        a._replace(role="total" if a.money.high == value else "award")
        if a in told and a.money.currency == currency
        else a
        for a in amounts
    ]


def _least_budget(money: Money) -> Decimal:
    """Below this a sum in all is one person's, in the units of its currency."""
    return Decimal(_LEAST_BUDGET) * _UNITS.get(money.currency or "", 1)


def _most_total(money: Money) -> Decimal:
    """Above this a sum is a sector's or a country's, no call's, in the units of its currency."""
    return Decimal(_MOST_TOTAL) * _UNITS.get(money.currency or "", 1)


def _says(page: Page, count: int, most: Money, rest: list[Amount]) -> bool:
    """Whether this count is told near these sums."""
    start, end = min(most.start, rest[0].money.start), max(most.end, rest[-1].money.end)
    near = page.folded[max(0, start - 160) : end + 120]
    return any(parse_count(m.group()) == count for m in _COUNTS.finditer(near))


def _job(page: Page) -> bool:
    """A job's pay is a salary; interns and volunteers get a stipend."""
    return page.any("money.job", (0, len(page.text))) and not page.hits("money.intern")


def _beside(awards: list[Amount], bare: list[Amount]) -> list[Amount]:
    """One far larger sum beside what a project can get, with no word of what it is for, is what the call has in all."""
    limits = [a.money.high for a in awards if a.high or a.money.low != a.money.high]
    sums = [a for a in bare if limits and 4 * max(limits) <= a.money.low == a.money.high <= _MOST_AWARDS * max(limits)]
    return sums[:1] if len({a.money.high for a in sums}) == 1 else []


def _apart(awards: list[Amount], times: int) -> tuple[list[Amount], list[Amount]]:
    """Beside what one project can get ("up to", "between"), a far larger sum is what the call has in all."""
    limits = [a.money.high for a in awards if a.high or a.money.low != a.money.high]
    if not limits:
        return awards, []
    least = min(limits)
    sums = [
        a
        for a in awards
        if a.money.low == a.money.high and a.money.high >= least * (max(10, times) if a.high else times)
    ]
    return [amount for amount in awards if amount not in sums], sums


def _whose(page: Page, money: Money) -> bool:
    """A bare "$" where another country's dollars may be meant."""
    if money.currency != "USD" or page.folded[money.start] != "$" or "us" in page.folded[money.end : money.end + 6]:
        return False
    named = {hit.place.code for hit in page.places if hit.place.kind == "country"}
    return bool(named & _OTHER_DOLLARS) and "US" not in named and len(named) < 4


def _chosen(awards: list[Amount], kind: str | None) -> list[Amount]:
    """The main sums: not what comes on top of them, and of a person's those of one unit (the month)."""
    main = [amount for amount in awards if not amount.extra] or awards
    periodic = [amount for amount in main if amount.period]
    if kind in PERSONAL and periodic:
        unit = [amount for amount in periodic if amount.period == periodic[0].period]
        main = [a for a in main if a in unit or (not a.period and any(a.within == u.within for u in unit))]
    return main


def _awards(page: Page, awards: list[Amount]) -> None:
    currency = awards[0].money.currency
    same = [amount for amount in awards if amount.money.currency == currency][:12]
    fixed = [a for a in same if not a.high and a.money.low == a.money.high]
    if page.values.get("opportunity_type") in PERSONAL and fixed:  # "a grant of 750; travel paid up to 300"
        most = max(a.money.high for a in fixed)
        same = [a for a in same if a in fixed or a.money.high >= most or a.low]
    capped = {a.money.high for a in same if a.high and not a.low}
    lows: list[tuple[Decimal, Amount]] = []
    highs: list[tuple[Decimal, Amount]] = []
    for amount in same:
        money = amount.money
        ranged = money.low != money.high
        high = not ranged and (amount.high or money.high in capped)
        if ranged or not high or amount.low:
            lows.append((money.low, amount))
        if ranged or not amount.low or high:
            highs.append((money.high, amount))
    proved = False
    if highs:
        value, amount = max(highs, key=lambda pair: pair[0])
        proved |= _state(page, "max_award_amount", value, amount, "money.award")
    if lows and not (capped and highs and min(lows, key=lambda pair: pair[0])[0] >= max(capped)):
        value, amount = min(lows, key=lambda pair: pair[0])
        proved |= _state(page, "min_award_amount", value, amount, "money.award")
    if proved:
        _state(page, "currency", currency, same[0], "money.award")


def _total(page: Page, totals: Iterable[Amount]) -> None:
    currency, most = page.values.get("currency"), page.values.get("max_award_amount") or Decimal(0)
    same = [a for a in totals if currency in (None, a.money.currency) and a.money.high > most]
    if not same:
        return
    at = page.evidence[-1].start if currency else 0  # beside the awards, where there are any
    same = [amount for amount in same if not amount.period] or same  # not a body's yearly budget
    best = min(same, key=lambda a: abs(a.money.start - at)) if currency else max(same, key=lambda a: a.money.high)
    if _state(page, "total_amount_available", best.money.high, best, "money.total") and currency is None:
        _state(page, "currency", best.money.currency, best, "money.total")


def _state(page: Page, field: str, value: object, amount: Amount, rule: str) -> bool:
    confidence = 0.9 if amount.role else 0.6
    start, end = amount.money.core
    within = min(amount.within[0], start), max(amount.within[1], end)
    return page.state(field, value, rule, confidence, (start, end), within)
