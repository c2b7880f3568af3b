from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from boi_pipeline.matching.items import MatchItem
from boi_pipeline.matching.neighbours import Embedding
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


def _spelt(text: str) -> npt.NDArray[np.float32]:
    """How often each letter comes: a stand-in for a model of meaning."""
    counts = np.array([text.lower().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"], np.float32) + 0.1
    return counts / np.float32(np.linalg.norm(counts))


SPELLING = Embedding("letters", _spelt)
