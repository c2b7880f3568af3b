"""The gate every reading of every reader passes: what its quotes do not prove is taken out and named (architecture §6).

A stated value is read again from its quotes and must come out the same; an inferred one must have a quote; a term must
be in its vocabulary, a link among the notice's own, a region named where it is said to be. What a page orders a machine
proves nothing. How values were found belongs to the readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from boi_pipeline.reading.context import VOCABULARIES
from boi_pipeline.reading.late import late
from boi_pipeline.reading.offline.everybody import find_anywhere, find_foreigners, shuts_out
from boi_pipeline.reading.offline.lexicon import phrase_index
from boi_pipeline.reading.offline.phrases import words_of
from boi_pipeline.reading.offline.places import ANYWHERE, Place, members, place_index
from boi_pipeline.reading.orders import order_spans, silenced
from boi_pipeline.reading.quotes import TextView, collapse, fold, view_of
from boi_pipeline.reading.values.ages import find_ages
from boi_pipeline.reading.values.clock import SAME_HOUR, THAT_DAY, find_times, find_zone, zone_of_place
from boi_pipeline.reading.values.dates import find_dates
from boi_pipeline.reading.values.languages import find_languages
from boi_pipeline.reading.values.money import Money, dollar_of, find_money
from boi_pipeline.reading.values.numbers import COUNT_WORD, parse_count, shown_counts
from boi_pipeline.reading.values.targets import find_targets
from boi_pipeline.records import FACTS, Deadline, Evidence, Reading
from scrapers.notice import Notice

if TYPE_CHECKING:
    from boi_pipeline.reading.context import ReadingContext

_SAID_FOR_ALL = re.compile(
    r"(?<![^\W_])(?:each|all|every|both|cada|todos|todas|ambos|ambas|chaque|tous|toutes|les deux|alle|jede[rs]?|always|siempre|toujours|sempre|immer)(?![^\W_])"
)
_COUNTRY = re.compile(r"[A-Z]{2}")
_EVERYBODY = frozenset({"eligibility.international", "eligibility.elsewhere"})
_PEOPLE = ("eligibility.people", "applicants.")
_COUNT = late(rf"(?<![0-9.,])(?:[0-9]{{1,3}}(?:[.,][0-9]{{3}})+|[0-9]+)(?![0-9])|(?<![a-z-])(?:{COUNT_WORD})(?![a-z-])")


def posted_day(notice: Notice) -> date | None:
    """The day the announcement was published, as far as a reader may know it."""
    return notice.published_at.date() if notice.published_at else None


def prove(reading: Reading, notice: Notice, context: ReadingContext) -> Reading:
    """``reading`` with only what its evidence proves; what is taken out is named in ``dropped``. Idempotent."""
    view = view_of(notice.text)
    ordered = [view.raw_span(*span) for span in silenced(view, order_spans(view)) if span[0] < span[1]]
    quotes: dict[str, list[Evidence]] = {}
    for evidence in dict.fromkeys(reading.evidence):
        exempt = evidence.field == "red_flags" or (evidence.field == "application_fee" and reading.application_fee)
        if _stands(evidence, notice, view) and (exempt or not _within(evidence, ordered)):
            quotes.setdefault(evidence.field, []).append(evidence)
    changed: dict[str, Any] = {}
    dropped = set(reading.dropped)
    for name in FACTS:
        value = getattr(reading, name)
        if _empty(name, value):
            continue
        proved = _proved(name, value, quotes.get(name, []), notice, context)
        if proved != value:
            changed[name] = proved
            dropped.add(name)
    kept = {name: changed.get(name, getattr(reading, name)) for name in FACTS}
    for name in ("min_award_amount", "max_award_amount", "total_amount_available", "currency"):
        others = [kept[n] for n in ("min_award_amount", "max_award_amount", "total_amount_available")]
        alone = kept["currency"] is None if name != "currency" else all(amount is None for amount in others)
        if kept[name] is not None and alone:
            kept[name] = changed[name] = None
            dropped.add(name)
    changed["evidence"] = sorted(
        (e for name, found in quotes.items() if name in FACTS and not _empty(name, kept[name]) for e in found),
        key=lambda e: (e.field, e.start, e.end, e.rule),
    )
    changed["dropped"] = sorted(dropped)
    return reading.model_copy(update=changed)


def _stands(evidence: Evidence, notice: Notice, view: TextView) -> bool:
    """The quote is the span of this notice, not blank, and touches nothing masked."""
    return (
        evidence.notice_id == notice.notice_id
        and view.provable(evidence.start, evidence.end)
        and notice.text[evidence.start : evidence.end] == evidence.quote
        and bool(evidence.quote.strip())
    )


def _within(evidence: Evidence, spans: list[tuple[int, int]]) -> bool:
    return any(start < evidence.end and evidence.start < end for start, end in spans)


def _empty(name: str, value: Any) -> bool:
    return value is None or value == [] or (name == "home_eligible" and value == "unclear")


def _nothing(name: str, value: Any) -> Any:
    if name == "home_eligible":
        return "unclear"
    return [] if isinstance(value, list) else None


def _proved(name: str, value: Any, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> Any:
    """``value`` as far as ``quotes`` prove it, else its nothing."""
    if not quotes:
        return _nothing(name, value)
    if name in VOCABULARIES:
        terms = set(context.terms(VOCABULARIES[name]))
        if isinstance(value, list):
            return [term for term in value if str(term) in terms]
        return value if str(value) in terms else None
    check = _CHECKS.get(name)
    return check(value, quotes, notice, context) if check else value


def _deadlines(
    value: list[Deadline], quotes: list[Evidence], notice: Notice, context: ReadingContext
) -> list[Deadline]:
    told = [e.quote for e in quotes]
    proved = [deadline for deadline in value if deadline_follows(deadline, told, notice)]
    return proved if len(proved) == len(value) else [d.model_copy(update={"seq": i}) for i, d in enumerate(proved, 1)]


def deadline_follows(deadline: Deadline, quotes: list[str], notice: Notice) -> bool:
    """Whether a deadline's day, hour and zone can be read again from quotes of its notice.

    Hour and zone stand in the quote that names the day, or in one that speaks of all deadlines ("each", "both").
    """
    folded = [fold(collapse(quote)) for quote in quotes]
    own = [
        text for text, quote in zip(folded, quotes, strict=True) if deadline.close_date in _days(quote, text, notice)
    ]
    shared = [text for text in folded if _SAID_FOR_ALL.search(text)]
    if not own:
        return False
    shared += [text for text in folded if THAT_DAY.search(text)]
    if any(SAME_HOUR.search(text) for text in own):
        shared = folded
    if deadline.close_time and not any(
        deadline.close_time == hour for t in own + shared for _, _, hour in find_times(t)
    ):
        return False
    if deadline.timezone is None:
        return True
    if deadline.basis == "assumed":
        return deadline.timezone == notice.timezone
    return any(deadline.timezone in zones_in(text) for text in own + shared)


def _days(quote: str, folded: str, notice: Notice) -> set[date]:
    return {hit.day for hit in find_dates(collapse(quote), folded, notice.date_order, posted_day(notice))}


def zones_in(folded: str) -> set[str]:
    """Every zone named in folded text; also of a place right after the day, where an hour is printed."""
    zones, at = set(), 0
    while found := find_zone(folded, at):
        zones.add(found[2])
        at = found[1]
    if find_times(folded):  # "a las 12:00 del 20 de abril, en Oaxaca"; "20 April in Paris" tells where, not when
        days = find_dates(folded, folded, "dmy", None)
        zones |= {place[2] for day in days if (place := zone_of_place(folded, day.end, len(folded)))}
    return zones


def _sums(quote: str, notice: Notice) -> list[Money]:
    dollar = dollar_of(fold(collapse(notice.text)), notice.language, notice.timezone)
    return find_money(fold(collapse(quote)), notice.language, dollar)


def _amount(value: Decimal, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> Decimal | None:
    read = {amount for e in quotes for m in _sums(e.quote, notice) for amount in (m.low, m.high)}
    return value if value in read else None


def _currency(value: str, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> str | None:
    read = {money.currency for e in quotes for money in _sums(e.quote, notice)}
    return value if value in read else None


def _count(value: int, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> int | None:
    told = [fold(collapse(e.quote)) for e in quotes]
    read = {parse_count(number) for words in told for number in _COUNT.findall(words)}
    read |= {count for words in told for count in shown_counts(words)}
    return value if value in read else None


def _words(value: str, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> str | None:
    return value if value and any(fold(collapse(value)) in fold(collapse(e.quote)) for e in quotes) else None


def _languages(value: list[str], quotes: list[Evidence], notice: Notice, context: ReadingContext) -> list[str]:
    read = {language for e in quotes for _, _, language in find_languages(fold(collapse(e.quote)))}
    return [language for language in value if language in read]


def _age(value: str, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> str | None:
    read = {ages for e in quotes for _, _, ages in find_ages(fold(collapse(e.quote)))}
    return value if value in read else None


def _link(value: str, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> str | None:
    """A link whose words or address are quoted; not one whose words are another's too, where the page gives orders."""
    view = view_of(notice.text)
    ordered = fold(collapse("\n".join(view.text[start:end] for start, end in silenced(view, order_spans(view)))))
    for link in notice.links:
        if link.url == value:
            if ordered and fold(collapse(link.text)) in ordered:
                return None
            told = [fold(collapse(text)) for text in (link.text, link.url) if text.strip()]
            if any(text and text in fold(collapse(e.quote)) for text in told for e in quotes):
                return value
    return None


def _countries(value: list[str], quotes: list[Evidence], notice: Notice, context: ReadingContext) -> list[str]:
    return [code for code in value if _COUNTRY.fullmatch(code)]


def _regions(value: list[str], quotes: list[Evidence], notice: Notice, context: ReadingContext) -> list[str]:
    named = {place.code for e in quotes for place in _named(e.quote, context)}
    return [code for code in value if code in named]


def _home(value: str, quotes: list[Evidence], notice: Notice, context: ReadingContext) -> str:
    """A yes needs words that name the home country, a group it belongs to, or everybody; a no, any words."""
    if value == "no":
        return value
    places = [place for e in quotes for place in _named(e.quote, context)]
    home, groups = context.home_country, members(context)
    return value if any(place.code == home or home in groups.get(place.code, ()) for place in places) else "unclear"


def _named(quote: str, context: ReadingContext) -> list[Place]:
    """The places a quote names, in any language. Words for everybody name all: "international applicants", "elsewhere",
    "no condition of nationality", "who are not nationals of X" where X is not, nor holds, the home country.
    """
    folded = fold(collapse(quote))
    words = words_of(folded)
    found = place_index(context).find(folded, words)
    entries = phrase_index().find(folded, words)
    people = [(start, end) for start, end, entry in entries if entry.key.startswith(_PEOPLE)]
    home, groups = context.home_country, members(context)
    away = not any(place.code == home or home in groups.get(place.code, ()) for _, _, place in found)
    everybody = (
        any(entry.key in _EVERYBODY for _, _, entry in entries)
        or bool(find_anywhere(folded))
        or bool(find_foreigners(folded, people))
        or (away and any(shuts_out(folded, start) is not None for start, _, _ in found))
    )
    return [place for _, _, place in found] + [ANYWHERE] * everybody


def _targets(value: list[str], quotes: list[Evidence], notice: Notice, context: ReadingContext) -> list[str]:
    read = {target for e in quotes for _, _, target in find_targets(fold(collapse(e.quote)))}
    return [target for target in value if target in read]


_CHECKS: dict[str, Callable[[Any, list[Evidence], Notice, ReadingContext], Any]] = {
    "deadlines": _deadlines,
    "close_date_description": _words,
    "currency": _currency,
    "min_award_amount": _amount,
    "max_award_amount": _amount,
    "total_amount_available": _amount,
    "estimated_award_count": _count,
    "opportunity_number": _words,
    "funder_name": _words,
    "required_languages": _languages,
    "typical_age_range": _age,
    "apply_url": _link,
    "host_countries": _countries,
    "eligible_regions": _regions,
    "home_eligible": _home,
    "sdg_targets": _targets,
}
