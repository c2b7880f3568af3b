"""The visuals that the pages use, as PBIR writes them: fields, place, title, alternative text, formatting.

A page says what it shows (``Visual``); ``visual_json`` gives the file. Which visuals a page has is in ``pages``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from boi_pipeline.warehouse.powerbi.identity import name
from boi_pipeline.warehouse.powerbi.model import SemanticModel

_DEFINITION = "https://developer.microsoft.com/json-schemas/fabric/item/report/definition"
VISUAL_SCHEMA = f"{_DEFINITION}/visualContainer/2.5.0/schema.json"
PAGE_SCHEMA = f"{_DEFINITION}/page/2.0.0/schema.json"

WIDTH, HEIGHT = 1280, 720
_MARGIN, _GUTTER, _COLUMN = 24, 16, 88  # twelve columns fill the width

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where a visual stands on the page, in pixels."""

    x: int
    y: int
    width: int
    height: int


def place(column: int, span: int, top: int, height: int) -> Place:
    """A place on the grid of twelve columns (0–11)."""
    step = _COLUMN + _GUTTER
    return Place(_MARGIN + column * step, top, span * step - _GUTTER, height)


@dataclass(frozen=True)
class Field:
    """A column (``table``, contract names) or, without a table, a measure."""

    key: str
    table: str | None = None
    label: str = ""  # what it is called in this visual, if not by its own name

    def expression(self, model: SemanticModel, source: Json | None = None) -> Json:
        """The field as PBIR names it. Raises KeyError where the model has no such field."""
        table = model.tables[self.table] if self.table else model.measure_table[self.key]
        property_name = table.by_key[self.key].name if self.table else self.key
        kind = "Column" if self.table else "Measure"
        return {kind: {"Expression": {"SourceRef": source or {"Entity": table.name}}, "Property": property_name}}

    def projection(self, model: SemanticModel) -> Json:
        """The field as a role of a visual holds it."""
        expression = self.expression(model)
        inner = next(iter(expression.values()))
        entity, property_name = inner["Expression"]["SourceRef"]["Entity"], inner["Property"]
        found = {"field": expression, "queryRef": f"{entity}.{property_name}", "nativeQueryRef": property_name}
        return {**found, "displayName": self.label} if self.label else found


@dataclass(frozen=True)
class Condition:
    """A filter of one visual: a measure is above 0, or a column has none of some values (null: no value at all)."""

    field: Field
    excluded: tuple[str | bool | None, ...] | None = None  # None: the measure is above 0


@dataclass(frozen=True)
class Visual:
    """One visual. ``alt`` is read to who does not see it; it says what is shown, not how."""

    key: str
    kind: str
    place: Place
    alt: str
    title: str = ""
    roles: Mapping[str, Sequence[Field]] = field(default_factory=dict)
    sort: tuple[Field, Literal["Ascending", "Descending"]] | None = None
    conditions: tuple[Condition, ...] = ()
    objects: Json = field(default_factory=dict)
    shortened: tuple[Field, ...] = ()  # of a card: figures told in thousands or millions as they need
    shared: str = ""  # slicers of this name keep one choice over all pages
    link: str = ""  # of a button: what it does
    for_team: bool = False  # what only the team acts on: the dashboard, which may be public, leaves it out

    def at(self, where: Place) -> "Visual":
        return replace(self, place=where)


def literal(value: str | bool | float | None) -> Json:
    """A constant in a formatting property; a count is given as int, a measure (size, unit) as float."""
    if value is None:
        text = "null"
    elif isinstance(value, bool):
        text = str(value).lower()
    elif isinstance(value, int):
        text = f"{value}L"
    elif isinstance(value, float):
        text = f"{value:g}D"
    else:
        text = "'" + value.replace("'", "''") + "'"
    return {"expr": {"Literal": {"Value": text}}}


def properties(**values: str | bool | float) -> list[Json]:
    """One formatting object."""
    return [{"properties": {key: literal(value) for key, value in values.items()}}]


def visual_json(visual: Visual, page: str, order: int, model: SemanticModel) -> Json:
    """``visual.json``; ``order`` is the place in the reading order, from 0."""
    where = visual.place
    inner: Json = {"visualType": visual.kind}
    if visual.roles:
        inner["query"] = _query(visual, model)
    if visual.objects:
        inner["objects"] = _objects(visual, model)
    inner["visualContainerObjects"] = _container(visual)
    if visual.shared:
        inner["syncGroup"] = {"groupName": visual.shared, "fieldChanges": True, "filterChanges": True}
    inner["drillFilterOtherVisuals"] = True
    found: Json = {
        "$schema": VISUAL_SCHEMA,
        "name": name("visual", page, visual.key),
        "position": {
            "x": where.x,
            "y": where.y,
            "z": order * 1000,
            "height": where.height,
            "width": where.width,
            "tabOrder": order * 1000,
        },
        "visual": inner,
    }
    if visual.conditions:
        filters = [
            _filter(one, name("filter", page, visual.key, str(at)), model) for at, one in enumerate(visual.conditions)
        ]
        found["filterConfig"] = {"filters": filters}
    return found


def _objects(visual: Visual, model: SemanticModel) -> Json:
    short = [
        {"properties": {"labelDisplayUnits": literal(0.0)}, "selector": {"metadata": one.projection(model)["queryRef"]}}
        for one in visual.shortened
    ]
    return {**visual.objects, "value": [*visual.objects["value"], *short]} if short else visual.objects


def _query(visual: Visual, model: SemanticModel) -> Json:
    state = {role: {"projections": [one.projection(model) for one in fields]} for role, fields in visual.roles.items()}
    query: Json = {"queryState": state}
    if visual.sort:
        by, direction = visual.sort
        query["sortDefinition"] = {
            "sort": [{"field": by.expression(model), "direction": direction}],
            "isDefaultSort": False,
        }
    return query


def _container(visual: Visual) -> Json:
    found: Json = {}
    if visual.title:
        found["title"] = properties(show=True, text=visual.title)
    else:
        found["title"] = properties(show=False)
    found["general"] = properties(altText=visual.alt)
    if visual.link:
        found["visualLink"] = properties(show=True, type=visual.link)
    return found


def _filter(condition: Condition, filter_name: str, model: SemanticModel) -> Json:
    expression = condition.field.expression(model)
    entity = next(iter(expression.values()))["Expression"]["SourceRef"]["Entity"]
    inside = condition.field.expression(model, {"Source": "t"})
    if condition.excluded is None:
        above = {"ComparisonKind": 1, "Left": inside, "Right": {"Literal": {"Value": "0L"}}}
        where: Json = {"Comparison": above}
        kind = "Advanced"
    else:
        values = [[literal(value)["expr"]] for value in condition.excluded]
        where = {"Not": {"Expression": {"In": {"Expressions": [inside], "Values": values}}}}
        kind = "Categorical"
    definition = {
        "Version": 2,
        "From": [{"Name": "t", "Entity": entity, "Type": 0}],
        "Where": [{"Condition": where}],
    }
    return {"name": filter_name, "field": expression, "type": kind, "filter": definition}
