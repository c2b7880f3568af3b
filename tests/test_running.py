"""Runs in the home's Dagster history: shown under their jobs, ended when they were killed, told in a sentence when they fail."""

import errno
import os
import platform
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG

from boi_pipeline.cli.app import ui
from boi_pipeline.definitions import defs
from boi_pipeline.defs.shared import PROCESS_TAG, location, telling
from boi_pipeline.lock import HomeLocked, this_process
from boi_pipeline.running import end_killed_runs, home_instance
from scrapers.yamlfile import ConfigError

LOCKED = HomeLocked("/home: boi run (process 7) is writing here. Wait until it ends, or stop it, and run again.")


def gone() -> str:
    """A process of this machine that has ended."""
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return f"{platform.node()}:{child}"


def test_the_ui_finds_a_run_under_its_job(tmp_path: Path) -> None:
    @dg.op
    def nothing() -> None: ...

    @dg.job
    def collect() -> None:
        nothing()

    with home_instance(tmp_path) as instance:
        assert collect.execute_in_process(instance=instance).success
        under = {REPOSITORY_LABEL_TAG: "__repository__@boi_pipeline.definitions"}
        (run,) = instance.get_runs(dg.RunsFilter(job_name="collect", tags=under))
    assert run.remote_job_origin is not None and run.remote_job_origin.job_name == "collect"


@pytest.mark.parametrize(
    ("process", "then"),
    [
        (gone, dg.DagsterRunStatus.FAILURE),
        (this_process, dg.DagsterRunStatus.STARTED),
        (lambda: "another-machine:1", dg.DagsterRunStatus.STARTED),
    ],
)
def test_a_run_whose_process_is_gone_is_not_shown_at_work(
    process: Callable[[], str], then: dg.DagsterRunStatus
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        run = dg.DagsterRun(job_name="collect", status=dg.DagsterRunStatus.STARTED, tags={PROCESS_TAG: process()})
        instance.add_run(run)
        end_killed_runs(instance)
        (after,) = instance.get_runs()
    assert after.status == then


def test_a_step_fails_with_the_sentence_first() -> None:
    @dg.op
    @telling
    def plain() -> None:
        raise LOCKED

    @dg.op
    @telling
    def generator() -> Iterator[dg.Output[None]]:
        yield dg.Output(None)
        raise OSError(errno.ENOSPC, "No space left on device")

    @dg.op
    @telling
    def ours() -> None:
        raise KeyError("a fault of ours")

    @dg.job
    def steps() -> None:
        plain()
        generator()
        ours()

    result = steps.execute_in_process(raise_on_error=False)
    told = {name: result.failure_data_for_node(name) for name in ("plain", "generator", "ours")}
    plainly = {
        name: data.user_failure_data.description if data and data.user_failure_data else None
        for name, data in told.items()
    }
    assert plainly == {
        "plain": str(LOCKED),
        "generator": "the disk is full; make room and run again, which goes on from where it was",
        "ours": None,
    }
    assert told["plain"] and told["plain"].error and str(LOCKED) in told["plain"].error.message


def test_a_file_written_wrong_is_the_first_thing_that_loading_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "mini" / "sources").mkdir(parents=True)
    (tmp_path / "mini" / "entity.yaml").write_text("id: mini\nciudad: X\n")
    monkeypatch.setenv("BOI_ENTITIES", str(tmp_path))
    monkeypatch.setenv("BOI_ENTITY", "mini")
    location.cache_clear()
    with pytest.raises(ConfigError, match=r"entity\.yaml:1: name"):
        defs()
    location.cache_clear()


def test_the_ui_opens_the_home_that_was_named_from_another_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Started(Exception):
        arguments: list[str]

    def start(executable: str, arguments: list[str]) -> None:
        Started.arguments = arguments
        raise Started

    monkeypatch.setattr(os, "environ", {**os.environ, "BOI_HOME": "state", "BOI_ENTITY": "sample"})
    monkeypatch.setattr(os, "execv", start)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Started):
        ui(port=3000)
    assert os.environ["BOI_HOME"] == str(tmp_path / "state")
    assert os.environ["DAGSTER_HOME"] == str(tmp_path / "state" / "dagster")
    assert Path.cwd() == Path(os.environ["DAGSTER_HOME"]), (
        "beside another dagster.yaml it says that this one goes unused"
    )
    assert Path(Started.arguments[Started.arguments.index("--workspace") + 1]).is_file()
