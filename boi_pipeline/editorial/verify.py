"""Whether a ledger is whole: every row there, every reference met, every hash true, every code leading somewhere.

It only looks. What a person reads of a finding is Spanish. What the loss of a ledger would cost needs the kept notices
and belongs to ``boi_pipeline.ledger_care``.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.schema import TABLES
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    IdentityItem,
    Publication,
    PublicationState,
    PublicOpportunity,
    Redirect,
    Snapshot,
    opportunity_id,
    sha256_hex,
)

SAMPLE = 5
_CODE = re.compile(r"[A-Z]{2,6}-\d{4}-\d{1,9}")
RESTORE = "El libro está dañado: no publique, y recupérelo de la última copia de seguridad."
Record = TypeVar("Record", bound=BaseModel)


@dataclass(frozen=True)
class Finding:
    """What one look at the ledger found. ``error``: the ledger is broken; ``warning``: something is lost around it."""

    check: str
    what: str  # what must hold, in Spanish
    severity: Literal["error", "warning"]
    count: int = 0
    sample: list[str] = field(default_factory=list)
    advice: str = ""

    @property
    def passed(self) -> bool:
        return self.count == 0


class _Rows:
    """The ledger's rows by kind, and which of them could not be read."""

    def __init__(self, ledger: Ledger) -> None:
        self._kept: dict[type[BaseModel], list[Any]] = {}
        self.unreadable: list[str] = []
        for model, kept in TABLES.items():
            try:
                self._kept[model] = ledger.rows(model)
            except (ValidationError, SQLAlchemyError, ValueError) as error:
                self._kept[model] = []
                self.unreadable.append(f"{kept.table.name}: {str(error).splitlines()[0]}")

    def __getitem__(self, model: type[Record]) -> list[Record]:
        return self._kept[model]


def verify(ledger: Ledger, known_items: Iterable[str]) -> list[Finding]:
    """Look at everything the ledger holds; every check is told, also those that passed.

    ``known_items``: the items of the notices that are kept.
    """
    rows = _Rows(ledger)
    items = set(known_items)
    checks: list[tuple[str, str, Literal["error", "warning"], Callable[[], Iterator[str]], str]] = [
        ("database", "La base de datos está entera", "error", lambda: iter(ledger.faults()), RESTORE),
        ("readable", "Toda fila se puede leer", "error", lambda: iter(rows.unreadable), RESTORE),
        ("numbering", "La numeración no tiene huecos ni repetidos", "error", lambda: _numbering(ledger), RESTORE),
        ("identities", "Ids y códigos son únicos y salen de su ancla", "error", lambda: _identities(rows), RESTORE),
        ("references", "Toda referencia lleva a una fila que existe", "error", lambda: _references(rows), RESTORE),
        ("redirects", "Las redirecciones terminan en un código vivo", "error", lambda: _redirects(rows), RESTORE),
        ("snapshots", "Lo aprobado coincide con su huella", "error", lambda: _snapshots(rows), RESTORE),
        ("publications", "Todo lo publicado fue aprobado antes", "error", lambda: _publications(rows), RESTORE),
        (
            "anchors",
            "El anuncio del que nació cada id está entre los avisos guardados",
            "warning",
            lambda: (f"{one.code}: {one.anchor_item_id}" for one in rows[Identity] if one.anchor_item_id not in items),
            "Sin ese aviso, el id solo existe en este libro: haga una copia de seguridad.",
        ),
        (
            "answers",
            "Los anuncios de toda respuesta «misma» o «distinta» se conocen",
            "warning",
            lambda: _unknown_answers(rows, items),
            "La respuesta no se usa mientras el anuncio no vuelva. Revise el identificador.",
        ),
    ]
    return [
        Finding(check, what, severity, len(found), found[:SAMPLE], advice if found else "")
        for check, what, severity, look, advice in checks
        for found in [list(look())]
    ]


def _numbering(ledger: Ledger) -> Iterator[str]:
    numbers, last = Counter(ledger.numbers()), ledger.seq()
    yield from (f"falta el {number}" for number in range(1, last + 1) if number not in numbers)
    yield from (f"el {number} está {count} veces" for number, count in sorted(numbers.items()) if count > 1)
    yield from (f"el {number} es mayor que el último, {last}" for number in sorted(numbers) if number > last)


def _identities(rows: _Rows) -> Iterator[str]:
    identities = rows[Identity]
    for name in ("opportunity_id", "code"):
        counted = Counter(getattr(one, name) for one in identities)
        yield from (f"{value} está {count} veces" for value, count in counted.items() if count > 1)
    minted: set[str] = set()
    placed = {row.item_id for row in rows[IdentityItem]}
    for one in identities:
        first = opportunity_id(one.anchor_item_id)
        # an anchor that is minted again gets another id, for its first is taken
        if one.opportunity_id != first and first not in minted:
            yield f"{one.code}: su id no sale de su ancla {one.anchor_item_id}"
        if not _CODE.fullmatch(one.code):
            yield f"{one.code}: no es un código público"
        if one.anchor_item_id not in placed:
            yield f"{one.code}: su ancla {one.anchor_item_id} no está en ninguna oportunidad"
        minted.add(one.opportunity_id)


def _references(rows: _Rows) -> Iterator[str]:
    identities = {one.opportunity_id for one in rows[Identity]}
    snapshots = {one.snapshot_sha256 for one in rows[Snapshot]}
    editions = {one.edition_id for one in rows[Edition]}
    publications = {one.publication_id for one in rows[Publication]}
    named = [
        *((f"anuncio {one.item_id}", one.opportunity_id, identities) for one in rows[IdentityItem]),
        *((f"redirección {one.seq}", one.from_opportunity_id, identities) for one in rows[Redirect]),
        *((f"redirección {one.seq}", one.to_opportunity_id, identities) for one in rows[Redirect]),
        *((f"aprobado {one.snapshot_sha256[:12]}", one.opportunity_id, identities) for one in rows[Snapshot]),
        *((f"decisión {one.decision_id}", one.opportunity_id, identities) for one in rows[Decision]),
        *((f"publicación {one.publication_id}", one.opportunity_id, identities) for one in rows[Publication]),
        *((f"publicación {one.publication_id}", one.edition_id, editions) for one in rows[Publication]),
        *((f"publicación {one.publication_id}", one.snapshot_sha256, snapshots) for one in rows[Publication]),
        *((f"estado {one.seq}", one.publication_id, publications) for one in rows[PublicationState]),
        *(
            (f"aprobación {one.decision_id}", one.snapshot_sha256 or "ninguna huella", snapshots)
            for one in rows[Decision]
            if one.action == "approve"
        ),
    ]
    yield from (f"{who}: {what} no existe" for who, what, there in named if what is not None and what not in there)


def _redirects(rows: _Rows) -> Iterator[str]:
    codes = {one.opportunity_id: one.code for one in rows[Identity]}
    age = {one.opportunity_id: one.seq for one in rows[Identity]}
    merged: dict[str, str] = {}
    cut: set[str] = set()  # to what was cut off a code turns that had merged
    for one in rows[Redirect]:
        start = codes.get(one.from_opportunity_id, one.from_opportunity_id)
        if one.from_opportunity_id == one.to_opportunity_id:
            yield f"{start} redirige a sí mismo"
        if one.kind == "split":
            cut.add(one.from_opportunity_id)
        else:
            if one.from_opportunity_id in merged and one.to_opportunity_id not in cut:
                yield f"{start} redirige dos veces"
            is_older = age.get(one.from_opportunity_id, 0) < age.get(one.to_opportunity_id, 0)
            if is_older and one.to_opportunity_id not in cut:
                yield f"{start} redirige a un código más nuevo"
            merged[one.from_opportunity_id] = one.to_opportunity_id
    for start in merged:
        place, passed = start, {start}
        while place in merged:
            place = merged[place]
            if place in passed:
                yield f"{codes.get(start, start)} redirige en círculo"
                break
            passed.add(place)


def _snapshots(rows: _Rows) -> Iterator[str]:
    codes = {one.opportunity_id: one.code for one in rows[Identity]}
    for one in rows[Snapshot]:
        if sha256_hex(one.content) != one.snapshot_sha256:
            yield f"{codes.get(one.opportunity_id, one.opportunity_id)}: {one.snapshot_sha256[:12]} no es su huella"
            continue
        try:
            told = PublicOpportunity.model_validate_json(one.content)
        except ValidationError as error:
            yield f"{one.snapshot_sha256[:12]}: su contenido no se puede leer: {str(error).splitlines()[0]}"
            continue
        if (told.opportunity_id, told.code) != (one.opportunity_id, codes.get(one.opportunity_id, told.code)):
            yield f"{one.snapshot_sha256[:12]}: es de {told.code}, y está guardado como de otra oportunidad"


def _publications(rows: _Rows) -> Iterator[str]:
    codes = {one.opportunity_id: one.code for one in rows[Identity]}
    approved: dict[str, int] = {}
    for one in rows[Decision]:
        if one.action == "approve" and one.snapshot_sha256:
            approved.setdefault(one.snapshot_sha256, one.seq)
    picked = {
        (one.picked[0], one.opportunity_id): one.seq for one in reversed(rows[Decision]) if one.picked
    }  # the first pick of each
    for one in rows[Publication]:
        if one.channel == "article" and picked.get((one.edition_id, one.opportunity_id), one.seq) >= one.seq:
            yield f"{one.publication_id}: nadie la eligió antes para su semana"
        if one.code != codes.get(one.opportunity_id, one.code):
            yield f"{one.publication_id}: su código no es el de su oportunidad, {codes[one.opportunity_id]}"
        if approved.get(one.snapshot_sha256, one.seq) >= one.seq:
            yield f"{one.publication_id}: nadie aprobó antes lo que se publicó"


def _unknown_answers(rows: _Rows, items: set[str]) -> Iterator[str]:
    known = items | {row.item_id for row in rows[IdentityItem]}
    for one in rows[Decision]:
        yield from (f"{one.decision_id} ({one.action}): {item}" for item in one.item_ids if item not in known)
