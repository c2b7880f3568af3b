"""Whether a sentence's words tie a place to applicants: "citizens of", "ecuadorian students", "Eligible countries:".

A country that is only named is tied to nobody.
"""

import re
from typing import NamedTuple

from boi_pipeline.reading.offline.applicants import DENIED_AFTER
from boi_pipeline.reading.offline.page import Page, PlaceHit, Span
from boi_pipeline.reading.offline.placewords import (
    ANYBODY,
    ARTICLE,
    ASKED,
    COUNTRIES,
    ENROLLED_AT,
    ENROLLED_IN,
    FILLER,
    NUMBERS,
    RESIDES,
    SPEAKS_OF_NATIONALITY,
    TEAM,
    YOURS,
)
from boi_pipeline.reading.offline.sections import FOR, HAPPENED, people, says_whom
from boi_pipeline.reading.offline.sentence import Sentence

_LEAD = re.compile(rf"(?:[\s,/&\"'-]|(?<![^\W_])(?:{FILLER})(?![^\W_]))*$")
_TIES = re.compile(
    r"(?<![^\W_])(?:from|of|in|across|throughout|within|anywhere|on|de|del|des|d|du|da|do|das|dos|en|em|na|no|nas|nos|dans|aux?|al|to|any|every|aus|von|der|des|eines|einer|einem|im|d'un|d'une|among)(?![^\W_])"
)
_CITIZENS = re.compile(
    r"citizen|resident|national|ciudadan|nacional|ressortissant|citoyen|cidada|burger|staats|passport|pasaporte|passeport|passaporte"
)
# "rights of EU citizens", "food to EU citizens", "citizens will benefit": whom it does good, not who applies.
_GAINS = re.compile(
    r"(?<![^\W_])(?:will benefit|benefits? (?:for|of)|(?:security|safety|affordability|well-?being|health|trust|lives|protection|privacy|awareness|welfare|needs|quality of life|resilience|empowerment) (?:of|for|among)|"
    r"(?:seguridad|bienestar|salud|proteccion|confianza|calidad de vida) de|(?:securite|bien-etre|sante|protection|confiance) d(?:es|e)|(?:seguranca|bem-estar|saude|protecao|confianca) d[oa]s|rights? of|suppl(?:y|ies) of [^\W_]+ to|beneficiara\w*|derechos de|beneficieront|droits des|beneficiarao|direitos d[oa]s)(?![^\W_])"
)
# Statements on equal treatment name nationality too, and tell nothing of where one may apply from.
_EQUALITY = re.compile(
    r"(?<![^\W_])(?:race|raza|raca|ethnic\w*|etni\w+|ethni\w+|religion|religiao|gender identity|sexual|sexuelle|orientacion sexual|disabilit\w+|discapacidad|handicap|behinderung)(?![^\W_])"
)
# Names of the whole world that also stand in names and boasts: only right after applicants, never by themselves.
_BARE_WORLD = re.compile(
    r"(?:in the world|on the planet|del mundo|en el mundo|du monde|au monde|dans le monde|do mundo|no mundo|der welt|del planeta|mundial|globally|worldwide|weltweit)$"
)
# "entries are accepted from all over the world": whose.
_TAKEN_FROM = re.compile(
    r"(?<![^\W_])(?:entries|applications|submissions|nominations|proposals|films|works|candidaturas|postulaciones|obras|propuestas|candidatures|inscricoes|propostas)(?: (?!(?:not|no|ne|nao|pas) )[^\W_]+){0,2} (?:accepted|welcomed?|invited|received|aceptan|reciben|admiten|acceptees|recues|aceites|aceitas|recebidas) (?:from|de|desde|d'|des|do)(?: [^\W_]+)? ?$"
)
_AT_ANY = re.compile(r"(?<![^\W_])(?:at|in|with|to|en|em|a|ao|na|no|con|com|dans|avec|aux?|an|mit)[ ]$")
_EVERY = re.compile(
    r"(?<![^\W_])(?:any|all|every|anywhere|cualquier|cualquiera|todos?|todas?|tous|toutes|tout|toute|qualquer|quaisquer|alle[rn]?|jede[rsmn]?)(?![^\W_])"
)
_SOME_COUNTRIES = re.compile(
    r"\)? (?!(?:of|in|de|del|du|do|da) (?:the )?(?:world|mundo|monde))(?:(?:of|in|on|de|del|d'|des|du|da|do)(?! ?[0-9])|listed|where|member|miembros?|membres?|membros?|participa\w*|socios|elegibles?|eligible|partner|covered|inscrits?)(?![^\W_])"
)
_LISTED = re.compile(
    rf"(?<![^\W_])(?:{COUNTRIES}|nationalities|nacionalidades|nationalites)(?![^\W_])[^:(.\n]{{0,90}}(?:[:(]| -) ?$"
)
_LIST_CUE = re.compile(
    r"(?<![^\W_])(?:eligib\w+|elegib\w+|elegive\w+|particip\w+|partner|socios?|partenaires?|parceiros?|members?|miembros?|membres?|membros?|these|those|following|siguientes|suivants|seguintes|folgende\w*|"
    r"target\w*|admit\w+|admis\w*|convocad\w+|invit\w+|listed|concernes|concerned|beneficiar\w+|citizens?|nationals?|applicants?|origin|origen|origine|origem|teilnehm\w+|allowed|covered|open to|"
    rf"{NUMBERS})(?![^\W_])"
)
_HOSTED_LIST = re.compile(
    r"(?<![^\W_])(?:host\w*|anfitrion\w*|acogida|accueil|destinos?|destinations?|acolhimento|where|donde|execut\w+|implement\w+|gastland\w*|projects? in|proyectos? en|projets? (?:en|dans))(?![^\W_])"
)
_PROPER = re.compile(
    r"(?:[A-ZÁÉÍÓÚÄÖÜÇÑ][\w'’.-]*[ ,]+(?:(?:de|del|la|las|los|du|des|of|the|and|da|do|das|dos|y|e|et|für|von|und|le|les|d'|l')[ ]+){0,3}){1,10}\($"
)
_SEAT = re.compile(
    r"con sede|com sede|siege|seat|sede|located|based|situees?|situes?|situad[oa]s?|ubicad[oa]s?|mit sitz|headquartered|registered|incorporated|(?:head|registered|main|principal) office|headquarters"
)
_LIVE_AT = re.compile(
    r"(?<![^\W_])(?:live|work|be|be based|be located|reside|vivir|residir|trabajar|vivre|habiter|resider|travailler|viver|morar|residir|trabalhar|leben|wohnen|arbeiten) ?$"
)
_PLURAL = re.compile(r"[^\W\d_]{4,}(?:s|en|er|innen)(?: [a-z]{3,}(?:s|ales|aires|iques|en))?$")
_BELONGS = re.compile(r"(?<![^\W_])(?:pertene\w+ a|belong\w* to|apparten\w+ aux?|pertenc\w+ aos?)(?![^\W_])")
_LIVE = re.compile(
    r"viven|vivan|viva|residen|residan|live|reside|vivent|resident|vivem|vivam|residem|moram|leben|wohnen|habitan"
)
_TOWARDS = re.compile(r"(?:^|[ ,])(?:a|to|hacia|vers|nach|rumbo a|ir a|ao|para o) $")
_BINDS = re.compile(
    r"(?<![^\W_])(?:must|should|need to|have to|has to|deben?|deberan?|devem?|deverao?|doit|doivent|muss|mussen|estar|be|etre|esten|estejam|sean|sejam|those|whose)(?![^\W_])"
)
_NATIONALITY = re.compile(
    r"(?:nationality|nacionalidad|nationalite|nacionalidade|ciudadania|cidadania|citizenship|staatsangehorigkeit|(?:de|bajo|under|sob) (?:la |el |o )?(?:droit|derecho|direito|leyes|legislacion|legislacao))(?: (?:is|es|est|e))? ?:? ?$"
)
_UNDER_LAW = re.compile(r"de |bajo|under|sob")
_FOR_THOSE = re.compile(
    r"(?<![^\W_])(?:para|pour|for|fur|dirigid[oa]s? a|open to|ouverte?s? aux?|abert[oa]s? a?os|ser|be|etre|sejam|sean|solo|only|seuls|(?:inscrever|candidatar)-se|inscribirse|presentarse|postular|concursar|concorrer|participar) (?:o |el )?(?:los |las |les |os |as |un |una |a |an )?$"
)
# "da Amazônia brasileira, colombiana e peruana": the region's parts are places.
_REGION_OF = re.compile(
    r"(?<![^\W_])(?:amazonia|amazonie|amazon|andes|patagonia|chaco|orinoquia|caribe|caraibe|territorio|territoire|territory|territorio nacional|territoire national|suelo|solo|sol|estado|republica)[ ,]$"
)
# "UK-based charities".
_BASED = re.compile(r"-based (?=(?:[^\W_]+[ -]){0,3}[^\W_]+)")
# "designed by the institute with firefighters of Chile": who made it.
_MADE_WITH = re.compile(
    r"(?<![^\W_])(?:concue?s?|creee?s?|elaboree?s?|developpee?s?|animee?s?|designed|developed|created|built|taught|run|led|disenad[oa]s?|cread[oa]s?|elaborad[oa]s?|impartid[oa]s?|dictad[oa]s?|"
    r"concebid[oa]s?|criad[oa]s?|ministrad[oa]s?|desenhad[oa]s?|entwickelt|gestaltet) (?:par|by|por|pel[oa]s?|von|avec|with|con|com|mit)(?![^\W_])[^,;:.]*$"
)
# "applications from Latin America": whose, as "applicants from" would say.
_SENT_FROM = re.compile(
    r"(?<![^\W_])(?:applications|submissions|nominations|entries|bids|candidaturas|postulaciones|solicitudes|candidatures|inscripciones|inscricoes|bewerbungen) "
    r"(?:(?:received|coming|sent|procedentes|provenientes|recibidas|venues|provenant|vindas|provenientes) )?(?:from|desde|de|d'|des|du|da|do|dos|das|aus)(?: (?:the|la|el|los|las|l'|le|les|a|o|os|as|any|other|cualquier|otros?|paises|pais|pays|countries))* ?$"
)
# "Chile, Peru and Kenya all qualify": places that may themselves.
_QUALIFIES = re.compile(
    r",? ?(?:all|both|todos|todas|ambos|tous|toutes)? ?(?:(?:son|seran|are|sont|sao) (?:los |the |les |os )?(?:paises|pays|(?:eligible |participating )?countries) ?(?:elegibles|participantes|eligibles|admis|elegiveis|(?<=eligible countries)|(?<=participating countries))|qualify|qualifies|are (?:all )?eligible|is eligible|are admitted|may apply|can apply|son elegibles|es elegible|califican|"
    r"pueden (?:postular|participar|presentarse)|sont (?:tous |toutes )?eligibles|est eligible|sao elegiveis|podem (?:concorrer|participar|candidatar-se))(?![^\W_])"
)
# "any town in South America".
_ANY_ONE = re.compile(r"(?<![^\W_])(?:any|every|cualquier|qualquer|toda?|tout|toute)(?: [^\W\d_]+){1,2} ?$")
# "seven places, shared out so: Bolivia one, Peru two".
_SHARED = re.compile(
    r"(?<![^\W_])(?:plazas|cupos|becas|vagas|bolsas|bourses|places|seats|awards|scholarships|grants|fellowships|stipendien|platze)(?![^\W_]) [^.:;\n]{0,60}"
    r"(?:repart\w+|distribu\w+|reparti\w*|shared|divided|split|allocated|verteilt|por pais|by country|par pays)[^.:;\n]{0,24}: ?$"
)
# How many of them: "four potters from …", "cuatro guionistas de …".
_SO_MANY = re.compile(
    rf"(?<![^\W_])(?:{NUMBERS}) (?:[^\W\d_]+ )?[^\W\d_]{{2,}}(?:istas|dores|doras|tores|toras|eiros|eiras|eros|eras|ers|ists|ians|eurs|euses|iens|iennes|innen) ?$"
)
_OURS = re.compile(r"(?<![^\W_])(?:votre|vos|your|tus?|sus?|seus|suas|ihre[rn]?) (?:[^\W_]+ )?$")
_OR_NOT = re.compile(r" ?\(?(?:or not|o no|ou nao|ou non|oder nicht)(?![^\W_])")
_MUST_BE = re.compile(
    r"[\W_]*(?:han de|ha de|has de|deben|deberan|debes|tienen que|tienes que|you must|applicants must|they must|must|devem|deverao|tem de|tens de|doivent|devront|il faut|vous devez)(?![^\W_])"
)
_AT_WORK = re.compile(r"working|trabajan|travaillant|employed|operating|active in")
# "EU national and local policymakers", "Ukrainian national library": no person.
_NO_NATIONAL = re.compile(
    r"(?:-based)? (?:national|nacional)(?![^\W_])(?! ?(?:[.,;)]|$)| (?:who|aged|with|living|may|can|must|is|over|under|from)(?![^\W_]))"
)
_NATIONALS = frozenset({"nacional", "national"})
# A noun before "nacional" makes it an adjective: "sistema nacional de Uruguay" has no nationals.
_NATIONAL = re.compile(
    r"(?<![^\W_])(?:ser|es|sea|sean|sejam|seja|be|being|a|an|un|una|um|uma|the|o|any|every|each|cualquier|qualquer|todo|toda|y|e|ou|or|and|or a|como) $"
)


# "centroamericanos", "latino-américaines": those of a group.
_MANY_OF_GROUP = re.compile(r"(?:an[oa]s|enos|enas|icain(?:e?s)|ien(?:ne)?s|eens|aner(?:innen)?|islanders)$")
# "the host team must be in France": who takes them in, not who applies.
_HOSTS = re.compile(
    r"(?<![^\W_])(?:host(?:ing)? (?:team|institution|organi[sz]ation|university|laborator\w+|department|cit(?:y|ies)|countr\w+)|(?:[^\W_]+ )?d'accueil|(?:[^\W_]+ )de acogida|(?:[^\W_]+ )(?:receptor|receptora|anfitrion\w*)|(?:[^\W_]+ )de acolhimento|gast(?:institution|hochschule|land|labor))(?![^\W_])[^.;:]{0,44}$"
)
_COMPLEMENTS = re.compile(r"(?:^| )(?:de|of|d'|da|do|du|en|in|em|y|e|et|and)(?: la| el| las| los)? ?$")
# "not having lived in France for more than twelve months": a rule of mobility, whoever one is.
_MOBILITY = re.compile(
    r"(?<![^\W_])(?:not|no|n|pas|nao|nicht|without|sin|sans|sem)(?![^\W_])[^.;]{0,30}(?<![^\W_])(?:resid\w+|lived|stayed|spent|vecu|vivid\w+|permanecid\w+|sejourne|gelebt|gewohnt)(?![^\W_])[^.;]{0,60}(?<![^\W_])(?:more than|longer than|plus de|plus d|mas de|mais de|mais do que|langer als|mehr als)(?![^\W_])"
)
_ARTICLES = re.compile(
    r"[ ,]*(?:(?:only|solo|solamente|unicamente|exclusivamente|apenas|somente|seulement|uniquement|nur|the|los|las|l[oa]s|les|des|os|as|die|a|an|aos?|aux?|to|para|pour|for)[ ,]+)*$"
)
_NOUN = re.compile(r"(?:(?:the|los|las|les|des|os|as|die) )?[^\W\d_]{4,}s $")
_MAY_AFTER = re.compile(
    r"[^.;:\n]{0,90}(?<![^\W_])(?:may|can|are eligible|are invited|pueden|podran|podeis|peuvent|pourront|podem|poderao|konnen|sont invites|estan invitad\w+)(?![^\W_])"
)


class Tie(NamedTuple):
    """How places are tied to applicants: where its words begin; whether all applicants are of them; by where they live."""

    start: int
    strong: bool
    lives: bool = False


def _head(page: Page, at: int, segment: Span) -> tuple[int, bool]:
    """Where the words end that may tie a place at ``at`` to applicants, and whether a list of countries comes between."""
    low = max(segment[0], at - 160)
    listed = _LISTED.search(page.folded[low:at])
    if listed:
        begin = low + listed.start()
        span = (max(segment[0], begin - 80), at)
        if _HOSTED_LIST.search(page.folded, *span):
            return at, False
        cued = _LIST_CUE.search(page.folded, max(segment[0], begin - 40), at) is not None
        lead = _LEAD.search(page.folded[low:begin])
        return (low + lead.start() if lead else begin), cued
    proper = _PROPER.search(page.text[low:at])
    end = low + proper.start() if proper else at
    lead = _LEAD.search(page.folded[low:end])
    return (low + lead.start() if lead else end), False


def tie_of(context: Sentence, run: list[PlaceHit]) -> Tie | None:
    """Whether words tie these places to applicants."""
    page, segment, hit = context.page, context.segment, run[0]
    if hit.place.kind == "country" and _HOSTS.search(page.folded, max(segment[0], hit.start - 70), hit.start):
        return None
    head_end, listed = _head(page, hit.start, segment)
    if hit.place.code == "WORLD":
        return _world(context, hit, head_end)
    if _MOBILITY.search(page.folded, *segment) or _MADE_WITH.search(page.folded[segment[0] : hit.start]):
        return None
    permit = page.hits("eligibility.permit", max(segment[0], hit.start - 60), hit.start)
    if permit and ARTICLE.fullmatch(page.folded, permit[-1].end, hit.start):
        return Tie(permit[-1].start, True, lives=True)
    if _citizens(page, run[-1], segment) and not _GAINS.search(page.folded, segment[0], hit.start):
        return Tie(hit.start, True)
    based = _BASED.match(page.folded, run[-1].end, segment[1])
    if based and context.told and context.people((based.end(), min(segment[1], based.end() + 40)), 9, exact=True):
        return Tie(hit.start, context.must or context.inside, lives=True)
    sent = _SENT_FROM.search(page.folded, max(segment[0], head_end - 48), hit.start)
    if sent and hit.place.kind != "people" and (context.opens or DENIED_AFTER.search(page.folded, *segment)):
        return Tie(sent.start(), context.must)
    gains = hit.place.kind != "country" and not context.inside
    if gains and _GAINS.search(page.folded, max(segment[0], hit.start - 30), hit.start):
        return None
    before = page.folded[max(segment[0], hit.start - 120) : hit.start]
    if hit.place.kind != "people" and (at := YOURS.search(before) or (len(run) > 1 and _SHARED.search(before))):
        return Tie(hit.start - len(before) + at.start(), True)
    if _team(context):
        return Tie(hit.start, False)
    if context.told and _QUALIFIES.match(page.folded, run[-1].end, segment[1]):
        return Tie(hit.start, True)
    enrolled = {"people": ENROLLED_AT, "country": ENROLLED_IN}.get(hit.place.kind)
    if enrolled and (at := enrolled.search(page.folded, max(segment[0], hit.start - 48), hit.start)):
        return Tie(at.start(), True, lives=True)
    begins = context.begins(head_end)
    if context.inside and begins and (listed or head_end <= context.value + 3) and not _language(page, run):
        return Tie(hit.start, True)
    region = _REGION_OF.search(page.folded[segment[0] : hit.start]) is not None
    if hit.place.kind == "people" and not region:
        return _adjective(context, run)
    if _TOWARDS.search(page.folded[max(segment[0], hit.start - 10) : hit.start]) and hit.place.kind == "country":
        return None
    belongs = _BELONGS.search(page.folded, max(segment[0], head_end - 16), hit.start)
    outside = hit.place.code == "NON_EU"  # "residing outside the EU": its name begins with the preposition
    if not (belongs or listed or outside or _TIES.search(page.folded, head_end, hit.start)):
        return _adjective(context, run)
    far = hit.place.kind == "group" and not _GAINS.search(page.folded, segment[0], head_end)
    near = (max(segment[0], head_end - (110 if far else 64)), head_end)
    # A few characters further: "working" counts before "in" alone, which stands after the head.
    resides = [m for m in RESIDES.finditer(page.folded, near[0], head_end + 8) if m.end() <= head_end]
    resides = [m for m in resides if len(page.folded[m.end() : head_end].split()) <= 3]
    resides = [m for m in resides if not context.proper(m.start())]
    resides = [m for m in resides if m.group() not in _NATIONALS or _of_nationals(context, m.start())]
    if resides and listed and context.told:  # ", con sede en uno de los diez países que aportan cuota: …"
        return Tie(resides[-1].start(), True, lives=True)
    if resides and not re.search(r"[;:.]", page.folded[resides[-1].end() : head_end]):
        return _residing(context, resides[-1])
    if listed and (context.told or begins):
        return Tie(max(segment[0], head_end - 1), True)
    if not context.told or _last_is(page, "eligibility.notpeople", near):
        return (None if context.told else _so_many(context, run, head_end)) or _studying(context, run, head_end)
    told = [
        p
        for p in context.people(near, 12 if far else 7)
        if page.folded[p.start : p.end] not in _NATIONALS or _of_nationals(context, p.start)
    ]
    between = page.hits("eligibility.notpeople", told[-1].end, head_end) if told else []
    if told and hit.place.kind == "group":  # "policías de investigación de los Estados miembros"
        between = [n for n in between if not _COMPLEMENTS.search(page.folded[told[-1].end : n.start])]
    if told and not between:
        origin = re.search(r"(?<![^\W_])(?:from|aus)(?![^\W_])", page.folded[head_end : hit.start]) is not None
        return Tie(told[-1].start, context.must or context.inside or (origin and context.opens))
    if _last_is(page, "eligibility.open", near):
        return Tie(max(near[0], head_end - 12), context.must)
    if hit.place.kind != "people" and ASKED.match(page.folded, *segment):
        return Tie(head_end - 1, context.must)
    told_of = _unnamed(context, run, head_end) or _so_many(context, run, head_end)
    return told_of or _studying(context, run, head_end)


def _of_nationals(context: Sentence, at: int) -> bool:
    """Whether "nacional" names a person: nothing of a name or an institution before it."""
    page = context.page
    return context.begins(at) or _NATIONAL.search(page.folded[max(0, at - 14) : at]) is not None


def _team(context: Sentence) -> bool:
    """Whether the sentence names two or more countries that the partners of each team are of."""
    page, segment = context.page, context.segment
    found = TEAM.search(page.folded, *segment)
    return found is not None and len({hit.place.code for hit in page.places_in(found.end(), segment[1])}) > 1


def _so_many(context: Sentence, run: list[PlaceHit], head_end: int) -> Tie | None:
    """ "four potters from Latin America will live …": as many as are taken, of a group; not what was."""
    page, low = context.page, context.segment[0]
    if run[0].place.kind != "group" or HAPPENED.search(page.folded, *context.segment):
        return None
    many = _SO_MANY.search(page.folded[low:head_end])
    many = many or (_ANY_ONE.search(page.folded[low:head_end]) if context.opens else None)
    return Tie(low + many.start(), False) if many else None


def _unnamed(context: Sentence, run: list[PlaceHit], head_end: int) -> Tie | None:
    """ "aimed at magistrates of …": kinds of people no list has, right after the words that say whom it is for."""
    page, low = context.page, context.segment[0]
    if context.inside:
        low = max(low, context.value)
    else:
        cues = [cue.end for cue in page.hits("eligibility.open", max(low, head_end - 80), head_end)]
        if not cues:
            return None
        low = cues[-1]
    gap = page.folded[low:head_end]
    if (
        len(gap.split()) > 9
        or re.search(r"[;:(]|\.(?![0-9])", gap)
        or page.any("eligibility.notpeople", (low, head_end))
    ):
        return None
    plural = _PLURAL.search(gap.rstrip())
    if not plural or context.proper(low + plural.start()):
        return None
    return Tie(low + plural.start(), context.must or context.inside)


def _studying(context: Sentence, run: list[PlaceHit], head_end: int) -> Tie | None:
    """ "enrolled at a university of a low-income country", under "Who may apply": a group is never where it happens."""
    if (
        (context.inside or context.asks)
        and run[0].place.kind == "group"
        and re.search(r"[^\W_]", context.page.folded[:head_end][-3:])
    ):
        named = context.page.folded[head_end : run[0].end]
        return Tie(head_end - 1, True, lives=True) if re.search(rf"(?<![^\W_])(?:{COUNTRIES})", named) else None
    return None


def _residing(context: Sentence, word: re.Match[str]) -> Tie | None:
    """Citizens and residents, where the sentence speaks of applicants: not of the convener's own seat."""
    page, segment, start = context.page, context.segment, word.start()
    if _OR_NOT.match(page.folded, word.end()):  # "residentes ou não no Brasil"
        return None
    tie = Tie(start, True, lives=not _CITIZENS.match(word.group()))
    beside = context.people((max(segment[0], start - 60), start), 4)
    if (
        _AT_WORK.fullmatch(word.group()) and not beside and not context.inside
    ):  # "Working in Peru, our foundation gives …"
        return None
    if _SEAT.fullmatch(word.group()):
        bound = _BINDS.search(page.folded[max(segment[0], start - 24) : start])
        aside = page.folded[max(0, start - 2) : start].startswith(",") and not context.inside
        return (
            tie
            if (bound or context.inside or (context.told and beside and not aside) or context.begins(start))
            else None
        )
    live = _LIVE.fullmatch(word.group()) and not page.any("eligibility.notpeople", (segment[0], start))
    if context.told or (live and people(page, (segment[0], start))):
        return tie
    if _CITIZENS.match(word.group()) and page.any("eligibility.cue", (segment[0], start)):
        return tie
    if context.must and _MUST_BE.match(page.folded, *segment):
        return tie  # "Han de haber nacido en …": said of whoever applies
    bound = context.must or DENIED_AFTER.search(page.folded, *segment) is not None
    return tie if bound and (beside or _CITIZENS.match(word.group())) else None


def _citizens(page: Page, hit: PlaceHit, segment: Span) -> bool:
    """ "United States citizens", "EU nationals", "UK residents"."""
    after = page.folded[hit.end : min(segment[1], hit.end + 30)]
    if hit.place.kind == "group" and _CITIZENS.search(page.folded, hit.start, hit.end):
        return True
    if hit.place.kind == "people":
        plain = _CITIZENS.match(after, 1) is not None and _NO_NATIONAL.match(after) is None
        return _CITIZENS.search(page.folded[hit.start : hit.end]) is not None or plain
    told = re.match(r"(?:-based)? (?:citizens?|nationals?|residents?|passport holders?)(?![^\W_])", after)
    return told is not None and _NO_NATIONAL.match(after) is None


def _language(page: Page, run: list[PlaceHit]) -> bool:
    """ "español nativo", "Français B1": the name of a language, not of a people."""
    last = run[-1]
    word, rest = page.text[run[0].start : last.end], page.folded[last.end : last.end + 14]
    level = re.match(
        r"[ :,(-]*(?:[abc][12]|nativ|fluen|fluid|avanzad|avancad|basic|intermedi|courant|hablad|escrit|\(|y |e |et |and |o )",
        rest,
    )
    singular = re.search(r"(?:[^sS]|[éê]s|ais|ois)$", word) is not None
    return run[0].place.kind == "people" and (level is not None or (singular and word.islower()))


def _last_is(page: Page, key: str, span: Span) -> bool:
    """Whether a list has the last word of a span."""
    return any(len(page.folded[hit.end : span[1]].split()) == 0 for hit in page.hits(key, *span))


def _adjective(context: Sentence, run: list[PlaceHit]) -> Tie | None:
    """ "ecuadorian students", "estudiantes ecuatorianos", "guionistas iberoamericanos", "Colombianos con …"."""
    page, segment, hit = context.page, context.segment, run[0]
    low = max(segment[0], hit.start - 30)
    nation = _NATIONALITY.search(page.folded[low : hit.start]) if hit.place.kind == "people" else None
    # A convener too is "de droit français": said of applicants only where the sentence speaks of them.
    if nation and (context.opens or not _UNDER_LAW.match(nation.group())):
        return Tie(low + nation.start(), True)
    offered = context.opens or context.title or FOR.search(page.folded, max(segment[0], hit.start - 40), hit.start)
    if hit.place.kind == "country" or not offered:
        return None
    strong = context.must or context.inside or (hit.place.kind == "people" and not context.title)
    after = context.people((run[-1].end, min(segment[1], run[-1].end + 30)), 9, exact=True)
    if any(p.start - run[-1].end <= 2 for p in after):
        return Tie(hit.start, strong)
    before = [p for p in context.people((max(segment[0], hit.start - 60), hit.start), 0) if hit.start - p.end <= 2]
    before = [p for p in before if not _OURS.search(page.folded[max(segment[0], p.start - 24) : p.start])]
    # In English such words stand before people, not after: "Leadership Woman EU Prize" has no women of the EU.
    if before and not (page.language == "en" and hit.place.kind == "group"):
        return Tie(before[-1].start, strong)
    if hit.place.kind == "people":
        begins = context.inside and context.begins(hit.start) and not _language(page, run)
        subject = _subject(context, run)
        return Tie(hit.start, True) if begins or subject or _FOR_THOSE.search(page.folded[low : hit.start]) else None
    many = _MANY_OF_GROUP.search(page.folded, hit.start, hit.end)
    if many and (_FOR_THOSE.search(page.folded[low : hit.start]) or _subject(context, run)):
        return Tie(hit.start, strong)
    word = re.search(r"([^\W_]{4,}s)(?:/as)? $", page.folded[low : hit.start])
    word = None if _OURS.search(page.folded[low : hit.start]) else word
    spoken = re.search(r"an[oa]s?$|ens?$|ch$|ai[nes]+$", page.folded[hit.start : hit.end])
    if word and spoken and not page.hits("eligibility.notpeople", low + word.start(1), hit.start):
        return Tie(low + word.start(1), strong)
    return None


def _subject(context: Sentence, run: list[PlaceHit]) -> bool:
    """ "Les Sénégalais peuvent …", "São elegíveis timorenses": a people, many of it, right beside the words that admit."""
    page, first, last = context.page, run[0], run[-1]
    many = re.search(r"(?:s|x|er|innen|en|ans)$", page.folded[last.start : last.end]) is not None
    if not many or _language(page, run) or page.any("host.noun", (last.end, min(context.segment[1], last.end + 24))):
        return False
    articles = _ARTICLES.search(page.folded, context.value, max(first.start, context.value))
    opening = articles is not None and context.begins(articles.start())
    if opening and _MAY_AFTER.match(page.folded, last.end, context.segment[1]):
        return True
    cues = page.hits("eligibility.open", max(context.segment[0], first.start - 40), first.start)
    return bool(cues) and _ARTICLES.fullmatch(page.folded, cues[-1].end, first.start) is not None


def _world(context: Sentence, hit: PlaceHit, head_end: int) -> Tie | None:
    """ "any nationality" speaks of applicants; "around the world" only right after them; "all countries of …" is less."""
    page, segment = context.page, context.segment
    every = _EVERY.match(page.folded, hit.start, hit.end) is not None
    nation = SPEAKS_OF_NATIONALITY.search(page.folded, hit.start, hit.end) is not None
    beside = any(
        other.start - hit.end == 1 and other.place.code != "WORLD" for other in page.places_in(hit.end, segment[1])
    )
    if (every or not nation) and beside:
        return None
    if (every or not nation) and _SOME_COUNTRIES.match(page.folded, hit.end, min(segment[1], hit.end + 40)):
        return None
    if nation:
        return None if _EQUALITY.search(page.folded, *segment) else Tie(hit.start, False)
    taken = _TAKEN_FROM.search(page.folded, max(segment[0], hit.start - 70), hit.start)
    if taken:
        return Tie(taken.start(), False)
    if not context.told:
        return None
    near = (max(segment[0], head_end - 64), head_end)
    if _EVERY.match(page.folded, hit.start, hit.end) and _BARE_WORLD.search(page.folded[hit.start : hit.end]):
        # "any library in the world can be nominated"; "you may study at any university in the world" says where.
        low = max(segment[0], hit.start - 8)
        spoken = context.opens or context.inside or context.begins(hit.start)
        return Tie(hit.start, False) if spoken and not _AT_ANY.search(page.folded[low : hit.start]) else None
    if page.folded.endswith("anywhere", hit.start, hit.end):
        return Tie(hit.start, False)
    if every and says_whom(page, segment) and not HAPPENED.search(page.folded, *segment):
        return Tie(hit.start, False)
    if _last_is(page, "eligibility.notpeople", near):
        return None
    if any(open_.end > hit.start for open_ in page.hits("eligibility.open", max(segment[0], hit.start - 24), hit.end)):
        return Tie(hit.start, False)
    lives = _LIVE_AT.search(page.folded, max(segment[0], head_end - 16), head_end)
    if lives and context.opens and not _BARE_WORLD.search(page.folded[hit.start : hit.end]):
        return Tie(lives.start(), False)
    told = context.people(near, 4)
    helped = told and not every and not (context.opens or context.inside or context.title)
    if helped and all(ANYBODY.fullmatch(page.folded, p.start, p.end) for p in told):
        return None  # "medicine for people around the world"
    every = _EVERY.search(page.folded, max(segment[0], hit.start - 60), hit.start) is not None
    whole = re.match(r" (?:entier|entero|inteiro|whole)", page.folded[hit.end : hit.end + 8])
    if _BARE_WORLD.search(page.folded[hit.start : hit.end]) and not whole:
        if not told or not (every or context.opens or context.inside):
            return None
        return Tie(told[-1].start, False)
    cue = [c for c in page.hits("eligibility.open", *near) if len(page.folded[c.end : head_end].split()) <= 1]
    if told or cue:
        return Tie(min(p.start for p in [*told, *cue]), False)
    tied = _TIES.search(page.folded, head_end, hit.start) is not None
    return Tie(hit.start, False) if (context.opens and tied) or context.inside else None
