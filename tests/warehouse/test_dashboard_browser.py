"""The dashboard in a real browser: nothing fails, nothing leaves the page, everybody can read it."""

import pytest
from playwright.sync_api import Browser

from tests.browser import CONTRAST, WCAG, Watched, holes, needs_browser, violations
from tests.warehouse.dashboard_set import DashboardSet

pytestmark = [needs_browser, pytest.mark.xdist_group("dashboard")]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_the_page_fails_in_nothing_and_shuts_nobody_out(browser: Browser, shown: DashboardSet, scheme: str, width: int):
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    watched = Watched.of(page)
    page.goto((shown.dashboard / "index.html").as_uri())
    assert page.evaluate("getComputedStyle(document.querySelector('.top')).borderTopWidth") == "5px", "it has its style"
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
    assert violations(page, WCAG) == ""
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []
    context.close()


def test_pictures_are_painted_in_the_colours_of_the_scheme_and_large_enough_to_read(
    browser: Browser, shown: DashboardSet
):
    painted = {}
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme, viewport={"width": 360, "height": 800})
        page.goto((shown.dashboard / "index.html").as_uri())
        painted[scheme] = page.evaluate(
            "[...document.querySelectorAll('.plot')].map(plot => [...plot.querySelectorAll('text')].map("
            "text => getComputedStyle(text).fill))"
        )
        heights = page.evaluate(
            "[...document.querySelectorAll('.plot text')].map(text => parseFloat(getComputedStyle(text).fontSize) * "
            "text.closest('svg').getBoundingClientRect().width / text.closest('svg').viewBox.baseVal.width)"
        )
        assert min(heights) >= 9.5, "of letters, in pixels of the screen"
        page.close()
    assert len(painted["light"]) == len(painted["dark"]) > 15
    assert all(fill.startswith("rgb") for plot in painted["light"] for fill in plot)
    assert all(light != dark for light, dark in zip(painted["light"], painted["dark"], strict=True))


@pytest.mark.parametrize("width", [768, 1280])
def test_rows_of_cards_and_charts_leave_no_hole(browser: Browser, shown: DashboardSet, width: int):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto((shown.dashboard / "index.html").as_uri())
    assert holes(page, ".parts, .cards", apart=".note") == []
    page.close()


def test_the_keyboard_opens_the_data_of_a_chart_and_no_script_is_needed(browser: Browser, shown: DashboardSet):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto((shown.dashboard / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Saltar al contenido"
    chart = page.locator("figure", has=page.get_by_role("heading", name="Convocatorias publicadas por tipo"))
    assert not chart.get_by_role("table").is_visible()
    chart.locator("summary").focus()
    page.keyboard.press("Enter")
    assert chart.get_by_role("table").is_visible()
    assert chart.get_by_role("cell").first.is_visible()
    context.close()


def test_on_paper_it_is_light(browser: Browser, shown: DashboardSet):
    page = browser.new_page()
    page.emulate_media(media="print", color_scheme="dark")
    page.goto((shown.dashboard / "index.html").as_uri())
    assert violations(page, CONTRAST) == ""
    assert not page.get_by_role("navigation", name="Secciones").is_visible()
    page.close()
