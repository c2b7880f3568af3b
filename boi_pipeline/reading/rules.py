"""How a judgement of many cases is written: small rules of one case, in order; the first that answers decides.

Each rule is a function named after what it recognises; its docstring shows a sentence it is for. A stage of a judgement
is a tuple of its own. What the rules of one judgement ask of a case belongs to the judgement's own module.
"""

from collections.abc import Callable
from typing import TypeVar

Case = TypeVar("Case")
Answer = TypeVar("Answer")


def first_answer(rules: tuple[Callable[[Case], Answer | None], ...], case: Case) -> Answer | None:
    """What the first rule that has an answer for ``case`` says; None where none has."""
    for rule in rules:
        answer = rule(case)
        if answer is not None:
            return answer
    return None
