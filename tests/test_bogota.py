"""Bogotá's entity: what it watches, what it knows that it does not know, and what it leaves alone."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from boi_pipeline.entity import Candidate, Entity, load_entity
from boi_pipeline.settings import ROOT
from scrapers.loader import load_sources
from scrapers.source import Source
from scrapers.yamlfile import parse_yaml, validate

FOLDER = ROOT / "entities" / "bogota"
SOURCES = load_sources(FOLDER / "sources")
CANDIDATES = load_entity(FOLDER).candidates

LONGEST = {
    "json_api": 40,
    "grants_gov": 14,
}  # lines; elsewhere 12: an API of any shape has to be described, a notice quoted
KINDS = {  # what the bulletin must cover: sources of it; the rest is in candidates.yaml under the same name
    "eu": {"erasmus_plus", "msca", "erc", "erasmus_mundus", "eu_culture", "eu_partnerships", "eu_topics"},
    "us": {"nsf_funding", "us_embassy_bogota"},
    "un": {"twas", "un_volunteers", "reliefweb_jobs"},
    "bank": {"world_bank_notices"},
    "oas": set(),
    "spain": {"fundacion_carolina", "escritores_org", "bdns_convocatorias"},
    "germany": {"humboldt", "daad_programmes"},
    "france": {"afd_appels"},
    "uk": {"chevening", "commonwealth_scholarships", "ukri"},
    "asia": set(),
    "latam": {"filac", "clacso", "segib", "ibermuseos"},
    "foundation": {"schwarzman"},
    "city_network": {"mercociudades", "c40", "ucci"},
    "colombia": {"minciencias", "apc_colombia", "colfuturo", "fulbright_colombia", "icetex_becas"},
    "aggregator": {"opportunity_desk", "funds_for_ngos", "opportunities_circle", "scholars4dev", "youth_opportunities"},
}


@pytest.fixture(scope="module")
def bogota() -> Entity:
    return load_entity(FOLDER)


def refused() -> list[Candidate]:
    path = FOLDER / "refused.yaml"
    return [validate(one, Candidate, path) for one in parse_yaml(path.read_text(encoding="utf-8"), path)]


def host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def is_within(name: str, others: set[str]) -> bool:
    return any(name == other or name.endswith(f".{other}") for other in others)


def test_the_entity_is_the_citys(bogota: Entity):
    file = bogota.file
    assert (file.country, file.timezone, file.languages) == ("CO", "America/Bogota", ["es", "en", "fr", "pt", "de"])
    assert (file.schedule.collect.hour, file.schedule.publish.hour) == (6, 16)
    for label in (file.label_template, file.label_generative):
        assert "revisado y aprobado por el equipo de {entity} el {date}" in label
        assert label.endswith("Verifique siempre en la fuente oficial.")
    assert "apoyo de IA generativa ({tool})" in file.label_generative


def test_it_watches_many_places_and_knows_which_it_has_seen():
    verified = {source.id for source in SOURCES if source.verified}
    assert len(SOURCES) >= 44
    assert {"opportunity_desk", "funding_finder"} <= verified
    assert len(verified) < len(SOURCES) / 2  # most wait for a person's `boi source check`


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.id)
def test_a_source_file_is_short_and_says_what_is_not_known(source: Source):
    lines = (FOLDER / "sources" / f"{source.id}.yaml").read_text(encoding="utf-8").splitlines()
    assert sum(1 for line in lines if line.strip() and not line.startswith("#")) <= LONGEST.get(source.platform, 12)
    assert source.verified or source.unknown


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_place_is_watched_or_waits_as_a_candidate(kind: str):
    assert KINDS[kind] <= {source.id for source in SOURCES}
    assert KINDS[kind] or any(candidate.kind == kind for candidate in CANDIDATES)


def test_a_candidate_says_its_kind_and_what_is_missing_and_is_no_source():
    watched = {host(source.url) for source in SOURCES}
    for candidate in CANDIDATES:
        assert candidate.kind in KINDS, candidate.name
        assert candidate.unknown, candidate.name
    assert not {candidate.name for candidate in CANDIDATES if host(candidate.url) in watched} - {
        "Grants.gov por RSS",  # watched through its API
        "DAAD, base de becas",  # another service of the same host
    }


def test_what_robots_or_terms_forbid_is_neither_watched_nor_a_candidate():
    closed = {host(place.url) for place in refused()}
    assert {"findaphd.com", "jobs.ac.uk", "grants.nih.gov", "gurt.org.ua", "grantforward.com"} <= closed
    assert all(place.why for place in refused())
    urls = [source.url for source in SOURCES] + [candidate.url for candidate in CANDIDATES]
    assert [url for url in urls if is_within(host(url), closed)] == []


def test_the_country_is_in_the_groups_that_calls_name(bogota: Entity):
    groups = bogota.vocabularies["country_groups"].terms
    having = {
        "WORLD",
        "LATAM",
        "LAC",
        "SOUTH_AMERICA",
        "OAS",
        "IBEROAMERICA",
        "ANDEAN",
        "PACIFIC_ALLIANCE",
        "ODA",
        "OECD",
    }
    assert {name for name in having if "CO" not in groups[name].members} == set()
    lacking = {"EU", "COMMONWEALTH", "OIF", "CPLP", "LDC", "ERASMUS_PROGRAMME", "HORIZON_ASSOCIATED"}
    assert {name for name in lacking if "CO" in groups[name].members} == set()


def test_the_office_rests_on_the_countrys_holidays(bogota: Entity):
    days = {
        date(2026, 11, 23): True,
        date(2026, 11, 16): False,  # independence of Cartagena, moved to Monday
        date(2026, 12, 8): False,
        date(2026, 12, 25): False,
        date(2026, 7, 20): False,
        date(2026, 12, 12): False,  # a Saturday
        date(2026, 12, 7): True,
    }
    assert {day: bogota.is_working_day(day) for day in days} == days


def test_the_plan_has_its_five_objectives(bogota: Entity):
    plan = bogota.vocabularies["plan_objectives"].terms
    assert list(plan) == [f"PDD-2024-2027:{number}" for number in range(1, 6)]
    assert {goal for term in plan.values() for goal in term.sdg} == set(range(1, 18))
    types = set(bogota.vocabularies["opportunity_types"].terms)
    assert all(set(term.types) <= types and term.words for term in plan.values())
