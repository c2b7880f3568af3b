"""Dagster reads back what was stored through the kept connections, with its own class as well."""

from pathlib import Path

import dagster as dg
from dagster._core.storage.event_log import SqliteEventLogStorage

from boi_pipeline.entity import ROOT
from boi_pipeline.event_log import KeptSqliteEventLogStorage
from boi_pipeline.running import dagster_home


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="thing")])
def thing() -> dg.MaterializeResult:
    return dg.MaterializeResult(
        metadata={"dagster/row_count": 3}, check_results=[dg.AssetCheckResult(passed=False, check_name="holds")]
    )


def test_events_are_there_for_dagsters_own_reader(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(tmp_path / "dagster"))) as instance:
        assert isinstance(instance.event_log_storage, KeptSqliteEventLogStorage)
        result = dg.materialize([thing], instance=instance)
        event = instance.get_latest_materialization_event(dg.AssetKey("thing"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.metadata["dagster/row_count"].value == 3
    own = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
    kinds = [record.event_log_entry.dagster_event_type for record in own.get_records_for_run(result.run_id).records]
    assert dg.DagsterEventType.ASSET_CHECK_EVALUATION in kinds
    own.dispose()


def test_dagster_dev_and_boi_keep_their_state_in_the_same_files() -> None:
    text = (ROOT / "dagster.yaml").read_text()
    assert text.count("base_dir: .boi/dagster") == 4
