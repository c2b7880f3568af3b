"""One writer of a home at a time, and the second is told who it is."""

import errno
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

from boi_pipeline.cli import told_errors
from boi_pipeline.entity import load_entity
from boi_pipeline.lock import HomeLocked, held, hold, release
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.stages.run import Run


def holder_in_child(path: Path) -> tuple[int, int]:
    """A forked child that holds the lock until its pipe closes; its pid and the pipe's writing end."""
    ready, tell = os.pipe()
    wait, stop = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(stop)
        hold(path, "boi run")
        os.write(tell, b"1")
        os.read(wait, 1)
        os._exit(0)
    os.read(ready, 1)
    return child, stop


def test_the_second_is_told_who_holds_it_and_a_killed_holder_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "home" / "run.lock"
    child, _ = holder_in_child(path)
    with pytest.raises(HomeLocked, match=rf"boi run \(process {child}\) is writing here"):
        hold(path, "second")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    hold(path, "second")
    assert held(path) is not None
    release(path)
    assert held(path) is None


def test_a_child_that_inherited_it_keeps_it(tmp_path: Path) -> None:
    path = tmp_path / "run.lock"
    descriptor = hold(path, "parent")
    wait, stop = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(stop)
        os.read(wait, 1)
        os._exit(0)
    release(path)
    with pytest.raises(HomeLocked, match="parent"):
        hold(path, "next")
    os.close(stop)
    os.waitpid(child, 0)
    assert hold(path, "next") >= 0
    release(path)
    assert descriptor >= 0


def test_who_takes_it_clears_what_killed_runs_left_behind(tmp_path: Path) -> None:
    """Before anything is written: they may have filled the disk."""
    home = Home(tmp_path, "sample")
    warehouse = home.warehouse
    warehouse.mkdir(parents=True)
    for name in (
        "boi.duckdb",
        "boi.failed.duckdb",
        "boi.mine.duckdb",
        "boi.killed.duckdb",
        "boi.killed.duckdb.wal",
        ".x.tmp",
    ):
        (warehouse / name).write_bytes(b"x")
    Run(load_entity(ROOT / "entities" / "sample"), home, datetime(2026, 11, 23, tzinfo=UTC), "mine").hold("test")
    release(home.lock)
    assert sorted(path.name for path in warehouse.iterdir()) == ["boi.duckdb", "boi.failed.duckdb", "boi.mine.duckdb"]


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("database or disk is full")]
)
def test_a_full_disk_is_told_in_words(error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), told_errors():
        raise error
    assert "the disk is full; make room and run again" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            RuntimeError("(sqlite3.OperationalError) disk I/O error"),
            "the disk of BOI_HOME is full or failing; make room",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/home/x/ledger.db"),
            "/home/x/ledger.db: Permission denied; exp",
        ),
        (OSError(errno.EROFS, "Read-only file system", "/home/x/site"), "whether the disk is mounted read-only"),
    ],
)
def test_what_a_disk_refuses_is_told_in_words_however_deep_it_stands(
    error: Exception, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for outer in (error, RuntimeError("a step failed")):
        with pytest.raises(SystemExit), told_errors():
            if outer is error:
                raise error
            raise outer from error
        assert told in capsys.readouterr().err


def test_a_disk_that_was_reckoned_with_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError, match="something else"), told_errors():
        try:
            raise PermissionError(errno.EACCES, "Permission denied", "/home/x/optional")
        except OSError:
            raise RuntimeError("something else") from None
    assert not capsys.readouterr().err
