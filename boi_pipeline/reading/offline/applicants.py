"""What may apply and whom it is for: accepted_applicant_types and audiences.

Kinds come from the words where the text says who may apply; a scholarship, job or residency is for persons. Audiences
follow from the kinds, and for persons from what they are said to be (officials, researchers, activists).
"""

import re
from collections.abc import Iterable, Mapping

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
# Kinds of offer that are for persons: always; unless bodies are named where it says who may apply; where nothing is said.
_OF_PERSONS = frozenset({"scholarship", "placement", "residency"})
_MOSTLY_PERSONS = frozenset({"course", "event"})
_ELSE_PERSONS = frozenset({"award", "network"})
_OF_BODIES = frozenset({"fund", "cooperation"})
# "… are not eligible", "no podrán postular": after the words it shuts out.
DENIED_AFTER = re.compile(
    r"(?<![^\W_])(?:not eligible|ineligible|(?:are|is) not (?:eligible|admitted|accepted|invited|covered|allowed)|(?:may|can) ?not|"
    r"will not be|do not qualify|are excluded|is excluded|(?:are|is) suspended|suspendid[oa]s?|suspendues?|suspens[oa]s?|"
    r"no (?:podran|podra|pueden|puede|son elegibles|es elegible|participan|se admiten|estan habilitad\w+|serian|"
    r"seran (?:admit|acept|elegibl)\w+|optan|entran)|quedan? (?:excluid\w+|fuera)|"
    r"ne (?:peuvent|peut|pourront|sont|seront) (?:pas|ni|plus)|n'est pas (?:eligible|admis\w*)|ne sont pas|exclus|exclues|"
    r"nao (?:podem|pode|poderao|sao (?:elegiveis|admiti\w+|aceit\w+)|serao|participam)|ficam (?:excluid\w+|de fora)|"
    r"(?:in|through|under|to) (?:a |another |a separate |separate )(?:call|scheme|procedure|route)|por otra via|apply through|pass(?:ent|e) par|acceden por|se presentan por|concorrem por|"
    r"por la via (?:nacional|ordinaria|interna)|par la voie nationale|pela via nacional|through the national|en otra convocatoria|por otro proceso|en outro edital|em outro edital|noutro concurso|por outra via|"
    r"releve(?:nt)? d'une autre|par une autre voie|dans un autre appel|"
    r"konnen (?:sich )?nicht|sind (?:nicht|ausgeschlossen)|nicht (?:antragsberechtigt|zugelassen|teilnehmen))(?![^\W_])"
)
# "We do not accept applications from companies", "cannot lead", "as partners": not those who apply.
_REFUSED_BEFORE = re.compile(
    r"(?<![^\W_])(?:do not (?:accept|fund|support)|does not (?:accept|fund|support)|n'accept\w+ pas|ne (?:finan|sout)\w+ pas|no (?:acept|financi|apoy)\w+|"
    r"no se (?:acept|admit|financi)\w+|nao (?:aceit|financi|apoi)\w+|nicht gefordert werden|sin|without|sans|sem|ohne)(?![^\W_])[^.;:]{0,40}$"
)
_ASIDE = re.compile(
    r"[^.;:]{0,40}(?<![^\W_])(?:cannot lead|but (?:cannot|may not)|(?:as|only as) (?:associated )?partners?|comme partenaires?|mais ne|como (?:socios|socias|parceir[oa]s|entidades) (?:asociad|associad|invitad)\w+|"
    r"etre associe\w*|sans etre|sin ser|sem ser|sind ausgeschlossen)(?![^\W_])"
)
# "City Lab is a non-profit", "the Dutch non-profit that …": who convenes, not who applies.
_CONVENES = re.compile(
    r"(?<![^\W_])(?:is|are|was|es|est|e|ist|sind|by|por|par|von|pela|pelo|the|our|nuestra|notre|nossa|unser\w*) (?:(?:an?|una?|une?|uma?|eine?|the|la|el) )?(?:\w+ ){0,1}$"
)
_TURNS = re.compile(r"[;:]| (?:may|can|pueden|podran|peuvent|podem) (?!not)")
_REFUSED = re.compile(r"^ ?: (?:not|no|non|nao|nein|nicht)(?![^\W_])")


def read_applicants(page: Page) -> None:
    """Write accepted_applicant_types and audiences on the page's sheet, from the sentences on who may apply."""
    tiers = _tiers(page)
    kind = page.values.get("opportunity_type")
    kinds = _kinds(page, tiers, kind)
    kept: dict[str, Hit | None] = {}
    kept |= {name: hit for name, hit in kinds.items() if _prove(page, "accepted_applicant_types", name, hit)}
    alone = not kept and kind in _OF_PERSONS | _MOSTLY_PERSONS | _ELSE_PERSONS
    if alone and _borrow(page, "opportunity_type", "accepted_applicant_types", "applicants.individual"):
        kept = {"individual": None}
    if kept:
        terms = page.context.terms("applicant_types")
        page.put("accepted_applicant_types", [term for term in terms if term in kept])
        _audiences(page, tiers, kept, kind)


def _prove(page: Page, field: str, name: str, hit: Hit) -> bool:
    section = "applicants" if field == "accepted_applicant_types" else "audiences"
    return page.prove(field, f"{section}.{name}", 0.8, hit[:2], page.segment(hit.start))


def _borrow(page: Page, source: str, field: str, rule: str) -> bool:
    """What another field tells is proved by the same words: a scholarship is for a person."""
    found = next((evidence for evidence in page.evidence if evidence.field == source), None)
    if found is not None:
        page.evidence.append(found.model_copy(update={"field": field, "rule": rule, "kind": "inferred"}))
    return found is not None


def _tiers(page: Page) -> list[list[Span]]:
    """Where the text says who may apply, the surest first: its sections, the title, the sentences that say so."""
    told = []
    for segment in page.segments[1:]:
        keys = ("eligibility.open", "eligibility.cue", "eligibility.gives")
        past = page.any("opportunity.result", segment) or PAST.search(page.folded, *segment)
        if past or page.any("eligibility.unfunded", segment):
            continue
        if any(page.any(key, segment) for key in keys) or says_whom(page, segment):
            told.append(segment)
    return [[span for span, _ in sections(page)], [page.title], told]


def _kinds(page: Page, tiers: list[list[Span]], kind: str | None) -> dict[str, Hit]:
    """Kind of applicant → the words that name it, as far as the kind of offer admits it."""
    found: dict[str, Hit] = {}
    for tier in tiers:
        here = _named(page, tier)
        bodies = {name: hit for name, hit in here.items() if name != "individual"}
        persons = {name: hit for name, hit in here.items() if name == "individual"}
        if kind in _OF_PERSONS:
            here = persons
        elif kind in _OF_BODIES:
            here = bodies
        elif kind in _MOSTLY_PERSONS:
            here = persons or (bodies if tier is tiers[0] else {})
        elif kind in _ELSE_PERSONS and persons and bodies:
            first = min(here.values(), key=lambda hit: hit.start)
            here = persons if first is here["individual"] else bodies
        for name, hit in here.items():
            found.setdefault(name, hit)
        if here and (tier is tiers[0] or kind not in _OF_BODIES):
            return found
    if kind in _OF_BODIES and not found:
        return {name: hit for tier in tiers for name, hit in _named(page, tier).items() if name == "individual"}
    return found


def _named(page: Page, spans: Iterable[Span]) -> dict[str, Hit]:
    """Kind → the first words that name it in these spans; a word within a longer name of another kind is none."""
    named = [(n, hit) for n in names_of("applicants") for span in spans for hit in page.hits(f"applicants.{n}", *span)]
    whole = {(hit.start, hit.end) for _, hit in named}
    found: dict[str, Hit] = {}
    for name, hit in sorted(named, key=lambda pair: pair[1].start):
        part = any(a <= hit.start and hit.end <= b and (a, b) != (hit.start, hit.end) for a, b in whole)
        if (
            name not in found
            and not part
            and not denied(page, hit)
            and not _in_name(page, hit)
            and not _convenes(page, name, hit)
        ):
            found[name] = hit
    return found


def _convenes(page: Page, name: str, hit: Hit) -> bool:
    """Whether one body is meant, the one that gives."""
    if name == "individual" or page.folded[hit.end - 1] == "s" or page.language == "de":
        return False
    return _CONVENES.search(page.folded[max(page.segment(hit.start)[0], hit.start - 24) : hit.start]) is not None


def _in_name(page: Page, hit: Hit) -> bool:
    """ "la Asociación …", "Harbour Museum": a word of a name, not of those who may apply."""
    if not page.text[hit.start].isupper() or page.language == "de" or hit.start < page.title[1]:
        return False
    before = page.text[max(0, hit.start - 2) : hit.start]
    return before[-1:] == " " and before[:1] not in (".", ":", "?", "!", "•", "-", "–", "▪", "*", "→", "✓", "")


def denied(page: Page, hit: Hit) -> bool:
    """Whether words are said of those shut out: "except …", "companies are not eligible"."""
    segment = page.segment(hit.start)
    if page.any("eligibility.except", (max(segment[0], hit.start - 40), hit.start)):
        return True
    if _REFUSED_BEFORE.search(page.folded[max(segment[0], hit.start - 70) : hit.start]):
        return True
    rest = page.folded[hit.end : min(segment[1], hit.end + 60)]
    if _ASIDE.match(rest):
        return True
    after = DENIED_AFTER.search(rest)
    return after is not None and (not _TURNS.search(rest[: after.start()]) or _REFUSED.match(rest) is not None)


def _audiences(page: Page, tiers: list[list[Span]], kept: Mapping[str, Hit | None], kind: str | None) -> None:
    put = set()
    for name, hit in kept.items():
        if name in _BODIES and hit is not None and _prove(page, "audiences", _BODIES[name], hit):
            put.add(_BODIES[name])
    if "individual" in kept:
        persons = _persons(page, tiers, kind)
        put |= {name for name, hit in persons.items() if _prove(page, "audiences", name, hit)}
        if not persons and _borrow(page, "accepted_applicant_types", "audiences", "audiences.citizens"):
            put.add("citizens")
    if put:
        page.put("audiences", [term for term in page.context.terms("audiences") if term in put])


def _persons(page: Page, tiers: list[list[Span]], kind: str | None) -> dict[str, Hit]:
    """What the persons who may apply are, where they are not citizens in general."""
    if kind == "residency":
        return {}
    names = (
        ("academia", "public_servants")
        if kind in _OF_PERSONS
        else ("public_servants", "academia", "business", "social")
    )
    found: dict[str, Hit] = {}
    for tier in tiers[:2] if kind == "placement" else tiers:
        for name in names:
            hits = (h for span in tier for h in page.hits(f"audiences.{name}", *span))
            hit = next((h for h in hits if not denied(page, h) and not _in_name(page, h)), None)
            if hit is not None:
                found.setdefault(name, hit)
        if found:
            break
    return found
