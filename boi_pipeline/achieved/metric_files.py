"""The files that channels export, taken in as metrics: one file is one import, whole or not at all.

How numbers and days are written is decided once for the file. A row that is not understood is set aside with its reason,
the others are taken; a file with more bad rows than good, or whose own total differs, is refused. Which opportunity a
reference means is decided where the tables are built. No cell that may name a person is kept.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date
from itertools import chain, islice
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from boi_pipeline.achieved.days import Order, day_of, day_order
from boi_pipeline.achieved.layouts import CountName, Found, Layout, Role, layouts, look, plain, recognise
from boi_pipeline.achieved.numbers import Decided, decimal_mark, whole
from boi_pipeline.achieved.sheets import MAX_ROWS, Cell, Row, Sheet, SheetRefused, open_sheets
from boi_pipeline.achieved.store import imports, new_import_id, rows_path, write_rows
from boi_pipeline.achieved.taking import MAX_FAULTS, Context, Fault, Handed, Look, Taken, Taker, rows_in_words
from boi_pipeline.entity import Entity
from boi_pipeline.personal_data import mask
from boi_pipeline.records import Import, Metric
from scrapers.urls import canonical_url

SAMPLE = 5_000  # rows that show how a file writes numbers and days
MAX_SUMS = 500_000  # things that a file adds up by: they wait in memory
MAX_TITLE = 300
_TOTALS = frozenset({"total", "totals", "totales", "grand total", "total general", "suma total"})
_COUNTS: tuple[CountName, ...] = ("impressions", "clicks", "interactions")
_PERIOD = re.compile(
    r"(start date|fecha de inicio|end date|fecha de finalizacion|fecha de fin)\D{0,5}([0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
)
_NAMED_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})-?([0-9]{2})-?([0-9]{2})(?![0-9])")
Period = tuple[date, date]
_Key = tuple[date, str, str | None, str | None]  # day, channel, kind and reference


def take(handed: Handed, context: Context) -> Taken:
    """Write a file's rows and give its import. Raises SheetRefused; then nothing of it is left."""
    with open_sheets(handed.path) as sheets:
        known = recognise(sheets)
        if known is None:
            raise SheetRefused("No se reconoce su encabezado como el de una exportación conocida.")
        name, tables = known
        import_id = new_import_id()
        readers = [
            # two sheets have a row of the same number
            _Reader(name, found, handed, context, import_id, first_number=place * MAX_ROWS)
            for place, found in enumerate(tables)
        ]
        try:
            count = write_rows(context.home, import_id, chain.from_iterable(one.metrics() for one in readers), Metric)
            return _taken(handed, context, import_id, name, readers, count)
        except BaseException:
            rows_path(context.home, import_id).unlink(missing_ok=True)
            raise


def _taken(handed: Handed, context: Context, import_id: str, name: str, readers: list["_Reader"], count: int) -> Taken:
    layout = layouts()[name]
    refused = sum(reader.refused for reader in readers)
    faults = [fault for reader in readers for fault in reader.faults][:MAX_FAULTS]
    if count == 0 or refused > count:
        told = "; ".join(f"fila {fault.number}: {fault.reason}" for fault in faults[:3])
        raise SheetRefused(
            f"Es «{layout.label}», y no se entendió: filas buenas {count}, malas {refused}"
            + (f" ({told})" if told else "")
            + ". Expórtela de nuevo, sin editarla."
        )
    told, notes = _compare_totals(readers, refused)
    firsts = [reader.first for reader in readers if reader.first]
    lasts = [reader.last for reader in readers if reader.last]
    record = Import(
        import_id=import_id,
        kind="metrics",
        file_name=handed.name,
        file_sha256=handed.sha256,
        layout=name,
        channel=layout.channel,
        replaces=layout.replaces,
        imported_at=context.as_of,
        first_day=min(firsts),
        last_day=max(lasts),
        row_count=count,
        refused_count=refused,
        told_impressions=told.get("impressions"),
        told_clicks=told.get("clicks"),
        told_interactions=told.get("interactions"),
        unknown_columns=list(dict.fromkeys(name for reader in readers for name in reader.found.unused)),
    )
    _check_overlap(context, record)
    left = sum((reader.left_out for reader in readers), Counter())
    notes += [
        f"{rows_in_words(times)} de «{value}» no se toman: {why}" for (value, why), times in sorted(left.items())[:20]
    ]
    return Taken(record, faults, notes)


def _compare_totals(readers: list["_Reader"], refused: int) -> tuple[dict[str, int], list[str]]:
    """The totals that the file itself tells, of the rows that are ours. Raises SheetRefused where these do not add up to them."""
    told: dict[str, int] = {}
    notes: list[str] = []
    for reader in readers:
        for name, all_told in reader.told.items():
            total = all_told - reader.passed_over[name]
            told[name] = told.get(name, 0) + total
            counted = reader.counted[name]
            if counted == total:
                continue
            difference = f"el total del archivo dice {total} {_WORDS[name]} y sus filas suman {counted}"
            if not refused:
                raise SheetRefused(f"No cuadra: {difference}. Expórtelo completo, sin filtros ni límite de filas.")
            notes.append(f"No cuadra, porque hubo filas apartadas: {difference}.")
    return told, notes


_WORDS: dict[str, str] = {"impressions": "impresiones", "clicks": "clics", "interactions": "interacciones"}


def _check_overlap(context: Context, record: Import) -> None:
    """Refuse what would replace a part of a report that told a whole period at once. Raises SheetRefused."""
    if record.replaces != "days" or record.first_day is None or record.last_day is None:
        return
    for older in imports(context.home):
        if (
            (older.layout, older.channel) != (record.layout, record.channel)
            or not older.first_day
            or not older.last_day
        ):
            continue
        is_apart = older.last_day < record.first_day or record.last_day < older.first_day
        contains = record.first_day <= older.first_day and older.last_day <= record.last_day
        if is_apart or contains or older.first_day == older.last_day:
            continue
        days = pq.read_table(rows_path(context.home, older.import_id), columns=["metric_date"])["metric_date"].unique()
        if days.to_pylist() == [older.last_day]:
            raise SheetRefused(
                f"Cubre del {record.first_day} al {record.last_day}, y ya se tomó un informe de todo el período del "
                f"{older.first_day} al {older.last_day}, que no se puede partir. Exporte un período que lo incluya "
                "entero, o uno que no lo toque."
            )


@dataclass
class _Reader:
    """Reads one table of a file; what it met on the way is told afterwards."""

    name: str
    found: Found
    handed: Handed
    context: Context
    import_id: str
    first_number: int
    refused: int = 0
    faults: list[Fault] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    passed_over: Counter[str] = field(default_factory=Counter)
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        self.layout: Layout = layouts()[self.name]
        self.today = self.context.entity.today(self.context.as_of)
        self.zone = ZoneInfo(self.layout.zone) if self.layout.zone else None
        prefix = re.escape(self.context.entity.file.code_prefix)
        self.code = re.compile(rf"(?<![A-Za-z0-9]){prefix}-[0-9]{{4}}-[0-9]{{5,}}(?![0-9])", re.IGNORECASE)
        self.channels = _channels(self.layout, self.context.entity)

    def metrics(self) -> Iterator[Metric]:
        """The rows that are understood. Raises SheetRefused where the file as a whole is not."""
        sample = list(islice(self.found.rows(), SAMPLE))
        try:
            decimal = decimal_mark(_numbers_of(sample, self.found))
            order = day_order(_cells(sample, self.found.places.get("day")), self.layout.order)
        except ValueError as error:
            raise SheetRefused(f"En el archivo {error}.") from None
        period = None if "day" in self.found.places else _period(self.found, self.handed.name)
        if period and period[1] > self.today:
            raise SheetRefused(f"Llega hasta el {period[1]}, que aún no ha llegado. Expórtelo hasta ayer.")
        if self.found.table.sums:
            yield from self._added_up(decimal, order, period)
        else:
            yield from self._each(decimal, order, period)
        if period:
            self.first, self.last = period

    def _each(self, decimal: Decided, order: Order | None, period: Period | None) -> Iterator[Metric]:
        seen: set[int] = set()  # hashes: three million keys would fill the memory
        for row, key, title, counts in self._understood(decimal, order, period):
            mark = hash(key)
            if mark in seen:
                self._set_aside(row, "repite el día y la referencia de una fila anterior")
                continue
            seen.add(mark)
            yield self._metric(row.number, key, title, counts)

    def _added_up(self, decimal: Decided, order: Order | None, period: Period | None) -> Iterator[Metric]:
        sums: dict[_Key, tuple[int, list[int | None]]] = {}
        for row, key, _, counts in self._understood(decimal, order, period):
            number, before = sums.setdefault(key, (row.number, [None] * len(_COUNTS)))
            sums[key] = number, [_plus(one, other) for one, other in zip(before, counts, strict=True)]
            if len(sums) > MAX_SUMS:
                raise SheetRefused(f"Habla de más de {MAX_SUMS} páginas y días. Expórtelo por períodos más cortos.")
        for key, (number, counts) in sums.items():
            yield self._metric(number, key, None, counts)

    def _metric(self, number: int, key: _Key, title: str | None, counts: list[int | None]) -> Metric:
        day, channel, kind, reference = key
        self.first, self.last = min(self.first or day, day), max(self.last or day, day)
        for name, count in zip(_COUNTS, counts, strict=True):
            self.counted[name] += count or 0
        impressions, clicks, interactions = counts
        return Metric(
            import_id=self.import_id,
            row_number=self.first_number + number,
            imported_at=self.context.as_of.astimezone(UTC),
            layout=self.name,
            metric_date=day,
            channel=channel,
            scope=self.found.table.scope,
            reference_kind=kind,  # type: ignore[arg-type]
            reference=reference,
            title=title,
            impressions=impressions,
            clicks=clicks,
            interactions=interactions,
        )

    def _understood(
        self, decimal: Decided, order: Order | None, period: Period | None
    ) -> Iterator[tuple[Row, _Key, str | None, list[int | None]]]:
        for row in self.found.rows():
            try:
                counts = self._counts(row, decimal)
                if self._is_total(row):
                    self.told = {name: count for name, count in zip(_COUNTS, counts, strict=True) if count is not None}
                    continue
                channel = self._channel(row)
                if channel is None:
                    self.passed_over.update({name: count or 0 for name, count in zip(_COUNTS, counts, strict=True)})
                    continue
                if all(count is None for count in counts):
                    raise ValueError("no trae ninguna cifra")
                day = period[1] if period else self._day(row, order)
                kind, reference, title = self._reference(row)
            except ValueError as error:
                self._set_aside(row, str(error))
                continue
            yield row, (day, channel, kind, reference), title, counts

    def _set_aside(self, row: Row, reason: str) -> None:
        self.refused += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(self.found.sheet.name, row.number, reason))

    def _is_total(self, row: Row) -> bool:
        texts = [cell for cell in row.cells if isinstance(cell, str)]
        return any(cell[:1] in "tTsSgG" and plain(cell) in _TOTALS for cell in texts[:1] + texts[-1:])

    def _counts(self, row: Row, decimal: Decided) -> list[int | None]:
        counts: list[int | None] = []
        for name in _COUNTS:
            total: int | None = None
            for place in self.found.counts.get(name, ()):
                cell = _at(row, place)
                try:
                    total = _plus(total, whole(cell, decimal))
                except ValueError as error:
                    raise ValueError(f"{self._heading(place)}: {_shown(cell)}; {error}") from None
            counts.append(total)
        return counts

    def _day(self, row: Row, order: Order | None) -> date:
        place = self.found.places["day"]
        cell = _at(row, place)
        try:
            day = day_of(cell, order, self.zone, self.context.entity.zone)
        except ValueError as error:
            raise ValueError(f"{self._heading(place)}: {_shown(cell)}; {error}") from None
        if day > self.today:
            raise ValueError(f"{self._heading(place)}: {day} aún no ha llegado")
        return day

    def _channel(self, row: Row) -> str | None:
        """The channel of a row; None where the row is not ours to count, which is told."""
        if self.layout.channel:
            return self.layout.channel
        place = self.found.places["channel"]
        told = plain(_at(row, place))
        # «whatsapp / social»: a source may be told with its medium
        for name in (told, told.partition("/")[0].strip()):
            if name in self.channels:
                channel = self.channels[name]
                if channel is None:
                    self.left_out[name, "su propia plataforma dice sus clics"] += 1
                return channel
        if self.layout.channels:
            self.left_out["otras procedencias", "no son canales del boletín"] += 1
            return None
        raise ValueError(
            f"{self._heading(place)}: {_shown(_at(row, place))}; se esperaba uno de {', '.join(self.channels)}"
        )

    def _reference(self, row: Row) -> tuple[str | None, str | None, str | None]:
        """What a row speaks of: kind, reference and title."""
        cells = {
            role: str(cell) for role in self.found.places if (cell := _at(row, self.found.places[role])) is not None
        }
        if "item" in cells or "code" in cells:
            return _template_reference(cells)
        if "url" in cells:
            return "url", _address(cells["url"]), self._title(cells.get("text", ""), cells["url"])
        said = cells.get("content") or cells.get("page") or cells.get("text")
        if said is None:
            return None, None, None
        if code := self.code.search(said):
            return "code", code[0].upper(), None
        return ("url", _path(said), None) if "page" in cells else ("title", mask(said)[:MAX_TITLE], None)

    def _title(self, text: str, url: str) -> str | None:
        """What a post is about: the code it carries, else how its text begins. An answer to somebody is nobody's title."""
        if code := self.code.search(f"{url} {text}"):
            return code[0].upper()
        return None if text.startswith("@") else mask(" ".join(text.split()))[:MAX_TITLE] or None

    def _heading(self, place: int) -> str:
        return f"columna «{self.found.header.cells[place]}»"


# ---------------------------------------------------------------- cells


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None


def _cells(rows: Iterable[Row], place: int | None) -> Iterator[Cell]:
    return (_at(row, place) for row in rows) if place is not None else iter(())


def _numbers_of(rows: list[Row], found: Found) -> Iterator[Cell]:
    """The cells that show how a file writes numbers: what is counted, and every percentage."""
    counted = {place for places in found.counts.values() for place in places}
    for row in rows:
        for place, cell in enumerate(row.cells):
            if place in counted or (isinstance(cell, str) and cell.endswith("%")):
                yield cell


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def _shown(cell: Cell) -> str:
    """A cell in a report: short, without anybody's data."""
    return f"«{mask(str(cell))[:40]}»" if cell is not None else "está vacía"


def _channels(layout: Layout, entity: Entity) -> dict[str, str | None]:
    """What names a channel in a file: what the layout says, else our own words and their labels."""
    if layout.channels:
        return {plain(name): channel for name, channel in layout.channels.items()}
    terms = entity.vocabularies["channels"].terms
    return {**{plain(term.label): name for name, term in terms.items()}, **{name: name for name in terms}}


def _template_reference(cells: dict[Role, str] | dict[str, str]) -> tuple[str, str, None]:
    item, code = cells.get("item"), cells.get("code")
    if item and code:
        raise ValueError("trae anuncio y código; se esperaba uno de los dos")
    if code:
        if not re.fullmatch(r"[A-Za-z]{2,6}-[0-9]{4}-[0-9]{5,}", code):
            raise ValueError(f"código {_shown(code)}; se esperaba uno como PAL-2026-00012")
        return "code", code.upper(), None
    source, slash, key = (item or "").partition("/")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", source) or not slash or not key or not str(item).isprintable():
        raise ValueError(f"anuncio {_shown(item)}; se esperaba fuente/clave")
    return "item", str(item), None


def _address(cell: str) -> str:
    """The address of a post, without what a query may carry."""
    if not re.match(r"https?://[^\s/]+/", cell) or len(cell) > 500:
        raise ValueError(f"{_shown(cell)}; se esperaba la dirección de una publicación (https://…)")
    return canonical_url(cell.partition("?")[0].partition("#")[0])


def _path(page: str) -> str:
    """The path of a page, without what a query may carry."""
    return mask(page.partition("?")[0].partition("#")[0])[:500]


def _period(found: Found, file_name: str) -> Period:
    """The days that a report without a column of days covers, as it or its name says. Raises SheetRefused."""
    told = [day for line in found.preamble for _, day in _PERIOD.findall(plain(line))]
    days: list[date] = []
    for text in told[-2:] or ["".join(one) for one in _NAMED_DAY.findall(file_name)]:
        try:
            days.append(date.fromisoformat(text))
        except ValueError:
            continue
    if not days or len(days) > 2 or days[0] > days[-1]:
        raise SheetRefused(
            "No dice de qué días es. Pida el informe con la dimensión «Fecha», o ponga el período en el nombre del archivo, "
            "como informe_2026-11-01_2026-11-30.csv."
        )
    return days[0], days[-1]


def _looks(sheets: list[Sheet], _: Entity) -> list[Look]:
    return look(sheets)


TAKER = Taker("metrics", _looks, take)
