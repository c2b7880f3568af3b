"""What a word tells across languages: concepts, stems, countries, months, numbers; and what the words of a title do.

Pure functions; the concepts are ``concepts.yml``. Normal forms of links, numbers and names belong to ``keys``; whole
texts, to ``content``.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import yaml

from boi_pipeline.matching.keys import NOISE_WORDS, STOP_WORDS, fold, strip_accents

TEXT_HEAD = 1_500
"""Characters of a text that are looked at."""
STEM = 5
"""Letters of a stem."""
STEMS = Path(__file__).parent / "stems.json"

_LANGUAGES = ("es", "en", "fr", "pt", "de")
_LEFT_OVERS = frozenset(["s", "l", "d", "t", "n", "m", "qu"])  # of «master's», «l'eau»
_SHORT = re.compile(r"(?:[a-h]|[ivx]{1,4}|\d{1,3})$")
_MOVED = re.compile(
    r"\b(?:ampli(?:a|an|am|acion|acao|ad[ao]s?)|prorr?og\w+|prolong\w+|extend(?:s|ed|ing)?|(?:deadline|date) extension"
    r"|extension (?:of|du|de la|del|de|do|da) (?:the )?(?:deadline|delai|date|plazo|prazo|data|fecha)|report (?:du|de la)"
    r"|(?:nueva|nouvelle|nova|new|novo|nuevo|nouveau) (?:fecha|date|data|deadline|closing|plazo|prazo|delai|cierre)"
    r"|adenda|addendum|adendo|avenant|erratum|aplaz\w+|adiad\w+|repouss\w+|postpon\w+|(?:moved|pushed back) to"
    r"|rappel|recordatorio|reminder|lembrete)\b"
)


@dataclass(frozen=True, slots=True)
class TitleWords:
    """A title's words, each once and in order: those that tell calls apart, those of every call, and the variants."""

    telling: tuple[str, ...]  # concepts where one is known
    common: tuple[str, ...]
    variants: tuple[str, ...]  # level, season, track, country


@cache
def _groups() -> dict[str, dict[str, str]]:
    with (Path(__file__).parent / "concepts.yml").open(encoding="utf-8") as file:
        return yaml.load(file, yaml.CSafeLoader)


@cache
def concepts() -> dict[str, tuple[str, str]]:
    """Folded word → (common, variant or topic; concept): the lexicon ``concepts.yml``, what it says in general aside."""
    return {
        word: (kind, concept)
        for kind in ("common", "variant", "topic")
        for concept, words in _groups()[kind].items()
        for word in words.split()
    }


@cache
def _general() -> dict[str, str]:
    """Folded word, or beginning of words and a star → the concept: what the lexicon says in general."""
    return {word: concept for concept, words in _groups()["general"].items() for word in words.split()}


@cache
def countries() -> dict[str, str]:
    """A country's name in five languages, folded → its ISO code."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code not in ("EU", "UN", "XA", "XB", "ZZ"):
                found.setdefault(fold(name), code)
    found.update({"usa": "US", "eeuu": "US", "uk": "GB", "etats unis": "US", "reino unido": "GB"})
    return found


@lru_cache(maxsize=200_000)
def _lookup(word: str) -> tuple[str, str] | None:
    known, general = concepts(), _general()
    singular = [word[:-1], word[:-2]][: 1 + word.endswith("es")] if word.endswith("s") and len(word) > 4 else []
    for form in (word, *singular):
        if found := known.get(form):
            return found
    for form in (word, *singular, *(f"{word[:size]}*" for size in range(len(word), 2, -1))):
        if concept := general.get(form):
            return "topic", concept
    return None


def title_words(words: Sequence[str]) -> TitleWords:
    """The words of a title (``TitleKey.words``) as concepts; countries and levels are variants as well as words."""
    telling: dict[str, None] = {}
    common: dict[str, None] = {}
    variants: dict[str, None] = {}
    long_until = 0  # the place after a country of several words
    for place, word in enumerate(words):
        if place < long_until:
            continue
        code = None
        if word in longer_names():
            code, long_until = _longer_country(words, place)
        kind, concept = ("variant", code) if code else told_in_title(word)
        if kind == "common":
            common[concept] = None
        elif concept:
            telling[concept] = None
            if kind == "variant":
                variants[concept] = None
    return TitleWords(tuple(telling), tuple(common), tuple(variants))


def is_moved(words: Sequence[str]) -> bool:
    """Whether the folded words of a title tell of another closing day, or call it to mind: such a title names the call
    otherwise than its first announcement did."""
    return _MOVED.search(" ".join(words)) is not None


def _longer_country(words: Sequence[str], place: int) -> tuple[str | None, int]:
    """The country of three or two words that begins at a place, and the place after it."""
    for size in (3, 2):
        if place + size <= len(words) and (code := countries().get(" ".join(words[place : place + size]))):
            return code, place + size
    return None, place


@lru_cache(maxsize=200_000)
def told_in_title(word: str) -> tuple[str, str]:
    """(common, variant or topic; concept) of a word by itself; no concept where it tells nothing."""
    if code := countries().get(word):
        return "variant", code
    if word in calendar() or word in _LEFT_OVERS:
        return "topic", ""
    kind, concept = _lookup(word) or ("topic", word)
    return ("variant" if kind == "topic" and _SHORT.match(word) else kind), concept


_ALIKE = (
    ("ph", "f"),
    ("th", "t"),
    ("ch", "c"),
    ("qu", "c"),
    ("k", "c"),
    ("y", "i"),
    ("w", "v"),
    ("h", ""),
    ("z", "s"),
    ("ç", "c"),
)


@lru_cache(maxsize=200_000)
def alike(word: str) -> str:
    """A folded word in a spelling that its relatives in the other languages share: Tallinn and Tallin, photo and foto."""
    for written, kept in _ALIKE:
        word = word.replace(written, kept)
    word = re.sub(r"(.)\1", r"\1", word)
    return word.rstrip("aeious") if len(word) > 4 else word


@lru_cache(maxsize=200_000)
def stem(word: str) -> str | None:
    """A folded word's concept, or how the word begins; None for what tells nothing: grammar, numbers, months, the words
    of every call."""
    is_empty = word in STOP_WORDS or word in NOISE_WORDS or word in calendar() or word in NUMBER_WORDS
    if len(word) < 3 or is_empty or word.isdigit():
        return None
    if known := _lookup(word):
        return None if known[0] == "common" else known[1]
    return alike(word)[:STEM] if len(word) > 3 else None


def is_concept(word: str) -> bool:
    """Whether the lexicon knows a folded word: it is the same in another language."""
    return _lookup(word) is not None


def is_known(word: str) -> bool:
    """Whether a folded word is grammar, of every call, of the calendar or of the lexicon."""
    return word in STOP_WORDS or word in NOISE_WORDS or word in calendar() or _lookup(word) is not None


@cache
def frequent() -> dict[str, frozenset[str]]:
    """``stems.json``: the stems that nearly all labelled announcements have (``common``), and those that many have."""
    return {kind: frozenset(stems) for kind, stems in json.loads(STEMS.read_text(encoding="utf-8")).items()}


@cache
def longer_names() -> frozenset[str]:
    """The words that names of countries of two or three words begin with."""
    return frozenset(words[0] for name in countries() if len(words := name.split()) in (2, 3))


@cache
def peoples() -> dict[str, str]:
    """Words for the people of a country → its ISO code: the ``people`` of ``concepts.yml`` and their plurals."""
    return {
        form: code
        for code, words in _groups()["people"].items()
        for word in words.split()
        for form in (word, word + "s", word + "es")
    }


def fold_text(text: str) -> str:
    """Lower case without accents, with its punctuation."""
    bare = text.casefold()
    return bare if bare.isascii() else strip_accents(bare)


# ---------------------------------------------------------------- calendar and numbers


@cache
def calendar() -> dict[str, int]:
    """Names of months → their number, of weekdays → 0, folded, in five languages."""
    from babel import Locale

    found: dict[str, int] = {}
    for language in _LANGUAGES:
        locale = Locale(language)
        for width in ("wide", "abbreviated"):
            found.update({fold(name): number for number, name in locale.months["format"][width].items()})
            found.update({fold(name): 0 for name in locale.days["format"][width].values()})
    found.update(setiembre=9, sept=9, mayo=5)
    found.pop("mar", None)  # the sea, and Tuesday, as well as March
    return found


_UNITS = (
    "one uno una un une um uma ein eine|two dos deux dois duas zwei|three tres trois drei|four cuatro quatre quatro vier"
    "|five cinco cinq funf|six seis sechs|seven siete sept sete sieben|eight ocho huit oito acht|nine nueve neuf nove neun"
    "|ten diez dix dez zehn|eleven once onze elf|twelve doce douze doze zwolf|thirteen trece treize treze"
    "|fourteen catorce quatorze catorze|fifteen quince quinze|sixteen dieciseis seize dezesseis|seventeen diecisiete dixsept"
    "|eighteen dieciocho dixhuit dezoito|nineteen diecinueve dixneuf|twenty veinte vingt vinte zwanzig"
)
_TENS = {
    30: "thirty treinta trente trinta", 40: "forty cuarenta quarante quarenta", 50: "fifty cincuenta cinquante cinquenta",
    60: "sixty sesenta soixante sessenta", 70: "seventy setenta", 80: "eighty ochenta oitenta", 90: "ninety noventa",
    25: "veinticinco", 100: "hundred cien cem cent",
}  # fmt: skip
NUMBER_WORDS = {word: number for number, words in enumerate(_UNITS.split("|"), 1) for word in words.split()} | {
    word: number for number, words in _TENS.items() for word in words.split()
}
