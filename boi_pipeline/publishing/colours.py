"""From two brand colours to a whole palette, light and dark, whose contrasts are computed and not guessed.

Colours move in OKLCH (Björn Ottosson, "A perceptual color space for image processing", 2020), so that lightness can
change while hue stays the brand's. Contrast is that of WCAG 2.1 §1.4.3. Here: colour values and CSS custom
properties; what they paint is in ``templates/site.css``.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Rgb = tuple[int, int, int]

TEXT = 4.5  # WCAG 2.1 §1.4.3, normal text
GRAPHIC = 3.0  # WCAG 2.1 §1.4.11, parts of controls
ROBUST = 7.0  # WCAG 2.1 §1.4.6, running text

_STATES = {"yes": 152.0, "no": 25.0, "maybe": 75.0, "soon": 45.0}  # hue angles: green, red, amber, orange


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


@dataclass(frozen=True)
class Pair:
    """A promise: ``front`` on ``ground`` (names of tokens) has at least ``ratio``."""

    front: str
    ground: str
    ratio: float


_GROUNDS = ("paper", "surface", "sunken")
PAIRS: tuple[Pair, ...] = (
    *(Pair("ink", ground, ROBUST) for ground in _GROUNDS),
    *(Pair(front, ground, TEXT) for front in ("ink-soft", "link") for ground in _GROUNDS),
    *(Pair("edge", ground, GRAPHIC) for ground in _GROUNDS),
    *(Pair("focus", ground, GRAPHIC) for ground in (*_GROUNDS,)),
    Pair("on-brand", "brand", ROBUST),
    Pair("on-brand-soft", "brand", TEXT),
    Pair("accent-on-brand", "brand", TEXT),
    *(Pair(f"{state}-ink", f"{state}-tint", TEXT) for state in (*_STATES, "quiet", "note")),
    *(Pair(f"{state}-ink", "surface", TEXT) for state in (*_STATES, "quiet", "note")),
)
"""Every pair of tokens that carries text or shape; tests hold them for any brand."""


def palette(primary: str, accent: str, *, dark: bool) -> dict[str, str]:
    """Token name → ``#rrggbb`` for one colour scheme, derived from the brand's two colours."""
    brand, warm = to_oklch(primary), to_oklch(accent)
    tint = min(brand.chroma, 0.02)

    def grey(lightness: float, chroma: float = tint) -> str:
        return to_hex(Oklch(lightness, chroma, brand.hue))

    tokens = (
        {"paper": grey(0.17, tint), "surface": grey(0.215), "sunken": grey(0.255), "line": grey(0.34)}
        if dark
        else {"paper": grey(0.975, tint / 2.5), "surface": "#ffffff", "sunken": grey(0.945), "line": grey(0.88)}
    )
    grounds = [tokens[name] for name in _GROUNDS]
    tokens["ink"] = readable(Oklch(0.94 if dark else 0.24, tint, brand.hue), grounds, ROBUST, darker=not dark)
    tokens["ink-soft"] = readable(Oklch(0.72 if dark else 0.5, tint, brand.hue), grounds, TEXT, darker=not dark)
    tokens["edge"] = readable(Oklch(0.5 if dark else 0.72, tint, brand.hue), grounds, GRAPHIC, darker=not dark)
    link = Oklch(0.78 if dark else min(brand.lightness, 0.5), brand.chroma, brand.hue)
    tokens["link"] = readable(link, grounds, TEXT, darker=not dark)
    tokens["focus"] = readable(Oklch(0.8 if dark else 0.55, warm.chroma, warm.hue), grounds, GRAPHIC, darker=not dark)

    deep = Oklch(min(brand.lightness, 0.3 if dark else 0.42), brand.chroma, brand.hue)
    tokens["brand"] = readable(deep, ["#ffffff"], ROBUST, darker=True)
    tokens["brand-deep"] = to_hex(Oklch(max(0.0, to_oklch(tokens["brand"]).lightness - 0.09), brand.chroma, brand.hue))
    tokens["on-brand"] = "#ffffff"
    tokens["on-brand-soft"] = readable(Oklch(0.86, tint * 2, brand.hue), [tokens["brand"]], TEXT, darker=False)
    tokens["accent"] = accent.lower()
    tokens["accent-on-brand"] = readable(warm, [tokens["brand"]], TEXT, darker=False)

    hues = {**_STATES, "note": brand.hue, "quiet": brand.hue}
    for state, hue in hues.items():
        strength = {"quiet": tint, "note": min(brand.chroma, 0.05)}.get(state, 0.05)
        ground = to_hex(Oklch(0.3 if dark else 0.945, strength * (1.2 if dark else 0.8), hue))
        ink = Oklch(0.82 if dark else 0.44, strength * 2.4 if state != "quiet" else tint, hue)
        tokens[f"{state}-tint"] = ground
        tokens[f"{state}-ink"] = readable(ink, [ground, tokens["surface"]], TEXT, darker=not dark)
    return tokens


def type_colours(codes: Iterable[str], primary: str, *, dark: bool) -> dict[str, tuple[str, str]]:
    """Term code → (tint, ink): hues spread evenly from the brand's own, ink readable on its tint."""
    names = [code for code in codes if re.fullmatch(r"[a-z][a-z0-9_]*", code)]
    first = to_oklch(primary).hue
    found = {}
    for place, code in enumerate(names):
        hue = (first + place * 360 / len(names)) % 360
        ground = to_hex(Oklch(0.31 if dark else 0.94, 0.055 if dark else 0.04, hue))
        ink = Oklch(0.84 if dark else 0.42, 0.11, hue)
        found[code] = (ground, readable(ink, [ground], TEXT, darker=not dark))
    return found


def _declarations(tokens: Mapping[str, str], types: Mapping[str, tuple[str, str]]) -> str:
    lines = [f"--{name}:{value}" for name, value in tokens.items()]
    for code, (ground, ink) in types.items():
        lines += [f"--type-{code}-tint:{ground}", f"--type-{code}-ink:{ink}"]
    return ";".join(lines)


def token_css(primary: str, accent: str, types: Iterable[str]) -> str:
    """The custom properties of both colour schemes and the classes that give a type its colours, as CSS text."""
    codes = list(types)
    light, dark = (
        _declarations(palette(primary, accent, dark=scheme), type_colours(codes, primary, dark=scheme))
        for scheme in (False, True)
    )
    classes = "\n".join(
        f".type-{code}{{--type-tint:var(--type-{code}-tint);--type-ink:var(--type-{code}-ink)}}"
        for code in type_colours(codes, primary, dark=False)
    )
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"@media print{{:root{{color-scheme:light;{light}}}}}\n{classes}\n"
    )
