"""One opportunity in the words a citizen reads: every fact of an approved snapshot as Spanish text, in order.

Pages and feeds show what is here; they add markup and nothing else. The order and the words follow what makes a good
note: for whom, can I apply, what it covers, requirements, closing, how, link, cost, goals, label. When a call closes,
and what its source says now, is in ``closing``.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.closing import Closing, SourceSays, closing_of, last_opened, says_now
from boi_pipeline.publishing.text import MAX_FACT, Link, clip, language_tag, outward_link
from boi_pipeline.records import Edition, PublicEvidence, PublicOpportunity

MAX_TITLE = 200
MAX_SUMMARY = 1200
MAX_REQUIREMENTS = 6
MAX_LISTED = 6
MAX_QUOTES = 30
GENERATIVE = frozenset({"trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia"})
IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"


_FIELDS = {
    "is_opportunity": "Es una convocatoria",
    "opportunity_type": "Tipo",
    "funding_instrument": "Instrumento",
    "opportunity_number": "Número",
    "funder_name": "Convocante",
    "funder_type": "Convocante",
    "funder_country": "País convocante",
    "host_countries": "Lugar",
    "attendance_mode": "Modalidad",
    "accepted_applicant_types": "Quién puede presentarse",
    "audiences": "Para quién",
    "eligible_regions": "Países admitidos",
    "home_eligible": "¿Puedo aplicar?",
    "isced_levels": "Nivel de estudios",
    "isced_fields": "Área de estudios",
    "required_languages": "Idiomas",
    "typical_age_range": "Edad",
    "funding_level": "Financiación",
    "coverage": "Qué cubre",
    "currency": "Monto",
    "min_award_amount": "Monto",
    "max_award_amount": "Monto",
    "total_amount_available": "Bolsa total",
    "estimated_award_count": "Cupos",
    "cost_sharing_required": "Cofinanciación",
    "application_fee": "Costo de postularse",
    "opening_date": "Apertura",
    "deadlines": "Cierre",
    "close_model": "Cierre",
    "close_date_description": "Cierre",
    "apply_url": "Enlace oficial",
    "sdg_goals": "ODS",
    "sdg_targets": "ODS",
    "plan_objectives": "Plan",
    "red_flags": "Alertas",
    "title": "Título",
}


def page_path(code: str) -> str:
    """Where an opportunity's page is, under the site's root: ``oportunidades/boi-2026-00412/``."""
    return f"oportunidades/{code.lower()}/"


def edition_words(edition: Edition) -> str:
    """``lunes 23 de noviembre de 2026``; a further edition of the day says ``, correcciones``, with its number from the second."""
    day = spanish.weekday_date(edition.edition_date)
    further = edition.edition_id.removeprefix(edition.edition_date.isoformat()).removeprefix("-")
    return f"{day}, correcciones{f' {int(further) - 1}' if int(further) > 2 else ''}" if further.isdigit() else day


@dataclass(frozen=True)
class Quote:
    """Words of the source, what they prove and where they stand."""

    proves: str
    text: str
    link: Link | None
    language: str | None  # BCP 47, where it is not Spanish


@dataclass(frozen=True)
class Answer:
    """¿Puedo aplicar? with the quote that proves it."""

    code: Literal["yes", "no", "unclear"]
    label: str
    words: str
    quotes: list[Quote]


@dataclass(frozen=True)
class Note:
    """Everything a page or a feed says about one opportunity."""

    code: str
    path: str
    type_code: str
    type_label: str
    title: str
    original_title: str | None
    language: str | None  # of the original, where it is not Spanish
    summary: str
    funder: str | None
    place: str | None
    answer: Answer
    covers: list[str]
    requirements: list[str]
    closing: Closing
    steps: list[str]
    link: Link | None
    source: Link | None
    source_name: str
    cost: str
    goals: list[tuple[int, str]]
    objectives: list[str]
    audiences: list[str]
    label: str
    is_generative: bool
    digital_source: str  # URI of the IPTC term
    reviewed: str
    verified: str | None
    says_now: list[SourceSays]
    quotes: list[Quote]
    correction: str | None
    changes: list[str]  # since the note it corrects: from what to what
    last_opened: str | None  # of a closed call without an open edition
    edition_id: str
    edition_words: str
    published_at: datetime
    item: PublishedItem


# ---------------------------------------------------------------- places and people


def _area(bulletin: Bulletin, code: str) -> str:
    """A country or a group of countries, as people call it."""
    if name := spanish.country_name(code):
        return name
    for vocabulary in ("country_groups", "regions"):
        known = bulletin.vocabularies.get(vocabulary)
        if known and code in known.terms:
            return known.label(code)
    return {"WORLD": "todo el mundo"}.get(code, clip(code, 40))


def _areas(bulletin: Bulletin, codes: list[str]) -> str:
    names = [_area(bulletin, code) for code in codes[:MAX_LISTED]]
    hidden = len(codes) - len(names)
    return spanish.joined([*names, spanish.count(hidden, "más", "más")] if hidden else names)


def _labels(bulletin: Bulletin, vocabulary: str, codes: list[str] | list[int]) -> list[str]:
    return [clip(bulletin.label(vocabulary, code), 60) for code in codes[:MAX_LISTED]]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _place(bulletin: Bulletin, facts: PublicOpportunity) -> str | None:
    where = _areas(bulletin, facts.host_countries) if facts.host_countries else None
    mode = bulletin.label("attendance_modes", facts.attendance_mode) if facts.attendance_mode else None
    if where and mode and facts.attendance_mode != "offline":
        return f"{where} · {_lower_first(mode)}"
    return where or mode


# ---------------------------------------------------------------- proof


def _quote(bulletin: Bulletin, facts: PublicOpportunity, evidence: PublicEvidence, proves: str) -> Quote:
    tag = language_tag(facts.language)
    return Quote(
        proves=proves,
        text=clip(evidence.quote, MAX_FACT),
        link=outward_link(evidence.url),
        language=tag if tag and not tag.lower().startswith("es") else None,
    )


def _quotes(bulletin: Bulletin, facts: PublicOpportunity, only: frozenset[str] | None = None) -> list[Quote]:
    """The quotes in the record's order, each once, with everything it proves."""
    proved: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], PublicEvidence] = {}
    for evidence in facts.evidence:
        if (only is None or evidence.field in only) and evidence.quote.strip():
            key = (evidence.quote, evidence.url)
            first.setdefault(key, evidence)
            name = _FIELDS.get(evidence.field, clip(evidence.field.replace("_", " "), 40).capitalize())
            if name not in proved.setdefault(key, []):
                proved[key].append(name)
    return [_quote(bulletin, facts, first[key], " · ".join(names)) for key, names in list(proved.items())[:MAX_QUOTES]]


def _answer(bulletin: Bulletin, facts: PublicOpportunity) -> Answer:
    country = spanish.country_name(bulletin.entity.country) or bulletin.entity.country
    words = {
        "yes": f"La fuente admite postulaciones desde {country}.",
        "no": f"La fuente no admite postulaciones desde {country}.",
        "unclear": f"La fuente no lo aclara para {country}. Pregunte al convocante antes de aplicar.",
    }
    quotes = _quotes(bulletin, facts, frozenset({"home_eligible"}))
    return Answer(
        code=facts.home_eligible,
        label=bulletin.label("home_eligible", facts.home_eligible),
        words=words[facts.home_eligible],
        quotes=quotes[:2],
    )


# ---------------------------------------------------------------- money and requirements


def _covers(bulletin: Bulletin, facts: PublicOpportunity) -> list[str]:
    lines = []
    if facts.funding_level and facts.funding_level != "unknown":
        lines.append(bulletin.label("funding_levels", facts.funding_level))
    amount = spanish.award(facts.currency, facts.min_award_amount, facts.max_award_amount)
    if amount:
        lines.append(f"Monto: {amount}")
    if facts.total_amount_available is not None:
        lines.append(f"Bolsa total: {spanish.money(facts.currency, facts.total_amount_available)}")
    if facts.coverage:
        parts = [_lower_first(label) for label in _labels(bulletin, "coverage", facts.coverage)]
        lines.append(f"Incluye: {spanish.joined(parts)}")
    if facts.estimated_award_count is not None:
        lines.append(spanish.count(facts.estimated_award_count, "cupo", "cupos"))
    return [spanish.sentence(clip(line, MAX_FACT)) for line in lines]


def _age(text: str) -> str:
    span = re.fullmatch(r"(\d{1,3})?-(\d{1,3})?", text)
    if span is None or text == "-":
        return clip(text, 40)
    low, high = span.groups()
    if low and high:
        return f"de {low} a {high} años"
    return f"desde los {low} años" if low else f"hasta los {high} años"


def _requirements(bulletin: Bulletin, facts: PublicOpportunity) -> list[str]:
    lines = [facts.eligibility_es] if facts.eligibility_es.strip() else []
    if facts.accepted_applicant_types:
        who = [_lower_first(one) for one in _labels(bulletin, "applicant_types", facts.accepted_applicant_types)]
        lines.append(f"Pueden presentarse: {spanish.joined(who)}")
    if facts.eligible_regions:
        lines.append(f"Países o regiones admitidos: {_areas(bulletin, facts.eligible_regions)}")
    if facts.isced_levels:
        levels = [_lower_first(one) for one in _labels(bulletin, "isced_levels", facts.isced_levels)]
        lines.append(f"Nivel de estudios: {spanish.joined(levels)}")
    if facts.required_languages:
        names = [clip(spanish.language_name(code), 40) for code in facts.required_languages[:MAX_LISTED]]
        lines.append(f"Idiomas: {spanish.joined(names)}")
    if facts.typical_age_range:
        lines.append(f"Edad: {_age(facts.typical_age_range)}")
    if facts.cost_sharing_required:
        lines.append("Debe aportar una parte de los recursos")
    return [spanish.sentence(clip(line, MAX_FACT)) for line in lines[:MAX_REQUIREMENTS]]


def _cost(facts: PublicOpportunity) -> str:
    if facts.application_fee is None:
        return "La fuente no menciona ningún cobro. Nunca pague a intermediarios."
    if facts.application_fee:
        return "La fuente indica que postularse tiene un costo. Confirme el valor en la página oficial."
    return "Postularse es gratis, según la fuente."


def _steps(facts: PublicOpportunity, link: Link | None, closing: Closing) -> list[str]:
    if closing.is_cancelled:
        return ["Confirme con el convocante si la convocatoria fue cancelada.", "No envíe documentos antes de eso."]
    if closing.state == "reported":
        return ["Confirme con el convocante que la convocatoria sigue abierta.", "No envíe documentos antes de eso."]
    if closing.state == "closed":
        return ["Esta convocatoria ya no recibe postulaciones.", "Consulte la página oficial: puede volver a abrir."]
    where = f"Lea las bases completas en {link.domain}." if link else "Busque las bases en la página del convocante."
    if closing.state == "forecasted":
        when = f" el {spanish.short_date(closing.opens)}" if closing.opens else ""
        return [
            where,
            "Compruebe que cumple los requisitos y vaya reuniendo los documentos.",
            f"Espere a que abra{when}: antes de eso nadie recibe postulaciones.",
        ]
    steps = [where, "Compruebe que cumple los requisitos y reúna los documentos."]
    if facts.home_eligible == "unclear":
        steps.append("Pregunte al convocante si puede aplicar desde su país.")
    before = "" if closing.state in ("rolling", "undated") else ", antes del cierre"
    steps.append(f"Envíe su postulación en la página oficial{before}.")
    return steps


# ---------------------------------------------------------------- the label


def label_words(bulletin: Bulletin, item: PublishedItem) -> tuple[str, bool]:
    """The visible label of how the text was made and who answers for it, and whether generative AI helped."""
    entity = bulletin.entity
    tool = item.opportunity.drafting_tool
    generative = item.opportunity.digital_source_type in GENERATIVE or tool is not None
    words = entity.label_generative if generative else entity.label_template
    for place, value in {
        "{tool}": clip(tool, 60) if tool else "herramienta sin registrar",
        "{entity}": entity.short_name,
        "{date}": spanish.long_date(item.approved_on),
    }.items():
        words = words.replace(place, value)
    return words, generative


def _corrected(bulletin: Bulletin, edition: Edition, item: PublishedItem) -> tuple[Edition, PublishedItem] | None:
    """The publication of another approved text that this one corrects: the newest before it."""
    earlier = [
        (one, other)
        for one, other in bulletin.history.get(item.code, [])
        if one.seq < edition.seq and other.publication.snapshot_sha256 != item.publication.snapshot_sha256
    ]
    return max(earlier, key=lambda one: one[0].seq, default=None)


def _told(bulletin: Bulletin, facts: PublicOpportunity) -> dict[str, str]:
    """What of a note a reader has to hear of when it changes, in words; «» where nothing is said."""
    link = outward_link(facts.apply_url)
    total = facts.total_amount_available
    ordered = sorted(facts.deadlines, key=lambda one: one.seq)
    return {
        "Título": clip(facts.title_es, MAX_TITLE),
        "Apertura": spanish.short_date(facts.opening_date) if facts.opening_date else "",
        "Cierre": "; ".join(spanish.both_clocks(one, bulletin.zone, bulletin.entity.city) for one in ordered),
        "Monto": spanish.award(facts.currency, facts.min_award_amount, facts.max_award_amount) or "",
        "Bolsa total": spanish.money(facts.currency, total) if total is not None else "",
        "Se puede aplicar": bulletin.label("home_eligible", facts.home_eligible),
        "Quién puede aplicar": clip(facts.eligibility_es, MAX_FACT),
        "Enlace oficial": clip(link.href, MAX_FACT) if link else "",
    }


def _changes(bulletin: Bulletin, before: PublicOpportunity, now: PublicOpportunity) -> list[str]:
    old, new = _told(bulletin, before), _told(bulletin, now)
    return [
        f"{name}. Antes: {old[name] or 'no se indicaba'}. Ahora: {new[name] or 'no se indica'}."
        for name in old
        if old[name] != new[name]
    ]


def note_of(bulletin: Bulletin, edition: Edition, item: PublishedItem) -> Note:
    """The note of one publication as of the bulletin's instant; made once for all renderers."""
    key = (edition.edition_id, item.publication.publication_id)
    known = bulletin.notes_made.get(key)
    if known is None or known.item is not item:
        known = bulletin.notes_made[key] = _made(bulletin, edition, item)
    return known


def _made(bulletin: Bulletin, edition: Edition, item: PublishedItem) -> Note:
    facts = item.opportunity
    link, closing = outward_link(facts.apply_url), closing_of(bulletin, item)
    label, generative = label_words(bulletin, item)
    tag = language_tag(facts.language)
    corrected = _corrected(bulletin, edition, item)
    foreign = tag if tag and not tag.lower().startswith("es") else None
    title, original = clip(facts.title_es, MAX_TITLE), clip(facts.title, MAX_TITLE)
    return Note(
        code=item.code,
        path=page_path(item.code),
        type_code=facts.opportunity_type if re.fullmatch(r"[a-z][a-z0-9_]*", facts.opportunity_type) else "other",
        type_label=clip(bulletin.label("opportunity_types", facts.opportunity_type), 60),
        title=title or item.code,
        original_title=original if original and original != title else None,
        language=foreign,
        summary=clip(facts.summary_es, MAX_SUMMARY),
        funder=clip(facts.funder_name, 120) if facts.funder_name else None,
        place=_place(bulletin, facts),
        answer=_answer(bulletin, facts),
        covers=_covers(bulletin, facts),
        requirements=_requirements(bulletin, facts),
        closing=closing,
        steps=_steps(facts, link, closing),
        link=link,
        source=outward_link(facts.source_url),
        source_name=clip(facts.source_name, 80),
        cost=_cost(facts),
        goals=[(goal, bulletin.label("sdg_goals", goal)) for goal in facts.sdg_goals[:3]],
        objectives=_labels(bulletin, "plan_objectives", facts.plan_objectives),
        audiences=_labels(bulletin, "audiences", facts.audiences),
        label=label,
        is_generative=generative,
        digital_source=IPTC + re.sub(r"[^A-Za-z]", "", facts.digital_source_type),
        reviewed=spanish.long_date(item.approved_on),
        verified=spanish.long_date(item.last_verified_on) if item.last_verified_on else None,
        says_now=says_now(bulletin, item),
        quotes=_quotes(bulletin, facts),
        correction=f"Corrige la nota publicada el {spanish.long_date(corrected[0].edition_date)}."
        if corrected
        else None,
        changes=_changes(bulletin, corrected[1].opportunity, facts) if corrected else [],
        last_opened=last_opened(closing, item),
        edition_id=edition.edition_id,
        edition_words=edition_words(edition),
        published_at=item.publication.published_at,
        item=item,
    )
