"""The ledger over whole runs: two published calls become one, all that is derived is made again, what a loss would cost."""

import json
import shutil
import sqlite3
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import yaml

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import Said, answer_not_same, answer_same
from boi_pipeline.editorial.verify import verify
from boi_pipeline.ledger_care import cost_of_loss
from boi_pipeline.records import Identity, Publication, Redirect
from boi_pipeline.stages.run import iter_notices
from tests.stages.conftest import run_boi
from tests.stages.drive import Place, in_child, outputs, run_stages
from tests.stages.first_day import FirstDay

GRANT, FUND = "becas/beca-1", "fondos/http://fondos.ensayo.test/fondo-agua"
OTHER = "becas/beca-2"


@pytest.fixture(scope="module")
def place(first_day: FirstDay, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A home in which two calls were published, and a person said since that they are one."""
    made = first_day.copy(first_day.end, tmp_path_factory.mktemp("ledger"))
    run = made.new_run()
    with run.ledger() as ledger:
        answer_same(ledger, [GRANT, FUND], Said("editor", run.as_of, "La misma convocatoria."))
        answer_not_same(ledger, [GRANT, OTHER], Said("editor", run.as_of, "Son dos."))
    assert in_child(lambda: run_stages(made.new_run(), first="match")) == 0
    return made


def told(place: Place, *arguments: str):
    return run_boi(place.home, *arguments, entities=place.entities)


def test_a_merge_redirects_on_the_site_in_feeds_and_in_parquet(place: Place) -> None:
    home = place.new_run().home
    with place.new_run().ledger() as ledger:
        codes = {one.opportunity_id: one.code for one in ledger.rows(Identity)}
        (merged,) = [one for one in ledger.rows(Redirect) if one.kind == "merged"]
        published = {one.code for one in ledger.rows(Publication)}
    old, new = codes[merged.from_opportunity_id], codes[merged.to_opportunity_id]
    assert {old, new} <= published and old > new, "the older code survives"
    page = (home.site / "oportunidades" / old.lower() / "index.html").read_text()
    assert f"url=../../oportunidades/{new.lower()}/index.html" in page
    urls = [item["url"] for item in json.loads((home.site / "feed.json").read_text())["items"]]
    assert any(new.lower() in url for url in urls) and not any(old.lower() in url for url in urls)
    assert old.lower() not in (home.site / "sitemap.xml").read_text()
    for folder in ("curated", "open-data", "powerbi"):
        rows = pq.read_table(home.published / "current" / folder / "code_redirects.parquet").to_pylist()
        assert [(row["from_code"], row["to_code"], row["kind"]) for row in rows] == [(old, new, "merged")], folder
    shown = pq.read_table(home.published / "current" / "curated" / "opportunities.parquet")["code"].to_pylist()
    assert new in shown and old not in shown


def test_all_that_is_derived_is_made_again_with_the_same_ids_and_bytes(place: Place) -> None:
    home, before = place.new_run().home, outputs(place.new_run().home.folder)
    with place.new_run().ledger() as ledger:
        identities, last = ledger.rows(Identity), ledger.seq()
    shutil.rmtree(home.site.resolve())
    home.site.unlink()
    for folder in (home.matches, home.warehouse, home.published):
        shutil.rmtree(folder)
    assert in_child(lambda: run_stages(place.new_run(), first="match")) == 0
    assert outputs(home.folder) == before
    with place.new_run().ledger() as ledger:
        assert (ledger.rows(Identity), ledger.seq()) == (identities, last)


def test_verify_tells_that_it_is_whole_and_what_a_loss_would_cost(place: Place) -> None:
    found = told(place, "ledger", "verify", "--json")
    assert found.code == 0, found.err
    assert found.json["is_whole"] and all(one["passed"] for one in found.json["findings"])
    loss = found.json["loss"]
    assert loss["identities"] == 4, "five calls, of which two are one"
    assert loss["same_id"] == 4, "each is minted of the same announcement again"
    assert (loss["answers"], loss["decisions"] - loss["decisions_in_file"]) == (2, 2)
    assert loss["approvals"] == loss["publications"] == 2
    assert loss["redirects"] == 1
    assert "backup" in loss["advice"] and all(loss["words"])
    words = told(place, "ledger", "verify")
    assert words.code == 0
    assert "Si este libro se perdiera" in words.out and "códigos publicados" in words.out


def test_codes_that_a_loss_would_lose_or_give_to_another_call_are_counted(place: Place, tmp_path: Path) -> None:
    """In a ledger whose codes were given in another order and another year."""
    run, path = place.new_run(), tmp_path / "ledger.db"
    with run.ledger() as ledger:
        ledger.backup(path)
        code = {one.anchor_item_id: one.code for one in ledger.rows(Identity)}
    with sqlite3.connect(path) as connection:
        for table in ("identities", "publications"):
            connection.execute(f"DROP TRIGGER {table}_no_update")
        swap = [(code[GRANT], "x"), (code[OTHER], code[GRANT]), ("x", code[OTHER]), (code[FUND], "MIN-2025-00001")]
        for old, new in swap:
            connection.execute("UPDATE identities SET code = ? WHERE code = ?", (new, old))
            connection.execute("UPDATE publications SET code = ? WHERE code = ?", (new, old))
    connection.close()
    with Ledger.open(f"sqlite:///{path}") as ledger:
        loss = cost_of_loss(run, ledger)
    assert (loss.same_id, loss.same_code) == (4, 2)
    assert (loss.published_codes, loss.swapped_codes, loss.dangling_codes) == (2, 1, 1)


def test_a_broken_ledger_ends_with_code_1_and_says_where(place: Place, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(place.home, home, symlinks=True)
    with sqlite3.connect(home / "mini" / "ledger.db") as connection:
        connection.execute("DROP TRIGGER snapshots_no_update")
        connection.execute("UPDATE snapshots SET content = replace(content, 'agua', 'fuego')")
    connection.close()
    found = run_boi(home, "ledger", "verify", entities=place.entities)
    assert found.code == 1
    assert "no es su huella" in found.out and "copia de seguridad" in found.out
    assert "Traceback" not in found.err


def test_looking_makes_no_ledger(tmp_path: Path, mini: Path) -> None:
    found = run_boi(tmp_path / "home", "ledger", "verify", entities=mini)
    assert found.code == 1 and "there is no ledger yet" in found.err
    assert not list((tmp_path / "home").rglob("ledger.db"))


def test_a_backup_is_a_whole_ledger(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "copia.db"
    assert told(place, "ledger", "backup", str(path)).code == 0
    with Ledger.open(f"sqlite:///{path}") as ledger:
        items = {notice.item_id for notice in iter_notices(place.new_run())}
        assert [one.check for one in verify(ledger, items) if not one.passed] == []
    again = told(place, "ledger", "backup", str(path))
    assert again.code == 1 and "exists already" in again.err


def test_people_s_answers_become_labelled_pairs(place: Place, tmp_path: Path) -> None:
    path = tmp_path / "pairs" / "people.yml"
    found = told(place, "ledger", "export-pairs", str(path), "--json")
    assert found.code == 0, found.err
    assert (found.json["same"], found.json["not_same"], found.json["without_notice"]) == (1, 1, 0)
    same, different = yaml.safe_load(path.read_text())["families"]
    assert len({notice["call"] for notice in same["notices"]}) == 1
    assert len({notice["call"] for notice in different["notices"]}) == 2
    assert {notice["source"] for notice in same["notices"]} == {"becas", "fondos"}
    first = different["notices"][0]
    assert set(first) == {
        *("id", "call", "source", "authority", "language", "published", "url", "title", "text", "links"),
    }
    assert first["title"] == "Beca 1 de maestría en gestión del agua" and "Fundación Ensayo" in first["text"]
    assert not first["text"].startswith(first["title"])
