"""How many awards, places or winners there are.

A number counts by its label ("Seats: 120"), by the noun after it ("twelve scholarships") or by a verb of choosing beside
it ("invites two artists", "four projects will be selected"). What is counted per person, past years and parts never do.
"""

import re

from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.values.numbers import COUNT_WORD, SOLE, find_ranks, parse_count

_MOST = 20_000
_NUMBER = re.compile(
    rf"(?<![0-9a-z])(?<![0-9][.,:/-])(?<![-$€£])([0-9]{{1,3}}(?:[.,' ][0-9]{{3}})+(?![0-9])|[0-9]{{1,5}}|{COUNT_WORD})(?![0-9a-z%])(?![.,:/][0-9]| ?%| ?°|-[0-9])"
)
# What a number counts that is no award: time, size, money, parts of what is asked for.
_UNITS = re.compile(
    r" ?(?:(?:a|to|-|y|and|bis|e|et|ou|o|or|ate|hasta) ?[^\W_]+ )?(?:[^\W_]+ )?(?:years?|months?|weeks?|days?|hours?|minutes?|anos?|meses|mes|mois|semanas?|dias?|horas?|minutos?|ans|annees?|jours?|semaines?|heures?|"
    r"monaten?|monate|wochen?|tagen?|tage|jahren?|jahre|stunden|minuten|semesters?|semestres?|semestern|hrs|h|km|m2|m²|m|kg|mb|gb|words?|palabras|mots|palavras|worter|wortern|pages?|paginas?|"
    r"seiten|signes|caracteres|characters|images?|imagenes|imagens|fotos?|photos?|lines?|modul\w*|"
    r"euros?|dollars?|dolares|francs?|pesos|reais|yen|libras|pounds|dates?|fechas?|datas|termine|points?|puntos|pontos|cut-offs?|cortes?|sessions?|sesiones|sessoes|topics?|temas|ejes|axes|folios|sheets?|hojas|paragraphs?|turnos|lineas|linhas|lignes|hours'|countries|country|paises|pays|landern?|laender|continents?|continentes|languages?|idiomas|langues|sprachen|"
    r"editions?|edicion\w*|edicoes|percent|por ciento|prozent|millones|million\w*|mil|thousand|mille|letters?|cartas?|lettres?|references?|referees?|recommendations?|copies|"
    r"habitantes|inhabitants|habitants|einwohner\w*|nights?|noches|nuits|noites|phases?|fases|etapas?|etapes?|stages?|rounds?|ects|de (?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro)|jan\w*|"
    r"feb\w*|mar\w*|apr\w*|may|mai|jun\w*|jul\w*|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|dez\w*|janv\w*|fev\w*|avril|juin|juil\w*|aout|enero|abril|mayo|agosto|ago|dic\w*|okt\w*|o'clock|am|pm|a\.m|p\.m|uhr)(?![a-z])"
)
_WORDS = re.compile(r"(?:[^\W_][\w'’/-]*[ ]){0,4}")
_PER = re.compile(
    r" (?:per|por|par|pro|je|each|cada|chaque|jede[rs]?|a|al|im) (?:person|persona|personne|pessoa|team|equipo|equipe|institution|institucion|institucao|instituicao|pais|pays|country|project|proyecto|"
    r"projet|projeto|applicant|empresa|company|entreprise|firm|city|ciudad|ville|cidade|candidat\w*|organi\w+|year at|couple|pair|delegation|delegacion|mision|mission|entidad|universidad|university|autor|participant\w*|utility|oeuvre|photo|lot)"
)
_EACH = re.compile(
    r"(?<![^\W_])(?:each|every|cada|chaque|jede[rs]?|per|minimum of|minimum|minimo de|minimo|at least|al menos|por lo menos|au moins|ao menos|pelo menos|mindestens|equipos? de|teams? of|equipes? (?:de|d')|"
    r"groups? of|grupos? de|groupes? de|more than|over|mas de|plus de|mais de|uber|unos de los|age[ds]?|de entre|under|menores de|mayores de|younger than|entre|between|step|art|page|no\.?|n[o.]) $"
)
_GONE = re.compile(
    r"(?<![a-z])(?:last year|ano pasado|ano anterior|ano letivo anterior|edicion anterior|edicion pasada|pasada edicion|l'an dernier|l'an passe|l'annee derniere|edition precedente|ano passado|edicao anterior|turma passada|"
    r"im letzten jahr|vorjahr|last edition|previous edition|so far|hasta ahora|jusqu'ici|ate agora|bisher|recibimos|recibio|recibieron|received|recues|recebemos|recebidas|se presentaron|hubo|there were|"
    r"houve|since (?:19|20)|desde (?:19|20)|depuis (?:19|20)|seit (?:19|20)|in 20[0-9]{2}|en 20[0-9]{2}|em 20[0-9]{2}|im jahr 20[0-9]{2})(?![a-z])"
)
_SHARE = re.compile(
    r"[^\w]*(?:each|every|cada|chaque|jede[rsn]?)(?! (?:year|ano|an|annee|jahr|edicion|edition|edicao)(?![a-z]))(?![a-z])"
)  # what each applicant may do or get
# Small words that are a number in another language.
_NO_NUMBERS = {
    "en": ("once", "sept", "cent", "elf"),
    "pt": ("dos", "once"),
    "fr": ("once", "seis"),
    "de": ("once", "cent"),
}
_YEAR = re.compile(r"20[0-9]{2}")


def read_count(page: Page) -> None:
    """Write estimated_award_count on the page's sheet."""
    if _labelled(page) or _asked(page):
        return
    taken = [(money.start, money.end) for money in page.money]
    best: tuple[float, int, int, Span, Span, str] | None = None
    for match in _NUMBER.finditer(page.folded):
        start, end = match.span(1)
        count = parse_count(match[1])
        if not count or count > _MOST or (1990 <= count <= 2099 and match[1].isdigit()):
            continue
        if match[1] in _NO_NUMBERS.get(page.language, ()) or any(a < end and start < b for a, b in taken):
            continue
        found = _counted(page, start, end, count)
        if found and (best is None or found[0] > best[0]):
            best = (found[0], start, count, found[1], found[2], found[3])
    if best:
        weight, _, count, core, segment, rule = best
        page.state("estimated_award_count", count, f"count.{rule}", min(0.9, 0.5 + weight / 10), core, segment)
        return
    if page.values.get("opportunity_type") in ("award", "event") and not _ranked(page):
        _sole(page)


def _ranked(page: Page) -> bool:
    """ "First prize …, second …, third …": as many as there are places, where a sum or a prize stands beside the first."""
    amounts = [money.start for money in page.money]
    for ranks in find_ranks(page.folded):
        near = (ranks[0][0], min(len(page.text), ranks[0][1] + 60))
        told = any(near[0] <= at < near[1] for at in amounts) or page.any("coverage.prize", near)
        if told and ranks[0][0] >= page.title[1] and not page.is_silent(ranks[0][0]):
            core = (ranks[0][0], ranks[-1][1])
            return page.state("estimated_award_count", len(ranks), "count.ranked", 0.75, core, core)
    return False


_SEVERAL = re.compile(
    r"(?<![^\W_])(?:winners|laureates|recipients|prizes|awards of|categor\w+|ganador[ea]s|ganadoras|premiad[oa]s|laureats|vencedores|gewinner(?:innen)|finalists?|finalistas?|mention\w*|mencion\w*|accesit\w*|runners?-up|premios a|prix du public|teams|equipos|equipes)(?![^\W_])"
)


def _sole(page: Page) -> bool:
    """ "The winner receives …": one prize, where nothing on the page speaks of several."""
    match = SOLE.search(page.folded, page.title[1])
    if match is None or page.is_silent(match.start()) or _SEVERAL.search(page.folded, page.title[1]):
        return False
    return page.state("estimated_award_count", 1, "count.sole", 0.65, match.span(), page.segment(match.start()))


def _labelled(page: Page) -> bool:
    for _, span in page.label("count.labels"):
        match = _NUMBER.search(page.folded, *span)
        if match and match.start() - span[0] <= 14 and (count := parse_count(match[1])) and count <= _MOST:
            if _UNITS.match(page.folded, match.end()):
                continue
            line = page.text.rfind("\n", 0, span[0] - 1) + 1
            if page.state("estimated_award_count", count, "count.label", 0.9, match.span(1), (line, span[1])):
                return True
    return False


def _asked(page: Page) -> bool:
    """ "How many? Four.", "Number: five", "Cupo de la sala: 500"."""
    for match in _HOW_MANY.finditer(page.folded):
        count = parse_count(match["n"])
        if not count or count > _MOST or _UNITS.match(page.folded, match.end()) or page.is_silent(match.start()):
            continue
        if page.state("estimated_award_count", count, "count.asked", 0.85, match.span("n"), match.span()):
            return True
    return False


_HOW_MANY = re.compile(
    r"(?<![a-z])(?:how many(?: [a-z' ]{0,30})?|numbers?(?: of (?:places|awards|grants|scholarships|fellowships|residents|interns|posts|positions|winners|seats|participants|fellows)[a-z ]{0,14})?|cuant[oa]s(?: [a-z ]{0,24})?|quant[oa]s(?: [a-z ]{0,24})?|"
    r"combien(?: (?:de|serons)[a-z -]{0,24})?|wie viele(?: [a-z ]{0,24})?|nombre(?: de [a-z ]{0,24})?|numero de (?:residentes|becas|bolsas|vagas|plazas|lugares|cupos|pasantes|premios)[a-z0-9 ]{0,10}|cupos?(?: de la sala| disponibles)?|aforo|vagas|capacity|places limitees ?)"
    rf"(?: ?[?:]|\n)[ \n]*(?:about |around |up to |unos |unas |hasta |cerca de |environ |jusqu'a |ate )?(?P<n>[0-9]{{1,3}}(?:[.,' ][0-9]{{3}})+(?![0-9])|[0-9]{{1,5}}|{COUNT_WORD})(?![0-9a-z%])(?![.,:/][0-9]| ?%|-[0-9])"
)


def _counted(page: Page, start: int, end: int, count: int) -> tuple[float, Span, Span, str] | None:
    """How well a number names the awards there are: (weight, core, sentence, rule); None where it does not."""
    segment = page.segment(start)
    if _EACH.search(page.folded, max(segment[0], start - 24), start) or _UNITS.match(page.folded, end):
        return None
    after = page.folded[end : min(segment[1], end + 70)]
    if _PER.search(after) and not after.startswith(" trainees per session"):
        return None
    if _past(page, segment) or page.any("opportunity.result", segment):
        return None
    noun = _noun(page, end, segment, "count.nouns")
    people = None if noun else _noun(page, end, segment, "count.people")
    verb = _verb(page, start, end, segment, noun or people)
    single = count == 1
    if single and " " not in page.folded[start:end]:
        return None
    if people and (not verb or _SHARE.match(page.folded, *segment)):
        return None
    weight = (2.0 if noun else 1.0 if people or single else 0.0) + verb
    noun = noun or people
    if segment[0] < page.title[1]:
        weight -= 0.5
    if weight < 1.5:
        return None
    return weight, (start, noun.end if noun else end), segment, "noun" if noun else "verb"


def _noun(page: Page, end: int, segment: Span, key: str) -> Hit | None:
    """The noun of awards, or of people, a number counts: at most four words on, nothing between but words."""
    for hit in page.hits(key, end, min(segment[1], end + 60)):
        between = page.folded[end : hit.start].lstrip()
        if not _WORDS.fullmatch(between) or _NUMBER.search(between) or page.any("count.not", (end, hit.start)):
            return None
        return hit
    return None


def _verb(page: Page, start: int, end: int, segment: Span, noun: Hit | None) -> float:
    """How near a verb of choosing or giving stands: right before the number, or in the sentence."""
    for hit in reversed(page.hits("count.verbs", max(segment[0], start - 60), start)):
        between = page.folded[hit.end : start].strip()
        if not between or (len(between) <= 16 and page.any("count.lead", (hit.end, start))):
            return 2.0
        if not re.search(r"[,;:(]", between) and len(between) <= 34:
            return 1.0 if noun or between in _TO else 0.5
    for hit in page.hits("count.chosen", end, min(segment[1], end + 90)):
        if not re.search(r"[;:(]|, (?!and|y|et|e)", page.folded[end : hit.start]):
            return 1.8
    if _UP_TO.fullmatch(page.folded, segment[0], start):
        return 1.0
    if noun and _ACTS.match(page.folded, noun.end, segment[1]):
        return 1.5
    opens = noun is not None and not any(char.isalnum() for char in page.folded[segment[0] : start])
    return 1.0 if opens and segment[1] - segment[0] <= 120 else 0.0  # "Two interns for reef transects"


# What those chosen will do or get: "quatre céramistes vont", "quince jóvenes pasarán".
_ACTS = re.compile(
    r"(?: (?!and |or |y |o |et |ou |e |und |oder |que |who |qui |die )[^\W_]+){0,8}? (?:each )?(?:will|shall|are to|get|gets|receives?|[^\W_]{2,}(?:aran|eran|iran)|van a|[^\W_]{2,}(?:eront|iront|dront|vront|ront)|vont|[^\W_]{2,}(?:arao|erao|irao)|terao|vao|werden|erhalten|bekommen)(?![^\W_])"
)
_UP_TO = re.compile(r"[^\w]*(?:up to|hasta|jusqu'a|bis zu|ate|about|unas|unos|cerca de|environ) ")
_TO = frozenset({"a", "to", "the", "los", "las", "les", "os", "as"})


def _past(page: Page, segment: Span) -> bool:
    """A sentence of another year, or of what was."""
    posted = page.notice.published_at
    for match in _GONE.finditer(page.folded, *segment):
        year = _YEAR.search(match.group())
        if year is None or posted is None or int(year.group()) < posted.year:
            return True
    return False
