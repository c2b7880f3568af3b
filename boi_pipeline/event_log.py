"""Dagster's own SQLite event log, with one open connection per file, where the most frequent events are stored together.

Dagster makes a new engine and connection for every statement, and a new statement for every event; on this pipeline's three
thousand small events a run that is half of the run's time. Here what a step tells of assets and checks waits up to half a
second for what follows it, and is stored in one transaction; whatever is read or stored otherwise in this process comes after
it. Nothing else differs: same files, same tables, same rows, which its own class reads.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetKeyTable, SqlEventLogStorageTable
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData, deserialize_value
from sqlalchemy import Connection, Engine, bindparam, create_engine, event
from sqlalchemy.pool import QueuePool

_AT_ONCE = 200  # events that wait at most
_SECONDS = 0.5  # that an event waits at most
_MADE, _TO_MAKE = DagsterEventType.ASSET_MATERIALIZATION, DagsterEventType.ASSET_MATERIALIZATION_PLANNED
_EVALUATED, _TO_EVALUATE = DagsterEventType.ASSET_CHECK_EVALUATION, DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED
_OF_ASSETS, _OF_CHECKS = frozenset({_MADE, _TO_MAKE}), frozenset({_EVALUATED, _TO_EVALUATE})
_FREQUENT = _OF_ASSETS | _OF_CHECKS | {DagsterEventType.STEP_OUTPUT}
_STORE = SqlEventLogStorageTable.insert()
_PLAN = AssetCheckExecutionsTable.insert()
_CHECKS = AssetCheckExecutionsTable.c
_STORE_NUMBERED = _STORE.returning(SqlEventLogStorageTable.c.id, sort_by_parameter_order=True)
_TELL_ASSET = AssetKeyTable.update().where(AssetKeyTable.c.asset_key == bindparam("of_asset_key"))
_EVALUATE = AssetCheckExecutionsTable.update().where(
    _CHECKS.asset_key == bindparam("of_asset_key"),
    _CHECKS.check_name == bindparam("of_check_name"),
    _CHECKS.run_id == bindparam("of_run_id"),
    _CHECKS.partition.is_(None),
)

_Numbered = tuple[EventLogEntry, Mapping[str, Any], int]
"""An event, its row, and its number in the log of all runs."""


class KeptSqliteEventLogStorage(SqliteEventLogStorage):
    """Named in ``dagster.yaml`` as ``event_log_storage``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept: dict[str, Engine] = {}
        self._open: dict[str, Connection] | None = None  # while several events are stored as one
        self._waiting: list[EventLogEntry] = []
        self._clock: threading.Timer | None = None
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
            self._store_waiting()
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
            self._store_waiting()
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
        if not _is_frequent(event):
            super().store_event(event)
            return
        with self._db_lock:
            self._waiting.append(event)
            if len(self._waiting) >= _AT_ONCE:
                self._store_waiting()
            elif self._clock is None:
                self._clock = threading.Timer(_SECONDS, self._when_waited)
                self._clock.daemon = True
                self._clock.start()

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        with self._together():
            for are_frequent, group in groupby(events, _is_frequent):
                if are_frequent:
                    self._store_frequent(list(group))
                else:
                    super().store_event_batch(list(group))

    def _store_waiting(self) -> None:
        if not self._waiting or self._open is not None:
            return
        waiting, self._waiting = self._waiting, []
        try:
            self.store_event_batch(waiting)
        except BaseException:
            self._waiting = waiting + self._waiting
            raise
        if self._clock is not None:
            self._clock.cancel()
            self._clock = None

    def _when_waited(self) -> None:
        with self._db_lock, suppress(Exception):  # they wait on: whoever stores or reads next is told
            self._clock = None
            self._store_waiting()

    def _store_frequent(self, events: Sequence[EventLogEntry]) -> None:
        told = [(event, self._event_to_row(event)) for event in events]
        for run_id, of_run in groupby(told, lambda one: one[0].run_id):
            with self.run_connection(run_id) as connection:
                connection.execute(_STORE, [row for _, row in of_run])
        if not (indexed := [one for one in told if one[0].dagster_event_type != DagsterEventType.STEP_OUTPUT]):
            return
        with self.index_connection() as connection:
            numbers = connection.execute(_STORE_NUMBERED, [row for _, row in indexed]).scalars().all()
            numbered = [(event, row, number) for (event, row), number in zip(indexed, numbers, strict=True)]
            for kind, group in groupby(_of(_OF_ASSETS, numbered), lambda one: one[0].dagster_event_type):
                self._tell_assets(connection, kind == _MADE, list(group))
            for kind, group in groupby(_of(_OF_CHECKS, numbered), lambda one: one[0].dagster_event_type):
                if kind == _TO_EVALUATE:
                    plans = [_check_row(event) | _told(row, number) | _PLANNED_ROW for event, row, number in group]
                    connection.execute(_PLAN, plans)
                else:
                    _tell_checks(connection, list(group))

    def _tell_assets(self, connection: Connection, are_made: bool, told: Sequence[_Numbered]) -> None:
        """Note of assets that they were made, or that a run is to make them."""
        self._store_asset_event_tags(connection, [one[0] for one in told], [one[2] for one in told])
        has_instant = self._has_asset_key_index_cols_on_connection(connection)
        rows = []
        for entry, row, number in told:
            instant = {"last_materialization_timestamp": row["timestamp"]} if has_instant else {}
            # as Dagster writes it, from the text that the event has become
            record = f'{{"__class__": "EventLogRecord", "event_log_entry": {row["event"]}, "storage_id": {number}}}'
            made = {"last_materialization": record} if are_made else {}
            rows.append({"of_asset_key": row["asset_key"], "last_run_id": entry.run_id, **instant, **made})
        if connection.execute(_TELL_ASSET, rows).rowcount != len(rows):  # some are new
            for entry, _, number in told:
                self._store_asset_event(connection, entry, number)

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
        with self._db_lock:
            self._store_waiting()
        for engine in self._kept.values():
            engine.dispose()
        super().dispose()


_PLANNED_ROW = {"partition": None, "execution_status": AssetCheckExecutionRecordStatus.PLANNED.value}


def _is_frequent(event: EventLogEntry) -> bool:
    return (
        event.is_dagster_event
        and bool(event.run_id)
        and event.dagster_event_type in _FREQUENT
        and (event.dagster_event_type not in _OF_CHECKS or _is_of_no_partition(event))
    )


def _is_of_no_partition(event: EventLogEntry) -> bool:
    told: Any = event.get_dagster_event().event_specific_data
    return told.partition is None if isinstance(told, AssetCheckEvaluation) else told.partitions_subset is None


def _of(kinds: frozenset[DagsterEventType], told: Iterable[_Numbered]) -> list[_Numbered]:
    return [one for one in told if one[0].dagster_event_type in kinds]


def _tell_checks(connection: Connection, told: Sequence[_Numbered]) -> None:
    """Note what became of checks that were planned, or that nobody planned."""
    rows = [_evaluation_row(*one) for one in told]
    of = [{f"of_{name}": row[name] for name in ("asset_key", "check_name", "run_id")} | row for row in rows]
    if len(rows) > 1 and connection.execute(_EVALUATE, of).rowcount == len(rows):
        return
    for row, where in zip(rows, of, strict=True):
        updated = connection.execute(_EVALUATE, where).rowcount
        if updated == 0:
            connection.execute(_PLAN, {**row, "partition": None})
        elif updated > 1:
            raise DagsterInvariantViolationError(
                f"{row['check_name']} of {row['asset_key']} was planned {updated} times"
            )


def _evaluation_row(event: EventLogEntry, row: Mapping[str, Any], number: int) -> dict[str, Any]:
    told: Any = event.get_dagster_event().event_specific_data
    status = AssetCheckExecutionRecordStatus.SUCCEEDED if told.passed else AssetCheckExecutionRecordStatus.FAILED
    target = told.target_materialization_data
    return {
        **_check_row(event),
        **_told(row, number),
        "materialization_event_storage_id": target.storage_id if target else None,
        "execution_status": status.value,
    }


def _check_row(event: EventLogEntry) -> dict[str, Any]:
    """Which check of which run an event tells of."""
    told: Any = event.get_dagster_event().event_specific_data
    return {"asset_key": told.asset_key.to_string(), "check_name": told.check_name, "run_id": event.run_id}


def _told(row: Mapping[str, Any], number: int) -> dict[str, Any]:
    """What an event told of its check, in the columns for it."""
    return {
        "evaluation_event": row["event"],
        "evaluation_event_timestamp": row["timestamp"],
        "evaluation_event_storage_id": number,
    }


def _prepare(connection: Any, _: Any) -> None:
    # in WAL mode this can lose the last events on a power cut, never break the file; runs are history, not state
    connection.execute("PRAGMA synchronous = NORMAL").close()
