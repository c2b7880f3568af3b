"""Reading the SQL files: each header with the shared meanings of ``columns.yml``, and all tables in build order.

A file ``dbt_like_sql/<layer>/<name>.sql`` is one SELECT under a YAML header. Every error names file, line and key, and
says what was expected. What a header may say belongs to ``contract``; what a SELECT reads, to ``sql_reads``.
"""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from boi_pipeline import languages
from boi_pipeline.warehouse.contract import (
    LAYERS,
    RAW,
    SET_KINDS,
    TEXT_KINDS,
    BoundCheck,
    Check,
    Column,
    ColumnsFile,
    ColumnSpec,
    Header,
    Model,
    Profile,
    Project,
    Scope,
)
from boi_pipeline.warehouse.profiles import SET_ID, column_name, open_columns
from boi_pipeline.warehouse.sql_reads import SqlReads
from boi_pipeline.warehouse.types import column_type
from scrapers.yamlfile import ConfigError, line_of, load, parse_yaml, read_text, validate

WRITTEN_BY_PUBLICATION = frozenset({"control", "check_results", "quarantine", "dictionary"})
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ADVICE: dict[Scope, str] = {
    "row": "Abra la página de la fuente y compare; si allí el dato está bien, avise a quien mantiene el sistema.",
    "set": "Es un fallo del sistema, no de una fuente. Avise a quien lo mantiene, con el nombre de la tabla y estas filas.",
}
"""What to do where a header does not say."""
_HEADER = re.compile(r"\A\s*/\* ---\n(.*?)^--- \*/\n", re.DOTALL | re.MULTILINE)


def load_project(folder: Path, raw_tables: set[str], vocabularies: set[str], kept: Path | None = None) -> Project:
    """Read every SQL file below ``folder``.

    ``raw_tables`` are the names below ``raw.`` that staging may read; ``vocabularies`` those a check may name; ``kept``
    is a file that remembers what each SQL reads, so that it is parsed once.
    Raises ConfigError with file, line, key and what was expected: bad header, unknown type, column without meaning,
    check on a column there is not, unknown table, a cycle, raw read outside staging, SQL that does not parse, a file in no
    layer.
    """
    shared = load(folder / "columns.yml", ColumnsFile).columns
    paths = [path for layer in LAYERS for path in sorted((folder / layer).glob("*.sql"))]
    for path in sorted(set(folder.rglob("*.sql")) - set(paths)):  # else a table that nobody builds
        raise ConfigError(
            path, None, "", f"expected in {', '.join(f'{layer}/' for layer in LAYERS)} itself: no table there"
        )
    with SqlReads(kept) as reads:
        models = [_load_model(path, shared, vocabularies, reads) for path in paths]
    by_table = {model.table: model for model in models}
    for model in models:
        _check_dependencies(model, set(by_table), raw_tables)
        _check_references(model, by_table)
    _check_files(models)
    try:
        order = list(
            TopologicalSorter(
                {model.table: [d for d in model.dependencies if not d.startswith(f"{RAW}.")] for model in models}
            ).static_order()
        )
    except CycleError as error:
        cycle = error.args[1]
        first = by_table[cycle[0]]  # graphlib gives each before what reads it
        reads = next(table for table in cycle[1:] if table in first.dependencies)
        told = f"tables read each other in a circle: {' → '.join(cycle)}"
        raise ConfigError(first.path, first.line_of(reads), "", told) from None
    position = {table: index for index, table in enumerate(order)}
    models.sort(key=lambda model: (LAYERS.index(model.layer), position[model.table]))
    return Project(folder, tuple(models))


@dataclass(frozen=True)
class _File:
    """One SQL file, taken apart."""

    path: Path
    data: Any  # the header as YAML gave it, which knows its lines
    first_line: int  # of the header's YAML
    header: Header
    sql: str  # from the header's last line on
    lines_before: int  # of the SQL

    @property
    def layer(self) -> str:
        return self.path.parent.name

    @property
    def table(self) -> str:
        return f"{self.layer}.{self.path.stem}"

    def line_of(self, *location: str | int) -> int | None:
        return line_of(self.data, location, self.first_line)

    def fault(self, *location: str | int, problem: str) -> ConfigError:
        return ConfigError(self.path, self.line_of(*location), ".".join(map(str, location)), problem)

    def require_column(self, column: str, *location: str | int) -> None:
        """Raise ConfigError where the table has no such column."""
        if column not in self.header.columns:
            raise self.fault(*location, problem=f"{column!r} is not a column of this table")


def _read(path: Path) -> _File:
    if not _NAME.fullmatch(path.stem):
        raise ConfigError(path, None, "", "expected a file name of small letters, digits and _, then .sql")
    text = read_text(path)
    match = _HEADER.match(text)
    if match is None:
        raise ConfigError(path, 1, "", "expected a header between a line '/* ---' and a line '--- */'")
    first_line = text[: match.start(1)].count("\n") + 1
    data = parse_yaml(match.group(1), path, first_line)
    header = validate(data, Header, path, first_line)
    return _File(path, data, first_line, header, text[match.end() :], text[: match.end()].count("\n"))


def _load_model(path: Path, shared: dict[str, ColumnSpec], vocabularies: set[str], reads: SqlReads) -> Model:
    file = _read(path)
    header = file.header
    columns = tuple(
        _column(file, name, spec or ColumnSpec(), shared.get(name)) for name, spec in header.columns.items()
    )
    for column in header.grain:
        file.require_column(column, "grain")
    return Model(
        layer=file.layer,
        name=path.stem,
        path=path,
        sql=file.sql.strip().rstrip(";"),
        sql_first_line=file.lines_before + 1 + (len(file.sql) - len(file.sql.lstrip("\n"))),
        description=" ".join(header.description.split()),
        grain=tuple(header.grain),
        columns=columns,
        checks=_checks(file, columns, vocabularies, reads),
        publish={profile: name or path.stem for profile, name in header.publish.items()},
        version=header.version,
        dependencies=reads.select(file.sql, path, file.lines_before),
        grows=header.grows,
        partitioned=header.partitioned,
        ordered=header.ordered,
    )


def _column(file: _File, name: str, given: ColumnSpec, common: ColumnSpec | None) -> Column:
    """A column, with what ``columns.yml`` says where the header says nothing."""
    if not _NAME.fullmatch(name):
        raise file.fault("columns", name, problem=f"{name!r}: expected small letters, digits and _")
    if common and given.type and given.type != common.type:
        raise file.fault("columns", name, problem=f"type is {common.type} in columns.yml: same name, same meaning")
    common = common or ColumnSpec()
    kind, label = given.type or common.type, given.label or common.label
    description = given.description or common.description
    if not kind or not description or not label:
        raise file.fault("columns", name, problem="not in columns.yml; expected type, label and description here")
    return Column(name, column_type(kind), label, description, given.internal or common.internal)


def _checks(
    file: _File, columns: tuple[Column, ...], vocabularies: set[str], reads: SqlReads
) -> tuple[BoundCheck, ...]:
    """The header's checks, each line as its single assertions, after the one that every table has."""
    checks = [
        BoundCheck(file.table, "grain_unique", "unique", tuple(file.header.grain), None, "error", "set",
                   "Hay filas con la misma clave, o sin ella. Avise a quien mantiene el sistema: es de la consulta que construye esta tabla, o de lo que lee.",
                   line=file.line_of("grain"))
    ]  # fmt: skip
    places = {"grain_unique": -1}  # check → its place in the list
    for index, check in enumerate(file.header.checks):
        try:
            found = _bind(check, file.table, reads)
        except ValueError as error:
            raise file.fault("checks", index, problem=str(error)) from None
        for bound in found:
            _check_argument(file, index, bound, columns, vocabularies)
            if bound.name in places:
                raise file.fault("checks", index, problem=f"two checks are called {bound.name!r}; give one a `name`")
            places[bound.name] = index
            checks.append(replace(bound, line=file.line_of("checks", index)))
    for check in checks:
        if check.kind == "max_rise":
            watched = any(one.name == check.argument[0] and one.kind not in SET_KINDS for one in checks)
            if not watched or file.layer != "marts":
                told = "only marts are published" if watched else f"no check of rows is called {check.argument[0]!r}"
                raise file.fault("checks", places[check.name], problem=f"max_rise: {told}")
    return tuple(checks)


def _check_argument(
    file: _File, index: int, bound: BoundCheck, columns: tuple[Column, ...], vocabularies: set[str]
) -> None:
    """Raise ConfigError where a check names a column or a vocabulary that is not there, or reads texts in numbers."""
    for column in (*bound.columns, *bound.apart_from):
        file.require_column(column, "checks", index)
    if bound.kind in TEXT_KINDS:
        for column in columns:
            if column.name in bound.columns and column.type.name != "text":
                raise file.fault("checks", index, problem=f"{column.name!r} is no text")
    if bound.kind == "language" and bound.argument not in languages.DEFAULT:
        told = f"unknown language {bound.argument!r}; there are: {', '.join(sorted(languages.DEFAULT))}"
        raise file.fault("checks", index, problem=told)
    if bound.kind == "in_vocabulary" and bound.argument not in vocabularies:
        known = ", ".join(sorted(vocabularies))
        raise file.fault("checks", index, problem=f"unknown vocabulary {bound.argument!r}; there are: {known}")


def _bind(check: Check, table: str, reads: SqlReads) -> list[BoundCheck]:
    """The single assertions of a line. Raises ValueError: a condition that DuckDB cannot read."""
    argument = getattr(check, check.kind)
    if check.kind in ("not_null", "no_personal_data", "plain_language"):
        parts = [((column,), None, f"{column}_{check.kind}") for column in argument]
    elif check.kind == "unique":
        parts = [(tuple(argument), None, f"{'_'.join(argument)}_unique")]
    elif check.kind == "in_vocabulary":
        parts = [((column,), vocabulary, f"{column}_in_vocabulary") for column, vocabulary in argument.items()]
    elif check.kind == "references":
        parts = [((column,), target, f"{column}_references") for column, target in argument.items()]
    elif check.kind == "language":
        parts = [((column,), code, f"{column}_is_{code}") for column, code in argument.items()]
    elif check.kind == "max_rise":
        parts = [((), (name, points), f"{name}_rise") for name, points in argument.items()]
    elif check.kind == "expression":
        slug = re.sub(r"[^a-z0-9]+", "_", argument.lower()).strip("_")[:60].rstrip("_")
        parts = [((), argument, slug)]
    else:
        parts = [((), argument, check.kind)]
    default_scope: Scope = "set" if check.kind in SET_KINDS else "row"
    conditions = [text for text in (argument if check.kind == "expression" else None, check.where) if text is not None]
    looked_at = {found for text in conditions for found in reads.condition(text)} - {table}
    return [
        BoundCheck(
            table, check.name or name, check.kind, columns, value, check.severity, check.scope or default_scope,
            check.advice or _ADVICE[check.scope or default_scope], check.where,
            tuple(check.apart_from), tuple(sorted(looked_at)),
        )
        for columns, value, name in parts
    ]  # fmt: skip


def _check_dependencies(model: Model, tables: set[str], raw_tables: set[str]) -> None:
    looked_at = {table for check in model.checks for table in check.reads}

    def fail(table: str, problem: str) -> ConfigError:
        line = model.line_of(table) or model.line_of(table, in_header=True)
        return ConfigError(model.path, line, "", f"reads {table}{problem}")

    for dependency in (*model.dependencies, *sorted(looked_at - set(model.dependencies))):
        layer, _, name = dependency.rpartition(".")
        if layer == RAW:
            if model.layer != "staging":
                raise fail(dependency, "; only staging may read raw tables")
            if name not in raw_tables:
                raise fail(dependency, f"; the raw tables are: {', '.join(sorted(raw_tables))}")
        elif dependency not in tables:
            near = difflib.get_close_matches(dependency, tables, 1)
            told = f"; did you mean {near[0]}?" if near else ""
            raise fail(dependency, f", and there is no file {layer or '<layer>'}/{name}.sql{told}")
        elif LAYERS.index(layer) > LAYERS.index(model.layer):
            raise fail(dependency, ", a later layer than its own")


def _check_references(model: Model, by_table: Mapping[str, Model]) -> None:
    """A ``references`` check names a column there is."""
    for check in model.checks:
        if check.kind != "references":
            continue
        table, _, column = check.argument.rpartition(".")
        there = by_table[table].column_names if table in by_table else None
        if there is None or column not in there:
            line = model.line_of(check.argument, in_header=True)
            told = f"{table} has no column {column!r}" if there else f"there is no table {table!r}"
            raise ConfigError(
                model.path, line, "checks", f"references {check.argument}: {told}; expected layer.table.column"
            )


def _check_files(models: Iterable[Model]) -> None:
    """No two tables are published in one file, none in a file that publication writes itself, and no column twice."""
    taken: dict[tuple[Profile, str], Path] = {}
    for model in models:
        for profile, file in model.publish.items():
            line = model.line_of("publish:", in_header=True)
            if not _NAME.fullmatch(file):
                raise ConfigError(model.path, line, "publish", f"{file!r}: expected small letters, digits and _")
            if file in WRITTEN_BY_PUBLICATION:
                raise ConfigError(model.path, line, "publish", f"{file} is a file that publication writes itself")
            if (profile, file) in taken:
                other = taken[profile, file]
                raise ConfigError(model.path, line, "publish", f"{other.name} is published as {profile} {file} too")
            taken[profile, file] = model.path
            names = [SET_ID] if profile == "powerbi" else []  # which publication adds
            for column in open_columns(model, profile):
                if (name := column_name(column, profile)) in names:
                    line = model.line_of(column.name, in_header=True)
                    raise ConfigError(model.path, line, "columns", f"{profile} {file} would have {name} twice")
                names.append(name)
