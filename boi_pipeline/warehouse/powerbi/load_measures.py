"""Measures that tell whether the load is whole: what ``control`` promises against the rows that came, and one set of all.

They follow from the list of tables and so are made here; no slicer changes them. Each has its SQL, like any other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FOLDER = "Carga"


@dataclass(frozen=True)
class LoadMeasure:
    """A measure over all tables; ``sql`` is a whole query that names tables as ``{dim_date}``."""

    name: str
    english: str
    description: str
    format: str | None
    dax: str
    sql: str
    folder: str = FOLDER


def load_measures_of(tables: Sequence[str], everything: Sequence[str]) -> list[LoadMeasure]:
    """The measures of a model whose ``tables`` of the star are told of in ``control``; ``everything``: with the others."""
    listed = ", ".join(f'"{table}"' for table in tables)
    quoted = ", ".join(f"'{table}'" for table in tables)
    cases = ",\n        ".join(f'"{table}", COUNTROWS ( ALLNOBLANKROW ( {table} ) )' for table in tables)
    sets = ",\n        ".join(_nested([f"ALLNOBLANKROW ( {table}[set_id] )" for table in everything]))
    loaded = " union all ".join(f"select '{table}' as t, count(*) as n from {{{table}}}" for table in tables)
    ids = " union ".join(f"select set_id from {{{table}}}" for table in everything)
    expected = f"select table_name, row_count from {{control}} where table_name in ({quoted})"
    difference = f"select count(*) from ({expected}) c join ({loaded}) l on l.t = c.table_name where l.n <> c.row_count"
    state = (
        f"select case when (select count(*) from ({expected})) = 0 then 'Sin datos: indique la carpeta y actualice' "
        f"when (select count(*) from ({expected})) = {len(tables)} and ({difference}) = 0 "
        f"and (select count(*) from ({ids})) = 1 then 'Íntegra' else 'Incompleta: vuelva a actualizar' end"
    )
    return [
        LoadMeasure(
            "Filas esperadas",
            "Rows expected",
            "Filas que, según el control, deben tener las tablas de este modelo.",
            "#,0",
            f"CALCULATE ( SUM ( control[row_count] ), KEEPFILTERS ( control[table_name] IN {{ {listed} }} ) )",
            f"select sum(row_count) from ({expected})",
        ),
        LoadMeasure(
            "Filas cargadas",
            "Rows loaded",
            "Filas que hay en las tablas de este modelo, sin ningún filtro.",
            "#,0",
            "SUMX (\n    control,\n    SWITCH (\n        control[table_name],\n        " + cases + "\n    )\n)",
            f"select sum(l.n) from ({loaded}) l join {{control}} c on c.table_name = l.t",
        ),
        LoadMeasure(
            "Tablas con diferencias",
            "Tables that differ",
            "Tablas de este modelo que no tienen las filas que dice el control. Debe ser 0.",
            "#,0",
            "SUMX (\n    FILTER ( control, control[table_name] IN { " + listed + " } ),\n"
            "    IF ( [Filas cargadas] + 0 = control[row_count], 0, 1 )\n)",
            difference,
        ),
        LoadMeasure(
            "Conjuntos cargados",
            "Sets loaded",
            "Conjuntos publicados a los que pertenecen las filas cargadas. Debe ser 1: más de uno indica que se actualizó mientras se publicaba.",
            "#,0",
            f"COUNTROWS (\n    DISTINCT (\n        {sets}\n    )\n)",
            f"select count(*) from ({ids})",
        ),
        LoadMeasure(
            "Estado de la carga",
            "State of the load",
            "«Íntegra» si cada tabla tiene las filas que dice el control y todas son del mismo conjunto.",
            None,
            "VAR _tables = COUNTROWS ( FILTER ( ALL ( control ), control[table_name] IN { " + listed + " } ) )\n"
            "VAR _different = CALCULATE ( [Tablas con diferencias], ALL ( control ) )\n"
            "RETURN\n"
            "    SWITCH (\n"
            "        TRUE (),\n"
            '        ISBLANK ( _tables ), "Sin datos: indique la carpeta y actualice",\n'
            f'        _tables = {len(tables)} && _different = 0 && [Conjuntos cargados] = 1, "Íntegra",\n'
            '        "Incompleta: vuelva a actualizar"\n'
            "    )",
            state,
        ),
        LoadMeasure(
            "Fecha de corte",
            "Cut-off",
            "Instante para el que se construyeron las tablas, en la hora de la entidad.",
            "dd/mm/yyyy hh:nn",
            "CALCULATE ( MAX ( control[as_of] ), ALL ( control ) )",
            "select max(as_of_local_at) from {control}",
        ),
        LoadMeasure(
            "Corte y estado",
            "Cut-off and state",
            "Día de corte y estado de la carga, en una línea.",
            None,
            'FORMAT ( [Fecha de corte], "dd/mm/yyyy" ) & " · " & [Estado de la carga]',
            "select strftime(max(as_of_local_at), '%d/%m/%Y') || ' · ' || (" + state + ") from {control}",
        ),
        LoadMeasure(
            "Filas en cuarentena",
            "Rows in quarantine",
            "Filas que no se publicaron por fallar una comprobación.",
            "#,0",
            "SUM ( control[quarantined_count] )",
            "select sum(quarantined_count) from {control}",
        ),
        LoadMeasure(
            "Comprobaciones falladas",
            "Failed checks",
            "Comprobaciones que encontraron filas que no cumplen, avisos incluidos.",
            "#,0",
            "CALCULATE ( COUNTROWS ( check_results ), KEEPFILTERS ( check_results[is_passed] = FALSE () ) )",
            "select count(*) filter (where not is_passed) from {check_results}",
        ),
        LoadMeasure(
            "Comprobaciones",
            "Checks",
            "Comprobaciones hechas.",
            "#,0",
            "COUNTROWS ( check_results )",
            "select count(*) from {check_results}",
        ),
    ]  # fmt: skip


def _nested(parts: list[str]) -> list[str]:
    """UNION takes two tables or more; one table stands alone."""
    return parts if len(parts) == 1 else [f"UNION ( {', '.join(parts)} )"]
