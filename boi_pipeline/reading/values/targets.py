"""Targets of the Sustainable Development Goals a text names by number: "ODS 14.2", "target 4.b", "meta 13.1", "cible 4.4".

Only numbers that are targets count: 169 in all.
"""

import re

# Goal → how many numbered targets it has, and the letters of its means of implementation.
_TARGETS = {
    1: (5, "ab"), 2: (5, "abc"), 3: (9, "abcd"), 4: (7, "abc"), 5: (6, "abc"), 6: (6, "ab"), 7: (3, "ab"), 8: (10, "ab"), 9: (5, "abc"),
    10: (7, "abc"), 11: (7, "abc"), 12: (8, "abc"), 13: (3, "ab"), 14: (7, "abc"), 15: (9, "abc"), 16: (10, "ab"), 17: (19, ""),
}  # fmt: skip
_KNOWN = frozenset(
    f"{goal}.{part}" for goal, (count, letters) in _TARGETS.items() for part in [*range(1, count + 1), *letters]
)
_WORD = r"(?:sdgs?|ods|odd|targets?|metas?|cibles?|unterziele?|zielvorgaben?)"
_NUMBER = r"1?[0-9]\.(?:[0-9]{1,2}|[a-d])(?![0-9a-z]|[.,][0-9])"
_NAMED = re.compile(
    rf"(?<![a-z]){_WORD}(?: (?:numbers?|numeros?|no|n\.|of the sdgs?|de los ods|dos ods|des odd))?[ :-]{{0,3}}"
    rf"(?P<numbers>{_NUMBER}(?:(?:, ?(?:and |y |e |et |und )?| ?/ ?| (?:and|y|e|et|und|o|or|ou) )(?:{_WORD} )?{_NUMBER})*)"
    r"(?! ?(?:%|°|o ?c(?![a-z])|per ?cent|por ciento|por cento|pour cent|million|millon|milh|billion|mil ))"
)
_EACH = re.compile(_NUMBER)


def find_targets(folded: str) -> list[tuple[int, int, str]]:
    """Targets named in folded text: (start, end, ``14.b``)."""
    found = []
    for named in _NAMED.finditer(folded.replace("\n", " ")):
        at = named.start("numbers")
        for number in _EACH.finditer(named["numbers"]):
            if number.group() in _KNOWN:
                found.append((named.start(), at + number.end(), number.group()))
    return found
