"""From a Vega-Lite specification to a picture that may stand inside a page: shapes and words, nothing that acts.

Vega runs in a process of its own (``vega``), with no network. What it draws is read again and only known elements and
attributes are kept, so that a label cannot bring anything else into the page. Where the extra ``dashboard`` is not
installed there are no pictures, and the page shows the tables in their place.
"""

import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any
from xml.etree import ElementTree

from markupsafe import Markup, escape

from boi_pipeline.entity import ROOT

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
    """Draws charts, in a process of its own that ends with the block; ``is_here`` tells whether it can."""

    def __init__(self) -> None:
        self.is_here = _is_installed()
        self._vega: subprocess.Popen[str] | None = None
        if not self.is_here:
            _log.warning(
                "The dashboard has tables and no charts: vl-convert-python is not installed. "
                'Install it with `uv sync --extra dashboard`, or pip install "boletin-oferta-internacional[dashboard]".'
            )

    def __enter__(self) -> "Pen":
        return self

    def __exit__(self, *error: object) -> None:
        if self._vega is not None:
            self._vega.communicate()

    def draw(self, specification: dict[str, Any], label: str) -> Markup:
        """The picture as SVG for a page; ``label`` says it to who does not see it. Raises ValueError for a bad specification."""
        if not self.is_here:
            raise ValueError("nothing to draw with")
        if self._vega is None:
            self._vega = subprocess.Popen(
                [sys.executable, "-m", "boi_pipeline.warehouse.dashboard.vega"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT,
            )  # fmt: skip
        if self._vega.stdin is None or self._vega.stdout is None:
            raise ValueError("the process that draws has no pipes")
        try:
            self._vega.stdin.write(json.dumps(specification) + "\n")
            self._vega.stdin.flush()
        except BrokenPipeError:
            raise ValueError(f"the process that draws ended early (exit {self._vega.wait()})") from None
        line = self._vega.stdout.readline()
        if not line:
            raise ValueError(f"the process that draws ended early (exit {self._vega.wait()})")
        answer = json.loads(line)
        if "error" in answer:
            raise ValueError(answer["error"])
        return inert(answer["svg"], label)


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
