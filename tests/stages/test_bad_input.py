"""Broken files stop everything, bad rows stay out, a bad set is not published, and two runs do not meet."""

import fcntl
import json
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from boi_pipeline.stages import tables
from boi_pipeline.stages.run import MODELS
from boi_pipeline.warehouse.history import history_of
from boi_pipeline.warehouse.loading import load_project
from boi_pipeline.warehouse.raw import RAW_TABLES
from scrapers.archive import latest_notices
from scrapers.yamlfile import ConfigError
from tests.stages.conftest import run_boi, started
from tests.stages.drive import Place, outputs, run_stages

pytestmark = pytest.mark.xdist_group("bad-input")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_number(path: Path, of: str) -> int:
    return path.read_text(encoding="utf-8").split(of)[0].count("\n") + 1


BROKEN: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "an unknown key of the entity": ("entity.yaml", "city:", "citi: Ensayo\ncity:", ("citi",)),
    "a wrong value of the entity": ("entity.yaml", "minimum: 1", "minimum: uno", ("edition.minimum", "integer")),
    "a time zone that is none": ("entity.yaml", "America/Guayaquil", "America/Guayaquill", ("timezone", "Guayaquill")),
    "a source of an unknown platform": (
        "sources/becas.yaml",
        "platform: feed",
        "platform: feeed",
        ("platform", "feed"),
    ),
    "an unknown key of a source": (
        "sources/fondos.yaml",
        "authority:",
        "autority: official\nauthority:",
        ("autority",),
    ),
    "an unknown option of a platform": ("sources/fondos.yaml", "item: li", "itm: li, item: li", ("itm",)),
    "a source under another name": ("sources/becas.yaml", "id: becas", "id: beca", ("id", "becas")),
    "a vocabulary of another shape": ("vocabularies/plan_objectives.yml", "sdg: [6]", "sdg: agua", ("sdg",)),
    "YAML that is none": ("sources/becas.yaml", "language: es", "language: [es", ("becas.yaml",)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_file_is_named_and_nothing_runs(case: str, mini: Path, tmp_path: Path) -> None:
    name, old, new, told = BROKEN[case]
    path = mini / "mini" / name
    edit(path, old, new)
    found = run_boi(tmp_path / "home", "run", entities=mini)
    assert found.code == 1
    assert str(path) in found.err
    if "another name" not in case and "is none" not in case:
        assert f"{path}:{line_number(path, new)}" in found.err
    for words in told:
        assert words in found.err
    assert "Traceback" not in found.err
    assert not (tmp_path / "home").exists()


def test_a_broken_decision_is_named_before_anything_is_decided(mini: Path, tmp_path: Path) -> None:
    path = mini / "mini" / "decisions.yml"
    edit(path, "action: reject", "action: rejekt")
    found = run_boi(tmp_path / "home", "run", entities=mini)
    assert found.code == 1
    assert f"{path}:{line_number(path, 'rejekt')}" in found.err
    assert not (tmp_path / "home").exists()


def test_a_broken_table_of_metrics_is_named_and_nothing_runs(mini: Path, tmp_path: Path) -> None:
    path = mini / "mini" / "metrics.csv"
    path.write_text("date,channel,impressions,clicks,interactions\n2026-11-23,site,muchas,1,0\n")
    found = run_boi(tmp_path / "home", "run", entities=mini)
    assert found.code == 1
    assert f"{path}:2: impressions: found 'muchas'; expected a whole number" in found.err
    assert "Traceback" not in found.err
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("grain: [source_id, crawl_date]", "grane: [source_id, crawl_date]", "grane"),
        ("type: date", "type: day", "day"),
        ("severity: warning", "severity: bad", "severity"),
        ("staging.stg_crawls c", "raw.crawls c", "raw"),
        ("c.source_id,\n", "c.source_idd,\n", "source_idd"),
        ("publish: [powerbi]", "publish: [powerpoint]", "powerpoint"),
    ],
)
def test_a_broken_model_is_named(old: str, new: str, told: str, tmp_path: Path, sql_reads: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(MODELS, folder)
    path = folder / "marts" / "fct_source_health.sql"
    edit(path, old, new)
    with pytest.raises(ConfigError) as error:
        project = load_project(folder, set(RAW_TABLES), _vocabularies(), sql_reads)
        _built(project, tmp_path)
    assert str(path) in str(error.value)
    assert told in str(error.value)


@pytest.fixture(scope="module")
def sql_reads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the SQL of all models reads, found once."""
    kept = tmp_path_factory.mktemp("sql") / "reads.json"
    load_project(MODELS, set(RAW_TABLES), _vocabularies(), kept)
    return kept


def _vocabularies() -> set[str]:
    return {path.stem for path in (MODELS.parent / "boi_pipeline" / "vocabularies").glob("*.yml")} | {"plan_objectives"}


def _built(project, folder: Path) -> None:
    """What the SQL itself says only shows when it runs."""
    from boi_pipeline.warehouse.build import Build

    vocabularies = dict.fromkeys(_vocabularies(), frozenset({"x"}))
    with Build(project, folder / "w", "run", vocabularies) as build:
        build.load({})
        for result in build.run({}):
            if result.error:
                raise ConfigError(result.model.path, None, "", result.error)


# ---------------------------------------------------------------- bad rows, bad sets


@pytest.fixture
def place(own: Place) -> Iterator[Place]:
    """The mini entity after a good run, to go on with in this process."""
    from boi_pipeline.lock import release

    yield own
    release(own.new_run().home.lock)


def test_a_bad_row_is_quarantined_and_published_nowhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    home = place.home / "mini"
    (code, opportunity_id) = next(iter(_opportunities(home)))
    _spoil(monkeypatch, f"update marts.approved_opportunities set title_es = repeat('x', 91) where code = '{code}'")
    run_stages(place.new_run(), "read", "publish")
    quarantine = pq.read_table(home / "published/current/powerbi/quarantine.parquet").to_pylist()
    assert {(row["check_name"], row["opportunity_id"]) for row in quarantine} == {
        ("title_es_within_limits", opportunity_id)
    }
    assert quarantine[0]["advice"]
    for path in (home / "published" / "current").rglob("*.parquet"):
        if path.stem not in ("quarantine", "check_results"):  # these name it, for the editors
            assert opportunity_id not in str(pq.read_table(path).to_pylist()), path


def test_a_set_that_falls_by_half_is_not_published(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    home = place.home / "mini"
    before = outputs(home)
    assert history_of(home / "published").rows["marts.opportunities"] == 5
    _spoil(monkeypatch, "delete from marts.opportunities where code > 'MIN-2026-00002'")
    with pytest.raises(RuntimeError, match=r"marts\.opportunities: max_fall"):
        run_stages(place.new_run(), "read", "publish")
    assert outputs(home) == before
    assert (home / "warehouse" / "boi.failed.duckdb").is_file()
    assert len(_opportunities(home)) == 5  # the last good warehouse stays too


def test_the_command_names_what_stops_the_set(own: Place, mini: Path) -> None:
    """Most of what was published yesterday is gone: yesterday's set stays and the command says so."""
    home = own.home / "mini"
    before, set_id = outputs(home), (home / "published" / "current").resolve().name
    for folder in ("crawls", "notices", "captures"):
        shutil.rmtree(home / folder)
    shutil.rmtree(mini / "mini" / "web" / "day1" / "fondos.ensayo.test")
    found = run_boi(own.home, "run", "--json", entities=mini)
    assert found.code == 1
    assert not found.json["success"]
    told = [one for one in found.json["problems"] if one.startswith("marts/opportunities · max_fall: ")]
    assert len(told) == 1 and "Hay menos de la mitad" in told[0]
    assert found.json["set_id"] == set_id
    assert outputs(home) == before


def _opportunities(home: Path) -> list[tuple[str, str]]:
    with duckdb.connect(str(home / "warehouse" / "boi.duckdb"), read_only=True) as connection:
        return connection.sql("select code, opportunity_id from marts.opportunities order by code").fetchall()


def _spoil(monkeypatch: pytest.MonkeyPatch, statement: str) -> None:
    """Change the build, of which nothing is as it was, between its last model and the gate."""
    check: Callable = tables.check
    monkeypatch.setattr(tables, "build", partial(tables.build, fresh=True))

    def spoiled(run, select=None):
        with duckdb.connect(str(run.home.warehouse / f"boi.{run.run_id}.duckdb")) as connection:
            connection.execute(statement)
        return check(run, select)

    monkeypatch.setattr(tables, "check", spoiled)


# ---------------------------------------------------------------- two runs at once


def test_a_second_run_is_refused_until_the_first_is_gone(mini: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    lock = home / "mini" / "run.lock"
    holder, *said = started(home, "run", "--json", entities=mini)
    try:
        _wait_for(lambda: lock.is_file() and lock.read_text())
        assert json.loads(lock.read_text())["pid"] == holder.pid
        _wait_for(lambda: any((home / "mini" / "logs").glob("crawl-*")))  # its child holds the lock as well
        refused = run_boi(home, "run", entities=mini)
        assert refused.code == 1
        assert f"boi run (process {holder.pid})" in refused.err
        assert "Traceback" not in refused.err
    finally:
        holder.kill()
        holder.join()
        for file in said:
            file.close()
    _wait_for(lambda: _is_free(lock))  # its child ends a moment later
    after = run_boi(home, "run", "--only", "crawl", "--json", entities=mini)
    assert after.code == 0, after.err
    # the first one's crawl counts whole or not at all
    outcomes = {one["source_id"]: one["outcome"] for one in after.json["sources"]}
    assert outcomes in [dict.fromkeys(("becas", "fondos"), outcome) for outcome in ("ok", "unchanged")]
    assert len(list(latest_notices(home / "mini"))) == 5


def _is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _wait_for(condition: Callable[[], object], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)
