"""What a SELECT, or the condition of a check, reads; and why one may not stand in a model. DuckDB reads it first, then sqlglot.

Parsing all models takes most of a second, so what was found may be kept in a file, by the text, the versions of both
parsers and this module. What was refused is never kept. What a model is belongs to ``contract``.
"""

import hashlib
import json
import re
from contextlib import suppress
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Literal

import duckdb

from scrapers.files import write_text
from scrapers.yamlfile import ConfigError

if TYPE_CHECKING:
    import sqlglot

Kind = Literal["select", "condition"]


class SqlReads:
    """The tables that SQL reads. Use it as a context manager: at the end it keeps what it found in ``kept``, if given."""

    def __init__(self, kept: Path | None = None) -> None:
        self._kept = kept
        self._used: dict[str, list[str]] = {}
        self._added = False

    def __enter__(self) -> "SqlReads":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if "_duckdb" in self.__dict__:
            self._duckdb.close()
        if kind is None and self._added and self._kept is not None and self._kept.parent.is_dir():
            with suppress(OSError):  # derived: on a disk that is read-only or full it is found again each time
                write_text(self._kept, json.dumps(self._used), "sql-reads")

    def select(self, sql: str, path: Path, offset: int) -> tuple[str, ...]:
        """The tables a model's SELECT reads, ``layer.name``, in order.

        ``offset``: lines of the file ``path`` before the SQL. Raises ConfigError: more or other than one SELECT, a function
        or file that gives another answer another time, a table without its layer.
        """
        key = _key("select", sql)
        if key not in self._known:
            self._add(key, _select_reads(sql, path, offset, self._duckdb))
        return tuple(self._remembered(key))

    def condition(self, condition: str) -> list[str]:
        """The tables that a condition on a row looks at.

        Raises ValueError where DuckDB cannot read it, with its words, or where it asks for more than tables.
        """
        key = _key("condition", condition)
        if key not in self._known:
            self._add(key, _condition_reads(condition, self._duckdb))
        return self._remembered(key)

    @cached_property
    def _duckdb(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect()

    @cached_property
    def _known(self) -> dict[str, list[str]]:
        if self._kept is None:
            return {}
        try:
            found = json.loads(self._kept.read_text(encoding="utf-8"))
            return {str(key): [str(table) for table in tables] for key, tables in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):  # derived: what cannot be read is found again
            return {}

    def _add(self, key: str, tables: list[str]) -> None:
        self._known[key] = tables
        self._added = True

    def _remembered(self, key: str) -> list[str]:
        self._used[key] = self._known[key]
        return self._known[key]


def sql_error(path: Path, offset: int, error: Exception) -> ConfigError:
    """DuckDB's error as a ConfigError at the line of the file."""
    text = str(error)
    found = re.search(r"LINE (\d+):", text)
    line = int(found.group(1)) + offset if found else None
    return ConfigError(path, line, "", f"DuckDB refuses this SQL: {text}")


_READERS = f"{duckdb.__version__}|{version('sqlglot')}|{hashlib.sha256(Path(__file__).read_bytes()).hexdigest()}"


def _key(kind: Kind, text: str) -> str:
    return hashlib.sha256(f"{_READERS}|{kind}|{text}".encode()).hexdigest()[:32]


def _select_reads(sql: str, path: Path, offset: int, parser: duckdb.DuckDBPyConnection) -> list[str]:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        statements = parser.extract_statements(sql)
    except duckdb.Error as error:
        raise sql_error(path, offset, error) from None
    if len(statements) != 1:
        raise ConfigError(path, offset + 1, "", f"expected one SELECT, found {len(statements)} statements")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise ConfigError(path, offset + 1, "", f"expected one SELECT, found {statements[0].type.name}")
    try:
        tree = sqlglot.parse_one(sql, dialect="duckdb")
    except SqlglotError as error:
        raise ConfigError(path, offset + 1, "", f"sqlglot, which finds what it reads, cannot: {error}") from None
    if found := _changes_by_itself(tree):
        line, told = found
        raise ConfigError(path, (line or 1) + offset, "", told)
    _refuse_tables_without_layer(tree, path, offset)
    return _tables_in(tree)


def _condition_reads(condition: str, parser: duckdb.DuckDBPyConnection) -> list[str]:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        parser.extract_statements(f"select ({condition}\n)")
    except duckdb.Error as error:
        raise ValueError(f"DuckDB cannot read this condition: {error}") from None
    try:
        tree = sqlglot.parse_one(condition, dialect="duckdb")
    except SqlglotError:  # DuckDB can, and says so when it runs
        return []
    if found := _changes_by_itself(tree):
        raise ValueError(found[1])
    return _tables_in(tree)


def _tables_in(tree: "sqlglot.exp.Expr") -> list[str]:
    from sqlglot import exp

    return sorted({f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db})


_BY_ITSELF = re.compile(
    r"(now|today|ago|local(time|timestamp)|random|uuid\w*|gen_random_uuid|setseed|getenv|getvariable|nextval|currval"
    r"|txid_current|version|get_current_\w+|current_\w+|transaction_timestamp|read_\w+|\w+_scan|glob|sniff_csv)"
)
_FROM = frozenset({"range", "generate_series", "unnest", "json_each", "json_tree", "pg_timezone_names"})
"""What may stand where a table does: what it gives follows from what it is given, or from the lock file."""


def _changes_by_itself(tree: "sqlglot.exp.Expr") -> tuple[int | None, str] | None:
    """What of SQL depends on more than the tables it names, its line, and what was expected; None where nothing does.

    "Now" is ``as_of`` of ``stg_run``; files, chance, and tables named in a text are no tables.
    """
    from sqlglot import exp

    for node in tree.find_all(exp.Func):
        name = (node.name if isinstance(node, exp.Anonymous) else node.sql_name()).lower()
        name = "random" if name == "rand" else name
        stands_for_a_table = isinstance(node.parent, exp.Table) and name not in _FROM
        if _BY_ITSELF.fullmatch(name) or stands_for_a_table or (name == "age" and len(node.expressions) == 1):
            told = f"{name} gives another answer another time; expected tables alone (staging.stg_run has as_of)"
            return node.meta.get("line"), told
    if tree.find(exp.TableSample):
        return None, "a sample gives other rows another time; expected all rows, or a condition that chooses"
    return None


def _refuse_tables_without_layer(tree: "sqlglot.exp.Expr", path: Path, offset: int) -> None:
    """Every table is read by its layer and name: what has no layer would be found at the build alone, or be a file."""
    from sqlglot import exp

    named = {cte.alias.casefold() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if not table.db and isinstance(table.this, exp.Identifier) and table.name.casefold() not in named:
            line = table.this.meta.get("line")
            told = f"reads {table.name} without its layer; expected <layer>.<name>, such as intermediate.int_items"
            raise ConfigError(path, line + offset if line else offset + 1, "", told)
