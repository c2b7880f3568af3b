"""Sources that fail, all in one crawl: each is classified, none stops the others."""

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scrapers.outcome import Outcome
from tests.scrapers.conftest import Crawled, do_crawl, make_job

ITEM = "<item><title>Beca</title><link>http://{host}/beca</link><guid>g</guid><description>Texto</description></item>"
FEED = "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title>{items}</channel></rss>"
PAGE = "<!doctype html><html><body>{body}</body></html>"
CARDS = "<article><a href='/uno'>Uno</a></article><article><a href='/dos'>Dos</a></article>"


def feed(host: str) -> str:
    return FEED.format(items=ITEM.format(host=host))


# source id → (outcome, words of the detail, source file's extra lines, files of its host)
CASES: dict[str, tuple[Outcome, str, str, dict[str, str]]] = {
    "bien": (
        "ok",
        "1 nueva,",
        "",
        {"robots.txt": "User-agent: OtroBot\nDisallow: /", "feed.xml": feed("bien.prueba.test")},
    ),
    "caida": ("server_error", "respondió 500", "", {"_site.yaml": "paths: {/feed.xml: {status: 500}}"}),
    "robots_caido": (
        "server_error",
        "robots.txt de robots-caido.prueba.test respondió 503",
        "",
        {"_site.yaml": "paths: {/robots.txt: {status: 503}}", "feed.xml": feed("robots-caido.prueba.test")},
    ),
    "no_esta": ("gone", "respondió 404", "", {"robots.txt": ""}),
    "se_fue": ("gone", "respondió 410", "", {"_site.yaml": "paths: {/feed.xml: {status: 410}}"}),
    "cerrada": ("blocked", "403", "", {"_site.yaml": "paths: {/feed.xml: {status: 403}}"}),
    "despacio": ("blocked", "429", "", {"_site.yaml": "paths: {/feed.xml: {status: 429}}"}),
    "reto": (
        "blocked",
        "verificación",
        "",
        {
            "_site.yaml": "paths: {/feed.xml: {content_type: text/html}}",
            "feed.xml": "<html><head><title>Just a moment...</title></head><body>Checking</body></html>",
        },
    ),
    "lenta": ("timeout", "no respondió", "", {"_site.yaml": "paths: {/feed.xml: {delay: 6}}", "feed.xml": "x"}),
    "rota": ("malformed", "no es RSS ni Atom", "", {"feed.xml": PAGE.format(body="no soy un canal")}),
    "truncada": ("malformed", "XML roto", "", {"feed.xml": "<rss version='2.0'><channel><title>t</titl"}),
    "vacia": ("empty", "no lista nada", "", {"feed.xml": FEED.format(items="")}),
    "vacia_a_sabiendas": ("ok", "0 en la lista", "may_be_empty: true", {"feed.xml": FEED.format(items="")}),
    "prohibida": (
        "robots",
        "robots.txt prohíbe",
        "",
        {"robots.txt": "User-agent: PruebaBot\nDisallow: /", "feed.xml": feed("prohibida.prueba.test")},
    ),
    "desvio": (
        "refused_address",
        "10.0.0.5",
        "",
        {"_site.yaml": 'paths: {/feed.xml: {location: "http://10.0.0.5/x"}}'},
    ),
    "desvio6": (
        "refused_address",
        "::ffff:169.254.169.254",
        "",
        {"_site.yaml": 'paths: {/feed.xml: {location: "http://[::ffff:169.254.169.254]/latest"}}'},
    ),
    "desvio_fichero": (
        "refused_address",
        "solo se visitan direcciones http(s)",
        "",
        {"_site.yaml": 'paths: {/feed.xml: {location: "file:///etc/passwd"}}'},
    ),
    "bucle": ("malformed", "redirige en círculo", "", {"_site.yaml": "paths: {/feed.xml: {location: /feed.xml}}"}),
    "sin_json": ("malformed", "no respondió JSON", "platform: wordpress", {"wp-json/wp/v2/posts.json": "<html>"}),
    "sin_rest": ("gone", "404", "platform: wordpress", {"robots.txt": ""}),
    "detalles": (
        "gone",
        "Ninguna de 2 páginas",
        "platform: listing\noptions: {item: article, detail: {content: main}}",
        {"feed.xml": PAGE.format(body=CARDS), "_site.yaml": "paths: {/feed.xml: {content_type: text/html}}"},
    ),
    "un_detalle": (
        "ok",
        "1 no pudo leerse",
        "platform: listing\noptions: {item: article, detail: {content: main}}",
        {
            "feed.xml": PAGE.format(body=CARDS),
            "uno.html": PAGE.format(body="<main>Uno es así</main>"),
            "_site.yaml": "paths: {/feed.xml: {content_type: text/html}, /dos: {status: 500}}",
        },
    ),
    "otra_forma": (
        "changed_shape",
        "nada coincide con main",
        "platform: listing\noptions: {item: article, detail: {content: main}}",
        {
            "feed.xml": PAGE.format(body=CARDS),
            "uno.html": PAGE.format(body="nada"),
            "dos.html": PAGE.format(body="nada"),
            "_site.yaml": "paths: {/feed.xml: {content_type: text/html}}",
        },
    ),
}


def source_file(source_id: str, extra: str, url: str) -> str:
    platform = "" if "platform:" in extra else "platform: feed\n"
    return f"id: {source_id}\nname: {source_id}\n{platform}url: {url}\nlanguage: es\nauthority: official\n{extra}\n"


@pytest.fixture(scope="module")
def private_server() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine that no crawl may reach, and what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"localhost:{server.server_address[1]}", asked
        server.shutdown()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("failing")


@pytest.fixture(scope="module")
def crawled(home: Path, private_server: tuple[str, list[str]]) -> Crawled:
    for source_id, (_, _, extra, files) in CASES.items():
        host = f"{source_id.replace('_', '-')}.prueba.test"
        url = f"http://{host}" if "wordpress" in extra else f"http://{host}/feed.xml"
        (home / "sources").mkdir(exist_ok=True)
        (home / "sources" / f"{source_id}.yaml").write_text(source_file(source_id, extra, url), encoding="utf-8")
        for name, text in files.items():
            path = home / "web" / "day1" / host / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    local = {
        "nombre_local": f"http://{private_server[0]}/",
        "literal_raro": f"http://2130706433:{private_server[0][10:]}/",
    }
    for source_id, url in local.items():
        (home / "sources" / f"{source_id}.yaml").write_text(source_file(source_id, "", url), encoding="utf-8")
    # a spider that cannot start: what it must know of the past is broken
    (home / "sources" / "no_arranca.yaml").write_text(
        source_file("no_arranca", "", "http://bien.prueba.test/feed.xml"), encoding="utf-8"
    )
    return do_crawl(failing_job(home, source_ids=[*CASES, *local]))


def failing_job(home: Path, **given: object):
    settings = {"DOWNLOAD_TIMEOUT": 2, "RETRY_TIMES": 0}
    return make_job(home / "home", sources_folder=home / "sources", web_folder=home / "web", settings=settings, **given)


@pytest.mark.parametrize("source_id", CASES)
def test_each_source_is_classified_and_says_what_came(crawled: Crawled, source_id: str):
    outcome, words, _, _ = CASES[source_id]
    result = crawled.results[source_id]
    assert (result.outcome, words in result.detail) == (outcome, True), result.detail


def test_a_name_that_resolves_to_this_machine_is_refused_and_never_dialled(
    crawled: Crawled, private_server: tuple[str, list[str]]
):
    for source_id in ("nombre_local", "literal_raro"):
        assert crawled.results[source_id].outcome == "refused_address", crawled.results[source_id].detail
        assert "privada" in crawled.results[source_id].detail
    assert private_server[1] == []


def test_what_could_be_read_is_kept_beside_the_failures(crawled: Crawled):
    assert set(crawled.notices) == {"bien/g", "un_detalle/http://un-detalle.prueba.test/uno"}


def test_a_second_crawl_tells_a_changed_shape_from_an_empty_list_and_survives_a_spider_that_cannot_start(
    home: Path, crawled: Crawled, write_files: Callable[[dict[str, str]], Path]
):
    emptied = home / "web" / "day2" / "bien.prueba.test" / "feed.xml"
    emptied.parent.mkdir(parents=True)
    emptied.write_text(FEED.format(items=""), encoding="utf-8")
    broken = home / "home" / "notices" / "no_arranca" / f"{crawled.crawl_id}.parquet"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"not parquet")
    again = do_crawl(failing_job(home, source_ids=["bien", "no_arranca", "un_detalle"], day=24))
    assert again.results["bien"].outcome == "changed_shape"
    assert again.results["no_arranca"].outcome == "failed"
    assert again.results["un_detalle"].outcome == "unchanged"
    assert again.results["un_detalle"].error_count == 1
