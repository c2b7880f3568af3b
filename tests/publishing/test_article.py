"""The weekly article: what a person picked, why, and nothing else; of a readable length; inert wherever it is put."""

import contextlib
import json
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import ApprovedCall, close_edition
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import ReviewError
from boi_pipeline.editorial.week_edition import close_week
from boi_pipeline.editorial.weekly import pick
from boi_pipeline.entity import EditionRules
from boi_pipeline.publishing.article import Article, article_of, length_warning
from boi_pipeline.publishing.bulletin import Bulletin, bulletin_of
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.markdown import Markdown, escaped
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.text import one_line
from boi_pipeline.records import Decision, Edition, Identity, Publication, Snapshot
from tests.editorial.conftest import AT, public, register
from tests.publishing.pages import parsed, words
from tests.publishing.sample_bulletin import (
    AS_OF,
    COURSE,
    EVENT,
    FUND,
    HOSTILE,
    PICKED,
    RESIDENCY,
    SCHOLARSHIP,
    SECOND_DAY,
    WEEK,
    Records,
    sample_bulletin,
    sample_entity,
    sample_records,
)
from tests.publishing.test_hostile import TEXT, filled
from tests.publishing.test_pdf import MARKUP

DAY = date(2026, 11, 24)
WHY = "Porque sirve a mucha gente de aquí."


def page_of(site: Path) -> Path:
    return site / "articulos" / WEEK / "index.html"


def written(records: Records, folder: Path) -> Path:
    render_site(records.bulletin(), Disk(folder))
    return folder


def article(bulletin: Bulletin) -> Article:
    (week,) = bulletin.weeks
    return article_of(bulletin, week)


def test_each_call_has_its_reason_its_facts_and_a_link_that_tells_where_it_was_read(site: Path):
    page = parsed(page_of(site))
    assert [one.text_content() for one in page.xpath("//section//h2/a")] == [
        one_line(facts.title_es) for facts, _ in PICKED
    ]
    reasons = [" ".join(one.text_content().split()) for one in page.xpath("//*[@class='article-why']/p")]
    assert reasons == [one_line(why) for _, why in PICKED]
    first = " ".join(page.xpath("//section")[0].text_content().split())
    for told in (
        SCHOLARSHIP.summary_es,
        "¿Puedo aplicar desde Ecuador? Sí.",
        "Cierra el 15 ene 2027, 23:59 hora de Berlín (17:59 en Puerto Alba).",
        "12.000 EUR",
    ):
        assert told in first.replace("\u00a0", " ")
    (link,) = {one.get("href") for one in page.xpath("//section[1]//a") if "oportunidades" in one.get("href")}
    assert link.endswith("?utm_source=boletin&utm_medium=article&utm_campaign=pal-2026-48&utm_content=PAL-2026-00001")


def test_the_introduction_counts_and_the_foot_says_how_it_was_made(site: Path):
    shown = words(page_of(site)).replace("\u00a0", " ")
    assert "Esta semana publicamos 10 oportunidades" in shown
    assert "eligió 5 convocatorias" in shown and "3 de 5 admiten postulaciones desde Ecuador" in shown
    assert "Los motivos los escribió una persona del equipo de Puerto Alba." in shown
    label = "Texto elaborado con apoyo de IA generativa (Modelo Gaviota 2)"
    assert label in shown and f"{label}" in (site / "articulos" / f"{WEEK}.md").read_text()
    page = parsed(page_of(site))
    made = page.xpath("//section/@data-digital-source-type")
    assert made[1].endswith("/trainedAlgorithmicMedia") and made[0].endswith("/algorithmicMedia")
    assert page.xpath("//a[@type='application/pdf']/@href") == [f"../../boletin/{WEEK}.pdf"]


def test_machines_are_told_it_is_an_article(site: Path):
    data = json.loads(parsed(page_of(site)).findtext(".//script") or "")
    told = data["mainEntity"]
    assert (told["@type"], told["datePublished"]) == ("NewsArticle", "2026-11-24")
    assert told["wordCount"] == article(sample_bulletin()).word_count
    assert told["digitalSourceType"].endswith("CompositeWithTrainedAlgorithmicMediaDigitalSource")
    assert [one["@id"].rsplit("/", 2)[1] for one in told["mentions"]] == [facts.code.lower() for facts, _ in PICKED]


def test_the_list_leads_to_each_article_the_newest_first(tmp_path: Path):
    records = sample_records()
    records.close(date(2026, 12, 1), [RESIDENCY])
    records.close_week("2026-W49", datetime(2026, 12, 4, 21, tzinfo=UTC), [(RESIDENCY, WHY)])
    render_site(records.bulletin(datetime(2026, 12, 4, 21, tzinfo=UTC)), Disk(tmp_path))
    links = parsed(tmp_path / "articulos" / "index.html").xpath("//main//ol//a/@href")
    assert links == ["../articulos/2026-W49/index.html", "../articulos/2026-W48/index.html"]


def test_without_articles_the_list_says_so(tmp_path: Path):
    written(Records([(DAY, [FUND])]), tmp_path)
    assert "Todavía no hay artículos" in words(tmp_path / "articulos" / "index.html")


def test_a_withdrawn_call_leaves_its_code_alone_everywhere(tmp_path: Path):
    records = sample_records()
    records.decide("withdraw", FUND, AS_OF)
    written(records, tmp_path)
    for text in (words(page_of(tmp_path)), (tmp_path / "articulos" / f"{WEEK}.md").read_text()):
        assert FUND.code in text and "retiró esta nota" in text
        assert "costeras" not in text and {facts.code: why for facts, why in PICKED}[FUND.code] not in text


def test_a_corrected_call_says_so_and_keeps_the_text_that_was_published(tmp_path: Path):
    records = sample_records()
    records.close(date(2026, 11, 25), [COURSE.model_copy(update={"title_es": "Curso corregido"})])
    written(records, tmp_path)
    shown = words(page_of(tmp_path))
    assert "Esta nota se corrigió el 25 de noviembre de 2026" in shown
    assert COURSE.title_es in shown and "Curso corregido" not in shown


def test_what_the_source_says_since_shows_at_once(tmp_path: Path):
    records = sample_records()
    records.say(FUND, "closed")
    written(records, tmp_path)
    for text in (words(page_of(tmp_path)), (tmp_path / "articulos" / f"{WEEK}.md").read_text()):
        assert "La fuente indica ahora" in text and "que la convocatoria está cerrada." in text


def test_the_words_of_an_article_do_not_change_with_the_day():
    records = sample_records()
    later = article(records.bulletin(datetime(2027, 6, 1, tzinfo=UTC)))
    assert later.word_count == article(records.bulletin()).word_count


# ---------------------------------------------------------------- length


@pytest.mark.parametrize(
    ("why_words", "summary_words", "parts", "warned"),
    [(20, 40, "all", None), (52, 54, "some", None), (90, 60, "none", "Acorte"), (6, 5, "all", "Amplíe")],
)
def test_an_article_is_kept_to_its_length(why_words: int, summary_words: int, parts: str, warned: str | None):
    shown = [
        facts.model_copy(update={"summary_es": "palabra " * summary_words}) for facts in SECOND_DAY if facts != EVENT
    ]
    records = Records([(DAY, shown)])
    records.close_week(WEEK, AS_OF, [(facts, "motivo " * why_words) for facts in shown])
    made = article(records.bulletin())
    names = [name for name, _ in made.calls[0].facts]
    assert names[0] == "Cierre"
    assert {"all": len(names) == 4, "some": 1 < len(names) < 4, "none": len(names) == 1}[parts], names
    warning = length_warning(made)
    assert (warning is None) == (warned is None) == (600 <= made.word_count <= 900)
    assert warned is None or warned in (warning or "")


# ---------------------------------------------------------------- hostile text


def hostile(text: str) -> Records:
    records = Records([(DAY, [filled(text)])])
    records.close_week(WEEK, AS_OF, [(filled(text), f"véase {text}")])
    records.say(filled(text), "extended", old_value=text, new_value=text, quote=text)
    return records


def html_of(markdown: str) -> lxml.html.HtmlElement:
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown)
    return lxml.html.document_fromstring(made)


def shape(page: lxml.html.HtmlElement) -> list[tuple[str, tuple[str, ...]]]:
    return [(str(one.tag), tuple(sorted(one.attrib))) for one in page.iter()]


@pytest.fixture(scope="module")
def benign(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    folder = written(hostile("véase esto"), tmp_path_factory.mktemp("benign"))
    markdown = (folder / "articulos" / f"{WEEK}.md").read_text()
    return {"html": shape(parsed(page_of(folder))), "markdown": shape(html_of(markdown))}


@settings(max_examples=15, deadline=None)
@given(TEXT | st.sampled_from(MARKUP))
@example(HOSTILE)
@example("<b>" * 60)
@example("[x](javascript:alert(1)) ![y](http://malo.example/z.png) <https://malo.example> https://malo.example")
@example("1. a | b | c\n---|---\n# t\n- [ ] x ~~y~~ ^z^ $w$ {% raw %} {{ 7*7 }} {: .x}")
def test_any_text_is_shown_as_text_on_the_page_and_in_markdown(
    benign: dict[str, list[tuple[str, tuple[str, ...]]]], text: str
):
    text = f"véase {text}"[:300]
    with tempfile.TemporaryDirectory() as name:
        folder = written(hostile(text), Path(name))
        assert shape(parsed(page_of(folder))) == benign["html"]
        markdown = (folder / "articulos" / f"{WEEK}.md").read_text()
        page = html_of(markdown)
        assert shape(page) == benign["markdown"]
        assert one_line(text)[:190] in " ".join((page.findtext(".//h2") or "").split())
        assert {href.split("/")[2] for href in page.xpath("//@href")} == {"bien.example", "boletin.puertoalba.example"}


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=60) | st.lists(st.sampled_from(list("\\`*_{}[]()<>#+-.!|~^$@:&= 1a\n")), max_size=12).map("".join)
)
@example("1) uno")
@example("12. doce")
@example("- x")
@example("=")
@example("www.malo.example y https://malo.example y javascript:alert(1)")
@example("&amp; &#60;b&#62;")
def test_markdown_shows_exactly_the_words(text: str):
    out = Markdown()
    out.paragraph(out.text(text))
    out.items([out.text(text), "fin"])
    page = html_of(f"{out}")
    assert {one.tag for one in page.iter()} <= {"html", "body", "p", "ul", "li"}
    shown = [" ".join(one.text_content().split()) for one in page.xpath("//p | //li")]
    expected = " ".join(one_line(text).split())
    assert shown == ([expected] if expected else []) + [expected, "fin"]


@pytest.mark.parametrize("address", ["https://malo.example", "www.malo.example", "mailto:x@malo.example"])
def test_no_reader_of_markdown_finds_an_address_to_link(address: str):
    assert address not in escaped(f"vea {address} hoy")


def test_a_link_cannot_be_closed_from_within():
    out = Markdown()
    out.paragraph(out.link("un ] título [", "https://a.example/x_(y)"))
    (link,) = html_of(str(out)).xpath("//a")
    assert (link.text_content(), link.get("href")) == ("un ] título [", "https://a.example/x_%28y%29")


def test_our_own_sentences_are_short(site: Path):
    own = article(sample_bulletin())
    for text in [*own.intro, *own.advice]:
        for sentence in text.replace("\u00a0", " ").split(". "):
            assert len(sentence.split()) <= 20, sentence


# ---------------------------------------------------------------- from the ledger to the page

STEPS = st.lists(
    st.tuples(st.sampled_from(["approve", "day", "pick", "withdraw", "reject", "week"]), st.integers(1, 4)), max_size=25
)


@settings(max_examples=25, deadline=None)
@given(STEPS)
@example([("approve", 1), ("day", 1), ("pick", 1), ("approve", 2), ("day", 2), ("week", 1), ("withdraw", 1)])
@example([("approve", 1), ("day", 1), ("pick", 1), ("week", 1), ("approve", 1), ("day", 1)])
@example([("approve", 1), ("day", 1), ("approve", 1), ("pick", 1), ("week", 1)])
def test_an_article_holds_nothing_that_nobody_approved_or_picked(steps: list[tuple[str, int]]):
    """Whatever people do in whatever order: a text is in the article only while its approval and its pick stand."""
    with tempfile.TemporaryDirectory() as name, Ledger.open(f"sqlite:///{name}/ledger.db") as ledger:
        approved: dict[int, set[str]] = {}  # call → its texts that were approved since it was last undone
        picked: set[int] = set()
        goes: set[str] | None = None  # what the week closed with
        register(ledger, 1, 2, 3, 4)
        for minute, (act, number) in enumerate(steps):
            at = AT + timedelta(minutes=minute)
            facts = public(number, title_es=f"TEXTO-{number}-{minute}")
            identifier = facts.opportunity_id
            if act == "approve":
                review.approve(ledger, facts, review.Said("editor", at))
                approved.setdefault(number, set()).add(facts.title_es)
            elif act in ("withdraw", "reject"):
                if act == "withdraw":
                    review.withdraw(ledger, identifier, review.Said("editor", at, "estafa"))
                    goes = goes - {text for text in goes if text.startswith(f"TEXTO-{number}-")} if goes else goes
                else:
                    review.reject(ledger, facts, review.Said("editor", at, "no procede"))
                approved.pop(number, None)
            elif act == "day":
                calls = [
                    ApprovedCall(identifier, row.snapshot_sha256, True, 9, "official")
                    for row in ledger.rows(Snapshot, opportunity_id=identifier)[-1:]
                ]
                day = AT.date() + timedelta(days=minute % 6)
                close_edition(ledger, day, at, calls, EditionRules(minimum=1), lambda _: True)
            elif act == "pick":
                with contextlib.suppress(ReviewError):
                    pick(ledger, WEEK, identifier, WHY, "editor", at)
                    picked.add(number)
            elif close_week(ledger, WEEK, at, ["article"], day=at.date()).edition and goes is None:
                goes = {text for one in picked for text in approved.get(one, ())}
        shown = bulletin_of(
            sample_entity(),
            AT + timedelta(days=30),
            editions=ledger.rows(Edition),
            publications=ledger.rows(Publication),
            snapshots=ledger.rows(Snapshot),
            decisions=ledger.rows(Decision),
            identities=ledger.rows(Identity),
        )
        told = {
            call.note.title for week in shown.weeks for call in article_of(shown, week).calls if call.note is not None
        }
        assert told <= (goes or set())
