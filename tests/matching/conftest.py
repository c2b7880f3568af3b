from datetime import UTC, datetime, timedelta
from typing import Any

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.records import Action, Decision

DAY = datetime(2026, 11, 23, 11, tzinfo=UTC)


def item(name: str, **fields: Any) -> MatchItem:
    """An announcement ``source/key``; ``day`` says when it was first seen, counted from the first day."""
    closing = fields.pop("close_date", None)
    given = {
        "item_id": name,
        "source_id": name.split("/")[0],
        "title": f"Title of {name}",
        "text_sha256": f"text of {name}",
        "first_seen_at": DAY + timedelta(days=fields.pop("day", 0)),
        "language": "es",
        "deadlines": (closing,) if closing else (),
        **fields,
    }
    return MatchItem(**given)


def answer(seq: int, action: Action, *items: str) -> Decision:
    return Decision(seq=seq, decision_id=f"d{seq}", action=action, item_ids=list(items), role="editor", decided_at=DAY)
