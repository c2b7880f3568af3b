"""``boi outcomes``: importing what bodies and citizens report, the empty template, and the list of imports."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from boi_pipeline.cli.shared import DateOption, EntityOption, JsonOption, UsageError, open_run, print_json

if TYPE_CHECKING:
    from boi_pipeline.achieved.taking import Fault, Handed
    from boi_pipeline.records import Import
    from boi_pipeline.stages.run import Run

outcomes_app = typer.Typer(help="What people obtained: counts only, never who.", no_args_is_help=True)


@outcomes_app.command("import")
def import_outcomes(
    file: Annotated[Path, typer.Argument(help="The filled-in template, or the export of a form: CSV, XLSX or XLS.")],
    kind: Annotated[str | None, typer.Option(help="template or form; default: by its header.")] = None,
    form: Annotated[
        str | None, typer.Option("--form", help="A short name for this form, if another one asks the same questions.")
    ] = None,
    shorter: Annotated[
        bool, typer.Option("--shorter", help="Accept an export with fewer answers than the previous one.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be imported; write nothing.")] = False,
    entity: EntityOption = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a file of outcomes; rows that are not understood are rejected and listed."""
    from boi_pipeline.achieved.taking import Handed
    from scrapers.files import file_sha256

    if kind not in (None, "template", "form"):
        raise UsageError(f"--kind {kind}: expected template or form")
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    run = open_run(entity, date)
    handed = Handed(file, file_sha256(file), file.name)
    known = _known(run, handed)
    if not known and not dry_run:
        run.hold("boi outcomes import")
        known = _known(run, handed)  # another may have taken the same file in meanwhile
    if known:
        told: dict[str, Any] = {"taken": False, "already": known.import_id}
        words = f"{file.name}: ya se había tomado el {run.entity.today(known.imported_at)}, como {known.import_id}; no se repite"
    else:
        is_form = _is_form(run, file) if kind is None else kind == "form"
        if form and not is_form:
            raise UsageError("--form: expected the export of a form; this is the template")
        outcome = (_try if dry_run else _take)(run, handed, is_form, form, shorter)
        told = {"taken": not dry_run, "kind": "form" if is_form else "template", **outcome}
        told["faults"] = [{"sheet": one.sheet, "row": one.number, "reason": one.reason} for one in outcome["faults"]]
        words = _words(file.name, outcome, dry_run)
    if as_json:
        print_json(told)
    else:
        typer.echo(words)


def _known(run: "Run", handed: "Handed") -> "Import | None":
    """The import that took in the same bytes."""
    from boi_pipeline.achieved.store import imports

    return next((one for one in imports(run.home) if one.file_sha256 == handed.sha256), None)


def _is_form(run: "Run", file: Path) -> bool:
    """Whether a file is the export of a form, and not the template."""
    from boi_pipeline.achieved import outcome_files
    from boi_pipeline.achieved.sheets import open_sheets

    with open_sheets(file) as sheets:
        return any(one.missing for one in outcome_files.look(sheets, run.entity))


def _take(run: "Run", handed: "Handed", is_form: bool, form: str | None, shorter: bool) -> dict[str, Any]:
    from boi_pipeline.achieved import forms, outcome_files, store
    from boi_pipeline.achieved.taking import Context

    context = Context(run.entity, run.home, run.as_of)
    if is_form:
        taken = forms.take(handed, context, name=form, may_be_shorter=shorter)
    else:
        taken = outcome_files.take(handed, context)
    store.keep(run.home, taken.record)
    record = taken.record
    told = _told(record.row_count, record.refused_count, taken.faults, taken.notes, record.unknown_columns)
    return told | {"import_id": record.import_id, "layout": record.layout}


def _try(run: "Run", handed: "Handed", is_form: bool, form: str | None, shorter: bool) -> dict[str, Any]:
    from boi_pipeline.achieved import forms, outcome_files

    today = run.entity.today(run.as_of)
    if not is_form:
        found = outcome_files.understand(handed, run.entity, today)
        told = _told(len(found.rows), found.refused_count, found.faults, [], found.table.beyond)
        return told | {"layout": outcome_files.LAYOUT}
    counted = forms.count(handed, run.entity, today)
    layout = forms.layout_of(counted, form)
    before = forms.before(run.home, layout, counted, may_be_shorter=shorter)
    notes = forms.notes(counted, layout, before)
    return _told(len(counted.by_code), counted.refused_count, counted.faults, notes) | {"layout": layout}


def _told(
    rows: int, refused: int, faults: "list[Fault]", notes: list[str], unread: Sequence[str] = ()
) -> dict[str, Any]:
    return {"rows": rows, "refused": refused, "faults": faults, "notes": notes, "columns_not_read": list(unread)}


def _words(name: str, outcome: dict[str, Any], dry_run: bool) -> str:
    done = "se tomarían" if dry_run else "se tomaron"
    lines = [f"{name}: filas que {done}: {outcome['rows']}; apartadas: {outcome['refused']} ({outcome['layout']})"]
    lines += [
        f"  {f'{one.sheet}, ' if one.sheet else ''}fila {one.number}: {one.reason}" for one in outcome["faults"][:20]
    ]
    if outcome["refused"] > 20:
        lines.append(f"  … y {outcome['refused'] - 20} más; --json dice las primeras 200")
    lines += [f"  {note}" for note in outcome["notes"]]
    if outcome["columns_not_read"]:
        lines.append(f"  columnas que no son de la plantilla y no se leyeron: {', '.join(outcome['columns_not_read'])}")
    if not dry_run:
        lines.append(
            "Borre el archivo de donde está: puede nombrar personas. `boi run --only inbox` lo lleva a las tablas"
        )
    return "\n".join(lines)


@outcomes_app.command("template")
def write_empty_template(
    file: Annotated[Path, typer.Argument(help="A new file, .xlsx (with instructions) or .csv.")],
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write the empty template that a public body fills in."""
    from boi_pipeline.achieved.outcome_template import write_template

    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise UsageError(f"{file}: expected a name that ends in .xlsx or .csv")
    if file.exists():
        raise UsageError(f"{file}: already there; choose a new name, nothing is overwritten")
    write_template(file, open_run(entity, None).entity)
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size})
    else:
        typer.echo(f"{file}: plantilla vacía, {file.stat().st_size} bytes")


@outcomes_app.command("list")
def list_imports(entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """List the imported outcome files, oldest first."""
    from boi_pipeline.achieved.store import imports
    from boi_pipeline.cli.terminal import print_table

    found = [one for one in imports(open_run(entity, None).home) if one.kind == "outcomes"]
    if as_json:
        print_json([one.model_dump(mode="json") for one in found])
        return
    if not found:
        typer.echo("Todavía no se ha tomado ningún archivo de resultados: `boi outcomes import ARCHIVO`")
        return
    rows = [
        [one.import_id, one.imported_at, one.layout, one.file_name, one.last_day, one.row_count, one.refused_count]
        for one in found
    ]
    print_table(["importación", "tomado (UTC)", "formato", "archivo", "último día", "filas", "apartadas"], rows)
