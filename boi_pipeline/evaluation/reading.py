"""``boi eval``: a reader measured on the labelled notices, its figures kept, and the page that shows them.

Puts the readers and the evaluation together; how readings are compared belongs to ``reading.evaluation``.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from boi_pipeline.entity import Budget, Entity, Spend, load_entity
from boi_pipeline.reading.context import ReadingContext, context_of
from boi_pipeline.reading.evaluation.golden import score_golden
from boi_pipeline.reading.evaluation.labelled import Split, load_split
from boi_pipeline.reading.evaluation.report import PAGE, Result, headline, is_of_now, markdown, result_of, rows_of
from boi_pipeline.reading.evaluation.score import Pair, score
from boi_pipeline.settings import ROOT, Home, LlmSettings
from boi_pipeline.stages.readings import llm_reader, llm_session, model_of
from scrapers.files import write_text

if TYPE_CHECKING:
    from boi_pipeline.evaluation.matching_figures import Judge
    from boi_pipeline.reading.llm.session import Session
    from boi_pipeline.reading.reader import Reader

ReaderName = Literal["rules", "offline", "llm"]
READERS: tuple[ReaderName, ...] = get_args(ReaderName)
HOME_OF_THE_SET = "bogota"  # the entity whose country and plan the labels are of


@dataclass(frozen=True)
class Asked:
    """What is evaluated, with what, and what it may cost."""

    reader: ReaderName
    split: Split
    home: Path  # where an LLM's answers are kept, so that none is paid twice
    llm: LlmSettings | None = None
    usd: float = 5.0
    whole: bool = True  # golden strings and SDG sets too


def evaluate(asked: Asked, today: date) -> Result:
    """Read a split and compare. Raises ConfigError where the reader cannot be had."""
    entity = load_entity(ROOT / "entities" / HOME_OF_THE_SET)
    context = context_of(entity)
    with _reader(asked, entity) as (reader, session):
        notices = load_split(asked.split)
        scores = score(_read(reader, notices, context))
        extra = _extra(asked, reader, context) if asked.whole and asked.reader != "llm" else {}
        if session is not None:
            spent = session.purse.spent
            extra["llm"] = {
                "calls": session.calls,
                "tokens": spent.tokens,
                "usd": spent.micro_usd / 1_000_000,
                "usd_per_1000_notices": spent.micro_usd / 1_000 / max(1, len(notices)),
            }
        return result_of(reader.version, asked.split, today.isoformat(), scores, extra)


def _read(reader: "Reader", labelled: list[Any], context: ReadingContext) -> Iterator[Pair]:
    made = [(one, one.notice()) for one in labelled]
    readings = reader.read_all((notice for _, notice in made), context, None)
    for (one, notice), reading in zip(made, readings, strict=True):
        yield one, notice, reading


@contextmanager
def _reader(asked: Asked, entity: Entity) -> "Iterator[tuple[Reader, Session | None]]":
    from boi_pipeline.reading.offline.reader import offline_reader

    if asked.reader != "llm":
        yield offline_reader(rules_only=asked.reader == "rules"), None
        return
    entity = _spending(entity, asked.usd)
    with llm_session(entity, Home(asked.home, "evaluation"), asked.llm) as session:
        yield llm_reader(entity, session), session
        session.fold()


def judge_of(home: Path, llm: LlmSettings | None, usd: float) -> "Judge":
    """The language model of the environment as it judges pairs. Raises ConfigError where the environment names none."""
    from boi_pipeline.evaluation.matching_figures import Judge
    from boi_pipeline.reading.llm.judge import judge_version
    from boi_pipeline.stages.opinions import Adviser

    entity = _spending(load_entity(ROOT / "entities" / HOME_OF_THE_SET), usd)
    model = model_of(entity, llm)
    ask = partial(llm_session, entity, Home(home, "evaluation"), llm)
    return Judge(judge_version(model.model), lambda notices: Adviser((), notices, model.model, ask))


def _spending(entity: Entity, usd: float) -> Entity:
    spend = Spend(usd=usd, tokens=100_000_000)
    choice = entity.file.reader.model_copy(update={"budget": Budget(run=spend, month=spend)})
    return replace(entity, file=entity.file.model_copy(update={"reader": choice}))


def _extra(asked: Asked, reader: "Reader", context: ReadingContext) -> dict[str, Any]:
    from boi_pipeline.reading.evaluation.sdg_benchmark import (
        BenchmarkMissingError,
        classifier,
        run_benchmark,
        run_spanish,
    )

    golden, embeddings = score_golden(reader, context), "+" in reader.version
    spanish = run_spanish(classifier(context, "es", embeddings))
    found: dict[str, Any] = {
        "golden": {"right": golden.right, "of": golden.of},
        "sdg_es": {
            "macro": spanish["first_goal"] / 100,
            "interval": spanish["first_interval"],
            "texts": spanish["texts"],
        },
    }
    try:
        public = run_benchmark(classifier(context, "en", embeddings))
    except BenchmarkMissingError:
        return found
    shown = {
        "macro": public["accuracy"] / 100,
        "interval": public["interval"],
        "f1": public["f1"],
        "texts": public["texts"],
    }
    return {**found, "sdg_benchmark": shown}


# ---------------------------------------------------------------- the page

_METHOD = """# How well the reader reads

<!-- Written by `make eval`; do not edit. -->

Labelled notices of our own writing ([datasheet](../../evaluation/README.md), [what each label means](../../evaluation/GUIDE.md)): {sizes}.
The test split was committed before any change learnt from a labelled notice, nobody who tuned opened it, and each reader version is reported on it once. The
tests keep the figures of the rules equal to what the rules give; those with embeddings are as `make eval` last wrote them. Fields are counted over the notices that are opportunities: right is exactly what
a careful person wrote down, also where that is nothing. Intervals are Wilson's, 95 %. *Missed*: the person wrote something, the reader nothing;
*wrong*: both, not the same; *invented*: only the reader.

`rules-*` reads by rules and lexicons alone; `+e5-*` with the extra `offline` (multilingual embeddings with a linear head).

*Why goals are missed.* Home eligibility: nearly all errors are *missed*, not wrong. A reader that must not say a wrong yes answers only to words it knows, and leaves the rest to a
person. Deadlines and amounts: a third of the wrong deadlines have the right day, and miss its hour, zone or stage; the rest nobody has looked at, for the split stays closed. Rules have flattened out:
what forty fresh notices teach reaches the next forty by a few points only ([datasheet](../../evaluation/README.md)). `rules-5` mends what recorded pages showed
(answers on eligibility from what a text hopes for, or from whom a convener helps); on these notices it is no better than `rules-4`. What an LLM makes of the same
notices: `boi eval --reader llm`.
"""


_EVERY = """Per cent, on the same test split. All figures, with the ids of the errors: `evaluation/results/`.
"""


def write_page(results: Iterable[Result], path: Path = PAGE) -> None:
    """Write the page that tells the kept figures of the test split: in full those of the newest version, of each the first."""
    results = list(results)
    versions = [one.version for one in results]
    sizes = ", ".join(f"{len(load_split(split))} {split}" for split in ("train", "dev", "test"))
    parts = [_METHOD.format(sizes=sizes)]
    for result in results:
        if not is_of_now(result.version, versions):
            continue
        parts.append(f"## {result.version}, {result.date}\n")
        parts.append(
            f"{result.notices} notices of the {result.split} split, {result.positives} of them opportunities.\n"
        )
        if result.summary:
            parts.append(markdown(headline(result), ["measure", "%", "95 %", "goal", "reached"]) + "\n")
            s = result.summary
            parts.append(
                f"Left to a person: whether it is an opportunity {int(s['unclear_opportunity'])}, the type {int(s['unclear_type'])} of {result.positives}; of the "
                f"types given, {100 * s['type_covered_right'] / max(1, s['type_covered_of']):.1f} % are right. Values taken out for want of proof: {int(s['dropped'])}.\n"
            )
        parts.append(markdown(rows_of(result), ["field", "%", "95 %", "right", "missed", "wrong", "invented"]) + "\n")
    parts += ["## Every version\n", _EVERY, markdown(_version_rows(results), ["measure", "goal", *versions]) + "\n"]
    write_text(path, "\n".join(parts), "evaluation")


def _version_rows(results: Iterable[Result]) -> list[list[str]]:
    """The measures of ``headline`` down, the versions across."""
    told = [{row[0]: row for row in headline(one)} for one in results if one.summary]
    return [[name, row[3], *(one[name][1] if name in one else "—" for one in told)] for name, row in told[-1].items()]
