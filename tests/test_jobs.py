"""The jobs have the steps that the architecture page names, each once."""

from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from boi_pipeline.definitions import defs

STEPS = {
    "collect": {
        "crawl",
        "rechecks",
        "readings",
        "matches",
        "take_in",
        "models",
        "decision_models",
        "gate",
        "published",
    },
    "inbox": {"take_in", "models", "decision_models", "gate", "published"},
    "publish": {"decisions", "edition", "decision_models", "gate", "published", "site", "outbox", "deliveries"},
    "weekly": {
        "decisions",
        "edition",
        "week",
        "decision_models",
        "gate",
        "published",
        "site",
        "outbox",
        "deliveries",
        "team_report",
    },
}


@pytest.mark.parametrize("job", STEPS)
def test_no_step_is_split(job: str) -> None:
    # a mart of decision_models that reads a mart of models would put the gate between the two, and split all three
    assert {node.name for node in defs().get_repository_def().get_job(job).nodes} == STEPS[job]


def test_no_step_is_called_like_a_job() -> None:
    repository = defs().get_repository_def()
    steps = {node.name for job in repository.get_all_jobs() for node in job.nodes}
    assert not steps & set(repository.job_names), "the Dagster UI would not load"


def test_the_tables_are_built_after_the_week_is_closed() -> None:
    graph = defs().get_repository_def().asset_graph
    week = dg.AssetKey("week")
    for table in ("stg_editions", "stg_publications"):
        assert week in graph.get(dg.AssetKey(["staging", table])).parent_keys


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-11-26", {"collect", "publish"}),  # Thursday
        ("2026-11-27", {"collect", "weekly"}),  # Friday
        ("2026-11-28", set()),
        ("2026-12-31", {"collect", "weekly"}),  # New Year is a Friday
        ("2027-01-01", set()),
    ],
)
def test_a_day_has_the_jobs_of_its_kind(day: str, due: set[str]) -> None:
    repository = defs().get_repository_def()
    ran = set()
    for schedule in repository.schedule_defs:
        hour = 6 if schedule.name == "collect" else 16
        at = datetime.fromisoformat(day).replace(hour=hour, tzinfo=ZoneInfo("America/Guayaquil"))
        with dg.DagsterInstance.ephemeral() as instance:
            data = schedule.evaluate_tick(dg.build_schedule_context(instance=instance, scheduled_execution_time=at))
        if data.run_requests:
            ran.add(schedule.job_name)
    assert ran == due
