"""The text of a PDF, read in a process of its own with bounds on time, memory, pages and characters.

A hostile document ends that process, never the crawl. Which documents belong to a notice, and what is said where one
has no text, belongs to ``scrapers.platforms.base``. Run as ``python -m scrapers.documents`` it is that process.
"""

import json
import re
import resource
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from scrapers.notice import Link, clean_text
from scrapers.platforms.options.common import Documents
from scrapers.text import visible

if TYPE_CHECKING:
    from pypdf import PdfReader

SECONDS = 20  # of work on one document; then it is given up
MEMORY = 1024 * 1024 * 1024  # bytes of address space of the reading process
STREAM = 20_000_000  # bytes one compressed stream may grow to
PARSED = 500_000  # operands and operators of one page

Problem = Literal["encrypted", "no_text", "broken"]


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
            [sys.executable, "-m", "scrapers.documents", str(wanted.pages), str(wanted.characters)],
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


def faults() -> tuple[type[Exception], ...]:
    """What reading a PDF that is broken, or made to break its reader, raises."""
    from pypdf.errors import PyPdfError

    return (
        PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError, ArithmeticError,
        NotImplementedError,
    )  # fmt: skip


def open_bounded(body: bytes) -> "PdfReader":
    """A PDF, with bounds on what its streams may grow to. Raises ``faults``."""
    import pypdf

    pypdf.overwrite_configuration(
        zlib_maximum_output_length=STREAM,
        lzw_maximum_output_length=STREAM,
        run_length_maximum_output_length=STREAM,
        array_based_stream_maximum_output_length=STREAM,
        stream_decoding_work_maximum_length=2 * STREAM,
        stream_parsing_work_maximum_count=PARSED,
        xform_maximum_invocations_per_extraction=500,
        jbig2dec_binary=None,
    )
    return pypdf.PdfReader(BytesIO(body))


def _extract(body: bytes, pages: int, characters: int) -> tuple[str, Problem | None]:
    """The text of the first pages; a page that cannot be read is left out."""
    try:
        reader = open_bounded(body)
        if reader.is_encrypted and not reader.decrypt(""):
            return "", "encrypted"
        count = min(len(reader.pages), pages)
    except faults():
        return "", "broken"
    texts: list[str] = []
    failed = 0
    for number in range(count):
        try:
            texts.append(reader.pages[number].extract_text())
        except faults():
            failed += 1
        if sum(map(len, texts)) > characters:
            break
    text = "\n\n".join(texts)
    if text.strip():
        return text, None
    return "", "broken" if failed else "no_text"


def main() -> int:
    """Read a PDF on standard input; one JSON line on standard output."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    pages, characters = map(int, sys.argv[1:3])
    found = _extract(sys.stdin.buffer.read(), pages, characters)
    sys.stdout.write(json.dumps((found[0][: 2 * characters], found[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
