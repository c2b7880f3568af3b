"""Shorthand for the visuals of a page: a row of slicers, a row of cards, a chart, a table. Spanish: analysts read it."""

from collections.abc import Sequence

from boi_pipeline.warehouse.powerbi.visuals import Condition, Field, Json, Place, Visual, literal, place, properties
from boi_pipeline.warehouse.star import CALENDAR

HEADER_TOP, HEADER_HEIGHT = 16, 48
SLICER_TOP, SLICER_HEIGHT = 72, 76
CARD_TOP, CARD_HEIGHT = 160, 96
BODY_TOP, BODY_HEIGHT = 272, 432


def column(table: str, key: str) -> Field:
    """A column of a table, both by their names in the contracts."""
    return Field(key, table)


def measure(name: str, label: str = "") -> Field:
    """A measure by its name; ``label``: what it is called here."""
    return Field(name, label=label)


YEAR = column(CALENDAR, "calendar_year")
MONTH = column(CALENDAR, "month_label")


def heading(title: str, subtitle: str) -> Visual:
    """The page's title, and in a line what it answers."""
    runs = [
        {"value": title, "textStyle": {"fontWeight": "bold", "fontSize": "18pt"}},
        {"value": f"   {subtitle}", "textStyle": {"fontSize": "11pt"}},
    ]
    return Visual(
        "titulo",
        "textbox",
        place(0, 9, HEADER_TOP, HEADER_HEIGHT),
        f"{title}. {subtitle}",
        objects={"general": [{"properties": {"paragraphs": [{"textRuns": runs}]}}]},
    )


def load_state() -> Visual:
    """In the corner of every page: of when the figures are, and whether the load is whole."""
    return cards(
        "estado",
        ["Corte y estado"],
        place(9, 3, HEADER_TOP, HEADER_HEIGHT),
        "Día de corte de los datos y si su carga está completa: debe decir Íntegra.",
        size=11,
    )


def slicers(*fields: tuple[str, Field]) -> list[Visual]:
    """A row of up to six drop-down lists; the same list on another page keeps the same choice."""
    return [
        Visual(
            f"filtro-{title}",
            "slicer",
            place(position * 2, 2, SLICER_TOP, SLICER_HEIGHT),
            f"Filtro de la página: {title}.",
            roles={"Values": [one]},
            # a publication without a closing day gives the calendar a row without a date
            conditions=(Condition(one, (None,)),) if one.table == CALENDAR else (),
            objects={"data": properties(mode="Dropdown"), "header": properties(show=True, text=title)},
            shared=f"{one.table}-{one.key}",
        )
        for position, (title, one) in enumerate(fields)
    ]


def cards(key: str, measures: Sequence[str], where: Place, alt: str, *, size: int = 22) -> Visual:
    """Figures side by side, each over its name."""
    objects: Json = {
        "layout": properties(orientation=2.0, columnCount=len(measures), rowCount=1, style="Cards"),
        "value": [
            {
                "properties": {
                    "fontSize": literal(float(size)),
                    "labelDisplayUnits": literal(1.0),
                    "textWrap": literal(True),
                },
                "selector": _DEFAULT,
            }
        ],
        "label": [{"properties": {"fontSize": literal(10.0), "position": literal("belowValue")}, "selector": _DEFAULT}],
    }
    if len(measures) == 1:
        objects["label"] = [{"properties": {"show": literal(False)}, "selector": _DEFAULT}]
    money = tuple(measure(one) for one in measures if one.startswith("Monto"))
    roles = {"Data": [measure(one) for one in measures]}
    return Visual(key, "cardVisual", where, alt, roles=roles, objects=objects, shortened=money)


_DEFAULT = {"id": "default"}


def bars(
    title: str,
    category: Field,
    values: Sequence[str],
    where: Place,
    alt: str,
    *,
    in_order: bool = False,
    conditions: tuple[Condition, ...] = (),
) -> Visual:
    """Horizontal bars, the longest first, or in the category's own order."""
    return Visual(
        f"barras-{title}",
        "clusteredBarChart",
        where,
        alt,
        title,
        roles={"Category": [category], "Y": [measure(one) for one in values]},
        sort=(category, "Ascending") if in_order else (measure(values[0]), "Descending"),
        conditions=conditions,
        objects=_chart_objects(len(values), names=45),
    )


def months(title: str, values: Sequence[str], where: Place, alt: str, *, series: Field | None = None) -> Visual:
    """Columns by month, stacked by a series where there is one."""
    roles = {"Category": [MONTH], "Y": [measure(one) for one in values]}
    if series:
        roles["Series"] = [series]
    return Visual(
        f"meses-{title}",
        "columnChart" if series else "clusteredColumnChart",
        where,
        alt,
        title,
        roles=roles,
        sort=(MONTH, "Ascending"),
        objects=_chart_objects(2 if series else len(values)),
    )


def lines(title: str, values: Sequence[str], where: Place, alt: str) -> Visual:
    """Lines by month, with markers so that colour is not all that tells them apart."""
    objects = {**_chart_objects(len(values)), "lineStyles": properties(showMarker=True)}
    del objects["labels"]
    return Visual(
        f"lineas-{title}",
        "lineChart",
        where,
        alt,
        title,
        roles={"Category": [MONTH], "Y": [measure(one) for one in values]},
        sort=(MONTH, "Ascending"),
        objects=objects,
    )


def table(
    title: str,
    fields: Sequence[Field],
    where: Place,
    alt: str,
    *,
    sort: tuple[Field, bool] | None = None,
    conditions: tuple[Condition, ...] = (),
    total: bool = False,
    for_team: bool = False,
) -> Visual:
    """A table; ``sort`` is a field and whether the greatest comes first. Addresses show as an icon."""
    return Visual(
        f"tabla-{title}",
        "tableEx",
        where,
        alt,
        title,
        roles={"Values": list(fields)},
        sort=(sort[0], "Descending" if sort[1] else "Ascending") if sort else None,
        conditions=conditions,
        objects={"values": properties(urlIcon=True, wordWrap=True), "total": properties(totals=total)},
        for_team=for_team,
    )


def matrix(title: str, rows: Field, columns: Field, values: Sequence[str], where: Place, alt: str) -> Visual:
    """A matrix of rows by columns."""
    return Visual(
        f"matriz-{title}",
        "pivotTable",
        where,
        alt,
        title,
        roles={"Rows": [rows], "Columns": [columns], "Values": [measure(one) for one in values]},
    )


def note(key: str, text: str, where: Place) -> Visual:
    """A sentence beside the figures."""
    runs = [{"value": text, "textStyle": {"fontSize": "10pt"}}]
    objects = {"general": [{"properties": {"paragraphs": [{"textRuns": runs}]}}]}
    return Visual(key, "textbox", where, text, objects=objects)


def back_button(where: Place) -> Visual:
    """Leads back to the page one came from."""
    objects: Json = {
        "icon": [{"properties": {"shapeType": literal("back")}, "selector": _DEFAULT}],
        "outline": properties(show=False),
    }
    return Visual("volver", "actionButton", where, "Volver a la página anterior.", objects=objects, link="Back")


def _chart_objects(series: int, *, names: int = 25) -> Json:
    """Figures at the bars; a legend only where there is something to tell apart; ``names``: room for them, in percent."""
    return {
        "labels": properties(show=True),
        "legend": properties(show=series > 1, position="Top"),
        "categoryAxis": properties(showAxisTitle=False, maxMarginFactor=names),
        "valueAxis": properties(showAxisTitle=False, gridlineShow=False),
    }
