"""The EU portal's search where it is broken, large or old; its shape is shown by the sources that use it."""

import json
from pathlib import Path
from typing import Any

import pytest

from scrapers.platforms.sedia import json_parts
from scrapers.runner import replay
from tests.scrapers.conftest import LANGUAGES, Crawled
from tests.sources.answers import Answer, crawl_answered

SEARCH = "https://search.example/rest?apiKey=SEDIA&text=***"
DETAILS = "https://ec.europa.eu/info/funding-tenders/opportunities/data/topicDetails"
HEAD = f"name: x\nplatform: sedia\nurl: {SEARCH}\nlanguage: en\nauthority: official\n"
SOURCES = {
    "walk": "complete_listing: true\noptions: {page_size: 2, pages: 2}\n",
    "many": "complete_listing: true\noptions: {page_size: 2, pages: 2}\n",
    "window": "complete_listing: true\noptions: {page_size: 100, pages: 500}\n",
    "hollow": "complete_listing: true\noptions: {page_size: 2}\n",
    "error": "",
    "shapeless": "",
    "page": "",
    "past": "options: {past: true, statuses: [closed], programmes: ['43252405']}\n",
    "odd": "options: {languages: [es, en]}\n",
    "details": "options: {types: ['1'], details: true}\n",
}


def topic(number: int, **given: Any) -> dict[str, Any]:
    told = {"identifier": [f"T-{number}"], "title": [f"Topic {number}"], "type": ["1"], "status": ["31094502"], **given}
    return {"reference": f"{number}TOPICSen", "metadata": told}


def page(total: Any, *results: Any) -> dict[str, Any]:
    return {"totalResults": total, "results": list(results)}


def write(folder: Path) -> dict[str, list[Answer]]:
    """The sources above and their answers, as files."""
    budget = {"budgetTopicActionMap": {"1": [{"action": "T-1 - A", "budgetYearMap": {"2027": "7"}}], "2": "x"}}
    action = {"plannedOpeningDate": "1776729600000", "deadlineDates": ["1830297600000", None, "soon", 10**30]}
    own = {"identifier": "t-1", "actions": [action], "budgetOverviewJSONItem": budget, "description": "<p>Whole</p>"}
    spanish = {**topic(1, title=["Tema uno"]), "reference": "1TOPICSes"}
    answers: dict[str, list[tuple[str, str, Any]]] = {
        "walk": [("*&pageNumber=1", "", page(3, topic(1), topic(2))), ("*&pageNumber=2", "", page(3, topic(3)))],
        "many": [
            ("*&pageNumber=1", "", page(5, topic(1), topic(2))),
            ("*&pageNumber=2", "", page(5, topic(3), topic(4))),
        ],
        "window": [("*&pageNumber=1", "", page(10_001, topic(1))), ("*", "", page(10_001))],
        "hollow": [("*&pageNumber=1", "", page(4, topic(1), topic(2))), ("*", "", page(4))],
        "error": [("*", "", {"type": "throwable", "message": "An internal error"})],
        "shapeless": [("*", "", {"results": {}})],
        "page": [("*", "", "<html>maintenance</html>")],
        "past": [("*", '["31094503"]', page(1, topic(1, deadlineDate=["2020-01-31T00:00:00.000+0000"])))],
        "odd": [
            (
                "*",
                "",
                page(
                    "9",
                    topic(1, deadlineDate={"a": 1}, keywords=7, budgetOverview=["[1]"], typesOfAction=None),
                    spanish,
                    None,
                    {"reference": 5, "metadata": []},
                    topic(2, title=["<b>Two</b> &amp; more"], budgetOverview=['{"budgetTopicActionMap": {"1": 5}}']),
                    topic(3, title=["<i>" * 5000]),
                ),
            )
        ],
        "details": [
            ("*&pageNumber=1", "", page(3, topic(1), topic(2), topic(3))),
            (f"{DETAILS}/t-1.json", "", {"TopicDetails": own}),
            (f"{DETAILS}/t-2.json", "", {"TopicDetails": {**own, "identifier": "T-9"}}),
        ],
    }
    (folder / "sources").mkdir()
    made: dict[str, list[Answer]] = {}
    for name, rows in answers.items():
        (folder / "sources" / f"{name}.yaml").write_text(f"id: {name}\n{HEAD}{SOURCES[name]}", encoding="utf-8")
        made[name] = []
        for number, (url, body, value) in enumerate(rows):
            file = folder / f"{name}{number}.json"
            file.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
            method = "GET" if url.startswith("https") else "POST"
            where = url if method == "GET" else f"{SEARCH}{url}"
            made[name].append(Answer(where, str(file), method=method, body=body))
    return made


class Home:
    """A home after one crawl of all sources and another of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        answers = write(folder)
        self.crawled = crawl_answered(folder / "home", folder / "sources", answers)
        self.again = crawl_answered(folder / "home", folder / "sources", {"details": answers["details"]})


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("sedia"))


@pytest.fixture
def crawled(home: Home) -> Crawled:
    return home.crawled


def test_the_same_question_is_the_same_bytes_and_every_part_is_json():
    kind, body = json_parts({"query": {"b": "ñ", "a": [1]}, "languages": ["en"]})
    assert (kind, body) == json_parts({"query": {"a": [1], "b": "ñ"}, "languages": ["en"]})
    assert kind != json_parts({"query": {}, "languages": ["en"]})[0]
    boundary = kind.removeprefix("multipart/form-data; boundary=")
    parts = body.split(f"--{boundary}")
    assert parts[0] == ""
    assert parts[-1] == "--\r\n"
    heads, values = zip(*(part.strip("\r\n").split("\r\n\r\n") for part in parts[1:-1]), strict=True)
    assert all(head.endswith("\r\nContent-Type: application/json") for head in heads)
    assert [json.loads(value) for value in values] == [{"a": [1], "b": "ñ"}, ["en"]]


@pytest.mark.parametrize(
    ("source_id", "outcome", "listed", "words"),
    [
        ("walk", "ok", 3, ""),
        ("many", "failed", 4, "La búsqueda da 5 resultados y solo pueden leerse 4"),
        ("window", "failed", 1, "10001 resultados y solo pueden leerse 10000"),
        ("hollow", "malformed", 2, "una de sus páginas vino vacía"),
        ("error", "malformed", 0, "respondió un error: An internal error"),
        ("shapeless", "changed_shape", 0, "no tiene results"),
        ("page", "malformed", 0, "no respondió JSON"),
        ("past", "ok", 1, ""),
        ("odd", "ok", 2, "3 no pudieron leerse"),
        ("details", "ok", 3, "2 no pudieron leerse"),
    ],
)
def test_what_the_search_gives_is_classified(crawled: Crawled, source_id: str, outcome: str, listed: int, words: str):
    result = crawled.results[source_id]
    assert (result.outcome, result.listed_count) == (outcome, listed), result.detail
    assert words in result.detail


def test_what_could_be_read_beside_a_failure_is_kept(crawled: Crawled):
    assert {"many/T-4", "hollow/T-2"} <= set(crawled.notices)


def test_options_say_when_past_topics_are_wanted(crawled: Crawled):
    assert "Status: open\nDeadline: 2020-01-31" in crawled.notices["past/T-1"].text


def test_values_of_any_kind_are_read_or_left_out(crawled: Crawled):
    two = crawled.notices["odd/T-2"]
    assert two.text == "Two & more\n\nTopic: T-2\nStatus: open"


def test_an_entry_in_several_languages_is_one_item_in_the_first_of_the_options(crawled: Crawled):
    one = crawled.notices["odd/T-1"]
    assert (one.title, one.language) == ("Tema uno", "es")


def test_a_topics_own_answer_adds_its_text_and_dates(crawled: Crawled):
    assert crawled.notices["details/T-1"].text == (
        "Topic 1\n\nWhole\n\nTopic: T-1\nStatus: open\nOpening date: 2026-04-21\nDeadline: 2028-01-01\nBudget: EUR 7"
    )


def test_an_unchanged_topics_own_answer_is_not_asked_again(home: Home):
    again = home.again.results["details"]
    # robots.txt of two hosts, the search, and the two topics that could not be read
    assert (again.request_count, again.new_count, again.changed_count) == (2 + 1 + 2, 0, 0)


def test_a_replay_gives_the_same_notices(home: Home):
    crawled, folder = home.crawled, home.folder
    for source_id in ("walk", "details"):
        replayed = replay(
            folder / "home", source_id, crawled.crawl_id, sources_folder=folder / "sources", languages=LANGUAGES
        )
        wanted = {item_id: notice.text for item_id, notice in crawled.notices.items() if notice.source_id == source_id}
        assert {notice.item_id: notice.text for notice in replayed.notices} == wanted
