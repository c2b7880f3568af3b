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
    "CD": {"en": "democratic republic of the congo, drc", "fr": "rdc, republique democratique du congo"}, "PS": {"en": "palestine", "es": "palestina", "fr": "palestine"},
    "HK": {"en": "hong kong", "es": "hong kong"}, "MK": {"en": "north macedonia", "es": "macedonia del norte"}, "SZ": {"en": "eswatini, swaziland"},
    "MM": {"en": "myanmar, burma", "es": "birmania"}, "BO": {"en": "bolivia", "es": "bolivia"}, "VE": {"en": "venezuela", "es": "venezuela"},
    "DO": {"en": "dominican republic", "es": "republica dominicana"}, "CN": {"en": "people's republic of china, china", "es": "republica popular china"},
}  # fmt: skip
_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB"})  # Babel's territories that are none
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
            if (
                len(code) == 2
                and code.isalpha()
                and (language, fold(name)) not in _NOT
                and fold(name) not in ("mundo", "world")
            ):
                found.append((fold(name).replace("*", ""), Place(code, "country", language)))
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
