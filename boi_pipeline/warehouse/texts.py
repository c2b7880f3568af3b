"""Checks that read words: personal data, language, plain language.

Python judges each distinct text once. ``quality.verdicts`` keeps what it found, so that tomorrow only texts that changed
are read; conditions look it up, and are then like any other. What the kinds mean for rows belongs to ``checks``.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from boi_pipeline import languages, personal_data
from boi_pipeline.warehouse import plain_language
from boi_pipeline.warehouse.contract import TEXT_KINDS, BoundCheck, Model

LANGUAGES = "languages"
"""Among the vocabularies handed to checks: the languages an entity's texts may be in."""
_BATCH = 20_000
_LETTER = r"\pL"
_QUOTED = re.compile(r"«[^«»]*»")
_SCHEMA = pa.schema([("value_hash", pa.uint64()), ("is_good", pa.bool_())])


@dataclass(frozen=True)
class _Judge:
    """How one check judges a text and the names that stand in it."""

    version: str  # another version reads every text again
    quick: str | None  # RE2: what does not match is good, and never reaches Python
    is_good: Callable[[str, list[str]], bool]


def judge(
    connection: duckdb.DuckDBPyConnection, model: Model, vocabularies: Mapping[str, frozenset[str]], check: BoundCheck
) -> None:
    """Read the texts of a check that were not read before, so that ``condition`` holds. Only for ``TEXT_KINDS``."""
    judge_ = _judge_of(check, vocabularies)
    columns = [f'"{name}"' for name in (*check.columns, *check.apart_from)]
    conditions = [f"{columns[0]} is not null", *([f"({check.where})"] if check.where else [])]
    if judge_.quick:
        conditions.append(f"regexp_matches({columns[0]}, '{judge_.quick.replace(chr(39), chr(39) * 2)}')")
    values = ", ".join(f"any_value({name}) as t{place}" for place, name in enumerate(columns))
    ((count,),) = connection.execute(
        f"create or replace temp table texts_now as select {_key(check)} as value_hash, {values} "
        f"from {model.table} where {' and '.join(conditions)} group by 1"
    ).fetchall()
    own = [check.model, check.name, judge_.version]
    found = _SCHEMA.empty_table()
    if count:
        new = connection.sql(
            "select * from texts_now where value_hash not in "
            "(select value_hash from quality.verdicts where table_name = $1 and check_name = $2 and version = $3)",
            params=own,
        )
        found = pa.Table.from_batches(_verdicts(judge_, new.to_arrow_reader(_BATCH)), _SCHEMA)
    connection.execute(
        "delete from quality.verdicts where table_name = ? and check_name = ? "
        "and (version <> ? or value_hash not in (select value_hash from texts_now))",
        own,
    )
    if found.num_rows:  # an insert of nothing is not nothing: docs/decisions/0020
        connection.register("verdicts_now", found)
        connection.execute("insert into quality.verdicts select ?, ?, ?, value_hash, is_good from verdicts_now", own)
        connection.unregister("verdicts_now")
    connection.execute("drop table texts_now")


def checks_with_bad_texts(connection: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    """The names of the checks of a table that judged one of its texts bad."""
    found = connection.execute(
        "select distinct check_name from quality.verdicts where table_name = ? and not is_good", [table]
    )
    return {name for (name,) in found.fetchall()}


def condition(check: BoundCheck) -> str:
    """A SQL condition that holds for rows whose text was judged good."""
    return (
        f"{_key(check)} not in (select value_hash from quality.verdicts "
        f"where table_name = '{check.model}' and check_name = '{check.name}' and not is_good)"
    )


def create_table(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table ``quality.verdicts``."""
    connection.execute(
        "create schema if not exists quality; create table if not exists quality.verdicts "
        "(table_name varchar, check_name varchar, version varchar, value_hash ubigint, is_good boolean)"
    )


def _key(check: BoundCheck) -> str:
    return f"hash({', '.join(f'{chr(34)}{name}{chr(34)}' for name in (*check.columns, *check.apart_from))})"


def _verdicts(judge_: _Judge, batches: Any) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        columns = [column.to_pylist() for column in batch.columns]
        good = [
            judge_.is_good(text, [name for name in names if name]) for _, text, *names in zip(*columns, strict=True)
        ]
        yield pa.record_batch([batch.column(0), pa.array(good, pa.bool_())], schema=_SCHEMA)


def _judge_of(check: BoundCheck, vocabularies: Mapping[str, frozenset[str]]) -> _Judge:
    assert check.kind in TEXT_KINDS, check.kind  # noqa: S101
    if check.kind == "no_personal_data":
        return _Judge(
            _digest(personal_data.__file__),
            personal_data.MAY_HOLD,
            lambda text, _: not personal_data.holds_personal_data(text),
        )
    if check.kind == "plain_language":
        return _Judge(
            _digest(plain_language.__file__), None, lambda text, names: not plain_language.faults(text, names)
        )
    among = vocabularies.get(LANGUAGES, languages.DEFAULT) | {check.argument}
    return _Judge(
        f"{_digest(languages.__file__)} {check.argument} {' '.join(sorted(among))}",
        _LETTER,
        lambda text, names: _is_in(check.argument, text, names, among),
    )


def _is_in(code: str, text: str, names: list[str], among: frozenset[str]) -> bool:
    """Whether the words of a text that are its own, no names and no quoted title, are in a language."""
    own = _QUOTED.sub(" ", text)
    for name in sorted(names, key=len, reverse=True):
        own = own.replace(name, " ")
    return not any(char.isalpha() for char in own) or languages.language_of(own, among) == code


@cache
def _digest(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes() + Path(__file__).read_bytes()).hexdigest()[:12]
