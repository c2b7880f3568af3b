"""Power Query (M): one folder parameter, and for each table a query that names its columns, types and headings.

A column that the file lacks fails loudly at refresh; one that the contract lacks is not loaded.
"""

import pyarrow as pa

from boi_pipeline.warehouse.powerbi.model import ShownTable

FOLDER_PARAMETER = "CarpetaParquet"
DEFAULT_FOLDER = "C:\\Boletin\\powerbi"


def text_literal(value: str) -> str:
    """A text in M."""
    escaped = value.replace("#(", "#(#)(").replace('"', '""')
    return '"' + escaped.replace("\n", "#(lf)").replace("\r", "#(cr)").replace("\t", "#(tab)") + '"'


def type_literal(kind: pa.DataType) -> str:
    """The M type of a column of the Power BI profile."""
    if pa.types.is_decimal(kind):
        return "Currency.Type"
    names = {
        pa.string(): "type text",
        pa.int64(): "Int64.Type",
        pa.bool_(): "type logical",
        pa.float64(): "type number",
        pa.date32(): "type date",
        pa.timestamp("us"): "type datetime",
    }
    return names[kind]


def table_query(table: ShownTable) -> list[str]:
    """The lines of the query that loads a table."""
    columns = ", ".join(text_literal(column.source) for column in table.columns)
    types = ", ".join(f"{{{text_literal(column.source)}, {type_literal(column.type)}}}" for column in table.columns)
    renamed = ", ".join(f"{{{text_literal(column.source)}, {text_literal(column.name)}}}" for column in table.columns)
    file = text_literal(f"\\{table.file}.parquet")
    return [
        "let",
        f'    Ruta = Text.TrimEnd({FOLDER_PARAMETER}, {{"\\", "/"}}) & {file},',
        "    Origen = Parquet.Document(File.Contents(Ruta)),",
        f"    Columnas = Table.SelectColumns(Origen, {{{columns}}}),",
        f"    Tipos = Table.TransformColumnTypes(Columnas, {{{types}}}),",
        f"    Nombres = Table.RenameColumns(Tipos, {{{renamed}}})",
        "in",
        "    Nombres",
    ]


def folder_parameter(folder: str) -> str:
    """The parameter's expression."""
    return f'{text_literal(folder)} meta [IsParameterQuery=true, Type="Text", IsParameterQueryRequired=true]'
