"""A ledger comes back from a copy whole, or not at all; what was there is kept."""

import os
import shutil
import signal
import sqlite3
from pathlib import Path

import pytest

from boi_pipeline.editorial.ledger import Ledger, LedgerError
from boi_pipeline.editorial.review import Said, approve, reject
from boi_pipeline.ledger_care import restore
from boi_pipeline.lock import hold, release
from boi_pipeline.records import Decision
from boi_pipeline.stages.run import Run
from tests.editorial.conftest import AT, public, register
from tests.stages.conftest import run_boi
from tests.stages.drive import Place, in_child
from tests.stages.mini import write_entity


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A home whose ledger has an approval."""
    write_entity(tmp_path / "entities")
    made = Place(tmp_path / "home", tmp_path / "entities")
    with made.new_run().ledger() as ledger:
        register(ledger, 1, 2)
        approve(ledger, public(1), Said("editor", AT))
    return made


@pytest.fixture
def copy(place: Place, tmp_path: Path) -> Path:
    """A copy of it; a person decided on since."""
    path = tmp_path / "copia.db"
    with place.new_run().ledger() as ledger:
        ledger.backup(path)
        reject(ledger, public(2), Said("editor", AT, "no aplica"))
    return path


def actions(run: Run) -> list[str]:
    with run.ledger() as ledger:
        return [one.action for one in ledger.rows(Decision)]


def kept_beside(run: Run) -> list[str]:
    return sorted(path.name for path in run.home.folder.glob("ledger.*"))


def test_the_copy_takes_its_place_and_what_was_there_stays_beside_it(place: Place, copy: Path) -> None:
    run, bytes_before = place.new_run(), copy.read_bytes()
    told = run_boi(place.home, "ledger", "restore", str(copy), "--json", entities=place.entities)
    assert told.code == 0, told.err
    assert (told.json["seq"], told.json["seq_before"]) == (6, 7)
    assert actions(run) == ["approve"]
    with Ledger.open(f"sqlite:///{told.json['aside']}") as aside:
        assert [one.action for one in aside.rows(Decision)] == ["approve", "reject"]
    assert copy.read_bytes() == bytes_before
    with run.ledger() as ledger:
        reject(ledger, public(2), Said("editor", AT, "no aplica"))
    again = run_boi(place.home, "ledger", "restore", str(copy), entities=place.entities)
    assert "ledger.aside-2.db; it has 1 rows that the copy lacks" in again.out
    assert actions(run) == ["approve"]


def test_a_lost_ledger_comes_back(place: Place, copy: Path) -> None:
    run = place.new_run()
    for path in run.home.folder.glob("ledger.db*"):
        path.unlink()
    assert restore(run, copy).aside is None
    assert actions(run) == ["approve"]


def test_a_ruined_ledger_is_replaced_and_kept_as_it_is(place: Place, copy: Path) -> None:
    run = place.new_run()
    for path in run.home.folder.glob("ledger.db-*"):
        path.unlink()
    (run.home.folder / "ledger.db").write_bytes(b"ruined" * 1000)
    done = restore(run, copy)
    assert done.seq_before is None and done.aside and done.aside.read_bytes() == b"ruined" * 1000
    assert actions(run) == ["approve"]


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()


def forged(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER snapshots_no_update")
        connection.execute("UPDATE snapshots SET content = replace(content, 'Beca', 'Estafa')")
    connection.close()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def strange(path: Path) -> None:
    path.write_text("no es una base de datos\n" * 100)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (newer, "another version of this program"),
        (forged, "damaged: .*Lo aprobado coincide con su huella"),
        (cut, "not restored"),
        (strange, "no ledger of this program"),
        (Path.unlink, "there is no such file"),
    ],
)
def test_a_copy_that_is_no_whole_ledger_changes_nothing(place: Place, copy: Path, spoil: object, told: str) -> None:
    run, before = place.new_run(), kept_beside(place.new_run())
    spoil(copy)  # type: ignore[operator]
    with pytest.raises(LedgerError, match=told):
        restore(run, copy)
    assert actions(run) == ["approve", "reject"]
    assert [name for name in kept_beside(run) if "aside" in name] == [name for name in before if "aside" in name]


def test_it_waits_for_no_run_that_is_under_way(place: Place, copy: Path, tmp_path: Path) -> None:
    run = place.new_run()
    other = in_child(lambda: _refused(run, copy))
    assert other == 0
    hold(run.home.lock, "boi run")
    try:
        told = run_boi(place.home, "ledger", "restore", str(copy), entities=place.entities)
    finally:
        release(run.home.lock)
    assert told.code == 1 and "boi run" in told.err
    assert actions(run) == ["approve"], "the child restored it when nothing held the home"


def _refused(run: Run, copy: Path) -> None:
    """In a process of its own: restored, and the home is free again for the next."""
    restore(run, copy)
    hold(run.home.lock, "next")


def test_a_server_s_ledger_is_restored_with_its_own_tool(place: Place, copy: Path) -> None:
    told = run_boi(
        place.home, "ledger", "restore", str(copy), entities=place.entities,
        more={"BOI_LEDGER_URL": "postgresql+pg8000://nobody@localhost/nothing"},
    )  # fmt: skip
    assert told.code == 1 and "pg_restore" in told.err


@pytest.mark.parametrize(
    ("fault", "left"), [("restore:written", ["approve", "reject"]), ("restore:renamed", ["approve"])]
)
def test_a_kill_leaves_the_old_ledger_or_the_new_one_whole(
    place: Place, copy: Path, fault: str, left: list[str]
) -> None:
    run = place.new_run()
    assert in_child(lambda: restore(run, copy), {"BOI_FAULT": fault}) == -signal.SIGKILL
    assert actions(run) == left
    restore(run, copy)
    assert actions(run) == ["approve"]


def test_a_ledger_of_an_older_program_is_brought_up_to_date_in_the_ledger_s_place_alone(
    place: Place, copy: Path, tmp_path: Path
) -> None:
    old = tmp_path / "old.db"
    shutil.copyfile(copy, old)
    with sqlite3.connect(old) as connection:
        connection.execute("ALTER TABLE decisions DROP COLUMN edit_share")
        connection.execute("ALTER TABLE publication_states DROP COLUMN address")
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    connection.close()
    before = old.read_bytes()
    run = place.new_run()
    restore(run, old)
    assert actions(run) == ["approve"] and old.read_bytes() == before
    assert os.listdir(run.home.folder).count("ledger.db") == 1  # noqa: PTH208
    with run.ledger() as ledger:
        assert ledger.rows(Decision)[0].edit_share is None
        assert ledger.faults() == []


def test_somebody_who_works_in_it_is_not_cut_off(place: Place, copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("boi_pipeline.ledger_care.BUSY_SECONDS", 0.1)
    run = place.new_run()
    with sqlite3.connect(run.home.folder / "ledger.db") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM decisions").fetchone()
        with run.ledger() as ledger:
            reject(ledger, public(1), Said("editor", AT, "no aplica"))
        with pytest.raises(LedgerError, match="somebody is working in it"):
            restore(run, copy)
    reader.close()
    assert actions(run) == ["approve", "reject", "reject"]
