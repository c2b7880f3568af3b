"""Where it happens: host countries and how one attends.

A country counts by how it stands in the text: after a label or "in", in brackets or between commas after a name; never
where it says whom applicants are or come from. Cities are those of CLDR's time zones, of which IANA tells the country, and
those of ``lexicons/cities.yml``.
"""

import functools
import re
from dataclasses import dataclass
from itertools import zip_longest

from babel import Locale
from babel.core import get_global

from boi_pipeline.reading.offline.lexicon import FOLDER, LANGUAGES
from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.offline.phrases import PhraseIndex
from boi_pipeline.reading.quotes import fold
from boi_pipeline.reading.values.languages import named_languages
from scrapers.yamlfile import parse_yaml

# Types that happen somewhere; where those who give, cooperate or join sit is not where something happens.
_SOMEWHERE = frozenset(("scholarship", "event", "course", "placement", "residency"))
_PRESENT = frozenset(("event", "course", "placement", "residency"))  # being there is being in person
_GIVES = frozenset(("fund", "award"))  # money goes out: what is online there is a session that explains it
_ENOUGH, _LABEL, _TITLE, _IN, _BESIDE, _NEAR, _WEAK = 3.0, 7.0, 5.0, 3.5, 3.0, 2.5, 1.0
_SURE = 2  # strength of words that leave no doubt
_LATE = 0.75  # of a long page: what stands after it speaks of other pages
_LONG = 1500
# The nations of the United Kingdom (ISO 3166-2:GB), named as countries are.
_NATIONS = ["scotland", "wales", "england", "northern ireland", "escocia", "gales", "pais de gales", "inglaterra", "irlanda del norte", "ecosse", "pays de galles", "angleterre", "irlande du nord", "irlanda do norte", "schottland", "nordirland"]  # fmt: skip
# Names of several places, of none, or everyday words.
_NO_CITY = frozenset([
    "center", "easter", "pascua", "paques", "pascoa", "vincennes", "reunion", "reuniao", "cordoba", "merida", "stanley", "johnston",
    "midway", "wake", "knox", "marengo", "eden", "regina", "resolute", "victoria", "phoenix", "nelson", "macquarie", "nome", "palmer",
    "davis", "casey", "troll", "jersey", "norfolk", "madeira", "santa isabel", "san juan", "san luis", "la rioja", "jerusalem", "jerusalen",
    "simferopol", "winamac", "monticello", "boise", "dawson", "galapagos", "marquesas", "marquises", "gambier", "lord howe", "saint george",
    "south georgia",
])  # fmt: skip
_REMOTE = frozenset(("AQ", "CX", "CC", "UM", "GS", "TF"))  # where nothing is held: their "cities" are other words
_JOIN = re.compile(
    r"(?:[ ,/&–-]|(?<![a-z])(?:and|or|y|e|o|u|et|ou|und|oder|in|en|em|au|aux|the|la|el|los|las|le|les|l'|na|no|nas|nos|da|do|de|del|du|des|d')(?![a-z])|l'|d'|[^\W\d_]+ \()*"
)
_ORIGIN = re.compile(
    r"(?:nationals?|citizens?|residents?|citizenship|nationality|passports?|born|liv(?:e|es|ing)|resid(?:e|es|ing|an|en|ir|ent|ents|entes?|antes?|encia|ence|am)|domicile\w*|domicilio(?: fiscal)?|"
    r"nacional(?:es|idad)?|nacionais|nacionalidade|ciudadan\w+|cidadaos?|ressortissant\w*|citoyen\w*|nacid[oa]s?|nascid[oa]s?|habit\w+|wohn\w+|staatsangehorig\w*|"
    r"applicants?|candidates?|registered|regist\w+|establish\w+|established|seat|sede(?: legal)?|sediad[oa]s?|siege|sitz|constituid[oa]s?|incorporated|based|headquartered|etabli\w*|inscrit\w+|"
    r"mora|moram|more|morem|quem vive|quien vive|viven|vivem|vivant|empadronad\w+|active|activos?|work in|trabalhem|trabajen|permit\w*|autorizaci\w+|autorizacao|right to work|enrolled|matriculad\w+|students?|estudiantes?|estudantes?|etudiant\w*|artists?|artistas?|artistes?|jovenes|jovens|jeunes|"
    r"members?|miembros?|membres?|countries|paises|pays)(?![a-z])"
    r"[^.;:!?\n]{0,26}?(?<![a-z])(?:of|in|from|de|del|da|do|das|dos|em|en|no|na|du|des|au|aux|d'|aus|in der|within|outside|por|a)(?: the| la| el| los| las| l'| le| les| der| den)? ?$"
)
_FROM = re.compile(
    r"(?<![a-z])(?:from|aus|born in|worked in|colleagues? in|friends in|except|excepto|exception of|excepcion de|salvo|sauf|ausser|hors|fuera de|fora do|outside|outside of|"
    r"embassy in|embaja\w+[^.;,:]{0,30} en|ambassade[^.;,:]{0,30} a|embaixada[^.;,:]{0,30} em|embassy of[^.;,:]{0,30} in|consulado (?:general )?de|consulate of|minister\w+ (?:de [a-z]+ )?de|ministry of [a-z]+ of|vers|anciennement|entre|between|like|as in|e\.g\.|such as|como|comme)(?: the| la| el| los| las| l'| le| les)? ?$"
)
_CLOCK = re.compile(
    r"(?:[0-9](?: ?(?:h|hs|hrs?|horas?|heures?|uhr|a\.? ?m\.?|p\.? ?m\.?)(?:[0-9]{2})?)?\)?|(?<![a-z])(?:hora|horas|horario|heure|time|noon|midnight|mediodia|medianoche|meia-noite|meio-dia|midi|minuit))"
    r"(?: local| legal| oficial| continental)?,? \(?(?:of|de|del|da|do|du|d'|em|en|in|a|local time in)(?: the| la| el)? ?$"
)
_CLOCK_AFTER = re.compile(r"[’']?s? (?:local )?(?:time|zeit|uhr)(?![a-z])")
_CUE_IN = re.compile(
    r"(?:(?<![a-z])(?:in|en|em|au|aux|na|no|nas|nos|within|inside|dans|a|im|nach)(?: the| la| el| los| las| l'| le| les| der| den| die)?|(?<![a-z])a l')[ (]*$"
)
_CUE_TO = re.compile(r"(?<![a-z])(?:to|hacia|vers|para|nach)(?: the| la| el| a| o)? ?$")
_CUE_AT = re.compile(r"(?<![a-z])(?:of|de|del|da|do|du|des|von|d')(?: the| la| el)? ?$")
_OUTING = re.compile(
    r"final|gala|ceremon|entrevist|interview|entretien|award|prize|premi|next|proxim|previous|anterior|edition|edicion|edicao|viaje a|trip to|voyage|visit|projects?|proyectos|correspond|founded|fundad|fonde|nacio|"
    r"menos (?:en|em|no|na)|networks?|other|otras|outros|autres|already|ya |worked|maps|offices in|oficinas en|winners?|ganador|gagnant|participants came|presence in|presencia en"
)
_APPOSED = re.compile(r"(?:[^\W_]['’)\"»”]*), ?$")
_CAPITAL = re.compile(r"(?:[A-ZÀ-ÖØ-Þ][^\s,]*|[0-9])[»”\"')]*, ?$")
_SUBJECT = re.compile(r" (?:es|is|est|e|ist|tem|has|te|les|awaits|vous|busca|looks|ofrece|offers|oferece|offre) ")
_AND_AFAR = re.compile(
    r"(?: and| y| e| et| und| \+|,| /) (?:online|on-?line|en linea|en ligne|a distanci?a|a distance|virtual)"
)
_DATED = re.compile(r"(?: \([a-z]{2}\))?, (?:del? |du |from |vom |le |les )?[0-9]{1,2}(?![0-9])")
_OR_ABROAD = re.compile(
    r",? (?:or|o|ou|oder) (?:abroad|overseas|en el (?:exterior|extranjero)|no (?:exterior|estrangeiro)|a l'etranger|im ausland)"
)
_SPAN = re.compile(r" (?:a|au|aux|to|hasta|ate|bis)(?: la| el| les| o| a| os| as)? ?(?:l')?")
_ABROAD = re.compile(
    r"(?<![a-z])(?:abroad|overseas|exterior|extranjero|estrangeiro|etranger|ausland|foreign universit)"
)
_LOAN = re.compile(r"(?<![a-z])(?:loans?|prestamos?|creditos?|prets?|emprestimos?|darlehen)(?![a-z])")
_GOVERNMENT = re.compile(r"gobierno|government|gouvernement|governo|regierung")


@dataclass(frozen=True, slots=True)
class _Mention:
    """A country, a people or a city as it stands in the text."""

    start: int
    end: int
    code: str
    kind: str  # "country" | "people" | "city"


@functools.cache
def _cities() -> PhraseIndex[str]:
    """City → country, in the languages read."""
    path = FOLDER / "cities.yml"
    large = parse_yaml(path.read_text(encoding="utf-8"), path)
    phrases = [(name, country) for country, names in large.items() for name in str(names).split(", ")]
    phrases += [(name, "GB") for name in _NATIONS]
    territories = get_global("zone_territories")
    for zone, country in territories.items():
        names = {zone.rsplit("/", 1)[-1].replace("_", " ")} if "/" in zone and len(country) == 2 else set()
        for language in LANGUAGES:
            told = Locale(language).time_zones.get(zone)
            if told and told.get("city"):
                names.add(told["city"])
        phrases += [(name, country) for name in sorted({fold(name) for name in names}) if len(name) > 3]
    return PhraseIndex(
        [(name, country) for name, country in phrases if name not in _NO_CITY and country not in _REMOTE]
    )


def read_place(page: Page) -> None:
    """Write attendance_mode and host_countries on the page's sheet."""
    kind = page.values.get("opportunity_type")
    hosts, surety = _hosts(page, kind)
    told = _mode(page, kind, surety)
    if told and told[0] == "online" and any(_AND_AFAR.match(page.folded, one.end) for one in hosts.values()):
        told = "mixed", told[1]
    if told and told[0] == "online":
        hosts = {}
    kept: dict[str, _Mention] = {}
    for code, mention in hosts.items():
        span = mention.start, mention.end
        if page.prove("host_countries", "place.host", 0.75, span, page.segment(mention.start)):
            kept[code] = mention
    if kept:
        page.put("host_countries", sorted(kept))
    if told:
        mode, hit = told
        page.state("attendance_mode", mode, f"attendance.{mode}", 0.8, hit[:2], page.segment(hit.start))
    elif kept and kind in _PRESENT and not (kind == "placement" and _JOB.search(page.folded)):
        first = min(kept.values(), key=lambda mention: mention.start)
        span = first.start, first.end
        page.state("attendance_mode", "offline", "attendance.place", 0.65, span, page.segment(first.start))


# ---------------------------------------------------------------- host countries


def _hosts(page: Page, kind: str | None) -> tuple[dict[str, _Mention], float]:
    """The countries where it happens, each by its best mention, and how surely it does."""
    if kind is not None and kind not in _SOMEWHERE:
        return {}, 0.0
    mentions = _mentions(page)
    labelled = [span for _, span in page.label("host.label")]
    scores: dict[str, float] = {}
    best: dict[str, tuple[float, _Mention]] = {}
    groups = _listed(page, mentions)
    for group in groups:
        weight = _weight(page, group, labelled)
        for mention in group:
            own = weight if mention.kind != "people" else _people(page, mention)
            if own <= 0:
                continue
            scores[mention.code] = max(scores.get(mention.code, 0.0), own) + (0.3 if mention.code in scores else 0.0)
            if mention.code not in best or own > best[mention.code][0]:
                best[mention.code] = (own, mention)
    top = max(scores.values(), default=0.0)
    rivals = [score for score in scores.values() if top - 1 < score < top]
    enough = _TITLE if kind is None else _IN if _LOAN.search(page.folded, *page.title) else _ENOUGH if rivals else _NEAR
    if top < enough:
        alone = _alone(page, mentions, kind) if kind in _SOMEWHERE else None
        return ({alone.code: alone}, _WEAK) if alone else ({}, 0.0)
    first = min((best[code][1] for code in scores if scores[code] == top), key=lambda mention: mention.start)
    beside = next(group for group in groups if first in group)
    codes = [mention.code for mention in beside] if len(beside) > 1 else [first.code]
    return {code: best[code][1] for code in dict.fromkeys(codes) if code in best}, top


def _alone(page: Page, mentions: list[_Mention], kind: str) -> _Mention | None:
    """The only country a page names, where it does not say that applicants come from there; of a job, its people too."""
    named = [mention for mention in mentions if mention.kind != "people"]
    if not named and kind == "placement":
        tongues = {language.start for language in named_languages(page.folded)}
        named = [mention for mention in mentions if mention.start not in tongues]
    if len({mention.code for mention in named}) != 1:
        return None
    for mention in named:
        before = page.folded[max(page.segment(mention.start)[0], mention.start - 60) : mention.start]
        if _ORIGIN.search(before) or _FROM.search(before) or _tells_time(page, mention, before):
            return None
    return None if _ABROAD.search(page.folded) else named[0]


def _mentions(page: Page) -> list[_Mention]:
    found = [
        _Mention(hit.start, hit.end, hit.place.code, hit.place.kind) for hit in page.places if hit.place.kind != "group"
    ]
    taken = {hit.start for hit in page.places}
    for start, end, country in _cities().find(page.folded, page.words):
        if page.text[start].isupper() and start not in taken and not page.is_silent(start):
            found.append(_Mention(start, end, country, "city"))
            taken.add(start)
    limit = _LATE * len(page.text) if len(page.text) > _LONG else len(page.text)
    found.sort(key=lambda one: one.start)
    return [
        one
        for one, after in zip_longest(found, found[1:])
        if one.start < limit and not (one.kind == "city" and after and _names_country(page, one, after))
    ]


def _names_country(page: Page, city: _Mention, after: _Mention) -> bool:
    """ "Valencia, Venezuela": the country after a city tells which of that name it is."""
    between = page.folded[city.end : after.start]
    return after.kind == "country" and after.code != city.code and between in (", ", " (", " - ", " – ", " / ")


def _listed(page: Page, mentions: list[_Mention]) -> list[list[_Mention]]:
    """Mentions in groups, as they stand in lists: "in Honduras, Guatemala and the Dominican Republic"."""
    groups: list[list[_Mention]] = []
    for mention in mentions:
        last = groups[-1][-1] if groups else None
        if (
            last
            and mention.kind == last.kind == "country"
            and mention.start - last.end <= 30
            and _JOIN.fullmatch(page.folded, last.end, mention.start)
        ):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _weight(page: Page, group: list[_Mention], labelled: list[Span]) -> float:
    head, last = group[0], group[-1]
    segment = page.segment(head.start)
    before = page.folded[max(segment[0], head.start - 60) : head.start]
    if any(a <= head.start and head.end <= b for a, b in labelled):
        return _LABEL
    if _of_origin(page, head, before) or _tells_time(page, head, before) or _spans(page, head, last):
        return 0.0
    weight = _standing(page, head, last, before)
    titled = head.end <= page.title[1]
    if titled and weight:
        return _TITLE + weight / 10
    if weight and _OUTING.search(page.folded, max(segment[0], head.start - 60), head.start):
        weight -= 2.0
    early = 0.4 * (1 - head.start / max(1, len(page.text)))
    return weight + early if weight > 0 else 0.0


def _spans(page: Page, head: _Mention, last: _Mention) -> bool:
    """ "From South Africa to Colombia", "in Switzerland or abroad": anywhere."""
    prior = next((place for place in reversed(page.places) if place.end <= head.start), None)
    return _OR_ABROAD.match(page.folded, last.end) is not None or (
        prior is not None and _SPAN.fullmatch(page.folded, prior.end, head.start) is not None
    )


def _tells_time(page: Page, mention: _Mention, before: str) -> bool:
    """ "17h00 de Lisboa", "Geneva time": a place by whose clock hours are told."""
    return bool(_CLOCK.search(before) or _CLOCK_AFTER.match(page.folded, mention.end))


def _standing(page: Page, head: _Mention, last: _Mention, before: str) -> float:
    """How a place stands in its sentence."""
    closes = page.folded[last.end : last.end + 1]
    if head.kind == "people":
        return 1.0
    if before.endswith("(") or (closes == ")" and re.search(r"\([^()]{2,40}$", before)):
        return _BESIDE
    if _CUE_IN.search(before):
        return _IN
    raw = page.text[max(0, head.start - 60) : head.start]
    if _APPOSED.search(before) and _CAPITAL.search(raw) and (closes in ",.;:)\n" or closes == ""):
        return _BESIDE
    if _APPOSED.search(before) and closes in ("\n", ""):
        return _BESIDE
    if head.end <= page.title[1]:
        opens = not before.strip(" -–|:¡¿\"'")
        ends = not page.folded[last.end : page.title[1]].strip(" -–|:.!?)\"'0123456789")
        dashed = re.search(r"[-–|,:] ?$", before) is not None
        return _BESIDE if dashed or (opens and closes in ",:") or (ends and not _CUE_AT.search(before)) else 0.0
    line = page.text.rfind("\n", 0, head.start) + 1
    opens = not page.folded[line : head.start].strip(" -–•*📍🌍")
    if opens and _DATED.match(page.folded, last.end):
        return _IN
    if opens and (
        _SUBJECT.match(page.folded, last.end)
        or _AND_AFAR.match(page.folded, last.end)
        or (closes in ",\n(" and head.kind != "country")
    ):
        return _NEAR
    if _CUE_AT.search(before):
        near = page.hits("host.noun", max(0, head.start - 50), head.start)
        beside = [noun for noun in near if not re.search(r"[,;:.]", page.folded[noun.end : head.start])]
        return _NEAR if any(_hosts_itself(page, noun) for noun in beside) else 0.0
    return _WEAK if _CUE_TO.search(before) else 0.0


def _of_origin(page: Page, head: _Mention, before: str) -> bool:
    """Whether a place says where applicants are from; so do those listed after another: "citizens of the EU or Iceland"."""
    if _FROM.search(before) or _ORIGIN.search(before):
        return True
    start = page.segment(head.start)[0]
    at = head.start
    for place in reversed(page.places_in(start, head.start)):
        if not (at - place.end <= 30 and _JOIN.fullmatch(page.folded, place.end, at)):
            return False
        if _ORIGIN.search(page.folded[max(start, place.start - 60) : place.start]):
            return True
        at = place.start
    return False


def _people(page: Page, mention: _Mention) -> float:
    """ "A Luxembourgish laboratory", "the Czech Government": a people beside a noun of those who host."""
    segment = page.segment(mention.start)
    near = page.hits("host.noun", mention.end, min(segment[1], mention.end + 26))
    prior = page.hits("host.noun", max(segment[0], mention.start - 26), mention.start)
    beside = [n for n in near if n.start - mention.end <= 2] + [n for n in prior if mention.start - n.end <= 2]
    if not any(_hosts_itself(page, noun) for noun in beside):
        return 0.0
    return _TITLE if mention.end <= page.title[1] else _NEAR


def _hosts_itself(page: Page, noun: Hit) -> bool:
    """A government that sends people abroad does not receive them."""
    return not (_GOVERNMENT.search(page.folded, noun.start, noun.end) and _ABROAD.search(page.folded))


# ---------------------------------------------------------------- attendance

# Of a post with a duty station a text says where it is, not how one works.
_JOB = re.compile(
    r"(?<![a-z])(?:(?:annual|net|gross|monthly) salary|salary:|sueldo (?:neto|bruto|de|anual)|sueldo:|salario (?:bruto|de|anual)|salaire (?:brut|net|annuel)|monatsgehalt|duty station|vacancy|vacante|avis de vacance|cdd|cdi|fixed[- ]term|full[- ]time|jornada completa|[pg]-[1-7]|brut par mois|"
    r"r\$ [0-9.]+ brutos|tarifvertrag|concurso academico|tenure|nomina)(?![a-z])"
)
_NO = re.compile(
    r"(?<![a-z])(?:no|not|never|nothing|nada|rien|without|sin|sans|pas|pas de|sem|nao|ni|aucun\w*|kein\w*|nicht|given up|no hay|nor)(?: [a-z]+){0,2} ?$"
)
_ALSO = re.compile(
    r"(?<![a-z])(?:also|then|puis|luego|despues|depois|dann|tambien|aussi|egalement|tambem|auch|followed|follow|stream\w*|transmi\w*|retransmi\w*|seguir|suivre|suivi\w*|acompanhar|either|both|or|o|ou|oder|and|y|e|et|und)(?![a-z])"
)
_WHOLLY = re.compile(
    r"(?<![a-z])(?:fully|entirely|completely|wholly|100 ?%|only|integramente|totalmente|completamente|enteramente|entierement|exclusi\w+|cien por cien|apenas|vollstandig|ganz|all)(?![a-z])"
)
_ASIDE = re.compile(
    r"(?<![a-z])(?:session d'information|info(?:rmation)?(?:al)? session|open hour|office hour|questions|dudas|duvidas|preguntas|interview|entrevist|entretien|gesprach|charla|briefing|jornada informativa|journee d'information|dia de informacao|sesion de dudas|open day|kick-off|taller de arranque|"
    r"clase magistral|preselec|online version|our online|edicion virtual|herramient|preparat|follow-up|seguimiento|acompanham|accompagn|reunion informativa|"
    r"exhibition|exposicion virtual|catalogue|biblioteca virtual)"
)


def _mode(page: Page, kind: str | None, surety: float) -> tuple[str, Hit] | None:
    """How one attends, as the words say it, with the words. A word of distance alone is not enough where a place is told."""
    found = _mode_words(page)
    online, offline = found.get("online"), found.get("offline")
    strength = _strength(page, online) if online else 0
    if kind is not None and kind not in _SOMEWHERE:
        return ("online", online) if online and strength and kind not in _GIVES else None
    if "mixed" in found:
        return "mixed", found["mixed"]
    if kind == "scholarship" and (offline or surety or strength < _SURE):
        return ("offline", offline) if offline else None
    if online and (offline or surety >= _BESIDE):
        also = _ALSO.search(page.folded, max(page.segment(online.start)[0], online.start - 40), online.end + 24)
        if strength >= _SURE and surety < _TITLE and not offline:
            return "online", online
        if strength >= _SURE or also:
            return "mixed", online
        return ("offline", offline) if offline else None
    if online and (strength or kind in _PRESENT):
        return "online", online
    return ("offline", offline) if offline else None


def _mode_words(page: Page) -> dict[str, Hit]:
    """The first word of each mode that speaks of attending; "no online sessions" is a word of the other."""
    found: dict[str, Hit] = {}
    for name in ("mixed", "offline", "online"):
        hits = page.hits(f"attendance.{name}")
        hidden = [hit for hit in hits if not hit.weight]
        for hit in hits:
            if any(other.start <= hit.start and hit.end <= other.end for other in hidden):
                continue
            if name != "mixed" and _about_applying(page, hit):
                continue
            refused = _NO.search(page.folded, max(page.segment(hit.start)[0], hit.start - 34), hit.start)
            if refused and name == "mixed":
                continue
            mode = {"online": "offline", "offline": "online"}.get(name, name) if refused else name
            if mode not in found or (name == "online" and _strength(page, hit) > _strength(page, found[mode])):
                found[mode] = hit
    return found


def _strength(page: Page, hit: Hit) -> int:
    """How surely a word of distance says it of the activity itself: in the title, after a label, right beside "course"."""
    if hit.end <= page.title[1] or hit.weight > 1:
        return _SURE
    if any(a <= hit.start < b for _, (a, b) in [*page.label("attendance.label"), *page.label("host.label")]):
        return _SURE
    start, end = page.segment(hit.start)
    near = (max(start, hit.start - 26), min(end, hit.end + 26))
    if _WHOLLY.search(page.folded, max(start, hit.start - 20), near[1]):
        return _SURE
    nouns = page.hits("attendance.activity", *near)
    if any(0 <= noun.start - hit.end <= 2 or 0 <= hit.start - noun.end <= 2 for noun in nouns):
        return _SURE
    return 1 if nouns else 0


def _about_applying(page: Page, hit: Hit) -> bool:
    """ "apply online", "online form", an information session: how one applies is not how one attends."""
    segment = page.segment(hit.start)
    around = (max(segment[0], hit.start - 48), min(segment[1], hit.end + 30))
    if page.any("attendance.not", around) or _ASIDE.search(page.folded, segment[0], segment[1]):
        return hit.end > page.title[1]
    if hit.start - segment[0] <= 2 and segment[0] > page.title[1]:
        return page.any("attendance.not", _line_before(page, segment[0]))
    return False


def _line_before(page: Page, start: int) -> Span:
    """The short line, a heading, before a segment that opens a line."""
    end = start - 1
    line = page.text.rfind("\n", 0, max(0, end)) + 1
    return (line, end) if page.text[end : end + 1] == "\n" and 0 < end - line <= 40 else (start, start)
