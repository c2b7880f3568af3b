"""What may apply and whom it is for: accepted_applicant_types and audiences.

Kinds come from the words where the text says who may apply; a scholarship, job or residency is for persons. Audiences
follow from the kinds, and for persons from what they are said to be (officials, researchers, activists).
"""

import re

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.offline.sections import PAST, says_whom, sections

_BODIES = {
    "nonprofit": "social",
    "for_profit": "business",
    "academic_institution": "academia",
    "government_national": "public_bodies",
    "government_local": "public_bodies",
}
_OF_PERSONS = frozenset({"scholarship", "placement", "residency"})
_MOSTLY_PERSONS = frozenset({"course", "event"})
_OF_BODIES = frozenset({"fund", "cooperation"})
# "… are not eligible", "no podrán postular": after the words it shuts out.
DENIED_AFTER = re.compile(
    r"(?<![^\W_])(?:not eligible|ineligible|(?:are|is) not (?:eligible|admitted|accepted|invited|covered|allowed)|(?:may|can) ?not|will not be|do not qualify|are excluded|is excluded|(?:are|is) suspended|suspendid[oa]s?|suspendues?|suspens[oa]s?|"
    r"no (?:podran|podra|pueden|puede|son elegibles|es elegible|participan|se admiten|estan habilitad\w+|serian|seran (?:admit|acept|elegibl)\w+|optan|entran)|quedan? (?:excluid\w+|fuera)|"
    r"ne (?:peuvent|peut|pourront|sont|seront) (?:pas|ni|plus)|n'est pas (?:eligible|admis\w*)|ne sont pas|exclus|exclues|"
    r"nao (?:podem|pode|poderao|sao (?:elegiveis|admiti\w+|aceit\w+)|serao|participam)|ficam (?:excluid\w+|de fora)|"
    r"(?:in|through|under|to) (?:a |another |a separate |separate )(?:call|scheme|procedure|route)|por otra via|en otra convocatoria|por otro proceso|en outro edital|em outro edital|noutro concurso|por outra via|"
    r"releve(?:nt)? d'une autre|par une autre voie|dans un autre appel|"
    r"konnen (?:sich )?nicht|sind (?:nicht|ausgeschlossen)|nicht (?:antragsberechtigt|zugelassen|teilnehmen))(?![^\W_])"
)


def read_applicants(page: Page) -> None:
    """Write accepted_applicant_types and audiences on the page's sheet, from the sentences on who may apply."""
    spans = _spans(page)
    kind = page.values.get("opportunity_type")
    kinds = _kinds(page, spans, kind)
    kept = {name: hit for name, hit in kinds.items() if _prove(page, "accepted_applicant_types", name, hit)}
    if not kept and kind in _OF_PERSONS | _MOSTLY_PERSONS and _borrow(page, "opportunity_type", "individual"):
        kept = {"individual": Hit(0, 0, 0, "")}
    if kept:
        terms = page.context.terms("applicant_types")
        page.put("accepted_applicant_types", [term for term in terms if term in kept])
    _audiences(page, spans, kept, kinds)


def _prove(page: Page, field: str, name: str, hit: Hit) -> bool:
    section = "applicants" if field == "accepted_applicant_types" else "audiences"
    return page.prove(field, f"{section}.{name}", 0.8, hit[:2], page.segment(hit.start))


def _borrow(page: Page, source: str, name: str) -> bool:
    """What the kind of offer tells is proved by the words that tell the kind."""
    for evidence in page.evidence:
        if evidence.field == source:
            field, rule = "accepted_applicant_types", f"applicants.{name}.{source}"
            page.evidence.append(evidence.model_copy(update={"field": field, "rule": rule, "kind": "inferred"}))
            return True
    return False


def _kinds(page: Page, spans: list[Span], kind: str | None) -> dict[str, Hit]:
    """Kind of applicant → the words that name it, as far as the kind of offer admits it."""
    named = [
        (name, hit)
        for name in names_of("applicants")
        for span in spans
        for hit in page.hits(f"applicants.{name}", *span)
    ]
    whole = {(hit.start, hit.end) for _, hit in named}
    found: dict[str, Hit] = {}
    for name, hit in named:
        part = any(a <= hit.start and hit.end <= b and (a, b) != (hit.start, hit.end) for a, b in whole)
        if name not in found and not part and not denied(page, hit):
            found[name] = hit
    bodies = {name: hit for name, hit in found.items() if name != "individual"}
    persons = {"individual": found["individual"]} if "individual" in found else {}
    if kind in _OF_PERSONS or (kind in _MOSTLY_PERSONS and persons):
        return persons
    if kind in _OF_BODIES:
        return bodies or persons
    if kind in ("award", "network") and persons and bodies:
        first = min(found.values(), key=lambda hit: (_rank(spans, hit), hit.start))
        return persons if first is persons["individual"] else bodies
    return found


def _rank(spans: list[Span], hit: Hit) -> int:
    return next((n for n, span in enumerate(spans) if span[0] <= hit.start < span[1]), len(spans))


def denied(page: Page, hit: Hit) -> bool:
    """Whether words are said of those shut out: "except …", "companies are not eligible"."""
    segment = page.segment(hit.start)
    if page.any("eligibility.except", (max(segment[0], hit.start - 40), hit.start)):
        return True
    after = DENIED_AFTER.search(page.folded, hit.end, min(segment[1], hit.end + 60))
    return after is not None and not re.search(
        r"[;:]| (?:may|can|pueden|podran|peuvent|podem) (?!not)", page.folded[hit.end : after.start()]
    )


def _audiences(page: Page, spans: list[Span], kept: dict[str, Hit], kinds: dict[str, Hit]) -> None:
    found: dict[str, Hit | str] = {}
    for name in kept:
        if name in _BODIES:
            found.setdefault(_BODIES[name], kinds[name])
    if "individual" in kept:
        persons = _persons(page, spans)
        found.update({name: hit for name, hit in persons.items() if name not in found})
        if not persons:
            found["citizens"] = kinds.get("individual", "")
    put = []
    for name, hit in found.items():
        if (hit == "" and _as_individual(page)) or (isinstance(hit, Hit) and _prove(page, "audiences", name, hit)):
            put.append(name)
    if put:
        page.put("audiences", [term for term in page.context.terms("audiences") if term in put])


def _as_individual(page: Page) -> bool:
    for evidence in page.evidence:
        if evidence.field == "accepted_applicant_types":
            page.evidence.append(evidence.model_copy(update={"field": "audiences", "rule": "audiences.citizens"}))
            return True
    return False


def _persons(page: Page, spans: list[Span]) -> dict[str, Hit]:
    """What the persons who may apply are, where they are not citizens in general."""
    found = {}
    for name in ("public_servants", "academia", "business", "social"):
        hit = next((h for span in spans for h in page.hits(f"audiences.{name}", *span) if not denied(page, h)), None)
        if hit is not None:
            found[name] = hit
    return found


def _spans(page: Page) -> list[Span]:
    """Where the text says who may apply, the surest first: its section, the title, the sentences that say so."""
    spans = [span for span, _ in sections(page)]
    spans.append(page.title)
    for segment in page.segments[1:]:
        told = any(page.any(key, segment) for key in ("eligibility.open", "eligibility.cue")) or says_whom(
            page, segment
        )
        past = page.any("opportunity.result", segment) or PAST.search(page.folded, *segment)
        if told and not past and not page.any("eligibility.unfunded", segment):
            spans.append(segment)
    return spans
