"""The ``boi`` command: a few lines a command over functions that know no terminal. Starts fast, imports lazily.

Every command has ``--json``; an error says what was wrong, where, and what to do, and ends with code 1.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from boi_pipeline.line import Line

app = typer.Typer(
    help="A public bulletin of international opportunities: crawl, read, match, check, publish.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
source_app = typer.Typer(help="The places we watch.", no_args_is_help=True)
app.add_typer(source_app, name="source")

EntityOption = Annotated[
    str | None, typer.Option("--entity", "-e", help="Folder of entities/; default BOI_ENTITY or sample.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
DateOption = Annotated[str | None, typer.Option("--date", help="Run as of this day (YYYY-MM-DD).")]


def main() -> None:
    """Entry point of the ``boi`` command."""
    code = 0
    try:
        with told_errors():
            app()
    except SystemExit as end:
        if "great_expectations" not in sys.modules:
            raise
        code = end.code if isinstance(end.code, int) else 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # all is closed and on disk; taking Great Expectations' modules apart takes two seconds


@contextmanager
def told_errors() -> Iterator[None]:
    """Turn errors that a person can act on into their text and exit code 1; others keep their trace."""
    try:
        yield
    except Exception as error:
        if type(error).__name__ not in _TOLD and not isinstance(error, FileNotFoundError):
            raise
        typer.echo(f"boi: {error}", err=True)
        raise SystemExit(1) from None


_TOLD = {"ConfigError", "HomeLocked", "LedgerError", "CrawlFailed", "ArchiveError", "UsageError", "ReviewError"}


class UsageError(Exception):
    """Something on the command line is not what was expected."""


@app.command()
def run(
    entity: EntityOption = None,
    only: Annotated[
        str | None, typer.Option("--only", help="collect, publish, or a stage: crawl, read, match, models, set, site.")
    ] = None,
    date: DateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run the line: crawl, read, match, build, check, publish, close the edition, render the bulletin."""
    line = open_line(entity, date)
    line.check_files()
    from boi_pipeline.running import STAGES, run_jobs
    from boi_pipeline.terminal import Progress, print_summary
    from boi_pipeline.warehouse.expectations import import_in_background

    if only is not None and only not in ("collect", "publish", *STAGES):
        raise UsageError(f"--only {only}: expected collect, publish, {', '.join(STAGES)}")
    line.hold("boi run")
    jobs = ["publish"] if only in ("publish", "site") else ["collect"] if only else ["collect", "publish"]
    progress = Progress(quiet=as_json, while_crawling=import_in_background)
    outcomes = run_jobs(
        jobs,
        dagster_folder=line.home.dagster,
        as_of=line.as_of,
        only=only if only in STAGES else None,
        listen=progress.event,
    )
    from boi_pipeline.summary import summarise

    summary = summarise(line)
    success = all(outcome.success for outcome in outcomes)
    problems = [problem for outcome in outcomes for problem in outcome.problems]
    if as_json:
        runs = [{"job": one.job, "run_id": one.run_id, "success": one.success} for one in outcomes]
        _print_json({"success": success, "runs": runs, "problems": problems, **summary.as_json()})
    else:
        print_summary(summary, success, problems)
    raise typer.Exit(0 if success else 1)


@app.command()
def ui(
    entity: EntityOption = None,
    port: Annotated[int, typer.Option(help="Port of the web page.")] = 3000,
) -> None:
    """Open the Dagster UI on this home (needs the extra ``ui``); stop it with Ctrl-C."""
    from boi_pipeline.entity import ROOT, settings
    from boi_pipeline.running import dagster_home

    _read_dotenv()
    if entity:
        os.environ["BOI_ENTITY"] = entity
    found = settings()
    os.environ["DAGSTER_HOME"] = str(dagster_home(found.home().dagster))
    os.chdir(ROOT)
    executable = os.path.join(os.path.dirname(sys.executable), "dagster")  # noqa: PTH118, PTH120 pathlib is not imported
    os.execv(executable, [executable, "dev", "--port", str(port)])  # noqa: S606


@app.command()
def status(entity: EntityOption = None, date: DateOption = None, as_json: JsonOption = False) -> None:
    """What is fresh, failing and waiting in this home."""
    from boi_pipeline.summary import summarise
    from boi_pipeline.terminal import print_summary

    summary = summarise(open_line(entity, date))
    if as_json:
        _print_json(summary.as_json())
    else:
        print_summary(summary, True, [])


@app.command()
def sql(query: str, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """Query the published set, read-only: tables curated.*, open_data.*, powerbi.*."""
    from boi_pipeline.query import query_published
    from boi_pipeline.terminal import print_table

    line = open_line(entity, None)
    columns, rows = query_published(line.home.published, query)
    if as_json:
        _print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@app.command()
def table(name: str, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """What a table is: its contract, its rows in the last warehouse, its checks, a sample."""
    from boi_pipeline.query import describe_table
    from boi_pipeline.terminal import print_described

    found = describe_table(open_line(entity, None), name)
    if as_json:
        _print_json(found)
    else:
        print_described(found)


@source_app.command("list")
def source_list(entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """The sources, and what came of each at its last visit."""
    from boi_pipeline.summary import summarise
    from boi_pipeline.terminal import print_table

    line = open_line(entity, None)
    last = {one.source_id: one for one in summarise(line).sources}
    rows = [
        (
            source.id,
            source.platform,
            source.language,
            source.authority,
            "yes" if source.verified else "no",
            last[source.id].outcome if source.id in last else "never visited",
        )
        for source in line.sources
    ]
    columns = ["source", "platform", "language", "authority", "verified", "last visit"]
    if as_json:
        _print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        print_table(columns, rows)


@source_app.command("replay")
def source_replay(source_id: str, crawl_id: str, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """Parse a past crawl of a source again from its capture, without network."""
    from scrapers.runner import replay

    line = open_line(entity, None)
    known = [source.id for source in line.sources]
    if source_id not in known:
        raise UsageError(f"no source {source_id}; there are: {', '.join(known)}")
    line.hold(f"boi source replay {source_id}")
    try:
        replayed = replay(
            line.home.folder,
            source_id,
            crawl_id,
            sources_folder=line.entity.sources_folder,
            languages=line.entity.file.languages,
            web_suffix=line.entity.file.web.suffix if line.entity.file.web else None,
        )
    except ValueError as error:
        raise UsageError(f"{error}; the crawls are the names of the files there") from None
    count = len(replayed.notices)
    if as_json:
        ids = [notice.notice_id for notice in replayed.notices]
        _print_json({"source": source_id, "crawl_id": crawl_id, "notices": ids, "written": replayed.written})
    else:
        typer.echo(f"{source_id}: {replayed.result.outcome}, {count} notices from the capture of crawl {crawl_id}")


@source_app.command("check")
def source_check(source_id: str, entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """Crawl one source into a folder that is thrown away, and show what it would give."""
    import tempfile
    from dataclasses import replace
    from pathlib import Path

    from boi_pipeline.line import crawl, notices
    from boi_pipeline.terminal import print_table

    line = open_line(entity, None)
    with tempfile.TemporaryDirectory() as folder:
        trial = replace(line, home=replace(line.home, root=Path(folder)))
        (result,) = list(crawl(trial, [source_id]))
        found = notices(trial)
    if as_json:
        _print_json(
            {
                "outcome": result.outcome,
                "detail": result.detail,
                "notices": [one.model_dump(mode="json") for one in found],
            }
        )
    else:
        typer.echo(f"{source_id}: {result.outcome}. {result.detail}")
        rows = [(one.title, one.language, f"{len(one.text)} characters", one.url) for one in found]
        print_table(["title", "language", "text", "page"], rows)
    raise typer.Exit(0 if result.outcome in ("ok", "unchanged") else 1)


def open_line(entity: str | None, day: str | None) -> "Line":
    """The line the options ask for. Raises ConfigError, UsageError."""
    from datetime import date as calendar_date

    from ulid import ULID

    from boi_pipeline.entity import settings
    from boi_pipeline.line import Line, instant_of

    _read_dotenv()
    if entity:
        os.environ["BOI_ENTITY"] = entity  # the code location that is loaded next serves the same
    chosen: date | None = None
    if day is not None:
        try:
            chosen = calendar_date.fromisoformat(day)
        except ValueError:
            raise UsageError(f"--date {day}: expected a day such as 2026-11-23") from None
    found = settings()
    loaded = found.entity()
    return Line(loaded, found.home(), instant_of(found, loaded, chosen), str(ULID()))


def _read_dotenv() -> None:
    """Take what ``.env`` of this checkout says, as ``dagster dev`` does; the environment itself wins."""
    from dotenv import load_dotenv

    from boi_pipeline.entity import ROOT

    load_dotenv(ROOT / ".env")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))
