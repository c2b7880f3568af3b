"""What every module of this folder shares: the entity of this deployment, and the ``Run`` of a Dagster run.

The environment is read when the code location loads (``location``), never at import.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, wraps
from inspect import isgeneratorfunction
from typing import Any, TypeVar, cast

import dagster as dg

from boi_pipeline.entity import Entity
from boi_pipeline.lock import held, is_alive, this_process
from boi_pipeline.settings import Settings, settings
from boi_pipeline.stages.run import Run, instant_of, load_models
from boi_pipeline.told import sentence_of
from boi_pipeline.warehouse.contract import Project
from scrapers.loader import load_sources
from scrapers.source import Source

AS_OF_TAG = "boi/as_of"
REREAD_TAG = "boi/reread"
REBUILD_TAG = "boi/rebuild"
PROCESS_TAG = "boi/process"
DATA_TEAM = ["team:datos"]
EDITORS = ["team:edicion"]
Step = TypeVar("Step", bound=Callable[..., Any])


@dataclass(frozen=True)
class Location:
    """What one deployment serves."""

    settings: Settings
    entity: Entity
    sources: list[Source]
    project: Project


@cache
def location() -> Location:
    """The deployment's entity, sources and models. Raises ConfigError, so that nothing runs on a broken file."""
    found = settings()
    entity = found.entity()
    return Location(found, entity, load_sources(entity.sources_folder), load_models(entity, found.home()))


def run_of(context: dg.AssetExecutionContext | dg.AssetCheckExecutionContext) -> Run:
    """The ``Run`` of a Dagster run, with the home's lock held by this process until it ends.

    ``as_of`` is the run's tag ``boi/as_of``, else the instant the run was created: the same for all its steps.
    """
    here = location()
    tag = context.run.tags.get(AS_OF_TAG)
    if tag:
        as_of = datetime.fromisoformat(tag)
    else:
        record = context.instance.get_run_record_by_id(context.run.run_id)
        now = record.create_timestamp if record else datetime.now(UTC)
        as_of = instant_of(here.settings, here.entity, now=now.astimezone(UTC))
    run = Run(here.entity, here.settings.home(), as_of, context.run.run_id, here.settings.llm)
    if PROCESS_TAG not in context.run.tags and held(run.home.lock) is None:  # the first step of a run the UI started
        context.instance.add_run_tags(context.run.run_id, {PROCESS_TAG: this_process()})
    run.hold(f"Dagster run {context.run.run_id} ({context.run.job_name})")
    return run


def was_killed(run: dg.DagsterRun) -> bool:
    """Whether the process of a run that has not ended is gone: nobody will say how it ended."""
    process = run.tags.get(PROCESS_TAG)
    return process is not None and not is_alive(process)


def telling(step: Step) -> Step:
    """A step that fails with the sentence first, where its error is one that a person can act on (``told``)."""

    @contextmanager
    def told() -> Iterator[None]:
        try:
            yield
        except Exception as error:  # any may be one that a person can act on; the others go on as they are
            if isinstance(error, dg.Failure) or (sentence := sentence_of(error)) is None:
                raise
            raise dg.Failure(sentence, allow_retries=False) from error

    @wraps(step)
    def plain(*given: Any, **named: Any) -> Any:
        with told():
            return step(*given, **named)

    @wraps(step)
    def generator(*given: Any, **named: Any) -> Iterator[Any]:
        with told():
            yield from step(*given, **named)

    return cast("Step", generator if isgeneratorfunction(step) else plain)


def quoted(value: object, most: int | None = None) -> str:
    """What was written elsewhere, made harmless in Markdown: one line in code marks, of at most ``most`` characters; nothing
    where there is nothing."""
    text = " ".join(str("" if value is None else value).split()).replace("`", "'").replace("|", "¦")
    if most is not None and len(text) > most:
        text = text[: most - 1] + "…"
    return f"`{text}`" if text else ""


def listed(lines: Iterable[str]) -> dg.MarkdownMetadataValue:
    """Lines written elsewhere, one below the other: plain text runs together in the UI."""
    return dg.MetadataValue.md("\n".join(f"- {quoted(one)}" for one in lines))


def model_key(table: str) -> dg.AssetKey:
    """``marts.opportunities`` → asset ``marts/opportunities``."""
    return dg.AssetKey(table.split("."))
