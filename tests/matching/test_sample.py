"""On the sample's pages, read as a careful person reads them, the right announcements come together on both days."""

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.match import match_items
from boi_pipeline.matching.register import assign
from boi_pipeline.records import Identity, IdentityItem, Redirect

ROOT = Path(__file__).resolve().parents[2]
DAYS = (date(2026, 11, 23), date(2026, 11, 24))


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def truth() -> list[dict[str, Any]]:
    """What a person reads on every page that is an item: round-ups count by their parts."""
    entries = read(ROOT / "tests" / "sample" / "truth.yml")["items"]
    return [entry for entry in entries if "round_up" not in (entry.get("tags") or [])]


def items_of(day: date) -> list[MatchItem]:
    sources = ROOT / "entities" / "sample" / "sources"
    authority = {source["id"]: source.get("authority", "aggregator") for source in map(read, sources.glob("*.y*ml"))}
    made = []
    for entry in truth():
        first = date.fromisoformat(str(entry["first_day"]))
        later = entry.get("day2") or {}
        now = {**entry, **later} if day == DAYS[1] else entry
        if first > day or now.get("gone"):
            continue
        source_id, key = entry["item"].split("/", 1)
        closing = [date.fromisoformat(str(one["date"])) for one in now.get("deadlines") or [] if one.get("date")]
        made.append(
            MatchItem(
                item_id=entry["item"],
                source_id=source_id,
                title=now["title"],
                text_sha256=entry["item"],
                first_seen_at=datetime.combine(first, time(11), UTC),
                language=entry["language"],
                authority=authority[source_id],
                funder_name=now.get("funder_name"),
                opportunity_number=now.get("number"),
                url=entry["url"],
                apply_url=now.get("apply_url"),
                deadlines=tuple(sorted(set(closing))),
                parent_key=key.rsplit("#", 1)[0] if "#" in key else None,
            )
        )
    return made


@pytest.mark.parametrize("day", DAYS)
def test_the_samples_duplicates_are_joined_and_nothing_else_is(day: date) -> None:
    items = items_of(day)
    here = {one.item_id for one in items}
    first = {entry["item"]: entry.get("duplicate_of") or entry["item"] for entry in truth()}
    wanted: dict[str, set[str]] = {}
    for item_id in here:
        wanted.setdefault(first[item_id], set()).add(item_id)
    got = match_items(items)
    assert {frozenset(cluster.item_ids) for cluster in got.clusters} == {frozenset(one) for one in wanted.values()}
    assert any(len(cluster.items) > 2 for cluster in got.clusters)
    editions = {
        (first[entry["item"]], first[entry["previous_edition_of"]])
        for entry in truth()
        if entry.get("previous_edition_of") and entry["item"] in here
    }
    assert {(first[one.older], first[one.newer]) for one in got.relations} == editions
    assert got.conflicts == []


def test_the_register_of_both_days_is_kept_by_the_ledger_and_gives_the_same_ids_again(tmp_path: Path) -> None:
    with Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}") as ledger:
        placed: dict[str, str] = {}
        for day in DAYS:
            at = datetime.combine(day, time(21), UTC)
            clusters = match_items(items_of(day)).clusters
            for turn in range(2):
                register = ledger.rows(Identity), ledger.rows(IdentityItem), ledger.rows(Redirect)
                change = assign(clusters, *register, at, "PAL")
                assert (not change.records) == bool(turn)
                ledger.append(change.records)
            assert {name: change.opportunity_of.get(name, was) for name, was in placed.items()} == placed
            placed.update(change.opportunity_of)
        codes = [row.code for row in ledger.rows(Identity)]
        assert codes == [f"PAL-2026-{number:05d}" for number in range(1, len(codes) + 1)]
