"""The page on which people find what to follow, and the addresses it promises."""

from pathlib import Path

from boi_pipeline.publishing.note import note_of
from boi_pipeline.publishing.topics import FORMATS, GROUPS, terms_of, topics
from tests.publishing.pages import note_page, parsed, words
from tests.publishing.sample_bulletin import code_of, sample_bulletin

ROOT = "https://boletin.puertoalba.example/"


def page(site: Path) -> Path:
    return site / "suscribirse" / "index.html"


def test_every_term_of_the_vocabularies_can_be_followed_in_every_format(site: Path) -> None:
    vocabularies = sample_bulletin().vocabularies
    found = topics(vocabularies)
    assert len(found) == 1 + sum(len(vocabularies[group.vocabulary].terms) for group in GROUPS) == 38
    hrefs = set(parsed(page(site)).xpath("//main//a/@href"))
    for topic in found:
        for kind in FORMATS[:4] if topic.term is None else FORMATS:
            assert f"../{topic.path(kind)}" in hrefs
            assert (site / topic.path(kind)).is_file()
        assert f"webcal://boletin.puertoalba.example/{topic.path('ics')}" in hrefs
    assert len({topic.path(kind) for topic in found for kind in FORMATS}) == len(found) * len(FORMATS)


def test_addresses_do_not_change_with_what_is_published(site: Path) -> None:
    """What people subscribed to, written out: a changed address would silence their alerts."""
    for path in (
        "feed.xml", "atom.xml", "feed.json", "calendario.ics", "commongrants.json", "feeds/tipo/scholarship.xml",
        "feeds/publico/public-servants.atom", "feeds/nivel/8.json", "feeds/ods/17.ics",
        "feeds/ods/1.commongrants.json", "oportunidades/pal-2026-00001/cierre.ics",
    ):  # fmt: skip
        assert (site / path).is_file(), path


def test_it_says_that_no_data_is_asked_and_shows_whole_addresses(site: Path) -> None:
    shown = words(page(site))
    assert "No pedimos nombre, correo ni teléfono." in shown
    assert f"{ROOT}calendario.ics" in shown
    assert f"{ROOT}feed.xml" in shown
    document = parsed(page(site))
    assert not document.xpath("//form | //input | //script[not(@type='application/ld+json')]")
    assert page(site).stat().st_size < 100_000


def test_programs_find_the_feeds_from_every_page(site: Path) -> None:
    for path in (site / "index.html", note_page(site, 1), page(site)):
        found = {
            (link.get("type"), (path.parent / link.get("href")).resolve())
            for link in parsed(path).xpath("//head/link[@rel='alternate']")
        }
        assert found >= {
            ("application/rss+xml", (site / "feed.xml").resolve()),
            ("application/atom+xml", (site / "atom.xml").resolve()),
            ("application/feed+json", (site / "feed.json").resolve()),
            ("text/calendar", (site / "calendario.ics").resolve()),
        }


def test_a_note_knows_its_topics() -> None:
    bulletin = sample_bulletin()
    note = note_of(bulletin, *bulletin.current[code_of(1)])
    assert [one.label for one in topics(bulletin.vocabularies) if one.term in terms_of(note.item.opportunity)] == [
        "Becas", "Ciudadanía", "Academia", "Maestría", "ODS 4. Educación de calidad", "ODS 13. Acción por el clima",
    ]  # fmt: skip
