"""Visiting published calls one by one: what each page and link is found to be, and that an unchanged page gives nothing."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scrapers.archive import crawl_records, known_items, latest_notices
from scrapers.outcome import CrawlRecord, Recheck
from scrapers.recheck import Target, is_front_page
from scrapers.runner import replay
from tests.scrapers.conftest import LANGUAGES, Crawled, do_crawl, make_job

SOURCES = {
    "sources/sigue.yaml": """
id: sigue
name: Canal sin cambios que lleva a sus páginas
platform: feed
url: http://sigue.otra.test/feed.xml
language: es
authority: official
options: {follow: true, content: main}
""",
    "sources/lista.yaml": """
id: lista
name: Lista
platform: listing
url: http://lista.otra.test/
language: es
authority: official
complete_listing: true
options: {item: li, facts: {item: p}, detail: {content: main, facts: {label: dt}}}
""",
    "sources/wp.yaml": """
id: wp
name: WordPress
platform: wordpress
url: http://wp.otra.test
language: es
authority: official
""",
    "sources/corto.yaml": """
id: corto
name: Canal con todo el texto
platform: feed
url: http://corto.otra.test/feed.xml
language: es
authority: official
""",
}
TITLE = "Beca de la costa"


def feed(host: str, *names: str) -> str:
    entries = "".join(
        f"<item><guid>{name}</guid><title>{TITLE} {name}</title><link>http://{host}/{name}</link>"
        "<description>Hasta el 15 de enero de 2027.</description></item>"
        for name in names
    )
    return f'<rss version="2.0"><channel><title>Canal</title>{entries}</channel></rss>'


def page(name: str, words: str) -> str:
    return f'<html lang="es"><body><h1>{TITLE} {name}</h1><main><p>{words}</p></main></body></html>'


def post(number: int, words: str) -> str:
    return (
        f"id: {number}\nslug: p{number}\ndate: 2026-11-20T10:00:00\nmodified: 2026-11-2{number}T10:00:00\n"
        f"title: '{TITLE} {number}'\ncontent: '<p>{words}</p>'\n"
    )


OPEN = "Abierta hasta el 15 de enero de 2027."
CARDS = "".join(
    f'<li><a href="/{name}">{TITLE} {name}</a><p>Ayuda: 500 USD</p></li>' for name in ("d1", "d2", "d3", "d4", "d5")
)
WEB = {
    "web/day1/sigue.otra.test/feed.xml": feed("sigue.otra.test", "a1", "a2", "a3"),
    **{f"web/day1/sigue.otra.test/{name}.html": page(name, OPEN) for name in ("a1", "a2", "a3")},
    "web/day1/corto.otra.test/feed.xml": feed("corto.otra.test", "c1", "c2", "c3"),
    **{f"web/day1/corto.otra.test/{name}.html": page(name, OPEN) for name in ("c1", "c2", "c3")},
    "web/day1/corto.otra.test/index.html": page("", "Portada"),
    "web/day1/corto.otra.test/privado/form.html": page("", "Formulario"),
    "web/day1/corto.otra.test/robots.txt": "User-agent: *\nDisallow: /privado/\n",
    "web/day1/lento.otra.test/robots.txt": "User-agent: *\nDisallow: /privado/\n",
    "web/day1/lento.otra.test/_site.yaml": "paths: {/robots.txt: {delay: 0.5}}\n",
    "web/day1/lista.otra.test/index.html": f"<html><body><ul>{CARDS}</ul></body></html>",
    **{f"web/day1/lista.otra.test/{name}.html": page(name, OPEN) for name in ("d1", "d2", "d3", "d4", "d5")},
    "web/day1/wp.otra.test/_site.yaml": "wordpress: {}\n",
    **{f"web/day1/wp.otra.test/posts/{number}.yaml": post(number, OPEN) for number in (1, 2, 3)},
    # the second day: no list says that anything changed
    "web/day2/sigue.otra.test/a2.html": page("a2", "Ampliada hasta el 30 de enero de 2027."),
    "web/day2/sigue.otra.test/_site.yaml": "paths: {/a3: {status: 410}}\n",
    "web/day2/corto.otra.test/c2.html": page("c2", "Convocatoria cerrada."),
    "web/day2/corto.otra.test/_site.yaml": "paths:\n  /c3: {status: 301, location: /}\n  /roto: {status: 503}\n  /cerrado: {status: 403}\n",
    "web/day2/lista.otra.test/d2.html": page("d2", OPEN).replace(
        "</main>", "</main><dl><dt>Cierre</dt><dd>30 de enero de 2027</dd></dl>"
    ),
    "web/day2/lista.otra.test/d3.html": page("d3", OPEN).replace("main>", "section>"),
    "web/day2/lista.otra.test/_site.yaml": "paths: {/d4: {status: 404}, /d5: {status: 302, location: 'http://10.0.0.9/'}}\n",
    "web/day2/wp.otra.test/posts/2.yaml": post(2, "Ampliada hasta el 30 de enero de 2027.").replace(
        "2026-11-22", "2026-11-20"
    ),
    "web/day3/wp.otra.test/_site.yaml": "wordpress: {}\npaths: {/wp-json/wp/v2/posts: {status: 404}}\n",
    "web/day2/wp.otra.test/posts/3.yaml": post(3, OPEN) + "deleted: true\n",
}


class Home:
    """A web of two days, crawled on the first; then its items are visited again on the second."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given: dict[str, Any] = {
            "sources_folder": folder / "sources",
            "web_folder": folder / "web",
            "web_suffix": "otra.test",
            "politeness": False,
            "settings": {"RETRY_TIMES": 0},
        }
        self.first = do_crawl(make_job(folder / "home", **self.given))
        self.targets = [
            Target(source_id=notice.source_id, url=notice.url, notice=notice) for notice in latest_notices(self.home)
        ]

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def visit(self, targets: list[Target], day: int, days: list[str] | None = None) -> tuple[Crawled, CrawlRecord]:
        sources = sorted({target.source_id for target in targets})
        more = {"web_days": days} if days else {}
        crawled = do_crawl(make_job(self.home, day=day, rechecks=targets, source_ids=sources, **{**self.given, **more}))
        return crawled, next(one for one in crawl_records(self.home) if one.crawl_id == crawled.crawl_id)


def link(url: str, source: str = "corto") -> Target:
    return Target(source_id=source, url=url)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("otra")
    for name, text in {**SOURCES, **WEB}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Home(folder)


@pytest.fixture(scope="module")
def unchanged(home: Home) -> tuple[Crawled, CrawlRecord]:
    return home.visit(home.targets, 23)


@pytest.fixture(scope="module")
def second(home: Home, unchanged: object) -> tuple[Crawled, CrawlRecord]:
    links = [
        link(url)
        for url in (
            "http://corto.otra.test/c1",  # an item's page: visited as that
            "http://corto.otra.test/c1?key=publica",
            "http://corto.otra.test/nada",
            "http://corto.otra.test/roto",
            "http://corto.otra.test/cerrado",
            "http://corto.otra.test/privado/form",
            "http://ajena.otra.test/postular",
        )
    ]
    ordinary = do_crawl(make_job(home.home, day=24, **home.given))
    assert set(ordinary.notices) == set()  # nobody's list says that anything changed
    return home.visit([*home.targets, *links], 24)


def outcomes(record: CrawlRecord) -> dict[str, str]:
    return {visit.item_id or visit.url: visit.outcome for visit in record.rechecks}


def row(record: CrawlRecord, target: str) -> Recheck:
    (found,) = [visit for visit in record.rechecks if target in (visit.item_id, visit.url)]
    return found


def test_an_unchanged_page_gives_no_notice_by_any_platform(unchanged: tuple[Crawled, CrawlRecord], home: Home) -> None:
    crawled, record = unchanged
    assert crawled.notices == {}
    assert set(outcomes(record).values()) == {"ok"}
    assert len(record.rechecks) == len(home.targets) == 14


def test_the_small_web_read_again_is_the_same(tmp_path: Path) -> None:
    first = do_crawl(make_job(tmp_path))
    targets = [Target(source_id=one.source_id, url=one.url, notice=one) for one in first.notices.values()]
    again = do_crawl(make_job(tmp_path, rechecks=targets, source_ids=sorted(first.results)))
    assert {item: notice.text for item, notice in again.notices.items()} == {}


def test_an_edit_behind_an_unchanged_list_gives_a_notice_like_any_other(
    second: tuple[Crawled, CrawlRecord], home: Home
) -> None:
    crawled, _ = second
    assert {item.split("/", 1)[0] for item in crawled.notices} == {"sigue", "lista", "wp"}
    edited = crawled.notices["sigue/a2"]
    assert edited.text == f"{TITLE} a2\n\nAmpliada hasta el 30 de enero de 2027."
    assert edited.fetched_at == datetime(2026, 11, 24, 21, tzinfo=UTC)
    assert edited.capture_id.startswith("<urn:uuid:")
    assert edited.parser_version == home.first.notices["sigue/a2"].parser_version
    assert "Ampliada" in crawled.notices["wp/2"].text
    (listed,) = [notice for item, notice in crawled.notices.items() if item.startswith("lista/")]
    assert listed.text.endswith("Ayuda: 500 USD\nCierre: 30 de enero de 2027")  # the card's fact, then the page's
    assert known_items(home.home, "sigue", edited.fetched_at).content_sha256["a2"] == edited.content_sha256


def test_each_page_and_link_is_told_by_what_it_is(second: tuple[Crawled, CrawlRecord]) -> None:
    _, record = second
    assert outcomes(record) == {
        "sigue/a1": "ok",
        "sigue/a2": "ok",
        "sigue/a3": "gone",
        "corto/c1": "ok",
        "corto/c2": "closed_marker",
        "corto/c3": "moved",
        "lista/http://lista.otra.test/d1": "ok",
        "lista/http://lista.otra.test/d2": "ok",
        "lista/http://lista.otra.test/d3": "unreadable",
        "lista/http://lista.otra.test/d4": "gone",
        "lista/http://lista.otra.test/d5": "refused",
        "wp/1": "ok",
        "wp/2": "ok",
        "wp/3": "gone",
        "http://corto.otra.test/c1?key=publica": "ok",  # a link is told as it was published, so that it is found again
        "http://corto.otra.test/nada": "gone",
        "http://corto.otra.test/roto": "server_error",
        "http://corto.otra.test/cerrado": "refused",
        "http://corto.otra.test/privado/form": "refused",
        "http://ajena.otra.test/postular": "gone",
    }
    assert row(record, "sigue/a3").http_status == 410
    assert row(record, "http://corto.otra.test/cerrado").http_status == 403
    assert row(record, "corto/c2").quote == "Convocatoria cerrada."
    assert row(record, "corto/c3").final_url == "http://corto.otra.test/"
    assert row(record, "corto/c3").url == "http://corto.otra.test/c3"
    assert "robots.txt" in row(record, "http://corto.otra.test/privado/form").detail


def test_a_recheck_says_nothing_of_how_a_source_is_doing(second: tuple[Crawled, CrawlRecord], home: Home) -> None:
    _, record = second
    assert record.results == []
    previous = known_items(home.home, "lista", record.as_of).previous
    assert previous is not None
    assert len(previous.sightings) == 5  # of the ordinary crawl: its list still shows all


def test_words_that_were_there_when_a_person_approved_close_nothing(home: Home, second: object) -> None:
    (closed,) = [target for target in home.targets if target.notice and target.notice.item_id == "corto/c2"]
    _, record = home.visit([closed.model_copy(update={"was_closed": True})], 25, ["day1", "day2"])
    assert outcomes(record) == {"corto/c2": "ok"}


def test_robots_txt_holds_for_all_that_are_asked_at_once(home: Home, second: object) -> None:
    links = [link(f"http://lento.otra.test/privado/{number}") for number in range(6)]
    _, record = home.visit(links, 26, ["day1"])
    assert [(visit.outcome, visit.http_status) for visit in record.rechecks] == [("refused", None)] * 6


def test_an_interface_that_is_gone_says_nothing_of_its_items(home: Home, second: object) -> None:
    (post,) = [target for target in home.targets if target.notice and target.notice.item_id == "wp/1"]
    _, record = home.visit([post], 26, ["day1", "day3"])
    assert outcomes(record) == {"wp/1": "unreadable"}


def test_a_page_that_comes_back_is_ok_again(home: Home, second: object) -> None:
    (gone,) = [target for target in home.targets if target.notice and target.notice.item_id == "sigue/a3"]
    _, record = home.visit([gone], 26, ["day1"])
    assert outcomes(record) == {"sigue/a3": "ok"}


def test_a_recheck_is_replayed_from_its_captures(home: Home, second: tuple[Crawled, CrawlRecord]) -> None:
    crawled, record = second
    for source in ("sigue", "lista", "wp", "corto"):
        replayed = replay(
            home.home,
            source,
            crawled.crawl_id,
            sources_folder=home.folder / "sources",
            languages=LANGUAGES,
            web_suffix="otra.test",
        )
        own = [notice for notice in crawled.notices.values() if notice.source_id == source]
        assert [one.notice_id for one in replayed.notices] == [one.notice_id for one in own]
        assert replayed.written is None
        assert replayed.result.rechecks == [visit for visit in record.rechecks if visit.source_id == source]


@pytest.mark.parametrize(
    ("url", "is_front"),
    [
        ("http://a.example/", True),
        ("http://a.example", True),
        ("http://a.example/es/", True),
        ("http://a.example/index.html", True),
        ("http://a.example/?p=7", False),
        ("http://a.example/becas", False),
    ],
)
def test_a_front_page_is_known_by_its_address(url: str, is_front: bool) -> None:
    assert is_front_page(url) is is_front
