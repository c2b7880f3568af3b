"""Who may apply: kinds of applicants, audiences, regions, and whether the home country may. A wrong yes is the worst error.

A country counts only where the words tie it to applicants ("citizens of", "ecuadorian students", "Eligible countries:"),
never because it is named. Nothing said, or said both ways: unclear. Which countries a group has is in the vocabulary.
"""

import re
from dataclasses import dataclass, replace

from boi_pipeline.reading.offline.lexicon import names_of
from boi_pipeline.reading.offline.page import Hit, Page, PlaceHit, Span
from boi_pipeline.reading.offline.places import ANYWHERE, members

# Words that may stand between what ties a place to applicants and the place: articles, "any country of", other places.
_FILLER = (
    r"and|or|y|o|e|u|et|ou|und|oder|the|los|las|el|la|le|les|os|as|a|an|any|all|every|each|other|otros|autres|outros|demas|de|del|des|d|l|du|da|do|das|dos|of|in|en|em|"
    r"across|throughout|within|from|au|aux|dans|na|no|nas|nos|un|une|uno|una|um|uma|one|cualquier|cualquiera|qualquer|todo|toda|todos|todas|tout|toute|tous|toutes|whole|"
    r"countries|country|paises|pais|pays|states?|estados?|etats?|nations?|naciones|nacoes|member|members|miembros?|membres?|membros?|regions?|regiones|regioes|continents?|"
    r"either|both|republic|republica|republique|los siguientes|following|siguientes|suivants|seguintes|as well|como|to|anywhere|current|list|lista|liste|oecd|ocde|on|"
    r"nationality|nacionalidad|nationalite|nacionalidade|eligible|elegibles|eligibles|region|islands?|islas|an?other|parts?|todo el|toda la|toda a|todo o|legal|officially"
)
_LINK = re.compile(rf"(?:[\s,/()&\"'-]|(?<![^\W_])(?:{_FILLER})(?![^\W_]))*")
_LEAD = re.compile(rf"(?:[\s,/()&\"'-]|(?<![^\W_])(?:{_FILLER})(?![^\W_]))*$")
_TIES = re.compile(
    r"(?<![^\W_])(?:from|of|in|across|throughout|within|anywhere|on|de|del|des|d|du|da|do|das|dos|en|em|na|no|nas|nos|dans|aux?|to|any|every|aus|von)(?![^\W_])"
)
_RESIDES = re.compile(
    r"(?<![^\W_])(?:citizens?|nationals?|ciudadan\w+|nacional(?:es)?|ressortissant\w*|citoyen\w*|cidadaos?|cidadas?|nacionais|residents?|residentes?|resid\w+|domicili\w+|"
    r"passports?|pasaporte|passeport|passaporte|originari\w+|originaires?|oriund\w+|procedentes?|provenientes?|provenant|established|establecid\w+|etabli\w*|estabelecid\w+|"
    r"sediad\w+|based|sede|siege|burger\w*|staatsangehorige\w*|registered|registrad\w+|constituid\w+|immatricul\w+|incorporated|headquartered|living|lives?|vivan?|vivir|vivant|vivam|"
    r"come|coming|comes|vengan?|venha\w*|viennent|nationality|nacionalidad|nationalite|nacionalidade|nacid\w+|ansassig|wohnsitz|located|citizenship|ciudadania)(?![^\W_])"
)
_SPEAKS_OF_NATIONALITY = re.compile(
    r"national|nacional|citizen|restric|horizons|wherever|regardless|donde|ou qu|quel que|onde|matter|irrespective|independ"
)
_SOME_COUNTRIES = re.compile(
    r"\)? (?!(?:of|in|de|del|du|do|da) (?:the )?(?:world|mundo|monde))(?:of|in|on|de|del|d'|des|du|da|do|que|that|listed|where|member|miembros?|membres?|membros?|participa\w*|with|con|socios|elegibles?|eligible|partner|covered|inscrits?)(?![^\W_])"
)
_ENROLLED = re.compile(
    r"enrolled|currently studying|matriculad|inscrits? (?:dans|a)|already in|residing in|list|selected|eligible countries"
)
_ARTICLE = re.compile(r"[ ,]*(?:the|el|la|los|las|le|les|l'|o|a|os|as)?[ ,]*")
_DENIED = re.compile(r"(?<![^\W_])(?:not|no|nao|ne|nicht|cannot|aucun\w*|ningun\w*)(?![^\W_])")
_FOR = re.compile(r"(?<![^\W_])(?:for|para|pour|fur)(?![^\W_])")
_HAPPENED = re.compile(
    r"(?<![^\W_])(?:won|met|visited|received|were|was|have|has|had|came|took|fueron|fue|recibieron|ganaron|han|ha|participaron|ont|furent|etaient|foram|receberam|participaram|tem|haben|waren|benefited|studied|learned)(?![^\W_])"
)


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
        persons = {"public_servants", "academia"} & set(found)
        if field == "audiences" and not persons and "individual" in page.values.get("accepted_applicant_types", []):
            person = next(
                e for e in page.evidence if e.field == "accepted_applicant_types" and e.rule == "applicants.individual"
            )
            page.evidence.append(person.model_copy(update={"field": "audiences", "rule": "audiences.citizens"}))
            found.insert(0, "citizens")
        terms = page.context.terms("applicant_types" if section == "applicants" else "audiences")
        if found:
            page.put(field, [term for term in terms if term in found])


def _applicant_spans(page: Page) -> list[Span]:
    """Where the text says who may apply: its section, the sentences that say so, else the title and the first lines."""
    spans = _sections(page)
    for segment in page.segments:
        told = (
            page.any("eligibility.open", segment) or page.any("eligibility.cue", segment) or _says_whom(page, segment)
        )
        if told and not page.any("opportunity.result", segment) and not page.any("eligibility.unfunded", segment):
            spans.append(segment)
    return spans or page.segments[:3]


def _negated(page: Page, at: int) -> bool:
    segment = page.segment(at)
    return page.any("eligibility.except", (max(segment[0], at - 40), at))


def read_home(page: Page) -> None:
    """Write eligible_regions and home_eligible on the page's sheet."""
    home, groups = page.context.home_country, members(page.context)
    claims = _claims(page)
    regions: dict[str, _Claim] = {}
    for claim in claims:
        if claim.admits and not claim.vague:
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
    short = [claim for claim in yes if claim.within[1] - claim.within[0] <= 90]
    return all(b.within[1] - b.within[0] <= 90 and any(abs(a.core[0] - b.core[0]) <= 160 for a in short) for b in no)


def _answer(page: Page, value: str, claim: _Claim, confidence: float) -> None:
    if _prove(page, "home_eligible", claim, confidence):
        page.put("home_eligible", value)


def _prove(page: Page, field: str, claim: _Claim, confidence: float = 0.85) -> bool:
    return page.prove(field, claim.rule, confidence, claim.core, claim.within)


def _claims(page: Page) -> list[_Claim]:
    """What every sentence on applicants says of places."""
    claims: list[_Claim] = []
    sections = _sections(page)
    for number, segment in enumerate(page.segments):
        if page.any("opportunity.result", segment) or page.any("opportunity.news", segment):
            continue
        inside = any(start <= segment[0] < end for start, end in sections)
        opens = inside or page.any("eligibility.open", segment)
        if not opens and not page.any("eligibility.cue", segment) and number and not _says_whom(page, segment):
            continue
        claims += _sentence(page, segment, inside, opens)
    return claims


def _people(page: Page, span: Span) -> list[Hit]:
    """Words for applicants in a span: general ones and the kinds of the lexicon, by where they end."""
    keys = ("eligibility.people", *(f"applicants.{name}" for name in names_of("applicants")))
    return sorted((hit for key in keys for hit in page.hits(key, *span)), key=lambda hit: hit.end)


def _says_whom(page: Page, segment: Span) -> bool:
    """A sentence "A prize for farmer groups …", or a line "Local governments of …" that tells nothing that happened."""
    first = _people(page, (segment[0], min(segment[1], segment[0] + 40)))
    opens_so = any(hit.start == segment[0] for hit in first) and segment[1] - segment[0] <= 180
    if opens_so and not _HAPPENED.search(page.folded, *segment):
        return True
    return any(_people(page, (m.end(), min(segment[1], m.end() + 50))) for m in _FOR.finditer(page.folded, *segment))


def _sections(page: Page) -> list[Span]:
    """What stands under "Who may apply": from the label to the next heading."""
    found = []
    for label, (start, _) in page.label("eligibility.label"):
        end, lines = start, 0
        while end < len(page.text) and lines < 12:
            stop = page.text.find("\n", end)
            stop = len(page.text) if stop < 0 else stop
            line = page.text[end:stop].strip()
            heading = (
                0 < len(line) <= 48 and line[-1] not in ".,;:)" and line[0].isupper() and not page.places_in(end, stop)
            )
            if lines and (heading or _other_label(page, end, stop)):
                break
            end, lines = stop + 1, lines + 1
        found.append((label.start, min(end, len(page.text))))
    return found


def _other_label(page: Page, start: int, end: int) -> bool:
    """A line that begins another matter: "Closing date: …", "Funder: …", "Location: …"."""
    keys = (
        "close.strong",
        "close.open",
        "close.event",
        "funder.labels",
        "money.total",
        "opportunity_number.labels",
        "host.cue",
        "language.label",
    )
    colon = page.folded.find(":", start, min(end, start + 60))
    return colon > 0 and any(hit.start <= start + 2 for key in keys for hit in page.hits(key, start, colon))


def _sentence(page: Page, segment: Span, inside: bool, opens: bool) -> list[_Claim]:
    """The claims of one sentence: places its words tie to applicants, split where an exception begins."""
    linked: list[PlaceHit] = []
    strong, start = False, segment[1]
    for hit in page.places_in(*segment):
        hosted = _hosted(page, hit, segment)
        link = None if hosted else _tie(page, hit, segment, inside, opens)
        if link is None and not hosted and linked and _LINK.fullmatch(page.folded, linked[-1].end, hit.start):
            link = (linked[-1].start, strong)
        if link is None and _excepts(page, hit, segment):
            link = (hit.start, True)
        if link is not None:
            linked.append(hit)
            start, strong = min(start, link[0]), strong or link[1]
    if strong and any(hit.place.code != "WORLD" for hit in linked):
        kept = [hit for hit in linked if hit.place.code != "WORLD"]
        linked = linked if _excepts(page, kept[0], segment) else kept
    if linked:
        return _split(page, linked, (start, linked[-1].end), strong, segment)
    return _elsewhere(page, segment, opens) or _international(page, segment, opens)


def _hosted(page: Page, hit: PlaceHit, span: Span) -> bool:
    """ "study in Germany", "universities in Spain", "a German university": where, not who."""
    before = page.hits("host.cue", max(span[0], hit.start - 30), hit.start)
    long_cue = any(cue.end - cue.start > 5 and _ARTICLE.fullmatch(page.folded, cue.end, hit.start) for cue in before)
    noun = page.hits("host.noun", hit.end, min(span[1], hit.end + 24)) if hit.place.kind == "people" else []
    return long_cue or any(n.start - hit.end <= 2 for n in noun)


def _tie(page: Page, hit: PlaceHit, segment: Span, inside: bool, opens: bool) -> tuple[int, bool] | None:
    """Whether words tie this place to applicants: (where they begin, whether they speak of citizens or residents)."""
    low = max(segment[0], hit.start - 110)
    before = page.folded[low : hit.start]
    lead = _LEAD.search(before)
    head_end = low + (lead.start() if lead else len(before))
    only = page.any("eligibility.only", segment)
    if hit.place.code == "WORLD":
        return _world(page, hit, segment, head_end, inside, opens)
    if hit.place.kind == "people" or not _TIES.search(page.folded, head_end, hit.start):
        adjective = _adjective(page, hit, segment, opens)
        if adjective is not None or hit.place.kind == "people":
            return adjective
        listed = inside and (head_end <= segment[0] or page.folded[head_end - 1 : head_end] == ":")
        return (hit.start, True) if listed else None
    near = (max(segment[0], head_end - 48), head_end)
    resides = [m for m in _RESIDES.finditer(page.folded, *near) if len(page.folded[m.end() : head_end].split()) <= 3]
    if resides and not re.search(r"[;:]", page.folded[resides[-1].end() : head_end]):
        return resides[-1].start(), True
    head = page.folded[near[0] : near[1]].rstrip()
    if _last_is(page, "eligibility.notpeople", near) or (head.endswith((":", ";")) and not inside):
        return None
    people = [p for p in _people(page, near) if len(page.folded[p.end : head_end].split()) <= 4]
    from_word = re.search(r"(?<![^\W_])from(?![^\W_])", page.folded[head_end : hit.start]) is not None
    if people and not re.search(r"[;:]", page.folded[people[-1].end : head_end]):
        return people[-1].start, only or (from_word and opens)
    elsewhere = page.any("eligibility.notpeople", (segment[0], head_end))
    if opens and head and not elsewhere and not re.search(r"[0-9%]$", head):
        return max(near[0], head_end - 1), only or (from_word and opens)
    return (hit.start, True) if inside and head_end <= segment[0] else None


def _last_is(page: Page, key: str, span: Span) -> bool:
    """Whether a list has the last word, or its neighbour, of a span."""
    return any(len(page.folded[hit.end : span[1]].split()) == 0 for hit in page.hits(key, *span))


def _adjective(page: Page, hit: PlaceHit, segment: Span, opens: bool) -> tuple[int, bool] | None:
    """ "ecuadorian students", "estudiantes ecuatorianos", "guionistas iberoamericanos"."""
    if hit.place.kind == "country":
        return None
    strong = hit.place.kind == "people" or page.any("eligibility.only", segment)
    after = page.hits("eligibility.people", hit.end, min(segment[1], hit.end + 28))
    if after and after[0].start - hit.end <= 2:
        named = page.text[after[0].start].isupper() and not page.text[segment[0] : segment[1]].isupper()
        return None if named and hit.place.kind == "people" else (hit.start, strong)
    before = page.hits("eligibility.people", max(segment[0], hit.start - 34), hit.start)
    if before and hit.start - before[-1].end <= 2:
        return before[-1].start, strong
    low = max(segment[0], hit.start - 30)
    if hit.place.kind == "people":
        return (
            (hit.start, True)
            if re.search(
                r"(?<![^\W_])(?:para|pour|for|dirigid[oa]s? a|open to|ouvert aux?|aberto aos) (?:los |las |les )?$",
                page.folded[low : hit.start],
            )
            else None
        )
    word = re.search(r"([^\W_]{4,}s)(?:/as)? $", page.folded[low : hit.start])
    spoken = re.search(r"an[oa]s?$|ens?$|ch$|ai[nes]+$", page.folded[hit.start : hit.end])
    if opens and word and spoken and not page.hits("eligibility.notpeople", low + word.start(1), hit.start):
        return low + word.start(1), False
    return None


def _world(
    page: Page, hit: PlaceHit, segment: Span, head_end: int, inside: bool, opens: bool
) -> tuple[int, bool] | None:
    """ "any nationality" speaks of applicants; "around the world" only right after them; "all countries of …" is less."""
    if _SOME_COUNTRIES.match(page.folded, hit.end, min(segment[1], hit.end + 40)):
        return None
    if _SPEAKS_OF_NATIONALITY.search(page.folded, hit.start, hit.end):
        return hit.start, False
    if any(open_.end > hit.start for open_ in page.hits("eligibility.open", max(segment[0], hit.start - 24), hit.end)):
        return hit.start, False
    near = (max(segment[0], head_end - 48), head_end)
    if _last_is(page, "eligibility.notpeople", near):
        return None
    found = [*_people(page, near), *page.hits("eligibility.open", *near)]
    told = [f for f in found if not re.search(r"[;:]", page.folded[f.end : head_end])]
    tied = _TIES.search(page.folded, head_end, hit.end) is not None
    if told and (tied or told[-1].end + 2 >= hit.start):
        return min(f.start for f in told), False
    return (hit.start, False) if (opens and tied) or inside else None


def _excepts(page: Page, hit: PlaceHit, segment: Span) -> bool:
    near = page.hits("eligibility.except", max(segment[0], hit.start - 60), hit.start)
    if not near:
        return False
    gap = (near[-1].end, hit.start)
    return (
        bool(_LINK.fullmatch(page.folded, *gap))
        or page.any("eligibility.people", gap)
        or bool(_RESIDES.search(page.folded, *gap))
    )


def _elsewhere(page: Page, segment: Span, opens: bool) -> list[_Claim]:
    """ "Groups elsewhere are welcome"; as partners without funding it is said of nobody."""
    for hit in page.hits("eligibility.elsewhere", *segment):
        unfunded = page.any("eligibility.unfunded", segment)
        if not unfunded and _DENIED.search(page.folded, *segment):
            return []
        if unfunded or opens:
            claims = _split(page, [PlaceHit(hit.start, hit.end, ANYWHERE)], (hit.start, hit.end), False, segment)
            return [replace(claim, rule="eligibility.elsewhere") for claim in claims]
    return []


def _international(page: Page, segment: Span, opens: bool) -> list[_Claim]:
    """ "Open to international students": everybody from elsewhere, unless the sentence names who it means."""
    if segment[0] == 0 or not opens or page.places_in(*segment) or _ENROLLED.search(page.folded, *segment):
        return []
    hits = page.hits("eligibility.international", *segment)[:1]
    claims = [
        c for h in hits for c in _split(page, [PlaceHit(h.start, h.end, ANYWHERE)], (h.start, h.end), False, segment)
    ]
    return [replace(claim, rule="eligibility.international") for claim in claims]


def _split(page: Page, places: list[PlaceHit], core: Span, strong: bool, segment: Span) -> list[_Claim]:
    """Claims of one sentence: those admitted, and those after an exception."""
    out_from = segment[1]
    for cue in page.hits("eligibility.except", *segment):
        if any(0 <= hit.start - cue.end <= 60 for hit in places):
            out_from = min(out_from, cue.start)
    out = [hit for hit in places if hit.start > out_from]
    kept = [hit for hit in places if hit.start <= out_from]
    unfunded = page.any("eligibility.unfunded", segment)
    claims = []
    if kept:
        vague = unfunded or _vague(page, kept[0], segment)
        span = (min(core[0], kept[0].start), kept[-1].end)
        claims.append(_Claim(tuple(kept), span, segment, True, strong, vague, "eligibility.origin"))
    if out:
        claims.append(_Claim(tuple(out), (out_from, out[-1].end), segment, False, True, unfunded, "eligibility.except"))
    return claims


def _vague(page: Page, first: PlaceHit, segment: Span) -> bool:
    """ "selected countries in …", "priority to applicants from …": neither admits nor shuts out."""
    near = (max(segment[0], first.start - 40), first.start)
    wide = (max(segment[0], first.start - 90), min(segment[1], first.end + 40))
    return page.any("eligibility.somewhat", near) or page.any("eligibility.priority", wide)
