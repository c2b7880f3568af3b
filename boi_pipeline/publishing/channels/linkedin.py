"""A post for LinkedIn: the first 200 characters carry the message, the link comes last, three to five hashtags.

Also the five of a week, for a week's edition.
"""

from collections.abc import Sequence

from boi_pipeline.publishing.channels.compose import Part, fitted, optional
from boi_pipeline.publishing.channels.counting import code_units
from boi_pipeline.publishing.channels.post import RULES
from boi_pipeline.publishing.channels.words import CORRECTION, Words

OPENING = 200


def compose_linkedin(words: Words, link: str, drafted: str | None = None) -> str:
    """The message, then what it is, what it gives and for whom, label, hashtags, link."""
    rules = RULES["linkedin"]
    titles = tuple(f"{CORRECTION}: {one}" for one in words.titles) if words.corrects else words.titles
    opening = fitted([Part(titles, 1), Part(words.answers, 2), Part(words.closings, 0, " ")], OPENING, code_units)
    gives = "\n".join(f"• {one}" for one in words.gives)
    parts = [
        Part((opening,)),
        optional(words.corrects, rank=1, before="\n\n"),
        optional(drafted or words.summary, rank=2, before="\n\n"),
        optional(f"Qué ofrece:\n{gives}" if gives else "", rank=4, before="\n\n"),
        optional(f"¿Para quién? {words.who}" if words.who else "", rank=3, before="\n\n"),
        optional(f"Convoca: {words.funder}" if words.funder else "", rank=5),
        Part(words.labels, 1, "\n\n"),
        Part((" ".join(words.hashtags[: rules.hashtags[1]]),), 0, "\n\n"),
        Part((f"Bases, requisitos y enlace oficial: {link}",), 0, "\n\n"),
    ]
    return fitted(parts, rules.practice, rules.count)


def compose_week(
    heading: str, calls: Sequence[tuple[Words, str]], labels: tuple[str, ...], tags: str, link: str
) -> str:
    """The five of a week with why each was chosen, and the link to their article."""
    rules = RULES["linkedin"]
    parts = [Part((heading,))]
    for place, (words, why) in enumerate(calls, 1):
        facts = tuple(f"{words.answers[1]} {closing}" for closing in words.closings)
        parts.append(Part(tuple(f"{place}. {title}" for title in words.titles), place, "\n\n"))
        parts.append(Part(facts, place + 10))
        parts.append(optional(f"Por qué: {why}" if why else "", rank=place + 20))
    parts += [
        Part(labels, 1, "\n\n"),
        Part((tags,), 0, "\n\n"),
        Part((f"Todas, con sus requisitos y enlaces oficiales: {link}",), 0, "\n\n"),
    ]
    return fitted(parts, rules.practice, rules.count)
