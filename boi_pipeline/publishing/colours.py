"""The brand's palette as the site's CSS custom properties, and a colour for each type of opportunity.

The tokens are those of ``boi_pipeline.palette``; what they paint is in ``templates/site.css``.
"""

import re
from collections.abc import Iterable, Mapping

from boi_pipeline.colour import TEXT, Oklch, readable, to_hex, to_oklch
from boi_pipeline.palette import palette


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
