"""The command line: what it shows of a home, and how it says that something asked for is not there."""

import re
import socket
from datetime import datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest
from typer.main import get_command

from boi_pipeline.cli.app import app
from boi_pipeline.cli.terminal import print_rows, print_went_back
from tests.stages.conftest import SampleRuns, State, run_boi
from tests.stages.drive import tree_hash

pytestmark = pytest.mark.xdist_group("sample")


def test_help_names_the_commands(tmp_path: Path) -> None:
    told = run_boi(tmp_path / "home", "--help")
    assert told.code == 0
    for command in ("run", "status", "sql", "table", "contracts", "source", "ledger", "ui"):
        assert command in told.out
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("group", ["review", "week"])
def test_the_commands_of_editors_explain_every_option_of_ours_in_their_language(group: str) -> None:
    own = {"Show this message and exit."}  # the library's
    commands = get_command(app).commands[group].commands.values()
    assert commands
    for command in commands:
        for option in command.params:
            told = getattr(option, "help", None)
            assert told in own or not {"of", "the", "this", "Print", "default"} & set(re.findall(r"\w+", told or "")), (
                told
            )


def test_status_tells_what_a_run_told(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "status", "--json")
    assert told.code == 0, told.err
    summary = {name: value for name, value in first.told.json.items() if name not in ("success", "runs", "problems")}
    if sample.states.keys() == {"first"}:  # nothing was run since
        assert told.json == summary
    assert told.json["entity"] == "sample"
    counts = told.json["checks"]
    assert len(told.json["failed_checks"]) == counts["warnings"] + counts["errors"] > 0
    assert all(one["failed_count"] and one["advice"] for one in told.json["failed_checks"])
    assert {one["source_id"] for one in told.json["sources"]} == {one["source_id"] for one in summary["sources"]}


def test_a_run_of_an_earlier_day_says_that_it_took_what_is_published_back(capsys: pytest.CaptureFixture[str]) -> None:
    earlier, later = "2026-11-23T21:00:00+00:00", "2026-11-24T21:00:00+00:00"
    for before, now in ((earlier, later), (earlier, earlier), (None, earlier), (earlier, None)):
        print_went_back(before, now)
    assert capsys.readouterr().out == ""
    print_went_back(later, earlier)
    assert "What is published is of 2026-11-23 now; before this run it was of 2026-11-24." in capsys.readouterr().out


def test_the_ui_does_not_start_where_something_listens(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        told = run_boi(tmp_path / "home", "ui", "--port", str(port))
    assert told.code == 1
    assert f"--port {port}: address already in use; if the UI runs already, open http://localhost:{port}" in told.err


def test_what_a_source_announces_for_later_waits_apart(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "review", "list", "--limit", "0")
    assert told.code == 0, told.err
    code = first.code_of["continental_programmes/cpa-2027-prize-02"]
    decided, announced = told.out.split("Anunciadas, aún no abren: 1")
    assert code not in decided
    assert f"{code} " in announced
    assert "Su fuente dice que abre el 3 dic 2026." in announced


def test_status_of_an_empty_home(tmp_path: Path) -> None:
    told = run_boi(tmp_path / "home", "status", "--json")
    assert told.code == 0, told.err
    assert told.json["set_id"] is None
    assert told.json["sources"] == []


def test_status_tells_what_waits_in_the_inbox(tmp_path: Path) -> None:
    inbox = tmp_path / "home" / "sample" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "linkedin.xlsx").write_bytes(b"x")
    told = run_boi(tmp_path / "home", "status")
    assert "1 file in the inbox: linkedin.xlsx · boi inbox" in told.out


def test_nothing_is_not_an_empty_text_and_an_instant_is_in_utc(capsys: pytest.CaptureFixture[str]) -> None:
    bogota = timezone(timedelta(hours=-5))
    row = [None, "", datetime(2026, 11, 23, 16, tzinfo=bogota), datetime(2026, 11, 23, 16)]
    print_rows(["a", "b", "c_at", "d"], iter([row]))
    assert capsys.readouterr().out.splitlines()[-1].split() == [
        "NULL",
        "2026-11-23",
        "21:00:00Z",
        "2026-11-23",
        "16:00:00",
    ]


def test_a_table_is_found_however_its_name_is_written(tmp_path: Path) -> None:
    told = run_boi(tmp_path / "home", "table", "Marts.Opportunities", "--json")
    assert told.code == 0, told.err
    assert told.json["table"] == "marts.opportunities"


def test_a_query_of_a_table_there_is_not_says_how_to_see_them_all(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "sql", "select * from oportunidades")
    assert told.code == 1
    assert "oportunidades" in told.err and 'boi sql "show tables"' in told.err


def test_a_warehouse_of_another_version_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "home" / "sample" / "warehouse" / "boi.duckdb"
    path.parent.mkdir(parents=True)
    duckdb.connect(str(path)).close()
    told = run_boi(tmp_path / "home", "status")
    assert told.code == 1
    assert "another version" in told.err and "`boi run`" in told.err and "Traceback" not in told.err


def test_sources_are_listed_with_their_last_visit(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "source", "list", "--json")
    assert told.code == 0, told.err
    last = {row["source"]: row["last_visit"] for row in told.json["sources"]}
    assert len(last) == 13
    assert last["portal_caido"] == "server_error"
    assert last["faro_becas"] in ("ok", "unchanged")


@pytest.mark.parametrize(("source", "code", "outcome"), [("faro_becas", 0, "ok"), ("portal_caido", 1, "server_error")])
def test_a_source_is_tried_without_a_trace(source: str, code: int, outcome: str, tmp_path: Path) -> None:
    told = run_boi(tmp_path / "home", "source", "check", source, "--json")
    assert told.code == code
    assert told.json["outcome"] == outcome
    assert bool(told.json["notices"]) == (outcome == "ok")
    assert not list((tmp_path / "home").rglob("*.parquet"))


def test_sql_reads_what_is_published(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "sql", "select count(*) as n from curated.opportunities", "--json")
    assert told.code == 0, told.err
    assert told.json[0]["n"] >= 5


@pytest.mark.parametrize(
    "query",
    [
        "delete from curated.opportunities",
        "copy (select 1) to '{folder}/out.csv'",
        "copy (select 1 as x) to '{published}/x.parquet'",
        "explain analyze copy (select 1 as x) to '{published}/x.parquet'",
        "select 1; copy (select 1 as x) to '{published}/x.parquet'",
        "drop view curated.opportunities",
        "select * from read_text('{folder}/secret.txt')",
        "select * from read_parquet('{folder}/*.parquet')",
        "attach '{folder}/x.duckdb'",
        "set enable_external_access = true",
        "install httpfs",
        "load httpfs",
        "select * from glob('{folder}/*')",
        "select * from read_blob('{folder}/secret.txt')",
        "select * from sniff_csv('{folder}/secret.txt')",
        "select * from query('copy (select 1) to ''{folder}/out.csv''')",
        "from '{folder}/secret.txt'",
        "select * from connection",
        "export database '{folder}/all'",
        "pragma database_list",
        "create table curated.mine as select 1",
        "",
    ],
)
def test_sql_can_neither_write_nor_look_elsewhere(query: str, sample: SampleRuns, first: State, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secreto")
    published = (sample.live / "published" / "current").resolve()
    before = tree_hash(published)
    told = run_boi(sample.home, "sql", query.format(folder=tmp_path, published=published))
    assert told.code == 1, told.out
    assert "secreto" not in told.out
    assert "Traceback" not in told.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret.txt"]
    assert tree_hash(published) == before


def test_sql_gives_every_row_as_json_and_few_to_a_person(sample: SampleRuns, first: State) -> None:
    query = "select i, i * 1.5 as half, 1e0 / 0 as endless, date '2026-11-23' as day from range(20000) t(i)"
    told = run_boi(sample.home, "sql", query, "--json")
    assert told.code == 0, told.err
    assert len(told.json) == 20000
    assert told.json[3] == {"i": 3, "half": 4.5, "endless": None, "day": "2026-11-23"}
    told = run_boi(sample.home, "sql", query)
    assert len(told.out.splitlines()) < 60
    assert "… and more" in told.out


def test_a_wide_answer_is_shown_row_after_row(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "sql", "select * from curated.opportunities limit 2")
    assert told.code == 0, told.err
    lines = [line.split() for line in told.out.splitlines()]
    assert ["row", "1"] in lines and ["row", "2"] in lines
    assert sum(line[:1] == ["code"] and len(line) == 2 for line in lines) == 2


def test_an_answer_can_do_nothing_to_the_terminal(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "sql", "select chr(27) || '[31mrojo' as \"x[bold]\", '[red]no[/]' as y")
    assert "\x1b" not in told.out
    assert "[31mrojo" in told.out and "[red]no[/]" in told.out and "x[bold]" in told.out


def test_an_error_while_rows_come_is_told(sample: SampleRuns, first: State) -> None:
    told = run_boi(
        sample.home, "sql", "select if(i = 30000, error('tarde'), 'x') as x from range(40000) t(i)", "--json"
    )
    assert told.code == 1
    assert "tarde" in told.err and "Traceback" not in told.err


def test_sql_tells_which_tables_there_are(sample: SampleRuns, first: State) -> None:
    names = {row["name"] for row in run_boi(sample.home, "sql", "show tables;", "--json").json}
    assert {"curated.opportunities", "open_data.deadlines", "powerbi.control"} <= names


@pytest.mark.parametrize(
    ("asked", "name", "table"),
    [
        ("open-data/opportunities", "open-data/opportunities", "marts.approved_opportunities"),
        ("open_data.opportunities", "open-data/opportunities", "marts.approved_opportunities"),
        ("curated/dictionary", "curated/dictionary", "curated/dictionary"),
        ("powerbi.control", "powerbi/control", "powerbi/control"),
        ("control", "powerbi/control", "powerbi/control"),
    ],
)
def test_a_published_file_tells_what_it_is(sample: SampleRuns, first: State, asked: str, name: str, table: str) -> None:
    told = run_boi(sample.home, "table", asked, "--json")
    assert told.json["table"] == table
    assert told.code == 0, told.err
    columns = [column["name"] for column in told.json["columns"]]
    assert list(told.json["sample"][0]) == columns + (["set_id"] if name.startswith("powerbi/") else [])
    assert told.json["rows"] > 0
    assert name in {one["file"] for one in told.json["published"]}
    assert run_boi(sample.home, "table", asked).code == 0


def test_a_table_tells_how_fresh_it_is_and_what_failed(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "table", "opportunities")
    assert told.code == 0, told.err
    assert "as of 2026-11-2" in told.out
    assert "published powerbi/opportunities" in told.out
    (failed,) = [line for line in told.out.splitlines() if line.startswith("warning home_eligibility_is_known")]
    assert "rows" in failed
    assert "No se sabe si se puede aplicar" in " ".join(told.out.split())


def test_a_table_gives_its_suite(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "table", "opportunities", "--suite")
    assert told.code == 0, told.err
    (expected,) = told.json["expectations"]
    assert expected["meta"]["grain_unique"].startswith("error: ") and told.json["name"] == "marts.opportunities"
    assert expected["kwargs"]["failed_counts_query"].endswith("from marts.opportunities")
    told = run_boi(sample.home, "table", "stg_run", "--suite")
    assert told.code == 1 and "only marts" in told.err


def test_a_table_tells_its_contract(sample: SampleRuns, first: State) -> None:
    told = run_boi(sample.home, "table", "opportunities", "--json")
    assert told.code == 0, told.err
    assert told.json["table"] == "marts.opportunities"
    assert told.json["rows"] >= 60
    assert all(column["description"] for column in told.json["columns"])
    assert {check["check_name"] for check in told.json["checks"]} >= {"title_es_within_limits"}
    assert len(told.json["sample"]) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "--entity", "nadie"), "there are: bogota, sample"),
        (("run", "--date", "mañana"), "expected a day such as 2026-11-23"),
        (("run", "--only", "nada"), "expected collect, publish"),
        (("table", "nada"), "the marts are: "),
        (("table", "oportunidad"), "did you mean oportunidades"),
        (("run", "--select", "oportunidad"), "no such model; did you mean oportunidades"),
        (("run", "--select", "layer:oro"), "expected one of layer:staging"),
        (("run", "--select", " "), "--select: names no table"),
        (("run", "--only", "models", "--select", "opportunities"), "expected one of them"),
        (("sql", "select 1"), "boi run"),
        (("source", "check", "nadie"), "faro_becas"),
        (("source", "replay", "faro_becas", "01NADA"), "no crawl 01NADA"),
        (("source", "replay", "nadie", "01NADA"), "nadie"),
    ],
)
def test_what_is_not_there_is_said(arguments: tuple[str, ...], told: str, tmp_path: Path) -> None:
    found = run_boi(tmp_path / "home", *arguments)
    assert found.code == 1, found.out + found.err
    assert told in found.err
    assert "Traceback" not in found.err
