"""The re-check over the sample's days: what was published on the first two is visited on the third and fourth."""

import json
from typing import Any

import pytest

from tests.publishing.pages import words
from tests.sample.truth import TRUTH
from tests.stages.conftest import SampleRuns, State, run_boi

pytestmark = pytest.mark.xdist_group("sample")
LAKESIDE = "mizuumi_foundation/http://mizuumi.sample.test/calls/lakeside-2027"
ARCHIPEL = "maison_des_echanges/http://maison.sample.test/appels/archipel-formation-elus"
PRIX = "maison_des_echanges/http://maison.sample.test/appels/prix-bande-dessinee"
MAREA, ESCUELA = "faro_becas/faro-2027-040", "red_ciudades/520"
ESCUELA_FORM, GREENLINE_FORM = "http://ciudadesmarea.sample.test/escuela", "http://greenline.sample.test/apply"


def states(state: State, kind: str) -> dict[str, dict[str, Any]]:
    """Code → row, of the published table."""
    return {row["code"]: row for row in state.table("powerbi/opportunity_states") if row["state"] == kind}


def visits(state: State) -> dict[str, dict[str, Any]]:
    """What the newest re-check found, by item or link."""
    records = [json.loads(path.read_text()) for path in sorted((state.home / "crawls").glob("*.json"))]
    newest = [record for record in records if record["rechecks"]][-1]
    return {row["item_id"] or row["url"]: row for row in newest["rechecks"]}


def page(state: State, item: str) -> str:
    return words(state.site / "oportunidades" / state.code_of[item].lower() / "index.html")


def test_what_is_published_and_open_is_visited_every_day(day3: State) -> None:
    published = {  # what the day's own edition adds comes after its visits
        row["opportunity_id"] for row in day3.table("curated/publications") if row["edition_id"] < "2026-11-25"
    }
    items = {
        row["item_id"]
        for row in day3.rows("select item_id, opportunity_id from intermediate.int_items")
        if row["opportunity_id"] in published
    }
    found = visits(day3)
    assert items <= set(found)
    assert {ESCUELA_FORM, GREENLINE_FORM} <= set(found)
    days = {str(row["checked_at"])[:10] for row in day3.rows("select checked_at from staging.stg_rechecks")}
    assert days == {"2026-11-23", "2026-11-24", "2026-11-25"}


def test_an_unchanged_page_is_read_as_the_crawl_reads_it(day3: State) -> None:
    records = [json.loads(path.read_text()) for path in (day3.home / "crawls").glob("*.json")]
    visited = {record["crawl_id"] for record in records if record["rechecks"]}
    written = {path.parent.name for path in (day3.home / "notices").rglob("*.parquet") if path.stem in visited}
    assert written == {"mizuumi_foundation"}  # the one edit that no list shows


def test_an_edit_behind_an_unchanged_feed_shows_at_once_with_its_quote(back: State, day3: State) -> None:
    assert "10 feb 2027" not in page(back, LAKESIDE)
    row = states(day3, "extended")[day3.code_of[LAKESIDE]]
    assert (row["old_value"], row["new_value"]) == ("2027-01-20", "2027-02-10")
    assert "2027/02/10" in row["quote"]
    assert "La fuente indica ahora" in page(day3, LAKESIDE)
    assert "10 feb 2027" in page(day3, LAKESIDE)


def test_one_bad_day_is_nothing(day3: State, day4: State) -> None:
    found = visits(day3)
    assert {found[one]["outcome"] for one in (MAREA, ESCUELA_FORM, GREENLINE_FORM)} == {"gone"}
    assert found[ARCHIPEL]["outcome"] == "closed_marker"
    for item in (MAREA, ARCHIPEL, ESCUELA):
        assert day3.code_of[item] not in {**states(day3, "vanished"), **states(day3, "closed_early")}
        assert "La fuente indica ahora" not in page(day3, item)
    assert set(states(day3, "dead_link")) == {day3.code_of[PRIX]}  # its second day
    assert visits(day4)[GREENLINE_FORM]["outcome"] == "ok"


def test_a_page_gone_for_two_days_has_vanished(day4: State) -> None:
    row = states(day4, "vanished")[day4.code_of[MAREA]]
    assert (row["url"], row["source_id"]) == ("http://becas.sample.test/convocatorias/faro-2027-040", "faro_becas")
    assert str(row["since_local_at"]).startswith("2026-11-25")
    assert "ya no está publicada" in page(day4, MAREA)


def test_a_page_that_says_it_closed_for_two_days_has_closed_early(day4: State) -> None:
    row = states(day4, "closed_early")[day4.code_of[ARCHIPEL]]
    assert row["quote"] == "Candidatures closes."
    assert "Candidatures closes." in page(day4, ARCHIPEL)
    assert "está cerrada" in page(day4, ARCHIPEL)


def test_a_form_gone_for_two_days_is_a_dead_link_that_editors_see(day4: State) -> None:
    row = states(day4, "dead_link")[day4.code_of[ESCUELA]]
    assert (row["field"], row["old_value"], row["new_value"]) == ("apply_url", ESCUELA_FORM, "404")
    assert "La fuente indica ahora" not in page(day4, ESCUELA)
    failed = {
        check["check_name"]: check
        for check in day4.rows("from quality.results where table_name = 'marts.opportunity_states' and not is_passed")
    }
    assert {"links_are_alive", "still_published_by_its_source", "not_closed_early", "not_extended"} <= set(failed)
    assert {"amount_is_as_approved", "link_is_as_approved"} <= set(failed)


def test_what_the_sources_changed_on_the_second_day_is_told_too(day2: State) -> None:
    (corrected,) = [entry["item"] for entry in TRUTH if "amount_corrected_day2" in entry["tags"]]
    row = states(day2, "amount_changed")[day2.code_of[corrected]]
    assert (row["old_value"], row["new_value"]) == ("150000.00", "120000.00")
    assert "120 000" in row["quote"]
    assert states(day2, "link_changed")[day2.code_of[LAKESIDE]]["old_value"].endswith("/apply/lakeside-2027")


def test_a_recheck_runs_alone(sample: SampleRuns, day4: State) -> None:
    before = len(list((sample.live / "crawls").glob("*.json")))
    told = run_boi(sample.home, "run", "--only", "recheck", "--json")
    assert told.code == 0, told.err
    after = sorted((sample.live / "crawls").glob("*.json"))
    assert len(after) == before + 1
    record = json.loads(after[-1].read_text())
    assert record["results"] == []
    assert len(record["rechecks"]) == len(visits(day4))
