"""Who convenes: the funder's name as printed, its type and country; the call's own number.

A name is a run of capitalised words after a label or "offered by", or before "invites"/"abre". Types are IATI's.
"""

import re

from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.quotes import fold

_JOIN = r"(?:of|the|for|and|on|in|de|del|la|las|los|el|y|e|da|do|das|dos|et|des|du|pour|para|a|au|aux|fur|und|der|des|zur|von|d'|l'|&|-|–|/)"
_CAPITAL = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’.&+-]*|[A-Z][A-Z0-9.&+-]*|[a-z]{1,2}(?=[A-Z])[\w-]+)"
_NAME = re.compile(rf"(?:(?:the|la|el|los|las|le|les|l'|l’|o|a|os|as|der|die|das|The|La|El|Los|Las|Le|Les|L'|L’|O|A|Os|As|Der|Die|Das)\s?\b)?\s?(?P<name>{_CAPITAL}(?:(?: (?:{_JOIN} ?){{0,3}}| ?[-–&/] ?|['’]){_CAPITAL}){{0,11}}(?: \([A-Z][\w./-]{{1,14}}\))?)")  # fmt: skip
_CODE = re.compile(r"[A-Z0-9][A-Za-z0-9./_-]*[0-9][A-Za-z0-9./_-]*(?: ?[-/] ?[A-Z0-9]+)*")
_TYPES = (
    (40, r"united nations|naciones unidas|nations unies|nacoes unidas|unesco|unicef|undp|pnud|unhcr|world bank|banco mundial|european union|union europea|union europeenne|uniao europeia|european commission|comision europea|commission europeenne|comissao europeia|multilateral|\boea\b|\boas\b|\bbid\b|\bcaf\b|cepal|interamerican|inter-american|african union|organizacion (?:de|internacional)|banco interamericano|organizacion de estados|segib|\bocde\b|\boecd\b"),
    (11, r"municipal|municipalit|city of|ciudad de|alcaldia|ayuntamiento|prefeitura|mairie|ville de|camara municipal|city council|gobierno local|collectivite|diputacion|region de|junta de|generalitat|state of|canton|departement"),
    (80, r"universi|college|academy|academia|school|escuela|instituto tecnologico|faculty|facultad|hochschule|research cent|centro de investiga|ecole|academie|akademi|politecnic"),
    (10, r"ministr|ministere|ministerio|government|gobierno|gouvernement|governo|embassy|embajada|ambassade|embaixada|agencia|agency|agence|national|nacional|secretaria|department of|departamento|federal|icetex|daad|jica|aecid|usaid|council|consejo|conselho|conseil|institut francais|british council|goethe"),
    (60, r"foundation|fundacion|fondation|fundacao|stiftung|trust|endowment|philanthrop"),
    (22, r"association|asociacion|associacao|ngo|\bong\b|society|sociedad|network|red |rede |reseau|alliance|alianza|alianca|federation|federacion|federacao|charity|collective|colectivo|coletivo|verein"),
    (70, r"\binc\b|\bltd\b|\bllc\b|\bgmbh\b|\bs\.?a\.?s?\b|company|corporation|empresa|banco|bank|google|microsoft|labs?\b|group|grupo|ventures"),
)  # fmt: skip
_LEAD = re.compile(r"[\s.:)#(-]*(?:(?:no|nr|num|numero|number|n)[\s.:#]+)?[\s.:#(]*")
_IATI = tuple((code, re.compile(pattern)) for code, pattern in _TYPES)
_NOUN = re.compile(r"foundation|fundacion|fondation|fundacao|stiftung|institut|universi|ministr|agen[ct]|association|asociacion|associacao|council|consejo|academ|bank|banco|fund\b|fondo|fonds|fundo|centre|center|centro|city|ciudad|network|red\b|rede\b|reseau|secretar|embass|embajad|government|gobierno|alliance|alianza|organiz|organis|commission|comision|union|municipal|museum|museo|college|school|escuela|society|trust|alcaldia|ayuntamiento|laborator|company|festival|casa|office|oficina|programme|programa")  # fmt: skip


def read_funder(page: Page) -> None:
    """Write funder_name, funder_type and funder_country on the page's sheet."""
    for found in (_by_label(page), _by_heading(page), _by_words(page), _by_verb(page), _by_name(page)):
        if found is None:
            continue
        name, core, rule, confidence = found
        if page.state("funder_name", name, rule, confidence, core):
            _kind(page, name, core)
            return


def _clean(page: Page, start: int, end: int) -> tuple[str, Span] | None:
    while (space := page.text.find(" ", start, end)) > start and _common(page, start, space):
        start = space + 1
    name = page.text[start:end]
    while name and name[-1] in " .,;:-–/&(’'":
        name, end = name[:-1], end - 1
    words = fold(name).split()
    if (
        not 2 <= len(name) <= 120
        or not words
        or (len(words) < 3 and _common(page, start, end))
        or not any(c.isalpha() for c in name)
    ):
        return None
    return name, (start, end)


def _common(page: Page, start: int, end: int) -> bool:
    """Whether the first word is an everyday one: "This", "Becas", "Applicants"."""
    return any(hit.start == start for hit in page.hits("funder.not", start, end))


def _by_label(page: Page) -> tuple[str, Span, str, float] | None:
    for label, (start, end) in page.label("funder.labels"):
        stop = min(end, start + 120)
        for mark in (";", " | ", ". ", "("):
            at = page.text.find(mark, start, stop)
            if at > start + 3:
                stop = at if mark != "(" else stop
        found = _clean(page, start, stop)
        if (
            found
            and len(found[0].split()) <= 14
            and found[0][0].isalnum()
            and (found[0][0].isupper() or found[0][0].isdigit())
        ):
            return found[0], (label.start, found[1][1]), f"funder.label.{label.language}", 0.95
    return None


def _by_heading(page: Page) -> tuple[str, Span, str, float] | None:
    """ "Blue Lake Foundation — Closes 1 March": a line that opens with a name and the closing date."""
    for segment in page.segments[1:3]:
        match = _NAME.match(page.text, *segment)
        if match is None:
            continue
        gap = re.match(r" (?:[-–—|·•]) ", page.text[match.end() : match.end() + 3])
        if gap and any(hit.start == match.end() + 3 for hit in page.hits("close.strong", match.end(), segment[1])):
            found = _clean(page, *match.span("name"))
            if found:
                return found[0], (found[1][0], match.end() + 3), "funder.heading", 0.75
    return None


def _by_words(page: Page) -> tuple[str, Span, str, float] | None:
    for hit in page.hits("funder.by"):
        match = _NAME.match(page.text, hit.end + 1) if page.text[hit.end : hit.end + 1] == " " else None
        if match:
            found = _clean(page, *match.span("name"))
            if found:
                return found[0], (hit.start, found[1][1]), f"funder.by.{hit.language}", 0.85
    return None


def _by_verb(page: Page) -> tuple[str, Span, str, float] | None:
    for hit in page.hits("funder.verbs"):
        segment = page.segment(hit.start)
        if hit.end <= page.title[1]:
            continue
        start = max(segment[0], hit.start - 130)
        best = None
        for match in _NAME.finditer(page.text, start, hit.start):
            tail = page.text[match.end() : hit.start]
            if (
                re.fullmatch(r"(?: \([^)]{1,30}\))?(?:,[^.;]{1,60},)? ?(?:has|ha|hereby|now|is|est|esta|,)? ?", tail)
                and tail
            ):
                best = match
        if best is None:
            continue
        found = _clean(page, *best.span("name"))
        if found and (
            _NOUN.search(fold(found[0]))
            or re.fullmatch(r"[A-Z][A-Z0-9&-]{2,11}", found[0])
            or (len(found[0].split()) > 1 and best.start() - segment[0] <= 4)
        ):
            return found[0], (found[1][0], hit.end), f"funder.verb.{hit.language}", 0.7
    return None


def _by_name(page: Page) -> tuple[str, Span, str, float] | None:
    """The body the page names most, where one name stands out: "Foundation", "Institute", "Agency" in it."""
    counts: dict[str, list[Span]] = {}
    for match in _NAME.finditer(page.text, page.title[1]):
        found = _clean(page, *match.span("name"))
        if not found or "\n" in found[0] or fold(found[0]) in page.folded[: page.title[1]]:
            continue
        if len(found[0].split()) > 1 and _NOUN.search(fold(found[0])):
            counts.setdefault(found[0], []).append(found[1])
    if not counts:
        return None
    ranked = sorted(counts, key=lambda name: (-len(counts[name]), counts[name][0]))
    if len(ranked) > 1 and len(counts[ranked[0]]) == len(counts[ranked[1]]):
        return None
    return ranked[0], counts[ranked[0]][0], "funder.most_named", 0.5


def _kind(page: Page, name: str, core: Span) -> None:
    folded = fold(name)
    for code, pattern in _IATI:
        if pattern.search(folded):
            page.state("funder_type", code, f"funder.type.{code}", 0.7, core)
            break
    start, end = core
    countries = {hit.place.code for hit in page.places_in(start, end) if hit.place.kind != "group"}
    if len(countries) == 1:
        page.state("funder_country", countries.pop(), "funder.country", 0.75, core)


def read_number(page: Page) -> None:
    """Write opportunity_number: the convener's own, right after its label ("Ref. MF-27-04", "Topic: X-2027-1")."""
    for label in page.hits("opportunity_number.labels"):
        lead = _LEAD.match(page.folded, label.end)
        match = _CODE.match(page.text, lead.end()) if lead else None
        if match is None or not 3 <= len(match.group().rstrip(".")) <= 50:
            continue
        code = match.group().rstrip(".")
        plain = re.fullmatch(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4}|(?:19|20)[0-9]{2}|[0-9]{1,3}", code)
        marked = re.search(r"[:.#(]|n[o.]|num", page.folded[label.end : lead.end()] if lead else "") or re.search(
            r"[/-]|[A-Z]", code
        )
        if not plain and marked:
            page.state(
                "opportunity_number",
                code,
                f"number.label.{label.language}",
                0.9,
                (label.start, match.start() + len(code)),
            )
            return
