"""Round-up posts ("10 becas…", "7 opportunities…"): one post that announces several calls, cut into its calls.

What counts as one: a title that gives a number of things on offer, and at least three sections, each under a heading
or in a list item, each with a link of its own. Everything else stays one item.
"""

import copy
import re
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import lxml.html

from scrapers.text import Node, line_text
from scrapers.urls import absolute_url, canonical_url

MINIMUM = 3

_OFFERS = (
    r"becas?|bourses?|bolsas?|scholarships?|fellowships?|grants?|awards?|premios?|prix|prêmios?|oportunidad(?:es)?"
    r"|oportunidades|opportunit(?:y|ies)|opportunités?|convocatorias?|calls?|appels?|editais|internships?|prácticas"
    r"|pasantías|stages|estágios|cursos|courses|cours|programas|programs|programmes|concursos|contests|competitions"
    r"|fondos|funds|ayudas|residencias|residencies|conferences|eventos|events"
)
_TITLE = re.compile(
    rf"(?:^|\b(?:top|las|los|les|the|as|os|estas|estos|these)\s+)(\d{{1,2}})\s+(?:[\w’'-]+\s+){{0,5}}?(?:{_OFFERS})\b",
    re.I,
)
_NUMBERING = re.compile(r"^\s*(?:#?\d{1,2}\s*[.):\-–—]\s*)")
_SHARING = re.compile(r"(^|\.)(facebook|twitter|x|linkedin|whatsapp|telegram|t|pinterest|wa)\.(com|me|org)$")


class Part(NamedTuple):
    """One call of a round-up post."""

    title: str
    node: Node


def is_roundup_title(title: str) -> bool:
    """Whether a title promises several calls: a number of at least three, then, within a few words, what is offered."""
    found = _TITLE.search(title)
    return found is not None and int(found.group(1)) >= MINIMUM


def unnumbered(line: str) -> str:
    """A heading without its number in a list."""
    return " ".join(_NUMBERING.sub("", line).split())


def split(title: str, node: Node, page_url: str) -> list[Part]:
    """The calls of a cleaned post, in its order; empty where it is not a round-up."""
    return sections(node, page_url) if is_roundup_title(title) else []


def sections(node: Node, page_url: str) -> list[Part]:
    """The calls of what is known to announce several (a newsletter); empty where its sections cannot be told apart."""
    for tag in ("h2", "h3"):
        parts = _with_own_links([_section(heading, node) for heading in node.iter(tag)], page_url)
        if parts:
            return parts
    items = [item for item in node.iter("li") if not any(above.tag == "li" for above in item.iterancestors())]
    return _with_own_links([_listed(item) for item in items], page_url)


def _with_own_links(parts: Sequence[Part], page_url: str) -> list[Part]:
    """The parts that have a link no other part has; none where they are too few."""
    own = []
    seen: set[str] = set()
    for part in parts:
        fresh = _own_links(part.node, page_url) - seen
        if fresh and part.title:
            own.append(part)
            seen |= fresh
    return own if len(own) >= MINIMUM else []


def _own_links(node: Node, page_url: str) -> set[str]:
    found = set()
    for anchor in node.iter("a"):
        url = absolute_url(page_url, anchor.get("href") or "")
        if url and not _SHARING.search(urlsplit(url).hostname or ""):
            found.add(canonical_url(url))
    return found - {canonical_url(page_url)}


def _section(heading: Node, root: Node) -> Part:
    """A heading with what follows it, up to the next heading of its rank or above."""
    ranks = [f"h{rank}" for rank in range(1, int(heading.tag[1]) + 1)]

    def has_other(part: Node) -> bool:
        return any(other is not heading for other in part.iter(*ranks))

    top = heading
    while (above := top.getparent()) is not None and above is not root and not has_other(above):
        top = above
    body = lxml.html.Element("div")
    for part in (top, *top.itersiblings()):
        if part is not top and has_other(part):
            break
        body.append(copy.deepcopy(part))
    copied = next(body.iter(heading.tag))
    return Part(unnumbered(line_text(copied)), body)


def _listed(item: Node) -> Part:
    body = lxml.html.Element("div")
    body.append(copy.deepcopy(item))
    anchor = next((part for part in item.iter("a", "strong", "b") if line_text(part)), None)
    return Part(unnumbered(line_text(anchor)) if anchor is not None else "", body)
