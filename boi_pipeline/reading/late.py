"""Expressions that take long to compile (some 20 ms and more), compiled when they are first used.

A run that reads nothing new, and most commands, import the readers and never search a text. An expression that compiles
quickly is compiled where it stands.
"""

import re
from functools import cached_property
from typing import Any, cast

_KNOWN: list["_Late"] = []


class _Late:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.compiled, name)
        setattr(self, name, found)  # from now on it is found without asking here
        return found


def late(pattern: str) -> re.Pattern[str]:
    """What ``re.compile`` gives for this expression, as soon as something is asked of it. An error shows then."""
    _KNOWN.append(_Late(pattern))
    return cast(re.Pattern[str], _KNOWN[-1])


def compile_all() -> None:
    """Compile all that wait, in a process that others are forked from."""
    for one in _KNOWN:
        _ = one.compiled
