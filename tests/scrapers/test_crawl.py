"""What a crawl of a small web gives: notices, what is new, what is unchanged, what is kept."""

from datetime import UTC, datetime

from scrapers.archive import crawl_records, latest_notices
from scrapers.notice import text_hash
from tests.scrapers.conftest import Days


def text_of(days: Days, item_id: str) -> str:
    return days.first.notices[item_id].text


def test_a_feed_declared_in_the_wrong_charset_reads_right_and_hidden_text_stays_out(days: Days):
    text = text_of(days, "prueba_feed/guid-1")
    assert text == "Beca de maestría en Múnich\n\nCierre: 15 de enero de 2027. Postular\n\nCategories: Becas"


def test_an_entry_without_guid_is_known_by_its_canonical_url(days: Days):
    notice = days.first.notices["prueba_feed/http://feed.prueba.test/fellows"]
    assert notice.url == "http://feed.prueba.test/fellows"
    assert notice.published_at == datetime(2026, 11, 21, tzinfo=UTC)
    assert "script" not in notice.text


def test_links_are_absolute_and_http_only(days: Days):
    links = [link.url for link in days.first.notices["prueba_lista/http://lista.prueba.test/c/uno.html"].links]
    assert links == ["http://lista.prueba.test/bases.pdf"]


def test_a_listing_gives_title_body_and_labelled_facts_of_each_detail_page(days: Days):
    notice = days.first.notices["prueba_lista/http://lista.prueba.test/c/uno.html"]
    assert notice.title == "Fondo uno 2027"
    assert [(hint.label, hint.value) for hint in notice.hints] == [
        ("Cierre", "10 de enero de 2027"),
        ("Monto", "5.000 €"),
    ]
    assert notice.text.endswith("\n\nCierre: 10 de enero de 2027\nMonto: 5.000 €")
    for unseen in ("secreto", "no se ve", "tampoco", "menú"):
        assert unseen not in notice.text


def test_a_page_says_its_own_language(days: Days):
    assert days.first.notices["prueba_lista/http://lista.prueba.test/c/deux.html"].language == "fr"
    assert days.first.notices["prueba_lista/http://lista.prueba.test/c/uno.html"].language == "es"


def test_the_next_page_of_a_listing_is_read(days: Days):
    assert "prueba_lista/http://lista.prueba.test/c/cuatro.html" in days.first.notices


def test_what_robots_txt_forbids_is_never_asked_for(days: Days):
    assert not any("privado" in item_id for item_id in days.first.notices)
    assert "robots.txt" in days.first.results["prueba_lista"].detail
    assert days.first.results["prueba_lista"].outcome == "ok"


def test_wordpress_posts_are_read_with_their_categories_and_excluded_ones_are_not(days: Days):
    assert {key for key in days.first.notices if key.startswith("prueba_wp/")} == {
        "prueba_wp/11",
        "prueba_wp/12",
        "prueba_wp/14#1",
        "prueba_wp/14#2",
        "prueba_wp/14#3",
    }
    assert text_of(days, "prueba_wp/11").splitlines()[0] == "Beca & ayuda de doctorado"
    assert text_of(days, "prueba_wp/11").endswith("Categories: becas")


def test_a_post_without_text_in_the_api_is_read_from_its_page(days: Days):
    assert text_of(days, "prueba_wp/12") == (
        "Curso corto en Lisboa\n\nInscripciones hasta el 3 de marzo de 2027.\n\nCategories: becas"
    )


def test_a_roundup_is_one_notice_a_call_and_none_for_itself(days: Days):
    part = days.first.notices["prueba_wp/14#2"]
    assert (part.title, part.parent_key) == ("Beca Beta", "14")
    assert part.text == "Beca Beta\n\nCierra el 6 de enero de 2027. Más"
    assert [link.url for link in part.links] == ["https://beta.example/"]


def test_a_followed_entry_has_the_text_and_language_of_its_page(days: Days):
    notice = days.first.notices["prueba_sigue/urn:uno"]
    assert (notice.text, notice.language) == ("Curso uno\n\nThe whole text of course one.", "en")
    assert notice.url == "http://sigue.prueba.test/p/uno"
    assert "prueba_sigue/urn:premio" not in days.first.notices


def test_a_known_page_is_asked_again_conditionally_and_its_edit_is_seen(days: Days):
    result = days.second.results["prueba_sigue"]
    assert (result.new_count, result.changed_count, result.error_count) == (1, 1, 0)
    seen = {sighting.item_key: sighting.content_sha256 for sighting in result.sightings}
    assert seen["urn:uno"] == days.first.notices["prueba_sigue/urn:uno"].content_sha256  # its page answered 304
    assert seen["urn:dos"] == days.second.notices["prueba_sigue/urn:dos"].content_sha256


def test_hashes_and_ids_hold_together(days: Days):
    for notice in days.first.notices.values():
        assert notice.text_sha256 == text_hash(notice.text)
        assert notice.notice_id == f"{notice.source_id}/{notice.item_key}@{notice.content_sha256}"
        assert notice.fetched_at == datetime(2026, 11, 23, 21, tzinfo=UTC)
        assert notice.capture_id.startswith("<urn:uuid:")


def test_a_second_crawl_with_nothing_new_writes_no_notice_and_still_sees_every_item(days: Days):
    assert not days.again.notices
    for source_id, result in days.again.results.items():
        assert result.outcome == "unchanged", source_id
        keys = [sighting.item_key for sighting in days.first.results[source_id].sightings]
        assert [sighting.item_key for sighting in result.sightings] == keys
    feed = days.again.results["prueba_feed"]
    assert (feed.request_count, feed.listed_count) == (2, 2)  # robots.txt and one conditional request


def test_the_next_day_writes_what_changed_only(days: Days):
    assert set(days.second.notices) == {
        "prueba_wp/11",
        "prueba_lista/http://lista.prueba.test/c/uno.html",
        "prueba_sigue/urn:dos",
        "prueba_sigue/urn:tres",
    }
    assert "prórroga" in days.second.notices["prueba_wp/11"].text
    assert days.second.results["prueba_lista"].outcome == "ok"
    assert days.second.results["prueba_lista"].changed_count == 1


def test_the_archive_gives_the_newest_notice_of_every_item_as_of_an_instant(days: Days):
    now = {notice.item_id: notice for notice in latest_notices(days.home)}
    then = {notice.item_id: notice for notice in latest_notices(days.home, datetime(2026, 11, 23, 22, tzinfo=UTC))}
    assert then == days.first.notices
    assert now == {**days.first.notices, **days.second.notices}
    assert [record.crawl_id for record in crawl_records(days.home)] == [
        crawled.crawl_id for crawled in (days.first, days.again, days.second)
    ]
