"""The template that public bodies fill in: understood row by row, in Spanish or English, and empty ones that can be filled in."""

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from boi_pipeline.achieved import outcome_files, outcome_template, store
from boi_pipeline.achieved.inbox import take_in
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import open_sheets
from boi_pipeline.achieved.taking import Context, Handed, Taken
from boi_pipeline.entity import load_entity
from boi_pipeline.records import Outcome
from boi_pipeline.settings import ROOT, Home
from scrapers.files import file_sha256
from tests.achieved.books import write_book

AS_OF = datetime(2026, 11, 26, 21, tzinfo=UTC)
SAMPLE = load_entity(ROOT / "entities" / "sample")
ONE = "PAL-2026-00001"
SPANISH = ["fecha", "código", "informa", "entidad", "remitidas", "respondieron", "se postularon", "obtuvieron", "personas",
           "monto", "moneda"]  # fmt: skip
ROW = ["23/11/2026", ONE, "Entidad pública", "sec_educacion", "12", "10", "8", "6", "1.240", "1.234,50", "USD"]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    home = Home(tmp_path / "home", "sample")
    home.inbox.mkdir(parents=True)
    return Context(SAMPLE, home, AS_OF)


def write_csv(path: Path, rows: list[list[Any]], separator: str = ";") -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)
    return path


def take(context: Context, path: Path) -> Taken:
    taken = outcome_files.take(Handed(path, file_sha256(path), path.name), context)
    store.keep(context.home, taken.record)
    return taken


def rows_of(context: Context, taken: Taken) -> list[dict[str, Any]]:
    return store.rows_of(context.home, [taken.record], Outcome).to_pylist()


FORMS = {
    "Spanish, semicolons": ("csv", SPANISH, ROW),
    "English, by our own words": (
        "csv",
        ["date", "code", "reported_by", "body", "referred", "answered", "applied", "awarded", "people", "amount", "currency"],
        ["2026-11-23", ONE.lower(), "public_body", "Sec_Educación", "12", "10", "8", "6", "1,240", "1,234.50", "usd"],
    ),
    "a workbook": ("xlsx", SPANISH, [datetime(2026, 11, 23), ONE, "entidad publica", "sec_educacion", 12, 10, 8, 6, 1240, 1234.5, "USD"]),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_row_says_the_same_in_every_form(context: Context, tmp_path: Path, form: str):
    kind, header, row = FORMS[form]
    path = tmp_path / f"a.{kind}"
    write_csv(path, [header, row]) if kind == "csv" else write_book(path, header, row)
    (told,) = rows_of(context, take(context, path))
    assert told | {"import_id": "", "imported_at": None} == {
        "import_id": "",
        "imported_at": None,
        "row_number": 2,
        "layout": "outcomes_template",
        "outcome_date": date(2026, 11, 23),
        "reported_by": "public_body",
        "body": "sec_educacion",
        "item_id": None,
        "code": ONE,
        "referred_count": 12,
        "answered_count": 10,
        "applied_count": 8,
        "awarded_count": 6,
        "people_count": 1240,
        "award_amount": Decimal("1234.50"),
        "currency": "USD",
    }


def changed(**cells: Any) -> list[Any]:
    names = dict(zip(SPANISH, ROW, strict=True)) | {name.replace("_", " "): cell for name, cell in cells.items()}
    return [names[name] for name in SPANISH]


BAD = {
    "a day to come": (changed(fecha="2026-12-24"), "«fecha»: es un día que no ha llegado"),
    "no day": (changed(fecha=""), "Falta la fecha o quién informa"),
    "a code of another bulletin": (changed(código="BOI-2026-00001"), "se esperaba un código como PAL-2026-00012"),
    "no code": (changed(código=""), "el código de la convocatoria, o su anuncio"),
    "a reporter that is none": (changed(informa="Juan"), "se esperaba Quien se postuló, Entidad pública"),
    "a person as body": (changed(entidad="María Pérez"), "una sola palabra corta"),
    "a mail as body": (changed(entidad="ana@correo.example"), "parece un dato personal"),
    "a telephone as count": (changed(personas="3007654321"), "se esperaba una cifra de personas"),
    "a count that is none": (changed(remitidas="muchas"), "«remitidas»"),
    "a fraction": (changed(remitidas="1,5"), "«remitidas»"),
    "a formula": (changed(remitidas="=1+1"), "«remitidas»"),
    "more answers than referred": (changed(respondieron="13"), "Respondieron más de las que se remitieron"),
    "more awards than applications": (changed(obtuvieron="9"), "Obtuvieron más de las que se postularon"),
    "an amount without its currency": (changed(moneda=""), "Falta la moneda del monto"),
    "a currency that is none": (changed(moneda="XYZ"), "ISO 4217"),
    "the same again": (ROW, "Es la misma fila que la 2"),
    "no figure": (
        changed(remitidas="", respondieron="", se_postularon="", obtuvieron="", personas=""),
        "No trae ninguna cifra",
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_a_row_that_is_wrong_is_set_aside_with_its_reason_and_the_others_are_taken(
    context: Context, tmp_path: Path, what: str
):
    row, reason = BAD[what]
    taken = take(context, write_csv(tmp_path / "a.csv", [SPANISH, ROW, [], row]))
    assert [one["row_number"] for one in rows_of(context, taken)] == [2]
    (fault,) = taken.faults
    assert fault.number == 4
    assert reason in fault.reason


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([SPANISH], "La plantilla está sin llenar"),
        ([SPANISH, changed(código=""), changed(informa="x"), ROW], "No se entienden 2 de sus 3 filas"),
        ([["fecha", "código"], ["23/11/2026", ONE]], "falta informa, alguna de remitidas"),
        ([[*SPANISH, "Fecha"], [*ROW, ""]], "la columna «fecha» está dos veces"),
        ([SPANISH, changed(personas="1.240,5"), changed(personas="1,240.5")], "hay números en dos formas"),
    ],
)
def test_a_file_that_is_another_or_mostly_wrong_is_refused_whole(
    context: Context, tmp_path: Path, rows: list[list[Any]], told: str
):
    with pytest.raises(SheetRefused) as caught:
        take(context, write_csv(tmp_path / "a.csv", rows))
    assert told in str(caught.value)
    assert not list(context.home.folder.rglob("*.parquet"))


def test_columns_beyond_the_template_are_dropped_and_named(context: Context):
    write_csv(context.home.inbox / "a.csv", [["nombre", *SPANISH, "observaciones"], ["Ana Canaria", *ROW, "la llamé"]])
    (result,) = take_in(context, AS_OF, only=["a.csv"])
    assert result.record is not None
    assert result.record.unknown_columns == ["nombre", "observaciones"]
    (report,) = context.home.inbox.rglob("*.informe.txt")
    assert "nombre, observaciones" in report.read_text(encoding="utf-8")
    for path in context.home.folder.rglob("*"):
        assert not path.is_file() or b"Canaria" not in path.read_bytes()
    assert not (context.home.inbox / "a.csv").exists()


def test_the_empty_workbook_can_be_filled_in_and_taken(context: Context, tmp_path: Path):
    path = tmp_path / "plantilla.xlsx"
    outcome_template.write_template(path, SAMPLE)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Resultados", "Instrucciones"]
    sheet = book["Resultados"]
    assert [cell.value for cell in sheet[1]] == SPANISH
    told = " ".join(str(cell.value) for row in book["Instrucciones"].iter_rows() for cell in row if cell.value)
    assert "Nunca escriba nombres, correos, teléfonos" in told
    lists = [one.formula1 for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert ["Entidad pública" in one for one in lists] == [True]
    for column, value in enumerate([datetime(2026, 11, 23), *ROW[1:4], 12, 10, 8, 6, 1240, 1234.5, "USD"], 1):
        sheet.cell(2, column).value = value
    book.save(path)
    assert [one["people_count"] for one in rows_of(context, take(context, path))] == [1240]


def test_the_empty_csv_has_the_template_s_header(tmp_path: Path):
    outcome_template.write_template(tmp_path / "plantilla.csv", SAMPLE)
    with open_sheets(tmp_path / "plantilla.csv") as sheets:
        assert [one.missing for one in outcome_files.look(sheets, SAMPLE)] == [()]


def test_the_same_template_is_written_alike(tmp_path: Path):
    for name in ("a.xlsx", "b.xlsx"):
        outcome_template.write_template(tmp_path / name, SAMPLE)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
