"""A batch is taken in whole or not at all, counts once a person confirmed what a machine read, and can be taken back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from boi_pipeline.achieved.archive.batches import BatchError, batches, confirm, find, kept, published_before, undo
from boi_pipeline.archives import look, take
from boi_pipeline.entity import load_entity
from boi_pipeline.records import Identity, IdentityItem
from boi_pipeline.settings import ROOT, LlmSettings
from boi_pipeline.stages.line import Line, read
from boi_pipeline.stages.matches import match
from scrapers.archive import latest_notices
from tests.archive.conftest import TODAY
from tests.line.conftest import run

Written = Callable[..., tuple[Path, Path]]
ARCHIVE = ROOT / "entities" / "sample" / "archive"
ROWS = ("Beca Uno;F;15/03/2019;01/02/2019;https://uno.example/a", "Premio Dos;F;;01/02/2019;", "Curso Tres;G;;;")


def codes(line: Line) -> dict[str, str]:
    """item_id → its code."""
    with line.ledger() as ledger:
        of = {one.opportunity_id: one.code for one in ledger.rows(Identity)}
        return {one.item_id: of[one.opportunity_id] for one in ledger.rows(IdentityItem)}


def matched(line: Line) -> dict[str, str]:
    read(line)
    match(line)
    return codes(line)


def test_a_batch_taken_back_gives_the_same_codes_when_it_comes_again(line: Line, written: Written) -> None:
    file, mapping = written(*ROWS)
    first = take(line, look(line, file, mapping))
    assert first
    before = matched(line)
    assert len(set(before.values())) == 3
    undo(line.home, first.batch_id)
    assert batches(line.home) == []
    assert latest_notices(line.home.folder) == []
    assert published_before(line.home, line.as_of) == []
    match(line)
    others = written("Beca de Otros;H;;01/02/2019;", name="otro.csv")
    assert take(line, look(line, *others))
    assert set(matched(line).values()) - set(before.values()) == {"MIN-2026-00004"}  # no code is used again
    assert take(line, look(line, file, mapping))
    after = matched(line)
    assert {item: after[item] for item in before} == before


def test_a_call_is_told_as_known_before_it_is_taken_in(line: Line, written: Written) -> None:
    take(line, look(line, *written(ROWS[0])))
    code = next(iter(matched(line).values()))
    looked = look(line, *written("Beca Uno;F;15/03/2019;01/02/2020;https://uno.example/a", name="otro.csv"))
    assert [(one.outcome, one.code) for one in looked.verdicts] == [("joined", code)]


def test_what_a_machine_read_waits_for_a_person(line: Line) -> None:
    batch = take(line, look(line, ARCHIVE / "boletin_2018.pdf", ARCHIVE / "boletin_2018.yaml"))
    assert batch
    assert published_before(line.home, line.as_of) == []
    assert latest_notices(line.home.folder) == []
    assert [row.row_number for row in confirm(line.home, batch.batch_id, [1, 3])] == [1, 3]
    assert confirm(line.home, batch.batch_id, [1]) == []
    assert [one.row_number for one in published_before(line.home, line.as_of)] == [1, 3]
    assert [row.row_number for row in find(line.home, batch.batch_id).waiting] == [2, 4]
    confirm(line.home, batch.batch_id)
    assert len(latest_notices(line.home.folder)) == len(published_before(line.home, line.as_of)) == 4
    albatros = next(row for row in kept(line.home, batch).rows if "Albatros" in row.title)
    assert (str(albatros.close_date), albatros.url) == ("2018-10-12", "https://albatros.example/beca")
    undo(line.home, batch.batch_id)
    assert latest_notices(line.home.folder) == []


def test_a_batch_or_row_that_is_not_there_is_said(line: Line, written: Written) -> None:
    with pytest.raises(BatchError, match="no batch begins so"):
        undo(line.home, "01NONE")
    batch = take(line, look(line, *written(ROWS[0])))
    assert batch
    with pytest.raises(BatchError, match="has no row 99"):
        confirm(line.home, batch.batch_id, [99])


def test_the_past_is_not_paid_for(line: Line, written: Written) -> None:
    """An entity that reads with an LLM reads its archive offline: nobody answers at this address."""
    file = line.entity.folder / "entity.yaml"
    file.write_text(
        file.read_text().replace("{name: offline, rules_only: true}", "{name: llm, price: {input: 1, output: 1}}")
    )
    asked = Line(
        load_entity(line.entity.folder),
        line.home,
        line.as_of,
        line.run_id,
        LlmSettings("model", "http://127.0.0.1:9/v1"),
    )
    take(asked, look(asked, *written(*ROWS)))
    summary = read(asked)
    assert (summary.read, summary.calls, summary.failed) == (3, 0, [])
    assert read(asked).read == 0
    assert len(matched(asked)) == 3


@pytest.mark.parametrize("boundary", [f"archive:{what}#{n}" for n in (1, 2, 3, 4) for what in ("written", "renamed")])
def test_a_kill_leaves_a_whole_batch_or_none(line: Line, written: Written, boundary: str) -> None:
    file, mapping = written(*ROWS)
    root, entities = line.home.root, line.entity.folder.parent
    command = ("archive", "import", str(file), "--mapping", str(mapping), "--date", f"{TODAY}")
    assert run(root, *command, entities=entities, more={"BOI_FAULT": boundary}).code != 0
    assert len(batches(line.home)) == (boundary == "archive:renamed#4")
    assert run(root, *command, entities=entities).code == 0
    (batch,) = batches(line.home)
    assert len(kept(line.home, batch).rows) == len(latest_notices(line.home.folder)) == 3
