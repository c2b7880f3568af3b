"""Stopped at any write boundary, the next run ends in the same result as one that was never disturbed."""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.records import Decision, Identity, IdentityItem, Publication, Snapshot
from scrapers.archive import latest_notices
from tests.line.drive import STAGES, Place, in_child, outputs, run_line, tree_hash
from tests.line.mini import write_entity

AFTER_CRAWL = [name for name, _ in STAGES if name != "crawl"]
COLLECT = ("read", "match", "build", "check", "publish")
RUN = "01M83PE302PBWZM6JM29P5WKM8"
OF_THE_CRAWL = ("crawl_id", "capture_id", "set_id")  # say which crawl it was, not what it found


@dataclass(frozen=True)
class Undisturbed:
    """A run nobody disturbed: its home as it was before each stage, and the boundaries each stage passed."""

    entities: Path
    snapshots: Path
    passages: dict[str, list[str]]  # stage → passages
    made_good: set[str]  # states of a home from which a run was seen to end well

    def home_before(self, stage: str, folder: Path) -> Place:
        shutil.copytree(self.snapshots / stage, folder / "mini", symlinks=True)
        return Place(folder, self.entities)

    @property
    def end(self) -> Path:
        return self.snapshots / "end"


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    folder = tmp_path_factory.mktemp("undisturbed")
    entities, snapshots, trace = folder / "entities", folder / "snapshots", folder / "trace"
    write_entity(entities)
    place = Place(folder / "home", entities)
    (place.home / "mini").mkdir(parents=True)

    def keep(stage: str) -> None:
        shutil.copytree(place.home / "mini", snapshots / stage, symlinks=True)
        with open(trace, "a") as log:
            log.write(f"stage {stage}\n")

    def work() -> None:
        run_line(place.line(run_id=RUN), before=keep)
        keep("end")

    assert in_child(work, {"BOI_FAULT_TRACE": str(trace)}) == 0
    passages: dict[str, list[str]] = {}
    for told in trace.read_text().splitlines():
        if told.startswith("stage "):
            stage = told.removeprefix("stage ")
            passages[stage] = []
        else:
            passages[stage].append(told)
    found = Undisturbed(entities, snapshots, passages, set())
    notes = [name for name in outputs(found.end) if re.fullmatch(r"site/oportunidades/[^/]+/index\.html", name)]
    assert len(notes) == 2
    return found


def ledger_of(home: Path) -> dict[str, list[str]]:
    """What the ledger holds, number by number."""
    with Ledger.open(f"sqlite:///{home / 'ledger.db'}") as ledger:
        kinds = (Identity, IdentityItem, Decision, Snapshot, Publication)
        return {kind.__name__: [row.model_dump_json() for row in ledger.rows(kind)] for kind in kinds}


def leftovers(home: Path) -> list[str]:
    return [str(path) for path in home.rglob("*") if path.name.endswith((".tmp", ".open")) or "boi.0" in path.name]


def tables_of(home: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of every published table, without the columns that say which crawl it was."""
    current = home / "published" / "current"
    return {
        str(path.relative_to(current)): [
            {name: value for name, value in row.items() if name not in OF_THE_CRAWL}
            for row in pq.read_table(path).to_pylist()
        ]
        for path in sorted(current.rglob("*.parquet"))
    }


def notices_of(home: Path) -> list[dict[str, object]]:
    return [notice.model_dump(exclude=set(OF_THE_CRAWL)) for notice in latest_notices(home)]


@pytest.mark.xdist_group("faults-1")
def test_every_stage_that_writes_has_a_boundary(undisturbed: Undisturbed) -> None:
    labels = {stage: {one.partition(":")[0] for one in found} for stage, found in undisturbed.passages.items()}
    assert labels == {
        "crawl": {"notices", "capture", "crawl"},
        "read": {"drafts", "readings"},
        "match": {"ledger", "matches", "relations", "questions", "conflicts"},
        "build": {"warehouse"},
        "check": {"warehouse"},
        "publish": {"set", "current", "powerbi"},
        "decide": {"ledger"},
        "close": {"ledger"},
        "rebuild": {"warehouse"},
        "recheck": {"warehouse"},
        "republish": {"set", "current", "powerbi"},
        "render": {"ledger", "site", "site-link", "site-pages"},
        "post": {"outbox", "outbox-link"},
        "end": set(),
    }


@pytest.mark.xdist_group("faults-2")
def test_a_crawl_killed_anywhere_counts_for_nothing(undisturbed: Undisturbed, tmp_path: Path) -> None:
    """One home, killed at every boundary of the crawl one after another, and then left alone."""
    place = Place(tmp_path, undisturbed.entities)
    home = tmp_path / "mini"
    for passage in undisturbed.passages["crawl"]:
        stopped = in_child(lambda: run_line(place.line(), last="crawl"), {"BOI_FAULT": passage})
        counts = passage.startswith("crawl:renamed")  # the record is there: the line goes on without the child
        assert (stopped == 0) == counts, f"{passage}: exit {stopped}"
        assert bool(notices_of(home)) == counts, f"{passage}: half a crawl counts"
    assert in_child(lambda: run_line(place.line())) == 0
    assert notices_of(home) == notices_of(undisturbed.end)
    assert tables_of(home) == tables_of(undisturbed.end)
    assert tree_hash(home / "site") == tree_hash(undisturbed.end / "site")
    assert leftovers(home) == []


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param(stage, marks=pytest.mark.xdist_group("faults-1" if stage in COLLECT else "faults-2"))
        for stage in AFTER_CRAWL
    ],
)
def test_a_stage_killed_anywhere_is_made_good(undisturbed: Undisturbed, stage: str, tmp_path: Path) -> None:
    first, last, end = again(stage)
    expected, ledger = outputs(undisturbed.snapshots / end), ledger_of(undisturbed.snapshots / end)
    for number, passage in enumerate(chosen(undisturbed.passages[stage])):
        place = undisturbed.home_before(stage, tmp_path / str(number))
        home = place.home / "mini"
        fault = {"BOI_FAULT": f"{passage.partition('#')[0]}#{occurrence(undisturbed, stage, passage)}"}
        stopped = in_child(lambda place=place: run_line(place.line(run_id=RUN), stage, stage), fault)
        assert stopped == -9, f"{passage}: the run was not stopped"
        state = state_of(home)
        if state in undisturbed.made_good:
            continue
        assert in_child(lambda place=place: run_line(place.line(), first, last)) == 0, f"{passage}: the next run failed"
        assert outputs(home) == expected, f"{passage}: another result"
        assert ledger_of(home) == ledger, f"{passage}: another ledger"
        assert leftovers(home) == [], f"{passage}: leftovers"
        undisturbed.made_good.add(state)


def again(stage: str) -> tuple[str, str, str]:
    """The first and last stage of the run after the kill, and the snapshot that then is.

    It is the killed job once more; after a kill in the middle of an edition it is the whole line.
    """
    if stage == "close":
        return "read", "post", "end"
    return ("read", "publish", "decide") if stage in COLLECT else ("decide", "post", "end")


def state_of(home: Path) -> str:
    """A hash of what the next run finds: not what it removes unseen (temporary files, builds of runs that are gone)."""
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*")):
        name = str(path.relative_to(home))
        if name.startswith(("logs/", "matches/workbench")) or ".tmp" in name or path.name == "run.lock":
            continue
        if f"boi.{RUN}" in name:
            continue
        content = str(path.readlink()).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def chosen(passages: list[str]) -> list[str]:
    """The passages by kind; of one that repeats for each file or row, one in the middle."""
    kinds: dict[str, list[str]] = {}
    for passage in passages:
        kinds.setdefault(passage.partition("#")[0], []).append(passage)
    return [found[len(found) // 2] for found in kinds.values()]


def occurrence(undisturbed: Undisturbed, stage: str, passage: str) -> int:
    """The how-manieth passage it is in a process that runs only this stage."""
    kind = passage.partition("#")[0]
    return [one for one in undisturbed.passages[stage] if one.startswith(kind + "#")].index(passage) + 1
