"""The day's list inside another page: it fits, it tells, and it cannot touch its host."""

import re
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import lxml.html
import pytest
from hypothesis import example, given, settings
from playwright.sync_api import Browser

from boi_pipeline.colour import TEXT as READABLE
from boi_pipeline.colour import contrast
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.fragment import render_fragment
from boi_pipeline.publishing.text import one_line
from tests.browser import needs_browser
from tests.publishing.pages import parsed
from tests.publishing.sample_bulletin import AS_OF, HOSTILE, SECOND_DAY, Records, sample_bulletin, sample_entity
from tests.publishing.test_hostile import TEXT, filled

HOST = """<!doctype html><html lang="en"><head><title>Portal</title>
<style>body {{ background: #123; color: #fed }} a {{ color: #fed }} li {{ list-style: square }}</style></head>
<body><main><h1>Portal</h1><h2 id="before">Antes</h2><div id="slot">{}</div><p id="after">Después</p></main></body></html>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fragment")
    render_fragment(sample_bulletin(), Disk(made))
    return made / "fragmento"


def inside(fragment: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(HOST.format(fragment))


def test_it_lists_the_day_with_links_that_tell_the_portal_was_the_way(folder: Path):
    page = inside((folder / "hoy.html").read_text())
    slot = page.get_element_by_id("slot")
    assert [one.get("lang") for one in slot] == ["es"], "one element, that says its language"
    links = slot.xpath(".//li/a")
    assert [one.text_content() for one in links] == [one_line(facts.title_es) for facts in SECOND_DAY]
    assert links[0].get("href") == (
        "https://boletin.puertoalba.example/oportunidades/pal-2026-00001/"
        "?utm_source=portal&utm_medium=fragment&utm_campaign=pal-2026-48&utm_content=PAL-2026-00001"
    )
    first = " ".join(slot.xpath(".//li")[0].text_content().split())
    assert "Cierra el 15 ene 2027" in first and "¿Puedo aplicar desde Ecuador? Sí" in first
    text = " ".join(slot.text_content().split()).replace("\u00a0", " ")
    assert "martes 24 de noviembre de 2026 · 6 convocatorias" in text
    assert "revisada y aprobada por una persona" in text and "IA generativa" in text


def test_it_touches_nothing_of_its_host(folder: Path):
    page = inside((folder / "hoy.html").read_text())
    slot = page.get_element_by_id("slot")
    names = {one.tag for one in slot.iter() if isinstance(one.tag, str)}
    assert names == {"div", "section", "p", "ol", "li", "a", "span", "strong"}, "no heading, script, style or frame"
    assert {name for one in slot.iterdescendants() for name in one.attrib} == {"lang", "aria-label", "style", "href"}
    assert "url(" not in "".join(slot.xpath(".//@style")) and "position" not in "".join(slot.xpath(".//@style"))
    assert page.get_element_by_id("after").getparent().tag == "main"


def test_its_colours_can_be_read_whatever_is_around_them(folder: Path):
    slot = inside((folder / "hoy.html").read_text()).get_element_by_id("slot")
    (ground,) = re.findall(r"background:(#\w{6})", "".join(slot.xpath(".//@style")))
    inks = set(re.findall(r"[;\s]color:(#\w{6})", ";".join(slot.xpath(".//@style"))))
    assert len(inks) == 3 and all(contrast(ink, ground) >= READABLE for ink in inks)
    assert all("color:" in one.get("style") for one in slot.xpath(".//a | .//p | .//span"))


def test_a_day_without_an_edition_shows_the_last_and_says_so(tmp_path: Path):
    render_fragment(
        Records([(date(2026, 11, 24), SECOND_DAY[:2])]).bulletin(datetime(2026, 11, 25, 21, tzinfo=UTC)), Disk(tmp_path)
    )
    assert "Última edición: martes 24" in (tmp_path / "fragmento" / "hoy.html").read_text()


def test_without_editions_it_says_so(tmp_path: Path):
    entity = sample_entity()
    render_fragment(Bulletin(entity.file, entity.vocabularies, AS_OF), Disk(tmp_path))
    assert "Todavía no hay convocatorias publicadas." in (tmp_path / "fragmento" / "hoy.html").read_text()


def test_what_is_withdrawn_is_gone(tmp_path: Path):
    records = Records([(date(2026, 11, 24), SECOND_DAY[:3])])
    records.decide("withdraw", SECOND_DAY[1], AS_OF)
    render_fragment(records.bulletin(), Disk(tmp_path))
    text = (tmp_path / "fragmento" / "hoy.html").read_text()
    assert SECOND_DAY[1].title_es not in text and SECOND_DAY[1].code not in text and SECOND_DAY[0].title_es in text


def test_the_same_bulletin_gives_the_same_bytes(folder: Path, tmp_path: Path):
    for path in render_fragment(sample_bulletin(), Disk(tmp_path)):
        assert path.read_bytes() == (folder / path.name).read_bytes()


def shape(fragment: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(one.tag), tuple(sorted(one.attrib))) for one in inside(fragment).iter()]


@settings(max_examples=20, deadline=None)
@given(TEXT)
@example(HOSTILE)
@example("</section></div></main>")
def test_any_text_is_shown_as_text(text: str):
    def made(words: str) -> str:
        records = Records([(date(2026, 11, 24), [filled(words)])])
        with tempfile.TemporaryDirectory() as name:
            return render_fragment(records.bulletin(), Disk(Path(name)))[0].read_text()

    fragment = made(f"véase {text}"[:300])
    assert shape(fragment) == shape(made("véase esto"))
    (link,) = inside(fragment).xpath("//li/a")
    assert one_line(f"véase {text}"[:300])[:190] in " ".join(link.text_content().split())


def test_the_frame_is_a_whole_page_that_runs_nothing(folder: Path):
    page = parsed(folder / "pagina.html")
    assert page.get("lang") == "es" and page.findtext(".//title") == "Boletín de Oportunidades Internacionales"
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert policy.startswith("default-src 'none'") and "script" not in policy
    assert page.xpath("//base/@target") == ["_top"], "a link leaves the frame"
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


@needs_browser
def test_it_looks_the_same_inside_another_page_and_fits_a_phone(browser: Browser, folder: Path, tmp_path: Path):
    host = tmp_path / "host.html"
    host.write_text(HOST.format((folder / "hoy.html").read_text()), encoding="utf-8")
    page = browser.new_page(viewport={"width": 320, "height": 800})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("request", lambda request: problems.append(request.url) if not request.url.startswith("file:") else None)
    page.goto(host.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    link = "getComputedStyle(document.querySelector('#slot li a')).color"
    item = "getComputedStyle(document.querySelector('#slot ol')).listStyleType"
    assert page.evaluate(link) != "rgb(255, 238, 221)" and page.evaluate(item) == "none"
    page.goto((folder / "pagina.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor") == "rgb(255, 255, 255)"
    assert problems == []
    page.close()
