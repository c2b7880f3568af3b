"""The open data as one workbook, for people without Power BI: Spanish headers, filters, dates as dates, links as links.

No cell is ever a formula, whatever its text; the same tables give the same bytes. What the tables hold belongs to the
models; this module lays them out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.csv_files import visible

MAX_ROWS = 100_000  # a sheet holds 1,048,576, but no person works with more than this, and writing them takes minutes
MAX_TEXT = 32_000  # a cell holds 32,767 UTF-16 units
CUT = " […]"
_MAX_LINKS = 60_000  # Excel opens at most 65,530 in a sheet
_LINK = re.compile(r"https?://[^\s<>\"]{1,2000}")
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_EXACT = 10**15  # up to here Excel keeps every digit
_WIDTHS = {
    "titulo": 50,
    "title_es": 50,
    "resumen": 70,
    "quien_puede": 40,
    "enlace": 45,
    "convocante": 30,
    "description": 80,
}


@dataclass(frozen=True)
class _Sheet:
    """A sheet: its name, what its headers say, how wide its columns are, and its rows."""

    name: str
    headers: list[str]
    widths: list[int]
    rows: Iterator[tuple[Any, ...]]


def write_workbook(folder: Path, target: Path, entity: Entity, as_of: datetime) -> None:
    """Write the workbook of a set in the making: ``folder`` holds its ``open-data/`` and ``curated/`` Parquet files."""
    cut: dict[str, int] = {}
    options = {
        "constant_memory": True,
        "tmpdir": str(target.parent),
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with duckdb.connect() as connection, xlsxwriter.Workbook(str(target), options) as book:
        connection.execute("set threads to 2; set memory_limit = '1GB'; set enable_progress_bar = false")
        connection.execute("set temp_directory = ?", [str(target.with_suffix(".tmp"))])
        book.set_properties(
            {
                "title": f"{entity.file.bulletin}: convocatorias",
                "author": entity.file.name,
                "comments": "Datos abiertos, CC BY 4.0",
                "created": as_of.astimezone(UTC).replace(tzinfo=None),
            }
        )
        writer = _Writer(book, entity.file.brand.primary)
        for sheet in _sheets(connection, folder, entity):
            rows = writer.write(sheet)
            if rows > MAX_ROWS:
                cut[sheet.name] = rows
        writer.write(_about(folder, entity, as_of, cut))


def _sheets(connection: duckdb.DuckDBPyConnection, folder: Path, entity: Entity) -> Iterator[_Sheet]:
    public = folder / "open-data"
    files = {
        "oportunidades": public / "oportunidades.parquet",
        "opportunities": public / "opportunities.parquet",
        "deadlines": public / "deadlines.parquet",
        "publications": folder / "curated" / "publications.parquet",
    }
    for name, path in files.items():
        connection.read_parquet(str(path)).create_view(name)
    labels = {
        field.name: field.metadata[b"label"].decode()
        for path in files.values()
        for field in pq.read_schema(path)
        if field.metadata
    }
    zone = {"zone": entity.file.timezone}
    fields = [field for field in pq.read_schema(files["oportunidades"]) if field.name != "opportunity_id"]
    chosen = ", ".join(
        f"{field.name} at time zone $zone" if pa.types.is_timestamp(field.type) else field.name for field in fields
    )

    def sheet(name: str, chosen: list[str], query: str, **values: Any) -> _Sheet:
        headers = [labels.get(column, column) for column in chosen]
        widths = [_WIDTHS.get(column, max(14, len(header) + 4)) for column, header in zip(chosen, headers, strict=True)]
        return _Sheet(name, headers, widths, _fetched(connection, query, values))

    yield sheet(
        "Convocatorias",
        [field.name for field in fields],
        f"select {chosen} from oportunidades, (select $zone) "
        "order by coalesce(dias_restantes < 0, false), fecha_cierre nulls last, codigo",
        **zone,
    )
    yield sheet(
        "Cierres",
        [
            "code",
            "title_es",
            "seq",
            "close_date",
            "close_time",
            "close_timezone",
            f"Hora de {entity.file.city}",
            "is_ahead",
        ],
        "select code, title_es, seq, close_date, close_time, close_timezone, close_at at time zone $zone, is_ahead "
        "from deadlines order by not is_ahead, close_date, code, seq",
        **zone,
    )
    yield sheet(
        "Fuentes",
        ["source_name", "Convocatorias aprobadas", "Abiertas", "last_verified_at"],
        "select source_name, count(*), count(*) filter (status = 'open'), max(last_verified_at) at time zone $zone "
        "from opportunities group by source_name order by source_name",
        **zone,
    )
    channels = entity.vocabularies["channels"]
    published = sheet(
        "Publicaciones",
        ["edition_date", "channel", "position", "code", "title_es", "published_at"],
        "select p.edition_date, p.channel, p.position, p.code, o.title_es, p.published_at at time zone $zone "
        "from publications p join opportunities o using (opportunity_id) "
        "where p.published_at is not null and (p.state = 'sent' or p.channel in ('site', 'article')) "
        "order by p.edition_date desc, p.channel, p.position, p.publication_id",
        **zone,
    )
    rows = ((row[0], channels.label(row[1]), *row[2:]) for row in published.rows)
    yield _Sheet(published.name, published.headers, published.widths, rows)
    yield _Sheet(
        "Diccionario", ["Archivo", "Columna", "Nombre", "Tipo", "Descripción"], [22, 28, 28, 18, 90], _words(public)
    )


def _fetched(connection: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    result = connection.execute(query, values or None)
    while rows := result.fetchmany(2_048):
        yield from rows


def _words(folder: Path) -> Iterator[tuple[Any, ...]]:
    for path in sorted(folder.glob("*.parquet")):
        for field in pq.read_schema(path):
            told = field.metadata or {}
            yield path.stem, field.name, told[b"label"].decode(), str(field.type), told[b"description"].decode()


def _about(folder: Path, entity: Entity, as_of: datetime, cut: dict[str, int]) -> _Sheet:
    local = as_of.astimezone(entity.zone).replace(tzinfo=None)
    rows: list[tuple[Any, ...]] = [
        ("Qué es", f"Convocatorias internacionales revisadas y aprobadas por {entity.file.name}."),
        ("Boletín", entity.file.bulletin),
        ("Dirección", entity.file.site_url),
        ("Contacto", entity.file.contact_email),
        ("Datos al", local),
        ("Convocatorias", pq.read_metadata(folder / "open-data" / "opportunities.parquet").num_rows),
        ("Licencia", "Creative Commons Atribución 4.0 Internacional (CC BY 4.0)"),
        ("Texto de la licencia", "https://creativecommons.org/licenses/by/4.0/deed.es"),
        ("Cómo citar", citation(entity, as_of)),
        ("Verifique siempre", "Confirme fechas y condiciones en el enlace oficial antes de aplicar."),
        ("Textos largos", f"Los de más de {MAX_TEXT} caracteres terminan en «{CUT.strip()}»; completos están en los otros formatos."),
        ("Montos", "Están en la moneda indicada en su fila; no los sume sin convertirlos."),
        *(
            (f"Hoja {name}", f"Muestra {MAX_ROWS} de {rows} filas; todas están en los otros formatos.")
            for name, rows in cut.items()
        ),
    ]  # fmt: skip
    return _Sheet("Acerca de", ["Dato", "Valor"], [24, 100], iter(rows))


def citation(entity: Entity, as_of: datetime) -> str:
    """How to name the data where they are used."""
    day = as_of.astimezone(entity.zone).date()
    return f"{entity.file.name}. {entity.file.bulletin}, datos abiertos al {day.isoformat()}. {entity.file.site_url}. CC BY 4.0."


class _Writer:
    """Writes sheets with one look, and every value as what it is."""

    def __init__(self, book: xlsxwriter.Workbook, colour: str) -> None:
        self._book = book
        self._header = book.add_format(
            {"bold": True, "bg_color": colour, "font_color": "#ffffff", "text_wrap": True, "valign": "top"}
        )
        # "@": a text stays text also after a person edits its cell
        self._text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        self._link = book.add_format({"font_color": "#0563c1", "underline": 1, "valign": "top"})
        self._formats: dict[str, Format] = {
            name: book.add_format({"num_format": code, "valign": "top"})
            for name, code in (
                ("date", "dd/mm/yyyy"), ("datetime", "dd/mm/yyyy hh:mm"), ("number", "#,##0"), ("amount", "#,##0.00"),
            )
        }  # fmt: skip

    def write(self, sheet: _Sheet) -> int:
        """Write at most ``MAX_ROWS`` rows of a sheet; returns how many there were."""
        page: Worksheet = self._book.add_worksheet(sheet.name)
        for column, width in enumerate(sheet.widths):
            page.set_column(column, column, width)
        page.freeze_panes(1, 0)
        for column, header in enumerate(sheet.headers):
            page.write_string(0, column, visible(header), self._header)
        count = links = 0
        for row in sheet.rows:
            count += 1
            if count > MAX_ROWS:
                continue
            for column, value in enumerate(row):
                links += self._cell(page, count, column, value, may_link=links < _MAX_LINKS)
        page.autofilter(0, 0, max(1, min(count, MAX_ROWS)), len(sheet.headers) - 1)
        return count

    def _cell(self, page: Worksheet, row: int, column: int, value: Any, *, may_link: bool) -> bool:
        """Write one cell; returns whether it became a link."""
        if value is None:
            return False
        if isinstance(value, bool):
            page.write_string(row, column, "Sí" if value else "No", self._text)
        elif isinstance(value, (int, Decimal)) and abs(value) < _EXACT:
            kind = "amount" if isinstance(value, Decimal) else "number"
            page.write_number(row, column, float(value), self._formats[kind])
        elif isinstance(value, datetime) and value.date() >= _FIRST_DAY:
            page.write_datetime(row, column, value, self._formats["datetime"])
        elif isinstance(value, date) and not isinstance(value, datetime) and value >= _FIRST_DAY:
            page.write_datetime(row, column, datetime.combine(value, time()), self._formats["date"])
        elif isinstance(value, str) and may_link and _LINK.fullmatch(value):
            page.write_url(row, column, value, self._link, string=value)
            return True
        else:
            page.write_string(row, column, _text(value), self._text)
        return False


def _text(value: Any) -> str:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    text = re.sub("\r\n?", "\n", visible(str(value)))  # XML knows one line break
    if len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        room = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(CUT))]
        return room.decode("utf-16-le", errors="ignore") + CUT  # half of an emoji is left out
    return text
