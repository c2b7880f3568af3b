"""What describes the published files to programs: valid to the tools of its standards, and true of the sample's rows."""

import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from frictionless import Report, validate

from tests.stages.conftest import State

pytestmark = pytest.mark.xdist_group("sample")


def faults(report: Report) -> set[str]:
    return {error.type for task in report.tasks for error in task.errors} | {error.type for error in report.errors}


@pytest.fixture(scope="module")
def public(first: State, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the first run's open data."""
    folder = tmp_path_factory.mktemp("open") / "open-data"
    shutil.copytree(first.published / "open-data", folder)
    return folder


@pytest.mark.parametrize("folder", ["open-data", "curated"])
def test_the_package_and_its_data_are_valid(first: State, folder: str) -> None:
    place = first.published / folder
    package = json.loads((place / "datapackage.json").read_text())
    told = {resource["path"] for resource in package["resources"]}
    assert told == {path.name for path in place.iterdir() if path.suffix in (".parquet", ".csv", ".jsonl")}
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    report = validate(place / "datapackage.json")
    assert report.valid, faults(report)
    read = {task.name: task.stats.get("rows") for task in report.tasks}
    if folder == "open-data":
        assert read["opportunities"] == read["opportunities-jsonl"] == len(first.table("open-data/opportunities"))


def test_two_schemas_have_two_names(first: State) -> None:
    schemas = [first.published / folder / "opportunities.schema.json" for folder in ("open-data", "curated")]
    open_id, curated_id = (json.loads(path.read_text())["$id"] for path in schemas)
    assert open_id == "https://boletin.puertoalba.example/datos/opportunities.schema.json"
    assert curated_id != open_id


def test_the_package_tells_types_keys_and_terms(public: Path) -> None:
    resources = {one["name"]: one for one in json.loads((public / "datapackage.json").read_text())["resources"]}
    schema = resources["opportunities"]["schema"]
    fields = {field["name"]: field for field in schema["fields"]}
    assert schema["primaryKey"] == ["opportunity_id"]
    assert fields["code"]["constraints"]["unique"] is True
    assert fields["max_award_amount"]["type"] == "number"
    assert fields["close_at"]["type"] == "datetime"
    assert fields["sdg_goals"]["type"] == "string"  # in CSV a list is a text
    assert "open" in fields["status"]["constraints"]["enum"]
    assert all(field["title"] and field["description"] for field in fields.values())
    lists = {field["name"]: field["type"] for field in resources["opportunities-jsonl"]["schema"]["fields"]}
    assert lists["sdg_goals"] == "array"
    assert resources["deadlines"]["schema"]["foreignKeys"] == [
        {"fields": ["opportunity_id"], "reference": {"resource": "opportunities", "fields": ["opportunity_id"]}}
    ]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (",open,", ",abierta,", "constraint-error"),
        (",es,", ",,", None),  # a missing language is allowed: only the hash of the file tells
        ("opportunity_id,code", "opportunity_id,codigo", "incorrect-label"),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused(
    public: Path, tmp_path: Path, old: str, new: str, fault: str | None
) -> None:
    folder = tmp_path / "open-data"
    shutil.copytree(public, folder)
    text = (folder / "opportunities.csv").read_bytes().decode()
    assert old in text
    (folder / "opportunities.csv").write_bytes(text.replace(old, new, 1).encode())
    found = faults(validate(folder / "datapackage.json"))
    assert {"hash-count", "byte-count"} & found
    assert fault is None or fault in found


@pytest.fixture(scope="module")
def schema(public: Path) -> dict[str, Any]:
    found = json.loads((public / "opportunities.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.fixture(scope="module")
def records(public: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (public / "opportunities.jsonl").read_text().splitlines()]


def checker(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())


def test_every_public_record_follows_its_schema(schema: dict[str, Any], records: list[dict[str, Any]]) -> None:
    assert len(records) >= 5
    for record in records:
        assert [error.message for error in checker(schema).iter_errors(record)] == []
    assert all(column["title"] and column["description"] for column in schema["properties"].values())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("opportunity_id", None),
        ("status", "abierta"),
        ("close_date", "pronto"),
        ("max_award_amount", "mucho"),
        ("sdg_goals", 4),
        ("otro", "x"),
    ],
)
def test_a_record_that_does_not_is_refused(
    schema: dict[str, Any], records: list[dict[str, Any]], field: str, value: object
) -> None:
    assert list(checker(schema).iter_errors(records[0] | {field: value}))
    assert list(checker(schema).iter_errors({name: one for name, one in records[0].items() if name != "title"}))
