"""The report on paper: whole for who reads it with a screen reader, inert whatever was scraped, the same every time."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from boi_pipeline.printing.printer import Printer
from boi_pipeline.report.figures import WeekReport
from boi_pipeline.report.paper import TEMPLATE, document
from boi_pipeline.warehouse.dashboard.grids import Cell
from tests.publishing.test_pdf import MARKUP, elements
from tests.report.conftest import EMPTY_WEEK, report_of
from tests.warehouse.dashboard_set import DashboardSet

pytestmark = pytest.mark.xdist_group("report")


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with Printer(TEMPLATE) as made:
        yield made


@pytest.fixture(scope="module")
def printed(printer: Printer, shown: DashboardSet, report: WeekReport) -> bytes:
    return printer.print(document(report, shown.entity))


def text_of(raw: bytes) -> str:
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages)
    return " ".join(words.replace("\u200b", "").split())


def test_it_tells_assistive_tools_what_it_is(printed: bytes, report: WeekReport):
    with pikepdf.open(io.BytesIO(printed)) as made:
        assert bool(made.Root["/MarkInfo"]["/Marked"]) and str(made.Root["/Lang"]) == "es"
        title = str(made.docinfo["/Title"])
        assert title.endswith("Informe de la semana del 26 de octubre al 1 de noviembre de 2026")
        metadata = made.open_metadata()
        assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == title
        kinds = [kind for kind, _ in elements(made)]
    assert kinds.count("/H1") == 1 and next(kind for kind in kinds if kind.startswith("/H")) == "/H1"
    tables = [one for section in report.sections for one in section.tables if one.grid.rows]
    assert kinds.count("/Table") == len(tables)
    assert kinds.count("/TH") == sum(len(one.grid.heads) for one in tables), "every column has its head"


def test_it_says_what_the_page_says(printed: bytes, report: WeekReport):
    text = text_of(printed)
    for figure in report.headline:
        assert f"{figure.cell.text} {figure.name}".replace("\u00a0", " ") in text.replace("\u00a0", " ")
    for section in report.sections:
        assert section.title in text
        for table in section.tables:
            assert table.title in text
    outline = PdfReader(io.BytesIO(printed)).outline
    assert [str(one["/Title"]) for one in outline[1] if isinstance(one, dict)] == [  # type: ignore[index]
        "En breve",
        *(one.title for one in report.sections),
        "Sobre este documento",
    ]


def test_links_lead_to_the_site_alone_and_nothing_acts(printed: bytes, shown: DashboardSet):
    with pikepdf.open(io.BytesIO(printed)) as made:
        annotations = [one for page in made.pages for one in page.get("/Annots", [])]
        away = {str(one["/A"]["/URI"]) for one in annotations}
        assert "/OpenAction" not in made.Root and "/AA" not in made.Root
        actions = {str(one.get("/S")) for one in made.objects if isinstance(one, pikepdf.Dictionary)}
    assert away and all(one.startswith(shown.entity.file.site_url) for one in away)
    assert not actions & {"/JavaScript", "/Launch", "/SubmitForm"}


def test_an_empty_week_is_printed_too(printer: Printer, shown: DashboardSet):
    text = text_of(printer.print(document(report_of(shown, EMPTY_WEEK), shown.entity)))
    assert "Esta semana no se publicó ninguna convocatoria." in text


def test_equal_reports_give_equal_bytes_without_a_clock(shown: DashboardSet, report: WeekReport, printed: bytes):
    with Printer(TEMPLATE) as another:
        assert another.print(document(report, shown.entity)) == printed
    assert b"CreationDate" not in printed and b"ModDate" not in printed


@pytest.mark.parametrize("piece", [*MARKUP[:14], "a" * 3000, "日本語の題名", "👩\u200d👩"])
def test_whatever_a_source_wrote_is_printed_as_text(
    printer: Printer, shown: DashboardSet, report: WeekReport, piece: str
):
    first, *rest = report.sections
    table = first.tables[0]
    rows: list[list[Any]] = [
        [*row[:1], Cell(None, f"véase {piece} fin", page="PRU-1"), *row[2:]] for row in table.grid.rows
    ]
    hostile = replace(first, tables=[replace(table, grid=replace(table.grid, rows=rows))])
    raw = printer.print(document(replace(report, sections=[hostile, *rest]), shown.entity))
    if piece in MARKUP[:14]:
        squeezed = "".join(text_of(raw).split())
        assert "".join(f"véase {piece} fin".split()) in squeezed
