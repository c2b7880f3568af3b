from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.records import Identity, IdentityItem, PublicOpportunity, opportunity_id
from tests.postgres import ON_POSTGRES, emptied, server

AT = datetime(2026, 11, 23, 21, tzinfo=UTC)
MakeCall = Callable[..., PublicOpportunity]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'home' / 'ledger.db'}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A database of PostgreSQL."""
    with server() as running:
        yield running


@pytest.fixture(params=["sqlite", ON_POSTGRES])
def any_url(request: pytest.FixtureRequest, url: str) -> str:
    """A ledger of each database; PostgreSQL's is emptied before."""
    return url if request.param == "sqlite" else emptied(request.getfixturevalue("postgres"))


@pytest.fixture
def ledger(url: str) -> Iterator[Ledger]:
    with Ledger.open(url) as opened:
        yield opened


def public(number: int = 1, **fields: Any) -> PublicOpportunity:
    """The public fields of the n-th made-up call."""
    return PublicOpportunity.model_validate(
        {
            "opportunity_id": opportunity_id(f"alfa/{number}"),
            "code": f"PAL-2026-{number:05d}",
            "title": f"Call {number}",
            "title_es": f"Beca {number}",
            "summary_es": "Una beca.",
            "eligibility_es": "Cualquier persona.",
            "opportunity_type": "scholarship",
            "source_url": f"https://alfa.example/{number}",
            "source_name": "Alfa",
            "language": "en",
            "apply_url": f"https://alfa.example/{number}/apply",
            "digital_source_type": "algorithmicMedia",
            **fields,
        }
    )


def register(ledger: Ledger, *numbers: int) -> None:
    """Mint the n-th made-up calls, each with its item ``alfa/n``."""
    for n in numbers:
        minted = Identity(
            seq=0,
            opportunity_id=opportunity_id(f"alfa/{n}"),
            code=f"PAL-2026-{n:05d}",
            anchor_item_id=f"alfa/{n}",
            minted_at=AT,
        )
        placed = IdentityItem(
            seq=0, item_id=f"alfa/{n}", opportunity_id=minted.opportunity_id, reason="alone", linked_at=AT
        )
        ledger.append([minted, placed])
