"""The pipeline as Dagster shows it: every asset told, two jobs with their hours, and what the sample's runs left behind."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.definitions.freshness import TimeWindowFreshnessPolicy
from hypothesis import given
from hypothesis import strategies as st

from boi_pipeline.cli.terminal import STEPS
from boi_pipeline.definitions import defs
from boi_pipeline.defs.shared import quoted
from boi_pipeline.defs.sources import crawl_summary
from boi_pipeline.entity import load_entity
from boi_pipeline.running import dagster_home
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from scrapers.health import Quarantine
from scrapers.outcome import SourceResult
from tests.stages.conftest import SampleRuns, State
from tests.stages.drive import in_child

GROUPS = {"sources", "reading", "matching", "staging", "intermediate", "marts", "published", "bulletin", "achieved"}


@pytest.fixture(scope="module")
def repository() -> dg.RepositoryDefinition:
    return defs().get_repository_def()


def test_every_asset_says_what_it_is(repository: dg.RepositoryDefinition) -> None:
    graph = repository.asset_graph
    keys = sorted(graph.get_all_asset_keys())
    nodes = [graph.get(key) for key in keys]
    assert {node.group_name for node in nodes} == GROUPS
    for node in nodes:
        assert node.description and node.owners and node.kinds, node.key


@given(
    st.text()
    | st.sampled_from(["![x](http://malo.example/p.png)", "a|b\n# c", "`x` <img src=x>", "[clic](javascript:1)"])
)
def test_what_was_written_elsewhere_acts_in_no_markdown(text: str) -> None:
    told = quoted(text)
    assert told == "" or (told[0] == told[-1] == "`" and not set("`|\r\n") & set(told[1:-1]))
    assert len(quoted(text, 5)) <= 7


def test_the_log_of_a_crawl_names_what_rests_and_what_failed_before_what_went_well() -> None:
    good = SourceResult(source_id="a_buena", outcome="ok", detail="2 en la lista.")
    bad = SourceResult(source_id="b_mala", outcome="malformed", detail="![x](http://malo.example/p.png) | rota")
    told = crawl_summary(
        [good, bad], [("c_en_pausa", Quarantine(date(2026, 11, 18), 5, date(2026, 11, 23), "blocked"))]
    )
    rows = [row.split(" | ") for row in str(told["summary"].value).splitlines()[2:]]
    assert [(row[0].strip("| "), row[1]) for row in rows] == [
        ("c_en_pausa", "blocked, en cuarentena"),
        ("b_mala", "malformed"),
        ("a_buena", "ok"),
    ]
    assert rows[1][-1] == "`![x](http://malo.example/p.png) ¦ rota` |"
    assert (told["sources"].value, told["quarantined"].value, told["failed"].value) == (2, 1, 1)


def test_every_step_of_a_run_is_told_in_words(repository: dg.RepositoryDefinition) -> None:
    steps = {node.name for job in repository.get_all_jobs() for node in job.nodes}
    assert "crawl" in steps
    assert steps <= set(STEPS)


def test_every_model_shows_its_columns(repository: dg.RepositoryDefinition) -> None:
    models = load_models(load_entity(ROOT / "entities" / "sample")).models
    assert len(models) > 30
    for model in models:
        node = repository.asset_graph.get(dg.AssetKey(model.table.split(".")))
        schema = node.metadata["dagster/column_schema"]
        assert isinstance(schema, dg.TableSchema)
        assert [column.name for column in schema.columns] == list(model.column_names)
        assert all(column.type and column.description for column in schema.columns)


def test_jobs_run_at_the_entity_s_hours(repository: dg.RepositoryDefinition) -> None:
    told = {one.name: (one.cron_schedule, one.execution_timezone, one.job_name) for one in repository.schedule_defs}
    assert told == {
        "collect": ("0 6 * * *", "America/Guayaquil", "collect"),
        "publish": ("0 16 * * *", "America/Guayaquil", "publish"),
        "weekly": ("0 16 * * *", "America/Guayaquil", "weekly"),
    }


@pytest.mark.parametrize(
    ("day", "runs"),
    [
        (datetime(2026, 11, 24), {"collect", "publish"}),  # a Tuesday
        (datetime(2026, 11, 27), {"collect", "weekly"}),  # a Friday: the week closes
        (datetime(2026, 11, 28), set()),  # a Saturday
        (datetime(2026, 12, 24), {"collect", "weekly"}),  # a Thursday, before a Friday that is not worked
        (datetime(2026, 12, 25), set()),  # a Friday, and Christmas
    ],
)
def test_only_working_days_are_run(repository: dg.RepositoryDefinition, day: datetime, runs: set[str]) -> None:
    tick = day.replace(hour=16, tzinfo=ZoneInfo("America/Guayaquil"))
    found = set()
    with dg.DagsterInstance.ephemeral() as instance:
        for schedule in repository.schedule_defs:
            context = dg.build_schedule_context(instance=instance, scheduled_execution_time=tick)
            if schedule.evaluate_tick(context).run_requests:
                found.add(schedule.name)
    assert found == runs


# ---------------------------------------------------------------- what a run leaves in the UI's history


@pytest.fixture
def history(sample: SampleRuns, first: State):
    with dg.DagsterInstance.from_config(str(sample.home / "dagster")) as instance:
        yield instance


@pytest.mark.xdist_group("sample")
def test_the_runs_are_in_the_history(history: dg.DagsterInstance, first: State) -> None:
    told = first.told.json["runs"]
    assert [one["job"] for one in told] == ["collect", "publish"]
    for one in told:
        run = history.get_run_by_id(one["run_id"])
        assert run is not None
        assert (run.job_name, run.status) == (one["job"], dg.DagsterRunStatus.SUCCESS)


@pytest.mark.xdist_group("sample")
def test_a_mart_shows_its_rows(history: dg.DagsterInstance, first: State) -> None:
    key = dg.AssetKey(["marts", "opportunities"])
    of_the_first = {one["run_id"] for one in first.told.json["runs"]}
    records = history.fetch_materializations(key, limit=20).records
    counts = {
        record.asset_materialization.metadata["dagster/row_count"].value
        for record in records
        if record.run_id in of_the_first and record.asset_materialization
    }
    assert counts == {first.told.json["opportunities"]}


@pytest.mark.xdist_group("sample")
def test_a_failing_source_is_red_with_its_reason(history: dg.DagsterInstance, first: State) -> None:
    run_id = first.told.json["runs"][0]["run_id"]
    checks: dict[str, dict[str, dg.AssetCheckEvaluation]] = {}
    for record in history.all_logs(run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
        check = record.get_dagster_event().asset_check_evaluation_data
        if check.asset_key.path[0] == "sources":
            checks.setdefault(check.asset_key.path[-1], {})[check.check_name] = check
    outcomes = {one["source_id"]: one for one in first.told.json["sources"]}
    assert set(checks) == set(outcomes)
    for source, found in checks.items():
        answered = found["answered"]
        assert answered.passed == outcomes[source]["is_good"]
        assert (answered.description or "").endswith(outcomes[source]["advice"])
        assert answered.passed or outcomes[source]["detail"].rstrip(".") in (answered.description or "")
        assert answered.metadata["outcome"].value == outcomes[source]["outcome"]
        made = history.fetch_materializations(dg.AssetKey(["sources", source]), limit=1).records
        assert bool(made) == answered.passed
        assert answered.severity == dg.AssetCheckSeverity.ERROR
        others = [check for name, check in found.items() if name != "answered"]
        assert len(others) == (3 if answered.passed else 0)
        assert all(check.passed and check.severity == dg.AssetCheckSeverity.WARN for check in others)
        assert all("history" in check.metadata for check in found.values())


@pytest.mark.xdist_group("sample")
def test_no_check_shows_an_empty_line(history: dg.DagsterInstance, first: State) -> None:
    empty = set()
    for one in first.told.json["runs"]:
        for record in history.all_logs(one["run_id"], of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION):
            check = record.get_dagster_event().asset_check_evaluation_data
            told = {name: value.value for name, value in check.metadata.items() if name != "history"}
            empty |= {(check.check_name, name) for name, value in told.items() if value in ("", [], [""], {})}
    assert not empty


def test_a_verified_source_must_stay_fresh(repository: dg.RepositoryDefinition, tmp_path: Path) -> None:
    graph = repository.asset_graph
    policies = {key: graph.get(key).freshness_policy for key in graph.get_all_asset_keys() if key.path[0] == "sources"}
    assert len(policies) == 13
    for policy in policies.values():
        assert isinstance(policy, TimeWindowFreshnessPolicy)
        assert policy.fail_window.to_timedelta() > timedelta(days=4)
    with dg.DagsterInstance.from_config(str(dagster_home(tmp_path))) as instance:
        assert instance.get_settings("freshness") == {"enabled": True}


# ---------------------------------------------------------------- the UI's own way to run a job


def assert_nothing_is_built_again(repository: dg.RepositoryDefinition, instance: dg.DagsterInstance) -> None:
    """The models alone, right after: each is shown as fresh with «sin cambios», lineage and the results of its checks."""
    models = load_models(load_entity(ROOT / "entities" / "sample")).models
    keys = [dg.AssetKey(model.table.split(".")) for model in models]
    again = repository.get_job("collect").execute_in_process(instance=instance, asset_selection=keys)
    assert again.success
    made = {one.asset_key: one for one in _materializations(again)}
    assert set(made) == set(keys)
    assert {key for key in keys if made[key].metadata["state"].value != "sin cambios"} == set()
    lineage = made[dg.AssetKey(["marts", "oportunidades"])].metadata["dagster/column_lineage"].value
    assert lineage.deps_by_column["codigo"] == [
        dg.TableColumnDep(dg.AssetKey(["marts", "approved_opportunities"]), "code")
    ]
    checked = {(one.asset_key, one.check_name) for one in again.get_asset_check_evaluations()}
    assert checked >= {(dg.AssetKey(m.table.split(".")), check.name) for m in models for check in m.checks}
    asked = dg.AssetCheckKey(dg.AssetKey(["marts", "opportunities"]), "title_es_is_es")
    alone = repository.get_job("__ASSET_JOB").get_subset(asset_check_selection={asked})
    (answer,) = alone.execute_in_process(instance=instance).get_asset_check_evaluations()
    assert answer.asset_check_key == asked


def _materializations(result: dg.ExecuteInProcessResult) -> list[dg.AssetMaterialization]:
    return [event.step_materialization_data.materialization for event in result.get_asset_materialization_events()]


@pytest.mark.xdist_group("dagster-mini")
def test_the_jobs_run_without_a_tag(mini: Path, tmp_path: Path) -> None:
    """As the UI starts them: no ``boi/as_of``, the entity's web says which day it is."""

    def work() -> None:
        from boi_pipeline.defs.shared import location

        location.cache_clear()
        repository = defs().get_repository_def()
        with dg.DagsterInstance.from_config(str(dagster_home(tmp_path / "dagster"))) as instance:
            for job in ("collect", "publish"):
                assert repository.get_job(job).execute_in_process(instance=instance).success
            assert_nothing_is_built_again(repository, instance)

    environment = {"BOI_HOME": str(tmp_path / "home"), "BOI_ENTITIES": str(mini), "BOI_ENTITY": "mini"}
    assert in_child(work, environment) == 0
    home = tmp_path / "home" / "mini"
    assert len(list((home / "site" / "oportunidades").glob("*/index.html"))) == 2
    assert (home / "published" / "current" / "manifest.json").is_file()
