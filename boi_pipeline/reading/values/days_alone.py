"""Days whose month is told elsewhere: "the last Friday of August, that is, the 28th", "del 14 … the 21st", "Friday the 14th"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from boi_pipeline.reading.rules import first_answer
from boi_pipeline.reading.values.days import MONTH, MONTHS, WEEKDAYS, YEAR, DateHit, any_of, guess_year, make_day

# "1/6 apertura – 31/7 último envío": days in figures with their words, several in a line.
_AGENDA = re.compile(r"(?<![^\s(•·|])([0-3]?[0-9])/([01]?[0-9])(?=:? +[^\W\d_]{3}| ?[:|)])")
_THIS_MONTH = (
    r"de este mes|del presente mes|del mes en curso|of this month|de ce mois|deste mes|do corrente|dieses monats"
)
_SAME_MONTH = r"del mismo mes|de ese mes|of the same month|of that month|du meme mes|do mesmo mes|desse mes"
# "the last Friday of August, that is, the 28th", "al terminar septiembre: el miércoles 30", "del 14 … the 21st".
_DAY_ALONE = re.compile(
    rf"\b(?:(?P<weekday>{any_of(WEEKDAYS)})(?P<back> (?:qui precede|anterior|before|previo),?)?,? (?:the |el |le |dia |den )?"
    rf"|(?P<until>antes del|hasta el|before the|until the|by the|avant le|jusqu'au|ate o dia|ate ao dia|ate dia|bis zum) "
    rf"|(?P<bare>the|el|le|dia|o|a|al) )(?P<day>[0-3]?[0-9])(?P<nth>st|nd|rd|th)?(?P<same>,? (?:{_SAME_MONTH}))?(?P<this>,? (?:{_THIS_MONTH}))?"
    r"(?![0-9:.,/%-][0-9]|[0-9]| ?(?:h|a\.?m|p\.?m|%|de [a-z]|of [a-z])|\w)"
)
_MONTH_ALONE = re.compile(rf"(?<![0-9]) (?:de |of )?(?P<month>{MONTH})\b(?! ?[0-9])(?: (?:de |of )?(?P<year>{YEAR}))?")
_LAST_DAY = re.compile(
    rf"\b(?:last day of|ultimo dia d[eo](?: mes de)?|dernier jour (?:de|d'|du mois de|du mois d')|letzter? tag (?:des|im)) ?"
    rf"(?P<month>{MONTH})\b(?:,? (?:de |del |of )?(?P<year>{YEAR}))?"
)
# "dans la nuit du dimanche 14 au lundi 15 juin": midnight between two days, the first of which ends then.
_NIGHT = re.compile(
    rf"\b(?:nuit|noche|medianoche|night|noite|meia-noite|nacht|midnight|minuit)(?: (?:du|del?|do|of|from|between|entre|vom|the|le|el|o|{any_of(WEEKDAYS)}))*,? "
    rf"(?P<first>[0-3]?[0-9])\.? (?:au|al?|ao|to|and|y|e|et|auf|bis|para)(?: (?:o|el|le|the|den|dia|{any_of(WEEKDAYS)}))* (?P<second>[0-3]?[0-9])(?![0-9])"
)
_NO_DATE = DateHit(0, 0, date.min)  # a rule's answer that it is no date; for want of an answer the next rule is asked
_FAR = 260  # characters to look back for the date a day belongs to


def with_days_alone(hits: list[DateHit], flat: str, folded: str, posted: date | None) -> list[DateHit]:
    """``hits`` with the days whose month is told elsewhere in their sentence, or by their week day."""
    found = list(hits)
    for match in _LAST_DAY.finditer(flat):
        month = MONTHS[match["month"]]
        year = int(match["year"]) if match["year"] else guess_year(month, 28, None, posted, False)
        if year and not _covered(found, *match.span()):
            after = date(year + (month == 12), month % 12 + 1, 1)
            found.append(DateHit(*match.span(), after - timedelta(days=1), None, bool(match["year"])))
    for line in re.finditer(r"[^\n]+", folded):
        agenda = [m for m in _AGENDA.finditer(folded, *line.span()) if not _covered(hits, *m.span())]
        days = [(m, _in_agenda(m, posted)) for m in agenda]
        if len(days) >= 3 and all(day for _, day in days):
            found += [DateHit(*m.span(), day, None, False) for m, day in days if day]
    for match in _DAY_ALONE.finditer(folded):
        if not _covered(found, *match.span()) and (hit := day_alone(Alone(match, found, flat, folded, posted))):
            found.append(hit)
    for match in _NIGHT.finditer(folded):
        last = next((hit for hit in found if hit.start <= match.start("second") < hit.end), None)
        if last and last.day.day == int(match["second"]) and int(match["second"]) - int(match["first"]) == 1:
            found = [hit for hit in found if hit.end <= match.start() or hit.start >= last.end]
            day = last.day - timedelta(days=1)
            found.append(DateHit(match.start(), last.end, day, None, last.year_printed))
    return sorted(found, key=lambda hit: hit.start)


def _covered(hits: list[DateHit], start: int, end: int) -> bool:
    return any(hit.start < end and start < hit.end for hit in hits)


def _in_agenda(match: re.Match[str], posted: date | None) -> date | None:
    number, month = int(match[1]), int(match[2])
    year = guess_year(month, number, None, posted, False) if 1 <= month <= 12 else None
    return make_day(year, month, number) if year else None


@dataclass(frozen=True)
class Alone:
    """A day of a month nobody printed beside it, and the dates found so far."""

    match: re.Match[str]
    hits: list[DateHit]
    flat: str
    folded: str
    posted: date | None

    @cached_property
    def number(self) -> int:
        return int(self.match["day"])

    @cached_property
    def start(self) -> int:
        return self.match.start()

    @cached_property
    def weekday(self) -> int | None:
        """The week day printed with it."""
        return WEEKDAYS[self.match["weekday"]] if self.match["weekday"] else None

    @cached_property
    def floor(self) -> int:
        """Where its sentence begins, at most 130 characters back."""
        low = max(0, self.start - 130)
        return max(low, self.folded.rfind("\n", low, self.start) + 1, self.folded.rfind(". ", low, self.start) + 1)

    @cached_property
    def month(self) -> re.Match[str] | None:
        """The month named last before it in its sentence, with no day of its own and no date between."""
        low = max(self.floor, self.start - 45)
        months = [m for m in _MONTH_ALONE.finditer(self.flat, low, self.start) if not _covered(self.hits, *m.span())]
        before = self.within(self.floor)
        return months[-1] if months and (not before or months[-1].start() > before[-1].end) else None

    @cached_property
    def last(self) -> DateHit | None:
        """The date before it in its sentence; of "before the 10th" further back too."""
        before = self.within(self.floor)
        if not before and self.match["until"]:
            before = self.within(self.start - _FAR)
        return before[-1] if before else None

    def within(self, low: int) -> list[DateHit]:
        """The dates from ``low`` up to it."""
        return [hit for hit in self.hits if low <= hit.start and hit.end <= self.start]

    def told(self, day: date | None, printed: bool = False, anchor: int | None = None) -> DateHit | None:
        """It as that day; None where that is none."""
        return DateHit(self.start, self.match.end(), day, None, printed, anchor) if day else None


def day_alone(case: Alone) -> DateHit | None:
    """The date a day alone is; None where nothing tells its month."""
    hit = first_answer(_RULES, case)
    return None if hit is _NO_DATE else hit


def of_this_month(case: Alone) -> DateHit | None:
    """ "El 28 de este mes": of the post's month."""
    if not case.match["this"]:
        return None
    day = make_day(case.posted.year, case.posted.month, case.number) if case.posted else None
    return case.told(day) or _NO_DATE


def of_a_month_named_before(case: Alone) -> DateHit | None:
    """ "The last Friday of August, that is, Friday the 28th", "al terminar septiembre: el miércoles 30"."""
    month = case.month
    if month is None:
        return None
    year = int(month["year"]) if month["year"] else _guessed(case, MONTHS[month["month"]])
    day = make_day(year, MONTHS[month["month"]], case.number) if year else None
    beside = case.weekday is not None or case.match["nth"] or not case.flat[month.end() : case.start].strip(" ,:(")
    if day is None or not beside or case.weekday not in (None, day.weekday()):
        return _NO_DATE
    return DateHit(month.start("month"), case.match.end(), day, None, bool(month["year"]))


def before_the_last_date(case: Alone) -> DateHit | None:
    """ "The workshop is on 12 November; sign up before the 10th"."""
    last = case.last
    if last is None or not case.match["until"] or case.weekday is not None or case.match["nth"]:
        return None
    day = make_day(last.day.year, last.day.month, case.number)
    fits = day and day < last.day and (case.posted is None or day >= case.posted)
    return (case.told(day, last.year_printed, last.start) if fits else None) or _NO_DATE


def nearest_to_the_last_date(case: Alone) -> DateHit | None:
    """ "From 14 September to the 21st", "el 3 de mayo o el 10 del mismo mes", "12 November or Friday the 13th"."""
    last, match = case.last, case.match
    if last is None or not (case.weekday is not None or match["nth"] or match["same"] or match["until"]):
        return None
    day = nearest(last.day, case.number, case.weekday, bool(match["back"]), bool(match["same"]))
    return case.told(day, last.year_printed, last.start)


def next_of_that_week_day(case: Alone) -> DateHit | None:
    """ "Friday the 14th": the first such day from the post on, within two months."""
    if case.weekday is None or case.posted is None:
        return None
    days = (case.posted + timedelta(days=ahead) for ahead in range(62))
    return case.told(next((day for day in days if (day.day, day.weekday()) == (case.number, case.weekday)), None))


def that_week_day_near_a_date(case: Alone) -> DateHit | None:
    """ "… on 12 November. Doors close on Friday the 13th": nearest to a date further back."""
    far = case.within(case.start - _FAR) if case.weekday is not None else []
    if not far:
        return None
    day = nearest(far[-1].day, case.number, case.weekday, False, False)
    return case.told(day, far[-1].year_printed, far[-1].start)


_RULES: tuple[Callable[[Alone], DateHit | None], ...] = (
    of_this_month,
    of_a_month_named_before,
    before_the_last_date,
    nearest_to_the_last_date,
    next_of_that_week_day,
    that_week_day_near_a_date,
)


def _guessed(case: Alone, month: int) -> int | None:
    return guess_year(month, case.number, case.weekday, case.posted, False)


def nearest(anchor: date, number: int, weekday: int | None, back: bool, same: bool) -> date | None:
    """The day of a month of that number nearest to ``anchor``: after it, or around it where the week day fits."""
    if same:
        return make_day(anchor.year, anchor.month, number)
    ahead = [] if back else [anchor + timedelta(days=n) for n in range(1, 31)]
    behind = [anchor - timedelta(days=n) for n in range(1, 20)] if back or weekday is not None else []
    fits = [day for day in (*ahead, *behind) if day.day == number and weekday in (None, day.weekday())]
    return min(fits, key=lambda day: abs(day - anchor), default=None)
