"""The page of results says what the measures' own SQL says of the published files, and nothing of few people."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.publishing.handed import Results
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.stages.results import COUNTS, FUNNEL, KNOWN, SHARES, results_of
from boi_pipeline.stages.run import Run, load_models
from boi_pipeline.warehouse.dashboard.wording import number
from boi_pipeline.warehouse.measures import load_measures
from boi_pipeline.warehouse.star import Star
from tests.powerbi.star import publish_star

AS_OF = datetime(2026, 11, 26, 21, tzinfo=UTC)
SAMPLE = load_entity(ROOT / "entities" / "sample")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published star of our own making, in which no fact is empty."""
    return publish_star(load_models(SAMPLE), tmp_path_factory.mktemp("star")).folder


def run(home: Path) -> Run:
    return Run(SAMPLE, Home(home, "sample"), AS_OF, "01J00000000000000000000000")


@pytest.fixture(scope="module")
def found(folder: Path) -> Results:
    results = results_of(run(folder), folder, AS_OF)
    assert results is not None
    return results


def test_each_figure_is_the_measure_over_the_published_files(found: Results, folder: Path):
    project = load_models(SAMPLE)
    measures = load_measures(project.folder, Star.of(project.models))
    shown = {one.name: one.words for one in (*found.funnel, *found.shares, *found.known)}
    assert list(shown) == [*FUNNEL, *SHARES, *KNOWN]
    with duckdb.connect() as connection:
        for name, words in shown.items():
            ((value,),) = measures.values(
                connection, [name], lambda table: f"read_parquet('{folder}/powerbi/{table}.parquet')"
            )
            assert words == (None if value is None else number(value, measures.by_name[name].format or "#,0")), name
    assert shown["Postuladas"] is not None


def test_each_row_of_outcomes_is_there_once_with_its_call(found: Results, folder: Path):
    rows = pq.read_table(folder / "powerbi" / "fct_outcome.parquet").to_pylist()
    codes = {
        one["opportunity_id"]: one["code"]
        for one in pq.read_table(folder / "powerbi" / "dim_opportunity.parquet").to_pylist()
        if one["opportunity_id"] != "unknown"
    }
    expected = [
        (codes.get(row["opportunity_id"]), row["reported_by_label"], row["outcome_date"], [row[one] for one in COUNTS])
        for row in rows
    ]
    told = [(one.code, one.reporter, one.day, list(one.counts.values())) for one in found.rows]
    assert sorted(told, key=repr) == sorted(expected, key=repr)
    assert [one.day for one in found.rows] == sorted((one.day for one in found.rows), reverse=True)


def test_what_is_withheld_is_named_by_its_count(found: Results, folder: Path):
    withheld = pq.read_table(folder / "powerbi" / "fct_outcome.parquet", columns=["withheld_count"])
    assert sum(len(one.reserved) for one in found.rows) == sum(withheld["withheld_count"].to_pylist())
    for one in found.rows:
        assert all(one.counts[name] is None for name in one.reserved)
        assert not any(value and value < 5 for value in one.counts.values())


def test_tables_of_another_version_are_not_counted(folder: Path, tmp_path: Path):
    (tmp_path / "powerbi").mkdir()
    for path in (folder / "powerbi").iterdir():
        (tmp_path / "powerbi" / path.name).write_bytes(path.read_bytes())
    path = tmp_path / "powerbi" / "fct_outcome.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["withheld_fields"]), path)
    assert results_of(run(tmp_path), tmp_path, AS_OF) is None
