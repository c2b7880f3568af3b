"""What readers of the published files count on is promised once, and a break asks for a higher version."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from boi_pipeline.cli.contracts import generated
from boi_pipeline.entity import Entity
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse import compatibility
from boi_pipeline.warehouse.compatibility import LOCK, lock_text
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dictionary import dictionary_page, dictionary_table
from boi_pipeline.warehouse.publication import PublishedSet
from scrapers.yamlfile import ConfigError
from tests.warehouse.test_contract import edit
from tests.warehouse.test_publication import publish_of


def test_the_contracts_keep_what_was_promised(sample: Entity) -> None:
    assert [str(one) for one in compatibility.check(load_models(sample))] == []


def test_the_generated_files_are_those_of_the_contracts(sample: Entity) -> None:
    stale = [path.name for path, text in generated(load_models(sample)).items() if path.read_text() != text]
    assert stale == [], "run `boi contracts --write`"


@pytest.fixture
def promised(folder: Path, project_of: Callable[[Path], Project]) -> Path:
    """The small project, whose ``marts/rows`` is published and was promised."""
    (folder / LOCK).write_text(lock_text(project_of(folder)))
    return folder


BREAKS = [
    # what is changed in the header and the SQL, and what is said of it
    (
        [("  kind:\n", ""), ("opportunity_id, kind,", "opportunity_id,"), ("  - not_null: [kind]\n", ""),
         ("  - in_vocabulary: {kind: kinds}\n", "")],
        "curated/rows: column kind: was text, is missing; put it back, or write `version: 2` in rows.sql",
    ),
    (
        [("  amount:\n", "  total: {type: 'decimal(18,2)', label: T, description: T.}\n"), ("amount > 0", "total > 0")],
        "curated/rows: column amount: was decimal(18,2), is missing",
    ),
    ([("grain: [opportunity_id]", "grain: [opportunity_id, kind]")],
     "curated/rows: grain: was [opportunity_id], is [opportunity_id, kind]"),
    ([("publish: [curated, powerbi]", "publish: [powerbi]")], "curated/rows: file: was published, is not published"),
    ([("publish: [curated, powerbi]", "publish: {curated: lines, powerbi: rows}")],
     "curated/rows: file: was published, is not published"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "told"), BREAKS)
def test_a_break_is_told_and_not_promised_anew(
    promised: Path, project_of: Callable[[Path], Project], changes: list[tuple[str, str]], told: str
) -> None:
    for old, new in changes:
        edit(promised / "marts" / "rows.sql", old, new)
    project = project_of(promised)
    assert any(str(one).startswith(told) for one in compatibility.check(project)), compatibility.check(project)
    with pytest.raises(ConfigError, match="readers of what is published would break"):
        lock_text(project)


def test_a_type_that_changes_is_told_in_every_profile(promised: Path, project_of: Callable[[Path], Project]) -> None:
    edit(promised / "columns.yml", "seen_at: {type: timestamptz", "seen_at: {type: timestamp")
    told = [f"{one.file}: {one.what}: {one.was} → {one.now}" for one in compatibility.check(project_of(promised))]
    assert told == [
        "curated/rows: column seen_at: timestamptz → timestamp",
        "powerbi/rows: column seen_local_at: timestamp[us] → missing",  # a column of no zone keeps its name
    ]


def test_a_higher_version_may_break(promised: Path, project_of: Callable[[Path], Project]) -> None:
    edit(promised / "marts" / "rows.sql", "grain: [opportunity_id]", "grain: [opportunity_id, kind]\nversion: 2")
    project = project_of(promised)
    assert compatibility.check(project) == []
    (promised / LOCK).write_text(lock_text(project))
    edit(promised / "marts" / "rows.sql", "version: 2", "version: 1")
    assert {one.what for one in compatibility.check(project_of(promised))} == {"version"}


def test_a_new_column_breaks_nobody(promised: Path, project_of: Callable[[Path], Project]) -> None:
    edit(promised / "marts" / "rows.sql", "  kind:\n", "  kind:\n  extra: {type: text, label: E, description: E.}\n")
    project = project_of(promised)
    assert compatibility.check(project) == []
    assert "extra: text" in lock_text(project)


def test_the_dictionary_tells_every_published_column(
    folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity
) -> None:
    found = publish_of(project_of(folder), tmp_path, sample)
    assert isinstance(found, PublishedSet)
    for profile in ("curated", "powerbi"):
        rows = pq.read_table(found.folder / profile / "dictionary.parquet").to_pylist()
        for path in (*found.folder.glob("curated/*.parquet"), *found.folder.glob("powerbi/*.parquet")):
            told = [r["column_name"] for r in rows if (r["folder"], r["table_name"]) == (path.parent.name, path.stem)]
            assert told == [name for name in pq.read_schema(path).names if name != "set_id"], path
        (kind,) = [r for r in rows if (r["folder"], r["table_name"], r["column_name"]) == ("curated", "rows", "kind")]
        assert (kind["label"], kind["description"], kind["is_key"]) == ("Clase", "La clase.", False)


def test_the_dictionary_says_how_a_fact_is_proved(sample: Entity) -> None:
    rows = dictionary_table(load_models(sample)).to_pylist()
    of = {row["column_name"]: row["origin"] for row in rows if row["table_name"] == "opportunities"}
    assert of["max_award_amount"] == "textual"
    assert of["opportunity_type"] == "inferido"
    assert of["code"] is None


def test_the_page_has_every_table_with_every_column(folder: Path, project_of: Callable[[Path], Project]) -> None:
    edit(folder / "columns.yml", "La clase.", "Una <b> o dos | tres.")
    page = dictionary_page(project_of(folder))
    section = page.partition("### rows\n")[2].partition("\n### ")[0]
    assert "- key: `opportunity_id`" in section
    assert "- published: `curated/rows`, `powerbi/rows` (version 1)" in section
    assert "- reads: `staging.stg_rows`" in section
    assert "| `kind` | text | Clase | Una &lt;b> o dos \\| tres. |" in section
    assert "| `amount_is_positive` | error | row | Mire el monto. |" in section
