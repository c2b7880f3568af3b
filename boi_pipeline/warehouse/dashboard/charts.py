"""Each chart as a Vega-Lite specification with its data inside: drawn here, and opened in any editor of Vega.

Made to be read on a telephone: narrow, a bar's name over the bar, figures at the marks, text large enough when the chart
fills a screen of 360 pixels. Colours come by name (``Paint``), so that one chart is drawn for light and dark.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from boi_pipeline.warehouse.dashboard.grids import Cell, Grid
from boi_pipeline.warehouse.dashboard.sections import Chart
from boi_pipeline.warehouse.dashboard.wording import axis_format, month

Json = dict[str, Any]
Paint = Callable[[str], str]
"""Name of a colour (``ink``, ``series-1``…) → what to write for it."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH = 340
MOST_BARS = 20
SERIES = 8
FONT = (
    "Liberation Sans, Arial, Helvetica, sans-serif"  # the first is in the wheel that draws: the same widths everywhere
)
_SIZE = 12.5
_LETTER = 7  # about how wide a figure of this size is
_ROW, _STEP, _HEAD = 44, 22, 30  # heights: a bar under its name, one beside it, the name over several
_NAMES, _FIGURES = 100, 78  # widths beside a bar: its name, its figure
_COLUMN_HEIGHT = 180
_TICKS = 3
_NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", ""], "percent": "\u00a0%"}


def vega_lite(chart: Chart, grid: Grid, formats: Sequence[str], paint: Paint) -> Json:
    """The specification of a chart with at least one row; ``formats``: of its measures."""
    if chart.kind == "bars":
        body = _bars(chart, grid, paint)
    elif chart.kind == "months":
        body = _columns(chart, grid, formats[0], paint)
    else:
        body = _lines(chart, grid, formats[0], paint)
    return {
        "$schema": SCHEMA,
        "title": None,
        "description": f"{chart.title}. {chart.text}",
        "background": None,
        "padding": 2,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "width": WIDTH,
        "config": {
            "font": FONT,
            "locale": {"number": _NUMBERS},
            "view": {"stroke": None},
            "text": {"fontSize": _SIZE, "color": paint("ink")},
            "axis": {
                "labelFontSize": _SIZE - 1,
                "labelColor": paint("ink-soft"),
                "domainColor": paint("line"),
                "gridColor": paint("line"),
                "ticks": False,
                "labelPadding": 6,
                "title": None,
            },
            "legend": {
                "orient": "top",
                "direction": "horizontal",
                "title": None,
                "labelFontSize": _SIZE - 0.5,
                "labelColor": paint("ink"),
                "labelLimit": WIDTH - 40,
                "symbolStrokeWidth": 2,
                "symbolSize": 90,
                "rowPadding": 4,
                "columnPadding": 14,
            },
        },
        **body,
    }


def _bars(chart: Chart, grid: Grid, paint: Paint) -> Json:
    """One bar under its name and figure; several measures stand beside theirs, under the name of the category."""
    several = len(chart.measures) > 1
    rows: list[Json] = []
    for category, *cells in grid.rows[:MOST_BARS]:
        if several:
            rows.append({"nombre": category.text, "es": "título"})
        for place, (measure, cell) in enumerate(zip(chart.measures, cells, strict=True)):
            name = measure if several else category.text
            rows.append({"nombre": name, "valor": cell.value, "cifra": cell.text, "es": "barra", "color": place})
    height = 0
    for row in rows:
        row["y"] = height
        height += _HEAD if row["es"] == "título" else _STEP if several else _ROW
    values = [row["valor"] for row in rows if row.get("valor") is not None]
    low, high = min([0, *values]), max([0, *values]) or 1
    colours = [paint(f"series-{place}") for place in range(len(chart.measures))]
    room = _NAMES - 10 if several else WIDTH - 20 - max(len(row.get("cifra", "")) for row in rows) * _LETTER
    spread = [_NAMES, WIDTH - _FIGURES] if several else [0, WIDTH]
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [low, high], "range": spread, "nice": False}}
    bar: Json = {"type": "bar", "orient": "horizontal", "size": 10, "yOffset": 10 if several else 27}
    texts: Json = {"type": "text", "baseline": "middle", "yOffset": 10 if several else 12}
    name = {"x": {"value": 0}, "text": {"field": "nombre"}}
    has_value = {"filter": "isValid(datum.valor)"}
    is_bar, is_title = ({"filter": f"datum.es === '{kind}'"} for kind in ("barra", "título"))
    return {
        "height": height,
        "data": {"values": rows},
        "encoding": {
            "y": {
                "field": "y",
                "type": "quantitative",
                "axis": None,
                "scale": {"domain": [0, height], "reverse": True, "nice": False},
            }
        },
        "layer": [
            {
                "transform": [has_value],
                "mark": {**bar, "color": paint("sunken")},
                "encoding": {"x": {**x, "datum": low}, "x2": {"datum": high}},
            },
            {
                "transform": [has_value],
                "mark": bar,
                "encoding": {
                    "x": {**x, "field": "valor"},
                    "color": {
                        "field": "color",
                        "type": "nominal",
                        "legend": None,
                        "scale": {"domain": list(range(len(colours))), "range": colours},
                    },
                },
            },
            {"transform": [is_bar], "mark": {**texts, "align": "left", "limit": room}, "encoding": name},
            {
                "transform": [is_title],
                "mark": {**texts, "yOffset": 17, "align": "left", "fontWeight": "bold", "limit": WIDTH},
                "encoding": name,
            },
            {
                "transform": [is_bar],
                "mark": {**texts, "align": "right", "fontWeight": "bold"},
                "encoding": {"x": {"value": "width"}, "text": {"field": "cifra"}},
            },
        ],
    }


def _columns(chart: Chart, grid: Grid, pattern: str, paint: Paint) -> Json:
    """A column a month, its figure on top where there is room; months without one are left free."""
    months = _months([row[0] for row in grid.rows])
    place = 2 if chart.series else 1
    rows = [
        {
            "mes": month(str(row[0].value)),
            "valor": row[place].value,
            "cifra": row[place].text,
            **({"serie": row[1].text} if chart.series else {}),
        }
        for row in grid.rows
    ]
    tops = (
        [
            {"mes": month(key), "total": cell.value, "cifra": cell.text}
            for key, cell in grid.months.items()
            if key in months
        ]
        if chart.series
        else [{"mes": row["mes"], "total": row["valor"], "cifra": row["cifra"]} for row in rows]
    )
    step = WIDTH / len(months)
    has_room = max((len(top["cifra"]) for top in tops), default=0) * _LETTER + 8 < step
    highest = max((top["total"] or 0 for top in tops), default=0) or 1
    y: Json = {
        "field": "valor",
        "type": "quantitative",
        "stack": "zero" if chart.series else None,
        "scale": {"domain": [0, highest], "nice": not has_room},
        "axis": None if has_room else {"format": axis_format(pattern), "tickCount": _TICKS, "domain": False},
    }
    column: Json = {
        "mark": {"type": "bar", "width": min(56, round(step * 0.72, 1)), "color": paint("series-0")},
        "encoding": {"y": y},
    }
    if chart.series:
        names = list(dict.fromkeys(row["serie"] for row in sorted(rows, key=lambda row: row["serie"])))
        column["encoding"]["color"] = _series("serie", names, paint)
    layers = [column]
    if has_room:
        layers.append(
            {
                "data": {"values": tops},
                "mark": {"type": "text", "dy": -8, "fontWeight": "bold"},
                "encoding": {"y": {"field": "total", "type": "quantitative"}, "text": {"field": "cifra"}},
            }
        )
    return {
        "height": _COLUMN_HEIGHT,
        "data": {"values": rows},
        "encoding": {"x": _month_axis("mes", months)},
        "layer": layers,
    }


def _lines(chart: Chart, grid: Grid, pattern: str, paint: Paint) -> Json:
    """A line a measure, told apart by shape as well as by colour."""
    months = _months([row[0] for row in grid.rows])
    rows = [
        {"mes": month(str(row[0].value)), "medida": measure, "valor": cell.value, "cifra": cell.text}
        for row in grid.rows
        for measure, cell in zip(chart.measures, row[1:], strict=True)
    ]
    names = list(chart.measures)
    highest = max((float(row["valor"]) for row in rows if isinstance(row["valor"], (int, float))), default=0)
    return {
        "height": _COLUMN_HEIGHT,
        "data": {"values": rows},
        "transform": [{"filter": "isValid(datum.valor)"}],
        # hollow: where two lines have the same value, both shapes are seen
        "mark": {"type": "line", "strokeWidth": 2.5, "point": {"size": 70, "filled": False, "strokeWidth": 2.5}},
        "encoding": {
            "x": _month_axis("mes", months),
            "y": {
                "field": "valor",
                "type": "quantitative",
                "scale": {"domainMin": 0, **({} if highest > 0 else {"domainMax": 1})},  # else zero stands half-way up
                "axis": {"format": axis_format(pattern), "tickCount": _TICKS, "domain": False},
            },
            "color": _series("medida", names, paint),
            "shape": {
                "field": "medida",
                "type": "nominal",
                "scale": {"domain": names, "range": ["circle", "square", "triangle-up", "diamond"][: len(names)]},
                "legend": {"columns": 1},
            },
        },
    }


def _series(field: str, names: list[str], paint: Paint) -> Json:
    long = max(map(len, names), default=0) > 16
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": names, "range": [paint(f"series-{place % SERIES}") for place in range(len(names))]},
        "legend": {"columns": 1 if long else 3},
    }


def _month_axis(key: str, months: list[str]) -> Json:
    return {
        "field": key,
        "type": "ordinal",
        "sort": None,
        "scale": {"domain": [month(one) for one in months], "paddingInner": 0, "paddingOuter": 0},
        "axis": {
            "labelAngle": 0,
            "labelExpr": "split(datum.label, ' ')",
            "labelOverlap": "parity",
            "labelFlush": False,
        },
    }


def _months(cells: Sequence[Cell]) -> list[str]:
    """``2026-11`` … ``2027-02``: every month from the first to the last of some."""
    labels = sorted(str(cell.value) for cell in cells)
    (year, number), last = map(int, labels[0].split("-")), labels[-1]
    found = [labels[0]]
    while found[-1] < last:
        year, number = (year, number + 1) if number < 12 else (year + 1, 1)
        found.append(f"{date(year, number, 1):%Y-%m}")
    return found
