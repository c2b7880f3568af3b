"""``boi report``: the team's weekly report, made from what is published."""

from typing import Annotated

import typer

from boi_pipeline.cli.shared import DateOption, EntityOption, JsonOption, open_run, print_json

report_app = typer.Typer(help="The team's weekly report.", no_args_is_help=True)


@report_app.callback()
def _report() -> None:
    """The team's weekly report."""


@report_app.command("week")
def week(
    week: Annotated[str | None, typer.Option("--week", help="ISO week, such as 2026-W48; default: this week.")] = None,
    entity: EntityOption = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a week's report, as a page, a PDF and figures: what was published, its reach and its cost."""
    from boi_pipeline.stages.reporting import DATA, PAGE, PAPER, write_report

    run = open_run(entity, date)
    run.hold("boi report week")
    written = write_report(run, week)
    report = written.report
    figures = {one.name: one.cell for one in report.headline}
    if as_json:
        print_json(
            {
                "week": report.week,
                "as_of": report.as_of.isoformat(),
                "files": [str(written.folder / name) for name in (PAGE, PAPER, DATA)],
                "figures": {name: cell.value for name, cell in figures.items()},
                "concerns": report.concern_count,
            }
        )
        return
    typer.echo(f"Week {report.week}, data of {report.as_of:%Y-%m-%d %H:%M}.")
    for name, cell in figures.items():
        typer.echo(f"  {name}: {cell.text}")
    typer.echo(f"  {report.concern_count} need attention")
    typer.echo(f"{written.folder / PAGE}\n{written.folder / PAPER}")
