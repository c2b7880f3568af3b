"""A batch is taken in whole or not at all, counts once a person confirmed what a machine read, and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from boi_pipeline.achieved.archive.batches import BatchError, batches, confirm, find, kept, published_before, undo
from boi_pipeline.archives import look, take
from boi_pipeline.entity import load_entity
from boi_pipeline.records import Identity, IdentityItem
from boi_pipeline.settings import ROOT, LlmSettings
from boi_pipeline.stages.matches import match
from boi_pipeline.stages.run import Run, read
from scrapers.archive import latest_notices
from tests.archive.conftest import TODAY
from tests.stages.conftest import run_boi

Written = Callable[..., tuple[Path, Path]]
ARCHIVE = ROOT / "entities" / "sample" / "archive"
ROWS = ("Beca Uno;F;15/03/2019;01/02/2019;https://uno.example/a", "Premio Dos;F;;01/02/2019;", "Curso Tres;G;;;")


def codes(run: Run) -> dict[str, str]:
    """item_id → its code."""
    with run.ledger() as ledger:
        of = {one.opportunity_id: one.code for one in ledger.rows(Identity)}
        return {one.item_id: of[one.opportunity_id] for one in ledger.rows(IdentityItem)}


def matched(run: Run) -> dict[str, str]:
    read(run)
    match(run)
    return codes(run)


def test_a_batch_taken_back_gives_the_same_codes_when_it_comes_again(run: Run, written: Written) -> None:
    file, mapping = written(*ROWS)
    first = take(run, look(run, file, mapping))
    assert first
    before = matched(run)
    assert len(set(before.values())) == 3
    undo(run.home, first.batch_id)
    assert batches(run.home) == []
    assert latest_notices(run.home.folder) == []
    assert published_before(run.home, run.as_of) == []
    match(run)
    others = written("Beca de Otros;H;;01/02/2019;", name="otro.csv")
    assert take(run, look(run, *others))
    assert set(matched(run).values()) - set(before.values()) == {"MIN-2026-00004"}  # no code is used again
    assert take(run, look(run, file, mapping))
    after = matched(run)
    assert {item: after[item] for item in before} == before


def test_a_call_is_told_as_known_before_it_is_taken_in(run: Run, written: Written) -> None:
    take(run, look(run, *written(ROWS[0])))
    code = next(iter(matched(run).values()))
    looked = look(run, *written("Beca Uno;F;15/03/2019;01/02/2020;https://uno.example/a", name="otro.csv"))
    assert [(one.outcome, one.code) for one in looked.verdicts] == [("joined", code)]


def test_what_a_machine_read_waits_for_a_person(run: Run) -> None:
    batch = take(run, look(run, ARCHIVE / "boletin_2018.pdf", ARCHIVE / "boletin_2018.yaml"))
    assert batch
    assert published_before(run.home, run.as_of) == []
    assert latest_notices(run.home.folder) == []
    assert [row.row_number for row in confirm(run.home, batch.batch_id, [1, 3])] == [1, 3]
    assert confirm(run.home, batch.batch_id, [1]) == []
    assert [one.row_number for one in published_before(run.home, run.as_of)] == [1, 3]
    assert [row.row_number for row in find(run.home, batch.batch_id).waiting] == [2, 4]
    confirm(run.home, batch.batch_id)
    assert len(latest_notices(run.home.folder)) == len(published_before(run.home, run.as_of)) == 4
    albatros = next(row for row in kept(run.home, batch).rows if "Albatros" in row.title)
    assert (str(albatros.close_date), albatros.url) == ("2018-10-12", "https://albatros.example/beca")
    undo(run.home, batch.batch_id)
    assert latest_notices(run.home.folder) == []


def test_a_batch_or_row_that_is_not_there_is_said(run: Run, written: Written) -> None:
    with pytest.raises(BatchError, match="no batch begins so"):
        undo(run.home, "01NONE")
    batch = take(run, look(run, *written(ROWS[0])))
    assert batch
    with pytest.raises(BatchError, match="has no row 99"):
        confirm(run.home, batch.batch_id, [99])


def test_the_past_is_not_paid_for(run: Run, written: Written) -> None:
    """An entity that reads with an LLM reads its archive offline: nobody answers at this address."""
    file = run.entity.folder / "entity.yaml"
    file.write_text(
        file.read_text().replace(
            "{name: offline, rules_only: true}", "{name: llm, rules_only: true, price: {input: 1, output: 1}}"
        )
    )
    asked = Run(
        load_entity(run.entity.folder),
        run.home,
        run.as_of,
        run.run_id,
        LlmSettings("model", "http://127.0.0.1:9/v1"),
    )
    take(asked, look(asked, *written(*ROWS)))
    summary = read(asked)
    assert (summary.read, summary.calls, summary.failed) == (3, 0, [])
    assert read(asked).read == 0
    assert len(matched(asked)) == 3


@pytest.mark.parametrize("boundary", [f"archive:{what}#{n}" for n in (1, 2, 3, 4) for what in ("written", "renamed")])
def test_a_kill_leaves_a_whole_batch_or_none(run: Run, written: Written, boundary: str) -> None:
    file, mapping = written(*ROWS)
    root, entities = run.home.root, run.entity.folder.parent
    command = ("archive", "import", str(file), "--mapping", str(mapping), "--date", f"{TODAY}")
    assert run_boi(root, *command, entities=entities, more={"BOI_FAULT": boundary}).code != 0
    assert len(batches(run.home)) == (boundary == "archive:renamed#4")
    assert run_boi(root, *command, entities=entities).code == 0
    (batch,) = batches(run.home)
    assert len(kept(run.home, batch).rows) == len(latest_notices(run.home.folder)) == 3
