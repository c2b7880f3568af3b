"""Charts that the suite's sets show are drawn once: Vega takes a CPU second to start, and most sets show the same.

A test module that is about the drawing says ``REAL_PICTURES = True``.
"""

import hashlib
import os
from pathlib import Path

from boi_pipeline.warehouse.dashboard.drawing import Pen

FOLDER = "TEST_PICTURES"  # the environment's name for where they are kept: all workers and their forks share them
_REAL = Pen._drawn


def drawn_once(pen: Pen, specification: str) -> str:
    """What stands for ``Pen._drawn``."""
    kept = Path(os.environ[FOLDER]) / hashlib.sha256(specification.encode()).hexdigest()
    if not kept.exists():
        new = kept.with_suffix(f".{os.getpid()}")
        new.write_text(_REAL(pen, specification), encoding="utf-8")
        new.rename(kept)
    return kept.read_text(encoding="utf-8")
