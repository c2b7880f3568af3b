"""Where one may apply from: regions, and whether the home country may. A wrong yes is the worst error.

A country counts only where the words tie it to applicants ("citizens of", "ecuadorian students", "Eligible countries:"),
never because it is named. Nothing said, or said both ways: unclear. Which countries a group has is in the vocabulary.
"""

from babel.languages import get_official_languages

from boi_pipeline.reading.offline.applicants import read_applicants
from boi_pipeline.reading.offline.claims import Claim, claims_of
from boi_pipeline.reading.offline.locality import local_limit
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.offline.places import city_index, members
from boi_pipeline.reading.offline.placewords import SPEAKS_OF_NATIONALITY

__all__ = ["read_applicants", "read_home"]

# A longer page says who may apply in so many words; its prose on peoples and places is of other things.
_SHORT_PAGE = 3_000


def read_home(page: Page) -> None:
    """Write eligible_regions and home_eligible on the page's sheet."""
    home, groups = page.context.home_country, members(page.context)

    def holds(claim: Claim) -> bool:
        return any(hit.place.code == home or home in groups.get(hit.place.code, frozenset()) for hit in claim.places)

    claims, others = claims_of(page)
    if not claims and others is None and len(page.text) <= _SHORT_PAGE:
        claims, others = claims_of(page, loose=True)
    claims = _refined(page, claims)
    if local := local_limit(page):  # "living in the province, wherever born"
        world = [c for c in claims if all(hit.place.code == "WORLD" for hit in c.places)]
        claims = [c for c in claims if c not in world or not c.within[0] <= local[0] < c.within[1]]
    told = [c for c in claims if c.admits and not c.vague]
    shut = [c for c in claims if not c.admits and not c.vague and holds(c)]
    yes = [c for c in told if holds(c)]
    no = [c for c in told if not holds(c) and not c.adds]
    vague = any(c.admits and c.vague and holds(c) for c in claims)
    named = [c for c in yes if any(hit.place.code == home for hit in c.places)]
    left_out: list[Claim] = []
    if shut:
        if not named:
            _answer(page, "no", shut[0], 0.9)
    elif named and (any(c.strong for c in named) or not any(c.bound for c in no)):
        _answer(page, "yes", named[0], 0.9)
    elif yes:
        bound = [c for c in no if c.bound and not _one_list([c], yes)]
        if not bound or (others is None and all(c.strong for c in yes) and not any(c.strong for c in bound)):
            best = next((c for c in yes if c.strong), yes[0])
            _answer(page, "yes", best, 0.9 if best.strong else 0.75)
        elif all(_within_one(c, yes, groups) for c in bound):
            left_out = yes
            _answer(page, "no", bound[0], 0.85)
    elif no and (others or not vague):
        best = next((c for c in no if c.strong), no[0])
        _answer(page, "no", best, 0.85 if best.strong or others else 0.7)
    elif not told and not vague:
        _answer_local(page, local or others)
    _regions(page, [c for c in told if c not in left_out])


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


def _answer(page: Page, value: str, claim: Claim, confidence: float) -> None:
    if _prove(page, "home_eligible", claim, confidence):
        page.put("home_eligible", value)


def _prove(page: Page, field: str, claim: Claim, confidence: float = 0.85) -> bool:
    return page.prove(field, claim.rule, confidence, claim.core, claim.within)
