"""``boi ledger``: verify the ledger and what its loss would cost, back up, restore, export answers as labelled pairs."""

from pathlib import Path
from typing import Annotated

import typer

from boi_pipeline.cli.shared import EntityOption, JsonOption, open_run, print_json

ledger_app = typer.Typer(help="The ledger of identities and of what people did.", no_args_is_help=True)


@ledger_app.command("verify")
def verify_ledger(entity: EntityOption = None, as_json: JsonOption = False) -> None:
    """Check the ledger, and say what its loss would cost; exits with 1 if it is broken."""
    from dataclasses import asdict

    from boi_pipeline.cli.terminal import print_table
    from boi_pipeline.editorial.verify import verify
    from boi_pipeline.ledger_care import cost_of_loss, existing_ledger
    from boi_pipeline.stages.run import iter_notices

    run = open_run(entity, None)
    with existing_ledger(run) as ledger:
        findings = verify(ledger, {notice.item_id for notice in iter_notices(run)})
        broken = any(one.severity == "error" and not one.passed for one in findings)
        loss = None if broken else cost_of_loss(run, ledger)
        last = None if broken else ledger.seq()
    if as_json:
        told = [{**asdict(one), "passed": one.passed} for one in findings]
        cost = {**asdict(loss), "words": loss.words, "advice": loss.advice} if loss else None
        print_json({"is_whole": not broken, "seq": last, "findings": told, "loss": cost})
        raise typer.Exit(1 if broken else 0)
    mark = {"error": "MAL", "warning": "ojo"}
    rows = [["bien" if one.passed else mark[one.severity], one.what, one.count or ""] for one in findings]
    print_table(["", "qué debe cumplirse", "fallos"], rows)
    for one in findings:
        if not one.passed:
            typer.echo(f"\n{one.what}: {one.count}. {one.advice}")
            for line_told in one.sample:
                typer.echo(f"  {line_told}")
    if loss:
        typer.echo("\nSi este libro se perdiera y quedara todo lo demás:")
        for words in loss.words:
            typer.echo(f"  {words}")
        typer.echo(loss.advice)
    raise typer.Exit(1 if broken else 0)


@ledger_app.command("backup")
def back_up_ledger(
    file: Annotated[Path, typer.Argument(help="A new file; nothing is overwritten.")],
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy the ledger into a file while others keep working. SQLite only: for PostgreSQL use pg_dump."""
    from boi_pipeline.ledger_care import existing_ledger

    with existing_ledger(open_run(entity, None)) as ledger:
        ledger.backup(file)
        last = ledger.seq()
    if as_json:
        print_json({"file": str(file), "bytes": file.stat().st_size, "seq": last})
    else:
        typer.echo(f"{file}: {file.stat().st_size:,} bytes, {last} rows")


@ledger_app.command("restore")
def restore_ledger(
    file: Annotated[Path, typer.Argument(help="A copy made by `boi ledger backup`; it is not changed.")],
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replace the ledger by a copy, once verified; the present one is kept beside it. SQLite only."""
    from boi_pipeline.ledger_care import restore

    done = restore(open_run(entity, None), file)
    if as_json:
        print_json({"restored": str(file), "aside": done.aside, "seq": done.seq, "seq_before": done.seq_before})
        return
    typer.echo(f"{file}: restored, {done.seq} rows")
    if done.aside:
        lost = f"; it has {done.set_aside} rows that the copy lacks" if done.set_aside else ""
        unread = "" if done.seq_before is not None else "; it cannot be read"
        typer.echo(f"the ledger that was there is kept as {done.aside}{lost}{unread}")
    typer.echo("run `boi run --only publish` to show what the restored ledger says")


@ledger_app.command("export-pairs")
def export_pairs(
    file: Annotated[Path, typer.Argument(help="The YAML file to write; an existing one is replaced.")],
    entity: EntityOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write people's same / not_same answers as labelled pairs, in the form of evaluation/pairs."""
    from boi_pipeline.ledger_care import existing_ledger, labelled_pairs, pairs_told, write_pairs
    from boi_pipeline.records import Decision
    from boi_pipeline.stages.run import iter_notices

    run = open_run(entity, None)
    with existing_ledger(run) as ledger:
        families, missing = labelled_pairs(ledger.rows(Decision), iter_notices(run))
    write_pairs(file, families)
    told = pairs_told(families)
    if as_json:
        print_json({"file": str(file), "same": told["same"], "not_same": told["not_same"], "without_notice": missing})
    else:
        typer.echo(f"{file}: {told['same']} same, {told['not_same']} not_same; {missing} left out without their notice")
