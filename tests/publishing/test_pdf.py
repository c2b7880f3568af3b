"""The bulletin on paper: whole for who reads it with a screen reader, inert whatever was scraped, made once."""

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from boi_pipeline.printing import printer as printing
from boi_pipeline.printing.printer import Printer, printable
from boi_pipeline.publishing import pdf
from boi_pipeline.publishing.pdf import render_pdfs
from boi_pipeline.publishing.standing import Standing
from boi_pipeline.records import PublicOpportunity
from tests.publishing.sample_bulletin import (
    AS_OF,
    AWARD,
    COURSE,
    FUND,
    HOSTILE,
    PICKED,
    RESIDENCY,
    SCAM,
    SCHOLARSHIP,
    SECOND_DAY,
    WEEK,
    Records,
    opportunity,
    sample_bulletin,
    sample_records,
)
from tests.publishing.test_hostile import TEXT, filled

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("printed")
    render_pdfs(sample_bulletin(), folder)
    return folder / "boletin"


def text_of(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(path).pages).split())


def elements(document: pikepdf.Pdf) -> list[tuple[str, pikepdf.Dictionary]]:
    """The structure tree in reading order."""
    found: list[tuple[str, pikepdf.Dictionary]] = []

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append((str(node["/S"]), node))
            if "/K" in node:
                walk(node["/K"])

    walk(document.Root["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("name", ["2026-11-23", "2026-11-24", WEEK])
def test_a_pdf_tells_assistive_tools_what_it_is(printed: Path, name: str):
    with pikepdf.open(printed / f"{name}.pdf") as document:
        root = document.Root
        assert bool(root["/MarkInfo"]["/Marked"]) and str(root["/Lang"]) == "es"
        assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
        title = str(document.docinfo["/Title"])
        assert title.startswith("Boletín de Oportunidades Internacionales. ")
        metadata = document.open_metadata()
        assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"] == title
        kinds = [kind for kind, _ in elements(document)]
        assert kinds[0] == "/Document" and kinds.count("/H1") == 1
        assert next(kind for kind in kinds if kind.startswith("/H")) == "/H1", "no heading comes before the title"
        assert set(kinds) >= {"/H2", "/P", "/L", "/LI", "/LBody", "/Link"}


def test_every_link_is_tagged_says_where_it_goes_and_goes_nowhere_else(printed: Path):
    with pikepdf.open(printed / "2026-11-24.pdf") as document:
        annotations = [note for page in document.pages for note in page.get("/Annots", [])]
        assert all(str(one["/Subtype"]) == "/Link" and str(one["/Contents"]) for one in annotations)
        assert all("/StructParent" in one for one in annotations)
        assert all(str(page["/Tabs"]) == "/S" for page in document.pages if "/Annots" in page)
        away = [str(one["/A"]["/URI"]) for one in annotations if "/A" in one]
    official = [facts.apply_url for facts in SECOND_DAY if facts.apply_url and facts.apply_url.startswith("http")]
    assert [one for one in away if "boletin.puertoalba.example" not in one] == official
    own = next(one for one in away if "pal-2026-00001" in one)
    assert own.endswith("/?utm_source=boletin&utm_medium=pdf&utm_campaign=pal-2026-48&utm_content=PAL-2026-00001")


def test_a_reader_can_jump_to_each_note(printed: Path):
    outline = PdfReader(printed / "2026-11-24.pdf").outline
    names = [str(one["/Title"]) for one in outline[1]]  # type: ignore[index]
    assert names[0] == "En esta edición" and names[-1] == "Sobre este documento"
    assert names[1:-1] == [printable(facts.title_es) for facts in SECOND_DAY]


def test_a_note_is_read_in_the_order_of_an_excellent_note(printed: Path):
    text = text_of(printed / "2026-11-24.pdf").split("En esta edición", 1)[1]
    text = text[text.index(SCHOLARSHIP.summary_es[:40]) :]
    parts = [
        "¿Puedo aplicar desde Ecuador? Sí.",
        "«Open to citizens of Latin American countries, including Ecuador»",
        "Qué cubre",
        "12.000 EUR",
        "Requisitos",
        "Edad: hasta los 35 años",
        "15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba)",
        "Cómo aplicar",
        "Costo de postularse",
        "ODS 13",
        "Plan: Una ciudad que aprende",
        "Página oficial: nordhaven.example",
        "revisado y aprobado por el equipo de Puerto Alba el 24 de noviembre de 2026",
        FUND.summary_es[:40],
    ]
    places = [text.index(part.replace("\u00a0", " ")) for part in parts]
    assert places == sorted(places)


def test_a_quote_in_another_language_says_so(printed: Path):
    with pikepdf.open(printed / "2026-11-24.pdf") as document:
        languages = {str(node["/Lang"]) for _, node in elements(document) if "/Lang" in node}
    assert "en" in languages


def test_the_week_s_pdf_says_why_each_was_picked(printed: Path):
    text = text_of(printed / f"{WEEK}.pdf")
    assert "Las elegidas de la semana del 23 al 29 de noviembre de 2026" in text
    assert text.count("Por qué la elegimos.") == 5
    places = [text.index(why[:60]) for _, why in PICKED]
    assert places == sorted(places)


def test_what_was_withdrawn_leaves_the_paper_and_a_correction_is_told(printed: Path):
    text = text_of(printed / "2026-11-23.pdf")
    assert f"{SCAM.code}: esta nota se retiró" in text and "SECRETO-RETIRADO" not in text
    assert "Esta nota se corrigió el 24 de noviembre de 2026" in text
    assert "Corrección. Corrige la nota publicada el 23 de noviembre de 2026." in text_of(printed / "2026-11-24.pdf")
    records = sample_records()
    records.decide("withdraw", FUND, AS_OF)
    with tempfile.TemporaryDirectory() as name:
        render_pdfs(records.bulletin(), Path(name))
        for one in ("2026-11-24", WEEK):
            assert FUND.title_es not in text_of(Path(name) / "boletin" / f"{one}.pdf")


def test_text_made_with_generative_ai_is_labelled(printed: Path):
    assert "apoyo de IA generativa (Modelo Gaviota 2)" in text_of(printed / "2026-11-24.pdf")


def test_equal_bulletins_give_equal_bytes_without_a_clock(printed: Path, tmp_path: Path):
    render_pdfs(sample_bulletin(), tmp_path)
    for path in sorted(printed.iterdir()):
        raw = path.read_bytes()
        assert (tmp_path / "boletin" / path.name).read_bytes() == raw
        assert b"CreationDate" not in raw and b"ModDate" not in raw
        with pikepdf.open(path) as document:
            assert "/CreationDate" not in document.docinfo and "xmp:CreateDate" not in document.open_metadata()


def test_a_pdf_holds_no_script_no_file_and_all_its_fonts(printed: Path):
    for path in printed.iterdir():
        with pikepdf.open(path) as document:
            assert "/OpenAction" not in document.Root and "/AA" not in document.Root
            assert not set(document.Root.get("/Names", {}).keys()) - {"/Dests"}
            fonts = [one for one in document.objects if isinstance(one, pikepdf.Dictionary) and "/FontName" in one]
            assert fonts and all({"/FontFile2", "/FontFile3"} & set(one.keys()) for one in fonts)
            assert not any(
                str(one.get("/S")) in ("/JavaScript", "/Launch", "/SubmitForm")
                for one in document.objects
                if isinstance(one, pikepdf.Dictionary)
            )


def standing(folder: Path) -> Standing:
    return Standing(folder / "site", folder / "manifest.json")


def render(records: Records, folder: Path, site: str = "site") -> Standing:
    before = standing(folder)
    render_pdfs(records.bulletin(), folder / site, before)
    before.save()
    return before


def test_another_day_makes_only_its_own_pdf_and_those_that_say_something_else(tmp_path: Path):
    records = Records([(date(2026, 11, 23), [AWARD, FUND]), (DAY, [RESIDENCY])])
    assert render(records, tmp_path).taken_count == 0
    records.close(date(2026, 11, 25), [COURSE])
    records.say(RESIDENCY, "extended", new_value="2027-02-20")  # what a source says since is the site's to tell
    again = render(records, tmp_path, "next")
    assert again.taken_count == 2
    fresh = tmp_path / "fresh"
    render_pdfs(records.bulletin(), fresh)
    names = sorted(path.name for path in (fresh / "boletin").iterdir())
    assert len(names) == 3
    for name in names:
        assert (tmp_path / "next" / "boletin" / name).read_bytes() == (fresh / "boletin" / name).read_bytes()


@pytest.mark.parametrize("change", ["withdrawn", "corrected", "approved again"])
def test_a_pdf_is_made_again_when_it_would_say_something_else(tmp_path: Path, change: str):
    records = Records([(date(2026, 11, 23), [AWARD, FUND]), (DAY, [RESIDENCY])])
    render(records, tmp_path)
    if change == "corrected":
        records.close(date(2026, 11, 25), [AWARD.model_copy(update={"title_es": "Premio corregido"})])
    else:
        records.decide("withdraw", AWARD, AS_OF)
    if change == "approved again":
        records.close(date(2026, 11, 26), [AWARD])
    assert render(records, tmp_path, "next").taken_count == 1
    fresh = tmp_path / "fresh"
    render_pdfs(records.bulletin(), fresh)
    first = "boletin/2026-11-23.pdf"
    assert (tmp_path / "next" / first).read_bytes() == (fresh / first).read_bytes()
    assert (tmp_path / "next" / first).read_bytes() != (tmp_path / "site" / first).read_bytes()


def test_a_bulletin_without_editions_has_no_pdf(tmp_path: Path):
    assert render_pdfs(Records([]).bulletin(), tmp_path) == []


# ---------------------------------------------------------------- hostile text

MARKUP = [
    '#eval("panic()")',
    '#import "@preview/x:1.0.0"',
    "#{panic()}",
    "$x^2$",
    "@ref",
    "<label>",
    "= título",
    "*negrita* _cursiva_ `código`",
    "\\u{1F600} \\",
    "// comentario /* otro */",
    '#link("javascript:alert(1)")[x]',
    "[[[",
    "#set page(width: 1cm)",
    "«»",
    "مرحبا بالعالم",
    "שלום",
    "日本語の題名",
    "𐍈𐍈",
    "👩\u200d👩\u200d👧\u200d👦",
    "a" * 10_000,
    "q\u0303" * 400,
    "\ue000",
]


def one_note(facts: PublicOpportunity, why: str) -> dict[str, Any]:
    records = Records([(DAY, [facts])])
    records.close_week(WEEK, AS_OF, [(facts, why)])
    (week,) = records.bulletin().weeks
    return pdf.edition_document(records.bulletin(), week.edition, [one.item for one in week.items], [why])


def strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in strings(part)]


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    with Printer(pdf.TEMPLATE) as made:
        yield made


@settings(max_examples=25, deadline=None)
@given(TEXT | st.text(max_size=200))
@example(HOSTILE)
@example(" ".join(MARKUP))
@example("a" * 10_000)
@example("ñ " * 5_000)
@example("🎓")
def test_any_text_is_printed_as_text(printer: Printer, text: str):
    document = one_note(filled(text or "x"), f"véase {text}")
    raw = printer.print(document)  # a PDF/UA export fails where a sign has no font
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "one.pdf"
        path.write_bytes(raw)
        with pikepdf.open(path) as made:
            kinds = [kind for kind, _ in elements(made)]
            annotations = [note for page in made.pages for note in page.get("/Annots", [])]
        assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 2)
        # the official page, the note's page, the article's page, each perhaps on more than one line
        assert len({str(one["/A"]["/URI"]) for one in annotations}) == 3
        assert {str(one["/A"]["/URI"]).split("/")[2] for one in annotations} == {
            "bien.example",
            "boletin.puertoalba.example",
        }


@pytest.mark.parametrize("piece", MARKUP[:14])
def test_typst_markup_shows_as_it_is(printer: Printer, piece: str):
    document = one_note(opportunity(1, title_es=f"véase {piece} fin"), "Porque sirve a mucha gente de aquí.")
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "one.pdf"
        path.write_bytes(printer.print(document))
        assert f"véase {piece} fin" in text_of(path)


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("Beca 🎓 completa 👩\u200d👧", "Beca completa"),
        ("日本語の奨学金 2027", "[…] 2027"),
        ("Premio 日本 y 韓国", "Premio […] y […]"),
        ("e\u0301cole", "école"),
        ("cero\u0000 \u202eorden\u202c", "cero orden"),
        ("Москва, Αθήνα, ệ", "Москва, Αθήνα, ệ"),
        ("a" * 41, "a" * 40 + "\u200b" + "a"),
        ("🎓", ""),
    ],
)
def test_what_the_fonts_cannot_show_is_left_out_or_marked(given_text: str, shown: str):
    assert printable(given_text) == shown


def test_every_sign_that_is_let_through_has_a_font(printer: Printer):
    signs = [sign for number in range(0x20, 0x3000) if not printing._NOT_SHOWN.match(sign := chr(number))]
    document = one_note(opportunity(1), "Porque sirve a mucha gente de aquí.")
    document["lead"] = signs
    assert printer.print(document)


def test_no_address_of_this_machine_and_no_day_that_passes_is_in_it():
    said = strings(json.loads(json.dumps(one_note(SCHOLARSHIP, "Paga todo y acepta a quien empieza."))))
    assert not [text for text in said if "/work" in text or "Cierra pronto" in text]
    later = Records([(DAY, [SCHOLARSHIP])])
    week = later.bulletin(datetime(2027, 6, 1, tzinfo=UTC))
    now = later.bulletin()
    (edition,) = week.editions
    assert pdf.edition_document(week, edition.edition, edition.items) == pdf.edition_document(
        now, now.editions[0].edition, now.editions[0].items
    )


def test_a_further_edition_of_the_day_is_named_for_what_it_is():
    records = Records([(DAY, [AWARD])])
    (shown,) = records.bulletin().editions
    further = shown.edition.model_copy(update={"edition_id": "2026-11-24-2"})
    heading = pdf.edition_document(records.bulletin(), further, shown.items)["heading"]
    assert heading == "Edición del martes 24 de noviembre de 2026, correcciones"
