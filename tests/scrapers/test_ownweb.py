"""The own web: pages, days on top of each other, special paths, and a WordPress."""

import http.client
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scrapers.ownweb import OwnWeb, OwnWebServer
from scrapers.yamlfile import ConfigError

POST = "id: {id}\nslug: p{id}\ndate: 2026-11-0{id}T09:00:00\ntitle: P {id}\ncategories: [becas]\ncontent: <p>{id}</p>\n"


@pytest.fixture
def folder(write_files) -> Path:
    return write_files(
        {
            "d1/a.test/index.html": "uno",
            "d1/a.test/list.html": "página 1",
            "d1/a.test/list@page=2.html": "página 2",
            "d1/a.test/old.html": "vieja",
            "d1/a.test/raro.html": "ñandú",
            "d1/a.test/_site.yaml": "paths:\n  /raro.html: {encode: latin-1, charset: utf-8}\n  /ir: {location: 'http://10.0.0.5/'}\n"
            "  /cerrado/*: {status: 403}\n",
            "d2/a.test/index.html": "dos",
            "d2/a.test/_site.yaml": "paths: {/old.html: {status: 410}}\n",
            "d1/wp.test/_site.yaml": "wordpress: {categories: {becas: 6, otras: 7}, class_list: object}\n",
            **{f"d1/wp.test/posts/{n}.yaml": POST.format(id=n) for n in (1, 2, 3)},
            "d2/wp.test/posts/2.yaml": POST.format(id=2) + "deleted: true\n",
            "d2/wp.test/posts/3.yaml": POST.format(id=3) + "modified: 2026-11-20T10:00:00\n",
        }
    )


def test_days_lie_on_top_of_each_other(folder: Path):
    assert OwnWeb(folder, ["d1"]).answer("http://a.test/").body == b"uno"
    assert OwnWeb(folder, ["d1", "d2"]).answer("http://a.test/").body == b"dos"
    assert OwnWeb(folder, ["d1"]).answer("http://a.test/old").body == b"vieja"
    assert OwnWeb(folder, ["d1", "d2"]).answer("http://a.test/old.html").status == 410


def test_paths_queries_and_special_answers(folder: Path):
    web = OwnWeb(folder, ["d1"])
    assert web.answer("http://a.test/list?page=2").body.decode() == "página 2"
    assert web.answer("http://a.test/list?page=9").body.decode() == "página 1"
    assert web.answer("http://a.test/ir").headers["Location"] == "http://10.0.0.5/"
    assert web.answer("http://a.test/cerrado/x").status == 403
    lying = web.answer("http://a.test/raro.html")
    assert (lying.body, lying.headers["Content-Type"]) == ("ñandú".encode("latin-1"), "text/html; charset=utf-8")
    for nowhere in ("http://a.test/_site.yaml", "http://wp.test/posts/1.yaml", "http://b.test/", "http://a.test/../x"):
        assert web.answer(nowhere).status == 404


def test_what_has_not_changed_is_not_sent_again(folder: Path):
    web = OwnWeb(folder, ["d1"])
    etag = web.answer("http://a.test/").headers["ETag"]
    assert web.answer("http://a.test/", etag).status == 304
    assert OwnWeb(folder, ["d1", "d2"]).answer("http://a.test/", etag).status == 200


def test_wordpress_pages_filters_and_the_answer_past_the_end(folder: Path):
    web = OwnWeb(folder, ["d1", "d2"])
    api = "http://wp.test/wp-json/wp/v2/posts"
    first = web.answer(f"{api}?per_page=1&orderby=modified&_fields=id,class_list")
    assert json.loads(first.body) == [{"id": 3, "class_list": json.loads(first.body)[0]["class_list"]}]
    assert "category-becas" in json.loads(first.body)[0]["class_list"].values()
    assert (first.headers["X-WP-Total"], first.headers["X-WP-TotalPages"]) == ("2", "2")
    assert json.loads(web.answer(f"{api}?categories=7").body) == []
    assert [p["id"] for p in json.loads(web.answer(f"{api}?modified_after=2026-11-10T00:00:00").body)] == [3]
    past = web.answer(f"{api}?page=3")
    assert (past.status, json.loads(past.body)["code"]) == (400, "rest_post_invalid_page_number")
    assert b'<h1 class="entry-title">P 1</h1>' in web.answer("http://wp.test/2026/11/p1/").body
    assert web.answer("http://wp.test/2026/11/p2/").status == 404


def test_a_mistake_in_its_files_is_named(folder: Path):
    (folder / "d1/a.test/_site.yaml").write_text("paths: {/x: {estatus: 500}}", encoding="utf-8")
    answer = OwnWeb(folder, ["d1"]).answer("http://a.test/")
    assert answer.status == 500
    assert "_site.yaml:1: paths./x.estatus: unknown key" in answer.body.decode()
    with pytest.raises(ConfigError, match="d9"):
        OwnWeb(folder, ["d1", "d9"])


def test_it_answers_over_http_as_a_proxy(folder: Path):
    with OwnWebServer(OwnWeb(folder, ["d1"])) as server:
        client = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=5)
        client.request("GET", "http://a.test/list?page=2")
        answer = client.getresponse()
        assert (answer.status, answer.read().decode()) == (200, "página 2")
        client.close()
