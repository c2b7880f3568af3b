"""EURAXESS as recorded: the first page of the job search, and one job."""

from pathlib import Path

import pytest

from tests.scrapers.conftest import Crawled
from tests.sources.recorded.reference import answer, crawl_recorded, recorded

pytestmark = recorded
SITE = "https://euraxess.ec.europa.eu/jobs"


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    answers = [
        answer(f"{SITE}/search?f%5B0%5D=offer_type%3Ajob_offer", "html/euraxess_search_results_page.html"),
        answer(f"{SITE}/415163", "html/euraxess_job_415163_detail.html"),
    ]
    home: Path = tmp_path_factory.mktemp("euraxess")
    return crawl_recorded(home, {"euraxess_jobs": answers})


def test_a_job_has_its_deadline_with_hour_and_zone_and_its_own_link(crawled: Crawled):
    job = crawled.notices["euraxess_jobs/415163"]
    assert job.title == "Postdoctoral Researcher"
    assert job.url == f"{SITE}/415163"
    told = [f"{hint.label}: {hint.value}" for hint in job.hints]
    assert "Application Deadline: 12 Apr 2026 - 23:59 (Europe/Brussels)" in told
    assert "Country: France" in told
    assert "\nApplication Deadline: 12 Apr 2026 - 23:59 (Europe/Brussels)\n" in job.text
    assert any("sciencespo.fr" in link.url for link in job.links)


def test_the_contact_and_the_pages_menu_are_left_out(crawled: Crawled):
    job = crawled.notices["euraxess_jobs/415163"]
    assert "Work Location" in job.text
    for unwanted in ("PARIS\n", "Page contents", "\nContact\n"):
        assert unwanted not in job.text


def test_pages_that_are_missing_are_told_and_the_next_list_is_asked(crawled: Crawled):
    result = crawled.results["euraxess_jobs"]
    # nine jobs were not recorded, nor was the second page of the list
    assert (result.listed_count, result.new_count) == (10, 1)
    assert result.outcome == "gone"
    assert "page=1" in result.detail
