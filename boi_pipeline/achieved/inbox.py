"""The inbox: what people drop into ``inbox/`` of the home is taken in, file by file, and put where it belongs.

A file that was understood goes to ``inbox/done/<day>/``, one that was not to ``inbox/refused/``, each with a report beside it
in Spanish. A file that is still arriving is left for the next time. One killed half-way leaves a file that is either
untouched, or taken in and recognised by its bytes. Folders in the inbox belong to sources and are left alone.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from boi_pipeline.achieved import forms, metric_files, outcome_files
from boi_pipeline.achieved.refusals import SheetRefused
from boi_pipeline.achieved.sheets import open_sheets
from boi_pipeline.achieved.store import imports, keep, rows_path
from boi_pipeline.achieved.taking import Context, Fault, Handed, Look, Taken, Taker, rows_in_words
from boi_pipeline.personal_data import mask
from boi_pipeline.records import Import
from scrapers.files import fault_point, file_sha256, fsync_folder, write_text

TAKERS: tuple[Taker, ...] = (metric_files.TAKER, outcome_files.TAKER, forms.TAKER)
"""Who takes files in."""

SETTLED_AFTER = 10  # seconds without a change: until then somebody may still be copying
MAX_FILES = 500  # at a time
_ARRIVING = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".opdownload")
_REPORT = ".informe.txt"
_KINDS = {"metrics": "medidas", "outcomes": "resultados", "archive": "archivo"}
Outcome = Literal["taken", "known", "refused", "waiting"]


@dataclass(frozen=True)
class Dropped:
    """A file in the inbox. ``reason``: why it is not taken in yet; empty where it is ready."""

    name: str
    size: int
    reason: str = ""


@dataclass(frozen=True)
class Result:
    """What became of a file. ``detail`` and ``notes`` are for people, in Spanish; ``moved_to`` is within the inbox."""

    name: str
    outcome: Outcome
    detail: str
    record: Import | None = None
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    moved_to: str | None = None


def dropped(folder: Path, now: datetime) -> list[Dropped]:
    """The files of an inbox, by name; those that may still be arriving at ``now``, by the clock, say so."""
    if not folder.is_dir():
        return []
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith((".", "~")) and entry.is_file(follow_symlinks=False):
                told = entry.stat(follow_symlinks=False)
                found.append(Dropped(entry.name, told.st_size, _why_not(entry.name, told, now)))
    return sorted(found, key=lambda one: one.name)[:MAX_FILES]


def _why_not(name: str, told: os.stat_result, now: datetime) -> str:
    if name.lower().endswith(_ARRIVING):
        return "todavía se está descargando"
    # the time of change is the machine's own: a copy may keep the time its content was written at
    if now.timestamp() - told.st_ctime < SETTLED_AFTER:
        return f"cambió hace menos de {SETTLED_AFTER} segundos: puede que todavía se esté copiando"
    return ""


def take_in(context: Context, now: datetime, only: list[str] | None = None) -> Iterator[Result]:
    """Take in the files that are ready, or those named, and give what became of each as it comes.

    Whoever calls holds the home's lock.
    """
    folder = context.home.inbox
    _clear_unkept(context)
    for file in dropped(folder, now):
        if only is not None and file.name not in only:
            continue
        if file.reason and only is None:
            yield Result(_shown(file.name), "waiting", file.reason)
            continue
        yield _take_one(context, folder / file.name)


def _take_one(context: Context, path: Path) -> Result:
    keeps = True
    try:
        before = _state(path)
        handed = Handed(path, file_sha256(path), _shown(path.name))
        if known := next((one for one in imports(context.home) if one.file_sha256 == handed.sha256), None):
            return _known(context, handed, known)
        nearest = _nearest(path, context)
        keeps = not nearest or nearest[0].taker.keeps_file
        if not nearest or nearest[0].look.missing:
            raise SheetRefused(_unknown(nearest))
        taken = nearest[0].taker.take(handed, context)
        if _state(path) != before:
            rows_path(context.home, taken.record.import_id).unlink(missing_ok=True)
            return Result(handed.name, "waiting", "cambió mientras se leía: se toma la próxima vez")
        keep(context.home, taken.record)
        return _done(context, handed, taken)
    except FileNotFoundError:
        return Result(_shown(path.name), "waiting", "ya no está en el buzón")
    except SheetRefused as error:
        return _refused(context, path, str(error), keeps=keeps)


@dataclass(frozen=True)
class _Near:
    taker: Taker
    look: Look


def _nearest(path: Path, context: Context) -> list[_Near]:
    """What a file comes near to, the nearest first: with nothing missing, it is one. Raises SheetRefused."""
    with open_sheets(path) as sheets:
        if not any(True for sheet in sheets for _ in sheet.rows()):
            raise SheetRefused("No tiene ninguna fila. Vuelva a descargarlo y compruebe que se abre.")
        near = [_Near(taker, look) for taker in TAKERS for look in taker.look(sheets, context.entity) if look.found]
    return sorted(near, key=lambda one: (bool(one.look.missing), -one.look.found, len(one.look.missing)))


def _unknown(nearest: list[_Near]) -> str:
    told = "; ".join(
        f"«{one.look.label}», le falta {', '.join(f'«{name}»' for name in one.look.missing)}" for one in nearest[:2]
    )
    return (
        "No se reconoce: su encabezado no es el de ninguna exportación conocida. "
        + (f"Lo más parecido: {told}. " if told else "")
        + "Deje la exportación tal como la da la plataforma, o use la plantilla simple."
    )


def _state(path: Path) -> tuple[int, int, int]:
    told = path.stat(follow_symlinks=False)
    if not stat.S_ISREG(told.st_mode):
        raise SheetRefused("No es un archivo.")
    return told.st_ino, told.st_size, told.st_mtime_ns


def _clear_unkept(context: Context) -> None:
    """Remove the rows of imports that never came to count: a killed run left them."""
    folder = context.home.imports
    for rows in folder.glob("*.parquet"):
        if not any(folder.glob(f"{rows.stem}.json*")):
            rows.unlink()


# ---------------------------------------------------------------- where a file goes


def _done(context: Context, handed: Handed, taken: Taken) -> Result:
    record = taken.record
    detail = f"{rows_in_words(record.row_count)} de {_KINDS[record.kind]}, del {record.first_day} al {record.last_day}"
    result = Result(handed.name, "taken", detail, record, taken.faults, taken.notes)
    return _put(context, handed.path, _done_folder(context), result, keeps=taken.keeps_file)


def _known(context: Context, handed: Handed, known: Import) -> Result:
    detail = f"ya se había tomado el {context.entity.today(known.imported_at)}, como {known.file_name}; no se repite"
    result = Result(handed.name, "known", detail, known)
    return _put(context, handed.path, _done_folder(context), result, keeps=known.kind == "metrics")


def _refused(context: Context, path: Path, reason: str, *, keeps: bool) -> Result:
    result = Result(_shown(path.name), "refused", reason)
    return _put(context, path, context.home.inbox / "refused", result, keeps=keeps)


def _done_folder(context: Context) -> Path:
    return context.home.inbox / "done" / context.entity.today(context.as_of).isoformat()


def _put(context: Context, path: Path, folder: Path, result: Result, *, keeps: bool) -> Result:
    """Write the report, then move the file beside it, or remove it where it may name people."""
    folder.mkdir(parents=True, exist_ok=True)
    target = free_place(folder, path.name if keeps else _shown(path.name).replace("/", "_"))  # a name may name people
    told = target.with_name(target.name + _REPORT)
    if result.outcome != "known" or not told.exists():  # one killed before it moved the file has told all of it
        write_text(told, report(result, keeps=keeps), "inbox-report")
    if keeps:
        os.rename(path, target)
        fsync_folder(folder)
    else:
        path.unlink()
    fsync_folder(path.parent)
    fault_point("inbox:moved")
    return Result(**{**vars(result), "moved_to": str(target.relative_to(context.home.inbox)) if keeps else None})


def free_place(folder: Path, name: str) -> Path:
    """A place in a folder: a file that came before by the same name stays."""
    place, number = folder / name, 1
    while place.exists():
        number += 1
        place = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
    return place


def _shown(name: str) -> str:
    """A file's name as it is written down: names may be any bytes, and name anybody."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    return mask("".join(letter if letter.isprintable() else "?" for letter in text))[:120]


# ---------------------------------------------------------------- the report

_OUTCOMES: dict[Outcome, str] = {
    "taken": "Se tomó",
    "known": "No hizo falta tomarlo",
    "refused": "No se tomó",
    "waiting": "Se espera",
}


def report(result: Result, *, keeps: bool = True) -> str:
    """What became of a file, for whoever dropped it."""
    lines = [result.name, f"{_OUTCOMES[result.outcome]}: {result.detail}"]
    if not keeps:
        lines.append("El archivo no se guarda, porque puede traer datos de personas.")
    if result.outcome == "refused":
        lines.append("No quedó nada a medias. Corrija el archivo y vuelva a dejarlo en el buzón.")
    record = result.record
    if record and result.outcome == "taken":
        lines += [f"Formato: {record.layout}", *(f"Nota: {note}" for note in result.notes)]
        if record.unknown_columns:
            lines.append(
                f"Columnas que no se conocen ni se usan: {', '.join(record.unknown_columns)}. Si alguna trae una cuenta "
                "que falta, dígalo a quien mantiene el sistema."
            )
        if record.refused_count:
            lines.append(f"Filas apartadas: {record.refused_count}")
        lines += [_fault(fault) for fault in result.faults]
        if record.refused_count > len(result.faults):
            lines.append(f"  … y {record.refused_count - len(result.faults)} más")
    return "\n".join(lines) + "\n"


def _fault(fault: Fault) -> str:
    where = f"hoja «{fault.sheet}», fila {fault.number}" if fault.sheet else f"fila {fault.number}"
    return f"  {where}: {fault.reason}"
