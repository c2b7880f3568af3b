"""PDFs that a notice links to: their text stands in the notice; what means harm ends; what fails changes nothing."""

import time
from pathlib import Path

import pytest

from scrapers import documents
from scrapers.documents import Document, label, linked, read_pdf
from scrapers.notice import Link
from scrapers.platforms.options.common import Documents
from tests.scrapers.conftest import Crawled
from tests.scrapers.pdfs import HOSTILE, encrypted_pdf, one_page, stream, text_pdf
from tests.sources.answers import Answer, crawl_answered

WANTED = Documents()
SITE = "https://fondo.example"


def test_the_text_of_a_pdf_is_read_line_by_line():
    body = text_pdf("Plazo: 3 de mayo de 2027\nAño (ñandú)", "Página dos")
    assert read_pdf(body, WANTED) == Document("Plazo: 3 de mayo de 2027\nAño (ñandú)\n\nPágina dos")


def test_pages_and_characters_are_bounded():
    body = text_pdf(*(f"hoja {number} " + "x" * 90 for number in range(9)))
    assert read_pdf(body, Documents(pages=2)).text.count("hoja") == 2
    assert len(read_pdf(body, Documents(characters=150)).text) == 150


def test_a_document_without_text_says_why():
    assert read_pdf(encrypted_pdf("secreto"), WANTED).problem == "encrypted"
    assert read_pdf(one_page(stream(b"0 0 612 792 re f")), WANTED).problem == "no_text"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_ends(name: str):
    body = HOSTILE[name]()
    started = time.monotonic()
    read = read_pdf(body, WANTED)
    assert not read.text, name
    assert read.problem in ("broken", "no_text")
    assert time.monotonic() - started < documents.SECONDS


def test_a_document_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(documents, "SECONDS", 0.01)
    assert read_pdf(text_pdf("a"), WANTED) == Document(problem="broken")


def test_documents_are_known_by_link_or_text_and_called_by_their_text_or_file():
    found = linked(
        [
            Link(url="https://a.example/", text="Inicio"),
            Link(url="https://a.example/get?id=7", text="Bases.pdf"),
            Link(url="https://a.example/T%C3%A9rminos.PDF?v=2", text=""),
            Link(url="https://a.example/tercero.pdf", text="otro"),
        ],
        WANTED,
    )
    assert [label(link) for link in found] == ["Bases.pdf", "Términos.PDF"]


LISTA = """\
id: lista
name: Lista
platform: listing
url: https://fondo.example/
language: es
authority: official
options: {item: li, detail: {content: main}, documents: {}}
"""


class Portal:
    """A portal of one call whose page and documents can be exchanged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "sources").mkdir()
        (folder / "sources" / "lista.yaml").write_text(LISTA, encoding="utf-8")
        self.answers: dict[str, Answer] = {}

    def put(self, path: str, body: bytes | str, **given: object) -> None:
        file = self.folder / (path.strip("/").replace("/", "_") or "index.html")
        file.write_bytes(body.encode() if isinstance(body, str) else body)
        self.answers[path] = Answer(SITE + path, str(file), **given)  # pyright: ignore[reportArgumentType]

    def card(self, text: str) -> None:
        self.put("/", f"<ul><li><a href=/c/1.html>Fondo uno</a> {text}</li></ul>")

    def crawl(self) -> Crawled:
        return crawl_answered(self.folder / "home", self.folder / "sources", {"lista": list(self.answers.values())})


PAGE = """<main><p>Fondo para ciudades. <a href=/bases.pdf>Bases del fondo</a>{more}</p></main>"""
KEY = "lista/https://fondo.example/c/1.html"


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    portal = Portal(tmp_path)
    portal.card("abierta")
    portal.put("/c/1.html", PAGE.format(more=""))
    portal.put("/bases.pdf", text_pdf("Cierre: 15 de enero de 2027, 17:00\nMonto: 2.000.000"))
    return portal


def test_the_text_of_a_linked_pdf_stands_in_the_notice_before_its_facts(portal: Portal):
    portal.put("/c/1.html", PAGE.format(more="<a href=/escaneado.pdf>Anexo</a>"))
    portal.put("/escaneado.pdf", one_page(stream(b"0 0 9 9 re f")))
    crawled = portal.crawl()
    assert crawled.notices[KEY].text == (
        "Fondo uno\n\nFondo para ciudades. Bases del fondo Anexo\n\n"
        "[PDF: Bases del fondo]\nCierre: 15 de enero de 2027, 17:00\nMonto: 2.000.000\n\n"
        "Documento sin texto: https://fondo.example/escaneado.pdf"
    )
    assert crawled.results["lista"].outcome == "ok"
    assert crawled.results["lista"].error_count == 0


@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_document_that_fails_is_counted_and_the_notice_is_given(portal: Portal, status: int):
    portal.put("/bases.pdf", b"%PDF-1.7 roto", status=status)
    crawled = portal.crawl()
    assert crawled.notices[KEY].text.endswith("\n\nDocumento sin texto: https://fondo.example/bases.pdf")
    assert crawled.results["lista"].error_count == 1
    assert "bases.pdf" in crawled.results["lista"].detail


@pytest.mark.parametrize("status", [200, 404, 503])
def test_a_known_document_that_fails_changes_nothing(portal: Portal, status: int):
    first = portal.crawl().notices[KEY]
    portal.card("abierta todavía")
    whole = (portal.folder / "bases.pdf").read_bytes()
    portal.put("/bases.pdf", b"%PDF-1.7 roto", status=status)
    again = portal.crawl()
    assert not again.notices
    assert again.results["lista"].error_count == 1
    assert [sighting.item_key for sighting in again.results["lista"].sightings] == [first.item_key]
    portal.put("/c/1.html", PAGE.format(more=" Se amplía el plazo."))
    portal.card("ampliada")
    changed = portal.crawl().notices[KEY]
    assert "Se amplía el plazo." in changed.text
    assert "[PDF: Bases del fondo]\nCierre: 15 de enero de 2027" in changed.text
    portal.put("/bases.pdf", whole)
    assert portal.crawl().results["lista"].changed_count == 0


def test_a_document_that_failed_is_asked_for_again(portal: Portal):
    whole = (portal.folder / "bases.pdf").read_bytes()
    portal.put("/bases.pdf", b"", status=503)
    assert "Documento sin texto" in portal.crawl().notices[KEY].text
    portal.put("/bases.pdf", whole)
    assert "Monto: 2.000.000" in portal.crawl().notices[KEY].text
    assert portal.crawl().results["lista"].outcome == "unchanged"
