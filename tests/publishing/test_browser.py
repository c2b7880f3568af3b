"""The site in a real browser: nothing fails, nothing leaves the site, everybody can use it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.site import render_site
from tests.browser import CONTRAST, WCAG, Watched, holes, needs_browser, violations
from tests.publishing.informed import informed
from tests.publishing.pages import render_pages
from tests.publishing.sample_bulletin import sample_bulletin

PAGES = {
    "home": "index.html",
    "opportunity": "oportunidades/pal-2026-00001/index.html",
    "cut-offs": "oportunidades/pal-2026-00002/index.html",
    "hostile": "oportunidades/pal-2026-00004/index.html",
    "corrected": "oportunidades/pal-2026-00005/index.html",
    "closed": "oportunidades/pal-2026-00006/index.html",
    "changed": "oportunidades/pal-2026-00007/index.html",
    "withdrawn": "oportunidades/pal-2026-00009/index.html",
    "edition": "ediciones/2026-11-23/index.html",
    "editions": "ediciones/index.html",
    "search": "buscar/index.html",
    "explore": "explorar/index.html",
    "list": "explorar/tipo/fund/index.html",
    "articles": "articulos/index.html",
    "article": "articulos/2026-W48/index.html",
    "subscribe": "suscribirse/index.html",
    "how": "como-funciona/index.html",
    "transparency": "transparencia/index.html",
    "open data": "datos-abiertos/index.html",
    "dashboards": "tableros/index.html",
    "safety": "seguridad/index.html",
    "results": "resultados/index.html",
    "form": "conte-su-resultado/index.html",
    "missing": "404.html",
}
MAX_BYTES = 100_000  # of a page, before images

pytestmark = needs_browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's output is the test's."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample bulletin with everything it may be handed, rendered once."""
    bulletin = informed(sample_bulletin(), tmp_path_factory.mktemp("set"))
    folder = tmp_path_factory.mktemp("site")
    render_pages(bulletin, folder)
    return folder


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_every_kind_of_page_is_looked_at(site: Path):
    """A new kind of page has to be named above."""

    def kind(path: Path) -> tuple[str, ...]:
        parts = path.relative_to(site).parts
        return parts[:1] if len(parts) < 3 or parts[0] == "oportunidades" else (parts[0], "…")

    looked = {kind(site / path) for path in PAGES.values()}
    there = {kind(path) for path in site.rglob("*.html")} - {("datos",), ("tableros", "…")}
    assert there == looked


@pytest.mark.parametrize(("scheme", "width", "rules"), [("light", 1280, WCAG), ("dark", 360, CONTRAST)])
def test_no_page_fails_leaves_the_site_overflows_or_shuts_anybody_out(
    browser: Browser, address: str, scheme: str, width: int, rules: dict[str, Any]
):
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    watched = Watched.of(page)
    for name, path in PAGES.items():
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
        assert page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopWidth") == "5px", name
        assert violations(page, rules) == "", name
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(address)] == []
    assert context.cookies() == []
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_rows_of_cards_leave_no_hole(browser: Browser, address: str, width: int):
    page = browser.new_page(viewport={"width": width, "height": 800})
    for name in ("home", "edition", "results"):
        page.goto(address + PAGES[name])
        assert holes(page, ".cards, .funnel") == [], name
    page.close()


BRANDS = {"pale": ("#ffffe0", "#ffffff"), "dark": ("#000000", "#101010")}


@pytest.mark.parametrize("brand", BRANDS)
def test_any_brand_can_be_read(browser: Browser, tmp_path: Path, brand: str):
    bulletin = informed(sample_bulletin(), tmp_path / "set")
    primary, accent = BRANDS[brand]
    look = bulletin.entity.brand.model_copy(update={"primary": primary, "accent": accent})
    unsure = {"brand": look, "unconfirmed": ["name", "site_url", "contact_email", "channels"]}
    render_site(replace(bulletin, entity=bulletin.entity.model_copy(update=unsure)), Disk(tmp_path / "site"))
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme, viewport={"width": 1280, "height": 800})
        for name in ("home", "changed", "transparency", "safety"):
            page.goto((tmp_path / "site" / PAGES[name]).as_uri())
            assert violations(page, CONTRAST) == "", f"{name}, {scheme}"
        page.close()


def open_home(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    return page


def test_the_keyboard_skips_to_the_content_and_opens_a_note(browser: Browser, address: str):
    page = open_home(browser, address)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "Saltar al contenido"
    box = skip.bounding_box()
    assert box is not None
    assert box["y"] >= 0, "the focused skip link is out of sight"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "contenido"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Buscar oportunidades"
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Recibir avisos"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement, '::after').outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_url("**/oportunidades/pal-2026-00001/**")
    assert "Becas completas" in page.title()
    page.close()


def test_the_site_works_without_scripts(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    for name, path in PAGES.items():
        page.goto(address + path)
        assert page.get_by_role("heading", level=1).is_visible(), name
        links = page.get_by_role("navigation", name="Principal").get_by_role("link")
        assert links.count() >= 3, name
        for number in range(links.count()):
            box = links.nth(number).bounding_box()
            assert box is not None, name
            assert box["x"] >= 0 and box["x"] + box["width"] <= 360, name
            assert box["height"] >= 44, f"{name}: {links.nth(number).inner_text()} is too small to touch"
    page.goto(address + PAGES["opportunity"])
    assert page.get_by_role("heading", name="¿Puedo aplicar desde Ecuador?").is_visible()
    assert page.get_by_role("link", name="Ir a la página oficial nordhaven.example").is_visible()
    context.close()


def test_nothing_scrolls_sideways_at_twice_the_size(browser: Browser, address: str):
    page = browser.new_page(viewport={"width": 640, "height": 450})  # 1280 × 900 at 200 % zoom
    for path in PAGES.values():
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 640, path
    page.close()


def test_the_keyboard_reaches_everything_there_is_to_press_in_order(browser: Browser, address: str):
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    for name in ("transparency", "open data", "dashboards", "safety", "opportunity", "form", "results"):
        page.goto(address + PAGES[name])
        pressable = page.evaluate(
            """() => [...document.querySelectorAll('a[href], [tabindex="0"], button, fieldset label:first-of-type input, [autocomplete]')].map(e => e.getAttribute('href') || e.className)"""
        )
        reached = []
        for _ in pressable:
            page.keyboard.press("Tab")
            told = page.evaluate(
                """() => { const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
                return [e.getAttribute('href') || e.className, s.outlineStyle, box.bottom > 0 && box.top < innerHeight] }"""
            )
            reached.append(told[0])
            assert told[1] == "solid", f"{name}: the focus on {told[0]} does not show"
            assert told[2], f"{name}: the focus on {told[0]} is out of sight"
        assert reached == pressable, name
    page.close()


def test_files_can_be_downloaded(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + PAGES["open data"])
    with page.expect_download() as waiting:
        page.get_by_role("link", name="oportunidades en CSV").click()
    assert waiting.value.suggested_filename == "oportunidades.csv"
    assert Path(waiting.value.path()).read_bytes().startswith(b"codigo")
    page.close()


def test_the_dashboard_opens_from_its_page(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + PAGES["dashboards"])
    page.get_by_role("link", name="Abrir el tablero").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Tablero"
    page.close()


def test_pages_are_light(site: Path):
    for path in site.rglob("*.html"):
        assert path.stat().st_size <= MAX_BYTES, path


def test_a_note_can_be_read_on_paper(browser: Browser, address: str):
    page = browser.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(address + PAGES["opportunity"])
    assert violations(page, CONTRAST) == ""
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert not page.get_by_role("navigation", name="Principal").is_visible()
    page.close()


def test_a_merged_address_takes_the_reader_to_the_note(browser: Browser, address: str):
    page = browser.new_page()
    page.goto(address + "oportunidades/pal-2026-00010/index.html")
    page.wait_for_url("**/oportunidades/pal-2026-00001/**")
    assert "Becas completas" in page.title()
    page.close()


def test_the_site_opens_from_a_folder(browser: Browser, site: Path):
    page = browser.new_page()
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.goto((site / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopWidth") == "5px"
    page.get_by_role("contentinfo").get_by_role("link", name="Transparencia de la IA").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Transparencia de la IA"
    assert failed == []
    page.close()
