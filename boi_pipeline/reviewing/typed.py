"""Values as a person types them, on a command line or in a file, in the type of the field they are for.

Whether a value makes sense is for ``editorial.amendments``. Errors are read by editors: they are in Spanish.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, get_args, get_origin

import yaml

from boi_pipeline.editorial.amendments import EDITABLE_FIELDS, ReviewError
from boi_pipeline.publishing.spanish import zone_of
from boi_pipeline.publishing.text import plain
from boi_pipeline.records import PublicDeadline, PublicOpportunity

_YES_NO = {"sí": True, "si": True, "yes": True, "no": False}
_MONEY = frozenset({"min_award_amount", "max_award_amount", "total_amount_available"})
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
_DEADLINE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2})(?:\s+(\S+))?)?")
_IN_FILE = tuple(name for name in EDITABLE_FIELDS if name not in ("opportunity_number", "source_name", "language"))


def from_pairs(pairs: Sequence[str], home: tzinfo) -> dict[str, Any]:
    """``field=value`` as typed on a command line. Raises ReviewError.

    Nothing after the sign empties the field; a list is separated by commas; what begins with [ or { is JSON. Yes and no
    may be said in Spanish; a deadline is ``2027-01-15``, ``2027-01-15 23:59`` or ``2027-01-15 23:59 Europe/Berlin``.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        name = name.strip()
        if not sign or name not in EDITABLE_FIELDS:
            raise ReviewError(
                f"--set {pair:.60}: se espera campo=valor, con uno de estos campos: {', '.join(EDITABLE_FIELDS)}."
            )
        found[name] = _typed(name, value.strip(), home)
    return found


def _typed(name: str, text: str, home: tzinfo) -> Any:
    kind = PublicOpportunity.model_fields[name].annotation
    value: Any = text
    if get_origin(kind) is list:
        value = _json(name, text) if text[:1] == "[" else [part.strip() for part in text.split(",") if part.strip()]
    elif type(None) in get_args(kind) and not text:
        return None
    elif bool in get_args(kind):
        return _YES_NO.get(text.lower(), text)
    elif name in _MONEY:
        return _amount(name, text)
    return _deadlines(value, home) if name == "deadlines" else value


def _amount(name: str, text: str) -> str:
    """An amount as it was typed. What may group thousands (1.200) is not taken for one and two tenths."""
    if _GROUPED.fullmatch(text):
        whole = re.sub(r"[.,]", "", text)
        raise ReviewError(
            f"{name}: {text:.30} puede ser {whole:.30} o un número con decimales; escríbalo sin separar los miles."
        )
    return text


def _json(name: str, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise ReviewError(f"{name}: no es JSON válido: {error}.") from None


# ---------------------------------------------------------------- deadlines


def _deadlines(given: Any, home: tzinfo) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        raise ReviewError("deadlines: se espera una lista de cierres.")
    return [_deadline(number, one, home) for number, one in enumerate(given, 1)]


def _deadline(number: int, given: Any, home: tzinfo) -> dict[str, Any]:
    """One deadline with its instant, where it has an hour: by its zone, or by the home zone where none is known."""
    wanted = {"seq": number, "stage": "application", "basis": "stated"}
    if isinstance(given, Mapping):
        fields = wanted | {str(name): value for name, value in given.items() if name != "close_at"}
    else:
        written = _DEADLINE.fullmatch(str(given).strip())
        if written is None:
            raise ReviewError(
                f"deadlines: {given!s:.60} no es un cierre; se espera, por ejemplo, 2027-01-15 23:59 Europe/Berlin."
            )
        fields = wanted | {"close_date": written[1], "close_time": written[2], "timezone": written[3]}
    if fields.get("timezone") and zone_of(fields["timezone"]) is None:
        raise ReviewError(f"deadlines: {fields['timezone']!s:.60} no es una zona horaria; por ejemplo, America/Bogota.")
    try:
        day = date.fromisoformat(str(fields["close_date"]))
        hour = time.fromisoformat(str(fields["close_time"]).zfill(5)) if fields.get("close_time") else None
    except (KeyError, ValueError):
        raise ReviewError(f"deadlines: {given!s:.60}: la fecha o la hora no existe.") from None
    zone = zone_of(fields.get("timezone")) or home
    instant = datetime.combine(day, hour, zone).astimezone(UTC) if hour else None
    return fields | {"close_date": day, "close_time": hour, "close_at": instant}


def _told(deadline: PublicDeadline) -> str | dict[str, Any]:
    """A deadline as a person edits it: in one line where that says all of it."""
    if deadline.stage == "application" and deadline.basis == "stated":
        hour = deadline.close_time.strftime("%H:%M") if deadline.close_time else ""
        return " ".join(part for part in (deadline.close_date.isoformat(), hour, deadline.timezone or "") if part)
    return deadline.model_dump(mode="json", exclude={"seq", "close_at"}, exclude_none=True)


# ---------------------------------------------------------------- a file to edit


def as_yaml(record: PublicOpportunity, labels: Mapping[str, str]) -> str:
    """The fields of a record that a person may change, as a YAML file with what each means."""
    head = (
        f"# {record.code}. Cambie lo que haga falta, guarde y cierre. Lo que no cambie queda como está.\n"
        "# Un cierre se escribe 2027-01-15 23:59 Europe/Berlin; [] o null dejan el campo vacío.\n"
    )
    return head + "".join(
        f"\n# {labels.get(name, name)}\n{_dumped({name: value})}" for name, value in _edited(record).items()
    )


def from_yaml(text: str, record: PublicOpportunity, home: tzinfo) -> dict[str, Any]:
    """The fields that a person changed in the file of ``as_yaml``. Raises ReviewError."""
    try:
        given = yaml.safe_load(text) or {}
        written = yaml.load(text, yaml.BaseLoader) or {}  # noqa: S506 (texts alone)
    except yaml.YAMLError as error:
        raise ReviewError(f"El archivo no es YAML válido: {error}") from None
    if not isinstance(given, dict):
        raise ReviewError("El archivo no tiene la forma campo: valor.")
    if strange := sorted(set(map(str, given)) - set(_IN_FILE)):
        raise ReviewError(f"El archivo nombra campos que no se editan: {', '.join(strange)}.")
    before = yaml.safe_load(_dumped(_edited(record)))
    changed = {name: value for name, value in given.items() if value != before[name]}
    changed |= {
        name: _amount(name, written[name])
        for name in _MONEY & set(changed)
        if isinstance(written[name], str) and changed[name] is not None
    }
    if changed.get("deadlines") is not None:
        changed["deadlines"] = _deadlines(changed["deadlines"], home)
    return {name: _meant(name, value) for name, value in changed.items()}


def _meant(name: str, value: Any) -> Any:
    """What YAML takes for nothing or for a truth value, as the field has it."""
    kind = PublicOpportunity.model_fields[name].annotation
    if value is None and get_origin(kind) is list:
        return []
    if isinstance(value, bool) and bool not in get_args(kind):
        return "yes" if value else "no"
    return value


def _edited(record: PublicOpportunity) -> dict[str, Any]:
    values = record.model_dump(mode="json", include=set(_IN_FILE))
    return {name: _harmless(values[name]) for name in _IN_FILE} | {
        "deadlines": _harmless([_told(one) for one in record.deadlines])
    }


def _harmless(value: Any) -> Any:
    """A value without characters that would turn the editor's screen around."""
    if isinstance(value, list):
        return [_harmless(one) for one in value]
    if isinstance(value, dict):
        return {name: _harmless(one) for name, one in value.items()}
    return plain(value) if isinstance(value, str) else value


def _dumped(value: Any) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=100)
