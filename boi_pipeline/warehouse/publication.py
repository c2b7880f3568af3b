"""The published set: everything others read, written whole, named by its content, swapped by rename.

``published/sets/<set_id>/`` is immutable; ``published/current`` points at the newest; ``published/powerbi/`` is the
stable folder analysts open, copied file by file with ``control`` last. A set that fails its checks never gets here.
"""

import filecmp
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from boi_pipeline.warehouse.checks import CheckResult, Vocabularies, quarantine, record, too_much_quarantine
from boi_pipeline.warehouse.contract import FOLDERS, Model, Profile, Project
from boi_pipeline.warehouse.dictionary import DICTIONARY, dictionary_table
from boi_pipeline.warehouse.engine import connect
from boi_pipeline.warehouse.expectations import Expectations
from boi_pipeline.warehouse.history import History
from boi_pipeline.warehouse.known_sets import TOLD_RESULTS, KnownSets
from boi_pipeline.warehouse.own_tables import CHECK_RESULTS, CONTROL, QUARANTINE
from boi_pipeline.warehouse.profiles import stamp, write_table
from scrapers.files import atomic_path, file_sha256, pending_folder, remove_leftovers, replace_symlink

KEPT_SETS = 7
MEMORY_LIMIT = 1500 << 20  # bytes of DuckDB, which spills beyond it; a row group or a data frame comes on top
MANIFEST = "manifest.json"

# What adds files to a set that are not tables (CSV, JSON, a workbook). Given the set's folder in the making, with all its
# Parquet files, it writes below it: the same bytes for the same tables, streamed. Power BI files are stamped with the
# set only afterwards: a companion may read them, but must not write down their size, hash or ``set_id``.
Companion = Callable[[Path], None]


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

    def run(self, history: History, select: set[str] | None = None) -> "GateResult":
        """Check the marts of ``select`` (None: all), set failing rows aside, and say what stops publication.

        ``history``: what is usual in the sets published before. What is not selected keeps the results and the
        quarantine of its last check.
        """
        expectations = Expectations()
        marts = [m for m in self._project.models if m.layer == "marts" and (select is None or m.table in select)]
        found: dict[str, list[CheckResult]] = {}
        reasons: list[str] = []
        quarantined = 0
        with connect(self._path, most=MEMORY_LIMIT) as connection:
            for mart in marts:  # in no transaction: a check that DuckDB cannot compute would end it
                last_rows, shares = history.rows.get(mart.table), history.shares.get(mart.table)
                found[mart.table] = list(expectations.run(connection, mart, self._vocabularies, last_rows, shares))
            connection.execute("begin")
            for table in ("quality.results", "quality.quarantine"):
                connection.execute(f"delete from {table} where list_contains(?, table_name)", [list(found)])
            for mart in marts:
                count = quarantine(connection, mart, found[mart.table], remove=False)
                quarantined += count
                if reason := too_much_quarantine(connection, mart, count):
                    reasons.append(reason)
                stopping = [result for result in found[mart.table] if result.stops]
                reasons += [f"{mart.table}: {one.check.name}: {one.error or one.failed_count}" for one in stopping]
            results = [result for mart in marts for result in found[mart.table]]
            record(connection, results)
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
    companions: Sequence[Companion] = (),
    known: KnownSets | None = None,
) -> PublishedSet:
    """Write the set of a warehouse that passed its gate, and make it the current one.

    ``companions`` are called in order, after the tables are written. Same content, same ``set_id``: then the set that
    is there stays as it is; where it is ``known`` what the set would be, nothing is written. Everything that takes room
    on the disk is written before anything a reader sees changes; on an error the old set stays. Memory does not grow with
    the number of rows.
    """
    sets = published / "sets"
    published.mkdir(parents=True, exist_ok=True)
    remove_leftovers(published)  # of a killed publication, which may have filled the disk
    made_from = ""
    if known is not None:
        with _opened(warehouse) as connection:
            made_from = known.made_from(connection, project)
        if (name := known.name_of(made_from)) and (sets / name / MANIFEST).is_file():
            with _powerbi_copied(sets / name / FOLDERS["powerbi"], published / "powerbi"):
                _make_current(published, sets / name)
            _prune(sets, name)
            return PublishedSet(name, sets / name, False, _rows_in(sets / name))
    with pending_folder(sets, "set", "set") as pending:
        with _opened(warehouse) as connection:
            tables = _write_tables(connection, project, pending.path, timezone, as_of)
            summary = _check_summary(connection)
        for companion in companions:
            companion(pending.path)
        digests = {
            str(path.relative_to(pending.path)): file_sha256(path)
            for path in sorted(pending.path.rglob("*"))
            if path.is_file()
        }
        set_id = hashlib.sha256(json.dumps(digests, sort_keys=True).encode()).hexdigest()[:16]
        folder = sets / set_id
        is_new = not folder.exists()
        if is_new:
            for path in sorted((pending.path / FOLDERS["powerbi"]).glob("*.parquet")):
                stamp(path, set_id)
                digests[str(path.relative_to(pending.path))] = file_sha256(path)
            manifest = {
                "set_id": set_id,
                "entity_id": entity_id,
                "as_of": as_of.isoformat(),
                "ledger_seq": ledger_seq,
                "code_revision": code_revision,
                "checks": summary,
                "files": {
                    name: {"bytes": (pending.path / name).stat().st_size, "sha256": digest, **tables.get(name, {})}
                    for name, digest in digests.items()
                },
            }
            text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
            (pending.path / MANIFEST).write_text(text, encoding="utf-8")
        with _powerbi_copied((pending.path if is_new else folder) / FOLDERS["powerbi"], published / "powerbi"):
            if is_new:
                pending.keep_as(folder)
            _make_current(published, folder)
    _prune(sets, set_id)
    if known is not None:
        known.note(made_from, set_id)
    rows = {name.removesuffix(".parquet"): told["rows"] for name, told in tables.items()}
    return PublishedSet(set_id, folder, is_new, rows)


def _opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(warehouse), read_only=True)
    connection.execute(
        f"set TimeZone = 'UTC'; set threads to 2; set enable_progress_bar = false; set memory_limit = '{MEMORY_LIMIT >> 20}MiB'"
    )
    return connection


def _make_current(published: Path, folder: Path) -> None:
    """Let readers find a set that is whole."""
    os.utime(folder)  # published again: it counts as recent when old sets go
    current, to = published / "current", f"sets/{folder.name}"
    if not current.is_symlink() or str(current.readlink()) != to:
        replace_symlink(current, to, "current")


def _rows_in(folder: Path) -> dict[str, int]:
    files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    return {name.removesuffix(".parquet"): told["rows"] for name, told in files.items() if "rows" in told}


def current_manifest(published: Path) -> dict[str, Any] | None:
    """The manifest of the current set, None when nothing was published yet."""
    path = published / "current" / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


@dataclass(frozen=True)
class SetAside:
    """One reason why an opportunity is set aside: the check that failed, and what it says to do."""

    opportunity_id: str
    table: str
    check: str
    advice: str


def quarantined_opportunities(warehouse: Path) -> list[SetAside]:
    """Opportunities that are set aside, and why: a mart with one row an opportunity refused theirs."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        query = f"select distinct opportunity_id, table_name, check_name, advice from quality.quarantine where {_OWN_ROW} order by all"
        return [SetAside(*row) for row in connection.execute(query).fetchall()]


_OWN_ROW = "opportunity_id is not null and row_key = to_json({'opportunity_id': opportunity_id})::varchar"
_ASIDE = f"select opportunity_id from quality.quarantine where {_OWN_ROW}"


def _write_tables(
    connection: duckdb.DuckDBPyConnection, project: Project, folder: Path, timezone: str, as_of: datetime
) -> dict[str, dict[str, Any]]:
    """Write every table in its profiles below ``folder``, one after another. Returns file → what the manifest says of it."""
    written: dict[str, dict[str, Any]] = {}
    aside = _counts(connection, "quality.quarantine")
    failed = _counts(connection, "quality.results where not is_passed")

    def write(model: Model, profile: Profile, file: str, where: str) -> None:
        name = f"{FOLDERS[profile]}/{file}.parquet"
        rows = write_table(connection, model, profile, where, timezone, folder / name)
        written[name] = {"rows": rows, "table": model.table, "contract_version": model.version}

    for model in project.models:
        where = _published_rows(model, model.table in aside) if model.publish else ""
        for profile, file in model.publish.items():
            write(model, profile, file, where)
    control = [
        {
            "table_name": name.removeprefix("powerbi/").removesuffix(".parquet"),
            "row_count": told["rows"],
            "contract_version": told["contract_version"],
            "as_of": as_of,
            "quarantined_count": aside.get(told["table"], 0),
            "failed_check_count": failed.get(told["table"], 0),
        }
        for name, told in sorted(written.items())
        if name.startswith("powerbi/")
    ]
    schema = pa.schema([(column.name, column.type.arrow) for column in CONTROL.columns])
    connection.register("dictionary", dictionary_table(project))
    for profile, file in DICTIONARY.publish.items():
        write(DICTIONARY, profile, file, "true")
    connection.register("control", pa.Table.from_pylist(control, schema=schema))
    write(CONTROL, "powerbi", "control", "true")
    connection.execute(f"create or replace temp view check_results as {TOLD_RESULTS}")
    write(CHECK_RESULTS, "powerbi", "check_results", "true")
    write(QUARANTINE, "powerbi", "quarantine", "true")
    return written


def _published_rows(model: Model, has_rows_aside: bool) -> str:
    """A condition that leaves the quarantined rows of a mart, and all rows of quarantined opportunities, out."""
    conditions = []
    if has_rows_aside:  # else its keys need not be written out
        key = ", ".join(f'"{column}" := {model.table}."{column}"' for column in model.grain)
        conditions.append(
            f"to_json(struct_pack({key}))::varchar not in "
            f"(select row_key from quality.quarantine where table_name = '{model.table}')"
        )
    if "opportunity_id" in model.column_names:
        conditions.append(f"coalesce({model.table}.opportunity_id not in ({_ASIDE}), true)")
    return " and ".join(conditions) or "true"


def _counts(connection: duckdb.DuckDBPyConnection, of: str) -> dict[str, int]:
    """Table → its rows among these."""
    return dict(connection.execute(f"select table_name, count(*) from {of} group by all").fetchall())


def _check_summary(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    passed, warnings, errors = connection.execute(
        "select count(*) filter (is_passed), count(*) filter (not is_passed and severity = 'warning'), "
        "count(*) filter (not is_passed and severity = 'error') from quality.results"
    ).fetchall()[0]
    return {"passed": passed, "warnings": warnings, "row_errors": errors}


@contextmanager
def _powerbi_copied(source: Path, target: Path) -> Iterator[None]:
    """Copy what changed beside the files analysts open; on success of the block rename it into place, ``control`` last."""
    names = sorted((path.name for path in source.iterdir()), key=lambda name: (name != "control.parquet", name))
    with ExitStack() as renames:  # undone in the opposite order: control, which comes first here, is renamed last
        for name in names:
            if (target / name).is_file() and filecmp.cmp(source / name, target / name, shallow=False):
                continue
            temporary = renames.enter_context(atomic_path(target / name, "powerbi"))
            shutil.copyfile(source / name, temporary)
            with open(temporary, "rb") as copied:
                os.fsync(copied.fileno())  # a full disk must show before anything is renamed
        yield
    for path in target.glob("*.parquet"):
        if path.name not in names:
            path.unlink()


def _prune(sets: Path, current: str) -> None:
    folders = [path for path in sets.iterdir() if path.is_dir() and not path.name.startswith(".")]
    old = sorted((path for path in folders if path.name != current), key=lambda path: path.stat().st_mtime)
    for path in old[: max(0, len(folders) - KEPT_SETS)]:
        # by a name that is a leftover's: half a set must not be taken for one
        shutil.rmtree(path.rename(sets / f".{path.name}.tmp"))


def read_published(published: Path, name: str) -> pa.Table:
    """A table of the current set, e.g. ``curated/opportunities``. Raises FileNotFoundError."""
    return pq.read_table((published / "current").resolve() / f"{name}.parquet")
