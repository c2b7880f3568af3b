"""Rows of a table by the names people know their calls by: the public code, and the title, cut and without personal data.

A check finds keys; an editor knows a call by its code. A table that lacks the code has it from the register, where the code of
a call never changes, so that a table that is not built again tells the same.
"""

from collections.abc import Sequence
from typing import Any

import duckdb

from boi_pipeline.personal_data import mask
from boi_pipeline.warehouse.contract import Model

LONGEST_TITLE = 60
_OPPORTUNITY = "opportunity_id"
_CODES, _TITLES = ("code", "codigo"), ("title_es", "titulo", "title")  # of each, the first that the table has


def naming_columns(model: Model) -> list[str]:
    """The columns outside the grain of a table that tell what its rows are called; none where it speaks of no calls."""
    names = [column for column in (_first(model, _CODES), _first(model, _TITLES)) if column]
    if _OPPORTUNITY in model.column_names and not _first(model, _CODES):
        names.append(_OPPORTUNITY)
    return [name for name in names if name not in model.grain]


def call_names(
    connection: duckdb.DuckDBPyConnection, model: Model, rows: Sequence[dict[str, Any]]
) -> list[dict[str, str]]:
    """For each row, which has the grain and ``naming_columns``: ``code`` and ``title``, as far as they are known."""
    code, title = _first(model, _CODES), _first(model, _TITLES)
    codes = {} if code else _codes(connection, [str(row[_OPPORTUNITY]) for row in rows if row.get(_OPPORTUNITY)])
    found = []
    for row in rows:
        told = {
            "code": row[code] if code else codes.get(str(row.get(_OPPORTUNITY))),
            "title": _short(row[title]) if title else None,
        }
        found.append({name: str(value) for name, value in told.items() if value and name not in model.grain})
    return found


def _first(model: Model, names: Sequence[str]) -> str | None:
    return next((name for name in names if name in model.column_names), None)


def _codes(connection: duckdb.DuckDBPyConnection, opportunities: list[str]) -> dict[str, str]:
    """Opportunity → code. Empty where there is no register: a check can be run over any tables."""
    if (
        not opportunities
        or not connection.execute(
            "select 1 from information_schema.tables where table_schema = 'raw' and table_name = 'identities'"
        ).fetchall()
    ):
        return {}
    asked = "select opportunity_id::varchar, code from raw.identities where list_contains(?, opportunity_id::varchar)"
    return dict(connection.execute(asked, [opportunities]).fetchall())


def _short(title: Any) -> str:
    text = " ".join(mask(str(title or "")).split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"
