"""What fails a check is told by the code and the title of its call."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.personal_data import mask
from boi_pipeline.warehouse.call_names import LONGEST_TITLE, call_names
from boi_pipeline.warehouse.checks import CheckResult, create_tables, record, run_check
from boi_pipeline.warehouse.contract import Model
from boi_pipeline.warehouse.loading import load_project
from boi_pipeline.warehouse.reuse import kept_results

COLUMNS = """
columns:
  opportunity_id: {type: text, label: Id, description: Clave.}
  code: {type: text, label: Código, description: Código.}
  title_es: {type: text, label: Título, description: Título.}
  count: {type: bigint, label: Cuenta, description: Cuenta.}
"""
ID = "11111111-1111-1111-1111-111111111111"


def mart(
    folder: Path, columns: Sequence[str], check: str = "expression: count > 0", grain: str = "opportunity_id"
) -> Model:
    """A mart of these columns with one check."""
    (folder / "marts").mkdir(exist_ok=True)
    (folder / "columns.yml").write_text(COLUMNS)
    listed = "".join(f"  {name}:\n" for name in columns)
    header = (
        f"description: Una tabla.\ngrain: [{grain}]\ncolumns:\n{listed}checks:\n  - {check}\n    severity: warning\n"
    )
    (folder / "marts" / "calls.sql").write_text(f"/* ---\n{header}--- */\nselect 1")
    return load_project(folder, set(), set()).by_table["marts.calls"]


def found(model: Model, rows: str, register: str | None = None) -> tuple[CheckResult, duckdb.DuckDBPyConnection]:
    """What the mart's last check finds in these rows."""
    connection = duckdb.connect()
    create_tables(connection)
    connection.execute(f"create schema marts; create table marts.calls as {rows}")
    if register:
        connection.execute(f"create schema raw; create table raw.identities as {register}")
    return run_check(connection, model.checks[-1], model, {}, None), connection


def test_the_sample_begins_with_code_and_title(tmp_path: Path) -> None:
    model = mart(tmp_path, ["opportunity_id", "code", "title_es", "count"])
    result, connection = found(
        model, f"select '{ID}'::uuid as opportunity_id, 'BOI-2026-00007' as code, 'Beca Faro' as title_es, 0 as count"
    )
    told = [{"code": "BOI-2026-00007", "title": "Beca Faro", "opportunity_id": ID}]
    assert [{name: str(value) for name, value in row.items()} for row in result.sample] == told
    assert [list(row) for row in result.failed_keys] == [["opportunity_id"]], "what is set aside is named by its key"
    record(connection, [result])
    assert kept_results(connection, [model])[0].sample == told, "and so where the check is not run again"


def test_a_table_without_codes_has_them_from_the_register(tmp_path: Path) -> None:
    model = mart(tmp_path, ["opportunity_id", "count"])
    rows = f"select '{ID}'::uuid as opportunity_id, 0 as count union all select null, 0"
    result, _ = found(model, rows, f"select '{ID}'::uuid as opportunity_id, 'BOI-2026-00007' as code")
    assert [row.get("code") for row in result.sample] == ["BOI-2026-00007", None]
    assert [list(row) for row in found(model, rows)[0].sample] == [["opportunity_id"]] * 2, "no register, no code"


def test_what_repeats_is_named_too(tmp_path: Path) -> None:
    model = mart(tmp_path, ["opportunity_id", "code", "count"], check="unique: [count]")
    result, _ = found(
        model, f"select '{ID[:-1]}' || n as opportunity_id, 'BOI-' || n as code, 1 as count from range(1, 8) t(n)"
    )
    assert result.failed_count == 7
    assert [row["code"] for row in result.sample] == [f"BOI-{n}" for n in range(1, 6)]


def test_a_name_that_is_the_key_is_told_once(tmp_path: Path) -> None:
    model = mart(tmp_path, ["code", "count"], grain="code")
    result, _ = found(model, "select 'BOI-1' as code, 0 as count")
    assert result.sample == [{"code": "BOI-1"}]


@pytest.mark.parametrize("mail", ["ana.gil@correo.example", "Ana <ana.gil@correo.example>"])
def test_no_address_of_a_person_is_told(tmp_path: Path, mail: str) -> None:
    model = mart(tmp_path, ["opportunity_id", "title_es", "count"])
    result, _ = found(model, f"select '{ID}' as opportunity_id, 'Beca, escriba a {mail}' as title_es, 0 as count")
    assert "ana.gil" not in str(result.sample)
    assert "Beca, escriba a" in str(result.sample)


@pytest.fixture(scope="module")
def titled(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return mart(tmp_path_factory.mktemp("titled"), ["opportunity_id", "title_es", "count"])


@settings(deadline=None)
@given(st.text())
def test_a_title_is_one_short_line(titled: Model, title: str) -> None:
    (name,) = call_names(duckdb.default_connection(), titled, [{"opportunity_id": None, "title_es": title}])
    told = name.get("title", "")
    assert len(told) <= LONGEST_TITLE and len(told.splitlines()) <= 1
    assert told.rstrip("…") in " ".join(mask(title).split())
