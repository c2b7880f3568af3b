"""Ways of saying that whole classes of calls share, each in words of our own: closing days, who may apply, money."""

import datetime as dt
from decimal import Decimal

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.evaluation.golden import Case, told
from boi_pipeline.reading.evaluation.labelled import LabelledNotice, Truth
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import read_proved
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT
from tests.reading.pages import CONTEXT

BOGOTA = context_of(load_entity(ROOT / "entities" / "bogota"))


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        # said twice in a breath
        ("pt", "As adesões fecham em 31 de janeiro e em 30 de junho de 2027.", "2027-01-31 2027-06-30"),
        ("es", "Las postulaciones cierran el 31 de enero y luego el 30 de junio de 2027.", "2027-01-31 2027-06-30"),
        ("es", "Postule hasta el 31 de enero de 2027 para empezar en abril y hasta el 31 de marzo de 2027 para empezar en julio.", "2027-01-31 2027-03-31"),
        ("es", "¿Hasta cuándo?\nHay dos ventanas. Bolivia y Perú: 2 de octubre de 2027. Los demás países: 16 de octubre de 2027.", "2027-10-02 2027-10-16"),
        # midnight between two days ends the first
        ("fr", "Envoyez le tout avant minuit, dans la nuit du dimanche 13 au lundi 14 juin 2027.", "2027-06-13"),
        ("es", "Se reciben hasta la medianoche del domingo 13 al lunes 14 de junio de 2027.", "2027-06-13"),
        # hours and zones in prose
        ("en", "Applications close one minute before midnight (Paris time) on 12 February 2027.", "2027-02-12T23:59@Europe/Paris"),
        ("es", "Recibimos trabajos hasta el 12 de febrero de 2027 cuando sean las 20:00 en Santiago de Chile.", "2027-02-12T20:00@America/Santiago"),
        ("pt", "Recebemos textos até ao dia 12 de fevereiro de 2027, pelas onze da noite.", "2027-02-12T23:00"),
        ("en", "The form closes on 12 February 2027 at 17.00 Finnish time.", "2027-02-12T17:00@Europe/Helsinki"),
        ("es", "El buzón de solicitudes cierra a las doce del mediodía del 12 de febrero de 2027 en Oaxaca.", "2027-02-12T12:00@America/Mexico_City"),
        ("pt", "As candidaturas decorrem entre as 00h00 de 4 de janeiro e as 17h00 (hora de Lisboa) de 12 de fevereiro de 2027.", "2027-02-12T17:00@Europe/Lisbon"),
        ("en", "Closing date: 12 February 2027\nWe fund festivals.\nApplications must be submitted by 11:59 p.m. Bogotá time on the closing date.", "2027-02-12T23:59@America/Bogota"),
        ("es", "La preinscripción termina el 12 de febrero de 2027 a las 18:00 de Panamá; la segunda inscripción termina el 26 de febrero de 2027, misma hora.", "2027-02-12T18:00@America/Panama 2027-02-26T18:00@America/Panama"),
        # other matters have days too
        ("en", "Concept notes: 12 February 2027\nInvitations to the second stage: by 12 March 2027", "2027-02-12#concept_note"),
        ("en", "Apply by 12 February 2027.\nMore vacancies: technician (closes 17 March 2027)", "2027-02-12"),
        ("fr", "Dossiers avant le 12 février 2027.\nLes autres appels de la Fondation\nPrix de thèse (clôture le 30 juin 2027)", "2027-02-12"),
        ("es", "Postule hasta el 12 de febrero de 2027. Son seis semanas en el archivo, del 22 de junio al 31 de julio de 2027.", "2027-02-12"),
        ("pt", "O prazo, que acabaria em 31 de janeiro de 2027, agora vai até 12 de fevereiro de 2027.", "2027-02-12"),
        ("es", "Las nominaciones, firmadas por la máxima autoridad, se reciben hasta el 12 de febrero de 2027.", "2027-02-12"),
    ],
)  # fmt: skip
def test_closing_days_hours_and_zones_in_other_words(language: str, words: str, expected: str) -> None:
    got = told(read_proved(RulesReader(), Case("", language, words, expected, {}).notice(), CONTEXT))
    plain = got.replace("#registration", "").replace("#cut_off", "").replace("#nomination", "")
    assert plain == expected


def read(language: str, words: str, title: str = "2027") -> Reading:
    """What the rules read, from Bogotá, of a page of these words alone."""
    page = LabelledNotice(
        id="x-1", family="x", language=language, posted=dt.date(2026, 11, 20), url="https://a.example/", title=title, body=words,  # type: ignore[arg-type]
        truth=Truth.model_validate({"is_opportunity": False}),
    )  # fmt: skip
    return read_proved(RulesReader(), page.notice(), BOGOTA)


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("en", "Open to all except residents of Japan.", "yes"),
        ("pt", "Só não podem concorrer residentes no Brasil.", "yes"),
        ("en", "Nobody is excluded because of where they were born or live.", "yes"),
        ("es", "Aquí no se pregunta por el pasaporte.", "yes"),
        ("es", "La beca es para latinoamericanas que quieran estudiar ingeniería.", "yes"),
        ("es", "El llamado está abierto a investigadores extranjeros que deseen venir a Chile.", "yes"),
        ("fr", "La bourse est réservée aux étudiants étrangers souhaitant étudier en France.", "yes"),
        ("fr", "Toute personne titulaire d'un doctorat, de toute nationalité, n'ayant pas résidé en France plus de douze mois, peut candidater.", "yes"),
        ("es", "Se ofrecen plazas a fiscales y policías de investigación en servicio activo de los Estados miembros de la OEA.", "yes"),
        ("en", "Only residents of Ontario may apply.", "no"),
        ("en", "Small businesses with an office in the canton of Vaud can apply.", "no"),
        ("fr", "Seules les communes du Québec sont admissibles.", "no"),
        ("de", "Antragsberechtigt sind Vereine mit Sitz in Bayern.", "no"),
        ("en", "Open to amateur photographers living in Penang, Kedah or Perlis.", "no"),
        ("en", "Who: students of law enrolled at a university in Uganda.", "no"),
        ("en", "You must have lived in Ireland for at least three years.", "no"),
        ("en", "Open to Commonwealth citizens.", "no"),
        ("es", "Solo para centroamericanos.", "no"),
        ("en", "Colombian institutions are not eligible in this round.", "no"),
        ("fr", "Collectivités éligibles : communes des États membres de la Francophonie, hors Union européenne.", "no"),
        # a part of the places, what some pay, who takes the others in, whoever only helps: none says who may apply
        ("en", "Six artists are chosen; two of the places are kept for Korean residents.", "unclear"),
        ("en", "Registration costs USD 60, or USD 15 for students and for anyone based in South Asia.", "unclear"),
        ("fr", "L'équipe d'accueil doit se trouver en France, en Suisse ou en Italie.", "unclear"),
        ("en", "Who may enter: teams led by a company. Team members may live anywhere.", "unclear"),
        ("fr", "Le Centre, ONG internationale basée à Bruxelles, met à jour son vivier. Les experts peuvent candidater.", "unclear"),
    ],
)  # fmt: skip
def test_who_may_apply_in_other_words(language: str, words: str, expected: str) -> None:
    assert read(language, words).home_eligible == expected


@pytest.mark.parametrize(
    ("language", "title", "words", "least", "most", "total"),
    [
        ("es", "Fondo de artesanías: convocatoria de proyectos", "Se abre la convocatoria por un monto\nglobal de GTQ 2.400.000. El apoyo por proyecto es de hasta GTQ 120.000.", None, 120_000, 2_400_000),
        ("en", "Scholarship in coastal governance", "The institute pays health coverage, a laptop and US$3,150 a month for living costs.", 3150, 3150, None),
        ("fr", "Bourse de master en histoire", "La bourse s'élève à 9 000 € pour l'année universitaire.", 9000, 9000, None),
        ("pt", "Prémio escolar de leitura", "São atribuídos três prémios, de 2.500 €, 1.500 € e 1.000 €, em material escolar.", 1000, 2500, None),
        ("es", "Red de ciudades: membresía", "Únase a la red como miembro. La cuota depende de la población: 500 euros anuales hasta 100.000 habitantes y 2.000 euros por encima.", None, None, None),
        ("es", "Voluntariado con pingüinos", "Para asegurar tu cupo paga 150 dólares de inscripción.", None, None, None),
        ("en", "Fund for registered charities: grants", "Grants of £5,000 each.\nOther funding you may be interested in\nStarter grants of £900,000", 5000, 5000, None),
    ],
)  # fmt: skip
def test_what_one_gets_in_other_words(
    language: str, title: str, words: str, least: int | None, most: int | None, total: int | None
) -> None:
    reading = read(language, words, title)
    got = (reading.min_award_amount, reading.max_award_amount, reading.total_amount_available)
    assert got == tuple(Decimal(value) if value is not None else None for value in (least, most, total))
