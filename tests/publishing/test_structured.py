"""What pages tell machines is schema.org: every type, property and value, on every kind of page, whatever a source writes."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.note import note_of
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.structured_note import note_data
from boi_pipeline.records import PublicOpportunity
from tests.publishing.informed import informed
from tests.publishing.pages import parsed
from tests.publishing.sample_bulletin import HOSTILE, Records, opportunity, sample_bulletin, sample_entity
from tests.publishing.schema_org import faults
from tests.publishing.test_hostile import VISIBLE, filled

TYPES = sorted(sample_entity().vocabularies["opportunity_types"].terms)
MODES = [None, "offline", "online", "mixed"]
SOURCES = sorted(sample_entity().vocabularies["digital_source_types"].terms)


def told(path: Path) -> list[dict]:
    """The JSON-LD of a page."""
    return [
        json.loads(script.text or "")
        for script in parsed(path).iter("script")
        if script.get("type") == "application/ld+json"
    ]


def data_of(facts: PublicOpportunity) -> dict:
    bulletin = Records([(date(2026, 11, 24), [facts])]).bulletin()
    edition, item = bulletin.current[facts.code]
    return json.loads(note_data(bulletin, note_of(bulletin, edition, item), [("Edición", "ediciones/2026-11-24/")]))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every kind of page, with all that a bulletin may be handed; one of its notes is hostile."""
    folder = tmp_path_factory.mktemp("pages")
    render_site(informed(sample_bulletin(), tmp_path_factory.mktemp("set")), Disk(folder))
    return folder


def test_every_page_is_valid_schema_org(pages: Path):
    without = set()
    for path in pages.rglob("*.html"):
        name = path.relative_to(pages).as_posix()
        if name.startswith("tableros/tablero/"):
            continue
        found = told(path)
        for data in found:
            assert faults(data) == [], name
        if not found:
            assert parsed(path).find(".//meta[@name='robots']") is not None, f"{name} is listed and says nothing"
            without.add(name.partition("/")[0])
    assert without == {"oportunidades", "datos", "404.html"}  # withdrawn, moved, missing


@pytest.mark.parametrize("kind", [*TYPES, "unheard_of"])
@pytest.mark.parametrize("mode", MODES)
def test_every_type_in_every_mode_is_valid(kind: str, mode: str | None):
    facts = opportunity(
        1,
        opportunity_type=kind,
        attendance_mode=mode,
        funder_name="Instituto Ágora",
        host_countries=["DE", "XK", "??", ""],
        required_languages=["en:B2", "fr", "no es un idioma"],
        currency="EUR",
        min_award_amount=Decimal("10.50"),
        max_award_amount=Decimal("20000000"),
        deadlines=[{"seq": 1, "stage": "application", "close_date": date(2027, 1, 1), "basis": "stated"}],
        apply_url="https://agora.example/a?b=1",
    )
    assert faults(data_of(facts)) == []


@pytest.mark.parametrize("source", SOURCES)
def test_how_a_text_was_made_is_told_in_a_word_schema_org_has(source: str):
    data = data_of(opportunity(1, digital_source_type=source))
    assert faults(data) == []
    assert data["digitalSourceType"].endswith("DigitalSource")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VISIBLE, st.sampled_from(TYPES), st.sampled_from(MODES))
@example("véase " + HOSTILE, "placement", "online")
def test_whatever_a_source_writes_stays_valid(text: str, kind: str, mode: str | None):
    facts = filled(text[:300]).model_copy(update={"opportunity_type": kind, "attendance_mode": mode})
    assert faults(data_of(facts)) == []


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u202e\u202c"])
def test_a_text_that_nobody_sees_leaves_no_empty_value(text: str):
    facts = opportunity(1, title_es=text, summary_es=text, funder_name=text, opportunity_type="fund", apply_url=text)
    assert faults(data_of(facts)) == []


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Beca"}, "no type Beca"),
        ({"@type": "Event", "applicationDeadline": "2027-01-01"}, "has no property applicationDeadline"),
        ({"@type": "Event", "startDate": "pronto"}, "is none of"),
        ({"@type": "Place", "address": {"@type": "Country", "name": "DE"}}, "Country is none of"),
        ({"@type": "Event", "eventAttendanceMode": "https://schema.org/Virtual"}, "is none of"),
        ({"@type": "WebPage", "publisher": "La oficina"}, "is none of"),
        ({"@type": "MonetaryAmount", "value": ""}, "is none of"),
        ({"@type": "Dataset", "distribution": {"@type": "Dataset"}}, "Dataset is none of"),
        ({"name": "sin tipo"}, "no @type"),
    ],
)
def test_the_reader_of_the_vocabulary_finds_what_is_wrong(node: dict, fault: str):
    found = faults({"@context": "https://schema.org", **node})
    assert len(found) == 1
    assert fault in found[0]


def test_breadcrumbs_lead_from_home_to_the_page(pages: Path):
    (data,) = told(pages / "oportunidades/pal-2026-00001/index.html")
    trail = [(one["position"], one["item"]["@id"]) for one in data["breadcrumb"]["itemListElement"]]
    root = "https://boletin.puertoalba.example/"
    assert trail == [(1, root), (2, f"{root}ediciones/2026-11-24/"), (3, f"{root}oportunidades/pal-2026-00001/")]


def test_an_edition_lists_its_notes_in_order_without_the_withdrawn(pages: Path):
    (data,) = told(pages / "ediciones/2026-11-23/index.html")
    listed = [one["url"].rpartition("oportunidades/")[2] for one in data["mainEntity"]["itemListElement"]]
    assert "pal-2026-00009/" not in listed
    assert listed[:2] == ["pal-2026-00005/", "pal-2026-00006/"]
