"""``boi eval``: how well a reader reads, on the labelled notices."""

from typing import Annotated

import typer

from boi_pipeline.command import JsonOption, UsageError, print_json, read_dotenv


def evaluate_reader(
    reader: Annotated[
        str, typer.Option(help="rules, offline (with embeddings where installed), or llm (BOI_LLM_*).")
    ] = "offline",
    split: Annotated[str, typer.Option(help="train, dev or test.")] = "test",
    against: Annotated[
        str | None, typer.Option(help="Also compare, field by field, with the kept figures of this version.")
    ] = None,
    usd: Annotated[float, typer.Option(help="What an LLM may cost at most, in US dollars.")] = 5.0,
    write: Annotated[
        bool,
        typer.Option(
            "--write", help="Evaluate rules and offline on the test split; keep figures; write docs/eval/reading.md."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """How well a reader reads: figures with 95 % intervals on the labelled notices."""
    from datetime import UTC, datetime
    from pathlib import Path

    from boi_pipeline.entity import settings
    from boi_pipeline.evaluate import READERS, Asked, ReaderName, evaluate, write_page
    from boi_pipeline.reading.evaluation.labelled import SPLITS, Split
    from boi_pipeline.reading.evaluation.report import all_results, compare, headline, load, rows_of, save
    from boi_pipeline.terminal import print_table

    chosen_reader: ReaderName | None = next((one for one in READERS if one == reader), None)
    chosen_split: Split | None = next((one for one in SPLITS if one == split), None)
    if chosen_reader is None or chosen_split is None:
        raise UsageError(f"--reader {reader} --split {split}: expected {', '.join(READERS)} and {', '.join(SPLITS)}")
    read_dotenv()
    found, today = settings(), datetime.now(UTC).date()
    home = Path(found.home_root)

    old = load(against, split) if against else None
    if against and old is None:
        known = ", ".join(one.version for one in all_results(split)) or "none"
        raise UsageError(f"--against {against}: no figures are kept of it on the {split} split; there are: {known}")
    if write:
        for name in ("rules", "offline"):
            save(evaluate(Asked(name, "test", home), today))
        write_page(all_results("test"))
        typer.echo("docs/eval/reading.md and evaluation/results/ are written")
        return
    result = evaluate(Asked(chosen_reader, chosen_split, home, found.llm, usd), today)
    if as_json:
        print_json(vars(result))
        return
    typer.echo(f"{result.version} on the {split} split: {result.notices} notices, {result.positives} opportunities\n")
    print_table(["measure", "%", "95 %", "goal", "reached"], headline(result))
    typer.echo()
    print_table(["field", "%", "95 %", "right", "missed", "wrong", "invented"], rows_of(result))
    if cost := result.extra.get("llm"):
        typer.echo(
            f"\n{cost['calls']} calls, {cost['tokens']:,} tokens, {cost['usd']:.4f} USD; {cost['usd_per_1000_notices']:.2f} USD per 1,000 notices"
        )
    if old is not None:
        typer.echo(f"\n{old.version} → {result.version}\n")
        print_table(["field", "before %", "after %", "mended", "broke"], compare(old, result))
