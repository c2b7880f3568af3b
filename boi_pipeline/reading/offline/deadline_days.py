"""What each date of a page is for beside the one read before it: the end of a range, one of a list, a day moved.

Words alone are read in ``deadline_before`` and ``deadline_words``, lines and columns in ``deadline_layout``; which closings are
the call's is chosen in ``deadline_choice``.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from boi_pipeline.reading.offline.deadline_layout import (
    by_column,
    continues,
    is_of_applying,
    listed_below,
    under_when,
)
from boi_pipeline.reading.offline.deadline_next import DASH, LIST, RANGE, Next, is_range
from boi_pipeline.reading.offline.deadline_words import (
    ANY_LIMIT,
    DAYS,
    SOFT,
    DayRead,
    Lines,
    by_words_after,
    named_before,
    of_a_phase,
    without_times,
)
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.rules import first_answer
from boi_pipeline.reading.values.days import DateHit

_BETWEEN = re.compile(
    r"(?:between|entre|zwischen)(?: +(?:the|el|le|os|o|as|las|de[l]?|du|do|dias?|dem|" + DAYS + r"))*,? ?$"
)
_AND = re.compile(
    r"[\s,()]*(?:and|y|e|et|und)(?: +(?:the|el|le|o|as|las|dem|"
    + DAYS
    + r"))*[\s,()]*(?:(?:de[l]?|do|du|on|am)[\s,]+)?"
)
# "It was 31 July … Now it is 14 August".
_ERA = re.compile(r"(?<![^\W_])(?:era|was|etait|war)(?: (?:el|o|le|the|until|hasta|ate|der))* ?$")
_NOW = re.compile(r"(?<![^\W_])(?:now|ahora|agora|desormais|maintenant|jetzt|nun)(?![^\W_])[^.;\n]{0,60}")
_NOT = re.compile(r"\b(?:no|not|non|pas|nao|nicht)\b")
_WAS = re.compile(
    r"\((?:antes|before|was|era|avant|auparavant|anteriormente|instead of|en lugar de|au lieu de)\b[^()]{0,20}$"
)
_BUT = re.compile(
    r",? (?:sino|but|mais|mas|sondern)(?: (?:sim|hasta|until|on|jusqu'au|ate|bis|el|le|the|o|a|am|zum|dia|que))*[ ,:]*"
)
_MOVED = re.compile(r" para (?:(?:el|o)(?: dia)? )?")  # "de 31/03 para 24/04"
_ARROW = re.compile(r"\s*(?:→|⇒|➔|➜|->|=>|>|~~)\s*")


Rule = Callable[[Next], list[DayRead] | None]


def judge(page: Page, lines: Lines, dates: list[DateHit], i: int, hit: DateHit, before: list[DayRead]) -> list[DayRead]:
    """The dates read so far with the next one and its role; reading it may change what the one before is for."""
    case = Next(page, lines, dates[i + 1] if i + 1 < len(dates) else None, hit, before)
    return (
        in_a_column(case)
        or (first_answer(_BESIDE_THE_LAST, case) if case.beside else None)
        or first_answer(_MOVED_OR_LABELLED, case)
        or first_answer(_WITH_WORDS_BEFORE, case)
        or _by_words_around(case)
    )


def in_a_column(case: Next) -> list[DayRead] | None:
    """A row under "Session | Closes on | Jury"; a cell "1 March – 1 May" there closes at its end."""
    column = by_column(case.page, case.hit)
    if column is None:
        return None
    if column.role == "close" and case.closing and is_range(case.page, case.closing.hit, case.hit):
        return case.mends(replace(case.closing, role="open"), column)
    return case.adds(column)


# Beside the last date: what stands between two dates of the same words tells how they belong together.


def moved_closing(case: Next) -> list[DayRead] | None:
    """ "Inscrições prorrogadas: de 31/03 para 24/04"."""
    if case.beside is None or not _MOVED.fullmatch(case.gap):
        return None
    told = case.page.hits("close.context", *case.context)
    if not told:
        return None
    cue = told[0] if told[0].start < case.hit.start else None
    return case.mends(replace(case.beside, role="superseded"), DayRead(case.hit, "close", cue, 4, extended=True))


def moved_day(case: Next) -> list[DayRead] | None:
    """ "De 31/03 para 24/04", where nothing speaks of applying."""
    if case.beside is None or not _MOVED.fullmatch(case.gap):
        return None
    return case.mends(replace(case.beside, role="superseded"), DayRead(case.hit, "maybe", None, 1))


def corrected_closing(case: Next) -> list[DayRead] | None:
    """ "Deadline: 31 March → 24 April"; "it does not close on 31 March but on 24 April"."""
    last = case.closing
    if case.beside is None or last is None or not (_ARROW.fullmatch(case.joint) or _not_but(case, last)):
        return None
    return case.mends(replace(last, role="superseded"), replace(last, hit=case.hit, extended=True))


def ends_of_a_range(case: Next) -> list[DayRead] | None:
    """ "From 1 March to 30 April", "1 March – 30 April", "between 1 March and 30 April"."""
    if case.beside is None or not (_between(case, case.beside) or DASH.fullmatch(case.joint) or _to(case)):
        return None
    return _range(case.page, case.hit, case.before, (case.beside.hit.start, case.context[1]))


def one_of_a_list(case: Next) -> list[DayRead] | None:
    """ "1 March, 1 June and 1 October": this date is for what the one before is for."""
    last = case.beside
    if last is None or not last.role or not (LIST.fullmatch(case.joint) or case.again) or case.aside:
        return None
    return case.mends(replace(last, listed=True), replace(last, hit=case.hit, listed=True, extended=False))


_BESIDE_THE_LAST: tuple[Rule, ...] = (
    moved_closing,
    moved_day,
    corrected_closing,
    ends_of_a_range,
    one_of_a_list,
)


def _not_but(case: Next, last: DayRead) -> bool:
    """ "Not on 31 March but on …"."""
    before = case.page.folded[case.context[0] : last.hit.start]
    return bool(_BUT.fullmatch(case.joint)) and bool(_NOT.search(before))


def _between(case: Next, last: DayRead) -> bool:
    """ "Between 1 March and …"."""
    if not _AND.fullmatch(case.joint):
        return False
    lead = without_times(case.page.folded[max(0, last.hit.start - 40) : last.hit.start])
    return bool(_BETWEEN.search(lead))


def _to(case: Next) -> bool:
    """ "… to …", where it is neither "and" of a list nor "until" said anew."""
    return not case.again and bool(RANGE.fullmatch(case.joint)) and not LIST.fullmatch(case.joint)


# Moved days wherever they stand, and dates whose label follows.


def was_in_brackets(case: Next) -> list[DayRead] | None:
    """ "24 April (was 31 March)"."""
    start = max(case.context[0], case.hit.start - 40)
    was = case.previous and _WAS.search(case.page.folded, start, case.hit.start)
    return case.adds(DayRead(case.hit, "superseded")) if was else None


def was_till_now(case: Next) -> list[DayRead] | None:
    """ "It was 31 July … Now it is 14 August": the first of them."""
    page, hit = case.page, case.hit
    was = _ERA.search(page.folded[max(0, hit.start - 24) : hit.start])
    now = was and _NOW.search(page.folded, hit.end, hit.end + 160)
    return case.adds(DayRead(hit, "superseded")) if now else None


def is_now(case: Next) -> list[DayRead] | None:
    """ "It was 31 July … Now it is 14 August": the second of them."""
    last = case.previous
    if last is None or last.role != "superseded" or not _NOW.search(case.page.folded, last.hit.end, case.hit.start):
        return None
    return case.adds(DayRead(case.hit, "close", None, 4, extended=True))


def labelled_behind(case: Next) -> list[DayRead] | None:
    """ "27 March, 23:59 UTC: closing of applications" on a line of its own."""
    if not case.leads:
        return None
    line_end = case.lines.at(case.hit.start)[1]
    after = by_words_after(case.page, DayRead(case.hit), (case.hit.end, min(line_end, case.hit.end + 90)))
    return case.adds(after) if after.role else None


def handed_in_then(case: Next) -> list[DayRead] | None:
    """ "15/09 pósteres" on a line of its own among such."""
    page, lines, hit = case.page, case.lines, case.hit
    told = case.leads and is_of_applying(page, lines, hit)
    return case.adds(DayRead(hit, "close", None, 2, listed=True)) if told else None


_MOVED_OR_LABELLED: tuple[Rule, ...] = (was_in_brackets, was_till_now, is_now, labelled_behind, handed_in_then)


# With what the words before it say.


def told_in_brackets_behind(case: Next) -> list[DayRead] | None:
    """ "15 October (award ceremony)"."""
    return case.adds(DayRead(case.hit, case.aside)) if case.aside else None


def continued_list(case: Next) -> list[DayRead] | None:
    """ "Apply until 18 December; for September, until 14 May"."""
    last, read = case.closing, case.read
    weaker = read.role in ("", "maybe", "close") and not read.extended
    if last is None or not weaker or read.strength >= last.strength:
        return None
    if not continues(case.page, case.lines, last.hit, case.hit):
        return None
    return case.mends(replace(last, listed=True), replace(last, hit=case.hit, listed=True, extended=False))


def instead_of_the_last(case: Next) -> list[DayRead] | None:
    """ "Instead of 19 February it ends on 12 March"."""
    last, hit = case.previous, case.hit
    if last is None or last.role != "superseded" or case.read.role not in ("", "maybe"):
        return None
    if case.lines.number(last.hit.start) != case.lines.number(hit.start) or hit.day <= last.hit.day:
        return None
    return case.adds(DayRead(hit, "close", case.read.cue, 4, extended=True))


def said_again(case: Next) -> list[DayRead] | None:
    """ "- for July, write before 12 June;\\n- for September, before 7 August"."""
    last, read = case.closing, case.read
    if last is None or read.role != "maybe" or not _says_again(case.page, last, read):
        return None
    return case.mends(replace(last, listed=True), replace(read, role="close", strength=2, listed=True))


def under_the_question_when(case: Next) -> list[DayRead] | None:
    """ "Until when?\\nBolivia: 2 October. Brazil: 9 October."."""
    told = not case.read.role and under_when(case.page, case.lines, case.hit)
    return case.adds(DayRead(case.hit, "close", None, 2, listed=True)) if told else None


_WITH_WORDS_BEFORE: tuple[Rule, ...] = (
    told_in_brackets_behind,
    continued_list,
    instead_of_the_last,
    said_again,
    under_the_question_when,
)


def _by_words_around(case: Next) -> list[DayRead]:
    """By the words before it, the list it heads or what follows, whichever says more."""
    read = case.read
    read = first_of_a_list_below(case, read) or read
    read = closing_named_behind(case, read) or read
    if read.role not in ("", "maybe", "period"):
        return case.adds(read)
    after = by_words_after(case.page, read, (case.hit.end, case.stop(60)))
    read = after if after.role else read
    return both_named_behind(case, read) or case.adds(read)


def first_of_a_list_below(case: Next, read: DayRead) -> DayRead | None:
    """ "There are four cut-offs a year:\\n- 1 March"."""
    if read.role and (read.role != "period" or case.hit.first is None):
        return None
    below = listed_below(case.page, case.lines, case.hit)
    return below if below.role else None


def closing_named_behind(case: Next, read: DayRead) -> DayRead | None:
    """ "À la date du 26 février, date de clôture de l'appel": its "du" opens nothing."""
    page, hit = case.page, case.hit
    if hit.first is not None or read.role != "open" or read.cue is None:
        return None
    if page.folded[read.cue.start : read.cue.end] not in SOFT:
        return None
    after = by_words_after(page, DayRead(hit), (hit.end, case.stop(40)))
    if after.role != "close" or after.cue is None or page.folded[after.cue.start : after.cue.end] in ANY_LIMIT:
        return None
    return after if after.cue.start - hit.end <= 12 else None


def both_named_behind(case: Next, read: DayRead) -> list[DayRead] | None:
    """ "1 March and 1 June are the closing dates": the one before is one too."""
    last = case.previous
    if last is None or last.role not in ("", "maybe") or read.role != "close" or last.hit.end > case.hit.start:
        return None
    if not LIST.fullmatch(case.page.folded, last.hit.end, case.hit.start):
        return None
    return case.mends(replace(read, hit=last.hit, listed=True), replace(read, listed=True))


def _says_again(page: Page, previous: DayRead, read: DayRead) -> bool:
    """ "- for July, write before 12 June;\n- for September, before 7 August": the next item with the same word."""
    gap = page.folded[previous.hit.end : read.hit.start]
    if previous.cue is None or read.cue is None or len(gap) > 80 or not ("\n" in gap or ";" in gap):
        return False
    return page.folded[previous.cue.start : previous.cue.end] == page.folded[read.cue.start : read.cue.end]


def _range(page: Page, hit: DateHit, before: list[DayRead], span: Span) -> list[DayRead]:
    """ "from 1 March to 30 April": an application period closes at its end; an event's end is no deadline."""
    previous = before[-1]
    role = previous.role
    if role in ("", "maybe", "period") and named_before(page, previous.hit):
        role = "open"
    elif role in ("", "period") and of_a_phase(page, previous.hit):
        return [*before[:-1], replace(previous, role="open"), replace(previous, hit=hit, role="close", strength=1)]
    if role == "maybe":
        return [*before[:-1], replace(previous, role="open"), replace(previous, hit=hit)]
    if role in ("open", "close"):
        strength = max(previous.strength, 2)
        return [
            *before[:-1],
            replace(previous, role="open"),
            replace(previous, hit=hit, role="close", strength=strength),
        ]
    read = replace(previous, hit=hit, role=role if role != "maybe" else "")
    after = by_words_after(page, read, (hit.end, min(span[1], hit.end + 60))) if role in ("", "period") else read
    return [*before, after if after.role else read]
