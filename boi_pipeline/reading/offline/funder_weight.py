"""How much speaks for a name of the page as the convener: each thing that does, or speaks against it, with its weight.

Which names there are and which of them is chosen belongs to ``funder``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class Candidate:
    """A name with its sentence, the hosts it is compared with, and where a verb of convening behind it ends."""

    page: Page
    name: Name
    host: str  # of the convener's own page, without its last label; empty where the page is another's
    others: list[str]  # of pages it links to
    verb: int | None

    @cached_property
    def segment(self) -> Span:
        return self.page.segment(self.name.start)

    @cached_property
    def body(self) -> bool:
        """Whether it is named as a body: "institute", "foundation"."""
        return is_body(self.name.folded)

    @cached_property
    def titled(self) -> bool:
        return self.name.start < self.page.title[1]

    @cached_property
    def thing(self) -> bool:
        """Whether it is a prize, a programme, a building."""
        return is_thing(self.page, self.name.start, self.name.end)

    @cached_property
    def share(self) -> float:
        """How much of it the page's own host spells."""
        return host_share(self.name.folded, self.host)

    @cached_property
    def before(self) -> str:
        """What stands right before it."""
        return self.page.folded[max(self.segment[0], self.name.start - 48) : self.name.start]

    @cached_property
    def by(self) -> int | None:
        """Where the "offered by" before it begins."""
        return self.led("funder.by")

    @property
    def offered(self) -> bool:
        """Whether the text, not the title, says that it is by this name."""
        return self.by is not None and not self.titled

    @property
    def one_word(self) -> bool:
        return " " not in self.name.text

    def led(self, key: str) -> int | None:
        """Where a phrase that leads to the name starts, with nothing but an article between."""
        for hit in reversed(self.page.hits(key, max(self.segment[0], self.name.start - 60), self.name.start)):
            between = _YEARLY.sub(" ", self.page.folded[hit.end : self.name.start])
            if not between.strip(" :\"'«“") or (len(between) <= 8 and _ARTICLE.search(between)):
                return hit.start
        return None


def weight_of(case: Candidate) -> tuple[float, Span, str]:
    """How much speaks for a name as the convener, with the words to quote and the rule's name."""
    start, end = case.name.start, case.name.end
    if is_no_name(case):
        return -9.0, (start, end), "funder.weighed"
    rule = "funder.by" if case.offered else "funder.verb" if case.verb is not None else "funder.weighed"
    core = (case.by if case.offered and case.by is not None else start, end if case.verb is None else case.verb)
    weight = 0.0
    for weigh in _WEIGHTS:  # one after another: sum() rounds otherwise from Python 3.12 on
        weight += weigh(case)
    return weight, core, rule


def plain_host(host: str) -> str:
    """A host without its last label: what it is called."""
    return host.rpartition(".")[0]


def is_no_name(case: Candidate) -> bool:
    """ "EU", "APPLY NOW", "Fellowship": too short, shouted, too long or a thing by one word."""
    name = case.name
    return (
        len(name.text) < 3
        or (case.one_word and case.thing)
        or (name.text.isupper() and not case.one_word)
        or name.end - name.start > 110
    )


def named_as_a_body(case: Candidate) -> float:
    """ "Institute of Water"; a fund is often what is given, not who gives."""
    return 0.0 if not case.body else 1.0 if _FUND.search(case.name.folded) else 2.5


def named_as_a_thing(case: Candidate) -> float:
    """ "Young Writers Prize"."""
    return -6.0 if case.thing else 0.0


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
