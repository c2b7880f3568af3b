"""A published set of our own making with its dashboard: no fact is empty, and names are as hostile as names can be."""

import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import lxml.html
import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dashboard.page import write_dashboard
from boi_pipeline.warehouse.measures import Measures, load_measures
from boi_pipeline.warehouse.profiles import schema_of
from boi_pipeline.warehouse.star import Star
from tests.powerbi.star import AS_OF, publish_star, star_rows

HOSTILE = '"><script>alert(1)</script></svg><img src=x onerror=alert(2)>'
UNSEEN = "\u202eal revés\u200b\x07"
APPROVED = 38  # of the forty that are published; eight more are candidates
WAITING = "op-045"  # approved, and not published yet


@dataclass(frozen=True)
class DashboardSet:
    """A set's folder and what it was made of."""

    folder: Path
    project: Project
    entity: Entity

    def write(self) -> None:
        write_dashboard(self.folder, self.project, self.entity, AS_OF)

    @property
    def dashboard(self) -> Path:
        return self.folder / "dashboard"

    @cached_property
    def html(self) -> str:
        return (self.dashboard / "index.html").read_text(encoding="utf-8")

    @cached_property
    def page(self) -> lxml.html.HtmlElement:
        return lxml.html.fromstring(self.html)

    @cached_property
    def measures(self) -> Measures:
        return load_measures(self.project.folder, Star.of(self.project.models))

    def values(self, names: list[str], **asked: Any) -> list[tuple[Any, ...]]:
        """The measures over this set's own files, asked as anybody may ask."""
        with duckdb.connect() as connection:
            return self.measures.values(connection, names, self.relation, **asked)

    def relation(self, table: str) -> str:
        return f"read_parquet('{self.folder}/powerbi/{table}.parquet')"

    def rewrite(self, table: str, rows: list[dict[str, Any]]) -> None:
        """Put other rows into a table of the star."""
        path = self.folder / "powerbi" / f"{table}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, schema=pq.read_schema(path)), path)


def dashboard_set(folder: Path, project: Project, entity: Entity) -> DashboardSet:
    """Publish the star below ``folder``, name its calls in the open data, and write the dashboard."""
    published = publish_star(project, folder)
    made = DashboardSet(folder / "set", project, entity)
    shutil.copytree(published.folder, made.folder)
    sources = pq.read_table(made.folder / "powerbi" / "dim_source.parquet").to_pylist()
    made.rewrite("dim_source", [row | {"name": row["name"].replace("Fuente 0", HOSTILE)} for row in sources])
    calls = star_rows()["dim_opportunity"]
    approved = [*calls[:APPROVED], *(row for row in calls if row["opportunity_id"] == WAITING)]
    rows = [
        {key: row[key] for key in ("opportunity_id", "code", "close_date", "days_left")}
        | {
            "title_es": f"Aprobada {row['code']} {HOSTILE}{UNSEEN}",
            "funder_name": f"Convoca {HOSTILE}",
            "opportunity_type": "scholarship",
        }
        for row in approved
    ]
    schema = schema_of(project.by_table["marts.approved_opportunities"], "open_data")
    (made.folder / "open-data").mkdir()
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), made.folder / "open-data" / "opportunities.parquet")
    made.write()
    return made
