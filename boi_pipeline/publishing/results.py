"""The page «Resultados»: what the bulletin achieved, from what was published to what was obtained, and what nobody knows.

Its figures are those of ``handed.Results``, already without anything said of few people. Words are in the template.
"""

from dataclasses import dataclass

from babel.numbers import format_decimal

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.handed import Achieved, Figure
from boi_pipeline.publishing.text import clip, one_line
from boi_pipeline.publishing.writer import Writer
from boi_pipeline.spanish import SPANISH

RESULTS = "resultados/"
MAX_ROWS = 60  # the newest; the dashboard has them all
MAX_TITLE = 140
UNKNOWN, RESERVED = "No se sabe", "Reservado"


@dataclass(frozen=True)
class Step:
    """A step of the funnel: what happened, how often (of what), and what that counts."""

    title: str
    words: str
    unit: str
    about: str


@dataclass(frozen=True)
class Line:
    """What was told of one call, as the table shows it. Without a ``path`` it is of several, or of one that no longer stands."""

    title: str
    path: str | None
    reporter: str
    cells: list[str]


_TITLES = {
    "Convocatorias publicadas": "Se publicaron",
    "Impresiones": "Se vieron",
    "Clics": "Se abrieron",
    "Remitidas": "Se remitieron",
    "Respondidas": "Contaron qué pasó",
    "Postuladas": "Se postularon",
    "Adjudicadas": "La obtuvieron",
    "Personas beneficiadas": "Se benefician",
    "Monto adjudicado": "Monto obtenido",
}
_UNITS = {
    "Convocatorias publicadas": "convocatorias",
    "Impresiones": "veces",
    "Clics": "veces",
    "Personas beneficiadas": "personas",
}


def results_page(writer: Writer) -> None:
    """``resultados/``: the funnel, the shares, what is known, and each call of which something is known."""
    bulletin = writer.bulletin
    found = bulletin.results
    name, words = "Resultados", "Qué pasó con lo que publicamos: cuánto se vio, quién se postuló y quién lo obtuvo."
    there = found.as_of.astimezone(bulletin.zone) if found else None
    rows = found.rows if found else []
    writer.page(
        "results.html",
        RESULTS,
        data=structured.page_data(bulletin, RESULTS, name, words),
        changed=found.as_of.date().isoformat() if found else None,
        about=words,
        when=f"{spanish.long_date(there.date())}, {there:%H:%M}" if there else None,
        steps=[_step(one, found.currency) for one in found.funnel] if found else [],
        shares=[one for one in found.shares if one.words is not None] if found else [],
        known=found.known if found else [],
        rows=[_line(writer, one) for one in rows[:MAX_ROWS]],
        more=max(0, len(rows) - MAX_ROWS),
        rates=[one_line(one) for one in found.rate_sources] if found else [],
        currency=found.currency if found else "",
    )


def _step(one: Figure, currency: str) -> Step:
    unit = currency if one.name == "Monto adjudicado" else _UNITS.get(one.name, "")
    return Step(_TITLES[one.name], one.words or UNKNOWN, unit if one.words else "", one.about)


def _line(writer: Writer, one: Achieved) -> Line:
    bulletin = writer.bulletin
    note = writer.notes.get(bulletin.destinations.get(one.code, one.code)) if one.code else None
    title = (
        clip(note.title, MAX_TITLE)
        if note
        else "Otra convocatoria"
        if one.code
        else "Sin dato: varias, con pocas personas cada una"
    )
    cells = [
        RESERVED if name in one.reserved else UNKNOWN if value is None else format_decimal(value, locale=SPANISH)
        for name, value in one.counts.items()
    ]
    return Line(title, note.path if note else None, one.reporter, cells)
