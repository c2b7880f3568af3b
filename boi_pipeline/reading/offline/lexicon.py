"""The lexicons: which words rules read by, as data files, one a language (``lexicons/<language>.yml``); those of the
Sustainable Development Goals apart (``lexicons/sdg/<language>.yml``).

A lexicon has the same sections and lists as every other; a list is written as words and phrases between commas, with
``^n`` for a weight; ``^0`` hides what stands in a longer phrase. What a list is for belongs to the rules that ask for it.
"""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from boi_pipeline.reading.offline.phrases import PhraseIndex
from scrapers.yamlfile import ConfigError, parse_yaml

FOLDER = Path(__file__).resolve().parent.parent / "lexicons"
LANGUAGES = ("es", "en", "fr", "pt", "de")
_ENTRY = re.compile(r"[^\W_].*?\*?(?:\^[0-9])?")


class Entry(NamedTuple):
    """One phrase of a list: ``key`` is "section.list"."""

    key: str
    weight: int
    language: str


@functools.cache
def lexicons() -> dict[str, dict[str, dict[str, list[tuple[str, int]]]]]:
    """Language → section → list → (phrase, weight). Raises ConfigError where the files differ in their lists."""
    read = {
        language: _read(FOLDER / f"{language}.yml") | _read(FOLDER / "sdg" / f"{language}.yml")
        for language in LANGUAGES
    }
    shapes = {language: {f"{s}.{k}" for s, lists in read[language].items() for k in lists} for language in LANGUAGES}
    for language, shape in shapes.items():
        if shape != shapes["en"]:
            odd = ", ".join(sorted(shape ^ shapes["en"]))
            raise ConfigError(FOLDER / f"{language}.yml", None, odd, "every lexicon has the same lists as en.yml")
    return read


def _read(path: Path) -> dict[str, dict[str, list[tuple[str, int]]]]:
    data = parse_yaml(path.read_text(encoding="utf-8"), path)
    return {
        section: {name: _entries(path, f"{section}.{name}", text) for name, text in lists.items()}
        for section, lists in data.items()
    }


def _entries(path: Path, key: str, text: str) -> list[tuple[str, int]]:
    entries = []
    for part in str(text).split(","):
        phrase, _, weight = part.strip().partition("^")
        if not _ENTRY.fullmatch(part.strip()):
            raise ConfigError(path, None, key, f"{part!r} is no phrase; expected words, a final * or ^weight")
        entries.append((phrase, int(weight or 1)))
    return entries


def entries() -> Iterator[tuple[str, Entry]]:
    """Every phrase of every lexicon with where it stands."""
    for language, sections in lexicons().items():
        for section, lists in sections.items():
            for name, phrases in lists.items():
                for phrase, weight in phrases:
                    yield phrase, Entry(f"{section}.{name}", weight, language)


@functools.cache
def phrase_index() -> PhraseIndex[Entry]:
    """All lexicons in one index."""
    return PhraseIndex(entries())


@functools.cache
def names_of(section: str) -> tuple[str, ...]:
    """The lists of a section, in the files' order."""
    return tuple(lexicons()["en"][section])


@functools.cache
def demonyms() -> dict[str, list[str]]:
    """Country → what its people are called, in the languages read."""
    path = FOLDER / "demonyms.yml"
    data = parse_yaml(path.read_text(encoding="utf-8"), path)
    return {country: [phrase for phrase, _ in _entries(path, country, text)] for country, text in data.items()}
