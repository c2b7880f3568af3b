"""The open data: every format says the same, to its own readers, and hostile text is inert in each."""

import json
import os
import re
import time as clock
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import rdflib
from common_grants_sdk.schemas.pydantic.responses import OpportunitiesListResponse
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from boi_pipeline.entity import Entity
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse import workbook
from boi_pipeline.warehouse.contract import Model, Profile
from boi_pipeline.warehouse.csv_files import read_csv, visible
from boi_pipeline.warehouse.data_package import describe_folder
from boi_pipeline.warehouse.json_files import read_json_lines
from boi_pipeline.warehouse.open_data import open_data_companions
from boi_pipeline.warehouse.profiles import schema_of
from boi_pipeline.warehouse.workbook import write_workbook
from scrapers.files import file_sha256
from tests.stages.drive import tree_hash
from tests.warehouse.conftest import AS_OF
from tests.warehouse.test_readers import HOSTILE, as_read_from_csv

NOTICE = "This product uses an API of another."
DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
SPDX = rdflib.Namespace("http://spdx.org/rdf/terms#")
FOAF = rdflib.Namespace("http://xmlns.com/foaf/0.1/")
SHEETS = ["Convocatorias", "Cierres", "Fuentes", "Publicaciones", "Diccionario", "Acerca de"]
VALUES: dict[str, Any] = {
    "bigint": 7, "boolean": True, "double": 0.5, "date": date(2027, 1, 15), "time": time(23, 59),
    "timestamp": datetime(2027, 1, 15), "timestamptz": datetime(2026, 11, 20, 3, 30, tzinfo=UTC),
    "decimal(18,2)": Decimal("-1400.50"), "decimal(18,4)": Decimal("0.25"),
    "decimal(18,6)": Decimal("0.123456"), "bigint[]": [4, 17],
}  # fmt: skip


def rows_of(model: Model, profile: Profile) -> list[dict[str, Any]]:
    """A row for each hostile text, which is in all its texts but those that are codes; and one with nothing in it."""
    schema = schema_of(model, profile)
    rows = []
    for number, text in enumerate(HOSTILE):
        by_kind = VALUES | {"text": text, "text[]": [text, "a; b"]}
        by_name = {
            "opportunity_id": f"00000000-0000-5000-8000-{number:012}", "code": f"PAL-2026-{number:05}", "codigo": f"PAL-2026-{number:05}",
            "publication_id": f"p{number}", "edition_id": "2026-11-23", "channel": "site", "status": "cancelled" if number == 3 else "open",
            "estado": "Abierta", "currency": "EUR", "source_url": f"https://a.example/{number}", "enlace": f"https://a.example/{number}?q=1",
            "funder_country": "DE", "title_es": f"Beca {number} {text}"[:90],
        }  # fmt: skip
        kinds = {column.name: column.type.name for column in model.columns}
        rows.append({name: by_name.get(name, by_kind[kinds[name]]) for name in schema.names})
    needed = {"opportunity_id", "code", "codigo", "title", "title_es", "status", "source_url", "source_name", "first_seen_at",
              "reviewed_at", "summary_es", "publication_id", "is_ahead", "seq", "from_code", "to_code", "kind"}  # fmt: skip
    bare = {name: value if name in needed else None for name, value in rows[0].items()}
    return [*rows, bare | {name: f"z-{bare[name]}" for name in ("code", "codigo", "publication_id") if name in bare} | (
        {"opportunity_id": "00000000-0000-5000-8000-999999999999"} if "opportunity_id" in bare else {})]  # fmt: skip


def write_set(folder: Path, sample: Entity, *, empty: bool = False) -> None:
    """The Parquet files that the open data are made of, in their real contracts."""
    models = load_models(sample).by_table
    for name, profile, table in (
        ("open-data/opportunities", "open_data", "marts.approved_opportunities"),
        ("open-data/oportunidades", "open_data", "marts.oportunidades"),
        ("open-data/deadlines", "open_data", "marts.approved_deadlines"),
        ("open-data/code_redirects", "open_data", "marts.approved_redirects"),
        ("curated/publications", "curated", "marts.publications"),
    ):
        rows = [] if empty else rows_of(models[table], profile)
        path = folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, schema=schema_of(models[table], profile)), path)
    vocabularies = {name: frozenset(vocabulary.terms) for name, vocabulary in sample.vocabularies.items()}
    described = describe_folder(sample, load_models(sample), vocabularies, AS_OF, "open_data")
    for companion in open_data_companions(sample, AS_OF, [NOTICE], before_the_record=[described]):
        companion(folder)


@pytest.fixture(scope="module")
def folder(sample: Entity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("set")
    write_set(folder, sample)
    return folder


@pytest.fixture(scope="module")
def public(folder: Path) -> Path:
    return folder / "open-data"


@pytest.fixture(scope="module")
def book(public: Path) -> Iterator[openpyxl.Workbook]:
    found = openpyxl.load_workbook(public / "convocatorias.xlsx")
    yield found
    found.close()


def rows(sheet: Worksheet) -> list[dict[str, Any]]:
    header, *values = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in values]


def test_every_table_is_there_in_every_format(public: Path) -> None:
    tables = {"opportunities", "oportunidades", "deadlines", "code_redirects"}
    files = {f"{table}{suffix}" for table in tables for suffix in (".parquet", ".csv", ".jsonl")}
    others = {"convocatorias.xlsx", "opportunities.commongrants.json", "dcat.jsonld", "LEAME.txt", "LICENCIA.txt"}
    others |= {"datapackage.json", "opportunities.schema.json"}
    assert {path.name for path in public.iterdir()} == files | others


@pytest.mark.parametrize("table", ["opportunities", "oportunidades", "deadlines", "code_redirects"])
def test_csv_and_json_lines_say_what_parquet_says(public: Path, table: str) -> None:
    source = pq.read_table(public / f"{table}.parquet")
    expected = source.to_pylist()
    assert len(expected) == len(HOSTILE) + 1
    assert list(read_json_lines(public / f"{table}.jsonl", source.schema)) == expected
    assert list(read_csv(public / f"{table}.csv", source.schema)) == [as_read_from_csv(row) for row in expected]


def test_the_same_tables_give_the_same_bytes(
    folder: Path, sample: Entity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a machine in another zone, too."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    clock.tzset()
    try:
        write_set(tmp_path, sample)
    finally:
        monkeypatch.undo()
        clock.tzset()
    assert tree_hash(tmp_path) == tree_hash(folder)


def test_nothing_at_all_is_a_whole_set_of_files(sample: Entity, tmp_path: Path) -> None:
    write_set(tmp_path, sample, empty=True)
    public = tmp_path / "open-data"
    grants = OpportunitiesListResponse.model_validate_json((public / "opportunities.commongrants.json").read_bytes())
    assert grants.items == []
    assert openpyxl.load_workbook(public / "convocatorias.xlsx").sheetnames == SHEETS
    assert (public / "opportunities.csv").read_bytes().count(b"\r\n") == 1
    assert (public / "opportunities.jsonl").read_text() == ""


# ---------------------------------------------------------------- CommonGrants


def test_the_protocols_own_reader_takes_every_record(public: Path) -> None:
    text = (public / "opportunities.commongrants.json").read_text(encoding="utf-8")
    grants = OpportunitiesListResponse.model_validate_json(text)
    source = pq.read_table(public / "opportunities.parquet").to_pylist()
    assert grants.pagination_info.total_items == len(source)
    for one, row in zip(grants.items, source, strict=True):
        assert (str(one.id), one.title, one.description) == (row["opportunity_id"], row["title"], row["summary_es"])
        assert one.created_at == row["first_seen_at"]
        assert str(one.source) == row["source_url"]
        assert one.get_custom_field_value("code", str) == row["code"]
    first = grants.items[0]
    assert first.funding is not None
    assert first.funding.max_award_amount is not None
    assert (first.funding.max_award_amount.amount, first.funding.max_award_amount.currency) == ("-1400.50", "EUR")
    assert first.key_dates is not None
    assert first.key_dates.model_dump(mode="json", exclude_none=True)["close_date"] == {
        "name": "Cierre", "event_type": "singleDate", "date": "2027-01-15", "time": "23:59:00", "description": HOSTILE[0],
    }  # fmt: skip
    assert grants.items[3].status.model_dump(mode="json") == {
        "value": "custom", "custom_value": "cancelled", "description": "Cancelada",
    }  # fmt: skip
    assert (grants.items[-1].funding, grants.items[-1].key_dates, grants.items[-1].funders) == (None, None, None)
    assert not re.search("[<>\x00-\x09\x0b-\x1f\x7f]", text)


# ---------------------------------------------------------------- DCAT


def test_the_record_is_one_dataset_with_a_distribution_for_every_file(public: Path, sample: Entity) -> None:
    graph = rdflib.Graph().parse(public / "dcat.jsonld", format="json-ld")
    (dataset,) = graph.subjects(rdflib.RDF.type, DCAT.Dataset)
    for needed in (DCT.title, DCT.description, DCT.publisher, DCT.temporal, DCAT.contactPoint, DCAT.theme, DCT.license):
        assert list(graph.objects(dataset, needed)), needed
    (publisher,) = graph.objects(dataset, DCT.publisher)
    assert str(graph.value(publisher, FOAF.name)) == sample.file.name
    described = {"datapackage.json", "opportunities.schema.json"}
    files = {path.name for path in public.iterdir() if path.suffix not in (".txt", ".jsonld")} - described
    assert {str(one).rpartition("/")[2] for one in graph.objects(dataset, DCT.conformsTo)} == described
    told = {}
    for one in graph.objects(dataset, DCAT.distribution):
        assert graph.value(one, DCAT.accessURL) == rdflib.URIRef("https://boletin.puertoalba.example/datos/")
        assert graph.value(one, DCT.license) == rdflib.URIRef("https://creativecommons.org/licenses/by/4.0/")
        assert graph.value(one, DCAT.mediaType) is not None
        assert graph.value(one, DCT["format"]) is not None
        name = str(graph.value(one, DCAT.downloadURL)).rpartition("/")[2]
        checksum = graph.value(one, SPDX.checksum)
        assert graph.value(checksum, SPDX.algorithm) == SPDX.checksumAlgorithm_sha256
        told[name] = (str(graph.value(checksum, SPDX.checksumValue)), int(str(graph.value(one, DCAT.byteSize))))
    assert told == {name: (file_sha256(public / name), (public / name).stat().st_size) for name in files}


@pytest.mark.parametrize(
    ("predicate", "kind"),
    {
        DCT.publisher: FOAF.Agent, DCAT.contactPoint: rdflib.Namespace("http://www.w3.org/2006/vcard/ns#").Kind,
        DCAT.landingPage: FOAF.Document, DCAT.theme: rdflib.SKOS.Concept, DCT.language: DCT.LinguisticSystem,
        DCT.accessRights: DCT.RightsStatement, DCT.accrualPeriodicity: DCT.Frequency, DCT.conformsTo: DCT.Standard,
        DCT.temporal: DCT.PeriodOfTime, DCT.license: DCT.LicenseDocument, DCT["format"]: DCT.MediaTypeOrExtent,
        DCAT.mediaType: DCT.MediaType, DCAT.accessURL: rdflib.RDFS.Resource, DCAT.downloadURL: rdflib.RDFS.Resource,
        SPDX.checksum: SPDX.Checksum, SPDX.algorithm: SPDX.ChecksumAlgorithm,
    }.items(),
)  # fmt: skip
def test_what_the_record_names_is_of_the_class_that_dcat_ap_asks(
    public: Path, predicate: rdflib.URIRef, kind: rdflib.URIRef
) -> None:
    """The classes of DCAT-AP 3.0's SHACL shapes, which a catalogue checks without looking anything up."""
    graph = rdflib.Graph().parse(public / "dcat.jsonld", format="json-ld")
    named = set(graph.objects(None, predicate))
    assert named
    assert [str(one) for one in named if (one, rdflib.RDF.type, kind) not in graph] == []


def test_the_record_fetches_nothing(public: Path) -> None:
    assert isinstance(json.loads((public / "dcat.jsonld").read_text())["@context"], dict)


# ---------------------------------------------------------------- the workbook


def test_the_workbook_has_its_sheets_with_filters_and_fixed_headers(book: openpyxl.Workbook, sample: Entity) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2", sheet.title
        assert sheet.auto_filter.ref == sheet.dimensions, sheet.title
        assert all(sheet.column_dimensions[cell.column_letter].width > 8 for cell in sheet[1]), sheet.title
    contract = load_models(sample).by_table["marts.oportunidades"]
    labels = [column.label for column in contract.columns if column.name != "opportunity_id"]
    assert [cell.value for cell in book["Convocatorias"][1]] == labels
    assert book.properties.creator == sample.file.name
    assert book.properties.created == AS_OF.replace(tzinfo=None)


def test_no_cell_is_a_formula_and_every_text_is_what_it_was(book: openpyxl.Workbook, public: Path) -> None:
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n", "d", "inlineStr"), (sheet.title, cell.coordinate, cell.data_type)
                if cell.data_type == "s" and cell.row > 1 and cell.hyperlink is None:
                    assert cell.number_format == "@"  # stays a text when a person edits it
    # Excel reads _x005F_ as the sign it stands for; this reader leaves it in a text that stands in its cell
    shown = {row["Código"]: row["Resumen"] and unescape(row["Resumen"]) for row in rows(book["Convocatorias"])}
    for row in pq.read_table(public / "oportunidades.parquet").to_pylist():
        text = re.sub("\r\n?", "\n", visible(row["resumen"] or "")) or None
        if text and len(text) > 32_000:
            assert shown[row["codigo"]] == text[: 32_000 - len(" […]")] + " […]"
        else:
            assert shown[row["codigo"]] == text


def test_dates_numbers_and_links_are_what_they_are(book: openpyxl.Workbook) -> None:
    first = next(row for row in book["Convocatorias"].iter_rows(min_row=2) if row[0].value == "PAL-2026-00000")
    cells = {book["Convocatorias"].cell(1, cell.column).value: cell for cell in first}
    assert cells["Fecha de cierre"].value == datetime(2027, 1, 15)
    assert cells["Fecha de cierre"].is_date
    assert (cells["Monto máximo"].value, cells["Cupos"].value, cells["Contrapartida"].value) == (-1400.5, 7, "Sí")
    assert cells["Enlace"].hyperlink.target == "https://a.example/0?q=1"
    assert cells["Revisada el"].value == datetime(2026, 11, 19, 22, 30)  # five hours behind UTC
    links = [cell.hyperlink.target for row in book["Convocatorias"].iter_rows() for cell in row if cell.hyperlink]
    assert links
    assert all(link.startswith("https://a.example/") for link in links)


def test_the_other_sheets_tell_closings_sources_and_publications(book: openpyxl.Workbook, sample: Entity) -> None:
    (closing,) = [row for row in rows(book["Cierres"]) if row["Código"] == "PAL-2026-00000"]
    assert closing["Hora de Puerto Alba"] == datetime(2026, 11, 19, 22, 30)
    assert len(rows(book["Fuentes"])) == len(set(HOSTILE))
    assert {row["Canal"] for row in rows(book["Publicaciones"])} == {"Micrositio"}
    words = rows(book["Diccionario"])
    assert {row["Archivo"] for row in words} == {"opportunities", "oportunidades", "deadlines", "code_redirects"}
    about = {row["Dato"]: row["Valor"] for row in rows(book["Acerca de"])}
    assert about["Convocatorias"] == len(HOSTILE) + 1
    assert sample.file.name in about["Cómo citar"]


def test_the_file_holds_no_code_and_leads_nowhere(public: Path) -> None:
    with zipfile.ZipFile(public / "convocatorias.xlsx") as archive:
        names = archive.namelist()
        assert not [name for name in names if re.search("vba|external|connections|activeX|embed", name, re.IGNORECASE)]
        parts = {name: archive.read(name).decode() for name in names}
    assert not re.search("<f[ >]", "".join(parts.values()))
    targets = re.findall(r'Target="(\w+:[^"]*)"', "".join(parts.values()))
    places = {target.split("/")[2] for target in targets}
    assert places == {"a.example", "boletin.puertoalba.example", "creativecommons.org"}


def test_beyond_what_people_can_use_it_says_so(
    folder: Path, sample: Entity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_ROWS", 20)
    write_workbook(folder, tmp_path / "short.xlsx", sample, AS_OF)
    book = openpyxl.load_workbook(tmp_path / "short.xlsx")
    assert book["Convocatorias"].max_row == 21
    about = {row["Dato"]: row["Valor"] for row in rows(book["Acerca de"])}
    assert about["Hoja Convocatorias"] == f"Muestra 20 de {len(HOSTILE) + 1} filas; todas están en los otros formatos."


# ---------------------------------------------------------------- words


def test_the_read_me_names_every_file_and_how_to_cite(public: Path, sample: Entity) -> None:
    text = (public / "LEAME.txt").read_text(encoding="utf-8")
    for path in public.iterdir():
        assert path.name in text or path.name == "LEAME.txt" or (path.stem in text and path.suffix in text), path.name
    assert NOTICE in text
    assert f"{len(HOSTILE) + 1} filas" in text
    licence = (public / "LICENCIA.txt").read_text(encoding="utf-8")
    assert "CC-BY-4.0" in licence
    assert sample.file.name in licence


def test_the_guide_names_every_file_and_its_recipe_reads_the_csv(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (ROOT / "docs" / "open-data.md").read_text(encoding="utf-8")
    for path in public.iterdir():
        assert f"`{path.name}`" in guide or f"`{path.stem}.*`" in guide, path.name
    (recipe,) = re.findall("```python\n(.*?)```", guide, re.DOTALL)
    monkeypatch.chdir(public)
    names: dict[str, Any] = {}
    exec(compile(recipe, "open-data.md", "exec"), names)
    source = pq.read_table(public / "opportunities.parquet").to_pylist()
    assert [names["texto"](row["title"]) for row in names["filas"]] == [visible(row["title"]) for row in source]
    for told, row in zip(names["filas"], source, strict=True):
        assert names["lista"](told["audiences"]) == [visible(one) for one in row["audiences"] or []]


def test_no_path_of_this_machine_is_in_it(public: Path) -> None:
    for path in public.iterdir():
        data = path.read_bytes()
        assert str(public).encode() not in data
        assert os.uname().nodename.encode() not in data or len(os.uname().nodename) < 6
