"""What the site is handed beside the ledger: facts of the machine, and published files in which nothing was withdrawn."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.records import Decision
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.stages.enclosures import system_of, with_enclosures
from boi_pipeline.stages.run import Run

AS_OF = datetime(2026, 11, 24, 21, tzinfo=UTC)
CALL, OTHER = "00000000-0000-5000-8000-000000000001", "00000000-0000-5000-8000-000000000002"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a warehouse of three readings and a published set of two approved texts."""
    home = Home(tmp_path_factory.mktemp("home"), "sample")
    home.warehouse.mkdir(parents=True)
    with duckdb.connect(str(home.warehouse / "boi.duckdb")) as connection:
        connection.execute("create schema staging")
        connection.execute(
            "create table staging.stg_readings as select * from (values ('offline', 'rules-3'), ('offline', 'rules-3'), "
            "('llm', 'read-9-none/modelo')) t(reader, reader_version)"
        )
        connection.execute(
            "create table staging.stg_match_opinions as select unnest(['match-1/grande', 'match-1/chico', 'match-1/grande']) as model_version"
        )
    folder = home.published / "sets" / "abc"
    (folder / "curated").mkdir(parents=True)
    table = pa.table({"opportunity_id": [CALL, OTHER], "snapshot_sha256": ["one", "two"]})
    pq.write_table(table, folder / "curated" / "opportunities.parquet")
    described = {"resources": [{"path": "oportunidades.csv", "title": "Las oportunidades."}]}
    files = {
        "open-data/datapackage.json": json.dumps(described),
        "open-data/oportunidades.csv": "codigo\r\n",
        "dashboard/index.html": "<!doctype html>",
        "curated/secreto.parquet": "",
    }
    told = {}
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, newline="")
        told[name] = {"bytes": path.stat().st_size, "sha256": "0" * 64} | ({"rows": 2} if ".csv" in name else {})
    (folder / "manifest.json").write_text(json.dumps({"as_of": AS_OF.isoformat(), "files": told}))
    (home.published / "current").symlink_to(folder)
    return home


def run(home: Home, as_of: datetime = AS_OF) -> Run:
    return Run(load_entity(ROOT / "entities" / "sample"), home, as_of, "01J00000000000000000000000")


def decisions(*taken: tuple[str, str, str | None]) -> list[Decision]:
    return [
        Decision(
            seq=seq,
            decision_id=f"d{seq:025d}",
            action=action,  # type: ignore[arg-type]
            role="editor",
            decided_at=AS_OF,
            opportunity_id=call,
            snapshot_sha256=sha,
        )
        for seq, (action, call, sha) in enumerate(taken, 1)
    ]


APPROVED = (("approve", CALL, "one"), ("approve", OTHER, "two"))


def handed(home: Home, *taken: tuple[str, str, str | None], as_of: datetime = AS_OF) -> Bulletin:
    there = run(home, as_of)
    return with_enclosures(there, Bulletin(there.entity.file, there.entity.vocabularies, as_of), decisions(*taken))


def test_the_published_files_are_handed_over_with_what_the_set_tells_of_them(home: Home):
    shown = handed(home, *APPROVED)
    assert shown.open_data is not None
    assert shown.dashboard is not None
    assert [one.name for one in shown.open_data.files] == ["datapackage.json", "oportunidades.csv"]
    table = shown.open_data.files[1]
    assert (table.title, table.rows, table.size) == ("Las oportunidades.", 2, len("codigo\r\n"))
    assert shown.open_data.as_of == AS_OF
    assert [one.name for one in shown.dashboard.files] == ["index.html"]
    for data in (shown.open_data, shown.dashboard):
        assert all((data.folder / one.name).is_file() for one in data.files)


@pytest.mark.parametrize(
    "taken",
    [
        [("withdraw", CALL, None)],
        [("withdraw", CALL, None), ("approve", CALL, "another text")],
    ],
)
def test_a_set_that_holds_a_withdrawn_text_is_not_handed_over(home: Home, taken: list[tuple[str, str, str | None]]):
    shown = handed(home, *APPROVED, *taken)
    assert shown.open_data is None
    assert shown.dashboard is None


def test_a_text_approved_again_after_its_withdrawal_is_handed_over(home: Home):
    assert handed(home, *APPROVED, ("withdraw", CALL, None), ("approve", CALL, "one")).open_data is not None


def test_a_withdrawal_of_what_the_set_does_not_hold_takes_nothing_away(home: Home):
    third = "00000000-0000-5000-8000-000000000003"
    assert handed(home, *APPROVED, ("approve", third, "three"), ("withdraw", third, None)).open_data is not None


def test_a_text_that_nobody_approved_keeps_the_set_back(home: Home):
    assert handed(home, APPROVED[0]).open_data is None


def test_the_data_of_a_later_day_is_not_shown_on_an_earlier_one(home: Home):
    assert handed(home, *APPROVED, as_of=AS_OF - timedelta(days=1)).open_data is None


def test_without_a_published_set_there_is_nothing_to_hand_over(home: Home, tmp_path: Path):
    bare = Home(tmp_path, "sample")
    bare.folder.mkdir()
    bare.warehouse.symlink_to(home.warehouse)
    assert handed(bare, *APPROVED).open_data is None


def test_the_machine_s_facts_are_those_of_the_readings_and_of_the_kept_measurements(home: Home):
    system = system_of(run(home))
    assert [(one.reader, one.version, one.notice_count) for one in system.readers] == [
        ("offline", "rules-3", 2),
        ("llm", "read-9-none/modelo", 1),
    ]
    judges = [(one.version, one.pair_count) for one in system.judges]
    assert judges == [("match-1/grande", 2), ("match-1/chico", 1)]
    kept = json.loads((ROOT / "evaluation/results/rules-3.test.json").read_text())
    (accuracy,) = system.accuracy  # the other version was never measured
    assert accuracy.version == "rules-3"
    assert accuracy.notice_count == kept["notices"]
    rights = {one.what: (one.right, one.of) for one in accuracy.measured}
    assert rights["Tipo de oportunidad"] == (
        kept["fields"]["opportunity_type"]["right"],
        kept["fields"]["opportunity_type"]["of"],
    )
    assert any("Financiación" in rule for rule in system.ordering)


def test_the_published_order_tells_every_point_the_rules_give():
    from boi_pipeline.editorial.ranking import RankingRules, explained

    rules = RankingRules(days=((3, 7), (9, 41)), days_beyond=2, days_unknown=1, repeated_type=-13)
    told = " ".join(explained(rules))
    for expected in (
        "hasta 3 días, 7",
        "hasta 9 días, 41",
        "más de 9 días, 2",
        "sin fecha, 1",
        "−13",
        "sí, 30",
        "completa, 20",
    ):
        assert expected in told
