"""The ledger's tables as SQLAlchemy sees them: one a record of ``boi_pipeline.records``, with portable types only.

How a database gets these tables is written down in ``migrations/``; a test keeps the two equal. Reading and writing
belong to ``ledger``.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import BaseModel
from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    IdentityItem,
    Publication,
    PublicationState,
    Redirect,
    Snapshot,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored as UTC whatever the database knows of zones; a datetime without a zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the database UTC; databases without zones get it bare."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone; expected an instant in UTC")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the program UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData()


def _seq() -> Column[int]:
    return Column("seq", BigInteger, primary_key=True, autoincrement=False)


sequence = Table(
    "ledger_sequence",
    metadata,
    Column("id", Integer, CheckConstraint("id = 1", name="ck_ledger_sequence_one_row"), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

identities = Table(
    "identities",
    metadata,
    _seq(),
    Column("opportunity_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("anchor_item_id", Text, nullable=False),
    Column("minted_at", UtcDateTime, nullable=False),
    UniqueConstraint("opportunity_id", name="uq_identities_opportunity_id"),
    UniqueConstraint("code", name="uq_identities_code"),
)

identity_items = Table(
    "identity_items",
    metadata,
    _seq(),
    Column("item_id", Text, nullable=False),
    Column("opportunity_id", Text, ForeignKey("identities.opportunity_id"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("linked_at", UtcDateTime, nullable=False),
    Index("ix_identity_items_item_id", "item_id"),
)

redirects = Table(
    "redirects",
    metadata,
    _seq(),
    Column("from_opportunity_id", Text, ForeignKey("identities.opportunity_id"), nullable=False),
    Column("to_opportunity_id", Text, ForeignKey("identities.opportunity_id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

snapshots = Table(
    "snapshots",
    metadata,
    _seq(),
    Column("snapshot_sha256", Text, nullable=False),
    Column("opportunity_id", Text, ForeignKey("identities.opportunity_id"), nullable=False),
    Column("content", Text, nullable=False),
    UniqueConstraint("snapshot_sha256", name="uq_snapshots_snapshot_sha256"),
)

decisions = Table(
    "decisions",
    metadata,
    _seq(),
    Column("decision_id", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("opportunity_id", Text, ForeignKey("identities.opportunity_id")),
    Column("item_ids", JSON, nullable=False),
    Column("role", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("changed", Text, nullable=False),
    Column("seconds_spent", Integer),
    Column("snapshot_sha256", Text),
    Column("edit_share", Float),
    UniqueConstraint("decision_id", name="uq_decisions_decision_id"),
    Index("ix_decisions_opportunity_id", "opportunity_id"),
)

editions = Table(
    "editions",
    metadata,
    _seq(),
    Column("edition_id", Text, nullable=False),
    Column("edition_date", Date, nullable=False),
    Column("closed_at", UtcDateTime, nullable=False),
    Column("label", Text, nullable=False),
    UniqueConstraint("edition_id", name="uq_editions_edition_id"),
)

publications = Table(
    "publications",
    metadata,
    _seq(),
    Column("publication_id", Text, nullable=False),
    Column("edition_id", Text, ForeignKey("editions.edition_id"), nullable=False),
    Column("opportunity_id", Text, ForeignKey("identities.opportunity_id"), nullable=False),
    Column("code", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("snapshot_sha256", Text, ForeignKey("snapshots.snapshot_sha256"), nullable=False),
    Column("published_at", UtcDateTime, nullable=False),
    UniqueConstraint("publication_id", name="uq_publications_publication_id"),
)

publication_states = Table(
    "publication_states",
    metadata,
    _seq(),
    Column("publication_id", Text, ForeignKey("publications.publication_id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("detail", Text, nullable=False),
    Column("address", Text),
    Index("ix_publication_states_publication_id", "publication_id"),
)


@dataclass(frozen=True)
class Kept:
    """Where a record is kept, and which of its columns says when it happened (None: when what names it happened)."""

    table: Table
    time_column: str | None


TABLES: dict[type[BaseModel], Kept] = {
    Identity: Kept(identities, "minted_at"),
    IdentityItem: Kept(identity_items, "linked_at"),
    Redirect: Kept(redirects, "at"),
    Snapshot: Kept(snapshots, None),
    Decision: Kept(decisions, "decided_at"),
    Edition: Kept(editions, "closed_at"),
    Publication: Kept(publications, "published_at"),
    PublicationState: Kept(publication_states, "at"),
}
"""Every record the ledger keeps. All are append-only: triggers refuse UPDATE and DELETE."""
