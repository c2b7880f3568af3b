"""A bulletin of fictional opportunities, one of each thing a page has to show; made from ledger records as in life."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any

from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.publishing.bulletin import Bulletin, bulletin_of
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    Publication,
    PublicDeadline,
    PublicEvidence,
    PublicOpportunity,
    Redirect,
    Relation,
    Snapshot,
    SourceNote,
    canonical_json,
    sha256_hex,
)
from boi_pipeline.settings import ROOT

AS_OF = datetime(2026, 11, 24, 21, tzinfo=UTC)
HOSTILE = (
    "<script>alert('boi')</script> \"><img src=x onerror=alert(1)> </title></script><!-- {{ 7*7 }} ]]> "
    "\u202eorden al revés\u202c \u200bcero\u0000 =HYPERLINK(1) 🎓🎓🎓"
)


def code_of(number: int) -> str:
    return f"PAL-2026-{number:05d}"


def quote(field: str, text: str, url: str = "https://fuente.example/aviso", kind: str = "inferred") -> PublicEvidence:
    return PublicEvidence.model_validate({"field": field, "quote": text, "url": url, "kind": kind})


def opportunity(number: int, **fields: Any) -> PublicOpportunity:
    """A public record with everything required filled in."""
    given: dict[str, Any] = {
        "opportunity_id": f"00000000-0000-5000-8000-{number:012d}",
        "code": code_of(number),
        "title": f"Call {number}",
        "title_es": f"Convocatoria {number}",
        "summary_es": "Una convocatoria de prueba para personas de cualquier país.",
        "eligibility_es": "Personas mayores de edad.",
        "opportunity_type": "scholarship",
        "source_url": "https://fuente.example/aviso",
        "source_name": "Fuente de ejemplo",
        "language": "en",
        "digital_source_type": "algorithmicMedia",
    }
    return PublicOpportunity.model_validate(given | fields)


SCHOLARSHIP = opportunity(
    1,
    opportunity_number="NH-2027-14",
    title="Nordhaven Climate Leaders Master's Scholarships 2027",
    title_es="Becas completas de maestría en clima — Universidad de Nordhaven, Alemania",
    summary_es=(
        "Becas completas para cursar una maestría de dos años en políticas climáticas en la Universidad de Nordhaven. "
        "Son para profesionales jóvenes de América Latina con título de pregrado. Cubren matrícula, manutención, viaje y "
        "seguro médico. Hay 25 cupos. Las clases son en inglés y comienzan en octubre de 2027."
    ),
    eligibility_es="Profesionales de América Latina con pregrado terminado",
    funding_instrument="scholarship",
    funder_name="Universidad de Nordhaven",
    funder_country="DE",
    host_countries=["DE"],
    attendance_mode="offline",
    accepted_applicant_types=["individual"],
    audiences=["citizens", "academia"],
    eligible_regions=["EC", "CO", "PE", "BO"],
    home_eligible="yes",
    isced_levels=[7],
    required_languages=["en:B2"],
    typical_age_range="-35",
    funding_level="full",
    coverage=["tuition", "stipend", "travel", "insurance"],
    currency="EUR",
    min_award_amount=Decimal("12000"),
    max_award_amount=Decimal("12000"),
    estimated_award_count=25,
    application_fee=False,
    close_model="single",
    close_date_description="15 January 2027 (23:59 CET)",
    deadlines=[
        PublicDeadline(
            seq=1,
            stage="application",
            close_date=date(2027, 1, 15),
            close_time=time(23, 59),
            timezone="Europe/Berlin",
            basis="stated",
            close_at=datetime(2027, 1, 15, 22, 59, tzinfo=UTC),
        )
    ],
    apply_url="https://www.nordhaven.example/scholarships/climate?lang=en&year=2027",
    sdg_goals=[13, 4],
    plan_objectives=["PCA-2025-2029:1", "PCA-2025-2029:2"],
    evidence=[
        quote("home_eligible", "Open to citizens of Latin American countries, including Ecuador"),
        quote("eligible_regions", "Open to citizens of Latin American countries, including Ecuador"),
        quote("deadlines", "Applications close 15 January 2027 (23:59 CET)", kind="stated"),
        quote("max_award_amount", "a stipend of EUR 12,000 per year", kind="stated"),
        quote("coverage", "Tuition, travel and health insurance are fully covered"),
    ],
)
FUND = opportunity(
    2,
    title="Seed grants for coastal cities",
    title_es="Fondo semilla para ciudades costeras — Red Mareas, varios países",
    summary_es=(
        "Financia proyectos piloto de gobiernos locales y organizaciones sociales que protejan la costa. "
        "Cada proyecto recibe hasta 50.000 dólares y debe aportar una parte. Hay tres cortes al año."
    ),
    opportunity_type="fund",
    funding_instrument="grant",
    funder_name="Red Mareas",
    host_countries=["EC", "PE", "CL", "MX", "BR", "PT", "ES"],
    accepted_applicant_types=["government_local", "nonprofit"],
    audiences=["public_bodies", "social"],
    home_eligible="yes",
    funding_level="partial",
    currency="USD",
    max_award_amount=Decimal("50000"),
    total_amount_available=Decimal("2000000"),
    cost_sharing_required=True,
    close_model="multiple",
    deadlines=[
        PublicDeadline(
            seq=n, stage="cut_off", close_date=day, close_time=time(17), timezone=zone, basis=basis, close_at=at
        )
        for n, day, zone, basis, at in [
            (1, date(2026, 10, 1), "Europe/Brussels", "stated", datetime(2026, 10, 1, 15, tzinfo=UTC)),
            (2, date(2026, 12, 10), "Europe/Brussels", "assumed", datetime(2026, 12, 10, 16, tzinfo=UTC)),
            (3, date(2027, 3, 4), "Europe/Brussels", "stated", datetime(2027, 3, 4, 16, tzinfo=UTC)),
        ]
    ],
    apply_url="https://mareas.example/fondo",
    sdg_goals=[14],
    plan_objectives=["PCA-2025-2029:2"],
    digital_source_type="trainedAlgorithmicMedia",
    drafting_tool="Modelo Gaviota 2",
    evidence=[quote("home_eligible", "Local governments from Latin America may apply as lead partner")],
)
AWARD = opportunity(
    3,
    title="Global Prize for Open Government",
    title_es="Premio mundial de gobierno abierto — Instituto Ágora, virtual",
    summary_es="Premia soluciones de transparencia creadas por equipos públicos. El primer lugar recibe 10.000 euros.",
    opportunity_type="award",
    funder_name="Instituto Ágora",
    attendance_mode="online",
    home_eligible="yes",
    currency="EUR",
    max_award_amount=Decimal("10000"),
    coverage=["prize"],
    close_model="single",
    deadlines=[
        PublicDeadline(
            seq=1,
            stage="application",
            close_date=date(2026, 11, 30),
            close_time=time(23, 59),
            timezone="Etc/GMT+12",
            basis="stated",
            close_at=datetime(2026, 12, 1, 11, 59, tzinfo=UTC),
        )
    ],
    apply_url="https://agora.example/prize",
    sdg_goals=[16],
    plan_objectives=["PCA-2025-2029:5"],
    evidence=[quote("home_eligible", "Teams from any country are welcome")],
)
EVENT = opportunity(
    4,
    title=HOSTILE,
    title_es="Cumbre virtual de ciudades creativas <script>alert('hola')</script>",
    summary_es=f"Encuentro de dos días para ciudades creativas. {HOSTILE}",
    eligibility_es=HOSTILE,
    opportunity_type="event",
    funder_name=HOSTILE,
    attendance_mode="online",
    home_eligible="unclear",
    close_model="single",
    deadlines=[
        PublicDeadline(seq=1, stage="registration", close_date=date(2026, 12, 3), basis="assumed"),
    ],
    close_date_description=HOSTILE,
    apply_url="javascript:alert(document.domain)",
    source_name=HOSTILE,
    evidence=[quote("opportunity_type", HOSTILE, "data:text/html,<script>alert(1)</script>")],
)
COURSE = opportunity(
    5,
    title="Cours en ligne : mobilité douce",
    title_es="Curso gratuito de movilidad sostenible — Escuela de Ciudades, virtual",
    summary_es="Curso en línea de seis semanas sobre movilidad sostenible. Es gratuito y no tiene fecha límite.",
    opportunity_type="course",
    funder_name="École des Villes",
    attendance_mode="online",
    home_eligible="unclear",
    required_languages=["fr", "en"],
    funding_level="none",
    close_model="rolling",
    apply_url="https://ecole.example/cours",
    language="fr",
    sdg_goals=[11],
    evidence=[quote("close_model", "Inscriptions ouvertes toute l'année")],
)
PLACEMENT = opportunity(
    6,
    title="Estágio em arquivos abertos",
    title_es="Pasantía en archivos abiertos — Fundação Maré, Portugal",
    summary_es="Pasantía de tres meses en el archivo de la fundación. Cubre manutención.",
    opportunity_type="placement",
    funder_name="Fundação Maré",
    host_countries=["PT"],
    home_eligible="yes",
    coverage=["stipend"],
    close_model="single",
    deadlines=[PublicDeadline(seq=1, stage="application", close_date=date(2026, 11, 20), basis="assumed")],
    apply_url="https://mare.example/estagio",
    language="pt",
)
RESIDENCY = opportunity(
    7,
    title="Nordic Arts Residency",
    title_es="Residencia artística de invierno — Casa del Fiordo, Noruega",
    summary_es="Residencia de dos meses para artistas de países nórdicos. Ofrece taller y alojamiento.",
    opportunity_type="residency",
    funder_name="Casa del Fiordo",
    host_countries=["NO"],
    home_eligible="no",
    application_fee=True,
    close_model="single",
    deadlines=[PublicDeadline(seq=1, stage="application", close_date=date(2027, 2, 1), basis="assumed")],
    apply_url="http://xn--fiordo-example.example/residency",
    evidence=[quote("home_eligible", "Only residents of Nordic countries may apply")],
)
NETWORK = opportunity(
    8,
    title="Red de Bibliotecas Vivas",
    title_es="Red internacional de bibliotecas vivas — Consorcio Faro",
    summary_es="Red abierta a bibliotecas públicas. Comparte materiales y encuentros mensuales.",
    opportunity_type="network",
    funder_name="Consorcio Faro",
    home_eligible="yes",
    language="es",
    evidence=[quote("home_eligible", "Pueden unirse bibliotecas de todo el mundo")],
)
SCAM = opportunity(9, title_es="SECRETO-RETIRADO beca con cobro", summary_es="SECRETO-RETIRADO pague ya.")
MERGED = opportunity(10, title_es="Becas de clima en Nordhaven", summary_es="Nota que se unió a la primera.")
COURSE_BEFORE = COURSE.model_copy(update={"title_es": "Curso de movilidad sostenible (texto anterior)"})

FIRST_DAY = [COURSE_BEFORE, PLACEMENT, NETWORK, SCAM, MERGED]
SECOND_DAY = [SCHOLARSHIP, FUND, AWARD, EVENT, COURSE, RESIDENCY]


@cache
def sample_entity() -> Entity:
    return load_entity(ROOT / "entities" / "sample")


class Records:
    """Ledger records for a list of editions, each a list of approved opportunities."""

    def __init__(self, editions: list[tuple[date, list[PublicOpportunity]]]) -> None:
        self.editions: list[Edition] = []
        self.publications: list[Publication] = []
        self.snapshots: list[Snapshot] = []
        self.decisions: list[Decision] = []
        self.identities: list[Identity] = []
        self.redirects: list[Redirect] = []
        self.relations: list[Relation] = []
        self.notes: list[SourceNote] = []
        for day, shown in editions:
            self.close(day, shown)

    def close(self, day: date, shown: list[PublicOpportunity]) -> None:
        """Close an edition with these opportunities, each approved just then."""
        at = datetime(day.year, day.month, day.day, 21, tzinfo=UTC)
        number = max((one.seq for one in self.editions), default=0) + 1
        self.editions.append(
            Edition(seq=number, edition_id=day.isoformat(), edition_date=day, closed_at=at, label=f"{day:%G-W%V}")
        )
        for position, facts in enumerate(shown, 1):
            self.publish(day, at, position, facts)

    def publish(self, day: date, at: datetime, position: int, facts: PublicOpportunity) -> None:
        content = canonical_json(facts.model_dump(mode="json"))
        sha, seq = sha256_hex(content), len(self.publications) + 1
        self.snapshots.append(
            Snapshot(seq=seq, snapshot_sha256=sha, opportunity_id=facts.opportunity_id, content=content)
        )
        self.decide("approve", facts, at, sha)
        if facts.opportunity_id not in {one.opportunity_id for one in self.identities}:
            self.identities.append(
                Identity(
                    seq=seq,
                    opportunity_id=facts.opportunity_id,
                    code=facts.code,
                    anchor_item_id=f"s/{seq}",
                    minted_at=at,
                )
            )
        self.publications.append(
            Publication(
                seq=seq,
                publication_id=f"{day}/site/{facts.code}",
                edition_id=day.isoformat(),
                opportunity_id=facts.opportunity_id,
                code=facts.code,
                channel="site",
                position=position,
                snapshot_sha256=sha,
                published_at=at,
            )
        )

    def close_week(self, week: str, at: datetime, picked: list[tuple[PublicOpportunity, str]]) -> None:
        """Close the article of a week with these opportunities and reasons, with the texts the site shows."""
        for position, (facts, why) in enumerate(picked, 1):
            self.decide("pick", facts, at)
            changed = canonical_json({"week": week, "position": position})
            self.decisions[-1] = self.decisions[-1].model_copy(update={"reason": why, "changed": changed})
        number = len(self.decisions) + max((one.seq for one in self.editions), default=0) + 1
        self.editions.append(
            Edition(seq=number, edition_id=week, edition_date=sample_entity().today(at), closed_at=at, label=week)
        )
        for position, (facts, _) in enumerate(picked, 1):
            shown = [one for one in self.publications if one.code == facts.code and one.channel == "site"][-1]
            given = {"edition_id": week, "channel": "article", "position": position, "published_at": at}
            given |= {"seq": len(self.publications) + 1, "publication_id": f"{week}/article/{facts.code}"}
            self.publications.append(shown.model_copy(update=given))

    def decide(self, action: str, facts: PublicOpportunity, at: datetime, sha: str | None = None) -> None:
        seq = len(self.decisions) + 1
        given = {"seq": seq, "decision_id": f"d{seq:025d}", "action": action, "role": "editor", "decided_at": at}
        self.decisions.append(
            Decision.model_validate(given | {"opportunity_id": facts.opportunity_id, "snapshot_sha256": sha})
        )

    def say(self, facts: PublicOpportunity, kind: str, **values: Any) -> None:
        given = {
            "opportunity_id": facts.opportunity_id,
            "kind": kind,
            "url": "https://fuente.example/aviso",
            "seen_at": AS_OF,
        }
        self.notes.append(SourceNote.model_validate(given | values))

    def bulletin(self, as_of: datetime = AS_OF) -> Bulletin:
        return bulletin_of(
            sample_entity(),
            as_of,
            editions=self.editions,
            publications=self.publications,
            snapshots=self.snapshots,
            decisions=self.decisions,
            identities=self.identities,
            redirects=self.redirects,
            relations=self.relations,
            notes=self.notes,
            last_verified={facts.opportunity_id: date(2026, 11, 24) for facts in SECOND_DAY},
            last_opened={NETWORK.opportunity_id: date(2026, 10, 2)},
        )


WEEK = "2026-W48"
PICKED = [
    (SCHOLARSHIP, "Paga todos los gastos y acepta a quien apenas empieza su carrera. Pocas becas de clima lo hacen."),
    (FUND, "Es de los pocos fondos que un municipio costero puede pedir sin socio en Europa."),
    (AWARD, "Cierra el lunes y postularse toma una tarde: basta un proyecto que ya esté en marcha."),
    (COURSE, "Sirve a quien no puede viajar: es gratis, en línea y se puede empezar hoy mismo."),
    (EVENT, f"Reúne a ciudades de nuestro tamaño, y se puede participar sin salir de la oficina. {HOSTILE}"),
]


def sample_records() -> Records:
    records = Records([(date(2026, 11, 23), FIRST_DAY), (date(2026, 11, 24), SECOND_DAY)])
    records.decide("withdraw", SCAM, datetime(2026, 11, 24, 15, tzinfo=UTC))
    records.close_week(WEEK, AS_OF, PICKED)
    records.redirects.append(
        Redirect(
            seq=1,
            from_opportunity_id=MERGED.opportunity_id,
            to_opportunity_id=SCHOLARSHIP.opportunity_id,
            kind="merged",
            at=AS_OF,
        )
    )
    records.relations.append(
        Relation(
            opportunity_id=PLACEMENT.opportunity_id,
            related_opportunity_id=AWARD.opportunity_id,
            relation="previous_edition_of",
            reason="title and funder",
        )
    )
    records.say(
        RESIDENCY,
        "extended",
        old_value="2027-02-01",
        new_value="2027-02-20",
        quote="Deadline extended to 20 February 2027",
    )
    records.say(NETWORK, "vanished")
    return records


def sample_bulletin() -> Bulletin:
    return sample_records().bulletin()
