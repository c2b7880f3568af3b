"""Sitemaps: what they name is visited once, again when it changes, and an unchanged one costs one request."""

import gzip
import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.platforms.sitemap import read_sitemap
from scrapers.run import Malformed
from scrapers.runner import replay
from tests.scrapers.conftest import LANGUAGES, Crawled
from tests.scrapers.pdfs import text_pdf
from tests.sources.answers import Answer, crawl_answered

SITE = "https://mapa.example"
SOURCE = """\
id: mapa
name: Mapa
platform: sitemap
url: https://mapa.example/sitemap.xml
language: es
authority: official
options: {match: /calls/, documents: {}, OPTIONS}
"""
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(**pages: str) -> str:
    rows = "".join(
        f"<url><loc>{SITE}/calls/{name}</loc>{f'<lastmod>{mod}</lastmod>' if mod else ''}</url>"
        for name, mod in pages.items()
    )
    return f"<?xml version='1.0'?><urlset {XMLNS}>{rows}<url><loc>{SITE}/about</loc></url></urlset>"


def page(title: str, text: str, **stated: str) -> str:
    data = json.dumps({"@type": "Grant", "name": title, **stated}) if stated else ""
    script = f'<script type="application/ld+json">{data}</script>' if stated else ""
    return (
        f"<html lang=es><head><title>{title} | Mapa</title>{script}</head><body><nav><a href=/>Inicio</a></nav>"
        f"<main><h1>{title}</h1><p>{text}</p><p><a href={SITE}/bases.pdf>Bases</a></p></main></body></html>"
    )


LONG = "El fondo apoya a ciudades de la región con proyectos de cultura, agua y movilidad durante dos años enteros."


class Site:
    """A site whose answers can be exchanged between crawls."""

    def __init__(self, folder: Path, options: str = "") -> None:
        self.folder, self.answers = folder, dict[str, Answer]()
        (folder / "sources").mkdir()
        (folder / "sources" / "mapa.yaml").write_text(SOURCE.replace("OPTIONS", options), encoding="utf-8")

    def put(self, path: str, body: bytes | str = b"", *, status: int = 200, etag: str = "") -> None:
        file = self.folder / path.strip("/").replace("/", "_")
        file.write_bytes(body.encode() if isinstance(body, str) else body)
        headers = {"Content-Type": "text/html" if "calls" in path else "application/octet-stream"}
        headers |= {"ETag": etag} if etag else {}
        self.answers[path] = Answer(SITE + path, str(file), status=status, headers=headers)

    def crawl(self) -> Crawled:
        return crawl_answered(self.folder / "home", self.folder / "sources", {"mapa": list(self.answers.values())})


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    site.put("/sitemap.xml", gzip.compress(urlset(uno="2026-11-01", dos="").encode()), etag='"1"')
    site.put("/calls/uno", page("Fondo uno", LONG, applicationDeadline="2027-01-09", validThrough="2027-01-10"))
    site.put("/calls/dos", page("Fondo dos", LONG))
    site.put("/bases.pdf", text_pdf("Monto: 9.000 euros"))
    return site


UNO, DOS = f"mapa/{SITE}/calls/uno", f"mapa/{SITE}/calls/dos"


def test_pages_become_notices_with_their_text_documents_and_facts(site: Site):
    crawled = site.crawl()
    assert set(crawled.notices) == {UNO, DOS}
    assert crawled.notices[UNO].text == (
        f"Fondo uno\n\n{LONG}\n\nBases\n\n[PDF: Bases]\nMonto: 9.000 euros\n\n"
        "Deadline: 2027-01-09\nValid through: 2027-01-10"
    )
    assert crawled.notices[DOS].title == "Fondo dos"
    assert (crawled.results["mapa"].outcome, crawled.results["mapa"].listed_count) == ("ok", 2)


def test_an_unchanged_sitemap_costs_one_request(site: Site):
    site.crawl()
    site.put("/sitemap.xml", status=304)
    again = site.crawl()
    assert again.results["mapa"].request_count == 2  # robots.txt and the sitemap
    assert (again.results["mapa"].outcome, again.results["mapa"].listed_count) == ("unchanged", 2)


def test_a_page_is_read_again_when_its_lastmod_changes_and_only_then(site: Site):
    site.crawl()
    site.put("/calls/uno", page("Fondo uno", f"{LONG} Se amplía el plazo."))
    site.put("/calls/dos", page("Fondo dos", f"{LONG} Otro texto."))
    assert site.crawl().results["mapa"].request_count == 2
    site.put("/sitemap.xml", urlset(uno="2026-11-20", dos=""))
    changed = site.crawl()
    assert set(changed.notices) == {UNO}
    assert "Se amplía el plazo." in changed.notices[UNO].text


def test_an_index_leads_to_the_sitemaps_that_are_wanted(tmp_path: Path):
    site = Site(tmp_path, "sitemaps: 'calls'")
    rows = "".join(
        f"<sitemap><loc>{SITE}/{name}.xml</loc></sitemap>" for name in ("calls1", "news", "calls2", "sitemap")
    )
    site.put("/sitemap.xml", f"<sitemapindex {XMLNS}>{rows}</sitemapindex>")
    site.put("/calls1.xml", urlset(uno="2026-11-01"))
    site.put("/calls2.xml", urlset(dos="2026-11-01"))
    site.put("/calls/uno", page("Fondo uno", LONG))
    site.put("/calls/dos", page("Fondo dos", LONG))
    assert set(site.crawl().notices) == {UNO, DOS}


def test_old_pages_are_listed_and_not_visited(tmp_path: Path):
    site = Site(tmp_path, "since_days: 30")
    site.put("/sitemap.xml", urlset(uno="2026-11-01", dos="2025-01-01T10:00:00Z"))
    site.put("/calls/uno", page("Fondo uno", LONG))
    crawled = site.crawl()
    assert set(crawled.notices) == {UNO}
    assert (crawled.results["mapa"].listed_count, crawled.results["mapa"].error_count) == (2, 1)  # its PDF is not there


def test_what_a_crawl_had_no_room_for_comes_with_the_next(tmp_path: Path):
    site = Site(tmp_path, "max_details: 1")
    site.put("/sitemap.xml", urlset(dos="2026-11-01", uno="2026-11-02"), etag='"1"')
    site.put("/calls/uno", page("Fondo uno", LONG))
    site.put("/calls/dos", page("Fondo dos", LONG))
    site.put("/bases.pdf", text_pdf("Monto: 9"))
    assert set(site.crawl().notices) == {UNO}  # the last changed first
    assert set(site.crawl().notices) == {DOS}
    assert site.crawl().results["mapa"].outcome == "unchanged"


def test_where_structured_data_is_needed_a_page_without_is_no_item_and_is_not_asked_twice(tmp_path: Path):
    site = Site(tmp_path, "needs_structured: true")
    site.put("/sitemap.xml", urlset(uno="2026-11-01", dos="2026-11-01"))
    site.put("/calls/uno", page("Fondo uno", LONG, applicationDeadline="2027-01-09"))
    site.put("/calls/dos", page("Fondo dos", LONG))
    site.put("/bases.pdf", text_pdf("Monto: 9"))
    assert set(site.crawl().notices) == {UNO}
    assert site.crawl().results["mapa"].request_count == 2
    site.put("/sitemap.xml", urlset(uno="2026-11-05", dos="2026-11-01"))
    site.put("/calls/uno", page("Fondo uno", LONG))
    again = site.crawl()
    assert not again.notices
    assert "estructurado" in again.results["mapa"].detail


def test_a_site_without_any_structured_data_is_told(tmp_path: Path):
    site = Site(tmp_path, "needs_structured: true")
    site.put("/sitemap.xml", urlset(dos="2026-11-01"))
    site.put("/calls/dos", page("Fondo dos", LONG))
    assert site.crawl().results["mapa"].outcome == "changed_shape"


BOMB = "<!DOCTYPE u [<!ENTITY a 'x'>" + "".join(f"<!ENTITY a{n} '{'&a;' * 10}'>" for n in range(9)) + "]>"


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body>no</body></html>", b"\x1f\x8b\x08 roto", b"hola", gzip.compress(b"0" * 60_000_000), b"<a"],
    ids=["empty", "a page", "a broken archive", "a word", "a bomb", "half a tag"],  # an archive has the hour in it
)
def test_what_is_no_sitemap_is_malformed(body: bytes):
    with pytest.raises(Malformed):
        read_sitemap(body, SITE)


def test_entities_are_not_followed_and_broken_entries_are_left_out():
    xml = f"{BOMB}<urlset {XMLNS}><url><loc>{SITE}/&a8;</loc></url><url><loc>javascript:x</loc></url><url/></urlset>"
    _, entries = read_sitemap(xml.encode(), SITE)
    assert all("xx" not in entry.url for entry in entries)
    cut = urlset(uno="2026-11-01", dos="2026-11-01").encode()[:-60]
    assert read_sitemap(cut, SITE)[1][0].url == f"{SITE}/calls/uno"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: urlset(a=text).encode("utf-8", "replace")))
def test_no_bytes_break_the_reading(body: bytes):
    with suppress(Malformed):
        read_sitemap(body, SITE)


def test_a_replay_gives_the_same_notices_documents_included(site: Site):
    crawled = site.crawl()
    home, sources = site.folder / "home", site.folder / "sources"
    replayed = replay(home, "mapa", crawled.crawl_id, sources_folder=sources, languages=[*LANGUAGES, "de"])
    assert {notice.item_id: notice for notice in replayed.notices} == crawled.notices
