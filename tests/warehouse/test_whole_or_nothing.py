"""A set is published whole or not at all: while others read, on a full disk, and when the process is killed."""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.history import history_of
from boi_pipeline.warehouse.publication import Companion, Gate, PublishedSet, publish
from tests.stages.drive import in_child, tree_hash
from tests.warehouse.conftest import AS_OF, VOCABULARIES, built

READERS = 2
PUBLICATIONS = 12


@dataclass
class Publisher:
    """A warehouse that passed its gate; every hour is another set, since ``control`` tells it."""

    project: Project
    warehouse: Path
    published: Path

    def publish(self, hour: int = 0, companions: tuple[Companion, ...] = ()) -> PublishedSet:
        return publish(
            warehouse=self.warehouse,
            project=self.project,
            published=self.published,
            entity_id="sample",
            timezone="America/Guayaquil",
            as_of=AS_OF + timedelta(hours=hour),
            ledger_seq=7,
            code_revision="abc",
            companions=(words, *companions),
        )

    def state(self) -> dict[str, str]:
        """Every file readers can reach, by its hash."""
        found = tree_hash(self.published / "current") | {
            f"stable/{name}": hash_ for name, hash_ in tree_hash(self.published / "powerbi").items()
        }
        return found | {"current": str((self.published / "current").readlink())}

    def leftovers(self) -> list[str]:
        sets = {path.name for path in (self.published / "sets").iterdir()}
        return [str(path) for path in self.published.rglob("*.tmp")] + sorted(
            sets - {(self.published / "current").resolve().name}
        )


def words(folder: Path) -> None:
    """A companion: 40 kB that no table holds."""
    (folder / "open-data").mkdir(exist_ok=True)
    (folder / "open-data" / "palabras.txt").write_text("palabra\n" * 5_000)


@pytest.fixture
def publisher(folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity) -> Publisher:
    project = project_of(folder)
    built(project, tmp_path / "w", sample)
    path = tmp_path / "w" / "boi.run.duckdb"
    assert Gate(path, project, VOCABULARIES).run(history_of(tmp_path / "published")).passed
    return Publisher(project, path, tmp_path / "published")


def test_what_companions_write_belongs_to_the_set(publisher: Publisher) -> None:
    first = publisher.publish()
    manifest = json.loads((first.folder / "manifest.json").read_text())
    assert manifest["files"]["open-data/palabras.txt"]["bytes"] == 40_000
    assert not publisher.publish().is_new

    def more(folder: Path) -> None:
        (folder / "open-data" / "palabras.txt").write_text("otra cosa")

    other = publisher.publish(companions=(more,))
    assert other.is_new
    assert other.set_id != first.set_id


def test_companions_find_the_tables(publisher: Publisher) -> None:
    seen: list[str] = []
    publisher.publish(
        companions=(lambda folder: seen.extend(str(p.relative_to(folder)) for p in folder.rglob("*.parquet")),)
    )
    assert {"curated/rows.parquet", "powerbi/rows.parquet", "powerbi/control.parquet"} <= set(seen)


def test_readers_see_whole_sets_while_others_are_published(publisher: Publisher, tmp_path: Path) -> None:
    """Readers in processes of their own, over many publications: never half a set, never a file of another."""
    expected = [publisher.publish().set_id]
    stop = tmp_path / "stop"
    script = Path(__file__).with_name("reader_process.py")
    readers = [
        subprocess.Popen(
            [sys.executable, str(script), str(publisher.published), str(stop)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(READERS)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "looking\n"
        for hour in range(1, PUBLICATIONS):
            expected.append(publisher.publish(hour).set_id)
    finally:
        stop.touch()
    told = [json.loads(reader.communicate(timeout=60)[0]) for reader in readers]
    assert [one["faults"] for one in told] == [[]] * READERS
    assert len(set(expected)) == PUBLICATIONS
    for one in told:
        assert set(one["sets"]) <= set(expected)
        assert len(one["sets"]) >= 2
        assert one["looks"] >= 3


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a disk of our own cannot be mounted here: only root may")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_leaves_the_old_set(publisher: Publisher, small_disk: Path) -> None:
    """Whatever room is left, there is the old set or the new one, and nothing besides; with room again it goes on."""
    publisher.published = small_disk / "published"
    publisher.publish()
    before = publisher.state()
    refused = 0
    for room in range(0, 400_000, 20_000):
        ballast = small_disk / "ballast"
        free = os.statvfs(small_disk)
        ballast.write_bytes(b"\0" * max(0, free.f_bavail * free.f_frsize - room))
        try:
            publisher.publish(hour=1)
        except OSError as error:
            assert "No space left" in str(error)
            assert publisher.state() == before
            assert publisher.leftovers() == []
            refused += 1
        else:
            break
        finally:
            ballast.unlink()
    assert 5 <= refused < 20
    assert publisher.state() != before
    assert publisher.publish(hour=2).is_new


@pytest.mark.parametrize("most", [500, 2_500, 39_000])
def test_a_file_that_cannot_be_written_leaves_the_old_set(publisher: Publisher, most: int) -> None:
    """Where no disk can be mounted: the system refuses files beyond a size, in a table or in a companion."""
    publisher.publish()
    before = publisher.state()

    def refused() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        with pytest.raises(OSError, match="too large"):
            publisher.publish(hour=1)

    assert in_child(refused, {}) == 0
    assert publisher.state() == before
    assert publisher.leftovers() == []
    assert publisher.publish(hour=1).is_new


def test_a_kill_in_mid_publication_leaves_the_old_set(publisher: Publisher) -> None:
    publisher.publish()
    before = publisher.state()

    def killed(folder: Path) -> None:
        (folder / "open-data" / "medio.csv").write_text("medio")
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_child(lambda: publisher.publish(1, (killed,)), {}) == -signal.SIGKILL
    assert publisher.state() == before
    assert publisher.leftovers() != []  # nobody was there to clear it
    after = publisher.publish(hour=1)
    assert after.is_new
    assert [name for name in publisher.leftovers() if name.endswith(".tmp")] == []
    assert not (after.folder / "open-data" / "medio.csv").exists()
