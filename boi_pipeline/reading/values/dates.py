"""Dates as people write them, in five languages: every date of a text with its span.

A date without a day is no date. A missing year is inferred only from the day of the post or the week day printed.
What a date is for (closing, opening, an event) belongs to the rules that read it.
"""

import re
from datetime import date
from itertools import pairwise

from boi_pipeline.reading.values.days import MONTH, MONTHS, WEEKDAYS, YEAR, DateHit, any_of, guess_year, make_day
from boi_pipeline.reading.values.days_alone import with_days_alone
from scrapers.notice import DateOrder

# Read as a month without a year only when written with a capital, or inside "5 de mayo".
_ALSO_WORDS = frozenset(["may", "march", "mar", "out", "set", "ago", "marco"])
_DAY_WORDS = {
    1: "first primero premier primeiro uno ersten",
    2: "second dos deux dois",
    3: "third tres trois",
    4: "fourth cuatro quatre quatro",
    5: "fifth cinco cinq",
    6: "sixth seis six",
    7: "seventh siete sept sete",
    8: "eighth ocho huit oito",
    9: "ninth nueve neuf nove",
    10: "tenth diez dix dez",
    11: "eleventh once onze",
    12: "twelfth doce douze doze",
    13: "thirteenth trece treize treze",
    14: "fourteenth catorce quatorze",
    15: "fifteenth quince quinze funfzehnten",
    16: "sixteenth dieciseis seize dezesseis",
    17: "seventeenth diecisiete dix-sept dezessete",
    18: "eighteenth dieciocho dix-huit dezoito",
    19: "nineteenth diecinueve dix-neuf dezenove",
    20: "twentieth veinte vingt vinte zwanzigsten",
    21: "twenty-first veintiuno vingt_et_un vinte_e_um veintiun",
    22: "twenty-second veintidos vingt-deux vinte_e_dois",
    23: "twenty-third veintitres vingt-trois vinte_e_tres",
    24: "twenty-fourth veinticuatro vingt-quatre vinte_e_quatro",
    25: "twenty-fifth veinticinco vingt-cinq vinte_e_cinco",
    26: "twenty-sixth veintiseis vingt-six vinte_e_seis",
    27: "twenty-seventh veintisiete vingt-sept vinte_e_sete",
    28: "twenty-eighth veintiocho vingt-huit vinte_e_oito",
    29: "twenty-ninth veintinueve vingt-neuf vinte_e_nove",
    30: "thirtieth treinta trente trinta dreissigsten",
    31: "thirty-first treinta_y_uno treinta_y_un trente_et_un trinta_e_um",
}
DAY_WORDS = {name.replace("_", " "): number for number, names in _DAY_WORDS.items() for name in names.split()}
_YEAR_WORDS = {
    "dos mil veinticinco": 2025, "dos mil veintiseis": 2026, "dos mil veintisiete": 2027, "dos mil veintiocho": 2028,
    "dos mil veintinueve": 2029, "dos mil treinta": 2030,
    "deux mille vingt-six": 2026, "deux mille vingt-sept": 2027, "deux mille vingt-huit": 2028,
    "dois mil e vinte e seis": 2026, "dois mil e vinte e sete": 2027, "dois mil e vinte e oito": 2028,
}  # fmt: skip


_SUFFIX = r"(?:st|nd|rd|th|er|ᵉʳ|ro|\.?o|a|\.)?"
_OF = r"(?: ?de[l]? | ?do | ?of | ?of the |[ -]|\. ?|/)"
_YEAR_AFTER = (
    rf"(?: ?\((?:{any_of(WEEKDAYS)})\.?\)(?=,? ?{YEAR}))?"
    rf"(?:(?:,? de[l]? (?:ano )?|,? do ano (?:de )?|, ?| |-|\. ?|/|,? of | ?\()(?P<year>{YEAR})(?![0-9])"
    r"|(?:[-/]| ?')(?P<short>[0-9]{2})(?![0-9:.,h]))?"
)
_JOIN = (
    r"(?: ?[-/] ?| ?, ?| (?:to|until|till|through|and|al|a|hasta el|y|y el|y al|y hasta el|et|au|e|ate|ate o dia|und"
    r"|bis|bis zum) )"
)

_ISO = re.compile(rf"(?<![0-9./-])({YEAR})([-/.])([01]?[0-9])\2([0-3]?[0-9])(?![0-9]|[./-][0-9])")
_NUMERIC = re.compile(
    r"(?<![0-9./:,-])([0-3]?[0-9])(?:([-/.:])|( ?[-/.] ?))([0-3]?[0-9])(?:\2|\3)((?:19|20)[0-9]{2}|[0-9]{2})(?![0-9]"
    r"|[./:-][0-9])"
)
# "até 17/05": a day and a month in figures are a date only behind a word that leads to one.
_NO_YEAR = re.compile(
    r"(?:\((?=[0-3]?[0-9]/[01][0-9]\))|\b(?:ate|hasta|jusqu'au|until|by|before|bis|zum|al|au|du|del|dia|le|el|am|[0-9]h de"
    r"|para|pour|antes d[eo]|avant|close|closes|closing|deadline:?|due|due date:?|cierra|cierre:?|vence|limite:?|ferme|cloture:?|encerra|prazo:?|frist:?|entries|apply|fim:?) |(?:^|\n)[^\w\n]*)"
    r"([0-3]?[0-9])/([01]?[0-9])(?![0-9/%-]|[.,][0-9]| ?%)"
)
# "by 17.05." and "16/3 a 24/5": the same behind a word of a limit, and of a range.
_DOTTED = re.compile(
    r"\b(?:by|until|before|bis|bis zum|zum|hasta el|ate|antes del|avant le|jusqu'au) ([0-3]?[0-9])\.([01][0-9])(?:\.(?![0-9])|(?![0-9.,:%]))(?! ?(?:h\b|uhr|[ap]\.? ?m|[%€$]))"
)
_FIGURES = re.compile(
    r"(?<![0-9/.])([0-3]?[0-9])/([01]?[0-9]) ?(?:a|al|au|ate|to|bis|-) ?([0-3]?[0-9])/([01]?[0-9])(?![0-9/%]| ?%)"
)
# "25/11 a 16/12/2026", "15/03, 15/06 e 15/09/2027": the year stands behind the last.
_YEAR_LAST = re.compile(
    r"(?<![0-9/.])([0-3]?[0-9])([/.])([01]?[0-9])\.?(?=(?:(?: ?[,;-] ?| )(?:(?:a|al|au|ate|to|bis|e|y|et|and|und|o|ou|or|para) )?"
    r"[0-3]?[0-9]\2[01]?[0-9]\.?){0,3}(?: ?[,;-] ?| )(?:(?:a|al|au|ate|to|bis|e|y|et|and|und|o|ou|or|para) )?"
    rf"[0-3]?[0-9]\2[01]?[0-9]\2{YEAR}(?![0-9]))"
)
_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_WITH_ROMAN = re.compile(rf"(?<![0-9./-])([0-3]?[0-9])([./-])({any_of(_ROMAN)})\2({YEAR})(?![0-9])")
_DAY_MONTH = re.compile(
    rf"(?<![0-9.,:/])(?:(?<![^\W_])(?P<word>{any_of(DAY_WORDS)}) ?(?:\((?P<paren>[0-3]?[0-9])\))?"
    rf"|(?:(?P<day0>[0-3]?[0-9]){_SUFFIX}{_JOIN})?(?P<day>[0-3]?[0-9]){_SUFFIX})"
    rf"(?P<of>{_OF})(?:mes de )?(?P<month>{MONTH})\b(?![a-z])\.?{_YEAR_AFTER}"
    rf"(?P<words>,? (?:de |du |do )?(?:{any_of(_YEAR_WORDS)})\b)?"
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{MONTH})\b\.?[ -](?:the )?(?:(?P<day0>[0-3]?[0-9]){_SUFFIX}{_JOIN})?(?P<day>[0-3]?[0-9])(?:st|nd"
    rf"|rd|th)?"
    rf"(?![0-9:h]|[.,][0-9]{{3}}(?![0-9])|[ ]?%|(?<=, [0-9]) ?[ap]\.? ?m|(?<=, [0-9]{{2}}) ?[ap]\.? ?m)"
    rf"(?: ?\((?:{any_of(WEEKDAYS)})\.?\)(?=,? ?{YEAR}))?(?:(?:,? ?de[l]? (?:ano )?|, ?| |-)(?P<year>{YEAR})(?![0-9])"
    r"|,? ?'(?P<short>[0-9]{2})(?![0-9:.h]))?"
)
_LISTED = re.compile(r" ?[,;/] ?(?:(?:el|le|o|the|a) )?| (?:and|y|e|et|und|or|o|ou) (?:(?:el|le|o|the|a) )?")
_UNKNOWN_YEAR = 2096  # a leap year, while a year is looked for
_WEEKDAY_BEFORE = re.compile(rf"\b(?P<day>{any_of(WEEKDAYS)})\b[.,]?(?: (?:the|el|dia|le|den|,))* ?\(?$")


_PAST_BEFORE = re.compile(
    r"\b(?:closed|ended|expired|cerro|vencio|termino|finalizo|encerrou|terminou|s'est cloture)(?: (?:on|el|em|a"
    r"|no dia|le|pasado|past))*,? ?$"
)


def find_dates(text: str, folded: str, order: DateOrder, posted: date | None) -> list[DateHit]:
    """Every date of ``text`` (``folded`` is its fold, of the same length), in order, not overlapping.

    ``order`` reads 03/04/2026; ``posted`` is the day the announcement was published: a date without a year is the
    first such day not before a month ahead of it, after "closed on" the last one. Days that do not exist are no dates.
    """
    flat = folded.replace("\n", " ")
    hits: list[DateHit] = []
    for match in _ISO.finditer(flat):
        _add(hits, match.span(), make_day(int(match[1]), int(match[3]), int(match[4])))
    for match in _NUMERIC.finditer(flat):
        _add(hits, match.span(), _numeric(match, order))
    for match in _WITH_ROMAN.finditer(flat):
        _add(hits, match.span(), make_day(int(match[4]), _ROMAN[match[3]], int(match[1])))
    for pattern in (_NO_YEAR, _DOTTED, _FIGURES):
        for match in pattern.finditer(folded):
            pairs = ((1, 2), (3, 4)) if pattern is _FIGURES else ((1, 2),)
            days = [_figures(match, one, two, order, flat, posted) for one, two in pairs]
            if all(days):
                spans = ((match.start(one), match.end(two)) for one, two in pairs)
                hits += [DateHit(*span, day, None, False) for span, day in zip(spans, days, strict=True) if day]
    for match in _YEAR_LAST.finditer(folded):
        if day := _figures(match, 1, 3, order, flat, posted):
            hits.append(DateHit(match.start(1), match.end(3), day, None, False))
    for match in _DAY_MONTH.finditer(flat):
        _named(hits, match, text, flat, posted)
    for match in _MONTH_DAY.finditer(flat):
        _named(hits, match, text, flat, posted)
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    apart: list[DateHit] = []
    for hit in hits:
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
        elif hit.end - hit.start > apart[-1].end - apart[-1].start:
            apart[-1] = hit
    known = [hit for hit in _share_years(apart, flat) if hit.day.year != _UNKNOWN_YEAR]
    return with_days_alone(known, flat, folded, posted)


def _figures(match: re.Match[str], one: int, two: int, order: DateOrder, flat: str, posted: date | None) -> date | None:
    first, second = int(match[one]), int(match[two])
    number, month = (second, first) if order == "mdy" and first <= 12 else (first, second)
    year = guess_year(month, number, _weekday(flat, match.start(one)), posted, False) if 1 <= month <= 12 else None
    return make_day(year, month, number) if year else None


def _add(hits: list[DateHit], span: tuple[int, int], day: date | None) -> None:
    if day is not None:
        hits.append(DateHit(*span, day))


def _full_year(digits: str) -> int:
    number = int(digits.strip("' "))
    return number if number > 99 else 2000 + number


def _numeric(match: re.Match[str], order: DateOrder) -> date | None:
    first, second, year = int(match[1]), int(match[4]), _full_year(match[5])
    if order == "ymd" and len(match[5]) == 2 and first > 12:
        return make_day(2000 + first, second, int(match[5]))
    if first > 12 or (order != "mdy" and second <= 12):
        return make_day(year, second, first)
    return make_day(year, first, second)


def _named(hits: list[DateHit], match: re.Match[str], text: str, flat: str, posted: date | None) -> None:
    groups = match.groupdict()
    month = MONTHS[groups["month"]]
    number = int(groups["paren"] or DAY_WORDS[groups["word"]]) if groups.get("word") else int(groups["day"])
    if not 1 <= number <= 31:
        return
    start, end = match.span()
    printed = groups.get("year") or groups.get("short")
    words = (groups.get("words") or "").removeprefix(",").strip()
    for lead in ("de ", "du ", "do "):
        words = words.removeprefix(lead)
    if printed:
        year = _full_year(printed)
    elif words:
        year = _YEAR_WORDS[words]
    else:
        at = match.start("month")
        bare = " de " not in (groups.get("of") or "")
        if groups["month"] in _ALSO_WORDS and bare and not text[at].isupper():
            return
        past = _PAST_BEFORE.search(flat, max(0, start - 24), start) is not None
        guessed = guess_year(month, number, _weekday(flat, start), posted, past)
        year = guessed or _UNKNOWN_YEAR
    day = make_day(year, month, number)
    if day is None:
        return
    first = make_day(year, month, int(groups["day0"])) if groups.get("day0") else None
    if first is not None and first > day:
        first = None
    while end > start and flat[end - 1] in " .,(":
        end -= 1
    hits.append(DateHit(start, end, day, first, bool(printed or words)))


def _weekday(flat: str, start: int) -> int | None:
    before = _WEEKDAY_BEFORE.search(flat, max(0, start - 24), start)
    return WEEKDAYS[before["day"]] if before else None


def _share_years(hits: list[DateHit], flat: str) -> list[DateHit]:
    """ "from 1 March to 30 April 2027": the year printed last holds for the date right before it."""
    for i in range(len(hits) - 2, -1, -1):
        this, following = hits[i], hits[i + 1]
        between = flat[this.end : following.start]
        if not this.year_printed and following.year_printed and len(between) <= 24 and not re.search(r"[.;:]", between):
            year = following.day.year - (this.day.month > following.day.month)
            day = make_day(year, this.day.month, this.day.day)
            if day is not None:
                hits[i] = DateHit(this.start, this.end, day, None, True)
    for before, this in pairwise(range(len(hits))):
        one, two = hits[before], hits[this]
        gap = flat[one.end : two.start]
        if not two.year_printed and not one.year_printed and two.day < one.day and _LISTED.fullmatch(gap):
            day = make_day(two.day.year + 1, two.day.month, two.day.day)  # "31 March, 31 July and 30 November"
            hits[this] = DateHit(two.start, two.end, day or two.day, two.first, False)
    return hits
