"""The public record of the machine behind the bulletin: the nine fields, who reads, how texts are made, in what order.

Nothing is claimed that is neither in ``handed.System`` nor in the bulletin: what nobody knows is said to be
unknown, and what a person must still confirm is marked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.handed import JudgeUse, ReaderUse
from boi_pipeline.publishing.note import GENERATIVE
from boi_pipeline.publishing.text import one_line


@dataclass(frozen=True)
class RecordField:
    """One field of the record. ``is_confirmed``: nothing in it waits for a person."""

    key: str
    name: str
    words: list[str]
    is_confirmed: bool = True


@dataclass(frozen=True)
class Texts:
    """How the texts that stand were made."""

    by_template: int
    generative: int
    tools: list[str]


def texts_of(bulletin: Bulletin) -> Texts:
    """The texts that stand today: made by templates, or with the help of which generative tools."""
    shown = [item.opportunity for _, item in bulletin.current.values()]
    generative = [one for one in shown if one.digital_source_type in GENERATIVE or one.drafting_tool]
    tools = sorted({one_line(one.drafting_tool) for one in generative if one.drafting_tool})
    return Texts(len(shown) - len(generative), len(generative), tools)


def record_of(bulletin: Bulletin) -> list[RecordField]:
    """The nine fields of the public record of an AI system."""
    entity, system = bulletin.entity, bulletin.system
    day = bulletin.today
    return [
        RecordField("nombre_y_version", "Nombre y versión", _name(bulletin), system is not None),
        RecordField(
            "proposito",
            "Propósito",
            [
                "Encontrar, leer y ordenar anuncios públicos de oportunidades internacionales.",
                "Una persona decide cuáles se publican.",
            ],
        ),
        RecordField(
            "funcion_institucional",
            "Función institucional",
            [
                f"Informar gratis a la ciudadanía y a las organizaciones de {entity.city} sobre becas, fondos y cooperación."
            ],
        ),
        RecordField("estado", "Estado", _state(bulletin)),
        RecordField(
            "usa_datos_personales",
            "¿Usa datos personales?",
            [
                "No pide ni guarda datos personales de la ciudadanía.",
                "Tapa correos, teléfonos y documentos de identidad que encuentra en los anuncios.",
                "No detecta nombres propios: un anuncio puede traer el de su contacto.",
            ],
        ),
        RecordField(
            "tipos_de_datos",
            "Tipos de datos",
            [
                "Páginas públicas de convocatorias: textos, fechas, montos y enlaces.",
                "Decisiones del equipo, con su papel y sin su nombre.",
                "Cifras agregadas de difusión y de resultados.",
            ],
        ),
        RecordField("responsable", "Responsable", [entity.name], "name" not in entity.unconfirmed),
        RecordField("contacto", "Contacto", [entity.contact_email], "contact_email" not in entity.unconfirmed),
        RecordField("ultima_actualizacion", "Última actualización", [spanish.long_date(day)]),
    ]


def _name(bulletin: Bulletin) -> list[str]:
    system = bulletin.system
    name = f"Sistema de {bulletin.entity.bulletin}"
    if system is None:
        return [name, "La versión no está registrada."]
    revision = f", revisión {system.revision[:12]}" if system.revision else ""
    used = [*map(reader_words, system.readers), *map(_judge_words, system.judges)]
    return [name, f"Versión {system.version}{revision}", *used]


def reader_words(use: ReaderUse) -> str:
    """``Lectura con reglas automáticas (rules-3): 85 anuncios.``"""
    kind = "inteligencia artificial (IA) generativa" if use.reader == "llm" else "reglas automáticas"
    if use.reader == "offline" and "+" in use.version:
        kind = "reglas automáticas y un modelo de lenguaje pequeño"
    return f"Lectura con {kind} ({one_line(use.version)}): {spanish.count(use.notice_count, 'anuncio', 'anuncios')}."


def _judge_words(use: JudgeUse) -> str:
    """``Opinión de … generativa (match-1/modelo) sobre si dos anuncios son la misma convocatoria: 8 parejas.``"""
    pairs = spanish.count(use.pair_count, "pareja", "parejas")
    return (
        f"Opinión de inteligencia artificial (IA) generativa ({one_line(use.version)}) "
        f"sobre si dos anuncios son la misma convocatoria: {pairs}."
    )


def _state(bulletin: Bulletin) -> list[str]:
    if not bulletin.editions:
        return ["En preparación. Todavía no ha publicado ninguna edición."]
    first = min(one.edition.edition_date for one in bulletin.editions)
    editions = spanish.count(len(bulletin.editions), "edición", "ediciones")
    notes = spanish.count(len(bulletin.current), "nota vigente", "notas vigentes")
    return [f"En uso desde el {spanish.long_date(first)}.", f"{editions} y {notes}."]


def record_data(bulletin: Bulletin, fields: Iterable[RecordField]) -> dict[str, Any]:
    """The record for machines: the nine fields, readers, texts, opinions, ordering and accuracy, as JSON values."""
    system, texts = bulletin.system, texts_of(bulletin)
    return {
        "campos": {one.key: {"nombre": one.name, "valor": one.words, "confirmado": one.is_confirmed} for one in fields},
        "lectores": [
            {"lector": one.reader, "version": one.version, "anuncios": one.notice_count}
            for one in (system.readers if system else [])
        ],
        "opiniones": [{"version": one.version, "parejas": one.pair_count} for one in (system.judges if system else [])],
        "textos": {
            "con_plantillas": texts.by_template,
            "con_ia_generativa": texts.generative,
            "herramientas": texts.tools,
            "aprobados_por_una_persona": texts.by_template + texts.generative,
        },
        "orden": list(system.ordering) if system else [],
        "exactitud": [
            {
                "version": one.version,
                "fecha": one.measured_on.isoformat(),
                "anuncios": one.notice_count,
                "medidas": [{"que": each.what, "aciertos": each.right, "de": each.of} for each in one.measured],
            }
            for one in (system.accuracy if system else [])
        ],
        "actualizado": bulletin.as_of.isoformat(timespec="seconds"),
    }
