"""Languages a text names, with their CEFR level: ``en:B2``. Names in five languages; tests count for their language.

Whether a language is asked for belongs to the rules.
"""

import functools
import re
from typing import NamedTuple

from babel import Locale

from boi_pipeline.reading.quotes import fold

_ASKED = (
    "en", "es", "fr", "pt", "de", "it", "ja", "zh", "ko", "ru", "ar", "nl", "sv", "tr", "pl", "ca", "da", "no", "fi", "cs", "hu", "el", "uk", "ro",
    "he", "hi", "id", "vi", "th", "fa", "qu", "gn", "eu", "gl", "sw", "lb", "bg", "hr", "sr", "sk", "sl", "et", "lv", "lt", "is", "ka", "kk", "ms", "ay",
)  # fmt: skip
_READ_IN = ("es", "en", "fr", "pt", "de")
_ALSO = {
    "castellano": "es", "castilian": "es", "espanol": "es", "mandarin": "zh", "ingles": "en", "inglesa": "en", "francesa": "fr",
    "portuguesa": "pt", "anglaise": "en", "francaise": "fr", "espagnole": "es", "alemana": "de", "castelhano": "es",
    "englischen": "en", "deutschen": "de", "franzosischen": "fr", "spanischen": "es",
}  # fmt: skip
_TESTS = {
    "ielts": "en", "toefl": "en", "toeic": "en", "delf": "fr", "dalf": "fr", "tcf": "fr", "dele": "es", "siele": "es", "testdaf": "de", "dsh": "de",
    "celpe-bras": "pt", "jlpt": "ja", "hsk": "zh", "topik": "ko", "duolingo english": "en", "cambridge english": "en",
}  # fmt: skip
_MOST_BETWEEN = 46
_NOT_BETWEEN = re.compile(r"[.!?](?:$| )|[()].*[()].*[()]")
_BOTH = re.compile(
    r"(?<![a-z])(?:avanzados|avancados|fluidos|fluentes|courants|both|ambos|each|los dos|los idiomas|ambas|beide)(?![a-z])"
)
_JOINED = re.compile(r",? (?:and|or|y|e|o|u|et|ou|und|oder) (?:de |em |en |in |of |d'|l'|le )?|/| / ")
_ASKED_LEVEL = re.compile(
    r"[^.!?\n]{0,24} ?\?[ \n](?:a|an|un|una|um|uma|le|o|el|the)? ?(?:cefr |nivel |niveau |level )?"
)
_BEFORE_NAME = re.compile(
    r"(?:[ (),:/-]|(?:cefr|mcer|cecrl?|gers|level|nivel|niveau|stufe|or higher|or above|o superior|ou superieur|ou superior|minimum|minimo|"
    r"in|en|em|of|de|do|du|d'|des|the|la|el|le|l'|lingua|langue|lengua|idioma|language|auf|im)(?![a-z]))*"
)


class Language(NamedTuple):
    """A language as named: where, its code, its level or "", and whether a test stands for it."""

    start: int
    end: int
    code: str
    level: str
    is_test: bool

    @property
    def term(self) -> str:
        return f"{self.code}:{self.level}" if self.level else self.code


@functools.cache
def _names() -> dict[str, str]:
    names = {}
    for reader in _READ_IN:
        told = Locale(reader).languages
        for code in _ASKED:
            name = fold(told.get(code, ""))
            if name and " " not in name:
                names[name] = code
    return names | _ALSO


@functools.cache
def _pattern() -> re.Pattern[str]:
    name = "|".join(sorted(map(re.escape, _names()), key=len, reverse=True))
    test = "|".join(sorted(map(re.escape, _TESTS), key=len, reverse=True))
    return re.compile(
        rf"(?<![a-z])(?:(?P<name>{name})(?:sprach|-?kenntnisse|-?sprachkenntnisse|n)?(?![a-z])|(?P<test>{test})(?![a-z])"
        rf"|(?P<level>[abc][12])(?![a-z0-9]|[.,][0-9]))"
    )


def named_languages(folded: str) -> list[Language]:
    """Languages in folded text, in order. A level goes with the language before it, else with the one right after."""
    found: list[Language] = []
    waiting: tuple[int, int, str] | None = None
    led = False  # whether a level stands before the language named last
    flat = folded.replace("\n", " ")
    for match in _pattern().finditer(flat):
        start, end = match.span()
        if match["level"]:
            level = match["level"].upper()
            if found and not found[-1].level and _close(folded[found[-1].end : start]):
                between = flat[found[-1].end : start]
                if len(found) > 1 and _BOTH.search(between) and _beside(flat, found[-2], found[-1]):
                    found[-2] = found[-2]._replace(end=end, level=level)
                found[-1] = found[-1]._replace(end=end, level=level)
            else:
                waiting = (start, end, level)
            continue
        code = _names()[match["name"]] if match["name"] else _TESTS[match["test"]]
        if waiting and start - waiting[1] <= 34 and _BEFORE_NAME.fullmatch(flat, waiting[1], start):
            found.append(Language(waiting[0], end, code, waiting[2], False))
            led = True
        elif led and match["name"] and _beside(flat, found[-1], Language(start, end, code, "", False)):
            found.append(
                Language(found[-1].start, end, code, found[-1].level, False)
            )  # "level B1 of English or French"
        else:
            led = False
            found.append(Language(start, end, code, "", match["test"] is not None))
        waiting = None
    return found


def _beside(flat: str, one: Language, other: Language) -> bool:
    """Whether two languages are named in one breath, without a level of the first's own."""
    return not (one.level and one.is_test) and _JOINED.fullmatch(flat, one.end, other.start) is not None


def _close(between: str) -> bool:
    if _ASKED_LEVEL.fullmatch(between):
        return True
    return len(between) <= _MOST_BETWEEN and "\n" not in between and not _NOT_BETWEEN.search(between)


def find_languages(folded: str) -> list[tuple[int, int, str]]:
    """Languages named in folded text: (start, end, ``en`` or ``en:B2``)."""
    return [(language.start, language.end, language.term) for language in named_languages(folded)]
