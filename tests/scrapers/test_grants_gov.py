"""Grants.gov and ReliefWeb where they refuse, err or change; their shapes are shown by the sources that use them."""

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers.runner import replay
from tests.scrapers.conftest import LANGUAGES, Crawled
from tests.sources.answers import Answer, crawl_answered

API = "https://api.example/v1"
HEAD = f"name: x\nurl: {API}\nlanguage: en\nauthority: official\n"
SOURCES = {
    "hits": "platform: grants_gov\ncomplete_listing: true\noptions: {keywords: [a, b], rows: 2, exclude: [DOS-X]}\n",
    "refused": "platform: grants_gov\n",
    "shapeless": "platform: grants_gov\n",
    "odd": "platform: grants_gov\n",
    "jobs": "platform: reliefweb\noptions: {content: jobs, countries: [col], types: [Job], limit: 1}\n",
    "closed": "platform: reliefweb\naccess: {query: {appname: BOI_TEST_APPNAME}}\noptions: {content: training}\n",
}


def hit(number: int, closes: str = "12/31/2026", **given: Any) -> dict[str, Any]:
    told = {"id": str(number), "number": f"N-{number}", "title": f"Grant {number}", "closeDate": closes}
    return {**told, "agencyCode": "DOS-A", "oppStatus": "posted", "docType": "synopsis", **given}


def hits(total: Any, *found: Any) -> dict[str, Any]:
    return {"errorcode": 0, "data": {"hitCount": total, "oppHits": list(found)}}


def own(number: int, **given: Any) -> dict[str, Any]:
    return {"errorcode": 0, "data": {"id": number, "synopsis": {"synopsisDesc": f"<p>Text {number}</p>", **given}}}


ODD = {
    "awardCeiling": "0",
    "awardFloor": 1e400,
    "estimatedFunding": "1234.5",
    "numberOfAwards": -3,
    "costSharing": ["x"],
    "applicantTypes": [{"description": "<b>Cities</b> &amp; towns"}, {"description": 7}, 8],
    "responseDate": "Feb 30, 2027 12:00:00 AM EST",
    "fundingDescLinkUrl": "javascript:alert(1)",
}
JOB = {
    "title": "A job",
    "date": {"created": "2026-11-01T10:00:00+00:00", "closing": "2026-12-01T17:30:00-05:00"},
    "how_to_apply-html": "<p>By post.</p>",
}
ANSWERS: dict[str, list[tuple[str, str, Any]]] = {
    "hits": [
        ("search2", '"keyword": "a", "oppStatuses": "posted|forecasted", "rows": 2, "sortBy": "openDate|desc", "startRecordNum": 0', hits(3, hit(1), hit(2))),
        ("search2", '"keyword": "a"', hits(3, hit(3))),
        ("search2", '"keyword": "b"', hits(2, hit(2), hit(4, agencyCode="DOS-X"))),
        ("fetchOpportunity", '"opportunityId": 1}', own(1, responseDateDesc="By 5 PM ET &ndash; no exceptions")),
        ("fetchOpportunity", '"opportunityId": 2}', own(2, responseDateDesc="Second round, 5:00 p.m. ET: 03/01/2027")),
        ("fetchOpportunity", '"opportunityId": 3}', own(3)),
    ],
    "refused": [("search2", "", {"errorcode": 3, "msg": "Too many <i>requests</i>", "data": {}})],
    "shapeless": [("search2", "", {"errorcode": 0, "data": {"hitCount": 1}})],
    "odd": [
        ("search2", "", hits("many", hit(5), 5, hit(6, title=None), hit(7, id="../7"), hit(8))),
        ("fetchOpportunity", "5}", own(5, **ODD)),
        ("fetchOpportunity", "8}", {"errorcode": 0, "data": {"id": 8, "synopsis": [], "forecast": None}}),
    ],
    "jobs": [
        ("jobs", '"offset": 0', {"totalCount": 2, "data": [{"id": 1, "fields": JOB}]}),
        ("jobs", '"offset": 1', {"totalCount": 2, "data": [{"id": "2", "fields": {"title": "Another", "date": {"closing": "soon"}}}]}),
    ],
}  # fmt: skip


def write(folder: Path, answers: dict[str, list[tuple[str, str, Any]]]) -> dict[str, list[Answer]]:
    """The sources above and their answers, as files."""
    (folder / "sources").mkdir(exist_ok=True)
    made: dict[str, list[Answer]] = {}
    for name, rows in answers.items():
        (folder / "sources" / f"{name}.yaml").write_text(f"id: {name}\n{HEAD}{SOURCES[name]}", encoding="utf-8")
        made[name] = []
        for number, (service, body, value) in enumerate(rows):
            file = folder / f"{name}{number}.json"
            file.write_text(json.dumps(value), encoding="utf-8")
            made[name].append(Answer(f"{API}/{service}", str(file), method="POST", body=body))
    return made


class Home:
    """A home after a crawl of all sources, and two more of one: unchanged, then with another closing date."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        answers = write(folder, {**ANSWERS, "closed": []})
        answers["closed"] = [Answer(f"{API}/training*", method="POST", status=403)]
        self.crawled = crawl_answered(folder / "home", folder / "sources", answers)
        self.again = crawl_answered(folder / "home", folder / "sources", {"hits": answers["hits"]})
        moved = [("search2", '"keyword": "a"', hits(3, hit(1, "01/31/2027"), hit(2), hit(3))), *ANSWERS["hits"][2:]]
        later = write(folder, {"hits": moved})
        self.moved = crawl_answered(folder / "home", folder / "sources", later)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("grants_gov"))


@pytest.fixture
def crawled(home: Home) -> Crawled:
    return home.crawled


@pytest.mark.parametrize(
    ("source_id", "outcome", "words"),
    [
        ("hits", "ok", "4 en la lista, 3 nuevas"),
        ("refused", "malformed", "el error 3: Too many requests"),
        ("shapeless", "changed_shape", "no tiene oppHits"),
        ("odd", "ok", "2 en la lista, 1 nueva, 0 cambiadas. 4 no pudieron leerse"),
        ("jobs", "ok", "2 en la lista, 2 nuevas"),
        ("closed", "credentials", "Pida la aprobación del appname en https://apidoc.reliefweb.int/"),
    ],
)
def test_what_came_is_classified(crawled: Crawled, source_id: str, outcome: str, words: str):
    result = crawled.results[source_id]
    assert result.outcome == outcome, result.detail
    assert words in result.detail


def test_every_keyword_is_walked_to_its_end_and_a_hit_is_read_once(crawled: Crawled):
    read = sorted(item_id for item_id in crawled.notices if item_id.startswith("hits/"))
    assert read == ["hits/1", "hits/2", "hits/3"]  # 4 is another agency's
    # robots.txt, two pages of a, one of b, three answers
    assert crawled.results["hits"].request_count == 1 + 3 + 3


def test_unchanged_hits_cost_their_search_and_a_moved_deadline_one_answer_more(home: Home):
    again, moved = home.again.results["hits"], home.moved.results["hits"]
    assert (again.outcome, again.request_count) == ("unchanged", 1 + 3)
    assert (moved.changed_count, moved.request_count) == (1, 1 + 2 + 1)
    assert "Deadline: 2027-01-31" in home.moved.notices["hits/1"].text


def test_the_hour_of_a_deadline_stands_behind_its_day_and_other_dates_apart(crawled: Crawled):
    assert crawled.notices["hits/1"].text.endswith(
        "\nDeadline: 2026-12-31 5 PM ET\nDeadline details: By 5 PM ET – no exceptions"
    )
    assert crawled.notices["hits/2"].text.endswith(
        "\nDeadline: 2026-12-31\nDeadline details: Second round, 5:00 p.m. ET: 03/01/2027"
    )


def test_values_of_any_kind_are_read_or_left_out(crawled: Crawled):
    notice = crawled.notices["odd/5"]
    assert notice.text == (
        "Grant 5\n\nText 5\n\nOpportunity number: N-5\nStatus: posted\nDeadline: 2026-12-31\n"
        "Eligible applicants: Cities & towns; 7\nTotal funding: USD 1,234.50"
    )
    assert notice.links == []


def test_reliefwebs_dates_keep_their_hour_and_offset(crawled: Crawled):
    one = crawled.notices["jobs/1"]
    assert one.text == "A job\n\nHow to apply\n\nBy post.\n\nClosing date: 2026-12-01 17:30 (UTC-05:00)"
    assert one.url == "https://reliefweb.int/node/1"
    assert crawled.notices["jobs/2"].text == "Another"


def test_a_replay_gives_the_same_notices(home: Home):
    crawled, folder = home.crawled, home.folder
    for source_id in ("hits", "jobs"):
        replayed = replay(
            folder / "home", source_id, crawled.crawl_id, sources_folder=folder / "sources", languages=LANGUAGES
        )
        wanted = {item_id: notice.text for item_id, notice in crawled.notices.items() if notice.source_id == source_id}
        assert {notice.item_id: notice.text for notice in replayed.notices} == wanted
