"""A caption for Instagram: the first 125 characters carry the message, links do not click, the card's text is repeated.

Who reads is told the code and where to look for it.
"""

from boi_pipeline.publishing.channels.compose import Part, fitted, optional
from boi_pipeline.publishing.channels.counting import code_units
from boi_pipeline.publishing.channels.post import RULES
from boi_pipeline.publishing.channels.words import CORRECTION, Words

OPENING = 125
MOST_HASHTAGS = 8  # more of them reads as noise


def compose_instagram(words: Words, drafted: str | None = None) -> str:
    """The message, what the card says, what it is, where to find it, label, hashtags."""
    rules = RULES["instagram"]
    # what the card says may be long; the first lines say it in the shortest whole form that they have room for
    start = f"{CORRECTION}: " if words.corrects else ""
    opening = fitted(
        [
            Part(tuple(f"{start}{one}." for one in words.titles), 2),
            Part(words.answers, 1, " "),
            Part(words.closings[-1:], 0, " "),
        ],
        OPENING,
        code_units,
    )
    card = [words.kind, words.titles[0], words.answers[0], words.closings[0]]
    card += [f"Convoca: {words.funder}"] if words.funder else []
    gives = "\n".join(f"• {one}" for one in words.gives)
    parts = [
        Part((opening,)),
        optional(words.corrects, rank=1, before="\n\n"),
        optional(drafted or words.summary, rank=3, before="\n\n"),
        optional(f"Qué ofrece:\n{gives}" if gives else "", rank=5, before="\n\n"),
        optional(f"¿Para quién? {words.who}" if words.who else "", rank=4, before="\n\n"),
        Part(("En la imagen:\n" + "\n".join(card), "En la imagen: " + words.titles[-1]), 2, "\n\n"),
        Part(
            (f"Encuéntrela con el código {words.code} en {words.site}. El enlace está en nuestro perfil.",), 0, "\n\n"
        ),
        Part(words.labels, 1, "\n\n"),
        Part((" ".join(words.hashtags[:MOST_HASHTAGS]),), 0, "\n\n"),
    ]
    return fitted(parts, rules.practice, rules.count)
