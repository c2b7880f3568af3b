"""How a page of figures looks that stands alone, the dashboard and what is like it: colours from the entity's brand, no script.

What it says comes from whoever asks for the page; its markup is in ``templates``.
"""

import base64
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from boi_pipeline.colour import to_hex, to_oklch
from boi_pipeline.entity import Brand, Entity, EntityFile
from boi_pipeline.palette import palette, series
from boi_pipeline.spanish import long_date
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


def page(template: str, entity: Entity, *styles: str, package: str | None = None, **given: Any) -> str:
    """A template that extends ``page.html``, with nothing outside itself: ``styles`` are named after ``dashboard.css``.

    ``package`` has templates of its own beside these. Equal values give equal text.
    """
    found = page_environment(package)
    brand = entity.file.brand
    style = token_css(brand) + "".join(found.get_template(name).render() for name in ("dashboard.css", *styles))
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    return found.get_template(template).render(
        entity=entity.file,
        style=Markup(style),  # noqa: S704 - our own files and colours
        csp=f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'",
        icon=icon(brand),
        note_of=lambda code: note_address(entity.file, code),
        **given,
    )


def data_of(instant: datetime, entity: Entity) -> str:
    """Of when the data of a page are; ``instant`` is by the entity's clock."""
    return f"Datos al {long_date(instant.date())}, {instant:%H:%M}, hora de {entity.file.city}."


def note_address(entity: EntityFile, code: str) -> str:
    """Where the note of a call is on the entity's site."""
    return f"{entity.site_url.rstrip('/')}/oportunidades/{code.lower()}/"


@cache
def page_environment(package: str | None) -> Environment:
    """The templates of such pages; ``package`` has some of its own."""
    own = [PackageLoader(package)] if package else []
    return Environment(
        loader=ChoiceLoader([*own, PackageLoader("boi_pipeline.warehouse.dashboard")]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
