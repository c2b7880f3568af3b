import json
from datetime import date
from pathlib import Path

import feedparser
import lxml.etree

from boi_pipeline.publishing.feeds import render_feeds
from tests.publishing.sample_bulletin import AWARD, COURSE, COURSE_BEFORE, SCHOLARSHIP, Records


def test_the_rss_feed_is_valid_and_complete(site: Path):
    feed = feedparser.parse((site / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "rss20"
    assert feed.feed.language == "es"
    assert feed.feed.link == "https://boletin.puertoalba.example/"
    channel = lxml.etree.fromstring((site / "feed.xml").read_bytes()).find("channel")
    assert channel is not None
    assert all(channel.find(name) is not None for name in ("title", "link", "description", "lastBuildDate"))
    first = feed.entries[0]
    assert first.title == SCHOLARSHIP.title_es
    assert first.link == "https://boletin.puertoalba.example/oportunidades/pal-2026-00001/"
    assert "¿Puedo aplicar desde Ecuador? Sí." in first.description
    assert "23:59 hora de Berlín (17:59 en Puerto Alba)" in first.description
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


def test_the_json_feed_has_what_version_1_1_asks(site: Path):
    feed = json.loads((site / "feed.json").read_text())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert feed["feed_url"] == "https://boletin.puertoalba.example/feed.json"
    for item in feed["items"]:
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert item["url"].startswith("https://boletin.puertoalba.example/oportunidades/")
        assert item.get("external_url", "https://").startswith(("https://", "http://"))


def test_both_feeds_list_the_same_entries(site: Path):
    rss = feedparser.parse((site / "feed.xml").read_bytes())
    feed = json.loads((site / "feed.json").read_text())
    assert [entry.id for entry in rss.entries] == [item["id"] for item in feed["items"]]


def identities(folder: Path, *days: list) -> list[str]:
    records = Records([(date(2026, 11, 23 + number), shown) for number, shown in enumerate(days)])
    render_feeds(records.bulletin(), folder)
    return [item["id"] for item in json.loads((folder / "feed.json").read_text())["items"]]


def test_publishing_the_same_text_again_alerts_nobody_and_a_correction_does(tmp_path: Path):
    first = identities(tmp_path, [COURSE_BEFORE])
    assert identities(tmp_path, [COURSE_BEFORE], [AWARD, COURSE_BEFORE])[1:] == first
    corrected = identities(tmp_path, [COURSE_BEFORE], [COURSE])
    assert len(corrected) == 1
    assert corrected != first
