"""How much speaks for a name of the page as the convener: each thing that does, or speaks against it, with its weight.

Which names there are and which of them is chosen belongs to ``funder``.
"""

import re
from collections.abc import Callable

from boi_pipeline.hosts import host_of
from boi_pipeline.reading.offline.names import Name, host_share, is_body, is_thing
from boi_pipeline.reading.offline.page import Page, Span

_CLOSES = re.compile(
    r"(?: - [^\W_]{2,12})? ?[-–—|] ?(?:closes?|closing|deadline|cierra|cierre|cloture|fecha|prazo|encerra)(?![^\W_])"
)
_ARTICLE = re.compile(
    r"(?:^|[\s(])(?:the|la|el|los|las|le|les|l'|o|a|os|as|der|die|das|al|a la|do|da|dos|das|del|du|des) ?$"
)
_SAID = re.compile(r"[»\"”,]? ?(?:said|says|dijo|dice|afirma|declaro|a declare|sagte|disse)")
_PERSON = re.compile(
    r"(?<![a-z])(?:mr|mrs|ms|dr|dra|prof|professor|profesora?|professeure?|sr|sra|senora|senor|director|directora|coordinator|coordinadora|coordenadora|chair|jurychef|presidente|presidenta|curator|sculptor|escultora?|ingeniera|ingeniero|lectora|encadrement|contact|quimica|hydrologue|bakery)[.:]? (?:[^\W_]+ )?$"
)
_AT_PLACE = re.compile(
    r"(?<![a-z])(?:in|at|near|from|to|en|desde|hacia|au|a|em|na|no|aus|nach|im|bei|venue|sede|lieu|local|ort)[:]? (?:the |la |el |o |a |le |der |dem )?$"
)
_OF = re.compile(r"(?<![a-z])(?:of|de|of the|de la|del|du|des|do|da|dos|das|der|des|d'|de l') ?$")
IS = re.compile(r"(?<![a-z])(?:is an?|es una?|est une?|e uma?|ist|esta) ?$")
_FUND = re.compile(r"(?<![a-z])(?:fund|fondo|fonds|fundo)(?![a-z])")
_YEARLY = re.compile(
    r" (?:cada ano|cada dos anos|anualmente|every year|every second year|each year|annually|chaque annee|tous les deux ans|todos os anos|jahrlich) "
)


class Candidate:
    """A name in its sentence, with what most of the weights ask of it.

    ``host`` is the convener's own without its last label, empty where the page is another's; ``others`` are those of pages
    it links to; at ``verb`` a verb of convening behind the name ends.
    """

    def __init__(self, page: Page, name: Name, host: str, others: list[str], verb: int | None) -> None:
        self.page, self.name, self.host, self.others, self.verb = page, name, host, others, verb
        self.segment = page.segment(name.start)
        self.titled = name.start < page.title[1]
        self.one_word = " " not in name.text
        self.body = is_body(name.folded)  # named as a body: "institute", "foundation"
        self.share = host_share(name.folded, host)  # how much of it the host spells
        self.before = page.folded[max(self.segment[0], name.start - 48) : name.start]
        self.by = self.led("funder.by")  # where the "offered by" before it begins
        self.offered = self.by is not None and not self.titled

    def led(self, key: str) -> int | None:
        """Where a phrase that leads to the name starts, with nothing but an article between."""
        for hit in reversed(self.page.hits(key, max(self.segment[0], self.name.start - 60), self.name.start)):
            between = _YEARLY.sub(" ", self.page.folded[hit.end : self.name.start])
            if not between.strip(" :\"'«“") or (len(between) <= 8 and _ARTICLE.search(between)):
                return hit.start
        return None


def weight_of(page: Page, name: Name, host: str, others: list[str], verb: int | None) -> tuple[float, Span, str]:
    """How much speaks for a name as the convener, with the words to quote and the rule's name."""
    if is_no_name(page, name):
        return -9.0, (name.start, name.end), "funder.weighed"
    case = Candidate(page, name, host, others, verb)
    rule = "funder.by" if case.offered else "funder.verb" if verb is not None else "funder.weighed"
    start = case.by if case.offered and case.by is not None else name.start
    weight = 0.0
    for weigh in _WEIGHTS:  # one after another: sum() rounds otherwise from Python 3.12 on
        weight += weigh(case)
    return weight, (start, name.end if verb is None else verb), rule


def plain_host(host: str) -> str:
    """A host without its last label: what it is called."""
    return host.rpartition(".")[0]


def is_no_name(page: Page, name: Name) -> bool:
    """ "EU", "APPLY NOW", "Fellowship": too short, shouted, too long or a thing by one word."""
    one_word = " " not in name.text
    return (
        len(name.text) < 3
        or (one_word and is_thing(page, name.start, name.end))
        or (name.text.isupper() and not one_word)
        or name.end - name.start > 110
    )


def named_as_a_body(case: Candidate) -> float:
    """ "Institute of Water"; a fund is often what is given, not who gives."""
    return 0.0 if not case.body else 1.0 if _FUND.search(case.name.folded) else 2.5


def named_as_a_thing(case: Candidate) -> float:
    """ "Young Writers Prize"."""
    return -6.0 if is_thing(case.page, case.name.start, case.name.end) else 0.0


def spelt_by_its_host(case: Candidate) -> float:
    """ "Institute of Water" at institute-of-water.org."""
    return 5.0 * case.share if case.share >= 0.4 else 0.0


def aggregator_itself(case: Candidate) -> float:
    """ "Opportunity Desk" at opportunitydesk.org: it only tells of the call."""
    page = case.page
    own = page.notice.authority == "aggregator"
    return -5.0 if own and host_share(case.name.folded, plain_host(host_of(page.notice.url))) > 0.6 else 0.0


def linked_to(case: Candidate) -> float:
    """ "Institute of Water", where a link leads to institute-of-water.org."""
    linked = max((host_share(case.name.folded, other) for other in case.others), default=0.0)
    return (3.5 if not case.host else 2.0) * linked if linked >= 0.5 else 0.0


def offered_by(case: Candidate) -> float:
    """ "Offered by the Institute of Water"."""
    return 6.0 if case.offered else 0.0


def convenes(case: Candidate) -> float:
    """ "The Institute of Water invites applications"; less in a title, and where it says what it "is a"."""
    if case.verb is None:
        return 0.0
    is_a = IS.search(case.page.folded, max(case.name.end, case.verb - 7), case.verb) is not None
    return 2.0 if case.titled or is_a else 4.0


def only_backs_it(case: Candidate) -> float:
    """ "With the support of the Institute of Water"."""
    return -4.0 if case.led("funder.backed") is not None else 0.0


def person(case: Candidate) -> float:
    """ "Director Ana Ruiz", "Ana Ruiz said"."""
    named = _PERSON.search(case.before) or _SAID.match(case.page.folded, case.name.end)
    return -5.0 if named else 0.0


def place_or_part(case: Candidate) -> float:
    """ "In Porto", "at the Institute of Water", "members of the Institute of Water"."""
    if _AT_PLACE.search(case.before):
        return -0.5 if case.body else -3.0
    return -1.0 if _OF.search(case.before) and case.by is None else 0.0


def near_the_top(case: Candidate) -> float:
    """In the title, or in the 300 characters behind it."""
    return 1.0 if case.titled else 1.5 if case.name.start < case.page.title[1] + 300 else 0.0


def bare_word(case: Candidate) -> float:
    """ "Porto", "UNHCR": one word that names no body, unless its host spells it or it convenes."""
    if case.body or not case.one_word or case.by is not None:
        return 0.0
    return -4.0 if case.name.text.isupper() or (case.verb is None and case.share < 0.9) else -1.5


def in_quotes(case: Candidate) -> float:
    """ "« La Casa »": the title of something."""
    page, start = case.page, case.name.start
    quoted = page.folded[start - 1 : start] == '"' or page.text[max(0, start - 2) : start] in ("« ", "«\xa0")
    return -3.0 if quoted else 0.0


def line_of_a_digest(case: Candidate) -> float:
    """ "Institutes of Water — Closes 2027-03-02 — …"."""
    page, name = case.page, case.name
    closes = page.folded[name.start - 1 : name.start] == "\n" and _CLOSES.match(page.folded, name.end)
    return 5.0 if closes else 0.0


def signs(case: Candidate) -> float:
    """A line of its own at the end of the page, as a signature."""
    page, name = case.page, case.name
    after, before = page.folded[name.end : name.end + 1], page.folded[name.start - 1 : name.start]
    return 4.0 if before == "\n" and after in ("\n", "") and name.start > 0.6 * len(page.text) else 0.0


_WEIGHTS: tuple[Callable[[Candidate], float], ...] = (
    named_as_a_body,
    named_as_a_thing,
    spelt_by_its_host,
    aggregator_itself,
    linked_to,
    offered_by,
    convenes,
    only_backs_it,
    person,
    place_or_part,
    near_the_top,
    bare_word,
    in_quotes,
    line_of_a_digest,
    signs,
)
