"""The published set: all or nothing, named by its content, in the profiles its readers need."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.history import history_of
from boi_pipeline.warehouse.publication import (
    KEPT_SETS,
    Gate,
    PublishedSet,
    current_manifest,
    publish,
    read_published,
)
from tests.warehouse.conftest import AS_OF, VOCABULARIES, built
from tests.warehouse.test_contract import edit


def publish_of(project: Project, tmp_path: Path, sample: Entity) -> PublishedSet | list[str]:
    """Build, check and publish; the reasons where the gate stops it."""
    warehouse = tmp_path / "w"
    path = warehouse / "boi.run.duckdb"
    path.unlink(missing_ok=True)
    built(project, warehouse, sample)
    gate = Gate(path, project, VOCABULARIES).run(history_of(tmp_path / "published"))
    if not gate.passed:
        return gate.reasons
    return publish(
        warehouse=path,
        project=project,
        published=tmp_path / "published",
        entity_id="sample",
        timezone="America/Guayaquil",
        as_of=AS_OF,
        ledger_seq=7,
        code_revision="abc",
    )


def test_both_profiles(folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity) -> None:
    found = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(found, PublishedSet)
    curated = pq.read_table(found.folder / "curated" / "rows.parquet").to_pylist()
    assert curated[0]["tags"] == ["x", "y"]
    assert curated[0]["seen_at"] == datetime(2026, 11, 23, 12, tzinfo=UTC)
    flat = pq.read_table(tmp_path / "published" / "powerbi" / "rows.parquet").to_pylist()[0]
    assert flat["tags"] == "x; y"
    assert flat["seen_local_at"] == datetime(2026, 11, 23, 7)  # five hours behind UTC
    assert flat["close_time"] == "23:59"
    assert flat["set_id"] == found.set_id
    schema = pq.read_schema(found.folder / "curated" / "rows.parquet")
    assert schema.field("kind").metadata[b"description"].decode() == "La clase."


def test_the_manifest_tells_what_is_there(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    found = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(found, PublishedSet)
    manifest = current_manifest(tmp_path / "published")
    assert manifest is not None
    assert (manifest["set_id"], manifest["ledger_seq"], manifest["code_revision"]) == (found.set_id, 7, "abc")
    files = {str(path.relative_to(found.folder)) for path in found.folder.rglob("*.parquet")}
    assert set(manifest["files"]) == files
    assert manifest["files"]["curated/rows.parquet"]["rows"] == 10
    control = read_published(tmp_path / "published", "powerbi/control").to_pylist()
    assert {row["table_name"]: row["row_count"] for row in control} == {"rows": 10}


def test_the_same_content_is_the_same_set(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    project = project_of(folder)
    first, again = publish_of(project, tmp_path, sample), publish_of(project, tmp_path, sample)
    assert isinstance(first, PublishedSet)
    assert isinstance(again, PublishedSet)
    assert (first.set_id, first.is_new, again.is_new) == (again.set_id, True, False)
    edit(folder / "staging" / "stg_rows.sql", "(i * 10)", "(i * 11)")
    other = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(other, PublishedSet)
    assert other.set_id != first.set_id
    assert (tmp_path / "published" / "current").resolve() == other.folder


def test_a_set_that_fails_leaves_yesterdays(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    first = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(first, PublishedSet)
    edit(folder / "marts" / "rows.sql", "min_rows: 1\n", "min_rows: 1\n  - max_fall: 0.5\n")
    edit(folder / "marts" / "rows.sql", "from staging.stg_rows", "from staging.stg_rows where amount < 30")
    assert publish_of(project_of(folder), tmp_path, sample) == ["marts.rows: max_fall: 3"]
    assert (tmp_path / "published" / "current").resolve() == first.folder


def test_quarantined_rows_are_not_published(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "marts" / "rows.sql", "amount > 0", "amount > 10")
    found = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(found, PublishedSet)
    for name in ("curated/rows", "powerbi/rows"):
        ids = read_published(tmp_path / "published", name)["opportunity_id"].to_pylist()
        assert len(ids) == 9
        assert "o1" not in ids
    (row,) = read_published(tmp_path / "published", "powerbi/quarantine").to_pylist()
    assert (row["check_name"], row["opportunity_id"], row["advice"]) == ("amount_is_positive", "o1", "Mire el monto.")


def test_an_empty_table_keeps_its_schema(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "marts" / "rows.sql", "  - min_rows: 1\n", "")
    edit(folder / "marts" / "rows.sql", "from staging.stg_rows", "from staging.stg_rows where false")
    found = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(found, PublishedSet)
    table = pq.read_table(found.folder / "powerbi" / "rows.parquet")
    assert (len(table), table.column_names[:2]) == (0, ["opportunity_id", "kind"])


def test_old_sets_go_and_the_newest_stay(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    edit(folder / "staging" / "stg_rows.sql", "(i * 10)", "(i * 100)")
    for factor in range(KEPT_SETS + 2):
        edit(folder / "staging" / "stg_rows.sql", f"(i * {100 + factor})", f"(i * {101 + factor})")
        found = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(found, PublishedSet)
    sets = [path.name for path in (tmp_path / "published" / "sets").iterdir()]
    assert len(sets) == KEPT_SETS
    assert found.set_id in sets
