"""``boi source``: list, try, propose, verify and replay sources."""

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from boi_pipeline.cli.shared import EntityOption, JsonOption, UsageError, open_run, print_json

if TYPE_CHECKING:
    from boi_pipeline.stages.run import Run
    from boi_pipeline.trial import Trial
    from scrapers.source import Source

SourceArgument = Annotated[str, typer.Argument(help="Id of the source: the name of its file.")]

source_app = typer.Typer(help="The websites we watch: list, check, add, replay.", no_args_is_help=True)

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Write without asking (for scripts).")]


@source_app.command("list")
def source_list(
    entity: EntityOption = None,
    candidates: Annotated[
        bool, typer.Option("--candidates", help="Show the websites that are not sources yet.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the sources: the result of each one's last visit, and since when it has had nothing new."""
    from boi_pipeline.cli.terminal import print_candidates, print_sources
    from boi_pipeline.summary import source_states

    run = open_run(entity, None)
    states, places = source_states(run), run.entity.candidates
    if as_json:
        print_json(
            {
                "verified": sum(one.verified for one in states),
                "unverified": sum(not one.verified for one in states),
                "quarantined": sum(one.quarantine is not None for one in states),
                "sources": [asdict(one) for one in states],
                "candidates": [one.model_dump() for one in places],
            }
        )
    elif candidates:
        print_candidates(places)
    else:
        print_sources(states, len(places))


@source_app.command("check")
def source_check(
    source_id: SourceArgument,
    accept: Annotated[
        bool, typer.Option("--accept", help="Mark it as verified: from then on the jobs crawl it.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the captures, in checks/ of the home.")] = False,
    yes: YesOption = False,
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Crawl one source into a temporary folder, and show what a person needs to judge it."""
    import shutil
    import tempfile
    from pathlib import Path

    from boi_pipeline.cli.terminal import print_trial
    from boi_pipeline.trial import try_source

    run = open_run(entity, None)
    source = _named(run, source_id)
    with tempfile.TemporaryDirectory() as folder:
        place = run.home.folder / "checks" / source_id if keep else Path(folder) / source_id
        shutil.rmtree(place, ignore_errors=True)
        trial = try_source(run, source, place)
    if not as_json:
        print_trial(trial)
    accepted = accept and _accept(run, trial, yes=yes)
    if as_json:
        print_json({**trial.as_json(), "kept_in": str(place) if keep else None, "accepted": accepted})
    elif keep:
        typer.echo(f"kept in {place}")
    raise typer.Exit(0 if trial.is_good and accepted == accept else 1)


def _accept(run: "Run", trial: "Trial", *, yes: bool) -> bool:
    """Mark a source as verified when the trial convinces and a person says so. Raises UsageError."""
    from boi_pipeline.trial import mark_verified

    path = run.entity.sources_folder / f"{trial.source.id}.yaml"
    if not trial.is_convincing:
        typer.echo(
            f"not accepted: {trial.source.id} gave {trial.result.outcome}, {len(trial.notices)} notices", err=True
        )
        return False
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("--accept asks for confirmation; where there is no terminal, add --yes")
        if not typer.confirm(f"Mark {trial.source.id} as verified?", err=True):
            return False
    day = run.entity.today(run.as_of)
    mark_verified(path, day)
    typer.echo(f"{path}: verified on {day}", err=True)
    return True


@source_app.command("add")
def source_add(
    url: Annotated[str, typer.Argument(help="The page or feed that announces calls.")],
    source_id: Annotated[str | None, typer.Option("--id", help="File name; default: from the host name.")] = None,
    yes: YesOption = False,
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look at a website, propose a source file, show the notices it would give, and write the file if you agree."""
    from boi_pipeline.cli.terminal import print_proposal
    from boi_pipeline.proposal import propose
    from scrapers.files import write_text

    run = open_run(entity, None)
    if source_id in {source.id for source in run.sources}:
        raise UsageError(f"--id {source_id}: there is such a source; choose another name")
    try:
        proposal = propose(run, url, source_id)
    except ValueError as error:
        raise UsageError(str(error)) from None
    if not as_json:
        print_proposal(proposal)
    path = run.entity.sources_folder / f"{proposal.source_id}.yaml"
    is_wanted = yes or (
        sys.stdin.isatty() and not as_json and proposal.works and typer.confirm(f"Write {path}?", err=True)
    )
    is_written = proposal.works and is_wanted
    if is_written:
        write_text(path, proposal.text or "", "source")
    if as_json:
        print_json({**proposal.as_json(), "written": str(path) if is_written else None})
    elif is_written:
        typer.echo(
            f"{path} was written, not verified: see to what is unknown, then `boi source check {path.stem} --accept`"
        )
    else:
        typer.echo("nothing was written" + ("; add --yes to write it" if proposal.works and not is_wanted else ""))
    raise typer.Exit(0 if proposal.works else 1)


@source_app.command("replay")
def source_replay(
    source_id: SourceArgument,
    crawl_id: Annotated[str, typer.Argument(help="The crawl: the name of a file in crawls/ of the home.")],
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Parse a past crawl of a source again from its capture, without network."""
    from scrapers.runner import replay

    run = open_run(entity, None)
    _named(run, source_id)
    run.hold(f"boi source replay {source_id}")
    try:
        replayed = replay(
            run.home.folder,
            source_id,
            crawl_id,
            sources_folder=run.entity.sources_folder,
            languages=run.entity.file.languages,
            web_suffix=run.entity.file.web.suffix if run.entity.file.web else None,
        )
    except ValueError as error:
        raise UsageError(f"{error}; the crawls are the names of the files there") from None
    count = len(replayed.notices)
    if as_json:
        ids = [notice.notice_id for notice in replayed.notices]
        print_json({"source": source_id, "crawl_id": crawl_id, "notices": ids, "written": replayed.written})
    else:
        typer.echo(f"{source_id}: {replayed.result.outcome}, {count} notices from the capture of crawl {crawl_id}")


def _named(run: "Run", source_id: str) -> "Source":
    """The source of that name. Raises UsageError."""
    found = {source.id: source for source in run.sources}
    if source_id not in found:
        raise UsageError(f"no source {source_id}; there are: {', '.join(found)}")
    return found[source_id]
