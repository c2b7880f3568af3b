"""The line, stage by stage: hands what one room made to the next. Knows the home, the entity and ``as_of``.

No Dagster and no terminal here: ``defs`` and ``cli`` are thin over these functions, and the tests call them as well.
What a stage does belongs to its room.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from boi_pipeline.entity import ROOT, Entity, Home, LlmSettings, Settings
from boi_pipeline.lock import held, hold
from boi_pipeline.readings import calls, counted_readings, current_readings, processes, read_notices
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    IdentityItem,
    Match,
    MatchConflict,
    MatchQuestion,
    Metric,
    Outcome,
    Publication,
    Reading,
    Redirect,
    Relation,
    Snapshot,
)
from scrapers.archive import crawl_records, notice_files
from scrapers.credentials import gather
from scrapers.files import remove_leftovers
from scrapers.health import Quarantine, quarantine_of, visits_by_source
from scrapers.loader import load_sources
from scrapers.notice import Notice
from scrapers.source import Source
from scrapers.tabular import read_records, read_table, write_records

if TYPE_CHECKING:
    from boi_pipeline.editorial.ledger import Ledger
    from boi_pipeline.matching.match import MatchResult
    from boi_pipeline.matching.workbench import Workbench
    from boi_pipeline.reading.store import ReadSummary
    from boi_pipeline.readings import Reread
    from boi_pipeline.warehouse.build import Build, ModelResult, RawRows
    from boi_pipeline.warehouse.contract import Project
    from boi_pipeline.warehouse.lineage_file import LineageFile
    from boi_pipeline.warehouse.publication import GateResult, PublishedSet
    from scrapers.recheck import Target
    from scrapers.runner import Crawl

MODELS = ROOT / "dbt_like_sql"
LEDGER_TABLES = frozenset({"decisions", "snapshots", "editions", "publications"})
"""Raw tables that people change between the two jobs: what reads them is rebuilt when an edition closes."""


class WarehouseOutdated(Exception):
    """The warehouse of a home lacks a table or column of today's models: it is to be built again."""


@dataclass(frozen=True)
class Line:
    """One run of the line for one entity, home and instant."""

    entity: Entity
    home: Home
    as_of: datetime  # UTC
    run_id: str
    llm: LlmSettings | None = None

    def hold(self, holder: str) -> int:
        """Take the home's lock, or keep it where this process has it, and clear what killed runs left behind.

        Returns the descriptor a child process inherits. Raises HomeLocked.
        """
        descriptor = held(self.home.lock)
        if descriptor is None:
            from boi_pipeline.warehouse.build import discard_leftovers

            descriptor = hold(self.home.lock, holder)
            remove_leftovers(self.home.folder)
            discard_leftovers(self.home.warehouse, self.run_id)  # they may have filled the disk
        return descriptor

    @cached_property
    def sources(self) -> list[Source]:
        return load_sources(self.entity.sources_folder)

    @cached_property
    def project(self) -> "Project":
        return load_models(self.entity, self.home)

    @cached_property
    def vocabularies(self) -> Mapping[str, frozenset[str]]:
        from boi_pipeline.warehouse.texts import LANGUAGES

        terms = {name: frozenset(vocabulary.terms) for name, vocabulary in self.entity.vocabularies.items()}
        return terms | {LANGUAGES: frozenset(self.entity.file.languages)}

    def check_files(self) -> None:
        """Read every file a person writes for this entity, so that a broken one stops the run before it begins.

        Raises ConfigError.
        """
        from boi_pipeline.achieved.rates import rates_of
        from boi_pipeline.achieved.templates import metrics_of, outcomes_of
        from boi_pipeline.editorial.decision_file import load_decision_file

        today = self.entity.today(self.as_of)
        _ = self.sources, self.project, metrics_of(self.entity, today), outcomes_of(self.entity, today)
        rates_of(self.entity, today)
        if self.entity.decisions_path:
            load_decision_file(self.entity.decisions_path)

    def ledger(self) -> "Ledger":
        """The ledger, open; use it as a context manager."""
        from boi_pipeline.editorial.ledger import Ledger

        self.home.folder.mkdir(parents=True, exist_ok=True)
        return Ledger.open(self.home.ledger_url)


def load_models(entity: Entity, home: Home | None = None) -> "Project":
    """The SQL models, checked against the raw tables and the entity's vocabularies. Raises ConfigError.

    ``home`` remembers what each SQL reads.
    """
    return _load_models(frozenset(entity.vocabularies), home.warehouse / "sql_reads.json" if home else None)


@cache
def _load_models(vocabularies: frozenset[str], kept: Path | None) -> "Project":
    from boi_pipeline.warehouse.contract import load_project
    from boi_pipeline.warehouse.raw import RAW_TABLES

    return load_project(MODELS, set(RAW_TABLES), set(vocabularies), kept)


def instant_of(settings: Settings, entity: Entity, day: date | None = None, now: datetime | None = None) -> datetime:
    """The instant a run stands for: the day asked for, else the setting, else now.

    An entity with a web of its own stands still at the last day that was run, first at the first day of its web.
    """
    now = now or datetime.now(UTC)
    if day is not None:
        return now if day == entity.today(now) and entity.file.web is None else entity.at(day)
    if settings.as_of is not None:
        return settings.as_of
    if entity.file.web is not None:
        crawls = crawl_records(settings.home().folder)
        return max((crawl.as_of for crawl in crawls), default=entity.at(min(entity.file.web.days)))
    return now


# ---------------------------------------------------------------- crawl


def may_crawl(line: Line, now: datetime | None = None) -> bool:
    """Whether the web can be asked for this instant: today's, or any day of an entity's own web."""
    return line.entity.file.web is not None or line.entity.today(line.as_of) >= line.entity.today(
        now or datetime.now(UTC)
    )


def quarantined(line: Line) -> dict[str, Quarantine]:
    """The sources that failed too often, and are not due to be tried again at ``as_of``."""
    visits = visits_by_source(crawl_records(line.home.folder), line.as_of)
    found = {source.id: quarantine_of(visits.get(source.id, [])) for source in line.sources}
    return {name: one for name, one in found.items() if one and not one.is_due(line.as_of)}


def crawl(line: Line, source_ids: list[str] | None, sources_folder: Path | None = None, **given: Any) -> "Crawl":
    """Start a crawl; iterate it for the result of each source.

    It visits the sources named, or all that are verified and not in quarantine; ``sources_folder`` stands for the
    entity's own, ``given`` is further of the job. The credentials these sources name come from the environment.
    """
    from scrapers.runner import CrawlJob, run_crawl

    entity = line.entity
    web = entity.file.web
    today = entity.web_day(line.as_of)
    if source_ids is None:
        resting = quarantined(line)
        source_ids = [source.id for source in line.sources if source.verified and source.id not in resting]
    sources = load_sources(sources_folder) if sources_folder else line.sources
    job = CrawlJob(
        home=line.home.folder,
        sources_folder=sources_folder or entity.sources_folder,
        source_ids=source_ids,
        as_of=line.as_of,
        languages=entity.file.languages,
        user_agent=entity.file.user_agent,
        web_folder=entity.web_folder,
        web_suffix=web.suffix if web else None,
        web_days=[web.days[day] for day in sorted(web.days) if today and day <= today] if web else [],
        politeness=web is None,
        secrets=gather([source for source in sources if source.id in source_ids], os.environ),
        **given,
    )
    return run_crawl(job, inherit_fds=[line.hold("crawl")])


def recheck_targets(line: Line) -> "list[Target]":
    """The pages and links of the published calls that are open at ``as_of``: what the re-check visits."""
    from boi_pipeline.editorial.review import review_state, snapshot_content
    from boi_pipeline.recheck import Approved, items_of, targets, to_watch

    with line.ledger() as ledger:
        publications = ledger.rows(Publication, as_of=line.as_of)
        if not publications:
            return []
        snapshots = ledger.rows(Snapshot)
        states = review_state(ledger.rows(Decision, as_of=line.as_of), snapshots)
        identity_items, redirects = ledger.rows(IdentityItem), ledger.rows(Redirect, as_of=line.as_of)
    content = {one.snapshot_sha256: one for one in snapshots}
    approved = {
        state.opportunity_id: Approved(snapshot_content(content[state.snapshot_sha256]), state.decided_at)
        for state in states.values()
        if state.snapshot_sha256 and state.decided_at
    }
    watched = to_watch(approved, publications, _open_in_warehouse(line), line.as_of, line.entity.zone)
    items = items_of(identity_items, redirects, set(watched))
    histories: dict[str, list[Notice]] = {}
    for notice in iter_notices(line):  # oldest crawl first
        if notice.item_id in items:
            histories.setdefault(notice.item_id, []).append(notice)
    return targets(watched, items, histories, {source.id for source in line.sources})


def _open_in_warehouse(line: Line) -> set[str]:
    """What the last warehouse says is open: a source may have moved a deadline since it was approved."""
    from boi_pipeline.warehouse.build import CURRENT

    if not (line.home.warehouse / CURRENT).is_file():
        return set()
    rows = warehouse_rows(line, "select opportunity_id from intermediate.int_status where status = 'open'")
    return {row["opportunity_id"] for row in rows}


def recheck(line: Line, visits: "list[Target]") -> "Crawl":
    """Start the visits of a re-check; iterate it for what came of each source's, its ``record`` has every visit."""
    return crawl(line, sorted({target.source_id for target in visits}), rechecks=visits)


def iter_notices(line: Line) -> Iterator[Notice]:
    """Every notice known at ``as_of``, file after file, so that memory does not grow with them."""
    for path in notice_files(line.home.folder):
        yield from (notice for notice in read_records([path], Notice) if notice.fetched_at <= line.as_of)


def notices(line: Line) -> list[Notice]:
    """Every notice known at ``as_of``, in the order they were seen."""
    return sorted(
        iter_notices(line),
        key=lambda notice: (notice.fetched_at, notice.crawl_id, notice.notice_id),
    )


# ---------------------------------------------------------------- read


def read(line: Line, progress: Callable[[int], None] | None = None, reread: "Reread" = "open") -> "ReadSummary":
    """Read the notices that the configured reader's present version has not read yet; draft their Spanish text."""
    return read_notices(
        line.entity, line.home, lambda: iter_notices(line), line.as_of, line.llm, progress=progress, reread=reread
    )


# ---------------------------------------------------------------- match


@dataclass(frozen=True)
class MatchSummary:
    """What matching gave."""

    item_count: int
    opportunity_count: int
    minted_count: int
    redirected_count: int
    compared_count: int = 0  # pairs that were not compared on an earlier day
    near_count: int = 0  # pairs of neighbours across languages
    embedding: str | None = None  # what neighbours were found by; None where they were not looked for
    conflicts: list[MatchConflict] = field(default_factory=list)
    questions: list[MatchQuestion] = field(default_factory=list)


def match(line: Line) -> MatchSummary:
    """Put today's items into opportunities, number new ones in the register, and keep the derived matches."""
    with line.ledger() as ledger, bench_in(line, line.home.matches) as bench:
        summary, matches, relations = register(line, ledger, bench)
    write_records(line.home.matches / "matches.parquet", matches, Match, "matches")
    write_records(line.home.matches / "relations.parquet", relations, Relation, "relations")
    write_records(line.home.matches / "questions.parquet", summary.questions, MatchQuestion, "questions")
    write_records(line.home.matches / "conflicts.parquet", summary.conflicts, MatchConflict, "conflicts")
    return summary


def register(
    line: Line, ledger: "Ledger", bench: "Workbench | None" = None
) -> tuple[MatchSummary, list[Match], list[Relation]]:
    """Match today's items against a ledger's register, and number in it what is new. Nothing else is written.

    ``bench`` keeps from day to day what was compared; None compares everything anew.
    """
    from boi_pipeline.matching.register import ask, assign, describe, relate, report

    with nullcontext(bench) if bench else bench_aside(line, ["vectors.duckdb"]) as bench:
        result = compared(line, ledger, bench)
        near_count, embedding = bench.near_count, bench.embedding
    registered = ledger.rows(IdentityItem)
    change = assign(
        result.clusters,
        ledger.rows(Identity),
        registered,
        ledger.rows(Redirect),
        line.as_of,
        line.entity.file.code_prefix,
    )
    ledger.append(change.records)
    identities = ledger.rows(Identity)
    relations = relate(result, change.opportunity_of, ledger.rows(Redirect))
    summary = MatchSummary(
        item_count=len(result.matches),
        opportunity_count=len(result.clusters),
        minted_count=len(change.identities),
        redirected_count=len(change.redirects),
        compared_count=result.compared_count,
        near_count=near_count,
        embedding=embedding,
        conflicts=report(result),
        questions=ask(result, change.opportunity_of),
    )
    return summary, describe(result, change.opportunity_of, identities), relations


@contextmanager
def bench_in(line: Line, folder: Path) -> "Iterator[Workbench]":
    """The workbench kept in a folder. Where the embedding model is installed and the entity's reader is not pinned to
    rules, it finds neighbours across languages too, by vectors kept beside it."""
    from boi_pipeline.matching.neighbours import Embedding, Vectors
    from boi_pipeline.matching.workbench import Workbench
    from boi_pipeline.reading.offline.embedding import embedder, version

    embed = None if line.entity.file.reader.rules_only else embedder()
    with ExitStack() as stack:
        vectors = None
        if embed is not None:
            vectors = stack.enter_context(Vectors(Embedding(version(), embed), folder / "vectors.duckdb"))
        yield stack.enter_context(Workbench(folder / "workbench.duckdb", vectors))


@contextmanager
def bench_aside(line: Line, kept: Sequence[str]) -> "Iterator[Workbench]":
    """A workbench for a look, thrown away afterwards, begun with copies of these files of the home's ``matches``."""
    with tempfile.TemporaryDirectory() as folder:
        for name in kept:
            if (own := line.home.matches / name).is_file():
                shutil.copyfile(own, Path(folder) / name)
        with bench_in(line, Path(folder)) as bench:
            yield bench


def compared(
    line: Line, ledger: "Ledger", bench: "Workbench", more: Sequence[tuple[Notice, Reading]] = ()
) -> "MatchResult":
    """Today's items, and ``more`` that are not kept yet, put together on a bench. Nothing else is written."""
    from boi_pipeline.matching.items import match_item, redirects_of
    from boi_pipeline.matching.match import match_on

    first_seen: dict[str, datetime] = {}
    newest: dict[str, Notice] = {}
    for notice in [*notices(line), *(notice for notice, _ in more)]:
        first_seen.setdefault(notice.item_id, notice.fetched_at)
        newest[notice.item_id] = notice
    readings = counted_readings(line.entity, line.home, newest.values(), line.llm)
    readings |= {reading.notice_id: reading for _, reading in more}
    answers = _answers(line, ledger, set(newest))
    known = {row.item_id for row in ledger.rows(IdentityItem)}
    visits = (
        one for record in crawl_records(line.home.folder) if record.as_of <= line.as_of for one in record.rechecks
    )
    redirects = redirects_of(visits)
    items = (
        match_item(notice, readings.get(notice.notice_id), first_seen[item_id], redirects)
        for item_id, notice in newest.items()
        if item_id in known or _may_be_opportunity(readings.get(notice.notice_id))
    )
    bench.load(items, partial(processes, spared=1))  # this one works too
    return match_on(bench, answers)


def _may_be_opportunity(reading: Reading | None) -> bool:
    """What is read as an opportunity, and what a person has to look at to tell."""
    return reading is not None and bool(reading.is_opportunity or "is_opportunity" in reading.unclear)


def _answers(line: Line, ledger: "Ledger", items: set[str]) -> list[Decision]:
    """People's same / not_same answers; those of the entity's file are given first, once their items are known."""
    from boi_pipeline.editorial.decision_file import apply_decision_file, load_decision_file

    if path := line.entity.decisions_path:
        entries = [entry for entry in load_decision_file(path) if entry.items and items.issuperset(entry.items)]
        apply_decision_file(ledger, entries, lambda _: None, line.as_of, line.entity.zone)
    return [one for one in ledger.rows(Decision, as_of=line.as_of) if one.action in ("same", "not_same")]


# ---------------------------------------------------------------- warehouse


def raw_tables(line: Line) -> "dict[str, RawRows]":
    """The kept state as the raw tables that staging reads, as of ``line.as_of``."""
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

    today = line.entity.today(line.as_of)
    records = [record for record in crawl_records(line.home.folder) if record.as_of <= line.as_of]
    kept = imports(line.home, line.as_of)

    outcomes = [raw_table("outcomes", outcomes_of(line.entity, today)), rows_of(line.home, kept, Outcome)]
    crawls, sightings = raw_crawls(records)
    seen = read_table(notice_files(line.home.folder), Notice)
    readings, drafts = current_readings(line.entity, line.home, iter_notices(line), line.llm)
    known = pc.call_function("less_equal", [seen["fetched_at"], pa.scalar(line.as_of, pa.timestamp("us", tz="UTC"))])
    return {
        **raw_entity(line.entity, line.as_of),
        "crawls": crawls,
        "sightings": sightings,
        "rechecks": raw_rechecks(records),
        "sources": raw_sources([*line.sources, *archive_sources(line.home, line.as_of)]),
        "notices": seen.filter(known),
        "readings": raw_table("readings", readings),
        "drafts": raw_table("drafts", drafts),
        "reader_usage": raw_usage(calls(line.home, line.as_of)),
        "archived_publications": raw_table("archived_publications", published_before(line.home, line.as_of)),
        "imports": raw_table("imports", kept),
        # years of days of every call: no Python object holds them
        "metrics": RawFiles(files_of(line.home, kept, Metric), raw_table("metrics", metrics_of(line.entity, today))),
        "outcomes": pa.concat_tables(outcomes),
        "rates": raw_table("rates", rates_of(line.entity, today)),
        "matches": read_table(existing(line.home.matches / "matches.parquet"), Match),
        "relations": read_table(existing(line.home.matches / "relations.parquet"), Relation),
        "match_questions": read_table(existing(line.home.matches / "questions.parquet"), MatchQuestion),
        "match_conflicts": read_table(existing(line.home.matches / "conflicts.parquet"), MatchConflict),
        **ledger_tables(line),
    }


def ledger_tables(line: Line) -> dict[str, pa.Table]:
    """The ledger's raw tables, as of ``line.as_of``."""
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
    with line.ledger() as ledger:
        # the whole register: what was minted later is no one's today, and does no harm
        whole = {"identities", "identity_items"}
        return {
            name: raw_table(name, ledger.rows(model, as_of=None if name in whole else line.as_of))
            for name, model in records.items()
        }


def decision_models(project: "Project") -> set[str]:
    """The models that depend on what people do, and are rebuilt when an edition closes."""
    return project.downstream({f"raw.{name}" for name in LEDGER_TABLES})


def achieved_models(project: "Project") -> set[str]:
    """The models that tell what was handed in."""
    return project.downstream({f"raw.{name}" for name in ("imports", "metrics", "outcomes")})


def late_models(project: "Project") -> set[str]:
    """The models of the second step: those that depend on what people do, and every mart."""
    return decision_models(project) | {model.table for model in project.models if model.layer == "marts"}


def chosen_models(line: Line, expressions: list[str]) -> set[str]:
    """The tables that ``name``, ``+name``, ``name+`` and ``layer:marts`` name. Raises ConfigError."""
    from boi_pipeline.warehouse.selection import select_models

    return select_models(line.project, expressions)


def build(line: Line, select: set[str], *, fresh: bool = False) -> Iterator["ModelResult"]:
    """Build the models of ``select`` in the run's own file, beside the last good warehouse. Yields each as it comes.

    The run goes on with its own file, or with a copy of the last good warehouse, and leaves as it is what nothing has
    changed for. ``fresh`` begins with an empty file. Where there is no warehouse to go on from, and a part of the models
    was chosen, all are built: a warehouse is never a part.
    """
    from boi_pipeline.warehouse.history import history_of

    with _build_of(line, fresh=fresh) as warehouse:
        is_begun = warehouse.has_raw
        only_people = is_begun and select <= decision_models(line.project)
        warehouse.load(ledger_tables(line) if only_people else raw_tables(line))
        is_part = not is_begun and not select | late_models(line.project) >= set(line.project.by_table)
        yield from warehouse.run(history_of(line.home.published, line.as_of).rows, None if is_part else select)


def _build_of(line: Line, *, fresh: bool = False, **given: int) -> "Build":
    from boi_pipeline.warehouse.build import Build

    return Build(line.project, line.home.warehouse, line.run_id, line.vocabularies, from_current=not fresh, **given)


def lineage_file(line: Line) -> "LineageFile":
    """The column lineage of the models, as far as it was found before."""
    from boi_pipeline.warehouse.lineage_file import LineageFile

    return LineageFile(line.home.warehouse / "lineage.json", line.project)


def keep_build(line: Line) -> None:
    """Make the run's build the warehouse."""
    from boi_pipeline.warehouse import build as building

    building.keep(line.home.warehouse, line.run_id)
    building.discard_leftovers(line.home.warehouse)


def set_build_aside(line: Line) -> None:
    """Leave the run's build for a look; the last good warehouse stays."""
    from boi_pipeline.warehouse import build as building

    building.set_aside(line.home.warehouse, line.run_id)
    building.discard_leftovers(line.home.warehouse)


def keep_unless_unchecked(line: Line) -> None:
    """Make the run's build the warehouse, unless it has marts that the gate is still to look at."""
    with _build_of(line) as warehouse:
        waiting = warehouse.builds.unchecked()
    if not waiting:
        keep_build(line)


def check(line: Line, select: set[str] | None = None) -> "GateResult":
    """Check the marts of the run's build; make it the warehouse when it passes, set it aside when not.

    Only marts that changed since the gate last looked are looked at, whether chosen or not; of the others in ``select``
    (None: all) the result tells what was found then.
    """
    from boi_pipeline.warehouse.history import history_of
    from boi_pipeline.warehouse.publication import MEMORY_LIMIT, Gate, GateResult
    from boi_pipeline.warehouse.reuse import kept_results

    history = history_of(line.home.published, line.as_of)
    warehouse_path(line)  # says what to do where there is none
    with _build_of(line, memory=MEMORY_LIMIT) as warehouse:
        path, changed = warehouse.path, warehouse.builds.to_check(history)
        others = [
            model
            for model in line.project.models
            if model.layer == "marts" and model.table not in changed and (select is None or model.table in select)
        ]
        kept = kept_results(warehouse.connection, others)
        aside = sum(built.quarantined_count for model in others if (built := warehouse.builds.known(model.table)))
    result = GateResult([], [], 0)
    if changed:
        result = Gate(path, line.project, line.vocabularies).run(history, changed)
    if result.passed:
        with _build_of(line, memory=MEMORY_LIMIT) as warehouse:
            warehouse.builds.note_checked(changed, history)
        keep_build(line)
    else:
        set_build_aside(line)
    return replace(result, results=result.results + kept, quarantined_count=result.quarantined_count + aside)


def publish_set(line: Line) -> "PublishedSet":
    """Publish the warehouse: Parquet in its profiles and the open data in every format, swapped in whole."""
    from boi_pipeline.warehouse.build import CURRENT
    from boi_pipeline.warehouse.dashboard.page import dashboard_companion
    from boi_pipeline.warehouse.data_package import describe_folder
    from boi_pipeline.warehouse.open_data import open_data_companions
    from boi_pipeline.warehouse.publication import publish

    described = partial(describe_folder, line.entity, line.project, line.vocabularies, line.as_of)
    with line.ledger() as ledger:
        ledger_seq = ledger.seq(as_of=line.as_of)
    return publish(
        warehouse=line.home.warehouse / CURRENT,
        project=line.project,
        published=line.home.published,
        entity_id=line.entity.id,
        timezone=line.entity.file.timezone,
        as_of=line.as_of,
        ledger_seq=ledger_seq,
        code_revision=code_revision(),
        companions=[
            *open_data_companions(
                line.entity,
                line.as_of,
                [source.terms for source in line.sources if source.terms],
                before_the_record=[described("open_data")],
            ),
            described("curated"),
            dashboard_companion(line.project, line.entity, line.as_of, line.home.warehouse / "pictures.json"),
        ],
    )


def code_revision() -> str:
    """The git revision of this checkout; the package's version where there is none."""
    from importlib.metadata import version

    try:
        told = subprocess.run(["git", "-C", str(ROOT), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return version("boletin-oferta-internacional")
    return told.stdout.strip()


# ---------------------------------------------------------------- the warehouse, to look at


def warehouse_path(line: Line) -> Path:
    """The warehouse to look at: the run's own build where it has one under way, else the last good one."""
    from boi_pipeline.warehouse.build import CURRENT

    own = line.home.warehouse / f"boi.{line.run_id}.duckdb"
    path = own if own.is_file() else line.home.warehouse / CURRENT
    if not path.is_file():
        raise FileNotFoundError(f"{path}: no warehouse yet; run `boi run --only collect` first")
    return path


def warehouse_rows(line: Line, query: str, *values: Any) -> list[dict[str, Any]]:
    """Rows of the warehouse; ``values`` stand for the query's ``?``.

    Raises FileNotFoundError where none was built yet, WarehouseOutdated where it lacks what is asked.
    """
    import duckdb

    path = warehouse_path(line)
    with duckdb.connect(str(path), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'; set enable_progress_bar = false")
        try:
            return connection.sql(query, params=values or None).to_arrow_table().to_pylist()
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            missing = str(error).partition("\n")[0]
            raise WarehouseOutdated(
                f"{path} was built by another version of this program ({missing}); run `boi run` first"
            ) from None


def existing(path: Path) -> list[Path]:
    """The path, where there is such a file."""
    return [path] if path.is_file() else []
