"""Whether a sentence's words tie a place to applicants: "citizens of", "ecuadorian students", "Eligible countries:".

A country that is only named is tied to nobody.
"""

import re
from collections.abc import Callable

from boi_pipeline.reading.offline.applicants import DENIED_AFTER
from boi_pipeline.reading.offline.page import Hit, PlaceHit
from boi_pipeline.reading.offline.placewords import (
    ARTICLE,
    ASKED,
    COUNTRIES,
    ENROLLED_AT,
    ENROLLED_IN,
    NUMBERS,
    RESIDES,
    TEAM,
    YOURS,
)
from boi_pipeline.reading.offline.sections import HAPPENED
from boi_pipeline.reading.offline.sentence import Sentence
from boi_pipeline.reading.offline.tie_case import GAINS, UNTIED, Named, Tie
from boi_pipeline.reading.offline.ties_living import citizens, residing
from boi_pipeline.reading.offline.ties_people import is_language, tie_of_people
from boi_pipeline.reading.offline.ties_world import tie_of_world
from boi_pipeline.reading.rules import first_answer

_PLURAL = re.compile(r"[^\W\d_]{4,}(?:s|en|er|innen)(?: [a-z]{3,}(?:s|ales|aires|iques|en))?$")
_BELONGS = re.compile(r"(?<![^\W_])(?:pertene\w+ a|belong\w* to|apparten\w+ aux?|pertenc\w+ aos?)(?![^\W_])")
_TOWARDS = re.compile(r"(?:^|[ ,])(?:a|to|hacia|vers|nach|rumbo a|ir a|ao|para o) $")
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
_NATIONALS = frozenset({"nacional", "national"})
# A noun before "nacional" makes it an adjective: "sistema nacional de Uruguay" has no nationals.
_NATIONAL = re.compile(
    r"(?<![^\W_])(?:ser|es|sea|sean|sejam|seja|be|being|a|an|un|una|um|uma|the|o|any|every|each|cualquier|qualquer|todo|toda|y|e|ou|or|and|or a|como) $"
)


# "the host team must be in France": who takes them in, not who applies.
_HOSTS = re.compile(
    r"(?<![^\W_])(?:host(?:ing)? (?:team|institution|organi[sz]ation|university|laborator\w+|department|cit(?:y|ies)|countr\w+)|(?:[^\W_]+ )?d'accueil|(?:[^\W_]+ )de acogida|(?:[^\W_]+ )(?:receptor|receptora|anfitrion\w*)|(?:[^\W_]+ )de acolhimento|gast(?:institution|hochschule|land|labor))(?![^\W_])[^.;:]{0,44}$"
)
_COMPLEMENTS = re.compile(r"(?:^| )(?:de|of|d'|da|do|du|en|in|em|y|e|et|and)(?: la| el| las| los)? ?$")
# "not having lived in France for more than twelve months": a rule of mobility, whoever one is.
_MOBILITY = re.compile(
    r"(?<![^\W_])(?:not|no|n|pas|nao|nicht|without|sin|sans|sem)(?![^\W_])[^.;]{0,30}(?<![^\W_])(?:resid\w+|lived|stayed|spent|vecu|vivid\w+|permanecid\w+|sejourne|gelebt|gewohnt)(?![^\W_])[^.;]{0,60}(?<![^\W_])(?:more than|longer than|plus de|plus d|mas de|mais de|mais do que|langer als|mehr als)(?![^\W_])"
)
_STOP = re.compile(r"[;:.]")
_CLAUSE = re.compile(r"[;:(]|\.(?![0-9])")
_FROM = re.compile(r"(?<![^\W_])(?:from|aus)(?![^\W_])")
_WORD = re.compile(r"[^\W_]")
_COUNTRY = re.compile(rf"(?<![^\W_])(?:{COUNTRIES})")


Rule = Callable[[Named], Tie | None]


def tie_of(context: Sentence, run: list[PlaceHit]) -> Tie | None:
    """Whether words tie these places to applicants."""
    tie = first_answer(_RULES, Named(context, run))
    return None if tie is UNTIED else tie


# Of what kind of place, and in what kind of sentence.


def where_hosts_are(case: Named) -> Tie | None:
    """ "The host team must be in France": who takes them in, not who applies."""
    hosts = case.is_a("country") and _HOSTS.search(case.page.folded, case.back(70), case.hit.start)
    return UNTIED if hosts else None


def the_world(case: Named) -> Tie | None:
    """ "Any nationality", "around the world"."""
    return tie_of_world(case) if case.hit.place.code == "WORLD" else None


def where_one_lived(case: Named) -> Tie | None:
    """ "Not having lived in France for more than twelve months": a rule of mobility, whoever one is."""
    return UNTIED if _MOBILITY.search(case.page.folded, *case.segment) else None


def who_made_it(case: Named) -> Tie | None:
    """ "Designed by the institute with firefighters of Chile"."""
    return UNTIED if _MADE_WITH.search(case.page.folded[case.segment[0] : case.hit.start]) else None


_OF_THE_SENTENCE: tuple[Rule, ...] = (
    where_hosts_are,
    the_world,
    where_one_lived,
    who_made_it,
)


# By words that tell by themselves, right beside the places.


def permitted_there(case: Named) -> Tie | None:
    """ "Entitled to work in Chile"."""
    permit = case.page.hits("eligibility.permit", case.back(60), case.hit.start)
    at = permit[-1] if permit else None
    there = at and ARTICLE.fullmatch(case.page.folded, at.end, case.hit.start)
    return Tie(at.start, True, lives=True) if at and there else None


def citizens_of_it(case: Named) -> Tie | None:
    """ "EU nationals", "UK residents"; not "the rights of EU citizens"."""
    if not citizens(case.page, case.run[-1], case.segment):
        return None
    gain = GAINS.search(case.page.folded, case.segment[0], case.hit.start)
    return None if gain else Tie(case.hit.start, True)


def based_there(case: Named) -> Tie | None:
    """ "UK-based charities may apply"."""
    based = _BASED.match(case.page.folded, case.end, case.segment[1])
    if not based or not case.context.told:
        return None
    behind = (based.end(), min(case.segment[1], based.end() + 40))
    if not case.context.people(behind, 9, exact=True):
        return None
    return Tie(case.hit.start, case.context.must or case.context.inside, lives=True)


def applications_from_it(case: Named) -> Tie | None:
    """ "We welcome applications from Latin America": whose, as "applicants from" would say."""
    sent = _SENT_FROM.search(case.page.folded, max(case.segment[0], case.head_end - 48), case.hit.start)
    if not sent or case.is_a("people"):
        return None
    taken = case.context.opens or DENIED_AFTER.search(case.page.folded, *case.segment)
    return Tie(sent.start(), case.context.must) if taken else None


def who_gains(case: Named) -> Tie | None:
    """ "The security of EU citizens": whom it does good."""
    if case.is_a("country") or case.context.inside:
        return None
    return UNTIED if GAINS.search(case.page.folded, case.back(30), case.hit.start) else None


def yours(case: Named) -> Tie | None:
    """ "If your group is based in England"."""
    return _tie_before(case, YOURS)


def shared_out(case: Named) -> Tie | None:
    """ "Seven places, shared out so: Bolivia one, Peru two"."""
    return _tie_before(case, _SHARED) if len(case.run) > 1 else None


def partners_of_a_team(case: Named) -> Tie | None:
    """ "Each team has partners from Chile and Germany"."""
    return Tie(case.hit.start, False) if _team(case) else None


def places_that_qualify(case: Named) -> Tie | None:
    """ "Chile, Peru and Kenya all qualify"."""
    told = case.context.told and _QUALIFIES.match(case.page.folded, case.end, case.segment[1])
    return Tie(case.hit.start, True) if told else None


def enrolled_there(case: Named) -> Tie | None:
    """ "Enrolled at a Peruvian university", "studying in Peru"."""
    words = {"people": ENROLLED_AT, "country": ENROLLED_IN}.get(case.hit.place.kind)
    at = words.search(case.page.folded, case.back(48), case.hit.start) if words else None
    return Tie(at.start(), True, lives=True) if at else None


def value_of_who_may_apply(case: Named) -> Tie | None:
    """ "Eligible countries: Chile, Peru"; not "Languages: Spanish"."""
    if not case.context.inside or not case.context.begins(case.head_end):
        return None
    first = case.listed or case.head_end <= case.context.value + 3
    return Tie(case.hit.start, True) if first and not is_language(case) else None


_BESIDE: tuple[Rule, ...] = (
    permitted_there,
    citizens_of_it,
    based_there,
    applications_from_it,
    who_gains,
    yours,
    shared_out,
    partners_of_a_team,
    places_that_qualify,
    enrolled_there,
    value_of_who_may_apply,
)


# By the words that lead to them: "of", "from", "in".


def people_as_adjective(case: Named) -> Tie | None:
    """ "Ecuadorian students"; "la Amazonía peruana" is a place."""
    region = _REGION_OF.search(case.page.folded[case.segment[0] : case.hit.start]) is not None
    return tie_of_people(case) if case.is_a("people") and not region else None


def where_one_goes(case: Named) -> Tie | None:
    """ "Travel to Chile"."""
    towards = _TOWARDS.search(case.page.folded[case.back(10) : case.hit.start])
    return UNTIED if towards and case.is_a("country") else None


def without_a_preposition(case: Named) -> Tie | None:
    """ "Latin American students": no "of", "from" leads to it, nor a list; what begins with one itself is "outside the EU"."""
    belongs = _BELONGS.search(case.page.folded, max(case.segment[0], case.head_end - 16), case.hit.start)
    led = belongs or case.listed or case.hit.place.code == "NON_EU" or case.led_to
    return None if led else tie_of_people(case)


def living_in_a_listed_one(case: Named) -> Tie | None:
    """ "Con sede en uno de los diez países que aportan cuota: Chile, …"."""
    lives = _resides(case) if case.listed and case.context.told else None
    return Tie(lives.start(), True, lives=True) if lives else None


def citizen_or_resident(case: Named) -> Tie | None:
    """ "Citizens of Chile", "residing in Peru": of applicants, or of the convener's own seat."""
    lives = _resides(case)
    if not lives or _STOP.search(case.page.folded[lives.end() : case.head_end]):
        return None
    return residing(case.context, lives) or UNTIED


def listed_countries(case: Named) -> Tie | None:
    """ "Applicants must come from one of these countries: Chile, Peru"."""
    said = case.listed and (case.context.told or case.context.begins(case.head_end))
    return Tie(max(case.segment[0], case.head_end - 1), True) if said else None


def said_of_no_applicants(case: Named) -> Tie | None:
    """ "The museums of Chile": by number or by where one studies, or not at all."""
    told = case.context.told
    if told and not case.ends_on("eligibility.notpeople", case.near):
        return None
    return (None if told else so_many(case)) or studying_there(case) or UNTIED


def applicants_of_it(case: Named) -> Tie | None:
    """ "Open to students of Chile", "policías de investigación de los Estados miembros"."""
    context, folded = case.context, case.page.folded
    told = _applicants(case)
    if not told:
        return None
    between = case.page.hits("eligibility.notpeople", told[-1].end, case.head_end)
    if case.is_a("group"):
        between = [thing for thing in between if not _COMPLEMENTS.search(folded[told[-1].end : thing.start])]
    if between:
        return None
    origin = _FROM.search(folded[case.head_end : case.hit.start]) is not None
    return Tie(told[-1].start, context.must or context.inside or (origin and context.opens))


def open_to_it(case: Named) -> Tie | None:
    """ "The call is open to Latin America"."""
    opens = case.ends_on("eligibility.open", case.near)
    return Tie(max(case.near[0], case.head_end - 12), case.context.must) if opens else None


def asked_for(case: Named) -> Tie | None:
    """ "Do you run a radio in Mali?"."""
    asked = not case.is_a("people") and ASKED.match(case.page.folded, *case.segment)
    return Tie(case.head_end - 1, case.context.must) if asked else None


def kinds_of_people(case: Named) -> Tie | None:
    """ "Aimed at magistrates of Peru": kinds no list has, right after the words that say whom it is for."""
    page, context, low = case.page, case.context, case.segment[0]
    if context.inside:
        low = max(low, context.value)
    else:
        cues = page.hits("eligibility.open", max(low, case.head_end - 80), case.head_end)
        if not cues:
            return None
        low = cues[-1].end
    words = page.folded[low : case.head_end]
    if len(words.split()) > 9 or _CLAUSE.search(words) or page.any("eligibility.notpeople", (low, case.head_end)):
        return None
    plural = _PLURAL.search(words.rstrip())
    if not plural or context.proper(low + plural.start()):
        return None
    return Tie(low + plural.start(), context.must or context.inside)


def so_many(case: Named) -> Tie | None:
    """ "Four potters from Latin America will live …": as many as are taken, of a group; not what was."""
    page, low = case.page, case.segment[0]
    if not case.is_a("group") or HAPPENED.search(page.folded, *case.segment):
        return None
    many = _SO_MANY.search(page.folded[low : case.head_end])
    many = many or (_ANY_ONE.search(page.folded[low : case.head_end]) if case.context.opens else None)
    return Tie(low + many.start(), False) if many else None


def studying_there(case: Named) -> Tie | None:
    """ "Enrolled at a university of a low-income country", under "Who may apply": a group is never where it happens."""
    if not (case.context.inside or case.context.asks) or not case.is_a("group"):
        return None
    folded, end = case.page.folded, case.head_end
    if not _WORD.search(folded[max(0, end - 3) : end]) or not _COUNTRY.search(folded[end : case.hit.end]):
        return None
    return Tie(end - 1, True, lives=True)


_LED_TO: tuple[Rule, ...] = (
    people_as_adjective,
    where_one_goes,
    without_a_preposition,
    living_in_a_listed_one,
    citizen_or_resident,
    listed_countries,
    said_of_no_applicants,
    applicants_of_it,
    open_to_it,
    asked_for,
    kinds_of_people,
    so_many,
    studying_there,
)
_RULES = (*_OF_THE_SENTENCE, *_BESIDE, *_LED_TO)


def _tie_before(case: Named, words: re.Pattern[str]) -> Tie | None:
    """All applicants are of them where these words stand within 120 characters before, but of a people."""
    low = case.back(120)
    at = None if case.is_a("people") else words.search(case.page.folded[low : case.hit.start])
    return Tie(low + at.start(), True) if at else None


def _team(case: Named) -> bool:
    """Whether the sentence names two or more countries that the partners of each team are of."""
    found = TEAM.search(case.page.folded, *case.segment)
    return found is not None and len({hit.place.code for hit in case.page.places_in(found.end(), case.segment[1])}) > 1


def _resides(case: Named) -> re.Match[str] | None:
    """The last "citizens", "residing" before the head, with at most three words between."""
    context, folded, end = case.context, case.page.folded, case.head_end
    # A few characters further: "working" counts before "in" alone, which stands after the head.
    for word in reversed(list(RESIDES.finditer(folded, case.near[0], end + 8))):
        if word.end() > end or len(folded[word.end() : end].split()) > 3 or context.proper(word.start()):
            continue
        if word.group() not in _NATIONALS or _of_nationals(context, word.start()):
            return word
    return None


def _applicants(case: Named) -> list[Hit]:
    """Words for applicants near the head; "nacional" only where it names a person."""
    folded = case.page.folded
    return [
        one
        for one in case.context.people(case.near, 12 if case.far else 7)
        if folded[one.start : one.end] not in _NATIONALS or _of_nationals(case.context, one.start)
    ]


def _of_nationals(context: Sentence, at: int) -> bool:
    """Whether "nacional" names a person: nothing of a name or an institution before it."""
    page = context.page
    return context.begins(at) or _NATIONAL.search(page.folded[max(0, at - 14) : at]) is not None
