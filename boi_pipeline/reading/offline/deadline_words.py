"""What a date is for by the words before and after it: a closing, an opening, an event, a result …

How dates of one line, list or table belong together is in ``deadline_days``; how a date is written belongs to ``values``.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass

from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.values.clock import find_clock, find_zone
from boi_pipeline.reading.values.dates import WEEKDAYS, DateHit

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
_LABEL = re.compile(
    rf"[^:.;\n]{{0,24}}[:,|-][\s:.|-]*(?:(?:el|le|the|am|on|em|until|hasta|jusqu'au|ate|{DAYS})[\s,]+)*"
)
COLON = re.compile(r"[\s(),]*[:=(-][\s()]*")
_JOINED = re.compile(
    r"[\s,:()\[\]|-]*(?:(?:is|es|est|e|sera|is the|als|ist|sind|como|come|son|are|sont|sao|es la|est la|e a|es el|as"
    r"|application|the|la|le|l'|der|el|o|a|final|tambien|also|egalement|aussi|tambem|auch|zugleich)(?![a-z])[\s,(-]*){0,3}"
)
_LABELLED = re.compile(r"[^.:;|]{0,50}[:|]\s")
ISO_T = re.compile(r"t(?=[0-9]{2}:)")
_NEAR, _FAR, QUOTE = 45, 140, 260
_BESIDE = 30  # how far "from", "del" may stand from the day it opens
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
_AFTER = re.compile(
    r"(?:\bafter|later than|\bpast|despues de[l]?|posterior(?:idad|es|mente)? (?:al?|a las)|pasado el|apres(?: le)?"
    r"|passe le|\bapos|depois d[eoa]|nach dem|nach)"
    rf"(?: +(?:the|el|le|dia|o dia|las|del?|dem|on|em|am|{DAYS}),?)*[\s,()]*$"
)
_REFUSED = re.compile(
    r"\b(?:no|not|never|none|aucune?|ne|n'est|ecarte\w*|rejet\w*|nao|reject\w*|declined|disregarded|excluded|nicht"
    r"|keine|desestim\w*|rechaz\w*|"
    r"inadmit\w*|fuera|ignored|late|irrecevable\w*)\b"
)
# "cuyo rodaje no empiece antes del", "not before": from then on, not until then; "no olvide postular antes del" is a limit.
_NOT_BEFORE = re.compile(
    r"(?<![^\W_])(?:no|not|never|ne|pas|nao|nunca|jamais|nicht|kein\w*)(?: (?!mas |plus |later|more|mais |spater)[^\W_]+){0,4} $"
)
_BEFORE = re.compile(r"antes|before|avant|vor\b|previo|prior|ahead")
_REMIND = re.compile(r"olvid|forget|oubli|esque|miss|deje|dej[ae]s|wait|esper|attend|hesit|dud|vergess|tard|late|warte")
_MAY = re.compile(
    r"[\s,]*(?:usted |you |vous |voce |se |on )?(?:puedes?|pueden|podras?|podran|can|may|pouvez|pourrez|peut|pode|podes|podem"
    r"|konnen|kann) (?:se |you |vous |sie |man )?"
)
_SHUTS = re.compile(
    r"[\s,)]*(?:(?:the|our|el|la|los|las|le|les|l'|o|a|os|as|das|der|die|nuestr\w+|notre) ?)?[^\W_]+ (?:se |will |sera )?"
    r"(?:closes?|shuts?|cierran?|cerraran?|ferme(?:nt|ra)?|clot|fecham?|encerram?|schliesst)(?![^\W_])"
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
_PHASE_WORD = r"(?:fases?|ventanas?|windows?|rounds?|phases?|rondas?|cortes?|janelas?|etapas?|llamados?|vagues?|sessions?|cycles?|ciclos?|periodos?|epocas?|intakes?|stages?|turnos?|tours?)"
# "1.a fase - de … a …": the days of a round, where its line says nothing else of them.
_PHASE = re.compile(
    rf"[\W_]*(?:(?:[0-9]{{1,2}}(?:\.? ?(?:a|o|er|ere|e|eme|st|nd|rd|th))?\.?|[ivx]{{1,4}}|primer[oa]?|segund[oa]|tercer[oa]?|primeir[oa]|terceir[oa]|first|second|third|premiere?|deuxieme|troisieme) {_PHASE_WORD}"
    rf"|{_PHASE_WORD} (?:[0-9]{{1,2}}|[ivx]{{1,4}}|un[oa]?|dos|tres|one|two|three|deux|trois|dois|duas))(?![^\W_])[^\W_]{{0}}[\s:.,()-]*(?:(?:from|del?|du|de|do|dia|desde|el|le|o|vom|ab|between|entre|zwischen|dem|los|os|dias|"
    + DAYS
    + r")(?![^\W_])[\s,]*)*"
)
_ANSWER = frozenset(["reponse", "respuesta", "resposta", "antwort", "question", "pregunta"])
_FAINT = frozenset([
    "ends", "ends on", "end on", "finaliza", "finaliza el", "termina", "termina el", "concluye", "se termine le",
    "termina em",
])  # fmt: skip
_PERIOD = re.compile(
    r"(?:applications?|registration|submissions?|nominations?) (?:period|window|phase)|plazo|prazo"
    r"|periodo de (?:inscri|postula|solicit)\w*|periode de candidature"
)
_OPEN = re.compile(r"open|abiert|abert|ouvert|offen")
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
# "Invitations to the second stage": the day the others hear, not when the second stage is due.
_INVITED = re.compile(
    r"(?<![^\W_])(?:invitations?|invitacion(?:es)?|convites?|einladung(?:en)?|notifi\w+|result\w*|decision\w*|resolucion|announce\w*|annonce\w*|anuncio|list\w?|"
    r"selec\w+|auswahl|selection|passage|paso|passagem|admi\w+|apertura|abertura|ouverture|opening|start|inicio|debut|beginn)(?: (?!due|is |are )[^\W\d_]+){0,4} $"
)
# "recebe 15 formandos entre 6 e 17": who is there in these days.
_HOSTS = re.compile(
    r"(?<![^\W_])(?:recib\w+|recebe\w*|acoge\w*|acolhe\w*|accueill\w+|recoi\w+|hosts?|welcomes?|brings?|reun\w+|reune\w*|nimmt|empfangt) (?:[^\W_]+ ){0,2}[0-9]{1,4} [^\W\d_]+[^.;:\n0-9]{0,24}$"
)
_OPEN_AFTER = re.compile(
    r"[\s(),]*(?:uhr )?[\s(),]*(?:is |are |esta |estara |sera |est |ist )?(?:geoffnet|open\b|abiert|abert|ouvert"
    r"|freigeschaltet)"
)
_BORN = re.compile(
    r"\b(?:born|nacid|nascid|geboren|(?:etre|est|sont|etes) nee?s?\b|nee?s? (?:apres|avant|entre|le|en|depuis)\b)"
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


def by_words_before(page: Page, hit: DateHit, span: Span, segment: Span) -> DayRead:
    """What the words before a date, within ``span`` of its ``segment``, say it is for."""
    cues: list[tuple[int, int, str, Hit]] = []
    for role in ROLES:
        for cue in page.hits(f"close.{role}", *span):
            word = page.folded[cue.start : cue.end]
            if hit.start - cue.end <= _FAR and not (
                word in _ANSWER and page.folded[cue.end : cue.end + 2].strip() == ":"
            ):
                cues.append((0 if is_soft(role, word) else 1, cue.end, role, cue))
    staged = [cue for stage in TWO_STAGES for cue in page.hits(f"stage.{stage}", *span) if hit.start - cue.end <= _FAR]
    staged = [cue for cue in staged if not _INVITED.search(page.folded, max(span[0], cue.start - 50), cue.start)]
    cues += [(1, cue.end, "strong", cue) for cue in staged if _LABELLED.match(page.folded, cue.end, hit.start)]
    if _UNRELATED.search(page.folded[segment[0] : hit.start]):
        return DayRead(hit, "apart")
    weak = _weak(page, hit, span)
    if weak and page.folded[weak.start : weak.end] in _FAINT and _starts_too(page, weak, segment):
        return DayRead(hit, "event", weak)
    if weak:  # the "del" of "antes del" opens nothing
        cues = [cue for cue in cues if cue[0] or not weak.start <= cue[3].start < weak.end]
    firm = [cue for cue in cues if cue[0]]
    plain = [cue for cue in firm if cue[2] in ("strong", "extended") or not in_brackets(page, cue[3], hit.start)]
    firm = plain if any(cue[2] == "strong" for cue in plain) else firm
    best = max(firm, key=lambda cue: (cue[1], cue[3].end - cue[3].start, cue[2] == "strong"), default=None)
    extended = any(role == "extended" for _, _, role, _ in firm)
    applying = page.any("close.context", segment) or bool(staged)
    if best is not None:
        role, cue = best[2], best[3]
        if role == "extended":
            if weak or applying or page.any("close.strong", segment):
                return DayRead(
                    hit, "close", min((c[3] for c in (*firm, best)), key=lambda c: c.start), 4, extended=True
                )
            return DayRead(hit)
        if role == "strong":
            if _BEGINS.search(page.folded[max(segment[0], cue.start - 30) : cue.start]):
                return DayRead(hit, "open", cue)
            if _outranked(page, firm, cue, hit):
                return DayRead(hit, "other")
            if page.folded[cue.start : cue.end] in ANY_LIMIT and (about := _about(page, firm, cue)):
                return DayRead(hit, about)
            if not weak and page.any("rolling.all", (cue.end, hit.start)):
                return DayRead(hit, "other")  # "Deadline: open until filled (first review on …)"
            return DayRead(hit, "close", cue, 3, extended=extended)
        if role == "open" and weak and weak.start >= cue.end and applying:
            return DayRead(hit, "close", cue, 2)
        if role == "open" and _WHAT_FOR.search(page.folded, cue.end, hit.start):
            return DayRead(hit, "period", cue)
        if role == "open" and applying and _refused(page, hit, span, segment):
            return DayRead(hit, "close", cue, 2)
        if weak and any(label.start >= cue.end - 1 and label.end <= weak.start for label in staged):
            return DayRead(hit, "close", weak, 2)  # "shortlisted teams send the full proposal by"
        if role == "event" and _PERIOD.search(page.folded, max(segment[0], cue.start - 40), cue.start):
            return DayRead(hit, "close", cue, 2) if hit.first else DayRead(hit, "open", cue)
        if (
            weak
            and weak.start >= cue.start
            and role == "event"
            and (_applying(page, (max(segment[0], cue.start - 60), cue.start)) or _applying(page, (cue.end, hit.start)))
        ):
            return DayRead(hit, "close", weak, 2)
        return DayRead(hit, role, cue)
    people = _about_people(page, span)
    line = page.text.rfind("\n", 0, hit.start) + 1
    taken = page.hits("close.context", *segment) or page.hits("close.taking", *segment)
    if taken and not people and _refused(page, hit, span, segment):
        return DayRead(hit, "close", taken[0], 2)
    if weak and applying and not people:
        return DayRead(hit, "close", weak, 2, extended=extended)
    cues = [cue for cue in cues if cue[2] != "open" or hit.start - cue[1] <= _BESIDE]
    own = [cue for cue in cues if cue[2] != "event" or cue[1] >= line or page.text[cue[1] : cue[1] + 1] == ":"]
    soft = max(own, key=lambda cue: cue[1], default=None)
    label = next((c for c in reversed(page.hits("close.context", max(span[0], hit.start - 60), hit.start))), None)
    if label and (soft is None or label.start >= soft[1]) and _LABEL.fullmatch(page.folded, label.end, hit.start):
        return DayRead(hit, "maybe", label, 1)
    if soft is not None:
        heading = line > segment[0] and (line - segment[0] > 45 and page.text[line - 2] not in ":?")
        begin = line if heading else segment[0]  # a title above says nothing of these days
        applying = _applying(page, (begin, hit.start)) and not _WHAT_FOR.search(
            page.folded, max(begin, page.hits("close.context", begin, hit.start)[-1].start - 3), hit.start
        )
        offered = (begin, soft[3].start)
        lasting = _HOSTS.search(page.folded, *offered) or _LASTING.search(page.folded, *offered)
        if soft[2] == "open" and lasting and not page.any("close.applying", offered):
            return DayRead(hit, "period", soft[3])
        taking = page.hits("close.taking", begin, hit.start)
        taking = bool(taking) and not _WHAT_FOR.search(page.folded, begin, hit.start)
        if hit.first is not None and (applying or taking) and soft[2] == "open":
            return DayRead(hit, "close", soft[3], 2)
        return DayRead(hit, "open" if soft[2] == "open" and applying else "period", soft[3])
    if staged and hit.first is None:
        return DayRead(hit, "maybe", staged[-1], 1)
    rounds = [cue for cue in page.hits("stage.cut_off", *span) if _LABEL.fullmatch(page.folded, cue.end, hit.start)]
    if hit.first is not None and rounds:
        return DayRead(hit, "close", rounds[-1], 2, listed=True)
    if hit.first is not None and named_before(page, hit):
        return DayRead(hit, "close", page.hits("close.context", max(0, hit.start - 40), hit.start)[-1], 2)
    if weak and not people and page.folded[weak.start : weak.end] not in _FAINT and not page.any("close.aside", span):
        labelled = page.folded[line : weak.start].rstrip().endswith(":")
        return DayRead(hit, "close", weak, 2) if labelled else DayRead(hit, "maybe", weak, 1)
    return DayRead(hit)


def _starts_too(page: Page, weak: Hit, segment: Span) -> bool:
    """ "The fellowship starts on … and ends on": how long what is offered lasts."""
    started = _STARTS.search(page.folded, segment[0], weak.start)
    return started is not None and not _applying(page, (segment[0], started.start()))


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


def _about(page: Page, cues: list[tuple[int, int, str, Hit]], limit: Hit) -> str:
    """What "no later than" limits where words before it say so and none of them speaks of applying."""
    told = [cue for cue in cues if cue[3].end <= limit.start]
    last = max(told, key=lambda cue: cue[1], default=None)
    if last is None or last[2] not in ("result", "event", "other", "publish"):
        return ""
    line = page.text.rfind("\n", 0, limit.start) + 1
    return "" if _applying(page, (max(line, last[3].start - 60), limit.start)) else last[2]


def _refused(page: Page, hit: DateHit, span: Span, segment: Span) -> bool:
    """ "No applications after 5 March": what comes later is not read."""
    lead = re.sub(r"\( *\)", "", without_times(page.folded[max(span[0], hit.start - 60) : hit.start]))
    return bool(_AFTER.search(lead)) and bool(_REFUSED.search(page.folded, *segment))


def _outranked(page: Page, cues: list[tuple[int, int, str, Hit]], strong: Hit, hit: DateHit) -> bool:
    """A strong word said of something else: "deadline for questions", "results … by the closing of"."""
    between = (strong.end, hit.start)
    return any(page.any(f"close.{role}", between) for role in ("other", "superseded", "publish")) or any(
        role in ("other", "superseded") and 0 <= strong.start - cue.end <= 12 for _, _, role, cue in cues
    )


def _weak(page: Page, hit: DateHit, span: Span) -> Hit | None:
    for cue in reversed(page.hits("close.weak", *span)):
        word = page.folded[cue.start : cue.end]
        if word in TO:
            continue
        if hit.start - cue.end <= _NEAR and FILL.fullmatch(without_times(page.folded[cue.end : hit.start])):
            return None if _not_before(page, span, cue) else cue
    return None


def _not_before(page: Page, span: Span, cue: Hit) -> bool:
    """Whether "before" is denied: the day opens something then."""
    if not _BEFORE.match(page.folded, cue.start, cue.end):
        return False
    denied = _NOT_BEFORE.search(page.folded, max(span[0], cue.start - 60), cue.start)
    return denied is not None and not _REMIND.search(page.folded, denied.start(), cue.start)


def _applying(page: Page, span: Span) -> bool:
    """Whether words speak of applying; "open" only where the sentence also names a call."""
    hits = page.hits("close.context", *span)
    if any(not _OPEN.match(page.folded, hit.start) for hit in hits):
        return True
    return any(page.text[hit.start].islower() for hit in hits) and page.any("opportunity.yes", span)


def _about_people(page: Page, span: Span) -> bool:
    return bool(_BORN.search(page.folded, *span))


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
