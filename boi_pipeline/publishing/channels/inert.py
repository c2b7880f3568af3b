"""Scraped text made inert for channels that turn plain text into links, mentions, hashtags and bold.

The words stay; only the sign that would set something off goes or is parted. Pages need none of this: they escape.
"""

import re
import unicodedata

from boi_pipeline.publishing.text import one_line

_SCHEME = re.compile(r"[a-z]?[a-z0-9+.-]{0,20}:/{2,}|\b(?:javascript|data|mailto|tel|sms):(?=\S)", re.IGNORECASE)
_SIGN = re.compile(r"[#＃@＠﹫$]+(?=[^\W\d])|[#＃@＠﹫]+(?=\w)")
_DOTTED = re.compile(r"(?<=[^\s.])([.。．｡])(?=[^\W\d_]{2})")
_UNSEEN = re.compile(
    "[\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u2028\u2029\u3164\ufe00-\ufe0e\uffa0\ufff9-\ufffb\U000e0100-\U000e01ef]"
)
_WHATSAPP = {ord("*"): "∗", ord("_"): "‗", ord("~"): "∼", ord("`"): "’"}


def inert(text: str) -> str:
    """One line of the text, NFC, in which no channel sees an address, a mention, a hashtag or a cashtag.

    ``https://malo.example/x`` becomes ``malo. example/x``, ``#tema`` ``tema``, ``@alguien`` ``alguien``.
    """
    line, before = unicodedata.normalize("NFC", one_line(_UNSEEN.sub("", text))), None
    while line != before:  # what goes may leave another sign behind
        before = line
        line = one_line(_DOTTED.sub(r"\1 ", _SIGN.sub("", _SCHEME.sub("", line))))
        line = unicodedata.normalize("NFC", line)
    return line


def unformatted(text: str) -> str:
    """The text without what WhatsApp formats (``*bold*``, ``_italic_``, ``~struck~``, backquotes) or Markdown links."""
    return text.translate(_WHATSAPP).replace("](", "] (")
