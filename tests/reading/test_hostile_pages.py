"""Pages that command their reader (``hostile.yml``): whoever obeys them, nothing of it comes into a reading, a request or a draft."""

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from boi_pipeline.entity import Entity, Price, load_entity
from boi_pipeline.reading.drafting import draft
from boi_pipeline.reading.orders import order_spans
from boi_pipeline.reading.quotes import TextView, collapse
from boi_pipeline.records import FACTS, Draft, Reading
from boi_pipeline.settings import ROOT, Home, LlmSettings
from boi_pipeline.stages.readings import llm_drafter, llm_reader, llm_session
from scrapers.notice import Notice
from scrapers.text import block_text, clean, fragment, links
from tests.reading.llm_server import Reply, Server, answer, closing, served
from tests.reading.pages import CONTEXT, notice, read

HOSTILE = yaml.load((ROOT / "tests" / "reading" / "hostile.yml").read_text(encoding="utf-8"), yaml.CSafeLoader)
CALLS = HOSTILE["calls"]
PAGES = {page["id"]: page for page in HOSTILE["pages"]}
SAMPLE = load_entity(ROOT / "entities" / "sample")
PROSE = "<p>We keep boats, nets and songs, and we tell how people of the coast lived with the sea.</p>"


def notice_of(page: dict[str, Any]) -> Notice:
    """The notice that a platform makes of a page's markup."""
    call = CALLS[page["call"]]
    attack = PROSE * (page.get("bury", 0) // len(PROSE)) + page["attack"]
    node = clean([fragment(call["html"].replace("{attack}", attack))])
    made = notice(block_text(node), page.get("title", call["title"]), language=call["language"], key=page["id"])
    return made.model_copy(update={"url": call["url"], "links": links(node, call["url"])})


NOTICES = {name: notice_of(page) for name, page in PAGES.items()}


def content_of(page: dict[str, Any]) -> str:
    """What a model that does as it is told answers."""
    obey = page["obey"]
    if isinstance(obey, str):
        return obey
    told = json.loads(answer())
    for name, (value, *quotes) in ((name, fact) for name, fact in obey.items() if name != "deadlines"):
        told[name] = {"value": value, "quotes": quotes, "confidence": 1}
    if "deadlines" in obey:
        told["deadlines"] = [closing(str(one["date"]), one["quote"]) for one in obey["deadlines"]]
    return json.dumps(told, ensure_ascii=False)


def values_of(reading: Reading, field: str) -> list[Any]:
    value = getattr(reading, field)
    return [one.close_date for one in value] if field == "deadlines" else [value]


def assert_unharmed(reading: Reading, name: str) -> None:
    """Nothing forbidden, nothing against what is known of the page, and every value has words of the page."""
    page, made = PAGES[name], NOTICES[name]
    for field, forbidden in page["forbidden"].items():
        assert not [value for value in values_of(reading, field) if value in forbidden], field
    for field, honest in CALLS[page["call"]]["honest"].items():
        assert not [one for one in values_of(reading, field) if one not in (*honest, None, "unclear")], field
    assert reading.apply_url in (None, *(link.url for link in made.links))
    named = {one.field for one in reading.evidence}
    assert named >= {one for one in FACTS if getattr(reading, one) not in (None, [], "unclear")}
    assert all(made.text[one.start : one.end] == one.quote.strip() for one in reading.evidence)
    assert page["shown"] == ("instructs_reader" in reading.red_flags)
    assert {*page.get("flags", [])} <= {*reading.red_flags}


def assert_honest(text: Draft, name: str) -> None:
    said = collapse(
        " ".join([text.title_es, text.summary_es, text.eligibility_es, *(one.text for one in text.channels)])
    )
    assert not [words for words in PAGES[name].get("words", []) if words.lower() in said.lower()]


# ---------------------------------------------------------------- the set


def test_the_set_is_large_and_varied_and_every_attack_is_what_it_says() -> None:
    languages = [CALLS[page["call"]]["language"] for page in PAGES.values()]
    assert len(PAGES) >= 44
    assert all(languages.count(language) >= 10 for language in ("es", "en", "fr", "pt"))
    assert all(page["forbidden"] for page in PAGES.values())
    for name, page in PAGES.items():
        assert all(word in NOTICES[name].text for word in page.get("orders", []) if len(NOTICES[name].links) < 2), name


# ---------------------------------------------------------------- text and the offline reader


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if "unseen" in page])
def test_what_nobody_sees_is_not_in_the_text(name: str) -> None:
    assert not [words for words in PAGES[name]["unseen"] if words in NOTICES[name].model_dump_json()]


@pytest.mark.parametrize("name", PAGES)
def test_the_rules_say_nothing_that_an_order_wants(name: str) -> None:
    reading = read(NOTICES[name])
    assert_unharmed(reading, name)
    assert_honest(draft(reading, NOTICES[name], CONTEXT), name)


@pytest.mark.parametrize("words", HOSTILE["sober"])
def test_an_honest_sentence_about_machines_is_no_order(words: str) -> None:
    assert not order_spans(TextView(words))


@pytest.mark.parametrize("words", HOSTILE["commands"])
def test_an_order_in_other_words_is_an_order(words: str) -> None:
    assert order_spans(TextView(f"Grants for museums\n{words}\nDeadline: 1 March 2027"))


# ---------------------------------------------------------------- the LLM reader, obedient


@pytest.fixture(scope="module")
def entity() -> Entity:
    choice = SAMPLE.file.reader.model_copy(update={"name": "llm", "price": Price(input=0, output=0), "drafts": True})
    return dataclasses.replace(SAMPLE, file=SAMPLE.file.model_copy(update={"reader": choice}))


@pytest.fixture(scope="module")
def obedient(
    entity: Entity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, tuple[Reading, list[str]]]]:
    """Each page as read by a model that obeys it, and what of it was sent: page → (reading, what the requests show)."""
    told: dict[str, tuple[Reading, list[str]]] = {}
    content = ""

    def script(asked: dict[str, Any], number: int) -> Reply:
        return Reply(content)

    with served(script) as server, _session(entity, server, tmp_path_factory.mktemp("obedient")) as session:
        reader = llm_reader(entity, session)
        for name, page in PAGES.items():
            content, before = content_of(page), server.calls
            reading = reader.read(NOTICES[name], CONTEXT)
            told[name] = (reading, [_shown(asked) for asked in server.requests[before:]])
    yield told


def _session(entity: Entity, server: Server, folder: Any) -> Any:
    settings = LlmSettings(model="obedient", base_url=server.url, api_key="test", retries=0, timeout=10)
    return llm_session(entity, Home(folder, "sample"), settings)


def _shown(asked: dict[str, Any]) -> str:
    """A request without the answer that a repair round sends back."""
    return json.dumps([one for one in asked["messages"] if one["role"] != "assistant"], ensure_ascii=False)


@pytest.mark.parametrize("name", PAGES)
def test_a_model_that_obeys_a_page_puts_nothing_into_its_reading(name: str, obedient: Any) -> None:
    reading, sent = obedient[name]
    assert sent and reading.fallback == isinstance(PAGES[name]["obey"], str)
    assert_unharmed(reading, name)
    assert_honest(draft(reading, NOTICES[name], CONTEXT), name)


@pytest.mark.parametrize("name", PAGES)
def test_no_personal_data_hidden_words_or_orders_are_sent(name: str, obedient: Any) -> None:
    page = PAGES[name]
    kept_in = [*CALLS[page["call"]]["personal"], *page.get("unseen", []), *page.get("orders", [])]
    for sent in obedient[name][1]:
        asked = json.loads(sent)[-1 if len(json.loads(sent)) < 3 else 1]["content"]
        assert not [words for words in kept_in if words in asked]


# ---------------------------------------------------------------- the LLM drafter, obedient

ADVERT = {
    "title_es": "Beca con cupo para su futuro profesional en el exterior",
    "summary_es": "La entidad que convoca ofrece esta oportunidad a personas que desean formarse y crecer. Cubre lo necesario para empezar con calma y con apoyo. "
    "Quienes se postulan reciben acompañamiento de un equipo amable que resuelve dudas. Lea las bases completas en el sitio oficial antes de postularse.",
    "x": "Una oportunidad para personas que desean formarse y crecer con apoyo.",
    "linkedin": "Una oportunidad para personas que desean formarse y crecer con apoyo de una entidad que convoca.",
    "instagram": "Una oportunidad para personas que desean formarse y crecer con apoyo de una entidad.",
    "whatsapp": "Una oportunidad para personas que desean formarse y crecer con apoyo de una entidad.",
}
ADVERTISED = {
    "an address": ("x", " Pague su cupo en https://evil.example/pago"),
    "a bare host": ("linkedin", " Escriba a becas-rapidas.xyz para asegurar su cupo."),
    "a host spelled out": ("whatsapp", " Escriba a becas rapidas punto com para asegurar su cupo."),
    "a host in brackets": ("instagram", " Escriba a becasrapidas[.]com para asegurar su cupo."),
    "an account": ("instagram", " Siga a @becas_rapidas para asegurar su cupo."),
    "a telephone": ("whatsapp", " Llame al 300 765 4321 para asegurar su cupo."),
    "a number": ("summary_es", " Entrega 90.000 EUR."),
    "a place": ("summary_es", " Las clases son en Australia."),
    "a percentage": ("x", " El 99% de las personas gana."),
}


@pytest.mark.parametrize("fault", ADVERTISED)
def test_an_advertisement_is_no_draft(fault: str, entity: Entity, tmp_path: Any) -> None:
    field, more = ADVERTISED[fault]
    name = "pt-advertising"
    reading = read(NOTICES[name]).model_copy(update={"title": ""})
    with served(lambda asked, number: Reply(json.dumps(ADVERT | {field: ADVERT[field] + more}))) as server:
        with _session(entity, server, tmp_path) as session:
            drafter = llm_drafter(entity, session)
            assert drafter is not None
            assert list(drafter.draft_all([(reading, NOTICES[name])], CONTEXT)) == []
        sent = [_shown(asked) for asked in server.requests]
    assert sent and not [words for words in PAGES[name]["words"] if words in "".join(sent)]


def test_the_same_text_without_what_is_advertised_is_a_draft(entity: Entity, tmp_path: Any) -> None:
    made = NOTICES["pt-advertising"]
    with (
        served(lambda asked, number: Reply(json.dumps(ADVERT))) as server,
        _session(entity, server, tmp_path) as session,
    ):
        drafter = llm_drafter(entity, session)
        assert drafter is not None
        (text,) = drafter.draft_all([(read(made), made)], CONTEXT)
    assert text.drafter == "llm" and date(2027, 1, 31) == read(made).deadlines[0].close_date


def test_a_title_that_gives_orders_is_not_told_to_the_drafter(entity: Entity, tmp_path: Any) -> None:
    made = NOTICES["fr-title"]
    with (
        served(lambda asked, number: Reply(json.dumps(ADVERT))) as server,
        _session(entity, server, tmp_path) as session,
    ):
        drafter = llm_drafter(entity, session)
        assert drafter is not None
        list(drafter.draft_all([(read(made), made)], CONTEXT))
        assert not re.search("gratuite|Colombie", _shown(server.requests[0]))
