"""What is sent: one message a channel, of one publication or of an edition's digest.

The texts, their limits and their label belong to ``publishing.channels``; here they become what a sender needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from boi_pipeline.publishing.text import one_line


@dataclass(frozen=True)
class Picture:
    """A PNG that goes with a message."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """One message to one channel. Title and texts are free of control characters; the title is one line."""

    channel: str
    edition_id: str
    publication_ids: Sequence[str]
    body: str  # plain text, as the channel takes it
    title: str = ""  # of an e-mail: its subject; empty where posts have none
    html: str | None = None
    sender: str = ""  # of an e-mail: the name it comes from, unless the address configured has one
    headers: Mapping[str, str] = field(default_factory=dict)  # further ones of an e-mail
    pictures: Sequence[Picture] = field(default_factory=tuple)  # without which it is no post
    link: str | None = None
    length: int = 0  # by the channel's own count
    limit: int = 0  # that the channel allows; 0: none

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))  # a subject of two lines would be two headers


@dataclass(frozen=True)
class Composed:
    """The messages of some publications, and those that must not go out."""

    messages: list[Message]
    held: dict[str, str] = field(default_factory=dict)  # publication_id → why not (Spanish)
