"""What public bodies report: the template of outcomes, as CSV or workbook, in Spanish or English headings.

A row that cannot be understood is set aside with its reason, the rest is taken. Only the template's columns are read: what
else a body writes beside them is dropped and named. The empty template is ``outcome_template``'s.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from babel.numbers import list_currencies

from boi_pipeline.achieved import store
from boi_pipeline.achieved.days import Order, day_of, day_order
from boi_pipeline.achieved.headers import folded
from boi_pipeline.achieved.numbers import Decided, amount, decimal_mark, whole
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import Cell, Row, Sheet, open_sheets
from boi_pipeline.achieved.taking import MAX_FAULTS, Context, Fault, Handed, Look, Taken, Taker
from boi_pipeline.entity import Entity, Vocabulary
from boi_pipeline.personal_data import holds_personal_data
from boi_pipeline.records import Import, Outcome, canonical_json

LABEL = "Plantilla de resultados"
LAYOUT = "outcomes_template"
HEADER_ROWS = 20  # where the header may stand
MAX_ROWS = 100_000
MAX_COUNT = 10_000_000  # of people in one row: beyond it, a telephone or an identity number stands in the wrong column
_CODE = re.compile(r"[A-Za-z]{2,6}-[0-9]{4}-[0-9]{5,9}")
_ITEM = re.compile(r"[a-z][a-z0-9_]*/\S.{0,500}")
_BODY = re.compile(r"[a-z][a-z0-9_-]{1,29}")


@dataclass(frozen=True)
class Column:
    """A column of the template. ``names``: its headings, folded; the first is the one we write."""

    field: str
    heading: str
    names: tuple[str, ...]
    words: str  # what goes in it, for who fills it in
    must: bool = False


COLUMNS = (
    Column(
        "outcome_date", "fecha", ("fecha", "date", "dia"), "Día en que se supo, como 2026-11-23 o 23/11/2026.", True
    ),
    Column(
        "code",
        "código",
        ("codigo", "code", "codigo de la convocatoria"),
        "Código de la convocatoria en el boletín.",
        True,
    ),
    Column(
        "reported_by", "informa", ("informa", "reported by", "quien informa"), "Quién informa: elija de la lista.", True
    ),
    Column(
        "body", "entidad", ("entidad", "body"), "Una palabra corta de su entidad, como sec_educacion. Nunca un nombre."
    ),
    Column("referred_count", "remitidas", ("remitidas", "referred"), "Cuántas personas o entidades remitió."),
    Column("answered_count", "respondieron", ("respondieron", "answered"), "De ellas, cuántas contaron qué pasó."),
    Column("applied_count", "se postularon", ("se postularon", "postularon", "applied"), "Cuántas se postularon."),
    Column("awarded_count", "obtuvieron", ("obtuvieron", "awarded"), "Cuántas la obtuvieron."),
    Column("people_count", "personas", ("personas", "people"), "Cuántas personas se benefician de lo obtenido."),
    Column("award_amount", "monto", ("monto", "amount"), "Suma de lo obtenido, sin signo de moneda."),
    Column("currency", "moneda", ("moneda", "currency"), "Moneda del monto, como USD o COP."),
    Column("item_id", "anuncio", ("anuncio", "item"), "Solo para el equipo: el anuncio, en vez del código."),
)
_BY_NAME = {name: column for column in COLUMNS for name in column.names}
_COUNTS = tuple(column.field for column in COLUMNS if column.field.endswith("_count"))
_TEXTS = ("code", "reported_by", "body", "currency", "item_id")
_KEY = ("outcome_date", "item_id", "code", "reported_by", "body", "currency")


@dataclass(frozen=True)
class Table:
    """Where the template stands in a file: its columns by place from 0."""

    sheet: Sheet
    header: int
    places: dict[str, int]
    beyond: list[str]  # headings of columns that are no part of the template


@dataclass
class Understood:
    """A file of outcomes as its rows are understood."""

    table: Table
    rows: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    refused_count: int = 0

    def set_aside(self, number: int, reason: str) -> None:
        """Leave a row out."""
        self.refused_count += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(self.table.sheet.name, number, reason))


def look(sheets: list[Sheet], entity: Entity) -> list[Look]:
    """How the header looks to the template."""
    found = max((_places(row) for _, row in _first_rows(sheets)), key=_nearness, default={})
    return [Look(LABEL, len(found), _missing(found))]


def understand(handed: Handed, entity: Entity, today: date) -> Understood:
    """Read a file of outcomes. Raises SheetRefused where it is no such file, or more of it is wrong than right."""
    with open_sheets(handed.path, max_rows=MAX_ROWS) as sheets:
        table = _table(sheets)
        understood = Understood(table)
        reader = _Reader(entity, today, *_ways(table))
        seen: dict[str, int] = {}
        for row in _body(table):
            cells = {name: _cell(row, place) for name, place in table.places.items()}
            if all(cell is None for cell in cells.values()):
                continue
            try:
                values = reader.row(cells)
            except ValueError as error:
                understood.set_aside(row.number, f"{error}.")
                continue
            key = canonical_json([values.get(name) for name in _KEY])
            if key in seen:
                understood.set_aside(row.number, f"Es la misma fila que la {seen[key]}; se esperaba una sola.")
                continue
            seen[key] = row.number
            understood.rows.append(values | {"row_number": row.number})
    _check_most(understood)
    return understood


def take(handed: Handed, context: Context) -> Taken:
    """Write the rows of a file of outcomes; the import is the caller's to keep. Raises SheetRefused."""
    understood = understand(handed, context.entity, context.entity.today(context.as_of))
    import_id = store.new_import_id()
    days = [values["outcome_date"] for values in understood.rows]
    store.write_rows(context.home, import_id, _outcomes(understood, import_id, context.as_of), Outcome)
    record = Import(
        import_id=import_id,
        kind="outcomes",
        file_name=handed.name,
        file_sha256=handed.sha256,
        layout=LAYOUT,
        channel=None,
        replaces="rows",
        imported_at=context.as_of,
        first_day=min(days),
        last_day=max(days),
        row_count=len(days),
        refused_count=understood.refused_count,
        unknown_columns=understood.table.beyond,
    )
    return Taken(record, understood.faults, keeps_file=False)


TAKER = Taker(LAYOUT, look, take, keeps_file=False)  # beside the template's columns it may name people


# ---------------------------------------------------------------- the header


def _first_rows(sheets: list[Sheet]) -> Iterator[tuple[Sheet, Row]]:
    for sheet in sheets:
        for row in islice(sheet.rows(), HEADER_ROWS):
            yield sheet, row


def _places(row: Row) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, cell in enumerate(row.cells):
        if column := _BY_NAME.get(folded(cell)):
            if column.field in found:
                raise SheetRefused(f"Fila {row.number}: la columna «{column.heading}» está dos veces. Deje una sola.")
            found[column.field] = place
    return found


def _missing(found: dict[str, int]) -> tuple[str, ...]:
    lacking = [column.heading for column in COLUMNS if column.must and column.field not in found]
    if "item_id" in found and "código" in lacking:
        lacking.remove("código")
    if not any(name in found for name in _COUNTS):
        lacking.append("alguna de remitidas, respondieron, se postularon, obtuvieron, personas")
    return tuple(lacking)


def _nearness(found: dict[str, int]) -> tuple[bool, int]:
    return not _missing(found), len(found)


def _table(sheets: list[Sheet]) -> Table:
    nearest: dict[str, int] = {}
    for sheet, row in _first_rows(sheets):
        places = _places(row)
        if not _missing(places):
            others = (cell for place, cell in enumerate(row.cells) if place not in places.values())
            beyond = [_told(cell) for cell in others if cell is not None]
            return Table(sheet, row.number, places, beyond)
        nearest = max(nearest, places, key=len)
    raise SheetRefused(
        f"No es la plantilla de resultados: falta {', '.join(_missing(nearest))}. "
        "Escriba una vacía con `boi outcomes template` y pase allí las cifras."
    )


def _told(heading: Cell) -> str:
    """A heading as it can be repeated; one that may name somebody is not."""
    words = " ".join(str(heading).split())[:60]
    return "(sin nombre)" if holds_personal_data(words) or not words.isprintable() else words


def _body(table: Table) -> Iterator[Row]:
    return (row for row in table.sheet.rows() if row.number > table.header)


def _cell(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None


def _ways(table: Table) -> tuple[Decided, Order | None]:
    """How the file writes numbers and days, decided from all of them. Raises SheetRefused where it is in two ways."""

    def cells(*names: str) -> Iterator[Cell]:
        places = [table.places[name] for name in names if name in table.places]
        return (_cell(row, place) for row in _body(table) for place in places)

    try:
        return decimal_mark(cells(*_COUNTS, "award_amount")), day_order(cells("outcome_date"), "dmy")
    except ValueError as error:
        raise SheetRefused(f"En el archivo {error}.") from None


# ---------------------------------------------------------------- a row


@dataclass(frozen=True)
class _Reader:
    """Understands the cells of a row."""

    entity: Entity
    today: date
    decimal: Decided
    order: Order | None

    def row(self, cells: dict[str, Cell]) -> dict[str, Any]:
        """The values of a row, without those that are empty. Raises ValueError: which column, what was expected."""
        values: dict[str, Any] = {}
        for column in COLUMNS:
            cell = cells.get(column.field)
            if column.field in _TEXTS and isinstance(cell, str) and holds_personal_data(cell):
                raise ValueError(f"«{column.heading}»: parece un dato personal; no se recibe ninguno")
            try:
                value = None if cell is None else self._value(column.field, cell)
            except ValueError as error:
                raise ValueError(f"«{column.heading}»: {error}") from None
            if value is not None:
                values[column.field] = value
        if fault := _judge(values):
            raise ValueError(fault)
        return values

    def _value(self, name: str, cell: Cell) -> Any:
        if name.endswith("_count"):
            return self._count(cell)
        kinds: dict[str, Callable[[Cell], Any]] = {
            "outcome_date": self._day,
            "code": self._code,
            "reported_by": self._reporter,
            "body": _body_word,
            "award_amount": lambda one: amount(one, self.decimal),
            "currency": _currency,
            "item_id": _item,
        }
        return kinds[name](cell)

    def _count(self, cell: Cell) -> int | None:
        found = whole(cell, self.decimal)
        if found is not None and found > MAX_COUNT:
            raise ValueError(f"se esperaba una cifra de personas, hasta {MAX_COUNT}")
        return found

    def _day(self, cell: Cell) -> date:
        day = day_of(cell, self.order, None, self.entity.zone)
        if day > self.today:
            raise ValueError("es un día que no ha llegado; revise el año y el orden de día y mes")
        return day

    def _code(self, cell: Cell) -> str:
        code, prefix = str(cell).strip().upper(), self.entity.file.code_prefix
        if not _CODE.fullmatch(code) or not code.startswith(f"{prefix}-"):
            raise ValueError(f"se esperaba un código como {prefix}-2026-00012")
        return code

    def _reporter(self, cell: Cell) -> str:
        return reporter_of(cell, self.entity.vocabularies["outcome_reporters"])


def reporter_of(cell: Cell, reporters: Vocabulary) -> str:
    """The kind of reporter, by its code or its label in either language. Raises ValueError."""
    words = folded(cell)
    for code, term in reporters.terms.items():
        if words and words in (folded(code), folded(term.label), folded(term.en)):
            return code
    raise ValueError(f"se esperaba {', '.join(term.label for term in reporters.terms.values())}")


def _body_word(cell: Cell) -> str:
    word = "_".join(folded(cell).split()) if isinstance(cell, str) and " " not in cell.strip() else ""
    if not _BODY.fullmatch(word):
        raise ValueError("se esperaba una sola palabra corta de la entidad, como sec_educacion, y no un nombre")
    return word


def _currency(cell: Cell) -> str:
    code = str(cell).strip().upper()
    if code not in list_currencies():
        raise ValueError("se esperaba una moneda de la norma ISO 4217, como USD")
    return code


def _item(cell: Cell) -> str:
    if not isinstance(cell, str) or not _ITEM.fullmatch(cell) or not cell.isprintable():
        raise ValueError("se esperaba un anuncio, como fuente/clave")
    return cell


def _judge(values: dict[str, Any]) -> str | None:
    """What is wrong with a row as a whole."""
    if "outcome_date" not in values or "reported_by" not in values:
        return "Falta la fecha o quién informa"
    if ("code" in values) == ("item_id" in values):
        return "Se esperaba el código de la convocatoria, o su anuncio, y solo uno de los dos"
    if not any(name in values for name in _COUNTS):
        return "No trae ninguna cifra; se esperaba al menos una"
    if "award_amount" in values and "currency" not in values:
        return "Falta la moneda del monto"
    for part, whole_of, words in (
        ("answered_count", "referred_count", "Respondieron más de las que se remitieron"),
        ("awarded_count", "applied_count", "Obtuvieron más de las que se postularon"),
    ):
        if part in values and whole_of in values and values[part] > values[whole_of]:
            return f"{words}: revise las dos cifras"
    return None


def _check_most(understood: Understood) -> None:
    """Raises SheetRefused where nothing is left, or more is wrong than right: then the file is another one."""
    if not understood.rows and not understood.refused_count:
        raise SheetRefused("La plantilla está sin llenar: no trae ninguna fila debajo del encabezado.")
    if understood.refused_count > len(understood.rows):
        first = understood.faults[0]
        raise SheetRefused(
            f"No se entienden {understood.refused_count} de sus {understood.refused_count + len(understood.rows)} filas, y no "
            f"se tomó ninguna. La primera, fila {first.number}: {first.reason} Corríjalas y vuelva a dejar el archivo."
        )


def _outcomes(understood: Understood, import_id: str, as_of: datetime) -> Iterator[Outcome]:
    for values in understood.rows:
        yield Outcome(import_id=import_id, imported_at=as_of.astimezone(UTC), layout=LAYOUT, **values)
