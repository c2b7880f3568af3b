"""The files that channels export, taken in as metrics: one file is one import, whole or not at all.

A file with more bad rows than good, whose own total differs, or which would tear an older report, is refused. How its rows
are read belongs to ``metric_rows``; which opportunity a row means is decided where the tables are built.
"""

from collections import Counter
from itertools import chain

import pyarrow.parquet as pq

from boi_pipeline.achieved.headers import plain
from boi_pipeline.achieved.layouts import layouts, look, recognise
from boi_pipeline.achieved.metric_rows import TableReader
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import MAX_ROWS, Sheet, open_sheets
from boi_pipeline.achieved.store import imports, new_import_id, rows_path, write_tuples
from boi_pipeline.achieved.taking import MAX_FAULTS, Context, Handed, Look, Taken, Taker, rows_in_words
from boi_pipeline.entity import Entity
from boi_pipeline.personal_data import mask
from boi_pipeline.records import Import, Metric


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
            TableReader(name, found, handed.name, context, import_id, first_number=place * MAX_ROWS)
            for place, found in enumerate(tables)
        ]
        try:
            count = write_tuples(context.home, import_id, chain.from_iterable(one.metrics() for one in readers), Metric)
            return _taken(handed, context, import_id, name, readers, count)
        except BaseException:  # also one that ends the process: rows without their record are nobody's
            rows_path(context.home, import_id).unlink(missing_ok=True)
            raise


def _taken(
    handed: Handed, context: Context, import_id: str, name: str, readers: list[TableReader], count: int
) -> Taken:
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
    own = {plain(heading) for heading in layout.others}
    unused = [name for reader in readers for name in reader.found.unused]
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
        unknown_columns=list(dict.fromkeys(mask(name) for name in unused if plain(name) not in own)),
    )
    _check_overlap(context, record)
    left = sum((reader.left_out for reader in readers), Counter())
    notes += [
        f"{rows_in_words(times)} de «{value}» no se toman: {why}" for (value, why), times in sorted(left.items())[:20]
    ]
    return Taken(record, faults, notes)


def _compare_totals(readers: list[TableReader], refused: int) -> tuple[dict[str, int], list[str]]:
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


def _looks(sheets: list[Sheet], _: Entity) -> list[Look]:
    return look(sheets)


TAKER = Taker("metrics", _looks, take)
