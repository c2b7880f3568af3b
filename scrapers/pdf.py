"""The process that reads a PDF: ``python -m scrapers.pdf PAGES CHARACTERS``, the file in, a line of JSON out.

It has bounds on time, memory, pages and characters. It imports little, because a crawl starts one for each document;
what asks is ``scrapers.documents``.
"""

import json
import resource
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pypdf import PdfReader

SECONDS = 20  # of work on one document; then it is given up
MEMORY = 1024 * 1024 * 1024  # bytes of address space of the reading process
STREAM = 20_000_000  # bytes one compressed stream may grow to
PARSED = 500_000  # operands and operators of one page

Problem = Literal["encrypted", "no_text", "broken"]


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
