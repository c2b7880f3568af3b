"""The team's weekly report of the sample: the figures of its published set, written whole, the same every time."""

import json
import shutil
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.stages.conftest import SampleRuns, State, run_boi
from tests.stages.drive import outputs

pytestmark = pytest.mark.xdist_group("sample")
WEEK = "2026-W48"


def test_its_figures_are_those_of_the_published_set(first: State, tmp_path: Path) -> None:
    shutil.copytree(first.home, tmp_path / "sample", symlinks=True)
    told = run_boi(tmp_path, "report", "week", "--json")
    assert told.code == 0, told.err
    assert told.json["week"] == WEEK, "the week of the sample's day"
    names = [Path(one).name for one in told.json["files"]]
    assert names == ["informe.html", "informe.pdf", "informe.json"] and all(
        Path(one).is_file() for one in told.json["files"]
    )
    star = f"{first.published}/powerbi"
    with duckdb.connect() as connection:
        ((published, impressions),) = connection.execute(
            f"select (select count(distinct opportunity_id) from '{star}/fct_publication.parquet'), "
            f"(select sum(impressions) from '{star}/fct_metric_daily.parquet')"
        ).fetchall()
    assert told.json["figures"]["Convocatorias publicadas"] == published > 0
    assert told.json["figures"]["Impresiones"] == impressions > 0
    page = Path(told.json["files"][0]).read_text(encoding="utf-8")
    codes = {row["code"] for row in first.table("powerbi/fct_publication")}
    assert len(codes) == published and all(code in page for code in codes)


def test_written_again_it_is_the_same_and_a_refused_file_shows(
    sample: SampleRuns, first: State, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(first.home, home / "sample", symlinks=True)
    files = [run_boi(home, "report", "week", "--json").json["files"] for _ in range(2)]
    assert files[0] == files[1]
    folder = Path(files[0][0]).parent
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    run_boi(home, "report", "week")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    refused = home / "sample" / "inbox" / "refused"
    refused.mkdir(parents=True)
    (refused / "cifras.csv").write_text("x")
    (refused / "cifras.csv.informe.txt").write_text("No se entiende.")
    run_boi(home, "report", "week")
    told = json.loads((folder / "informe.json").read_text(encoding="utf-8"))
    assert told["sections"][-1]["notes"][0].startswith("Hay 1\u00a0archivo rechazado")
    assert [path.name for path in (home / "sample" / "reports").iterdir() if not path.is_symlink()] == [
        folder.resolve().name
    ], "nothing is left of those before"


@pytest.mark.parametrize(
    ("arguments", "words"), [(["--week", "2026-W60"], "--week"), (["--week", "../../etc"], "expected a week such as")]
)
def test_what_is_no_week_is_refused(sample: SampleRuns, first: State, arguments: list[str], words: str) -> None:
    told = run_boi(sample.home, "report", "week", *arguments)
    assert told.code == 1 and words in told.err and "Traceback" not in told.err


def test_before_anything_is_published_it_says_what_to_do(tmp_path: Path) -> None:
    told = run_boi(tmp_path, "report", "week")
    assert told.code == 1 and "run `boi run` first" in told.err


def test_of_a_set_that_an_earlier_version_published_it_says_what_to_do(
    sample: SampleRuns, first: State, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(first.home, home / "sample", symlinks=True)
    path = home / "sample" / "published" / "current" / "powerbi" / "fct_review.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["source_id"]), path)
    told = run_boi(home, "report", "week")
    assert told.code == 1 and "publish one with `boi run` first" in told.err
    assert not (home / "sample" / "reports").exists()


def test_a_report_changes_nothing_else(sample: SampleRuns, first: State, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(first.home, home / "sample", symlinks=True)
    before = outputs(home / "sample")
    run_boi(home, "report", "week")
    assert outputs(home / "sample") == before
