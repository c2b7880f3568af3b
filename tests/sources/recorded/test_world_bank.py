"""Recorded notices of the World Bank, read by Bogotá's source; the object around their list was not recorded."""

import json
from pathlib import Path

from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer, crawl_answered
from tests.sources.recorded.reference import BOGOTA, REFERENCE, recorded

RECORDED = REFERENCE / "api_other/worldbank_procnotices_page1.json"
pytestmark = recorded


def crawl(folder: Path, chosen: str) -> Crawled:
    page, sources = folder / "page.json", folder / "sources"
    notices = json.loads(RECORDED.read_text(encoding="utf-8"))
    page.write_text(json.dumps({"total": str(len(notices)), "procnotices": notices}), encoding="utf-8")
    sources.mkdir()
    text = (BOGOTA / "world_bank_notices.yaml").read_text(encoding="utf-8")
    (sources / "world_bank_notices.yaml").write_text(text.replace("Individual Consultant", chosen), encoding="utf-8")
    return crawl_answered(folder / "home", sources, {"world_bank_notices": [Answer("*/procnotices?*&os=0", str(page))]})


def test_awards_and_notices_for_firms_are_listed_and_not_read(tmp_path: Path):
    crawled = crawl(tmp_path, "Individual Consultant")
    result = crawled.results["world_bank_notices"]
    assert (result.outcome, result.listed_count, result.error_count, crawled.notices) == ("ok", 5, 0, {})


def test_an_expression_of_interest_with_its_deadline_language_and_links(tmp_path: Path):
    crawled = crawl(tmp_path, "Selection")
    assert [notice.language for notice in crawled.notices.values()] == ["en", "pt"]
    notice = crawled.notices["world_bank_notices/OP00458234"]
    assert notice.title.startswith("Recruitment of Graphic Design Consultant")
    lines = notice.text.split("\n")
    assert {"Deadline: 2026-08-12 17:00", "Reference number: RW-SAA-473606-CS-LCS"} <= set(lines)
    assert [link.text for link in notice.links] == ["Website"]
    person = next(one for one in json.loads(RECORDED.read_text(encoding="utf-8")) if one["id"] == "OP00458234")
    assert person["contact_name"] not in "\n".join(hint.value for hint in notice.hints)
    assert person["contact_email"] not in notice.text
