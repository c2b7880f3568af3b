"""Makes the PDF of a document that a Typst template draws, and text such that the fonts of paper can show it.

Words reach Typst as data, never as markup. Templates belong to the packages that print (``publishing/typst``, ``report``); what every paper
has in common is in ``paper.typ``.
"""

import base64
import json
import re
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

from boi_pipeline.settings import ROOT

MAX_WORD = 40  # letters before a word may be broken: a line has about ninety
UNSHOWN = "[…]"  # stands for letters that none of Typst's own fonts has
# What the fonts inside Typst 0.15 can show of Latin, Greek, Cyrillic, Hebrew, Arabic and signs; tests hold it.
_NOT_SHOWN = re.compile(
    "[^\u0020-\u007e\u00a0-\u00ac\u00ae-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u04ff"
    "\u05d0-\u05ea\u0621-\u063a\u0640-\u0652\u0660-\u066a\u1e00-\u1f15\u2010-\u2027\u2030-\u2040\u2044-\u2052"
    "\u20a0-\u20bf\u2190-\u21ff\u2200-\u22ff\u25a0-\u25ff]"
)
_UNSHOWN_RUN = re.compile(rf"(?:{re.escape(UNSHOWN)}\s*)+")
_LONG_WORD = re.compile(rf"\S{{{MAX_WORD}}}(?=\S)")


def printable(text: str) -> str:
    """One line that the PDF's fonts can show.

    Emoji and other pictures go; letters of a script without a font become ``[…]``. A word too long for a line gets
    places where it may break.
    """
    line = " ".join(unicodedata.normalize("NFC", text).split())
    joined = _UNSHOWN_RUN.sub(f"{UNSHOWN} ", _NOT_SHOWN.sub(_instead, line)).strip()
    return _LONG_WORD.sub(lambda word: word[0] + "\u200b", " ".join(joined.split()))


def _instead(sign: re.Match[str]) -> str:
    return UNSHOWN if unicodedata.category(sign[0])[0] in "LN" else ""


def printable_document(value: Any) -> Any:
    """Every text of a document printable, except addresses (``href``), which are followed and not read."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: part if name == "href" else printable_document(part) for name, part in value.items()}
    return [printable_document(part) for part in value] if isinstance(value, list) else value


class Printer:
    """Makes PDFs by one template, in a process of its own that ends with the block."""

    def __init__(self, template: Path) -> None:
        self._template = template
        self._press: subprocess.Popen[str] | None = None

    def __enter__(self) -> "Printer":
        return self

    def __exit__(self, *error: object) -> None:
        if self._press is not None:
            self._press.communicate()

    def print(self, document: dict[str, Any]) -> bytes:
        """The PDF of a document in the shape the template reads. Equal documents give equal bytes.

        Raises RuntimeError where Typst refuses it or ends.
        """
        if self._press is None:
            self._press = subprocess.Popen(
                [sys.executable, "-m", "boi_pipeline.printing.press", str(self._template)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
            )  # fmt: skip
        asked, told = self._press.stdin, self._press.stdout
        assert asked and told  # noqa: S101 — both are pipes
        try:
            asked.write(json.dumps(document) + "\n")
            asked.flush()
            line = told.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RuntimeError(f"the process that prints ended early (exit {self._press.wait()})")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{document.get('title')}: Typst refuses it: {answer['error']}")
        return base64.b64decode(answer["pdf"])
