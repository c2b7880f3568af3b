"""``boi eval``: measuring a reader on the labelled notices, and matching on the labelled calls."""

from typing import Annotated

import typer

from boi_pipeline.cli.shared import JsonOption, UsageError, print_json, read_dotenv


def evaluate_reader(
    reader: Annotated[
        str,
        typer.Option(
            help="rules, offline (with embeddings where installed), or llm (BOI_LLM_*). With --pairs the rules read, and llm "
            "is asked before a person is."
        ),
    ] = "offline",
    split: Annotated[str, typer.Option(help="train, dev, test or later.")] = "test",
    against: Annotated[
        str | None, typer.Option(help="Also compare, field by field, with this version's kept figures.")
    ] = None,
    usd: Annotated[float, typer.Option(help="The most an LLM may cost, in US dollars.")] = 5.0,
    pairs: Annotated[
        bool, typer.Option("--pairs", help="Measure matching instead, on the train, test or later split.")
    ] = False,
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help="Evaluate rules, offline and matching on the test split (with --pairs: matching only); keep figures; "
            "write docs/eval.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure a reader on the labelled notices, with 95 % confidence intervals; with --pairs, measure matching."""
    from datetime import UTC, datetime
    from pathlib import Path

    from boi_pipeline.cli.terminal import print_table
    from boi_pipeline.evaluation.reading import READERS, Asked, ReaderName, evaluate, write_page
    from boi_pipeline.reading.evaluation.labelled import SPLITS, Split
    from boi_pipeline.reading.evaluation.report import all_results, compare, headline, load, rows_of, save
    from boi_pipeline.settings import settings

    if pairs:
        if against:
            raise UsageError("--pairs: --against compares readers; leave it out")
        _evaluate_pairs(split, write, as_json, usd if reader == "llm" else None)
        return
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
        _evaluate_pairs("test", True, False, None)
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


def _evaluate_pairs(split: str, write: bool, as_json: bool, usd: float | None) -> None:
    """``usd``: the most that a language model's opinions may cost; None: none is asked."""
    from datetime import UTC, datetime
    from pathlib import Path

    from boi_pipeline.cli.terminal import print_table
    from boi_pipeline.evaluation.labelled_calls import SPLITS, PairSplit
    from boi_pipeline.evaluation.matching_figures import HEADS, measure, renew, renew_with, rows_of, said_of
    from boi_pipeline.evaluation.reading import judge_of
    from boi_pipeline.settings import settings

    chosen: PairSplit | None = next((one for one in SPLITS if one == split), None)
    if chosen is None:
        raise UsageError(f"--pairs --split {split}: expected {', '.join(SPLITS[:-1])} or {SPLITS[-1]}")
    today = datetime.now(UTC).date()
    judge = None
    if usd is not None:
        read_dotenv()
        found = settings()
        judge = judge_of(Path(found.home_root), found.llm, usd)
    if write:
        renew_with(judge, today) if judge else renew(today)
        typer.echo("docs/eval/matching.md and evaluation/results/ are written")
        return
    result = measure(chosen, today, judge=judge)
    if as_json:
        print_json(vars(result))
        return
    typer.echo(f"{result.version}: {said_of(result)}")
    if chosen == "train":
        typer.echo("The scorer was trained on these families: figures of the test split are the honest ones.")
    typer.echo()
    print_table(list(HEADS), rows_of(result))
