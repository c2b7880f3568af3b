"""A broken SQL file or header says file, line, key and what was expected; nothing runs."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.settings import ROOT
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.loading import load_project
from boi_pipeline.warehouse.raw import RAW_TABLES
from scrapers.yamlfile import ConfigError
from tests.warehouse.conftest import VOCABULARIES


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("/* ---\n", "", 1, "expected a header"),
        ("grain: [opportunity_id]", "grain: [opportunity]", 3, "'opportunity' is not a column"),
        ("grain: [opportunity_id]", "grano: [opportunity_id]", 2, "missing key"),
        ("  tags:\n", "  tags: {type: bigint}\n", 8, "text[] in columns.yml"),
        ("  tags:\n", "  tags: {type: integer}\n", 8, "unknown type 'integer'"),
        ("  tags:\n", "  labels:\n", 8, "expected type, label and description"),
        ("kind: kinds", "kind: kind", 13, "unknown vocabulary 'kind'; there are: kinds"),
        ("in_vocabulary: {kind", "in_vocabulary: {kindd", 13, "'kindd' is not a column"),
        (
            "in_vocabulary:",
            "in_vocabularies:",
            13,
            "unknown key; expected one of advice, apart_from, expression, in_vo",
        ),
        ("not_null: [kind]", "not_null: []", 12, "not_null says nothing to check"),
        ("amount > 0", "' '", 14, "expression says nothing to check"),
        ("min_rows: 1", "max_fall: 50", 17, "less than 1 (found 50)"),
        ("min_rows: 1", "min_rows: 99999999999999999999", 17, "less than or equal to"),
        ("min_rows: 1", "language: {kind: xx}", 17, "unknown language 'xx'; there are: de, en, es, fr, pt"),
        ("description: La tabla.", "description: ' '", 2, "description"),
        ("description: La tabla.", "description: &a [*a]", 2, "a value that holds itself"),
        ("amount > 0", "seen_at < now()", 14, "expected tables alone (staging.stg_run has as_of)"),
        ("amount > 0", "amount in (select n from query_table('x'))", 14, "query_table gives another answer"),
        ("min_rows: 1", "max_rise: {amount_is_positive: 15}", 17, "less than 1 (found 15)"),
        (
            "  kind:\n",
            "  Kind: {type: text, label: Clase, description: Una.}\n",
            5,
            "expected small letters, digits and _",
        ),
        ("severity: error", "severity: error", None, ""),
        ("  - min_rows: 1\n", "  - min_rows: 1\n    not_null: [kind]\n", 17, "expected exactly one of"),
        ("description: La tabla.\n", "description: [La tabla.\n", 3, "not valid YAML"),
        ("publish: [curated, powerbi]", "publish: [curated, excel]", 18, "curated"),
        ("publish: [curated, powerbi]", "publish: {powerbi: control}", 18, "control is a file that publication writes"),
        ("publish: [curated, powerbi]", "publish: {powerbi: ../x}", 18, "expected small letters, digits and _"),
        ("publish: [curated, powerbi]", "version: 0", 18, "greater than or equal to 1"),
        ("  kind:\n", "  kind:\n  kind:\n", 6, "found duplicate key"),
        (
            "  kind:\n",
            "  kind:\n  set_id: {type: text, label: S, description: S.}\n",
            6,
            "powerbi rows would have set_id twice",
        ),
        (
            "  kind:\n",
            "  kind:\n  seen_local_at: {type: timestamp, label: S, description: S.}\n",
            9,
            "seen_local_at twice",
        ),
        ("amount > 0", "amount >> > 0", 14, "DuckDB cannot read this condition"),
        ("    name: amount_is_positive\n", "    name: kind_not_null\n", 14, "two checks are called 'kind_not_null'"),
        ("- not_null: [kind]", "- references: {kind: marts.nothing.x}", 12, "there is no table 'marts.nothing'"),
        ("- not_null: [kind]", "- references: {kind: staging.stg_rows.x}", 12, "staging.stg_rows has no column 'x'"),
        ("amount > 0", "amount in (select n from staging.stg_row)", 14, "did you mean staging.stg_rows?"),
    ],
)
def test_broken_header(
    folder: Path, project_of: Callable[[Path], Project], old: str, new: str, line: int | None, told: str
) -> None:
    path = folder / "marts" / "rows.sql"
    if line is None:
        project_of(folder)
        return
    edit(path, old, new)
    with pytest.raises(ConfigError) as caught:
        project_of(folder)
    assert told in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")
    assert abs((caught.value.line or 0) - line) <= 1


def test_sql_that_does_not_parse(folder: Path, project_of: Callable[[Path], Project]) -> None:
    path = folder / "marts" / "rows.sql"
    edit(path, "select opportunity_id, kind", "select opportunity_id,, kind")
    with pytest.raises(ConfigError, match=r"rows\.sql:20: DuckDB refuses this SQL"):
        project_of(folder)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        (
            "from staging.stg_rows",
            "from staging.stg_missing",
            20,
            "there is no file staging/stg_missing.sql; did you mean",
        ),
        ("from staging.stg_rows", "\nfrom staging.stg_rows,\n raw.run", 22, "only staging may read raw tables"),
        ("select opportunity_id", "insert into marts.x select opportunity_id", 20, "expected one SELECT, found INSERT"),
        ("from staging", ", now() as n from staging", 20, "gives another answer another time"),
        ("from staging", ", current_date as n from staging", 20, "staging.stg_run has as_of"),
        ("from staging", ", random() as n from staging", 20, "random gives another answer"),
        ("from staging", ", localtimestamp as n from staging", 20, "localtimestamp gives another answer"),
        ("from staging", ", age(seen_at) as n from staging", 20, "age gives another answer"),
        ("from staging", ", current_setting('threads') as n from staging", 20, "current_setting gives another answer"),
        ("from staging.stg_rows", "from query_table('staging.stg_rows')", 20, "query_table gives another answer"),
        ("from staging.stg_rows", "from duckdb_settings()", 20, "duckdb_settings gives another answer"),
        ("from staging.stg_rows", "from read_parquet('/x/y.parquet')", 20, "expected tables alone"),
        ("from staging.stg_rows", "\nfrom '/x/y.parquet'", 21, "without its layer; expected <layer>.<name>"),
        ("from staging.stg_rows", "\nfrom stg_rows", 21, "reads stg_rows without its layer"),
        ("from staging.stg_rows", "from staging.stg_rows using sample 10%", 20, "other rows another time"),
    ],
)
def test_broken_sql(
    folder: Path, project_of: Callable[[Path], Project], old: str, new: str, line: int, told: str
) -> None:
    edit(folder / "marts" / "rows.sql", old, new)
    with pytest.raises(ConfigError) as caught:
        project_of(folder)
    assert str(caught.value).startswith(f"{folder / 'marts' / 'rows.sql'}:{line}: "), caught.value
    assert told in str(caught.value)


def test_two_tables_in_one_file(folder: Path, project_of: Callable[[Path], Project]) -> None:
    text = (folder / "marts" / "rows.sql").read_text()
    (folder / "marts" / "more.sql").write_text(text.replace("publish: [curated, powerbi]", "publish: {curated: rows}"))
    with pytest.raises(ConfigError, match=r"\.sql:18: publish: (rows|more)\.sql is published as curated rows too"):
        project_of(folder)


def test_a_file_name_that_is_no_name(folder: Path, project_of: Callable[[Path], Project]) -> None:
    (folder / "marts" / "rows.sql").rename(folder / "marts" / "My rows.sql")
    with pytest.raises(ConfigError, match=r"My rows\.sql: expected a file name of small letters"):
        project_of(folder)


@pytest.mark.parametrize("place", ["more.sql", "mart/more.sql", "marts/more/more.sql"])
def test_a_table_in_no_layer_is_not_passed_over(
    folder: Path, project_of: Callable[[Path], Project], place: str
) -> None:
    path = folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_text((folder / "marts" / "rows.sql").read_text())
    with pytest.raises(ConfigError, match="expected in staging/, intermediate/, marts/ itself") as caught:
        project_of(folder)
    assert caught.value.file == str(path)


def test_files_as_other_editors_save_them(folder: Path, project_of: Callable[[Path], Project]) -> None:
    """A byte order mark and Windows line ends are read; another encoding is refused with its line."""
    path = folder / "marts" / "rows.sql"
    text = path.read_text()
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert "marts.rows" in project_of(folder).by_table
    path.write_bytes(text.replace("Mire el monto", "Mire la raz\u00f3n").encode("latin-1"))
    with pytest.raises(ConfigError, match=r"rows\.sql:16: is not UTF-8 .*; save it as UTF-8"):
        project_of(folder)


def test_two_statements(folder: Path, project_of: Callable[[Path], Project]) -> None:
    edit(folder / "marts" / "rows.sql", "from staging.stg_rows", "from staging.stg_rows; select 1")
    with pytest.raises(ConfigError, match="expected one SELECT, found 2"):
        project_of(folder)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("staging.stg_missing", "there is no file staging/stg_missing.sql"),
        ("raw.run", "only staging may read raw tables"),
    ],
)
def test_unknown_table(folder: Path, project_of: Callable[[Path], Project], table: str, told: str) -> None:
    edit(folder / "marts" / "rows.sql", "from staging.stg_rows", f"from staging.stg_rows, {table}")
    with pytest.raises(ConfigError, match=told):
        project_of(folder)


def test_unknown_raw_table(folder: Path, project_of: Callable[[Path], Project]) -> None:
    edit(folder / "staging" / "stg_rows.sql", "from raw.run", "from raw.runs")
    with pytest.raises(ConfigError, match=r"reads raw\.runs; the raw tables are: archived_publications, countries"):
        project_of(folder)


def test_a_layer_reads_no_later_one(folder: Path, project_of: Callable[[Path], Project]) -> None:
    text = (folder / "staging" / "stg_rows.sql").read_text().replace("from raw.run,", "from marts.rows,")
    (folder / "staging" / "stg_rows.sql").write_text(text)
    with pytest.raises(ConfigError, match="a later layer than its own"):
        project_of(folder)


def test_tables_that_read_each_other(folder: Path, project_of: Callable[[Path], Project]) -> None:
    for name, other in (("one", "two"), ("two", "one")):
        text = (folder / "marts" / "rows.sql").read_text().replace("staging.stg_rows", f"marts.{other}")
        (folder / "marts" / f"{name}.sql").write_text(text)
    with pytest.raises(
        ConfigError, match=r"sql:20: tables read each other in a circle: marts\.(one → marts\.two|two → marts\.one)"
    ):
        project_of(folder)


def test_sql_that_was_parsed_is_not_parsed_again_until_it_changes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, path = tmp_path / "sql_reads.json", folder / "marts" / "rows.sql"

    def reads() -> tuple[str, ...]:
        return load_project(folder, set(RAW_TABLES), set(VOCABULARIES), kept).by_table["marts.rows"].dependencies

    first = reads()
    with monkeypatch.context() as patch:
        patch.setattr("sqlglot.parse_one", lambda *_, **__: pytest.fail("parsed again"))
        assert reads() == first
    edit(path, "from staging.stg_rows", "from staging.stg_rows where kind <> (select 'x')")
    assert reads() == first
    for broken in ("not JSON", '["a list"]', '{"a": 1}'):
        kept.write_text(broken)
        assert reads() == first
    edit(path, "from staging.stg_rows", "from stg_rows")
    for _ in range(2):
        with pytest.raises(ConfigError, match="without its layer"):
            reads()


def test_models_load_where_nothing_can_be_kept(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "sql_reads.json").mkdir()  # neither read nor replaced, like a file of somebody else's
    for kept in (tmp_path / "sql_reads.json", tmp_path / "no_such_folder" / "sql_reads.json"):
        assert load_project(folder, set(RAW_TABLES), set(VOCABULARIES), kept).by_table["marts.rows"].dependencies
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    assert not (tmp_path / "no_such_folder").exists()


def test_the_projects_own_models_load_in_an_order_that_can_be_built(sample: Entity) -> None:
    project = load_project(ROOT / "dbt_like_sql", set(RAW_TABLES), set(sample.vocabularies))
    seen: set[str] = set()
    for model in project.models:
        assert all(table in seen or table.startswith("raw.") for table in model.dependencies), model.table
        seen.add(model.table)
    assert "marts.opportunities" in seen


def test_no_contract_speaks_of_one_city(sample: Entity) -> None:
    project = load_project(ROOT / "dbt_like_sql", set(RAW_TABLES), set(sample.vocabularies))
    own = re.compile(r"\b(PAL|BOI)-|Puerto Alba|Bogotá|Guayaquil|Ecuador|Colombia")
    for model in project.models:
        for told in (model.description, *(text for one in model.columns for text in (one.label, one.description))):
            assert not own.search(told), model.table


def test_downstream_follows_every_reader(folder: Path, project_of: Callable[[Path], Project]) -> None:
    project = project_of(folder)
    assert project.downstream({"raw.run"}) == {"staging.stg_rows", "marts.rows"}
    assert project.downstream({"marts.rows"}) == {"marts.rows"}
