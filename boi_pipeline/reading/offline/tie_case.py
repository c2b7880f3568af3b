"""Places named together in a sentence, as rules ask whether its words tie them to applicants: what leads to them, how far.

The rules are in ``ties``, ``ties_world``, ``ties_people`` and ``ties_living``.
"""

import re
from functools import cached_property
from typing import NamedTuple

from boi_pipeline.reading.offline.page import Page, PlaceHit, Span
from boi_pipeline.reading.offline.placewords import COUNTRIES, FILLER, NUMBERS
from boi_pipeline.reading.offline.sentence import Sentence

_LEAD = re.compile(rf"(?:[\s,/&\"'-]|(?<![^\W_])(?:{FILLER})(?![^\W_]))*$")
_LISTED = re.compile(
    rf"(?<![^\W_])(?:{COUNTRIES}|nationalities|nacionalidades|nationalites)(?![^\W_])[^:(.\n]{{0,90}}(?:[:(]| -) ?$"
)
_LIST_CUE = re.compile(
    r"(?<![^\W_])(?:eligib\w+|elegib\w+|elegive\w+|particip\w+|partner|socios?|partenaires?|parceiros?|members?|miembros?|membres?|membros?|these|those|following|siguientes|suivants|seguintes|folgende\w*|"
    r"target\w*|admit\w+|admis\w*|convocad\w+|invit\w+|listed|concernes|concerned|beneficiar\w+|citizens?|nationals?|applicants?|origin|origen|origine|origem|teilnehm\w+|allowed|covered|open to|"
    rf"{NUMBERS})(?![^\W_])"
)
_HOSTED_LIST = re.compile(
    r"(?<![^\W_])(?:host\w*|anfitrion\w*|acogida|accueil|destinos?|destinations?|acolhimento|where|donde|execut\w+|implement\w+|gastland\w*|projects? in|proyectos? en|projets? (?:en|dans))(?![^\W_])"
)
_PROPER = re.compile(
    r"(?:[A-ZÁÉÍÓÚÄÖÜÇÑ][\w'’.-]*[ ,]+(?:(?:de|del|la|las|los|du|des|of|the|and|da|do|das|dos|y|e|et|für|von|und|le|les|d'|l')[ ]+){0,3}){1,10}\($"
)

_TIES = re.compile(
    r"(?<![^\W_])(?:from|of|in|across|throughout|within|anywhere|on|de|del|des|d|du|da|do|das|dos|en|em|na|no|nas|nos|dans|aux?|al|to|any|every|aus|von|der|des|eines|einer|einem|im|d'un|d'une|among)(?![^\W_])"
)
# "rights of EU citizens", "food to EU citizens", "citizens will benefit": whom it does good, not who applies.
GAINS = re.compile(
    r"(?<![^\W_])(?:will benefit|benefits? (?:for|of)|(?:security|safety|affordability|well-?being|health|trust|lives|protection|privacy|awareness|welfare|needs|quality of life|resilience|empowerment) (?:of|for|among)|"
    r"(?:seguridad|bienestar|salud|proteccion|confianza|calidad de vida) de|(?:securite|bien-etre|sante|protection|confiance) d(?:es|e)|(?:seguranca|bem-estar|saude|protecao|confianca) d[oa]s|rights? of|suppl(?:y|ies) of [^\W_]+ to|beneficiara\w*|derechos de|beneficieront|droits des|beneficiarao|direitos d[oa]s)(?![^\W_])"
)


class Tie(NamedTuple):
    """How places are tied to applicants: where its words begin; whether all applicants are of them; by where they live."""

    start: int
    strong: bool
    lives: bool = False


UNTIED = Tie(-1, False)  # a rule's answer that they are tied to nobody; for want of an answer the next rule is asked


class Named:
    """A run of places, "Chile, Peru and Kenya", in its sentence."""

    def __init__(self, context: Sentence, run: list[PlaceHit]) -> None:
        self.context, self.run = context, run
        self.page, self.segment = context.page, context.segment
        self.hit, self.end = run[0], run[-1].end  # the first of them, the end of the last

    @cached_property
    def head(self) -> tuple[int, bool]:
        """Where the words end that may tie them to applicants, and whether a list of countries comes between."""
        return _head(self.page, self.hit.start, self.segment)

    @property
    def head_end(self) -> int:
        return self.head[0]

    @property
    def listed(self) -> bool:
        return self.head[1]

    @cached_property
    def far(self) -> bool:
        """Whether applicants may stand far before: a group's, that nothing does good to."""
        return self.is_a("group") and not GAINS.search(self.page.folded, self.segment[0], self.head_end)

    @cached_property
    def near(self) -> Span:
        """The words before the head that may name applicants."""
        return max(self.segment[0], self.head_end - (110 if self.far else 64)), self.head_end

    @property
    def led_to(self) -> bool:
        """Whether a preposition leads to them."""
        return _TIES.search(self.page.folded, self.head_end, self.hit.start) is not None

    def is_a(self, *kinds: str) -> bool:
        """Whether the first of them is a country, a people or a group."""
        return self.hit.place.kind in kinds

    def back(self, characters: int) -> int:
        """So far before the first of them, within the sentence."""
        return max(self.segment[0], self.hit.start - characters)

    def ends_on(self, key: str, span: Span) -> bool:
        """Whether a list has the last word of a span."""
        return any(not self.page.folded[hit.end : span[1]].split() for hit in self.page.hits(key, *span))


def _head(page: Page, at: int, segment: Span) -> tuple[int, bool]:
    """Where the words end that may tie a place at ``at`` to applicants, and whether a list of countries comes between."""
    low = max(segment[0], at - 160)
    listed = _LISTED.search(page.folded[low:at])
    if listed:
        begin = low + listed.start()
        span = (max(segment[0], begin - 80), at)
        if _HOSTED_LIST.search(page.folded, *span):
            return at, False
        cued = _LIST_CUE.search(page.folded, max(segment[0], begin - 40), at) is not None
        lead = _LEAD.search(page.folded[low:begin])
        return (low + lead.start() if lead else begin), cued
    proper = _PROPER.search(page.text[low:at])
    end = low + proper.start() if proper else at
    lead = _LEAD.search(page.folded[low:end])
    return (low + lead.start() if lead else end), False
