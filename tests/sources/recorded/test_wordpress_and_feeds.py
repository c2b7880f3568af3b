"""WordPress posts and feeds as recorded."""

from pathlib import Path

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.answers import crawl_answered
from tests.sources.recorded.reference import BOGOTA, answer, crawl_recorded, recorded

pytestmark = recorded


POSTS = answer(
    "https://opportunitydesk.org/wp-json/wp/v2/posts?*", "wordpress/opportunitydesk_posts_fields_2026-09-30.json"
)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    atom = answer("https://mporosoff.github.io/grants-scraper/feeds/all.xml", "feeds/fundingfinder_all.atom.xml")
    home = tmp_path_factory.mktemp("feeds")
    return crawl_recorded(home, {"opportunity_desk": [POSTS], "funding_finder": [atom]})


def test_the_news_beside_the_posts_is_not_read_and_a_missing_page_is_told(crawled: Crawled):
    result = crawled.results["opportunity_desk"]
    # the recorded answer has no full text, and the page that has it was not recorded
    assert (result.listed_count, result.error_count) == (2, 1)
    assert "/afdb-internship-program-2027/ respondió 404" in result.detail


def test_a_post_read_from_the_interface_alone_has_its_deadline(tmp_path: Path):
    source = (BOGOTA / "opportunity_desk.yaml").read_text(encoding="utf-8")
    (tmp_path / "sources").mkdir()
    without_pages = source.replace("options: {", "options: {follow: never, ")
    (tmp_path / "sources" / "opportunity_desk.yaml").write_text(without_pages, encoding="utf-8")
    crawled = crawl_answered(tmp_path / "home", tmp_path / "sources", {"opportunity_desk": [POSTS]})
    (post,) = crawled.notices.values()
    assert post.item_id == "opportunity_desk/178846"
    assert post.title == "African Development Bank (AfDB) Internship Program 2027"
    assert "Deadline: October 12, 2026" in post.text
    assert post.language == "en"


def test_an_atom_entry_has_its_deadline_and_no_date_from_the_future(crawled: Crawled):
    entry = crawled.notices["funding_finder/urn:funding-finder:grants-gov:362597"]
    assert entry.title == "NIDCD Research Fellowship for Audiologists"
    assert "Closes 2028-05-30" in entry.text
    assert (entry.published_at, entry.modified_at) == (None, None)
    assert crawled.results["funding_finder"].listed_count == 100


def test_a_post_in_rss_is_known_by_its_link(tmp_path: Path):
    (tmp_path / "sources").mkdir()
    source = "id: rss\nname: x\nplatform: feed\nurl: https://opportunitydesk.org/feed/\nlanguage: en\nauthority: aggregator\n"
    (tmp_path / "sources" / "rss.yaml").write_text(source, encoding="utf-8")
    feed = answer("https://opportunitydesk.org/feed/", "feeds/opportunitydesk_trimmed_1item.rss.xml")
    crawled = crawl_answered(tmp_path / "home", tmp_path / "sources", {"rss": [feed]})
    (notice,) = crawled.notices.values()
    assert notice.item_key == "https://opportunitydesk.org/2026/09/22/un-fao-internship-programme-for-africa-2026/"
    assert notice.title == "UN FAO Internship Programme for Africa (RAF) 2026"
    assert "Deadline: December 31, 2026" in notice.text
