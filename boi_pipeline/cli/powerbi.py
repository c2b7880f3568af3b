"""``boi powerbi``: the Power BI project of an entity, written for analysts to open."""

from pathlib import Path
from typing import Annotated

import typer

from boi_pipeline.cli.shared import EntityOption, JsonOption, UsageError, open_run, print_json

powerbi_app = typer.Typer(help="The Power BI project that analysts open.", no_args_is_help=True)


@powerbi_app.command("write")
def write(
    entity: EntityOption = None,
    folder: Annotated[
        str | None,
        typer.Option("--folder", help=r"Where analysts will keep the Parquet files, e.g. C:\Boletin\powerbi."),
    ] = None,
    into: Annotated[
        Path | None,
        typer.Option("--into", help="Folder to write to; default: powerbi-project in the entity's home."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write an entity's project, with its brand and the folder its data will be read from."""
    from boi_pipeline.warehouse.powerbi.identity import PROJECT
    from boi_pipeline.warehouse.powerbi.project import model_of, project_files, write_project
    from boi_pipeline.warehouse.powerbi.queries import DEFAULT_FOLDER

    if folder is not None and not folder.strip():
        raise UsageError("--folder: expected the folder of the Parquet files, such as C:\\Boletin\\powerbi")
    run = open_run(entity, None)
    target = into or run.home.folder / "powerbi-project"
    if target.exists() and not target.is_dir():
        raise UsageError(f"--into {target}: is a file; expected a folder")
    files = project_files(model_of(run.project), run.entity.file, folder or DEFAULT_FOLDER)
    changed = write_project(files, target)
    if as_json:
        print_json({"folder": str(target), "files": len(files), "changed": changed})
    else:
        typer.echo(f"{target / PROJECT}.pbip: {len(files)} files, {changed} changed")
