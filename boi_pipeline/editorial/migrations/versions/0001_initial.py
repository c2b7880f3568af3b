"""The ledger's first tables, and the triggers that keep them append-only.

A migration is history: it repeats what ``schema`` says today so that it still says it when ``schema`` has moved on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = (
    "identities",
    "identity_items",
    "redirects",
    "snapshots",
    "decisions",
    "editions",
    "publications",
    "publication_states",
)
NOT_APPROVED = """NOT EXISTS (
    SELECT 1 FROM decisions
    WHERE decisions.action = 'approve'
      AND decisions.opportunity_id = NEW.opportunity_id
      AND decisions.snapshot_sha256 = NEW.snapshot_sha256
)"""


def upgrade() -> None:
    """Create tables and triggers."""
    _tables()
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def _seq() -> sa.Column[int]:
    return sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False)


def _text(name: str, references: str | None = None, *, nullable: bool = False) -> sa.Column[str]:
    keys = [sa.ForeignKey(references)] if references else []
    return sa.Column(name, sa.Text, *keys, nullable=nullable)


def _tables() -> None:
    one_row = sa.CheckConstraint("id = 1", name="ck_ledger_sequence_one_row")
    sequence = op.create_table(
        "ledger_sequence",
        sa.Column("id", sa.Integer, one_row, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(sequence, [{"id": 1, "value": 0}])
    op.create_table(
        "identities",
        _seq(),
        _text("opportunity_id"),
        _text("code"),
        _text("anchor_item_id"),
        sa.Column("minted_at", INSTANT, nullable=False),
        sa.UniqueConstraint("opportunity_id", name="uq_identities_opportunity_id"),
        sa.UniqueConstraint("code", name="uq_identities_code"),
    )
    op.create_table(
        "identity_items",
        _seq(),
        _text("item_id"),
        _text("opportunity_id", "identities.opportunity_id"),
        _text("reason"),
        sa.Column("linked_at", INSTANT, nullable=False),
    )
    op.create_index("ix_identity_items_item_id", "identity_items", ["item_id"])
    op.create_table(
        "redirects",
        _seq(),
        _text("from_opportunity_id", "identities.opportunity_id"),
        _text("to_opportunity_id", "identities.opportunity_id"),
        _text("kind"),
        sa.Column("at", INSTANT, nullable=False),
    )
    op.create_table(
        "snapshots",
        _seq(),
        _text("snapshot_sha256"),
        _text("opportunity_id", "identities.opportunity_id"),
        _text("content"),
        sa.UniqueConstraint("snapshot_sha256", name="uq_snapshots_snapshot_sha256"),
    )
    op.create_table(
        "decisions",
        _seq(),
        _text("decision_id"),
        _text("action"),
        _text("opportunity_id", "identities.opportunity_id", nullable=True),
        sa.Column("item_ids", sa.JSON, nullable=False),
        _text("role"),
        sa.Column("decided_at", INSTANT, nullable=False),
        _text("reason"),
        _text("proposed"),
        _text("changed"),
        sa.Column("seconds_spent", sa.Integer),
        _text("snapshot_sha256", nullable=True),
        sa.UniqueConstraint("decision_id", name="uq_decisions_decision_id"),
    )
    op.create_index("ix_decisions_opportunity_id", "decisions", ["opportunity_id"])
    op.create_table(
        "editions",
        _seq(),
        _text("edition_id"),
        sa.Column("edition_date", sa.Date, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=False),
        _text("label"),
        sa.UniqueConstraint("edition_id", name="uq_editions_edition_id"),
    )
    op.create_table(
        "publications",
        _seq(),
        _text("publication_id"),
        _text("edition_id", "editions.edition_id"),
        _text("opportunity_id", "identities.opportunity_id"),
        _text("code"),
        _text("channel"),
        sa.Column("position", sa.Integer, nullable=False),
        _text("snapshot_sha256", "snapshots.snapshot_sha256"),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.UniqueConstraint("publication_id", name="uq_publications_publication_id"),
    )
    op.create_table(
        "publication_states",
        _seq(),
        _text("publication_id", "publications.publication_id"),
        _text("state"),
        sa.Column("at", INSTANT, nullable=False),
        _text("detail"),
    )
    op.create_index("ix_publication_states_publication_id", "publication_states", ["publication_id"])


def _sqlite_triggers() -> None:
    for table in APPEND_ONLY:
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{action.lower()} BEFORE {action} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {table}'); END"
            )
    op.execute(
        "CREATE TRIGGER ledger_sequence_forward BEFORE UPDATE ON ledger_sequence WHEN NEW.value < OLD.value "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: ledger_sequence'); END"
    )
    op.execute(
        "CREATE TRIGGER ledger_sequence_no_delete BEFORE DELETE ON ledger_sequence "
        "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: ledger_sequence'); END"
    )
    op.execute(
        f"CREATE TRIGGER publications_need_approval BEFORE INSERT ON publications WHEN {NOT_APPROVED} "
        "BEGIN SELECT RAISE(ABORT, 'no approve decision for this snapshot'); END"
    )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is append-only: %', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
        )
    op.execute(
        "CREATE TRIGGER ledger_sequence_forward BEFORE UPDATE ON ledger_sequence FOR EACH ROW "
        "WHEN (NEW.value < OLD.value) EXECUTE FUNCTION ledger_append_only()"
    )
    op.execute(
        "CREATE TRIGGER ledger_sequence_no_delete BEFORE DELETE OR TRUNCATE ON ledger_sequence "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only()"
    )
    op.execute(
        "CREATE FUNCTION ledger_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {NOT_APPROVED} THEN RAISE EXCEPTION 'no approve decision for this snapshot'; END IF; "
        "RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER publications_need_approval BEFORE INSERT ON publications "
        "FOR EACH ROW EXECUTE FUNCTION ledger_needs_approval()"
    )
