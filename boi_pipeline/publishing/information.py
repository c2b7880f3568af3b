"""The pages about the bulletin itself: the machine's public record, the open data, the dashboard, how not to be cheated.

A page function writes every page of its kind through the ``Writer``. Words are in the templates; the record's fields are
``transparency``'s. Files that come from elsewhere are carried as they are.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from boi_pipeline.publishing import spanish, structured
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.handed import Attached, AttachedFile
from boi_pipeline.publishing.text import one_line
from boi_pipeline.publishing.transparency import reader_words, record_data, record_of, texts_of
from boi_pipeline.publishing.writer import Writer, site_root

TRANSPARENCY, RECORD = "transparencia/", "transparencia/registro.json"
OPEN_DATA, FILES = "datos-abiertos/", "datos/"
DASHBOARDS, DASHBOARD = "tableros/", "tableros/tablero/"
SAFETY = "seguridad/"
_TABLE_FORMATS = {"csv": "CSV", "jsonl": "JSON Lines", "parquet": "Parquet"}
_COMPANIONS = {
    "convocatorias.xlsx": "Libro de Excel con filtros y diccionario de columnas, para personas.",
    "opportunities.commongrants.json": "Las convocatorias según el protocolo abierto CommonGrants.",
    "dcat.jsonld": "La ficha del conjunto para catálogos de datos (DCAT-AP 3).",
    "datapackage.json": "Qué es cada columna, para programas (Frictionless Data Package).",
    "opportunities.schema.json": "El esquema de cada línea de opportunities.jsonl (JSON Schema).",
    "LEAME.txt": "Cómo leer los archivos y cómo citarlos.",
    "LICENCIA.txt": "La licencia, en texto.",
}


@dataclass(frozen=True)
class Download:
    """A file as a page offers it."""

    name: str
    path: str
    size: str
    words: str = ""


@dataclass(frozen=True)
class Table:
    """One table in every format there is."""

    name: str
    words: str
    rows: str | None
    formats: list[Download]


@dataclass(frozen=True)
class Rate:
    """One line of how often the machine is right."""

    what: str
    percent: str
    right: int
    of: int


@dataclass(frozen=True)
class Rates:
    """How often one reader version is right."""

    version: str
    words: str
    rates: list[Rate]


def _instant(bulletin: Bulletin, data: Attached) -> str:
    there = data.as_of.astimezone(bulletin.zone)
    return f"{spanish.long_date(there.date())}, {there:%H:%M}"


def transparency_page(writer: Writer) -> None:
    """The public record of the machine, for people and, beside it, as JSON."""
    bulletin = writer.bulletin
    fields, system = record_of(bulletin), bulletin.system
    name, words = "Transparencia de la IA", "Qué hace la máquina, qué decide una persona y qué datos usa."
    writer.page(
        "transparency.html",
        TRANSPARENCY,
        dated=True,
        data=structured.page_data(bulletin, TRANSPARENCY, name, words, kind="AboutPage"),
        fields=fields,
        texts=texts_of(bulletin),
        readers=[reader_words(one) for one in system.readers] if system else [],
        is_generative=any(one.reader == "llm" for one in system.readers) if system else False,
        has_judge=bool(system and system.judges),
        ordering=system.ordering if system else [],
        accuracy=_rates(bulletin),
        record=RECORD,
    )
    text = json.dumps(record_data(bulletin, fields), ensure_ascii=False, indent=1, sort_keys=True)
    writer.file(RECORD, text + "\n")


def _rates(bulletin: Bulletin) -> list[Rates]:
    return [
        Rates(
            one_line(one.version),
            f"{spanish.count(one.notice_count, 'anuncio', 'anuncios')} de prueba, {spanish.long_date(one.measured_on)}",
            [Rate(each.what, spanish.percent(each.right, each.of), each.right, each.of) for each in one.measured],
        )
        for one in (bulletin.system.accuracy if bulletin.system else [])
    ]


def open_data_page(writer: Writer) -> None:
    """What open data there is, with the files themselves, and the address that catalogues know."""
    bulletin, data = writer.bulletin, writer.bulletin.open_data
    companions = _companions(data) if data else []
    name, words = "Datos abiertos", "Todo lo publicado, en archivos que cualquiera puede usar."
    writer.page(
        "open_data.html",
        OPEN_DATA,
        data=structured.dataset_data(bulletin, OPEN_DATA, name, words, data, FILES)
        if data
        else structured.page_data(bulletin, OPEN_DATA, name, words),
        changed=data.as_of.date().isoformat() if data else None,
        when=_instant(bulletin, data) if data else None,
        tables=_tables(data) if data else [],
        workbooks=[one for one in companions if one.name.endswith(".xlsx")],
        companions=[one for one in companions if not one.name.endswith(".xlsx")],
        licence=structured.LICENCE,
        site=site_root(bulletin.entity),
    )
    writer.page(
        "moved.html",
        FILES,
        listed=False,
        heading="Los datos tienen su página",
        words="Aquí están los archivos. La página dice qué hay en cada uno.",
        title=name,
        target=OPEN_DATA,
    )
    if data:
        writer.carry(data, FILES)


def _download(one: AttachedFile, label: str) -> Download:
    return Download(label, FILES + quote(one.name), spanish.size(one.size), _COMPANIONS.get(one.name, ""))


def _tables(data: Attached) -> list[Table]:
    """The tables in their formats, the Spanish one first."""
    stems: dict[str, list[AttachedFile]] = {}
    for one in data.files:
        if one.suffix in _TABLE_FORMATS:
            stems.setdefault(one.name.rpartition(".")[0], []).append(one)
    found = []
    for stem in sorted(stems, key=lambda name: (name != "oportunidades", name)):
        files = sorted(stems[stem], key=lambda one: list(_TABLE_FORMATS).index(one.suffix))
        rows = next((one.rows for one in files if one.rows is not None), None)
        found.append(
            Table(
                stem,
                next((one.title for one in files if one.title), ""),
                None if rows is None else spanish.count(rows, "fila", "filas"),
                [_download(one, _TABLE_FORMATS[one.suffix]) for one in files],
            )
        )
    return found


def _companions(data: Attached) -> list[Download]:
    order = list(_COMPANIONS)
    others = [one for one in data.files if one.suffix not in _TABLE_FORMATS]
    others.sort(key=lambda one: (order.index(one.name) if one.name in order else len(order), one.name))
    return [_download(one, one.name) for one in others]


def dashboards_page(writer: Writer) -> None:
    """What the dashboard shows and of when it is, with the dashboard itself."""
    bulletin, data = writer.bulletin, writer.bulletin.dashboard
    name, words = "Tableros", "Cuánto se publica, a quién llega y qué se logra, en cifras."
    writer.page(
        "dashboards.html",
        DASHBOARDS,
        data=structured.page_data(bulletin, DASHBOARDS, name, words),
        changed=data.as_of.date().isoformat() if data else None,
        when=_instant(bulletin, data) if data else None,
        target=DASHBOARD,
    )
    if data:
        writer.carry(data, DASHBOARD)


def safety_page(writer: Writer) -> None:
    """How to know our posts from a cheat, and what to do about one."""
    bulletin = writer.bulletin
    entity = bulletin.entity
    name, words = "Cuídese de los engaños", "Cómo reconocer nuestras publicaciones y qué hacer ante una estafa."
    channels = dict.fromkeys([*entity.channels.daily, *entity.channels.weekly])
    flags = bulletin.vocabularies.get("red_flags")
    writer.page(
        "safety.html",
        SAFETY,
        data=structured.page_data(bulletin, SAFETY, name, words),
        host=urlsplit(site_root(entity)).hostname,
        channels=[bulletin.label("channels", one) for one in channels],
        flags=[term.label for code, term in flags.terms.items() if code != "instructs_reader"] if flags else [],
        sample_code=f"{entity.code_prefix}-{bulletin.today.year}-00042",
    )


PAGES: list[Callable[[Writer], None]] = [transparency_page, open_data_page, dashboards_page, safety_page]
