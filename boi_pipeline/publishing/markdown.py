"""Markdown (CommonMark 0.31) that shows any text as that text: no markup, no HTML, no link comes out of it.

Also for portals whose readers go further: GitHub's links without brackets, Liquid's and Kramdown's braces. What is
written in it belongs to ``article``.
"""

import re

from boi_pipeline.publishing.text import one_line

_ENTITIES = {"<": "&lt;", ">": "&gt;", "&": "&amp;", "{": "&#123;", "}": "&#125;"}
_SIGNS = re.compile(r"[\\`*_\[\]|~^$@!]")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp|javascript|data)(?=:)|\bwww(?=\.)")
_START = re.compile(r"^(?:(\d+)(?=[.)])|(?=[#+=:-]))")


def escaped(text: str) -> str:
    """One line in which nothing is markup, wherever in a paragraph it stands."""
    shown = _SIGNS.sub(r"\\\g<0>", one_line(text))
    shown = "".join(_ENTITIES.get(sign, sign) for sign in shown)
    shown = _ADDRESS.sub(lambda found: found[0] + "\\", shown)
    return _START.sub(lambda found: (found[1] or "") + "\\", shown)


class Markdown:
    """A document, block by block. ``text``, ``strong`` and ``link`` give escaped pieces of a block."""

    def __init__(self) -> None:
        self._blocks: list[str] = []

    def text(self, words: str) -> str:
        """Plain words."""
        return escaped(words)

    def strong(self, words: str) -> str:
        """Words in bold."""
        return f"**{escaped(words)}**" if words.strip() else ""

    def link(self, words: str, href: str) -> str:
        """A link to an address that may go out (``text.outward_link``, or one of the site's own)."""
        return f"[{escaped(words)}]({href.replace('(', '%28').replace(')', '%29')})"

    def heading(self, level: int, words: str) -> None:
        """A heading of plain words."""
        self._blocks.append(f"{'#' * level} {escaped(words)}")

    def paragraph(self, pieces: str) -> None:
        """A paragraph of pieces; none where they are empty."""
        if pieces.strip():
            self._blocks.append(pieces.strip())

    def items(self, pieces: list[str]) -> None:
        """A list, an item a piece."""
        if pieces:
            self._blocks.append("\n".join(f"- {one}" for one in pieces))

    def __str__(self) -> str:
        return "\n\n".join(self._blocks) + "\n"
