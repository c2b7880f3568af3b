"""The ledger: the small transactional store of identities and of what people did. Append-only.

One ledger-wide ``seq`` numbers every row of every table, taken inside the transaction that writes it: whoever sees a
number sees all that came before it. SQLite by default, PostgreSQL by URL; the same statements for both. What a
decision or an edition means belongs to ``review`` and ``edition``.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError

from boi_pipeline.editorial.schema import TABLES, decisions, publication_states, sequence, snapshots
from boi_pipeline.records import Publication
from scrapers.files import atomic_path, fault_point

Record = TypeVar("Record", bound=BaseModel)

HEAD = "0003"  # newest revision in migrations/versions; asked without importing Alembic, which is slow
MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_SECONDS = 30  # how long a writer waits for another
_MIGRATION_LOCK = 7_254_018_113  # PostgreSQL advisory lock: any number, always the same


_REMEDIES = {
    "disk I/O error": "its disk is full or failing: make room, and try again",
    "is full": "its disk is full: make room, and try again",
    "readonly database": "this user may not write it: run boi as the user whose home it is",
    "unable to open database file": "check that its folder is there and that this user may write in it",
}
"""What SQLite says → what a person can do."""


class LedgerError(Exception):
    """The ledger cannot be opened, or refuses what was to be written; the text says what and what to do."""


class Transaction:
    """One writer's turn: what it reads cannot change under it, what it appends is kept whole or not at all."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def append(self, records: Iterable[BaseModel]) -> list[BaseModel]:
        """Keep records in the order given and return them numbered; their own ``seq`` is ignored.

        Raises LedgerError where an id is taken or names something the ledger does not hold.
        """
        given = list(records)
        if not given:
            return []
        for record in given:
            if type(record) not in TABLES:
                raise LedgerError(f"the ledger does not keep {type(record).__name__}")
        self._connection.execute(update(sequence).values(value=sequence.c.value + len(given)))
        last = self._connection.execute(select(sequence.c.value)).scalar_one()
        numbered = [
            record.model_copy(update={"seq": last - len(given) + place}) for place, record in enumerate(given, 1)
        ]
        for model, group in groupby(numbered, key=type):
            table = TABLES[model].table
            rows = [_row(record) for record in group]
            try:
                self._connection.execute(insert(table), rows)
            except DBAPIError as error:
                raise LedgerError(f"{table.name}: not kept, {error.orig}; first of the rows: {rows[0]}") from None
        return numbered

    def rows(
        self, model: type[Record], as_of: datetime | None = None, seq: int | None = None, **equal: str
    ) -> list[Record]:
        """As ``Ledger.rows``, seen from inside the transaction."""
        return _rows(self._connection, model, as_of, seq, equal)


class Ledger:
    """An open ledger. ``Ledger.open(url)`` brings the database up to date first."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._engine = _engine(url)

    @classmethod
    def open(cls, url: str) -> "Ledger":
        """Open the ledger at a SQLAlchemy URL, creating or migrating it under the database's own lock.

        Raises LedgerError where it cannot be reached or was written by a newer version of this program.
        """
        ledger = cls(url)
        try:
            ledger._migrate()
        except SQLAlchemyError as error:
            ledger.close()
            cause = str(error.orig if isinstance(error, DBAPIError) else error)
            raise LedgerError(f"{make_url(url)!r}: the ledger cannot be opened: {cause}; {_remedy(cause)}") from None
        return ledger

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A turn to write: other writers wait, readers do not. Fault points ``ledger:before-commit``, ``:committed``."""
        with self._engine.connect().execution_options(ledger_writer=True) as connection:
            with connection.begin():
                # the row lock of the sequence puts writers in a queue where the database has no single writer
                connection.execute(update(sequence).values(value=sequence.c.value))
                yield Transaction(connection)
                fault_point("ledger:before-commit")
            fault_point("ledger:committed")

    def append(self, records: Iterable[BaseModel]) -> list[BaseModel]:
        """Keep records in one transaction and return them numbered. Raises LedgerError."""
        given = list(records)
        if not given:
            return []
        with self.transaction() as turn:
            return turn.append(given)

    def rows(
        self, model: type[Record], as_of: datetime | None = None, seq: int | None = None, **equal: str
    ) -> list[Record]:
        """The records of one kind in ``seq`` order: those that had happened by ``as_of`` and were kept by ``seq``.

        ``equal`` asks for columns of one value (``opportunity_id="…"``). A Publication carries its state and address as of then;
        a Snapshot counts from the decision that approved it.
        """
        with self._engine.connect() as connection:
            return _rows(connection, model, as_of, seq, equal)

    def seq(self, as_of: datetime | None = None) -> int:
        """The newest number of the ledger, or of what had happened by ``as_of``; 0 where there is nothing."""
        with self._engine.connect() as connection:
            if as_of is None:
                return connection.execute(select(sequence.c.value)).scalar_one()
            newest = [
                connection.execute(
                    select(func.max(kept.table.c.seq)).where(kept.table.c[kept.time_column] <= as_of)
                ).scalar_one()
                for kept in TABLES.values()
                if kept.time_column
            ]
            return max((number for number in newest if number), default=0)

    def numbers(self) -> list[int]:
        """The number of every row of every table, in order."""
        with self._engine.connect() as connection:
            return sorted(
                number for kept in TABLES.values() for number in connection.execute(select(kept.table.c.seq)).scalars()
            )

    def faults(self) -> list[str]:
        """What the database itself finds broken: pages, foreign keys, the triggers that keep rows as they are."""
        with self._engine.connect() as connection:
            if connection.dialect.name != "sqlite":
                return []  # a server checks its own pages, keys and triggers
            broken = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            triggers = set(
                connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
            )
        expected = [f"{kept.table.name}_no_{act}" for kept in TABLES.values() for act in ("update", "delete")]
        return [
            *(line for line in broken if line != "ok"),
            *(f"{table}: row {row} names no row of {parent}" for table, row, parent, _ in dangling),
            *(f"trigger {name} is missing" for name in expected if name not in triggers),
        ]

    def backup(self, path: Path) -> None:
        """Copy the ledger into a new file while others may go on writing. Raises LedgerError; never overwrites."""
        if self._engine.dialect.name != "sqlite":
            raise LedgerError(f"{make_url(self.url)!r} is no SQLite file: back it up with pg_dump")
        if path.exists():
            raise LedgerError(f"{path} exists already: name a new file")
        with atomic_path(path, "backup") as temporary:
            target = sqlite3.connect(temporary)
            try:
                with self._engine.connect() as connection:
                    source = connection.connection.driver_connection
                    assert isinstance(source, sqlite3.Connection)  # noqa: S101 — the dialect is sqlite
                    source.backup(target)
                target.execute("PRAGMA journal_mode = DELETE").close()
            finally:
                target.close()

    def _migrate(self) -> None:
        with self._engine.connect() as connection:
            if _revision(connection) == HEAD:
                return
        from alembic import command
        from alembic.config import Config
        from alembic.util import CommandError

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self._engine.connect().execution_options(ledger_writer=True) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise LedgerError(
                    f"{make_url(self.url)!r}: the ledger was written by another version of this program ({error}); "
                    "update the program and open it again"
                ) from None


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed)
    except (ArgumentError, NoSuchModuleError, ImportError, OSError) as error:
        raise LedgerError(
            f"the ledger's address is of no use: {error}; expected e.g. sqlite:////path/ledger.db"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN would come too late: see _begin_sqlite
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # so that INSERT OR REPLACE cannot delete unseen
    ):
        _execute_when_free(connection, f"PRAGMA {pragma}")


def _execute_when_free(connection: Any, pragma: str) -> None:
    # while another turns a new file to WAL, SQLite refuses to, without the wait it was told of
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(pragma).close()
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    # a reader that turns writer can be refused half-way; a writer says so at once and waits its turn
    writer = connection.get_execution_options().get("ledger_writer")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def _row(record: BaseModel) -> dict[str, Any]:
    columns = TABLES[type(record)].table.c
    return {name: getattr(record, name) for name in type(record).model_fields if name in columns}


def _rows(
    connection: Connection, model: type[Record], as_of: datetime | None, seq: int | None, equal: Mapping[str, str]
) -> list[Record]:
    kept = TABLES[model]
    query = select(kept.table).order_by(kept.table.c.seq)
    for column, value in equal.items():
        query = query.where(kept.table.c[column] == value)
    if as_of is not None and kept.time_column:
        query = query.where(kept.table.c[kept.time_column] <= as_of)
    elif as_of is not None:
        approved = select(decisions.c.snapshot_sha256).where(
            decisions.c.decided_at <= as_of, decisions.c.action == "approve"
        )
        query = query.where(snapshots.c.snapshot_sha256.in_(approved))
    if seq is not None:
        query = query.where(kept.table.c.seq <= seq)
    found = [dict(row) for row in connection.execute(query).mappings()]
    if model is Publication:
        states = _states(connection, as_of, seq)
        for row in found:
            row["state"], row["address"] = states.get(row["publication_id"], ("planned", None))
    return [model.model_validate(row) for row in found]


def _states(connection: Connection, as_of: datetime | None, seq: int | None) -> dict[str, tuple[str, str | None]]:
    """publication_id → its newest state, and the newest address that was told of it."""
    query = select(publication_states).order_by(publication_states.c.seq)
    if as_of is not None:
        query = query.where(publication_states.c.at <= as_of)
    if seq is not None:
        query = query.where(publication_states.c.seq <= seq)
    found: dict[str, tuple[str, str | None]] = {}
    for row in connection.execute(query).mappings():
        _, known = found.get(row["publication_id"], ("", None))
        found[row["publication_id"]] = row["state"], row["address"] or known
    return found


def _remedy(cause: str) -> str:
    """What to do where the ledger cannot be opened."""
    return next((told for words, told in _REMEDIES.items() if words in cause), "check BOI_LEDGER_URL and the folder")
