"""Who may apply: kinds of applicants, audiences, regions, and whether the home country may. A wrong yes is the worst error.

A country counts only where the words tie it to applicants ("citizens of", "ecuadorian students", "Eligible countries:"),
never because it is named. Nothing said, or said both ways: unclear. Which countries a group has is in the vocabulary.
"""

import re
from dataclasses import dataclass

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Page, PlaceHit, Span
from boi_pipeline.reading.offline.places import Place, members

_LINK = re.compile(
    r"(?:[\s,;/()&\"-]|(?<![a-z])(?:and|or|y|o|e|u|et|ou|und|oder|the|los|las|el|la|le|les|os|as|o|a|an|any|all|other|de|del|des|d|du|da|do|das|dos|of|in|en|em|"
    r"countries|country|paises|pais|pays|states|estados|nations|naciones|member|members|miembros|membres|membros|region|regions|regiones|regioes|continent|"
    r"either|both|from|republic|republica|republique|one|un|uno|una|um|uma|los siguientes|following|siguientes|suivants|seguintes|as well|como|l|to|"
    r"nacionalidad|nationality|other|demas|autres|outros|tanto|eligible|elegibles|developing)(?![a-z]))*"
)
_STRONG = re.compile(
    r"citizen|national|ciudadan|nacional|ressortissant|citoyen|cidada|resident|resid|domicili|passport|pasaporte|originari|oriund|procedent|provenient|established|establecid|etabli|sediad|based in|con sede|burger|staatsang"
)
_WEAK_ORIGIN = frozenset(
    [
        "de",
        "en",
        "d",
        "des",
        "du",
        "da",
        "do",
        "dos",
        "das",
        "em",
        "na",
        "no",
        "nos",
        "in",
        "dans",
        "aux",
        "aos",
        "nas",
        "los",
    ]
)

_SOME_COUNTRIES = re.compile(
    r"\)? (?!(?:of|in|de|del|du|do|da) (?:the )?(?:world|mundo|monde))(?:of|in|de|del|d'|des|du|da|do|que|that|listed|where|member|miembros?|membres?|membros?|participa\w*|with|con|socios|elegibles?|eligible|partner|covered)\b"
)
_ENROLLED = re.compile(
    r"enrolled|currently studying|matriculad|inscrits? (?:dans|a)|already in|residing in|list|selected|eligible countries"
)
_ARTICLE = re.compile(r"[ ,]*(?:the|el|la|los|las|le|les|l'|o|a|os|as)?[ ,]*")
_ANYWHERE = Place("WORLD", "group", "")


@dataclass(frozen=True)
class _Claim:
    """Words that admit or shut out places as applicants."""

    places: tuple[PlaceHit, ...]
    core: Span
    within: Span
    admits: bool
    strong: bool
    vague: bool  # "selected countries", "preference", unfunded partners
    rule: str


def read_applicants(page: Page) -> None:
    """Write accepted_applicant_types and audiences on the page's sheet, from the sentences on who may apply."""
    spans = _applicant_spans(page)
    for section, field in (("applicants", "accepted_applicant_types"), ("audiences", "audiences")):
        found = []
        for name in names_of(section):
            hit = next((h for span in spans for h in page.hits(f"{section}.{name}", *span)), None)
            if hit is None or _negated(page, hit.start):
                continue
            if page.prove(field, f"{section}.{name}", 0.8, hit[:2], page.segment(hit.start)):
                found.append(name)
        if field == "audiences" and "individual" in page.values.get("accepted_applicant_types", []):
            person = next(
                e for e in page.evidence if e.field == "accepted_applicant_types" and e.rule == "applicants.individual"
            )
            page.evidence.append(person.model_copy(update={"field": "audiences", "rule": "audiences.citizens"}))
            found.insert(0, "citizens")
        terms = page.context.terms("applicant_types" if section == "applicants" else "audiences")
        if found:
            page.put(field, [term for term in terms if term in found])


def _applicant_spans(page: Page) -> list[Span]:
    spans = [span for _, span in page.label("eligibility.label")]
    for segment in page.segments:
        if page.any("eligibility.cue", segment) and not page.any("opportunity.result", segment):
            spans.append(segment)
    return spans or [page.title]


def _negated(page: Page, at: int) -> bool:
    segment = page.segment(at)
    return page.any("eligibility.except", (max(segment[0], at - 40), at))


def read_home(page: Page) -> None:
    """Write eligible_regions and home_eligible on the page's sheet."""
    home, groups = page.context.home_country, members(page.context)
    claims = _claims(page)
    regions: dict[str, _Claim] = {}
    for claim in claims:
        if claim.admits:
            for hit in claim.places:
                regions.setdefault(hit.place.code, claim)
    kept = [code for code, claim in regions.items() if _prove(page, "eligible_regions", claim)]
    if kept:
        page.put("eligible_regions", kept)

    def holds(hit: PlaceHit) -> bool:
        return hit.place.code == home or home in groups.get(hit.place.code, frozenset())

    shut = [c for c in claims if not c.admits and not c.vague and any(holds(hit) for hit in c.places)]
    yes = [c for c in claims if c.admits and not c.vague and any(holds(hit) for hit in c.places)]
    vague = [c for c in claims if c.admits and c.vague and any(holds(hit) for hit in c.places)]
    no = [c for c in claims if c.admits and not c.vague and c.strong and not any(holds(hit) for hit in c.places)]
    named = [c for c in yes if any(hit.place.code == home for hit in c.places)]
    if shut:
        if not named:
            _answer(page, "no", shut[0], 0.9)
    elif yes and (named or not no or _one_list(yes, no)):
        best = (named or yes)[0]
        _answer(page, "yes", best, 0.9 if best.strong or named else 0.75)
    elif no and not yes and not vague:
        _answer(page, "no", no[0], 0.85)


def _one_list(yes: list[_Claim], no: list[_Claim]) -> bool:
    """Whether the claims without the home country stand beside one with it: lines of one list."""
    return all(any(abs(a.core[0] - b.core[0]) <= 160 and a.rule == b.rule for a in yes) for b in no)


def _answer(page: Page, value: str, claim: _Claim, confidence: float) -> None:
    if _prove(page, "home_eligible", claim, confidence):
        page.put("home_eligible", value)


def _prove(page: Page, field: str, claim: _Claim, confidence: float = 0.85) -> bool:
    return page.prove(field, claim.rule, confidence, claim.core, claim.within)


def _claims(page: Page) -> list[_Claim]:
    claims: list[_Claim] = []
    labelled: list[Span] = []
    for label, span in page.label("eligibility.label"):
        places = _plain_places(page, span)
        if places and _is_list(page, span, places):
            labelled.append(span)
            claims += _split(
                page, places, (label.start, span[1]), strong=True, rule=f"eligibility.label.{label.language}"
            )
    for segment in page.segments:
        if any((a <= segment[0] and segment[1] <= b) or segment[0] <= a < segment[1] for a, b in labelled):
            continue
        cued = page.any("eligibility.cue", segment) or segment[0] == 0
        told = page.any("opportunity.result", segment) or page.any("opportunity.news", segment)
        if not cued or told:
            continue
        claims += _linked(page, page.places_in(*segment), segment)
    return claims


def _plain_places(page: Page, span: Span) -> list[PlaceHit]:
    """Places of a label's value that are not said to be where something happens."""
    return [hit for hit in page.places_in(*span) if not _hosted(page, hit, span)]


def _is_list(page: Page, span: Span, places: list[PlaceHit]) -> bool:
    """Whether a label's value is a list of places (and not prose that happens to name one)."""
    rest = span[1] - span[0] - sum(hit.end - hit.start for hit in places)
    linked = any(_origin(page, hit, places, span) for hit in places)
    return linked or rest <= 14 + 8 * len(places) or places[0].start - span[0] <= 14


def _hosted(page: Page, hit: PlaceHit, span: Span) -> bool:
    """ "study in Germany", "universities in Spain", "a German university": where, not who."""
    before = page.hits("host.cue", max(span[0], hit.start - 30), hit.start)
    word = [cue for cue in before if _ARTICLE.fullmatch(page.folded, cue.end, hit.start)]
    long_cue = any(cue.end - cue.start > 5 for cue in word)
    noun = page.hits("host.noun", hit.end, min(span[1], hit.end + 24)) if hit.place.kind in ("people", "group") else []
    return long_cue or any(n.start - hit.end <= 2 for n in noun)


def _linked(page: Page, places: list[PlaceHit], segment: Span) -> list[_Claim]:
    """The places of a sentence that its words tie to applicants, split where an exception begins."""
    linked: list[PlaceHit] = []
    strong = False
    start = segment[1]
    for hit in places:
        link = None if _hosted(page, hit, segment) else _origin(page, hit, linked, segment)
        if (
            link is None
            and linked
            and _LINK.fullmatch(page.folded[linked[-1].end : hit.start])
            and not _hosted(page, hit, segment)
        ):
            link = (linked[-1].start, strong)
        if link is None and _excepts(page, hit, segment):
            link = (hit.start, True)
        if link is not None:
            linked.append(hit)
            start, strong = min(start, link[0]), strong or link[1]
    if not linked:
        return _international(page, segment)
    return _split(page, linked, (start, linked[-1].end), strong, "eligibility.origin", segment)


def _international(page: Page, segment: Span) -> list[_Claim]:
    """ "Open to international students": everybody from elsewhere, unless the sentence names who it means."""
    if segment[0] == 0 or page.places_in(*segment):
        return []
    places = [PlaceHit(hit.start, hit.end, _ANYWHERE) for hit in page.hits("eligibility.international", *segment)]
    if not places or _ENROLLED.search(page.folded, *segment):
        return []
    return _split(page, places[:1], (places[0].start, places[0].end), False, "eligibility.international", segment)


def _excepts(page: Page, hit: PlaceHit, segment: Span) -> bool:
    near = page.hits("eligibility.except", max(segment[0], hit.start - 40), hit.start)
    return bool(near) and bool(
        _LINK.fullmatch(page.folded[near[-1].end : hit.start]) or _people_between(page, near[-1].end, hit.start)
    )


def _people_between(page: Page, start: int, end: int) -> bool:
    return page.any("eligibility.people", (start, end)) or page.any("eligibility.origin", (start, end))


def _origin(page: Page, hit: PlaceHit, linked: list[PlaceHit], segment: Span) -> tuple[int, bool] | None:
    """Whether words tie this place to applicants: (where they begin, whether they speak of citizens or residents)."""
    if hit.place.code == "WORLD":
        return _world(page, hit, segment)
    low = max(segment[0], hit.start - 70)
    for cue in reversed(page.hits("eligibility.origin", low, hit.start)):
        if not _LINK.fullmatch(page.folded[cue.end : hit.start]):
            continue
        words = page.folded[cue.start : cue.end]
        people = page.hits("eligibility.people", max(segment[0], cue.start - 45), cue.end)
        if words in _WEAK_ORIGIN or words == "from":
            near = [
                p
                for p in people
                if len(page.folded[p.end : cue.start].split()) <= (4 if words == "from" else 2)
                and not re.search(r"[,;]", page.folded[p.end : cue.start])
            ]
            if not near:
                continue
            return near[-1].start, bool(
                _STRONG.search(page.folded, near[-1].start, hit.start)
            ) or words == "from" or page.any("eligibility.only", segment)
        return cue.start, bool(_STRONG.search(page.folded, max(segment[0], cue.start - 20), hit.start)) or page.any(
            "eligibility.only", segment
        )
    adjective = hit.place.kind in ("people", "group")
    if adjective:
        after = page.hits("eligibility.people", hit.end, min(segment[1], hit.end + 28))
        if after and after[0].start - hit.end <= 2:
            return hit.start, bool(_STRONG.search(page.folded, hit.start, after[0].end)) or page.any(
                "eligibility.only", segment
            ) or hit.place.kind == "people"
        before = page.hits("eligibility.people", max(segment[0], hit.start - 34), hit.start)
        if before and hit.start - before[-1].end <= 2:
            return before[-1].start, bool(_STRONG.search(page.folded, before[-1].start, hit.end)) or page.any(
                "eligibility.only", segment
            ) or hit.place.kind == "people"
        if hit.place.kind == "people" and re.search(
            r"\b(?:para|pour|for) (?:los |las |les )?$", page.folded[low : hit.start]
        ):
            return hit.start, True
    return None


def _world(page: Page, hit: PlaceHit, segment: Span) -> tuple[int, bool] | None:
    """ "any nationality" speaks of applicants; "around the world" only right after them; "all countries of …" is less."""
    words = page.folded[hit.start : hit.end]
    if _SOME_COUNTRIES.match(page.folded, hit.end, min(segment[1], hit.end + 40)):
        return None
    if "national" in words or "nacional" in words or "citizenship" in words or "restric" in words:
        return hit.start, False
    people = page.hits("eligibility.people", max(segment[0], hit.start - 40), hit.start)
    cues = page.hits("eligibility.cue", max(segment[0], hit.start - 40), hit.start)
    near = [found for found in (*people, *cues) if not re.search(r"[,;:]", page.folded[found.end : hit.start])]
    return (near[-1].start, False) if near else None


def _split(
    page: Page, places: list[PlaceHit], core: Span, strong: bool, rule: str, segment: Span | None = None
) -> list[_Claim]:
    """Claims of one sentence or label: those admitted, and those after an exception."""
    within = segment or core
    out: list[PlaceHit] = []
    out_from = within[1]
    for cue in page.hits("eligibility.except", *within):
        after = [hit for hit in places if hit.start >= cue.end and hit.start - cue.end <= 60]
        if after and cue.start <= out_from:
            out_from = min(out_from, cue.start)
    out = [hit for hit in places if hit.start > out_from]
    kept = [hit for hit in places if hit.start <= out_from]
    vague = page.any("eligibility.some", within) or page.any("eligibility.unfunded", within)
    claims = []
    if kept:
        span = (min(core[0], kept[0].start), kept[-1].end)
        claims.append(_Claim(tuple(kept), span, within, True, strong, vague, rule))
    if out:
        claims.append(
            _Claim(
                tuple(out),
                (out_from, out[-1].end),
                within,
                False,
                True,
                page.any("eligibility.unfunded", within),
                "eligibility.except",
            )
        )
    return claims
