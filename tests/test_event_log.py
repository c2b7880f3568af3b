"""Dagster reads back what was stored through the kept connections, with its own class as well."""

import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage

from boi_pipeline.event_log import KeptSqliteEventLogStorage
from boi_pipeline.running import dagster_home
from boi_pipeline.settings import ROOT


@dg.asset(check_specs=[dg.AssetCheckSpec("holds", asset="thing")])
def thing() -> dg.MaterializeResult:
    return dg.MaterializeResult(
        metadata={"dagster/row_count": 3}, check_results=[dg.AssetCheckResult(passed=False, check_name="holds")]
    )


@dg.asset(
    partitions_def=dg.StaticPartitionsDefinition(["2026"]), check_specs=[dg.AssetCheckSpec("is_there", asset="rows")]
)
def rows() -> dg.MaterializeResult:
    return dg.MaterializeResult(
        tags={"a": "b"}, check_results=[dg.AssetCheckResult(passed=True, check_name="is_there")]
    )


@dg.multi_asset(
    specs=[dg.AssetSpec("one"), dg.AssetSpec("two", skippable=True)],
    check_specs=[dg.AssetCheckSpec("is_sound", asset="one"), dg.AssetCheckSpec("is_new", asset="one")],
)
def several():
    yield dg.MaterializeResult("one", data_version=dg.DataVersion("1"))
    yield dg.AssetCheckResult(asset_key="one", check_name="is_sound", passed=True)
    yield dg.AssetCheckResult(asset_key="one", check_name="is_new", passed=False, severity=dg.AssetCheckSeverity.WARN)


PLANNED = (dg.DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED, dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED)


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


def test_what_is_stored_is_what_dagsters_own_class_stores(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(tmp_path / "dagster"))) as instance:
        run_id = dg.materialize([thing, rows], instance=instance, partition_key="2026").run_id
        dg.materialize([several], instance=instance)
        run_ids = [run.run_id for run in instance.get_runs()]
        events = [entry for run in run_ids for entry in instance.all_logs(run)]
    assert run_id in run_ids
    assert len(events) > 30
    stored = []
    for kind in (KeptSqliteEventLogStorage, SqliteEventLogStorage):
        folder = tmp_path / kind.__name__
        storage = kind(str(folder))
        planned = [one for one in events if one.dagster_event_type in PLANNED]
        storage.store_event_batch(planned)
        for one in events:
            if one not in planned:
                storage.store_event(one)
        storage.dispose()
        stored.append({path.name: _rows(path) for path in sorted(folder.glob("*.db"))})
    assert stored[0] == stored[1]
    assert set(stored[0]) == {"index.db", *(f"{run}.db" for run in run_ids)}
    assert len(stored[0]["index.db"]["asset_check_executions"]) == 4


def test_assets_are_told_as_dagsters_own_class_tells_them(tmp_path: Path) -> None:
    keys = [dg.AssetKey("thing"), dg.AssetKey("one"), dg.AssetKey("never")]
    with dg.DagsterInstance.from_config(str(dagster_home(tmp_path / "dagster"))) as instance:
        told = []
        for assets in ([thing], [several], [thing], [], [thing]):
            if assets:
                dg.materialize(assets, instance=instance)
            else:
                instance.wipe_assets([dg.AssetKey("thing")])
            own = SqliteEventLogStorage(str(tmp_path / "dagster" / "history" / "runs"))
            told.append(list(instance.event_log_storage.get_asset_records(keys)))
            assert told[-1] == list(own.get_asset_records(keys))
            own.dispose()
    assert [len(records) for records in told] == [1, 2, 2, 1, 2]
    things = {
        one.asset_entry.last_run_id for records in told for one in records if one.asset_entry.asset_key == keys[0]
    }
    assert len(things) == 3, "the newest of each time"


def _rows(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Table → its rows, without the instant at which each was written."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        found = {}
        for table in tables:
            columns = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            kept = ", ".join(f'"{name}"' for name in columns if name not in ("create_timestamp", "migration_completed"))
            found[table] = connection.execute(f"select {kept} from {table} order by 1").fetchall()
        return found


def test_a_batch_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with dg.DagsterInstance.from_config(str(dagster_home(tmp_path / "dagster"))) as instance:
        run_id = dg.materialize([several], instance=instance).run_id
        events = [one for one in instance.all_logs(run_id) if one.dagster_event_type in PLANNED]
    storage = KeptSqliteEventLogStorage(str(tmp_path / "other"))
    with pytest.raises(AttributeError):
        storage.store_event_batch([*events, None])  # pyright: ignore
    assert storage.get_records_for_run(run_id).records == []
    storage.store_event_batch(events)
    assert len(storage.get_records_for_run(run_id).records) == len(events)
    storage.dispose()


def test_dagster_dev_and_boi_keep_their_state_in_the_same_files() -> None:
    text = (ROOT / "dagster.yaml").read_text()
    assert text.count("base_dir: .boi/dagster") == 4
