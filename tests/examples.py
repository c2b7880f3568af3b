"""How far a property is searched whose every example is dear (a warehouse built, days matched)."""

import os

from hypothesis import settings

FURTHER = 10


def dear(count: int) -> settings:
    """So many examples, the same each time; ten times as many, and others, in ``make search``."""
    is_search = os.environ.get("HYPOTHESIS_PROFILE") == "search"
    return settings(max_examples=count * FURTHER if is_search else count, deadline=None)
