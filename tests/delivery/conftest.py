"""An edition that was approved and closed, on several channels, and what a composer would make of it."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from boi_pipeline.delivery.message import Composed, Message
from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import ApprovedCall, close_edition
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import snapshot_hash
from boi_pipeline.entity import EditionRules
from boi_pipeline.records import Publication
from tests.editorial.conftest import AT, any_url, postgres, public, register  # noqa: F401 two of them are fixtures

DAY = date(2026, 11, 23)
CHANNELS = ("site", "x", "whatsapp", "email")


def close_with(ledger: Ledger, *numbers: int, day: date = DAY) -> list[Publication]:
    """Approve the n-th made-up calls and close the day's edition with them."""
    register(ledger, *numbers)
    for number in numbers:
        review.approve(ledger, public(number), review.Said("editor", AT))
    calls = [
        ApprovedCall(public(n).opportunity_id, snapshot_hash(public(n)), True, 20 + n, "official") for n in numbers
    ]
    rules = EditionRules(minimum=1, maximum=7)
    return close_edition(ledger, day, AT, calls, rules, lambda _: True, CHANNELS).publications


def compose(publications: Sequence[Publication]) -> Composed:
    """One message a publication; of e-mail, one an edition."""
    groups: dict[str, list[Publication]] = {}
    for one in publications:
        key = one.edition_id if one.channel == "email" else one.publication_id
        groups.setdefault(key, []).append(one)
    messages = [
        Message(
            channel=group[0].channel,
            edition_id=group[0].edition_id,
            publication_ids=[one.publication_id for one in group],
            body="; ".join(f"Beca {one.code}" for one in group),
        )
        for group in groups.values()
    ]
    return Composed(messages)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'ledger.db'}"


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as opened:
        yield opened


def states(ledger: Ledger, channel: str | None = None) -> dict[str, str]:
    """``channel/code`` → state."""
    return {
        one.publication_id.partition("/")[2].replace("PAL-2026-0000", ""): one.state
        for one in ledger.rows(Publication)
        if channel in (None, one.channel)
    }
