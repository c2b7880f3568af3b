"""How much of the drafted text a person changed: decisions taken before do not say."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; what is kept stays as it is."""
    op.add_column("decisions", sa.Column("edit_share", sa.Float))
