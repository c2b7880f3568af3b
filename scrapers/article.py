"""The main text of a page of unknown shape, links kept: what is read where no selector was written.

Metadata (dates, authors) are not guessed here; what a page states of itself is in ``structured``.
"""

import lxml.html

from scrapers.text import Node, clean, fragment, visible

MAX_ELEMENTS = 50_000  # of a page; more is no article
MAX_BESIDE = 40  # links taken from beside the text
_READ_AS = {"time": "span", "label": "span", "figure": "div"}  # the extractor would drop them with their words


def main_content(page: Node) -> Node:
    """The main content of a page as a cleaned node; without text where the page has none to tell from its furniture.

    Links that stand alone beside the text ("Apply") are kept at its end. Deterministic: the same page gives the same
    node, whatever was read before.
    """
    import trafilatura  # a third of a second that only sources without selectors pay

    cleaned = clean([page])  # a copy: what is hidden to people is hidden to the extractor
    elements = list(cleaned.iter())
    if len(elements) > MAX_ELEMENTS:
        return fragment("")
    for part in elements:
        part.tag = _READ_AS.get(part.tag, part.tag)
        part.text = visible(part.text) if part.text else part.text
        part.tail = visible(part.tail) if part.tail else part.tail
    given = clean([cleaned])  # the extractor changes the tree it is given
    try:
        found = trafilatura.extract(
            given,
            output_format="html",
            include_links=True,
            include_formatting=True,
            include_comments=False,
            include_images=False,
            deduplicate=False,
            with_metadata=False,
        )
    except (RecursionError, ValueError, TypeError, AttributeError):  # markup that its rules did not foresee
        found = None
    if not found:
        return fragment("")
    content = clean([fragment(found)])
    _add_links_beside(content, cleaned)
    return content


def _add_links_beside(content: Node, page: Node) -> None:
    """Add the links of the place where the text stood that went missing from it."""
    kept = {anchor.get("href") for anchor in content.iter("a")}
    for anchor in list(_place(content, page).iter("a"))[: 10 * MAX_BESIDE]:
        href, text = anchor.get("href") or "", " ".join(anchor.text_content().split())
        if href and text and href not in kept and len(kept) < MAX_BESIDE:
            kept.add(href)
            line = lxml.html.Element("p")
            link = lxml.html.Element("a", href=href)
            link.text = text
            line.append(link)
            content.append(line)


def _place(content: Node, page: Node) -> Node:
    """The smallest part of the page with the text's first and last paragraph; nothing where that is all of the page."""
    lines = [line for part in content.iter("p", "li", "h1", "h2", "h3", "td") if (line := _squeezed(part))]
    if not lines:
        return fragment("")
    place = page
    while inner := [part for part in place if (text := _squeezed(part)) and lines[0] in text and lines[-1] in text]:
        place = inner[0]
    is_box = place is not page and place.tag not in ("html", "body")
    return place if is_box else fragment("")


def _squeezed(part: Node) -> str:
    """All letters and figures of a part, whatever the extractor did to spaces."""
    return "".join(part.text_content().split())
