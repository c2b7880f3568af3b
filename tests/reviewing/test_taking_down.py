"""A withdrawal stands whatever fails after it, and the editor hears what is still public and what to do."""

from pathlib import Path

import pytest

from boi_pipeline.lock import held
from boi_pipeline.stages import editing, tables, taking_down
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.taking_down import remake_public
from tests.stages.drive import Place
from tests.stages.mini import write_entity


@pytest.fixture
def run(tmp_path: Path) -> Run:
    write_entity(tmp_path / "entities")
    made = Place(tmp_path / "home", tmp_path / "entities").new_run()
    made.home.warehouse.mkdir(parents=True)
    (made.home.warehouse / "boi.duckdb").touch()
    return made


@pytest.fixture(autouse=True)
def outbox(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    monkeypatch.setattr(editing, "render_outbox", lambda _: made.append("outbox"))
    return made


def broken(*_: object) -> None:
    raise OSError("no queda espacio en el disco")


def test_what_cannot_be_made_again_is_said_and_the_home_is_free_after(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(editing, "render_bulletin", broken)
    monkeypatch.setattr(taking_down, "_tables", broken)
    done = remake_public(run, 0)
    assert (done.site, done.tables) == (False, False)
    assert all("no queda espacio" in one and "boi review remake" in one for one in done.problems)
    assert any("El sitio" in one for one in done.problems) and any("Las tablas" in one for one in done.problems)
    assert held(run.home.lock) is None


def test_a_site_that_waits_for_new_tables_is_made_once_they_are_there(
    run: Run, outbox: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def render(_: Run) -> None:
        if not made:
            raise OSError("falta una tabla")

    monkeypatch.setattr(editing, "render_bulletin", render)
    monkeypatch.setattr(taking_down, "_tables", lambda _: made.append("tables"))
    done = remake_public(run, 0)
    assert (done.site, done.tables, done.problems) == (True, True, [])
    assert outbox, "what waits to be posted by hand is made again too"


def test_tables_that_fail_their_checks_are_said_with_the_reason(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editing, "render_bulletin", lambda _: None)
    monkeypatch.setattr(tables, "build", lambda *_: iter(()))
    monkeypatch.setattr(tables, "check", lambda _: gate_result(["hay demasiadas filas en cuarentena"]))
    done = remake_public(run, 0)
    assert done.site and not done.tables and "demasiadas filas" in done.problems[0]


def gate_result(reasons: list[str]) -> object:
    from boi_pipeline.warehouse.publication import GateResult

    return GateResult([], reasons, 0)


def test_where_nothing_was_ever_built_there_is_nothing_to_take_down(run: Run) -> None:
    (run.home.warehouse / "boi.duckdb").unlink()
    done = remake_public(run, 0)
    assert (done.site, done.tables, done.problems) == (False, False, [])
