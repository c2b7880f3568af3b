"""Plain language, by rules: sentences of at most 20 words, paragraphs of at most five lines, acronyms spelled out once.

A quoted title and a name count as one word: they cannot be shortened. Which texts are looked at, and what follows,
belongs to the contracts.
"""

import re
from collections.abc import Iterable

SENTENCE_WORDS = 20
PARAGRAPH_LINES, LINE_LENGTH = 5, 90

_QUOTED = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"\n]*\"")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[»”\")]*\s+(?=[^\Wa-záéíóúüñ_]|[¿¡«“(])|\n+")
_ABBREVIATED = re.compile(r"\b(?:EE\.\s?UU|Ud|Uds|Dr|Dra|Sr|Sra|St|p\. ej|art|núm|aprox|etc)\.")
_WORD = re.compile(r"[^\W_]")
_ACRONYM = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{2,6}\b")
_MONEY = re.compile(r"\b[A-Z]{3}\s?[0-9]|[0-9]\s?[A-Z]{3}\b")
_ROMAN = re.compile(r"[IVXLC]+")
_NAME = " Nombre "
# Said without explanation: in every newspaper, or on every page of a bulletin of opportunities.
_KNOWN = frozenset({"AOD", "EE", "IA", "IVA", "ODS", "ONU", "PDF", "PYME", "STEM", "TIC", "UE", "UU"})


def faults(text: str, names: Iterable[str] = ()) -> list[str]:
    """What is hard to read in a Spanish text, in Spanish. ``names``: words that stand for one word each."""
    plain = _QUOTED.sub(_NAME, text)
    for name in sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True):
        plain = plain.replace(name, _NAME)
    found = []
    for paragraph in re.split(r"\n\s*\n", text):
        if len(paragraph) > PARAGRAPH_LINES * LINE_LENGTH:
            found.append(f"un párrafo de {-(-len(paragraph) // LINE_LENGTH)} líneas")
    for sentence in _SENTENCE_END.split(_ABBREVIATED.sub(lambda match: match.group()[:-1], plain)):
        count = sum(1 for word in sentence.split() if _WORD.search(word))
        if count > SENTENCE_WORDS:
            found.append(f"una frase de {count} palabras")
    for acronym in dict.fromkeys(_ACRONYM.findall(_MONEY.sub(" ", plain))):
        spelled = f"({acronym})" in plain or re.search(rf"\b{acronym}\s?\([^)]* [^)]*\)", plain)
        if acronym not in _KNOWN and not _ROMAN.fullmatch(acronym) and not spelled:
            found.append(f"la sigla {acronym} sin explicar")
    return found
