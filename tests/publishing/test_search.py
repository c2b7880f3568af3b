"""What the search can find, and the lists for whoever runs no scripts: what was approved and stands, as text."""

import hashlib
import json
import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from boi_pipeline.publishing import search
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.explore import A_PAGE, sections
from boi_pipeline.publishing.search import facets, search_page, values_of
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.writer import Writer
from boi_pipeline.records import PublicDeadline, PublicOpportunity
from tests.publishing.pages import note_page, parsed, words
from tests.publishing.sample_bulletin import (
    COURSE,
    COURSE_BEFORE,
    FUND,
    SCHOLARSHIP,
    SECOND_DAY,
    Records,
    opportunity,
    sample_bulletin,
    sample_records,
)
from tests.publishing.test_hostile import VISIBLE, filled

DAY = date(2026, 11, 24)
STATIC = Path(search.__file__).parent / "static"


def assigned(path: Path) -> Any:
    """What a data script assigns; it must do nothing else."""
    found = re.fullmatch(r"(?:window\.boiIndex|\(window\.boiClosed \|\|= \{\}\)\[\d{4}\]) = (.*);\n", path.read_text())
    assert found is not None
    assert not re.search(r"[<>&\u2028\u2029\u202a-\u202e\u200b]", found[1])
    return json.loads(found[1])


def opened(site: Path) -> dict[str, Any]:
    (path,) = (site / "assets").glob("abiertas.*.js")
    return assigned(path)


def closed(site: Path) -> dict[str, list]:
    found = {entry["file"]: assigned(site / entry["file"]) for entry in opened(site)["closed"]}
    assert set(found) == {f"assets/{path.name}" for path in (site / "assets").glob("cerradas-*.js")}
    return found


def test_what_is_open_is_in_the_page_s_index_and_what_has_closed_in_its_year_s(site: Path):
    assert {row[0] for row in opened(site)["rows"]} == {facts.code for facts in SECOND_DAY}
    ((name, rows),) = closed(site).items()
    assert re.fullmatch(r"assets/cerradas-2026\.[0-9a-f]{12}\.js", name)
    assert {row[0] for row in rows} == {"PAL-2026-00006", "PAL-2026-00008"}


def test_a_row_says_what_the_note_says(site: Path):
    row = next(row for row in opened(site)["rows"] if row[0] == SCHOLARSHIP.code)
    assert row[1:7] == [
        "scholarship",
        "Beca",
        SCHOLARSHIP.title_es,
        "Universidad de Nordhaven",
        "Alemania",
        SCHOLARSHIP.summary_es,
    ]
    day = (date(2027, 1, 15) - date(1970, 1, 1)).days
    assert row[8:12] == ["open", "", [day], (DAY - date(1970, 1, 1)).days]
    assert dict(zip(opened(site)["facets"], row[12], strict=True)) == {
        "tipo": ["scholarship"],
        "publico": ["citizens", "academia"],
        "aplicar": ["yes"],
        "pais": ["DE"],
        "nivel": ["7"],
        "financiacion": ["full"],
        "ods": ["13", "4"],
        "plan": ["PCA-2025-2029:1", "PCA-2025-2029:2"],
        "idioma": ["en"],
    }


def test_later_cut_offs_are_kept_and_those_that_passed_are_not(site: Path):
    row = next(row for row in opened(site)["rows"] if row[0] == FUND.code)
    assert row[10] == [(day - date(1970, 1, 1)).days for day in (date(2026, 12, 10), date(2027, 3, 4))]


def test_the_index_holds_nothing_that_was_withdrawn_corrected_or_never_approved(site: Path, tmp_path: Path):
    everything = "".join(path.read_text() for path in (site / "assets").glob("*.js") if "minisearch" not in path.name)
    assert "SECRETO-RETIRADO" not in everything
    assert COURSE.title_es in everything
    assert COURSE_BEFORE.title_es not in everything
    records = sample_records()
    edited = SCHOLARSHIP.model_copy(update={"summary_es": "SIN-APROBAR pague ya"})
    records.publish(date(2026, 11, 25), records.editions[-1].closed_at, 1, edited)
    records.publications.pop()
    search_page(Writer(records.bulletin(), Disk(tmp_path)))
    assert {path.name for path in (tmp_path / "assets").iterdir()} == {
        path.name for path in (site / "assets").iterdir()
    }


@settings(max_examples=25, deadline=None)
@given(VISIBLE)
def test_any_text_is_data_in_the_index(text: str):
    records = Records([(DAY, [filled(text[:300])])])
    with tempfile.TemporaryDirectory() as name:
        writer = Writer(records.bulletin(), Disk(Path(name)))
        search_page(writer)
        index = opened(Path(name))
        assert len(index["rows"]) + sum(map(len, closed(Path(name)).values())) == 1
        offered = {option.value for facet in facets(writer) for option in facet.options}
    assert not offered & ({text, text[:300]} - {""}), "a text of a source became something to narrow down by"


def test_every_option_is_one_that_notes_can_have(site: Path):
    """What the form offers is named as in the index, or nothing would ever be counted."""
    offered = {
        (box.get("name"), box.get("value"))
        for box in parsed(site / "buscar/index.html").xpath("//input[@type='checkbox']")
    }
    had = {
        (name, value)
        for edition in sample_bulletin().current.values()
        for name, values in zip(opened(site)["facets"], _values(edition[1].opportunity), strict=True)
        for value in values
    }
    texts = {(name, value) for name, value in had if len(value) > 60}
    assert texts == set()
    assert had - offered == set()


def _values(facts: PublicOpportunity) -> list[list[str]]:
    records = Records([(DAY, [facts])])
    with tempfile.TemporaryDirectory() as name:
        (note,) = Writer(records.bulletin(), Disk(Path(name))).notes.values()
    return list(values_of(note).values())


def test_the_library_is_the_published_one():
    told = re.search(r"`([0-9a-f]{64})`", (STATIC / "README.md").read_text())
    assert told is not None
    assert hashlib.sha256((STATIC / "minisearch.js").read_bytes()).hexdigest() == told[1]
    assert "Luca Ongaro" in (STATIC / "minisearch.LICENSE.txt").read_text()


def test_our_script_writes_text_and_never_markup():
    source = (STATIC / "search.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|https?://", source)


# ---------------------------------------------------------------- lists without scripts


def test_lists_count_what_is_open_and_lead_to_it(site: Path):
    page = parsed(site / "explorar/index.html")
    counted = {
        item.findtext("a"): item.findtext("span") for item in page.xpath("//section[@aria-labelledby='lista-tipo']//li")
    }
    assert counted == {"Becas": "1", "Fondos": "1", "Premios": "1", "Eventos": "1", "Cursos": "1", "Residencias": "1"}
    fund = parsed(site / "explorar/tipo/fund/index.html")
    assert [link.text_content() for link in fund.xpath("//h2[@class='date-title']/a")] == [FUND.title_es]
    assert fund.xpath("//h2/a/@href") == ["../../../oportunidades/pal-2026-00002/index.html"]


def test_a_note_leads_to_the_lists_it_is_on(site: Path):
    links = parsed(note_page(site, 1)).xpath("//nav[@class='more-lists']//a")
    assert [link.text for link in links] == ["Becas", "Ciudadanía", "Academia", "Maestría", *_goals(4, 13)]
    for link in links:
        page = parsed((note_page(site, 1).parent / link.get("href")).resolve())
        assert "../../../oportunidades/pal-2026-00001/index.html" in page.xpath("//h2/a/@href")


def _goals(*numbers: int) -> list[str]:
    terms = sample_bulletin().vocabularies["sdg_goals"].terms
    return [f"ODS {number}. {terms[str(number)].label}" for number in numbers]


def test_a_list_on_which_nothing_is_open_says_so(site: Path):
    assert "Hoy no hay convocatorias abiertas en esta lista." in words(site / "explorar/tipo/network/index.html")


def test_months_of_closing_are_listed_in_their_order(site: Path):
    links = parsed(site / "explorar/index.html").xpath("//section[@aria-labelledby='lista-cierre']//a")
    assert [link.text_content() for link in links] == [
        "Cierran en noviembre de 2026",
        "Cierran en diciembre de 2026",
        "Cierran en enero de 2027",
        "Cierran en febrero de 2027",
        "Sin fecha de cierre",
    ]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ninety-five open funds with titles as long and as dear to escape as can be."""
    closes = [
        PublicDeadline(seq=1, stage="application", close_date=date(2027, 1, 1 + n % 28), basis="assumed")
        for n in range(95)
    ]
    made = [
        opportunity(
            n + 1,
            title_es=f"{n:02d} " + "🎓'\"&<" * 200,
            opportunity_type="fund",
            host_countries=["EC", "PE", "CL", "MX", "BR", "PT", "ES"],
            deadlines=[close],
        )
        for n, close in enumerate(closes)
    ]
    folder = tmp_path_factory.mktemp("crowded")
    render_site(Records([(DAY, made)]).bulletin(), Disk(folder))
    return folder


def test_long_lists_are_parted_and_every_call_is_on_one_part(crowded: Path):
    parts = ["", "2/", "3/"]
    found = []
    for part in parts:
        page = parsed(crowded / f"explorar/tipo/fund/{part}index.html")
        rows = page.xpath("//h2[@class='date-title']/a/@href")
        assert len(rows) <= A_PAGE
        found += [re.sub(r"^(\.\./)+", "", href) for href in rows]
    assert len(set(found)) == 95
    assert len(found) == 95
    assert not (crowded / "explorar/tipo/fund/4").exists()
    turn = parsed(crowded / "explorar/tipo/fund/2/index.html").xpath("//nav[@class='turn']/a/@href")
    assert turn == ["../../../../explorar/tipo/fund/index.html", "../../../../explorar/tipo/fund/3/index.html"]


def test_lists_and_search_stay_light_whatever_titles_are(crowded: Path):
    pages = [*crowded.glob("explorar/**/*.html"), crowded / "buscar/index.html"]
    assert max(path.stat().st_size for path in pages) < 100_000


def test_the_counts_of_all_lists_are_those_of_the_notes(tmp_path: Path):
    bulletin = sample_bulletin()
    writer = Writer(bulletin, Disk(tmp_path))
    open_notes = [note for note in writer.notes.values() if note.closing.is_open]
    counts = {section.slug: {term.path: term.count for term in section.terms} for section in sections(writer)}
    assert sum(counts["tipo"].values()) == sum(counts["cierre"].values()) == len(open_notes)
    assert sum(counts["ods"].values()) == sum(len(set(note.item.opportunity.sdg_goals)) for note in open_notes)
