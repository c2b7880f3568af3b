"""What colours the dashboard has, light and dark, from the entity's brand. What they paint is in ``templates``."""

from boi_pipeline.colour import GRAPHIC, Oklch, readable, to_hex, to_oklch
from boi_pipeline.entity import Brand
from boi_pipeline.palette import palette
from boi_pipeline.warehouse.dashboard.charts import SERIES


def tokens(brand: Brand, *, dark: bool) -> dict[str, str]:
    """The palette, and ``series-0``…: the brand's own, then hues around the wheel, light and dark in turn.

    Each stands out from the surface that charts are drawn on; neighbours differ in lightness, for who sees no colours.
    """
    found = palette(brand.primary, brand.accent, dark=dark)
    own, warm = to_oklch(brand.primary), to_oklch(brand.accent)
    ground = [found["surface"]]
    first = Oklch(0.72 if dark else min(own.lightness, 0.5), max(own.chroma, 0.06), own.hue)
    found["series-0"] = readable(first, ground, GRAPHIC, darker=not dark)
    for place in range(1, SERIES):
        hue = warm.hue if place == 1 else (own.hue + place * 360 / SERIES) % 360
        far, near = (0.86, 0.6) if dark else (0.4, 0.64)
        colour = Oklch(near if place % 2 else far, max(own.chroma, warm.chroma, 0.09), hue)
        found[f"series-{place}"] = readable(colour, ground, GRAPHIC, darker=not dark)
    return found


def token_css(brand: Brand) -> str:
    """The custom properties of both schemes; on paper it is light."""
    light, dark = (
        ";".join(f"--{name}:{value}" for name, value in tokens(brand, dark=scheme).items()) for scheme in (False, True)
    )
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"@media print{{:root{{color-scheme:light;{light}}}}}\n"
    )


def icon(brand: Brand) -> str:
    """The page's sign, as the address of a picture."""
    ground, sign = to_hex(to_oklch(brand.primary)), to_hex(to_oklch(brand.accent))
    bars = "".join(
        f"<rect x='{x}' y='{22 - h}' width='4' height='{h}' fill='{sign}'/>" for x, h in ((6, 6), (12, 12), (18, 9))
    )
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 28 28'><rect width='28' height='28' rx='6' fill='{ground}'/>{bars}</svg>"
    return "data:image/svg+xml," + svg.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")
