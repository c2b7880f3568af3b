"""``boi outcomes``: what a body reported and citizens told is in the tables and on the site, and who they are is nowhere."""

import csv
import json
from pathlib import Path
from typing import Any

import lxml.html
import pyarrow.parquet as pq
import pytest

from tests.stages.conftest import ask, code_of_a_call
from tests.stages.drive import Place, in_child, run_stages, tree_hash

pytestmark = pytest.mark.xdist_group("closed-day")
CANARY = "canaria.perez@correo.example"
BODY = "fecha;código;informa;entidad;remitidas;se postularon;obtuvieron;personas;observaciones\r\n"
FORM = ["Marca temporal", "Código de la convocatoria", "¿Se postuló?", "¿La obtuvo?", "Correo", "Cuéntenos"]


def body_file(path: Path, code: str) -> str:
    path.write_text(f"{BODY}2026-11-23;{code};Entidad pública;sec_cultura;20;12;7;30;{CANARY}\r\n", encoding="cp1252")
    return str(path)


def form_file(path: Path, code: str) -> str:
    with open(path, "w", encoding="utf-8", newline="") as file:
        rows = [["23/11/2026 9:00", code, "Sí", "Sí" if n < 6 else "No", CANARY, CANARY] for n in range(11)]
        csv.writer(file).writerows([FORM, *rows, ["23/11/2026", CANARY, "Sí", "Sí", CANARY, CANARY]])
    return str(path)


def outcomes(place: Place) -> list[tuple[Any, ...]]:
    """Reporter, referred, answered, applied, awarded and people of each row, as analysts read them."""
    rows = pq.read_table(place.new_run().home.published / "powerbi" / "fct_outcome.parquet").to_pylist()
    names = ("reported_by", "referred_count", "answered_count", "applied_count", "awarded_count", "people_count")
    return sorted(tuple(one[name] for name in names) for one in rows)


def test_what_was_told_is_in_the_tables_and_on_the_site_and_nobody_is(own: Place, tmp_path: Path) -> None:
    code, home = code_of_a_call(own), own.new_run().home
    body, form = body_file(tmp_path / "informe.csv", code), form_file(tmp_path / "respuestas.csv", code)
    assert ask(own, "outcomes", "import", body, "--json").json["rows"] == 1
    told = ask(own, "outcomes", "import", form)
    assert "fila 13: «Código»" in told.out
    assert CANARY not in told.out + told.err
    assert in_child(lambda: run_stages(own.new_run(), first="build")) == 0
    assert outcomes(own) == [("applicant", None, 11, 11, 6, None), ("public_body", 20, None, 12, 7, 30)]
    page = lxml.html.parse(str(home.site / "resultados" / "index.html"))
    rows = [[" ".join(cell.text_content().split()) for cell in row][1:] for row in page.iterfind(".//tbody/tr")]
    assert sorted(rows) == [
        ["Entidad pública", "20", "No se sabe", "12", "7", "30"],
        ["Quien se postuló", "No se sabe", "11", "11", "6", "No se sabe"],
    ]
    for path in own.home.rglob("*"):
        assert not path.is_file() or CANARY.encode() not in path.read_bytes(), path


def test_a_dry_run_writes_nothing_and_says_what_would_be_taken(own: Place, tmp_path: Path) -> None:
    code, before = code_of_a_call(own), tree_hash(own.home)
    for path in (body_file(tmp_path / "a.csv", code), form_file(tmp_path / "b.csv", code)):
        assert "filas que se tomarían: 1;" in ask(own, "outcomes", "import", path, "--dry-run").out
    assert tree_hash(own.home) == before


def test_the_same_file_again_changes_nothing(own: Place, tmp_path: Path) -> None:
    path = form_file(tmp_path / "b.csv", code_of_a_call(own))
    ask(own, "outcomes", "import", path)
    before = tree_hash(own.home)
    assert "ya se había tomado" in ask(own, "outcomes", "import", path).out
    assert tree_hash(own.home) == before
    (listed,) = ask(own, "outcomes", "list", "--json").json
    assert (listed["layout"][:5], listed["row_count"], listed["refused_count"]) == ("form-", 1, 1)


def test_what_is_wrong_is_told_and_nothing_is_kept(own: Place, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("nombre;correo\nAna;a\n", encoding="utf-8")
    assert "No se encontraron las preguntas" in ask(own, "outcomes", "import", str(path), code=1).err
    assert "No es la plantilla" in ask(own, "outcomes", "import", str(path), "--kind", "template", code=1).err
    body = body_file(path, code_of_a_call(own))
    assert "this is the template" in ask(own, "outcomes", "import", body, "--form", "becas", code=1).err
    assert "expected template or form" in ask(own, "outcomes", "import", body, "--kind", "otro", code=1).err
    assert "no such file" in ask(own, "outcomes", "import", str(tmp_path / "nada.csv"), code=1).err
    assert ask(own, "outcomes", "list", "--json").json == []
    assert not own.new_run().home.imports.exists()


def test_an_empty_template_is_written_once(own: Place, tmp_path: Path) -> None:
    path = tmp_path / "plantilla.xlsx"
    assert json.loads(ask(own, "outcomes", "template", str(path), "--json").out)["bytes"] == path.stat().st_size
    assert "nothing is overwritten" in ask(own, "outcomes", "template", str(path), code=1).err
    assert "ends in .xlsx or .csv" in ask(own, "outcomes", "template", str(tmp_path / "a.pdf"), code=1).err
