"""The contract of a table: the YAML header of its SQL file, with the shared meanings of ``columns.yml``.

A file ``dbt_like_sql/<layer>/<name>.sql`` is one SELECT under a header; this module reads headers and gives a
``Project`` in build order. Running the SQL belongs to ``build``, the checks to ``checks`` and ``expectations``.
"""

import difflib
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from boi_pipeline.warehouse.sql_reads import SqlReads
from boi_pipeline.warehouse.types import ColumnType, column_type
from scrapers.yamlfile import ConfigError, line_of, load, parse_yaml, read_text, validate

LAYERS = ("staging", "intermediate", "marts")
RAW = "raw"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_HEADER = re.compile(r"\A\s*/\* ---\n(.*?)^--- \*/\n", re.DOTALL | re.MULTILINE)

Severity = Literal["error", "warning"]
Scope = Literal["row", "set"]
Profile = Literal["curated", "open_data", "powerbi"]
FOLDERS: dict[Profile, str] = {"curated": "curated", "open_data": "open-data", "powerbi": "powerbi"}
"""Where a set has the tables of each profile."""
WRITTEN_BY_PUBLICATION = frozenset({"control", "check_results", "quarantine", "dictionary"})


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnSpec(_Strict):
    """What ``columns.yml`` or a header says of a column."""

    type: str | None = None
    label: str | None = None
    description: str | None = None
    internal: bool = False  # in columns.yml: not in the open data, whatever table it stands in

    @field_validator("type")
    @classmethod
    def _known(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                return column_type(value).name
            except KeyError as error:
                raise ValueError(error.args[0]) from None
        return value


class ColumnsFile(_Strict):
    """``columns.yml``: same name, same meaning, in every table."""

    columns: dict[str, ColumnSpec]


CHECK_KINDS = (
    "not_null", "unique", "in_vocabulary", "references", "expression", "no_personal_data", "language", "plain_language",
    "min_rows", "max_fall", "max_rise",
)  # fmt: skip
TEXT_KINDS = frozenset({"no_personal_data", "language", "plain_language"})
"""Kinds that look at the words of a column; ``texts`` runs them."""
SET_KINDS = frozenset({"unique", "min_rows", "max_fall", "max_rise"})
"""Kinds that speak of the table as a whole."""


class Check(_Strict):
    """One line of ``checks``. Exactly one of the kinds is given.

    ``expression``: a SQL condition on one row; null counts as true. ``references``: column → ``layer.table.column``.
    ``language``: column → code. ``max_fall``: the share by which the row count may fall against the sets published
    last. ``max_rise``: name of a check of this table → by how many points (0.1 = ten in a hundred) the share of its
    failing rows may rise against these sets. ``where``: only these rows are looked at. ``apart_from``: columns whose
    words are names and are left out of the texts looked at.
    """

    not_null: list[str] | None = None
    unique: list[str] | None = None
    in_vocabulary: dict[str, str] | None = None
    references: dict[str, str] | None = None
    expression: str | None = None
    no_personal_data: list[str] | None = None
    language: dict[str, str] | None = None
    plain_language: list[str] | None = None
    min_rows: int | None = Field(default=None, ge=0)
    max_fall: float | None = Field(default=None, ge=0, lt=1)
    max_rise: dict[str, Annotated[float, Field(gt=0, lt=1)]] | None = None
    where: str | None = None
    apart_from: list[str] = Field(default_factory=list)
    severity: Severity = "error"
    scope: Scope | None = None
    advice: str | None = None
    name: str | None = Field(default=None, pattern=r"^[a-z][a-z0-9_]*$")

    @model_validator(mode="after")
    def _one_kind(self) -> "Check":
        kinds = [kind for kind in CHECK_KINDS if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise ValueError(f"expected exactly one of {', '.join(CHECK_KINDS)}, found {', '.join(kinds) or 'none'}")
        argument = getattr(self, kinds[0])
        if argument in ([], {}) or (isinstance(argument, str) and not argument.strip()):
            raise ValueError(f"{kinds[0]} says nothing to check; expected what, or no such line")
        if self.where is not None and kinds[0] in SET_KINDS:
            raise ValueError(f"`where` chooses rows, and {kinds[0]} speaks of the whole table")
        if self.apart_from and kinds[0] not in ("language", "plain_language"):
            raise ValueError(f"`apart_from` leaves names out of texts, and {kinds[0]} reads none")
        return self

    @property
    def kind(self) -> str:
        return next(kind for kind in CHECK_KINDS if getattr(self, kind) is not None)


class Header(_Strict):
    """The YAML between ``/* ---`` and ``--- */``."""

    description: str
    grain: list[str] = Field(min_length=1)
    columns: dict[str, ColumnSpec | None]
    checks: list[Check] = Field(default_factory=list)
    publish: dict[Profile, str] = Field(default_factory=dict)
    version: int = Field(default=1, ge=1)
    grows: bool = False  # large, and what is new comes last by its key: only from where it differs is it written again
    partitioned: bool = False  # dear, and a range of its key's first column is a range of what it reads
    ordered: bool = False  # its SELECT gives its rows in the order of its key

    @field_validator("publish", mode="before")
    @classmethod
    def _list_of_profiles(cls, value: Any) -> Any:
        return dict.fromkeys(value, "") if isinstance(value, list) else value


@dataclass(frozen=True)
class Column:
    """A column as the contract gives it."""

    name: str
    type: ColumnType
    label: str
    description: str
    is_internal: bool = False  # left out of the open data


@dataclass(frozen=True)
class BoundCheck:
    """A single assertion: one kind on one column (or column set, or expression) of one table."""

    model: str
    name: str
    kind: str
    columns: tuple[str, ...]
    argument: Any
    severity: Severity
    scope: Scope
    advice: str
    where: str | None = None
    apart_from: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()  # tables its conditions look at besides its own
    line: int | None = field(default=None, compare=False, repr=False)  # where the header has it


@dataclass(frozen=True)
class Model:
    """One SQL file: its table, contract, checks and dependencies."""

    layer: str
    name: str
    path: Path
    sql: str
    sql_first_line: int
    description: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    checks: tuple[BoundCheck, ...]
    publish: dict[Profile, str]  # profile → file name without suffix
    version: int
    dependencies: tuple[str, ...]  # "layer.name", raw tables included
    grows: bool = False  # written again only from where it differs
    partitioned: bool = False  # where much is read, made in ranges of its key's first column
    ordered: bool = False  # not sorted once more where its rows come in the order of its key

    @property
    def table(self) -> str:
        return f"{self.layer}.{self.name}"

    def line_of(self, words: str, *, in_header: bool = False) -> int | None:
        """The first line of the SQL, or of the header, that has these words whole; None where none has."""
        lines = read_text(self.path).splitlines()
        first, last = (1, self.sql_first_line - 1) if in_header else (self.sql_first_line, len(lines))
        found = re.compile(rf"(?<![\w.]){re.escape(words)}(?![\w.])")
        return next((number for number in range(first, last + 1) if found.search(lines[number - 1])), None)

    @property
    def column_names(self) -> list[str]:
        return [column.name for column in self.columns]

    @cached_property
    def code_version(self) -> str:
        """Changes when the SELECT or the contract does."""
        contract = [(column.name, column.type.name) for column in self.columns]
        return hashlib.sha256(f"{self.sql}|{contract}|{self.checks}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Project:
    """All models in an order in which each follows what it reads."""

    folder: Path
    models: tuple[Model, ...]

    @cached_property
    def by_table(self) -> dict[str, Model]:
        return {model.table: model for model in self.models}

    def downstream(self, tables: set[str]) -> set[str]:
        """The tables given and all that read from them, however far."""
        found = set(tables)
        for model in self.models:
            if found & set(model.dependencies):
                found.add(model.table)
        return {table for table in found if table in self.by_table}

    def upstream(self, tables: set[str]) -> set[str]:
        """The tables given and all that they read, however far."""
        found = set(tables)
        for model in reversed(self.models):
            if model.table in found:
                found |= set(model.dependencies)
        return {table for table in found if table in self.by_table}


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


def _load_model(path: Path, shared: dict[str, ColumnSpec], vocabularies: set[str], reads: SqlReads) -> Model:
    if not _NAME.fullmatch(path.stem):
        raise ConfigError(path, None, "", "expected a file name of small letters, digits and _, then .sql")
    text = read_text(path)
    match = _HEADER.match(text)
    if match is None:
        raise ConfigError(path, 1, "", "expected a header between a line '/* ---' and a line '--- */'")
    first_line = text[: match.start(1)].count("\n") + 1
    data = parse_yaml(match.group(1), path, first_line)
    header = validate(data, Header, path, first_line)
    layer, name = path.parent.name, path.stem

    def fail(location: tuple[str | int, ...], problem: str) -> ConfigError:
        return ConfigError(path, line_of(data, location, first_line), ".".join(map(str, location)), problem)

    columns = []
    for column, spec in header.columns.items():
        if not _NAME.fullmatch(column):
            raise fail(("columns", column), f"{column!r}: expected small letters, digits and _")
        given, common = spec or ColumnSpec(), shared.get(column)
        if common and given.type and given.type != common.type:
            raise fail(("columns", column), f"type is {common.type} in columns.yml: same name, same meaning")
        kind = given.type or (common.type if common else None)
        label = given.label or (common.label if common else None)
        description = given.description or (common.description if common else None)
        if not kind or not description or not label:
            raise fail(("columns", column), "not in columns.yml; expected type, label and description here")
        internal = given.internal or bool(common and common.internal)
        columns.append(Column(column, column_type(kind), label, description, internal))
    for column in header.grain:
        if column not in header.columns:
            raise fail(("grain",), f"{column!r} is not a column of this table")
    checks: list[BoundCheck] = [
        BoundCheck(f"{layer}.{name}", "grain_unique", "unique", tuple(header.grain), None, "error", "set",
                   "Hay filas repetidas para la misma clave. Revise la consulta que construye esta tabla.",
                   line=line_of(data, ("grain",), first_line))
    ]  # fmt: skip
    lines: dict[str, int] = {"grain_unique": -1}  # check → its place in the list
    for index, check in enumerate(header.checks):
        try:
            found = _bind(check, f"{layer}.{name}", reads)
        except ValueError as error:
            raise fail(("checks", index), str(error)) from None
        for bound in found:
            for column in (*bound.columns, *bound.apart_from):
                if column not in header.columns:
                    raise fail(("checks", index), f"{column!r} is not a column of this table")
            if bound.kind in TEXT_KINDS:
                no_text = [c.name for c in columns if c.name in bound.columns and c.type.name != "text"]
                if no_text:
                    raise fail(("checks", index), f"{no_text[0]!r} is no text")
            if bound.kind == "in_vocabulary" and bound.argument not in vocabularies:
                known = ", ".join(sorted(vocabularies))
                raise fail(("checks", index), f"unknown vocabulary {bound.argument!r}; there are: {known}")
            if bound.name in lines:
                raise fail(("checks", index), f"two checks are called {bound.name!r}; give one a `name`")
            lines[bound.name] = index
            checks.append(replace(bound, line=line_of(data, ("checks", index), first_line)))
    for check in checks:
        if check.kind == "max_rise":
            watched = next((one for one in checks if one.name == check.argument[0] and one.kind not in SET_KINDS), None)
            if watched is None or layer != "marts":
                told = "only marts are published" if watched else f"no check of rows is called {check.argument[0]!r}"
                raise fail(("checks", lines[check.name]), f"max_rise: {told}")
    sql = text[match.end() :]
    return Model(
        layer=layer,
        name=name,
        path=path,
        sql=sql.strip().rstrip(";"),
        sql_first_line=text[: match.end()].count("\n") + 1 + (len(sql) - len(sql.lstrip("\n"))),
        description=" ".join(header.description.split()),
        grain=tuple(header.grain),
        columns=tuple(columns),
        checks=tuple(checks),
        publish={profile: file or name for profile, file in header.publish.items()},
        version=header.version,
        dependencies=reads.select(sql, path, text[: match.end()].count("\n")),
        grows=header.grows,
        partitioned=header.partitioned,
        ordered=header.ordered,
    )


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
            check.advice or "Revise estas filas en la fuente y en la lectura que las produjo.", check.where,
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
    """No two tables are published in one file, and none in a file that publication writes itself."""
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
