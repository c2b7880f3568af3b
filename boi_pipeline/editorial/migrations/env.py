"""How Alembic reaches the ledger: through the connection, already locked, that ``Ledger.open`` hands over.

``alembic revision`` needs no database; migrations themselves are never run from Alembic's own command.
"""

from alembic import context

from boi_pipeline.editorial.schema import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("migrations run through boi_pipeline.editorial.ledger.Ledger.open(url)")
context.configure(connection=connection, target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
