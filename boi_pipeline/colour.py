"""Colours as numbers: contrast as WCAG computes it, lightness and hue as eyes see them.

Colours move in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020), so that lightness can
change while hue stays the brand's. Contrast is that of WCAG 2.1 §1.4.3. What is painted with them belongs to whoever
paints: ``palette`` for pages, ``warehouse.powerbi.theme`` for the Power BI report.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Rgb = tuple[int, int, int]

TEXT = 4.5  # WCAG 2.1 §1.4.3, normal text
GRAPHIC = 3.0  # WCAG 2.1 §1.4.11, parts of controls
ROBUST = 7.0  # WCAG 2.1 §1.4.6, running text


def _channels(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1 (WCAG 2.1)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours, 1 to 21 (WCAG 2.1)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@dataclass(frozen=True)
class Oklch:
    """Lightness 0–1, chroma 0–0.4, hue in degrees."""

    lightness: float
    chroma: float
    hue: float


def to_oklch(colour: str) -> Oklch:
    """``#rrggbb`` as OKLCH."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360)


def _rgb(colour: Oklch) -> tuple[float, float, float]:
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def to_hex(colour: Oklch) -> str:
    """The nearest ``#rrggbb``: chroma is lowered until the colour exists on a screen."""
    chroma = colour.chroma
    while True:
        channels = _rgb(Oklch(colour.lightness, chroma, colour.hue))
        if chroma <= 0 or all(-0.0005 <= channel <= 1.0005 for channel in channels):
            break
        chroma = max(0.0, chroma - 0.004)
    eight_bit = (round(255 * min(1.0, max(0.0, _gamma(max(0.0, channel))))) for channel in channels)
    return "#" + "".join(f"{channel:02x}" for channel in eight_bit)


def readable(start: Oklch, grounds: Iterable[str], ratio: float, *, darker: bool) -> str:
    """The colour nearest to ``start`` in lightness that has ``ratio`` against every ground.

    Lightness only goes down (``darker``) or up. Ends in black or white, which every ground of a palette allows.
    """
    against = tuple(grounds)
    step = -0.01 if darker else 0.01
    lightness = start.lightness
    while 0 < lightness < 1:
        found = to_hex(Oklch(lightness, start.chroma, start.hue))
        if all(contrast(found, ground) >= ratio for ground in against):
            return found
        lightness += step
    return "#000000" if darker else "#ffffff"
