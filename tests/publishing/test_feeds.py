"""Feeds of everything and of each topic: what they hold, which entries alert, and what the formats ask of them."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import feedparser
import lxml.html
import pytest
from common_grants_sdk.schemas.pydantic.responses import OpportunitiesListResponse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.entries import MAX_ENTRIES
from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.topics import slug_of, topics
from boi_pipeline.records import PublicOpportunity
from tests.publishing.feed_rules import check_atom, check_json_feed, check_rss
from tests.publishing.sample_bulletin import (
    AS_OF,
    AWARD,
    COURSE,
    COURSE_BEFORE,
    HOSTILE,
    SCHOLARSHIP,
    Records,
    opportunity,
    sample_bulletin,
)
from tests.publishing.test_hostile import TEXT, filled

DAY = date(2026, 11, 24)
ROOT = "https://boletin.puertoalba.example/"


def items(folder: Path, path: str = "feed.json") -> list[dict]:
    return json.loads((folder / path).read_text())["items"]


def test_the_rss_feed_is_complete(site: Path):
    feed = feedparser.parse((site / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.link == ROOT
    first = feed.entries[0]
    assert first.title == SCHOLARSHIP.title_es
    assert first.link == f"{ROOT}oportunidades/pal-2026-00001/"
    assert "¿Puedo aplicar desde Ecuador? Sí." in first.description
    assert "23:59 hora de Berlín (17:59 en Puerto Alba)" in first.description
    assert 'href="https://www.nordhaven.example/scholarships/climate?lang=en&amp;year=2027"' in first.description
    assert [tag.term for tag in first.tags] == [
        "Beca",
        "Ciudadanía",
        "Academia",
        "ODS 13",
        "ODS 4",
        "Una ciudad que aprende",
        "Puerto vivo y clima seguro",
    ]
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == 8


def test_every_entry_says_how_its_text_was_made_to_people_and_to_machines(site: Path):
    generative = next(item for item in items(site) if item["_boi"]["code"] == "PAL-2026-00002")
    assert "Texto elaborado con apoyo de IA generativa (Modelo Gaviota 2)" in generative["content_text"]
    assert generative["_boi"]["digital_source_type"].endswith("/digitalsourcetype/trainedAlgorithmicMedia")
    for path, check in (("feed.xml", check_rss), ("atom.xml", check_atom)):
        shown = check((site / path).read_bytes())[1]
        machine = shown.findtext("{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}DigitalSourceType")
        assert machine == generative["_boi"]["digital_source_type"]
        assert "Texto elaborado con apoyo de IA generativa" in "".join(shown.itertext())


def test_all_formats_list_the_same_entries_in_the_same_order(site: Path):
    for topic in topics(sample_bulletin().vocabularies):
        told = [item["id"] for item in items(site, topic.path("json"))]
        for kind in ("rss", "atom"):
            assert [entry.id for entry in feedparser.parse((site / topic.path(kind)).read_bytes()).entries] == told
        grants = json.loads((site / topic.path("commongrants")).read_text())["items"]
        codes = [one["customFields"]["code"]["value"] for one in grants]
        assert codes == [item["_boi"]["code"] for item in items(site, topic.path("json"))]


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("feeds/tipo/scholarship.json", [1]),
        ("feeds/tipo/network.json", [8]),
        ("feeds/publico/public-bodies.json", [2]),
        ("feeds/nivel/7.json", [1]),
        ("feeds/ods/13.json", [1]),
        ("feeds/ods/4.json", [1]),
        ("feeds/ods/17.json", []),
    ],
)
def test_a_topic_holds_what_belongs_to_it_and_stands_while_nothing_does(site: Path, path: str, numbers: list[int]):
    assert [item["_boi"]["code"] for item in items(site, path)] == [f"PAL-2026-{one:05d}" for one in numbers]


def test_feeds_and_calendars_lead_to_the_page_that_lists_the_same(site: Path):
    for topic in topics(sample_bulletin().vocabularies):
        page = ROOT + topic.page
        assert (site / topic.page / "index.html").is_file()
        assert feedparser.parse((site / topic.path("rss")).read_bytes()).feed.link == page
        assert feedparser.parse((site / topic.path("atom")).read_bytes()).feed.link == page
        assert json.loads((site / topic.path("json")).read_text())["home_page_url"] == page
        assert f"URL:{page}\r\n" in (site / topic.path("ics")).read_bytes().decode()


def test_a_feed_holds_its_newest_entries(tmp_path: Path):
    days = [DAY - timedelta(days=1), DAY]
    halves = [[opportunity(1 + half * 60 + place) for place in range(60)] for half in (0, 1)]
    render_feeds(Records(list(zip(days, halves, strict=True))).bulletin(), Disk(tmp_path))
    codes = [item["_boi"]["code"] for item in items(tmp_path)]
    assert len(codes) == MAX_ENTRIES
    assert codes[:60] == [one.code for one in halves[1]]
    assert codes[60:] == [one.code for one in halves[0][:40]]


# ---------------------------------------------------------------- what alerts


def identities(folder: Path, *days: list[PublicOpportunity]) -> list[str]:
    records = Records([(date(2026, 11, 23 + number), shown) for number, shown in enumerate(days)])
    render_feeds(records.bulletin(), Disk(folder))
    return [item["id"] for item in items(folder)]


def test_publishing_the_same_text_again_alerts_nobody_and_a_correction_does(tmp_path: Path):
    first = identities(tmp_path, [COURSE_BEFORE])
    published = items(tmp_path)[0]["date_published"]
    assert identities(tmp_path, [COURSE_BEFORE], [AWARD, COURSE_BEFORE])[1:] == first
    assert items(tmp_path)[1]["date_published"] == published
    corrected = identities(tmp_path, [COURSE_BEFORE], [COURSE])
    assert len(corrected) == 1
    assert corrected != first
    entry = items(tmp_path)[0]
    assert entry["title"] == f"Corrección: {COURSE.title_es}"
    assert "Corrige la nota publicada el 23 de noviembre de 2026." in entry["content_text"]
    assert "Título. Antes: Curso de movilidad sostenible (texto anterior)." in entry["content_text"]


def test_what_was_withdrawn_leaves_every_feed(tmp_path: Path):
    records = Records([(DAY, [AWARD, SCHOLARSHIP])])
    records.decide("withdraw", SCHOLARSHIP, AS_OF)
    for path in render_feeds(records.bulletin(), Disk(tmp_path)):
        assert b"Nordhaven" not in path.read_bytes(), path
    assert len(items(tmp_path)) == 1


def test_what_the_source_says_now_is_an_update_and_no_new_entry(tmp_path: Path):
    records = Records([(DAY - timedelta(days=1), [SCHOLARSHIP])])
    render_feeds(records.bulletin(), Disk(tmp_path))
    before = items(tmp_path)[0]
    records.say(SCHOLARSHIP, "vanished")
    render_feeds(records.bulletin(), Disk(tmp_path))
    after = items(tmp_path)[0]
    assert (after["id"], after["date_published"]) == (before["id"], before["date_published"])
    assert after["date_modified"] > before["date_modified"]
    assert after["content_text"].startswith("La fuente indica ahora: que la convocatoria ya no está publicada.")
    assert json.loads((tmp_path / "commongrants.json").read_text())["items"][0]["status"]["value"] == "closed"


def written(bulletin: Bulletin, folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in render_feeds(bulletin, Disk(folder))}


def test_a_day_on_which_nothing_happens_changes_no_byte(tmp_path: Path):
    records = Records([(DAY, [SCHOLARSHIP, AWARD])])
    first = written(records.bulletin(AS_OF), tmp_path / "first")
    assert written(records.bulletin(AS_OF), tmp_path / "again") == first
    assert written(records.bulletin(AS_OF + timedelta(days=1)), tmp_path / "later") == first


def test_a_bulletin_without_editions_has_valid_feeds(tmp_path: Path):
    render_feeds(Records([]).bulletin(), Disk(tmp_path))
    assert list(checked(tmp_path, sample_bulletin())) == []


def test_a_term_whose_code_cannot_name_a_file_is_refused():
    with pytest.raises(ValueError, match="names a public file"):
        slug_of("../../feed")


# ---------------------------------------------------------------- the formats


def checked(folder: Path, bulletin: Bulletin) -> Iterator[str]:
    """Every feed of a folder keeps the rules of its format; gives the HTML of the entries."""
    for topic in topics(bulletin.vocabularies):
        atom = check_atom((folder / topic.path("atom")).read_bytes())
        rss = check_rss((folder / topic.path("rss")).read_bytes())
        told = check_json_feed((folder / topic.path("json")).read_bytes())
        assert not feedparser.parse((folder / topic.path("rss")).read_bytes()).bozo
        assert not feedparser.parse((folder / topic.path("atom")).read_bytes()).bozo
        grants = OpportunitiesListResponse.model_validate_json((folder / topic.path("commongrants")).read_bytes())
        assert len(atom) == len(rss) == len(told) == len(grants.items) == grants.pagination_info.total_items
        yield from (item.findtext("description") for item in rss)
        yield from (entry.findtext("{http://www.w3.org/2005/Atom}content") for entry in atom)
        yield from (item["content_html"] for item in told)


class _Tags(HTMLParser):
    """Which elements a text holds, as a reader's parser of HTML finds them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        assert {name for name, _ in attrs} <= {"href", "rel"}
        assert all((value or "").startswith("http") for name, value in attrs if name == "href")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")


def only_paragraphs(html: str) -> None:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    assert parser.found <= {"p", "a"}
    assert {element.tag for element in lxml.html.fragment_fromstring(html, create_parent="div").iter()} <= {
        "div", "p", "a",
    }  # fmt: skip


def test_every_feed_of_the_site_keeps_the_rules_of_its_format(site: Path):
    found = list(checked(site, sample_bulletin()))
    assert len(found) > 60
    for html in found:
        only_paragraphs(html)


@settings(max_examples=12, deadline=None)
@given(text=TEXT | st.text(max_size=60))
@example(text=HOSTILE)
@example(text="=" * 10_000)
@example(text="🎓" * 300)
@example(text="")
@example(text="\ud800 \x00 \ufffe")
def test_any_text_is_text_in_every_feed(tmp_path_factory: pytest.TempPathFactory, text: str):
    folder = tmp_path_factory.mktemp("hostile")
    facts = filled(text.encode("utf-8", "ignore").decode())
    records = Records([(DAY, [facts])])
    records.say(facts, "extended", old_value=text, new_value=text, quote=text)
    bulletin = records.bulletin()
    render_feeds(bulletin, Disk(folder))
    for html in checked(folder, bulletin):
        only_paragraphs(html)
    assert len(items(folder)) == 1
    if (title := items(folder)[0]["title"]) != facts.code:
        assert feedparser.parse((folder / "atom.xml").read_bytes()).entries[0].title_detail.type == "text/plain"
        assert lxml.etree.fromstring((folder / "feed.xml").read_bytes()).findtext("channel/item/title") == title


def test_common_grants_gives_the_protocols_fields(site: Path):
    text = (site / "commongrants.json").read_bytes()
    one = OpportunitiesListResponse.model_validate_json(text).items[0]
    assert (one.title, str(one.id)) == (SCHOLARSHIP.title, SCHOLARSHIP.opportunity_id)
    assert one.status.value == "open"
    assert one.created_at == datetime(2026, 11, 24, 21, tzinfo=AS_OF.tzinfo)
    assert one.key_dates is not None
    assert one.key_dates.model_dump(mode="json", exclude_none=True)["close_date"] == {
        "name": "Cierre", "event_type": "singleDate", "date": "2027-01-15", "time": "23:59:00",
        "description": "15 January 2027 (23:59 CET)",
    }  # fmt: skip
    assert one.get_custom_field_value("closeTimezone", str) == "Europe/Berlin"
    assert one.get_custom_field_value("closeAt", str) == "2027-01-15T22:59:00Z"
    assert one.get_custom_field_value("sdgGoals", list) == [13, 4]
    hostile = OpportunitiesListResponse.model_validate_json(text).items[3]
    assert hostile.get_custom_field_value("applyUrl", str) is None  # javascript: goes nowhere
