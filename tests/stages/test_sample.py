"""The sample entity: the first and second day run with the real command; rebuilt, and the first day once more, by its stages."""

import hashlib
import json
import re
import zipfile
from datetime import date
from pathlib import Path

import feedparser
import openpyxl
import pyarrow.parquet as pq
import pytest
from common_grants_sdk.schemas.pydantic.responses import OpportunitiesListResponse

from boi_pipeline.entity import load_entity
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    IdentityItem,
    Publication,
    PublicOpportunity,
    Snapshot,
    canonical_json,
    sha256_hex,
)
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.csv_files import read_csv
from boi_pipeline.warehouse.json_files import read_json_lines
from scrapers.archive import crawl_records
from scrapers.outcome import GOOD
from tests.publishing.pages import words
from tests.sample.truth import DAYS, TRUTH, expected_items
from tests.stages.conftest import SampleRuns, State, run_boi
from tests.warehouse.profile_rules import assert_profiles
from tests.warehouse.test_readers import as_read_from_csv

pytestmark = pytest.mark.xdist_group("sample")
FIRST, SECOND = DAYS
BROKEN = {"agenda_vacia": "empty", "portal_caido": "server_error", "desvio_privado": "refused_address"}
PHISHING = "mizuumi-premios.example.invalid"
HOSTILE_MARKUP = (
    "<script>alert(",
    "<img src=x",
    'document.title="owned"',
    "javascript:",
    "onerror=",
    "\u202e",
    "\u200b",
)


def tagged(tag: str) -> list[str]:
    return [entry["item"] for entry in TRUTH if tag in entry["tags"]]


def unzipped(path: Path) -> list[bytes]:
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in archive.namelist()]


def page(state: State, item: str) -> str:
    """The words of an opportunity's page."""
    return words(state.site / "oportunidades" / state.code_of[item].lower() / "index.html")


# ---------------------------------------------------------------- the first run


def test_each_source_is_told_by_its_class(first: State) -> None:
    outcomes = {one["source_id"]: one["outcome"] for one in first.told.json["sources"]}
    assert len(outcomes) == 13
    assert {source: outcome for source, outcome in outcomes.items() if outcome != "ok"} == BROKEN
    assert all(one["advice"] for one in first.told.json["sources"])


def test_counts_are_near_the_truth(first: State) -> None:
    truth = expected_items(FIRST)
    assert first.told.json["notices"] == len(truth)
    calls = {item for item, entry in truth.items() if entry["is_opportunity"]}
    read = {row["item_id"] for row in first.rows("select item_id from intermediate.int_items")}
    assert len(calls & read) >= 0.9 * len(calls)
    assert len(read - calls) <= 0.1 * len(read)
    distinct = [item for item in calls if not truth[item].get("duplicate_of")]
    assert abs(first.told.json["opportunities"] - len(distinct)) <= 0.1 * len(distinct)


def test_the_manifest_tells_the_files(first: State) -> None:
    manifest = json.loads((first.published / "manifest.json").read_text())
    assert manifest["set_id"] == first.told.json["set_id"] == first.published.resolve().name
    files = {str(p.relative_to(first.published)) for p in first.published.rglob("*") if p.is_file()}
    assert set(manifest["files"]) == files - {"manifest.json"}
    for name, told in manifest["files"].items():
        data = (first.published / name).read_bytes()
        assert told["sha256"] == hashlib.sha256(data).hexdigest()
        assert told["bytes"] == len(data)
        if name.endswith(".parquet"):
            assert told["rows"] == pq.read_metadata(first.published / name).num_rows


def test_every_file_is_in_its_profile(day2: State) -> None:
    project = load_models(load_entity(ROOT / "entities" / "sample"))
    assert assert_profiles(day2.published, project) >= 30
    copies = sorted((day2.home / "published" / "powerbi").iterdir())
    assert [path.name for path in copies] == sorted(path.name for path in (day2.published / "powerbi").iterdir())
    for path in copies:
        assert path.read_bytes() == (day2.published / "powerbi" / path.name).read_bytes()


def test_the_open_data_say_the_same_in_every_format(day2: State) -> None:
    folder = day2.published / "open-data"
    for path in sorted(folder.glob("*.parquet")):
        rows = pq.read_table(path).to_pylist()
        schema = pq.read_schema(path)
        assert list(read_json_lines(path.with_suffix(".jsonl"), schema)) == rows
        assert list(read_csv(path.with_suffix(".csv"), schema)) == [as_read_from_csv(row) for row in rows]
    calls = pq.read_table(folder / "opportunities.parquet")
    assert len(calls) >= 5
    grants = OpportunitiesListResponse.model_validate_json((folder / "opportunities.commongrants.json").read_bytes())
    assert [str(one.id) for one in grants.items] == calls["opportunity_id"].to_pylist()
    book = openpyxl.load_workbook(folder / "convocatorias.xlsx", read_only=True)
    codes = {row[0] for row in book["Convocatorias"].iter_rows(min_row=2, values_only=True)}
    assert codes == set(calls["code"].to_pylist())
    assert {row[2] for row in book["Publicaciones"].iter_rows(min_row=2, values_only=True)} > {1, 2}
    book.close()


@pytest.mark.parametrize("when", ["first", "day2"])
def test_the_public_folders_hold_only_what_was_approved(when: str, request: pytest.FixtureRequest) -> None:
    state: State = request.getfixturevalue(when)
    approved = {one.opportunity_id for one in state.kept(Decision) if one.action == "approve"}
    assert len(approved) >= 5
    notes = [one.reason for one in state.kept(Decision) if one.reason]
    assert notes
    for path in (state.published / "open-data").iterdir():
        text = path.read_bytes() if path.suffix != ".xlsx" else b"".join(unzipped(path))
        assert not any(words.encode() in text for words in [PHISHING, *notes]), path
    for folder in ("curated", "open-data"):
        for path in sorted((state.published / folder).glob("*.parquet")):
            columns = pq.read_schema(path).names
            for column in (name for name in columns if name.endswith("opportunity_id")):
                found = set(pq.read_table(path, columns=[column])[column].to_pylist())
                assert found <= approved, f"{folder}/{path.name}.{column}"
            assert PHISHING not in str(pq.read_table(path).to_pylist()), path


def test_the_dashboard_shows_the_day_and_names_only_what_is_out(day2: State) -> None:
    folder = day2.published / "dashboard"
    shown = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*")) if path.is_file())
    known = {row["code"] for row in day2.rows("select code from marts.opportunities")}
    published = {row["code"] for row in day2.table("curated/publications")}
    named = {code for code in known if code in shown}
    assert len(named) >= 5
    assert named <= published
    assert PHISHING not in shown
    data = json.loads((folder / "datos" / "resumen-convocatorias-publicadas-por-mes.json").read_text())
    distinct = {row["opportunity_id"] for row in day2.table("curated/publications")}
    assert [row["Convocatorias publicadas"] for row in data["filas"]] == [len(distinct)]
    assert "Datos al 24 de noviembre de 2026" in words(folder / "index.html")


def test_every_quote_is_in_its_notice_word_for_word(day2: State) -> None:
    texts = {row["notice_id"]: row["text"] for row in day2.rows("select notice_id, text from raw.notices")}
    evidence = day2.rows("from marts.field_evidence")
    assert len(evidence) > 500
    wrong = [
        (row["notice_id"], row["field"], row["quote"])
        for row in evidence
        if texts[row["notice_id"]][row["start_offset"] : row["end_offset"]] != row["quote"]
    ]
    assert wrong == []


def test_the_public_record_is_canonical(day2: State) -> None:
    for row in day2.rows("select public_json from marts.public_records"):
        record = PublicOpportunity.model_validate_json(row["public_json"])
        assert json.loads(canonical_json(record)) == json.loads(row["public_json"])


def test_what_a_person_approved_can_be_proved(first: State) -> None:
    """The hash of a decision is that of the record the warehouse shows, with what the person wrote in its place."""
    shown = {
        row["opportunity_id"]: PublicOpportunity.model_validate_json(row["public_json"])
        for row in first.rows("select opportunity_id, public_json from marts.public_records")
    }
    approvals = [one for one in first.kept(Decision) if one.action == "approve"]
    for one in approvals:
        changed = json.loads(one.changed)
        approved = PublicOpportunity.model_validate(shown[one.opportunity_id].model_dump() | changed)
        assert sha256_hex(canonical_json(approved)) == one.snapshot_sha256
    snapshots = {one.snapshot_sha256: one.content for one in first.kept(Snapshot)}
    assert {one.snapshot_sha256 for one in approvals} <= set(snapshots)
    assert all(sha256_hex(content) == sha256 for sha256, content in snapshots.items())


def test_the_edition_is_one_transaction(first: State) -> None:
    (edition,) = first.kept(Edition)
    everywhere = first.kept(Publication)
    publications = [one for one in everywhere if one.channel == "site"]
    assert 5 <= len(publications) <= 7
    assert {one.edition_id for one in everywhere} == {edition.edition_id} == {FIRST}
    assert sorted(one.position for one in publications) == list(range(1, len(publications) + 1))
    for channel in load_entity(ROOT / "entities" / "sample").file.channels.daily:
        assert [one.code for one in everywhere if one.channel == channel] == [one.code for one in publications]
    numbers = sorted([edition.seq, *(one.seq for one in everywhere)])
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))  # nothing came between
    assert first.told.json["editions"] == [f"{FIRST} ({len(publications)})"]


# ---------------------------------------------------------------- the site


@pytest.mark.parametrize("when", ["first", "day2"])
def test_the_site_shows_what_was_published_and_nothing_else(when: str, request: pytest.FixtureRequest) -> None:
    state: State = request.getfixturevalue(when)
    codes = {one.code for one in state.kept(Publication)}
    pages = {path.parent.name for path in state.site.glob("oportunidades/*/index.html")}
    assert pages == {code.lower() for code in codes}
    files = state.site_files()
    said = "\n".join(files.values())
    for example in ("por ejemplo PAL-2026-00012", "como <strong>PAL-2026-00042</strong>"):
        said = said.replace(example, "")
    named = {code.upper() for code in re.findall(r"pal-\d{4}-\d{5}", said, re.IGNORECASE)}
    assert named == codes
    everything = "\n".join(files.values()).casefold()
    for item, entry in expected_items(SECOND).items():
        if state.code_of.get(item) not in codes:
            assert entry["title"].casefold() not in everything, item
    for markup in HOSTILE_MARKUP:
        assert markup not in everything
    assert PHISHING not in everything


def test_feeds_parse_and_name_the_pages(day2: State) -> None:
    addresses = {
        f"https://boletin.puertoalba.example/oportunidades/{one.code.lower()}/" for one in day2.kept(Publication)
    }
    feed = feedparser.parse((day2.site / "feed.xml").read_bytes())
    assert not feed.bozo
    assert {entry.link for entry in feed.entries} == addresses
    items = json.loads((day2.site / "feed.json").read_text())["items"]
    assert {item["url"] for item in items} == addresses


def test_no_machine_path_or_port_is_public(day2: State, sample: SampleRuns) -> None:
    for path in [*day2.published.rglob("*"), *day2.site.rglob("*")]:
        if path.is_file():
            data = path.read_bytes()
            assert str(sample.root).encode() not in data, path
            assert b"127.0.0.1" not in data, path


# ---------------------------------------------------------------- the second day


def test_ids_and_codes_never_change(first: State, day2: State, back: State) -> None:
    before, after = first.kept(Identity), day2.kept(Identity)
    assert after[: len(before)] == before
    assert len(after) > len(before)
    assert back.kept(Identity) == after
    items = {row.item_id: row.opportunity_id for row in day2.kept(IdentityItem)}
    assert {row.item_id: row.opportunity_id for row in first.kept(IdentityItem)}.items() <= items.items()


def test_an_extension_shows_at_once_with_its_quote(first: State, day2: State) -> None:
    (item,) = tagged("extended_day2")
    assert "La fuente indica ahora" not in page(first, item)
    shown = page(day2, item)
    assert "La fuente indica ahora" in shown
    assert "29 de enero de 2027" in shown
    assert "hasta el 29 de enero de 2027 a las 23:59 (hora de Montevideo)" in shown
    (note,) = [row for row in day2.table("curated/source_notes") if row["kind"] == "extended"]
    assert (note["old_value"], note["new_value"]) == ("2027-01-15", "2027-01-29")


def test_what_its_portal_announces_for_later_is_not_open_yet(first: State) -> None:
    (item,) = tagged("opens_later")
    (row,) = [one for one in first.table("powerbi/opportunities") if one["code"] == first.code_of[item]]
    assert (row["status"], row["opened_date"]) == ("forecasted", date(2026, 12, 3))


def test_a_vanished_call_says_so(day2: State) -> None:
    (item,) = tagged("vanished_day2")
    assert "La fuente indica ahora" in page(day2, item)
    assert [row["kind"] for row in day2.table("curated/source_notes")].count("vanished") == 1


def test_pages_edited_after_approval_keep_what_was_approved(first: State, day2: State) -> None:
    (swapped,) = tagged("link_swapped_day2")
    assert day2.notices[swapped].links != first.notices[swapped].links
    link = "http://mizuumi.sample.test/apply/lakeside-2027"
    code = day2.code_of[swapped]
    html = (day2.site / "oportunidades" / code.lower() / "index.html").read_text()
    assert f'href="{link}"' in html
    published = {row["code"]: row for row in day2.table("curated/opportunities")}
    assert published[code]["apply_url"] == link
    (corrected,) = tagged("amount_corrected_day2")
    before = {row["code"]: row for row in first.table("curated/opportunities")}
    corrected_code = day2.code_of[corrected]
    assert published[corrected_code]["max_award_amount"] == before[corrected_code]["max_award_amount"] == 150_000
    assert "150.000" in page(day2, corrected)
    assert "120.000" not in page(day2, corrected)


def test_what_waits_for_a_new_approval_is_named(first: State, day2: State) -> None:
    approved = {entry["item"] for entry in TRUTH if "approved_day1" in entry["tags"]}
    edited = {e["item"] for e in TRUTH if e["item"] in approved and "day2" in e and not e["day2"].get("gone")}
    waiting = set(day2.told.json["changed_after_approval"])
    assert first.told.json["changed_after_approval"] == []
    assert waiting <= {day2.code_of[item] for item in edited}
    sure = [*tagged("edited_after_approval"), *tagged("amount_corrected_day2"), *tagged("extended_day2")]
    assert {day2.code_of[item] for item in sure} <= waiting


def test_versions_tell_the_old_and_the_new(first: State, day2: State) -> None:
    assert first.table("powerbi/opportunity_versions") == []
    changes = {(row["item_id"], row["field"]): row for row in day2.table("powerbi/opportunity_versions")}
    (extended,) = tagged("extended_day2")
    (corrected,) = tagged("amount_corrected_day2")
    (swapped,) = tagged("link_swapped_day2")
    moved = changes[extended, "deadlines"]
    assert ("2027-01-15" in moved["old_value"], "2027-01-29" in moved["new_value"]) == (True, True)
    assert float(changes[corrected, "max_award_amount"]["old_value"]) == 150_000
    assert float(changes[corrected, "max_award_amount"]["new_value"]) == 120_000
    assert PHISHING in changes[swapped, "apply_url"]["new_value"]
    assert {row["cause"] for row in changes.values()} == {"source"}
    assert {item for item, _ in changes} <= {entry["item"] for entry in TRUTH if "day2" in entry}


def test_the_second_day_has_an_edition_of_its_own(first: State, day2: State) -> None:
    editions = [one.edition_id for one in day2.kept(Edition)]
    assert editions == [FIRST, SECOND]
    assert day2.kept(Publication)[: len(first.kept(Publication))] == first.kept(Publication)
    assert len(day2.kept(Publication)) > len(first.kept(Publication))
    once = [(one.channel, one.opportunity_id) for one in day2.kept(Publication)]
    assert len(once) == len(set(once))


def test_where_nothing_is_new_all_that_is_derived_is_made_again_the_same(day2: State, rebuilt: State) -> None:
    crawl = max((one for one in crawl_records(rebuilt.home) if one.results), key=lambda one: one.crawl_id)
    assert sum(one.new_count + one.changed_count for one in crawl.results) == 0
    assert {one.source_id: one.outcome for one in crawl.results if one.outcome not in GOOD} == BROKEN
    for kept in ("readings", "drafts"):
        assert {p.name for p in (rebuilt.home / kept).rglob("*.parquet")} == {
            p.name for p in (day2.home / kept).rglob("*.parquet")
        }, f"{kept}: something was read again"
    assert rebuilt.published.resolve().name == day2.told.json["set_id"]
    assert rebuilt.outputs == day2.outputs
    for model in (Identity, IdentityItem, Decision, Snapshot, Edition, Publication):
        assert rebuilt.kept(model) == day2.kept(model)


def test_the_first_day_once_more_gives_its_own_set(first: State, back: State) -> None:
    different = {name for name in {*first.outputs, *back.outputs} if first.outputs.get(name) != back.outputs.get(name)}
    assert different == set()
    assert back.published.resolve().name == first.told.json["set_id"]


def test_a_replay_gives_the_same_notices_without_network(sample: SampleRuns, back: State) -> None:
    record = min((back.home / "crawls").glob("*.json"))
    crawl_id = record.stem
    for source in ("faro_becas", "red_ciudades", "mizuumi_foundation"):
        path = back.home / "notices" / source / f"{crawl_id}.parquet"
        told = run_boi(sample.home, "source", "replay", source, crawl_id, "--json")
        assert told.code == 0, told.err
        assert told.json["notices"] == pq.read_table(path)["notice_id"].to_pylist()
        assert told.json["written"] is None
    assert date.fromisoformat(json.loads(record.read_text())["as_of"][:10]) == date(2026, 11, 23)
