"""What is studied, where, and what is asked of applicants, as a reader of the bulletin would see it."""

from typing import Any

import pytest

from boi_pipeline.reading.reader import prove
from tests.reading.pages import CONTEXT, notice, read

MASTER = "Becas de maestría en salud pública"

CASES: list[tuple[str, str, str, str, Any]] = [
    # levels offered, never those asked for
    ("es", MASTER, "Se otorgan diez becas. Perfil: licenciatura en medicina.", "isced_levels", [7]),
    ("en", "PhD position in ecology", "A funded PhD. An MSc in biology is needed.", "isced_levels", [8]),
    ("en", "Undergraduate and master's scholarships", "Scholarships for study abroad.", "isced_levels", [6, 7]),
    # fields
    ("es", MASTER, "Se otorgan diez becas para cursar la maestría.", "isced_fields", ["09"]),
    ("en", "Course on machine learning", "The online course has twelve seats. Enrol by 3 May.", "isced_fields", ["06"]),
    ("fr", "Bourse de doctorat en droit", "La bourse couvre les frais de scolarité.", "isced_fields", ["04"]),
    ("en", "Volunteer in Kenya", "Volunteers get health insurance and a room.", "isced_fields", []),
    ("es", "Premio de periodismo", "Premia reportajes de periodistas sobre migración.", "isced_fields", ["03"]),
    ("en", "Master's scholarship", "Study law, economics or agronomy.", "isced_fields", ["08", "03", "04"]),
    ("en", "Painters' residency", "A studio and a flat for four painters.", "isced_fields", []),
    # languages
    ("en", "Internship", "Interns need English at B2; Portuguese is an advantage.", "required_languages", ["en:B2"]),
    ("es", "Pasantía", "Se exige inglés, nivel mínimo B1.", "required_languages", ["en:B1"]),
    ("fr", "Stage", "Vous parlez couramment français ou anglais.", "required_languages", []),
    ("pt", "Estágio", "Não é preciso falar inglês.", "required_languages", []),
    ("de", "Praktikum", "Englischkenntnisse auf dem Niveau C1 sind erforderlich.", "required_languages", ["en:C1"]),
    ("pt", "Estágio", "Português e inglês avançados (C1).", "required_languages", ["pt:C1", "en:C1"]),
    (
        "fr",
        "Bourse de master",
        "Quel est le niveau de français attendu ?\nUn B2 attesté.",
        "required_languages",
        ["fr:B2"],
    ),
    ("en", "Farm job", "No IELTS, no experience.", "required_languages", []),
    # ages
    ("es", "Premio", "Para autoras menores de 40 años.", "typical_age_range", "-39"),
    ("en", "Prize", "Writers aged 21 or over may enter.", "typical_age_range", "21-"),
    ("en", "Course", "For persons over 18 and under 35 years of age.", "typical_age_range", "18-34"),
    (
        "en",
        "Course",
        "Send one PDF of under 20 MB. The school has over 30 years of history.",
        "typical_age_range",
        None,
    ),
    ("en", "Hackathon", "WHO Coders. Over 18\nPRIZES in kind", "typical_age_range", "18-"),
    ("pt", "Voluntariado", "Jovens dos 18 aos 30 anos.", "typical_age_range", "18-30"),
    ("en", "Course: Fire and Built Heritage", "19 – 30 October, on site.", "typical_age_range", None),
    # targets
    ("es", "Fondo", "El fondo contribuye al ODS 14.2 y a la meta 14.b.", "sdg_targets", ["14.2", "14.b"]),
    ("en", "Fund", "It answers target 4.c of the Sustainable Development Goals.", "sdg_targets", ["4.c"]),
    ("en", "Fund", "The SDG fund has a target 4.5 million dollars and a target 99.9.", "sdg_targets", []),
    # places
    ("en", "Writing residency", "Ten weeks in Hawick (Scotland), with a studio.", "host_countries", ["GB"]),
    ("es", "Taller de cerámica", "Lugar: Lima, Perú\nPueden inscribirse personas de México.", "host_countries", ["PE"]),
    ("es", "Pasantía en Viena", "Para estudiantes de Colombia.", "host_countries", ["AT"]),
    ("en", "Online course", "Yarra University (Melbourne, Australia) offers an online course.", "host_countries", []),
    ("en", "Grants for gardens", "The foundation sits in Cork, Ireland, and gives grants.", "host_countries", []),
    ("en", "Residency in Tbilisi", "Six weeks in the old town.", "host_countries", ["GE"]),
    ("es", "Congreso de ríos", "El congreso será en Bruselas.", "host_countries", ["BE"]),
    ("es", "Curso de suelos", "El plazo cierra a las 17:00, hora de Praga.", "host_countries", []),
    ("pt", "Estágio em Aveiro", "Para residentes na União Europeia ou na Turquia.", "host_countries", ["PT"]),
    # attendance
    ("es", "Curso virtual de huertos", "El curso se dicta en la plataforma.", "attendance_mode", "online"),
    ("en", "Summer school, Malta", "The course is in person. Apply online.", "attendance_mode", "offline"),
    ("fr", "Stage à Bruxelles", "Un stage de six mois. Pas de stage à distance.", "attendance_mode", "offline"),
    ("pt", "Congresso de arquivos, Lisboa", "O congresso tem formato híbrido.", "attendance_mode", "mixed"),
    ("es", "Jornadas sobre algoritmos", "Sevilla y en línea, 5 y 6 de noviembre.", "attendance_mode", "mixed"),
    ("en", "Statistician (P-3)", "Vacancy. Duty station: Nairobi, Kenya.", "attendance_mode", None),
]


@pytest.mark.parametrize(("language", "title", "body", "field", "value"), CASES)
def test_what_a_text_says_of_study_and_place(language: str, title: str, body: str, field: str, value: Any) -> None:
    reading = read(notice(body, title, language=language))
    assert getattr(reading, field) == value
    assert bool(value) == any(evidence.field == field for evidence in reading.evidence)


def test_a_target_that_its_quote_does_not_name_is_dropped() -> None:
    page = notice("El fondo contribuye al ODS 14.2.", "Fondo", language="es")
    claimed = read(page).model_copy(update={"sdg_targets": ["14.2", "14.5"]})
    proved = prove(claimed, page, CONTEXT)
    assert proved.sdg_targets == ["14.2"]
    assert "sdg_targets" in proved.dropped
