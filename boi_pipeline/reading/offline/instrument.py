"""By what a call funds: grant, scholarship, prize, loan, in kind, nothing. It follows from the type and what is given.

What is covered and paid was read before (``benefits``, ``money``).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from boi_pipeline.reading.offline.benefits import NEVER, view_span
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.rules import first_answer

_VOLUNTEER = re.compile(r"(?<![^\W_])(?:volunt|volont|freiwillig)")
_AMOUNTS = ("max_award_amount", "min_award_amount", "total_amount_available")


@dataclass(frozen=True)
class Funding:
    """What a page is known to give, where its words are."""

    page: Page

    @cached_property
    def covered(self) -> list[str]:
        return self.page.values.get("coverage", [])

    @cached_property
    def paid(self) -> Span | None:
        """The words of the amount it pays."""
        return self._words_of(*_AMOUNTS)

    @cached_property
    def given(self) -> Span | None:
        """The words of the first benefit it gives."""
        return self._words_of("coverage")

    @property
    def unfunded(self) -> bool:
        """Whether it is known to fund nothing."""
        return self.page.values.get("funding_level") == "none"

    def first(self, key: str) -> Span | None:
        """The first hit of a list."""
        hit = next(iter(self.page.hits(key)), None)
        return (hit.start, hit.end) if hit else None

    def _words_of(self, *fields: str) -> Span | None:
        proof = next((one for one in self.page.evidence if one.field in fields), None)
        return view_span(self.page, proof.start, proof.end) if proof else None


Choice = tuple[str, Span]
Rule = Callable[[Funding], Choice | None]


def read_instrument(page: Page) -> None:
    """Write funding_instrument on the page's sheet."""
    rules = _OF_KIND.get(page.values.get("opportunity_type") or "", ())
    chosen = first_answer(rules, Funding(page))
    if chosen:
        name, span = chosen
        page.state("funding_instrument", name, f"instrument.{name}", 0.75, span, page.segment(span[0]))


def loan(case: Funding) -> Choice | None:
    """ "Student loans for …" in the title, or spoken of more than twice."""
    loans = case.page.hits("instrument.loan")
    return ("loan", loans[0][:2]) if loans and (loans[0].end <= case.page.title[1] or len(loans) > 2) else None


def cooperative_agreement(case: Funding) -> Choice | None:
    """ "Funding instrument: cooperative agreement"."""
    agreement = case.first("instrument.cooperative_agreement")
    return ("cooperative_agreement", agreement) if agreement else None


def scholarship(case: Funding) -> Choice | None:
    """ "Beca completa": what a call for scholarships gives, by its best words."""
    return "scholarship", case.first("instrument.scholarship") or case.given or case.paid or case.page.title


def grant(case: Funding) -> Choice | None:
    """ "Grants of up to EUR 5,000": what a fund gives."""
    return "grant", case.first("instrument.grant") or case.paid or case.page.title


def award_without_money(case: Funding) -> Choice | None:
    """ "It is unpaid: the winner is published in our magazine"."""
    nothing = case.first("instrument.none")
    return ("in_kind", nothing) if nothing and not case.paid else None


def prize(case: Funding) -> Choice | None:
    """ "First prize: EUR 1,000": what an award gives."""
    return "prize", case.paid or case.first("instrument.prize") or case.page.title


def paid_amount(case: Funding) -> Choice | None:
    """ "A fee of EUR 1,200 is paid": money where the type tells nothing of how."""
    return ("grant", case.paid) if case.paid else None


def stay_in_kind(case: Funding) -> Choice | None:
    """ "We offer a studio and a room": a residency without money."""
    if not (case.given or case.page.hits("instrument.in_kind")):
        return None
    return "in_kind", case.given or case.first("instrument.in_kind") or case.page.title


def prize_at_an_event(case: Funding) -> Choice | None:
    """ "The best poster wins EUR 500"."""
    return ("prize", case.paid or case.given) if "prize" in case.covered and case.given else None


def event_without_funding(case: Funding) -> Choice | None:
    """ "Travel is at your own cost", and nothing is covered."""
    if not case.unfunded or case.covered:
        return None
    return "none", case.first("instrument.none") or case.first("funding.none") or case.page.title


def event_in_kind(case: Funding) -> Choice | None:
    """ "Meals are included"."""
    return ("in_kind", case.given) if case.given and case.covered else None


def cooperation_without_funding(case: Funding) -> Choice | None:
    """ "No money is paid; each city meets its own costs"."""
    nothing = case.first("instrument.none")
    if not nothing or case.covered or case.paid or case.page.hits("instrument.in_kind"):
        return None
    return "none", nothing


def cooperation_in_kind(case: Funding) -> Choice | None:
    """ "Technical assistance by our experts": what cooperation without money gives."""
    return "in_kind", case.given or case.first("instrument.in_kind") or case.page.title


def course_without_funding(case: Funding) -> Choice | None:
    """ "No scholarships are available"."""
    bursary = case.first("instrument.scholarship")
    denied = bursary and NEVER.search(case.page.folded, max(0, bursary[0] - 14), bursary[0])
    return ("none", case.first("funding.none") or bursary or case.page.title) if case.unfunded or denied else None


def scholarship_for_a_course(case: Funding) -> Choice | None:
    """ "Five scholarships are available", or more than one benefit is given."""
    bursary = case.first("instrument.scholarship")
    return ("scholarship", bursary or case.given or case.page.title) if bursary or len(case.covered) > 1 else None


def volunteer_in_kind(case: Funding) -> Choice | None:
    """ "Volunteers live with a host family": a placement that pays nothing."""
    volunteer = _VOLUNTEER.search(case.page.folded)
    return ("in_kind", case.given) if volunteer and case.given and not case.paid else None


def network_in_kind(case: Funding) -> Choice | None:
    """ "Members receive mentoring"."""
    helped = case.first("instrument.in_kind")
    return ("in_kind", helped) if helped else None


_OF_KIND: dict[str, tuple[Rule, ...]] = {
    "scholarship": (loan, scholarship),
    "fund": (loan, cooperative_agreement, grant),
    "award": (award_without_money, prize),
    "residency": (paid_amount, stay_in_kind),
    "event": (prize_at_an_event, event_without_funding, paid_amount, event_in_kind),
    "cooperation": (cooperative_agreement, cooperation_without_funding, paid_amount, cooperation_in_kind),
    "course": (course_without_funding, scholarship_for_a_course),
    "placement": (volunteer_in_kind,),
    "network": (network_in_kind,),
}
