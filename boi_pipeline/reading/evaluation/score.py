"""Readings compared with what a careful person read: field by field, with 95 % intervals.

Pure functions of pairs; who reads, and how it is shown, belongs to others.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from boi_pipeline.reading.evaluation.labelled import LabelledNotice, TrueDeadline
from boi_pipeline.records import FACTS, Deadline, Reading
from scrapers.notice import Notice

_MONEY = ("currency", "min_award_amount", "max_award_amount", "total_amount_available")
_LISTS = ("host_countries", "accepted_applicant_types", "audiences", "eligible_regions", "isced_levels", "isced_fields", "required_languages",
          "coverage", "sdg_goals", "sdg_targets", "plan_objectives", "red_flags")  # fmt: skip
_PLAIN = ("funding_instrument", "opportunity_number", "funder_type", "funder_country", "attendance_mode", "home_eligible", "typical_age_range",
          "funding_level", "estimated_award_count", "cost_sharing_required", "application_fee", "close_model", "apply_url")  # fmt: skip
# Flags that follow from the source's authority, not from the page, are not labelled.
_NOT_LABELLED = {"red_flags": {"aggregator_deadline"}}


def wilson(right: int, of: int) -> tuple[float, float]:
    """The Wilson 95 % interval of a share; (0, 1) of nothing."""
    if of == 0:
        return 0.0, 1.0
    z, share = 1.959964, right / of
    centre = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, centre - half), min(1.0, centre + half)


def macro_interval(shares: Iterable[tuple[float, int]]) -> tuple[float, float]:
    """The 95 % interval of a mean of shares, each of how many; binomial errors, each share drawn in by a half."""
    drawn = [((share * of + 0.5) / (of + 1), of) for share, of in shares]
    mean = sum(share for share, _ in drawn) / len(drawn)
    half = 1.959964 * math.sqrt(sum(share * (1 - share) / of for share, of in drawn)) / len(drawn)
    return max(0.0, mean - half), min(1.0, mean + half)


def f1_interval(outcomes: Sequence[str]) -> tuple[float, float]:
    """The 95 % interval of F1 by 1,000 resamples of notices: each "true", "invented", "missed" or "rest"."""
    draw, found = random.Random(20261125), []  # noqa: S311 the same interval each time
    for _ in range(1000):
        seen = Counter(draw.choices(outcomes, k=len(outcomes)))
        found.append(2 * seen["true"] / max(1, 2 * seen["true"] + seen["invented"] + seen["missed"]))
    found.sort()
    return found[25], found[974]


@dataclass
class Share:
    """How many of how many, and which were not right: "id: truth …, read …"."""

    right: int = 0
    of: int = 0
    missed: int = 0  # the truth says something, the reader nothing
    wrong: int = 0  # both say something, not the same
    invented: int = 0  # the truth says nothing, the reader something
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def share(self) -> float:
        return self.right / self.of if self.of else 1.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.right, self.of)

    def count(self, key: str, truth: Any, read: Any, same: bool) -> None:
        """Count one notice."""
        self.of += 1
        if same:
            self.right += 1
            return
        nothing = (None, [], "unclear", False, ())
        kind = "missed" if read in nothing else "invented" if truth in nothing else "wrong"
        setattr(self, kind, getattr(self, kind) + 1)
        self.errors[key] = f"truth {truth!r}, read {read!r}"


@dataclass
class Scores:
    """What one reader is worth on one set."""

    notices: int = 0
    positives: int = 0
    f1: float = 0.0
    f1_interval: tuple[float, float] = (0.0, 1.0)
    precision: float = 0.0
    recall: float = 0.0
    unclear_opportunity: int = 0  # of all notices: left to a person
    unclear_type: int = 0  # of the positives
    macro_interval: tuple[float, float] = (0.0, 1.0)
    macro_type: float = 0.0  # mean over the types of the share of its notices read as it
    type_covered: Share = field(default_factory=Share)  # of the positives given a type
    by_type: dict[str, Share] = field(default_factory=dict)
    wrong_yes: list[str] = field(default_factory=list)
    fields: dict[str, Share] = field(default_factory=dict)
    facts: int = 0
    grounded: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


Pair = tuple[LabelledNotice, Notice, Reading]


def score(pairs: Iterable[Pair]) -> Scores:
    """Scores of readings. Fields are counted over the notices that are opportunities; null right where nothing is said."""
    found = Scores()
    outcomes: list[str] = []
    fields = found.fields
    for name in ("is_opportunity", "opportunity_type"):
        fields[name] = Share()
    for one, notice, reading in pairs:
        found.notices += 1
        _ground(found, notice, reading)
        told, read = one.truth.is_opportunity, reading.is_opportunity
        fields["is_opportunity"].count(one.id, told, read, told == read)
        found.unclear_opportunity += read is None
        outcomes.append(("true" if read is True else "missed") if told else ("invented" if read is True else "rest"))
        if told:
            found.positives += 1
            _count_fields(found, one, reading)
    seen = Counter(outcomes)
    found.precision = seen["true"] / max(1, seen["true"] + seen["invented"])
    found.recall = seen["true"] / max(1, seen["true"] + seen["missed"])
    found.f1 = 2 * seen["true"] / max(1, 2 * seen["true"] + seen["invented"] + seen["missed"])
    if found.positives:
        found.f1_interval = f1_interval(outcomes)
        found.macro_type = sum(share.share for share in found.by_type.values()) / len(found.by_type)
        found.macro_interval = macro_interval([(share.share, share.of) for share in found.by_type.values()])
    return found


def _ground(found: Scores, notice: Notice, reading: Reading) -> None:
    """Count the facts with a value, and those of which every quote stands in the text and one at least there is."""
    found.dropped.update(reading.dropped)
    for name in FACTS:
        if getattr(reading, name) in (None, [], "unclear"):
            continue
        proofs = [one for one in reading.evidence if one.field == name]
        found.facts += 1
        found.grounded += bool(proofs) and all(notice.text[one.start : one.end] == one.quote for one in proofs)


def _count_fields(found: Scores, one: LabelledNotice, reading: Reading) -> None:
    truth, fields = one.truth, found.fields

    def count(name: str, told: Any, read: Any, same: bool | None = None) -> None:
        fields.setdefault(name, Share()).count(one.id, told, read, told == read if same is None else same)

    kind = truth.opportunity_type or ""
    count("opportunity_type", kind, reading.opportunity_type)
    found.by_type.setdefault(kind, Share()).count(
        one.id, kind, reading.opportunity_type, kind == reading.opportunity_type
    )
    found.unclear_type += reading.opportunity_type is None
    if reading.opportunity_type is not None:
        found.type_covered.count(one.id, kind, reading.opportunity_type, kind == reading.opportunity_type)
    told, read = true_deadlines(truth.deadlines), read_deadlines(reading.deadlines)
    count("deadline days", [d[0] for d in told], [d[0] for d in read])
    count("deadlines", [d[:3] for d in told], [d[:3] for d in read], same_deadlines(truth.deadlines, reading.deadlines))
    count("deadline stages", [(d[0], d[3]) for d in told], [(d[0], d[3]) for d in read])
    money = [[_plain(getattr(side, name)) for name in _MONEY] for side in (truth, reading)]
    told_money, read_money = (values if any(values) else None for values in money)
    count("amounts", told_money, read_money)
    for name in _MONEY:
        count(name, _plain(getattr(truth, name)), _plain(getattr(reading, name)))
    for name in _PLAIN:
        count(name, getattr(truth, name), getattr(reading, name))
    for name in _LISTS:
        left, right = set(getattr(truth, name)), set(getattr(reading, name)) - _NOT_LABELLED.get(name, set())
        count(name, sorted(map(str, left)), sorted(map(str, right)))
    if truth.sdg_goals:
        count("sdg_goals (main)", truth.sdg_goals[0], next(iter(reading.sdg_goals), None))
    count("funder_name", truth.funder_name, reading.funder_name, _same_name(truth.funder_name, reading.funder_name))
    if reading.home_eligible == "yes" and truth.home_eligible != "yes":
        found.wrong_yes.append(one.id)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def _same_name(told: str | None, read: str | None) -> bool:
    """One name holds the other: with or without its article, its acronym, its country."""
    if told is None or read is None:
        return told == read
    one, two = " ".join(told.lower().split()), " ".join(read.lower().split())
    return one in two or two in one


def true_deadlines(deadlines: Sequence[TrueDeadline]) -> list[tuple[str, str, str, str]]:
    """Deadlines as compared and shown: day, hour, zone, stage; sorted."""
    return sorted((d.date.isoformat(), d.time or "", d.zone or "", d.stage) for d in deadlines)


def read_deadlines(deadlines: Sequence[Deadline]) -> list[tuple[str, str, str, str]]:
    """The same of a reading; the zone only where the text states it."""
    return sorted(
        (
            d.close_date.isoformat(),
            d.close_time.strftime("%H:%M") if d.close_time else "",
            (d.timezone or "") if d.basis == "stated" else "",
            d.stage,
        )
        for d in deadlines
    )


def same_deadlines(truth: Sequence[TrueDeadline], read: Sequence[Deadline]) -> bool:
    """Whether days, hours and zones are the same; zones of one offset on that day are one zone."""
    one, two = true_deadlines(truth), read_deadlines(read)
    return len(one) == len(two) and all(_same_deadline(a, b) for a, b in zip(one, two, strict=True))


def _same_deadline(one: tuple[str, str, str, str], two: tuple[str, str, str, str]) -> bool:
    if one[:2] != two[:2] or bool(one[2]) != bool(two[2]):
        return False
    if one[2] == two[2]:
        return True
    at = datetime.combine(datetime.fromisoformat(one[0]), time.fromisoformat(one[1]) if one[1] else time(12))
    return ZoneInfo(one[2]).utcoffset(at) == ZoneInfo(two[2]).utcoffset(at)
