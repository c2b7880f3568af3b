"""When a call closes: its deadlines with hour and zone, the model of closing, and the words used.

Every date of the page gets a role from the words around it; openings, events, results and publication days are never
deadlines. How a date, an hour or a zone is written belongs to ``values``.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, time

from boi_pipeline.reading.masking import MASK
from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.offline.weighing import Around, chance, features
from boi_pipeline.reading.proof import posted_day
from boi_pipeline.reading.quotes import collapse
from boi_pipeline.reading.values.clock import find_clock, find_times, find_zone
from boi_pipeline.reading.values.dates import WEEKDAYS, DateHit, find_dates
from boi_pipeline.records import Deadline

_ROLES = ("strong", "open", "event", "result", "publish", "other", "superseded", "extended")
_TO = frozenset(["al", "au", "a", "ao", "to", "y", "el", "and", "including", "jusque"])
_SOFT = frozenset([
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
_DAYS = "|".join(WEEKDAYS)
_LIST = re.compile(
    r"[\s,;/|·•()-]*(?:and|y|et|e|und|or|o|ou|&)?[\s,;/|·•()-]*"
    r"(?:(?:on|el|le|the|am|os|o|del?|do|du|dia|der|den|dem|" + _DAYS + r")[\s,]+)*(?:\([^)]*\))?\s*"
)
_RANGE = re.compile(
    r"[\s,()|]*(?:to|until|till|through|al|hasta|hasta el|au|jusqu'au|a|ate|ate o dia|ao|bis|bis zum|as|a las|y|and"
    r"|et|e)"
    r"(?:[\s,(]+(?:el|le|the|dia|do|del|de|o|am|as|a|las|al|au|ao|to|until|hasta|ate|bis|zum|h|day|and including|"
    + _DAYS
    + r"))*[\s,()]*"
)
_BETWEEN = re.compile(r"(?:between|entre|zwischen)(?: (?:the|el|le|os|o|dias?|dem|" + _DAYS + r"))*,? ?$")
_AND = re.compile(r"[\s,()]*(?:and|y|e|et|und)(?: (?:the|el|le|o|dem|" + _DAYS + r"))*[\s,]*")
_DASH = re.compile(rf"[ ,()|]*-[ ()|]*(?:(?:{_DAYS})[ ,]+)?")
_BULLET = re.compile(rf"(?:[\W\d_]|(?:{_DAYS}|el|le|the|am|on|until|hasta|jusqu'au|ate|[a-d])(?![a-z])|[^:]{{2,22}}:)*")
_WAS = re.compile(
    r"\((?:antes|before|was|era|avant|auparavant|anteriormente|instead of|en lugar de|au lieu de)\b[^()]{0,20}$"
)
_OLD = re.compile(
    r"[\s|]*(?:was|old|old date|previous|before|antes|anterior|fecha anterior|data anterior|avant|ancienne date|bisher|alt)\s*"
)
_BUT = re.compile(
    r",? (?:sino|but|mais|mas|sondern)(?: (?:sim|hasta|until|on|jusqu'au|ate|bis|el|le|the|o|a|am|zum|dia|que))*[ ,:]*"
)
_MOVED = re.compile(r" para (?:(?:el|o)(?: dia)? )?")  # "de 31/03 para 24/04"
_WEEKDAY_ASIDE = re.compile(rf"^ ?\((?:{_DAYS})\.?\)")
_FIRST_WORD = re.compile(r"[\W\d_]*([^\W\d_]+)")
_ASIDE = re.compile(r"\s*\([^()\n]{3,60}\)")
_ARROW = re.compile(r"\s*(?:→|⇒|➔|➜|->|=>|>|~~)\s*")
_FILL_WORDS = (
    "at|a|las|la|as|um|hasta|until|by|before|antes|de|del|kl|the|local|time|hora|horas|hour|hours|no|later|than"
    "|latest|till|ate|jusqu'a|avant|dia|"
    "closing|end|day|on|of|el|le|do|du|au|mas|tardar|tarde|plus|tard|or|and|,|date|deadline|noon|strictly|sharp|o|os"
    "|to|um|gegen|uhr|am|zum|den|"
    "a las|por|en|punto|midnight|fecha|y|data|e|et|ao|aos|close|business|cob|fin|final|fim|la journee|journee"
    "|jornada|inclusive|incluido|inclus|"
    "must|arrive|siempre|always|sempre|toujours|jeweils|eve|same|vale|rige|last|fecho|expediente|prochaine?|corriente|courant|corrente"
    "|proximo|proxima|next|minuit|medianoche|meia-noite|mitternacht|soir|matin|manana|noche|manha|noite|limit|limite"
    "|este|coming|"
    "tonight|today|tomorrow|hoy|aujourd'hui|ce|demain|hoje|amanha|heute|morgen|"
    "que|termine|acabe|finalice|continental|insular|peninsular|legal|oficial|official|standard|"
    "precises|precise|exactas|punkt|"
    "vespera|vispera|veille|cierre|cloture|encerramento|"
    "una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|" + _DAYS
)
_FILL = re.compile(rf"(?:[\s,;:.()\[\]/|@-]|(?<![a-z])(?:{_FILL_WORDS})(?![a-z]))*")
_FOR = re.compile(
    r".*?(?:[,;:]|\b(?:and|y|e|et|und|or|o|ou)) (?:(?:the deadline |el plazo |celle |celui |la |las |los |les "
    r"|those |that )*"
    r"(?:for|para|pour|fur|de|of) [^,;:.]{2,45}[,:]? )?(?P<fill>[^,;]{0,22})",
    re.DOTALL,
)
_FOR_NEXT = re.compile(
    r"[\s.)]*(?:and |y |e |et |und )?(?:(?:the deadline |el plazo |celle |celui |la |las |los |les |those |that )*"
    r"(?:for|para|pour|fur|de|of) [^,;:.]{2,45}[,:]? )(?P<fill>[^,;]{0,22})"
)
_CLOSED = re.compile(r"closed|cerro|vencio|cerrada|clos le|ferme depuis|cloture depuis|s'est cloture|encerrou|terminou")
_TO_BE = re.compile(r"\b(?:be|is|are|sera|seran|seront|serao|estara|quedara|ficara) $")
_PASSED = re.compile(
    r"[\s,)]*(?:\w+ ){0,2}(?:has (?:already )?passed|have passed|is over|is past|was missed|ya paso|ya vencio"
    r"|ya pasaron|ya cerro|est passee?|est close|"
    r"ja passou|ja encerrou|vencido|endete|abgelaufen|ist vorbei)"
)
_LABEL = re.compile(
    rf"[^:.;\n]{{0,24}}[:,|-][\s:.|-]*(?:(?:el|le|the|am|on|em|until|hasta|jusqu'au|ate|{_DAYS})[\s,]+)*"
)
_COLON = re.compile(r"[\s(),]*[:=(-][\s()]*")
_JOINED = re.compile(
    r"[\s,:()\[\]|-]*(?:(?:is|es|est|e|sera|is the|als|ist|sind|como|come|son|are|sont|sao|es la|est la|e a|es el|as"
    r"|application|the|la|le|l'|der|el|o|a|final|tambien|also|egalement|aussi|tambem|auch|zugleich)(?![a-z])[\s,(-]*){0,3}"
)
_LABELLED = re.compile(r"[^.:;|]{0,50}[:|]\s")
_YEAR_IN = re.compile(r"(?:19|20)[0-9]{2}|[0-9]{2}$|\bmil")
_HOURS = re.compile(r"\s*(?:-|a|to|y|and|et|e|as|bis|until|hasta|ate)\s*(?:las |as )?")
_ISO_T = re.compile(r"t(?=[0-9]{2}:)")
_NEAR, _FAR, _QUOTE = 45, 140, 260
_BESIDE = 30  # how far "from", "del" may stand from the day it opens
_LIKELY, _SURE, _APART = 0.45, 0.8, 0.3  # from where on a weighed day counts, and how far behind the likeliest
_RIVALS = ("event", "result", "open", "publish", "other", "superseded")
_STOP = re.compile(r"(?<=[mMhH])\.\s+(?=[A-ZÁÉÍÓÚÀÂÊÔÇÄÖÜ][a-záéíóúàâêôçäöüãõ ])")
_HEADING = 24
_ROWS = 15  # of a table above a date
_PERIOD_FILL = re.compile(
    rf"(?:[\s,:()-]|(?<![a-z])(?:from|del?|du|de|do|dia|desde|el|le|o|vom|ab|between|entre|zwischen|dem|los|os|dias"
    rf"|open|will be|are|be|accepted|received|welcome|online|possible|recib\w+|abiert[ao]s?|abert[ao]s?"
    rf"|{_DAYS})(?![a-z]))*"
)
_EACH = re.compile(
    r"(?<![^\W_])(?:each|always|siempre|toujours|sempre|jeweils|all (?:deadlines|times|dates|cut-offs|hours)|every|both cases|cada|todos los (?:cierres"
    r"|cortes|plazos)|todas las (?:fechas|horas)|chaque|toutes les (?:dates|heures)|"
    r"todos os (?:prazos|cortes)|todas as (?:datas|horas)|ambos casos|ambas a|ambos a|ambas,|both at|both,"
    r"|les deux cas)(?![^\W_])"
)
_ROUNDS = ("stage.cut_off", "stage.full_proposal")
_FAINT_STAGE = re.compile(r"perfil|interes|interess|intere|idea|idee|skizze|outline")
_TWO = ("concept_note", "full_proposal")
# Words of a limit that do not say of what.
_ANY_LIMIT = frozenset([
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
    rf"(?: +(?:the|el|le|dia|o dia|las|del?|dem|on|em|am|{_DAYS}),?)*[\s,()]*$"
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
# "stations licensed before", "obras estrenadas antes del": what was done by then, unless it is what applicants do.
_DONE_BEFORE = re.compile(
    r"(?<![^\W_])(?P<word>[^\W_]+(?:ed|ad[oa]s?|id[oa]s?|ees?|es|us|ues|is|ises)) (?:before|antes d[eo]l?|avant le)"
    r"(?: (?:the|el|le|dia))?[\s]*$"
)
_SENT = re.compile(
    r"recei|recib|receb|recu|submi|soumi|send|sent|envi|envoy|present|entreg|radic|remit|remi|regist|inscri|enreg|depos|lodge"
    r"|upload|mail|complet|clos|post|adress|transm|parven|cargad|carreg|llegad|chegad|postul|candidat|filed|hand|deliver"
    r"|need|interes|formul|appli|solicit|pedid|dossier|les$|des$|ses$|pas$|vous|nous|dans|plus|jours|mois|meses"
)
_MAY = re.compile(
    r"[\s,]*(?:usted |you |vous |voce |se |on )?(?:puedes?|pueden|podras?|podran|can|may|pouvez|pourrez|peut|pode|podes|podem"
    r"|konnen|kann) (?:se |you |vous |sie |man )?"
)
_SHUTS = re.compile(
    r"[\s,)]*(?:(?:the|our|el|la|los|las|le|les|l'|o|a|os|as|das|der|die|nuestr\w+|notre) ?)?[^\W_]+ (?:se |will |sera )?"
    r"(?:closes?|shuts?|cierran?|cerraran?|ferme(?:nt|ra)?|clot|fecham?|encerram?|schliesst)(?![^\W_])"
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
    r"evento|event\b|congres|conferenc|festival|estancia|estadia|sejour|tagung|kongress|konferenz|colloque"
    r"|colo[cq]ui|seminar|sim?posi|symposi|foro\b|forum|encuentro|encontro|jornadas|summit|formation|formacion"
    r"|formacao|taller|oficina|workshop)"
)
_OPEN_AFTER = re.compile(
    r"[\s(),]*(?:uhr )?[\s(),]*(?:is |are |esta |estara |sera |est |ist )?(?:geoffnet|open\b|abiert|abert|ouvert"
    r"|freigeschaltet)"
)
_NTH = re.compile(
    r"\b(?:first|second|third|prim\w+|segund[ao]|tercer\w*|terceir[ao]|premi\w+|deuxieme|troisieme|erste\w?"
    r"|zweite\w?|[1-4][ao.])\b"
)
_BORN = re.compile(
    r"\b(?:born|nacid|nascid|geboren|(?:etre|est|sont|etes) nee?s?\b|nee?s? (?:apres|avant|entre|le|en|depuis)\b)"
)


@dataclass(frozen=True)
class _Read:
    """A date with the role its words give it: "close", "maybe" a closing, a "period" of something, "event" …"""

    hit: DateHit
    role: str = ""
    cue: Hit | None = None
    strength: int = 0
    listed: bool = False  # one of "1 March, 1 June and 1 October"
    extended: bool = False
    staged: bool = False  # its own words name a stage
    rounds: bool = False  # its own words speak of rounds


class _Lines:
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


def read_deadlines(page: Page) -> None:
    """Write deadlines, close_model and close_date_description on the page's sheet."""
    found = find_dates(page.text, page.folded, page.notice.date_order, posted_day(page.notice))
    dates = [hit for hit in found if not page.is_silent(hit.start)]
    lines = _Lines(page, dates)
    reads: list[_Read] = []
    for i, hit in enumerate(dates):
        reads = _judge(page, lines, dates, i, hit, reads)
    closes = [_staged(page, lines, read) for read in reads if read.role == "close"]
    maybe = [read for read in reads if read.role == "maybe" and not _beside(page, lines, read)]
    closes = _choose(page, lines, closes or maybe)
    closes = _weighed(page, lines, reads, closes)
    _write(page, lines, reads, closes)
    _rolling(page)


def around_days(page: Page, lines: _Lines, reads: list[_Read]) -> list[Around]:
    """Every day with its sentence and what of it is its own."""
    found = []
    for i, read in enumerate(reads):
        hit, sentence = read.hit, lines.at(read.hit.start)
        previous = reads[i - 1].hit.end if i else 0
        following = reads[i + 1].hit.start if i + 1 < len(reads) else sentence[1]
        first = i + 1 < len(reads) and _ranged(page, hit, reads[i + 1].hit)
        ranged = first or bool(i and _ranged(page, reads[i - 1].hit, hit))
        own = (max(sentence[0], previous), max(hit.end, min(sentence[1], following)))
        found.append(Around(hit, read.role, sentence, *own, first, ranged))
    return found


def _ranged(page: Page, hit: DateHit, following: DateHit) -> bool:
    gap = _without_times(page.folded[hit.end : following.start]) if following.start - hit.end <= 40 else ""
    return bool(gap) and bool(_DASH.fullmatch(gap) or (_RANGE.fullmatch(gap) and not _LIST.fullmatch(gap)))


def _weighed(page: Page, lines: _Lines, reads: list[_Read], closes: list[_Read]) -> list[_Read]:
    """``closes``, or where words told none, the days of an opportunity that stand as closings do."""
    if page.values.get("is_opportunity") is False:
        return closes
    if not closes:
        days, today = around_days(page, lines, reads), posted_day(page.notice)
        weighed = [(chance(features(page, day, days, today)), read) for read, day in zip(reads, days, strict=True)]
        best = max((odds for odds, _ in weighed), default=0.0)
        likely = _LIKELY if page.values.get("is_opportunity") else _SURE
        least = max(likely, best - _APART)
        likely_days = [(odds, read) for odds, read in weighed if odds >= least]
        free = [one for one in likely_days if one[1].role not in _RIVALS]
        closes = [replace(read, role="close", strength=1) for _, read in free or likely_days]
    return _with_kin(page, lines, reads, closes)


def _with_kin(page: Page, lines: _Lines, reads: list[_Read], closes: list[_Read]) -> list[_Read]:
    """``closes`` with the days said in the same breath: of the next line that begins alike, round or stage."""
    if not closes or any(read.extended for read in closes):
        return closes
    known = {read.hit.day for read in closes}
    starts = {read.hit.start for read in closes}
    found = list(closes)
    for i, read in enumerate(reads):
        if read.hit.day in known or read.role not in ("", "maybe", "period") or _ranged_with_next(page, reads, i):
            continue
        before = reads[i - 1] if i else None
        joined = (
            before is not None
            and before.hit.start in starts
            and _LIST.fullmatch(_without_times(page.folded[before.hit.end : read.hit.start]))
        )
        if joined or _alike(page, lines, reads, i, starts) or _of_a_round(page, lines, reads, i):
            found.append(replace(read, role="close", strength=max(1, read.strength), listed=True))
            starts.add(read.hit.start)
    kin = len(found) > len(closes)
    return [replace(read, listed=True) for read in found] if kin else closes


def _ranged_with_next(page: Page, reads: list[_Read], i: int) -> bool:
    return i + 1 < len(reads) and _ranged(page, reads[i].hit, reads[i + 1].hit)


def _alike(page: Page, lines: _Lines, reads: list[_Read], i: int, starts: set[int]) -> bool:
    """Whether a day ends a line that begins with the same word as the line above, which ends with a closing."""
    number = lines.number(reads[i].hit.start)
    last = i + 1 == len(reads) or lines.number(reads[i + 1].hit.start) != number
    above = [read.hit for read in reads[:i] if lines.number(read.hit.start) == number - 1]
    if not last or not above or above[-1].start not in starts:
        return False
    first, second = lines.spans[number - 1], lines.spans[number]
    if "\n" not in page.text[first[1] - 1 : second[0] + 1]:
        return False
    words = [_FIRST_WORD.match(page.folded, *span) for span in (first, second)]
    return all(words) and len({word[1] for word in words if word}) == 1


def _of_a_round(page: Page, lines: _Lines, reads: list[_Read], i: int) -> bool:
    """ "Round three will end on …", "the full proposal … on the platform on …"."""
    hit = reads[i].hit
    own = max(lines.at(hit.start)[0], reads[i - 1].hit.end if i else 0, hit.start - 110)
    if any(page.any(f"close.{role}", (own, hit.start)) for role in ("result", "event", "other")):
        return False
    if page.any("stage.full_proposal", (own, hit.start)):
        return True
    return page.any("stage.cut_off", (own, hit.start)) and page.any("close.ending", (own, hit.start))


def _context(page: Page, lines: _Lines, hit: DateHit, previous: _Read | None) -> Span:
    """The words a date is read by: its sentence up to it, and the line before where the date opens its own."""
    number = lines.number(hit.start)
    start, end = lines.spans[number]
    lead = page.folded[start : hit.start]
    if number and len(lead) <= 18 and not _firm(page, (start, hit.start)):
        before = lines.spans[number - 1]
        if previous and previous.hit.end > before[0]:
            return max(start, hit.start - 260), end  # that line speaks of its own date
        headed = page.folded[before[1] - 1] == "." and before[1] - before[0] <= _HEADING  # "Deadline. 16 November"
        shouted = (headed or page.folded[before[1] - 1] == "!") and page.any("close.strong", before)
        if before[1] - before[0] <= 90 and (shouted or page.folded[before[1] - 1] not in ".;!"):
            start = before[0]
    return max(start, hit.start - 260), end


def _firm(page: Page, span: Span) -> bool:
    """Whether words in a span tell by themselves what a date is for."""
    hits = [(role, hit) for role in _ROLES for hit in page.hits(f"close.{role}", *span)]
    return any(not _is_soft(role, page.folded[hit.start : hit.end]) for role, hit in hits)


def _is_soft(role: str, word: str) -> bool:
    return word in {"open": _SOFT, "event": _SOFT_EVENT, "result": _SOFT_RESULT}.get(role, frozenset())


def _judge(page: Page, lines: _Lines, dates: list[DateHit], i: int, hit: DateHit, before: list[_Read]) -> list[_Read]:
    column = _by_column(page, hit)
    previous = before[-1] if before else None
    if column is not None:
        if column.role == "close" and previous and previous.role == "close" and _ranged(page, previous.hit, hit):
            before = [*before[:-1], replace(previous, role="open")]  # a cell "1 March – 1 May" closes at its end
        return [*before, column]
    start, end = _context(page, lines, hit, previous)
    gap_start = start
    if previous and (previous.hit.end > start or hit.start - previous.hit.end <= 4):
        gap = page.folded[previous.hit.end : hit.start]
        time_free = _WEEKDAY_ASIDE.sub("", _without_times(gap))
        if _MOVED.fullmatch(gap) and (told := page.hits("close.context", start, end)):
            superseded = replace(previous, role="superseded")
            return [
                *before[:-1],
                superseded,
                _Read(hit, "close", told[0] if told[0].start < hit.start else None, 4, extended=True),
            ]
        moved = _ARROW.fullmatch(time_free) or (
            _BUT.fullmatch(time_free)
            and re.search(r"\b(?:no|not|non|pas|nao|nicht)\b", page.folded[start : previous.hit.start])
        )
        if moved and previous.role == "close":
            return [*before[:-1], replace(previous, role="superseded"), replace(previous, hit=hit, extended=True)]
        between = _AND.fullmatch(time_free) and _BETWEEN.search(
            page.folded, max(0, previous.hit.start - 24), previous.hit.start
        )
        word = page.folded[previous.cue.start : previous.cue.end] if previous.cue and previous.role == "close" else ""
        again = bool(word) and word in time_free and bool(_FILL.fullmatch(time_free))  # "until May, until June"
        if (
            between
            or _DASH.fullmatch(time_free)
            or (not again and _RANGE.fullmatch(time_free) and not _LIST.fullmatch(time_free))
        ):
            return _range(page, hit, before, (previous.hit.start, end))
        if previous.role and (_LIST.fullmatch(time_free) or again) and not _by_aside(page, hit, end):
            this = replace(previous, hit=hit, listed=True, extended=False)
            return [*before[:-1], replace(previous, listed=True), this]
        gap_start = max(gap_start, previous.hit.end)
    if previous and _WAS.search(page.folded, max(start, hit.start - 40), hit.start):
        return [*before, _Read(hit, "superseded")]
    if _leads(page, lines, hit):
        after = _by_words_after(page, _Read(hit), (hit.end, min(lines.at(hit.start)[1], hit.end + 90)))
        if after.role:
            return [*before, after]
    read = _by_words_before(page, hit, (gap_start, hit.start), (start, end))
    if aside := _by_aside(page, hit, end):
        return [*before, _Read(hit, aside)]
    weaker = read.role in ("", "maybe", "close") and not read.extended
    if (
        weaker
        and previous
        and previous.role == "close"
        and read.strength < previous.strength
        and _continues(page, lines, previous.hit, hit)
    ):
        return [*before[:-1], replace(previous, listed=True), replace(previous, hit=hit, listed=True, extended=False)]
    if (
        read.role in ("", "maybe")
        and previous
        and previous.role == "superseded"
        and lines.number(previous.hit.start) == lines.number(hit.start)
        and hit.day > previous.hit.day
    ):  # "instead of 19 February it ends on 12 March"
        return [*before, _Read(hit, "close", read.cue, 4, extended=True)]
    if read.role == "maybe" and previous and previous.role == "close" and _says_again(page, previous, read):
        return [*before[:-1], replace(previous, listed=True), replace(read, role="close", strength=2, listed=True)]
    if not read.role or (read.role == "period" and hit.first is not None):
        below = _listed_below(page, lines, hit)
        read = below if below.role else read
    soft = read.role == "open" and read.cue is not None and page.folded[read.cue.start : read.cue.end] in _SOFT
    if soft and hit.first is None:  # "à la date du 26 février, date de clôture de l'appel"
        stop = min(end, dates[i + 1].start if i + 1 < len(dates) else end, hit.end + 40)
        after = _by_words_after(page, _Read(hit), (hit.end, stop))
        named = after.role == "close" and after.cue and page.folded[after.cue.start : after.cue.end] not in _ANY_LIMIT
        read = after if named and after.cue and after.cue.start - hit.end <= 12 else read
    if read.role in ("", "maybe", "period"):
        stop = min(end, dates[i + 1].start if i + 1 < len(dates) else end, hit.end + 60)
        after = _by_words_after(page, read, (hit.end, stop))
        read = after if after.role else read
        if (
            previous
            and previous.role in ("", "maybe")
            and read.role == "close"
            and previous.hit.end <= hit.start
            and _LIST.fullmatch(page.folded, previous.hit.end, hit.start)
        ):
            return [*before[:-1], replace(read, hit=previous.hit, listed=True), replace(read, listed=True)]
    return [*before, read]


def _by_aside(page: Page, hit: DateHit, end: int) -> str:
    """ "15 October (award ceremony)": what brackets right behind a date say it is for, where that is no closing."""
    aside = _ASIDE.match(page.folded, hit.end, end)
    if aside is None or any(page.any(f"close.{role}", aside.span()) for role in ("strong", "context", "applying")):
        return ""
    told = (
        role
        for role in ("event", "result", "publish")
        if any(
            not _is_soft(role, page.folded[cue.start : cue.end]) for cue in page.hits(f"close.{role}", *aside.span())
        )
    )
    return next(told, "")


def _says_again(page: Page, previous: _Read, read: _Read) -> bool:
    """ "- for July, write before 12 June;\n- for September, before 7 August": the next item with the same word."""
    gap = page.folded[previous.hit.end : read.hit.start]
    if previous.cue is None or read.cue is None or len(gap) > 80 or not ("\n" in gap or ";" in gap):
        return False
    return page.folded[previous.cue.start : previous.cue.end] == page.folded[read.cue.start : read.cue.end]


def _by_column(page: Page, hit: DateHit) -> _Read | None:
    """A date in a row of a table "Session | Closes on | Jury": what the head of its column says it is for."""
    start, end = page.text.rfind("\n", 0, hit.start) + 1, page.text.find("\n", hit.end)
    bars = page.text.count("|", start, end if end >= 0 else len(page.text))
    if bars < 2:
        return None
    top = start
    for _ in range(_ROWS):
        above = page.text.rfind("\n", 0, max(0, top - 1)) + 1
        if top == 0 or page.text.count("|", above, top) != bars:
            break
        top = above
    low = top
    for _ in range(page.text.count("|", start, hit.start)):
        low = page.text.find("|", low) + 1
    high = min((at for at in (page.text.find("|", low), page.text.find("\n", low)) if at >= 0), default=low)
    if low >= start:
        return None
    if _OLD.fullmatch(page.folded, low, high):
        return _Read(hit, "superseded")
    for role in ("strong", "weak", "result", "event", "open"):
        if page.any(f"close.{role}", (low, high)):
            return _Read(hit, "close", None, 3, listed=True) if role in ("strong", "weak") else _Read(hit, role)
    head = (top, page.text.find("\n", top))
    closing = any(page.any(f"close.{role}", head) for role in ("strong", "weak"))
    return _Read(hit, "other") if closing else None  # another column closes the call


def _leads(page: Page, lines: _Lines, hit: DateHit) -> bool:
    """ "27 March, 23:59 UTC: closing of applications" on a line of its own."""
    start, end = lines.at(hit.start)
    if hit.start and page.text[start - 1] != "\n" and start:
        return False
    if not re.fullmatch(r"[\W\d_]*", page.folded[start : hit.start]):
        return False
    after = _without_times(page.folded[hit.end : min(end, hit.end + 40)])
    return bool(_COLON.match(after)) or (end - hit.end <= 60 and after[:1] == " " and after[1:2].isalpha())


def _continues(page: Page, lines: _Lines, previous: DateHit, hit: DateHit) -> bool:
    """ "…until 18 December; for September, until 14 May", or the next line of a list of dates."""
    gap = page.folded[previous.end : hit.start]
    if len(gap) > 110:
        return False
    if "\n" in gap:
        start, end = lines.at(hit.start)
        rest = _without_times(page.folded[hit.end : end])
        alone = _FILL.fullmatch(rest) or _ASIDE.fullmatch(rest)
        return bool(alone) and hit.start - start <= 4 and lines.at(previous.start)[1] - previous.end <= 24
    if any(page.any(f"close.{role}", (previous.end, hit.start)) for role in ("event", "result", "other", "publish")):
        return False
    weak = page.hits("close.weak", previous.end, hit.start)
    near = [cue for cue in weak if page.folded[cue.start : cue.end] not in _TO and hit.start - cue.end <= 12]
    again = (_FOR_NEXT if re.search(r"[.?!]\s", gap) else _FOR).fullmatch(gap)
    return bool((near and ";" in gap) or (again and _FILL.fullmatch(again["fill"])))


def _listed_below(page: Page, lines: _Lines, hit: DateHit) -> _Read:
    """The first date of a list under "There are four cut-offs a year: …"."""
    start, end = lines.at(hit.start)
    if hit.start - start > 28 or end - hit.end > 40 or not _BULLET.fullmatch(page.folded, start, hit.start):
        return _Read(hit)
    number = lines.number(hit.start)
    for back in range(number - 1, max(-1, number - 4), -1):
        above = lines.spans[back]
        cues = page.hits("close.strong", *above) + page.hits("stage.cut_off", *above)
        apart = "\n" in page.text[above[1] - 1 : lines.spans[back + 1][0] + 1]
        if cues and apart and page.text[above[1] - 1 : above[1]] in (":", ".") and hit.start - cues[-1].end <= 200:
            return _Read(hit, "close", cues[-1], 2, listed=True)
    return _Read(hit)


def _without_times(gap: str) -> str:
    """``gap`` without the hours and zones in it."""
    if iso := _ISO_T.match(gap):
        gap = " " + gap[iso.end() :]
    while zone := find_zone(gap):
        gap = gap[: zone[0]] + gap[zone[1] :]
    for start, end, _ in reversed(find_clock(gap)):
        gap = gap[:start] + gap[end:]
    return gap


def _range(page: Page, hit: DateHit, before: list[_Read], span: Span) -> list[_Read]:
    """ "from 1 March to 30 April": an application period closes at its end; an event's end is no deadline."""
    previous = before[-1]
    role = previous.role
    if role in ("", "maybe", "period") and _named_before(page, previous.hit):
        role = "open"
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
    after = _by_words_after(page, read, (hit.end, min(span[1], hit.end + 60))) if role in ("", "period") else read
    return [*before, after if after.role else read]


def _named_before(page: Page, hit: DateHit) -> bool:
    """ "Applications: 1 December …": what is open in these days stands right before them."""
    start = max(0, hit.start - 40)
    words = page.hits("close.context", start, hit.start)
    return bool(words) and bool(_PERIOD_FILL.fullmatch(page.folded, words[-1].end, hit.start))


def _by_words_before(page: Page, hit: DateHit, span: Span, segment: Span) -> _Read:
    cues: list[tuple[int, int, str, Hit]] = []
    for role in _ROLES:
        for cue in page.hits(f"close.{role}", *span):
            word = page.folded[cue.start : cue.end]
            if hit.start - cue.end <= _FAR and not (
                word in _ANSWER and page.folded[cue.end : cue.end + 2].strip() == ":"
            ):
                cues.append((0 if _is_soft(role, word) else 1, cue.end, role, cue))
    staged = [cue for stage in _TWO for cue in page.hits(f"stage.{stage}", *span) if hit.start - cue.end <= _FAR]
    cues += [(1, cue.end, "strong", cue) for cue in staged if _LABELLED.match(page.folded, cue.end, hit.start)]
    weak = _weak(page, hit, span)
    if weak:  # the "del" of "antes del" opens nothing
        cues = [cue for cue in cues if cue[0] or not weak.start <= cue[3].start < weak.end]
    firm = [cue for cue in cues if cue[0]]
    best = max(firm, key=lambda cue: (cue[1], cue[3].end - cue[3].start, cue[2] == "strong"), default=None)
    extended = any(role == "extended" for _, _, role, _ in firm)
    applying = page.any("close.context", segment) or bool(staged)
    if best is not None:
        role, cue = best[2], best[3]
        if role == "extended":
            if weak or applying or page.any("close.strong", segment):
                return _Read(hit, "close", min((c[3] for c in (*firm, best)), key=lambda c: c.start), 4, extended=True)
            return _Read(hit)
        if role == "strong":
            if _outranked(page, firm, cue, hit):
                return _Read(hit, "other")
            if page.folded[cue.start : cue.end] in _ANY_LIMIT and (about := _about(page, firm, cue)):
                return _Read(hit, about)
            if not weak and page.any("rolling.all", (cue.end, hit.start)):
                return _Read(hit, "other")  # "Deadline: open until filled (first review on …)"
            return _Read(hit, "close", cue, 3, extended=extended)
        if role == "open" and weak and weak.start >= cue.end and applying:
            return _Read(hit, "close", cue, 2)
        if role == "open" and _WHAT_FOR.search(page.folded, cue.end, hit.start):
            return _Read(hit, "period", cue)
        if role == "open" and applying and _refused(page, hit, span, segment):
            return _Read(hit, "close", cue, 2)
        if weak and any(label.start >= cue.end - 1 and label.end <= weak.start for label in staged):
            return _Read(hit, "close", weak, 2)  # "shortlisted teams send the full proposal by"
        if hit.first and role == "event" and _PERIOD.search(page.folded, max(segment[0], cue.start - 40), cue.start):
            return _Read(hit, "close", cue, 2)
        if (
            weak
            and weak.start >= cue.start
            and role == "event"
            and _applying(page, (max(segment[0], cue.start - 60), hit.start))
        ):
            return _Read(hit, "close", weak, 2)
        return _Read(hit, role, cue)
    people = _about_people(page, span)
    line = page.text.rfind("\n", 0, hit.start) + 1
    taken = page.hits("close.context", *segment) or page.hits("close.taking", *segment)
    if taken and not people and _refused(page, hit, span, segment):
        return _Read(hit, "close", taken[0], 2)
    if weak and applying and not people:
        return _Read(hit, "close", weak, 2, extended=extended)
    cues = [cue for cue in cues if cue[2] != "open" or hit.start - cue[1] <= _BESIDE]
    soft = max(cues, key=lambda cue: cue[1], default=None)
    label = next((c for c in reversed(page.hits("close.context", max(span[0], hit.start - 60), hit.start))), None)
    if label and (soft is None or label.start >= soft[1]) and _LABEL.fullmatch(page.folded, label.end, hit.start):
        return _Read(hit, "maybe", label, 1)
    if soft is not None:
        heading = line > segment[0] and (line - segment[0] > 45 and page.text[line - 2] not in ":?")
        begin = line if heading else segment[0]  # a title above says nothing of these days
        applying = _applying(page, (begin, hit.start)) and not _WHAT_FOR.search(
            page.folded, page.hits("close.context", begin, hit.start)[-1].end, hit.start
        )
        taking = page.hits("close.taking", begin, hit.start)
        taking = bool(taking) and not _WHAT_FOR.search(page.folded, begin, hit.start)
        if hit.first is not None and (applying or taking) and soft[2] == "open":
            return _Read(hit, "close", soft[3], 2)
        return _Read(hit, "open" if soft[2] == "open" and applying else "period", soft[3])
    if staged and hit.first is None:
        return _Read(hit, "maybe", staged[-1], 1)
    rounds = [cue for cue in page.hits("stage.cut_off", *span) if _LABEL.fullmatch(page.folded, cue.end, hit.start)]
    if hit.first is not None and rounds:
        return _Read(hit, "close", rounds[-1], 2, listed=True)
    if hit.first is not None and _named_before(page, hit):
        return _Read(hit, "close", page.hits("close.context", *span)[-1], 2)
    if weak and not people and page.folded[weak.start : weak.end] not in _FAINT and not page.any("close.aside", span):
        labelled = page.folded[line : weak.start].rstrip().endswith(":")
        return _Read(hit, "close", weak, 2) if labelled else _Read(hit, "maybe", weak, 1)
    return _Read(hit)


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
    lead = re.sub(r"\( *\)", "", _without_times(page.folded[max(span[0], hit.start - 60) : hit.start]))
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
        if word in _TO:
            continue
        if hit.start - cue.end <= _NEAR and _FILL.fullmatch(_without_times(page.folded[cue.end : hit.start])):
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


def _by_words_after(page: Page, read: _Read, span: Span) -> _Read:
    hit = read.hit
    cues = [
        (cue.start, role, cue)
        for role in ("strong", "event", "result", "publish", "open", "other")
        for cue in page.hits(f"close.{role}", *span)
        if not (role == "open" and page.folded[cue.start : cue.end] in _SOFT)
    ]
    if read.role == "period" and _OPEN_AFTER.match(_without_times(page.folded[hit.end : span[1]])):
        return _Read(hit, "close", read.cue, 2)
    ranged = hit.first is not None or (read.cue and re.search(r"[0-9]", page.folded[read.cue.end : hit.start]))
    if read.role == "period" and ranged and _MAY.match(page.folded, hit.end, span[1]):
        told = page.hits("close.context", *span)
        return _Read(hit, "close", told[0], 2) if told and told[0].start - hit.end <= 40 else _Read(hit)
    if read.role == "period" or (not read.role and hit.first is not None):
        cues = [(cue.start, "strong", cue) for cue in page.hits("close.context", *span)[:1]]
        if cues and not _COLON.fullmatch(page.folded, hit.end, cues[0][0]):
            clock = find_clock(page.folded, hit.end, cues[0][0])
            if not clock or not _COLON.fullmatch(_without_times(page.folded[hit.end : cues[0][0]])):
                return _Read(hit)
        return _Read(hit, "close", cues[0][2], 2) if cues else _Read(hit)
    if (not cues or min(cues)[1] != "strong") and _SHUTS.match(page.folded, hit.end, span[1]):
        ending = page.hits("close.ending", *span)
        return _Read(hit, "close", ending[0], 2) if ending else _Read(hit)
    if not cues:
        return _Read(hit)
    start, role, cue = min(cues)
    if role != "strong":
        return _Read(hit, role)
    if any(0 <= other.start - cue.end <= 25 for other in page.hits("close.other", *span)):
        return _Read(hit, "other")
    gap = _without_times(page.folded[hit.end : start])
    joined = _JOINED.fullmatch(gap) or (len(gap) <= 16 and _FILL.fullmatch(gap))
    return _Read(hit, "close", cue, 2) if joined else _Read(hit)


def _staged(page: Page, lines: _Lines, read: _Read) -> _Read:
    span = (lines.at(read.hit.start)[0], read.hit.start)
    rounds = page.any("stage.cut_off", span) or bool(_NTH.search(page.folded, *span))
    return replace(read, staged=any(page.any(f"stage.{stage}", span) for stage in _TWO), rounds=rounds)


def _of_the_call(page: Page, lines: _Lines, closes: list[_Read]) -> list[_Read]:
    """Of several closings those whose clause is not about something else: "the grant must be spent by"."""
    if len({read.hit.day for read in closes}) < 2:
        return closes
    beside = [not read.listed and _beside(page, lines, read) for read in closes]
    return [read for read, other in zip(closes, beside, strict=True) if not other] if not all(beside) else closes


def _beside(page: Page, lines: _Lines, read: _Read) -> bool:
    """Whether the words before a date, since the last stop or semicolon, tell of a matter other than applying."""
    hit, start = read.hit, lines.at(read.hit.start)[0]
    start = max(start, page.text.rfind(";", start, hit.start) + 1, page.text.rfind("\n", start, hit.start) + 1)
    before = lines.at(max(0, start - 2))
    if before[0] < start and start - before[0] <= 60 and page.text[start - 2 : start].strip().endswith("?"):
        start = before[0]  # "When do I travel? Between …"
    matter = page.hits("close.matter", start, hit.start)
    keys = ("close.applying", *(f"stage.{stage}" for stage in (*_TWO, "nomination")))
    applying = max((cue.end for key in keys for cue in page.hits(key, start, hit.start)), default=start)
    if matter and applying <= matter[-1].start:
        return True
    done = _DONE_BEFORE.search(page.folded, start, hit.start)
    return done is not None and not _SENT.match(done["word"])


def _choose(page: Page, lines: _Lines, closes: list[_Read]) -> list[_Read]:
    """Of the dates read as closings: an extension replaces what it extends; the strongest words count."""
    extended = [read for read in closes if read.extended]
    if extended:
        last = max(read.hit.day for read in extended)
        return [read for read in closes if read.hit.day >= last or (read.listed and read.strength >= 3)][:6]
    closes = [read for read in closes if not _passed(page, read)] or closes
    today = posted_day(page.notice)
    if today and any(read.hit.day >= today for read in closes):  # an earlier edition's, unless it is one of a list
        closes = [read for read in closes if read.hit.day >= today or read.listed or read.staged or read.rounds]
    closes = _of_the_call(page, lines, closes)
    top = max((read.strength for read in closes), default=0)
    listed = any(read.listed for read in closes)
    return [read for read in closes if read.strength >= min(top, 2) or listed or read.staged]


def _passed(page: Page, read: _Read) -> bool:
    """ "The first round closed on 2 March", "… and has passed": told beside a call that is open."""
    told = read.cue is not None and _CLOSED.match(page.folded, read.cue.start, read.cue.end)
    if told and read.cue and _TO_BE.search(page.folded, max(0, read.cue.start - 12), read.cue.start):
        told = None  # "will be closed on"
    return bool(told or _PASSED.match(page.folded, read.hit.end))


@dataclass(frozen=True)
class _Timed:
    read: _Read
    stage: str
    hour: time | None
    zone: str | None
    core: Span

    @property
    def told(self) -> tuple[bool, bool]:
        return self.hour is not None, self.zone is not None


def _write(page: Page, lines: _Lines, reads: list[_Read], closes: list[_Read]) -> None:
    dates = [read.hit for read in reads]
    timed = [_timed(page, lines, dates, read) for read in closes]
    timed = _all_at(page, lines, _at_the_end(_next_sentence(page, lines, dates, timed)))
    timed = [_at_the_head(page, lines, found) for found in timed]
    timed = [_said_elsewhere(page, lines, reads, found) for found in timed]
    best: dict[tuple[str, date], _Timed] = {}
    for found in timed:
        key = (found.stage, found.read.hit.day)
        known = best.get(key)
        if known is None or found.told > known.told:
            best[key] = found
    special = {found.read.hit.day for found in best.values() if found.stage not in ("application", "cut_off")}
    best = {key: found for key, found in best.items() if found.stage != "application" or key[1] not in special}
    chosen = sorted(best.values(), key=lambda found: (found.read.hit.day, found.hour or time.max, found.stage))
    chosen = _two_steps(chosen)
    plain = {found.read.hit.day for found in chosen if found.stage in ("application", "cut_off")}
    meeting = page.values.get("opportunity_type") in ("event", "course") and not any(f.read.rounds for f in chosen)
    if not any(found.stage in _TWO for found in chosen) and len(plain) > 1 and not meeting:
        chosen = [_as_cut_off(found) for found in chosen]
    deadlines = []
    own = page.notice.timezone
    for found in chosen[:12]:
        rule = f"deadline.{'extended' if found.read.extended else 'label' if found.read.strength >= 3 else 'words'}"
        confidence = {4: 0.95, 3: 0.95, 2: 0.85}.get(found.read.strength, 0.7)
        confidence -= 0.0 if found.read.hit.year_printed else 0.1
        if page.prove("deadlines", rule, round(confidence, 2), found.core):
            deadlines.append(
                Deadline(
                    seq=len(deadlines) + 1,
                    stage=found.stage,  # type: ignore[arg-type]
                    close_date=found.read.hit.day,
                    close_time=found.hour,
                    timezone=found.zone or own,
                    basis="stated" if found.zone else "assumed",
                )
            )
    if not deadlines:
        return
    page.put("deadlines", deadlines)
    first = chosen[0]
    two = {deadline.stage for deadline in deadlines} & set(_TWO)
    model = "two_stage" if two and len(deadlines) > 1 else "multiple" if len(deadlines) > 1 else "single"
    page.state("close_model", model, f"close_model.{model}", 0.85, first.core)
    _describe(page, "deadline.words", first.core)


def _all_at(page: Page, lines: _Lines, timed: list[_Timed]) -> list[_Timed]:
    """ "Each cut-off falls at 18:00 UTC", "(London time in both cases)": an hour or zone said for all deadlines."""
    if not timed or all(found.hour and found.zone for found in timed):
        return timed
    spans = [lines.at(match.start()) for match in _EACH.finditer(page.folded)]
    told = {lines.number(found.read.hit.start) + 1 for found in timed}
    closing = [
        span
        for span in spans
        if lines.number(span[0]) in told or any(page.any(key, span) for key in ("close.strong", "close.weak", *_ROUNDS))
    ]
    for segment in closing or [span for span in spans if page.any("close.context", span)]:
        hours, zone = find_times(page.folded, *segment), find_zone(page.folded, *segment)
        hour = hours[0][2] if len(hours) == 1 else None
        if (hour or zone) and page.prove("deadlines", "deadline.all_at", 0.8, segment):
            return [replace(f, hour=f.hour or hour, zone=f.zone or (zone[2] if zone else None)) for f in timed]
    return timed


def _at_the_end(timed: list[_Timed]) -> list[_Timed]:
    """ "15 March and 15 September 2027 (17:00 CET)": the hour behind a list holds for all its days."""
    found = list(timed)
    for i in range(len(found) - 2, -1, -1):
        this, following = found[i], found[i + 1]
        span = (min(this.core[0], following.core[0]), max(this.core[1], following.core[1]))
        if this.read.listed or following.read.listed:
            close = following.read.hit.start - this.read.hit.end <= 16 and span[1] - span[0] <= _QUOTE
            if close and not any(this.told) and any(following.told):
                found[i] = replace(this, hour=following.hour, zone=following.zone, core=span)
            elif close and not this.read.hit.year_printed:
                found[i] = replace(this, core=span)
    return found


def _at_the_head(page: Page, lines: _Lines, found: _Timed) -> _Timed:
    """ "Cut-offs, always at 23:59 AoE:" above a list of days."""
    cue = found.read.cue
    if not found.read.listed or found.hour or cue is None or cue.start > found.core[0]:
        return found
    start, end = lines.at(cue.start)
    hours = find_times(page.folded, start, min(end, found.read.hit.start))
    if len(hours) != 1 or found.core[1] - min(hours[0][0], found.core[0]) > _QUOTE:
        return found
    zone = _zone_after(page, hours[0][0], hours[0][1], end)
    core = (min(hours[0][0], found.core[0]), found.core[1])
    return replace(found, hour=hours[0][2], zone=zone[2] if zone else None, core=core)


def _next_sentence(page: Page, lines: _Lines, dates: list[DateHit], timed: list[_Timed]) -> list[_Timed]:
    """ "Closing date: 5 June. Proposals must be received by 4 p.m.": the only day's hour stands after it."""
    if len({found.read.hit.day for found in timed}) != 1 or any(found.hour for found in timed):
        return timed
    for i, found in enumerate(timed):
        number = lines.number(found.read.hit.start) + 1
        if number >= len(lines.spans) or any(found.told):
            continue
        span = _to_full_stop(page, lines.spans[number])
        hours = find_times(page.folded, *span)
        words = any(page.any(f"close.{role}", span) for role in ("strong", "weak", "context"))
        words = words and not any(page.any(f"close.{role}", span) for role in ("event", "result", "other", "open"))
        if (
            not hours
            or (len(hours) > 1 and not find_zone(page.folded, hours[0][0], hours[1][0]))
            or not words
            or any(span[0] <= hit.start < span[1] for hit in dates)
        ):
            continue
        start, end, hour = hours[0]
        zone = _zone_after(page, start, end, span[1])
        core = (found.core[0], max(end, zone[1] if zone else end))
        if core[1] - core[0] <= _QUOTE:
            timed[i] = replace(found, hour=hour, zone=zone[2] if zone else None, core=core)
    return timed


def _to_full_stop(page: Page, span: Span) -> Span:
    """The first sentence of a line, where an hour's own dots hide where it ends ("5:00 p. m. The list …")."""
    for stop in _STOP.finditer(page.text, *span):
        if not find_zone(page.folded, stop.end(), min(span[1], stop.end() + 40), anchored=True):
            return span[0], stop.start() + 1
    return span


def _said_elsewhere(page: Page, lines: _Lines, reads: list[_Read], found: _Timed) -> _Timed:
    """The same day printed again with its hour: the fuller words are quoted."""
    if found.hour:
        return found
    dates = [read.hit for read in reads]
    for read in reads:
        if (
            read.hit.day == found.read.hit.day
            and read.hit != found.read.hit
            and read.role in ("", "period", "close", "maybe")
        ):
            other = _timed(page, lines, dates, read)
            if other.hour and other.told > found.told:
                return replace(found, hour=other.hour, zone=other.zone, core=other.core)
    return found


def _two_steps(chosen: list[_Timed]) -> list[_Timed]:
    """What is due before the only full proposal is its first stage, whatever it is called."""
    if [found.stage for found in chosen] != ["application", "full_proposal"]:
        return chosen
    return [replace(chosen[0], stage="concept_note"), chosen[1]]


def _as_cut_off(found: _Timed) -> _Timed:
    return replace(found, stage="cut_off") if found.stage == "application" else found


def _describe(page: Page, rule: str, core: Span, within: Span | None = None) -> None:
    if page.prove("close_date_description", rule, 0.9, core, within):
        page.put("close_date_description", collapse(page.evidence[-1].quote))


def _timed(page: Page, lines: _Lines, dates: list[DateHit], read: _Read) -> _Timed:
    hit = read.hit
    seg_start, seg_end = _with_next_line(page, lines, hit)
    stop = min([seg_end, hit.end + 110, *(other.start for other in dates if other.start >= hit.end)])
    floor = max([seg_start, hit.start - 70, *(other.end for other in dates if other.end <= hit.start)])
    low, high = hit.start if hit.anchor is None else hit.anchor, hit.end
    hour, zone, after = _clock_after(page, hit.end, stop)
    if after is None and (aside := _ASIDE.match(page.folded, hit.end, seg_end)):
        stop = min([seg_end, hit.end + 130, *(other.start for other in dates if other.start >= aside.end())])
        hour, zone, after = _clock_after(page, aside.end(), stop)
    if after is None:
        hour, zone, before = _clock_before(page, floor, hit.start)
        low = before if before is not None else low
        zone = zone or _zone_after(page, hit.end, hit.end, stop) or _anywhere(page, hit.end, stop)
    else:
        high = after
    if hour and not zone and read.cue is not None and 0 <= hit.start - read.cue.end <= 40:
        named = find_zone(page.folded, read.cue.end, hit.start)  # "Deadline (Hanoi time): …"
        rest = page.folded[read.cue.end : named[0]] + page.folded[named[1] : hit.start] if named else ""
        zone = named if named and _FILL.fullmatch(rest) else None
    if zone:
        low, high = min(low, zone[0]), max(high, zone[1])
    if read.cue is not None and read.cue.start <= hit.start and hit.start - read.cue.start <= 200:
        low = min(low, read.cue.start)
    elif read.cue is not None and read.cue.start > hit.start and read.cue.end - low <= 200:
        high = max(high, read.cue.end)
    if hit.anchor is not None:
        low = min(low, hit.anchor)
    if not read.hit.year_printed or low == hit.start:
        low = min(
            low, _word_start(page, max(seg_start, hit.start - 24, page.text.rfind(MASK, 0, hit.start) + 1), hit.start)
        )
    borrowed = hit.year_printed and hit.first is None and not _YEAR_IN.search(page.folded, hit.start, hit.end)
    if borrowed and (following := next((d for d in dates if 0 <= d.start - hit.end <= 24), None)):
        high = max(high, following.end)  # "1 June and 1 October 2027": the quote shows whence the year
    if page.text[high : high + 1] == ")" and "(" in page.text[low:high]:
        high += 1
    return _Timed(read, _stage(page, lines, read, (low, high)), hour, zone[2] if zone else None, (low, high))


def _with_next_line(page: Page, lines: _Lines, hit: DateHit) -> Span:
    """The sentence of a date, with the line after it where that is an hour alone."""
    number = lines.number(hit.start)
    start, end = lines.spans[number]
    if number + 1 < len(lines.spans) and not page.folded[hit.end : end].strip(" .,"):
        below = lines.spans[number + 1]
        clock = find_clock(page.folded, *below) if below[1] - below[0] <= 40 else []
        if clock and _FILL.fullmatch(page.folded, below[0], clock[0][0]):
            return start, below[1]
    return start, end


def _word_start(page: Page, low: int, at: int) -> int:
    while low < at and low and page.text[low - 1].isalnum():
        low += 1
    return low


_Zone = tuple[int, int, str] | None


def _clock_after(page: Page, at: int, stop: int) -> tuple[time | None, _Zone, int | None]:
    """The hour right after a day, its zone, and where it ends (None: there is none). Midnight is no hour but ends."""
    iso = _ISO_T.match(page.folded, at, stop)
    at = at + 1 if iso else at
    clocks = find_clock(page.folded, at, stop)
    if not clocks:
        return None, None, None
    start, end, hour = clocks[0]
    early = find_zone(page.folded, at, start)
    gap = page.folded[at:start] if early is None else page.folded[at : early[0]] + page.folded[early[1] : start]
    if not _FILL.fullmatch(gap) and not _FILL.fullmatch(_without_ending(page, at, start) if early is None else gap):
        return None, None, None
    for start2, end2, hour2 in clocks[1:2]:  # "las cinco (5:00 p. m.)", "23:59 (11:59 p.m.)"
        if hour2 == hour and _FILL.fullmatch(page.folded, end, start2):
            start, end = start2, end2
    if iso and hour is None:
        return None, None, end  # a feed's midnight says neither hour nor zone
    return hour, _zone_after(page, start, end, stop) or early, end


def _without_ending(page: Page, start: int, end: int) -> str:
    """The words of a span without those for ending ("…, terminando às 23h59")."""
    flat = page.folded[start:end]
    cues = [*page.hits("close.ending", start, end), *page.hits("close.strong", start, end)]
    for cue in sorted(cues, key=lambda cue: cue.start, reverse=True):
        flat = flat[: cue.start - start] + " " * (cue.end - cue.start) + flat[cue.end - start :]
    return flat


def _clock_before(page: Page, floor: int, at: int) -> tuple[time | None, _Zone, int | None]:
    """The hour right before a day, its zone, and where it starts."""
    clocks = find_clock(page.folded, floor, at)
    if not clocks:
        return None, None, None
    start, end, hour = clocks[-1]
    if len(clocks) > 1 and _HOURS.fullmatch(page.folded, clocks[-2][1], start):
        return None, None, None  # "from 8 a.m. to 4 p.m., until 12 February": when a desk is open
    zone = find_zone(page.folded, start, at)
    rest = page.folded[end:at] if zone is None else page.folded[end : zone[0]] + page.folded[max(end, zone[1]) : at]
    return (hour, zone, start) if _FILL.fullmatch(rest) else (None, None, None)


def _anywhere(page: Page, at: int, stop: int) -> _Zone:
    """Anywhere on earth, which is said of deadlines alone."""
    found = find_zone(page.folded, at, stop)
    return found if found and found[2] == "Etc/GMT+12" else None


def _zone_after(page: Page, start: int, end: int, stop: int) -> _Zone:
    """The zone behind an hour that stands in [start, end), whose own word may begin it ("17:00 horas de Colombia")."""
    found = find_zone(page.folded, start, stop)
    if not found or not _FILL.fullmatch(page.folded, end, max(end, found[0])):
        return None
    if found[2] in ("UTC", "Europe/Berlin") or found[2].startswith("Etc/GMT"):
        named = find_zone(page.folded, found[1], min(stop, found[1] + 40))
        if named and not named[2].startswith(("UTC", "Etc/")) and _FILL.fullmatch(page.folded, found[1], named[0]):
            return found[0], named[1], named[2]  # "UTC-5, Bogotá time": the place says the same and more
    return found


def _stage(page: Page, lines: _Lines, read: _Read, core: Span) -> str:
    """Of what a deadline is: the words of its own clause, else of the sentence before the date."""
    segment = lines.at(read.hit.start)
    start = min(core[0], segment[0]) if read.hit.start - segment[0] <= 160 else core[0]
    other = [r for r in ("concept_note", "full_proposal") if page.any(f"stage.{r}", (start, core[1]))]
    if other == ["concept_note"] and not page.any("stage.full_proposal", (0, len(page.text))):
        told = [page.folded[hit.start : hit.end] for hit in page.hits("stage.concept_note", start, core[1])]
        if all(_FAINT_STAGE.search(words) for words in told):
            return "application"  # to show interest is all that is asked
    if len(other) == 1:
        return other[0]
    if len(other) == 2:
        last = max(other, key=lambda name: page.hits(f"stage.{name}", start, core[1])[-1].start)
        return last
    if page.any("stage.cut_off", (start, core[1])) and read.listed:
        return "cut_off"
    if page.any("stage.nomination", (start, core[1])):
        return "nomination"
    kind = page.values.get("opportunity_type")
    stop = segment[1] if kind in ("event", "course") else core[1]  # "… until the 8th to sign up"
    signing = page.hits("stage.registration", start, max(core[1], min(stop, core[1] + 60)))
    if signing and (
        kind in ("event", "course") or (kind is None and any(hit.language in ("en", "de") for hit in signing))
    ):
        return "registration"  # where one applies in other languages too, "inscripción" says little
    return "application"


def _rolling(page: Page) -> None:
    if page.values.get("deadlines"):
        return
    for hit in page.hits("rolling.all"):
        segment = page.segment(hit.start)
        alone = " " not in page.folded[hit.start : hit.end].strip()
        near = (max(segment[0], hit.start - 40), min(segment[1], hit.end + 40))
        near = near if alone else (max(0, segment[0] - 120), min(len(page.text), segment[1] + 60))
        label = any(page.any(key, near) for key in ("close.strong", "close.context", "opportunity.yes"))
        if label and not page.any("close.event", (hit.end, min(segment[1], hit.end + 30))):
            page.state("close_model", "rolling", "close_model.rolling", 0.85, hit[:2], segment)
            _describe(page, "close_model.rolling", hit[:2], segment)
            return
