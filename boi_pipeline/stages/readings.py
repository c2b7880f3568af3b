"""The reading stage: which reader an entity names, reading what is new, and which reading of a notice counts.

Joins the readers of ``reading`` with an entity and a home; knows no ``Run``, no Dagster and no terminal.
"""

import multiprocessing
import os
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from boi_pipeline.entity import Entity
from boi_pipeline.records import Draft, LlmCall, Reading, reading_input
from boi_pipeline.settings import Home, LlmSettings
from scrapers.notice import Notice
from scrapers.source import is_archived
from scrapers.yamlfile import ConfigError

if TYPE_CHECKING:
    from boi_pipeline.reading.llm.drafter import LlmDrafter
    from boi_pipeline.reading.llm.session import Session
    from boi_pipeline.reading.reader import Reader
    from boi_pipeline.reading.store import ReadSummary

Reread = Literal["open", "all"]
"""What a new version of the LLM's prompt or model reads again: open calls, or everything."""


def read_notices(
    entity: Entity,
    home: Home,
    notices: Callable[[], Iterable[Notice]],
    as_of: datetime,
    llm: LlmSettings | None,
    progress: Callable[[int], None] | None = None,
    reread: Reread = "open",
) -> "ReadSummary":
    """Read the notices that the configured reader's present version has not read yet; draft their Spanish text.

    Raises ConfigError where the entity names a reader that cannot be had.
    """
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.store import closed_before, read_new

    context, today = context_of(entity), entity.today(as_of)
    if entity.file.reader.name == "offline":
        return read_new(home, notices(), context, offline_of(entity), workers=processes, progress=progress)
    live = partial(filter, lambda one: not is_archived(one.source_id))
    archived = (one for one in notices() if is_archived(one.source_id))
    of_archive = read_new(home, archived, context, offline_of(entity), workers=processes)  # the past is not paid for
    with llm_session(entity, home, llm, as_of, again=reread == "all") as session:
        reader, drafter = llm_reader(entity, session), llm_drafter(entity, session)
        summary = read_new(
            home,
            live(notices()),
            context,
            reader,
            progress=progress,
            not_again=None if reread == "all" else lambda old: closed_before(old, today),
            after_batch=session.fold,
        )
        if drafter is not None:
            summary.drafted += _draft(entity, home, live(notices()), drafter, as_of)
        session.fold()
        summary.calls, spent = session.calls, session.purse.spent
        summary.cost_micro_usd, summary.tokens = spent.micro_usd, spent.tokens
    summary.read += of_archive.read
    summary.reused += of_archive.reused
    summary.drafted += of_archive.drafted
    return summary


def _draft(entity: Entity, home: Home, notices: Iterable[Notice], drafter: "LlmDrafter", as_of: datetime) -> int:
    """Draft what the LLM has read of calls that are still open and somebody may want to publish."""
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.store import closed_before, draft_new

    counted = counted_readings(entity, home, notices := list(notices), drafter.session.settings)
    today = entity.today(as_of)
    pairs = (
        (reading, notice)
        for notice in notices
        if (reading := counted.get(notice.notice_id))
        and reading.is_opportunity
        and not reading.fallback
        and not closed_before(reading, today)
    )
    return draft_new(home, pairs, context_of(entity), drafter)


@contextmanager
def processes(spared: int = 0) -> Iterator[Executor]:
    """A process for each core this process may use but ``spared`` of them; at least one."""
    spawned = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
    cores, given = len(os.sched_getaffinity(0)), os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = given or "1"  # each keeps to its core; numbers' libraries read it when they load
    try:
        with ProcessPoolExecutor(max(1, cores - spared), mp_context=spawned) as executor:
            yield executor
    finally:
        if given is None:
            del os.environ["OMP_NUM_THREADS"]


# ---------------------------------------------------------------- readers


def offline_of(entity: Entity) -> "Reader":
    """The entity's offline reader: rules alone where its file pins them, else with embeddings where they are installed."""
    from boi_pipeline.reading.offline.reader import offline_reader

    return offline_reader(rules_only=entity.file.reader.rules_only)


@contextmanager
def llm_session(
    entity: Entity,
    home: Home,
    llm: LlmSettings | None,
    as_of: datetime | None = None,
    *,
    again: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> "Iterator[Session]":
    """The LLM of one run, with the home's journal and the entity's budget. Raises ConfigError: no model, unknown price."""
    from boi_pipeline.reading.llm.journal import Journal
    from boi_pipeline.reading.llm.session import Session

    with Session(
        model_of(entity, llm), entity.file.reader, Journal(home.journal), as_of or now(), now, again=again
    ) as session:
        yield session


def llm_reader(entity: Entity, session: "Session") -> "Reader":
    """The LLM reader over a session, with the entity's offline reader behind it."""
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.llm.reader import LlmReader

    return LlmReader(session, context_of(entity), offline_of(entity))


def llm_drafter(entity: Entity, session: "Session") -> "LlmDrafter | None":
    """The LLM drafter over a session; None where the entity's file wants templates."""
    from boi_pipeline.reading.llm.drafter import LlmDrafter

    return LlmDrafter(session) if entity.file.reader.drafts else None


def model_of(entity: Entity, llm: LlmSettings | None) -> LlmSettings:
    """The model that the environment names. Raises ConfigError where it names none."""
    if llm is None:
        raise ConfigError(
            entity.folder / "entity.yaml",
            None,
            "reader.name",
            "llm: the environment names no model; set BOI_LLM_MODEL (and BOI_LLM_BASE_URL, BOI_LLM_API_KEY), or write offline",
        )
    return llm


def version_of(entity: Entity, llm: LlmSettings | None) -> str | None:
    """The version of the reader an entity names, without asking anybody; None where its model is not known here."""
    from boi_pipeline.reading.context import context_of

    if entity.file.reader.name == "offline":
        return offline_of(entity).version
    from boi_pipeline.reading.llm.reader import version_for  # and with it the client of models, a second of imports

    return version_for(llm.model, context_of(entity)) if llm else None


# ---------------------------------------------------------------- which reading counts


def current_readings(
    entity: Entity, home: Home, notices: Iterable[Notice], llm: LlmSettings | None
) -> tuple[list[Reading], list[Draft]]:
    """The reading that counts of each notice, by notice, and the drafts written from its facts.

    A notice that was read only with vocabularies of another day keeps that reading until it is read anew.
    """
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.drafting import draft_hash
    from boi_pipeline.reading.store import load_drafts

    context = context_of(entity)
    counted = counted_readings(entity, home, notices, llm)
    readings = [counted[key] for key in sorted(counted)]
    facts = {(one.notice_id, draft_hash(one, context)) for one in readings}
    return readings, [one for one in load_drafts(home) if (one.notice_id, one.input_hash) in facts]


def counted_readings(
    entity: Entity, home: Home, notices: Iterable[Notice], llm: LlmSettings | None
) -> dict[str, Reading]:
    """Notice → the reading that counts: the configured reader's present version, then its newest, then the offline one.

    What was read of the notice as it is given today comes before what was read with other vocabularies (architecture §6).
    """
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.store import load_readings

    context, present = context_of(entity), version_of(entity, llm)
    expected = {one.notice_id: reading_input(one, context.context_hash) for one in notices}
    configured = entity.file.reader.name

    def rank(one: Reading) -> tuple[bool, bool, bool, tuple[int, ...], str]:
        fresh = one.input_hash == expected[one.notice_id]
        return (
            one.reader == configured,
            fresh,
            one.reader_version == present,
            _numbers(one.reader_version),
            one.input_hash,
        )

    found: dict[str, Reading] = {}
    for one in load_readings(home):
        if one.notice_id in expected and (one.notice_id not in found or rank(one) > rank(found[one.notice_id])):
            found[one.notice_id] = one
    return found


def _numbers(version: str) -> tuple[int, ...]:
    """``rules-2+e5-1`` → (2, 1); ``read-3-0a1b2c3d/model`` → (3,): newer versions have higher numbers."""
    return tuple(int(number) for number in re.findall(r"(?:rules|e5|read)-(\d+)", version))


def calls(home: Home, as_of: datetime) -> list[LlmCall]:
    """Every LLM call of a home by the runs up to ``as_of``, without its answer."""
    from boi_pipeline.reading.llm.journal import load_calls

    return [call for call in load_calls(home.journal) if call.as_of <= as_of] if home.journal.is_dir() else []
