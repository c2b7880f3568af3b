"""Where a post is, as a person told it: posts sent before do not say."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; what is kept stays as it is."""
    op.add_column("publication_states", sa.Column("address", sa.Text))
