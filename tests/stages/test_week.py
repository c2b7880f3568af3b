"""``boi week`` on a real home: what may be picked, picking with a reason, closing, and what the public then sees."""

import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.records import Decision, Identity, Publication
from boi_pipeline.stages.week import close_week
from tests.publishing.pages import words
from tests.stages.conftest import ask
from tests.stages.drive import Place

pytestmark = pytest.mark.xdist_group("closed-day")
WEEK = "2026-W48"
WHY = "Paga los estudios a quien cuida el agua de su barrio."


def codes(place: Place) -> dict[str, str]:
    """The last part of an item's key → the code of its opportunity."""
    with Ledger.open(place.new_run().home.ledger_url) as ledger:
        return {one.anchor_item_id.rpartition("/")[2]: one.code for one in ledger.rows(Identity)}


def test_what_may_be_picked_is_told_with_its_points(closed_day: Place) -> None:
    told = ask(closed_day, "week", "candidates", "--json").json
    known = codes(closed_day)
    assert told["week"] == WEEK
    assert {one["code"] for one in told["candidates"]} == {known["beca-1"], known["fondo-agua"]}
    assert all(one["is_open"] and one["is_this_week"] and one["picked"] is None for one in told["candidates"])
    shown = ask(closed_day, "week", "candidates").out
    assert f"1. {told['candidates'][0]['code']}" in shown and "se puede aplicar desde aquí (+30)" in shown


def test_nothing_is_closed_without_a_person_s_choice(own: Place) -> None:
    told = ask(own, "week", "close", code=1)
    assert "Nadie eligió convocatorias para la semana 2026-W48" in told.out
    assert not (own.new_run().home.site / "articulos" / WEEK).exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["MIN-2026-99999", "--why", WHY], "ninguna convocatoria con ese código"),
        (["{fondo-agua}"], "--why"),
        (["{fondo-agua}", "--why", "Es buena."], "frase completa"),
        (["{fondo-agua}", "--why", WHY, "--week", "48"], "no es una semana"),
        (["{premio-rios}", "--why", WHY], "no está aprobada y publicada"),
        (["{fondo-agua}", "--out"], "no está entre las elegidas"),
    ],
)
def test_what_cannot_be_picked_is_told_in_words(closed_day: Place, arguments: list[str], told: str) -> None:
    known = codes(closed_day)
    given = [known.get(one.strip("{}"), one) for one in arguments]
    with Ledger.open(closed_day.new_run().home.ledger_url) as ledger:
        before = ledger.seq()
    assert told in ask(closed_day, "week", "pick", *given, code=1).err
    with Ledger.open(closed_day.new_run().home.ledger_url) as ledger:
        assert ledger.seq() == before


def test_from_the_choice_to_the_article(own: Place) -> None:
    known = codes(own)
    grant, fund = known["beca-1"], known["fondo-agua"]
    ask(own, "week", "pick", grant, "--why", WHY, "--role", "coordinator")
    told = ask(own, "week", "pick", fund.lower(), "--why", WHY, "--position", "1", "--json").json
    assert [(one["code"], one["role"]) for one in told["picks"]] == [(fund, "editor"), (grant, "coordinator")]
    assert not told["is_closed"] and told["closes_on"] == "2026-11-27" and told["word_count"] > 150
    assert "Amplíe los motivos" in told["warnings"][0]

    closing = ask(own, "week", "close", "--json").json
    assert closing["codes"] == [fund, grant] and not closing["problems"]
    assert any("se esperan 5" in one for one in closing["warnings"])
    home = own.new_run().home
    page = home.site / "articulos" / WEEK / "index.html"
    assert words(page).count(WHY) == 2
    assert (home.site / "articulos" / f"{WEEK}.md").read_text().count(WHY) == 2
    assert (home.site / "boletin" / f"{WEEK}.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert (home.site / "fragmento" / "hoy.html").is_file()
    rows = pq.read_table(home.published / "current" / "curated" / "publications.parquet").to_pylist()
    week = sorted((one["position"], one["code"], one["state"]) for one in rows if one["edition_id"] == WEEK)
    assert week == [(1, fund, "sent"), (2, grant, "sent")]

    with own.new_run().ledger() as ledger:
        before = ledger.seq()
    again = close_week(own.new_run(), WEEK)
    assert again.already_closed and "no cambia" in again.reason
    assert "ya está cerrada" in ask(own, "week", "pick", grant, "--out", code=1).err
    with own.new_run().ledger() as ledger:
        assert ledger.seq() == before
        picked = [one for one in ledger.rows(Decision) if one.action == "pick"]
        assert {one.opportunity_id for one in picked} == {
            one.opportunity_id for one in ledger.rows(Publication, edition_id=WEEK)
        }
    assert "cerrada: ya no cambia" in ask(own, "week", "show").out
    assert ask(own, "ledger", "verify", "--json").json["is_whole"]


def test_on_its_day_the_weekly_job_closes_the_week_and_makes_the_article(own: Place, tmp_path: Path) -> None:
    entities = tmp_path / "entities"
    shutil.copytree(own.entities, entities)
    with (entities / "mini" / "decisions.yml").open("a", encoding="utf-8") as file:
        file.write(
            f"- {{date: 2026-11-27, action: pick, item: becas/beca-1, role: editor, reason: {WHY}, "
            f"changed: {{week: {WEEK}, position: 1}}}}\n"
        )
    place = Place(own.home, entities)
    told = ask(place, "run", "--only", "weekly", "--date", "2026-11-27", "--json").json
    assert told["success"] and [one["job"] for one in told["runs"]] == ["weekly"]
    home = place.new_run().home
    assert WHY in words(home.site / "articulos" / WEEK / "index.html")
    rows = pq.read_table(home.published / "current" / "curated" / "publications.parquet").to_pylist()
    assert [one["code"] for one in rows if one["edition_id"] == WEEK] == [codes(place)["beca-1"]]
    assert codes(place)["beca-1"] in words(home.reports / WEEK / "informe.html"), "the team is told of the week"
