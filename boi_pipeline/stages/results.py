"""What the bulletin achieved, for the site: the measures over the published set, and the rows of outcomes.

The set holds nothing of fewer than five people, so nothing is withheld here. What the page says of it is ``publishing``'s.
"""

from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from boi_pipeline.publishing.handed import Achieved, Figure, Results
from boi_pipeline.stages.run import Run
from boi_pipeline.warehouse.checks import quoted
from boi_pipeline.warehouse.contract import FOLDERS, Model
from boi_pipeline.warehouse.dashboard.wording import number
from boi_pipeline.warehouse.measures import load_measures
from boi_pipeline.warehouse.profiles import column_name, open_columns
from boi_pipeline.warehouse.star import Star

FUNNEL = (
    "Convocatorias publicadas",
    "Impresiones",
    "Clics",
    "Remitidas",
    "Respondidas",
    "Postuladas",
    "Adjudicadas",
    "Personas beneficiadas",
    "Monto adjudicado",
)
SHARES = ("Tasa de clics", "Tasa de respuesta", "Tasa de adjudicación")
KNOWN = ("Convocatorias medidas", "Convocatorias con resultados", "Cifras reservadas", "Resultados sin tasa de cambio")
_OUTCOMES, _CALLS = "fct_outcome", "dim_opportunity"
COUNTS = ("referred_count", "answered_count", "applied_count", "awarded_count", "people_count")
_COUNT = "#,0"


def results_of(run: Run, folder: Path, as_of: datetime) -> Results | None:
    """What the set in ``folder`` says was achieved; None where the set is of older tables than the measures count."""
    star = Star.of(run.project.models)
    paths = {name: folder / FOLDERS["powerbi"] / f"{name}.parquet" for name in star.tables}
    if not all(_holds(paths[name], model) for name, model in star.tables.items()):
        return None
    measures = load_measures(run.project.folder, star)
    names = [*FUNNEL, *SHARES, *KNOWN]

    def relation(table: str) -> str:
        return f"read_parquet({quoted(str(paths[table]))})"

    def figure(name: str) -> Figure:
        one, value = measures.by_name[name], values[name]
        if value is None and one.sql.startswith("count("):
            value = 0
        return Figure(name, one.description, None if value is None else number(value, one.format or _COUNT))

    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'; set threads to 2")
        (row,) = measures.values(connection, names, relation)
        values = dict(zip(names, row, strict=True))
        return Results(
            as_of=as_of,
            funnel=[figure(name) for name in FUNNEL],
            shares=[figure(name) for name in SHARES],
            known=[figure(name) for name in KNOWN],
            currency=run.entity.currency,
            rows=_rows(connection, relation(_OUTCOMES), relation(_CALLS), _labels(star)),
            rate_sources=_rates(connection, relation(_OUTCOMES)),
        )


def _holds(path: Path, model: Model) -> bool:
    """Whether the file of a table has the columns that the table has today."""
    names = {column_name(column, "powerbi") for column in open_columns(model, "powerbi")}
    return path.is_file() and names <= set(pq.read_schema(path).names)


def _labels(star: Star) -> dict[str, str]:
    """How the table calls each count → its column."""
    return {column.label: column.name for column in star.tables[_OUTCOMES].columns if column.name in COUNTS}


def _rows(connection: duckdb.DuckDBPyConnection, outcomes: str, calls: str, labels: dict[str, str]) -> list[Achieved]:
    found = connection.execute(
        f"select case when f.opportunity_id <> 'unknown' then o.code end, f.reported_by_label, f.outcome_date, "  # noqa: S608
        f"f.withheld_fields, {', '.join(f'f.{name}' for name in COUNTS)} "
        f"from {outcomes} f left join {calls} o using (opportunity_id) "
        "order by f.outcome_date desc, f.opportunity_id = 'unknown', o.code, f.reported_by"
    ).fetchall()
    return [
        Achieved(
            code=code,
            reporter=reporter,
            day=day,
            counts=dict(zip(COUNTS, counts, strict=True)),
            reserved=[labels[name] for name in (withheld or "").split(", ") if name],
        )
        for code, reporter, day, withheld, *counts in found
    ]


def _rates(connection: duckdb.DuckDBPyConnection, outcomes: str) -> list[str]:
    found = connection.execute(
        f"select distinct unnest(string_split(rate_source, '; ')) as source from {outcomes} order by source"  # noqa: S608
    ).fetchall()
    return [source for (source,) in found]
