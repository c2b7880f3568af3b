"""Shapes that recorded answers and fresh notices have, in words of our own: what says who applies, closes or pays, and what does not."""

from decimal import Decimal

import pytest

from boi_pipeline.reading.evaluation.golden import Case, told
from boi_pipeline.reading.evaluation.labelled import LabelledNotice, Truth
from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import read_proved
from tests.reading.pages import CONTEXT, notice
from tests.reading.pages import read as read_page
from tests.reading.test_wordings import BOGOTA, read


@pytest.mark.parametrize(
    ("language", "words"),
    [
        # whom a convener helps, how many there are, where it works
        ("en", "Founded in 1990, Bright Wells helps people and communities around the world."),
        ("en", "Last year our teams brought aid to more than 2 million people in 40 countries worldwide."),
        ("en", "Working in Colombia and Peru, our foundation gives grants to good ideas."),
        ("en", "The mission of the foundation is to help children in Colombia."),
        ("pt", "Desde 2001 já formámos jovens de todo o mundo."),
        ("pt", "A ONG ajuda pessoas em todo o mundo desde 1980."),
        ("fr", "L'association vient en aide à des millions de personnes à travers le monde."),
        ("es", "La organización atiende a personas en 40 países de todo el mundo."),
        # what a project is to bring about
        ("en", "Expected outcome:\n- Farmers in Africa and Latin America have better seed.\n- Better tools are available to communities in Colombia."),
        ("en", "Proposals should demonstrate how they will contribute to affordable heating for citizens of Europe."),
        ("en", "Small firms can bring new ideas to many tasks, including the security of EU citizens."),
        ("en", "The consortium will test the method at EU, national, regional and local level."),
        ("en", "The methods can be transferred to other regions and other countries."),
        # who made it, where one studies
        ("fr", "Conçu par un institut avec des pompiers du Chili, le cours s'adresse aux élus et aux riverains."),
        ("pt", "Proponente: pesquisador com vínculo a uma instituição. Grupos de outros países podem integrar a equipe, vedado o repasse de recursos."),
    ],
)  # fmt: skip
def test_whom_a_text_names_beside_who_may_apply_says_nothing_of_home(language: str, words: str) -> None:
    assert read(language, words).home_eligible == "unclear"


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        # groups by income and development
        ("en", "Applicants must be nationals of an upper-middle-income country.", "yes"),
        ("en", "Applicants must come from a low-income or lower-middle-income country as classed by the World Bank.", "no"),
        ("en", "Applicants should be from a country eligible to receive Official Development Assistance.", "yes"),
        ("es", "Podrán presentarse nacionales de países de renta media alta.", "yes"),
        ("es", "Podrán presentarse nacionales de países de renta baja.", "no"),
        ("fr", "Sont éligibles les organisations enregistrées dans un pays bénéficiaire de l'APD.", "yes"),
        ("fr", "Peuvent postuler les ressortissants des pays à revenu intermédiaire.", "yes"),
        ("pt", "Podem participar pessoas de países de renda média.", "yes"),
        ("en", "Who can apply: women-led startups headquartered in LAC.", "yes"),
        ("en", "Applicant organisations must be based in Central or South America.", "yes"),
        # anybody, in more words
        ("en", "Open to everyone, everywhere.", "yes"),
        ("en", "Nationality requirement: none", "yes"),
        ("en", "Any public or school library in the world can be nominated.", "yes"),
        ("pt", "Estudantes de qualquer universidade do mundo podem inscrever-se.", "yes"),
        ("en", "International students (non-UK) are eligible.", "yes"),
        # where one lives, works, is registered
        ("en", "The scheme is open only to UK-based charities.", "no"),
        ("en", "It makes grants of up to 5,000 euros to registered charities working in Bangladesh, India or Sri Lanka.", "no"),
        ("es", "El fondo apoya a colectivas que trabajen en Bolivia, Colombia o Perú.", "yes"),
        ("es", "Puedes postularte si tienes entre 18 y 25 años y vives en Argentina, Bolivia o Uruguay.", "no"),
        ("es", "Han de haber nacido en América Latina o vivir en ella.", "yes"),
        ("es", "Podrán concurrir asociaciones que sostengan un museo, con sede en uno de los seis países que aportan cuota: Argentina, Brasil, Chile, Colombia, Ecuador y Uruguay.", "yes"),
        ("es", "Personas beneficiarias\n1. Edad de 18 a 35 años.\n2. Domicilio fiscal en la isla de Tamarán.", "unclear"),
        ("pt", "Inscrições abertas a residentes no Estado do Rio de Janeiro.", "no"),
        ("fr", "Les candidatures de personnes résidant hors de l'Union européenne ne sont pas admises.", "no"),
        ("fr", "Ouvert aux élèves scolarisés au Québec.", "no"),
        ("pt", "Podem concorrer apenas brasileiros natos ou naturalizados.", "no"),
        ("en", "Applications from Latin America will not be considered in this round.", "no"),
        ("es", "Colombia, Perú y Ecuador son los países elegibles.", "yes"),
        ("en", "We don't mind where you live or what passport you carry.", "yes"),
        ("en", "Entries are accepted from all over the world.", "yes"),
        ("en", "Countries in scope: Brazil, Colombia, Mexico, Peru.", "yes"),
        ("en", "Your organisation must have its head office in Norway.", "no"),
        ("pt", "Podem concorrer pessoas de qualquer nacionalidade, residentes ou não no Brasil.", "yes"),
        ("en", "Our office in Bogotá supports partners in Latin America.", "unclear"),
        # so many countries as the page names
        ("es", "Doce personas por sede, que vivan en cualquiera de los tres países.\nSede Tumaco (Colombia)\nSede Esmeraldas (Ecuador)\nSede Piura (Perú)", "yes"),
        ("es", "Doce personas por sede, que vivan en cualquiera de los tres países.\nSede Tacna (Chile)\nSede Esmeraldas (Ecuador)\nSede Piura (Perú)", "no"),
        ("en", "Expected outcome:\n- Farmers have better seed.\nEligibility:\nOrganisations established in Kenya or Uganda may apply.", "no"),
    ],
)  # fmt: skip
def test_who_may_apply_by_groups_lists_and_seats(language: str, words: str, expected: str) -> None:
    assert read(language, words).home_eligible == expected


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("pt", "1.ª fase – de 1 de fevereiro a 12 de março de 2027\n2.ª fase – de 1 de junho a 16 de julho de 2027", "2027-03-12#cut_off 2027-07-16#cut_off"),
        ("es", "Primera ventana: del 1 de febrero al 12 de marzo de 2027. Segunda ventana: del 1 de junio al 16 de julio de 2027.", "2027-03-12#cut_off 2027-07-16#cut_off"),
        ("pt", "Candidaturas: em três fases, que encerram a 12 de março, a 15 de junho e a 15 de setembro de 2027", "2027-03-12#cut_off 2027-06-15#cut_off 2027-09-15#cut_off"),
        ("pt", "Etapa / Submissão até / Resultado\n1º corte / 12/03/2027 / 14/05/2027\n2º corte / 16/07/2027 / 17/09/2027", "2027-03-12#cut_off 2027-07-16#cut_off"),
        ("es", "Inicio del plazo de solicitud: 2027-02-20\nFin del plazo de solicitud: 2027-03-12", "2027-03-12"),
        ("en", "The submission window runs from 1 February 2027, 09:00, through 12 March 2027, 23:59.", "2027-03-12T23:59"),
        ("pt", "Carta de intenções: até 12 de março de 2027. Proposta completa: até 18 de junho de 2027.", "2027-03-12#concept_note 2027-06-18#full_proposal"),
        ("en", "Letters of inquiry: 12 March 2027\nFull proposals (by invitation only): 18 June 2027", "2027-03-12#concept_note 2027-06-18#full_proposal"),
        ("pt", "Quando fecha? Mudou! Era 26 de fevereiro, mas muita gente pediu fôlego. Agora é ao meio-dia (12h, horário de Brasília) de 12 de março de 2027.", "2027-03-12T12:00@America/Sao_Paulo"),
        # hours and zones
        ("en", "Applications close: 12 March 2027, 11:59 p.m. Arizona time", "2027-03-12T23:59@America/Phoenix"),
        ("en", "Deadline of submission is on 12 March 2027, 5:00 PM (Philippine time).", "2027-03-12T17:00@Asia/Manila"),
        ("es", "Fecha límite: 12 de marzo de 2027, 23:59 h (CDMX)", "2027-03-12T23:59@America/Mexico_City"),
        ("fr", "Clôture : 12 mars 2027, 12 h 00 TU", "2027-03-12T12:00@UTC"),
        ("en", "There is a deadline on 12 March and on 1 June 2027. The form closes at 13:00 London time.", "2027-03-12T13:00@Europe/London#cut_off 2027-06-01T13:00@Europe/London#cut_off"),
        # days of other matters
        ("en", "PS: this has nothing to do with the journal's call for papers, which closes on 15 January 2027. Apply by 12 March 2027.", "2027-03-12"),
        ("fr", "PS : rien à voir avec l'appel à articles, qui ferme le 15 janvier 2027. Dossiers avant le 12 mars 2027.", "2027-03-12"),
        ("en", "Deadline: 12 March 2027\nAn information day is held on 6 January 2027; registration for it closes on 4 January 2027.", "2027-03-12"),
        ("en", "We invite one artist to work beside our kilns from 1 September to 30 November 2027. Please send a portfolio. Last day: 12.03.2027.", "2027-03-12"),
        ("en", "Eligible costs must be incurred before 12 March 2027.", "-"),
        ("en", "The fellowship starts on 1 September 2027 and ends on 31 August 2028.", "-"),
    ],
)  # fmt: skip
def test_closing_days_of_rounds_stages_and_other_matters(language: str, words: str, expected: str) -> None:
    assert told(read_proved(RulesReader(), Case("", language, words, expected, {}).notice(), CONTEXT)) == expected


@pytest.mark.parametrize(
    ("language", "title", "words", "expected"),
    [
        ("en", "Joint projects of municipalities", "The grant may not exceed 50% of the total cost nor EUR 80,000. The envelope is EUR 1.6 million.", ("EUR", None, 80_000, 1_600_000)),
        ("fr", "Appel à projets de coopération", "La subvention ne dépasse pas 50 % du coût total ni 80 000 euros. L'enveloppe est de 1,6 million d'euros.", ("EUR", None, 80_000, 1_600_000)),
        ("en", "Call for proposals: grants", "The agency anticipates awarding up to $3,000,000 in total funding, with individual awards not exceeding $250,000.", ("USD", None, 250_000, 3_000_000)),
        ("en", "Grants for legal organisations", "Grants typically run from $60,000 to $120,000 per year for two years (US dollars).", ("USD", 60_000, 120_000, None)),
        ("en", "Urgent grants", "The average grant last year was €2,300; the most we can give one person is €4,000.", ("EUR", None, 4000, None)),
        ("en", "Artist residency", "Residents receive a studio and a fee of EUR 4,500. We also pay one return trip of up to EUR 600.", ("EUR", 4500, 4500, None)),
        ("en", "Accelerator for startups", "Selected startups get US$30,000 and credits worth up to US$15,000 from cloud partners. You must have earned at least US$10,000.", ("USD", 30_000, 30_000, None)),
        ("en", "Photo contest", "First prize RM5,000, second RM2,500, third RM1,000, and ten consolation prizes of RM200.", ("MYR", 200, 5000, None)),
        ("es", "Fondo para proyectos de bahías limpias", "El fondo tiene dos millones de balboas. Cada proyecto puede recibir entre 50.000 y 300.000 balboas y no necesita contrapartida.", ("PAB", 50_000, 300_000, 2_000_000)),
        ("es", "Premio de ensayo", "Primer lugar: $200,000.00 M.N.; segundo lugar: $100,000.00 M.N.; tercer lugar: $50,000.00 M.N.", ("MXN", 50_000, 200_000, None)),
        ("es", "Premio de periodismo", "🥇 1,5 millones de pesos chilenos\n🥈 $900.000\n🥉 $400.000", ("CLP", 400_000, 1_500_000, None)),
        ("es", "Becas de maestría", "La universidad da 2 700 eslotis al mes y un cuarto en la residencia.", ("PLN", 2700, 2700, None)),
        # what taking part costs, what a project passes on, what a sector spends
        ("en", "Call for papers: the congress of soils", "Registration is €200 for members and €300 for others.", (None, None, None, None)),
        ("en", "Research grants for cities", "Topic budget: EUR 18 000 000. Applicants may give financial support to third parties of no more than EUR 30 000 for each of them.", ("EUR", None, None, 18_000_000)),
        ("en", "Call for philanthropy grants", "Foundations in Europe hold a EUR 567 billion pool of assets.", (None, None, None, None)),
    ],
)  # fmt: skip
def test_what_one_gets_beside_ceilings_prices_and_other_sums(
    language: str, title: str, words: str, expected: tuple[str | None, int | None, int | None, int | None]
) -> None:
    reading = read(language, words, title)
    got = (reading.min_award_amount, reading.max_award_amount, reading.total_amount_available)
    assert (reading.currency, *got) == (
        expected[0],
        *(None if value is None else Decimal(value) for value in expected[1:]),
    )


@pytest.mark.parametrize(
    ("zone", "words", "expected"),
    [
        ("America/Bogota", "Cada propuesta recibirá hasta $ 80.000.000.", ("COP", Decimal(80_000_000))),
        ("America/Bogota", "Cada propuesta recibirá hasta $ 8.000.", (None, None)),
        ("America/Bogota", "Cada propuesta recibirá hasta $ 80.000.000. Cifras en dólares.", (None, None)),
        ("Europe/Madrid", "Cada propuesta recibirá hasta $ 80.000.000.", (None, None)),
        (None, "Cada propuesta recibirá hasta $ 80.000.000.", (None, None)),
    ],
)
def test_a_bare_sign_is_the_peso_of_the_sources_country_where_dollars_cannot_be_meant(
    zone: str | None, words: str, expected: tuple[str | None, Decimal | None]
) -> None:
    page = LabelledNotice.model_validate(
        {"id": "x-1", "family": "x", "language": "es", "posted": "2026-11-20", "url": "https://a.example/", "title": "Fondo de proyectos: convocatoria",
         "body": words, "timezone": zone, "truth": Truth(is_opportunity=False)}
    )  # fmt: skip
    reading = read_proved(RulesReader(), page.notice(), BOGOTA)
    assert (reading.currency, reading.max_award_amount) == expected


def test_the_name_before_the_closing_day_and_the_whole_value_of_a_label_convene() -> None:
    first = "Institutes of Clean Water - Closes 2027-03-12 - The Program for Clean Rivers supports regional centers."
    assert read_page(notice(first, "Clean Rivers Research Network")).funder_name == "Institutes of Clean Water"
    labelled = "Organization: Action contre la Soif France\nClosing date: 12 March 2027"
    assert read_page(notice(labelled, "Coordinator")).funder_name == "Action contre la Soif France"
