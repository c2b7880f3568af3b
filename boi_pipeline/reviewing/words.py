"""Fields and values in the words an editor reads: labels of the contracts, terms of the vocabularies, both clocks."""

import functools
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

from boi_pipeline.editorial.amendments import VOCABULARY_OF
from boi_pipeline.entity import Entity
from boi_pipeline.publishing import spanish
from boi_pipeline.publishing.closing import as_day
from boi_pipeline.publishing.text import one_line
from boi_pipeline.records import ChannelText, PublicDeadline, PublicEvidence
from boi_pipeline.stages.run import MODELS

NOTHING = "—"
_AMOUNT = re.compile(r"\d+(\.\d+)?")
_OWN = {
    "deadlines": "Cierres",
    "channel_texts": "Textos de los canales",
    "drafting_tool": "Herramienta que redactó",
    "evidence": "Citas",
    "page": "La página",
    "is_opportunity": "Si es una convocatoria",
}


class Words:
    """How an entity's editors read a field and its value. Everything is one harmless line."""

    def __init__(self, entity: Entity) -> None:
        self.entity = entity

    def label(self, field: str) -> str:
        """What people call a field; its own name where nobody gave it one."""
        return _OWN.get(field) or _labels().get(field) or field

    def of(self, field: str, value: Any) -> str:
        """A value in words."""
        if value is None or value == "" or value == []:
            return NOTHING
        if isinstance(value, bool):
            return "sí" if value else "no"
        if isinstance(value, list):
            return one_line("; ".join(self.of(field, one) for one in value))
        if field == "deadlines" and isinstance(value, dict):
            value = PublicDeadline.model_validate(value)
        if isinstance(value, PublicDeadline):
            stage = self.term("deadline_stages", value.stage)
            return one_line(f"{stage}: {spanish.both_clocks(value, self.entity.zone, self.entity.file.city)}")
        if isinstance(value, PublicEvidence):
            return one_line(f"«{value.quote}»")
        if isinstance(value, ChannelText):
            return one_line(f"{value.channel}: {value.text}")
        if isinstance(value, Decimal):
            return f"{value:,.2f}".replace(",", " ").removesuffix(".00")
        if field in ("eligible_regions", "host_countries", "funder_country"):
            return one_line(self._area(str(value)))
        known = self.entity.vocabularies.get(VOCABULARY_OF.get(field, ""))
        return one_line(known.label(value) if known else str(value))

    def moved(self, row: Mapping[str, Any]) -> str:
        """``20 ene 2027 → 10 feb 2027``: what a row of ``opportunity_states``, which holds values as text, says has changed."""
        field = row.get("field") or ""
        return f"{self._written(field, row['old_value'])} → {self._written(field, row['new_value'])}"

    def _written(self, field: str, text: str | None) -> str:
        if text and field.endswith("_amount") and _AMOUNT.fullmatch(text):
            return self.of(field, Decimal(text))
        day = as_day(text) if text and len(text) == len("2027-01-15") else None  # an hour behind it says more
        return spanish.short_date(day) if day else self.of(field, text)

    def term(self, vocabulary: str, code: str) -> str:
        """What people read for a term; one nobody knows is shown as it is."""
        known = self.entity.vocabularies.get(vocabulary)
        return one_line(known.label(code) if known else code)

    def _area(self, code: str) -> str:
        groups = self.entity.vocabularies.get("country_groups")
        if groups and code in groups.terms:
            return groups.label(code)
        return spanish.country_name(code) or code


@functools.cache
def _labels() -> dict[str, str]:
    columns = yaml.load((MODELS / "columns.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["columns"]
    return {name: told["label"] for name, told in columns.items() if "label" in told}
