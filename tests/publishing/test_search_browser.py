"""The search in a real browser: it answers as a recount in Python does, and everybody can use it."""

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.synthetic_bulletin import made_ledger
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.note import Note
from boi_pipeline.publishing.search import values_of
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.writer import Writer
from tests.browser import WCAG, Watched, needs_browser, violations
from tests.publishing.sample_bulletin import FUND, SCHOLARSHIP, Records, opportunity, sample_bulletin, sample_entity

pytestmark = needs_browser
DAY = date(2026, 11, 24)
COUNT = 180
START = "#estado=abiertas"


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's output is the test's."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Note]]:
    """A site of made opportunities, some closed, and its notes."""
    bulletin = made_ledger(sample_entity(), COUNT, DAY).bulletin(sample_entity())
    folder = tmp_path_factory.mktemp("made")
    render_site(bulletin, Disk(folder))
    return folder, list(Writer(bulletin, Disk(tmp_path_factory.mktemp("notes"))).notes.values())


@pytest.fixture(scope="module")
def notes(made: tuple[Path, list[Note]]) -> list[Note]:
    return made[1]


@pytest.fixture(scope="module")
def address(made: tuple[Path, list[Note]]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(made[0])))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/buscar/index.html"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on the day of the bulletin, which may say nothing to the console and ask for nothing off the site."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = context.new_page()
    found.clock.set_fixed_time(sample_entity().at(DAY))
    watched = Watched.of(found)
    yield found
    assert watched.said == []
    assert [url for url in watched.asked if not url.startswith(("http://127.0.0.1:", "file://"))] == []
    context.close()


def shown(page: Page) -> list[str]:
    """The codes of the cards, in their order."""
    return page.eval_on_selector_all(
        "#lista a", "links => links.map(link => link.href.split('/').at(-2).toUpperCase())"
    )


def count_of(page: Page, name: str, value: str) -> int:
    box = page.locator(f'input[name="{name}"][value="{value}"]')
    words = box.locator("xpath=../span[@class='option-count']").text_content() or ""
    return int(words.replace(".", "") or -1)


def open_at(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.locator("#cuenta")).not_to_contain_text("…")


def days_left(note: Note) -> int | None:
    return (note.closing.day - DAY).days if note.closing.day else None


def closes_within(days: int) -> Callable[[Note], bool]:
    return lambda note: (left := days_left(note)) is not None and left <= days


WINDOWS: dict[str, Callable[[Note], bool]] = {
    "7": closes_within(7),
    "14": closes_within(14),
    "30": closes_within(30),
    "despues": lambda note: (left := days_left(note)) is not None and left > 30,
    "sin-fecha": lambda note: note.closing.day is None,
}


def fits(note: Note, picked: dict[str, set[str]], window: str | None) -> bool:
    values = values_of(note)
    return (
        note.closing.is_open
        and all(set(values[name]) & wanted for name, wanted in picked.items())
        and (window is None or WINDOWS[window](note))
    )


SELECTIONS: list[tuple[dict[str, set[str]], str | None]] = [
    ({}, None),
    ({"tipo": {"scholarship", "fund"}}, None),
    ({"tipo": {"fund"}, "aplicar": {"yes"}}, "30"),
    ({"publico": {"citizens"}, "nivel": {"7"}}, None),
    ({"pais": {"virtual", "DE"}, "idioma": {"en"}}, None),
    ({"ods": {"4", "13"}, "financiacion": {"full", "partial"}}, "despues"),
    ({"plan": {"PCA-2025-2029:2"}}, "sin-fecha"),
    ({}, "7"),
    ({}, "14"),
]


def test_facets_and_their_counts_are_those_of_a_recount(page: Page, address: str, notes: list[Note]):
    page.goto(address)
    for picked, window in SELECTIONS:
        asked = [f"{name}={value}" for name, values in picked.items() for value in values]
        open_at(page, f"{address}#{'&'.join([*asked, f'cierre={window}' if window else '', 'mostrar=5000'])}")
        expected = {note.code for note in notes if fits(note, picked, window)}
        assert set(shown(page)) == expected, (picked, window)
        told = page.locator("#cuenta").inner_text()
        assert told.startswith(str(len(expected)) if expected else "Ninguna"), (picked, window)
        for name, values in {
            "tipo": ["scholarship", "fund", "event"],
            "aplicar": ["yes", "no"],
            "ods": ["4"],
            "idioma": ["en", "fr"],
        }.items():
            others = {key: wanted for key, wanted in picked.items() if key != name}
            for value in values:
                wanted = sum(fits(note, others | {name: {value}}, window) for note in notes)
                assert count_of(page, name, value) == wanted, (picked, window, name, value)
        for value in WINDOWS:
            assert count_of(page, "cierre", value) == sum(fits(note, picked, value) for note in notes), (picked, value)


def test_order_is_by_closing_or_by_publication(page: Page, address: str, notes: list[Note]):
    open_at(page, f"{address}#mostrar=5000")
    by_code = {note.code: note for note in notes}
    closing = [by_code[code].closing.day or date.max for code in shown(page)]
    assert closing == sorted(closing)
    page.select_option("#orden", "nuevas")
    expect(page).to_have_url(f"{address}#orden=nuevas")
    newest = [by_code[code].published_at for code in shown(page)]
    assert newest == sorted(newest, reverse=True)


def test_words_are_found_without_accents_in_any_number_and_with_a_slip(page: Page, address: str, notes: list[Note]):
    page.goto(address)
    asked = {
        "energia SOLAR": "energía solar",
        "bibliotecas publica": "bibliotecas públicas",
        "politica climatica": "políticas climáticas",
        "periodismo de los datos": "periodismo de datos",
        "documenta": "cine documental",
        "bibliotecaz": "bibliotecas públicas",
    }
    for typed, topic in asked.items():
        page.fill("#q", typed)
        page.keyboard.press("Enter")
        expected = {note.code for note in notes if note.closing.is_open and topic in note.title}
        assert expected
        expect(page.locator("#cuenta")).to_contain_text(str(len(expected)))
        page.wait_for_function(  # the search before may have found as many
            "codes => [...document.querySelectorAll('#lista a')].every(link => codes.includes(link.href.split('/').at(-2)))",
            arg=[code.lower() for code in expected],
        )
        assert len(shown(page)) == min(24, len(expected)), typed


def test_words_that_no_call_has_together_say_so(page: Page, address: str):
    open_at(page, f"{address}#q=solar+bibliotecas")
    assert "Ninguna tiene todas las palabras" in page.locator("#cuenta").inner_text()
    assert shown(page)
    open_at(page, f"{address}#q=xyzzyx")
    assert page.locator("#cuenta").inner_text().startswith("Ninguna convocatoria cumple lo que pide.")
    assert shown(page) == []


def test_closed_calls_are_loaded_when_asked_for(page: Page, address: str, notes: list[Note]):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_at(page, address)
    assert not [url for url in asked if "cerradas-" in url]
    page.get_by_label("Incluir cerradas").check()
    expect(page.locator("#cuenta")).to_have_text(f"{len(notes)} convocatorias")
    assert len([url for url in asked if "cerradas-" in url]) == 1
    page.locator('input[name="estado"][value="cerradas"]').check()
    closed = sum(not note.closing.is_open for note in notes)
    assert closed > 10
    expect(page.locator("#cuenta")).to_have_text(f"{closed} convocatorias cerradas")
    assert page.locator(".card-closed").count() == min(24, closed)


def test_the_address_keeps_the_search_and_the_back_button_undoes_it(page: Page, address: str, browser: Browser):
    open_at(page, address)
    first = shown(page)
    page.get_by_role("checkbox", name="Fondos").check()
    page.locator('input[name="cierre"][value="30"]').check()
    asked = f"{address}#cierre=30&tipo=fund"
    expect(page).to_have_url(asked)
    narrowed = shown(page)
    assert narrowed != first
    page.go_back()
    page.go_back()
    expect(page.get_by_role("checkbox", name="Fondos")).not_to_be_checked()
    assert shown(page) == first
    page.go_forward()
    page.go_forward()
    assert shown(page) == narrowed
    other = browser.new_page()
    other.clock.set_fixed_time(sample_entity().at(DAY))
    open_at(other, asked)
    assert shown(other) == narrowed
    assert other.get_by_role("checkbox", name="Fondos").is_checked()
    other.close()


def test_a_search_can_be_typed_narrowed_and_opened_with_the_keyboard_alone(page: Page, address: str):
    open_at(page, address)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skip to the content: the search stays in the address
    expect(page).to_have_url(address + START)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("solar")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "cuenta"
    expect(page).to_have_url(f"{address}#q=solar")
    before = len(shown(page))
    while page.evaluate("document.activeElement.value") != "yes":
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement !== document.body"), "the facet is not reached"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Space")
    expect(page).to_have_url(f"{address}#q=solar&aplicar=yes")
    assert 0 < len(shown(page)) < before
    page.get_by_role("button", name="Quitar el filtro ¿Puedo aplicar? Sí").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{address}#q=solar")
    assert page.evaluate("document.activeElement.id") == "cuenta"
    page.locator("#lista a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/oportunidades/**")


def test_more_cards_come_on_demand_and_the_focus_goes_to_the_first(page: Page, address: str):
    open_at(page, address)
    assert len(shown(page)) == 24
    page.get_by_role("button", name="Mostrar más").click()
    expect(page.locator("#lista .card")).to_have_count(48)
    assert page.evaluate("[...document.querySelectorAll('#lista a')].indexOf(document.activeElement)") == 24


def test_a_call_that_closed_since_the_site_was_made_is_closed(page: Page, address: str, notes: list[Note]):
    """Nobody builds the site on a holiday: the search goes by the reader's day."""
    later = DAY + timedelta(days=20)
    page.clock.set_fixed_time(datetime.combine(later, sample_entity().at(DAY).timetz()))
    open_at(page, f"{address}#mostrar=5000")
    expected = {
        note.code
        for note in notes
        if note.closing.is_open
        and (
            note.closing.day is None
            or any(one.day >= later for one in note.closing.deadlines)
            or note.closing.day >= later
        )
    }
    assert set(shown(page)) == expected
    assert len(expected) < sum(note.closing.is_open for note in notes)


def test_what_is_not_open_yet_is_apart_and_is_open_from_its_day_without_another_site(page: Page, tmp_path: Path):
    deadline = {"seq": 1, "stage": "application", "close_date": date(2027, 1, 15), "basis": "stated"}
    waits = opportunity(1, opening_date=date(2026, 12, 3), deadlines=[deadline])
    rolling = opportunity(2, close_model="rolling")
    render_site(Records([(DAY, [waits, rolling])]).bulletin(), Disk(tmp_path))
    address = (tmp_path / "buscar/index.html").as_uri()
    open_at(page, address)
    assert shown(page) == [rolling.code]
    page.get_by_label("Por abrir").check()
    expect(page.locator("#cuenta")).to_have_text("1 convocatoria por abrir")
    assert shown(page) == [waits.code]
    assert page.locator("#lista .chip").inner_text() == "Aún no abre · abre el 3 dic 2026"
    page.clock.set_fixed_time(datetime.combine(date(2026, 12, 3), sample_entity().at(DAY).timetz()))
    page.goto("about:blank")
    open_at(page, address)
    assert shown(page) == [waits.code, rolling.code]
    assert page.locator("#lista .chip").first.inner_text() == "Cierra el 15 ene 2027"


def test_chips_say_what_the_notes_say(page: Page, address: str, notes: list[Note]):
    open_at(page, f"{address}#estado=todas&mostrar=5000")
    chips = page.eval_on_selector_all(
        "#lista .card",
        "cards => cards.map(card => [card.querySelector('a').textContent, card.querySelector('.chip').textContent])",
    )
    assert len(chips) == len(notes)
    assert {tuple(chip) for chip in chips} == {(note.title, note.closing.chip) for note in notes}


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 360)])
def test_everybody_can_use_it_on_a_phone_and_on_a_desk(browser: Browser, address: str, scheme: str, width: int):
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    page.clock.set_fixed_time(sample_entity().at(DAY))
    page.goto(address + "#q=convocatoria&tipo=fund&estado=todas")
    expect(page.locator("#lista .card").first).to_be_visible()
    if width == 360:
        page.locator("#filtros > summary").click()
    while page.locator(".facet:not([open])").count():
        page.locator(".facet:not([open]) > summary").first.click()
    assert page.get_by_label("Maestría").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page, WCAG) == ""
    context.close()


def test_without_scripts_it_leads_to_lists_that_work(browser: Browser, address: str):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert not page.locator("#q").is_visible()
    assert not page.locator("#filtros").is_visible()
    assert page.get_by_text("La búsqueda por palabras necesita JavaScript.").is_visible()
    page.get_by_role("link", name="Fondos", exact=True).click()
    assert page.get_by_role("heading", level=1).inner_text() == "Fondos"
    page.locator(".date-title a").first.click()
    assert page.locator("article.note").is_visible()
    context.close()


def test_it_works_from_a_folder_and_hostile_text_stays_text(page: Page, tmp_path: Path):
    render_site(sample_bulletin(), Disk(tmp_path))
    open_at(page, (tmp_path / "buscar/index.html").as_uri())
    assert len(shown(page)) == 6
    card = page.locator("#lista .card", has_text="Cumbre virtual")
    assert "<script>alert('boi')</script>" in card.inner_text()
    assert card.locator("script, img").count() == 0
    page.get_by_label("Incluir cerradas").check()
    expect(page.locator("#cuenta")).to_have_text("8 convocatorias")
    page.fill("#q", "mareas")
    page.keyboard.press("Enter")
    expect(page.locator("#cuenta")).to_have_text("1 convocatoria")
    assert shown(page) == [FUND.code]
    page.locator("#lista a").click()
    assert page.get_by_role("heading", level=1).inner_text() == FUND.title_es
    page.go_back()
    assert page.input_value("#q") == "mareas"
    expect(page.locator("#cuenta")).to_have_text("1 convocatoria")
    assert SCHOLARSHIP.code not in shown(page)


@pytest.mark.parametrize(
    "asked",
    [
        "#q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
        "#tipo=nadie&cierre=x&orden=y&mostrar=-3",
        "#%E0%A4%A",
        "#__proto__=1",
    ],
)
def test_no_address_breaks_it(page: Page, address: str, asked: str):
    open_at(page, address + asked)
    assert page.locator("#cuenta").inner_text() != ""
    assert page.locator("main img").count() == 0
