"""What a page states of itself: every type of the field, every spelling, and broken markup beside good."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrapers.structured import STRONG, WEAK, Item, head, items, moment
from scrapers.text import parse_page, plain_line

URL = "https://casa.example/c/1"


def ld(*values: Any) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(value)}</script>' for value in values)


def read(markup: str) -> list[Item]:
    return items(parse_page(f"<html><head>{markup}</head><body>x</body></html>".encode(), "text/html"), URL)


def test_a_job():
    (job,) = read(
        ld(
            {
                "@context": "https://schema.org",
                "@type": "JobPosting",
                "title": "Asesora de cooperaci&oacute;n",
                "description": "&lt;p&gt;Apoya &lt;b&gt;proyectos&lt;/b&gt;.&lt;/p&gt;",
                "datePosted": "2026-11-02",
                "validThrough": "2027-01-31T23:59:00+01:00",
                "hiringOrganization": {"@type": "Organization", "name": "Casa Abierta"},
                "jobLocation": {
                    "@type": "Place",
                    "address": {"addressLocality": "Bonn", "addressCountry": {"@type": "Country", "name": "DE"}},
                },
                "baseSalary": {
                    "@type": "MonetaryAmount",
                    "currency": "EUR",
                    "value": {"@type": "QuantitativeValue", "minValue": 3000, "maxValue": 4200.0, "unitText": "MONTH"},
                },
                "inLanguage": "es-CO",
            }
        )
    )
    assert (job.kind, job.title, job.language) == ("JobPosting", "Asesora de cooperación", "es-CO")
    assert plain_line(job.html) == "Apoya proyectos."
    assert job.facts == {
        "Deadline": "2027-01-31 23:59 (UTC+01:00)",
        "Location": "Bonn, DE",
        "Organisation": "Casa Abierta",
        "Salary": "EUR 3,000 - 4,200 (MONTH)",
    }
    assert job.published_at == datetime(2026, 11, 2, tzinfo=UTC)


def test_an_event_in_a_graph_with_the_page_around_it():
    found = read(
        ld(
            {
                "@graph": [
                    {"@type": "WebPage", "name": "Agenda"},
                    {
                        "@type": ["EducationEvent", "Thing"],
                        "name": "Foro",
                        "startDate": "2027-03-01T00:00:00",
                        "endDate": "2027-03-02T18:30:00Z",
                        "eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode",
                        "eventStatus": "https://schema.org/EventPostponed",
                        "location": [
                            {"@type": "VirtualLocation", "url": "https://x.example"},
                            {"@type": "Place", "name": "Sala 1", "address": "Lima, PE"},
                        ],
                        "organizer": [{"name": "Red Sur"}, {"name": "Red Sur"}],
                    },
                ]
            }
        )
    )
    assert [item.kind for item in found] == ["EducationEvent", "WebPage"]
    assert found[0].is_strong and not found[1].is_strong
    assert found[0].facts == {
        "Starts": "2027-03-01",
        "Ends": "2027-03-02 18:30 (UTC)",
        "Location": "online; Sala 1, Lima, PE",
        "Attendance": "on site and online",
        "Status": "postponed",
        "Organiser": "Red Sur",
    }


@pytest.mark.parametrize(
    ("value", "facts"),
    [
        (
            {"@type": "MonetaryGrant", "amount": {"currency": "USD", "value": "1500000"}, "funder": {"name": "F"}},
            {"Funder": "F", "Amount": "USD 1,500,000"},
        ),
        (
            {
                "@type": "EducationalOccupationalProgram",
                "applicationDeadline": "2027-02-01",
                "provider": {"name": "U"},
                "identifier": {"value": "MX-7"},
            },
            {"Deadline": "2027-02-01", "Provider": "U", "Identifier": "MX-7"},
        ),
        (
            {
                "@type": "http://schema.org/Course",
                "hasCourseInstance": [{"startDate": "2027-05-03", "courseMode": "online"}],
            },
            {"Starts": "2027-05-03", "Attendance": "online"},
        ),
        (
            {"@type": "Grant", "sponsor": "Fondo Sur", "validThrough": "03/04/2027"},
            {"Valid through": "03/04/2027", "Funder": "Fondo Sur"},
        ),
    ],
)
def test_other_types(value: dict[str, Any], facts: dict[str, str]):
    (item,) = read(ld({"name": "Algo", **value}))
    assert item.facts == facts


def test_a_broken_script_does_not_hide_the_good_ones():
    broken = '<script type="application/ld+json">{"@type": "JobPosting", "title": </script>'
    deep = f'<script type="application/ld+json">{"[" * 20000}</script>'
    found = read(broken + deep + ld([{"@type": "Course", "name": "Uno"}, {"@type": "Course", "name": "Dos"}]))
    assert [item.title for item in found] == ["Uno", "Dos"]


def test_microdata_says_the_same_as_json_ld():
    page = parse_page(
        b"""<html><body><div itemscope itemtype="https://schema.org/Event"><h1 itemprop="name">Feria</h1>
        <time itemprop="startDate" datetime="2027-04-05">5 abril</time>
        <div itemprop="location" itemscope itemtype="https://schema.org/Place"><span itemprop="name">Cali</span></div>
        <p itemprop="description">Ven a la feria.</p></div></body></html>""",
        "text/html",
    )
    (event,) = items(page, URL)
    assert (event.title, event.facts) == ("Feria", {"Starts": "2027-04-05", "Location": "Cali"})
    assert plain_line(event.html) == "Ven a la feria."


def test_the_head_says_the_least():
    page = parse_page(
        b"""<html><head><title>T | Casa</title><meta property="og:title" content="Beca &amp; m\xc3\xa1s">
        <meta property="article:published_time" content="2026-11-01T08:00:00-05:00">
        <meta name="description" content="Una beca."></head><body></body></html>""",
        "text/html",
    )
    told = head(page, URL)
    assert (told.title, told.html, told.published_at) == (
        "Beca & más",
        "Una beca.",
        datetime(2026, 11, 1, 13, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("2026-09-15T17:00:00+02:00", "2026-09-15 17:00 (UTC+02:00)"),
        ("2026-09-15T17:00", "2026-09-15 17:00"),
        ("2026-09-15T00:00:00Z", "2026-09-15"),
        ("03/04/2027", "03/04/2027"),
        ("rolling", "rolling"),
        (20270304, ""),
        (None, ""),
    ],
)
def test_moments(value: Any, told: str):
    assert moment(value) == told


names = st.sampled_from(
    [
        "name",
        "title",
        "description",
        "url",
        "startDate",
        "location",
        "amount",
        "baseSalary",
        "value",
        "@graph",
        "address",
        "datePosted",
        "mainEntity",
        "organizer",
        "identifier",
        "inLanguage",
        "hasCourseInstance",
        "@value",
        "offers",
    ]
)
kinds = st.sampled_from([*STRONG, *WEAK, "Thing", 7, None])
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30) | st.just("<p>&lt;b&gt;"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(names, inner, max_size=5).flatmap(lambda one: kinds.map(lambda kind: {**one, "@type": kind}))
    ),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(anything)
def test_no_value_of_json_ld_breaks_the_reading(value: Any):
    for item in read(ld(value, {"@type": "Course", "name": "Bueno"})):
        assert item.title
        assert all(isinstance(told, str) and told for told in item.facts.values())


def test_depth_and_size_are_bounded():
    nested: Any = {"@type": "Course", "name": "dentro"}
    for _ in range(60):
        nested = {"@graph": [nested]}
    assert read(ld(nested)) == []
    assert len(read(ld([{"@type": "Course", "name": f"c{n}"} for n in range(5000)]))) <= 2000
    marked = '<div itemscope itemtype="https://schema.org/Event" itemprop="a">' * 100 + "<b itemprop=name>x</b>"
    assert items(parse_page(marked.encode(), "text/html"), URL) == []
