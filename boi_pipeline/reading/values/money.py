"""Amounts of money with their currency, in either number style, with ranges. What an amount is for belongs to the rules.

ISO 4217 codes. A bare "$" is US dollars in an English text and of no known currency elsewhere, where many countries
write their own peso so; "pesos" alone likewise.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from boi_pipeline.reading.values.numbers import MULTIPLIER, MULTIPLIERS, NUMBER, parse_number

_BEFORE = {
    "us$": "USD", "usd$": "USD", "u$s": "USD", "u$d": "USD", "usd": "USD", "a$": "AUD", "au$": "AUD", "aud": "AUD", "c$": "CAD", "ca$": "CAD", "cad": "CAD",
    "nz$": "NZD", "nzd": "NZD", "r$": "BRL", "brl": "BRL", "s$": "SGD", "sgd": "SGD", "hk$": "HKD", "hkd": "HKD", "mx$": "MXN", "mxn": "MXN",
    "col$": "COP", "cop$": "COP", "cop": "COP", "eur": "EUR", "euro": "EUR", "€": "EUR", "gbp": "GBP", "£": "GBP", "chf": "CHF",
    "jpy": "JPY", "¥": "JPY", "₹": "INR", "inr": "INR", "₦": "NGN", "ngn": "NGN", "₩": "KRW", "krw": "KRW", "sek": "SEK",
    "nok": "NOK", "dkk": "DKK", "zar": "ZAR", "clp": "CLP", "ars": "ARS", "pen": "PEN", "uyu": "UYU", "cny": "CNY", "rmb": "CNY",
    "xof": "XOF", "xaf": "XAF", "kes": "KES", "pln": "PLN", "czk": "CZK", "try": "TRY", "thb": "THB", "myr": "MYR", "twd": "TWD",
    "nt$": "TWD", "$": "$",
}  # fmt: skip
_AFTER = {
    "dolares canadienses": "CAD", "canadian dollars": "CAD", "dolares australianos": "AUD", "australian dollars": "AUD",
    "new zealand dollars": "NZD", "singapore dollars": "SGD", "dolares estadounidenses": "USD", "dolares americanos": "USD", "us dollars": "USD",
    "u.s. dollars": "USD", "american dollars": "USD", "dollars americains": "USD", "dollars us": "USD", "dolares": "USD", "dollars": "USD", "us-dollar": "USD",
    "euros": "EUR", "euro": "EUR", "eur": "EUR", "€": "EUR", "libras esterlinas": "GBP", "livres sterling": "GBP", "pounds sterling": "GBP",
    "british pounds": "GBP", "pounds": "GBP", "libras": "GBP", "£": "GBP", "francos suizos": "CHF", "francs suisses": "CHF", "swiss francs": "CHF",
    "francos suicos": "CHF", "schweizer franken": "CHF", "yenes": "JPY", "yen": "JPY", "yens": "JPY", "pesos colombianos": "COP", "pesos mexicanos": "MXN",
    "pesos chilenos": "CLP", "pesos argentinos": "ARS", "pesos uruguayos": "UYU", "reais": "BRL", "soles": "PEN", "rand": "ZAR", "rupees": "INR",
    "naira": "NGN", "won": "KRW", "yuan": "CNY", "rmb": "CNY", "francs cfa": "XOF", "fcfa": "XOF", "f cfa": "XOF", "pesos": "$",
    "$us": "USD", "$ us": "USD", "$": "$",
}  # fmt: skip
_CODES = frozenset(
    [
        "usd",
        "aud",
        "cad",
        "nzd",
        "brl",
        "sgd",
        "hkd",
        "mxn",
        "cop",
        "gbp",
        "chf",
        "jpy",
        "inr",
        "ngn",
        "krw",
        "sek",
        "nok",
        "dkk",
        "zar",
        "clp",
        "ars",
        "pen",
        "uyu",
        "cny",
        "xof",
        "xaf",
        "kes",
        "pln",
        "czk",
        "thb",
        "myr",
        "twd",
    ]
)


def _any(words: dict[str, str] | frozenset[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_B = rf"(?:(?<![a-z$])(?:{_any(_BEFORE)}))"
_A = rf"(?:(?:{_any(_AFTER)}|{_any(_CODES)})(?![a-z]))"
_N = rf"(?<![0-9])(?:{NUMBER})(?:,-|\.-)?"
_M = rf"(?: ?(?:{MULTIPLIER})(?![a-z]))?"
_TO = r"(?: ?- ?| to | and | a | y | hasta | et | e | ate | bis | und | ou | o | or | u )"
_MONEY = re.compile(
    rf"(?P<b1>{_B}) ?(?P<n1>{_N})(?P<m1>{_M})(?:{_TO}(?P<b2>{_B})? ?(?P<n2>{_N})(?P<m2>{_M})(?![0-9%]| ?%))?(?P<a1> ?{_A})?"
    rf"|(?P<n3>{_N})(?P<m3>{_M})(?: (?:de|d'))?(?:(?: ?{_A})?{_TO}(?P<n4>{_N})(?P<m4>{_M})(?: (?:de|d'))?)? ?(?P<a2>{_A})"
)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, or a range, with its span. ``currency`` is an ISO 4217 code; None where it cannot be told."""

    start: int
    end: int
    currency: str | None
    low: Decimal
    high: Decimal


def find_money(folded: str, language: str) -> list[Money]:
    """Every amount of money in folded text, in order. ``language`` says what a bare "$" means."""
    found = []
    for match in _MONEY.finditer(folded.replace("\n", " ")):
        money = _money(match, language)
        if money is not None:
            found.append(money)
    return found


def _money(match: re.Match[str], language: str) -> Money | None:
    if match["b1"]:
        sign = _BEFORE[match["b1"]]
        if match["a1"]:
            told = match["a1"].strip()
            named = _AFTER.get(told) or told.upper()
            sign = named if sign == "$" and named != "$" else sign
        first, second = (match["n1"], match["m1"]), (match["n2"], match["m2"])
    else:
        told = match["a2"].strip()
        sign = _AFTER.get(told) or told.upper()
        first, second = (match["n3"], match["m3"]), (match["n4"], match["m4"])
    currency = ("USD" if language == "en" else None) if sign == "$" else sign
    low = _amount(*first)
    if low is None:
        return None
    high = _amount(*second) if second[0] else low
    if high is None:
        return None
    if second[0] and low < high and second[1] and not first[1] and low * 1000 <= high:
        low = low * (high / (parse_number(second[0].rstrip(",.-")) or Decimal(1)))
    end = match.end()
    if high < low:
        if second[0] is None:
            return None
        high, end = low, match.end("m1") if match["b1"] else match.end()
    if not 0 < high < 10**15:
        return None
    return Money(match.start(), end, currency, low, high)


def _amount(number: str | None, multiplier: str | None) -> Decimal | None:
    value = parse_number((number or "").rstrip(",.-"))
    if value is None:
        return None
    return value * MULTIPLIERS[multiplier.strip()] if multiplier and multiplier.strip() else value
