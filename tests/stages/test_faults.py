"""Stopped at any write boundary, the next run ends in the same result as one that was never disturbed.

Each stage is killed once in earnest; a copy of the home at each other boundary stands for a kill there. Made good is shown
stage by stage: a home that is what it would have been without the kill goes on as that one did.
"""

import hashlib
import re
from pathlib import Path

import pytest

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.records import Decision, Identity, IdentityItem, Publication, Snapshot
from scrapers.archive import latest_notices
from tests.stages.drive import STAGES, Place, in_child, outputs, run_stages
from tests.stages.first_day import RUN, FirstDay

AFTER_CRAWL = [name for name, _ in STAGES if name != "crawl"]
COLLECT = ("read", "match", "build", "check", "publish")
BUILDS = {"build": "check", "rebuild": "recheck"}  # and its gate: one file, whose bytes differ from run to run
OF_THE_CRAWL = ("crawl_id", "capture_id")  # say which crawl it was, not what it found
COMPARED = ("ledger.db", "site", ".site", "outbox", ".outbox")  # by what they hold: ledger_of, outputs
ULID = re.compile("[0-9A-HJKMNP-TV-Z]{26}")


def ledger_of(home: Path) -> dict[str, list[str]]:
    """What the ledger holds, number by number."""
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        kinds = (Identity, IdentityItem, Decision, Snapshot, Publication)
        return {kind.__name__: [row.model_dump_json() for row in ledger.rows(kind)] for kind in kinds}


def leftovers(home: Path) -> list[str]:
    return [str(path) for path in home.rglob("*") if path.name.endswith((".tmp", ".open")) or "boi.0" in path.name]


def notices_of(home: Path) -> list[dict[str, object]]:
    return [notice.model_dump(exclude=set(OF_THE_CRAWL)) for notice in latest_notices(home)]


@pytest.mark.xdist_group("faults-1")
def test_every_stage_that_writes_has_a_boundary(first_day: FirstDay) -> None:
    labels = {stage: {one.partition(":")[0] for one in found} for stage, found in first_day.passages.items()}
    assert labels == {
        "crawl": {"notices", "capture", "crawl"},
        "read": {"drafts", "readings"},
        "match": {"ledger", "matches", "relations", "questions", "conflicts"},
        "build": {"warehouse"},
        "check": {"warehouse"},
        "publish": {"pictures", "set", "current", "powerbi", "known-sets"},
        "decide": {"ledger"},
        "close": {"ledger"},
        "rebuild": {"warehouse"},
        "recheck": {"warehouse"},
        "republish": {"pictures", "set", "current", "powerbi", "known-sets"},
        "render": {"ledger", "site", "site-link", "site-pages"},
        "post": {"outbox", "outbox-link"},
        "end": set(),
    }


@pytest.mark.xdist_group("faults-2")
def test_a_crawl_killed_anywhere_counts_for_nothing(first_day: FirstDay, tmp_path: Path) -> None:
    """One home, killed at every boundary of the crawl one after another, and then left alone."""
    place = Place(tmp_path, first_day.entities)
    home = tmp_path / "mini"
    for passage in first_day.passages["crawl"]:
        stopped = in_child(lambda: run_stages(place.new_run(), last="crawl"), {"BOI_FAULT": passage})
        counts = passage.startswith("crawl:renamed")  # the record is there: the run goes on without the child
        assert (stopped == 0) == counts, f"{passage}: exit {stopped}"
        assert bool(notices_of(home)) == counts, f"{passage}: half a crawl counts"
    assert in_child(lambda: run_stages(place.new_run(), last="crawl")) == 0
    assert notices_of(home) == notices_of(first_day.end)
    assert leftovers(home) == []


@pytest.mark.parametrize(
    "stages",
    [
        pytest.param(
            (stage, BUILDS[stage]) if stage in BUILDS else (stage,),
            marks=pytest.mark.xdist_group("faults-1" if stage in COLLECT else "faults-2"),
            id=stage,
        )
        for stage in AFTER_CRAWL
        if stage not in BUILDS.values()
    ],
)
def test_a_stage_killed_anywhere_is_made_good(first_day: FirstDay, stages: tuple[str, ...], tmp_path: Path) -> None:
    left = killed_homes(first_day, stages, tmp_path)
    first, last, end = again(stages[0])
    run_each(left, first, last)
    outputs_then, ledger_then = outputs(first_day.before(end)), ledger_of(first_day.before(end))
    home_then = state_of(first_day.before(end), *COMPARED) if first == last else None
    for boundary, place in left.items():
        home = place.home / "mini"
        if home_then:
            assert state_of(home, *COMPARED) == home_then, f"{boundary}: another home"
        assert outputs(home) == outputs_then, f"{boundary}: another result"
        assert ledger_of(home) == ledger_then, f"{boundary}: another ledger"
        assert leftovers(home) == [], f"{boundary}: leftovers"


def test_a_run_where_nothing_is_new_changes_nothing(own: Place) -> None:
    home = own.home / "mini"
    before, ledger = outputs(home), ledger_of(home)
    assert in_child(lambda: run_stages(own.new_run())) == 0
    assert outputs(home) == before
    assert ledger_of(home) == ledger


def killed_homes(first_day: FirstDay, stages: tuple[str, ...], folder: Path) -> dict[str, Place]:
    """Stage and boundary → a home of its own, as a kill there leaves it; one of those that look the same to the next run.

    At its last boundary each stage is killed in earnest.
    """
    found: dict[str, Place] = {}
    seen: list[list[tuple[str, str]]] = []
    for stage in stages:
        boundaries = sorted({one.partition("#")[0] for one in first_day.passages[stage]})
        place = first_day.copy(first_day.before(stage), folder / f"{stage} killed")
        fault = {"BOI_FAULT": boundaries[-1]}
        assert (
            in_child(lambda place=place, stage=stage: run_stages(place.new_run(run_id=RUN), stage, stage), fault) == -9
        )
        if (state := state_of(place.home / "mini")) not in seen:
            seen.append(state)
            found[f"{stage} {boundaries[-1]}, killed"] = place
        for boundary in boundaries:
            kept = first_day.at(stage, boundary)
            if (state := state_of(kept)) not in seen:
                seen.append(state)
                found[f"{stage} {boundary}"] = first_day.copy(kept, folder / f"{stage} {boundary}")
    return found


def run_each(places: dict[str, Place], first: str, last: str) -> None:
    """Run these stages in each home, one after another in one process."""

    def work() -> None:
        for boundary, place in places.items():
            try:
                run_stages(place.new_run(), first, last)
            except Exception as error:
                raise RuntimeError(f"after {boundary} it fails") from error

    assert in_child(work) == 0


def again(stage: str) -> tuple[str, str, str]:
    """The first and last stage of the run after the kill in a stage, and the snapshot that then is.

    It is the stage once more; after a kill in the middle of a build, which the next run does not go on with, the job.
    """
    if stage in BUILDS:
        return ("read", "publish", "decide") if stage in COLLECT else ("decide", "post", "end")
    return stage, stage, following(stage)


def following(stage: str) -> str:
    return [*AFTER_CRAWL, "end"][AFTER_CRAWL.index(stage) + 1]


def state_of(home: Path, *without: str) -> list[tuple[str, str]]:
    """The names and hashes of what the next run finds: not what it removes unseen (temporary files, builds of runs that
    are gone), nor by which ULID a file goes.
    """
    found = []
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        unseen = ("logs/", "matches/workbench", "warehouse/sql_reads.json")  # the last: what any process finds again
        if name.startswith(unseen) or ".tmp" in name or path.name == "run.lock":
            continue
        if f"boi.{RUN}" in name or re.sub(r"\.\d+$", "", name.partition("/")[0]) in without:
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        found.append((ULID.sub("*", name), hashlib.sha256(content).hexdigest()))
    return sorted(found)
