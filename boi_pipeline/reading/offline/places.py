"""Countries and groups of countries named in a text, in the languages read. What is said of them belongs to the rules."""

import functools
from typing import NamedTuple

from babel import Locale
from babel.core import get_global

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.offline.lexicon import FOLDER, LANGUAGES, demonyms
from boi_pipeline.reading.offline.phrases import PhraseIndex
from boi_pipeline.reading.quotes import fold
from scrapers.yamlfile import parse_yaml

_SHORT = {
    "US": {"en": "usa, united states, u.s., united states of america", "es": "estados unidos, ee.uu., eeuu, ee uu", "fr": "etats-unis", "pt": "estados unidos, eua", "de": "usa, vereinigte staaten"},
    "GB": {"en": "uk, united kingdom, great britain, england, scotland, wales", "es": "reino unido, gran bretana, inglaterra", "fr": "royaume-uni, angleterre", "pt": "reino unido, inglaterra", "de": "grossbritannien"},
    "KR": {"en": "south korea, republic of korea, korea", "es": "corea del sur, republica de corea, corea", "fr": "coree du sud, coree", "pt": "coreia do sul, coreia", "de": "sudkorea"},
    "CZ": {"en": "czech republic", "es": "republica checa", "fr": "republique tcheque", "pt": "republica tcheca, republica checa", "de": "tschechische republik"},
    "NL": {"en": "the netherlands, netherlands, holland", "es": "paises bajos, holanda", "fr": "pays-bas", "pt": "paises baixos, holanda"},
    "TR": {"en": "turkey", "es": "turquia"}, "CI": {"en": "ivory coast", "es": "costa de marfil"},
    "CV": {"en": "cape verde", "es": "cabo verde"}, "TW": {"en": "taiwan", "es": "taiwan"}, "RU": {"en": "russia, russian federation", "es": "rusia"},
    "CD": {"en": "democratic republic of the congo, democratic republic of congo, dr congo, drc", "es": "rdc, republica democratica del congo", "fr": "rdc, republique democratique du congo, congo-kinshasa", "pt": "rdc, republica democratica do congo", "de": "demokratische republik kongo, demokratischen republik kongo"},
    "CG": {"en": "republic of the congo, republic of congo, congo-brazzaville", "es": "republica del congo", "fr": "congo-brazzaville, republique du congo", "pt": "republica do congo"},
    "PS": {"en": "palestine, west bank and gaza", "es": "palestina", "fr": "palestine", "pt": "palestina", "de": "palastina"},
    "HK": {"en": "hong kong", "es": "hong kong", "fr": "hong kong", "pt": "hong kong", "de": "hongkong"}, "MO": {"en": "macau, macao", "es": "macao", "fr": "macao", "pt": "macau", "de": "macau"},
    "MK": {"en": "north macedonia", "es": "macedonia del norte"}, "SZ": {"en": "eswatini, swaziland", "es": "esuatini, suazilandia"}, "AX": {"en": "aland", "es": "aland"},
    "MM": {"en": "myanmar, burma", "es": "myanmar, birmania", "fr": "myanmar, birmanie", "pt": "mianmar, myanmar"}, "BO": {"en": "bolivia", "es": "bolivia"}, "VE": {"en": "venezuela", "es": "venezuela"},
    "DO": {"en": "dominican republic", "es": "republica dominicana"}, "CN": {"en": "people's republic of china, china", "es": "republica popular china"}, "AE": {"en": "uae, emirates", "es": "emiratos arabes", "fr": "emirats arabes unis"},
    "BA": {"en": "bosnia, bosnia-herzegovina", "es": "bosnia, bosnia-herzegovina", "fr": "bosnie, bosnie-herzegovine", "pt": "bosnia, bosnia-herzegovina"}, "LA": {"en": "lao pdr, laos", "fr": "laos"},
    "VN": {"en": "viet nam, vietnam", "es": "vietnam, viet nam", "fr": "vietnam, viet nam", "pt": "vietna, vietname"}, "TL": {"en": "timor-leste, east timor", "es": "timor oriental, timor-leste"}, "SY": {"en": "syrian arab republic"},
    "ST": {"en": "sao tome and principe", "es": "santo tome y principe", "fr": "sao tome-et-principe", "de": "sao tome und principe"}, "MD": {"en": "republic of moldova", "es": "moldavia, moldova", "fr": "moldavie, moldova"},
    "GM": {"en": "the gambia"}, "BN": {"en": "brunei darussalam"}, "IR": {"en": "islamic republic of iran"}, "LC": {"en": "st lucia, saint lucia"}, "KN": {"en": "st kitts and nevis, saint kitts and nevis"},
    "VC": {"en": "st vincent and the grenadines, saint vincent and the grenadines"}, "TZ": {"en": "united republic of tanzania"}, "FM": {"en": "federated states of micronesia"}, "VA": {"en": "holy see"}, "KG": {"en": "kyrgyz republic"},
    "KZ": {"es": "kazajistan, kazajstan"}, "SA": {"es": "arabia saudi, arabia saudita"}, "BD": {"es": "bangladesh, banglades"}, "KE": {"es": "kenia, kenya"}, "ZW": {"es": "zimbabue, zimbabwe"}, "RW": {"es": "ruanda, rwanda", "pt": "ruanda"},
}  # fmt: skip
# Babel's territories that are no country of ISO 3166-1: groups, parts of a country that name its own regions, tests.
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})
# Names that are also everyday words of the language, or of a person: never read as a country.
_NOT = {("en", "jersey"), ("fr", "maurice"), ("pt", "ira"), ("pt", "oma"), ("de", "tonga"), ("es", "reunion"), ("en", "reunion"), ("fr", "reunion"), ("pt", "reuniao")}  # fmt: skip


# How texts say that nationality or residence is no matter: (what comes before, what may stand between, of what it is said),
# and (of what it is said, what comes after). All combinations are names of the whole world.
_NO_MATTER = {
    "en": (
        "never ask, do not ask, don't ask, never ask about, do not ask about, don't ask about, do not ask for, never ask for, does not limit, do not limit, no limit on, regardless of, irrespective of, independent of, independently of, without regard to, whatever, whichever, no matter, no matter what, no restriction on, no restrictions on, no restriction of, no restrictions of, "
        "no restriction as to, no restrictions as to, no restriction by, no restrictions by, no limitation on, no limitations on, no limits on, no condition of, no conditions of, no requirement of, no requirements of, not restricted by, without restriction of, without restrictions of",
        "the, their, your, his or her, an applicant's, the applicant's, the candidate's, our",
        "nationality, nationalities, citizenship, passport, passports, country, country of origin, country of residence, country of citizenship, where applicants live, where applicants are, where applicants were born, where applicants come from, where you were born, where you come from, where people live, where people were born, where artists live, where artists were born, where you come from, where you write from, place of residence, residence, residency, home country, geography, where you live, where they live, where you are, where they are based",
        "is of no interest, does not matter, do not matter, doesn't matter, is not a criterion, is irrelevant, plays no role, plays no part, is no obstacle, is no barrier, is not important, makes no difference, is not taken into account, is not a condition, is of no importance",
    ),
    "es": (
        "sin importar, no importa, no importan, no interesa, no nos interesa, no nos importa, independientemente de, con independencia de, al margen de, sin distincion de, sin restriccion de, sin restricciones de, sin limite de, sin limites de, sin limitacion de, sin requisito de, sin condicion de, "
        "no hay restriccion de, no hay restricciones de, no hay limite de, no hay requisito de, no hay condicion de, ninguna condicion de, ninguna restriccion de, no se exige, no se pide, no se limita por, cualquiera que sea, cualquiera sea, sea cual sea, sea cual fuere, da igual, dan igual, importa poco",
        "la, el, las, los, su, sus, tu, tus, la de, de su",
        "nacionalidad, nacionalidades, ciudadania, pasaporte, pais, paises, pais de origen, pais de residencia, pais de procedencia, residencia, lugar de residencia, procedencia, donde haya nacido, donde hayas nacido, donde hayan nacido, desde donde escribas, desde donde escriban, de donde vengas, de donde vengan, de donde venga, donde vivas, donde viva, donde vivan, donde residas, donde residan, donde resida, donde estes, donde esten, de donde seas, de que pais, en que pais",
        "no importa, no importan, no interesa, es indiferente, no cuenta, da igual, no es un criterio, no es criterio, es irrelevante, no influye, no es requisito",
    ),
    "fr": (
        "quel que soit, quelle que soit, quels que soient, quelles que soient, peu importe, peu importent, sans condition de, sans conditions de, sans restriction de, sans restrictions de, sans distinction de, sans critere de, sans limite de, sans consideration de, independamment de, "
        "aucune condition de, aucune restriction de, aucun critere de, pas de condition de, pas de restriction de, n'importe quel, n'importe quelle, ne pose aucune condition de",
        "le, la, l, les, leur, leurs, votre, vos, ton, ta, sa, son, leur propre",
        "nationalite, nationalites, citoyennete, passeport, pays, pays d'origine, pays de residence, residence, lieu de residence, lieu d'habitation, pays de provenance, ou vous viviez, ou vous vivez, ou vous habitez, d'ou vous venez, d'ou vous ecrivez, d'ou ils viennent, ou ils vivent",
        "n'entre pas en compte, ne compte pas, n'a pas d'importance, n'est pas un critere, est indifferente, importe peu, n'est exclue, n'est exclu, est sans importance, est indifferent",
    ),
    "pt": (
        "independentemente de, independentemente da, independentemente do, independente da, independente do, sem restricao de, sem restricoes de, sem distincao de, sem limite de, sem condicao de, sem exigencia de, nao importa, nao importam, nao interessa, nao nos interessa, nao nos importa, seja qual for, sejam quais forem, "
        "qualquer que seja, nao ha restricao de, nao ha restricoes de, nao ha exigencia de, nao se exige, nao se limita por, pouco importa, tanto faz",
        "a, o, as, os, sua, seu, a sua, o seu, a tua, o teu, tua, teu",
        "nacionalidade, nacionalidades, cidadania, passaporte, pais, pais de origem, pais de residencia, residencia, local de residencia, lugar de residencia, procedencia, de onde escreve, de onde voce escreve, de onde vem, de onde voce vem, de onde venha, onde voce mora, onde voce vive, onde nasceu, onde voce nasceu, onde vive, onde vivem, onde mora, onde moram, onde viva, onde vivam",
        "nao importa, nao importam, e indiferente, nao conta, nao e criterio, e irrelevante, nao e requisito",
    ),
    "de": (
        "unabhangig von, unabhangig vom, ungeachtet, gleich welcher, egal welcher, ohne rucksicht auf, ohne ansehen der, keine einschrankung der, keine einschrankungen der",
        "der, die, ihrer, ihre, deiner, dem, den, ihrem, seiner, eurer",
        "nationalitat, staatsangehorigkeit, staatsburgerschaft, wohnort, wohnsitz, herkunftsland, land, pass",
        "spielt keine rolle, spielen keine rolle, ist egal, ist unerheblich, zahlt nicht, ist nicht wichtig, ist ohne bedeutung",
    ),
}  # fmt: skip


_OF_APPLICANTS = {
    "en": ["of applicants", "of the applicant", "of candidates", "of the candidate", "of participants"],
    "es": ["del candidato", "de los candidatos", "de la persona candidata", "del solicitante", "de los solicitantes", "de quien postula"],
    "fr": ["du candidat", "des candidats", "des candidates et candidats", "du demandeur", "des participants"],
    "pt": ["do candidato", "dos candidatos", "da candidata", "dos participantes", "de quem se candidata"],
    "de": ["der bewerber", "des bewerbers", "der bewerbenden", "der teilnehmenden"],
}  # fmt: skip


_EVERY = {
    "es": ("cualquier", "todos los"),
    "en": ("any", "all", "every"),
    "fr": ("tout", "tous les", "n'importe quel"),
    "pt": ("qualquer", "todos os"),
}


class Place(NamedTuple):
    """A country (``kind`` country or people) or a group of countries."""

    code: str
    kind: str  # "country" | "people" | "group"
    language: str  # "" for any


ANYWHERE = Place("WORLD", "group", "")


@functools.cache
def _country_phrases() -> list[tuple[str, Place]]:
    found = []
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            told = fold(name).replace("*", "")
            if len(code) != 2 or not code.isalpha() or code in _NOT_COUNTRIES or (language, told) in _NOT:
                continue
            found.append((told, Place(code, "country", language)))
            if " & " in told:
                found.append((told.replace(" & ", " and "), Place(code, "country", language)))
    for code, names in _SHORT.items():
        for language, told in names.items():
            found += [(name.strip(), Place(code, "country", language)) for name in told.split(",")]
    for code, names in demonyms().items():
        found += [(name, Place(code, "people", "")) for name in names]
    return found + _no_matter()


def _no_matter() -> list[tuple[str, Place]]:
    """ "regardless of nationality", "your passport does not matter": names of the whole world."""
    found: dict[tuple[str, str], None] = {}
    for language, lists in _NO_MATTER.items():
        before, between, nouns, after = ([word.strip() for word in words.split(",")] for words in lists)
        for noun in nouns:
            found |= {(f"{first} {middle} {noun}", language): None for first in before for middle in ["", *between]}
            found |= {
                (f"{noun} {of} {last}", language): None for last in after for of in ["", *_OF_APPLICANTS[language]]
            }
    return [(phrase, Place("WORLD", "group", language)) for phrase, language in found]


@functools.lru_cache(maxsize=8)
def place_index(context: ReadingContext) -> PhraseIndex[Place]:
    """Countries, peoples and the context's ``country_groups`` in one index."""
    phrases = list(_country_phrases())
    groups = context.vocabularies.get("country_groups")
    for code, term in groups.terms.items() if groups else ():
        for language, names in term.names.items():
            place = Place(code, "group", language)
            phrases += [(fold(name), place) for name in names]
            # "any developing country" is that group, not "any country": the longer name wins.
            phrases += [(f"{every} {fold(name)}", place) for name in names for every in _every(code, language, name)]
    return PhraseIndex(phrases)


def _every(code: str, language: str, name: str) -> tuple[str, ...]:
    """ "any", "all" before a name that begins with "country" or "countries"; none for other names."""
    begins = name.startswith(("pais", "pays", "countr", "estado", "etat", "state"))
    return _EVERY.get(language, ()) if begins and code != "WORLD" else ()


@functools.cache
def city_index() -> PhraseIndex[str]:
    """Cities of ``lexicons/cities.yml`` and of the time zones → country."""
    path = FOLDER / "cities.yml"
    large = parse_yaml(path.read_text(encoding="utf-8"), path)
    phrases = [(name, country) for country, names in large.items() for name in str(names).split(", ")]
    zones = [
        (fold(zone.rsplit("/", 1)[-1].replace("_", " ")), code) for zone, code in get_global("zone_territories").items()
    ]
    return PhraseIndex(phrases + [(name, code) for name, code in zones if len(code) == 2 and len(name) > 3])


@functools.lru_cache(maxsize=8)
def members(context: ReadingContext) -> dict[str, frozenset[str]]:
    """Group → its countries."""
    groups = context.vocabularies.get("country_groups")
    return {code: frozenset(term.members) for code, term in groups.terms.items()} if groups else {}


@functools.cache
def country_name(code: str) -> str:
    """A country's name in Spanish, as drafts write it."""
    return Locale("es").territories.get(code, code)
