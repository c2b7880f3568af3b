"""The Dagster code location: loads what is in ``defs/``."""

from pathlib import Path

import dagster as dg

from boi_pipeline.defs.shared import location


@dg.definitions
def defs() -> dg.Definitions:
    """Everything Dagster sees of the entity named in the environment."""
    location()  # a file that a person wrote wrong is told of here, not inside a tree of modules
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
