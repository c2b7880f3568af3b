"""Which pages and links a re-check visits: of what is published, approved and open, each once."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from boi_pipeline.records import IdentityItem, Publication, PublicDeadline, PublicOpportunity, Redirect
from boi_pipeline.stages.recheck import Approved, is_open, items_of, targets, to_watch
from scrapers.notice import Notice, content_hash, item_id, notice_id, text_hash
from scrapers.recheck import Target

AS_OF = datetime(2026, 11, 23, 21, tzinfo=UTC)
HOME = ZoneInfo("America/Bogota")


def deadline(day: date, **given: Any) -> PublicDeadline:
    return PublicDeadline(seq=1, stage="application", close_date=day, basis="stated", **given)


def approved(name: str = "a", **given: Any) -> Approved:
    content = {
        "opportunity_id": name,
        "code": "BOI-2026-00001",
        "title": "Beca de la costa",
        "title_es": "Beca de la costa",
        "summary_es": "Una beca.",
        "eligibility_es": "Todas las personas.",
        "opportunity_type": "scholarship",
        "source_url": "https://faro.example/1",
        "source_name": "Faro",
        "language": "es",
        "digital_source_type": "algorithmicMedia",
        "deadlines": [deadline(date(2027, 1, 15))],
        **given,
    }
    return Approved(PublicOpportunity.model_validate(content), AS_OF - timedelta(days=3))


def publication(name: str) -> Publication:
    return Publication(
        seq=1,
        publication_id=name,
        edition_id="2026-11-20",
        opportunity_id=name,
        code="BOI-2026-00001",
        channel="site",
        position=1,
        snapshot_sha256="x",
        published_at=AS_OF,
    )


def notice(source: str, key: str, *, day: int = -5, url: str | None = None, text: str = "Abierta.") -> Notice:
    item, whole = item_id(source, key), f"Beca de la costa\n\n{text}"
    content = content_hash(whole, [])
    return Notice(
        notice_id=notice_id(item, content),
        item_id=item,
        source_id=source,
        item_key=key,
        url=url or f"https://{source}.example/{key}",
        title="Beca de la costa",
        text=whole,
        text_sha256=text_hash(whole),
        content_sha256=content,
        language="es",
        date_order="dmy",
        authority="official",
        fetched_at=AS_OF + timedelta(days=day),
        crawl_id="c",
        parser_version="1",
        capture_id="c",
    )


def visits(found: list[Target]) -> list[tuple[str, str, bool]]:
    return [(target.source_id, target.url, target.notice is not None) for target in found]


# ---------------------------------------------------------------- open, by each deadline's own zone


@pytest.mark.parametrize(
    ("closes", "is_still_open"),
    [
        (deadline(date(2026, 11, 23), close_time=time(17), close_at=datetime(2026, 11, 23, 22, tzinfo=UTC)), True),
        (deadline(date(2026, 11, 23), close_time=time(12), close_at=datetime(2026, 11, 23, 17, tzinfo=UTC)), False),
        (deadline(date(2026, 11, 23)), True),  # 16:00 at home, and the day is not over there
        (deadline(date(2026, 11, 23), timezone="Asia/Tokyo"), False),  # there it is the 24th
        (deadline(date(2026, 11, 22), timezone="Etc/GMT+12"), False),
        (deadline(date(2026, 11, 23), timezone="Etc/GMT+12"), True),
    ],
)
def test_a_call_is_open_until_its_deadline_in_its_own_zone(closes: PublicDeadline, is_still_open: bool) -> None:
    assert is_open(approved(deadlines=[closes]).content, AS_OF, HOME) is is_still_open


def test_a_later_deadline_or_none_keeps_a_call_open() -> None:
    past = deadline(date(2026, 11, 1))
    assert is_open(approved(deadlines=[past, deadline(date(2027, 2, 1))]).content, AS_OF, HOME)
    assert is_open(approved(deadlines=[]).content, AS_OF, HOME)


def test_only_what_is_published_approved_and_open_is_watched() -> None:
    closed = approved("closed", deadlines=[deadline(date(2026, 11, 1))])
    moved = approved("moved", deadlines=[deadline(date(2026, 11, 1))])
    known = {"open": approved("open"), "closed": closed, "moved": moved, "unsent": approved("unsent")}
    sent = [publication(name) for name in ("open", "closed", "moved", "withdrawn")]
    assert list(to_watch(known, sent, {"moved"}, AS_OF, HOME)) == ["open", "moved"]


def test_items_follow_an_opportunity_into_the_one_it_became_part_of() -> None:
    items = [
        IdentityItem(seq=1, item_id="faro/1", opportunity_id="old", reason="alone", linked_at=AS_OF),
        IdentityItem(seq=2, item_id="digest/7", opportunity_id="new", reason="alone", linked_at=AS_OF),
        IdentityItem(seq=3, item_id="digest/8", opportunity_id="new", reason="alone", linked_at=AS_OF),
        IdentityItem(seq=4, item_id="digest/8", opportunity_id="other", reason="person", linked_at=AS_OF),
    ]
    redirects = [Redirect(seq=5, from_opportunity_id="old", to_opportunity_id="new", kind="merged", at=AS_OF)]
    assert items_of(items, redirects, {"old"}) == {"faro/1": "old", "digest/7": "old"}


# ---------------------------------------------------------------- pages and links


def test_every_page_is_visited_and_every_link_that_is_no_page_once() -> None:
    watched = {
        "a": approved("a", apply_url="https://forms.example/x"),
        "b": approved("b", apply_url="https://forms.example/x", source_url="https://digest.example/7"),
    }
    histories = {
        "faro/1": [notice("faro", "1")],
        "digest/7": [notice("digest", "7", day=-6), notice("digest", "7", day=-1, text="Otra.")],
    }
    found = targets(watched, {"faro/1": "a", "digest/7": "b"}, histories, {"faro", "digest"})
    assert visits(found) == [
        ("faro", "https://faro.example/1", True),
        ("digest", "https://digest.example/7", True),
        ("digest", "https://digest.example/7", False),  # its spider leaves it out where it asks for the page itself
        ("faro", "https://faro.example/1", False),
        ("faro", "https://forms.example/x", False),
    ]
    assert found[1].notice == histories["digest/7"][-1]


def test_what_no_spider_can_visit_is_left_out() -> None:
    histories = {"retired/1": [notice("retired", "1")], "mails/2": [notice("mails", "2", url="inbox:mails/2")]}
    found = targets({"a": approved()}, {"retired/1": "a", "mails/2": "a", "new/3": "a"}, histories, {"mails", "new"})
    assert found == []


def test_closing_words_that_a_person_approved_are_known() -> None:
    was_there = [notice("faro", "1", text="Convocatoria cerrada.")]
    came_later = [notice("faro", "1"), notice("faro", "1", day=-1, text="Convocatoria cerrada.")]
    for history, was_closed in ((was_there, True), (came_later, False)):
        (page, _) = targets({"a": approved()}, {"faro/1": "a"}, {"faro/1": history}, {"faro"})
        assert page.was_closed is was_closed
