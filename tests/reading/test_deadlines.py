"""Closing dates as people write them: the exact days, hours and zones read, and what must not be taken for one."""

from datetime import date

import pytest

from tests.reading.pages import notice, read

# language, date order, words, what is read: day[Thour][@zone] …, "rolling", or "-" for no deadline. Posted 2026-11-20.
GOLDEN: list[tuple[str, str, str, str]] = [
    # English
    ("en", "dmy", "Deadline: 15 January 2027", "2027-01-15"),
    ("en", "dmy", "Deadline: 15 January 2027 (23:59 CET)", "2027-01-15T23:59@Europe/Berlin"),
    ("en", "mdy", "Deadline: January 15, 2027", "2027-01-15"),
    ("en", "mdy", "Deadline: January 15th, 2027 at 11:59 PM EST", "2027-01-15T23:59@America/New_York"),
    ("en", "mdy", "Deadline: 03/04/2027", "2027-03-04"),
    ("en", "dmy", "Deadline: 03/04/2027", "2027-04-03"),
    ("en", "mdy", "Closing date: 30/06/2027", "2027-06-30"),
    ("en", "dmy", "Closing date: 06/30/2027", "2027-06-30"),
    ("en", "ymd", "Closing date: 2027-03-01", "2027-03-01"),
    ("en", "dmy", "Closes 2027-03-01", "2027-03-01"),
    ("en", "dmy", "Closing date: 28-Feb-27", "2027-02-28"),
    ("en", "dmy", "Closing date: 31-Oct-2027", "2027-10-31"),
    ("en", "dmy", "Applications close on 5 March 2027.", "2027-03-05"),
    ("en", "dmy", "Applications are open until June 30.", "2027-06-30"),
    ("en", "dmy", "Apply by 30th June 2027.", "2027-06-30"),
    (
        "en",
        "dmy",
        "Proposals must be submitted no later than 1st of March, 2027, 17:00 Brussels time.",
        "2027-03-01T17:00@Europe/Brussels",
    ),
    (
        "en",
        "dmy",
        "Applications must be received by 5 p.m. (London time) on 12 February 2027.",
        "2027-02-12T17:00@Europe/London",
    ),
    ("en", "dmy", "Submit your proposal by 23:59 UTC on 12 February 2027.", "2027-02-12T23:59@UTC"),
    ("en", "dmy", "Submit abstracts before 12 February 2027 AoE.", "2027-02-12@Etc/GMT+12"),
    ("en", "dmy", "Papers are due by 12 February 2027, 23:59 Anywhere on Earth.", "2027-02-12T23:59@Etc/GMT+12"),
    ("en", "mdy", "Applications are due March 3, 2027 by 5:00 p.m. Eastern Time.", "2027-03-03T17:00@America/New_York"),
    ("en", "dmy", "Deadline: 15 January 2027, 12 noon GMT", "2027-01-15T12:00@UTC"),
    ("en", "dmy", "Deadline: midnight on 15 January 2027", "2027-01-15"),
    ("en", "dmy", "Closing date: 12 Apr 2027 - 23:59 (Europe/Brussels)", "2027-04-12T23:59@Europe/Brussels"),
    ("en", "dmy", "Deadline: 2027-09-15T00:00:00.000+0000", "2027-09-15"),
    ("en", "dmy", "Deadline: 2027-09-15T17:00:00.000+0200", "2027-09-15T17:00@Etc/GMT-2"),
    ("en", "dmy", "Deadline: 1 March 2027, 17:00 UTC+5:30", "2027-03-01T17:00@Asia/Kolkata"),
    ("en", "dmy", "Deadline: 1 March 2027 at 17.00 hrs (GMT-5)", "2027-03-01T17:00@Etc/GMT+5"),
    ("en", "dmy", "Applications open on 1 December 2026 and close on 31 January 2027.", "2027-01-31"),
    ("en", "dmy", "Applications are accepted from 1 December 2026 to 31 January 2027.", "2027-01-31"),
    ("en", "dmy", "The application period runs from 1 to 15 March 2027.", "2027-03-15"),
    (
        "en",
        "dmy",
        "There are three cut-off dates: 1 March, 1 June and 1 October 2027.",
        "2027-03-01 2027-06-01 2027-10-01",
    ),
    ("en", "dmy", "Cut-off dates:\n1 March 2027\n1 June 2027\n1 October 2027", "2027-03-01 2027-06-01 2027-10-01"),
    ("en", "dmy", "The deadline has been extended from 15 January 2027 to 31 January 2027.", "2027-01-31"),
    ("en", "dmy", "Deadline extended until 31 January 2027. Original deadline: 15 January 2027.", "2027-01-31"),
    ("en", "dmy", "New deadline: 31 January 2027 (previously 15 January 2027)", "2027-01-31"),
    ("en", "dmy", "Applications are reviewed on a rolling basis.", "rolling"),
    ("en", "dmy", "The call is open all year round; apply at any time.", "rolling"),
    ("en", "dmy", "Deadline: Ongoing", "rolling"),
    ("en", "dmy", "Deadline: varies", "-"),
    ("en", "dmy", "Deadline: March 2027", "-"),
    ("en", "dmy", "Deadline: 31 February 2027", "-"),
    ("en", "dmy", "The conference will be held from 3 to 5 May 2027 in Lisbon.", "-"),
    ("en", "dmy", "The programme starts on 1 September 2027.", "-"),
    ("en", "dmy", "Results will be announced by 15 March 2027.", "-"),
    ("en", "dmy", "Published on 12 November 2026.", "-"),
    ("en", "dmy", "Applicants must have been born after 1 January 1990.", "-"),
    ("en", "dmy", "Questions may be sent until 10 December 2026.", "-"),
    ("en", "dmy", "Applications open on 1 December 2026.", "-"),
    (
        "en",
        "dmy",
        "Apply by 15 January 2027. The programme starts on 1 June 2027 and results are announced on 1 March 2027.",
        "2027-01-15",
    ),
    ("en", "dmy", "Deadline\n15 January 2027", "2027-01-15"),
    ("en", "dmy", "Deadline for applications is Friday, 15 January 2027.", "2027-01-15"),
    ("en", "dmy", "Apply before Friday 15 January.", "2027-01-15"),
    (
        "en",
        "dmy",
        "Concept notes are due on 10 January 2027; full proposals by 10 April 2027.",
        "2027-01-10 2027-04-10",
    ),
    (
        "en",
        "dmy",
        "First stage: 14 January 2027, 17:00:00 Brussels time. Second stage: 15 June 2027, 17:00:00 Brussels time.",
        "2027-01-14T17:00@Europe/Brussels 2027-06-15T17:00@Europe/Brussels",
    ),
    ("en", "dmy", "Nominations close at 23:59 (Geneva time) on 1 April 2027.", "2027-04-01T23:59@Europe/Zurich"),
    ("en", "dmy", "Entries accepted until 10 January 2027, 23:59 East Africa Time.", "2027-01-10T23:59@Africa/Nairobi"),
    ("en", "dmy", "Deadline: 5 May 2027, 18:00 JST", "2027-05-05T18:00@Asia/Tokyo"),
    ("en", "dmy", "Submissions close on 7 February 2027 at 5pm.", "2027-02-07T17:00"),
    ("en", "dmy", "15 January 2027 is the deadline.", "2027-01-15"),
    ("en", "dmy", "Up to 5 may apply before the course; 3 out of 10 are accepted.", "-"),
    ("en", "dmy", "Registration deadline: 20 January 2027, 18:00 local time", "2027-01-20T18:00"),
    # Spanish
    ("es", "dmy", "Fecha límite: 15 de enero de 2027", "2027-01-15"),
    ("es", "dmy", "Cierre: 15/01/2027", "2027-01-15"),
    ("es", "dmy", "Cierre: 15 de enero de 2027, hasta 5:00 p. m.", "2027-01-15T17:00"),
    (
        "es",
        "dmy",
        "Inscripciones abiertas hasta el 28 de febrero de 2027 a las 17:00 horas (hora de Bogotá).",
        "2027-02-28T17:00@America/Bogota",
    ),
    ("es", "dmy", "Se reciben propuestas hasta el 28 de febrero.", "2027-02-28"),
    ("es", "dmy", "Las postulaciones se recibirán hasta las 23:59 del 28 de febrero de 2027.", "2027-02-28T23:59"),
    (
        "es",
        "dmy",
        "Plazo de presentación: 20/02/2027 a las 17:00 horas (fecha y hora de Bruselas)",
        "2027-02-20T17:00@Europe/Brussels",
    ),
    ("es", "dmy", "Plazo: del 1 al 31 de marzo de 2027.", "2027-03-31"),
    (
        "es",
        "dmy",
        "El plazo de inscripción va desde el 1 de diciembre de 2026 hasta el 31 de enero de 2027.",
        "2027-01-31",
    ),
    ("es", "dmy", "Apertura: 1 de diciembre de 2026\nCierre: 31 de enero de 2027", "2027-01-31"),
    ("es", "dmy", "Fecha de cierre: 22:04:2027", "2027-04-22"),
    ("es", "dmy", "La convocatoria cierra el viernes 15 de enero a mediodía.", "2027-01-15T12:00"),
    ("es", "dmy", "Envíe su solicitud antes del 1 de marzo de 2027.", "2027-03-01"),
    (
        "es",
        "dmy",
        "Envíe su candidatura a más tardar el 1º de marzo de 2027, 14:00 h (hora peninsular española).",
        "2027-03-01T14:00@Europe/Madrid",
    ),
    ("es", "dmy", "Fecha límite: quince (15) de enero de 2027", "2027-01-15"),
    ("es", "dmy", "Fecha límite: quince de enero de dos mil veintisiete", "2027-01-15"),
    ("es", "dmy", "El plazo se amplía hasta el 31 de enero de 2027.", "2027-01-31"),
    ("es", "dmy", "Nuevo plazo: 31 de enero de 2027. Fecha original: 15 de enero de 2027.", "2027-01-31"),
    ("es", "dmy", "Plazo ampliado hasta el 31/01/2027", "2027-01-31"),
    ("es", "dmy", "Convocatoria permanente: puede postular durante todo el año.", "rolling"),
    ("es", "dmy", "Ventanilla abierta hasta agotar recursos.", "rolling"),
    (
        "es",
        "dmy",
        "Primer corte: 15 de diciembre de 2026\nSegundo corte: 15 de marzo de 2027\nTercer corte: 15 de junio de 2027",
        "2026-12-15 2027-03-15 2027-06-15",
    ),
    (
        "es",
        "dmy",
        "Fechas de corte: 1 de marzo, 1 de junio y 1 de octubre de 2027.",
        "2027-03-01 2027-06-01 2027-10-01",
    ),
    (
        "es",
        "dmy",
        "Notas conceptuales: hasta el 10 de enero de 2027. Propuestas completas: hasta el 10 de abril de 2027.",
        "2027-01-10 2027-04-10",
    ),
    ("es", "dmy", "El congreso se realizará del 3 al 5 de mayo de 2027.", "-"),
    ("es", "dmy", "Inicio de clases: 1 de septiembre de 2027", "-"),
    ("es", "dmy", "Fecha inicio: 1 de septiembre de 2027\nFecha final: 30 de junio de 2028", "-"),
    ("es", "dmy", "Publicación de resultados: 30 de abril de 2027", "-"),
    ("es", "dmy", "Publicado el 12 de noviembre de 2026", "-"),
    ("es", "dmy", "Apertura: 1 de diciembre de 2026", "-"),
    ("es", "dmy", "Personas nacidas después del 1 de enero de 1990.", "-"),
    ("es", "dmy", "Las consultas se atienden hasta el 10 de diciembre de 2026.", "-"),
    ("es", "dmy", "El plazo venció el 16 de enero de 2026.", "2026-01-16"),
    ("es", "dmy", "Cierre: enero 15 de 2027, 11:59 p. m. (GMT-5)", "2027-01-15T23:59@Etc/GMT+5"),
    (
        "es",
        "dmy",
        "Hasta el 5 de mayo de 2027 pueden inscribirse; el curso inicia el 1 de junio de 2027.",
        "2027-05-05",
    ),
    (
        "es",
        "dmy",
        "Recepción de documentos hasta el 20 de diciembre de 2026 a las 23:59 (hora de Quito)",
        "2026-12-20T23:59@America/Guayaquil",
    ),
    ("es", "dmy", "Cierre de la convocatoria: finales de enero de 2027", "-"),
    # French
    ("fr", "dmy", "Date limite : 15 janvier 2027", "2027-01-15"),
    ("fr", "dmy", "Date limite de dépôt : 1er mars 2027 à 17h00 (heure de Paris)", "2027-03-01T17:00@Europe/Paris"),
    ("fr", "dmy", "Les candidatures sont ouvertes jusqu'au 15 janvier 2027 à minuit.", "2027-01-15"),
    (
        "fr",
        "dmy",
        "Dossier à envoyer avant le 15 janvier 2027, 12 h 00, heure de Bruxelles.",
        "2027-01-15T12:00@Europe/Brussels",
    ),
    ("fr", "dmy", "Clôture des candidatures le 15/01/2027 à 23h59", "2027-01-15T23:59"),
    ("fr", "dmy", "Dossiers à déposer du 1er au 31 mars 2027.", "2027-03-31"),
    ("fr", "dmy", "Au plus tard le vendredi 15 janvier 2027, déposer le dossier en ligne.", "2027-01-15"),
    ("fr", "dmy", "La date limite est prolongée jusqu'au 31 janvier 2027.", "2027-01-31"),
    ("fr", "dmy", "Candidatures ouvertes toute l'année.", "rolling"),
    ("fr", "dmy", "Les dossiers sont examinés au fil de l'eau.", "rolling"),
    ("fr", "dmy", "Le colloque aura lieu du 3 au 5 mai 2027.", "-"),
    ("fr", "dmy", "Publié le 12 novembre 2026", "-"),
    ("fr", "dmy", "Début de la résidence : 1er septembre 2027", "-"),
    (
        "fr",
        "dmy",
        "Note conceptuelle : avant le 10 janvier 2027\nProposition complète : au plus tard le 10 avril 2027",
        "2027-01-10 2027-04-10",
    ),
    # Portuguese
    ("pt", "dmy", "Prazo: 15 de janeiro de 2027", "2027-01-15"),
    (
        "pt",
        "dmy",
        "Inscrições até 1º de março de 2027 às 23h59 (horário de Brasília)",
        "2027-03-01T23:59@America/Sao_Paulo",
    ),
    ("pt", "dmy", "As candidaturas encerram a 15 de janeiro de 2027.", "2027-01-15"),
    ("pt", "dmy", "Data limite: 15/01/2027, 18h", "2027-01-15T18:00"),
    ("pt", "dmy", "Inscrições de 1 a 31 de março de 2027.", "2027-03-31"),
    (
        "pt",
        "dmy",
        "As inscrições estão abertas até ao dia 15 de janeiro de 2027, às 17 horas (hora de Lisboa).",
        "2027-01-15T17:00@Europe/Lisbon",
    ),
    ("pt", "dmy", "Prazo prorrogado até 31 de janeiro de 2027.", "2027-01-31"),
    ("pt", "dmy", "Edital em fluxo contínuo: submissão a qualquer momento.", "rolling"),
    ("pt", "dmy", "O congresso realiza-se de 3 a 5 de maio de 2027.", "-"),
    ("pt", "dmy", "Resultado: 30 de abril de 2027", "-"),
    (
        "pt",
        "dmy",
        "O concurso está aberto das 9h00 do dia 16 de novembro de 2026 às 17h00 do dia 8 de janeiro de 2027 (hora de Lisboa).",
        "2027-01-08T17:00@Europe/Lisbon",
    ),
    # German
    ("de", "dmy", "Bewerbungsschluss: 15. Januar 2027", "2027-01-15"),
    ("de", "dmy", "Bewerbungen bis zum 15.01.2027, 12:00 Uhr", "2027-01-15T12:00"),
    ("de", "dmy", "Die Konferenz findet vom 3. bis 5. Mai 2027 statt.", "-"),
]


def told(deadlines: list, model: str | None) -> str:  # type: ignore[type-arg]
    words = [
        f"{d.close_date}"
        + (f"T{d.close_time:%H:%M}" if d.close_time else "")
        + (f"@{d.timezone}" if d.timezone else "")
        for d in deadlines
    ]
    return " ".join(words) or ("rolling" if model == "rolling" else "-")


@pytest.mark.parametrize(("language", "order", "words", "expected"), GOLDEN)
def test_golden(language: str, order: str, words: str, expected: str) -> None:
    reading = read(notice(words, language=language, order=order))  # type: ignore[arg-type]
    assert told(reading.deadlines, reading.close_model) == expected


def test_two_stages_are_named() -> None:
    reading = read(notice("Concept notes are due on 10 January 2027; full proposals by 10 April 2027."))
    assert [d.stage for d in reading.deadlines] == ["concept_note", "full_proposal"]
    assert reading.close_model == "two_stage"


def test_the_sources_zone_is_assumed_where_none_is_said() -> None:
    reading = read(notice("Deadline: 15 January 2027, 17:00", timezone="Europe/Berlin"))
    assert (reading.deadlines[0].timezone, reading.deadlines[0].basis) == ("Europe/Berlin", "assumed")


def test_a_year_not_printed_follows_the_day_of_the_post_and_is_not_guessed_without_it() -> None:
    words = "Apply by 15 January."
    assert read(notice(words)).deadlines[0].close_date == date(2027, 1, 15)
    assert read(notice(words, posted=None)).deadlines == []
