"""What the published sets that are kept tell of what is usual: rows of a table, shares of rows that failed a check.

Checks compare today with the median of these sets, so that a slow fall shows as well as a sudden one. Writing sets
belongs to ``publication``.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import pyarrow.parquet as pq


@dataclass(frozen=True)
class History:
    """The median of the sets published before; empty where there is none."""

    rows: Mapping[str, int] = field(default_factory=dict)  # table → rows
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # table → check → share of failing rows


def history_of(published: Path, as_of: datetime | None = None) -> History:
    """The history that the kept sets of a ``published`` folder tell at ``as_of`` (None: all of them).

    Shares are those of earlier instants only: a run that is done again compares with what it compared with at first.
    """
    rows: dict[str, list[int]] = {}
    shares: dict[str, dict[str, list[float]]] = {}
    for folder, manifest in _sets(published):
        built_for = datetime.fromisoformat(manifest["as_of"])
        if as_of is not None and built_for > as_of:
            continue
        for table, count in _rows(manifest).items():
            rows.setdefault(table, []).append(count)
        for result in _results(folder) if as_of is None or built_for < as_of else []:
            if result["row_count"]:
                of_table = shares.setdefault(result["table_name"], {})
                of_table.setdefault(result["check_name"], []).append(result["failed_count"] / result["row_count"])
    return History(
        {table: int(median(counts)) for table, counts in rows.items()},
        {table: {name: median(found) for name, found in checks.items()} for table, checks in shares.items()},
    )


def _sets(published: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted(published.glob("sets/*/manifest.json")):
        yield path.parent, json.loads(path.read_text(encoding="utf-8"))


def _rows(manifest: dict[str, Any]) -> dict[str, int]:
    found: dict[str, int] = {}
    for file in manifest["files"].values():
        if table := file.get("table"):  # not of a file that is no table
            found[table] = max(file["rows"], found.get(table, 0))
    return found


def _results(folder: Path) -> list[dict[str, Any]]:
    path = folder / "powerbi" / "check_results.parquet"
    if not path.is_file():
        return []
    return pq.read_table(path, columns=["table_name", "check_name", "row_count", "failed_count"]).to_pylist()
