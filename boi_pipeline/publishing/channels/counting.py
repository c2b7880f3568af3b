"""How long a text is by each channel's own rule. What is said belongs to the renderers.

X: the weights of twitter-text's configuration, version 3. LinkedIn, Instagram and WhatsApp publish a number and no rule:
UTF-16 code units are what their composers count, and never fewer than anybody else's characters.
"""

import re
import unicodedata

URL_WEIGHT = 23
URL = re.compile(r"https?://[^\s<>\"«»]+")
# Code points that weigh 1; every other one weighs 2 (twitter-text v3 "ranges").
_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_EMOJI_AMONG_THEM = frozenset("©®")


def _weight(character: str) -> int:
    point = ord(character)
    is_light = any(first <= point <= last for first, last in _LIGHT) and character not in _EMOJI_AMONG_THEM
    return 1 if is_light else 2


def weighted(text: str) -> int:
    """The weighted length X counts: NFC, an http(s) address 23.

    An emoji of several code points (a flag, a family) weighs 2 at X and its parts' sum here: never less. Bare domains
    are not looked for: the renderers let none through.
    """
    normal = unicodedata.normalize("NFC", text)
    rest, links = URL.subn("", normal)
    return URL_WEIGHT * links + sum(map(_weight, rest))


def code_units(text: str) -> int:
    """The number of UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
