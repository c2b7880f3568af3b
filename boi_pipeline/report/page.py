"""The report as a page that needs nothing besides, and as JSON. It has the dashboard's look, no script and no other file.

What it says comes from ``figures``; only links to the entity's own site lead away. Equal reports give equal text.
"""

from dataclasses import asdict
from typing import Any

from boi_pipeline.entity import Entity
from boi_pipeline.report.figures import Table, WeekReport
from boi_pipeline.spanish import long_date, week_span
from boi_pipeline.warehouse.dashboard.look import data_of, page


def rendered(report: WeekReport, entity: Entity) -> str:
    """The page of a report."""
    return page(
        "report.html",
        entity,
        "report.css",
        package="boi_pipeline.report",
        report=report,
        headings=report.sections,
        heading=heading(report),
        when=data_of(report.as_of, entity),
        unfinished=unfinished(report),
        about=about_report(entity),
        shares=bar_shares,
    )


def as_json(report: WeekReport) -> dict[str, Any]:
    """The report as plain values, with how each is written."""
    told = asdict(report)
    for name in ("monday", "sunday", "as_of"):
        told[name] = told[name].isoformat()
    return told


# ---------------------------------------------------------------- words that page and paper share


def heading(report: WeekReport) -> str:
    """What the report is called."""
    return f"Informe de la semana {week_span(report.week)}"


def unfinished(report: WeekReport) -> str | None:
    """What to keep in mind where the week was not over when the data were taken."""
    if report.is_over:
        return None
    if report.as_of.date() < report.monday:
        return "Esta semana aún no había empezado cuando se tomaron los datos."
    return (
        f"La semana no había terminado: las cifras llegan hasta el {long_date(report.as_of.date())} y se comparan con la "
        "semana anterior entera."
    )


def about_report(entity: Entity) -> list[str]:
    """What the foot of the report says."""
    return [
        "Documento interno del equipo. Las cifras salen de las mismas medidas que el informe de Power BI; solo se nombran "
        "convocatorias aprobadas. No contiene datos de personas ni de lo que obtuvieron.",
        f"Responde: {entity.file.name}. Escriba a {entity.file.contact_email}.",
    ]


def bar_shares(table: Table) -> list[int | None]:
    """How long the bar of each row is, in hundredths of the longest; None where there is nothing to draw."""
    if table.bar is None:
        return [None] * len(table.grid.rows)
    values = [row[table.bar].value for row in table.grid.rows]
    numbers = [value if isinstance(value, (int, float)) and value > 0 else None for value in values]
    longest = max((one for one in numbers if one), default=1)
    return [round(100 * one / longest) if one else None for one in numbers]
