"""Source files: what is accepted, and how a mistake is told."""

from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.utils.misc import load_object

from scrapers.loader import load_source, load_sources, source_schema, spider_class
from scrapers.platforms.base import PlatformSpider
from scrapers.platforms.options import PLATFORMS
from scrapers.yamlfile import ConfigError
from tests.scrapers.conftest import HERE

GOOD = "id: uno\nname: Uno\nplatform: feed\nurl: https://uno.example/feed\nlanguage: es\nauthority: official\n"


def test_a_folder_of_files_is_its_sources_by_id():
    ids = [source.id for source in load_sources(HERE / "sources")]
    assert ids == ["prueba_feed", "prueba_lista", "prueba_sigue", "prueba_wp"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("id: uno", "id: dos"), "uno.yaml:1: id: expected 'uno', the name of its file"),
        (
            GOOD.replace("platform: feed", "platform: rss"),
            "uno.yaml:3: platform: unknown platform 'rss'; expected one of ",
        ),
        (GOOD + "options:\n  folow: true\n", "uno.yaml:8: options.folow: unknown key; expected one of content,"),
        (GOOD + "options: {follow: true}\n", "options"),
        (GOOD + "options:\n  content: 'div['\n", "uno.yaml:8: options.content: expected a CSS selector"),
        (GOOD.replace("platform: feed", "platform: listing"), "uno.yaml:3: options.item: missing key; it is required"),
        (GOOD.replace("language: es", "language: Español"), "uno.yaml:5: language:"),
        (GOOD + "zone: x\n", "uno.yaml:7: zone: unknown key; expected one of access,"),
        (GOOD + "timezone: Europa/Madrid\n", "expected an IANA time zone"),
        (GOOD + "timezone: localtime\n", "expected an IANA time zone"),
        ("id: [", "uno.yaml:1: not valid YAML"),
    ],
)
def test_a_mistake_names_file_line_key_and_what_was_expected(tmp_path: Path, text: str, told: str):
    (tmp_path / "uno.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_source(tmp_path / "uno.yaml")
    assert told in str(caught.value)


def test_follow_without_content_says_what_it_needs(tmp_path: Path):
    (tmp_path / "uno.yaml").write_text(GOOD + "options: {follow: true}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="follow: true needs content"):
        load_source(tmp_path / "uno.yaml")


def test_a_base_refuses_to_start_without_its_source():
    class Bare(PlatformSpider):
        platform = "feed"
        version = 1

    with pytest.raises(TypeError, match="has no source"):
        Bare()


def test_every_platform_has_options_and_a_spider_of_its_name():
    for name, platform in PLATFORMS.items():
        assert load_object(platform.spider).platform == name
    for source in load_sources(HERE / "sources"):
        assert spider_class(source).name == source.id


def test_the_schema_for_editors_knows_every_option():
    schema = source_schema()
    assert schema["properties"]["platform"]["enum"] == sorted(PLATFORMS)
    assert set(schema["$defs"]["FeedOptions"]["properties"]) == set(PLATFORMS["feed"].options.model_fields)
    assert schema["$defs"]["ListingOptions"]["additionalProperties"] is False


@pytest.mark.parametrize(("suffix", "delay"), [(None, 1.0), ("prueba.test", 0.0)])
def test_only_the_own_web_is_crawled_without_pauses(suffix: str | None, delay: float):
    settings = Settings({"OWN_WEB_SUFFIX": suffix})
    settings.setmodule("scrapers.settings", priority="default")
    spider_class(load_source(HERE / "sources" / "prueba_feed.yaml")).update_settings(settings)
    assert settings.getbool("ROBOTSTXT_OBEY")
    assert settings.getfloat("DOWNLOAD_DELAY") == delay
    assert settings.getbool("AUTOTHROTTLE_ENABLED") == (delay > 0)
    for listens in ("REMOTE_CONTROL_ENABLED", "TELNETCONSOLE_ENABLED", "COOKIES_ENABLED", "HTTPPROXY_ENABLED"):
        assert not settings.getbool(listens)
    assert settings["DEFAULT_REQUEST_HEADERS"]["Accept-Language"] == "es"
