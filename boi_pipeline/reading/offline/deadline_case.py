"""What rules ask of a date and the words before it: the words that give a role, "until", the name of a stage, the line.

What the date is for by them is decided in ``deadline_before``.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from boi_pipeline.reading.offline.deadline_words import (
    DAYS,
    FILL,
    ROLES,
    TO,
    TWO_STAGES,
    DayRead,
    in_brackets,
    is_soft,
    without_times,
)
from boi_pipeline.reading.offline.page import Hit, Page, Span
from boi_pipeline.reading.values.days import DateHit

_NEAR, _FAR = 45, 140  # how far "until", any other word, may stand before the day
_BESIDE = 30  # how far "from", "del" may stand from the day it opens
_LABELLED = re.compile(r"[^.:;|]{0,50}[:|]\s")
_AFTER = re.compile(
    r"(?:\bafter|later than|\bpast|despues de[l]?|posterior(?:idad|es|mente)? (?:al?|a las)|pasado el|apres(?: le)?"
    r"|passe le|\bapos|depois d[eoa]|nach dem|nach)"
    rf"(?: +(?:the|el|le|dia|o dia|las|del?|dem|on|em|am|{DAYS}),?)*[\s,()]*$"
)
_REFUSED = re.compile(
    r"\b(?:no|not|never|none|aucune?|ne|n'est|ecarte\w*|rejet\w*|nao|reject\w*|declined|disregarded|excluded|nicht"
    r"|keine|desestim\w*|rechaz\w*|"
    r"inadmit\w*|fuera|ignored|late|irrecevable\w*)\b"
)
# "cuyo rodaje no empiece antes del", "not before": from then on, not until then; "no olvide postular antes del" is a limit.
_NOT_BEFORE = re.compile(
    r"(?<![^\W_])(?:no|not|never|ne|pas|nao|nunca|jamais|nicht|kein\w*)(?: (?!mas |plus |later|more|mais |spater)[^\W_]+){0,4} $"
)
_BEFORE = re.compile(r"antes|before|avant|vor\b|previo|prior|ahead")
_REMIND = re.compile(r"olvid|forget|oubli|esque|miss|deje|dej[ae]s|wait|esper|attend|hesit|dud|vergess|tard|late|warte")
_ANSWER = frozenset(["reponse", "respuesta", "resposta", "antwort", "question", "pregunta"])
_OPEN = re.compile(r"open|abiert|abert|ouvert|offen")
# "Invitations to the second stage": the day the others hear, not when the second stage is due.
_INVITED = re.compile(
    r"(?<![^\W_])(?:invitations?|invitacion(?:es)?|convites?|einladung(?:en)?|notifi\w+|result\w*|decision\w*|resolucion|announce\w*|annonce\w*|anuncio|list\w?|"
    r"selec\w+|auswahl|selection|passage|paso|passagem|admi\w+|apertura|abertura|ouverture|opening|start|inicio|debut|beginn)(?: (?!due|is |are )[^\W\d_]+){0,4} $"
)
_BORN = re.compile(
    r"\b(?:born|nacid|nascid|geboren|(?:etre|est|sont|etes) nee?s?\b|nee?s? (?:apres|avant|entre|le|en|depuis)\b)"
)


class Cue(NamedTuple):
    """A word before a date that gives it a role."""

    role: str  # one of ROLES
    hit: Hit
    firm: bool  # tells by itself, wherever it stands


@dataclass(frozen=True)
class Before:
    """A date, and what the words before it, within ``span`` of its ``segment``, tell."""

    page: Page
    hit: DateHit
    span: Span
    segment: Span

    def reads(self, role: str, cue: Hit | None = None, strength: int = 0) -> DayRead:
        """The date read so."""
        return DayRead(self.hit, role, cue, strength)

    def word(self, cue: Hit) -> str:
        """The folded words of a hit."""
        return self.page.folded[cue.start : cue.end]

    @cached_property
    def staged(self) -> list[Hit]:
        """Names of the stages of a call in two, where they are not who is invited to one."""
        near = [
            cue
            for stage in TWO_STAGES
            for cue in self.page.hits(f"stage.{stage}", *self.span)
            if self.hit.start - cue.end <= _FAR
        ]
        low = self.span[0]
        return [cue for cue in near if not _INVITED.search(self.page.folded, max(low, cue.start - 50), cue.start)]

    @cached_property
    def weak(self) -> Hit | None:
        """The "until", "before" that leads to the date."""
        return _weak(self.page, self.hit, self.span)

    @cached_property
    def cues(self) -> list[Cue]:
        """Words that give a role; the "del" of "antes del" opens nothing."""
        found: list[Cue] = []
        for role in ROLES:
            for cue in self.page.hits(f"close.{role}", *self.span):
                word = self.word(cue)
                answer = word in _ANSWER and self.page.folded[cue.end : cue.end + 2].strip() == ":"
                if self.hit.start - cue.end <= _FAR and not answer:
                    found.append(Cue(role, cue, not is_soft(role, word)))
        labels = (cue for cue in self.staged if _LABELLED.match(self.page.folded, cue.end, self.hit.start))
        found += [Cue("strong", cue, True) for cue in labels]
        weak = self.weak
        return [cue for cue in found if cue.firm or weak is None or not weak.start <= cue.hit.start < weak.end]

    @cached_property
    def firm(self) -> list[Cue]:
        """The words that tell by themselves: beside a deadline's, none in brackets closed before the date."""
        firm = [cue for cue in self.cues if cue.firm]
        plain = [
            cue
            for cue in firm
            if cue.role in ("strong", "extended") or not in_brackets(self.page, cue.hit, self.hit.start)
        ]
        return plain if any(cue.role == "strong" for cue in plain) else firm

    @cached_property
    def best(self) -> Cue | None:
        """The firm word nearest to the date, the longest of those that end there."""

        def rank(cue: Cue) -> tuple[int, int, bool]:
            return cue.hit.end, cue.hit.end - cue.hit.start, cue.role == "strong"

        return max(self.firm, key=rank, default=None)

    @cached_property
    def extended(self) -> bool:
        return any(cue.role == "extended" for cue in self.firm)

    @cached_property
    def applying(self) -> bool:
        """Whether the sentence speaks of applying at all."""
        return self.page.any("close.context", self.segment) or bool(self.staged)

    @cached_property
    def late_refused(self) -> bool:
        """Whether what comes after the date is not read."""
        return _refused(self.page, self.hit, self.span, self.segment)

    @cached_property
    def people(self) -> bool:
        """Whether the words tell when people were born."""
        return bool(_BORN.search(self.page.folded, *self.span))

    @cached_property
    def line(self) -> int:
        """Where the date's line begins."""
        return self.page.text.rfind("\n", 0, self.hit.start) + 1

    @cached_property
    def soft(self) -> Cue | None:
        """The last word of those that tell a role where none is firm: "from" right before, "programme" on the line."""
        near = [cue for cue in self.cues if cue.role != "open" or self.hit.start - cue.hit.end <= _BESIDE]
        own = [cue for cue in near if cue.role != "event" or self._of_the_line(cue.hit.end)]
        return max(own, key=lambda cue: cue.hit.end, default=None)

    def _of_the_line(self, at: int) -> bool:
        return at >= self.line or self.page.text[at : at + 1] == ":"

    @cached_property
    def begin(self) -> int:
        """Where the words that a soft word is read with begin: a title above says nothing of these days."""
        line, start = self.line, self.segment[0]
        heading = line > start and (line - start > 45 and self.page.text[line - 2] not in ":?")
        return line if heading else start


def _refused(page: Page, hit: DateHit, span: Span, segment: Span) -> bool:
    """ "No applications after 5 March": what comes later is not read."""
    lead = re.sub(r"\( *\)", "", without_times(page.folded[max(span[0], hit.start - 60) : hit.start]))
    return bool(_AFTER.search(lead)) and bool(_REFUSED.search(page.folded, *segment))


def _weak(page: Page, hit: DateHit, span: Span) -> Hit | None:
    """The last "until" with nothing but articles, hours and week days between it and the day."""
    for cue in reversed(page.hits("close.weak", *span)):
        word = page.folded[cue.start : cue.end]
        if word in TO:
            continue
        if hit.start - cue.end <= _NEAR and FILL.fullmatch(without_times(page.folded[cue.end : hit.start])):
            return None if _not_before(page, span, cue) else cue
    return None


def _not_before(page: Page, span: Span, cue: Hit) -> bool:
    """Whether "before" is denied: the day opens something then."""
    if not _BEFORE.match(page.folded, cue.start, cue.end):
        return False
    denied = _NOT_BEFORE.search(page.folded, max(span[0], cue.start - 60), cue.start)
    return denied is not None and not _REMIND.search(page.folded, denied.start(), cue.start)


def speaks_of_applying(page: Page, span: Span) -> bool:
    """Whether words speak of applying; "open" only where the sentence also names a call."""
    hits = page.hits("close.context", *span)
    if any(not _OPEN.match(page.folded, hit.start) for hit in hits):
        return True
    return any(page.text[hit.start].islower() for hit in hits) and page.any("opportunity.yes", span)
