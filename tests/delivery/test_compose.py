"""What is sent of an edition and of a week, on each channel; and what is not."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import given, settings
from PIL import Image

from boi_pipeline.delivery.compose import composer
from boi_pipeline.delivery.message import Composed
from boi_pipeline.delivery.post import Post
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.records import Publication
from tests.delivery.servers import Mail, Web, mail, web
from tests.publishing.sample_bulletin import (
    AS_OF,
    FIRST_DAY,
    FUND,
    NETWORK,
    PICKED,
    PLACEMENT,
    SCAM,
    SECOND_DAY,
    WEEK,
    Records,
    sample_bulletin,
)
from tests.publishing.test_hostile import PIECES, TEXT, filled

FIRST, SECOND = "2026-11-23", "2026-11-24"


def publications(edition: str, channel: str, *shown: object) -> list[Publication]:
    return [
        Publication(
            seq=place,
            publication_id=f"{edition}/{channel}/{facts.code}",  # type: ignore[attr-defined]
            edition_id=edition,
            opportunity_id=facts.opportunity_id,  # type: ignore[attr-defined]
            code=facts.code,  # type: ignore[attr-defined]
            channel=channel,
            position=place,
            snapshot_sha256="0",
            published_at=AS_OF,
        )
        for place, facts in enumerate(shown, start=1)
    ]


def composed(edition: str, channel: str, *shown: object, bulletin: Bulletin | None = None) -> Composed:
    return composer(bulletin or sample_bulletin())(publications(edition, channel, *shown))


@pytest.mark.parametrize("channel", ["x", "whatsapp", "linkedin", "instagram"])
def test_a_post_a_publication_within_the_channel_s_count(channel: str) -> None:
    made = composed(SECOND, channel, *SECOND_DAY)
    assert not made.held
    assert [list(one.publication_ids) for one in made.messages] == [
        [f"{SECOND}/{channel}/{facts.code}"] for facts in SECOND_DAY
    ]
    for one in made.messages:
        assert 0 < one.length <= one.limit and one.html is None and one.title == ""
        assert one.link and f"utm_source={channel}" in one.link


def test_instagram_goes_with_its_square_card_and_no_other_channel_does() -> None:
    for message in composed(SECOND, "instagram", *SECOND_DAY).messages:
        (card,) = message.pictures
        with Image.open(BytesIO(card.content)) as picture:
            assert (picture.format, picture.size) == ("PNG", (1080, 1080))
    assert not any(one.pictures for one in composed(SECOND, "x", *SECOND_DAY).messages)


def test_a_week_is_one_post_and_one_e_mail() -> None:
    picked = [facts for facts, _ in PICKED]
    (post,) = composed(WEEK, "linkedin", *picked).messages
    assert len(post.publication_ids) == 5 and post.link and f"articulos/{WEEK}/" in post.link
    (letter,) = composed(WEEK, "email", *picked).messages
    assert len(letter.publication_ids) == 5


def test_what_closed_or_was_withdrawn_is_held_and_left_out_of_the_digest() -> None:
    made = composed(FIRST, "x", *FIRST_DAY)
    assert made.held[f"{FIRST}/x/{PLACEMENT.code}"] == "La convocatoria ya no está abierta. Cerró el 20 nov 2026."
    assert "ya no está abierta" in made.held[f"{FIRST}/x/{NETWORK.code}"]
    assert "retirada" in made.held[f"{FIRST}/x/{SCAM.code}"]
    assert len(made.messages) == len(FIRST_DAY) - 3
    (letter,) = composed(FIRST, "email", *FIRST_DAY).messages
    told = letter.body + (letter.html or "")
    assert "SECRETO" not in told and PLACEMENT.code not in told and len(letter.publication_ids) == 2


def test_an_e_mail_has_a_subject_html_and_text_with_the_same_links() -> None:
    (letter,) = composed(SECOND, "email", *SECOND_DAY).messages
    assert letter.title and letter.html and len(letter.publication_ids) == len(SECOND_DAY)
    for facts in SECOND_DAY:
        page = f"oportunidades/{facts.code.lower()}/"
        assert page in letter.html and page in letter.body


def test_an_e_mail_of_hostile_calls_arrives_as_it_was_composed(servers: tuple[Web, Mail, Post, Post]) -> None:
    _, post_office, _, to_mail = servers
    day = AS_OF.date()
    bulletin = Records([(day, [filled(" ".join(PIECES)), FUND])]).bulletin()
    made = composed(day.isoformat(), "email", filled("x"), FUND, bulletin=bulletin)
    for message in made.messages:
        assert to_mail.send(message).state == "sent"
        got = post_office.got[-1]
        assert set(got.keys()) == {
            *("Content-Type", "MIME-Version", "X-Application", "Subject", "From", "To", "Message-ID", "Date"),
            *("List-Id", "List-Unsubscribe", "Content-Language"),
        }
        assert got["Subject"] == message.title and got["List-Unsubscribe"].startswith("<mailto:")
        for kind, said in (("html", message.html or ""), ("plain", message.body)):
            part = got.get_body((kind,))
            assert part and part.get_content().replace("\r\n", "\n").rstrip() == said.rstrip()
        assert "<script" not in (message.html or "").lower()
    assert made.messages and not made.held
    assert post_office.got[-1]["From"] == "Boletín de Oportunidades Internacionales <boletin@boi.test>"


# ---------------------------------------------------------------- hostile text, all the way to a real server


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[Web, Mail, Post, Post]]:
    with (
        web() as service,
        mail() as post_office,
        Post([service.url], loopback_only=True, deadline=60) as to_web,
        Post([post_office.url()], loopback_only=True, deadline=60) as to_mail,
    ):
        yield service, post_office, to_web, to_mail


def test_hostile_text_arrives_inert(servers: tuple[Web, Mail, Post, Post]) -> None:
    """Through the composer, the courier and Apprise: no header, no mark-up, no other text than was composed."""
    service, _, to_web, _ = servers
    day = AS_OF.date()
    bulletin = Records([(day, [filled(" ".join(PIECES))])]).bulletin()
    for channel in ("x", "whatsapp", "linkedin", "instagram"):
        made = composed(day.isoformat(), channel, filled("x"), bulletin=bulletin)
        assert made.messages and not made.held
        for message in made.messages:
            assert to_web.send(message).state == "sent"
            assert service.messages[-1] == message.body.rstrip()


@settings(max_examples=20, deadline=None)
@given(text=TEXT)
def test_any_text_composes_or_is_held_with_a_reason(text: str) -> None:
    day = AS_OF.date()
    bulletin = Records([(day, [filled(text)])]).bulletin()
    for channel in ("x", "whatsapp", "linkedin", "email"):
        made = composed(day.isoformat(), channel, filled("x"), bulletin=bulletin)
        assert len(made.messages) + len(made.held) == 1 and all(made.held.values())
        for message in made.messages:
            assert message.length > 0 and (not message.limit or message.length <= message.limit)
            assert not any(char in message.body for char in "\r\x00\u202e\u2066")
