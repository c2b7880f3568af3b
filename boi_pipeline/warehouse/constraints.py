"""What the checks of a table guarantee of its published rows, in the terms that schemas share: required, unique, terms.

Only errors count: a row that fails one is not published. A check that looks at some rows alone guarantees nothing of all.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from boi_pipeline.warehouse.checks import Vocabularies
from boi_pipeline.warehouse.contract import Model


@dataclass(frozen=True)
class Constraints:
    """What holds of every published row of a table."""

    required: Set[str] = frozenset()
    unique: Set[str] = frozenset()
    terms: Mapping[str, frozenset[str]] = field(default_factory=dict)  # column → the codes it may have
    references: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # column → layer.table and its column


def constraints_of(model: Model, vocabularies: Vocabularies) -> Constraints:
    """What the checks and the key of a table guarantee."""
    certain = [check for check in model.checks if check.severity == "error" and check.where is None]
    references = {}
    for check in certain:
        if check.kind == "references":
            table, _, column = check.argument.rpartition(".")
            references[check.columns[0]] = (table, column)
    return Constraints(
        required=frozenset(model.grain)
        | {one for check in certain if check.kind == "not_null" for one in check.columns},
        unique=frozenset(check.columns[0] for check in certain if check.kind == "unique" and len(check.columns) == 1),
        terms={
            check.columns[0]: vocabularies[check.argument]
            for check in certain
            if check.kind == "in_vocabulary" and check.argument in vocabularies
        },
        references=references,
    )
