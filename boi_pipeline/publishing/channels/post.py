"""A post as it would go out, and the rules of the channel it is for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from boi_pipeline.publishing.channels.counting import code_units, weighted
from boi_pipeline.publishing.note import Note

PostChannel = Literal["x", "linkedin", "instagram", "whatsapp"]
MAX_ALT = 140


@dataclass(frozen=True)
class Rules:
    """What a channel takes (domain.md §5)."""

    hard: int  # above it the channel refuses
    practice: int  # above it a text is too long for people
    count: Callable[[str], int]
    hashtags: tuple[int, int]  # least, most
    medium: str  # utm_medium
    card: Literal["wide", "square"] | None
    links_click: bool = True


RULES: dict[PostChannel, Rules] = {
    "x": Rules(280, 260, weighted, (0, 2), "social", "wide"),
    "linkedin": Rules(3000, 3000, code_units, (3, 5), "social", "wide"),
    "instagram": Rules(2200, 2200, code_units, (0, 30), "social", "square", links_click=False),
    "whatsapp": Rules(4096, 700, code_units, (0, 0), "mensajeria", "wide"),
}


@dataclass(frozen=True)
class Post:
    """What is pasted, with its picture's words and what a person should know before posting."""

    channel: PostChannel
    name: str  # the public code; of a week, its edition
    text: str
    length: int  # by the channel's own rule
    limit: int
    link: str  # the opportunity's page, with the parameters that tell where a reader came from
    site: str  # where the site is, as people type it: where links do not click
    alt: str
    label: str  # as it stands in the text
    is_generative: bool
    made_by: Literal["template", "llm"]
    card: Literal["wide", "square"] | None
    notes: tuple[Note, ...] = field(repr=False)  # what it speaks of
    known: str = field(default="", repr=False)  # what else a person said that it may repeat
    remarks: tuple[str, ...] = ()  # for who posts it, in Spanish
