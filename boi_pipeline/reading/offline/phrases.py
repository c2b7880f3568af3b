"""Many phrases found in one pass over a text's words. What the phrases mean belongs to the lexicons."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from boi_pipeline.collector import uncollected

Payload = TypeVar("Payload")
WORD = re.compile(r"[^\W_]+")
_PHRASE_WORD = re.compile(r"[^\W_]+\*?")


@dataclass(slots=True)
class _Node(Generic[Payload]):
    next: dict[str, "_Node[Payload]"] = field(default_factory=dict)
    begins: dict[str, list[tuple[str, "_Node[Payload]"]]] = field(default_factory=dict)  # first letters → prefixes
    payloads: list[Payload] = field(default_factory=list)

    def step(self, word: str) -> "list[_Node[Payload]]":
        found = [self.next[word]] if word in self.next else []
        if self.begins:
            for prefix, node in self.begins.get(word[:2], ()):
                if word.startswith(prefix):
                    found.append(node)
        return found


class PhraseIndex(Generic[Payload]):
    """Folded phrases → payloads. A word ending in ``*`` stands for any ending."""

    def __init__(self, phrases: Iterable[tuple[str, Payload]]) -> None:
        self._root: _Node[Payload] = _Node()
        with uncollected():
            for phrase, payload in phrases:
                node = self._root
                for word in _PHRASE_WORD.findall(phrase):
                    node = self._grow(node, word)
                if node is not self._root:
                    node.payloads.append(payload)

    @staticmethod
    def _grow(node: _Node[Payload], word: str) -> _Node[Payload]:
        if not word.endswith("*"):
            if (there := node.next.get(word)) is None:
                there = node.next[word] = _Node()
            return there
        prefix = word[:-1]
        bucket = node.begins.setdefault(prefix[:2], [])
        for known, following in bucket:
            if known == prefix:
                return following
        bucket.append((prefix, _Node()))
        return bucket[-1][1]

    def find(self, folded: str, words: list[tuple[int, int, str]]) -> list[tuple[int, int, Payload]]:
        """Every phrase in the text, overlapping ones too: (start, end, payload) by start. Phrases do not cross lines."""
        found: list[tuple[int, int, Payload]] = []
        for i, (start, end, word) in enumerate(words):
            nodes = self._root.step(word)
            last = end
            j = i + 1
            while nodes:
                for node in nodes:
                    found += [(start, last, payload) for payload in node.payloads]
                if j >= len(words):
                    break
                next_start, next_end, following = words[j]
                if next_start - last > 3 or "\n" in folded[last:next_start]:
                    break
                nodes = [deeper for node in nodes for deeper in node.step(following)]
                last, j = next_end, j + 1
        return found


def words_of(folded: str) -> list[tuple[int, int, str]]:
    """The words of folded text: (start, end, word)."""
    return [(match.start(), match.end(), match.group()) for match in WORD.finditer(folded)]
