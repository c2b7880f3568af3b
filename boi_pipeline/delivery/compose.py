"""What is sent for publications: posts one by one, an e-mail an edition, one LinkedIn post a week.

The words, their limits and their faults belong to ``publishing.channels``; a post with a fault, or of a call that has
closed, is not sent by a machine.
"""

from collections.abc import Sequence
from email import message_from_bytes
from email.policy import SMTP
from typing import cast

from boi_pipeline.delivery.deliver import Compose
from boi_pipeline.delivery.message import Composed, Message, Picture
from boi_pipeline.publishing.bulletin import Bulletin, PublishedItem
from boi_pipeline.publishing.card_picture import SQUARE, draw
from boi_pipeline.publishing.cards import card_of
from boi_pipeline.publishing.channels.checks import faults
from boi_pipeline.publishing.channels.mail import Mail, mail_faults, mail_of
from boi_pipeline.publishing.channels.post import RULES, Post, PostChannel
from boi_pipeline.publishing.channels.posts import post_of, week_post
from boi_pipeline.publishing.note import Note, note_of
from boi_pipeline.publishing.text import one_line
from boi_pipeline.records import Edition, Publication

_LIST_HEADERS = ("List-Id", "List-Unsubscribe", "Content-Language")
CLOSED = "La convocatoria ya no está abierta."
NOT_SHOWN = "No está en el boletín, o fue retirada."


def composer(bulletin: Bulletin) -> Compose:
    """What publications of one channel say, as of the bulletin's instant."""
    return _Composer(bulletin).compose


class _Composer:
    def __init__(self, bulletin: Bulletin) -> None:
        self._bulletin = bulletin
        self._editions: dict[str, Edition] = {}
        self._items: dict[tuple[str, str], PublishedItem] = {}
        self._why: dict[tuple[str, str], str] = {}  # of a week: why a person picked it
        for day in bulletin.editions:
            self._editions[day.edition.edition_id] = day.edition
            self._items |= {(day.edition.edition_id, one.code): one for one in day.items}
        for week in bulletin.weeks:
            self._editions[week.edition.edition_id] = week.edition
            self._items |= {(week.edition.edition_id, one.code): one.item for one in week.items}
            self._why |= {(week.edition.edition_id, one.code): one.why for one in week.items}

    def compose(self, publications: Sequence[Publication]) -> Composed:
        """Messages in the publications' order, and what is held."""
        held = {one.publication_id: why for one in publications if (why := self._unfit(one))}
        groups: dict[str, list[Publication]] = {}
        for one in publications:
            if one.publication_id not in held:
                together = one.channel == "email" or (one.channel == "linkedin" and self._is_picked(one))
                groups.setdefault(one.edition_id if together else one.publication_id, []).append(one)
        messages = []
        for group in groups.values():
            message = self._message(group)
            if isinstance(message, Message):
                messages.append(message)
            else:
                held |= dict.fromkeys((one.publication_id for one in group), " ".join(message))
        return Composed(messages, held)

    def _is_picked(self, one: Publication) -> bool:
        return (one.edition_id, one.code) in self._why

    def _unfit(self, one: Publication) -> str | None:
        item = self._items.get((one.edition_id, one.code))
        if item is None or item.is_withdrawn or one.code in self._bulletin.tombstones:
            return NOT_SHOWN
        note = note_of(self._bulletin, self._editions[one.edition_id], item)
        return f"{CLOSED} {note.closing.chip}." if note.closing.is_over else None

    def _message(self, group: Sequence[Publication]) -> Message | list[str]:
        """The message of publications that go together, or what is wrong with it (Spanish)."""
        first = group[0]
        edition = self._editions[first.edition_id]
        items = [self._items[one.edition_id, one.code] for one in group]
        if first.channel == "email":
            whys = [self._why[edition.edition_id, item.code] for item in items] if self._is_picked(first) else None
            mail = mail_of(self._bulletin, edition, items, whys)
            return mail_faults(mail) or self._mailed_as(group, mail, edition)
        channel = cast("PostChannel", first.channel)
        if self._is_picked(first) and channel == "linkedin":
            picks = [(item, self._why[edition.edition_id, item.code]) for item in items]
            post = week_post(self._bulletin, edition, picks)
        else:
            post = post_of(self._bulletin, edition, items[0], channel)
        return faults(post) or self._sent_as(group, post)

    def _sent_as(self, group: Sequence[Publication], post: Post) -> Message:
        # where links click, the page they lead to brings its own picture
        pictures = [] if RULES[post.channel].links_click else [self._card(note) for note in post.notes]
        return Message(
            channel=post.channel,
            edition_id=group[0].edition_id,
            publication_ids=[one.publication_id for one in group],
            body=post.text,
            pictures=pictures,
            link=post.link,
            length=post.length,
            limit=post.limit,
        )

    def _mailed_as(self, group: Sequence[Publication], mail: Mail, edition: Edition) -> Message:
        made = message_from_bytes(mail.message(self._bulletin, edition), policy=SMTP)
        return Message(
            channel="email",
            edition_id=edition.edition_id,
            publication_ids=[one.publication_id for one in group],
            title=mail.subject,
            body=mail.text,
            html=mail.html,
            sender=one_line(self._bulletin.entity.bulletin),
            headers={name: str(made[name]) for name in _LIST_HEADERS},
            link=mail.link,
            length=len(mail.text),
        )

    def _card(self, note: Note) -> Picture:
        return Picture(f"{note.code.lower()}.png", draw(card_of(self._bulletin, note), SQUARE))
