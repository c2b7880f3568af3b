"""Exports of form services: three counts a call come in, and nothing that anybody wrote of themselves."""

import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from boi_pipeline.achieved import forms, store
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
ONE, TWO = "PAL-2026-00001", "PAL-2026-00002"
GOOGLE = [
    [
        "Marca temporal",
        "Código de la convocatoria",
        "¿Se postuló?",
        "Si se postuló, ¿la obtuvo?",
        "Cuéntenos más",
        "Correo",
    ],
    ["23/11/2026 10:15:32", ONE, "Sí", "Sí", "Soy Ana", "ana@correo.example"],
    ["24/11/2026 9:01:00", ONE, "Sí", "Todavía no se sabe", "", ""],
    ["24/11/2026 9:02:00", ONE, "No", "", "", ""],
    ["22/11/2026 9:02:00", TWO, "No", "No", "", ""],
]


@pytest.fixture
def context(tmp_path: Path) -> Context:
    home = Home(tmp_path / "home", "sample")
    home.inbox.mkdir(parents=True)
    return Context(SAMPLE, home, AS_OF)


def write_csv(path: Path, rows: list[list[Any]]) -> Path:
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def take(context: Context, path: Path, **given: Any) -> Taken:
    taken = forms.take(Handed(path, file_sha256(path), path.name), context, **given)
    store.keep(context.home, taken.record)
    return taken


def counts(context: Context, taken: Taken) -> dict[str, tuple[int, int, int | None]]:
    rows = store.rows_of(context.home, [taken.record], Outcome).to_pylist()
    return {one["code"]: (one["answered_count"], one["applied_count"], one["awarded_count"]) for one in rows}


def test_the_answers_are_added_up_by_code(context: Context, tmp_path: Path):
    taken = take(context, write_csv(tmp_path / "respuestas.csv", GOOGLE))
    assert counts(context, taken) == {ONE: (3, 2, 1), TWO: (1, 0, 0)}
    record = taken.record
    assert (record.row_count, record.refused_count, record.replaces) == (2, 0, "all")
    assert record.last_day == date(2026, 11, 24)
    (row, _) = store.rows_of(context.home, [record], Outcome).to_pylist()
    assert (row["reported_by"], row["body"], row["outcome_date"]) == ("applicant", None, date(2026, 11, 24))


def test_a_row_that_stands_twice_in_an_export_is_counted_once(context: Context, tmp_path: Path):
    taken = take(context, write_csv(tmp_path / "respuestas.csv", [*GOOGLE, GOOGLE[1], GOOGLE[1]]))
    assert counts(context, taken) == {ONE: (3, 2, 1), TWO: (1, 0, 0)}
    assert [fault.number for fault in taken.faults] == [6, 7]
    assert taken.record.refused_count == 2
    assert "Repite una fila anterior" in taken.faults[0].reason


@pytest.mark.parametrize("when", ["23/11/2026", "23/11/2026 10:15", ""])
def test_two_people_may_answer_alike_where_the_second_is_not_told(context: Context, tmp_path: Path, when: str):
    row = [when, ONE, "Sí", "Sí", "", ""]
    taken = take(context, write_csv(tmp_path / "respuestas.csv", [GOOGLE[0], row, row]))
    assert counts(context, taken) == {ONE: (2, 2, 2)}


EXPORTS = {
    "Microsoft Forms": (
        ["ID", "Start time", "Completion time", "Email", "Name", "Code of the call", "Did you apply?", "Did you get it?"],
        [1, datetime(2026, 11, 24, 9), datetime(2026, 11, 24, 10), "anonymous", None, ONE, "Yes", "Not yet"],
    ),
    "LimeSurvey": (
        ["id. ID de respuesta", "submitdate. Fecha de envío", "ipaddr. Dirección IP", "codigo. Código", "postulo. ¿Se postuló?",
         "obtuvo. ¿La obtuvo?", "nota. ¿Por qué no se postuló?"],
        [7, "2026-11-24 10:00:00", "203.0.113.9", f"https://boletin.puertoalba.example/oportunidades/{ONE.lower()}/", "Y", "N", "x"],
    ),
    "Formspree": (
        ["_date", "codigo", "se_postulo", "la_obtuvo", "_replyto"],
        ["2026-11-24T15:00:00Z", ONE.lower(), "Sí", "", "ana@correo.example"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("service", EXPORTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_export_of_each_service_is_understood(context: Context, tmp_path: Path, service: str, kind: str):
    header, row = EXPORTS[service]
    if kind == "csv":
        path = write_csv(tmp_path / "a.csv", [header, row])
    else:
        path = write_book(tmp_path / "a.xlsx", header, row)
    with open_sheets(path) as sheets:
        assert [one.missing for one in forms.look(sheets, SAMPLE)] == [()]
    assert counts(context, take(context, path)) == {ONE: (1, 1, 0)}


def test_a_form_that_does_not_ask_what_came_of_it_leaves_that_unknown(context: Context, tmp_path: Path):
    taken = take(context, write_csv(tmp_path / "a.csv", [["Código", "¿Se postuló?"], [ONE, "Sí"]]))
    assert counts(context, taken) == {ONE: (1, 1, None)}
    assert any("no pregunta si la obtuvo" in note for note in taken.notes)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ([None, "Sí", "No"], "un código de este boletín"),
        (["BOI-2026-00001", "Sí", "No"], "un código de este boletín"),
        (["soy Ana, 300 123 4567", "Sí", "No"], "un código de este boletín"),
        ([ONE, "tal vez", "No"], "«¿Se postuló?»: se espera sí o no"),
        ([ONE, None, "Sí"], "«¿Se postuló?»: se espera sí o no"),
        ([ONE, "Sí", "mañana"], "«¿La obtuvo?»: se espera sí, no o todavía"),
        ([ONE, "No", "Sí"], "Dice que la obtuvo y que no se postuló"),
        ([None, None, None], None),  # an empty row is no answer
    ],
)
def test_an_answer_that_is_not_understood_is_set_aside_by_its_row(
    context: Context, tmp_path: Path, row: list[str | None], reason: str | None
):
    path = write_csv(tmp_path / "a.csv", [["Código", "¿Se postuló?", "¿La obtuvo?"], [TWO, "Sí", "No"], row])
    taken = take(context, path)
    assert counts(context, taken) == {TWO: (1, 1, 0)}
    assert [fault.number for fault in taken.faults] == ([3] if reason else [])
    for fault in taken.faults:
        assert reason in fault.reason if reason else True
        assert not any(cell and len(cell) > 5 and cell in fault.reason for cell in row)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (["Código", "¿Se postuló?", "¿Se postuló por otra vía?"], "las columnas B, C parecen preguntar «¿Se postuló?»"),
        (["Código postal", "¿Se postuló?", "x"], "No se encontraron las preguntas"),
        (["Código", "¿Por qué no se postuló?", "x"], "No se encontraron las preguntas"),
        ([ONE, "Sí", "ana@correo.example"], "No se encontraron las preguntas"),
    ],
)
def test_a_file_without_the_questions_is_refused_without_repeating_it(
    context: Context, tmp_path: Path, header: list[str], told: str
):
    with pytest.raises(SheetRefused) as caught:
        take(context, write_csv(tmp_path / "a.csv", [header, [ONE, "Sí", "No"]]))
    assert told in str(caught.value)
    assert "ana@" not in str(caught.value)
    assert not list(context.home.folder.rglob("*.parquet"))


def test_a_longer_export_of_the_same_form_replaces_and_a_shorter_one_is_refused(context: Context, tmp_path: Path):
    short, longer = write_csv(tmp_path / "a.csv", GOOGLE[:4]), write_csv(tmp_path / "b.csv", [*GOOGLE, GOOGLE[1]])
    first = take(context, short)
    later = Context(SAMPLE, context.home, AS_OF + timedelta(days=1))
    second = take(later, longer)
    assert second.record.layout == first.record.layout
    assert any(first.record.import_id in note for note in second.notes)
    with pytest.raises(SheetRefused, match="Trae menos respuestas"):
        take(later, short)
    assert take(later, short, may_be_shorter=True).record.layout == first.record.layout


def test_two_forms_do_not_replace_each_other(context: Context, tmp_path: Path):
    other = [[*GOOGLE[0][:2], "¿Usted se postuló?", *GOOGLE[0][3:]], *GOOGLE[1:]]
    layouts = {
        take(context, write_csv(tmp_path / "a.csv", GOOGLE)).record.layout,
        take(context, write_csv(tmp_path / "b.csv", other)).record.layout,
        take(context, write_csv(tmp_path / "c.csv", GOOGLE), name="Becas 2027").record.layout,
    }
    assert len(layouts) == 3
    assert "form-becas-2027" in layouts


def test_one_more_question_beside_them_keeps_it_the_same_form(context: Context, tmp_path: Path):
    more = [[*row, "otra"] for row in GOOGLE]
    first = take(context, write_csv(tmp_path / "a.csv", GOOGLE))
    assert take(context, write_csv(tmp_path / "b.csv", more)).record.layout == first.record.layout


@pytest.mark.parametrize(
    ("times", "day"),
    [
        (["23/11/2026 10:00", "2/11/2026 10:00"], date(2026, 11, 23)),
        (["11/23/2026 10:00", "11/2/2026 10:00"], date(2026, 11, 23)),
        (["2026/11/23 11:30:00 p. m. GMT-5"], date(2026, 11, 23)),
        (["2026-11-24T02:00:00Z"], date(2026, 11, 23)),  # still the 23rd in Puerto Alba
        (["2/11/2026"], date(2026, 11, 2)),  # 11 February would be as possible, but for the next: both have passed
        (["mañana"], date(2026, 11, 26)),
        (["23/11/2027"], date(2026, 11, 26)),
    ],
)
def test_the_day_is_the_last_on_which_somebody_answered(context: Context, tmp_path: Path, times: list[str], day: date):
    rows = [["Marca temporal", "Código", "¿Se postuló?"], *([time, ONE, "Sí"] for time in times)]
    taken = take(context, write_csv(tmp_path / "a.csv", rows))
    if times == ["2/11/2026"]:
        assert taken.record.last_day == date(2026, 11, 26)
        assert any("No se entendió el día" in note for note in taken.notes)
    else:
        assert taken.record.last_day == day


# ---------------------------------------------------------------- nothing of a person stays

CANARIES = ("Canaria Pérez", "canaria@correo.example", "300 765 4321", "CC 52.765.432", "203.0.113.77")


def everything(folder: Path) -> bytes:
    """All bytes of a folder, names of files too, and what its Parquet files say."""
    found = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        found += [str(path.relative_to(folder)).encode(), path.read_bytes()]
        if path.suffix == ".parquet":
            found.append(str(pq.read_table(path).to_pylist()).encode())
    return b"\n".join(found)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("is_taken", [True, False])
def test_nothing_a_person_wrote_is_in_any_file_of_the_home(context: Context, tmp_path: Path, kind: str, is_taken: bool):
    header = [*GOOGLE[0], "IP"]
    good = [[f"{CANARIES[0]}", ONE, "Sí", "No", CANARIES[0], CANARIES[1], CANARIES[4]]] if is_taken else []
    bad = [[one, *(one for _ in header[1:])] for one in CANARIES]
    half = [["24/11/2026", ONE, one, one, one, one, one] for one in CANARIES]
    rows = [header, *good, *bad, *half]
    path = context.home.inbox / f"respuestas.{kind}"
    write_csv(path, rows) if kind == "csv" else write_book(path, *rows)
    (result,) = take_in(context, AS_OF, only=[path.name])
    assert result.outcome == ("taken" if is_taken else "refused")
    told = everything(context.home.folder) + str(result).encode()
    for canary in (*CANARIES, "Canaria", "Pérez", "765 4321", "52.765"):
        assert canary.encode() not in told
    assert not path.exists()
    if is_taken:
        assert counts(context, Taken(result.record)) == {ONE: (1, 1, 0)}  # type: ignore[arg-type]


def test_the_same_file_again_is_not_taken_twice_and_not_kept(context: Context):
    for _ in range(2):
        write_csv(context.home.inbox / "respuestas.csv", GOOGLE)
        list(take_in(context, AS_OF, only=["respuestas.csv"]))
    assert len(store.imports(context.home)) == 1
    assert b"ana@correo" not in everything(context.home.folder)
