"""A web that means harm or is broken, all of it in one crawl: each place ends in its class, in bounded time and memory.

None stops another, and what was captured can be read. The plain failures of plain servers are in ``test_failures``.
"""

import gzip
import os
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from scrapers.archive import notice_files
from scrapers.notice import Notice
from scrapers.outcome import Outcome, SourceResult
from scrapers.runner import run_crawl
from scrapers.tabular import read_records
from tests.scrapers.conftest import make_job
from tests.scrapers.hostile_server import Asked, Authority, HostileServer, Send, answer, says

REAL_CHILDREN = True

MAX_SIZE = 2 * 2**20
MAX_MEMORY = 400 * 2**20
SECONDS = 9  # a busy machine sends two megabytes well within it
ITEM = "<item><title>Beca {0}</title><link>http://x.prueba.test/{0}</link><guid>{0}</guid><description>Uno</description></item>"
RSS = "<?xml version='1.0'?>{1}<rss version='2.0'><channel><title>t</title>{0}</channel></rss>"
BROKEN_ITEM = "<item><title>Beca </b> & nada<link>"
FEED = RSS.format(ITEM.format(1), "")
BOMB = b"\0" * (60 * 2**20)
LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
CARD = "<article><a href='/beca/{0}'>Beca {0}</a></article>"
LISTING = "platform: listing\noptions: {{item: article, next: a.next, pages: {pages}}}"


@dataclass(frozen=True)
class Case:
    """One place: its class, words of the detail, how it answers, and what its source file adds."""

    outcome: Outcome
    words: str
    host: Callable[[Asked, Send], None] | None = None
    extra: str = ""
    url: str | None = None


def forever(start: bytes, piece: bytes, pause: float = 0.0) -> Callable[[Asked, Send], None]:
    def host(asked: Asked, send: Send) -> None:
        send(start)
        while True:
            send(piece)
            if pause:
                time.sleep(pause)

    return host


def silent(asked: Asked, send: Send) -> None:
    time.sleep(SECONDS + 2)


def to(location: str, status: str = "302 Found", **headers: str) -> Callable[[Asked, Send], None]:
    return says("", status=status, Location=location, **headers)


def only_robots(host: Callable[[Asked, Send], None]) -> Callable[[Asked, Send], None]:
    """A good feed whose robots.txt is ``host``'s."""

    def answers(asked: Asked, send: Send) -> None:
        if asked.path == "/robots.txt":
            host(asked, send)
        else:
            send(answer(FEED))

    answers.answers_robots = True  # type: ignore[attr-defined] - of the others the server says they have none
    return answers


def ever_new(**headers: str) -> Callable[[Asked, Send], None]:
    numbers = count()

    def host(asked: Asked, send: Send) -> None:
        send(answer("", status="302 Found", Location=f"/otra/{next(numbers)}", **headers))

    return host


def endless_list(asked: Asked, send: Send) -> None:
    number = int(asked.query.partition("=")[2] or 0)
    page = f"<html><body>{CARD.format(number)}<a class='next' href='/feed.xml?p={number + 1}'>Más</a></body></html>"
    send(answer(page, "text/html; charset=utf-8"))


def endless_posts(asked: Asked, send: Send) -> None:
    number = int(asked.query.partition("&page=")[2].partition("&")[0])
    post = (
        '[{"id": %d, "link": "http://x.prueba.test/%d", "title": {"rendered": "Beca"}, "content": {"rendered": "Uno"}}]'
    )
    send(answer(post % (number, number), "application/json", X_WP_TotalPages="99999999999", X_WP_Total="9" * 30))


def reset(asked: Asked, send: Send) -> None:
    raise OSError("closed without a word")


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n"
TWICE = gzip.compress(gzip.compress(BOMB))
FEED_WITH_ENTITY = RSS.format(ITEM.format("&x;"), "<!DOCTYPE rss [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>")
FEED_WITH_BOMB = RSS.format(ITEM.format("&a9;"), f'<!DOCTYPE rss [<!ENTITY a0 "ja">{LAUGHS}]>')
COOKIE_PAGE = "<html><head><title>Becas</title></head><body><h1>Cookies</h1><p>{}</p></body></html>"

CASES: dict[str, Case] = {
    "buena": Case("ok", "2 nuevas", says(RSS.format(ITEM.format(1) + ITEM.format(2), ""))),
    # time and size
    "gotea": Case("timeout", f"no respondió en {SECONDS} segundos", forever(HEAD + b"\r\n<rss>", b" ", 0.3)),
    "gotea_encabezados": Case("timeout", f"no respondió en {SECONDS} segundos", forever(HEAD, b"X-A: b\r\n", 0.3)),
    "calla": Case("timeout", f"no respondió en {SECONDS} segundos", silent),
    "corta": Case("timeout", "se cortó la conexión", reset),
    "sin_fin": Case("malformed", "más de 2 MB", forever(HEAD + b"\r\n", b" " * 65536)),
    "sin_fin_por_trozos": Case(
        "malformed", "más de 2 MB", forever(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"4000\r\n" + b" " * 0x4000 + b"\r\n")
    ),
    "anuncia_mucho": Case("malformed", "más de 2 MB", says(b"x", length=10**12)),
    "encabezados_sin_fin": Case("malformed", "encabezados de más de 256 KB", forever(HEAD, b"X-A: b\r\n" * 1000)),
    "encabezado_sin_fin": Case("malformed", "encabezados de más de 256 KB", forever(HEAD + b"X-A: ", b"b" * 65536)),
    "muchos_encabezados": Case("ok", "1 nueva,", says(FEED, **{f"X_{n}": "b" for n in range(2000)})),
    "bomba_gzip": Case("malformed", "crece a más de 2 MB", says(gzip.compress(BOMB), Content_Encoding="gzip")),
    "bomba_doble": Case("malformed", "crece a más de 2 MB", says(TWICE, Content_Encoding="gzip, gzip")),
    "bomba_deflate": Case("malformed", "crece a más de 2 MB", says(zlib.compress(BOMB), Content_Encoding="deflate")),
    "bomba_brotli": Case("malformed", "crece a más de 2 MB", says(brotli.compress(BOMB, quality=3), Content_Encoding="br")),
    # broken
    "gzip_roto": Case("malformed", "descomprimir", says(b"\x1f\x8bno es gzip", Content_Encoding="gzip")),
    "brotli_roto": Case("malformed", "descomprimir", says(b"no es brotli", Content_Encoding="br")),
    "zstd_roto": Case("malformed", "descomprimir", says(b"no es zstd", Content_Encoding="zstd")),
    "promete_de_mas": Case("malformed", "llegó menos de lo que anunció", says(FEED, length=len(FEED) + 100)),
    "promete_de_menos": Case("malformed", "XML roto", says(FEED, length=60)),
    "no_es_http": Case("malformed", "no respondió en HTTP", lambda asked, send: send(b"SSH-2.0-hola\r\n\r\n")),
    "otro_charset": Case(
        "ok", "1 nueva,", says(FEED.replace("Beca 1", "Educación").encode("latin-1"), "application/xml; charset=utf-8")
    ),
    "charset_inventado": Case("ok", "1 nueva,", says(FEED, "application/xml; charset=klingon")),
    "html_no_json": Case("malformed", "HTML", says("<!doctype html><p>Hola", "text/html"), "platform: wordpress"),
    "json_roto": Case("malformed", "JSON", says('[{"id": 1, "title": ', "application/json"), "platform: wordpress"),
    "json_hondo": Case("malformed", "JSON", says("[" * 200_000, "application/json"), "platform: wordpress"),
    "xml_bomba": Case("ok", "1 nueva,", says(FEED_WITH_BOMB)),
    "xml_entidad": Case("ok", "1 nueva,", says(FEED_WITH_ENTITY)),
    "xml_a_medias": Case("ok", "1 entrada sin entender", says(RSS.format(ITEM.format(1) + BROKEN_ITEM + ITEM.format(2), ""))),
    "xml_cortado": Case("malformed", "se corta antes de terminar", says(FEED[:-60])),
    # pages without end
    "lista_sin_fin": Case("ok", "4 en la lista", endless_list, LISTING.format(pages=4)),
    "wordpress_sin_fin": Case("ok", "5 en la lista", endless_posts, "platform: wordpress\noptions: {pages: 5, per_page: 1}"),
    "visita_sin_fin": Case("failed", "pasó de 30 respuestas", endless_list, LISTING.format(pages=100)),
    # redirects
    "circulo": Case("malformed", "redirige en círculo", to("/feed.xml")),
    "cadena": Case("malformed", "redirige más de 6 veces", ever_new()),
    "muro_de_cookies": Case("blocked", "pide aceptar cookies", to("/feed.xml", Set_Cookie="visto=1")),
    "cadena_con_cookies": Case("blocked", "pide aceptar cookies", ever_new(Set_Cookie="visto=1")),
    "a_fichero": Case("refused_address", "http(s)", to("file:///etc/passwd")),
    "sin_destino": Case("malformed", "302", says("", status="302 Found")),
    **{
        f"a_privada_{number}": Case("refused_address", "dirección", to(f"http://{host}/latest/meta-data"))
        for number, host in enumerate(
            ["127.0.0.1", "10.0.0.5", "169.254.169.254", "[::1]", "[fe80::1]", "[fd00:ec2::254]", "[::ffff:10.0.0.5]",
             "[::ffff:a9fe:a9fe]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "0.0.0.0", "localhost", "2130706433",
             "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1.", "localhost.", "%EF%BC%91%EF%BC%92%EF%BC%97.0.0.1"]
        )
    },
    **{
        f"nombre_{number}": Case("refused_address", "privada", url=f"http://n{number}.example/feed.xml")
        for number in range(6)
    },
    # closed doors and bad days
    "despacio": Case("blocked", "429: pide ir más despacio y pide esperar 120 segundos", says("", status="429 Slow", Retry_After="120")),
    "vuelva": Case(
        "server_error", "503 y pide esperar hasta «Wed, 25 Nov 2026 08:00:00 GMT»",
        says("", status="503 Busy", Retry_After="Wed, 25 Nov 2026 08:00:00 GMT"),
    ),
    "caida": Case("server_error", "respondió 500", says("", status="500 Oops")),
    "ley": Case("blocked", "451", says("", status="451 Law")),
    "no_cambio": Case("malformed", "304", says("", status="304 Not Modified")),
    "pide_cookies": Case(
        "blocked", "pide aceptar cookies", says(COOKIE_PAGE.format("Please enable cookies to continue."), "text/html")
    ),
    "pide_consentir": Case(
        "blocked", "pide aceptar cookies",
        says(COOKIE_PAGE.format("Para continuar debe aceptar nuestras cookies."), "text/html"),
    ),
    # robots.txt
    "robots_calla": Case("timeout", f"no respondió en {SECONDS} segundos; sin él no se visita nada", only_robots(silent)),
    "robots_sin_fin": Case("malformed", "más de 2 MB; no se leyó; sin él", only_robots(forever(HEAD + b"\r\n", b"#" * 65536))),
    "robots_despacio": Case(
        "blocked", "respondió 429 y pide esperar 9 segundos; sin él", only_robots(says("", status="429 Slow", Retry_After="9"))
    ),
    "robots_cerrado": Case("ok", "1 nueva,", only_robots(says("Disallow: /", status="403 No"))),
    "robots_circulo": Case("ok", "1 nueva,", only_robots(to("/robots.txt"))),
    "robots_privado": Case("ok", "1 nueva,", only_robots(to("http://169.254.169.254/robots.txt"))),
    # TLS
    "tls_bueno": Case("ok", "1 nueva,", says(FEED), url="https://bueno.example:{bueno}/feed.xml"),
    "tls_vencido": Case("tls", "vencido", says(FEED), url="https://vencido.example:{vencido}/feed.xml"),
    "tls_propio": Case("tls", "lo firmó él mismo", says(FEED), url="https://propio.example:{propio}/feed.xml"),
    "tls_otro": Case("tls", "otro nombre", says(FEED), url="https://otro.example:{bueno}/feed.xml"),
    "tls_no_hay": Case("tls", "conexión cifrada", says(FEED), url="https://claro.example:{claro}/feed.xml"),
}  # fmt: skip

NAMES = ["10.0.0.5", "127.0.0.1", "169.254.169.254", "::1", "fe80::1", "::ffff:10.0.0.5"]


@dataclass
class Seen:
    """What came of the crawl."""

    home: Path
    results: dict[str, SourceResult] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    seconds: float = 0.0
    memory: int = 0  # bytes, the child's peak
    asked: list[Asked] = field(default_factory=list)


def own_host(source_id: str) -> str:
    return f"{source_id.replace('_', '-')}.prueba.test"


def peak_of_children() -> int:
    """The largest peak, in bytes, of the crawls this process has running."""
    peaks = [0]
    for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
        if b"scrapers.crawl" not in Path(f"/proc/{pid}/cmdline").read_bytes():
            continue  # what other tests left running: a server of forks, Microsoft's parser
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        peaks += [int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")]
    return max(peaks)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("hostile")
    authority = Authority(folder)
    pem = {
        "bueno": authority.certificate("bueno.example"),
        "vencido": authority.certificate("vencido.example", days=-1),
        "propio": authority.certificate("propio.example", is_self_signed=True),
        "claro": None,
    }
    secure = {name: HostileServer({f"{name}.example": says(FEED)}, file) for name, file in pem.items()}
    ports = {name: server.port for name, server in secure.items()}
    (folder / "sources").mkdir()
    for source_id, case in CASES.items():
        url = (case.url or f"http://{own_host(source_id)}/feed.xml").format(**ports)
        platform = "" if "platform" in case.extra else "platform: feed\n"
        text = f"id: {source_id}\nname: x\n{platform}url: {url}\nlanguage: es\nauthority: official\n{case.extra}\n"
        (folder / "sources" / f"{source_id}.yaml").write_text(text, encoding="utf-8")
    hosts = {own_host(source_id): case.host for source_id, case in CASES.items() if case.host}
    with HostileServer(hosts) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(authority.file))
        seen = Seen(folder / "home", asked=server.asked)
        started = time.monotonic()
        crawl = run_crawl(
            make_job(
                seen.home,
                sources_folder=folder / "sources",
                web_folder=folder,
                web_days=[],
                politeness=False,
                settings={
                    "DOWNLOAD_TIMEOUT": SECONDS,
                    "DOWNLOAD_MAXSIZE": MAX_SIZE,
                    "RETRY_TIMES": 0,
                    "CLOSESPIDER_PAGECOUNT": 30,
                    "OWN_WEB_ADDRESS": server.address,
                    "TWISTED_DNS_RESOLVER": "tests.scrapers.hostile_server.FakeNames",
                    "FAKE_NAMES": {f"n{number}.example": [address] for number, address in enumerate(NAMES)},
                    "LOCAL_NAMES": [f"{name}.example" for name in (*ports, "otro")],
                },
            )
        )
        for result in crawl:
            seen.results[result.source_id] = result
            seen.memory = max(seen.memory, peak_of_children())
        seen.seconds = time.monotonic() - started
        seen.notices = read_records(notice_files(seen.home), Notice)
        yield seen
    for made in secure.values():
        made.__exit__()


@pytest.mark.parametrize("source_id", CASES)
def test_each_place_ends_in_its_class_with_words_a_person_understands(seen: Seen, source_id: str):
    case, result = CASES[source_id], seen.results[source_id]
    assert (result.outcome, case.words in result.detail) == (case.outcome, True), (result.outcome, result.detail)


def test_all_of_it_in_bounded_time_and_memory(seen: Seen):
    assert seen.seconds < 40
    assert 0 < seen.memory < MAX_MEMORY


def test_a_good_place_among_them_gives_its_notices_and_no_file_of_this_machine_is_in_any(seen: Seen):
    good = [notice.title for notice in seen.notices if notice.source_id == "buena"]
    assert good == ["Beca 1", "Beca 2"]
    assert [notice.title for notice in seen.notices if notice.source_id == "otro_charset"] == ["Educación"]
    unread = [notice for notice in seen.notices if notice.source_id in ("xml_bomba", "xml_entidad")]
    assert {notice.title for notice in unread} == {"Beca &a9;", "Beca &x;"}


def test_every_capture_can_be_read_and_the_good_ones_are_whole(seen: Seen):
    assert not list(seen.home.glob("captures/*/*.open"))
    kept = {}
    for path in seen.home.glob("captures/*/*.warc.gz"):
        with open(path, "rb") as file:
            kept[path.parent.name] = [
                (record.rec_type, record.raw_stream.read()) for record in ArchiveIterator(file, check_digests="raise")
            ]
    good = FEED.replace("</item>", f"</item>{ITEM.format(2)}").encode()
    assert ("response", good) in kept["buena"]
    assert {"bomba_gzip", "xml_bomba", "json_hondo", "despacio", "circulo"} <= kept.keys()


def test_nothing_private_was_dialled(seen: Seen):
    assert not [asked.host for asked in seen.asked if not asked.host.endswith(".prueba.test")]
