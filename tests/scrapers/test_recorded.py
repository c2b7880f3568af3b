"""Real answers, as recorded: the same spiders read them from a loopback server."""

import os
import shutil
from pathlib import Path

import pytest

from tests.scrapers.conftest import Crawled, do_crawl, make_job

REFERENCE = os.environ.get("BOI_REFERENCE_DIR")
pytestmark = pytest.mark.skipif(
    not REFERENCE or not (Path(REFERENCE) / "data").is_dir(),
    reason="recorded answers are not here: BOI_REFERENCE_DIR names no folder with data/",
)

FILES = {
    "feeds/fundingfinder_all.atom.xml": "atom.prueba.test/feed.xml",
    "feeds/opportunitydesk_trimmed_1item.rss.xml": "rss.prueba.test/feed.xml",
    "feeds/reliefweb_jobs_2026-09-23_3items.rss.xml": "reliefweb.prueba.test/feed.xml",
    "wordpress/opportunitydesk_posts_fields_2026-09-30.json": "wp.prueba.test/wp-json/wp/v2/posts.json",
    "html/euraxess_search_results_page.html": "euraxess.prueba.test/jobs/search.html",
    "html/euraxess_job_415163_detail.html": "euraxess.prueba.test/jobs/415163.html",
}
HEAD = "name: x\nlanguage: en\nauthority: official\n"
SOURCES = {
    "atom": "platform: feed\nurl: http://atom.prueba.test/feed.xml\n",
    "rss": "platform: feed\nurl: http://rss.prueba.test/feed.xml\n",
    "reliefweb": "platform: feed\nurl: http://reliefweb.prueba.test/feed.xml\n",
    "wp": "platform: wordpress\nurl: http://wp.prueba.test\noptions: {follow: never, exclude: [blog]}\n",
    "euraxess": """\
platform: listing
url: http://euraxess.prueba.test/jobs/search
options:
  item: .ecl-content-item
  link: h3 a
  next: .ecl-pagination__item--next a
  id: /jobs/(\\d+)
  detail: {title: h1.ecl-content-block__title, content: main article, facts: {label: dl dt}, remove: ['div:has(> #contact)']}
""",
}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    folder = tmp_path_factory.mktemp("recorded")
    for recorded, place in FILES.items():
        target = folder / "web" / "day1" / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(REFERENCE or "") / "data" / recorded, target)
    (folder / "sources").mkdir()
    for source_id, text in SOURCES.items():
        (folder / "sources" / f"{source_id}.yaml").write_text(f"id: {source_id}\n{HEAD}{text}", encoding="utf-8")
    return do_crawl(make_job(folder / "home", sources_folder=folder / "sources", web_folder=folder / "web"))


@pytest.mark.parametrize(
    ("source_id", "item_key", "title", "words"),
    [
        (
            "atom",
            "urn:funding-finder:grants-gov:362597",
            "NIDCD Research Fellowship for Audiologists",
            "Closes 2028-05-30",
        ),
        (
            "rss",
            "https://opportunitydesk.org/2026/09/22/un-fao-internship-programme-for-africa-2026/",
            "UN FAO Internship Programme for Africa (RAF) 2026",
            "Deadline: December 31, 2026",
        ),
        (
            "reliefweb",
            "https://reliefweb.int/job/4231009/emergency-programme-coordinator",
            "EMERGENCY PROGRAMME COORDINATOR",
            "Country: Yemen\nOrganization: Action contre la Faim France\nClosing date: 22 Oct 2026",
        ),
        ("wp", "178846", "African Development Bank (AfDB) Internship Program 2027", "Deadline: October 12, 2026"),
        (
            "euraxess",
            "415163",
            "Postdoctoral Researcher",
            "\nApplication Deadline: 12 Apr 2026 - 23:59 (Europe/Brussels)\n",
        ),
    ],
)
def test_a_recorded_answer_gives_its_notice(crawled: Crawled, source_id: str, item_key: str, title: str, words: str):
    notice = crawled.notices[f"{source_id}/{item_key}"]
    assert notice.title == title
    assert words in notice.text
    assert notice.language == "en"


def test_counts_of_the_recorded_answers(crawled: Crawled):
    listed = {source_id: result.listed_count for source_id, result in crawled.results.items()}
    assert listed == {"atom": 100, "rss": 1, "reliefweb": 3, "wp": 2, "euraxess": 10}
    # one detail page was recorded; the others are missing and said to be
    assert crawled.results["euraxess"].outcome == "ok"
    assert crawled.results["euraxess"].error_count == 9


def test_dates_in_the_future_and_named_contacts_are_left_out(crawled: Crawled):
    atom = crawled.notices["atom/urn:funding-finder:grants-gov:362597"]
    assert (atom.published_at, atom.modified_at) == (None, None)
    job = crawled.notices["euraxess/415163"]
    assert "Work Location" in job.text
    assert "PARIS\n" not in job.text
    assert any("sciencespo.fr" in link.url for link in job.links)
