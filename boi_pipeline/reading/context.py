"""What readers are given besides the notice: the home country, the languages read, the vocabularies. Nothing of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass

from boi_pipeline.entity import Entity, Vocabulary


@dataclass(frozen=True)
class ReadingContext:
    """What readers are given besides the notice. Picklable; two contexts of one hash are the same."""

    home_country: str  # ISO 3166-1 alpha-2
    languages: tuple[str, ...]
    vocabularies: Mapping[str, Vocabulary]
    context_hash: str

    def __hash__(self) -> int:
        return hash(self.context_hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReadingContext) and other.context_hash == self.context_hash

    def terms(self, vocabulary: str) -> list[str]:
        """The codes of a vocabulary, in its order; empty where the entity has none of that name."""
        found = self.vocabularies.get(vocabulary)
        return list(found.terms) if found else []


def context_of(entity: Entity) -> ReadingContext:
    """The context of an entity's readings."""
    return ReadingContext(
        entity.file.country, tuple(entity.file.languages), dict(entity.vocabularies), entity.context_hash
    )
