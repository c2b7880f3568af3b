"""Credentials of sources: they go to the source's own host on the wire, and are nowhere else afterwards."""

import asyncio
import base64
import gzip
import html
import io
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from scrapers import runner
from scrapers.archive import notice_files
from scrapers.credentials import MaskedStream, Secrets, gather, variables
from scrapers.handler import Credentials, Handler, is_safe
from scrapers.notice import Notice
from scrapers.outcome import SourceResult
from scrapers.run import Malformed
from scrapers.runner import job_from_json, replay, run_crawl, start_child
from scrapers.source import Source
from scrapers.tabular import read_records
from tests.scrapers.conftest import LANGUAGES, make_job
from tests.scrapers.hostile_server import Asked, HostileServer, Send, answer

KEY, BEARER, TOKEN, USER, PASSWORD = (
    "llave+Única/7",
    "Bearer s3creta.cabecera",
    "t0ken&form",
    "socia@prueba",
    'cl"ave ñ',
)
VALUES = {"PRUEBA_KEY": KEY, "PRUEBA_BEARER": BEARER, "PRUEBA_TOKEN": TOKEN, "PRUEBA_USER": USER, "PRUEBA_PW": PASSWORD}
FEED = (
    "<?xml version='1.0'?><rss version='2.0'><channel><title>t</title><item><title>Beca {0}</title>"
    "<link>http://{1}/beca?k={0}</link><guid>{0}</guid><description>Texto {0}</description></item></channel></rss>"
)
SOURCES = {
    "con_clave": "platform: feed\nurl: http://con-clave.prueba.test/feed.xml\n"
    "access: {query: {api_key: PRUEBA_KEY}, headers: {Authorization: PRUEBA_BEARER}}",
    "se_va": "platform: feed\nurl: http://se-va.prueba.test/feed.xml\naccess: {query: {api_key: PRUEBA_KEY}}",
    "falla": "platform: feed\nurl: http://falla.prueba.test/feed.xml\naccess: {query: {api_key: PRUEBA_KEY}}",
    "no_es_http": "platform: feed\nurl: http://no-es-http.prueba.test/feed.xml\naccess: {query: {api_key: PRUEBA_KEY}}",
    "sin_enlace": "platform: feed\nurl: http://sin-enlace.prueba.test/feed.xml\naccess: {query: {api_key: PRUEBA_KEY}}",
    "negada": "platform: feed\nurl: http://negada.prueba.test/feed.xml\naccess: {headers: {X-Key: PRUEBA_KEY}}",
    "comprime": "platform: feed\nurl: http://comprime.prueba.test/feed.xml\naccess: {query: {api_key: PRUEBA_KEY}}",
    "socios": "platform: feed\nurl: http://socios.prueba.test/feed.xml\n"
    "access: {login: {url: 'http://socios.prueba.test/entrar', form: {u: PRUEBA_USER, p: PRUEBA_PW}, success: Hola}}",
    "socios_mal": "platform: feed\nurl: http://socios-mal.prueba.test/feed.xml\n"
    "access: {login: {url: 'http://socios-mal.prueba.test/entrar', form: {u: PRUEBA_USER, p: PRUEBA_PW}, success: Hola}}",
    "sin_clave": "platform: feed\nurl: http://sin-clave.prueba.test/feed.xml\naccess: {query: {k: NO_ESTA}}",
    "corta": "platform: feed\nurl: http://corta.prueba.test/feed.xml\naccess: {query: {k: MUY_CORTA}}",
    "en_claro": "platform: feed\nurl: http://clara.example/feed.xml\naccess: {query: {k: PRUEBA_KEY}}",
    "api": "platform: json_api\nurl: http://api.prueba.test/v1\naccess: {form: {token: PRUEBA_TOKEN}}\n"
    "options: {json: {q: becas}, items: items, id: id, title: title}",
}


def echo(asked: Asked, send: Send) -> None:
    """First a redirect that repeats the query and a header, then a failure with both in it, then a feed of them."""
    said = asked.query + asked.headers.get("authorization", "")
    times.append(asked.host)
    if asked.path == "/feed.xml":
        location = f"http://{asked.host}/sigue?{asked.query}&otra=1"
        send(answer(f"vaya a {said}", status="302 Found", Location=location, X_Echo=said, Set_Cookie=f"k={KEY_IN_URL}"))
    elif times.count(asked.host) == 2:
        send(answer(f"falló: {said} {html.escape(KEY)}", status="500 Oops", X_Echo=said))
    else:
        send(answer(FEED.format(html.escape(f"{said} {KEY}"), asked.host), ETag='"1"'))


times: list[str] = []
KEY_IN_URL = quote(KEY, safe="")


def gone_elsewhere(asked: Asked, send: Send) -> None:
    if asked.host == "se-va.prueba.test":
        send(answer("", status="302 Found", Location=f"http://otra.prueba.test/feed.xml?{asked.query}"))
    else:
        send(answer(FEED.format(1, asked.host)))


def portal(asked: Asked, send: Send) -> None:
    fields = dict(pair.split("=", 1) for pair in asked.body.decode().split("&") if "=" in pair)
    if asked.path == "/entrar" and asked.host == "socios.prueba.test" and fields.get("p") == quote_plus(PASSWORD):
        send(answer("", status="302 Found", Location="/bienvenida", Set_Cookie="sesion=abc123; Path=/"))
    elif asked.path == "/entrar":
        send(answer(f"<p>Clave mala: {html.escape(PASSWORD)}", "text/html; charset=utf-8"))
    elif "sesion=abc123" not in asked.headers.get("cookie", ""):
        send(answer("", status="403 No"))
    elif asked.path == "/bienvenida":
        send(answer(f"<p>Hola, {USER}", "text/html"))
    else:
        send(answer(FEED.format(f"para {USER}", asked.host)))


def api(asked: Asked, send: Send) -> None:
    given = json.loads(asked.body)
    item = {"id": 1, "title": f"Beca {given.get('token')}", "url": "http://api.prueba.test/1"}
    send(answer(json.dumps({"items": [item], "eco": given}), "application/json"))


HOSTS = {
    "con-clave": echo,
    "falla": lambda asked, send: send(answer(f"no: {asked.query} {KEY}", status="500 Oops")),
    "no-es-http": lambda asked, send: send(f"{asked.query} {KEY}\r\n\r\n".encode()),
    "se-va": gone_elsewhere,
    "otra": gone_elsewhere,
    "negada": lambda asked, send: send(answer(KEY, status="401 No", X_Why=asked.headers["x-key"])),
    "comprime": lambda asked, send: send(
        answer(gzip.compress(FEED.format(html.escape(KEY), asked.host).encode()), Content_Encoding="gzip")
    ),
    "sin-enlace": lambda asked, send: send(
        answer(re.sub("<link>.*<guid", "<guid isPermaLink='false'", FEED.format(1, "")))
    ),
    "socios": portal,
    "socios-mal": portal,
    "api": api,
    "sin-clave": gone_elsewhere,
    "corta": gone_elsewhere,
}


@dataclass
class Seen:
    """What came of the crawl."""

    home: Path
    crawl_id: str
    results: dict[str, SourceResult]
    notices: dict[str, Notice]
    asked: list[Asked]

    def of(self, host: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.host == f"{host}.prueba.test" and asked.path != "/robots.txt"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder = tmp_path_factory.mktemp("access")
    (folder / "sources").mkdir()
    for source_id, text in SOURCES.items():
        whole = f"id: {source_id}\nname: x\nlanguage: es\nauthority: official\n{text}\n"
        (folder / "sources" / f"{source_id}.yaml").write_text(whole, encoding="utf-8")
    with HostileServer({f"{name}.prueba.test": host for name, host in HOSTS.items()}) as server:
        job = make_job(
            folder / "home",
            sources_folder=folder / "sources",
            web_folder=folder,
            web_days=[],
            secrets={**VALUES, "MUY_CORTA": "abc"},
            settings={"OWN_WEB_ADDRESS": server.address, "LOG_LEVEL": "DEBUG", "COOKIES_DEBUG": True},
        )
        crawl = run_crawl(job)
        results = {result.source_id: result for result in crawl}
        notices = {notice.source_id: notice for notice in read_records(notice_files(folder / "home"), Notice)}
        return Seen(folder / "home", crawl.crawl_id, results, notices, server.asked)


def traces(value: str) -> list[bytes]:
    """How a value could look in a file."""
    return [*(text.encode() for text in spellings(value)), value.encode("latin-1"), value.encode("utf-16-le")]


def test_no_byte_of_a_secret_is_in_the_home_the_log_or_the_results(seen: Seen):
    files = [path for path in seen.home.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".gz", ".parquet", ".log", ".json"}
    contents = {path: path.read_bytes() for path in files}
    contents |= {path / "gunzipped": gzip.decompress(data) for path, data in contents.items() if path.suffix == ".gz"}
    contents[Path("results")] = repr(seen.results).encode()
    contents[Path("notices")] = repr(seen.notices).encode()
    bare = BEARER.removeprefix("Bearer ")
    for value in (KEY, BEARER, bare, TOKEN, USER, PASSWORD):
        for trace in traces(value):
            assert not [path for path, data in contents.items() if trace.lower() in data.lower()], trace


def test_the_source_got_them_every_time_it_was_asked_and_for_robots_never(seen: Seen):
    asked = seen.of("con-clave")
    assert [one.path for one in asked] == ["/feed.xml", "/sigue", "/sigue"]
    assert all(one.query.endswith(f"api_key={KEY_IN_URL}") and one.query.count("api_key") == 1 for one in asked)
    assert all(one.headers["authorization"] == BEARER for one in asked)
    assert not [
        one for one in seen.asked if one.path == "/robots.txt" and (one.query or "authorization" in one.headers)
    ]


def test_what_it_echoes_is_read_without_them(seen: Seen):
    result = seen.results["con_clave"]
    assert (result.outcome, result.new_count) == ("ok", 1), result.detail
    title = seen.notices["con_clave"].title
    assert title.startswith("Beca otra=1&api_key=REDACTED") and title.endswith("REDACTED REDACTED")
    assert seen.notices["comprime"].title == "Beca REDACTED"


def test_another_host_never_gets_them_not_even_in_an_address_that_repeats_them(seen: Seen):
    (asked,) = seen.of("otra")
    assert asked.query == "api_key=REDACTED"
    assert seen.results["se_va"].outcome == "ok"


def test_fields_of_a_json_body_are_added_to_what_is_asked(seen: Seen):
    (asked,) = seen.of("api")
    assert json.loads(asked.body) == {"q": "becas", "token": TOKEN}
    assert seen.notices["api"].title == "Beca REDACTED"


def test_a_portal_is_entered_once_and_its_session_lasts_for_its_source(seen: Seen):
    assert [(one.method, one.path) for one in seen.of("socios")] == [
        ("POST", "/entrar"), ("GET", "/bienvenida"), ("GET", "/feed.xml"),
    ]  # fmt: skip
    assert seen.results["socios"].outcome == "ok", seen.results["socios"].detail
    assert not [one for one in seen.asked if "cookie" in one.headers and one.host != "socios.prueba.test"]


def test_pages_behind_a_login_are_not_archived_and_say_so(seen: Seen):
    assert {path.parent.name for path in seen.home.glob("captures/*/*")}.isdisjoint({"socios", "socios_mal"})
    with pytest.raises(ValueError, match="not archived"):
        replay(seen.home, "socios", seen.crawl_id, sources_folder=seen.home.parent / "sources", languages=LANGUAGES)


@pytest.mark.parametrize(
    ("source_id", "words", "requests"),
    [
        ("sin_clave", "Falta NO_ESTA en el entorno", 0),
        ("corta", "El valor de MUY_CORTA tiene menos de 4 caracteres", 0),
        ("en_claro", "no va cifrada", 0),
        ("negada", "respondió 401: pide una clave", 1),
        ("socios_mal", "no se lee «Hola»; revise PRUEBA_PW y PRUEBA_USER", 1),
    ],
)
def test_what_is_missing_or_not_accepted_is_told(seen: Seen, source_id: str, words: str, requests: int):
    result = seen.results[source_id]
    assert (result.outcome, words in result.detail) == ("credentials", True), result.detail
    assert len(seen.of(source_id.replace("_", "-"))) == requests


def test_failures_are_told_without_them(seen: Seen):
    assert (seen.results["falla"].outcome, seen.results["no_es_http"].outcome) == ("server_error", "malformed")
    assert len(seen.of("falla")) == 2  # retried


@pytest.mark.parametrize("source_id", ["con_clave", "api", "comprime"])
def test_a_replay_needs_none(seen: Seen, source_id: str):
    again = replay(
        seen.home, source_id, seen.crawl_id, sources_folder=seen.home.parent / "sources", languages=LANGUAGES,
        web_suffix="prueba.test",
    )  # fmt: skip
    assert again.notices == [seen.notices[source_id]]


# ---------------------------------------------------------------- the parts


def source(**access: object) -> Source:
    return Source.model_validate(
        {"id": "una", "name": "x", "platform": "feed", "url": "https://una.example/f", "language": "es",
         "authority": "official", "access": access}
    )  # fmt: skip


def test_only_the_variables_that_sources_name_are_gathered():
    one = source(query={"k": "A_KEY"}, login={"url": "https://una.example/l", "form": {"p": "A_PW"}, "success": "s"})
    assert variables(one) == ["A_KEY", "A_PW"]
    assert gather([one], {"A_KEY": " v \n", "A_PW": "", "PATH": "/bin"}) == {"A_KEY": "v"}


@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=4).filter(
        str.isprintable
    )
)
def test_a_value_is_masked_in_every_spelling(value: str):
    secrets = Secrets({"A": value})
    for told in spellings(value):
        masked = secrets.mask(f"<{told}>"), secrets.mask_bytes(f"<{told}>".encode()).decode()
        assert masked == ("<REDACTED>", "<REDACTED>")


def spellings(value: str) -> list[str]:
    small = re.sub("%..", lambda found: found[0].lower(), quote(value, safe=""))
    in_json = [json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]]
    encoded = base64.b64encode(value.encode()).decode().rstrip("=")
    return [value, quote(value), quote_plus(value), small, html.escape(value), *in_json, encoded]


def test_the_address_of_an_item_without_one_is_the_list_s_as_everybody_sees_it(seen: Seen):
    assert seen.notices["sin_enlace"].url == "http://sin-enlace.prueba.test/feed.xml"


def test_what_is_printed_in_the_child_is_masked():
    stream = io.StringIO()
    print("GET https://una.example/?k=hunter%32%32", file=MaskedStream(stream, Secrets({"A": "hunter22"})))
    assert stream.getvalue() == "GET https://una.example/?k=REDACTED\n"


def test_an_error_on_the_way_is_told_without_the_address_that_was_dialled(monkeypatch: pytest.MonkeyPatch):
    async def fail(handler: object, request: Request) -> Response:
        raise DownloadTimeoutError(f"Getting {request.url} took longer than 2 seconds.")

    monkeypatch.setattr(HTTP11DownloadHandler, "download_request", fail)
    handler = Handler.__new__(Handler)
    handler._access = credentials(query={"k": "A_KEY"})
    with pytest.raises(DownloadTimeoutError, match=r"\?k=REDACTED took"):
        asyncio.run(handler.download_request(Request("https://una.example/f")))


def test_printing_shows_no_value():
    assert repr(Secrets({"A": "hunter22"})) == "Secrets(A)"
    job = make_job(Path("home"), secrets={"A": "hunter22"})
    assert "hunter22" not in repr(job)
    with pytest.raises(ValueError, match="as_of") as broken:
        job_from_json(job.to_json().replace('"as_of":"', '"as_of":"no '))
    assert "hunter22" not in str(broken.value)


def credentials(**access: object) -> Credentials:
    class Decoder:
        def process_response(self, request: Request, response: Response) -> Response:
            return response

    return Credentials(source(**access), Secrets({"A_KEY": "hunter22"}), "prueba.test", Decoder())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "url", ["http://una.example/f", "https://otra.example/f", "https://una.example:8443/f", "https://a.una.example/f",
            "https://una.example/robots.txt"],
)  # fmt: skip
def test_elsewhere_and_in_the_clear_they_are_not_added(url: str):
    made = credentials(query={"k": "A_KEY"}, headers={"X-Key": "A_KEY"}, form={"f": "A_KEY"})
    request = made.put_into(Request(url, method="POST", body="a=b", headers={"Content-Type": FORM}))
    assert (request.url, request.body, request.headers.get("X-Key")) == (url, b"a=b", None)


FORM = "application/x-www-form-urlencoded"


def test_fields_of_a_form_are_added_and_other_bodies_left_alone():
    made = credentials(form={"f": "A_KEY"})
    whole = made.put_into(
        Request("https://una.example/f", method="POST", body="a=b&f=x", headers={"Content-Type": FORM})
    )
    assert whole.body == b"a=b&f=hunter22"
    other = Request("https://una.example/f", method="POST", body="<a/>", headers={"Content-Type": "text/xml"})
    assert made.put_into(other).body == b"<a/>"


def test_a_session_does_not_travel_in_the_clear():
    made = credentials(login={"url": "https://una.example/l", "form": {"p": "A_KEY"}, "success": "s"})
    cookies = {"Cookie": "sesion=1"}
    assert "Cookie" in made.put_into(Request("https://una.example/f", headers=cookies)).headers
    assert "Cookie" not in made.put_into(Request("http://una.example/f", headers=cookies)).headers
    assert not is_safe("http://una.example/", "prueba.test")


def test_an_answer_that_cannot_be_cleared_is_not_taken():
    response = Response("https://una.example/f", headers={"Content-Encoding": "rot13"}, body=b"uhagre22")
    with pytest.raises(Malformed):
        credentials(query={"k": "A_KEY"}).taken_out(response, Request("https://una.example/f"))


def test_the_child_has_them_in_neither_its_environment_nor_its_arguments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRUEBA_KEY", KEY)
    started: list[tuple[object, object]] = []
    real = subprocess.Popen

    def popen(arguments: list[str], **given: object) -> object:
        started.append((arguments, given["env"]))
        return real([sys.executable, "-c", "pass"], **given)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", popen)
    monkeypatch.setattr(runner, "start_child", start_child)  # the real one, whatever the other tests use
    with pytest.raises(Exception, match="ended early"):
        list(run_crawl(make_job(tmp_path / "home", secrets={"PRUEBA_KEY": KEY})))
    ((arguments, environment),) = started
    assert "PATH" in environment and "PRUEBA_KEY" not in environment  # type: ignore[operator]
    assert KEY not in str(arguments)
