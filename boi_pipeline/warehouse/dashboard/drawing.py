"""From a Vega-Lite specification to a picture that may stand inside a page: shapes and words, nothing that acts.

Vega runs in a process of its own (``vega``), with no network. What it draws is read again and only known elements and
attributes are kept, so that a label cannot bring anything else into the page. Where the extra ``dashboard`` is not
installed there are no pictures, and the page shows the tables in their place. What was drawn is kept in a file: Vega takes a
second to start and draw a page, and most charts are tomorrow what they are today.
"""

import hashlib
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup, escape

from boi_pipeline.settings import ROOT
from scrapers.files import write_text

_log = logging.getLogger(__name__)
_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {"svg", "g", "path", "line", "rect", "text", "tspan"}
_ATTRIBUTES = (
    "transform", "d", "x", "y", "x2", "y2", "dx", "dy", "width", "height", "fill", "stroke", "stroke-width", "stroke-dasharray",
    "stroke-linecap", "text-anchor", "font-size", "font-weight", "viewBox",
)  # fmt: skip
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_VALUE = re.compile(r"[\w\s.,()#%+-]*")


class Pen:
    """Draws charts, in a process of its own that ends with the block; ``is_here`` tells whether it can.

    ``kept`` is a file of what was drawn before, which holds what was asked for in the block when it ends without an error.
    """

    def __init__(self, kept: Path | None = None) -> None:
        self.is_here = _is_installed()
        self._kept = kept
        self._asked: dict[str, str] = {}  # which picture → its SVG, as Vega drew it
        self._vega: subprocess.Popen[str] | None = None
        if not self.is_here:
            _log.warning(
                "The dashboard has tables and no charts: vl-convert-python is not installed. "
                'Install it with `uv sync --extra dashboard`, or pip install "boletin-oferta-internacional[dashboard]".'
            )

    def __enter__(self) -> "Pen":
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if self._vega is not None:
            self._vega.communicate()
        if self._kept is not None and kind is None and self._asked and self._asked != self._before:
            write_text(self._kept, json.dumps(self._asked, ensure_ascii=False, sort_keys=True), "pictures")

    def draw(self, specification: dict[str, Any], label: str) -> Markup:
        """The picture as SVG for a page; ``label`` says it to who does not see it. Raises ValueError for a bad specification."""
        if not self.is_here:
            raise ValueError("nothing to draw with")
        asked = json.dumps(specification)
        key = hashlib.sha256(f"{_drawn_by()}|{asked}".encode()).hexdigest()
        self._asked[key] = self._before.get(key) or self._drawn(asked)
        return inert(self._asked[key], label)

    @cached_property
    def _before(self) -> dict[str, str]:
        try:
            found = json.loads(self._kept.read_text(encoding="utf-8")) if self._kept else {}
        except (OSError, ValueError):  # derived: what cannot be read is drawn again
            return {}
        return found if isinstance(found, dict) else {}

    def _drawn(self, specification: str) -> str:
        if self._vega is None:
            self._vega = subprocess.Popen(
                [sys.executable, "-m", "boi_pipeline.warehouse.dashboard.vega"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
            )  # fmt: skip
        if self._vega.stdin is None or self._vega.stdout is None:
            raise ValueError("the process that draws has no pipes")
        try:
            self._vega.stdin.write(specification + "\n")
            self._vega.stdin.flush()
        except BrokenPipeError:
            raise ValueError(f"the process that draws ended early (exit {self._vega.wait()})") from None
        line = self._vega.stdout.readline()
        if not line:
            raise ValueError(f"the process that draws ended early (exit {self._vega.wait()})")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return answer["svg"]


@cache
def _drawn_by() -> str:
    """Changes with Vega and with how it is asked."""
    return f"{version('vl-convert-python')}|{Path(__file__).with_name('vega.py').read_text(encoding='utf-8')}"


def _is_installed() -> bool:
    try:
        return find_spec("vl_convert") is not None
    except ValueError:  # a module that was blocked
        return False


def inert(svg: str, label: str) -> Markup:
    """Rewrite an SVG picture with only the elements and attributes that draw."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by us, with no document type in it
    body = "".join(part for child in root for part in _written(child))
    box = f"0 0 {_number(root.get('width'))} {_number(root.get('height'))}"
    text = f'<svg class="plot" fill="none" role="img" aria-label="{escape(label)}" viewBox="{box}">{body}</svg>'
    return Markup(text)  # noqa: S704 - every word of it was escaped here


def _written(element: ElementTree.Element) -> Iterator[str]:
    name = element.tag.removeprefix(_SVG)
    if name not in _ELEMENTS or element.get("display") == "none" or element.get("opacity") == "0":
        return
    inside = [part for child in element for part in _written(child)]
    attributes = "".join(
        f' {key}="{escape(_shorter(value))}"'
        for key in _ATTRIBUTES
        if (value := element.get(key)) and _VALUE.fullmatch(value)
    )
    if name == "g":
        is_moved = element.get("transform") not in (None, "translate(0,0)")
        if inside:
            yield from ([f"<g{attributes}>", *inside, "</g>"] if is_moved else inside)
    elif name in ("text", "tspan"):
        yield f"<{name}{attributes}>{escape(element.text or '')}{''.join(inside)}</{name}>"
    elif element.get("fill") or element.get("stroke"):
        yield f"<{name}{attributes}/>"


def _shorter(value: str) -> str:
    return _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)


def _number(value: str | None) -> str:
    return _shorter(str(float(value or 0))).removesuffix(".0")
