"""The open data of a set: its public tables in every format, a workbook, a catalogue record, licence and read-me.

Everything is made from the Parquet files below ``open-data/`` (and, for what was published when, ``curated/publications``),
so nothing that a person has not approved can get in. Each format has a module of its own; this one says which files there are.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.common_grants import write_common_grants
from boi_pipeline.warehouse.csv_files import write_csv
from boi_pipeline.warehouse.data_package import FILE, RECORD_SCHEMA
from boi_pipeline.warehouse.dcat import LICENCE, write_dcat
from boi_pipeline.warehouse.json_files import write_json_lines
from boi_pipeline.warehouse.publication import FOLDERS, Companion
from boi_pipeline.warehouse.workbook import citation, write_workbook

WORKBOOK = "convocatorias.xlsx"
COMMON_GRANTS = "opportunities.commongrants.json"
RECORD = "dcat.jsonld"
_DESCRIPTIONS = {
    FILE: "La descripción técnica de las tablas (Frictionless Data Package).",
    RECORD_SCHEMA: "El esquema de cada línea de opportunities.jsonl (JSON Schema).",
}


def open_data_companions(
    entity: Entity, as_of: datetime, notices: Sequence[str] = (), *, before_the_record: Sequence[Companion] = ()
) -> list[Companion]:
    """What writes the open data of a set, in order.

    ``notices``: sentences that sources ask their users to repeat. ``before_the_record``: other companions that write
    into ``open-data/``; they find every format there, and the catalogue record, written last, tells their files too.
    """

    def formats(folder: Path) -> None:
        public = folder / FOLDERS["open_data"]
        for path in sorted(public.glob("*.parquet")):
            write_csv(path, path.with_suffix(".csv"))
            write_json_lines(path, path.with_suffix(".jsonl"))
        write_common_grants(public / "opportunities.parquet", public / COMMON_GRANTS, entity.vocabularies)
        write_workbook(folder, public / WORKBOOK, entity, as_of)

    def words(folder: Path) -> None:
        public = folder / FOLDERS["open_data"]
        (public / "LEAME.txt").write_text(_read_me(public, entity, as_of, notices), encoding="utf-8")
        (public / "LICENCIA.txt").write_text(_licence(entity, as_of), encoding="utf-8")

    def record(folder: Path) -> None:
        public = folder / FOLDERS["open_data"]
        write_dcat(public, public / RECORD, entity, as_of, described_by=list(_DESCRIPTIONS))

    return [formats, *before_the_record, words, record]


def _read_me(folder: Path, entity: Entity, as_of: datetime, notices: Sequence[str]) -> str:
    tables = []
    for path in sorted(folder.glob("*.parquet")):
        with pq.ParquetFile(path) as file:
            told = (file.schema_arrow.metadata or {})[b"description"].decode()
            tables.append(f"  {path.stem} ({file.metadata.num_rows} filas)\n    {told}")
    day = as_of.astimezone(entity.zone)
    described = "".join(f"  {name}  {told}\n" for name, told in _DESCRIPTIONS.items() if (folder / name).exists())
    return f"""{entity.file.bulletin}: datos abiertos
{entity.file.name}
Datos al {day:%Y-%m-%d %H:%M} ({entity.file.timezone})

TABLAS
{chr(10).join(tables)}

FORMATOS
  .csv      Para hojas de cálculo y programas: comas, UTF-8.
  .jsonl    Para programas: un objeto JSON por línea; las listas son listas.
  .parquet  Para análisis: tipos exactos y descripción de cada columna.
  {WORKBOOK}  Para personas: un libro de Excel con filtros y diccionario.
  {COMMON_GRANTS}  Las convocatorias según el protocolo CommonGrants.
  {RECORD}  La ficha del conjunto para catálogos (DCAT-AP 3).
{described}
FECHAS Y HORAS
  Las columnas que terminan en _at son instantes en UTC. Las que terminan en _date son días, como los da la fuente.

CÓMO LEER EL CSV
  Una celda vacía es un dato que falta.
  Una lista se escribe «a; b»; un «;» dentro de un valor se escribe «\\;».
  Para que ninguna hoja de cálculo ejecute un texto, un apóstrofo precede a lo que parecería una fórmula
  (= + - @) al comienzo de un texto o tras un punto y coma, un tabulador o un salto de línea. También precede a
  un apóstrofo que ya estaba allí: quite uno en cada uno de esos lugares y tendrá el texto exacto.
  Los caracteres de control se muestran con su signo (␀). En los demás formatos los textos están sin cambios.

CÓMO CITAR
  {citation(entity, as_of)}

LICENCIA
  Creative Commons Atribución 4.0 Internacional. Vea LICENCIA.txt.

VERIFIQUE SIEMPRE
  Los resúmenes son de elaboración propia; su origen está en la columna digital_source_type.
  Confirme fechas y condiciones en el enlace oficial antes de aplicar.
{"".join(f"  {notice}{chr(10)}" for notice in sorted(set(notices)))}
CONTACTO
  {entity.file.contact_email}
  {entity.file.site_url}
"""


def _licence(entity: Entity, as_of: datetime) -> str:
    return f"""Creative Commons Atribución 4.0 Internacional (CC BY 4.0)
SPDX-License-Identifier: CC-BY-4.0

Usted puede copiar, compartir y transformar estos datos, también con fines comerciales, si nombra a su autor, enlaza la
licencia e indica si hizo cambios. No se da garantía alguna.

Texto legal: {LICENCE}legalcode.es
Resumen:     {LICENCE}deed.es

Autor: {entity.file.name}
Cite así: {citation(entity, as_of)}

La licencia cubre la selección, los datos y los resúmenes. No cubre las páginas enlazadas ni los nombres y marcas de
quienes convocan.
"""
