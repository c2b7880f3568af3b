"""Hostile text in every field: it shows as text, and no page gets a different shape for it."""

import json
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import feedparser
import lxml.html
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.text import one_line
from boi_pipeline.records import PublicOpportunity
from tests.publishing.pages import note_page, parsed, words
from tests.publishing.sample_bulletin import HOSTILE, Records, opportunity

PIECES = [
    "<script>alert(1)</script>",
    "</script><script>",
    "<!--",
    "-->",
    "]]>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='x",
    "{{ 7*7 }}",
    "{% raw %}",
    "&lt;b&gt;",
    "&#0;",
    "</title>",
    "</blockquote></main>",
    "javascript:alert(1)",
    "\u202eolleh",
    "\u200b\u2060",
    "\x00\x08\x1b[31m",
    "\ufffe",
    "=1+1",
    "🎓",
    "ñandú",
]
OWN_CALENDARS = "webcal://boletin.puertoalba.example/"
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), min_size=1, max_size=4).map(" ".join)
VISIBLE = TEXT.map("véase {}".format)


def filled(text: str) -> PublicOpportunity:
    """An opportunity where every field that takes free text has this one."""
    return opportunity(
        1,
        opportunity_number=text,
        title=f"{text} original",
        title_es=text,
        summary_es=text,
        eligibility_es=text,
        funding_instrument=text,
        funder_name=text,
        host_countries=[text],
        attendance_mode=text,
        accepted_applicant_types=[text],
        audiences=[text],
        eligible_regions=[text],
        required_languages=[text],
        typical_age_range=text,
        coverage=[text],
        currency=text,
        max_award_amount=Decimal("10"),
        close_date_description=text,
        deadlines=[
            {
                "seq": 1,
                "stage": text,
                "close_date": date(2027, 1, 1),
                "close_time": "10:00",
                "timezone": text,
                "basis": text,
            }
        ],
        apply_url="https://bien.example/",
        source_name=text,
        language=text,
        plan_objectives=[text],
        red_flags=[text],
        digital_source_type=text,
        evidence=[{"field": text, "quote": text, "url": "https://bien.example/", "kind": "stated"}],
    )


def rendered(folder: Path, facts: PublicOpportunity, text: str) -> None:
    records = Records([(date(2026, 11, 24), [facts])])
    records.say(facts, "extended", old_value=text, new_value=text, quote=text)
    bulletin = records.bulletin()
    render_site(bulletin, Disk(folder))
    render_feeds(bulletin, Disk(folder))


def shape(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes, in order; but for those around figures, of which a text has some or none."""
    return [
        (str(element.tag), tuple(sorted(element.attrib)))
        for element in parsed(path).iter()
        if element.get("class") != "figure"
    ]


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list]:
    folder = tmp_path_factory.mktemp("benign")
    rendered(folder, filled("véase esto"), "véase esto")
    return {path.relative_to(folder).as_posix(): shape(path) for path in folder.rglob("*.html")}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VISIBLE)
@example("véase " + HOSTILE)
@example("véase " + "<b>" * 60)
@example("véase \x1b[31m")
def test_any_text_is_shown_as_text(benign: dict[str, list], text: str):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rendered(folder, filled(text[:300]), text[:300])
        for path in folder.rglob("*.html"):
            assert shape(path) == benign[path.relative_to(folder).as_posix()], path
        shown = words(note_page(folder, 1))
        start = one_line(text[:300])[:190]
        assert f"«{start}" in shown
        assert start in " ".join(str(parsed(note_page(folder, 1)).findtext(".//h1")).split())
        feed = feedparser.parse((folder / "feed.xml").read_bytes())
        assert not feed.bozo
        raw = lxml.html.etree.fromstring((folder / "feed.xml").read_bytes())
        assert start in " ".join(str(raw.findtext(".//item/title")).split())
        assert start in json.loads((folder / "feed.json").read_text())["items"][0]["title"]


@settings(max_examples=15, deadline=None)
@given(
    st.text(max_size=40) | st.sampled_from(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//malo.example"])
)
@example("JAVASCRIPT:alert(1)")
def test_only_web_addresses_become_links(url: str):
    facts = opportunity(
        1,
        apply_url=url,
        source_url=url,
        evidence=[{"field": "home_eligible", "quote": "cita", "url": url, "kind": "stated"}],
    )
    records = Records([(date(2026, 11, 24), [facts])])
    records.say(facts, "closed", url=url)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        render_site(records.bulletin(), Disk(folder))
        for path in folder.rglob("*.html"):
            page = parsed(path)
            for href in page.xpath("//@href | //@src"):
                own = ("/", "../", "assets/", "feed.", "atom.xml", "calendario.ics", "#", OWN_CALENDARS)
                assert href.startswith(("https://", "http://", *own)) or href.endswith("index.html"), href
            assert not [name for element in page.iter() for name in element.attrib if str(name).startswith("on")]


def test_structured_data_cannot_leave_its_script(site: Path):
    raw = note_page(site, 4).read_text()
    assert "<script>alert" not in raw
    script = parsed(note_page(site, 4)).find(".//script")
    assert script is not None
    assert "<script>alert('boi')</script>" in json.loads(script.text or "")["mainEntity"]["description"]


def test_an_instant_at_the_end_of_time_is_rendered(tmp_path: Path):
    facts = opportunity(
        1,
        deadlines=[
            {"seq": 1, "stage": "application", "close_date": date.max, "basis": "stated", "timezone": "Asia/Tokyo"}
        ],
    )
    render_site(Records([(date(2026, 11, 24), [facts])]).bulletin(), Disk(tmp_path))
    assert "31 dic 9999" in words(note_page(tmp_path, 1))
