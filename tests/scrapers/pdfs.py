"""PDFs built by hand for tests: whole ones, and ones that mean harm."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pypdf

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(*objects: bytes) -> bytes:
    """A PDF of numbered objects, the first of them its catalogue, with a right table."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return (
        body
        + head
        + table
        + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            len(body),
        )
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def text_pdf(*pages: str) -> bytes:
    """A PDF with one line of text a line, on as many pages as given."""
    objects = [CATALOG, b"", FONT]
    kids = []
    for page in pages:
        shown = b" ".join(b"(%s) Tj T*" % _escaped(line) for line in page.split("\n"))
        objects.append(stream(b"BT /F1 12 Tf 72 720 Td 14 TL %s ET" % shown))
        objects.append(_page(len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return pdf(*objects)


def one_page(contents: bytes, *more: bytes, resources: bytes = b"<< /Font << /F1 3 0 R >> >>") -> bytes:
    """A PDF of one page whose content stream is object 4."""
    pages = b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources %s >>" % resources
    return pdf(CATALOG, pages, FONT, contents, page, *more)


def _page(contents: int) -> bytes:
    return (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
        b" /Resources << /Font << /F1 3 0 R >> >> >>" % contents
    )


def _escaped(line: str) -> bytes:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)").encode("cp1252")


def encrypted_pdf(text: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=BytesIO(text_pdf(text)))
    writer.encrypt("clave", algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


_FLATE = b"/Filter /FlateDecode"
_LOOP = b"<< /Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 6 0 R >> >>"
_FORM = _LOOP + b" /Length 12 >>\nstream\n/X Do /X Do \nendstream"


def _flated(text: bytes) -> bytes:
    return zlib.compress(text, 9)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: one_page(stream(_flated(b"0" * 200_000_000), _FLATE)),
    "bomb in a bomb": lambda: one_page(
        stream(_flated(_flated(b"0" * 100_000_000)), b"/Filter [/FlateDecode /FlateDecode]")
    ),
    "forms in a loop": lambda: one_page(stream(b"/X Do"), _FORM, resources=b"<< /XObject << /X 6 0 R >> >>"),
    "endless text": lambda: one_page(stream(_flated(b"BT /F1 12 Tf (a) Tj ET " * 2_000_000), _FLATE)),
    "deep arrays": lambda: one_page(stream(b"[" * 200_000 + b"]" * 200_000)),
    "deep objects": lambda: pdf(b"<< /A " * 50_000 + b">>" * 50_000, b"null"),
    "pages in a loop": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9999999 >>"),
    "a parent in a loop": lambda: pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Parent 3 0 R /Count 1 >>", b"2 0 R"),
    "itself": lambda: pdf(b"1 0 R"),
    "a table that leads to itself": lambda: b"%PDF-1.4\nxref\n0 0\ntrailer << /Prev 9 /Size 1 >>\nstartxref\n9\n%%EOF",
    "a giant length": lambda: one_page(b"<< /Length 99999999999 >>\nstream\nBT (a) Tj ET\nendstream"),
    "cut": lambda: text_pdf("Plazo: 3 de mayo")[:200],
    "only a head": lambda: b"%PDF-1.7\n",
    "a page of a portal": lambda: b"<html><body>Inicie sesi\xc3\xb3n para ver el PDF</body></html>",
    "nothing": lambda: b"",
}
"""Documents that try to take all time or memory; each is made when it is asked for."""
