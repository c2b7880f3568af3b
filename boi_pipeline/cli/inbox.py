"""``boi inbox``: the files waiting in the inbox, and importing them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from boi_pipeline.cli.shared import DateOption, EntityOption, JsonOption, UsageError, open_run, print_json

inbox_app = typer.Typer(help="The files in the inbox: channel exports and outcome templates.")


@inbox_app.callback(invoke_without_command=True)
def list_inbox(context: typer.Context, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """What waits in the inbox, and what was taken in last."""
    if context.invoked_subcommand:
        return
    from datetime import UTC, datetime

    from boi_pipeline.achieved.store import imports
    from boi_pipeline.cli.terminal import print_table
    from boi_pipeline.stages.inboxing import waiting

    run = open_run(entity, None)
    files = waiting(run, datetime.now(UTC))
    taken = imports(run.home)[-10:]
    if as_json:
        print_json(
            {
                "folder": str(run.home.inbox),
                "waiting": [vars(one) for one in files],
                "imports": [one.model_dump(mode="json") for one in taken],
            }
        )
        return
    if files:
        print_table(["archivo", "bytes", "estado"], [[one.name, one.size, one.reason or "listo"] for one in files])
    else:
        typer.echo(f"{run.home.inbox}: no espera ningún archivo")
    if taken:
        typer.echo("\nLo último que se tomó")
        rows = [
            [one.file_name, one.layout, one.first_day, one.last_day, one.row_count, one.refused_count] for one in taken
        ]
        print_table(["archivo", "formato", "desde", "hasta", "filas", "apartadas"], rows)


@inbox_app.command("take")
def take_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files to copy into the inbox and import; default: all that are ready."),
    ] = None,
    entity: EntityOption = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import files. Exits with 1 if one is refused; the others are imported all the same."""
    from datetime import UTC, datetime

    from boi_pipeline.achieved.inbox import report
    from boi_pipeline.stages.inboxing import bring, take

    run = open_run(entity, date)
    for file in files or []:
        if not file.is_file():
            raise UsageError(f"{file}: no such file; expected an export of a channel, or a template")
    run.hold("inbox")
    names = [bring(run, file) for file in files] if files else None
    results = list(take(run, datetime.now(UTC), names))
    if as_json:
        print_json([_told(result) for result in results])
    else:
        for result in results:
            typer.echo(report(result))
        taken = sum(result.outcome == "taken" for result in results)
        refused = sum(result.outcome == "refused" for result in results)
        shown = "; `boi run --only inbox` los lleva a las tablas" if taken else ""
        typer.echo(f"Tomados: {taken}. No tomados: {refused}{shown}")
    raise typer.Exit(1 if any(result.outcome == "refused" for result in results) else 0)


def _told(result: Any) -> dict[str, Any]:
    """A result as JSON: its import as it is kept."""
    told = {**vars(result), "faults": [vars(fault) for fault in result.faults]}
    return told | {"record": result.record.model_dump(mode="json") if result.record else None}
