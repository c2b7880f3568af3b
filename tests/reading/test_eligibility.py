"""Whether one may apply from the home country (Ecuador in the sample), who may, and from where: as a careful person reads."""

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT
from tests.reading.pages import CONTEXT, notice, read

HOME = [
    ("en", "Scholarships are for students who do not hold Japanese nationality.", "yes"),
    ("en", "Students who do not hold Ecuadorian nationality may apply.", "no"),
    ("es", "El instituto recibe a seis investigadores, españoles o extranjeros, para estancias cortas.", "yes"),
    ("fr", "Les Sénégalais de l'extérieur peuvent soumettre un projet.", "no"),
    ("pt", "Serão selecionados oito roteiristas latino-americanos.", "yes"),
    ("de", "Das Haus vergibt Stipendien an Künstlerinnen und Künstler aus dem In- und Ausland.", "yes"),
    ("en", "Eligible countries: Brazil | Chile | Ecuador | Peru", "yes"),
    ("en", "The scholarships are for juniors of all federations save those of Ecuador and Brazil.", "no"),
    ("en", "We accept applications from groups based in five countries: Ecuador, Kenya, Nepal and Tunisia.", "yes"),
    ("en", "Ten fellowships are reserved for professionals from these countries: Peru, Ecuador, Ghana.", "yes"),
    ("en", "You must be a citizen of a member state of the OAS, except the United States.", "yes"),
    ("en", "Open to all, regardless of nationality. Winners of 2025 came from Japan and Kenya.", "yes"),
    ("en", "Only entities located in the United States may apply. Foreign entities are not eligible.", "no"),
    ("en", "Who: persons who live in one of the 27 EU Member States, whatever passport they hold.", "no"),
    ("en", "Who can apply? Public bodies of the EU. Bodies from other states are not admitted.", "no"),
    ("en", "Applicants from low- and lower-middle-income countries may apply.", "no"),
    ("en", "We are looking for partners. Organisations from selected countries in Latin America may apply.", "unclear"),
    ("en", "Candidates may apply. Priority will be given to applicants from Latin America.", "unclear"),
    ("en", "The fund invites applications. Past winners came from Ecuador, Peru and Kenya.", "unclear"),
    ("en", "Who can apply: companies based in Spain.\nFormat: meetings with buyers from Ecuador.", "no"),
    (
        "en",
        "Cities may join. Cities in Latin America can follow the project as observers, at their own expense.",
        "unclear",
    ),
    ("en", "Three fee waivers are for students from Latin America. Participants need two years of study.", "unclear"),
    ("en", "We hire without regard to nationality, race or religion.", "unclear"),
    ("en", "Your nationality does not matter: anyone over 18 can join.", "yes"),
    ("es", "¿Quién solicita? Universidades de países de ingresos bajos y medios.", "yes"),
    ("es", "Países elegibles\nTodos los de la lista CAD, con las siguientes excepciones: Ecuador y Egipto.", "no"),
    ("es", "¿Quién puede solicitarlo?\n* Ecuatorianos con pregrado terminado.\n* Con deudor solidario.", "yes"),
    ("es", "Beneficiarios: ONG con sede en España. Se financian proyectos en Ecuador y Perú.", "no"),
    ("es", "No podrán participar ciudadanos de Ecuador ni de Venezuela.", "no"),
    ("es", "Destinatarios: personas con autorización para trabajar en España.", "no"),
    ("fr", "Les ressortissants d'Équateur et du Pérou ne peuvent pas candidater.", "no"),
    ("fr", "L'adhésion est réservée aux ressortissants des 3 pays partenaires : Bénin, Équateur, Mali.", "yes"),
    ("fr", "Pour qui : administrations des pays en développement, quel que soit le continent.", "yes"),
    ("pt", "Quem concorre: escolas públicas da América Latina e do Caribe.", "yes"),
    ("pt", "Só serão aceitos grupos sediados na Argentina, no Brasil ou no Uruguai.", "no"),
    ("de", "Die Hochschule vergibt Stipendien an Studieninteressierte aus Brasilien, Ecuador und Peru.", "yes"),
    ("de", "Wer? Gemeinnützige Träger mit Sitz in Deutschland oder Österreich.", "no"),
    ("es", "Requisitos: ser mujer y vivir en la región Arequipa (Perú), sin importar dónde haya nacido.", "no"),
    ("es", "Curso gratuito en Loja, Ecuador. Requisitos: ser mujer y vivir en la provincia.", "unclear"),
    ("es", "Este año se ofrecen siete becas repartidas así: Bolivia una, Ecuador dos y Perú cuatro.", "yes"),
    (
        "en",
        "The Government of Ontario (Canada) pays for ramps. You are eligible if your building is in the province.",
        "no",
    ),
    ("en", "The coast has to be in a developing country: Africa, Asia and Latin America all qualify.", "yes"),
    ("en", "We never ask where artists were born. Painters may apply.", "yes"),
    ("fr", "Vous animez une radio au Mali ou au Niger, et nulle part ailleurs ? Nous finançons votre matériel.", "no"),
    ("fr", "Quatre visites pour monter vos dossiers européens. Les communes peuvent adhérer.", "unclear"),
    ("pt", "Se a sua biblioteca fica na Argentina, no Equador ou no Uruguai, cabe na rede.", "yes"),
    ("pt", "Proponente: pesquisador sediado no Maranhão. Não serão aceitas propostas do exterior.", "no"),
    ("es", "Cada equipo debe incluir una universidad ecuatoriana y una alemana.", "yes"),
    ("es", "Requisitos: residir en la provincia de Salta. El agua falta en toda América Latina.", "unclear"),
    (
        "es",
        "Requisitos: nacionalidad española. Otras nacionalidades, también las de América Latina, no se admiten.",
        "no",
    ),
    ("fr", "Il faut résider en France depuis deux ans pour candidater.", "no"),
    ("pt", "Só valem inscrições de moradores de Curitiba, Brasil.", "no"),
    ("en", "Any town in South America may join.", "yes"),
    ("en", "Applicants are invited to apply wherever they are; you may live in any country.", "yes"),
    ("en", "A prize for museum directors. Applicants may take part in training around the world.", "unclear"),
    (
        "en",
        "The programme is for young researchers from Latin America who work on water, soils or forests and want to spend "
        "a year abroad with us.\nApplicants must be citizens of Chile, Peru or Bolivia, and must hold a degree in one of "
        "the natural sciences or in engineering.",
        "no",
    ),
]


@pytest.mark.parametrize(("language", "body", "answer"), HOME)
def test_may_one_apply_from_home(language: str, body: str, answer: str) -> None:
    reading = read(notice(body, language=language))
    assert reading.home_eligible == answer
    assert answer == "unclear" or any(e.field == "home_eligible" and e.quote in body for e in reading.evidence)


def test_the_seat_of_the_convener_is_no_region_of_applicants() -> None:
    body = "The Lakes Fund, based in Switzerland, invites proposals from NGOs established in Ecuador or Peru."
    assert set(read(notice(body)).eligible_regions) == {"EC", "PE"}


def test_kinds_and_audiences_follow_from_who_may_apply() -> None:
    body = "Who can apply? Non-profit organisations and local governments. Companies are not eligible."
    reading = read(notice(body, "Grants for clean rivers: call for proposals"))
    assert reading.accepted_applicant_types == ["nonprofit", "government_local"]
    assert reading.audiences == ["social", "public_bodies"]
    officials = read(notice("Dirigido a funcionarios municipales.", "Curso virtual de catastro", language="es"))
    assert officials.accepted_applicant_types == ["individual"]
    assert officials.audiences == ["public_servants"]


def test_groups_of_countries_hold_only_countries_and_are_named_in_lower_case() -> None:
    groups = load_entity(ROOT / "entities" / "sample").vocabularies["country_groups"].terms
    everywhere = set(groups["WORLD"].members)
    for code, term in groups.items():
        assert set(term.members) <= everywhere, code
        assert len(term.members) == len(set(term.members)), code
        assert all(name == name.lower() for names in term.names.values() for name in names), code
    home = CONTEXT.home_country
    with_home = {"LATAM", "LAC", "OAS", "IBEROAMERICA", "ANDEAN", "ODA", "GLOBAL_SOUTH", "NON_EU", "AMAZON"}
    without = {"EU", "CARIBBEAN", "MERCOSUR", "PACIFIC_ALLIANCE", "OECD", "LDC", "LOWER_INCOME", "OIF", "CPLP", "G20"}
    assert home == "EC" and all(home in groups[code].members for code in with_home)
    assert not any(home in groups[code].members for code in without)
