"""Running the jobs on the home's own Dagster instance, so that every run shows in the UI.

The only place that starts Dagster outside its own processes. What a job does belongs to ``defs``; what is printed of
it, to ``cli``.
"""

import gc
import os
import sys
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterEventType, EventLogEntry
from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

from boi_pipeline.defs.shared import AS_OF_TAG, PROCESS_TAG, REBUILD_TAG, REREAD_TAG, model_key, was_killed
from boi_pipeline.lock import this_process
from boi_pipeline.settings import ROOT
from scrapers.files import write_text

STAGES: dict[str, dg.AssetSelection] = {
    "crawl": dg.AssetSelection.groups("sources") - dg.AssetSelection.assets("rechecks"),
    "recheck": dg.AssetSelection.assets("rechecks"),
    "read": dg.AssetSelection.groups("reading"),
    "match": dg.AssetSelection.groups("matching"),
    "models": dg.AssetSelection.groups("staging", "intermediate", "marts"),
    "set": dg.AssetSelection.groups("published"),
    "site": dg.AssetSelection.assets("site"),
}
"""What ``--only`` may name besides the two jobs: the assets of each stage."""


@dataclass(frozen=True)
class JobOutcome:
    """How a job ended."""

    job: str
    run_id: str
    success: bool
    problems: list[str]


def dagster_home(folder: Path) -> Path:
    """A DAGSTER_HOME in ``folder`` with the settings of the root's ``dagster.yaml``, and the same files as it names."""
    text = (ROOT / "dagster.yaml").read_text(encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / "dagster.yaml", text.replace(".boi/dagster", str(folder)), "dagster-home")
    return folder


def run_jobs(
    jobs: list[str],
    *,
    dagster_folder: Path,
    as_of: datetime,
    only: str | None = None,
    models: Collection[str] = (),
    reread: str = "open",
    rebuild: bool = False,
    listen: Callable[[str, EventLogEntry], None] = lambda job, entry: None,
) -> list[JobOutcome]:
    """Run jobs one after another in this process, until one fails. ``listen`` gets every event as it is logged.

    ``only``: a stage of them; ``models``: nothing but these tables, e.g. ``marts.opportunities``, and their checks.
    ``reread``: what a new version of the LLM reader reads again, "open" calls or "all". ``rebuild``: build also the
    tables that nothing has changed for.
    """
    from boi_pipeline.definitions import defs

    os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
    os.environ["DAGSTER_EVENT_BATCH_SIZE"] = "1000"  # what is planned is stored at once, before the first step
    repository = defs().get_repository_def()
    gc.freeze()  # all that is imported and defined stays to the end: the collector need not go through it each time
    tags = {
        AS_OF_TAG: as_of.isoformat(),
        REREAD_TAG: reread,
        PROCESS_TAG: this_process(),
        **({REBUILD_TAG: "all"} if rebuild else {}),
    }
    outcomes = []
    with home_instance(dagster_folder) as instance:
        end_killed_runs(instance)
        for job in jobs:
            keys = [model_key(table) for table in sorted(models)] or _stage(repository, job, only)
            outcomes.append(_run(repository, instance, job, keys, tags, listen))
            if not outcomes[-1].success:
                break
    return outcomes


def import_ahead() -> None:
    """Begin, on another core, the slow import of the gate, while this process waits for the crawl."""
    from boi_pipeline.warehouse.expectations import import_great_expectations

    # its modules import each other, and the crawl's step needs it too: two threads at once would see each other's halves
    import_module("sqlalchemy.orm")
    threading.Thread(target=import_great_expectations, name="import ahead", daemon=True).start()


def end_killed_runs(instance: dg.DagsterInstance) -> None:
    """Say of the runs whose process is gone that they failed: nobody else would, and the UI would show them at work for ever."""
    at_work = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING])
    for run in instance.get_runs(at_work):
        if was_killed(run):
            process = run.tags[PROCESS_TAG]
            instance.report_run_failed(
                run, f"Its process ({process}) ended before the run did: killed, or out of memory."
            )


def home_instance(folder: Path) -> dg.DagsterInstance:
    """The home's instance. The UI shows its runs under their jobs and on its timeline, as those it starts itself."""
    instance = dg.DagsterInstance.from_config(str(dagster_home(folder)))
    module = LoadableTargetOrigin(
        executable_path=sys.executable, module_name="boi_pipeline.definitions", working_directory=str(ROOT)
    )
    place = RemoteRepositoryOrigin(ManagedGrpcPythonEnvCodeLocationOrigin(module), SINGLETON_REPOSITORY_NAME)
    create = instance.create_run_for_job

    def created(job_def: dg.JobDefinition, **named: Any) -> dg.DagsterRun:
        return create(job_def, remote_job_origin=RemoteJobOrigin(place, job_def.name), **named)

    # executing in a process has no way to say where a run's job is found
    instance.create_run_for_job = created  # pyright: ignore[reportAttributeAccessIssue]
    return instance


def _stage(repository: dg.RepositoryDefinition, job: str, only: str | None) -> list[dg.AssetKey] | None:
    """The assets of a stage that a job has; None for the whole job."""
    if only is None:
        return None
    found = STAGES[only].resolve(repository.asset_graph)
    return sorted(found & set(repository.get_job(job).asset_layer.selected_asset_keys), key=str)


def _run(
    repository: dg.RepositoryDefinition,
    instance: dg.DagsterInstance,
    name: str,
    keys: list[dg.AssetKey] | None,
    tags: dict[str, str],
    listen: Callable[[str, EventLogEntry], None],
) -> JobOutcome:
    from dagster._core.utils import make_new_run_id

    run_id = make_new_run_id()
    instance.add_event_listener(run_id, lambda entry: listen(name, entry))
    result = repository.get_job(name).execute_in_process(
        instance=instance,
        run_id=run_id,
        asset_selection=keys,
        tags=tags,
        run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}},
        raise_on_error=False,
    )
    return JobOutcome(name, run_id, result.success, [] if result.success else _problems(result))


def _problems(result: dg.ExecuteInProcessResult) -> list[str]:
    told = []
    for event in result.all_events:
        if event.event_type == DagsterEventType.STEP_FAILURE:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            user = event.step_failure_data.user_failure_data
            text = (user.description if user else None) or (cause.message if cause else "failed")
            told.append(f"{event.step_key}: {text.strip()}")
        elif event.event_type == DagsterEventType.ASSET_CHECK_EVALUATION:
            check = event.asset_check_evaluation_data
            if not check.passed and check.blocking and check.severity == dg.AssetCheckSeverity.ERROR:
                reasons = check.metadata.get("reasons") or check.metadata.get("sample")
                told.append(
                    f"{check.asset_key.to_user_string()} · {check.check_name}: {check.description}"
                    + (f" {reasons.value}" if reasons else "")
                )
    return told
