"""Texts of a limited length from whole facts: each fact is said in full, in a shorter form of it, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One fact: its forms, best first. The last is its least; ``""`` as the last says that it may be left out."""

    forms: tuple[str, ...]
    rank: int = 0  # who is served first where room is short
    before: str = "\n"  # what parts it from what stands before it


def optional(*forms: str, rank: int, before: str = "\n") -> Part:
    """A fact that may be left out."""
    return Part((*forms, ""), rank, before)


def _joined(parts: Sequence[Part], chosen: Sequence[int]) -> str:
    text = ""
    for part, form in zip(parts, chosen, strict=True):
        if words := part.forms[form]:
            text += (part.before if text else "") + words
    return text


def fitted(parts: Sequence[Part], limit: int, count: Callable[[str], int]) -> str:
    """The parts in their order, each in the best form for which there is room; nothing is ever cut.

    All start in their least form; by rank each takes the best form that still fits. Where even the least do not fit, the
    text is longer than ``limit``: whoever asked must look.
    """
    chosen = [len(part.forms) - 1 for part in parts]
    for place in sorted(range(len(parts)), key=lambda one: (parts[one].rank, one)):
        for form in range(chosen[place]):
            tried = [*chosen[:place], form, *chosen[place + 1 :]]
            if count(_joined(parts, tried)) <= limit:
                chosen = tried
                break
    return _joined(parts, chosen)
