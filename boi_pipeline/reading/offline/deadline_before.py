"""What a date is for by the words before it, in its sentence or the line that leads to it.

Words that tell by themselves ("deadline", "results") decide first, the one nearest to the date; then what only tells
beside words of applying ("until", "from … to"). What words of closing, opening and applying are is in ``deadline_words``.
"""

import re
from collections.abc import Callable

from boi_pipeline.reading.offline.deadline_case import Before, speaks_of_applying
from boi_pipeline.reading.offline.deadline_words import ANY_LIMIT, DAYS, DayRead, named_before
from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.rules import first_answer
from boi_pipeline.reading.values.days import DateHit

_LABEL = re.compile(
    rf"[^:.;\n]{{0,24}}[:,|-][\s:.|-]*(?:(?:el|le|the|am|on|em|until|hasta|jusqu'au|ate|{DAYS})[\s,]+)*"
)
# "inicio del plazo", "opening of the call": the day it begins, whatever ends a label like that.
_BEGINS = re.compile(
    r"(?<![^\W_])(?:inicio|comienzo|apertura|abertura|inicia|debut|ouverture|start|opening|beginning|beginn|eroffnung)(?: (?:del?|d[ao]s?|du|des|of|l')(?: (?:el|la|los|las|le|les|the))?)? ?$"
)
# "nothing to do with the call for papers, which closes on", "costs incurred before": no closing of this call.
_UNRELATED = re.compile(
    r"(?:nothing to do with|not to be confused with|rien a voir avec|a ne pas confondre avec|(?:nada|no tiene) que ver con|no confundir con|nada a ver com|nao confundir com|nichts zu tun mit|"
    r"(?:costs?|expenses?|expenditures?|purchases|gastos|compras|depenses|frais|despesas|ausgaben|kosten)(?![^\W_])[^.;:\n]{0,40}(?<![^\W_])(?:incurred|spent|paid for|invoiced|realizad[oa]s?|efectuad[oa]s?|ejecutad[oa]s?|engagees?|effectuees?|facturad[oa]s?|incorrid[oa]s?))(?![^\W_])[^.;\n]*$"
)
_STARTS = re.compile(
    r"(?<![^\W_])(?:starts?|begins?|comienza[n]?|empieza[n]?|inicia[n]?|commence(?:nt)?|debute(?:nt)?|comeca[m]?|inicia-se|beginnt|beginnen)(?![^\W_])"
)
_FAINT = frozenset([
    "ends", "ends on", "end on", "finaliza", "finaliza el", "termina", "termina el", "concluye", "se termine le",
    "termina em",
])  # fmt: skip
_PERIOD = re.compile(
    r"(?:applications?|registration|submissions?|nominations?) (?:period|window|phase)|plazo|prazo"
    r"|periodo de (?:inscri|postula|solicit)\w*|periode de candidature"
)
_WHAT_FOR = re.compile(
    r"\b(?:residenc|curso|course|cours\b|estagio|pasantia|semanas|semaines|weeks|meses|mois|months|"
    r"to (?:work|live|stay|teach|spend|cook|paint|write) |para (?:trabajar|vivir|residir|convivir|trabalhar|viver|morar) |pour (?:travailler|vivre|resider|sejourner) |evento|event\b|congres|conferenc|festival|estancia|estadia|sejour|tagung|kongress|konferenz|colloque"
    r"|colo[cq]ui|seminar|sim?posi|symposi|foro\b|forum|encuentro|encontro|jornadas|summit|formation|formacion"
    r"|formacao|taller|oficina|workshop)"
)
# "seis semanas …, de 22 de junho a 31 de julho": how long what is offered lasts.
_LASTING = re.compile(
    r"(?<![^\W_])(?:semanas?|weeks?|semaines?|wochen|meses|mois|months?|monate|dias|days|jours|tage)(?![^\W_])[^.;:\n]{0,32}$"
)
# "recebe 15 formandos entre 6 e 17": who is there in these days.
_HOSTS = re.compile(
    r"(?<![^\W_])(?:recib\w+|recebe\w*|acoge\w*|acolhe\w*|accueill\w+|recoi\w+|hosts?|welcomes?|brings?|reun\w+|reune\w*|nimmt|empfangt) (?:[^\W_]+ ){0,2}[0-9]{1,4} [^\W\d_]+[^.;:\n0-9]{0,24}$"
)


Rule = Callable[[Before], DayRead | None]


def by_words_before(page: Page, hit: DateHit, span: Span, segment: Span) -> DayRead:
    """What the words before a date, within ``span`` of its ``segment``, say it is for."""
    case = Before(page, hit, span, segment)
    read = first_answer(_AT_ONCE, case)
    if read is None:
        read = first_answer(_BY_FIRM_WORD if case.best else _WITHOUT_FIRM_WORD, case)
    return read or DayRead(hit)


# At once: whatever words of closing stand there, the sentence is of something else.


def of_something_else(case: Before) -> DayRead | None:
    """ "Nothing to do with the call for papers, which closes on 3 May"; "costs incurred before 3 May"."""
    before = case.page.folded[case.segment[0] : case.hit.start]
    return case.reads("apart") if _UNRELATED.search(before) else None


def end_of_what_starts_too(case: Before) -> DayRead | None:
    """ "The fellowship starts on 1 March and ends on 30 June": how long what is offered lasts."""
    if case.weak is None or case.word(case.weak) not in _FAINT:
        return None
    return case.reads("event", case.weak) if _starts_too(case.page, case.weak, case.segment) else None


_AT_ONCE: tuple[Rule, ...] = (of_something_else, end_of_what_starts_too)


# By the firm word nearest to the date.


def prolonged(case: Before) -> DayRead | None:
    """ "Applications: extended until 3 May"; what else is prolonged is no closing."""
    if case.best is None or case.best.role != "extended":
        return None
    if not (case.weak or case.applying or case.page.any("close.strong", case.segment)):
        return DayRead(case.hit)
    first = min((cue.hit for cue in case.firm), key=lambda hit: hit.start)
    return DayRead(case.hit, "close", first, 4, extended=True)


def opening_of_the_period(case: Before) -> DayRead | None:
    """ "Inicio del plazo: 3 de mayo"."""
    cue = _deadline(case)
    begins = cue and _BEGINS.search(case.page.folded[max(case.segment[0], cue.start - 30) : cue.start])
    return case.reads("open", cue) if begins else None


def deadline_of_something_else(case: Before) -> DayRead | None:
    """ "Deadline for questions: 3 May", "the deadline of the last edition was 3 May"."""
    cue = _deadline(case)
    return case.reads("other") if cue and _outranked(case, cue) else None


def limit_of_something_else(case: Before) -> DayRead | None:
    """ "Results will be announced no later than 3 May"."""
    cue = _deadline(case)
    about = _about(case, cue) if cue and case.word(cue) in ANY_LIMIT else ""
    return case.reads(about) if about else None


def first_review_of_a_rolling_call(case: Before) -> DayRead | None:
    """ "Deadline: rolling, looked at from 3 May": no closing."""
    cue = _deadline(case)
    rolling = cue and not case.weak and case.page.any("rolling.all", (cue.end, case.hit.start))
    return case.reads("other") if rolling else None


def deadline(case: Before) -> DayRead | None:
    """ "Application deadline: 3 May"."""
    cue = _deadline(case)
    return DayRead(case.hit, "close", cue, 3, extended=case.extended) if cue else None


def open_until(case: Before) -> DayRead | None:
    """ "The Secretariat opens a call, which takes proposals until 3 May"."""
    cue = _opening(case)
    until = cue and case.weak and case.weak.start >= cue.end and case.applying
    return case.reads("close", cue, 2) if until else None


def open_for_what_is_offered(case: Before) -> DayRead | None:
    """ "We open applications for a residency from 3 May to 1 June": the days of what is offered."""
    cue = _opening(case)
    offered = cue and _WHAT_FOR.search(case.page.folded, cue.end, case.hit.start)
    return case.reads("period", cue) if offered else None


def open_and_refused_after(case: Before) -> DayRead | None:
    """ "Applications open today and none is accepted after 3 May"."""
    cue = _opening(case)
    return case.reads("close", cue, 2) if cue and case.applying and case.late_refused else None


def stage_due(case: Before) -> DayRead | None:
    """ "Shortlisted teams send the full proposal by 3 May"."""
    if case.best is None or case.weak is None:
        return None
    after, before = case.best.hit.end - 1, case.weak.start
    due = any(label.start >= after and label.end <= before for label in case.staged)
    return case.reads("close", case.weak, 2) if due else None


def days_of_the_period(case: Before) -> DayRead | None:
    """ "Application period starts 1 May" opens; with both its days it closes at its end."""
    cue = _event(case)
    if cue is None or not _PERIOD.search(case.page.folded, max(case.segment[0], cue.start - 40), cue.start):
        return None
    return case.reads("close", cue, 2) if case.hit.first else case.reads("open", cue)


def applying_to_an_event(case: Before) -> DayRead | None:
    """ "Register for the workshop before 3 May"."""
    cue = _event(case)
    if cue is None or case.weak is None or case.weak.start < cue.start:
        return None
    lead = (max(case.segment[0], cue.start - 60), cue.start)
    applying = speaks_of_applying(case.page, lead) or speaks_of_applying(case.page, (cue.end, case.hit.start))
    return case.reads("close", case.weak, 2) if applying else None


def as_the_word_says(case: Before) -> DayRead | None:
    """ "Results: 3 May", "the festival opens on 3 May"."""
    return case.reads(case.best.role, case.best.hit) if case.best else None


def _of_role(case: Before, role: str) -> Hit | None:
    """The nearest firm word where it gives this role."""
    return case.best.hit if case.best and case.best.role == role else None


def _deadline(case: Before) -> Hit | None:
    return _of_role(case, "strong")


def _opening(case: Before) -> Hit | None:
    return _of_role(case, "open")


def _event(case: Before) -> Hit | None:
    return _of_role(case, "event")


_BY_FIRM_WORD: tuple[Rule, ...] = (
    prolonged,
    opening_of_the_period,
    deadline_of_something_else,
    limit_of_something_else,
    first_review_of_a_rolling_call,
    deadline,
    open_until,
    open_for_what_is_offered,
    open_and_refused_after,
    stage_due,
    days_of_the_period,
    applying_to_an_event,
    as_the_word_says,
)


# Without a firm word: what "until", "from", a label or a range tells beside words of applying.


def late_ones_refused(case: Before) -> DayRead | None:
    """ "No applications are accepted after 3 May"."""
    page = case.page
    taken = page.hits("close.context", *case.segment) or page.hits("close.taking", *case.segment)
    return case.reads("close", taken[0], 2) if taken and not case.people and case.late_refused else None


def apply_until(case: Before) -> DayRead | None:
    """ "Apply by 3 May"; not "applicants born before 3 May"."""
    return case.reads("close", case.weak, 2) if case.weak and case.applying and not case.people else None


def label_of_applying(case: Before) -> DayRead | None:
    """ "Applications: 3 May", where no softer word stands between: maybe a closing."""
    labels = case.page.hits("close.context", max(case.span[0], case.hit.start - 60), case.hit.start)
    if not labels or (case.soft and labels[-1].start < case.soft.hit.end):
        return None
    plain = _LABEL.fullmatch(case.page.folded, labels[-1].end, case.hit.start)
    return case.reads("maybe", labels[-1], 1) if plain else None


def days_of_what_is_offered(case: Before) -> DayRead | None:
    """ "Six weeks in Porto from 22 June to 31 July"; "hosts 15 trainees from 6 May"."""
    if case.soft is None or case.soft.role != "open":
        return None
    offered = (case.begin, case.soft.hit.start)
    lasting = _HOSTS.search(case.page.folded, *offered) or _LASTING.search(case.page.folded, *offered)
    aside = lasting and not case.page.any("close.applying", offered)
    return case.reads("period", case.soft.hit) if aside else None


def range_of_applying(case: Before) -> DayRead | None:
    """ "Applications are received from 1 to 30 May": closes on the last day."""
    if case.soft is None or case.soft.role != "open" or case.hit.first is None:
        return None
    return case.reads("close", case.soft.hit, 2) if _applying_from(case) or _taking_from(case) else None


def from_or_during(case: Before) -> DayRead | None:
    """ "Applications from 1 May" opens; "from 1 May", "dates: 1 May" is a period of something."""
    if case.soft is None:
        return None
    opens = case.soft.role == "open" and _applying_from(case)
    return case.reads("open" if opens else "period", case.soft.hit)


def day_of_a_stage(case: Before) -> DayRead | None:
    """ "Concept notes … 3 May": maybe due then."""
    return case.reads("maybe", case.staged[-1], 1) if case.staged and case.hit.first is None else None


def range_of_a_round(case: Before) -> DayRead | None:
    """ "Ventanas 2027: 1 a 31 de enero, 1 a 31 de mayo": one of several, closes on its last day."""
    if case.hit.first is None:
        return None
    rounds = case.page.hits("stage.cut_off", *case.span)
    rounds = [cue for cue in rounds if _LABEL.fullmatch(case.page.folded, cue.end, case.hit.start)]
    return DayRead(case.hit, "close", rounds[-1], 2, listed=True) if rounds else None


def range_named_before(case: Before) -> DayRead | None:
    """ "Applications will be accepted 1–28 February": closes on the last day."""
    if case.hit.first is None or not named_before(case.page, case.hit):
        return None
    named = case.page.hits("close.context", max(0, case.hit.start - 40), case.hit.start)
    return case.reads("close", named[-1], 2)


def until_alone(case: Before) -> DayRead | None:
    """ "Until 3 May" is maybe a closing, "When: until 3 May" is one; not "ends on 3 May"."""
    weak = case.weak
    if not weak or case.people or case.word(weak) in _FAINT or case.page.any("close.aside", case.span):
        return None
    labelled = case.page.folded[case.line : weak.start].rstrip().endswith(":")
    return case.reads("close", weak, 2) if labelled else case.reads("maybe", weak, 1)


_WITHOUT_FIRM_WORD: tuple[Rule, ...] = (
    late_ones_refused,
    apply_until,
    label_of_applying,
    days_of_what_is_offered,
    range_of_applying,
    from_or_during,
    day_of_a_stage,
    range_of_a_round,
    range_named_before,
    until_alone,
)


def _applying_from(case: Before) -> bool:
    """Whether the words before a soft word's day speak of applying, and not for what."""
    page, begin, day = case.page, case.begin, case.hit.start
    if not speaks_of_applying(page, (begin, day)):
        return False
    last = page.hits("close.context", begin, day)[-1]
    return not _WHAT_FOR.search(page.folded, max(begin, last.start - 3), day)


def _taking_from(case: Before) -> bool:
    """Whether those words speak of taking something in, and not of what for."""
    taking = case.page.hits("close.taking", case.begin, case.hit.start)
    return bool(taking) and not _WHAT_FOR.search(case.page.folded, case.begin, case.hit.start)


def _starts_too(page: Page, weak: Hit, segment: Span) -> bool:
    """ "The fellowship starts on … and ends on": how long what is offered lasts."""
    started = _STARTS.search(page.folded, segment[0], weak.start)
    return started is not None and not speaks_of_applying(page, (segment[0], started.start()))


def _about(case: Before, limit: Hit) -> str:
    """What "no later than" limits where words before it say so and none of them speaks of applying."""
    told = [cue for cue in case.firm if cue.hit.end <= limit.start]
    last = max(told, key=lambda cue: cue.hit.end, default=None)
    if last is None or last.role not in ("result", "event", "other", "publish"):
        return ""
    line = case.page.text.rfind("\n", 0, limit.start) + 1
    applying = speaks_of_applying(case.page, (max(line, last.hit.start - 60), limit.start))
    return "" if applying else last.role


def _outranked(case: Before, strong: Hit) -> bool:
    """A strong word said of something else: "deadline for questions", "results … by the closing of"."""
    between = (strong.end, case.hit.start)
    if any(case.page.any(f"close.{role}", between) for role in ("other", "superseded", "publish")):
        return True
    return any(cue.role in ("other", "superseded") and 0 <= strong.start - cue.hit.end <= 12 for cue in case.firm)
