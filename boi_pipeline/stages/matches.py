"""The matching stage: today's items put together into opportunities, and new ones numbered in the register.

Hands notices, readings, people's answers and a model's opinions to the matching room; knows no Dagster and no terminal.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from boi_pipeline.records import (
    Decision,
    Identity,
    IdentityItem,
    Match,
    MatchConflict,
    MatchOpinion,
    MatchQuestion,
    Reading,
    Redirect,
    Relation,
)
from boi_pipeline.stages.opinions import Asking, adviser_of, keep
from boi_pipeline.stages.readings import counted_readings, processes
from boi_pipeline.stages.run import Run, notices
from scrapers.archive import crawl_records
from scrapers.notice import Notice
from scrapers.tabular import write_records

if TYPE_CHECKING:
    from boi_pipeline.editorial.ledger import Ledger
    from boi_pipeline.matching.opinions import Advised
    from boi_pipeline.matching.workbench import Workbench


@dataclass(frozen=True)
class MatchSummary:
    """What matching gave."""

    item_count: int
    opportunity_count: int
    minted_count: int
    redirected_count: int
    compared_count: int = 0  # pairs that were not compared on an earlier day
    near_count: int = 0  # pairs of neighbours across languages
    embedding: str | None = None  # the model that found neighbours; None: not looked for
    conflicts: list[MatchConflict] = field(default_factory=list)
    questions: list[MatchQuestion] = field(default_factory=list)
    opinions: list[MatchOpinion] = field(default_factory=list)  # those that counted today
    asking: Asking = field(default_factory=Asking)


def match(run: Run) -> MatchSummary:
    """Put today's items into opportunities, number new ones in the register, and keep the derived matches."""
    with run.ledger() as ledger, bench_in(run, run.home.matches) as bench:
        summary, matches, relations = register(run, ledger, bench, asks=True)
    write_records(run.home.matches / "matches.parquet", matches, Match, "matches")
    write_records(run.home.matches / "relations.parquet", relations, Relation, "relations")
    write_records(run.home.matches / "questions.parquet", summary.questions, MatchQuestion, "questions")
    write_records(run.home.matches / "conflicts.parquet", summary.conflicts, MatchConflict, "conflicts")
    return summary


def register(
    run: Run, ledger: "Ledger", bench: "Workbench | None" = None, *, asks: bool = False
) -> tuple[MatchSummary, list[Match], list[Relation]]:
    """Match today's items against a ledger's register, and number in it what is new.

    ``bench`` keeps from day to day what was compared; None compares everything anew. ``asks``: also ask the entity's language
    model, and keep what it says; nothing else is written.
    """
    from boi_pipeline.matching.register import ask, assign, describe, relate, report

    with nullcontext(bench) if bench else bench_aside(run, ["vectors.duckdb"]) as bench:
        advised, asking = compared(run, ledger, bench, asks=asks)
        near_count, embedding = bench.near_count, bench.embedding
    result = advised.result
    registered = ledger.rows(IdentityItem)
    change = assign(
        result.clusters,
        ledger.rows(Identity),
        registered,
        ledger.rows(Redirect),
        run.as_of,
        run.entity.file.code_prefix,
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
        opinions=advised.opinions,
        asking=asking,
    )
    return summary, describe(result, change.opportunity_of, identities), relations


@contextmanager
def bench_in(run: Run, folder: Path) -> "Iterator[Workbench]":
    """The workbench kept in a folder. Where the embedding model is installed and the entity's reader is not pinned to
    rules, it finds neighbours across languages too, by vectors kept beside it."""
    from boi_pipeline.matching.neighbours import Embedding, Vectors
    from boi_pipeline.matching.workbench import Workbench
    from boi_pipeline.reading.offline.embedding import embedder, version

    embed = None if run.entity.file.reader.rules_only else embedder()
    with ExitStack() as stack:
        vectors = None
        if embed is not None:
            vectors = stack.enter_context(Vectors(Embedding(version(), embed), folder / "vectors.duckdb"))
        yield stack.enter_context(Workbench(folder / "workbench.duckdb", vectors))


@contextmanager
def bench_aside(run: Run, kept: Sequence[str]) -> "Iterator[Workbench]":
    """A workbench for a look, thrown away afterwards, begun with copies of these files of the home's ``matches``."""
    with tempfile.TemporaryDirectory() as folder:
        for name in kept:
            if (own := run.home.matches / name).is_file():
                shutil.copyfile(own, Path(folder) / name)
        with bench_in(run, Path(folder)) as bench:
            yield bench


def compared(
    run: Run,
    ledger: "Ledger",
    bench: "Workbench",
    more: Sequence[tuple[Notice, Reading]] = (),
    *,
    asks: bool = False,
) -> "tuple[Advised, Asking]":
    """Today's items, and ``more`` that are not kept yet, put together on a bench. ``asks`` as for ``register``."""
    from boi_pipeline.matching.items import match_item, redirects_of
    from boi_pipeline.matching.opinions import match_advised

    first_seen: dict[str, datetime] = {}
    newest: dict[str, Notice] = {}
    for notice in [*notices(run), *(notice for notice, _ in more)]:
        first_seen.setdefault(notice.item_id, notice.fetched_at)
        newest[notice.item_id] = notice
    readings = counted_readings(run.entity, run.home, newest.values(), run.llm)
    readings |= {reading.notice_id: reading for _, reading in more}
    answers = _answers(run, ledger, set(newest))
    known = {row.item_id for row in ledger.rows(IdentityItem)}
    visits = (one for record in crawl_records(run.home.folder) if record.as_of <= run.as_of for one in record.rechecks)
    redirects = redirects_of(visits)
    items = (
        match_item(notice, readings.get(notice.notice_id), first_seen[item_id], redirects)
        for item_id, notice in newest.items()
        if item_id in known or _may_be_opportunity(readings.get(notice.notice_id))
    )
    bench.load(items, partial(processes, spared=1))  # this one works too
    adviser = adviser_of(run, newest, asks=asks)
    advised = match_advised(bench, answers, None if adviser.is_silent else adviser)
    if asks:
        keep(run, adviser)
    return advised, adviser.asking


def _may_be_opportunity(reading: Reading | None) -> bool:
    """What is read as an opportunity, and what a person has to look at to tell."""
    return reading is not None and bool(reading.is_opportunity or "is_opportunity" in reading.unclear)


def _answers(run: Run, ledger: "Ledger", items: set[str]) -> list[Decision]:
    """People's same / not_same answers; those of the entity's file are given first, once their items are known."""
    from boi_pipeline.editorial.decision_file import apply_decision_file, load_decision_file

    if path := run.entity.decisions_path:
        entries = [entry for entry in load_decision_file(path) if entry.items and items.issuperset(entry.items)]
        apply_decision_file(ledger, entries, lambda _: None, run.as_of, run.entity.zone)
    return [one for one in ledger.rows(Decision, as_of=run.as_of) if one.action in ("same", "not_same")]
