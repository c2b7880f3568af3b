"""The EU portal's search as recorded: topics, cascade calls, and one topic's own answer."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer, crawl_answered
from tests.sources.recorded.reference import BOGOTA, answer, crawl_recorded, recorded

pytestmark = recorded
SEARCH = "https://api.tech.ec.europa.eu/search-api/prod/rest/search?apiKey=SEDIA&text=***&*"
TOPICS = answer(SEARCH, "api_sedia/search_topics_trimmed.json", method="POST", body='"31094502"')
CASCADE = answer(SEARCH, "api_sedia/search_cascade_trimmed.json", method="POST", body='{"type": ["8"]}')


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """In July 2026, when the recorded topics were open."""
    home = tmp_path_factory.mktemp("sedia")
    return crawl_recorded(
        home, {"eu_topics": [TOPICS], "eu_cascade": [CASCADE]}, as_of=datetime(2026, 7, 15, 11, tzinfo=UTC)
    )


def test_a_topic_has_its_number_deadline_and_human_page(crawled: Crawled):
    notice = crawled.notices["eu_topics/HORIZON-JU-CBE-2026-IA-05"]
    assert notice.title == "Films and coatings for circular packaging"
    assert notice.url.endswith("/portal/screen/opportunities/topic-details/HORIZON-JU-CBE-2026-IA-05")
    assert notice.text.splitlines()[-7:] == [
        "Topic: HORIZON-JU-CBE-2026-IA-05",
        "Call: HORIZON-JU-CBE-2026",
        "Programme: Horizon Europe",
        "Type of action: HORIZON JU Innovation Actions",
        "Status: open",
        "Opening date: 2026-04-23",
        "Deadline: 2026-09-22",
    ]


def test_cascade_calls_of_one_project_are_items_of_their_own_with_every_cut_off(crawled: Crawled):
    offers = {notice.title: notice for notice in crawled.notices.values() if notice.source_id == "eu_cascade"}
    assert sorted(offers) == [
        "Gnomon Internships Offer",
        "METU Internships Offer",
        "UPC-GREENCHIPS-EDU Scholarship",
        "Urban Mobility Explained (UMX) Open Call (Multi-cut-off)",
    ]
    gnomon = offers["Gnomon Internships Offer"]
    assert gnomon.item_key == "11145COMPETITIVE_CALL"
    # the recorded link is the topic's, and the same for both offers of the project
    assert gnomon.url.endswith("/portal/screen/opportunities/competitive-calls-cs/11145")
    hints = [(hint.label, hint.value) for hint in gnomon.hints]
    days = [value for label, value in hints if label == "Cut-off date"]
    assert len(days) == 7
    assert (days[0], days[-1]) == ("2025-09-02 04:59 (Europe/Brussels)", "2028-09-02 04:59 (Europe/Brussels)")
    assert ("Budget", "EUR 120,000") in hints
    assert ("Funded under", "DIGITAL-2023-SKILLS-05-SPECIALEDU") in hints
    assert "€1,500 per month" in gnomon.text


def test_everything_listed_is_counted_and_nothing_failed(crawled: Crawled):
    results = crawled.results
    assert {name: (result.outcome, result.listed_count, result.error_count) for name, result in results.items()} == {
        "eu_topics": ("ok", 4, 0),
        "eu_cascade": ("ok", 4, 0),
    }


def test_what_the_index_calls_open_after_its_last_deadline_gives_no_notice(tmp_path: Path):
    crawled = crawl_recorded(tmp_path, {"eu_topics": [TOPICS], "eu_cascade": [CASCADE]})  # in November 2026
    assert [crawled.results[name].listed_count for name in ("eu_topics", "eu_cascade")] == [4, 4]
    keys = sorted(crawled.notices)
    assert keys == [f"eu_cascade/{number}COMPETITIVE_CALL" for number in (11143, 11145, 11265)]


def test_a_topics_own_answer_gives_its_text_and_its_part_of_the_budget(tmp_path: Path):
    identifier = "DIGITAL-2026-SKILLS-10-EDTECH"
    source = (BOGOTA / "eu_topics.yaml").read_text(encoding="utf-8")
    source = source.replace('options: {types: ["1", "2"]}', 'options: {types: ["1"], details: true, past: true}')
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "eu_topics.yaml").write_text(source, encoding="utf-8")
    hit = {"identifier": [identifier], "title": ["EdTech Accelerator"], "type": ["1"], "status": ["31094502"]}
    page = {"totalResults": 1, "results": [{"reference": "51155068TOPICSen", "metadata": hit}]}
    (tmp_path / "page.json").write_text(json.dumps(page), encoding="utf-8")
    recorded_file = f"api_sedia/topicDetails_{identifier.lower()}.json"
    own = answer(
        f"https://ec.europa.eu/info/funding-tenders/opportunities/data/topicDetails/{identifier.lower()}.json",
        recorded_file,
    )
    search = Answer(SEARCH, str(tmp_path / "page.json"), method="POST")
    crawled = crawl_answered(tmp_path / "home", tmp_path / "sources", {"eu_topics": [search, own]})
    notice = crawled.notices[f"eu_topics/{identifier}"]
    assert "EdTech" in notice.text
    assert "2. Eligible countries" in notice.text
    assert notice.text.splitlines()[-4:] == [
        "Opening date: 2026-04-21",
        "Deadline: 2026-10-01",
        "Budget shared by several topics: EUR 12,500,000",
        "Expected number of grants: 1",
    ]
