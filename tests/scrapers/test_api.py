"""JSON lists by options: how they are paged, what an entry becomes, and what broken answers come to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scrapy.http import TextResponse

from scrapers.loader import load_source, spider_class
from scrapers.platforms.jsonpath import at, filled, instant, line, markup
from scrapers.run import SourceError, SourceRun
from scrapers.yamlfile import ConfigError
from tests.scrapers.conftest import Crawled
from tests.sources.answers import Answer, crawl_answered

URL = "https://api.example/calls"
HEAD = (
    f"id: api\nname: API\nplatform: json_api\nurl: {URL}\nlanguage: en\ntimezone: America/Bogota\nauthority: official\n"
)
PATHS = "id: id, title: title, url: 'https://api.example/c/{id}', text: [body], facts: {Deadline: closes}"
ROBOTS = 1  # request, of every crawl


def call(number: int | str, **more: Any) -> dict[str, Any]:
    return {"id": number, "title": f"Call {number}", "body": f"<p>Fund {number}.</p>", "closes": "2027-01-15", **more}


class Place:
    """A source and what it answers, crawled as often as asked."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.sources = folder, folder / "sources"
        self.sources.mkdir()
        self.answers: list[Answer] = []

    def source(self, options: str, more: str = "") -> None:
        (self.sources / "api.yaml").write_text(f"{HEAD}{more}options: {{{PATHS}, {options}}}\n", encoding="utf-8")

    def answer(self, url: str, given: Any, body: str | None = None, **more: Any) -> None:
        text = given if isinstance(given, str) else json.dumps(given)
        file = self.folder / f"{len(self.answers)}{'.json' if text.lstrip()[:1] in ('{', '[') else '.html'}"
        file.write_text(text, encoding="utf-8")
        method = "GET" if body is None else "POST"
        self.answers.insert(0, Answer(url, str(file), method=method, body=body or "", **more))

    def crawl(self) -> Crawled:
        return crawl_answered(self.folder / "home", self.sources, {"api": self.answers})


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def keys(crawled: Crawled) -> list[str]:
    return sorted(notice.item_key for notice in crawled.notices.values())


# -- pagination: an unchanged place costs one request, a new call is found


def paged(place: Place, options: str, urls: list[str], wrap: Callable[[list[Any], int], Any]) -> None:
    place.source(options)
    for page, url in enumerate(urls):
        place.answer(url, wrap([call(2 * page + 1), call(2 * page + 2)] if page < 2 else [], page))


STYLES = {
    "page": (
        "items: data.results, paging: {style: page, key: page}",
        [f"{URL}?page=1", f"{URL}?page=2", f"{URL}?page=3"],
        lambda entries, page: {"data": {"results": entries}},
    ),
    "page from zero, with what else the place wants": (
        "query: {size: 2, open: [a, b]}, paging: {style: page, key: p, first: 0}, total: n, items: list",
        [f"{URL}?size=2&open=a&open=b&p=0", f"{URL}?size=2&open=a&open=b&p=1"],
        lambda entries, page: {"list": entries, "n": "4"},
    ),
    "offset": (
        "paging: {style: offset, key: skip}",
        [f"{URL}?skip=0", f"{URL}?skip=2", f"{URL}?skip=4"],
        lambda entries, page: entries,
    ),
    "next": (
        "items: items, paging: {style: next, path: links.next}",
        [URL, f"{URL}?after=2"],
        lambda entries, page: {"items": entries, "links": {"next": "/calls?after=2" if page == 0 else None}},
    ),
    "cursor": (
        "items: items, paging: {style: cursor, path: more, key: cursor}",
        [URL, f"{URL}?cursor=a%2Fb"],
        lambda entries, page: {"items": entries, "more": "a/b"},  # the same word again is no further page
    ),
}


@pytest.mark.parametrize("style", STYLES)
def test_pages_are_walked_to_the_end_and_then_only_to_what_is_known(place: Place, style: str):
    options, urls, wrap = STYLES[style]
    paged(place, options, urls, wrap)
    first = place.crawl()
    assert (first.results["api"].outcome, keys(first)) == ("ok", ["1", "2", "3", "4"])
    assert first.results["api"].request_count == len(urls) + ROBOTS
    again = place.crawl()
    assert (again.results["api"].outcome, again.notices) == ("unchanged", {})
    assert again.results["api"].request_count == 1 + ROBOTS
    place.answer(urls[0], wrap([call(9), call(1)], 0))
    assert keys(place.crawl()) == ["9"]


@pytest.mark.parametrize(
    ("options", "bodies"),
    [
        ("form: {kind: 'cultura y arte'}, paging: {style: offset, key: offset}", ["kind=cultura+y+arte&offset=0", "&offset=1"]),
        ("json: {filter: {open: true}}, paging: {style: page, key: n}", ['{"filter": {"open": true}, "n": 1}', '"n": 2']),
    ],
)  # fmt: skip
def test_a_list_is_asked_for_with_a_form_or_json(place: Place, options: str, bodies: list[str]):
    place.source(f"{options}, items: list, total: n")
    for number, body in enumerate(bodies, 1):
        place.answer(URL, {"list": [call(number)], "n": 2}, body=body)
    assert keys(place.crawl()) == ["1", "2"]


def test_a_place_that_ignores_the_page_is_not_asked_for_ever(place: Place):
    place.source("paging: {style: page, key: page}, pages: 9")
    place.answer(f"{URL}?page=*", [call(1)])
    crawled = place.crawl()
    assert (keys(crawled), crawled.results["api"].request_count) == (["1"], 2 + ROBOTS)


def test_the_next_page_is_on_the_same_host(place: Place):
    place.source("items: items, paging: {style: next, path: next}")
    place.answer(URL, {"items": [call(1)], "next": "https://other.example/calls"})
    place.answer("https://other.example/calls", {"items": [call(2)]})
    assert keys(place.crawl()) == ["1"]


def test_a_page_with_nothing_wanted_is_no_end(place: Place):
    place.source("paging: {style: page, key: page}, include: [fund], categories: [kind]")
    place.answer(f"{URL}?page=1", [call(1, kind="news"), call(2, kind="news")])
    place.answer(f"{URL}?page=2", [call(3, kind="news"), call(4, kind="Funds")])
    place.answer(f"{URL}?page=3", [])
    crawled = place.crawl()
    assert (keys(crawled), crawled.results["api"].listed_count) == (["4"], 4)
    assert place.crawl().results["api"].request_count == 2 + ROBOTS


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("paging: {style: page, key: page}, pages: 1", "suba options.pages"),
        ("paging: {style: page, key: page}", "dice tener 5 entradas y solo entregó 2"),
        ("query: {page: 1}", "dice tener 5 entradas y solo entregó 2"),
    ],
)
def test_a_complete_list_that_ends_early_fails(place: Place, options: str, told: str):
    place.source(f"items: list, total: n, {options}", more="complete_listing: true\n")
    place.answer(f"{URL}?page=1", {"list": [call(1), call(2)], "n": 5})
    place.answer(f"{URL}?page=2", {"list": [], "n": 5})
    result = place.crawl().results["api"]
    assert told in result.detail
    assert result.outcome not in ("ok", "unchanged")


def test_a_complete_list_is_walked_to_its_end_every_time(place: Place):
    place.source("items: list, total: n, paging: {style: page, key: page}", more="complete_listing: true\n")
    for page in (1, 2):
        place.answer(f"{URL}?page={page}", {"list": [call(page)], "n": 2})
    assert [place.crawl().results["api"].request_count for _ in range(2)] == [2 + ROBOTS, 2 + ROBOTS]


# -- entries


def test_an_entry_becomes_text_facts_links_and_dates(place: Place):
    options = """title: names.0.name, url: page, text: [body, notes], links: {Apply: apply}, not_stated: ['$ 0'], language: lang,
      published: posted, modified: changed, fact_rows: [{items: calendar, label: what, value: when}],
      facts: {Countries: countries.name, Amount: 'EUR {budget.total}', Fee: fee, Contact: office, Closing: closes, Nothing: none}"""
    place.source("pages: 1")
    text = (place.sources / "api.yaml").read_text(encoding="utf-8")
    options_text = f"options: {{id: id, {options}}}\n"
    (place.sources / "api.yaml").write_text(text[: text.index("options:")] + options_text, encoding="utf-8")
    entry = {
        "id": 7,
        "names": [{"name": "Wind &amp; <b>Wasser</b>"}],
        "page": "/c/7",
        "body": "<p>Para j&oacute;venes.</p><script>x()</script>",
        "notes": ["First line\nsecond < third", None, 5],
        "apply": "https://api.example/apply/7",
        "lang": "es-CO",
        "posted": 1763600400000,
        "changed": "2026/11/20 17:00:00",
        "calendar": [{"what": "Opens:", "when": "2026-12-01 00:00:00"}, {"what": None, "when": "x"}, "later"],
        "countries": [{"name": "Perú"}, {"name": "Colombia"}, {"name": "Perú"}, {}],
        "budget": {"total": 1500000.0},
        "fee": "$ 0",
        "office": {"street": "Calle 1", "floor": None, "hours": ["9", "10"]},
        "closes": "2027-01-15T22:00:00Z",
    }
    place.answer(URL, [entry])
    (notice,) = place.crawl().notices.values()
    assert (notice.title, notice.url, notice.language) == ("Wind & Wasser", "https://api.example/c/7", "es")
    assert notice.text.split("\n\n")[1:4] == ["Para jóvenes.", "First line\nsecond < third", "Apply"]
    assert [f"{hint.label}: {hint.value}" for hint in notice.hints] == [
        "Countries: Perú; Colombia",
        "Amount: EUR 1500000",
        "Contact: Calle 1, 9; 10",
        "Closing: 2027-01-15 17:00 (America/Bogota)",
        "Opens: 2026-12-01",
    ]
    assert [link.url for link in notice.links] == ["https://api.example/apply/7"]
    assert notice.published_at == datetime(2025, 11, 20, 1, tzinfo=UTC)
    assert notice.modified_at == datetime(2026, 11, 20, 22, tzinfo=UTC)


def test_a_changed_entry_is_a_changed_notice(place: Place):
    place.source("pages: 1")
    place.answer(URL, [call(1), call(2)])
    place.crawl()
    place.answer(URL, [call(1, closes="2027-02-01"), call(2, visits=17)])
    crawled = place.crawl()
    assert keys(crawled) == ["1"]
    assert crawled.results["api"].changed_count == 1
    assert "Deadline: 2027-02-01" in crawled.notices["api/1"].text


def test_an_entry_without_id_title_or_address_is_counted_and_the_others_go_on(place: Place):
    place.source("pages: 1")
    broken = [call(1, id=None), call(2, title=" "), "text", None, [1], {"id": {"a": []}}, {"id": True, "title": "x"}]
    place.answer(URL, [*broken, call(3), call(4, body="<div>" * 5000)])
    crawled = place.crawl()
    result = crawled.results["api"]
    assert (result.outcome, "3" in keys(crawled), result.error_count >= len(broken)) == ("ok", True, True)
    assert "una entrada no tiene id" in result.detail


DETAIL = "detail: {url: 'https://api.example/one?id={id}', root: data, text: [terms], facts: {Budget: 'EUR {money}'}}"


def test_an_entry_has_an_answer_of_its_own(place: Place):
    place.source(DETAIL)
    place.answer(URL, [call(1), call("a b&c")])
    place.answer("https://api.example/one?id=1", {"data": {"terms": "<p>Terms.</p>", "money": 5}})
    place.answer("https://api.example/one?id=a%20b%26c", {"data": {"terms": "Others."}})
    first = place.crawl()
    notice = first.notices["api/1"]
    assert notice.text == "Call 1\n\nFund 1.\n\nTerms.\n\nDeadline: 2027-01-15\nBudget: EUR 5"
    assert keys(first) == ["1", "a b&c"]
    assert place.crawl().results["api"].request_count == 1 + ROBOTS
    place.answer(URL, [call(1, closes="2027-03-01"), call("a b&c", visits=3)])
    changed = place.crawl()
    assert (keys(changed), changed.results["api"].request_count) == (["1"], 2 + ROBOTS)


@pytest.mark.parametrize(
    ("ask", "body"),
    [
        ("json: {opportunityId: '{id}', flags: [a]}", '{"flags": ["a"], "opportunityId": 1}'),
        ("form: {n: '{id}'}", "n=1"),
    ],
)
def test_an_answer_of_its_own_is_asked_for_with_a_body(place: Place, ask: str, body: str):
    place.source(f"detail: {{url: 'https://api.example/one?v={{id}}', {ask}, text: [terms]}}")
    place.answer(URL, [call(1)])
    place.answer("https://api.example/one?v=1", {"terms": "Terms."}, body=body)
    assert "Terms." in place.crawl().notices["api/1"].text


@pytest.mark.parametrize(
    ("given", "outcome"), [("<html>Sorry</html>", "malformed"), ('{"data": {"x": 1}}', "changed_shape")]
)
def test_a_broken_answer_of_its_own_costs_that_entry_only(place: Place, given: str, outcome: str):
    place.source(DETAIL)
    place.answer(URL, [call(1), call(2)])
    place.answer("https://api.example/one?id=1", {"data": {"terms": "Terms."}})
    place.answer("https://api.example/one?id=2", given)
    crawled = place.crawl()
    assert (keys(crawled), crawled.results["api"].error_count) == (["1"], 1)
    assert crawled.results["api"].outcome == "ok"
    place.answer("https://api.example/one?id=2", {"data": {"terms": "Mended."}})
    assert keys(place.crawl()) == ["2"]


def test_what_was_too_much_for_one_crawl_is_read_in_the_next(place: Place):
    place.source(f"{DETAIL}, max_details: 1")
    place.answer(URL, [call(1), call(2)])
    place.answer("https://api.example/one?id=*", {"data": {"terms": "Terms."}})
    assert [keys(place.crawl()) for _ in range(3)] == [["1"], ["2"], []]
    place.answer(URL, [call(1, closes="2027-02-01"), call(2, closes="2027-02-01")])
    assert [keys(place.crawl()) for _ in range(3)] == [["1"], ["2"], []]


# -- broken answers


@pytest.mark.parametrize(
    ("given", "outcome", "told"),
    [
        ("<html><body>Under maintenance</body></html>", "malformed", "no respondió JSON"),
        ('{"data": {"results": [{"id": 1', "malformed", "no respondió JSON"),
        ("[" * 100_000, "malformed", "no respondió JSON"),
        ({"error": 7, "message": "no"}, "changed_shape", "no hay lista en data.results; tiene error, message"),
        ({"data": {"results": "none"}}, "changed_shape", "no hay lista en data.results"),
        ([1], "changed_shape", "no hay lista en data.results"),
        ({"data": {"results": None}}, "empty", "no lista nada"),
        ({"data": {"results": {"7": {"title": "x"}}}}, "malformed", "no tiene id"),
        ({"data": {"results": [{"ID": 1}, {"ID": 2}]}}, "malformed", "no tiene id"),
    ],
)
def test_what_is_not_the_list_is_told(place: Place, given: Any, outcome: str, told: str):
    place.source("items: data.results")
    place.answer(URL, given)
    result = place.crawl().results["api"]
    assert result.outcome == outcome
    assert told in result.detail


@pytest.mark.parametrize(
    ("options", "key", "expected"),
    [
        ("items: data..results", "options.items", "expected a path"),
        ("url: 'https://{host}/x'", "options.url", "after the host"),
        ("url: 'https://place.example/calls'", "options.url", "expected a template"),
        ("url: '/c/{id}'", "options.url", "begins with https://host/"),
        ("facts: {A: 'EUR {b'}", "options.facts.A", "template with paths in braces"),
        ("form: {a: b}, json: {a: b}", "options", "form or json, not both"),
        ("query: {page: 1}, paging: {style: page, key: page}", "options", "page is set by paging"),
        ("paging: {style: pages}", "options.paging", "'page', 'offset', 'next', 'cursor'"),
        ("paging: {style: cursor, key: c}", "options.paging", "missing key"),
        ("detail: {url: 'https://place.example/{id}'}", "options.detail", "what to read"),
        ("detail: {text: [a]}", "options.detail", "expected url (a template), form or json"),
        ("detail: {url: one, text: [a]}", "options.detail.url", "expected a template"),
        ("pages: 0", "options.pages", "greater than or equal to 1"),
    ],
)
def test_options_that_make_no_sense_are_refused_at_load(tmp_path: Path, options: str, key: str, expected: str):
    file = tmp_path / "api.yaml"
    given = f"{{id: id, title: title, {options}}}"
    file.write_text(f"{HEAD}options: {given}\n", encoding="utf-8")
    with pytest.raises(ConfigError) as told:
        load_source(file)
    assert told.value.key.startswith(key)
    assert expected in str(told.value)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-02-30", "9999-12-31T23:59:59-12:00", "0001-01-01 00:01", "<b>", "<![CDATA[", "&#0;", "\ud800", "//[", "javascript:x"])
)  # fmt: skip
NAMES = st.sampled_from(["id", "title", "body", "closes", "data", "n", "next", "rows", "l", "v", "posted", "page", "0"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=5), max_leaves=12
)
ODD = """options:
  items: data
  total: n
  id: id
  title: title
  url: page
  text: [body, rows]
  facts: {Deadline: closes, Both: '{closes} {n}', Rows: rows.v}
  fact_rows: [{items: rows, label: l, value: v}]
  links: {More: next}
  published: posted
  modified: closes
  language: l
  categories: [rows, n]
  paging: {style: next, path: next}
  detail: {url: 'https://api.example/{id}', json: {a: '{n}', b: ['{id}']}, text: [body], facts: {Deadline: closes}}
"""


@pytest.fixture(scope="module")
def odd_source(tmp_path_factory: pytest.TempPathFactory) -> Any:
    file = tmp_path_factory.mktemp("odd") / "api.yaml"
    file.write_text(HEAD + ODD, encoding="utf-8")
    return load_source(file)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=VALUES | st.builds(lambda rows, n: {"data": rows, "n": n, "next": n}, st.lists(VALUES, max_size=4), VALUES),
    own=VALUES,
)
def test_any_json_anywhere_ends_in_a_source_error_at_most(odd_source: Any, answer: Any, own: Any):
    spider: Any = spider_class(odd_source)()
    spider.run = SourceRun(odd_source, "crawl", datetime(2026, 11, 23, tzinfo=UTC), ("en",), "1")

    def responded(value: Any) -> TextResponse:
        made = TextResponse(URL, body=json.dumps(value).encode())
        made.request = spider.ask(URL, spider.parse_page)
        return made

    spider.first_requests()
    try:
        for one in spider.parse_page(responded(answer), page=1):
            if "found" in one.cb_kwargs:
                list(spider.parse_detail(responded(own), **one.cb_kwargs))
    except SourceError as error:
        assert error.outcome in ("malformed", "changed_shape")


# -- values


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026/08/22 17:00:00", "2026-08-22 17:00 (Europe/Madrid)"),
        ("2026-08-22T00:00:00.000+0000", "2026-08-22"),
        ("2026-08-21T22:00:00Z", "2026-08-22"),  # midnight where the place is
        ("22-Jul-2026", "2026-07-22"),
        ("22/07/2026", "22/07/2026"),  # the source's date order is for readers
        ("2026-02-30", "2026-02-30"),
        ("2026", "2026"),
        (1763600400000, "1763600400000"),
        (0.5, "0.5"),
        (float("nan"), ""),
        (True, ""),
    ],
)
def test_a_fact_is_told_unambiguously(value: Any, told: str):
    assert line(value, "Europe/Madrid") == told


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20 00:30", datetime(2026, 11, 19, 23, 30, tzinfo=UTC)),
        (1763600400, datetime(2025, 11, 20, 1, tzinfo=UTC)),
        ("1763600400000", datetime(2025, 11, 20, 1, tzinfo=UTC)),
        (20261120, None),
        ("yesterday", None),
        ({}, None),
    ],
)
def test_instants_are_recognised_strictly(value: Any, read: datetime | None):
    assert instant(value, "Europe/Madrid") == read


def test_paths_go_through_lists():
    value = {"a": [{"b": [1, 2]}, {"b": 3}, {"c": 4}, 5]}
    assert (at(value, "a.b"), at(value, "a.0.b.1"), at(value, "a.9.b"), at(value, "")) == ([1, 2, 3], 2, None, value)
    assert filled("EUR {a.b}", value) == "EUR 1; EUR 2; EUR 3"
    assert filled("{x} {y}", value) == ""
    assert markup(["a & b", {"x": "<i>c</i>"}]) == "<div>a &amp; b</div>\n<div><i>c</i></div>"
