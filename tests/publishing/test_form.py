"""Citizens are asked what became of a call: two questions, no name, sent to one place."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Request, Route

from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.site import render_site
from tests.browser import needs_browser
from tests.publishing.pages import note_page, parsed, words
from tests.publishing.sample_bulletin import sample_bulletin

ASKED = {"codigo", "se_postulo", "la_obtuvo"}
FORM = sample_bulletin().entity.outcome_form


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    render_site(sample_bulletin(), Disk(folder))
    return folder


def test_a_note_asks_of_its_own_code_and_nothing_of_the_person(site: Path):
    (form,) = parsed(note_page(site, 1)).find_class("ask")
    assert FORM is not None
    assert (form.get("action"), form.get("method")) == (FORM.url, "post")
    fields = form.xpath(".//input | .//textarea | .//select")
    assert {field.get("name") for field in fields} == ASKED
    assert {field.get("type") for field in fields} == {"hidden", "radio"}
    assert form.xpath(".//input[@type='hidden']/@value") == ["PAL-2026-00001"]


def test_the_page_for_any_code_says_what_an_answer_is_for(site: Path):
    page = site / "conte-su-resultado" / "index.html"
    (form,) = parsed(page).find_class("ask")
    assert {field.get("name") for field in form.iter("input")} == ASKED
    told = words(page)
    assert "No escriba su nombre, su correo ni su documento." in told
    assert "Nunca mostramos grupos de menos de cinco personas." in told
    assert "formularios.puertoalba.example" in told


def test_a_page_with_the_form_may_send_to_its_service_alone(site: Path):
    for page in (note_page(site, 1), site / "conte-su-resultado" / "index.html"):
        policy = parsed(page).find(".//meta[@http-equiv='Content-Security-Policy']")
        assert policy is not None
        assert "form-action https://formularios.puertoalba.example" in (policy.get("content") or "").split("; ")


def test_an_entity_without_a_form_asks_nobody(tmp_path: Path):
    bulletin = sample_bulletin()
    render_site(replace(bulletin, entity=bulletin.entity.model_copy(update={"outcome_form": None})), Disk(tmp_path))
    assert not (tmp_path / "conte-su-resultado").exists()
    for page in tmp_path.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert "conte-su-resultado" not in html
        assert 'class="ask"' not in html


@needs_browser
@pytest.mark.parametrize(
    ("name", "typed"), [("oportunidades/pal-2026-00001", None), ("conte-su-resultado", "PAL-2026-00042")]
)
def test_an_answer_reaches_the_service_without_scripts(browser: Browser, site: Path, name: str, typed: str | None):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sent: list[str] = []

    def receive(route: Route, request: Request) -> None:
        sent.append(request.post_data or "")
        route.fulfill(body="<!doctype html><title>Gracias</title>", content_type="text/html")

    assert FORM is not None
    page.route(FORM.url, receive)
    page.goto((site / name / "index.html").as_uri())
    if typed:
        page.get_by_label("Código de la convocatoria").fill(typed)
    page.get_by_role("group", name="¿Se postuló?").get_by_label("Sí").check()
    page.get_by_role("group", name="¿La obtuvo?").get_by_label("Todavía no se sabe").check()
    page.get_by_role("button", name="Enviar respuesta").click()
    page.wait_for_url(FORM.url)
    assert [parse_qs(body) for body in sent] == [
        {"codigo": [typed or "PAL-2026-00001"], "se_postulo": ["Sí"], "la_obtuvo": ["Todavía no se sabe"]}
    ]
    context.close()
