"""What the bulletin achieved, as people write it down: ``metrics.csv`` and ``outcomes.csv`` of an entity.

The plain templates, read strictly: what is not understood is an error with file, line and column, never a guess. What a
platform exports has a reader of its own; which opportunity a reference means is decided where the tables are built.

    date,channel,item,code,impressions,clicks,interactions
    date,item,code,reported_by,referred,answered,applied,awarded,people,amount,currency

``item`` (source/key of an announcement) or ``code`` (the public code) names the opportunity, one of them; a column that is
nowhere needed may be left out. Cells are separated by commas, or by semicolons as spreadsheets do here. No column takes a
name, an address or free text: only aggregates come in.
"""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from babel.numbers import list_currencies
from pydantic import BaseModel

from boi_pipeline.entity import FIRST_YEAR, LAST_YEAR, Entity
from boi_pipeline.records import Metric, Outcome, Rate, canonical_json
from scrapers.yamlfile import ConfigError

MAX_FAULTS = 20  # told at once: a file in another form has one on every line
Record = TypeVar("Record", Metric, Outcome, Rate)


def metrics_of(entity: Entity, until: date) -> list[Metric]:
    """What the entity's ``metrics.csv`` says of the days up to ``until``; none without the file. Raises ConfigError."""
    if not entity.metrics_path.is_file():
        return []
    columns = {
        "date": Column("metric_date", a_day, required=True),
        "channel": Column("channel", _one_of(entity.vocabularies["channels"].terms), required=True),
        "item": Column("item_id", _item),
        "code": Column("code", _code),
        "impressions": Column("impressions", _count, required=True),
        "clicks": Column("clicks", _count, required=True),
        "interactions": Column("interactions", _count, required=True),
    }
    template = Template(Metric, columns, ("metric_date", "channel", "item_id", "code"), _metric_fault)
    return [one for one in template.read(entity.metrics_path) if one.metric_date <= until]


def outcomes_of(entity: Entity, until: date) -> list[Outcome]:
    """What the entity's ``outcomes.csv`` says up to ``until``; none without the file. Raises ConfigError."""
    if not entity.outcomes_path.is_file():
        return []
    columns = {
        "date": Column("outcome_date", a_day, required=True),
        "item": Column("item_id", _item),
        "code": Column("code", _code),
        "reported_by": Column("reported_by", _one_of(entity.vocabularies["outcome_reporters"].terms), required=True),
        "referred": Column("referred_count", _count),
        "answered": Column("answered_count", _count),
        "applied": Column("applied_count", _count),
        "awarded": Column("awarded_count", _count),
        "people": Column("people_count", _count),
        "amount": Column("award_amount", _amount),
        "currency": Column("currency", a_currency),
    }
    key = ("outcome_date", "item_id", "code", "reported_by", "currency")
    template = Template(Outcome, columns, key, _outcome_fault)
    return [one for one in template.read(entity.outcomes_path) if one.outcome_date <= until]


# ---------------------------------------------------------------- a template


@dataclass(frozen=True)
class Column:
    """A column of a template: the record's field, and how a cell is understood (ValueError: what was expected)."""

    field: str
    parse: Callable[[str], Any]
    required: bool = False


_Fault = tuple[int, str, str]  # line, column, what was found and expected


@dataclass
class Template(Generic[Record]):
    """A CSV file whose every row is a record. ``key``: the fields no two rows may share; ``judge`` looks at whole rows."""

    model: type[Record]
    columns: dict[str, Column]
    key: tuple[str, ...]
    judge: Callable[[dict[str, Any]], tuple[str, str] | None]
    _faults: list[_Fault] = field(default_factory=list)

    def read(self, path: Path) -> list[Record]:
        rows = self._rows(path)
        _, header = next(rows, (1, []))
        names = self._header(path, header)
        seen: dict[str, int] = {}
        records = []
        for line, cells in rows:
            values = self._values(line, names, cells)
            if values is None:
                continue
            if fault := self.judge(values):
                self._faults.append((line, *fault))
                continue
            key = canonical_json([values.get(name) for name in self.key])
            if key in seen:
                self._faults.append((line, names[0], f"the same as line {seen[key]}; expected one row for each"))
                continue
            seen[key] = line
            place = {"row_number": line} if "row_number" in self.model.model_fields else {}
            records.append(self.model.model_validate(_referring(self.model, values) | place))
        self._tell(path)
        return records

    def _rows(self, path: Path) -> Iterator[tuple[int, list[str]]]:
        """The rows that say something, each with the line it begins on."""
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise ConfigError(path, None, "", f"cannot be read: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise ConfigError(path, None, "", f"is not UTF-8 (byte {error.start}); save it as CSV UTF-8") from None
        first = text.lstrip().partition("\n")[0]
        separator = ";" if ";" in first and "," not in first else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        line = 1
        while True:
            try:
                cells = [cell.strip() for cell in next(reader)]
            except StopIteration:
                return
            except csv.Error as error:
                raise ConfigError(path, line, "", f"not valid CSV: {error}") from None
            if any(cells):
                yield line, cells
            line = reader.line_num + 1

    def _header(self, path: Path, cells: list[str]) -> list[str]:
        names = [cell.lower() for cell in cells]
        expected = ", ".join(self.columns)
        for name in names:
            if name not in self.columns:
                raise ConfigError(path, 1, name, f"unknown column {name!r:.80}; expected {expected}")
            if names.count(name) > 1:
                raise ConfigError(path, 1, name, "this column is there twice; expected it once")
        for name, column in self.columns.items():
            if column.required and name not in names:
                raise ConfigError(path, 1, name, f"missing column; expected {expected}")
        return names

    def _values(self, line: int, names: list[str], cells: list[str]) -> dict[str, Any] | None:
        if len(cells) != len(names):
            self._faults.append((line, names[-1], f"found {len(cells)} cells; expected {len(names)}, as in the header"))
            return None
        values: dict[str, Any] = {}
        for name, cell in zip(names, cells, strict=True):
            column = self.columns[name]
            if not cell and not column.required:
                continue
            try:
                values[column.field] = column.parse(cell)
            except ValueError as error:
                found = f"found {cell!r:.80}" if cell else "found nothing"
                self._faults.append((line, name, f"{found}; expected {error}"))
                return None
        return values

    def _tell(self, path: Path) -> None:
        if not self._faults:
            return
        (line, column, problem), *others = self._faults
        more = "".join(f"\n  line {n}: {name}: {text}" for n, name, text in others[: MAX_FAULTS - 1])
        left = len(others) - (MAX_FAULTS - 1)
        more += f"\n  and {left} more" if left > 0 else ""
        raise ConfigError(path, line, column, problem + more)


# ---------------------------------------------------------------- cells and rows


def a_day(cell: str) -> date:
    """A day as ISO 8601 writes it. Raises ValueError: what was expected."""
    expected = f"a day from {FIRST_YEAR} to {LAST_YEAR} written like 2026-11-23"
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", cell):
        raise ValueError(expected)
    try:
        day = date.fromisoformat(cell)
    except ValueError:
        raise ValueError(expected) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(expected)
    return day


def _count(cell: str) -> int:
    if not re.fullmatch(r"[0-9]{1,12}", cell):
        raise ValueError("a whole number, 0 or more, without separators")
    return int(cell)


def _amount(cell: str) -> Decimal:
    if not re.fullmatch(r"[0-9]{1,15}(\.[0-9]{1,2})?", cell):
        raise ValueError("an amount such as 1200 or 1200.50, without separators of thousands")
    return Decimal(cell)


def a_currency(cell: str) -> str:
    """A currency's code. Raises ValueError: what was expected."""
    if not re.fullmatch(r"[A-Z]{3}", cell) or cell not in list_currencies():
        raise ValueError("a currency of ISO 4217 such as USD")
    return cell


def _item(cell: str) -> str:
    source, slash, key = cell.partition("/")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", source) or not slash or not key or not cell.isprintable():
        raise ValueError("an announcement, as source/key")
    return cell


def _code(cell: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2,6}-[0-9]{4}-[0-9]{5,}", cell):
        raise ValueError("a public code such as PAL-2026-00012")
    return cell.upper()


def _one_of(terms: Collection[str]) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if cell not in terms:
            raise ValueError(f"one of {', '.join(terms)}")
        return cell

    return parse


def _referring(model: type[BaseModel], values: dict[str, Any]) -> dict[str, Any]:
    """A metric names what it speaks of by kind and reference, an outcome by two columns."""
    if model is not Metric:
        return values
    item, code = values.pop("item_id", None), values.pop("code", None)
    kind = "item" if item else "code" if code else None
    return values | {"reference_kind": kind, "reference": item or code}


def _metric_fault(values: dict[str, Any]) -> tuple[str, str] | None:
    if "item_id" in values and "code" in values:
        return "code", "found an item and a code; expected one of them, or neither for the channel's own row"
    return None


def _outcome_fault(values: dict[str, Any]) -> tuple[str, str] | None:
    if ("item_id" in values) == ("code" in values):
        return "item", "expected an item or a code, and only one of them"
    if "award_amount" in values and "currency" not in values:
        return "currency", f"found nothing; expected the currency of {values['award_amount']}"
    if not any(name.endswith("_count") for name in values):
        return "referred", "found no count; expected at least one of referred, answered, applied, awarded, people"
    return None
