"""What colours the dashboard has, light and dark, from the entity's brand. What they paint is in ``templates``."""

from boi_pipeline.colour import to_hex, to_oklch
from boi_pipeline.entity import Brand
from boi_pipeline.palette import palette, series
from boi_pipeline.warehouse.dashboard.charts import SERIES


def tokens(brand: Brand, *, dark: bool) -> dict[str, str]:
    """The palette, and ``series-0``… for what charts tell apart."""
    shades = series(brand.primary, brand.accent, SERIES, dark=dark)
    named = {f"series-{place}": colour for place, colour in enumerate(shades)}
    return palette(brand.primary, brand.accent, dark=dark) | named


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
