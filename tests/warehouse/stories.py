"""Tests that are stories: what happens to calls, and at each ``yield`` what the tables say of it.

A build of the project takes as long for one call as for a hundred, so the stories of a module are told side by side: each
goes on to its next ``yield``, one warehouse is built of all, and each looks at its own rows. A story knows nothing of the
others: its items, codes and rows of the ledger carry its number.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.raw import raw_entity
from tests.warehouse.announced import Announced, build_tables
from tests.warehouse.conftest import AS_OF

OWNERS = ("opportunity_id", "item_id", "notice_id", "code", "codigo", "from_code")  # any of them says whose a row is
Rows = list[dict[str, Any]]
Parts = Iterator[None]


@dataclass
class Story(Announced):
    """Calls of one story; after a ``yield``, ``rows`` are theirs as they then stand."""

    as_of: datetime = AS_OF
    tables: Callable[[str], Rows] = field(default=lambda _: [])

    def rows(self, table: str) -> Rows:
        own = {*self.codes.values(), *(self.opportunity(name) for name in self.codes)}
        own |= {name for notice in self.notices for name in (notice.item_id, notice.notice_id)}
        return [row for row in self.tables(table) if any(row.get(owner) in own for owner in OWNERS)]


Told = TypeVar("Told", bound=Story)


def story(tell: Callable[..., Parts]) -> Callable[..., None]:
    """A test from a generator whose first argument is its ``Story`` (or the kind of it that is annotated).

    The tables it looks at are the module's ``TABLES``.
    """
    first, *others = signature(tell).parameters.values()

    def test(endings: Mapping[str, BaseException | None], request: pytest.FixtureRequest, **_: object) -> None:
        if error := endings[request.node.nodeid]:
            raise error

    test.__name__, test.__doc__, test.__module__ = tell.__name__, tell.__doc__, tell.__module__
    own = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("endings", "request")]
    test.__signature__ = Signature([*own, *others])  # type: ignore[attr-defined]
    test.story = (first.annotation, tell)  # type: ignore[attr-defined]
    return test


def told_together(items: list[pytest.Item], entity: Entity, folder: Path, tables: tuple[str, ...]) -> dict[str, Any]:
    """Tell the stories among these tests; test → the error its story ended with, if any."""
    told: dict[str, tuple[Story, Parts]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and (given := getattr(item.function, "story", None)):
            kind, tell = given
            calls = kind(entity, len(told) + 1)
            told[item.nodeid] = calls, tell(calls, **(item.callspec.params if hasattr(item, "callspec") else {}))
    endings: dict[str, BaseException | None] = {}

    def go_on(test: str) -> None:
        try:
            next(told[test][1])
        except StopIteration:
            endings[test] = None
        except BaseException as error:  # noqa: BLE001 the test of this story raises it
            endings[test] = error

    for test in told:
        go_on(test)
    while waiting := [test for test in told if test not in endings]:
        for as_of in sorted({told[test][0].as_of for test in waiting}):
            path = build_tables(entity, _raw(entity, as_of, [calls for calls, _ in told.values()]), folder, tables)
            rows = _reader(path, tables)
            for test in waiting:
                if test not in endings and told[test][0].as_of == as_of:
                    told[test][0].tables = rows
                    go_on(test)
    return endings


def _raw(entity: Entity, as_of: datetime, stories: list[Story]) -> dict[str, pa.Table]:
    """Everything that was told in all stories."""
    parts: dict[str, list[pa.Table]] = {}
    for one in stories:
        for name, table in one.own().items():
            parts.setdefault(name, []).append(table)
    raw = {name: pa.concat_tables(tables) for name, tables in parts.items()}
    raw["sources"] = pa.Table.from_pylist(
        list({row["source_id"]: row for row in raw["sources"].to_pylist()}.values()), raw["sources"].schema
    )
    return {**raw_entity(entity, as_of), **raw}


def _reader(path: Path, tables: tuple[str, ...]) -> Callable[[str], Rows]:
    """Table → all its rows, read when they are first asked for; the next build is another file's."""

    @cache
    def rows(table: str) -> Rows:
        assert table in tables, f"{table} is not in TABLES of this module"
        with duckdb.connect(str(path), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.sql(f"from {table}").to_arrow_table().to_pylist()

    return rows
