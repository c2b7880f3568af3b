"""The warehouse stages: the kept state as raw tables, the models built and checked, the set published; and read-only access.

Passes what the other packages stored to the warehouse; knows no Dagster and no terminal.
"""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    IdentityItem,
    Match,
    MatchConflict,
    MatchOpinion,
    MatchQuestion,
    Metric,
    Outcome,
    Publication,
    Redirect,
    Relation,
    Snapshot,
)
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.readings import calls, current_readings
from boi_pipeline.stages.run import Run, iter_notices
from scrapers.archive import crawl_records, notice_files
from scrapers.notice import Notice
from scrapers.tabular import read_table

if TYPE_CHECKING:
    from boi_pipeline.warehouse.build import Build, ModelResult, RawRows
    from boi_pipeline.warehouse.contract import Project
    from boi_pipeline.warehouse.lineage_file import LineageFile
    from boi_pipeline.warehouse.publication import GateResult, PublishedSet

LEDGER_TABLES = frozenset({"decisions", "snapshots", "editions", "publications"})
"""Raw tables that people change between the two jobs: what reads them is rebuilt when an edition closes."""


class WarehouseOutdated(Exception):
    """The warehouse of a home lacks a table or column of today's models: it is to be built again."""


def raw_tables(run: Run) -> "dict[str, RawRows]":
    """The kept state as the raw tables that staging reads, as of ``run.as_of``."""
    from boi_pipeline.achieved.archive.batches import archive_sources, published_before
    from boi_pipeline.achieved.rates import rates_of
    from boi_pipeline.achieved.store import files_of, imports, rows_of
    from boi_pipeline.achieved.templates import metrics_of, outcomes_of
    from boi_pipeline.warehouse.raw import (
        RawFiles,
        raw_crawls,
        raw_entity,
        raw_rechecks,
        raw_sources,
        raw_table,
        raw_usage,
    )

    today = run.entity.today(run.as_of)
    records = [record for record in crawl_records(run.home.folder) if record.as_of <= run.as_of]
    kept = imports(run.home, run.as_of)

    outcomes = [raw_table("outcomes", outcomes_of(run.entity, today)), rows_of(run.home, kept, Outcome)]
    crawls, sightings = raw_crawls(records)
    seen = read_table(notice_files(run.home.folder), Notice)
    readings, drafts = current_readings(run.entity, run.home, iter_notices(run), run.llm)
    known = pc.call_function("less_equal", [seen["fetched_at"], pa.scalar(run.as_of, pa.timestamp("us", tz="UTC"))])
    return {
        **raw_entity(run.entity, run.as_of),
        "crawls": crawls,
        "sightings": sightings,
        "rechecks": raw_rechecks(records),
        "sources": raw_sources([*run.sources, *archive_sources(run.home, run.as_of)]),
        "notices": seen.filter(known),
        "readings": raw_table("readings", readings),
        "drafts": raw_table("drafts", drafts),
        "reader_usage": raw_usage(calls(run.home, run.as_of)),
        "archived_publications": raw_table("archived_publications", published_before(run.home, run.as_of)),
        "imports": raw_table("imports", kept),
        # years of days of every call: no Python object holds them
        "metrics": RawFiles(files_of(run.home, kept, Metric), raw_table("metrics", metrics_of(run.entity, today))),
        "outcomes": pa.concat_tables(outcomes),
        "rates": raw_table("rates", rates_of(run.entity, today)),
        "matches": read_table(existing(run.home.matches / "matches.parquet"), Match),
        "relations": read_table(existing(run.home.matches / "relations.parquet"), Relation),
        "match_questions": read_table(existing(run.home.matches / "questions.parquet"), MatchQuestion),
        "match_conflicts": read_table(existing(run.home.matches / "conflicts.parquet"), MatchConflict),
        "match_opinions": read_table(existing(run.home.matches / "opinions.parquet"), MatchOpinion),
        **ledger_tables(run),
    }


def ledger_tables(run: Run) -> dict[str, pa.Table]:
    """The ledger's raw tables, as of ``run.as_of``."""
    from boi_pipeline.warehouse.raw import raw_table

    records = {
        "identities": Identity,
        "identity_items": IdentityItem,
        "redirects": Redirect,
        "decisions": Decision,
        "snapshots": Snapshot,
        "editions": Edition,
        "publications": Publication,
    }
    with run.ledger() as ledger:
        # the whole register: what was minted later is no one's today, and does no harm
        whole = {"identities", "identity_items"}
        return {
            name: raw_table(name, ledger.rows(model, as_of=None if name in whole else run.as_of))
            for name, model in records.items()
        }


def decision_models(project: "Project") -> set[str]:
    """The models that depend on what people do, and are rebuilt when an edition closes."""
    return project.downstream({f"raw.{name}" for name in LEDGER_TABLES})


def achieved_models(project: "Project") -> set[str]:
    """The models that read imported files."""
    return project.downstream({f"raw.{name}" for name in ("imports", "metrics", "outcomes")})


def late_models(project: "Project") -> set[str]:
    """The models of the second step: those that depend on what people do, and every mart."""
    return decision_models(project) | {model.table for model in project.models if model.layer == "marts"}


def chosen_models(run: Run, expressions: list[str]) -> set[str]:
    """The tables that ``name``, ``+name``, ``name+`` and ``layer:marts`` name. Raises ConfigError."""
    from boi_pipeline.warehouse.selection import select_models

    return select_models(run.project, expressions)


def build(run: Run, select: set[str], *, fresh: bool = False) -> Iterator["ModelResult"]:
    """Build the models of ``select`` in the run's own file, beside the last good warehouse. Yields each as it comes.

    The run goes on with its own file, or with a copy of the last good warehouse, and leaves as it is what nothing has
    changed for. ``fresh`` begins with an empty file. Where there is no warehouse to go on from, and a part of the models
    was chosen, all are built: a warehouse is never a part.
    """
    from boi_pipeline.warehouse.history import history_of

    with _build_of(run, fresh=fresh) as warehouse:
        is_begun = warehouse.has_raw
        only_people = is_begun and select <= decision_models(run.project)
        warehouse.load(ledger_tables(run) if only_people else raw_tables(run))
        is_part = not is_begun and not select | late_models(run.project) >= set(run.project.by_table)
        yield from warehouse.run(history_of(run.home.published, run.as_of).rows, None if is_part else select)


def _build_of(run: Run, *, fresh: bool = False, **given: int) -> "Build":
    from boi_pipeline.warehouse.build import Build

    return Build(run.project, run.home.warehouse, run.run_id, run.vocabularies, from_current=not fresh, **given)


def lineage_file(run: Run) -> "LineageFile":
    """The column lineage of the models, as far as it was found before."""
    from boi_pipeline.warehouse.lineage_file import LineageFile

    return LineageFile(run.home.warehouse / "lineage.json", run.project)


def keep_build(run: Run) -> None:
    """Make the run's build the warehouse."""
    from boi_pipeline.warehouse import build as building

    building.keep(run.home.warehouse, run.run_id)
    building.discard_leftovers(run.home.warehouse)


def set_build_aside(run: Run) -> None:
    """Keep the run's build for inspection; the last good warehouse stays."""
    from boi_pipeline.warehouse import build as building

    building.set_aside(run.home.warehouse, run.run_id)
    building.discard_leftovers(run.home.warehouse)


def keep_unless_unchecked(run: Run) -> None:
    """Make the run's build the warehouse, unless it has marts that the gate is still to look at."""
    with _build_of(run) as warehouse:
        waiting = warehouse.builds.unchecked()
    if not waiting:
        keep_build(run)


def check(run: Run, select: set[str] | None = None) -> "GateResult":
    """Check the marts of the run's build; make it the warehouse when it passes, set it aside when not.

    Only marts that changed since the gate last looked are looked at, whether chosen or not; of the others in ``select``
    (None: all) the result tells what was found then.
    """
    from boi_pipeline.warehouse.history import history_of
    from boi_pipeline.warehouse.publication import MEMORY_LIMIT, Gate, GateResult
    from boi_pipeline.warehouse.reuse import kept_results

    history = history_of(run.home.published, run.as_of)
    warehouse_path(run)  # says what to do where there is none
    with _build_of(run, memory=MEMORY_LIMIT) as warehouse:
        path, changed = warehouse.path, warehouse.builds.to_check(history)
        others = [
            model
            for model in run.project.models
            if model.layer == "marts" and model.table not in changed and (select is None or model.table in select)
        ]
        kept = kept_results(warehouse.connection, others)
        aside = sum(built.quarantined_count for model in others if (built := warehouse.builds.known(model.table)))
    result = GateResult([], [], 0)
    if changed:
        result = Gate(path, run.project, run.vocabularies).run(history, changed)
    if result.passed:
        with _build_of(run, memory=MEMORY_LIMIT) as warehouse:
            warehouse.builds.note_checked(changed, history)
        keep_build(run)
    else:
        set_build_aside(run)
    return replace(result, results=result.results + kept, quarantined_count=result.quarantined_count + aside)


def will_check(run: Run) -> bool:
    """Whether marts are to be built and checked whatever a crawl brings: the warehouse is of another instant or made by other
    code, or there is none."""
    import duckdb

    from boi_pipeline.warehouse.build import CURRENT
    from boi_pipeline.warehouse.reuse import can_go_on_from

    path = run.home.warehouse / CURRENT
    if not path.is_file() or not can_go_on_from(path):
        return True
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute("select count(*) from raw.run where as_of = ?", [run.as_of]).fetchall() != [(1,)]


def publish_set(run: Run) -> "PublishedSet":
    """Publish the warehouse: Parquet in its profiles and the open data in every format, swapped in whole."""
    from boi_pipeline.warehouse.build import CURRENT
    from boi_pipeline.warehouse.dashboard.page import dashboard_companion
    from boi_pipeline.warehouse.data_package import describe_folder
    from boi_pipeline.warehouse.known_sets import KnownSets, given_by
    from boi_pipeline.warehouse.open_data import open_data_companions
    from boi_pipeline.warehouse.publication import publish

    described = partial(describe_folder, run.entity, run.project, run.vocabularies, run.as_of)
    notices = [source.terms for source in run.sources if source.terms]
    with run.ledger() as ledger:
        ledger_seq = ledger.seq(as_of=run.as_of)
    return publish(
        warehouse=run.home.warehouse / CURRENT,
        project=run.project,
        published=run.home.published,
        entity_id=run.entity.id,
        timezone=run.entity.file.timezone,
        as_of=run.as_of,
        ledger_seq=ledger_seq,
        code_revision=code_revision(),
        companions=[
            *open_data_companions(
                run.entity,
                run.as_of,
                notices,
                before_the_record=[described("open_data")],
            ),
            described("curated"),
            dashboard_companion(run.project, run.entity, run.as_of, run.home.warehouse / "pictures.json"),
        ],
        known=KnownSets(run.home.warehouse / "known_sets.json", *given_by(run.entity, run.as_of, notices)),
    )


def code_revision() -> str:
    """The git revision of this checkout; the package's version where there is none."""
    from importlib.metadata import version

    try:
        told = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return version("boletin-oferta-internacional")
    return told.stdout.strip()


def warehouse_path(run: Run) -> Path:
    """The warehouse to look at: the run's own build where it has one under way, else the last good one."""
    from boi_pipeline.warehouse.build import CURRENT

    own = run.home.warehouse / f"boi.{run.run_id}.duckdb"
    path = own if own.is_file() else run.home.warehouse / CURRENT
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no warehouse yet; run `boi run --only collect` first")
    return path


Ask = Callable[..., list[dict[str, Any]]]
"""A query, and what stands for its ``?``, to its rows."""


@contextmanager
def asking(run: Run) -> Iterator[Ask]:
    """The warehouse, open for several questions.

    Raises FileNotFoundError where none was built yet; asking raises WarehouseOutdated where it lacks what is asked.
    """
    import duckdb

    path = warehouse_path(run)
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")

        def ask(query: str, *values: Any) -> list[dict[str, Any]]:
            try:
                return connection.sql(query, params=values or None).to_arrow_table().to_pylist()
            except (duckdb.BinderException, duckdb.CatalogException) as error:
                missing = str(error).partition("\n")[0]
                raise WarehouseOutdated(
                    f"{path} was built by another version of this program ({missing}); run `boi run` first"
                ) from None

        yield ask


def warehouse_rows(run: Run, query: str, *values: Any) -> list[dict[str, Any]]:
    """The rows of one question; ``values`` stand for the query's ``?``. Raises as ``asking``."""
    with asking(run) as ask:
        return ask(query, *values)


def existing(path: Path) -> list[Path]:
    """The path, where there is such a file."""
    return [path] if path.is_file() else []
