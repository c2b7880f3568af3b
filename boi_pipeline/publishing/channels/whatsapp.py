"""A message for WhatsApp: 700 characters, its own bold and italics, bare addresses.

Each line begins with words of ours, so that no scraped text is read as a list or a quotation.
"""

from boi_pipeline.publishing.channels.compose import Part, fitted, optional
from boi_pipeline.publishing.channels.inert import unformatted
from boi_pipeline.publishing.channels.post import RULES
from boi_pipeline.publishing.channels.words import CORRECTION, Words


def compose_whatsapp(words: Words, link: str, drafted: str | None = None) -> str:
    """Title in bold, whether one may apply, closing, what it gives, for whom, link, label in italics."""
    rules = RULES["whatsapp"]
    start = f"{CORRECTION}: " if words.corrects else ""
    corrects, summary, who = map(unformatted, (words.corrects, drafted or words.summary, words.who))
    parts = [
        Part(tuple(f"*{start}{unformatted(one)}*" for one in words.titles), 0),
        Part(tuple(map(unformatted, words.answers)), 2, "\n\n"),
        Part(tuple(map(unformatted, words.closings)), 1),
        optional(f"Qué cambió: {corrects}" if corrects else "", rank=3, before="\n\n"),
        optional(f"Qué es: {summary}" if summary else "", rank=5 if not drafted else 3, before="\n\n"),
        *(
            optional(f"• {unformatted(one)}", rank=6 + place, before="\n" if place else "\n\n")
            for place, one in enumerate(words.gives)
        ),
        optional(f"¿Para quién? {who}" if who else "", rank=5),
        Part((f"Bases y enlace oficial: {link}",), 0, "\n\n"),
        Part(tuple(f"_{unformatted(one)}_" for one in words.labels), 4, "\n\n"),
    ]
    return fitted(parts, rules.practice, rules.count)
