"""What readers are given besides the notice: the home country, the languages read, the vocabularies. Nothing of the clock."""

from collections.abc import Mapping
from dataclasses import dataclass

from boi_pipeline.entity import Entity, Vocabulary
from boi_pipeline.records import canonical_json, sha256_hex

VOCABULARIES = {
    "opportunity_type": "opportunity_types",
    "funding_instrument": "funding_instruments",
    "attendance_mode": "attendance_modes",
    "accepted_applicant_types": "applicant_types",
    "audiences": "audiences",
    "isced_levels": "isced_levels",
    "funding_level": "funding_levels",
    "coverage": "coverage",
    "close_model": "close_models",
    "sdg_goals": "sdg_goals",
    "plan_objectives": "plan_objectives",
    "red_flags": "red_flags",
}
"""Field → the vocabulary its values are of."""
READ = frozenset(VOCABULARIES.values()) | {"country_groups", "deadline_stages"}
"""What readers see of an entity's vocabularies: a term of any other makes nothing be read again."""


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
    vocabularies = {name: one for name, one in entity.vocabularies.items() if name in READ}
    given = {
        "country": entity.file.country,
        "languages": entity.file.languages,
        "vocabularies": {name: one.model_dump() for name, one in vocabularies.items()},
    }
    return ReadingContext(
        entity.file.country, tuple(entity.file.languages), vocabularies, sha256_hex(canonical_json(given))
    )
