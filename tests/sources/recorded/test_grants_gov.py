"""Grants.gov as recorded: one search and one opportunity's own answer."""

import json
from pathlib import Path

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer
from tests.sources.recorded.reference import REFERENCE, answer, crawl_recorded, recorded

pytestmark = recorded
API = "https://api.grants.gov/v1/api"
RECORDED_ID = 358302


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """The recorded search, and after it a hit for the one opportunity whose answer was recorded."""
    folder = tmp_path_factory.mktemp("grants_gov")
    search = json.loads((REFERENCE / "api_grantsgov/search2_community_2026.json").read_bytes())
    search["data"]["hitCount"] = 6  # of 714: the others were not recorded
    search["data"]["oppHits"].append(
        {**search["data"]["oppHits"][0], "id": str(RECORDED_ID), "number": "DE-FOA-0003450"}
    )
    detail = json.loads((REFERENCE / "api_grantsgov/opportunity_details_358302.json").read_bytes())
    for name, value in {"search": search, "detail": {"errorcode": 0, "data": detail}}.items():
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    own = f'"opportunityId": {RECORDED_ID}'
    answers = [
        Answer(f"{API}/search2", str(folder / "search.json"), method="POST"),
        Answer(f"{API}/fetchOpportunity", str(folder / "detail.json"), method="POST", body=own),
    ]
    names = ("grants_gov_community", "grants_gov_state_department")
    return crawl_recorded(folder / "home", dict.fromkeys(names, answers))


def test_an_opportunity_has_its_facts_documents_and_nobodys_name(crawled: Crawled):
    notice = crawled.notices[f"grants_gov_state_department/{RECORDED_ID}"]
    assert notice.url == f"https://www.grants.gov/search-results-detail/{RECORDED_ID}"
    told = [f"{hint.label}: {hint.value}" for hint in notice.hints]
    for fact in (
        "Opportunity number: DE-FOA-0003450",
        "Department: Department of Energy - Office of Science",
        "Deadline: 2025-04-22",
        "Award ceiling: USD 2,750,000",
        "Award floor: USD 875,000",
        "Total funding: USD 136,000,000",
        "Cost sharing required: no",
        "Assistance listing: 81.049 Office of Science Financial Assistance Program",
        "Funding type: Grant; Other; Procurement Contract",
    ):
        assert fact in told
        assert f"\n{fact}" in notice.text
    assert "restricted to U.S. Institutions of Higher Education" in notice.text
    assert "https://grants.gov/grantsws/rest/opportunity/att/download/346861" in [link.url for link in notice.links]
    for unwanted in ("MASKED", "Grant Analyst", "SC.Early@"):
        assert unwanted not in notice.text


def test_a_hit_is_one_item_in_every_keyword_and_an_answer_that_is_missing_is_told(crawled: Crawled):
    for result in crawled.results.values():
        assert (result.outcome, result.listed_count, result.new_count, result.error_count) == ("ok", 6, 1, 5)
    # robots.txt, one search a keyword, one answer a hit
    assert crawled.results["grants_gov_community"].request_count == 1 + 4 + 6
    assert crawled.results["grants_gov_state_department"].request_count == 1 + 1 + 6


def test_a_search_that_gives_fewer_hits_than_it_counts_is_told(tmp_path: Path):
    search = answer(f"{API}/search2", "api_grantsgov/search2_community_2026.json", method="POST")
    crawled = crawl_recorded(tmp_path, {"grants_gov_state_department": [search]})
    result = crawled.results["grants_gov_state_department"]
    assert (result.outcome, result.listed_count) == ("failed", 5)  # of 714, at 5 a page
    assert "suba options.pages" in result.detail
