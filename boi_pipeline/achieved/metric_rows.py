"""The rows of one table of an export as metrics: how it writes numbers and days is decided once, then row after row is read.

A row that is not understood is set aside with its reason. Whether the file as a whole is taken belongs to ``metric_files``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date
from functools import lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from boi_pipeline.achieved.days import Order, day_of, day_order
from boi_pipeline.achieved.headers import plain
from boi_pipeline.achieved.layouts import CountName, Found, Layout, Role, layouts
from boi_pipeline.achieved.numbers import Decided, decimal_mark, whole
from boi_pipeline.achieved.references import REFERRING, Reference, References, shown
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import Cell, Row
from boi_pipeline.achieved.taking import MAX_FAULTS, Context, Fault
from boi_pipeline.entity import Entity

SAMPLE = 5_000  # rows that show how a file writes numbers and days
MAX_SUMS = 500_000  # things that a file adds up by: they wait in memory
_TOTALS = frozenset({"total", "totals", "totales", "grand total", "total general", "suma total"})
_TOTAL_LETTERS = frozenset("tTsSgG")
_COUNTS: tuple[CountName, ...] = ("impressions", "clicks", "interactions")
_PERIOD = re.compile(
    r"(start date|fecha de inicio|end date|fecha de finalizacion|fecha de fin)\D{0,5}([0-9]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2})"
)
_NAMED_DAY = re.compile(r"(?<![0-9])(20[0-9]{2})-?([0-9]{2})-?([0-9]{2})(?![0-9])")
Period = tuple[date, date]
_Key = tuple[date, str, str | None, str | None]  # day, channel, kind and reference
_Understood = tuple[int, _Key, str | None, list[int | None]]  # number of the row, what it speaks of, title, counts
MetricTuple = tuple[Any, ...]
"""The fields of a ``Metric``, in their order."""


@dataclass
class TableReader:
    """Reads one table of a file; what it met on the way is told afterwards."""

    name: str
    found: Found
    file_name: str
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
        self.references = References(self.context.entity.file.code_prefix)
        self.channels = _channels(self.layout, self.context.entity)

    def metrics(self) -> Iterator[MetricTuple]:
        """The rows that are understood, each the fields of a ``Metric``. Raises SheetRefused where the file as a whole is not."""
        sample = list(islice(self.found.rows(), SAMPLE))
        try:
            decimal = decimal_mark(_numbers_of(sample, self.found))
            order = day_order(_cells(sample, self.found.places.get("day")), self.layout.order)
        except ValueError as error:
            raise SheetRefused(f"En el archivo {error}.") from None
        period = None if "day" in self.found.places else _period(self.found, self.file_name)
        if period and period[1] > self.today:
            raise SheetRefused(f"Llega hasta el {period[1]}, que aún no ha llegado. Expórtelo hasta ayer.")
        yield from self._told((self._added_up if self.found.table.sums else self._each)(decimal, order, period))
        if period:
            self.first, self.last = period

    def _told(self, rows: Iterable[_Understood]) -> Iterator[MetricTuple]:
        """The rows as they are kept; what they add up to, and their days, are noted."""
        import_id, imported_at, scope = self.import_id, self.context.as_of.astimezone(UTC), self.found.table.scope
        before, name = self.first_number, self.name
        first, last, totals = date.max, date.min, [0] * len(_COUNTS)
        for number, (day, channel, kind, reference), title, counts in rows:
            if day < first:
                first = day
            if day > last:
                last = day
            for place, count in enumerate(counts):
                if count:
                    totals[place] += count
            yield (
                *(import_id, before + number, imported_at, name),
                *(day, channel, scope, kind, reference, title),
                *counts,
            )
        self.counted.update(dict(zip(_COUNTS, totals, strict=True)))
        if first <= last:
            self.first, self.last = first, last

    def _each(self, decimal: Decided, order: Order | None, period: Period | None) -> Iterator[_Understood]:
        seen: set[int] = set()  # hashes: three million keys would fill the memory
        for row in self._understood(decimal, order, period):
            number, key, _, _ = row
            mark = hash(key)
            if mark in seen:
                self._set_aside(number, "repite el día y la referencia de una fila anterior")
                continue
            seen.add(mark)
            yield row

    def _added_up(self, decimal: Decided, order: Order | None, period: Period | None) -> Iterator[_Understood]:
        sums: dict[_Key, tuple[int, list[int | None]]] = {}
        for number, key, _, counts in self._understood(decimal, order, period):
            first, before = sums.setdefault(key, (number, [None] * len(_COUNTS)))
            sums[key] = first, [_plus(one, other) for one, other in zip(before, counts, strict=True)]
            if len(sums) > MAX_SUMS:
                raise SheetRefused(f"Habla de más de {MAX_SUMS} páginas y días. Expórtelo por períodos más cortos.")
        for key, (number, counts) in sums.items():
            yield number, key, None, counts

    def _understood(self, decimal: Decided, order: Order | None, period: Period | None) -> Iterator[_Understood]:
        counted = [self.found.counts.get(name, []) for name in _COUNTS]
        referring: dict[Role, int] = {role: place for role, place in self.found.places.items() if role in REFERRING}

        @lru_cache(maxsize=1 << 14)  # a file of days names the same calls over and over
        def reference_of(said: tuple[str | None, ...]) -> Reference:
            return self.references.of({role: one for role, one in zip(referring, said, strict=True) if one is not None})

        for row in self.found.rows():
            number, cells = row
            try:
                counts = self._counts(cells, counted, decimal)
                if _is_total(cells):
                    self.told = {name: count for name, count in zip(_COUNTS, counts, strict=True) if count is not None}
                    continue
                channel = self.layout.channel or self._channel(cells)
                if channel is None:
                    self.passed_over.update({name: count or 0 for name, count in zip(_COUNTS, counts, strict=True)})
                    continue
                if all(count is None for count in counts):
                    raise ValueError("no trae ninguna cifra")
                day = period[1] if period else self._day(cells, order)
                said = [_at(cells, place) for place in referring.values()]
                kind, reference, title = reference_of(tuple([None if one is None else str(one) for one in said]))
            except ValueError as error:
                self._set_aside(number, str(error))
                continue
            yield number, (day, channel, kind, reference), title, counts

    def _set_aside(self, number: int, reason: str) -> None:
        self.refused += 1
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(self.found.sheet.name, number, reason))

    def _counts(self, cells: list[Cell], counted: list[list[int]], decimal: Decided) -> list[int | None]:
        counts: list[int | None] = []
        for places in counted:
            total: int | None = None
            for place in places:
                cell = _at(cells, place)
                try:
                    total = _plus(total, whole(cell, decimal))
                except ValueError as error:
                    raise ValueError(f"{self._heading(place)}: {shown(cell)}; {error}") from None
            counts.append(total)
        return counts

    def _day(self, cells: list[Cell], order: Order | None) -> date:
        place = self.found.places["day"]
        cell = _at(cells, place)
        try:
            day = day_of(cell, order, self.zone, self.context.entity.zone)
        except ValueError as error:
            raise ValueError(f"{self._heading(place)}: {shown(cell)}; {error}") from None
        if day > self.today:
            raise ValueError(f"{self._heading(place)}: {day} aún no ha llegado")
        return day

    def _channel(self, cells: list[Cell]) -> str | None:
        """The channel of a row; None where the row is not ours to count, which is told."""
        place = self.found.places["channel"]
        cell = _at(cells, place)
        told = plain(cell)
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
        raise ValueError(f"{self._heading(place)}: {shown(cell)}; se esperaba uno de {', '.join(self.channels)}")

    def _heading(self, place: int) -> str:
        return f"columna «{self.found.header.cells[place]}»"


# ---------------------------------------------------------------- cells


def _at(cells: list[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else None


def _is_total(cells: list[Cell]) -> bool:
    """Whether the first or the last text of a row says that it is the sum of the others."""
    for ordered in (cells, reversed(cells)):
        for cell in ordered:
            if isinstance(cell, str):
                if cell[:1] in _TOTAL_LETTERS and plain(cell) in _TOTALS:
                    return True
                break
    return False


def _cells(rows: Iterable[Row], place: int | None) -> Iterator[Cell]:
    return (_at(row.cells, place) for row in rows) if place is not None else iter(())


def _numbers_of(rows: list[Row], found: Found) -> Iterator[Cell]:
    """The cells that show how a file writes numbers: what is counted, and every percentage."""
    counted = {place for places in found.counts.values() for place in places}
    for row in rows:
        for place, cell in enumerate(row.cells):
            if place in counted or (isinstance(cell, str) and cell.endswith("%")):
                yield cell


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def _channels(layout: Layout, entity: Entity) -> dict[str, str | None]:
    """What names a channel in a file: what the layout says, else our own words and their labels."""
    if layout.channels:
        return {plain(name): channel for name, channel in layout.channels.items()}
    terms = entity.vocabularies["channels"].terms
    return {**{plain(term.label): name for name, term in terms.items()}, **{name: name for name in terms}}


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
