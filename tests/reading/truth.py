"""How far readings agree with what a careful person read on the same pages (``tests/sample/truth.yml``), field by field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from boi_pipeline.records import Reading
from scrapers.notice import Notice


@dataclass
class Score:
    """One field: items where the truth says something, how many were read so, and what went wrong."""

    asked: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 1.0


@dataclass
class Report:
    """Scores by field, and the worst error apart: items read as eligible from home that are not known to be."""

    fields: dict[str, Score]
    wrong_yes: list[str]

    def table(self) -> str:
        lines = [f"{'field':24}{'right':>7}{'asked':>7}{'share':>8}"]
        lines += [f"{name:24}{s.right:7}{s.asked:7}{s.share:8.2f}" for name, s in self.fields.items()]
        return "\n".join([*lines, f"wrong yes: {self.wrong_yes or 'none'}"])


def _instant(day: date, hour: time | None, zone: str | None) -> tuple[date, str]:
    """A deadline as compared: its day, and its instant where an hour and a zone are printed, else its hour."""
    if hour is None:
        return day, ""
    stamp = datetime.combine(day, hour)
    return day, stamp.replace(tzinfo=ZoneInfo(zone)).astimezone(
        ZoneInfo("UTC")
    ).isoformat() if zone else hour.isoformat()


def _true_deadlines(entry: Mapping[str, Any], notice: Notice) -> list[Any]:
    found = []
    for d in entry.get("deadlines", []):
        hour = time.fromisoformat(d["time"]) if d.get("time") else None
        found.append((*_instant(d["date"], hour, d.get("zone") or notice.timezone), d.get("stage", "application")))
    return sorted(found)


def _read_deadlines(reading: Reading) -> list[Any]:
    return sorted((*_instant(d.close_date, d.close_time, d.timezone), d.stage) for d in reading.deadlines)


def _same_name(told: str, read: str | None) -> bool:
    one, two = " ".join(told.lower().split()), " ".join((read or "").lower().split())
    return bool(two) and (one == two or one in two or two in one)


_SIMPLE = {
    "is_opportunity": "is_opportunity",
    "opportunity_type": "opportunity_type",
    "close_model": "close_model",
    "currency": "currency",
    "min_amount": "min_award_amount",
    "max_amount": "max_award_amount",
    "total_amount": "total_amount_available",
    "home_eligible": "home_eligible",
    "apply_url": "apply_url",
    "number": "opportunity_number",
    "application_fee": "application_fee",
}
_LISTS = {
    "applicant_types": "accepted_applicant_types",
    "audiences": "audiences",
    "isced_levels": "isced_levels",
    "coverage": "coverage",
}
_WHERE_OPPORTUNITY = {"is_opportunity"}


def score(pairs: Iterable[tuple[Notice, Reading]], truth: Mapping[str, Mapping[str, Any]]) -> Report:
    """Compare readings with the truth of their items (``expected_items(day)``). Items without a truth are left out."""
    fields: dict[str, Score] = {}
    wrong_yes = []

    def count(name: str, item: str, right: bool, told: Any, read: Any) -> None:
        one = fields.setdefault(name, Score())
        one.asked += 1
        one.right += right
        if not right:
            one.wrong.append(f"{item}: truth {told!r}, read {read!r}")

    for notice, reading in pairs:
        entry = truth.get(notice.item_id)
        if entry is None:
            continue
        item = notice.item_id
        for name, attribute in _SIMPLE.items():
            if entry["is_opportunity"] is False and name not in _WHERE_OPPORTUNITY:
                continue
            told, read = entry.get(name), getattr(reading, attribute)
            count(name, item, told == (float(read) if "amount" in name and read is not None else read), told, read)
        if entry["is_opportunity"] is False:
            continue
        if reading.home_eligible == "yes" and entry.get("home_eligible") != "yes":
            wrong_yes.append(item)
        told, read = _true_deadlines(entry, notice), _read_deadlines(reading)
        count("deadlines (day)", item, [d[0] for d in told] == [d[0] for d in read], told, read)
        count("deadlines (instant)", item, [d[:2] for d in told] == [d[:2] for d in read], told, read)
        count("deadlines (stage too)", item, told == read, told, read)
        for name, attribute in _LISTS.items():
            asked, got = set(entry.get(name, [])), set(getattr(reading, attribute))
            count(name, item, asked == got, sorted(asked), sorted(got))
        if entry.get("funder_name"):
            count(
                "funder_name",
                item,
                _same_name(entry["funder_name"], reading.funder_name),
                entry["funder_name"],
                reading.funder_name,
            )
        if entry.get("sdg_main"):
            count("sdg_main", item, entry["sdg_main"] in reading.sdg_goals[:1], entry["sdg_main"], reading.sdg_goals)
            count("sdg_main (any)", item, entry["sdg_main"] in reading.sdg_goals, entry["sdg_main"], reading.sdg_goals)
        flags = set(reading.red_flags) - {"aggregator_deadline"}
        count(
            "red_flags",
            item,
            flags == set(entry.get("red_flags", [])),
            sorted(entry.get("red_flags", [])),
            sorted(flags),
        )
    order: Callable[[str], int] = lambda name: list(_SIMPLE).index(name) if name in _SIMPLE else 99  # noqa: E731
    return Report(dict(sorted(fields.items(), key=lambda pair: order(pair[0]))), wrong_yes)
