"""The ground truth of the sample's web as data, for whoever tests a reader or a matcher against it."""

from datetime import date
from pathlib import Path
from typing import Any

from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT
from scrapers.yamlfile import parse_yaml

ENTITY = load_entity(ROOT / "entities" / "sample")
DAYS = {"2026-11-23": ("day1",), "2026-11-24": ("day1", "day2")}
TRUTH_FILE = Path(__file__).parent / "truth.yml"
TRUTH: list[dict[str, Any]] = parse_yaml(TRUTH_FILE.read_text(encoding="utf-8"), TRUTH_FILE)["items"]


def state(entry: dict[str, Any], day: str) -> dict[str, Any] | None:
    """What is true of an entry on a day; None where it is not there (yet, or any more)."""
    if entry["first_day"] > date.fromisoformat(day):
        return None
    changed = entry.get("day2", {}) if day == "2026-11-24" else {}
    return None if changed.get("gone") else {**entry, **changed}


def expected_items(day: str) -> dict[str, dict[str, Any]]:
    """Item id → entry of every item there is on a day; a round-up post is none, its parts are."""
    return {entry["item"]: known for entry in TRUTH if "round_up" not in entry["tags"] and (known := state(entry, day))}
