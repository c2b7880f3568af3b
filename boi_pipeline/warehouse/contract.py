"""The contract of a table: what the YAML header of a SQL file may say, and the model that comes of it.

Reading the files belongs to ``loading``, running their SQL to ``build``, the checks to ``checks`` and ``expectations``.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from boi_pipeline.warehouse.types import ColumnType, column_type
from scrapers.yamlfile import read_text

LAYERS = ("staging", "intermediate", "marts")
RAW = "raw"

Severity = Literal["error", "warning"]
Scope = Literal["row", "set"]
Profile = Literal["curated", "open_data", "powerbi"]
FOLDERS: dict[Profile, str] = {"curated": "curated", "open_data": "open-data", "powerbi": "powerbi"}
"""Where a set has the tables of each profile."""


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
    min_rows: int | None = Field(default=None, ge=0, le=10**12)
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

    description: str = Field(pattern=r"\S")  # else nobody is told what the table is
    grain: list[str] = Field(min_length=1)
    columns: dict[str, ColumnSpec | None]
    checks: list[Check] = Field(default_factory=list)
    publish: dict[Profile, str] = Field(default_factory=dict)
    version: int = Field(default=1, ge=1)
    grows: bool = False  # large, and what is new comes last by its key: only from where it differs is it written again
    partitioned: bool = False  # expensive, and a range of its key's first column is a range of what it reads
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
