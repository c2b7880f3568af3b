"""The Dagster code location: loads what is in ``defs/``."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Everything Dagster sees of the entity named in the environment."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
