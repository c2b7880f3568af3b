"""The semantic model as TMDL text: what is said of a table and how it is indented. What there is to say is in ``model``."""

import json
import re
from collections.abc import Iterable

import pyarrow as pa

from boi_pipeline.warehouse.powerbi.identity import tag
from boi_pipeline.warehouse.powerbi.model import SemanticModel, ShownColumn, ShownMeasure, ShownTable
from boi_pipeline.warehouse.powerbi.queries import FOLDER_PARAMETER, folder_parameter, table_query
from boi_pipeline.warehouse.star import CALENDAR, Join

CULTURE = "es-ES"
TRANSLATION = "en-US"
_SHARES = {  # as measures say them → as Power BI's own rules spell them, with marks for thousands
    "0.0%": "#,0.0%;-#,0.0%;#,0.0%",
    "+0.0%;-0.0%;0.0%": "+#,0.0%;-#,0.0%;#,0.0%",
}
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def quoted(name: str) -> str:
    """A name as TMDL takes it."""
    return name if _PLAIN.fullmatch(name) else "'" + name.replace("'", "''") + "'"


def database() -> str:
    """``database.tmdl``: the level of compatibility that files of text need."""
    return "database\n\tcompatibilityLevel: 1600\n"


def model(shown: SemanticModel) -> str:
    """``model.tmdl``: settings, order of queries and tables, cultures."""
    order = json.dumps([FOLDER_PARAMETER, *(table.name for table in shown.tables.values())], ensure_ascii=False)
    lines = [
        "model Model",
        f"\tculture: {CULTURE}",
        "\tdefaultPowerBIDataSourceVersion: powerBI_V3",
        "\tdiscourageImplicitMeasures",
        f"\tsourceQueryCulture: {CULTURE}",
        "\tdataAccessOptions",
        "\t\tlegacyRedirects",
        "\t\treturnErrorValuesAsNull",
        "",
        "annotation __PBI_TimeIntelligenceEnabled = 0",
        "",
        f"annotation PBI_QueryOrder = {order}",
        "",
        *(f"ref table {quoted(table.name)}" for table in shown.tables.values()),
        "",
        f"ref cultureInfo {CULTURE}",
        f"ref cultureInfo {TRANSLATION}",
    ]
    return _text(lines)


def expressions(folder: str) -> str:
    """``expressions.tmdl``: the folder parameter."""
    return _text(
        [
            "/// Carpeta con los archivos Parquet que escribe la canalización: la que se llama powerbi.",
            f"expression {FOLDER_PARAMETER} = {folder_parameter(folder)}",
            f"\tlineageTag: {tag('expression', FOLDER_PARAMETER)}",
            "",
            "\tannotation PBI_NavigationStepName = Navigation",
            "",
            "\tannotation PBI_ResultType = Text",
        ]
    )


def relationships(shown: SemanticModel) -> str:
    """``relationships.tmdl``: every join, from many to one, filtering one way."""
    return _text(line for join in shown.joins for line in _relationship(join, shown))


def _relationship(join: Join, shown: SemanticModel) -> Iterable[str]:
    many, one = shown.tables[join.table], shown.tables[join.dimension]
    yield f"relationship {tag('relationship', join.table, join.column, join.dimension)}"
    if not join.is_active:
        yield "\tisActive: false"
    if join.dimension == CALENDAR:
        yield "\tjoinOnDateBehavior: datePartOnly"
    yield f"\tfromColumn: {quoted(many.name)}.{quoted(many.by_key[join.column].name)}"
    yield f"\ttoColumn: {quoted(one.name)}.{quoted(one.by_key[join.key].name)}"
    yield ""


def table(shown: ShownTable) -> str:
    """``tables/<name>.tmdl``."""
    lines = [*_description(shown.description, 0), f"table {quoted(shown.name)}"]
    if shown.is_hidden:
        lines.append("\tisHidden")
    lines.append(f"\tlineageTag: {tag(shown.file)}")
    if shown.is_calendar:
        lines.append("\tdataCategory: Time")
    lines.append("")
    for measure in shown.measures:
        lines += _measure(measure)
    in_hierarchy = {level for hierarchy in shown.hierarchies for level in hierarchy.levels}
    sorters = {column.sort_by for column in shown.columns if column.sort_by}
    for column in shown.columns:
        lines += _column(column, shown, column.name in in_hierarchy | sorters)
    for hierarchy in shown.hierarchies:
        lines += [
            f"\thierarchy {quoted(hierarchy.name)}",
            f"\t\tlineageTag: {tag(shown.file, 'hierarchy', hierarchy.english)}",
            "",
        ]
        for level in hierarchy.levels:
            mark = tag(shown.file, "hierarchy", hierarchy.english, level)
            lines += [f"\t\tlevel {quoted(level)}", f"\t\t\tlineageTag: {mark}", f"\t\t\tcolumn: {quoted(level)}", ""]
    lines += [f"\tpartition {quoted(shown.name)} = m", "\t\tmode: import", "\t\tsource ="]
    lines += [f"\t\t\t\t{line}" for line in table_query(shown)]
    lines += ["", "\tannotation PBI_ResultType = Table"]
    return _text(lines)


def _measure(measure: ShownMeasure) -> list[str]:
    expression = measure.dax.split("\n")
    head = f"\tmeasure {quoted(measure.name)} ="
    lines = [*_description(measure.description, 1)]
    lines += [f"{head} {expression[0]}"] if len(expression) == 1 else [head, *(f"\t\t\t{line}" for line in expression)]
    if measure.format:
        lines.append(f"\t\tformatString: {_SHARES.get(measure.format, measure.format)}")
    return [*lines, f"\t\tdisplayFolder: {measure.folder}", f"\t\tlineageTag: {tag('measure', measure.name)}", ""]


def _column(column: ShownColumn, shown: ShownTable, is_walked: bool) -> list[str]:
    lines = [
        *_description(column.description, 1),
        f"\tcolumn {quoted(column.name)}",
        f"\t\tdataType: {_type(column.type)}",
    ]
    if column.is_hidden:
        lines.append("\t\tisHidden")
        if not is_walked:
            lines.append("\t\tisAvailableInMdx: false")
    if column.is_key:
        lines.append("\t\tisKey")
    if form := _format(column, shown):
        lines.append(f"\t\tformatString: {form}")
    if column.category:
        lines.append(f"\t\tdataCategory: {column.category}")
    lines += [f"\t\tlineageTag: {tag(shown.file, 'column', column.key)}", "\t\tsummarizeBy: none"]
    lines.append(f"\t\tsourceColumn: {column.name}")
    if column.sort_by:
        lines.append(f"\t\tsortByColumn: {quoted(column.sort_by)}")
    lines += ["", "\t\tannotation SummarizationSetBy = User", ""]
    if pa.types.is_date(column.type):
        lines += ["\t\tannotation UnderlyingDateTimeDataType = Date", ""]
    return lines


def _type(kind: pa.DataType) -> str:
    if pa.types.is_decimal(kind):
        return "decimal"
    if pa.types.is_temporal(kind):
        return "dateTime"
    return {pa.string(): "string", pa.int64(): "int64", pa.bool_(): "boolean", pa.float64(): "double"}[kind]


def _format(column: ShownColumn, shown: ShownTable) -> str | None:
    if pa.types.is_date(column.type):
        return "dd/mm/yyyy"
    if pa.types.is_timestamp(column.type):
        return "dd/mm/yyyy hh:nn"
    if pa.types.is_decimal(column.type) or pa.types.is_floating(column.type):
        return "#,0.00"
    if pa.types.is_integer(column.type):
        return "0" if shown.is_calendar else "#,0"
    return None


def _description(text: str, depth: int) -> list[str]:
    return [f"{chr(9) * depth}/// {' '.join(text.split())}"]


def culture(locale: str) -> str:
    """A culture without translations: the model's own."""
    return f"cultureInfo {locale}\n"


def translation(shown: SemanticModel) -> str:
    """``cultures/en-US.tmdl``: English captions of all that is shown."""
    lines = [f"cultureInfo {TRANSLATION}", "\ttranslations", "\t\tmodel Model"]
    for one in shown.tables.values():
        lines += [f"\t\t\ttable {quoted(one.name)}", f"\t\t\t\tcaption: {one.english}"]
        for measure in one.measures:
            lines += [f"\t\t\t\tmeasure {quoted(measure.name)}", f"\t\t\t\t\tcaption: {measure.english}"]
            lines.append(f"\t\t\t\t\tdisplayFolder: {shown.folders[measure.folder]}")
        for column in one.columns:
            lines += [f"\t\t\t\tcolumn {quoted(column.name)}", f"\t\t\t\t\tcaption: {column.english}"]
        for hierarchy in one.hierarchies:
            lines += [f"\t\t\t\thierarchy {quoted(hierarchy.name)}", f"\t\t\t\t\tcaption: {hierarchy.english}"]
            english = {column.name: column.english for column in one.columns}
            for level in hierarchy.levels:
                lines += [f"\t\t\t\t\tlevel {quoted(level)}", f"\t\t\t\t\t\tcaption: {english[level]}"]
    return _text(lines)


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip("\n") + "\n"
