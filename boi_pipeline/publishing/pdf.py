"""The bulletin on paper: a tagged PDF (PDF/UA-1) of each edition and of each week's article, made by Typst.

It says what was published, as it was published: what the sources say since is on the site. Only a withdrawal or a
correction makes another file of it. Words reach Typst as data, never as markup; what is drawn is in ``typst/``.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from boi_pipeline.palette import palette
from boi_pipeline.printing.printer import Printer, printable, printable_document
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.campaign import utm
from boi_pipeline.publishing.note import Note, edition_words, note_of
from boi_pipeline.publishing.putter import linked
from boi_pipeline.publishing.standing import Standing, fingerprint
from boi_pipeline.publishing.text import clip, language_tag
from boi_pipeline.publishing.writer import site_root
from boi_pipeline.records import Edition

MAX_WHY = 600
TEMPLATE = Path(__file__).resolve().parent / "typst" / "bulletin.typ"
_palette = cache(palette)


def pdf_path(edition_id: str) -> str:
    """Where an edition's or a week's PDF is, under the site's root: ``boletin/2026-11-23.pdf``."""
    return f"boletin/{edition_id}.pdf"


# ---------------------------------------------------------------- what a document says


def week_title(edition: Edition) -> str:
    """What a week's article is called, on paper and on the site."""
    return f"Las elegidas de la semana {spanish.week_span(edition.edition_id)}"


def edition_document(
    bulletin: Bulletin, edition: Edition, items: list[PublishedItem], whys: list[str] | None = None
) -> dict[str, Any]:
    """Everything the PDF of an edition says; with ``whys`` (why a person picked each), of a week's article."""
    entity = bulletin.entity
    root = site_root(entity)
    is_week = whys is not None
    heading = week_title(edition) if is_week else f"Edición del {edition_words(edition)}"
    address = f"{root}{'articulos' if is_week else 'ediciones'}/{edition.edition_id}/"
    reasons = whys or [None] * len(items)
    notes = [_note(bulletin, edition, item, why) for item, why in zip(items, reasons, strict=True)]
    told = {
        "title": f"{entity.bulletin}. {heading}",
        "bulletin": entity.bulletin,
        "heading": heading,
        "author": entity.name,
        "description": f"Oportunidades internacionales para {entity.city}, aprobadas por una persona.",
        "keywords": [],
        "lead": _lead(bulletin, notes, is_week),
        "contents_words": "En esta edición",
        "running": f"{entity.bulletin} · {entity.short_name}",
        "page_words": ["Página", "de"],
        "notes": notes,
        "about": {
            "heading": "Sobre este documento",
            "lines": [
                f"Es gratuito. Cada convocatoria fue revisada y aprobada por una persona del equipo de {entity.short_name}.",
                "Muestra lo que se publicó ese día. Las fechas pueden cambiar: confirme siempre en la página oficial.",
                f"¿Encontró un error? Escriba a {entity.contact_email}.",
            ],
            "page": {"href": address, "words": f"Vea esta publicación al día en {address}"},
        },
    }
    return printable_document(told) | {"colours": _palette(entity.brand.primary, entity.brand.accent, dark=False)}


def _lead(bulletin: Bulletin, notes: list[dict[str, Any]], is_week: bool) -> list[str]:
    shown = spanish.count(sum(one["gone"] is None for one in notes), "convocatoria", "convocatorias")
    city = bulletin.entity.city
    if is_week:
        return [f"Una persona del equipo eligió {shown} de la semana para quienes viven en {city}, y dice por qué."]
    return [f"{shown} de otros países para personas y organizaciones de {city}, con su cierre y su página oficial."]


def _note(bulletin: Bulletin, edition: Edition, item: PublishedItem, why: str | None) -> dict[str, Any]:
    if item.code in bulletin.tombstones or item.is_withdrawn:
        return {"gone": f"{item.code}: esta nota se retiró después de publicarse."}
    note = note_of(bulletin, edition, item)
    corrected = bulletin.corrected_on(edition, item)
    page = f"{site_root(bulletin.entity)}{note.path}"
    closings = closings_of(bulletin, edition, item)
    changes = [f"Corrección. {note.correction}", *note.changes] if note.correction else []
    if corrected:
        changes.append(f"Esta nota se corrigió el {spanish.long_date(corrected)}: lea el texto nuevo en el sitio.")
    return {
        "gone": None,
        "title": note.title if printable(note.title) else note.code,
        "kicker": " · ".join(part for part in (note.type_label, note.funder, note.place) if part),
        "closing": f"{closings[0]}." if closings else None,
        "changes": changes,
        "why": {"question": "Por qué la elegimos.", "text": clip(why, MAX_WHY)} if why is not None else None,
        "summary": note.summary,
        "answer": _answer(bulletin, note),
        "facts": _facts(note, closings),
        "official": {
            "href": note.link.href,
            "words": f"Página oficial: {note.link.domain}",
        }
        if note.link
        else None,
        "unofficial": "La fuente no da un enlace oficial que podamos publicar.",
        "page": {
            "href": page + utm(edition, "boletin", "pdf", note.code),
            "words": f"Nota completa y sus pruebas: {note.code}",
        },
        "label": note.label,
    }


def _answer(bulletin: Bulletin, note: Note) -> dict[str, Any]:
    country = spanish.country_name(bulletin.entity.country) or bulletin.entity.country
    return {
        "state": {"yes": "yes", "no": "no"}.get(note.answer.code, "maybe"),
        "question": f"¿Puedo aplicar desde {country}?",
        "label": note.answer.label,
        "words": note.answer.words,
        "quotes": [{"text": one.text, "language": _language(one.language)} for one in note.answer.quotes[:1]],
    }


def _language(tag: str | None) -> str | None:
    """The two or three letters Typst takes."""
    primary = (language_tag(tag) or "").partition("-")[0].lower()
    return primary if primary.isascii() and len(primary) in (2, 3) else None


_WAITS = "Aún no abre"
_APPLY = "Lea las bases, reúna los documentos y postúlese en la página oficial, antes del cierre."
_WAIT = "Lea las bases y reúna los documentos. Cuando abra, postúlese en la página oficial, antes del cierre."


def closings_of(bulletin: Bulletin, edition: Edition, item: PublishedItem) -> list[str]:
    """The deadlines that were to come when the edition closed, by both clocks, after the day a call was still to open on; of a
    call without any, its words."""
    facts, city = item.opportunity, bulletin.entity.city
    ordered = sorted(facts.deadlines, key=lambda one: (spanish.end_of(one, bulletin.zone), one.seq))
    coming = [one for one in ordered if spanish.end_of(one, bulletin.zone) > edition.closed_at]
    words = [spanish.both_clocks(one, bulletin.zone, city) for one in coming]
    if not words and ordered:
        return [f"Cerró el {spanish.both_clocks(ordered[-1], bulletin.zone, city)}"]
    stages = [
        f"{bulletin.label('deadline_stages', one.stage)}: {told}" for one, told in zip(coming, words, strict=True)
    ]
    if len(words) == 1:
        stages = [f"Cierra el {words[0]}"]
    # what opens after its call closes is an exhibition or a course
    opens = facts.opening_date
    if opens and opens > edition.edition_date and all(opens <= one.close_date for one in coming[:1]):
        return [f"{_WAITS}: abre el {spanish.short_date(opens)}", *stages]
    return stages or (["Recibe postulaciones de forma permanente"] if facts.close_model == "rolling" else [])


def closing_name(closings: list[str]) -> str:
    """What ``closings_of`` are called."""
    return "Apertura y cierre" if closings and closings[0].startswith(_WAITS) else "Cierre"


def _facts(note: Note, closings: list[str]) -> list[dict[str, Any]]:
    goals = [f"ODS {number}, {name}." for number, name in note.goals]
    goals += [f"Plan: {objective}." for objective in note.objectives]
    parts = [
        ("Qué cubre", note.covers or ["La fuente no lo indica."]),
        ("Requisitos", note.requirements or ["Consulte los requisitos en la página oficial."]),
        (
            closing_name(closings),
            [f"{one}." for one in closings] or ["La fuente no indica una fecha. Confírmela antes de aplicar."],
        ),
        ("Cómo aplicar", [_WAIT if closings and closings[0].startswith(_WAITS) else _APPLY]),
        ("Costo de postularse", [note.cost]),
        ("Objetivos", goals),
    ]
    return [{"name": name, "lines": lines} for name, lines in parts if lines]


# ---------------------------------------------------------------- files


@dataclass(frozen=True)
class _Printed:
    """What makes one PDF differ from another, cheap to tell: its words are functions of this, entity and code."""

    edition: Edition
    snapshots: list[str]
    approved: list[tuple[str, str]]
    gone: list[bool]
    corrected: list[date | None]
    before: list[list[str]]  # the texts that may be the ones a publication corrects
    whys: list[str]


def _printed(bulletin: Bulletin, edition: Edition, items: list[PublishedItem], whys: list[str]) -> _Printed:
    history = [bulletin.history.get(one.code, []) for one in items]
    return _Printed(
        edition=edition,
        snapshots=[one.publication.snapshot_sha256 for one in items],
        approved=[(one.code, one.approved_on.isoformat()) for one in items],
        gone=[one.is_withdrawn or one.code in bulletin.tombstones for one in items],
        corrected=[bulletin.corrected_on(edition, one) for one in items],
        before=[
            [earlier.publication.snapshot_sha256 for when, earlier in rows if when.seq < edition.seq]
            for rows in history
        ],
        whys=whys,
    )


def render_pdfs(bulletin: Bulletin, folder: Path, standing: Standing | None = None) -> list[Path]:
    """Write a PDF of each edition and each week below ``folder``; give the files, sorted. Equal bulletins: equal bytes.

    What would come out the same is taken over from ``standing``, the site that stands: a day makes its own PDF and
    those of the notes that were withdrawn or corrected.
    """
    same = [standing.code_version if standing else "", bulletin.entity, dict(bulletin.vocabularies)]
    shared, written = fingerprint(same), []
    (folder / pdf_path("")).parent.mkdir(parents=True, exist_ok=True)
    editions = [
        (one.edition, sorted(one.items, key=lambda item: item.publication.position), None) for one in bulletin.editions
    ]
    weeks = [
        (one.edition, [each.item for each in one.items], [each.why for each in one.items]) for one in bulletin.weeks
    ]

    def waiting() -> Iterator[tuple[str, str, dict[str, Any]]]:
        for edition, items, whys in [*editions, *weeks]:
            name = pdf_path(edition.edition_id)
            written.append(folder / name)
            key = fingerprint([shared, _printed(bulletin, edition, items, whys or [])]) if standing else ""
            told = standing.told(name, key) if standing else None
            if told is None or not linked(folder / name, *told):
                yield name, key, edition_document(bulletin, edition, items, whys)

    def made(one: tuple[str, str, dict[str, Any]]) -> None:
        name, key, document = one
        printer = printers.get()
        try:
            content = printer.print(document)
        finally:
            printers.put(printer)
        (folder / name).write_bytes(content)
        if standing:
            standing.keep(name, key, content)

    side_by_side = os.cpu_count() or 1
    printers: SimpleQueue[Printer] = SimpleQueue()
    with ExitStack() as at_the_end, ThreadPoolExecutor(side_by_side) as threads:
        for _ in range(side_by_side):
            printers.put(at_the_end.enter_context(Printer(TEMPLATE)))
        for done in [threads.submit(made, one) for one in waiting()]:
            done.result()
    return sorted(written)
