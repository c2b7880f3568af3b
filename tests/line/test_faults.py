"""Stopped at any write boundary, the next run ends in the same result as one that was never disturbed."""

import os
from pathlib import Path

import pytest

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.records import Decision, Identity, Publication
from boi_pipeline.warehouse.expectations import Expectations
from tests.line.drive import Place, in_child, outputs, run_all
from tests.line.mini import write_entity

pytestmark = pytest.mark.xdist_group("faults")


@pytest.fixture(scope="module")
def entities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("entities")
    write_entity(folder)
    Expectations()  # imported once here; the forked children have it
    return folder


@pytest.fixture(scope="module")
def undisturbed(entities: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[str]]:
    """The outputs of a run nobody disturbed, and the write boundaries it passed."""
    place = Place(tmp_path_factory.mktemp("home"), entities)
    trace = place.home / "trace"
    assert in_child(lambda: run_all(place.line()), {"BOI_FAULT_TRACE": str(trace)}) == 0
    points = list(dict.fromkeys(trace.read_text().split()))
    found = outputs(place)
    assert len([name for name in found if name.startswith("site/oportunidades/")]) >= 2
    return found, points


def facts_of(place: Place) -> tuple[list[str], list[str], list[str]]:
    with Ledger.open(place.line().home.ledger_url) as ledger:
        return (
            sorted(f"{row.opportunity_id} {row.code}" for row in ledger.rows(Identity)),
            sorted(row.decision_id for row in ledger.rows(Decision)),
            sorted(f"{row.publication_id} {row.state}" for row in ledger.rows(Publication)),
        )


def test_every_stage_has_a_boundary(undisturbed: tuple[dict[str, str], list[str]]) -> None:
    labels = {point.partition(":")[0] for point in undisturbed[1]}
    assert labels >= {
        "capture", "notices", "crawl", "readings", "drafts", "matches", "relations", "ledger", "warehouse", "set",
        "current", "powerbi", "site", "site-link",
    }  # fmt: skip


def test_stopped_at_each_boundary(
    entities: Path, undisturbed: tuple[dict[str, str], list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected, points = undisturbed
    facts = None
    for point in points:
        place = Place(tmp_path_factory.mktemp("home"), entities)
        stopped = in_child(lambda place=place: run_all(place.line()), {"BOI_FAULT": point})
        assert stopped != 0, f"{point}: the run was not stopped"
        assert in_child(lambda place=place: run_all(place.line())) == 0, f"{point}: the next run failed"
        assert outputs(place) == expected, f"{point}: another result"
        facts = facts or facts_of(place)
        assert facts_of(place) == facts, f"{point}: another ledger"
        leftovers = [name for _, folders, files in os.walk(place.home) for name in [*folders, *files] if "tmp" in name]
        assert leftovers == [], f"{point}: {leftovers}"
