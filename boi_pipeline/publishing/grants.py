"""An approved opportunity as a CommonGrants record: what a person approved, and whether it is still open.

Here: the row that the mapping of ``boi_pipeline.common_grants`` is given. Which records a file holds is ``feeds``'.
"""

from functools import cache
from typing import Any

from boi_pipeline.common_grants import Custom, common_grants_record, meanings
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.closing import Closing
from boi_pipeline.publishing.entries import Entry
from boi_pipeline.publishing.spanish import end_of
from boi_pipeline.publishing.text import outward_link, plain
from boi_pipeline.records import PublicDeadline, PublicOpportunity

_TEXTS = (
    "code", "opportunity_number", "title_es", "eligibility_es", "opportunity_type", "funding_instrument",
    "funder_country", "attendance_mode", "home_eligible", "typical_age_range", "funding_level", "opening_date", "close_at",
    "close_timezone", "close_model", "apply_url", "source_name", "language", "digital_source_type",
)  # fmt: skip
_LISTS = (
    "host_countries", "audiences", "eligible_regions", "isced_levels", "required_languages", "coverage", "sdg_goals",
    "plan_objectives",
)  # fmt: skip
_FLAGS = ("cost_sharing_required", "application_fee")


@cache
def _customs() -> list[Custom]:
    told = meanings()
    return [
        *(Custom(name, "string", told[name]) for name in _TEXTS),
        *(Custom(name, "array", told[name]) for name in _LISTS),
        *(Custom(name, "boolean", told[name]) for name in _FLAGS),
    ]


def _shown(value: Any) -> Any:
    """A value without characters that nobody sees."""
    if isinstance(value, list):
        return [_shown(one) for one in value]
    return plain(value) if isinstance(value, str) else value


def _next(bulletin: Bulletin, facts: PublicOpportunity) -> PublicDeadline | None:
    """The next deadline; where all have passed, the last."""
    ordered = sorted(facts.deadlines, key=lambda one: (end_of(one, bulletin.zone), one.seq))
    coming = [one for one in ordered if end_of(one, bulletin.zone) > bulletin.as_of]
    return (coming[:1] or ordered[-1:] or [None])[0]


def _status(closing: Closing) -> str:
    if closing.is_cancelled:
        return "cancelled"
    return "closed" if closing.is_over else "open" if closing.is_open else "forecasted"


def grants_record(bulletin: Bulletin, entry: Entry) -> dict[str, Any]:
    """The CommonGrants record of an entry's opportunity as of the bulletin's instant. Links that may not go out are not in it."""
    facts, deadline = entry.note.item.opportunity, _next(bulletin, entry.note.item.opportunity)
    links = {"source_url": outward_link(facts.source_url), "apply_url": outward_link(facts.apply_url)}
    row = {name: _shown(value) for name, value in facts.model_dump(exclude={"deadlines", "evidence"}).items()}
    row |= {name: link.href if link else None for name, link in links.items()}
    row |= {
        "status": _status(entry.note.closing),
        "close_date": deadline.close_date if deadline else None,
        "close_time": deadline.close_time if deadline else None,
        "close_at": deadline.close_at if deadline else None,
        "close_timezone": _shown(deadline.timezone) if deadline else None,
        "first_seen_at": entry.published_at,
        "reviewed_at": entry.updated_at,
    }
    return common_grants_record(row, _customs(), bulletin.vocabularies)
