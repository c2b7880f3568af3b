"""Made ledger records of a bulletin of any size: approved opportunities in editions of five a working day. Same seed, same rows.

Texts are put together from lists, at the length of real notes: a title of some eighty characters, a summary of some three
hundred and fifty, eight quotes. One opportunity in forty was corrected, one in a hundred withdrawn, one in sixty merged.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from boi_pipeline.entity import Entity
from boi_pipeline.publishing.bulletin import Bulletin, bulletin_of
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    Publication,
    PublicOpportunity,
    Redirect,
    Snapshot,
    SourceNote,
    canonical_json,
    sha256_hex,
)

A_DAY = 5
_COUNTRIES = [
    "AR",
    "BO",
    "BR",
    "CA",
    "CL",
    "CO",
    "CR",
    "DE",
    "EC",
    "ES",
    "FR",
    "GB",
    "IT",
    "JP",
    "KR",
    "MX",
    "NL",
    "PE",
    "PT",
    "SE",
    "US",
    "UY",
]
_TOPICS = [
    "agua potable",
    "bosques y páramos",
    "movilidad sostenible",
    "patrimonio cultural",
    "salud comunitaria",
    "economía circular",
    "ciudades inclusivas",
    "primera infancia",
    "energía solar",
    "derechos humanos",
    "turismo rural",
    "inteligencia artificial",
    "arte urbano",
    "periodismo de datos",
    "políticas climáticas",
    "bibliotecas públicas",
    "agricultura familiar",
    "cine documental",
]
_FUNDERS = [
    "Alba",
    "Boreal",
    "Cumbre",
    "Delta",
    "Encina",
    "Faro",
    "Gaviota",
    "Horizonte",
    "Isla",
    "Jaspe",
    "Laurel",
    "Magnolia",
    "Nogal",
    "Olmo",
    "Prisma",
]
_KINDS = ["Fundación", "Universidad de", "Red", "Agencia", "Instituto", "Consorcio"]
_SENTENCES = [
    "Apoya propuestas que puedan repetirse en otros lugares.",
    "Cada propuesta presenta un plan de trabajo por trimestres.",
    "Un comité de personas expertas valora la calidad y la viabilidad.",
    "Se valora la participación de mujeres y jóvenes.",
    "Los resultados se publican en la página de la convocatoria.",
    "Cubre matrícula, viaje y seguro médico.",
    "Las clases son en línea y comienzan en octubre.",
    "Quienes resulten elegidos participan en un encuentro final.",
    "Está dirigida a profesionales con dos años de experiencia.",
    "Hay dos sesiones abiertas para resolver dudas.",
]
_QUOTED = [
    "Open to citizens of Latin American countries",
    "Applications close on the date stated below, at 23:59 local time",
    "The programme covers tuition, travel and health insurance",
    "Applicants must hold a first degree",
    "Grants of up to the maximum amount are awarded once a year",
    "Fluency in English is required",
    "There is no application fee",
    "Proposals from local governments are welcome",
]
_PROVED = ("home_eligible", "deadlines", "coverage", "isced_levels", "max_award_amount", "required_languages")
_PROVED += ("application_fee", "audiences")


@dataclass
class MadeLedger:
    """Records of a ledger as ``bulletin_of`` takes them."""

    editions: list[Edition] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    identities: list[Identity] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    notes: list[SourceNote] = field(default_factory=list)
    last_day: date = date.min

    def decide(self, action: str, facts: PublicOpportunity, at: datetime, sha: str | None = None) -> None:
        """Add a person's decision."""
        seq = len(self.decisions) + 1
        given = {"seq": seq, "decision_id": f"d{seq:025d}", "action": action, "role": "editor", "decided_at": at}
        self.decisions.append(
            Decision.model_validate(given | {"opportunity_id": facts.opportunity_id, "snapshot_sha256": sha})
        )

    def close(self, day: date, shown: list[PublicOpportunity]) -> None:
        """Close the edition of a day with these, each approved just then."""
        at, number = datetime.combine(day, time(21), UTC), len(self.editions) + 1
        self.last_day = day
        self.editions.append(
            Edition(seq=number, edition_id=day.isoformat(), edition_date=day, closed_at=at, label=f"{day:%G-W%V}")
        )
        for position, facts in enumerate(shown, 1):
            content, seq = canonical_json(facts.model_dump(mode="json")), len(self.publications) + 1
            sha, identifier = sha256_hex(content), facts.opportunity_id
            self.snapshots.append(Snapshot(seq=seq, snapshot_sha256=sha, opportunity_id=identifier, content=content))
            self.decide("approve", facts, at, sha)
            self.identities.append(
                Identity(seq=seq, opportunity_id=identifier, code=facts.code, anchor_item_id=f"s/{seq}", minted_at=at)
            )
            self.publications.append(
                Publication(
                    seq=seq,
                    publication_id=f"{day}/site/{facts.code}",
                    edition_id=day.isoformat(),
                    opportunity_id=identifier,
                    code=facts.code,
                    channel="site",
                    position=position,
                    snapshot_sha256=sha,
                    published_at=at,
                )
            )

    def bulletin(self, entity: Entity, day: date | None = None) -> Bulletin:
        """The bulletin as of the hour of publication of a day, by default of the last edition."""
        return bulletin_of(
            entity,
            entity.at(day or self.last_day),
            editions=self.editions,
            publications=self.publications,
            snapshots=self.snapshots,
            decisions=self.decisions,
            identities=self.identities,
            redirects=self.redirects,
            notes=self.notes,
        )


def _number(chance: random.Random, codes: list[str], most: int) -> list[str]:
    return chance.sample(codes, chance.randint(1, min(most, len(codes))))


def made_opportunity(entity: Entity, number: int, closes: date, seed: int = 1) -> PublicOpportunity:
    """One opportunity, a function of its number and seed."""
    chance = random.Random(f"{seed}/{number}")
    terms = {name: list(vocabulary.terms) for name, vocabulary in entity.vocabularies.items()}
    topic, funder = chance.choice(_TOPICS), f"{chance.choice(_KINDS)} {chance.choice(_FUNDERS)} {number // 40}"
    kind, url = chance.choice(terms["opportunity_types"]), f"https://fuente{number % 60}.example/avisos/{number}"
    name = entity.vocabularies["opportunity_types"].label(kind)
    given: dict[str, Any] = {
        "opportunity_id": f"00000000-0000-5000-8000-{number:012d}",
        "code": f"{entity.file.code_prefix}-2026-{number:05d}",
        "title": f"{chance.choice(_FUNDERS)} programme for {topic}, call {number}",
        "title_es": f"{name} en {topic}, convocatoria {number} — {funder}",
        "summary_es": f"{name} de {funder} sobre {topic}. " + " ".join(chance.sample(_SENTENCES, 5)),
        "eligibility_es": "Profesionales con título universitario y dos años de experiencia.",
        "opportunity_type": kind,
        "funder_name": funder,
        "host_countries": chance.sample(_COUNTRIES, chance.randint(0, 2)),
        "attendance_mode": chance.choice(terms["attendance_modes"]),
        "audiences": _number(chance, terms["audiences"], 3),
        "home_eligible": chance.choices(("yes", "unclear", "no"), (60, 30, 10))[0],
        "isced_levels": [int(code) for code in _number(chance, terms["isced_levels"], 2)],
        "required_languages": chance.sample(["en", "es", "fr:B2", "pt"], chance.randint(0, 2)),
        "funding_level": chance.choice(terms["funding_levels"]),
        "coverage": _number(chance, terms["coverage"], 3),
        "sdg_goals": [int(code) for code in _number(chance, terms["sdg_goals"], 3)],
        "plan_objectives": _number(chance, terms["plan_objectives"], 2),
        "apply_url": url,
        "source_url": url,
        "source_name": f"Fuente {number % 60}",
        "language": chance.choice(["en", "es", "fr", "pt"]),
        "digital_source_type": "algorithmicMedia",
        "evidence": [
            {"field": proved, "quote": f"{words} ({number})", "url": url, "kind": "stated"}
            for proved, words in zip(_PROVED, _QUOTED, strict=True)
        ],
    }
    if chance.random() < 0.6:
        given |= {"currency": chance.choice(["EUR", "USD", "GBP"]), "max_award_amount": chance.randint(1, 400) * 500}
    if chance.random() < 0.85:
        at = datetime.combine(closes, time(22, 59), UTC)
        zone = (
            {"close_time": time(23, 59), "timezone": "Europe/Madrid", "close_at": at} if chance.random() < 0.5 else {}
        )
        stage = {"seq": 1, "stage": "application", "close_date": closes, "basis": "stated"}
        given |= {"close_model": "single", "deadlines": [stage | zone]}
    else:
        given["close_model"] = "rolling" if chance.random() < 0.5 else None
    return PublicOpportunity.model_validate(given)


def working_days(entity: Entity, last: date, count: int) -> list[date]:
    """The last ``count`` working days up to ``last``, oldest first."""
    found, day = [], last
    while len(found) < count:
        if entity.is_working_day(day):
            found.append(day)
        day -= timedelta(days=1)
    return found[::-1]


def made_ledger(entity: Entity, count: int, last: date, *, all_open: bool = False, seed: int = 1) -> MadeLedger:
    """A ledger of ``count`` opportunities, the newest of ``last``. ``all_open``: none has closed by then."""
    ledger, chance = MadeLedger(), random.Random(seed)
    days = working_days(entity, last, -(-count // A_DAY))
    for place, day in enumerate(days):
        first = place * A_DAY + 1
        shown = [
            made_opportunity(entity, number, (last if all_open else day) + timedelta(days=chance.randint(5, 200)), seed)
            for number in range(first, min(first + A_DAY, count + 1))
        ]
        old = [one.model_copy(update={"summary_es": one.summary_es + " Corregida."}) for one in shown]
        ledger.close(day, old if chance.random() < 1 / 40 else shown)
    for publication in list(ledger.publications):
        facts = made_opportunity(entity, publication.position, last, seed)
        facts = facts.model_copy(update={"opportunity_id": publication.opportunity_id})
        roll, at = chance.random(), datetime.combine(last, time(15), UTC)
        if roll < 0.01:
            ledger.decide("withdraw", facts, at)
        elif roll < 0.02:
            moved = (last + timedelta(days=chance.randint(-60, 60))).isoformat()
            ledger.notes.append(
                SourceNote(
                    opportunity_id=publication.opportunity_id,
                    kind=chance.choice(("extended", "closed", "vanished")),
                    new_value=moved,
                    quote="The deadline has been moved",
                    url="https://fuente.example/aviso",
                    seen_at=at,
                )
            )
    return ledger
