"""What a date is for by the words before and after it: a closing, an opening, an event, a result …

How dates of one line, list or table belong together is in ``deadline_days``; how a date is written belongs to ``values``.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.values.clock import find_clock, find_zone
from boi_pipeline.reading.values.days import WEEKDAYS, DateHit

ROLES = ("strong", "open", "event", "result", "publish", "other", "superseded", "extended")
TO = frozenset(["al", "au", "a", "ao", "to", "y", "el", "and", "including", "jusque"])
SOFT = frozenset([
    "from", "starting", "del", "desde", "desde el", "entre el", "entre", "du", "depuis le", "entre le", "de",
    "entre os dias", "do dia", "ab", "ab dem", "opening", "vom", "open on", "between", "zwischen dem", "zwischen",
])  # fmt: skip
_SOFT_EVENT = frozenset([
    "fecha", "fechas", "data", "datas", "dates", "duration", "duracion", "duree", "duracao", "start", "starts",
    "inicio",    "debut", "del programa", "estancia",
    "conference", "congress", "symposium", "seminar", "summit", "congreso", "coloquio", "seminario", "simposio", "foro",
    "encuentro", "jornadas", "taller", "congres", "colloque", "seminaire", "forum", "congresso", "encontro", "oficina",
    "konferenz", "kongress", "tagung", "festival", "workshop",
])  # fmt: skip
_SOFT_RESULT = frozenset(["jury", "jurado", "juri", "commission", "commissions", "comite", "decide", "decides"])
DAYS = "|".join(WEEKDAYS)
_FILL_WORDS = (
    "at|a|las|la|as|um|hasta|until|by|before|antes|de|del|kl|the|local|time|hora|horas|hour|hours|no|later|than"
    "|latest|till|ate|jusqu'a|avant|dia|"
    "closing|end|day|on|of|el|le|do|du|au|mas|tardar|tarde|plus|tard|or|and|,|date|deadline|noon|strictly|sharp|o|os"
    "|to|um|gegen|uhr|am|zum|den|"
    "a las|por|en|punto|midnight|fecha|y|data|e|et|ao|aos|close|business|cob|fin|final|fim|la journee|journee"
    "|jornada|inclusive|incluido|inclus|"
    "must|arrive|siempre|always|sempre|toujours|jeweils|eve|same|vale|rige|last|fecho|expediente|prochaine?|corriente|courant|corrente"
    "|proximo|proxima|next|minuit|medianoche|meia-noite|mitternacht|soir|matin|manana|noche|manha|noite|limit|limite"
    "|este|coming|sonne|sonnent|dans|durante|na|cuando|sean|sea|den|when|it|is|quand|il|est|sera|quando|forem|soarem|pelas|pelos|wenn|es|sind|"
    "tonight|today|tomorrow|hoy|aujourd'hui|ce|demain|hoje|amanha|heute|morgen|"
    "que|termine|acabe|finalice|continental|insular|peninsular|legal|oficial|official|standard|"
    "precises|precise|exactas|punkt|"
    "vespera|vispera|veille|cierre|cloture|encerramento|"
    "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|" + DAYS
)
FILL = re.compile(rf"(?:[\s,;:.()\[\]/|@-]|(?<![a-z])(?:{_FILL_WORDS})(?![a-z]))*")
COLON = re.compile(r"[\s(),]*[:=(-][\s()]*")
_JOINED = re.compile(
    r"[\s,:()\[\]|-]*(?:(?:is|es|est|e|sera|is the|als|ist|sind|como|come|son|are|sont|sao|es la|est la|e a|es el|as"
    r"|application|the|la|le|l'|der|el|o|a|final|tambien|also|egalement|aussi|tambem|auch|zugleich)(?![a-z])[\s,(-]*){0,3}"
)
ISO_T = re.compile(r"t(?=[0-9]{2}:)")
QUOTE = 260
_PERIOD_FILL = re.compile(
    rf"(?:[\s,:().|-]|(?<![a-z])(?:from|del?|du|de|do|dia|desde|el|le|o|vom|ab|between|entre|zwischen|dem|los|os|dias"
    rf"|open|will be|are|be|accepted|received|welcome|online|possible|recib\w+|abiert[ao]s?|abert[ao]s?"
    rf"|{DAYS}|(?:no|na|en|on|sur|pelo|via|through)(?: (?:el|la|le|the|l'))? ?[a-z]+)(?![a-z]))*"
)
TWO_STAGES = ("concept_note", "full_proposal")
# Words of a limit that do not say of what.
ANY_LIMIT = frozenset([
    "no later than", "not later than", "at the latest", "a mas tardar", "a mas tardar el", "como muy tarde",
    "como maximo", "no mas tarde del", "au plus tard", "no maximo", "mais tardar", "o mais tardar",
    "impreterivelmente", "spatestens",
    "open until", "open till", "abierta hasta", "abiertas hasta", "abierto hasta", "ouvert jusqu'au",
    "ouverte jusqu'au", "ouvertes jusqu'au", "aberta ate", "abertas ate", "aberto ate", "abertos ate",
    "hasta las", "ate as", "ate o dia",
])  # fmt: skip
_MAY = re.compile(
    r"[\s,]*(?:usted |you |vous |voce |se |on )?(?:puedes?|pueden|podras?|podran|can|may|pouvez|pourrez|peut|pode|podes|podem"
    r"|konnen|kann) (?:se |you |vous |sie |man )?"
)
_SHUTS = re.compile(
    r"[\s,)]*(?:(?:the|our|el|la|los|las|le|les|l'|o|a|os|as|das|der|die|nuestr\w+|notre) ?)?[^\W_]+ (?:se |will |sera )?"
    r"(?:closes?|shuts?|cierran?|cerraran?|ferme(?:nt|ra)?|clot|fecham?|encerram?|schliesst)(?![^\W_])"
)
_PHASE_WORD = r"(?:fases?|ventanas?|windows?|rounds?|phases?|rondas?|cortes?|janelas?|etapas?|llamados?|vagues?|sessions?|cycles?|ciclos?|periodos?|epocas?|intakes?|stages?|turnos?|tours?)"
# "1.a fase - de … a …": the days of a round, where its line says nothing else of them.
_PHASE = re.compile(
    rf"[\W_]*(?:(?:[0-9]{{1,2}}(?:\.? ?(?:a|o|er|ere|e|eme|st|nd|rd|th))?\.?|[ivx]{{1,4}}|primer[oa]?|segund[oa]|tercer[oa]?|primeir[oa]|terceir[oa]|first|second|third|premiere?|deuxieme|troisieme) {_PHASE_WORD}"
    rf"|{_PHASE_WORD} (?:[0-9]{{1,2}}|[ivx]{{1,4}}|un[oa]?|dos|tres|one|two|three|deux|trois|dois|duas))(?![^\W_])[^\W_]{{0}}[\s:.,()-]*(?:(?:from|del?|du|de|do|dia|desde|el|le|o|vom|ab|between|entre|zwischen|dem|los|os|dias|"
    + DAYS
    + r")(?![^\W_])[\s,]*)*"
)
_OPEN_AFTER = re.compile(
    r"[\s(),]*(?:uhr )?[\s(),]*(?:is |are |esta |estara |sera |est |ist )?(?:geoffnet|open\b|abiert|abert|ouvert"
    r"|freigeschaltet)"
)


@dataclass(frozen=True)
class DayRead:
    """A date with the role its words give it: "close", "maybe" a closing, a "period" of something, "event" …"""

    hit: DateHit
    role: str = ""
    cue: Hit | None = None
    strength: int = 0
    listed: bool = False  # one of "1 March, 1 June and 1 October"
    extended: bool = False
    staged: bool = False  # its own words name a stage
    rounds: bool = False  # its own words speak of rounds


class Lines:
    """The page's sentences, put together again where a date was taken for an end ("15. Januar")."""

    def __init__(self, page: Page, dates: list[DateHit]) -> None:
        cut = set()
        for hit in dates:
            cut.update(range(page.view.segment_at(hit.start) + 1, page.view.segment_at(hit.end - 1) + 1))
        self.spans: list[Span] = []
        for number, (start, end) in enumerate(page.segments):
            leader = self.spans and page.text[start - 1] != "\n" and page.text.endswith("..", 0, start - 1)
            if number in cut or leader:  # "Notification ........ 20 March"
                start = self.spans.pop()[0]
            self.spans.append((start, end))
        self._starts = [start for start, _ in self.spans]

    def number(self, position: int) -> int:
        return max(0, bisect_right(self._starts, position) - 1)

    def at(self, position: int) -> Span:
        return self.spans[self.number(position)] if self.spans else (0, position)


def is_soft(role: str, word: str) -> bool:
    """Whether a word tells its role only where no firmer one stands."""
    return word in {"open": SOFT, "event": _SOFT_EVENT, "result": _SOFT_RESULT}.get(role, frozenset())


def without_times(gap: str) -> str:
    """``gap`` without the hours and zones in it."""
    if iso := ISO_T.match(gap):
        gap = " " + gap[iso.end() :]
    while zone := find_zone(gap):
        gap = gap[: zone[0]] + gap[zone[1] :]
    for start, end, _ in reversed(find_clock(gap)):
        gap = gap[:start] + gap[end:]
    return gap


def named_before(page: Page, hit: DateHit) -> bool:
    """ "Applications: 1 December …": what is open in these days stands right before them."""
    start = max(0, hit.start - 40)
    words = page.hits("close.context", start, hit.start)
    return bool(words) and bool(_PERIOD_FILL.fullmatch(page.folded, words[-1].end, hit.start))


def of_a_phase(page: Page, hit: DateHit) -> bool:
    """Whether a line begins "1.ª fase – de" right before the day: what is open in these days, where no word says else."""
    start = max(page.text.rfind("\n", 0, hit.start), page.text.rfind(". ", 0, hit.start)) + 1
    end = page.text.find("\n", hit.end)
    line = (start, len(page.text) if end < 0 else end)
    if not _PHASE.fullmatch(page.folded, start, hit.start):
        return False
    return not any(page.any(f"close.{role}", line) for role in ("event", "result", "other", "publish", "matter"))


def in_brackets(page: Page, cue: Hit, at: int) -> bool:
    """Whether words stand in brackets that are closed again before ``at``: "step two (after an interview): 12 June"."""
    close = page.folded.find(")", cue.end, at)
    opened = page.folded.rfind("(", max(0, cue.start - 80), cue.start)
    return (
        close >= 0
        and opened >= 0
        and ")" not in page.folded[opened : cue.start]
        and "(" not in page.folded[cue.end : close]
    )


def by_words_after(page: Page, read: DayRead, span: Span) -> DayRead:
    """What the words behind a date say it is for; without a role where they say nothing."""
    hit = read.hit
    cues = [
        (cue.start, role, cue)
        for role in ("strong", "event", "result", "publish", "open", "other")
        for cue in page.hits(f"close.{role}", *span)
        if not (role == "open" and page.folded[cue.start : cue.end] in SOFT)
    ]
    if read.role == "period" and _OPEN_AFTER.match(without_times(page.folded[hit.end : span[1]])):
        return DayRead(hit, "close", read.cue, 2)
    ranged = hit.first is not None or (read.cue and re.search(r"[0-9]", page.folded[read.cue.end : hit.start]))
    if read.role == "period" and ranged and _MAY.match(page.folded, hit.end, span[1]):
        told = page.hits("close.context", *span)
        return DayRead(hit, "close", told[0], 2) if told and told[0].start - hit.end <= 40 else DayRead(hit)
    if read.role == "period" or (not read.role and hit.first is not None):
        cues = [(cue.start, "strong", cue) for cue in page.hits("close.context", *span)[:1]]
        if cues and not COLON.fullmatch(page.folded, hit.end, cues[0][0]):
            clock = find_clock(page.folded, hit.end, cues[0][0])
            if not clock or not COLON.fullmatch(without_times(page.folded[hit.end : cues[0][0]])):
                return DayRead(hit)
        return DayRead(hit, "close", cues[0][2], 2) if cues else DayRead(hit)
    if (not cues or min(cues)[1] != "strong") and _SHUTS.match(page.folded, hit.end, span[1]):
        ending = page.hits("close.ending", *span)
        return DayRead(hit, "close", ending[0], 2) if ending else DayRead(hit)
    if not cues:
        return DayRead(hit)
    start, role, cue = min(cues)
    if role != "strong":
        return DayRead(hit, role)
    if any(0 <= other.start - cue.end <= 25 for other in page.hits("close.other", *span)):
        return DayRead(hit, "other")
    gap = without_times(page.folded[hit.end : start])
    joined = _JOINED.fullmatch(gap) or (len(gap) <= 16 and FILL.fullmatch(gap))
    return DayRead(hit, "close", cue, 2) if joined else DayRead(hit)
