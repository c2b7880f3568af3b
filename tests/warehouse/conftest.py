"""A project of three tables, small enough to break in one place at a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.build import Build, ModelResult
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.loading import load_project
from boi_pipeline.warehouse.raw import RAW_TABLES, raw_entity
from tests.warehouse.dashboard_set import DashboardSet, dashboard_set

AS_OF = datetime(2026, 11, 23, 21, tzinfo=UTC)
VOCABULARIES = {"kinds": frozenset({"a", "b"})}

COLUMNS = """
columns:
  opportunity_id: {type: text, label: Id, description: La clave.}
  kind: {type: text, label: Clase, description: La clase.}
  amount: {type: "decimal(18,2)", label: Monto, description: El monto.}
  tags: {type: "text[]", label: Marcas, description: Las marcas.}
  seen_at: {type: timestamptz, label: Visto, description: Cuándo se vio.}
  close_time: {type: time, label: Hora, description: La hora.}
"""
STAGING = """/* ---
description: Filas de muestra.
grain: [opportunity_id]
columns:
  opportunity_id:
  kind:
  amount:
  tags:
  seen_at:
  close_time:
--- */
select
    'o' || i as opportunity_id, case when i % 2 = 0 then 'a' else 'b' end as kind,
    (i * 10)::decimal(18, 2) as amount, ['x', 'y'] as tags,
    timestamptz '2026-11-23 12:00:00+00' as seen_at, time '23:59:00' as close_time
from raw.run, range(1, 11) t(i)
"""
MART = """/* ---
description: La tabla.
grain: [opportunity_id]
columns:
  opportunity_id:
  kind:
  amount:
  tags:
  seen_at:
  close_time:
checks:
  - not_null: [kind]
  - in_vocabulary: {kind: kinds}
  - expression: amount > 0
    name: amount_is_positive
    advice: Mire el monto.
  - min_rows: 1
publish: [curated, powerbi]
--- */
select opportunity_id, kind, amount, tags, seen_at, close_time from staging.stg_rows
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project folder: columns.yml, staging/stg_rows.sql, marts/rows.sql."""
    root = tmp_path / "sql"
    for layer in ("staging", "intermediate", "marts"):
        (root / layer).mkdir(parents=True)
    (root / "columns.yml").write_text(COLUMNS)
    (root / "staging" / "stg_rows.sql").write_text(STAGING)
    (root / "marts" / "rows.sql").write_text(MART)
    return root


@pytest.fixture(scope="module")
def ongoing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose warehouse goes on from one test to the next, as a home's does from day to day."""
    return tmp_path_factory.mktemp("ongoing")


@pytest.fixture(scope="session")
def sample() -> Entity:
    return load_entity(ROOT / "entities" / "sample")


@pytest.fixture(scope="module")
def endings(request: pytest.FixtureRequest, sample: Entity, ongoing: Path) -> dict[str, BaseException | None]:
    """How the stories of this module end: see ``stories``."""
    from tests.warehouse.stories import told_together  # which needs what stands here

    of_module = [item for item in request.session.items if item.path == request.path]
    return told_together(of_module, sample, ongoing, request.module.TABLES)


@pytest.fixture(scope="session")
def shown(sample: Entity, tmp_path_factory: pytest.TempPathFactory) -> DashboardSet:
    """A set with its dashboard; nobody writes into it."""
    return dashboard_set(tmp_path_factory.mktemp("dashboard"), load_models(sample), sample)


@pytest.fixture
def project_of() -> Callable[[Path], Project]:
    return lambda folder: load_project(folder, set(RAW_TABLES), set(VOCABULARIES))


def built(project: Project, warehouse: Path, sample: Entity, last: dict[str, int] | None = None) -> list[ModelResult]:
    """Build a project into ``warehouse/boi.run.duckdb``."""
    with Build(project, warehouse, "run", VOCABULARIES) as build:
        build.load(raw_entity(sample, AS_OF))
        return list(build.run(last or {}))
