"""The documents of a notice: which of its links they are, and the text of each, read in a process of its own (``pdf``).

A hostile document ends that process, never the crawl. Which documents belong to a notice, and what is said where one
has no text, belongs to ``scrapers.platforms.base``.
"""

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from scrapers.notice import Link, clean_text
from scrapers.pdf import SECONDS, Problem
from scrapers.platforms.options.common import Documents
from scrapers.text import visible


class Document(NamedTuple):
    """What a PDF gave: its text, or why there is none."""

    text: str = ""
    problem: Problem | None = None


def linked(links: Sequence[Link], wanted: Documents) -> list[Link]:
    """The documents among a notice's links that its source wants read, in their order."""
    pattern = re.compile(wanted.match, re.IGNORECASE)
    return [link for link in links if pattern.search(link.url) or pattern.search(link.text)][: wanted.max]


def label(link: Link) -> str:
    """What a document is called in the notice: its anchor text, else its file's name."""
    name = unquote(urlsplit(link.url).path.rpartition("/")[2])
    return " ".join(visible(link.text or name or link.url).split())[:150].replace("]", ")")


def read_pdf(body: bytes, wanted: Documents) -> Document:
    """The text of a PDF within the source's bounds; it takes at most ``SECONDS`` and never raises."""
    if b"%PDF-" not in body[:1024]:
        return Document(problem="broken")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scrapers.pdf", str(wanted.pages), str(wanted.characters)],
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
            timeout=2 * SECONDS,
            check=False,
        )
        text, problem = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):  # it was ended by its bounds
        return Document(problem="broken")
    return Document(_tidy(text)[: wanted.characters].rstrip(), problem)


def _tidy(text: str) -> str:
    """Lines without trailing spaces, at most one empty line between two, no invisible characters."""
    lines = [" ".join(line.split()) for line in visible(clean_text(text)).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
