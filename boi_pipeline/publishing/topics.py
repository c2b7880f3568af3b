"""What a citizen can follow: everything, or one opportunity type, audience, level of study or goal.

Here: which topics there are, how they are called, where their page and files stand and which opportunities belong to them. Every
term of a vocabulary is a topic, also while nothing belongs to it: an alert subscribed today must stand tomorrow. What
the files hold is ``feeds``' and ``calendar``'s.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from boi_pipeline.entity import Vocabulary
from boi_pipeline.publishing.text import clip
from boi_pipeline.records import PublicOpportunity

FEEDS, EXPLORE = "feeds/", "explorar/"
FORMATS = ("rss", "atom", "json", "ics", "commongrants")
_OF_ALL = {
    "rss": "feed.xml",
    "atom": "atom.xml",
    "json": "feed.json",
    "ics": "calendario.ics",
    "commongrants": "commongrants.json",
}
_SUFFIXES = {"rss": "xml", "atom": "atom", "json": "json", "ics": "ics", "commongrants": "commongrants.json"}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Group:
    """A kind of topic: its folder under ``feeds/``, its heading and the vocabulary its terms come from."""

    slug: str
    label: str
    vocabulary: str


GROUPS = (
    Group("tipo", "Por tipo de oportunidad", "opportunity_types"),
    Group("publico", "Por público", "audiences"),
    Group("nivel", "Por nivel de estudios", "isced_levels"),
    Group("ods", "Por Objetivo de Desarrollo Sostenible (ODS)", "sdg_goals"),
)


@dataclass(frozen=True)
class Topic:
    """One thing to follow. ``group`` and ``code`` are None for everything."""

    group: Group | None
    code: str | None
    label: str

    @property
    def term(self) -> tuple[str, str] | None:
        """Itself as one of ``terms_of``; None for everything."""
        return (self.group.slug, self.code) if self.group and self.code else None

    @property
    def page(self) -> str:
        """Where the page that lists it stands under the site's root; home for everything."""
        return f"{EXPLORE}{self.term[0]}/{slug_of(self.term[1])}/" if self.term else ""

    def path(self, kind: str) -> str:
        """Where its file of a format (one of ``FORMATS``) stands under the site's root.

        Everything stands at the root (``feed.xml``), a topic by its term's code (``feeds/tipo/scholarship.xml``): codes
        outlive labels, and a subscribed address must not change.
        """
        if self.term is None:
            return _OF_ALL[kind]
        group, code = self.term
        return f"{FEEDS}{group}/{slug_of(code)}.{_SUFFIXES[kind]}"


ALL = Topic(None, None, "Todas las oportunidades")


def slug_of(code: str) -> str:
    """A vocabulary's code as a file name: ``public_servants`` → ``public-servants``.

    Raises ValueError for a code that is no plain name, which a vocabulary of an entity's own could hold.
    """
    slug = code.replace("_", "-").lower()
    if not _SLUG.fullmatch(slug):
        raise ValueError(f"term {code!r}: expected a code of letters, digits and _ only, as it names a public file")
    return slug


def _label(group: Group, code: str, vocabulary: Vocabulary) -> str:
    term = vocabulary.terms[code]
    words = clip(term.plural or term.label, 80)
    return f"ODS {code}. {words}" if group.vocabulary == "sdg_goals" else words


def topics(vocabularies: Mapping[str, Vocabulary]) -> list[Topic]:
    """Every topic in its published order: everything first, then each term of each group's vocabulary."""
    found = [ALL]
    for group in GROUPS:
        vocabulary = vocabularies[group.vocabulary]
        found += [Topic(group, code, _label(group, code, vocabulary)) for code in vocabulary.terms]
    return found


def terms_of(facts: PublicOpportunity) -> set[tuple[str, str]]:
    """(group's slug, code) of the topics an opportunity belongs to, apart from everything."""
    named = {
        "tipo": [facts.opportunity_type],
        "publico": facts.audiences,
        "nivel": [str(level) for level in facts.isced_levels],
        "ods": [str(goal) for goal in facts.sdg_goals],
    }
    return {(group, code) for group, codes in named.items() for code in codes}
