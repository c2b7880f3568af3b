"""A file dropped in the inbox is taken in whole or not at all, once, and lies afterwards where its report says."""

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from boi_pipeline.achieved import inbox, metric_files, store
from boi_pipeline.achieved.inbox import Result, dropped, take_in
from boi_pipeline.achieved.taking import Context
from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT, Home
from tests.achieved.books import EXPORTS, FILES
from tests.stages.drive import in_child

AS_OF = datetime(2026, 11, 26, 21, tzinfo=UTC)
DONE = "done/2026-11-26"


@pytest.fixture
def context(tmp_path: Path) -> Context:
    home = Home(tmp_path / "home", "sample")
    home.inbox.mkdir(parents=True)
    return Context(load_entity(ROOT / "entities" / "sample"), home, AS_OF)


def later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


def drop(context: Context, path: Path, name: str | None = None) -> Path:
    return Path(shutil.copy(path, context.home.inbox / (name or path.name)))


def take(context: Context) -> list[Result]:
    return list(take_in(context, later()))


def report_of(context: Context, place: str) -> str:
    return (context.home.inbox / f"{place}.informe.txt").read_text(encoding="utf-8")


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_file_that_is_understood_is_kept_with_its_report(context: Context) -> None:
    drop(context, EXPORTS / "x_posts_en.csv")
    (result,) = take(context)
    assert (result.outcome, result.moved_to) == ("taken", f"{DONE}/x_posts_en.csv")
    told = report_of(context, f"{DONE}/x_posts_en.csv")
    assert "Se tomó: 3 filas de medidas, del 2026-11-23 al 2026-11-24" in told
    assert "Columnas que no se conocen ni se usan: Post id, Engagements" in told
    assert "fila 5: columna «Impressions»: «1.2K»" in told
    assert [one.file_name for one in store.imports(context.home)] == ["x_posts_en.csv"]
    assert files_in(context.home.inbox) == {f"{DONE}/x_posts_en.csv", f"{DONE}/x_posts_en.csv.informe.txt"}


def test_the_same_bytes_again_are_not_taken_twice(context: Context) -> None:
    for name in ("one.csv", "two.csv"):
        drop(context, EXPORTS / "x_posts_en.csv", name)
        results = take(context)
    assert [one.outcome for one in results] == ["known"]
    assert len(store.imports(context.home)) == 1
    assert "ya se había tomado el 2026-11-26, como one.csv" in report_of(context, f"{DONE}/two.csv")


def test_another_file_of_the_same_name_stands_beside_the_first(context: Context) -> None:
    for export in ("powerbi_usage_en.csv", "powerbi_usage_es.csv"):
        drop(context, EXPORTS / export, "data.csv")
        (result,) = take(context)
    assert result.moved_to == f"{DONE}/data-2.csv"
    assert len(store.imports(context.home)) == 2


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "está vacío"),
        ("blank.csv", b"\n\n", "No tiene ninguna fila"),
        ("photo.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "No es un texto CSV"),
        ("bundle.zip", b"PK\x05\x06" + bytes(18), "No es un texto CSV"),
        ("other.csv", b"nombre,edad\nAna,30\n", "No se reconoce"),
        ("short.csv", b"fecha,canal,impresiones,clics\n2026-11-23,x,1,1\n", "«Plantilla simple de medidas», le falta «interactions»"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_put_aside_with_what_to_do(context: Context, name: str, content: bytes, told: str) -> None:
    (context.home.inbox / name).write_bytes(content)
    (result,) = take(context)
    assert (result.outcome, result.moved_to) == ("refused", f"refused/{name}")
    assert told in report_of(context, f"refused/{name}")
    assert "No quedó nada a medias" in report_of(context, f"refused/{name}")
    assert store.imports(context.home) == []


@pytest.mark.parametrize("name", ["formula.xls", "locked.xlsx", "merged.xlsx"])
def test_a_workbook_that_is_not_taken_says_why(context: Context, name: str) -> None:
    drop(context, FILES / name)
    (result,) = take(context)
    assert result.outcome == "refused" and result.detail in report_of(context, f"refused/{name}")


def test_a_bad_file_does_not_stop_the_others(context: Context) -> None:
    (context.home.inbox / "a.csv").write_bytes(b"")
    drop(context, EXPORTS / "plain_es.csv")
    assert [one.outcome for one in take(context)] == ["refused", "taken"]


def test_a_file_that_is_still_arriving_is_waited_for(context: Context) -> None:
    drop(context, EXPORTS / "plain_es.csv")
    drop(context, EXPORTS / "plain_es.csv", "plain.csv.crdownload")
    now = datetime.now(UTC)
    assert [one.outcome for one in take_in(context, now)] == ["waiting", "waiting"]
    assert {one.name: bool(one.reason) for one in dropped(context.home.inbox, later())} == {
        "plain.csv.crdownload": True,
        "plain_es.csv": False,
    }
    assert store.imports(context.home) == []


def test_a_file_that_changes_while_it_is_read_is_waited_for(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop(context, EXPORTS / "plain_es.csv")
    real = metric_files.TAKER.take

    def slow(*given: object) -> object:
        taken = real(*given)  # type: ignore[arg-type]
        with open(path, "a") as file:
            file.write("2026-11-25;WhatsApp;;1;1;1\n")
        return taken

    taker = metric_files.TAKER.__class__("metrics", metric_files.TAKER.look, slow)  # type: ignore[arg-type]
    monkeypatch.setattr(inbox, "TAKERS", (taker,))
    assert [one.outcome for one in take(context)] == ["waiting"]
    assert files_in(context.home.imports) == set()
    monkeypatch.undo()
    assert [one.outcome for one in take(context)] == ["taken"]
    assert store.imports(context.home)[0].row_count == 3


def test_folders_of_sources_links_and_hidden_files_are_left_alone(context: Context) -> None:
    folder = context.home.inbox / "correos"
    folder.mkdir()
    drop(context, EXPORTS / "plain_es.csv", "correos/enlaces.csv")
    drop(context, EXPORTS / "plain_es.csv", "~$plain.xlsx")
    drop(context, EXPORTS / "plain_es.csv", ".plain.csv")
    (context.home.inbox / "link.csv").symlink_to(EXPORTS / "plain_es.csv")
    before = files_in(context.home.inbox)
    assert take(context) == []
    assert files_in(context.home.inbox) == before


def test_a_name_may_be_any_bytes_and_is_written_without_anybody_s_data(context: Context) -> None:
    name = os.fsdecode(b"informe\xff\n ana@example.org.csv")
    drop(context, EXPORTS / "plain_es.csv", name)
    (result,) = take(context)
    assert result.outcome == "taken"
    (record,) = store.imports(context.home)
    assert "ana" not in record.file_name and record.file_name.isprintable()


def test_killed_at_any_instant_a_file_is_taken_once_and_reported(context: Context, tmp_path: Path) -> None:
    drop(context, EXPORTS / "linkedin_content_en.xls")
    untouched = tmp_path / "untouched"
    shutil.copytree(context.home.root, untouched)
    assert in_child(lambda: take(context), {"BOI_FAULT_TRACE": str(tmp_path / "trace")}) == 0
    for passage in (tmp_path / "trace").read_text().split():
        shutil.rmtree(context.home.root)
        shutil.copytree(untouched, context.home.root)
        code = in_child(lambda: take(context), {"BOI_FAULT": passage})
        assert code == -signal.SIGKILL, passage
        take(context)
        (record,) = store.imports(context.home)
        assert files_in(context.home.imports) >= {f"{record.import_id}.json", f"{record.import_id}.parquet"}
        assert len([name for name in files_in(context.home.imports) if not name.startswith(".")]) == 2, passage
        place = f"{DONE}/linkedin_content_en.xls"
        assert (context.home.inbox / place).is_file(), passage
        assert report_of(context, place)
        assert not list(context.home.inbox.glob("*.xls"))
