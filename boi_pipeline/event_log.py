"""Dagster's own SQLite event log, with one open connection per file and a shortcut for the most frequent events.

Dagster makes a new engine and connection for every statement, and a new statement for every event; on this pipeline's three
thousand small events a run that is half of the run's time. Nothing else differs: same files, same tables, same rows, which
its own class reads.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from dagster import (
    AssetCheckEvaluation,
    AssetKey,
    DagsterEventType,
    DagsterInvariantViolationError,
    EventLogEntry,
    EventLogRecord,
)
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, SqlEventLogStorageTable
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData, deserialize_value
from sqlalchemy import Connection, Engine, bindparam, create_engine, event
from sqlalchemy.pool import QueuePool

_PLANNED, _EVALUATED = DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED, DagsterEventType.ASSET_CHECK_EVALUATION
_STORE = SqlEventLogStorageTable.insert()
_PLAN = AssetCheckExecutionsTable.insert()
_CHECKS = AssetCheckExecutionsTable.c
_STORE_NUMBERED = _STORE.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
_EVALUATE = AssetCheckExecutionsTable.update().where(
    _CHECKS.asset_key == bindparam("of_asset_key"),
    _CHECKS.check_name == bindparam("of_check_name"),
    _CHECKS.run_id == bindparam("of_run_id"),
    _CHECKS.partition.is_(None),
)


class KeptSqliteEventLogStorage(SqliteEventLogStorage):
    """Named in ``dagster.yaml`` as ``event_log_storage``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept: dict[str, Engine] = {}
        self._open: dict[str, Connection] | None = None  # while several events are stored as one
        self._there: set[str] = set()
        self._read: dict[AssetKey, tuple[str, Any]] = {}  # asset → its last materialization, as text and read
        super().__init__(base_dir, inst_data)
        self._db_lock = threading.RLock()  # storing several events holds it around storing each

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> "KeptSqliteEventLogStorage":
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            if self._open is None:
                with engine.connect() as connection, connection.begin():
                    yield connection
            else:
                if shard not in self._open:
                    self._open[shard] = engine.connect()
                    self._open[shard].begin()
                yield self._open[shard]

    @contextmanager
    def _together(self) -> Iterator[None]:
        """One transaction for all that is stored in the block, in each file."""
        with self._db_lock:
            self._open = {}
            try:
                yield
                for connection in self._open.values():
                    connection.commit()
            finally:
                for connection in self._open.values():
                    connection.close()  # rolls back what was not committed
                self._open = None

    def _engine(self, shard: str) -> Engine:
        if shard not in self._kept:
            engine = create_engine(
                self.conn_string_for_shard(shard),
                poolclass=QueuePool,
                pool_size=1,
                connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
            )
            event.listen(engine, "connect", _prepare)
            self._kept[shard] = engine
        return self._kept[shard]

    def store_event(self, event: EventLogEntry) -> None:
        kind = event.dagster_event_type if event.is_dagster_event and event.run_id else None
        if kind == DagsterEventType.STEP_OUTPUT:
            with self.run_connection(event.run_id) as connection:
                connection.execute(_STORE, self._event_to_row(event))
        elif kind in (_PLANNED, _EVALUATED) and _is_of_no_partition(event):
            row = self._event_to_row(event)
            with self.run_connection(event.run_id) as connection:
                connection.execute(_STORE, row)
            with self.index_connection() as connection:
                (number,) = connection.execute(_STORE, row).inserted_primary_key or (None,)
                _store_check(connection, event, row, number)
        else:
            super().store_event(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        with self._together():
            for (is_plan, run_id), group in groupby(events, lambda one: (_is_plan_of_a_check(one), one.run_id)):
                if is_plan:
                    self._plan_checks(run_id, list(group))
                else:
                    super().store_event_batch(list(group))

    def _plan_checks(self, run_id: str, events: Sequence[EventLogEntry]) -> None:
        rows = [self._event_to_row(one) for one in events]
        with self.run_connection(run_id) as connection:
            connection.execute(_STORE, rows)
        with self.index_connection() as connection:
            numbers = connection.execute(_STORE_NUMBERED, rows).scalars().all()
            connection.execute(
                _PLAN,
                [
                    _check_row(event) | _told(row, number) | _PLANNED_ROW
                    for event, row, number in zip(events, rows, numbers, strict=True)
                ],
            )

    def _get_latest_materialization_records(
        self, raw_asset_rows: Iterable[Mapping[str, Any]]
    ) -> Mapping[AssetKey, EventLogRecord | None]:
        found: dict[AssetKey, EventLogRecord | None] = {}
        others = []
        for row in raw_asset_rows:
            key, text = AssetKey.from_db_string(row["asset_key"]), row["last_materialization"]
            if key and text and not row["asset_details"]:  # nothing was wiped
                if self._read.get(key, ("",))[0] != text:  # asked for each asset that reads it
                    self._read[key] = (text, deserialize_value(text))
                if isinstance(record := self._read[key][1], EventLogRecord):
                    found[key] = record
                    continue
            others.append(row)
        # Dagster's own asks the log even where it has nothing to ask
        return {**found, **super()._get_latest_materialization_records(others)} if others else found

    # what follows is asked before every event, of a table's columns by looking at the file; what is there stays

    def has_table(self, table_name: str) -> bool:
        return self._is_there(table_name, lambda: super(KeptSqliteEventLogStorage, self).has_table(table_name))

    def has_secondary_index(self, name: str) -> bool:
        return self._is_there(name, lambda: super(KeptSqliteEventLogStorage, self).has_secondary_index(name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        look = super()._has_asset_key_col_on_connection
        return self._is_there(f"column {column_name}", lambda: look(conn, column_name))

    def _is_there(self, name: str, look: Callable[[], bool]) -> bool:
        if name not in self._there and look():
            self._there.add(name)
        return name in self._there

    def dispose(self) -> None:
        for engine in self._kept.values():
            engine.dispose()
        super().dispose()


_PLANNED_ROW = {"partition": None, "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value}


def _is_plan_of_a_check(event: EventLogEntry) -> bool:
    return (
        event.is_dagster_event
        and bool(event.run_id)
        and event.dagster_event_type == _PLANNED
        and _is_of_no_partition(event)
    )


def _is_of_no_partition(event: EventLogEntry) -> bool:
    told: Any = event.get_dagster_event().event_specific_data
    return told.partition is None if isinstance(told, AssetCheckEvaluation) else told.partitions_subset is None


def _store_check(connection: Connection, event: EventLogEntry, row: Mapping[str, Any], number: int | None) -> None:
    """Note what became of a check that was planned, or that it is planned; ``number``: of its event."""
    told: Any = event.get_dagster_event().event_specific_data
    check, values = _check_row(event), _told(row, number)
    if not isinstance(told, AssetCheckEvaluation):
        connection.execute(_PLAN, check | values | _PLANNED_ROW)
        return
    status = AssetCheckExecutionRecordStatus.SUCCEEDED if told.passed else AssetCheckExecutionRecordStatus.FAILED
    target = told.target_materialization_data
    values |= {
        "materialization_event_storage_id": target.storage_id if target else None,
        "execution_status": status.value,
    }
    updated = connection.execute(_EVALUATE, {f"of_{name}": one for name, one in check.items()} | values).rowcount
    if updated == 0:
        connection.execute(_PLAN, {**check, **values, "partition": None})
    elif updated > 1:
        raise DagsterInvariantViolationError(f"{check} was planned {updated} times")


def _check_row(event: EventLogEntry) -> dict[str, Any]:
    """Which check of which run an event tells of."""
    told: Any = event.get_dagster_event().event_specific_data
    return {"asset_key": told.asset_key.to_string(), "check_name": told.check_name, "run_id": event.run_id}


def _told(row: Mapping[str, Any], number: int | None) -> dict[str, Any]:
    """What an event told of its check, in the columns for it."""
    return {
        "evaluation_event": row["event"],
        "evaluation_event_timestamp": row["timestamp"],
        "evaluation_event_storage_id": number,
    }


def _prepare(connection: Any, _: Any) -> None:
    # in WAL mode this can lose the last events on a power cut, never break the file; runs are history, not state
    connection.execute("PRAGMA synchronous = NORMAL").close()
