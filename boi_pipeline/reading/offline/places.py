"""Countries and groups of countries named in a text, in the languages read. What is said of them belongs to the rules."""

import functools
from typing import NamedTuple

from babel import Locale

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.offline.lexicon import LANGUAGES, demonyms
from boi_pipeline.reading.offline.phrases import PhraseIndex
from boi_pipeline.reading.quotes import fold

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
    return found


@functools.lru_cache(maxsize=8)
def place_index(context: ReadingContext) -> PhraseIndex[Place]:
    """Countries, peoples and the context's ``country_groups`` in one index."""
    phrases = list(_country_phrases())
    groups = context.vocabularies.get("country_groups")
    for code, term in groups.terms.items() if groups else ():
        for language, names in term.names.items():
            phrases += [(fold(name), Place(code, "group", language)) for name in names]
    return PhraseIndex(phrases)


@functools.lru_cache(maxsize=8)
def members(context: ReadingContext) -> dict[str, frozenset[str]]:
    """Group → its countries."""
    groups = context.vocabularies.get("country_groups")
    return {code: frozenset(term.members) for code, term in groups.terms.items()} if groups else {}


@functools.cache
def country_name(code: str) -> str:
    """A country's name in Spanish, as drafts write it."""
    return Locale("es").territories.get(code, code)
