"""The words by which a page closes its call, and the many places where the same words mean something else."""

import pytest

from scrapers.closing import closed_marker

TITLE = "Becas Puentes de maestría 2027"

CLOSED = [
    ([TITLE, "Convocatoria cerrada", "La beca paga el curso."], "Convocatoria cerrada"),
    (["CONVOCATORIA CERRADA", TITLE], "CONVOCATORIA CERRADA"),
    ([f"[CERRADA] {TITLE}"], f"[CERRADA] {TITLE}"),
    ([f"{TITLE} — Closed"], f"{TITLE} — Closed"),
    ([TITLE, "Publicado hoy", "Estado: convocatoria cerrada."], "Estado: convocatoria cerrada."),
    ([TITLE, "Atención: el plazo ya venció. Gracias a todas."], "Atención: el plazo ya venció."),
    ([TITLE, "Applications are now closed. See you next year."], "Applications are now closed."),
    ([TITLE, "We are no longer accepting applications."], "We are no longer accepting applications."),
    ([TITLE, "This call is no longer open for applications."], "This call is no longer open for applications."),
    ([TITLE, "The application deadline has passed."], "The application deadline has passed."),
    ([TITLE, "Candidatures closes"], "Candidatures closes"),
    ([TITLE, "L’appel est désormais clos."], "L’appel est désormais clos."),
    ([TITLE, "Inscrições encerradas!"], "Inscrições encerradas!"),
    ([TITLE, "Este edital já foi encerrado."], "Este edital já foi encerrado."),
    ([TITLE, "Die Bewerbungsfrist ist abgelaufen."], "Die Bewerbungsfrist ist abgelaufen."),
]
OPEN = [
    [TITLE, "La convocatoria cerrada en 2025 recibió 300 solicitudes."],
    [TITLE, "Once applications are closed, a jury meets."],
    [TITLE, "Applications close on 5 January 2027."],
    [TITLE, "This call is closed to applicants from other regions."],
    [TITLE, "¿Convocatoria cerrada? No: abre en enero."],
    [TITLE, "La inscripción no está cerrada."],
    [f"Closed {TITLE}"],  # a title may begin with the word
    ["Convocatorias cerradas", TITLE],  # a menu
    ["Convocatoria cerrada: otra beca", "", TITLE],  # another call's card
    [TITLE, *["Texto."] * 12, "Convocatoria cerrada"],  # far below: a list of others
    ["Convocatoria cerrada"],  # a page that does not name this call
    ["Becas", "Convocatoria cerrada"],
]


@pytest.mark.parametrize(("lines", "quote"), CLOSED)
def test_a_page_that_closes_its_call_is_told_with_its_words(lines: list[str], quote: str) -> None:
    assert closed_marker(lines, TITLE) == quote


@pytest.mark.parametrize("lines", OPEN)
def test_other_uses_of_the_words_close_nothing(lines: list[str]) -> None:
    assert closed_marker(lines, TITLE) is None


def test_a_title_too_short_to_be_found_says_nothing() -> None:
    assert closed_marker(["Becas", "Convocatoria cerrada"], "Becas") is None
