"""The figures of an evaluation: kept as JSON a reader version, compared version by version, written as a page.

A version is reported on the test split once: its file is never rewritten with other figures.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boi_pipeline.reading.evaluation.score import Scores, Share, wilson
from boi_pipeline.settings import ROOT
from scrapers.files import write_text
from scrapers.yamlfile import ConfigError

RESULTS = ROOT / "evaluation" / "results"
PAGE = ROOT / "docs" / "eval" / "reading.md"
# What a field is called on the page, in its order; others follow by name.
_SHOWN = ("is_opportunity", "opportunity_type", "deadline days", "deadlines", "deadline stages", "close_model", "home_eligible", "eligible_regions", "amounts",
          "currency", "min_award_amount", "max_award_amount", "total_amount_available", "estimated_award_count", "funder_name", "funder_type", "funder_country",
          "opportunity_number", "apply_url", "sdg_goals (main)", "sdg_goals")  # fmt: skip


@dataclass
class Result:
    """The figures of one reader version on one set."""

    version: str
    split: str
    date: str
    notices: int
    positives: int
    summary: dict[str, float] = field(default_factory=dict)
    fields: dict[str, dict[str, Any]] = field(default_factory=dict)  # name → right, of, missed, wrong, invented, errors
    extra: dict[str, Any] = field(default_factory=dict)  # golden strings, benchmarks, cost

    @property
    def path(self) -> Path:
        return result_path(self.version, self.split)


def result_path(version: str, split: str) -> Path:
    """Where a version's figures on a split are kept."""
    return RESULTS / f"{version.replace('/', '_')}.{split}.json"


def result_of(version: str, split: str, day: str, scores: Scores, extra: dict[str, Any]) -> Result:
    """Scores as kept: with the ids of what was not right, without their texts."""
    return Result(
        version=version,
        split=split,
        date=day,
        notices=scores.notices,
        positives=scores.positives,
        summary={
            "f1": scores.f1,
            "f1_low": scores.f1_interval[0],
            "f1_high": scores.f1_interval[1],
            "macro_low": scores.macro_interval[0],
            "macro_high": scores.macro_interval[1],
            "precision": scores.precision,
            "recall": scores.recall,
            "macro_type": scores.macro_type,
            "unclear_opportunity": scores.unclear_opportunity,
            "unclear_type": scores.unclear_type,
            "type_covered_right": scores.type_covered.right,
            "type_covered_of": scores.type_covered.of,
            "wrong_yes": len(scores.wrong_yes),
            "facts": scores.facts,
            "grounded": scores.grounded,
            "dropped": scores.dropped.total(),
        },
        fields={name: _kept(share) for name, share in scores.fields.items()}
        | {f"type: {name}": _kept(share) for name, share in sorted(scores.by_type.items())},
        extra=extra,
    )


def _kept(share: Share) -> dict[str, Any]:
    return {
        "right": share.right,
        "of": share.of,
        "missed": share.missed,
        "wrong": share.wrong,
        "invented": share.invented,
        "errors": sorted(share.errors),
    }


def save(result: Result) -> None:
    """Keep figures. Raises ConfigError where this version was reported on the test split with others."""
    known = load(result.version, result.split)
    if known is not None and result.split == "test" and _figures(known) != _figures(result):
        raise ConfigError(
            result.path,
            None,
            "",
            f"{result.version} was reported on the test split on {known.date} with other figures; a reader whose answers change needs a new version",
        )
    if known is None or result.split != "test":
        told = json.dumps(vars(result), ensure_ascii=False, indent=1, sort_keys=True)
        write_text(result.path, told + "\n", "evaluation")


def _figures(result: Result) -> Any:
    return result.notices, result.positives, {name: (f["right"], f["of"]) for name, f in result.fields.items()}


def load(version: str, split: str) -> Result | None:
    """The figures kept of a version; None where there are none."""
    path = result_path(version, split)
    return Result(**json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def all_results(split: str) -> list[Result]:
    """Every reader version's figures on a split, by date and version; those of matching are others' to read."""
    paths = sorted(path for path in RESULTS.glob(f"*.{split}.json") if not path.name.startswith("matching-"))
    found = [Result(**json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    return sorted(found, key=lambda one: (one.date, one.version))


def is_of_now(version: str, versions: Sequence[str]) -> bool:
    """Whether a version is the newest of ``versions`` (the last), or differs from it by its embeddings or its judge alone."""

    def rules(name: str) -> list[str]:
        return [part for part in name.split("+") if not part.startswith(("e5", "match-"))]

    return rules(version) == rules(versions[-1])


def compare(old: Result, new: Result) -> list[list[str]]:
    """Field by field: both shares, and how many notices the new version mended and broke."""
    rows = []
    for name in _ordered(new.fields):
        one, two = old.fields.get(name), new.fields[name]
        if one is None:
            continue
        before, after = set(one["errors"]), set(two["errors"])
        rows.append([name, _percent(one), _percent(two), f"+{len(before - after)}", f"-{len(after - before)}"])
    return rows


def _ordered(fields: Iterable[str]) -> list[str]:
    names = list(fields)
    return sorted(
        names, key=lambda name: (name.startswith("type: "), _SHOWN.index(name) if name in _SHOWN else 99, name)
    )


def _percent(figures: dict[str, Any]) -> str:
    return f"{100 * figures['right'] / max(1, figures['of']):.1f}"


def _interval(right: int, of: int) -> str:
    low, high = wilson(right, of)
    return f"{100 * low:.1f}–{100 * high:.1f}"


def rows_of(result: Result) -> list[list[str]]:
    """One row a field: share, 95 % interval, right of how many, missed, wrong, invented."""
    return [
        [
            name,
            _percent(f := result.fields[name]),
            _interval(f["right"], f["of"]),
            f"{f['right']}/{f['of']}",
            str(f["missed"]),
            str(f["wrong"]),
            str(f["invented"]),
        ]
        for name in _ordered(result.fields)
    ]


def headline(result: Result) -> list[list[str]]:
    """The figures that have goals: name, value, 95 % interval, goal, reached or not."""
    s, fields = result.summary, result.fields
    positives = result.positives
    rows = [
        _row("type, macro over nine types", s["macro_type"], (s["macro_low"], s["macro_high"]), 0.92),
        _row("is an opportunity, F1", s["f1"], (s["f1_low"], s["f1_high"]), 0.95),
        _share("deadlines of a notice, all exact", fields["deadlines"], 0.90),
        _share("home eligibility", fields["home_eligible"], 0.90),
        _at_most("wrong yes on home eligibility", int(s["wrong_yes"]), positives, 0.01),
        _share("amounts (currency, least, most, total)", fields["amounts"], 0.90),
        _share("facts grounded in quotes", {"right": int(s["grounded"]), "of": int(s["facts"])}, 1.0),
    ]
    if golden := result.extra.get("golden"):
        rows.insert(3, _share("golden closing dates, exact", golden, 0.97))
    for name, told, goal in (
        ("sdg_benchmark", "SDG, public benchmark in English, macro accuracy", 0.83),
        ("sdg_es", "SDG, own Spanish texts, first goal right (macro)", None),
    ):
        if name in result.extra:
            rows.append(_row(told, result.extra[name]["macro"], result.extra[name].get("interval"), goal))
    return rows


def _row(name: str, value: float, interval: Any, goal: float | None) -> list[str]:
    told = f"{100 * interval[0]:.1f}–{100 * interval[1]:.1f}" if interval else ""
    return [name, f"{100 * value:.1f}", told, f"≥ {100 * goal:g}" if goal else "—", _reached(value, goal)]


def _reached(value: float, goal: float | None) -> str:
    if goal is None:
        return ""
    return "yes" if value >= goal else f"no, by {100 * (goal - value):.1f}"


def _share(name: str, figures: dict[str, Any], goal: float) -> list[str]:
    value = figures["right"] / max(1, figures["of"])
    return [
        name,
        f"{100 * value:.1f}",
        _interval(figures["right"], figures["of"]),
        f"≥ {100 * goal:g}",
        _reached(value, goal),
    ]


def _at_most(name: str, count: int, of: int, goal: float) -> list[str]:
    value = count / max(1, of)
    told = "yes" if value <= goal else f"no, by {100 * (value - goal):.1f}"
    return [name, f"{100 * value:.1f}", _interval(count, of), f"≤ {100 * goal:g}", told]


def markdown(rows: list[list[str]], heads: list[str]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(heads) + " |", "|" + " --- |" * len(heads)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
