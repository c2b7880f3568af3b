"""What a table becomes in CSV and JSON Lines is read back as it was, whatever hostile text is in it."""

import csv
import json
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boi_pipeline.warehouse.csv_files import (
    joined,
    parted,
    protected,
    read_csv,
    restored,
    visible,
    write_csv,
)
from boi_pipeline.warehouse.json_files import read_json_lines, write_json_lines
from boi_pipeline.warehouse.types import TYPES

SCHEMA = pa.schema([(name.replace("[]", "_list"), kind.arrow) for name, kind in TYPES.items()])
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "＝1",
    "'=1",
    "''",
    "Beca; =cmd|'/C calc'!A0",
    'x";=HYPERLINK("http://evil.example")',
    "uno\n=1\r\n@dos\t+3",
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "\u202egpj.exe\u202c \u200bcero\u200d",
    "\x00nul\x07\x1b[31mrojo\x7f",
    "🎓" * 3000,
    "á" * 40_000,
    'comillas "dobles", comas; puntos',
    "\ufeffmarca",
    "a;b\\;c\\",
    "\u2028línea\u2029",
    "_x0041_",
]
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.text(st.sampled_from("=+-@'\t\r\n ;,\"\\a"), max_size=8),
)
INSTANT = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1))


def money(places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(-(10**17), 10**17).map(lambda number: Decimal(number).scaleb(-places))


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXT,
    "bigint": st.integers(-(2**63), 2**63 - 1),
    "boolean": st.booleans(),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "date": st.dates(date(1900, 1, 1), date(9999, 12, 31)),
    "time": st.times(),
    "timestamp": INSTANT,
    "timestamptz": INSTANT.map(lambda value: value.replace(tzinfo=UTC)),
    "decimal(18,2)": money(2),
    "decimal(18,4)": money(4),
    "decimal(18,6)": money(6),
    "text[]": st.lists(TEXT.filter(bool), max_size=3),
    "bigint[]": st.lists(st.integers(-(2**63), 2**63 - 1), max_size=3),
}
ROW = st.fixed_dictionaries({name: st.none() | VALUES[kind] for name, kind in zip(SCHEMA.names, TYPES, strict=True)})


def as_read_from_csv(row: dict[str, Any]) -> dict[str, Any]:
    """What a CSV cannot say: an empty text or list is an empty cell; control characters are shown by their signs."""
    return {name: _as_read(value) for name, value in row.items()}


def _as_read(value: Any) -> Any:
    if isinstance(value, list):
        return [visible(part) if isinstance(part, str) else part for part in value] or None
    return (visible(value) or None) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


def parquet_of(rows: list[dict[str, Any]], place: Path, schema: pa.Schema = SCHEMA) -> Path:
    path = place / "rows.parquet"
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), path)
    return path


def test_every_type_has_values() -> None:
    assert set(VALUES) == set(TYPES)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROW, max_size=4))
def test_rows_come_back_from_csv_and_json_lines(place: Path, rows: list[dict[str, Any]]) -> None:
    source = parquet_of(rows, place)
    write_csv(source, place / "rows.csv")
    write_json_lines(source, place / "rows.jsonl")
    assert list(read_json_lines(place / "rows.jsonl", SCHEMA)) == rows
    assert list(read_csv(place / "rows.csv", SCHEMA)) == [as_read_from_csv(row) for row in rows]


@settings(max_examples=500, deadline=None)
@given(TEXT)
def test_a_protected_text_begins_no_formula_and_is_restored(text: str) -> None:
    safe = protected(visible(text))
    assert restored(safe) == visible(text)
    for cell in re.split("[;\t\r\n]", safe):  # as a spreadsheet may cut it, whatever the quotes say
        assert cell.lstrip(" ")[:1] not in tuple("=+-@＝＋－＠")
    assert safe[:1] not in ("\t", "\r", "\n")


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXT.filter(bool)))
def test_a_joined_list_is_parted_again(values: list[str]) -> None:
    assert parted(joined(values) or "") == values


def test_plain_words_stay_as_they_are() -> None:
    for text in (
        "Beca de maestría",
        "a - b",
        "https://a.example/?q=1&r=-2",
        "5 % + IVA",
        "O'Higgins",
        "correo@a.example",
    ):
        assert protected(text) == visible(text) == text
    assert joined(["a", "b"]) == "a; b"


def test_the_csv_is_the_one_of_rfc_4180(place: Path) -> None:
    schema = pa.schema([("a", pa.string()), ("b", pa.string())])
    path = place / "plain.csv"
    write_csv(parquet_of([{"a": 'di "sí", ya', "b": None}, {"a": "dos\nlíneas", "b": "=1"}], place, schema), path)
    assert path.read_bytes() == b"\xef\xbb\xbf" + 'a,b\r\n"di ""sí"", ya",\r\n"dos\nlíneas",\'=1\r\n'.encode()


def test_other_programs_read_the_same_cells(place: Path) -> None:
    schema = pa.schema([("n", pa.int64()), ("a", pa.string())])
    rows = [{"n": number, "a": text} for number, text in enumerate(HOSTILE)]
    path = place / "hostile.csv"
    write_csv(parquet_of(rows, place, schema), path)
    expected = [visible(text) for text in HOSTILE]
    by_pandas = pd.read_csv(path, keep_default_na=False, encoding="utf-8-sig")
    assert [restored(cell) for cell in by_pandas["a"]] == expected
    with duckdb.connect() as connection:
        by_duckdb = connection.execute(
            "select a from read_csv(?, header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, "
            "max_line_size = 1000000, columns = {'n': 'bigint', 'a': 'varchar'}) order by n",
            [str(path)],
        ).fetchall()
    assert [restored(cell) for (cell,) in by_duckdb] == expected
    with open(path, encoding="utf-8-sig", newline="") as file:
        assert [restored(row["a"]) for row in csv.DictReader(file)] == expected


def test_a_line_of_json_is_inert_in_a_page_and_is_one_line(place: Path) -> None:
    schema = pa.schema([("a", pa.string())])
    path = place / "hostile.jsonl"
    write_json_lines(parquet_of([{"a": text} for text in HOSTILE], place, schema), path)
    text = path.read_text(encoding="utf-8")
    assert text.splitlines() == text.split("\n")[:-1]
    assert len(text.splitlines()) == len(HOSTILE)
    assert not re.search("[<>\x00-\x09\x0b-\x1f\x7f]", text)
    by_pandas = pd.read_json(path, lines=True, dtype=False)
    assert list(by_pandas["a"]) == HOSTILE


def test_what_is_no_number_is_a_missing_value(tmp_path: Path) -> None:
    values = [0.1, float("nan"), float("inf"), float("-inf"), None, 1e300]
    pq.write_table(pa.table({"x": pa.array(values, pa.float64()), "n": range(6)}), tmp_path / "x.parquet")
    write_json_lines(tmp_path / "x.parquet", tmp_path / "x.jsonl")
    write_csv(tmp_path / "x.parquet", tmp_path / "x.csv")
    told = [json.loads(line)["x"] for line in (tmp_path / "x.jsonl").read_text().splitlines()]
    assert told == [0.1, None, None, None, None, 1e300]
    assert [row["x"] for row in read_csv(tmp_path / "x.csv", pa.schema([("x", pa.float64())]))] == told


def test_types_are_plain_in_json(place: Path) -> None:
    row = {
        "text": "a", "bigint": 1, "boolean": True, "double": 0.5, "date": date(2027, 1, 15), "time": time(23, 59),
        "timestamp": datetime(2027, 1, 15), "timestamptz": datetime(2027, 1, 15, 22, 59, tzinfo=UTC),
        "decimal(18,2)": Decimal("1234567890123456.78"), "decimal(18,4)": Decimal("1.5"),
        "decimal(18,6)": Decimal("0.25"), "text_list": ["x", "y"], "bigint_list": None,
    }  # fmt: skip
    write_json_lines(parquet_of([row], place), place / "one.jsonl")
    assert (place / "one.jsonl").read_text() == (
        '{"text":"a","bigint":1,"boolean":true,"double":0.5,"date":"2027-01-15","time":"23:59:00",'
        '"timestamp":"2027-01-15T00:00:00","timestamptz":"2027-01-15T22:59:00Z",'
        '"decimal(18,2)":1234567890123456.78,"decimal(18,4)":1.5000,"decimal(18,6)":0.250000,"text_list":["x","y"],"bigint_list":null}\n'
    )
