"""The published set: everything others read, written whole, named by its content, swapped by rename.

``published/sets/<set_id>/`` is immutable; ``published/current`` points at the newest; ``published/powerbi/`` is the
stable folder analysts open, copied file by file with ``control`` last. A set that fails its checks never gets here.
"""

import hashlib
import io
import json
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.warehouse.build import STORAGE
from boi_pipeline.warehouse.checks import CheckResult, Vocabularies, quarantine, record, too_much_quarantine
from boi_pipeline.warehouse.contract import Column, Model, Project
from boi_pipeline.warehouse.expectations import Expectations
from boi_pipeline.warehouse.profiles import curated_table, powerbi_table, stamped, write_parquet
from boi_pipeline.warehouse.types import TYPES
from scrapers.files import atomic_folder, atomic_path, replace_symlink

KEPT_SETS = 7
FOLDERS = {"curated": "curated", "open_data": "open-data", "powerbi": "powerbi"}


@dataclass(frozen=True)
class PublishedSet:
    """A set on disk and whether this call wrote it."""

    set_id: str
    folder: Path
    is_new: bool
    rows: dict[str, int]  # "curated/opportunities" → rows


class Gate:
    """The last look at the marts before publication, in Great Expectations. Nothing is published when it ``stops``."""

    def __init__(self, path: Path, project: Project, vocabularies: Vocabularies) -> None:
        self._path = path
        self._project = project
        self._vocabularies = vocabularies

    def run(self, last_rows: dict[str, int], select: set[str] | None = None) -> "GateResult":
        """Check the marts of ``select`` (None: all), set failing rows aside, and say what stops publication.

        What is not selected keeps the results and the quarantine of its last check.
        """
        expectations = Expectations()
        results: list[CheckResult] = []
        reasons: list[str] = []
        quarantined = 0
        with duckdb.connect(str(self._path), config=STORAGE) as connection:
            connection.execute("set TimeZone = 'UTC'; begin")
            for model in self._project.models:
                if model.layer != "marts" or (select is not None and model.table not in select):
                    continue
                for table in ("quality.results", "quality.quarantine"):
                    connection.execute(f"delete from {table} where table_name = ?", [model.table])
                found = list(expectations.run(connection, model, self._vocabularies, last_rows.get(model.table)))
                record(connection, found)
                count = quarantine(connection, model, found, remove=False)
                quarantined += count
                if reason := too_much_quarantine(connection, model, count):
                    reasons.append(reason)
                reasons += [f"{model.table}: {r.check.name}: {r.error or r.failed_count}" for r in found if r.stops]
                results += found
            connection.execute("commit")
        return GateResult(results, reasons, quarantined)


@dataclass(frozen=True)
class GateResult:
    """What the gate found."""

    results: list[CheckResult]
    reasons: list[str]  # why the set may not be published; none: it may
    quarantined_count: int

    @property
    def passed(self) -> bool:
        return not self.reasons


def _column(name: str, kind: str, label: str, description: str) -> Column:
    return Column(name, TYPES[kind], label, description)


_CONTROL = (
    _column("table_name", "text", "Tabla", "Tabla publicada."),
    _column("row_count", "bigint", "Filas", "Filas que debe tener."),
    _column("contract_version", "bigint", "Versión del contrato", "Versión del contrato de la tabla."),
    _column("as_of", "timestamptz", "Fecha de corte", "Instante para el que se construyó."),
    _column("quarantined_count", "bigint", "Filas en cuarentena", "Filas que no se publican por fallar una comprobación."),
    _column("failed_check_count", "bigint", "Comprobaciones falladas", "Comprobaciones que fallaron, avisos incluidos."),
)  # fmt: skip
_CHECKS = (
    _column("table_name", "text", "Tabla", "Tabla comprobada."),
    _column("check_name", "text", "Comprobación", "Nombre de la comprobación."),
    _column("severity", "text", "Gravedad", "error o warning."),
    _column("scope", "text", "Alcance", "row o set."),
    _column("is_passed", "boolean", "Pasó", "Si pasó."),
    _column("row_count", "bigint", "Filas", "Filas miradas."),
    _column("failed_count", "bigint", "Filas que fallan", "Filas que fallan."),
    _column("sample", "text", "Muestra", "Claves de algunas filas que fallan, en JSON."),
    _column("advice", "text", "Qué hacer", "Qué debe hacer la persona."),
)
_QUARANTINE = (
    _column("table_name", "text", "Tabla", "Tabla de la fila."),
    _column("check_name", "text", "Comprobación", "Comprobación que falló."),
    _column("row_key", "text", "Clave", "Clave de la fila, en JSON."),
    _column("opportunity_id", "text", "Id de la oportunidad", "Oportunidad afectada."),
    _column("advice", "text", "Qué hacer", "Qué debe hacer la persona."),
)


def _own_model(name: str, grain: tuple[str, ...], columns: tuple[Column, ...], description: str) -> Model:
    """A table that publication itself writes, in the form of a model so that the profiles treat it alike."""
    return Model("quality", name, Path(__file__), "", 0, description, grain, columns, (), {}, 1, ())


_OWN = (
    _own_model("results", ("table_name", "check_name"), _CHECKS, "Resultado de cada comprobación."),
    _own_model("quarantine", ("table_name", "check_name", "row_key"), _QUARANTINE, "Filas que no se publican."),
    _own_model("control", ("table_name",), _CONTROL, "Qué debe haber en cada tabla; se copia la última."),
)
_OWN_FILES = {"results": "check_results", "quarantine": "quarantine", "control": "control"}


def publish(
    *,
    warehouse: Path,
    project: Project,
    published: Path,
    entity_id: str,
    timezone: str,
    as_of: datetime,
    ledger_seq: int,
    code_revision: str,
) -> PublishedSet:
    """Write the set of a warehouse that passed its gate, and make it the current one.

    Same content, same ``set_id``: then nothing is written anew. Returns the set.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        tables = _tables(connection, project, timezone, as_of)
        set_id = _content_hash(tables)
        summary = _check_summary(connection)
    folder = published / "sets" / set_id
    rows = {name: len(table) for name, (table, _) in tables.items()}
    is_new = not folder.exists()
    if is_new:
        with atomic_folder(folder, "set") as temporary:
            files = {}
            for name, (table, model) in tables.items():
                path = temporary / f"{name}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                flat = name.startswith("powerbi/")
                write_parquet(stamped(table, set_id) if flat else table, path, described=not flat)
                files[f"{name}.parquet"] = {
                    "rows": len(table),
                    "bytes": path.stat().st_size,
                    "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
                    "table": model.table,
                    "contract_version": model.version,
                }
            manifest = {
                "set_id": set_id,
                "entity_id": entity_id,
                "as_of": as_of.isoformat(),
                "ledger_seq": ledger_seq,
                "code_revision": code_revision,
                "checks": summary,
                "files": files,
            }
            text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            (temporary / "manifest.json").write_text(text, encoding="utf-8")
    else:
        os.utime(folder)  # published again: it counts as recent when old sets go
    if not (published / "current").is_symlink() or str((published / "current").readlink()) != f"sets/{set_id}":
        replace_symlink(published / "current", f"sets/{set_id}", "current")
    _copy_powerbi(folder / "powerbi", published / "powerbi")
    _prune(published / "sets", set_id)
    return PublishedSet(set_id, folder, is_new, rows)


def last_rows(published: Path) -> dict[str, int]:
    """Table → rows in the set published last; empty when there is none."""
    manifest = current_manifest(published)
    found: dict[str, int] = {}
    for file in (manifest or {"files": {}})["files"].values():
        found[file["table"]] = max(file["rows"], found.get(file["table"], 0))
    return found


def current_manifest(published: Path) -> dict[str, Any] | None:
    """The manifest of the current set, None when nothing was published yet."""
    path = published / "current" / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def quarantined_opportunities(warehouse: Path) -> set[str]:
    """Opportunities that are set aside: a mart with one row an opportunity refused theirs."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return {row[0] for row in connection.execute(f"select distinct opportunity_id from ({_ASIDE})").fetchall()}


_ASIDE = (
    "select opportunity_id from quality.quarantine where opportunity_id is not null "
    "and row_key = to_json({'opportunity_id': opportunity_id})::varchar"
)


def _tables(
    connection: duckdb.DuckDBPyConnection, project: Project, timezone: str, as_of: datetime
) -> dict[str, tuple[pa.Table, Model]]:
    tables: dict[str, tuple[pa.Table, Model]] = {}
    for model in project.models:
        where = _published_rows(model)
        for profile, file in model.publish.items():
            table = (
                powerbi_table(connection, model, where, timezone)
                if profile == "powerbi"
                else curated_table(connection, model, where)
            )
            tables[f"{FOLDERS[profile]}/{file}"] = (table, model)
    control = [
        {
            "table_name": name.removeprefix("powerbi/"),
            "row_count": len(table),
            "contract_version": model.version,
            "as_of": as_of,
            "quarantined_count": _count(connection, "quality.quarantine where table_name = ?", model.table),
            "failed_check_count": _count(
                connection, "quality.results where table_name = ? and not is_passed", model.table
            ),
        }
        for name, (table, model) in sorted(tables.items())
        if name.startswith("powerbi/")
    ]
    schema = pa.schema([(column.name, column.type.arrow) for column in _CONTROL])
    connection.register("control", pa.Table.from_pylist(control, schema=schema))
    for own in _OWN:
        source = own if own.name != "control" else _own_control(own)
        table = powerbi_table(
            connection,
            source,
            f"{source.table}.table_name like '{_LOOKED_AT}'" if own.name != "control" else "true",
            timezone,
        )
        tables[f"powerbi/{_OWN_FILES[own.name]}"] = (table, own)
    return tables


_LOOKED_AT = "marts.%"  # inner tables grow with every crawl, also when nothing that is published changes


def _own_control(model: Model) -> Model:
    return Model(
        "temp", "control", model.path, "", 0, model.description, model.grain, model.columns, (), {}, model.version, ()
    )


def _published_rows(model: Model) -> str:
    """A condition that leaves the quarantined rows of a mart, and all rows of quarantined opportunities, out."""
    key = ", ".join(f'"{column}" := {model.table}."{column}"' for column in model.grain)
    own = (
        f"to_json(struct_pack({key}))::varchar not in "
        f"(select row_key from quality.quarantine where table_name = '{model.table}')"
    )
    if "opportunity_id" in model.column_names:
        return f"{own} and coalesce({model.table}.opportunity_id not in ({_ASIDE}), true)"
    return own


def _count(connection: duckdb.DuckDBPyConnection, of: str, table: str) -> int:
    return connection.execute(f"select count(*) from {of}", [table]).fetchall()[0][0]


def _check_summary(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    passed, warnings, errors = connection.execute(
        "select count(*) filter (is_passed), count(*) filter (not is_passed and severity = 'warning'), "
        "count(*) filter (not is_passed and severity = 'error') from quality.results"
    ).fetchall()[0]
    return {"passed": passed, "warnings": warnings, "row_errors": errors}


def _content_hash(tables: dict[str, tuple[pa.Table, Model]]) -> str:
    digest = hashlib.sha256()
    for name, (table, model) in sorted(tables.items()):
        digest.update(f"{name}|{model.version}|{table.schema.to_string(show_field_metadata=True)}\n".encode())
        sink = io.BytesIO()  # Parquet, since Arrow's own bytes hold whatever lies under a null
        write_parquet(table, sink)
        digest.update(sink.getvalue())
    return digest.hexdigest()[:16]


def _copy_powerbi(source: Path, target: Path) -> None:
    names = sorted((path.name for path in source.iterdir()), key=lambda name: (name == "control.parquet", name))
    for name in names:
        if not (target / name).is_file() or (target / name).read_bytes() != (source / name).read_bytes():
            with atomic_path(target / name, "powerbi") as temporary:
                shutil.copyfile(source / name, temporary)
    for path in target.glob("*.parquet"):
        if path.name not in names:
            path.unlink()


def _prune(sets: Path, current: str) -> None:
    folders = [path for path in sets.iterdir() if path.is_dir() and not path.name.startswith(".")]
    old = sorted((path for path in folders if path.name != current), key=lambda path: path.stat().st_mtime)
    for path in old[: max(0, len(folders) - KEPT_SETS)]:
        shutil.rmtree(path)
    for leftover in sets.glob(".*.tmp"):
        shutil.rmtree(leftover)


def read_published(published: Path, name: str) -> pa.Table:
    """A table of the current set, e.g. ``curated/opportunities``. Raises FileNotFoundError."""
    return pq.read_table((published / "current").resolve() / f"{name}.parquet")
