"""``boi archive``: bulletins of past years, imported from spreadsheets and PDFs, shown, confirmed, undone.

Thin over ``boi_pipeline.archives`` and ``boi_pipeline.achieved.archive``. What becomes of each row is told in Spanish: the
team reads it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from boi_pipeline.cli.shared import DateOption, EntityOption, JsonOption, open_run, print_json

if TYPE_CHECKING:
    from boi_pipeline.archives import Look

archive_app = typer.Typer(help="Bulletins of past years: import, show, confirm, undo.")

BatchArgument = Annotated[str, typer.Argument(metavar="BATCH", help="Id of a batch, or its beginning.")]


@archive_app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, XLSX, XLS or PDF.")],
    mapping: Annotated[
        Path, typer.Option("--mapping", metavar="MAP.yaml", help="Mapping file: which column is which.")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be imported, row by row.")] = False,
    report: Annotated[Path | None, typer.Option("--report", help="Write the result for each row to this CSV.")] = None,
    entity: EntityOption = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import a file of past years as closed calls. Repeating it changes nothing; a longer file adds its new rows."""
    from boi_pipeline.archives import look, take, write_report

    run = open_run(entity, date)
    if not dry_run:
        run.hold("boi archive import")
    looked = look(run, file, mapping)
    if report:
        write_report(report, looked)
    batch = None if dry_run else take(run, looked)
    batch_id = batch.batch_id if batch else None
    if as_json:
        print_json({"batch": batch_id, **looked.as_json()})
        return
    _show(looked, each=dry_run)
    if batch:
        typer.echo(f"Batch {batch.batch_id}; the tables have it after the next `boi run`.")
        if not batch.is_confirmed:
            typer.echo(
                f"A machine read it: look at its rows with `boi archive show {batch.batch_id}` and confirm them."
            )
    else:
        typer.echo("Nothing was written." if dry_run else "Nothing new in this file.")


@archive_app.command("list")
def list_batches(entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """List the batches that count, oldest first."""
    from boi_pipeline.achieved.archive.batches import batches, kept
    from boi_pipeline.publishing.text import one_line

    run = open_run(entity, None)
    found = [kept(run.home, one) for one in batches(run.home)]
    if as_json:
        print_json([one.batch.model_dump(mode="json") | {"waiting_count": len(one.waiting)} for one in found])
        return
    if not found:
        typer.echo("No batch yet: `boi archive import FILE --mapping MAP.yaml` takes the first in.")
    for one in found:
        waiting = f", {len(one.waiting)} waiting to be confirmed" if one.waiting else ""
        typer.echo(
            f"{one.batch.batch_id}  {one.batch.taken_at:%Y-%m-%d}  {one.batch.source.id}  "
            f"{one.batch.row_count} rows{waiting}  {one_line(one.batch.file_name)}"
        )


@archive_app.command("show")
def show_batch(batch: BatchArgument, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """Show the rows of a batch, and which of them await a person."""
    from boi_pipeline.achieved.archive.batches import find
    from boi_pipeline.cli.terminal import print_json_rows, print_rows

    own = find(open_run(entity, None).home, batch)
    waiting = {row.row_number for row in own.waiting}
    rows = [
        {
            "row": row.row_number,
            "waits": row.row_number in waiting,
            "edition_date": row.edition_date,
            "channel": row.channel,
            "close_date": row.close_date,
            "title": row.title,
            "url": row.url,
        }
        for row in own.rows
    ]
    columns = list(rows[0]) if rows else []
    (print_json_rows if as_json else print_rows)(columns, iter([list(row.values()) for row in rows]))


@archive_app.command("confirm")
def confirm_rows(
    batch: BatchArgument,
    rows: Annotated[list[int] | None, typer.Argument(metavar="[ROW]...", help="Row numbers; default: all.")] = None,
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Confirm rows that a machine read from a PDF: from then on they count."""
    from boi_pipeline.achieved.archive.batches import confirm

    run = open_run(entity, None)
    run.hold("boi archive confirm")
    done = [row.row_number for row in confirm(run.home, batch, rows or [])]
    if as_json:
        print_json({"confirmed": done})
    else:
        typer.echo(f"{len(done)} rows confirmed; the tables have them after the next `boi run`.")


@archive_app.command("undo")
def undo_batch(batch: BatchArgument, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """Remove a whole batch: it leaves the tables with the next run. Its codes stay reserved for the same calls."""
    from boi_pipeline.achieved.archive.batches import undo

    run = open_run(entity, None)
    run.hold("boi archive undo")
    own = undo(run.home, batch)
    if as_json:
        print_json({"batch": own.batch.batch_id, "row_count": own.batch.row_count})
    else:
        typer.echo(f"Batch {own.batch.batch_id} of {own.batch.row_count} rows was taken back.")


def _show(looked: "Look", *, each: bool) -> None:
    """What becomes of the rows; every one of them, or only how many."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from boi_pipeline.archives import OUTCOMES
    from boi_pipeline.publishing.text import one_line

    console = Console(highlight=False)
    table = Table("Fila", "Resultado", "Código", "Título", "Detalle")
    for one in looked.verdicts if each else [one for one in looked.verdicts if one.told]:
        cells = (one.code or "", one_line(one.title), one_line(one.told))
        table.add_row(str(one.row_number), OUTCOMES[one.outcome], *map(escape, cells))
    if table.row_count:
        console.print(table)
    for outcome, count in looked.counts.items():
        typer.echo(f"{count:>6}  {OUTCOMES[outcome]}")
    if looked.unused:
        typer.echo(f"Columnas que el mapa no usa: {one_line(', '.join(looked.unused))}")
