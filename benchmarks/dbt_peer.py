"""dbt-duckdb over the same SELECTs: a project written from ours, run by dbt in an environment of its own.

The environment is made below a temporary folder and thrown away with it; dbt is no dependency of the project. The SQL
is ours to the letter; what dbt needs to order the models stands in a comment. Our checks of the inner layers are its
singular tests, which ``dbt build`` runs as we do.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.figures import ROOT
from benchmarks.processes import Ran, run
from boi_pipeline.warehouse.checks import Vocabularies, condition, quoted
from boi_pipeline.warehouse.contract import BoundCheck, Model, Project
from boi_pipeline.warehouse.engine import STORAGE, THREADS, connect

DBT = ("dbt-core==1.11.16", "dbt-duckdb==1.11.1")  # the newest that install without a compiler; the same DuckDB as ours

_PROJECT = """name: peer
version: "1.0.0"
profile: peer
model-paths: [models]
test-paths: [tests]
macro-paths: [macros]
flags: {{send_anonymous_usage_stats: false, use_colors: false}}
models: {{peer: {{+materialized: table, {layers}}}}}
data_tests: {{peer: {{+severity: warn}}}}
"""
_PROFILE = """peer:
  target: bench
  outputs:
    bench:
      type: duckdb
      path: {path}
      threads: {threads}
      config_options: {{storage_compatibility_version: {storage}}}
      settings: {{TimeZone: UTC, threads: {threads}, memory_limit: {memory}, disabled_compression_methods: fsst}}
"""
_SCHEMA = "{% macro generate_schema_name(name, node) %}{{ name or target.schema }}{% endmacro %}\n"


@dataclass(frozen=True)
class Environment:
    """Where dbt is installed, and what is."""

    dbt: Path
    versions: str


def make_environment(folder: Path) -> Environment | str:
    """Install dbt below ``folder``; or say why it could not be."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
    wanted = [*DBT, f"duckdb=={duckdb.__version__}"]
    told = subprocess.run([str(folder / "bin" / "pip"), "install", "-q", *wanted], capture_output=True, text=True)
    if told.returncode:
        return f"not measured: {' '.join(wanted)} does not install: {told.stderr.strip().splitlines()[-1][:120]}"
    return Environment(folder / "bin" / "dbt", " ".join(wanted))


def write_dbt_project(project: Project, vocabularies: Vocabularies, folder: Path, database: Path) -> None:
    """Write every model of ours as a dbt model that is materialised as a table in the same schema, and the checks of those that
    are not marts as tests."""
    layers = ", ".join(f"{layer}: {{+schema: {layer}}}" for layer in dict.fromkeys(m.layer for m in project.models))
    (folder / "macros").mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(_PROJECT.format(layers=layers), encoding="utf-8")
    (folder / "macros" / "schema.sql").write_text(_SCHEMA, encoding="utf-8")
    with connect(database) as connection:
        ((memory,),) = connection.execute("select current_setting('memory_limit')").fetchall()
    profile = _PROFILE.format(
        path=database, threads=THREADS, storage=STORAGE["storage_compatibility_version"], memory=memory.replace(" ", "")
    )
    (folder / "profiles.yml").write_text(profile, encoding="utf-8")
    for model in project.models:
        after = "".join(
            f"-- depends_on: {{{{ ref('{table.rpartition('.')[2]}') }}}}\n"
            for table in model.dependencies
            if not table.startswith("raw.")
        )
        path = folder / "models" / model.layer / f"{model.name}.sql"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{after}{{% raw %}}{model.sql}{{% endraw %}}\n", encoding="utf-8")
    (folder / "tests").mkdir()
    for model in project.models:
        for number, check in enumerate(model.checks if model.layer != "marts" else ()):
            if (bad := _bad_rows(check, model, vocabularies)) is not None:
                path = folder / "tests" / f"{model.name}_{number}.sql"
                after = f"-- depends_on: {{{{ ref('{model.name}') }}}}\n"
                path.write_text(f"{after}{{% raw %}}{bad}{{% endraw %}}\n", encoding="utf-8")


def _bad_rows(check: BoundCheck, model: Model, vocabularies: Vocabularies) -> str | None:
    """The rows that fail a check, as dbt's own tests ask for them; None where it looks at no row."""
    if check.kind in ("min_rows", "max_fall"):
        return None
    if check.kind == "unique":
        columns = ", ".join(map(quoted, check.columns))
        said = " or ".join(f"{quoted(column)} is not null" for column in check.columns)
        return f"select {columns} from {model.table} where {said} group by {columns} having count(*) > 1"
    return f"select * from {model.table} where not coalesce({condition(check, model, vocabularies)}, true)"


def run_dbt(environment: Environment, folder: Path, verb: str = "run") -> Ran:
    """``dbt run`` or ``dbt build`` of the project, once. Raises RuntimeError with dbt's last words when a model fails."""
    command = [str(environment.dbt), "--quiet", verb, "--project-dir", str(folder), "--profiles-dir", str(folder)]
    return run(command, folder, ROOT / "entities")
