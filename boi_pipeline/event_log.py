"""Dagster's own SQLite event log, with a connection kept open for each file.

Dagster makes a new engine and connection for every statement; on this line's thousand small events a run that is half
of the run's time. Nothing else differs: same files, same tables, same classes read them.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool


class KeptSqliteEventLogStorage(SqliteEventLogStorage):
    """Named in ``dagster.yaml`` as ``event_log_storage``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._kept: dict[str, Engine] = {}
        self._tables: set[str] = set()
        super().__init__(base_dir, inst_data)

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
            with engine.connect() as connection, connection.begin():
                yield connection

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

    def has_table(self, table_name: str) -> bool:
        # asked before every check event, by a new engine each time; a table that is there stays
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def dispose(self) -> None:
        for engine in self._kept.values():
            engine.dispose()
        super().dispose()


def _prepare(connection: Any, _: Any) -> None:
    # in WAL mode this can lose the last events on a power cut, never break the file; runs are history, not state
    connection.execute("PRAGMA synchronous = NORMAL").close()
