"""What a person may change of a public record, and what such a change must hold to be kept.

Pure: a record and the person's changes in, the record as it would be approved out. Taking the decision belongs to
``review``. Errors are read by editors: they are in Spanish.
"""

from collections.abc import Mapping
from difflib import SequenceMatcher
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from boi_pipeline.entity import Vocabulary
from boi_pipeline.personal_data import holds_personal_data
from boi_pipeline.records import PublicOpportunity
from scrapers.addresses import is_private_host

MAX_TITLE_ES = 90
MAX_GOALS = 3
MACHINE_FIELDS = frozenset({"opportunity_id", "code", "red_flags", "evidence", "digital_source_type", "drafting_tool"})
DRAFTED_FIELDS = ("title_es", "summary_es", "eligibility_es")
REQUIRED_FIELDS = ("opportunity_type", *DRAFTED_FIELDS)
"""What no note can do without and a reader may leave open: a person gives it."""
EDITABLE_FIELDS = tuple(name for name in PublicOpportunity.model_fields if name not in MACHINE_FIELDS)
VOCABULARY_OF = {
    "opportunity_type": "opportunity_types",
    "funding_instrument": "funding_instruments",
    "attendance_mode": "attendance_modes",
    "accepted_applicant_types": "applicant_types",
    "audiences": "audiences",
    "home_eligible": "home_eligible",
    "isced_levels": "isced_levels",
    "funding_level": "funding_levels",
    "coverage": "coverage",
    "close_model": "close_models",
    "sdg_goals": "sdg_goals",
    "plan_objectives": "plan_objectives",
    "red_flags": "red_flags",
}
"""Field → the vocabulary its terms come from."""
_EDITED = {
    "algorithmicMedia": "humanEdits",
    "trainedAlgorithmicMedia": "compositeWithTrainedAlgorithmicMedia",
}


_FAULTS = {
    "decimal": "se espera un número, con punto para los decimales y sin separar los miles",
    "int": "se espera un número entero",
    "bool": "se espera sí o no",
    "literal": "no es uno de sus valores",
    "string": "se espera un texto",
    "list": "se espera una lista",
    "date": "se espera una fecha, por ejemplo 2027-01-15",
    "time": "se espera una hora, por ejemplo 23:59",
    "missing": "falta",
    "extra": "no se conoce",
    "dict": "se espera una estructura",
    "model": "se espera una estructura",
}
"""What is wrong with a value, by the first word of pydantic's type of error."""


class ReviewError(Exception):
    """A decision that cannot be taken; the text, in Spanish, says why and what to do."""


def apply_changes(
    snapshot: PublicOpportunity, changed: Mapping[str, Any]
) -> tuple[PublicOpportunity, dict[str, Any], dict[str, Any]]:
    """The public fields with a person's changes; and, of the fields that really change, what stood and what stands.

    The evidence of a changed field goes: it proved the other value. Raises ReviewError in words for the editor.
    """
    if refused := sorted(set(changed) - set(EDITABLE_FIELDS)):
        raise ReviewError(f"{snapshot.code}: estos campos no se pueden cambiar: {', '.join(refused)}.")
    try:
        valid = PublicOpportunity.model_validate({**snapshot.model_dump(), **changed})
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc']))}: {_FAULTS.get(fault['type'].split('_')[0], fault['msg'])}"
            for fault in error.errors()
        )
        raise ReviewError(f"{snapshot.code}: los cambios no son válidos: {faults}.") from None
    written = {name: getattr(valid, name) for name in changed if getattr(valid, name) != getattr(snapshot, name)}
    _check_text(snapshot.code, written)
    if {*DRAFTED_FIELDS, "channel_texts"} & set(written):
        made = _EDITED.get(snapshot.digital_source_type, snapshot.digital_source_type)
        if made != snapshot.digital_source_type:
            written["digital_source_type"] = made
    proposed = {name: getattr(snapshot, name) for name in written}
    evidence = [quote for quote in snapshot.evidence if quote.field not in written]
    return snapshot.model_copy(update={**written, "evidence": evidence}), proposed, written


def check_terms(code: str, changed: Mapping[str, Any], vocabularies: Mapping[str, Vocabulary]) -> None:
    """Refuse a term that its vocabulary does not have. Raises ReviewError naming those it has."""
    for name, value in changed.items():
        known = vocabularies.get(VOCABULARY_OF.get(name, ""))
        if known is None or value is None:
            continue
        terms = value if isinstance(value, list) else [value]
        if strange := [str(term) for term in terms if str(term) not in known.terms]:
            raise ReviewError(
                f"{code}: {name} no admite {', '.join(strange)}. Valores: "
                f"{', '.join(f'{term} ({one.label})' for term, one in known.terms.items())}."
            )


def missing_fields(record: PublicOpportunity) -> list[str]:
    """Which of the fields that no note can do without a record lacks."""
    return [name for name in REQUIRED_FIELDS if not getattr(record, name).strip()]


def contradictions(record: PublicOpportunity) -> list[str]:
    """What a record says that cannot be published as it is, in words: the checks of the tables would hold it back."""
    amounts = (record.min_award_amount, record.max_award_amount, record.total_amount_available)
    least, most = record.min_award_amount, record.max_award_amount
    goals = record.sdg_goals
    last_close = max((one.close_date for one in record.deadlines), default=None)
    opens = record.opening_date
    told = [
        (opens and last_close and opens > last_close, "abre (opening_date) después de su último cierre"),
        (any(one is not None for one in amounts) and not record.currency, "hay un monto sin moneda (currency)"),
        (any(one is not None and one < 0 for one in amounts), "hay un monto negativo"),
        (least is not None and most is not None and least > most, "el monto mínimo es mayor que el máximo"),
        ((record.estimated_award_count or 0) < 0, "el número de cupos es negativo"),
        (len(goals) > MAX_GOALS or len(set(goals)) < len(goals), f"los ODS son {MAX_GOALS} como máximo, sin repetir"),
    ]
    return [words for holds, words in told if holds]


def edit_share(drafted: PublicOpportunity, approved: PublicOpportunity) -> float:
    """Which share of the words of the drafted text the person changed, 0 to 1: those that are not in both, in order."""
    before = [getattr(drafted, name).split() for name in DRAFTED_FIELDS]
    after = [getattr(approved, name).split() for name in DRAFTED_FIELDS]
    total = sum(map(len, before)) + sum(map(len, after))
    if not total:
        return 0.0
    kept = sum(
        block.size
        for old, new in zip(before, after, strict=True)
        for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    )
    return round(1 - 2 * kept / total, 4)


def _check_text(code: str, written: Mapping[str, Any]) -> None:
    title = written.get("title_es")
    if title is not None and not 0 < len(title.strip()) <= MAX_TITLE_ES:
        raise ReviewError(f"{code}: title_es tiene {len(title)} caracteres; se esperan entre 1 y {MAX_TITLE_ES}.")
    for name in ("apply_url", "source_url"):
        link = written.get(name)
        if link is not None and not _is_web_address(link):
            raise ReviewError(f"{code}: {name} no es una dirección http(s) pública: {link!r:.200}.")
    texts = [(name, text) for name, text in written.items() if isinstance(text, str)]
    texts += [("channel_texts", one.text) for one in written.get("channel_texts", [])]
    for name, text in texts:
        if holds_personal_data(text):
            raise ReviewError(
                f"{code}: {name} lleva un correo, teléfono o número de documento de una persona, y lo que se decide "
                "nunca se borra. Quítelo."
            )


def _is_web_address(link: str) -> bool:
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    is_public = parts.hostname is not None and not is_private_host(parts.hostname)
    return parts.scheme in ("http", "https") and is_public and not any(map(str.isspace, link))
