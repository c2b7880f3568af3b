"""What is handed in is read as rows, in any of the forms that people and platforms save; what is no table is refused."""

import tracemalloc
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from boi_pipeline.achieved import book_guard
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import Merged, Row, open_sheets
from tests.achieved.books import EXPORTS, FILES, write_book, write_zip


def rows_of(path: Path) -> list[Row]:
    with open_sheets(path) as opened:
        return [row for sheet in opened for row in sheet.rows()]


def refusal(path: Path) -> str:
    with pytest.raises(SheetRefused) as caught:
        rows_of(path)
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_is_read_however_it_was_saved(tmp_path: Path, encoding: str, separator: str) -> None:
    text = "Día|Impresiones|Nota\n2026-11-23|1.234|«año»\n2026-11-24|5|\n".replace("|", separator)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    assert rows_of(tmp_path / "a.csv") == [
        Row(1, ["Día", "Impresiones", "Nota"]),
        Row(2, ["2026-11-23", "1.234", "«año»"]),
        Row(3, ["2026-11-24", "5", None]),
    ]


def test_a_row_tells_the_line_it_begins_on(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n\n"one\ntwo",2\nc,3\n')
    assert [(row.number, row.cells) for row in rows_of(tmp_path / "a.csv")] == [
        (1, ["a", "b"]),
        (3, ["one\ntwo", "2"]),
        (5, ["c", "3"]),
    ]


def test_decimal_commas_are_no_separators(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("fecha;tasa\n2026-11-23;1,5\n2026-11-24;2,5\n")
    assert rows_of(tmp_path / "a.csv")[1].cells == ["2026-11-23", "1,5"]


def test_the_line_in_which_a_spreadsheet_tells_its_separator_is_no_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("sep=;\na;b\n1;2\n")
    assert [row.cells for row in rows_of(tmp_path / "a.csv")] == [["a", "b"], ["1", "2"]]


def test_a_workbook_tells_numbers_days_and_merged_cells(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ["día", "clics"], [datetime(2026, 11, 23), 1234.0], [None, 1.5])
    assert [row.cells for row in rows_of(path)] == [["día", "clics"], [date(2026, 11, 23), 1234], [None, 1.5]]
    with open_sheets(FILES / "merged.xlsx") as (sheet,):
        assert sheet.merged() == [Merged(1, 1, 1, 3)]


def test_the_old_form_of_workbooks_is_read() -> None:
    with open_sheets(EXPORTS / "linkedin_content_en.xls") as opened:
        assert [sheet.name for sheet in opened] == ["Metrics", "All posts"]
        assert next(iter(opened[0].rows())).cells[0].startswith("Aggregated engagement metrics")  # type: ignore[union-attr]


def test_a_text_that_begins_like_a_formula_stays_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('title,n\n"=HYPERLINK(""http://x"")",1\n@vecina,2\n-5,3\n')
    assert [row.cells[0] for row in rows_of(tmp_path / "a.csv")] == ["title", '=HYPERLINK("http://x")', "@vecina", "-5"]


def test_a_formula_in_a_workbook_is_refused_with_its_cell(tmp_path: Path) -> None:
    assert "celda B3: hay una fórmula" in refusal(write_book(tmp_path / "a.xlsx", ["a"], ["b"], [1, "=A1+1"]))
    assert "Celda B2: hay una fórmula" in refusal(FILES / "formula.xls")


def test_a_formula_is_found_in_a_sheet_of_any_name(tmp_path: Path) -> None:
    write_book(tmp_path / "a.xlsx", ["a", "=A1"])
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for part in old.namelist():
            content = old.read(part).replace(b"worksheets/sheet1.xml", b"other/page.dat")
            new.writestr(part.replace("worksheets/sheet1.xml", "other/page.dat"), content)
    assert "hay una fórmula" in refusal(tmp_path / "b.xlsx")


def test_two_hundred_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(",".join(f"c{n}" for n in range(200)))
    assert "más de 100 columnas" in refusal(tmp_path / "a.csv")
    assert "más de 100 columnas" in refusal(write_book(tmp_path / "a.xlsx", list(range(200))))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "está vacío"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "No es un texto CSV"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "página web"),
        (b"a,b\n\x81\x8d\n", "No es un texto UTF-8"),
        (b'a,b\n"sin cerrar,1\n', "Línea 2: el CSV está mal formado"),
        (b"PK\x03\x04 cut short", "dañado o incompleto"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut short", "dañado o incompleto"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert told in refusal(tmp_path / "a.csv")


def test_other_packed_files_are_refused_by_what_they_are(tmp_path: Path) -> None:
    assert "(ZIP)" in refusal(write_zip(tmp_path / "a.zip", a_dot_csv=b"x"))
    types = {"[Content_Types]_dot_xml": b"<x/>"}
    assert "No es una hoja de cálculo" in refusal(
        write_zip(tmp_path / "a.docx", **types, word__document_dot_xml=b"<x/>")
    )
    macros = {**types, "xl__workbook_dot_xml": b"<x/>", "xl__vbaProject_dot_bin": b"x"}
    assert "macros" in refusal(write_zip(tmp_path / "a.xlsm", **macros))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(book_guard, "MAX_UNPACKED_BYTES", 5_000_000)
    parts = {"[Content_Types]_dot_xml": b"<x/>", "xl__workbook_dot_xml": b"<x/>"}
    path = write_zip(tmp_path / "a.xlsx", **parts, xl__worksheets__sheet1_dot_xml=b"<worksheet>" + b" " * 50_000_000)
    tracemalloc.start()
    assert "Al abrirse ocupa más de 5 MB" in refusal(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_one_cell_far_away_does_not_fill_the_memory(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", ["a"])
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for part in old.namelist():
            far = b'<row r="1048576"><c r="CV1048576"><v>1</v></c></row></sheetData>'
            new.writestr(part, old.read(part).replace(b"</sheetData>", far))
    assert "lejos de las demás" in refusal(tmp_path / "b.xlsx")


def test_a_locked_workbook_is_refused() -> None:
    assert "protegido con contraseña" in refusal(FILES / "locked.xlsx")


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    parts = {"[Content_Types]_dot_xml": b"<x/>", "xl__workbook_dot_xml": b"<x/>"}
    lol = b'<!DOCTYPE w [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'
    assert "DOCTYPE" in refusal(write_zip(tmp_path / "a.xlsx", **parts, xl__worksheets__sheet1_dot_xml=lol))


def test_a_long_csv_goes_by_row_after_row(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    with open(path, "w") as file:
        file.writelines(f"2026-11-23,linkedin,PAL-2026-{n:05},{n}\n" for n in range(100_000))
    tracemalloc.start()
    with open_sheets(path) as (sheet,):
        assert sum(1 for _ in sheet.rows()) == 100_000
    assert tracemalloc.get_traced_memory()[1] < 8_000_000
    tracemalloc.stop()
