"""The calls of a bulletin that was printed as a PDF, as far as a machine can tell them: each waits for a person to confirm it.

A call begins where letters are larger than the body's, or, in a page of one size, on a line that is a link; the first link
below it is its link, and the one day that its words of closing stand before is its close. Read in a process of its own with
the bounds of ``scrapers.pdf``; run as ``python -m boi_pipeline.achieved.archive.pdf`` it is that process.
"""

import json
import re
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from boi_pipeline.achieved.archive.dates import find_day
from boi_pipeline.achieved.archive.mapping import Mapping
from boi_pipeline.achieved.archive.rows import MAX_TITLE, Read, Said, clean, judged, link_of
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.settings import ROOT
from scrapers.pdf import MEMORY, SECONDS, faults, open_bounded

MAX_BYTES, MAX_PAGES, MAX_LINES = 50_000_000, 500, 20_000
_LARGER = 1.12  # than the body's letters: a heading
_MIN_TITLE = 8  # characters; less is a number of a page or a logo
_CLOSING = re.compile(r"\b(?:cierr[ae]|fecha l[ií]mite|hasta el|plazo|deadline|closes?|vence)\b", re.IGNORECASE)


class Line(NamedTuple):
    """A line of a page; ``url`` is where its letters link to."""

    text: str
    size: float
    url: str | None


def is_pdf(path: Path) -> bool:
    """Whether a file says that it is a PDF."""
    with open(path, "rb") as file:
        return b"%PDF-" in file.read(1024)


def read_bulletin(path: Path, mapping: Mapping, today: date) -> Read:
    """The calls of a PDF bulletin. Raises SheetRefused where it cannot be read or its mapping gives no edition's day."""
    if mapping.columns or mapping.facts or not mapping.channel:
        raise SheetRefused("Un PDF no tiene columnas: en su mapa van source, channel, edition_date y date_formats.")
    lines = _lines(path)
    if not any(line.text for line in lines):
        raise SheetRefused("El PDF no tiene texto: es una imagen. Escriba sus convocatorias en una hoja de cálculo.")
    return Read([_said(n, block, mapping, today) for n, block in enumerate(_blocks(lines), 1)], [])


def _lines(path: Path) -> list[Line]:
    """The lines of the file, read in a process that its bounds end."""
    if path.stat().st_size > MAX_BYTES:
        raise SheetRefused(f"El PDF pesa más de {MAX_BYTES // 1_000_000} MB. Divídalo por ediciones.")
    try:
        with open(path, "rb") as body:
            done = subprocess.run(
                [sys.executable, "-m", "boi_pipeline.achieved.archive.pdf"],
                stdin=body, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, timeout=2 * SECONDS, check=False,
            )  # fmt: skip
        return [Line(*told) for told in json.loads(done.stdout)]
    except (subprocess.TimeoutExpired, ValueError, TypeError):
        raise SheetRefused("El PDF está dañado, cifrado o es demasiado grande. Ábralo y guárdelo de nuevo.") from None


def _blocks(lines: Sequence[Line]) -> list[list[Line]]:
    """The lines of each call, its title first; what stands above the first belongs to none."""
    letters: Counter[float] = Counter()
    for line in lines:
        letters[round(line.size, 1)] += len(line.text)
    body = letters.most_common(1)[0][0]

    def is_title(line: Line) -> bool:
        return len(line.text) >= _MIN_TITLE and line.size > body * _LARGER

    starts = [
        place for place, line in enumerate(lines) if is_title(line) and not (place and is_title(lines[place - 1]))
    ]
    if not starts:
        starts = [place for place, line in enumerate(lines) if line.url and len(line.text) >= _MIN_TITLE]
    ends = [*starts[1:], len(lines)]
    return [list(lines[start:end]) for start, end in zip(starts, ends, strict=True)]


def _said(number: int, block: list[Line], mapping: Mapping, today: date) -> Said:
    """A block as a row: its title may run over several lines of the same letters."""
    head = [block[0]]
    for line in block[1:]:
        if abs(line.size - block[0].size) > 0.1 or block[0].url:
            break
        head.append(line)
    notes: list[str] = []
    title = clean(" ".join(line.text for line in head), MAX_TITLE)
    url = next((line.url for line in block if line.url), None)
    text = "\n".join(line.text for line in block[len(head) :])
    cue = _CLOSING.search(text)
    close = find_day(text[cue.start() : cue.start() + 80], mapping.date_formats) if cue else None
    if not url and not cue:
        return Said(number, title, None, "no tiene enlace ni cierre: no parece una convocatoria")
    if cue and close is None:
        notes.append(f"«{clean(text[cue.start() :], 40)}» no dice una fecha de los formatos del mapa")
    return judged(
        mapping, today, number=number, title=title, key=None, notes=notes,
        url=link_of(clean(url), notes), close_date=close,
    )  # fmt: skip


# ---------------------------------------------------------------- the process that reads


def _page_lines(page: Any) -> list[Line]:
    """The lines of a page from its top, each with the link that lies over it."""
    parts: list[tuple[float, float, float, str]] = []

    def visit(text: str, own: Sequence[float], at: Sequence[float], _: Any, size: float) -> None:
        if text.strip():
            x = at[4] * own[0] + at[5] * own[2] + own[4]
            y = at[4] * own[1] + at[5] * own[3] + own[5]
            parts.append((round(y, 0), x, abs(size * at[3] * own[3]) or size, text))

    page.extract_text(visitor_text=visit)
    links = list(_links(page))
    found: list[Line] = []
    for y in sorted({part[0] for part in parts}, reverse=True):
        row = sorted(part[1:] for part in parts if part[0] == y)
        size = max(one[1] for one in row)
        url = next((url for low, high, url in links if low - 1 <= y + size / 3 <= high + 1), None)
        found.append(Line(" ".join("".join(one[2] for one in row).split()), size, url))
    return found


def _links(page: Any) -> Iterable[tuple[float, float, str]]:
    """The lowest and the highest point of each link's rectangle, and where it leads."""
    for one in page.annotations or []:
        note = one.get_object()
        if note.get("/Subtype") == "/Link" and "/A" in note and "/URI" in note["/A"]:
            heights = sorted(float(note["/Rect"][place]) for place in (1, 3))
            yield heights[0], heights[1], str(note["/A"]["/URI"])


def main() -> int:
    """Read a PDF on standard input; its lines as JSON on standard output, nothing where it cannot be read."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    reader = open_bounded(sys.stdin.buffer.read(MAX_BYTES + 1))
    lines: list[Line] = []
    for number in range(min(len(reader.pages), MAX_PAGES)):
        try:
            lines += _page_lines(reader.pages[number])
        except faults():  # the other pages still say what they say
            continue
    sys.stdout.write(json.dumps(lines[:MAX_LINES]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
