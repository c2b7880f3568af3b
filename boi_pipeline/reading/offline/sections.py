"""Where a text says who may apply: the parts under "Who can apply?", "Requisitos:", "Public :", and words for applicants.

What is read there belongs to ``applicants`` (kinds and audiences) and ``eligibility`` (places).
"""

import re

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, Span

MAX_LINES = 12  # of a section without another heading
# A question or label on who: "Quién puede pedirla:", "Para quem:", "Wer?"; not "Who we are", "Qui paie", "Quiénes somos".
_WHO = re.compile(
    r"(?:a|para|for|pour|fur|an)? ?(?:who|whom|quien(?:es)?|qui|quem|wer|wen)(?![^\W_])"
    r"(?![^:?\n]{0,24}(?<![^\W_])(?:we|somos|sommes|sind wir|wir sind|are the|pays?|paie|paga\w*|paguem|zahlt|fund\w*|financ\w*|finanz\w*|"
    r"organi[sz]\w*|realiza\w*|convoca\w*|decid\w*|selec\w*|evalua\w*|avalia\w*|entscheide\w*|teach\w*|imparte\w*|runs?|behind|promov\w*|offers?|ofrece\w*|oferece\w*|won|gano|sera|conced\w*|"
    r"fordert|veranstalt\w*|judges?|juzga\w*|ensena\w*|to contact|contact\w*|writes?|escreve|escribe|steckt|atende|manda|cubre)(?![^\W_]))[^:?\n.]{0,48}"
)
_MARK = re.compile(
    r"[\W_]*(?:(?:[0-9]+(?:\.[0-9]+)*|[a-z]|primero|segundo|tercero|cuarto|quinto)(?:[.)]+|\.o) ?)?[\W_]*"
)
_CLOSE = re.compile(r"(?: ?\([^)\n]{0,40}\))? ?(?:[:?.]|[-|] |(?=\n|$))[ :?.-]*")
_BULLET = re.compile(r"[ ]*(?:[-*•–·▪►✓✅→☑>]|[0-9]{1,2}[.)]|[a-h]\))[ ]*")
_LABELLED = re.compile(r"[\W_]*(?:[^\W\d_][\w'/+-]*[ ]?){1,5}(?:\([^)\n]{0,30}\))? ?[:?]")
_NUMBERED = re.compile(r"[0-9]{1,2}(?:\.[0-9]+)?[.)]? +")

# How plural words for persons and bodies are made; the lexicon has those made otherwise.
_AGENTS = {
    "es": re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?:istas|dores|doras|tores|toras|sores|soras|ologos|ologas|grafos|grafas|icultores|eros y [^\W\d_]{4,}eras)(?![^\W_])|(?<![^\W_])(?:mujer|joven|artista|productora|docente|escritora?|investigadora?|periodista|emprendedora?|startup|empresa|lideresas|semilleros|quienes)(?![^\W_])"),
    "pt": re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?:istas|dores|doras|tores|toras|sores|soras|ologos|ologas|grafos|grafas)(?![^\W_])"),
    "fr": re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?:istes|teurs|trices|cheurs|cheuses|logues|graphes|iciens|iciennes|ateurs|diants|diantes|porteurs|porteuses)(?![^\W_])"),
    "en": re.compile(r"(?<![^\W_])[^\W\d_-]{3,}(?:ists|isers|izers|makers|workers|writers|owners|ologists|graphers|icians|wrights|smiths|holders|runners|keepers|leaders|builders|teachers|founders|woman|scholar|graduates?|learners)(?![^\W_])|(?<![^\W_])(?:woman|man|girl|boy|farmer|nurse|writer|filmmaker|teacher|entrepreneur|firm|company|ngo|charity|startup|coder|trainees?|critics|juniors|makers|collectives|archives)(?![^\W_])"),
    "de": re.compile(
        r"(?<![^\W_])[^\W\d_]{2,}(?:firmen|unternehmen|betriebe[ns]?|vereine[ns]?|verbande[ns]?|gruppen|gesellschaften|schaffende[nr]?|studierende[nr]?|forschende[nr]?|innen|kunstler[ns]?|einrichtungen|organisationen|"
        r"hochschulen|schulen|initiativen|stiftungen|buros|verlage[n]?|autor(?:en|innen)|krafte[n]?|lehrende[nr]?|stipendiaten|doktoranden|absolventen|kandidat(?:en|innen)|genossenschaften|kollektive[n]?)(?![^\W_])"
    ),
}  # fmt: skip
# Made alike, and no persons.
_NO_AGENTS = re.compile(
    r"(?:sec|fac|mo|vec|trac|reac|indica|ordena|computa|procesa|pano|fo|bene)(?:tores|dores|teurs)|setores|vetores|indicadores|computadores|motores|valores|colores|compradores|acheteurs|importadores|evaluadores|avaliadores|evaluateurs|tutores|mentores|conferencistas|"
    r"exists|consists|lists|assists|persists|insists|resists|lister|pistes|listes|pistas|listas|vistas|revistas|entrevistas|previstas|mixtas|conquistas|catalogues|dialogues|paragraphes|matrices"
)


# A heading over what is hoped for, alone in its line: whom it names there does not apply.
_HOPES = re.compile(
    r"[\W_]*(?:expected (?:outcomes?|impacts?|results?)|outcomes?|impacts?|scope|specific challenge|(?:resultados?|impactos?|efectos?) (?:esperados?|previstos?)|"
    r"(?:resultats?|impacts?|effets?) (?:attendus?|escomptes?|vises?)|(?:erwartete|angestrebte) (?:ergebnisse|wirkung(?:en)?))[^\n:.]{0,48}? ?:?[ ]*"
)


def hopes(page: Page) -> list[Span]:
    """What stands under "Expected outcome", "Resultados esperados": spans, by start; each ends at the next heading or label."""
    found: list[Span] = []
    at = page.title[1] + 1
    while at < len(page.text):
        stop = _line_end(page, at)
        if _HOPES.fullmatch(page.folded, at, stop):
            end = stop
            while end < len(page.text) and not _ends_hopes(page, end + 1, _line_end(page, end + 1)):
                end = _line_end(page, end + 1)
            found.append((at, end))
            stop = end
        at = stop + 1
    return found


def _ends_hopes(page: Page, at: int, stop: int) -> bool:
    line = page.text[at:stop].strip()
    if not line or _BULLET.match(page.text, at, stop):
        return False
    short = len(line) <= 48 and line[-1] not in ".,;…)" and line[0].isupper()
    return (
        short
        or (line.endswith("?") and len(line) <= 70)
        or _LABELLED.match(page.text, at, min(stop, at + 48)) is not None
    )


# "national, regional and local", "National restoration plans": of no person.
_NO_PERSON = re.compile(
    r"national(?![^\W_])(?!(?: ?[.;)]|$| (?:who|aged|with|living|may|can|must|is|over|under|from|of|or resident|and resident|or citizen|or permanent)(?![^\W_])))"
)


def people(page: Page, span: Span) -> list[Hit]:
    """Words for applicants in a span: those of the lexicon, general or of a kind, and what is made as such words are
    ("-istas", "-makers", "-firmen"), by where they end."""
    keys = ("eligibility.people", *(f"applicants.{name}" for name in names_of("applicants")))
    found = [hit for key in keys for hit in page.hits(key, *span)]
    known = {hit.end for hit in found}
    made = _AGENTS.get(page.language)
    for match in made.finditer(page.folded, *span) if made else ():
        if match.end() not in known and not _NO_AGENTS.fullmatch(match.group()):
            found.append(Hit(*match.span(), 1, page.language))
    found = [hit for hit in found if not _NO_PERSON.match(page.folded, hit.start)]
    return sorted(found, key=lambda hit: hit.end)


def sections(page: Page) -> list[tuple[Span, int]]:
    """What stands under "Who may apply": ((start, end), where its first value begins), by start."""
    found: list[tuple[Span, int]] = []
    starts = {hit.start: hit.end for hit in page.hits("eligibility.label")}
    at = 0
    while at < len(page.text):
        stop = _line_end(page, at)
        value = None if page.is_silent(at) else _label(page, at, stop, starts)
        if value is not None:
            end = _section_end(page, at, value, stop)
            if end > value:
                found.append(((at, end), value))
        at = stop + 1
    return found


def _line_end(page: Page, at: int) -> int:
    stop = page.text.find("\n", at)
    return len(page.text) if stop < 0 else stop


def _label(page: Page, start: int, stop: int, starts: dict[int, int]) -> int | None:
    """Where the value of a label on who may apply begins, where the line is or begins with one."""
    mark = _MARK.match(page.folded, start, stop)
    begin = mark.end() if mark else start
    if begin > start and begin not in starts and page.folded[begin - 1 : begin].isalnum():
        begin = start
    ends = []
    if begin in starts:
        ends.append(max(hit.end for hit in page.hits("eligibility.label", begin, stop) if hit.start == begin))
    who = _WHO.match(page.folded, begin, stop)
    if who:
        ends.append(who.end())
    for end in sorted(ends, reverse=True):
        close = _CLOSE.match(page.folded, end, stop + 1)
        if close and (close.end() > end or end >= stop) and not page.folded[end : end + 1].isalnum():
            return close.end() if close.end() < stop else stop + 1
    return None


def _section_end(page: Page, start: int, value: int, stop: int) -> int:
    """Where the section that begins at ``start`` ends: at the next heading, label or other matter."""
    same_line = value < stop
    numbered = _NUMBERED.match(page.folded, start, stop) is not None
    end = stop if same_line else min(stop + 1, len(page.text))
    at, lines = stop + 1, 0
    open_ended = same_line and page.folded[stop - 1] in ":,;"
    while at < len(page.text) and lines < MAX_LINES:
        stop = _line_end(page, at)
        bullet = _BULLET.match(page.text, at, stop)
        if same_line and not bullet and not open_ended and not page.text[at : at + 1].islower():
            break
        if (lines or same_line) and _heads(page, at, stop, numbered):
            break
        end, at, lines, open_ended = stop, stop + 1, lines + 1, page.folded[stop - 1 : stop] in (":", ",", ";")
    return end


def _heads(page: Page, at: int, stop: int, numbered: bool) -> bool:
    """Whether a line begins another part: a short heading, a question, a label of its own."""
    line = page.text[at:stop].strip()
    if numbered and (mark := _NUMBERED.match(line)):
        line = line[mark.end() :]
    short = 0 < len(line) <= 48 and line[-1] not in ".,;:)" and line[0].isupper()
    if (short or (len(line) <= 70 and line.endswith("?"))) and not page.places_in(at, stop):
        return True
    told = _LABELLED.match(page.text, at, min(stop, at + 48))
    return told is not None and not page.any("eligibility.people", (at, told.end()))


def says_whom(page: Page, segment: Span) -> bool:
    """A sentence "A prize for farmer groups …", or a line "Local governments of …" that tells nothing that happened."""
    first = people(page, (segment[0], min(segment[1], segment[0] + 40)))
    begins = any(not re.search(r"[^\W_]", page.folded[segment[0] : hit.start]) for hit in first)
    if begins and segment[1] - segment[0] <= 180 and not HAPPENED.search(page.folded, *segment):
        return True
    return any(people(page, (m.end(), min(segment[1], m.end() + 50))) for m in FOR.finditer(page.folded, *segment))


FOR = re.compile(r"(?<![^\W_])(?:for|para|pour|fur)(?![^\W_])")
HAPPENED = re.compile(
    r"(?<![^\W_])(?:won|met|visited|received|were|was|has|had|came|took|fueron|fue|recibieron|ganaron|han|ha|participaron|ont|furent|etaient|foram|receberam|"
    r"participaram|tem|haben|waren|benefited|studied|learned)(?![^\W_])"
)
# What was: winners, last year, figures of past rounds. Nothing said there is said of who may apply now.
PAST = re.compile(
    r"(?<![^\W_])(?:winners? (?:came|come|were|was|is|of 20)|(?:20[0-9]{2}|last|previous|past) (?:winner|round|edition|laureate|cohort|call)\w*|last year\w*|"
    r"(?:ganador|vencedor|lauread|premiad|galardonad)\w+ (?:de|del|en|da|do|em) (?:la |el )?(?:20[0-9]{2}|edicion|ultim)|edicion(?:es)? anterior(?:es)?|convocatorias? anterior(?:es)?|(?<!como )el ano pasado|"
    r"laureats? (?:de |en )?20[0-9]{2}|l'an(?:nee)? (?:dernier|derniere|passe)|edition precedente|editions precedentes|edicao anterior|edicoes anteriores|ano passado|"
    r"(?:since|desde|depuis|seit|in|en|em|im jahr) (?:19|20)[0-9]{2},? (?:we|the|hemos|ha|han|se|hubo|nous|on|foram|ja|hat|haben|recibimos|recebemos|il y)|letzte[nsr]? jahr\w*|had (?:\w+ ){0,2}from|hace (?:\w+ )?anos|(?:years|months) ago|il y a (?:\w+ )?ans|ha (?:\w+ )?anos|vor (?:\w+ )?jahren|"
    r"preistrager\w* (?:20|von)|came from|come from countries|vinieron de|procedian|provenaient|vieram de)(?![^\W_])"
)
