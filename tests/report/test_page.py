"""The report's page: nothing in it acts or calls out, whatever a source wrote, and everybody can read it."""

import base64
import json
import re
from hashlib import sha256

import lxml.html
import pytest
from playwright.sync_api import Browser

from boi_pipeline.report.figures import WeekReport
from boi_pipeline.report.page import as_json, rendered
from tests.browser import CONTRAST, WCAG, Watched, needs_browser, violations
from tests.report.conftest import EMPTY_WEEK, report_of
from tests.warehouse.dashboard_set import HOSTILE, DashboardSet

pytestmark = pytest.mark.xdist_group("report")


@pytest.fixture(scope="module")
def html(shown: DashboardSet, report: WeekReport) -> str:
    return rendered(report, shown.entity)


@pytest.fixture(scope="module")
def page(html: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(html)


@pytest.fixture(scope="module")
def file(html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("page") / "informe.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


def test_every_figure_and_row_is_on_it(page: lxml.html.HtmlElement, report: WeekReport):
    cards = {
        (card.findtext("dt"), card.findtext("dd"), card.findtext("dd[@class='compared']") or "")
        for card in page.iterfind(".//dl/div")
    }
    figures = [*report.headline, *(one for section in report.sections for one in section.figures)]
    assert cards == {(one.name, one.cell.text, one.compared) for one in figures}
    for section in report.sections:
        for table in section.tables:
            rows = page.get_element_by_id(table.key).findall(".//tbody/tr")
            told = [[" ".join(cell.text_content().split()) for cell in row] for row in rows]
            assert told == [[" ".join(cell.text.split()) for cell in row] for row in table.grid.rows], table.title


def test_hostile_names_stay_names(page: lxml.html.HtmlElement):
    assert list(page.iter("script", "img", "iframe", "object", "embed", "form", "use")) == []
    assert [
        name for element in page.iter() for name in element.attrib if name.startswith("on") or name == "style"
    ] == []
    titles = [cell.text_content() for cell in page.get_element_by_id("publicadas").iterfind(".//td[@class='title']")]
    assert titles and all(title.endswith(f"{HOSTILE}al revés") for title in titles), "as it was, less what nobody sees"


def test_its_policy_allows_its_own_style_alone_and_links_lead_to_the_site(
    shown: DashboardSet, html: str, page: lxml.html.HtmlElement
):
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert style
    digest = base64.b64encode(sha256(style[1].encode()).digest()).decode()
    assert page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content") == [
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    ]
    site = shown.entity.file.site_url.rstrip("/") + "/"
    for link in page.iter("a"):
        target = link.get("href")
        assert target.startswith(site) or page.get_element_by_id(target[1:]) is not None
    assert str(shown.folder) not in html


def test_an_empty_week_says_so(shown: DashboardSet):
    words = lxml.html.fromstring(rendered(report_of(shown, EMPTY_WEEK), shown.entity)).text_content()
    assert "Esta semana no se publicó ninguna convocatoria." in words


def test_as_data_it_says_the_same(report: WeekReport):
    told = json.loads(json.dumps(as_json(report)))
    assert told["week"] == report.week and told["as_of"] == "2026-11-25T16:00:00-05:00"
    assert [one["cell"]["value"] for one in told["headline"]] == [one.cell.value for one in report.headline]
    (table,) = told["sections"][0]["tables"]
    assert [row[0]["value"] for row in table["grid"]["rows"]] == [
        row[0].value for row in report.sections[0].tables[0].grid.rows
    ]


@needs_browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_it_fails_in_nothing_and_shuts_nobody_out(browser: Browser, file: str, scheme: str, width: int):
    shown = browser.new_page(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}
    )
    watched = Watched.of(shown)
    shown.goto(file)
    assert shown.evaluate("getComputedStyle(document.querySelector('.top')).borderTopWidth") == "5px", (
        "it has its style"
    )
    assert shown.evaluate("document.documentElement.scrollWidth") <= width, "it scrolls sideways"
    assert violations(shown, WCAG) == ""
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(("file:", "data:"))] == []
    shown.close()


@needs_browser
def test_on_paper_it_is_light_and_whole(browser: Browser, file: str):
    shown = browser.new_page()
    shown.emulate_media(media="print", color_scheme="dark")
    shown.goto(file)
    assert violations(shown, CONTRAST) == ""
    assert not shown.get_by_role("navigation", name="Secciones").is_visible()
    shown.close()
