"""Where one may apply from: regions, and whether the home country may. A wrong yes is the worst error.

A country counts only where the words tie it to applicants ("citizens of", "ecuadorian students", "Eligible countries:"),
never because it is named. Nothing said, or said both ways: unclear. Which countries a group has is in the vocabulary.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from babel.languages import get_official_languages

from boi_pipeline.reading.offline.applicants import read_applicants
from boi_pipeline.reading.offline.claims import Claim, claims_of
from boi_pipeline.reading.offline.locality import local_limit
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.offline.places import city_index, members
from boi_pipeline.reading.offline.placewords import SPEAKS_OF_NATIONALITY
from boi_pipeline.reading.rules import first_answer

__all__ = ["read_applicants", "read_home"]

# A longer page says who may apply in so many words; its prose on peoples and places is of other things.
_SHORT_PAGE = 3_000


@dataclass(frozen=True)
class Home:
    """The claims of a page as they bear on the home country."""

    page: Page
    claims: list[Claim]
    others: Span | None  # words that shut out whoever is from elsewhere

    @cached_property
    def groups(self) -> dict[str, frozenset[str]]:
        return members(self.page.context)

    def holds(self, claim: Claim) -> bool:
        """Whether a claim's places hold the home country."""
        home = self.page.context.home_country
        return any(
            hit.place.code == home or home in self.groups.get(hit.place.code, frozenset()) for hit in claim.places
        )

    @cached_property
    def told(self) -> list[Claim]:
        """Those that say plainly where applicants are of."""
        return [claim for claim in self.claims if claim.admits and not claim.vague]

    @cached_property
    def shut(self) -> list[Claim]:
        """Those that shut the home country out."""
        return [claim for claim in self.claims if not claim.admits and not claim.vague and self.holds(claim)]

    @cached_property
    def yes(self) -> list[Claim]:
        """Those of the told that hold it."""
        return [claim for claim in self.told if self.holds(claim)]

    @cached_property
    def no(self) -> list[Claim]:
        """Those of the told that do not, and do not only add others."""
        return [claim for claim in self.told if not self.holds(claim) and not claim.adds]

    @cached_property
    def vague(self) -> bool:
        """Whether it may be among those that a vague claim admits."""
        return any(claim.admits and claim.vague and self.holds(claim) for claim in self.claims)

    @cached_property
    def named(self) -> list[Claim]:
        """Those that name it."""
        home = self.page.context.home_country
        return [claim for claim in self.yes if any(hit.place.code == home for hit in claim.places)]

    @cached_property
    def bound(self) -> list[Claim]:
        """Those that bind all applicants to other places, and are no lines of one list with it."""
        return [claim for claim in self.no if claim.bound and not _one_list([claim], self.yes)]


class Answer(NamedTuple):
    """Whether the home country may apply, by which claim; without one: unclear."""

    value: str = "unclear"
    claim: Claim | None = None
    confidence: float = 0.0
    left_out: tuple[Claim, ...] = ()  # claims that tell nothing of regions


UNCLEAR = Answer()


def read_home(page: Page) -> None:
    """Write eligible_regions and home_eligible on the page's sheet."""
    claims, others = claims_of(page)
    if not claims and others is None and len(page.text) <= _SHORT_PAGE:
        claims, others = claims_of(page, loose=True)
    claims = _refined(page, claims)
    if local := local_limit(page):  # "living in the province, wherever born"
        world = [c for c in claims if all(hit.place.code == "WORLD" for hit in c.places)]
        claims = [c for c in claims if c not in world or not c.within[0] <= local[0] < c.within[1]]
    case = Home(page, claims, others)
    answer = first_answer(_RULES, case)
    if answer is None and not case.told and not case.vague:
        _answer_local(page, local or others)
    answer = answer or UNCLEAR
    if answer.claim and _prove(page, "home_eligible", answer.claim, answer.confidence):
        page.put("home_eligible", answer.value)
    _regions(page, [claim for claim in case.told if claim not in answer.left_out])


def shut_out(case: Home) -> Answer | None:
    """ "Not open to citizens of Colombia"; where it is named among those admitted too, nobody can tell."""
    if not case.shut:
        return None
    return UNCLEAR if case.named else Answer("no", case.shut[0], 0.9)


def admitted_by_name(case: Home) -> Answer | None:
    """ "Eligible countries: Chile, Colombia, Peru", where nothing binds all to other places or it is told strongly."""
    strong = any(claim.strong for claim in case.named) or not any(claim.bound for claim in case.no)
    return Answer("yes", case.named[0], 0.9) if case.named and strong else None


def admitted_in_a_group(case: Home) -> Answer | None:
    """ "Open to citizens of Latin America", where nothing binds all to other places, or only more weakly."""
    if not case.yes:
        return None
    weaker = case.others is None and all(c.strong for c in case.yes) and not any(c.strong for c in case.bound)
    if case.bound and not weaker:
        return None
    best = _strongest(case.yes)
    return Answer("yes", best, 0.9 if best.strong else 0.75)


def group_told_in_full(case: Home) -> Answer | None:
    """ "Latin America (Chile, Peru)": a list of others says which of the group are meant."""
    within = case.yes and all(_within_one(claim, case.yes, case.groups) for claim in case.bound)
    return Answer("no", case.bound[0], 0.85, tuple(case.yes)) if within else None


def said_both_ways(case: Home) -> Answer | None:
    """ "Open to Latin America … Applicants must live in Spain": nobody can tell."""
    return UNCLEAR if case.yes else None


def others_alone(case: Home) -> Answer | None:
    """ "Applicants must be citizens of Chile"; not where a vague word may admit it, unless all from elsewhere are shut out."""
    if not case.no or (case.vague and not case.others):
        return None
    best = _strongest(case.no)
    return Answer("no", best, 0.85 if best.strong or case.others else 0.7)


_RULES: tuple[Callable[[Home], Answer | None], ...] = (
    shut_out,
    admitted_by_name,
    admitted_in_a_group,
    group_told_in_full,
    said_both_ways,
    others_alone,
)


def _strongest(claims: list[Claim]) -> Claim:
    """The first that binds all applicants, else the first."""
    return next((claim for claim in claims if claim.strong), claims[0])


def _answer_local(page: Page, span: Span | None) -> None:
    """A no where all must be of a part of another country, or whoever is from elsewhere is shut out."""
    if span is None:
        return
    home = page.context.home_country
    found = city_index().find(page.folded, page.words)
    cities = {country for _, _, country in found}
    codes = {hit.place.code for hit in page.places if hit.place.kind != "group"} | cities
    groups = members(page.context)
    if any(home in groups.get(hit.place.code, ()) for hit in page.places if hit.place.code != "WORLD"):
        return
    named = {
        country for start, end, country in found if span[0] <= start <= span[1] + 24 and page.text[start].isupper()
    }
    if named and home not in named and page.prove("home_eligible", "eligibility.local", 0.7, span):
        page.put("home_eligible", "no")
        return
    foreign = codes or page.language not in get_official_languages(home)
    if home not in codes and foreign and page.prove("home_eligible", "eligibility.local", 0.7, span):
        page.put("home_eligible", "no")


def _within_one(claim: Claim, wider: list[Claim], groups: dict[str, frozenset[str]]) -> bool:
    """Whether a list of places only says which places of a group named elsewhere are meant."""
    codes = {hit.place.code for hit in claim.places}
    return len(codes) >= 2 and any(codes <= groups.get(hit.place.code, frozenset()) for c in wider for hit in c.places)


def _one_list(one: list[Claim], two: list[Claim]) -> bool:
    """Whether the claims without the home country stand beside one with it: lines of one list."""
    short = [claim for claim in two if claim.within[1] - claim.within[0] <= 90]
    return all(b.within[1] - b.within[0] <= 90 and any(abs(a.core[0] - b.core[0]) <= 160 for a in short) for b in one)


def _refined(page: Page, claims: list[Claim]) -> list[Claim]:
    """Claims as they stand beside each other: "any nationality" yields to where one must live."""
    kept = []
    for claim in claims:
        world = all(hit.place.code == "WORLD" for hit in claim.places)
        others = [c for c in claims if c is not claim and c.admits and not c.vague and c.strong and not c.adds]
        beside = any(c.within == claim.within for c in others)
        nation = SPEAKS_OF_NATIONALITY.search(page.folded, *claim.core)
        if world and claim.admits and (beside or (nation and any(c.bound and c.lives for c in others))):
            continue
        kept.append(claim)
    return kept


def _regions(page: Page, claims: list[Claim]) -> None:
    groups = members(page.context)
    regions: dict[str, Claim] = {}
    for claim in claims:
        for hit in claim.places:
            if not claim.adds:
                regions.setdefault(hit.place.code, claim)
    countries = {code for code in regions if code not in groups}
    for code in [c for c in regions if c in groups and c != "WORLD"]:
        first = regions[code].within == page.title or not regions[code].strong
        listed = countries & groups[code]
        apart = [c for c in listed if regions[c].within != regions[code].within]
        if first and len(apart) >= 2 and len(listed) == len(countries):
            del regions[code]
    for code in [c for c in regions if c in groups and c != "WORLD"]:
        listed = [c for c in countries & groups[code] if regions[c] is regions[code]]
        if len(listed) >= 3 and len(listed) == len(countries):
            del regions[code]
    titled = [code for code in regions if regions[code].within[0] == page.title[0]]
    if any(regions[code].strong and code not in titled for code in regions):
        for code in titled:
            if not regions[code].strong and code in groups and code != "WORLD":
                del regions[code]
    kept = [code for code, claim in regions.items() if _prove(page, "eligible_regions", claim)]
    if kept:
        page.put("eligible_regions", kept)


def _prove(page: Page, field: str, claim: Claim, confidence: float = 0.85) -> bool:
    return page.prove(field, claim.rule, confidence, claim.core, claim.within)
