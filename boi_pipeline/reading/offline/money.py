"""What is paid: award amounts, the total available, the number of awards.

An amount counts as an award or a total only by the words around it; fees, salaries, past figures and own contributions
never do. How amounts are written belongs to ``values.money``.
"""

import re
from decimal import Decimal
from typing import NamedTuple

from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.values.money import Money, find_money
from boi_pipeline.reading.values.numbers import COUNT_WORD, parse_count

_COUNT = re.compile(
    rf"(?<![0-9.,:/$€£-])([0-9]{{1,3}}(?:[.,][0-9]{{3}})+|[0-9]{{1,5}}|{COUNT_WORD})(?![0-9.,]*[0-9%])(?![a-z])"
)
_BETWEEN = re.compile(r"[^.;:\n]{0,32}")
_OTHER_NOUNS = re.compile(
    r"\b(?:years?|months?|weeks?|days?|hours?|anos?|meses|mes|mois|semanas?|dias|horas?|ans|jours|heures|edition|edicion|countries|paises|pays)\b"
)


class _Amount(NamedTuple):
    money: Money
    role: str  # total | award | "" (no word says)
    low: bool
    high: bool
    within: Span


def read_money(page: Page) -> None:
    """Write currency, award amounts and total on the page's sheet."""
    amounts = [_role(page, money) for money in find_money(page.folded, page.language) if money.currency]
    awards = [amount for amount in amounts if amount.role == "award"]
    totals = [amount for amount in amounts if amount.role == "total"]
    bare = [amount for amount in amounts if amount.role == ""]
    if not awards and len({(a.money.currency, a.money.high) for a in bare}) == 1 and not totals:
        awards = bare[:1]
    if awards:
        _awards(page, awards)
    if totals:
        _total(page, totals)


def _role(page: Page, money: Money) -> _Amount:
    segment = page.segment(money.start)
    start = max(segment[0], money.start - 110)
    label = page.segments[page.view.segment_at(money.start) - 1] if page.view.segment_at(money.start) else segment
    lead = page.folded[segment[0] : money.start].strip()
    if len(lead) <= 12 and label[1] - label[0] <= 60:
        start = label[0]
    before, after = (start, money.start), (money.end, min(segment[1], money.end + 60))
    nearest: tuple[int, int, str] = (10**9, 0, "")
    for role in ("total", "award", "other"):
        for hit in page.hits(f"money.{role}", *before):
            nearest = min(nearest, (money.start - hit.end, -(hit.end - hit.start), role))
    after_hits = [
        (hit.start - money.end + 6, -(hit.end - hit.start), role)
        for role in ("total", "award", "other")
        for hit in page.hits(f"money.{role}", *after)
    ]
    nearest = min([nearest, *after_hits])
    role = nearest[2]
    if role == "award" and page.any("money.total", before) and not _total_past(page, before, money.start):
        role = "total"
    if role in ("award", "") and _other_near(
        page, (max(segment[0], money.start - 45), money.start), (money.end, min(segment[1], money.end + 30))
    ):
        role = "other"
    close = (max(start, money.start - 32), money.start)
    return _Amount(money, role, page.any("money.low", close), page.any("money.high", close), (start, segment[1]))


def _total_past(page: Page, before: Span, at: int) -> bool:
    """Whether a word of awards stands between the word of totals and the amount, after a break."""
    total = page.hits("money.total", *before)[-1]
    return any(
        hit.start >= total.end and "," in page.folded[total.end : at] for hit in page.hits("money.award", *before)
    )


def _other_near(page: Page, before: Span, after: Span) -> bool:
    others = page.hits("money.other", *before) + page.hits("money.other", *after)
    awards = page.hits("money.award", *before)
    return any(not any(award.start >= other.end for award in awards) for other in others)


def _awards(page: Page, awards: list[_Amount]) -> None:
    currency = awards[0].money.currency
    same = [amount for amount in awards if amount.money.currency == currency][:8]
    lows: list[tuple[Decimal, _Amount]] = []
    highs: list[tuple[Decimal, _Amount]] = []
    for amount in same:
        money = amount.money
        if money.low != money.high or not amount.high or amount.low:
            lows.append((money.low, amount))
        if money.low != money.high or not amount.low or amount.high:
            highs.append((money.high, amount))
    proved = False
    if highs:
        value, amount = max(highs, key=lambda pair: pair[0])
        proved |= _state(page, "max_award_amount", value, amount, "money.award")
    if lows:
        value, amount = min(lows, key=lambda pair: pair[0])
        proved |= _state(page, "min_award_amount", value, amount, "money.award")
    if proved:
        _state(page, "currency", currency, same[0], "money.award")


def _total(page: Page, totals: list[_Amount]) -> None:
    currency = page.values.get("currency")
    same = [amount for amount in totals if currency in (None, amount.money.currency)]
    if not same:
        return
    best = max(same, key=lambda amount: amount.money.high)
    if _state(page, "total_amount_available", best.money.high, best, "money.total") and currency is None:
        _state(page, "currency", best.money.currency, best, "money.total")


def _state(page: Page, field: str, value: object, amount: _Amount, rule: str) -> bool:
    confidence = 0.9 if amount.role else 0.6
    return page.state(field, value, rule, confidence, (amount.money.start, amount.money.end), amount.within)


def read_count(page: Page) -> None:
    """Write estimated_award_count: how many awards, places or winners there are."""
    for _, span in page.label("count.labels"):
        match = _COUNT.search(page.folded, *span)
        if match and match.start() - span[0] <= 14 and (count := parse_count(match[1])):
            page.state(
                "estimated_award_count", count, "count.label", 0.9, match.span(), (_line(page, span[0]), span[1])
            )
            return
    for hit in page.hits("count.nouns"):
        segment = page.segment(hit.start)
        if segment[0] == 0 and hit.end <= page.title[1]:
            continue
        numbers = list(_COUNT.finditer(page.folded, max(segment[0], hit.start - 34), hit.start))
        if not numbers:
            continue
        number = numbers[-1]
        between = page.folded[number.end() : hit.start]
        if (
            not _BETWEEN.fullmatch(between)
            or _OTHER_NOUNS.search(between)
            or len(between.split()) > 3
            or "," in between
        ):
            continue
        count = parse_count(number[1])
        if not count or count > 20_000 or 1990 <= count <= 2099:
            continue
        offered = (
            page.any("coverage.verb", segment)
            or page.any("opportunity.yes", segment)
            or page.any("money.award", segment)
        )
        if offered and not page.any("opportunity.result", segment):
            page.state("estimated_award_count", count, "count.words", 0.8, (number.start(), hit.end), segment)
            return


def _line(page: Page, at: int) -> int:
    return page.segment(max(0, at - 2))[0]
