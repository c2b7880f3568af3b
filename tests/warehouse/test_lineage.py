"""Column lineage: each column's sources, through whatever SQL the models are written in."""

from collections.abc import Callable
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.lineage import column_lineage
from boi_pipeline.warehouse.lineage_file import Lineage, LineageFile
from boi_pipeline.warehouse.raw import raw_schema
from tests.warehouse.test_contract import edit

HEADER = "/* ---\ndescription: Una.\ngrain: [kind]\ncolumns:\n  kind:\n--- */\n"
ROWS = "staging.stg_rows"


@pytest.mark.parametrize(
    ("sql", "sources"),
    [
        ("select kind from staging.stg_rows", ["kind"]),
        ("select * from (select kind from staging.stg_rows)", ["kind"]),
        ("with a as (select * from staging.stg_rows), b as (select a.* from a) select kind from b", ["kind"]),
        ("select upper(kind) || amount as kind from staging.stg_rows", ["amount", "kind"]),
        ("select unnest(tags) as kind from staging.stg_rows", ["tags"]),
        ("select t.tag as kind from staging.stg_rows r, unnest(r.tags) t(tag)", ["tags"]),
        ("select kind from staging.stg_rows union all select opportunity_id from staging.stg_rows", ["kind", "opportunity_id"]),
        ("select any_value(r.kind) as kind from staging.stg_rows r where r.amount > 1 group by r.seen_at", ["kind"]),
        ("select first_value(kind) over (order by amount) as kind from staging.stg_rows", ["amount", "kind"]),
        ("select list_transform(tags, lambda kind: kind || 'x')[1] as kind from staging.stg_rows", ["tags"]),
        ("select list_transform([{'a': kind}], lambda amount: amount.a)[1] as kind from staging.stg_rows", ["kind"]),
        ("select upper(kind -> '$.a') as kind from staging.stg_rows", ["kind"]),
        ("select count(*)::varchar as kind from staging.stg_rows", []),
        ("with a as (select {'x': opportunity_id} as s from staging.stg_rows) select a.s.x as kind from a", ["opportunity_id"]),
        (
            "select (select max(o.kind) from staging.stg_rows o where o.amount = r.amount and o.seen_at is null) as kind "
            "from staging.stg_rows r",
            ["amount", "kind"],  # the outer row's amount says which; the inner conditions only choose
        ),
        (
            "with a as (select opportunity_id, kind, kind as other from staging.stg_rows), "
            "b as (unpivot a on columns(* exclude (opportunity_id)) into name n value v) select v as kind from b",
            ["kind"],
        ),
        (
            "with recursive a as (select kind, 1 as n from staging.stg_rows union all select kind, n + 1 from a where n < 3) "
            "select kind from a",
            ["kind"],
        ),
    ],
)  # fmt: skip
def test_sources_of_a_column(folder: Path, project_of: Callable[[Path], Project], sql: str, sources: list[str]) -> None:
    (folder / "marts" / "one.sql").write_text(HEADER + sql)
    project = project_of(folder)
    assert column_lineage(project.by_table["marts.one"], project) == {"kind": [(ROWS, name) for name in sources]}


@pytest.fixture(scope="module")
def known(sample: Entity) -> dict[str, Lineage]:
    project = load_models(sample)
    return {model.table: column_lineage(model, project) for model in project.models}


@pytest.mark.parametrize(
    ("table", "column", "sources"),
    [
        ("marts.oportunidades", "codigo", {("marts.approved_opportunities", "code")}),
        ("marts.oportunidades", "tipo", {("staging.stg_terms", "label")}),
        ("marts.approved_opportunities", "title_es", {("intermediate.int_reviews", "content")}),
        ("staging.stg_evidence", "quote", {("raw.readings", "evidence")}),
        ("staging.stg_notices", "text", {("raw.notices", "text")}),
    ],
)
def test_known_columns(known: dict[str, Lineage], table: str, column: str, sources: set[tuple[str, str]]) -> None:
    assert set(known[table][column]) == sources


def test_every_source_is_a_column_there_is(known: dict[str, Lineage], sample: Entity) -> None:
    project = load_models(sample)
    columns = {model.table: set(model.column_names) for model in project.models}
    for model in project.models:
        assert list(known[model.table]) == model.column_names
        for sources in known[model.table].values():
            for table, column in sources:
                assert table in model.dependencies
                there = columns[table] if table in columns else set(raw_schema(table.removeprefix("raw.")).names)
                assert column in there, (model.table, table, column)


def test_only_counts_and_constants_come_from_nowhere(known: dict[str, Lineage]) -> None:
    nowhere = [f"{table}.{column}" for table, of in known.items() for column, sources in of.items() if not sources]
    every = sum(len(of) for of in known.values())
    assert len(nowhere) < every / 50, nowhere


def test_what_was_found_is_kept_until_the_sql_changes(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "lineage.json"

    def of(name: str) -> Lineage:
        project = project_of(folder)
        file = LineageFile(path, project)
        found = file.of(project.by_table[name])
        file.save()
        return found

    first = of("marts.rows")
    with monkeypatch.context() as patch:
        patch.setattr("boi_pipeline.warehouse.lineage.column_lineage", lambda *_: pytest.fail("looked for again"))
        assert of("marts.rows") == first
    edit(
        folder / "marts" / "rows.sql",
        "select opportunity_id, kind",
        "select opportunity_id, upper(kind || amount) as kind",
    )
    assert of("marts.rows")["kind"] == [(ROWS, "amount"), (ROWS, "kind")]
    path.write_text("not JSON")
    assert of("marts.rows")["kind"] == [(ROWS, "amount"), (ROWS, "kind")]
