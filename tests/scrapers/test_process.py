"""The crawl as a process: killed anywhere it leaves a home the next crawl goes on from, and it never outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scrapers import runner
from scrapers.archive import crawl_records, latest_notices, notice_files
from scrapers.runner import CrawlFailed, run_crawl
from scrapers.yamlfile import ConfigError
from tests.scrapers.conftest import Days, do_crawl, make_job

REAL_CHILDREN = True


def test_a_crawl_killed_at_any_boundary_leaves_a_home_the_next_one_ends_the_same_from(
    days: Days, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    home = tmp_path / "home"
    for fault in ("capture:written", "notices:renamed", "crawl:written"):
        monkeypatch.setenv("BOI_FAULT", fault)
        crawl = run_crawl(make_job(home, source_ids=["prueba_feed"]))
        results = []
        with pytest.raises(CrawlFailed, match=r"log: .*\.log"):
            results.extend(crawl)
        assert crawl.record is None
        assert crawl_records(home) == [] and notice_files(home) == []
        assert len(list((home / "captures").glob("*/*.open"))) == (fault != "crawl:written")
    monkeypatch.delenv("BOI_FAULT")
    do_crawl(make_job(home, source_ids=["prueba_feed"]))
    assert not list((home / "captures").glob("*/*.open"))
    undisturbed = {key: notice for key, notice in days.first.notices.items() if notice.source_id == "prueba_feed"}
    assert {n.item_id: n.text for n in latest_notices(home)} == {key: n.text for key, n in undisturbed.items()}


def test_a_child_that_dies_is_a_failure_of_every_source_without_a_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("BOI_FAULT", "capture:written")
    results = []
    with pytest.raises(CrawlFailed):
        results.extend(run_crawl(make_job(tmp_path / "home")))
    assert {result.source_id for result in results} == {"prueba_feed", "prueba_lista", "prueba_sigue", "prueba_wp"}
    assert "failed" in {result.outcome for result in results}


SLOW = """
from pathlib import Path
from scrapers.runner import run_crawl
from tests.scrapers.conftest import make_job
folder = Path({folder!r})
for result in run_crawl(make_job(folder / "home", sources_folder=folder / "sources", web_folder=folder / "web")):
    pass
"""


def test_the_crawl_ends_with_its_parent(tmp_path: Path, write_files):
    write_files(
        {
            "sources/lenta.yaml": "id: lenta\nname: x\nplatform: feed\nurl: http://lenta.prueba.test/f\nlanguage: es\n"
            "authority: official\n",
            "web/day1/lenta.prueba.test/_site.yaml": "paths: {/f: {delay: 25}}",
        }
    )
    parent = subprocess.Popen([sys.executable, "-c", SLOW.format(folder=str(tmp_path))])
    try:
        child = wait_for(lambda: children(parent.pid))
        wait_for(lambda: "Spider opened" in "".join(p.read_text() for p in (tmp_path / "home" / "logs").glob("*")))
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_for(lambda: not any(is_alive(pid) for pid in child))


def test_leaving_the_results_early_ends_the_crawl(tmp_path: Path):
    crawl = run_crawl(make_job(tmp_path / "home"))
    results = iter(crawl)
    next(results)
    (child,) = our_children()
    results.close()
    assert not is_alive(child)


def test_a_child_started_ahead_is_taken_by_the_next_crawl_of_its_home(tmp_path: Path):
    home = tmp_path / "home"
    runner.start_ahead(home, ["PRUEBA_KEY"])
    try:
        ((pid,),) = [wait_for(our_children)]
        crawl = run_crawl(make_job(home, source_ids=["prueba_feed"]))
        results = iter(crawl)
        next(results)
        assert our_children() == [pid]
        assert list(results) == []
        assert crawl.record is not None
        assert [path.stem for path in (home / "logs").iterdir()] == [f"crawl-{crawl.crawl_id}"]
    finally:
        runner.end_ahead()
    assert not is_alive(pid)


def test_a_child_with_more_in_its_environment_than_a_crawl_may_have_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRUEBA_KEY", "ABRACADABRA")
    home = tmp_path / "home"
    runner.start_ahead(home, [])
    try:
        (waiting,) = wait_for(our_children)
        results = iter(run_crawl(make_job(home, source_ids=["prueba_feed"], secrets={"PRUEBA_KEY": "ABRACADABRA"})))
        next(results)
        assert len(our_children()) == 2
        list(results)
    finally:
        runner.end_ahead()
    assert not is_alive(waiting)
    assert len(list((home / "logs").iterdir())) == 1, "of the child that was not needed nothing is left"


AHEAD = """
import sys, time
from pathlib import Path
from scrapers import runner
runner.start_ahead(Path(sys.argv[1]), [])
time.sleep(60)
"""


@pytest.mark.parametrize("imported", [False, True])
def test_a_child_started_ahead_ends_with_its_parent(tmp_path: Path, *, imported: bool):
    parent = subprocess.Popen([sys.executable, "-c", AHEAD, str(tmp_path)])
    try:
        (child,) = wait_for(lambda: children(parent.pid))
        if imported:
            wait_for(lambda: "/lxml/" in Path(f"/proc/{child}/maps").read_text())
    finally:
        parent.send_signal(signal.SIGKILL)
        parent.wait()
    wait_for(lambda: not is_alive(child))


def test_a_bad_source_file_stops_everything_before_it_starts(tmp_path: Path, write_files):
    write_files({"sources/mala.yaml": "id: mala\nname: x\n"})
    with pytest.raises(ConfigError, match="platform: missing key"):
        list(run_crawl(make_job(tmp_path / "home", sources_folder=tmp_path / "sources")))
    with pytest.raises(
        ConfigError, match="no source 'nadie'; there are: prueba_feed, prueba_lista, prueba_sigue, prueba_wp"
    ):
        list(run_crawl(make_job(tmp_path / "home", source_ids=["nadie"])))
    assert not (tmp_path / "home").exists()


def test_scrapy_lists_the_sources_and_crawls_one_by_hand(tmp_path: Path):
    entity = tmp_path / "entities" / "prueba"
    entity.mkdir(parents=True)
    here = Path(__file__).parent
    (entity / "sources").symlink_to(here / "sources")
    (entity / "web").symlink_to(here / "web")
    (entity / "entity.yaml").write_text(
        "languages: [es]\nuser_agent: x\nweb: {suffix: prueba.test, days: {2026-11-23: day1, 2026-11-24: day2}}\n"
    )
    environment = {**os.environ, "BOI_ENTITIES": str(tmp_path / "entities"), "BOI_ENTITY": "prueba"}
    scrapy = [sys.executable, "-m", "scrapy"]
    root = here.parent.parent
    listed = subprocess.run([*scrapy, "list"], env=environment, cwd=root, capture_output=True, text=True, check=True)
    assert listed.stdout.split() == ["prueba_feed", "prueba_lista", "prueba_sigue", "prueba_wp"]
    out = tmp_path / "items.jsonl"
    crawl = [*scrapy, "crawl", "prueba_feed", "-O", str(out)]
    subprocess.run(crawl, env=environment, cwd=root, capture_output=True, check=True)
    assert "Beca de maestría en Múnich" in out.read_text(encoding="utf-8")


def our_children() -> list[int]:
    """The crawls that this process started."""
    return [pid for pid in children(os.getpid()) if b"-m\0scrapers.crawl" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def children(pid: int) -> list[int]:
    return [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_for(condition, seconds: float = 20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError("it never came")
