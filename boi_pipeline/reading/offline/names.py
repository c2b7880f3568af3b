"""Names of bodies as a page prints them: runs of capitalised words, in French and Spanish with the small words that
belong to them ("Agence d'appui aux finances publiques"). Who of them convenes belongs to ``funder``.
"""

import functools
import re
from dataclasses import dataclass

from boi_pipeline.reading.offline.lexicon import lexicons
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.values.numbers import any_of

_UPPER = r"[A-ZÀ-ÖØ-ÞŒŠŽŁĆŚŻĐČ]"
_CAP = rf"(?:(?<=[LlDd]['’])|(?<![^\W_])(?<!['’]))(?:{_UPPER}(?!['’]{_UPPER})(?:[\w+-]|&(?=\w))*(?:\.[A-Z])*|[a-z]{{1,2}}[A-Z]\w+|[0-9]+{_UPPER}\w*)"
_SMALL = (
    r"(?:of the|of|for the|for|and the|and|in|de la|de las|de los|del|de|para la|para el|para los|para o|para a|para|en|y el|y la|y los|y las|y|e o|e a|e|do|da|dos|das|du|des|et la|et le|et les|et des|et|"
    r"pour la|pour le|pour les|pour|au|aux|a la|a las|a los|à la|against|contra|contre|gegen|sin|sans|sem|ohne|statt|without|with|con|em|frente al|frente a|por la|por el|por los|por las|por una|por un|por|pelos|pelas|pelo|pela|no|na|nos|nas|al|par|fur|für|und|der|des|zur|zum|von|im|am|van|di|della|delle)"
)
_JOIN = rf"(?: |(?<=\w)-(?=[A-Z])| ?& ?|[–/]| {_SMALL} (?:l['’]|d['’])?| d['’]| de l['’]| pour l['’]| et l['’]|['’]s )"
_RUN = re.compile(rf"{_CAP}(?:{_JOIN}{_CAP}){{0,12}}")
_COMPANY = re.compile(
    r",? (?:Inc|Ltd|Corp|Co|S\.A\.S|S\.p\.A|S\.A|S\.L|A\. ?C|LLC|GmbH|AG|Ltda|Lda|SARL|SA|SpA|Pty Ltd|e\. ?V)\.?(?!\w)"
)
_SPLIT = re.compile(
    r" (?:and|y|e|et|und|&)(?: the| la| el| los| las| o| a| le| les| die| der| das| l['’]| l)? ?", re.IGNORECASE
)
_IN = re.compile(r" (?:in|en|em|con|with) ")
_POST = re.compile(
    r"(?:(?:el|la|the|le|o|a|l') ?)?(?:consul|embass|embaj|ambass|embaix|botschaft|office|oficina|delega|represent)"
)
_OF = re.compile(r" (?:of the|of|de la|de las|de los|del|de|da|do|du|des) ")
_BY = re.compile(r" (?:par|por|pelo|pela|pelos|pelas|vía|via|by)(?: la| el| le| les| los| las)? (?:l['’])?")
_SHORT = re.compile(r" (?:Inc|Ltd|Corp|Co|S\.A|S\.A\.S|S\.L|e\.V)$")
_WORD = re.compile(r"[^\W_]+")
# A small word and the lower-case noun after it, or an adjective by its ending: how a name goes on in Romance languages.
_ON = re.compile(
    r" (?:(?P<join>et des|et de la|et du|et de|et les|a la|de la|de las|de los|de les|del|de|du|des|do|da|dos|das|para la|para el|para los|para o|para a|para|pour la|pour le|pour les|pour|aux|au|et|y|e) (?:(?P<elide>l['’]|d['’]))?|(?P<short>d['’]|de l['’]|pour l['’]))?(?P<word>[^\W\d_][\w-]*)"
)
_ADJECTIVE = re.compile(
    r"(?:central|[a-z]{2,}(?:iques?|ales?|aux|als?|aires?|phones?|iennes?|iens?|aises?|ois|oises?|aines?|ains?|ives?|ifs?|ables?|ibles?|icos?|icas?|ivos?|ivas?|arios?|arias?|anos?|anas?|ense?s?|eses?|inos?|inas?|"
    r"orios?|orias?|entes?|ares?|iles?|eux|euses?|eiros?|eiras?|ieure?s?|ais|eis|een(?:ne)?s?|belges?|suisses?|russes?|basques?|libres?|publi(?:que|co|ca)s?|n?el(?:le)?s?|enne|ees|ee|ados?|adas?|idos?|idas?))"
)
_LINK = re.compile(r" (?:du|des|de|del|da|do) ")
_MIDST = re.compile(r"[a-zß-öø-ÿ,] [A-Z]$")
_ARTICLES = frozenset({"le", "la", "les", "el", "los", "las", "the"})
_LETTERS = re.compile(r"[^a-z0-9]")


@functools.cache
def _words(name: str) -> frozenset[str]:
    """One-word phrases of a funder list, of every language: a name may be in another language than its page."""
    return frozenset(
        phrase.rstrip("*")
        for sections in lexicons().values()
        for phrase, _ in sections["funder"][name]
        if " " not in phrase
    )


@functools.cache
def _nouns() -> re.Pattern[str]:
    told = {p.rstrip("*") for sections in lexicons().values() for p, _ in sections["funder"]["nouns"]}
    return re.compile(rf"(?<![^\W_])(?:{any_of(sorted(told))})(?![^\W_])")


# Compounds of German, and nouns that are the end of a word.
_ENDING = re.compile(
    r"(?:stiftung|institut|universitat|hochschule|ministerium|verein|verband|akademie|agentur|zentrum|museum|werk|forum|kolleg|amt|gesellschaft|lab|bank|labs)(?![^\W_])"
)


def is_body(folded: str) -> bool:
    """Whether a name says that it is a body: "Foundation", "Instituto", "Stadt" in it."""
    return _nouns().search(folded) is not None or _ENDING.search(folded) is not None


def is_thing(page: Page, start: int, end: int) -> bool:
    """Whether a name opens or closes as that of a call, prize or course, in a language of the page."""
    ordinal = _ORDINAL.match(page.folded, start, end)
    first = ordinal.end() if ordinal else start
    return any(first == hit.start or hit.end == end for hit in page.hits("funder.things", start, end))


def is_general(folded: str) -> bool:
    """Whether a name is only a noun: "the College", "la Fundación"."""
    return _nouns().fullmatch(folded) is not None


_ORDINAL = re.compile(r"(?:[ivx]+|[0-9]+\w*|primer\w*|segund\w*) ")


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands (view positions)."""

    start: int
    end: int
    text: str
    folded: str


def names_in(page: Page, start: int, end: int, host: str) -> list[Name]:
    """The names in a span, by start. ``host`` is where the page is from: bodies are named after their words there."""
    found: list[Name] = []
    for match in _RUN.finditer(page.text, start, end):
        for a, b in _parts(page, *match.span()):
            a, b = _trim(page, a, b)
            if b - a < 2:
                continue
            b = _extend(page, a, b, end, host)
            b = _cut(page, a, b, host)
            company = _COMPANY.match(page.text, b, end)
            b = company.end() if company else b + bool(_SHORT.search(page.text, a, b) and page.text[b : b + 1] == ".")
            found.append(Name(a, b, page.text[a:b], page.folded[a:b]))
    return found


def _cut(page: Page, start: int, end: int, host: str) -> int:
    """In German, where every noun has a capital, a body's name ends with the words its host shows."""
    words = list(_WORD.finditer(page.folded, start, end))
    if page.language != "de" or len(words) < 3:
        return end
    shown = [len(word.group()) > 3 and word.group() in host for word in words]
    last = max((i for i, known in enumerate(shown) if known), default=-1)
    whole = last > 0 and all(shown[: last + 1]) and is_body(page.folded[start : words[last].end()])
    return words[last].end() if whole else end


def _parts(page: Page, start: int, end: int) -> list[tuple[int, int]]:
    """A run as one name, or as two where "and the Office …" begins another body, or "the Union's Desk" names its own."""
    for joint in _SPLIT.finditer(page.text, start, end):
        rest = _WORD.match(page.folded, joint.end())
        if (
            rest
            and joint.start() > start
            and _opens_body(page.folded[joint.end() : end])
            and is_body(page.folded[start : joint.start()])
        ):
            return [(start, joint.start()), *_parts(page, joint.end(), end)]
    inside = _IN.search(page.text, start, end)
    if inside and (is_body(page.folded[start : inside.start()]) and not _POST.match(page.folded, start, end)):
        return [(start, inside.start())]
    for part in _OF.finditer(page.text, start, end):
        if _opens_body(page.folded[part.end() : end]) and not is_body(page.folded[start : part.start()]):
            return [(part.end(), end)]
    by = _BY.search(page.text, start, end)
    if by and not is_body(page.folded[start : by.start()]):
        return _parts(page, by.end(), end)
    owner = re.compile(r"['’]s ").search(page.text, start, end)
    if owner and is_body(page.folded[owner.end() : end]) and is_body(page.folded[start : owner.start()]):
        return [(owner.end(), end), (start, owner.start())]
    return [(start, end)]


def _opens_body(folded: str) -> bool:
    return _nouns().match(folded) is not None


def _trim(page: Page, start: int, end: int) -> tuple[int, int]:
    """Without everyday words at its head ("This", "Becas") and joints at its end."""
    while start < end:
        word = _WORD.match(page.folded, start, end)
        if word is None:
            start += 1
            continue
        rest = page.folded[word.end() : end].lstrip()
        told = word.group()
        if told in _ARTICLES and _MIDST.fullmatch(page.text, max(0, start - 2), start + 1):
            break  # "que Le Phare Blanc a transformé": the article is of the name
        common = told in _stops() or (
            told in _words("not") and _nouns().fullmatch(told) is None and told not in _words("things")
        )
        common = (
            common
            or (page.text[word.start() : word.end()].isupper() and len(told) > 6 and _opens_body(rest))
            or ((is_thing(page, start, word.end()) or told in _words("by")) and _opens_body(rest))
            or (page.language == "fr" and told.endswith("ez"))
        )
        if not common or (rest and not rest[0].isalnum()):
            break
        start = word.end()
        while start < end and not page.text[start].isalnum():
            start += 1
    text = page.text[start:end]
    cut = re.search(rf"(?:[\s.,;:–&(’'/-]| {_SMALL})+$", text)
    return start, end - (len(text) - cut.start() if cut else 0)


@functools.cache
def _stops() -> frozenset[str]:
    return frozenset(phrase for sections in lexicons().values() for phrase, _ in sections["stopwords"]["all"])


def _extend(page: Page, start: int, end: int, limit: int, host: str) -> int:
    """Where a body's name ends that goes on in lower case."""
    if page.language not in ("fr", "es", "pt") or (not _opens_body(page.folded[start:end]) and not host):
        return end
    romance = _opens_body(page.folded[start:end])
    while match := _ON.match(page.text, end, limit):
        word = page.folded[match.start("word") : match.end("word")]
        known = len(word) >= 4 and word in host
        joined = match["join"] or match["short"]
        lower = match["word"][0].islower()
        if (
            any(hit.start == match.start("word") for hit in page.hits("funder.verbs", match.start("word"), limit))
            and not joined
        ):
            break
        fits = known or (
            romance
            and lower
            and (_ADJECTIVE.fullmatch(word) is not None if not joined else _takes(page, match["join"], joined))
        )
        linked = (joined or "").split(" ")[0] in ("et", "y", "e") and joined in ("et", "y", "e")
        if not fits or (linked and not known and not _LINK.match(page.folded, match.end())):
            break
        end = match.end("word")
        tail = re.compile(rf"(?:{_JOIN}{_CAP})+").match(page.text, end, limit)
        end = tail.end() if tail and not _SPLIT.match(page.text, end) else end
    return end


def _takes(page: Page, join: str | None, joined: str) -> bool:
    """Whether a small word binds a lower-case noun to a name: in French, where names have few capitals."""
    return page.language == "fr" or joined in ("de",)


def host_share(folded: str, host: str) -> float:
    """How much of a name stands in a host: 1 for all of its words, or its initials as a label of the host."""
    words = [word for word in _WORD.findall(folded) if len(word) > 3]
    if not host or not words:
        return 0.0
    plain = _LETTERS.sub("", host)
    share = sum(len(word) for word in words if word in plain) / sum(map(len, words))
    initials = "".join(word[0] for word in _WORD.findall(folded) if word not in _stops() and len(word) > 2)
    labels = re.split(r"[.-]", host)
    return max(share, 0.9 if len(initials) >= 3 and initials in labels else 0.0)
