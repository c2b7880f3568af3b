"""A post for X: 260 of the 280 weighted characters, one link, two hashtags at most."""

from boi_pipeline.publishing.channels.compose import Part, fitted, optional
from boi_pipeline.publishing.channels.post import RULES
from boi_pipeline.publishing.channels.words import CORRECTION, Words

MAX_HASHTAGS = RULES["x"].hashtags[1]


def compose_x(words: Words, link: str, drafted: str | None = None) -> str:
    """What and for whom, whether one may apply, closing, link, label, hashtags; ``drafted`` says the first."""
    rules = RULES["x"]
    lead = (drafted,) if drafted else words.titles
    if words.corrects:
        lead = tuple(f"{CORRECTION}: {one}" for one in lead)
    # type before entity: whoever follows a hashtag looks for calls
    tags = [*words.hashtags[2:3], *words.hashtags[:2], *words.hashtags[3:]][:MAX_HASHTAGS]
    parts = [
        Part(lead, 1),
        Part(words.answers, 2),
        Part(words.closings, 0, " "),
        *(optional(one, rank=6) for one in ([] if drafted else words.gives[:3])),
        Part((link,)),
        Part(words.labels[1:], 3),
        *(optional(tag, rank=4 + place, before=" ") for place, tag in enumerate(tags)),
    ]
    return fitted(parts, rules.practice, rules.count)
