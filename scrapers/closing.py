"""Whether a call's own page says that it is closed, by the words of ``closing.yml`` and where they stand.

Only what is said beside the call's title counts: a page may name other calls, closed ones too. Whether the call is then
taken for closed (on how many days) belongs to the warehouse.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from scrapers.yamlfile import load

LEXICON = Path(__file__).with_name("closing.yml")
LINES_BEFORE, LINES_AFTER = 1, 8  # of the title's line
WINDOW = 900  # characters after the title
MAX_SENTENCE = 160  # characters: what is longer says more than that
MIN_TITLE = 8  # characters: a shorter one is found anywhere
MAX_QUOTE = 300

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_EDGES = " \t\"'«»“”*_·•|¡!¿?.…:;,-–—()[]{}>→⚠❗🔒❌⛔"  # around a sentence that says nothing else


class _Lexicon(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    labels: str
    phrases: dict[str, list[str]]
    title_marks: str


class _Patterns(NamedTuple):
    sentence: re.Pattern[str]
    mark: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    """Read once. Raises ConfigError, or re.error for a phrase that is no regular expression."""
    lexicon = load(LEXICON, _Lexicon)
    labels, marks = (
        text.replace(" |", "|").replace("| ", "|").strip() for text in (lexicon.labels, lexicon.title_marks)
    )
    phrases = "|".join(phrase for language in lexicon.phrases.values() for phrase in language)
    return _Patterns(re.compile(rf"(?:(?:{labels})\s*[:\-–—]\s*)?(?:{phrases})"), re.compile(rf"(?:{marks})"))


def closed_marker(lines: Sequence[str], title: str) -> str | None:
    """The words with which a text (its lines, in order) says that the call of this title is closed; None where it does not."""
    wanted = _fold(title)
    if len(wanted) < MIN_TITLE:
        return None
    folded = [_fold(line) for line in lines]
    for number, line in enumerate(folded):
        if wanted not in line:
            continue
        if _is_marked(line, wanted):
            return lines[number].strip()[:MAX_QUOTE]
        for sentence in _sentences(_around(lines, number)):
            if _patterns().sentence.fullmatch(_fold(sentence).strip(_EDGES)):
                return sentence.strip()[:MAX_QUOTE]
    return None


def _around(lines: Sequence[str], number: int) -> Iterator[str]:
    yield from lines[max(0, number - LINES_BEFORE) : number]
    length = 0
    for line in lines[number + 1 : number + 1 + LINES_AFTER]:
        if length > WINDOW:
            return
        length += len(line)
        yield line


def _sentences(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        for sentence in _SENTENCE_END.split(line):
            if 0 < len(sentence.strip()) <= MAX_SENTENCE and "?" not in sentence:
                yield sentence


def _is_marked(line: str, title: str) -> bool:
    """Whether a mark is set off from the title, before or after it, and nothing else stands there."""
    before, _, after = line.partition(title)
    beside = [(before, before.rstrip()[-1:]), (after, after.lstrip()[:1])]
    return any(
        edge and edge in _EDGES and _patterns().mark.fullmatch(text.strip(_EDGES)) is not None for text, edge in beside
    )


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).casefold().split())
