"""ReliefWeb's RSS of jobs as recorded."""

from pathlib import Path

from tests.sources.recorded.reference import answer, crawl_recorded, recorded

pytestmark = recorded


def test_a_job_has_its_country_organisation_closing_date_and_way_to_apply(tmp_path: Path):
    feed = answer("https://reliefweb.int/jobs/rss.xml", "feeds/reliefweb_jobs_2026-09-23_3items.rss.xml")
    crawled = crawl_recorded(tmp_path, {"reliefweb_jobs": [feed]})
    notice = crawled.notices["reliefweb_jobs/https://reliefweb.int/job/4231009/emergency-programme-coordinator"]
    assert notice.title == "EMERGENCY PROGRAMME COORDINATOR"
    assert notice.language == "en"
    facts = "Country: Yemen\nOrganization: Action contre la Faim France\nClosing date: 22 Oct 2026"
    assert facts in notice.text
    assert "\nHow to apply\n" in notice.text
    assert [link.text for link in notice.links][-1] == "apply here"
    result = crawled.results["reliefweb_jobs"]
    assert (result.outcome, result.listed_count, result.error_count) == ("ok", 3, 0)
