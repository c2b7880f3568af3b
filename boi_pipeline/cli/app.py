"""The Typer application: its groups of commands, and the commands that have no group."""

import os
import sys
from typing import Annotated

import typer

from boi_pipeline.cli.archive import archive_app
from boi_pipeline.cli.contracts import contracts
from boi_pipeline.cli.eval import evaluate_reader
from boi_pipeline.cli.inbox import inbox_app
from boi_pipeline.cli.ledger import ledger_app
from boi_pipeline.cli.outcomes import outcomes_app
from boi_pipeline.cli.powerbi import powerbi_app
from boi_pipeline.cli.publish import publish_app
from boi_pipeline.cli.report import report_app
from boi_pipeline.cli.review import review_app
from boi_pipeline.cli.shared import DateOption, EntityOption, JsonOption, UsageError, open_run, print_json, read_dotenv
from boi_pipeline.cli.source import source_app
from boi_pipeline.cli.week import week_app

app = typer.Typer(
    help="A public bulletin of international opportunities: crawl, read, match, check, publish.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.command()
def run(
    entity: EntityOption = None,
    only: Annotated[
        str | None,
        typer.Option(
            "--only",
            help="collect (from crawl and inbox to tables), publish (edition, bulletin and channels; reads nothing new), "
            "weekly (publish and the week's article), inbox (inbox files and their tables), "
            "or one stage: crawl, recheck, read, match, models, set, site.",
        ),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(
            "--select",
            help="Build and check only these tables: name, +name (with what it reads), name+ (with its readers), layer:marts.",
        ),
    ] = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Also build unchanged tables.")] = False,
    date: DateOption = None,
    reread: Annotated[
        str,
        typer.Option(
            help="What to read again after a change of LLM prompt or model: open calls (open) or everything (all)."
        ),
    ] = "open",
    as_json: JsonOption = False,
) -> None:
    """Run the pipeline: crawl, read, match, build, check, publish, close the edition, render the bulletin."""
    run = open_run(entity, date)
    run.check_files()
    if reread not in ("open", "all"):
        raise UsageError(f"--reread {reread}: expected open or all")
    from boi_pipeline.stages import crawling

    if only in (None, "collect", "crawl") and not select and crawling.may_crawl(run):
        run.hold("boi run")
        crawling.start_ahead(run)  # beside the imports of this process
    from boi_pipeline.cli.terminal import Progress, print_summary, print_went_back
    from boi_pipeline.running import STAGES, import_ahead, run_jobs
    from boi_pipeline.stages.tables import chosen_models, will_check
    from boi_pipeline.stages.week import is_closing_day
    from boi_pipeline.warehouse.publication import current_manifest

    if only is not None and only not in ("collect", "publish", "weekly", "inbox", *STAGES):
        raise UsageError(f"--only {only}: expected collect, publish, weekly, inbox, {', '.join(STAGES)}")
    if only and select:
        raise UsageError("--only and --select: expected one of them; --select names tables")
    if select is not None and not " ".join(select).split():
        raise UsageError("--select: names no table; expected one, such as opportunities+, or no --select for all")
    models = chosen_models(run, select or [])
    run.hold("boi run")
    published_as_of = (current_manifest(run.home.published) or {}).get("as_of")
    closing = "weekly" if is_closing_day(run) else "publish"  # weekly does all that publish does
    jobs = {"publish": ["publish"], "site": ["publish"], "weekly": ["weekly"], "inbox": ["inbox"]}.get(
        only or "", ["collect"] if only or models else ["collect", closing]
    )

    def while_crawling() -> None:
        if crawling.has_published(run) and only != "crawl":
            crawling.start_ahead(run)  # for the re-check
        if will_check(run):
            import_ahead()

    progress = Progress(quiet=as_json, while_crawling=while_crawling)
    try:
        outcomes = run_jobs(
            jobs,
            dagster_folder=run.home.dagster,
            as_of=run.as_of,
            only=only if only in STAGES else None,
            models=models,
            reread=reread,
            rebuild=rebuild,
            listen=progress.event,
        )
    finally:
        crawling.end_ahead()
    from boi_pipeline.summary import summarise

    summary = summarise(run)
    success = all(outcome.success for outcome in outcomes)
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    if as_json:
        runs = [{"job": one.job, "run_id": one.run_id, "success": one.success} for one in outcomes]
        print_json({"success": success, "runs": runs, "problems": problems, **summary.as_json()})
    else:
        print_summary(summary, success, problems)
        print_went_back(published_as_of, (current_manifest(run.home.published) or {}).get("as_of"))
    raise typer.Exit(0 if success else 1)


@app.command()
def ui(
    entity: EntityOption = None,
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 3000,
) -> None:
    """Start the Dagster UI on this home (needs the extra "ui"); stop it with Ctrl-C."""
    from boi_pipeline.running import dagster_home, end_killed_runs, home_instance
    from boi_pipeline.settings import ROOT, settings

    read_dotenv()
    if entity:
        os.environ["BOI_ENTITY"] = entity
    found = settings()
    _check_port(port)
    with home_instance(found.home().dagster) as instance:
        end_killed_runs(instance)
    folder = dagster_home(found.home().dagster)
    os.environ |= {
        "DAGSTER_HOME": str(folder),
        "BOI_HOME": str(found.home_root),  # whole: it is started in another folder
        "BOI_ENTITIES": str(found.entities_folder),
        "PYTHONWARNINGS": os.environ.get(
            "PYTHONWARNINGS", "ignore::FutureWarning"
        ),  # it recommends its makers' new tool
    }
    os.chdir(folder)  # of another dagster.yaml where it starts, such as the root's, it says that it goes unused
    executable = os.path.join(os.path.dirname(sys.executable), "dagster")  # noqa: PTH118, PTH120 pathlib is not imported
    os.execv(executable, [executable, "dev", "--workspace", str(ROOT / "workspace.yaml"), "--port", str(port)])  # noqa: S606


def _check_port(port: int) -> None:
    """Raises UsageError where something listens already: Dagster would say so in the middle of its log, and go on without its page."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a page that has just ended is none
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise UsageError(
                f"--port {port}: {error.strerror.lower() if error.strerror else error}; if the UI runs already, open http://localhost:{port}, "
                "else choose another port"
            ) from None


@app.command()
def status(entity: EntityOption = None, date: DateOption = None, as_json: JsonOption = False) -> None:
    """Show what is fresh, what fails and what is waiting."""
    from boi_pipeline.cli.terminal import print_summary
    from boi_pipeline.summary import summarise

    summary = summarise(open_run(entity, date))
    if as_json:
        print_json(summary.as_json())
    else:
        print_summary(summary, True, [])


@app.command()
def sql(
    query: Annotated[str, typer.Argument(help="A SELECT, in DuckDB's SQL.")],
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Query the published set, read-only: tables curated.*, open_data.*, powerbi.*."""
    from boi_pipeline.cli.terminal import print_json_rows, print_rows
    from boi_pipeline.query import query_published

    run = open_run(entity, None)
    with query_published(run.home.published, query) as answer:
        (print_json_rows if as_json else print_rows)(answer.columns, answer.rows)


@app.command()
def table(
    name: Annotated[
        str, typer.Argument(help="A table, such as opportunities, or a published file, curated/opportunities.")
    ],
    suite: Annotated[
        bool, typer.Option("--suite", help="Print the Great Expectations suite of a mart instead.")
    ] = False,
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a table: contract, freshness, check results and some rows."""
    from boi_pipeline.cli.terminal import print_described
    from boi_pipeline.query import describe_table, suite_of

    run = open_run(entity, None)
    if suite:
        print_json(suite_of(run, name))
        return
    found = describe_table(run, name)
    if as_json:
        print_json(found)
    else:
        print_described(found)


# below them, so that help begins with what every day begins with
app.command("contracts")(contracts)
app.command("eval")(evaluate_reader)
for _group, _name in (
    (review_app, "review"),
    (week_app, "week"),
    (publish_app, "publish"),
    (source_app, "source"),
    (inbox_app, "inbox"),
    (outcomes_app, "outcomes"),
    (report_app, "report"),
    (archive_app, "archive"),
    (ledger_app, "ledger"),
    (powerbi_app, "powerbi"),
):
    app.add_typer(_group, name=_name)
