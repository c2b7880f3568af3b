"""The palette of a brand: tokens for light and dark, with computed contrasts.

Whatever shows a page paints with these: the site (``publishing.colours``) and the dashboard (``warehouse.dashboard``).
Colours as numbers are in ``colour``.
"""

from dataclasses import dataclass

from boi_pipeline.colour import GRAPHIC, ROBUST, TEXT, Oklch, readable, to_hex, to_oklch

_STATES = {"yes": 152.0, "no": 25.0, "maybe": 75.0, "soon": 45.0}  # hue angles: green, red, amber, orange


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


def series(primary: str, accent: str, count: int, *, dark: bool) -> list[str]:
    """Colours that tell series apart: the brand's own, then hues around the wheel, light and dark in turn.

    Each stands out from the surface that charts are drawn on; neighbours differ in lightness, for who sees no colours.
    """
    own, warm = to_oklch(primary), to_oklch(accent)
    ground = [palette(primary, accent, dark=dark)["surface"]]
    first = Oklch(0.72 if dark else min(own.lightness, 0.5), max(own.chroma, 0.06), own.hue)
    found = [readable(first, ground, GRAPHIC, darker=not dark)]
    for place in range(1, count):
        hue = warm.hue if place == 1 else (own.hue + place * 360 / count) % 360
        far, near = (0.86, 0.6) if dark else (0.4, 0.64)
        colour = Oklch(near if place % 2 else far, max(own.chroma, warm.chroma, 0.09), hue)
        found.append(readable(colour, ground, GRAPHIC, darker=not dark))
    return found
