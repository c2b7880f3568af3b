"""What was read is kept and not read again; the drafts beside it."""

import multiprocessing
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.reading import store
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.store import draft_of, load_drafts, load_readings, read_new
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.stages.readings import processes
from scrapers.notice import Notice
from tests.reading.pages import CONTEXT, notice


def pages(count: int) -> list[Notice]:
    return [
        notice(
            f"The Blue Lake Foundation invites applications until {i + 1} January 2027. Up to EUR 5,000.",
            f"Prize {i}",
            key=str(i),
        )
        for i in range(count)
    ]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, "sample")


def files(home: Home) -> list[Path]:
    return sorted(home.folder.rglob("*.parquet"))


def test_a_second_run_reads_and_writes_nothing(home: Home) -> None:
    seen: list[int] = []
    first = read_new(home, pages(3), CONTEXT, RulesReader(), progress=seen.append)
    before = files(home)
    second = read_new(home, pages(3), CONTEXT, RulesReader())
    assert (first.read, first.reused, second.read, second.reused) == (3, 0, 0, 3)
    assert seen[-1] == 3
    assert files(home) == before
    assert [f.parent.relative_to(home.folder).as_posix() for f in before] == ["drafts/template", "readings/offline"]


def test_what_is_loaded_is_what_was_read(home: Home) -> None:
    read_new(home, pages(2), CONTEXT, RulesReader())
    readings = load_readings(home)
    assert [reading.deadlines[0].close_date.day for reading in readings] == [1, 2]
    drafts = load_drafts(home)
    assert all(draft_of(reading, CONTEXT, drafts) is not None for reading in readings)


def test_much_is_read_over_processes_with_the_same_result(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Home(tmp_path / "few", "sample")
    read_new(few, pages(40), CONTEXT, RulesReader(), workers=processes)
    assert not multiprocessing.active_children()
    monkeypatch.setattr(store, "MANY", 8)
    summary = read_new(home, pages(40), CONTEXT, RulesReader(), workers=processes)
    assert summary.read == 40
    assert load_readings(home) == load_readings(few)


def test_only_what_is_new_or_changed_is_read(home: Home) -> None:
    read_new(home, pages(2), CONTEXT, RulesReader())
    changed = notice("Deadline: 5 May 2027", "Prize 0", key="0")
    summary = read_new(home, [changed, *pages(3)], CONTEXT, RulesReader())
    assert (summary.read, summary.reused) == (2, 2)
    assert len(load_readings(home)) == 4


def test_a_killed_run_keeps_the_batches_it_wrote(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BATCH", 2)

    class Dies(RulesReader):
        def read(self, page: Notice, context):  # type: ignore[no-untyped-def,override]
            if page.item_id == "s/3":
                raise KeyboardInterrupt
            return super().read(page, context)

    with pytest.raises(KeyboardInterrupt):
        read_new(home, pages(5), CONTEXT, Dies())
    assert len(load_readings(home)) == 2
    assert read_new(home, pages(5), CONTEXT, RulesReader()).read == 3
    assert len(load_readings(home)) == 5


def test_what_was_read_and_has_no_draft_of_the_present_drafter_is_drafted(home: Home) -> None:
    read_new(home, pages(3), CONTEXT, RulesReader())
    for path in (home.drafts / "template").iterdir():
        path.unlink()
    summary = read_new(home, pages(3), CONTEXT, RulesReader())
    assert (summary.read, summary.drafted) == (0, 3)
    assert len(load_drafts(home)) == 3


def test_what_no_reader_sees_makes_nothing_be_read_again(tmp_path: Path) -> None:
    sample = load_entity(ROOT / "entities" / "sample")
    channels = {**sample.vocabularies, "channels": sample.vocabularies["statuses"]}
    objectives = {**sample.vocabularies, "plan_objectives": sample.vocabularies["audiences"]}
    given = context_of(sample).context_hash
    assert context_of(Entity(sample.folder, sample.file, channels)).context_hash == given
    assert context_of(Entity(sample.folder, sample.file, objectives)).context_hash != given
