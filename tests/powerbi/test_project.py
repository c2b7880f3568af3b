"""What is written: the same bytes each time, what is committed, an entity's brand and folder, a person's files left alone."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from boi_pipeline.cli.app import app
from boi_pipeline.colour import GRAPHIC, TEXT, contrast
from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.settings import ROOT
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.powerbi.identity import PROJECT
from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.powerbi.project import model_of, project_files, write_project
from boi_pipeline.warehouse.powerbi.theme import theme

pytestmark = pytest.mark.xdist_group("powerbi")


def test_what_is_committed_is_what_the_contracts_say(files: dict[str, str]):
    committed = {
        path.relative_to(ROOT / "powerbi").as_posix(): path.read_bytes().replace(b"\r\n", b"\n").decode()
        for path in (ROOT / "powerbi").rglob("*")
        if path.is_file() and ".pbi" not in path.parts
    }
    assert committed == files, "write it again: boi powerbi write --entity sample --into powerbi"


def test_the_same_contracts_give_the_same_bytes(project: Project, entity: Entity, files: dict[str, str]):
    assert project_files(model_of(project), entity.file) == files


def test_files_end_in_one_newline_and_hold_no_other_kind(files: dict[str, str]):
    for path, text in files.items():
        assert text.endswith("\n") and not text.endswith("\n\n") and "\r" not in text, path


def test_a_second_write_changes_nothing_and_leftovers_go(files: dict[str, str], broken: Path):
    old = broken / f"{PROJECT}.Report" / "definition" / "pages" / "old" / "page.json"
    old.parent.mkdir()
    old.write_text("{}")
    local = broken / f"{PROJECT}.SemanticModel" / ".pbi" / "localSettings.json"
    local.parent.mkdir()
    local.write_text("{}")
    own = broken / "notas.txt"
    own.write_text("de una persona")
    assert write_project(files, broken) == 1
    assert not old.parent.exists() and local.exists() and own.exists()
    assert write_project(files, broken) == 0


def test_the_command_writes_an_entitys_brand_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = 'D:\\Datos "de" la oficina\\powerbi'
    monkeypatch.setenv("BOI_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("BOI_ENTITY", "bogota")
    given = ["powerbi", "write", "--json", "--folder", folder, "--into", str(tmp_path)]
    done = CliRunner().invoke(app, given, catch_exceptions=False)
    told = json.loads(done.stdout)
    assert told["changed"] == told["files"] > 100
    expressions = (tmp_path / f"{PROJECT}.SemanticModel" / "definition" / "expressions.tmdl").read_text()
    assert '"D:\\Datos ""de"" la oficina\\powerbi" meta' in expressions
    brand = load_entity(ROOT / "entities" / "bogota").file.brand
    (themed,) = (tmp_path / f"{PROJECT}.Report" / "StaticResources" / "RegisteredResources").iterdir()
    assert themed.name.startswith("Bogota-")
    written = json.loads(themed.read_text())
    assert written == {"name": themed.name, **theme(brand.primary, brand.accent)}


def test_another_brand_has_another_theme_name(model: SemanticModel, files: dict[str, str], entity: Entity):
    other = load_entity(ROOT / "entities" / "bogota").file.model_copy(update={"id": entity.id})
    changed = {path for path in files if "StaticResources" in path} ^ {
        path for path in project_files(model, other) if "StaticResources" in path
    }
    assert len(changed) == 2


@pytest.mark.parametrize(
    ("primary", "accent"),
    [("#0b4f6c", "#f2a541"), ("#8c1d2c", "#ffcd00"), ("#ffee00", "#ffffff"), ("#000000", "#00ff00")],
)
def test_any_brand_is_readable(primary: str, accent: str):
    made = theme(primary, accent)
    paper = made["visualStyles"]["page"]["*"]["background"][0]["color"]["solid"]["color"]
    for name in ("foreground", "foregroundNeutralSecondary", "tableAccent", "hyperlink", "good", "neutral", "bad"):
        assert contrast(made[name], made["background"]) >= TEXT, name
    for colour in (made["foreground"], *(one["color"] for one in made["textClasses"].values())):
        assert contrast(colour, made["background"]) >= TEXT and contrast(colour, paper) >= TEXT
    for colour in made["dataColors"]:
        assert contrast(colour, made["background"]) >= GRAPHIC
    assert len(set(made["dataColors"])) == len(made["dataColors"]) == 8
