"""What is usual: what published sets tell of rows and shares, and what crawls tell of sources."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.build import Build
from boi_pipeline.warehouse.history import history_of
from boi_pipeline.warehouse.raw import raw_crawls, raw_entity, raw_sources
from scrapers.health import check as health_check
from scrapers.health import visits_by_source
from scrapers.outcome import CrawlRecord, SourceResult
from scrapers.source import Source
from tests.warehouse.conftest import AS_OF

DAY = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _keep(published: Path, day: int, rows: int, failed: int) -> None:
    """A published set of some days after ``DAY``, of one table with one check."""
    folder = published / "sets" / f"set{day}-{rows}"
    (folder / "powerbi").mkdir(parents=True)
    told = {"rows": rows, "table": "marts.calls"}
    files = {
        "powerbi/calls.parquet": told,
        "curated/few.parquet": told | {"rows": 1},
        "open-data/calls.csv": {"bytes": 3},
    }
    manifest = {"as_of": (DAY + timedelta(days=day)).isoformat(), "files": files}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    result = {"table_name": "marts.calls", "check_name": "is_sure", "row_count": rows, "failed_count": failed}
    empty = result | {"check_name": "of_nothing", "row_count": 0, "failed_count": 0}
    pq.write_table(pa.Table.from_pylist([result, empty]), folder / "powerbi" / "check_results.parquet")


def test_the_median_of_the_kept_sets_is_usual(tmp_path: Path) -> None:
    for day, rows, failed in ((0, 100, 10), (1, 90, 45), (2, 10, 2)):
        _keep(tmp_path, day, rows, failed)
    history = history_of(tmp_path)
    assert history.rows == {"marts.calls": 90}  # a slow fall shows: the last set has ten
    assert history.shares == {"marts.calls": {"is_sure": 0.2}}


def test_later_sets_tell_nothing_and_a_run_done_again_does_not_tell_of_itself(tmp_path: Path) -> None:
    for day, rows, failed in ((0, 100, 10), (1, 80, 40), (2, 10, 2)):
        _keep(tmp_path, day, rows, failed)
    history = history_of(tmp_path, DAY + timedelta(days=1))
    assert history.rows == {"marts.calls": 90}
    assert history.shares == {"marts.calls": {"is_sure": 0.1}}


def test_nothing_published_is_no_history(tmp_path: Path) -> None:
    assert (history_of(tmp_path).rows, history_of(tmp_path).shares) == ({}, {})


def _visits(source: str, told: Sequence[tuple[int, int, int]]) -> list[CrawlRecord]:
    """Good visits: (days before the build, listed, new)."""
    return [
        CrawlRecord(
            crawl_id=f"{source}-{900 - back:03d}",
            as_of=AS_OF - timedelta(days=back),
            finished_at=AS_OF - timedelta(days=back),
            results=[
                SourceResult(
                    source_id=source, outcome="ok", detail="", listed_count=listed, new_count=new, read_count=new
                )
            ],
        )
        for back, listed, new in told
    ]


CASES = {
    "news": ("daily", [(40, 12, 3), (20, 12, 1), (0, 12, 0)], set()),
    "quiet": ("daily", [(60, 12, 3), (30, 12, 0), (0, 12, 0)], {"still_brings_news"}),
    "limit": ("daily", [(30, 12, 3), (0, 12, 0)], set()),
    "hourly": ("hourly", [(8, 12, 3), (0, 12, 0)], {"still_brings_news"}),
    "weekly": ("weekly", [(91, 12, 3), (0, 12, 0)], {"still_brings_news"}),
    "monthly": ("monthly", [(240, 12, 3), (0, 12, 0)], set()),
    "never_new": ("daily", [(31, 12, 0), (0, 12, 0)], {"still_brings_news"}),
    "shorter": ("daily", [(3, 12, 1), (2, 12, 1), (1, 10, 1), (0, 5, 1)], {"lists_as_usual"}),
    "half": ("daily", [(3, 12, 1), (2, 12, 1), (1, 12, 1), (0, 6, 1)], set()),
    "young": ("daily", [(2, 12, 1), (1, 12, 1), (0, 2, 1)], set()),
    "small": ("daily", [(3, 4, 1), (2, 4, 1), (1, 4, 1), (0, 1, 1)], set()),
    "unseen": ("daily", [(9, 12, 1), (8, 12, 1)], {"is_visited"}),
}


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Source → the checks of ``source_activity`` that it fails."""
    from boi_pipeline.entity import load_entity
    from boi_pipeline.settings import ROOT
    from boi_pipeline.warehouse.checks import run_check

    entity: Entity = load_entity(ROOT / "entities" / "sample")
    project = load_models(entity)
    records = [record for name, (_, told, _) in CASES.items() for record in _visits(name, told)]
    crawls, sightings = raw_crawls(records)
    sources = raw_sources([_source(name, cadence) for name, (cadence, _, _) in CASES.items()])
    folder = tmp_path_factory.mktemp("w")
    terms = {name: frozenset(one.terms) for name, one in entity.vocabularies.items()}
    needed = project.upstream({"marts.source_activity"})
    with Build(project, folder, "run", terms) as build:
        build.load({**raw_entity(entity, AS_OF), "crawls": crawls, "sightings": sightings, "sources": sources})
        assert [result.stops for result in build.run({}, needed) if result.stops] == []
        model = project.by_table["marts.source_activity"]
        results = [run_check(build.connection, check, model, terms, None) for check in model.checks]
    return {
        name: {one.check.name for one in results if name in {row["source_id"] for row in one.failed_keys}}
        for name in CASES
    }


def _source(name: str, cadence: str) -> Source:
    return Source.model_validate(
        {
            "id": name, "name": name, "platform": "feed", "url": f"http://{name}.sample.test/feed.xml", "language": "es",
            "authority": "official", "cadence": cadence, "options": {},
        }
    )  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_source_is_compared_with_its_own_history(activity: dict[str, set[str]], case: str) -> None:
    assert activity[case] == CASES[case][2]


@pytest.mark.parametrize("case", [case for case in CASES if case != "unseen"])
def test_the_table_says_what_the_sources_own_checks_say(activity: dict[str, set[str]], case: str) -> None:
    cadence, told, _ = CASES[case]
    visits = visits_by_source(_visits(case, told))[case]
    said = {finding.check for finding in health_check(_source(case, cadence), visits) if not finding.passed}
    names = {"news": "still_brings_news", "volume": "lists_as_usual"}
    assert {names[check] for check in said & set(names)} == activity[case]
