"""Languages a text asks for, with their CEFR level: ``en:B2``. Names in five languages; tests count for their language."""

import functools
import re

from babel import Locale

from boi_pipeline.reading.quotes import fold

_ASKED = ("en", "es", "fr", "pt", "de", "it", "ja", "zh", "ko", "ru", "ar", "nl", "sv", "tr", "pl", "ca")
_READ_IN = ("es", "en", "fr", "pt", "de")
_ALSO = {
    "castellano": "es", "espanol": "es", "mandarin": "zh", "ingles": "en", "inglesa": "en", "francesa": "fr", "portuguesa": "pt",
    "anglaise": "en", "francaise": "fr", "espagnole": "es", "lusofono": "pt",
}  # fmt: skip
_TESTS = {
    "ielts": "en", "toefl": "en", "toeic": "en", "delf": "fr", "dalf": "fr", "dele": "es", "siele": "es", "testdaf": "de", "dsh": "de",
    "celpe-bras": "pt", "jlpt": "ja", "hsk": "zh", "topik": "ko",
}  # fmt: skip
_CEFR = r"(?:[abc][12])(?![a-z0-9])"


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
    between = r"(?: ?[(:,/-]? ?(?:(?:a )?(?:level|nivel|niveau|nivel minimo|minimum|minimo|language|at least|al menos|no minimo|au moins|de|in|en|em|of|do|du|at|au|cefr|mcer|cecrl|is|a|stufe|idioma|langue|lingua|or) ?){0,4}\(?)"
    return re.compile(
        rf"(?<![a-z])(?:(?P<l1>{_CEFR}){between} ?(?P<n1>{name})(?![a-z])"
        rf"|(?P<n2>{name})(?![a-z])(?:{between} ?(?P<l2>{_CEFR}))?|(?P<t>{test})(?![a-z])(?:{between} ?(?P<l3>{_CEFR}))?)"
    )


def find_languages(folded: str) -> list[tuple[int, int, str]]:
    """Languages named in folded text: (start, end, ``en`` or ``en:B2``)."""
    found = []
    for match in _pattern().finditer(folded.replace("\n", " ")):
        name = match["n1"] or match["n2"]
        code = _names()[name] if name else _TESTS[match["t"]]
        level = match["l1"] or match["l2"] or match["l3"]
        found.append((match.start(), match.end(), f"{code}:{level.upper()}" if level else code))
    return found
