"""The report: valid to its schemas and to Microsoft's validator, whole, legible, and about fields that the model has."""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from boi_pipeline.warehouse.powerbi.identity import PROJECT
from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.powerbi.pages import pages
from boi_pipeline.warehouse.powerbi.visuals import HEIGHT, WIDTH
from tests.powerbi.conftest import SCHEMAS, without

pytestmark = pytest.mark.xdist_group("powerbi")
BASE = "https://developer.microsoft.com/json-schemas/"
REPORT = f"{PROJECT}.Report"
Json = dict[str, Any]


@pytest.fixture(scope="module")
def shown(files: dict[str, str]) -> dict[str, list[Json]]:
    """Page title → its visuals in tab order."""
    found: dict[str, list[Json]] = {}
    for path, text in files.items():
        if path.endswith("/page.json"):
            visuals = [
                json.loads(t) for p, t in files.items() if p.startswith(path.removesuffix("page.json") + "visuals/")
            ]
            found[json.loads(text)["displayName"]] = sorted(visuals, key=lambda one: one["position"]["tabOrder"])
    return found


@cache
def validator(schema: str) -> Any:
    """The validator of a schema by its address, from the folder of schemas."""
    try:
        from jsonschema import Draft7Validator
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT7
    except ImportError as error:
        without("jsonschema", error)

    @cache
    def retrieve(uri: str) -> Any:
        path = SCHEMAS / uri.split("#")[0].removeprefix(BASE)
        return Resource.from_contents(json.loads(path.read_text("utf-8-sig")), default_specification=DRAFT7)

    registry: Any = Registry(retrieve=retrieve)
    return Draft7Validator({"$ref": schema}, registry=registry)


def schema_errors(folder: Path) -> Iterator[str]:
    """What the JSON files below ``folder`` break of the schemas that they name."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".json", ".pbir", ".pbism", ".pbip") or path.name == ".platform":
            content = json.loads(path.read_text())
            if "StaticResources" in path.parts:
                continue  # a theme names no schema
            for error in validator(content["$schema"]).iter_errors(content):
                yield f"{path.relative_to(folder)}: {'/'.join(map(str, error.absolute_path))}: {error.message}"


def test_every_file_is_valid_to_the_schema_it_names(written: Path):
    assert list(schema_errors(written)) == []


def test_the_schemas_refuse_a_wrong_file(broken: Path):
    page = next((broken / REPORT).rglob("page.json"))
    page.write_text(page.read_text().replace('"FitToPage"', '"AsYouLike"'))
    assert any("AsYouLike" in error for error in schema_errors(broken))


def test_microsofts_validator_finds_nothing(validate: Callable[[Path], Json], written: Path):
    found = validate(written)
    assert (found["result"], found["errorCount"], found["warningCount"]) == ("succeeded", 0, 0), found["diagnostics"]


def test_microsofts_validator_refuses_what_is_broken(validate: Callable[[Path], Json], broken: Path):
    changes = {'"Category"': '"Kategory"', '"showMarker"': '"showMarkers"', '"cardVisual"': '"cardVisuals"'}
    for path in sorted((broken / REPORT).rglob("visual.json")):
        text = path.read_text()
        for old, new in list(changes.items()):
            if old in text:
                path.write_text(text.replace(old, new))
                del changes[old]
                break
    next((broken / REPORT / "StaticResources" / "RegisteredResources").iterdir()).unlink()
    assert not changes
    found = validate(broken)
    assert found["result"] == "failed" and found["errorCount"] >= 3 and len(found["diagnostics"]) >= 3


def references(content: Any) -> Iterator[tuple[str, str, str]]:
    """(kind, entity, property) of every field in a file, filters included, whose sources stand beside them."""
    if isinstance(content, list):
        for one in content:
            yield from references(one)
    elif isinstance(content, dict):
        sources = {one["Name"]: one["Entity"] for one in content.get("From", [])} if "From" in content else {}
        for key, value in content.items():
            if key in ("Column", "Measure") and "Property" in value:
                source = value["Expression"]["SourceRef"]
                yield key, source.get("Entity") or source["Source"], value["Property"]
            else:
                for kind, entity, name in references(value):
                    yield kind, sources.get(entity, entity), name


def test_every_field_is_in_the_model(files: dict[str, str], model: SemanticModel):
    columns = {("Column", table.name, column.name) for table in model.tables.values() for column in table.columns}
    measures = {("Measure", table.name, one.name) for table in model.tables.values() for one in table.measures}
    used = {one for path, text in files.items() if path.startswith(REPORT) for one in references(json.loads(text))}
    assert used and used <= columns | measures
    hidden = {("Column", t.name, c.name) for t in model.tables.values() for c in t.columns if c.is_hidden}
    assert not used & hidden, "a person cannot find a hidden field to mend the page"


def test_the_report_finds_its_model_and_its_theme(written: Path):
    binding = json.loads((written / REPORT / "definition.pbir").read_text())
    folder = (written / REPORT / binding["datasetReference"]["byPath"]["path"]).resolve()
    assert (folder / "definition.pbism").is_file()
    report = json.loads((written / REPORT / "definition" / "report.json").read_text())
    packages = {package["type"]: package["items"] for package in report["resourcePackages"]}
    for theme in report["themeCollection"].values():
        (item,) = [item for item in packages[theme["type"]] if item["name"] == theme["name"]]
        found = json.loads((written / REPORT / "StaticResources" / theme["type"] / item["path"]).read_text())
        assert found["name"] == theme["name"]
    assert set(report["themeCollection"]) == {"baseTheme", "customTheme"}


def test_the_pages_and_what_opens(files: dict[str, str]):
    order = json.loads(files[f"{REPORT}/definition/pages/pages.json"])
    found = [json.loads(files[f"{REPORT}/definition/pages/{name}/page.json"]) for name in order["pageOrder"]]
    assert [page["displayName"] for page in found] == [
        "Resumen", "Agenda de cierres", "Difusión", "ODS y plan", "Tiempos", "Resultados", "Calidad y corte", "Ficha",
    ]  # fmt: skip
    assert order["activePageName"] == found[0]["name"]
    assert [page["displayName"] for page in found if page.get("visibility") == "HiddenInViewMode"] == ["Ficha"]


def test_the_ficha_opens_from_rows_that_name_a_call(files: dict[str, str], shown: dict[str, list[Json]]):
    ficha = next(json.loads(t) for t in files.values() if '"displayName": "Ficha"' in t)
    bound = {one["name"]: one["field"] for one in ficha["filterConfig"]["filters"]}
    (parameter,) = ficha["pageBinding"]["parameters"]
    assert ficha["pageBinding"]["type"] == ficha["type"] == "Drillthrough"
    assert parameter["fieldExpr"] == bound[parameter["boundFilter"]]
    (drilled,) = references(parameter["fieldExpr"])
    for title in ("Agenda de cierres", "Difusión", "Resultados"):
        tables = [one for one in shown[title] if one["visual"]["visualType"] == "tableEx"]
        assert any(drilled in set(references(one["visual"]["query"])) for one in tables), title


def test_nothing_overlaps_or_leaves_the_page(shown: dict[str, list[Json]]):
    for title, visuals in shown.items():
        boxes = [one["position"] for one in visuals]
        for box in boxes:
            assert box["x"] >= 0 and box["y"] >= 0, title
            assert box["x"] + box["width"] <= WIDTH and box["y"] + box["height"] <= HEIGHT, (title, box)
        for one, other in combinations(boxes, 2):
            apart = (
                one["x"] + one["width"] <= other["x"]
                or other["x"] + other["width"] <= one["x"]
                or one["y"] + one["height"] <= other["y"]
                or other["y"] + other["height"] <= one["y"]
            )
            assert apart, (title, one, other)


def test_every_visual_is_told_to_who_does_not_see_it(shown: dict[str, list[Json]]):
    for title, visuals in shown.items():
        texts = [v["visual"]["visualContainerObjects"]["general"][0]["properties"]["altText"] for v in visuals]
        told = [one["expr"]["Literal"]["Value"].strip("'") for one in texts]
        assert [one for one in told if not 10 <= len(one) <= 300] == [], title
        assert len(set(told)) == len(told), title


def test_tab_order_is_reading_order(shown: dict[str, list[Json]]):
    """Down the page in bands; within a band no visual comes before one that stands wholly above it."""
    for title, visuals in shown.items():
        orders = [one["position"]["tabOrder"] for one in visuals]
        assert orders == sorted(set(orders)), title
        for earlier, later in combinations((one["position"] for one in visuals), 2):
            same_column = earlier["x"] < later["x"] + later["width"] and later["x"] < earlier["x"] + earlier["width"]
            assert not (same_column and later["y"] + later["height"] <= earlier["y"]), (title, earlier, later)


def test_every_page_says_whether_the_load_is_whole(shown: dict[str, list[Json]]):
    for title, visuals in shown.items():
        used = {name for one in visuals for _, _, name in references(one)}
        assert used & {"Corte y estado", "Estado de la carga"}, title
    quality = {name for one in shown["Calidad y corte"] for _, _, name in references(one)}
    assert {"Fecha de corte", "Filas esperadas", "Filas cargadas", "Conjuntos cargados", "Qué hacer"} <= quality


def test_a_chart_has_a_title_and_a_slicer_shares_its_choice(shown: dict[str, list[Json]]):
    for title, visuals in shown.items():
        for one in visuals:
            kind, container = one["visual"]["visualType"], one["visual"]["visualContainerObjects"]
            if kind.endswith("Chart") or kind in ("tableEx", "pivotTable"):
                assert container["title"][0]["properties"]["text"]["expr"]["Literal"]["Value"].strip("'"), title
            if kind == "slicer":
                assert one["visual"]["syncGroup"]["filterChanges"], title


def test_what_failed_is_told_in_words_with_what_is_done(shown: dict[str, list[Json]]):
    (table,) = [v for v in shown["Calidad y corte"] if ("Column", "Comprobación", "Qué hacer") in set(references(v))]
    names = [name for _, _, name in references(table["visual"]["query"])]
    assert "Gravedad" in names and "Código de gravedad" not in names


def test_the_steps_of_outcomes_count_the_same_kind_of_thing(shown: dict[str, list[Json]], model: SemanticModel):
    told = {one.name: one.description for table in model.tables.values() for one in table.measures}
    rows = [v for v in shown["Resultados"] if v["visual"]["visualType"] == "cardVisual"]
    (steps,) = [
        names for v in rows if "Remitidas" in (names := [name for _, _, name in references(v["visual"]["query"])])
    ]
    assert {"Postuladas", "Adjudicadas"} <= set(steps)
    assert [one for one in steps if not told[one].startswith(("Personas o entidades", "De las remitidas"))] == []


def test_names_are_short_and_unique(files: dict[str, str]):
    names = [json.loads(text)["name"] for path, text in files.items() if path.endswith(("visual.json", "page.json"))]
    assert len(set(names)) == len(names) and all(len(name) == 20 for name in names)
    assert max(len(path) for path in files) <= 140, "Windows counts the folders before it, too"
    assert len(files) < 500 and len(pages()) == 8
