"""What the words of an announcement tell across languages: concepts, variants, proper names and figures.

Pure functions over text; the concepts are ``concepts.yml``. Normal forms of links, numbers and names belong to ``keys``;
comparing two announcements, to ``score``.
"""

import json
import re
import zlib
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import nsmallest
from pathlib import Path

import yaml

from boi_pipeline.matching.keys import NOISE_WORDS, STOP_WORDS, fold, strip_accents, title_key

TEXT_HEAD = 1_500
"""Characters of a text that are looked at."""
STEM = 5
"""Letters of a stem."""
STEMS = Path(__file__).parent / "stems.json"
MAX_NAMES = 40
MAX_FIGURES = 20
SKETCH = 16
"""Hashes kept of a text's word triples: the smallest ones, so that equal texts keep equal ones."""

_LANGUAGES = ("es", "en", "fr", "pt", "de")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_WORDS = re.compile(r"\w+")
_LEFT_OVERS = frozenset(["s", "l", "d", "t", "n", "m", "qu"])  # of «master's», «l'eau»
_SHORT = re.compile(r"(?:[a-h]|[ivx]{1,4}|\d{1,3})$")


@dataclass(frozen=True, slots=True)
class TitleWords:
    """A title's words, each once and in order: those that tell calls apart, those of every call, and the variants."""

    telling: tuple[str, ...]  # concepts where one is known
    common: tuple[str, ...]
    variants: tuple[str, ...]  # level, season, track, country


@cache
def concepts() -> dict[str, tuple[str, str]]:
    """Folded word → (common, variant or topic; concept): the lexicon ``concepts.yml``."""
    with (Path(__file__).parent / "concepts.yml").open(encoding="utf-8") as file:
        groups: dict[str, dict[str, str]] = yaml.safe_load(file)
    return {
        word: (kind, concept)
        for kind in ("common", "variant", "topic")
        for concept, words in groups[kind].items()
        for word in words.split()
    }


@cache
def _countries() -> dict[str, str]:
    """A country's name in five languages, folded → its ISO code."""
    from babel import Locale

    found: dict[str, str] = {}
    for language in _LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code not in ("EU", "UN", "XA", "XB", "ZZ"):
                found.setdefault(fold(name), code)
    found.update({"usa": "US", "eeuu": "US", "uk": "GB", "etats unis": "US", "reino unido": "GB"})
    return found


def _lookup(word: str) -> tuple[str, str] | None:
    known = concepts()
    if found := known.get(word):
        return found
    if word.endswith("s") and len(word) > 4:
        return known.get(word[:-1]) or (known.get(word[:-2]) if word.endswith("es") else None)
    return None


@lru_cache(maxsize=200_000)
def title_words(title: str) -> TitleWords:
    """The words of a title without years and cycle, as concepts; countries and levels are variants as well as words."""
    words = title_key(title).words
    telling: dict[str, None] = {}
    common: dict[str, None] = {}
    variants: dict[str, None] = {}
    calendar, countries = _calendar(), _countries()
    place = 0
    while place < len(words):
        for size in (3, 2, 1):
            code = countries.get(" ".join(words[place : place + size])) if place + size <= len(words) else None
            if code:
                variants[code] = None
                telling[code] = None
                place += size
                break
        else:
            word = words[place]
            place += 1
            if word in calendar or word in _LEFT_OVERS:
                continue
            kind, concept = _lookup(word) or ("topic", word)
            if kind == "common":
                common[concept] = None
                continue
            telling[concept] = None
            if kind == "variant" or _SHORT.match(word):
                variants[concept] = None
    return TitleWords(tuple(telling), tuple(common), tuple(variants))


def names(title: str, text: str) -> tuple[str, ...]:
    """Words written with a capital and never without one, known to no lexicon, spelt alike in all languages: what stays
    the same in translation."""
    head = text[:TEXT_HEAD]
    words = _WORD.findall(f"{title}\n{head}")
    small = {word.casefold() for word in words if word[0].islower()}
    found: dict[str, None] = {}
    for word in words:
        if len(word) < 3 or not word[0].isupper() or word.casefold() in small:
            continue
        if bare := _name(word):
            found[bare] = None
        if len(found) == MAX_NAMES:
            break
    return tuple(found)


@lru_cache(maxsize=200_000)
def _name(word: str) -> str | None:
    bare = fold(word).replace(" ", "")
    known = bare in STOP_WORDS or bare in NOISE_WORDS or bare in _calendar() or _lookup(bare)
    return None if known or len(bare) < 3 else alike(bare)


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
    """How a folded word's concept, or the word, begins; None for what tells nothing: grammar, numbers, months, the words
    of every call."""
    is_empty = word in STOP_WORDS or word in NOISE_WORDS or word in _calendar() or word in _NUMBER_WORDS
    if len(word) < 4 or is_empty or word.isdigit():
        return None
    known = _lookup(word)
    if known and known[0] == "common":
        return None
    return alike(known[1] if known else word)[:STEM]


def stems_of(text: str) -> set[str]:
    """The stems of a text's head, dates aside."""
    _, rest = _days(fold_text(text[:TEXT_HEAD]))
    return {found for word in _WORDS.findall(rest) if (found := stem(word)) is not None}


@lru_cache(maxsize=200_000)
def _number(word: str) -> int | None:
    """A word's stem as a number; None where nearly every announcement has it."""
    found = stem(word)
    return None if found is None or found in _frequent()["common"] else zlib.crc32(found.encode())


@cache
def _frequent() -> dict[str, frozenset[str]]:
    """``stems.json``: the stems that nearly all labelled announcements have (``common``), and those that many have."""
    return {kind: frozenset(stems) for kind, stems in json.loads(STEMS.read_text(encoding="utf-8")).items()}


@dataclass(frozen=True, slots=True)
class Content:
    """What a text says that stays the same in another language."""

    rare: tuple[int, ...]  # stems that few announcements have
    usual: tuple[int, ...]
    figures: tuple[int, ...]  # amounts and counts, in digits or in words
    days: tuple[int, ...]  # month * 100 + day of every date
    places: tuple[str, ...]  # ISO codes of the countries and their people
    sketch: tuple[int, ...]


def content(text: str) -> Content:
    """The content of a text's head."""
    folded = fold_text(text[:TEXT_HEAD])
    days, rest = _days(folded)
    words = _WORDS.findall(rest)
    usual_stems = _usual_stems()
    stems = {number for word in words if (number := _number(word)) is not None}
    return Content(
        tuple(sorted(stems - usual_stems)),
        tuple(sorted(stems & usual_stems)),
        tuple(sorted(_figures(rest, words))[:MAX_FIGURES]),
        tuple(sorted(days)),
        tuple(sorted(_places(words))),
        _sketch(words),
    )


def title_stems(title: str) -> tuple[int, ...]:
    """The stems of a title's words, as in ``Content``: what another text of the same call should say too."""
    words = fold(title[:TEXT_HEAD]).split()
    return tuple(sorted({number for word in words if (number := _number(word)) is not None}))


def _places(words: list[str]) -> set[str]:
    countries, peoples, longer = _countries(), _peoples(), _longer_names()
    found = {code for word in words if (code := peoples.get(word))}
    found.update(code for word in words if (code := countries.get(word)))
    for place, word in enumerate(words):
        if word in longer:
            for size in (2, 3):
                name = " ".join(words[place : place + size])
                if name in countries:
                    found.add(countries[name])
    return found


@cache
def _longer_names() -> frozenset[str]:
    """The words that names of countries of two or three words begin with."""
    return frozenset(words[0] for name in _countries() if len(words := name.split()) in (2, 3))


@cache
def _peoples() -> dict[str, str]:
    """Words for the people of a country → its ISO code: the ``people`` of ``concepts.yml`` and their plurals."""
    with (Path(__file__).parent / "concepts.yml").open(encoding="utf-8") as file:
        lines: dict[str, str] = yaml.safe_load(file)["people"]
    return {
        form: code
        for code, words in lines.items()
        for word in words.split()
        for form in (word, word + "s", word + "es")
    }


@cache
def _usual_stems() -> frozenset[int]:
    return frozenset(zlib.crc32(one.encode()) for one in _frequent()["usual"])


def fold_text(text: str) -> str:
    """Lower case without accents, with its punctuation."""
    bare = text.casefold()
    return bare if bare.isascii() else strip_accents(bare)


# ---------------------------------------------------------------- dates and figures


@cache
def _calendar() -> dict[str, int]:
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


@cache
def _dates() -> re.Pattern[str]:
    months = "|".join(sorted((name for name, number in _calendar().items() if number), key=len, reverse=True))
    day = r"(\d{1,2})(?:st|nd|rd|th|er|o|º|ª|\.)?"
    return re.compile(
        rf"\b{day}(?:\s*(?:-|–|a|al|to|au|ate|bis|y|e|and)\s*{day})?\s+(?:de\s+|of\s+|d')?({months})\b"
        rf"|\b({months})\s+{day}(?:\s*(?:-|–|to)\s*{day})?\b(?!\s*%)"
        r"|\b(\d{1,2})[/.](\d{1,2})[/.](?:20)?\d\d\b|\b20\d\d-(\d\d)-(\d\d)\b"
    )


def _days(folded: str) -> tuple[set[int], str]:
    """month * 100 + day of every date, and the text without them; both orders of a date in digits."""
    found = set[int]()

    def note(match: re.Match[str]) -> str:
        a, b, month, month_first, c, d, one, two, iso_month, iso_day = match.groups()
        pairs: list[tuple[int, str | None]] = []
        if month or month_first:
            number = _calendar()[month or month_first]
            pairs = [(number, day) for day in (a, b, c, d)]
        elif iso_month:
            pairs = [(int(iso_month), iso_day)]
        else:
            pairs = [(int(two), one), (int(one), two)]
        found.update(
            number * 100 + int(day) for number, day in pairs if day and 1 <= number <= 12 and 1 <= int(day) <= 31
        )
        return " "

    rest = _dates().sub(note, folded)
    return found, rest


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
_NUMBER_WORDS = {word: number for number, words in enumerate(_UNITS.split("|"), 1) for word in words.split()} | {
    word: number for number, words in _TENS.items() for word in words.split()
}
_FACTORS = {
    **dict.fromkeys(["mil", "mille", "thousand", "k", "tausend"], 1_000),
    **dict.fromkeys(["million", "millions", "millon", "millones", "milhao", "milhoes", "mio", "m"], 1_000_000),
}
_FIGURE = re.compile(
    r"(?<![\w.,/-])(\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d{1,2}))?(?![\w/-]|\s*[h:]\d|[.,]\d)\s*(\w+)?"
)


def _figures(folded: str, words: list[str]) -> set[int]:
    """The numbers of a text but years and the first three, in digits or in words; thousands and millions written out."""
    found = set[int]()
    for whole, part, after in _FIGURE.findall(folded):
        number = int(re.sub(r"\D", "", whole))
        factor = _FACTORS.get(after, 1)
        if factor > 1 and part:
            found.add(int(float(f"{number}.{part}") * factor))
        elif factor > 1 or not 1950 <= number <= 2100:
            found.add(number * factor)
    for place, word in enumerate(words):
        if number := _NUMBER_WORDS.get(word):
            found.add(number * _FACTORS.get(words[place + 1] if place + 1 < len(words) else "", 1))
    return {number for number in found if number > 3}


# ---------------------------------------------------------------- likeness of texts


def _sketch(words: list[str]) -> tuple[int, ...]:
    """The smallest hashes of word triples: the share two texts have in common tells how much of their triples they
    share (bottom-k sketch; Broder 1997)."""
    hashes = [_word_hash(word) for word in words]
    triples = {
        (a * 31 + b * 961 + c * 29_791) & 0xFFFFFFFF for a, b, c in zip(hashes, hashes[1:], hashes[2:], strict=False)
    }
    return tuple(nsmallest(SKETCH, triples))


@lru_cache(maxsize=200_000)
def _word_hash(word: str) -> int:
    return zlib.crc32(word.encode())
