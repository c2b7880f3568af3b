"""Pictures of flat colours and text as small PNGs, drawn alike on every machine: what ``cards`` draws with.

A picture holds indices into a palette. Edges are smooth by ramps: sixteen shades from a ground to what stands on it.
Letters are those of Atkinson Hyperlegible Next (SIL Open Font License, ``fonts/OFL.txt``), laid out by FreeType alone:
no font and no shaping library of the machine is used. What a card says belongs to ``cards``.
"""

import io
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent / "fonts"
Weight = Literal["Regular", "Bold"]
Box = tuple[int, int, int, int]  # left, top, right, bottom
LEADING = 1.14  # from line to line, in sizes of the letters
_SHADES = 16
_RUN_LENGTHS = 3  # zlib's Z_RLE: fast, and without the searching in which builds of zlib differ
_SMOOTH = 4  # shapes are drawn this many times larger and reduced


@cache
def font(weight: Weight, size: int) -> ImageFont.FreeTypeFont:
    """A face of the font the package carries; ``size`` in pixels."""
    path = FONTS / f"AtkinsonHyperlegibleNext-{weight}.ttf"
    return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has_glyph(character: str) -> bool:
    face = font("Regular", 32)
    return character.isspace() or _drawn(face, character) != _drawn(face, "\uffff")


def _drawn(face: ImageFont.FreeTypeFont, character: str) -> bytes:
    layer = Image.new("L", (64, 64), 0)
    ImageDraw.Draw(layer).text((8, 8), character, font=face, fill=255)
    return layer.tobytes()


def shown(text: str) -> str | None:
    """The text without pictures (emoji, signs) the font lacks; None where it lacks letters: it would say something else."""
    lacking = {one for one in set(text) if not _has_glyph(one)}
    if any(one.isalnum() for one in lacking):
        return None
    return " ".join("".join(one for one in text if one not in lacking).split())


@lru_cache(maxsize=20_000)
def _width(word: str, weight: Weight, size: int) -> float:
    return font(weight, size).getlength(word)


def wrapped(text: str, weight: Weight, size: int, width: int) -> list[str] | None:
    """The text in lines no wider than ``width`` pixels; None where a word is wider."""
    lines: list[list[str]] = []
    space, used = _width(" ", weight, size), 0.0
    for word in text.split():
        own = _width(word, weight, size)
        if own > width:
            return None
        if lines and used + space + own <= width:
            lines[-1].append(word)
            used += space + own
        else:
            lines.append([word])
            used = own
    return [" ".join(line) for line in lines]


def _even(lines: list[str], weight: Weight, size: int, width: int) -> list[str]:
    """The same number of lines, of more equal length: no word stands alone in the last."""
    for tenths in range(9, 5, -1):
        narrower = wrapped(" ".join(lines), weight, size, width * tenths // 10) if len(lines) > 1 else None
        if narrower is None or len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def fitting(
    forms: Sequence[str], weight: Weight, sizes: Sequence[int], width: int, height: int
) -> tuple[list[str], int] | None:
    """Of the forms, best first, the first that fits in a box at one of the sizes, largest first: its lines and size."""
    for text in forms:
        # a text this long cannot fit and need not be measured
        if not (said := shown(text)) or len(said) > 400 or not re.search(r"\w", said):
            continue
        for size in sizes:
            lines = wrapped(said, weight, size, width)
            if lines and len(lines) * round(size * LEADING) <= height:
                return _even(lines, weight, size, width), size
    return None


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=1000)
def _text(text: str, weight: Weight, size: int) -> Image.Image:
    """One line as a mask. Much of what cards say is said by many."""
    face = font(weight, size)
    ascent, descent = face.getmetrics()
    layer = Image.new("L", (int(face.getlength(text)) + size // 8 + 2, ascent + descent), 0)
    ImageDraw.Draw(layer).text((0, 0), text, font=face, fill=255)
    return layer


@cache
def _shading(start: int) -> bytes:
    """Level of a mask → index in the palette, for a ramp that starts there."""
    return bytes(start + level * _SHADES // 256 for level in range(256))


_TOUCHED = bytes([0, *[255] * 255])


@lru_cache(maxsize=1000)
def _rounded(width: int, height: int, radius: int) -> Image.Image:
    large = Image.new("L", (width * _SMOOTH, height * _SMOOTH), 0)
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * _SMOOTH, fill=255)
    return large.reduce(_SMOOTH)


@cache
def globe(size: int) -> Image.Image:
    """The sign of the bulletin as a mask: a globe of lines."""
    side = size * _SMOOTH
    large = Image.new("L", (side, side), 0)
    draw, line, middle = ImageDraw.Draw(large), side // 16, side / 2
    edge = line
    draw.ellipse((edge, edge, side - edge, side - edge), outline=255, width=line)
    draw.ellipse((middle - side * 0.2, edge, middle + side * 0.2, side - edge), outline=255, width=line)
    for height in (0.36, 0.64):
        reach = (0.25 - (height - 0.5) ** 2) ** 0.5 * (side - 2 * edge)
        draw.line((middle - reach, side * height, middle + reach, side * height), fill=255, width=line)
    return large.reduce(_SMOOTH)


class Canvas:
    """A picture in the making. Colours are ``#rrggbb``; whatever is drawn names the colour it stands on."""

    def __init__(self, width: int, height: int, ground: str) -> None:
        self._colours: list[tuple[int, int, int]] = [_rgb(ground)]
        self._ramps: dict[tuple[str, str], int] = {}
        self._picture = Image.new("L", (width, height), 0)

    def _ramp(self, colour: str, ground: str) -> int:
        key = (colour, ground)
        if key not in self._ramps:
            self._ramps[key] = len(self._colours)
            high, low = _rgb(colour), _rgb(ground)
            for shade in range(_SHADES):
                self._colours.append(
                    tuple((a * shade + b * (_SHADES - 1 - shade) + 7) // 15 for a, b in zip(high, low, strict=True))  # type: ignore[arg-type]
                )
        return self._ramps[key]

    def _stencil(self, mask: Image.Image, left: int, top: int, colour: str, ground: str) -> None:
        start = self._ramp(colour, ground)
        levels = mask.tobytes()
        indices = Image.frombytes("L", mask.size, levels.translate(_shading(start)))
        # where nothing is drawn, what is there stays: a line's tails reach into the next one's box
        self._picture.paste(indices, (left, top), Image.frombytes("L", mask.size, levels.translate(_TOUCHED)))

    def fill(self, box: Box, colour: str) -> None:
        """A rectangle."""
        self._picture.paste(self._ramp(colour, colour), box)

    def pill(self, box: Box, radius: int, colour: str, ground: str) -> None:
        """A rectangle with round corners."""
        left, top, right, bottom = box
        self._stencil(_rounded(right - left, bottom - top, radius), left, top, colour, ground)

    def sign(self, left: int, top: int, size: int, colour: str, ground: str) -> None:
        """The bulletin's globe."""
        self._stencil(globe(size), left, top, colour, ground)

    def text(self, left: int, top: int, text: str, weight: Weight, size: int, colour: str, ground: str) -> int:
        """One line, its ascenders' top at ``top``; gives where it ends."""
        mask = _text(text, weight, size)
        self._stencil(mask, left, top, colour, ground)
        return left + mask.width

    def png(self) -> bytes:
        """The picture as a PNG with a palette. Equal pictures give equal bytes."""
        picture = Image.frombytes("P", self._picture.size, self._picture.tobytes())
        picture.putpalette([part for colour in self._colours for part in colour])
        out = io.BytesIO()
        picture.save(out, "PNG", compress_type=_RUN_LENGTHS)
        return out.getvalue()
