"""Recorded answers of DAAD's course finder, read by Bogotá's source."""

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.recorded.reference import answer, crawl_recorded, recorded

pytestmark = recorded


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    page = answer("*/search.json?limit=100&page=1", "api_other/daad_international_programmes_search.json")
    return crawl_recorded(tmp_path_factory.mktemp("daad"), {"daad_programmes": [page]})


def test_courses_with_their_own_dates_fees_and_pages(crawled: Crawled):
    course = crawled.notices["daad_programmes/4920"]
    assert course.title == "31st International Summer Academy"
    assert course.url.endswith("daad.de/deutschland/studienangebote/international-programmes/en/detail/4920/")
    for line in (
        "University: Martin Luther University Halle-Wittenberg",
        "Registration deadline: 2027-04-23; 2027-05-28; 2027-06-25; 2027-07-30",
        "Course fee: EUR 850",
        "Language of instruction: German",
    ):
        assert line in course.text.split("\n")


def test_three_courses_are_not_the_2483_that_the_list_says_it_has(crawled: Crawled):
    result = crawled.results["daad_programmes"]
    assert (result.listed_count, len(crawled.notices)) == (3, 3)
    assert result.outcome == "gone"  # the second page was not recorded, and the list must be complete
