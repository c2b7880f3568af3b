"""The sample's archive through the whole pipeline: closed calls with codes and editions, and nothing of it shown as new."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.stages.crawling import recheck_targets
from boi_pipeline.stages.run import Run
from tests.archive.conftest import TODAY
from tests.stages.conftest import Told, run_boi
from tests.stages.drive import Place, in_child, run_stages, run_to_the_end
from tests.stages.mini import write_entity

ARCHIVE = ROOT / "entities" / "sample" / "archive"
FILES = ("boletin_2018.pdf", "boletin_2019.csv", "boletin_2021.csv", "boletin_2023.xlsx")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The mini entity, whose home the archive was taken into before it first ran."""
    root = tmp_path_factory.mktemp("archive")
    entity = load_entity(write_entity(root / "entities"))
    return Run(entity, Home(root / "home", entity.id), entity.at(TODAY), "01J00000000000000000000000")


def boi(run: Run, *arguments: str) -> Told:
    told = run_boi(run.home.root, *arguments, entities=run.entity.folder.parent)
    assert told.code == 0, told.err + told.out
    return told


def work_in(run: Run, work: Callable[[Run], None]) -> None:
    place = Place(run.home.root, run.entity.folder.parent)
    assert in_child(lambda: work(place.new_run(TODAY))) == 0


@pytest.fixture(scope="module")
def ran(run: Run) -> Run:
    for name in FILES:
        file = ARCHIVE / name
        boi(run, "archive", "import", str(file), "--mapping", str(file.with_suffix(".yaml")), "--json")
    work_in(run, run_to_the_end)
    return run


def rows(run: Run, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(run.home.warehouse / "boi.duckdb"), read_only=True) as connection:
        return connection.sql(query).fetchall()


def test_every_publication_of_the_files_is_in_the_star(ran: Run) -> None:
    """291 rows were taken; the five of the PDF wait for a person."""
    told = "select count(*), count(distinct opportunity_id), min(edition_date)::text, max(edition_date)::text"
    assert rows(ran, f"{told} from marts.fct_publication where is_archived") == [(291, 280, "2019-01-10", "2025-12-04")]
    assert rows(ran, "select count(*) from marts.fct_publication where is_archived and opportunity_id = 'unknown'") == [
        (0,)
    ]
    assert rows(ran, "select distinct edition_id from marts.fct_publication where edition_date = '2023-01-10'") == [
        ("archivo-2023-01-10",)
    ]


def test_what_was_archived_is_closed_even_where_nobody_wrote_when(ran: Run) -> None:
    told = "select status, count(*) filter (close_date is null) > 0 from marts.opportunities where source_id = 'archive_boletin' group by 1"
    assert rows(ran, told) == [("closed", True)]


def test_nothing_is_invented_of_its_timing(ran: Run) -> None:
    told = "select distinct first_seen_at, hours_to_publication, is_within_target, position from marts.fct_publication where is_archived"
    assert rows(ran, told) == [(None, None, None, None)]


def test_its_source_is_named_and_nobody_asks_how_it_is_doing(ran: Run) -> None:
    assert rows(ran, "select name from marts.dim_source where source_id = 'archive_boletin'") == [
        ("Archivo del boletín",)
    ]
    assert rows(ran, "select count(*) from marts.fct_source_health where source_id = 'archive_boletin'") == [(0,)]
    failed = "select check_name from quality.results where table_name = 'marts.source_activity' and not is_passed"
    assert rows(ran, failed) == []
    assert "archive_boletin" not in boi(ran, "status").out
    assert not [one for one in recheck_targets(ran) if one.source_id == "archive_boletin"]


def test_citizens_are_shown_what_a_person_approved_and_no_archive(ran: Run) -> None:
    (title,) = rows(
        ran, "select title from marts.opportunities where source_id = 'archive_boletin' order by code limit 1"
    )[0]
    pages = [path.read_text() for path in ran.home.site.rglob("*.html")]
    assert pages
    assert not any(title in page for page in pages)


def test_no_archived_call_waits_for_an_editor(ran: Run) -> None:
    waiting = {one["code"] for one in boi(ran, "review", "list", "--json").json["waiting"]}
    archived = {
        code for (code,) in rows(ran, "select code from marts.opportunities where source_id = 'archive_boletin'")
    }
    assert waiting
    assert not waiting & archived


def test_the_commands_show_the_batches(ran: Run) -> None:
    told = boi(ran, "archive", "list", "--json").json
    assert [(one["file_name"], one["row_count"], one["waiting_count"]) for one in told] == [
        ("boletin_2018.pdf", 4, 4),
        ("boletin_2019.csv", 83, 0),
        ("boletin_2021.csv", 98, 0),
        ("boletin_2023.xlsx", 110, 0),
    ]
    shown = boi(ran, "archive", "show", told[0]["batch_id"], "--json").json
    assert {one["waits"] for one in shown} == {True}
    assert boi(ran, "archive", "confirm", told[0]["batch_id"], "1", "--json").json == {"confirmed": [1]}


def test_a_batch_taken_back_leaves_the_tables(ran: Run) -> None:
    batch = next(one for one in boi(ran, "archive", "list", "--json").json if one["file_name"] == "boletin_2021.csv")
    boi(ran, "archive", "undo", batch["batch_id"][:20])
    work_in(ran, lambda run: run_stages(run, "read", "check"))
    # one row of the PDF was confirmed meanwhile
    assert rows(ran, "select count(*) from marts.fct_publication where is_archived") == [(291 - 98 + 1,)]
