"""Bad rows planted among good ones, through build and gate: each is found by its own check, and what follows is what the
contract says. One build of announcements made by hand; every test looks at it or at a copy."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.records import Deadline, Decision, Snapshot, canonical_json, opportunity_id, sha256_hex
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.build import Build
from boi_pipeline.warehouse.checks import CheckResult
from boi_pipeline.warehouse.history import History
from boi_pipeline.warehouse.publication import Gate, GateResult, publish
from boi_pipeline.warehouse.raw import raw_table
from boi_pipeline.warehouse.texts import LANGUAGES
from tests.warehouse.announced import Announced
from tests.warehouse.conftest import AS_OF

SUMMARY = (
    "La Fundación Faro convoca una beca de maestría. Cubre matrícula, viaje y manutención. Se dirige a personas de "
    "América Latina. Según la fuente, se puede postular desde Ecuador. Antes de postularse, lea las bases completas. "
    "Confirme los requisitos en el sitio oficial. Guarde una copia de todo lo que envíe."
)
LOOKED_AT = {"marts.opportunities", "marts.approved_opportunities", "marts.approved_evidence", "marts.field_evidence"}
GOOD = 80  # so many good ones that the bad are a few


@dataclass(frozen=True)
class Checked:
    """A warehouse after the gate, and what it found."""

    path: Path
    anchors: dict[str, str]  # opportunity_id → the item it is named by
    gate: GateResult
    inner: list[CheckResult]

    def failing(self, check: str, table: str = "marts.opportunities") -> set[str]:
        """The items whose rows fail a check of a mart."""
        found = next(one for one in self.gate.results if (one.check.model, one.check.name) == (table, check))
        assert found.error is None
        return {self.anchors[row["opportunity_id"]] for row in found.failed_keys}

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.path)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(sql).fetchall()


def announce(entity: Entity) -> Announced:
    """Eighty good calls of an official source, and one bad one for each check."""
    said = Announced(entity)

    def say(item: str, draft: dict[str, str] | None = None, **facts: Any) -> None:
        given = {"title": f"Beca Faro {item}", "sdg_goals": [4], "home_eligible": "yes", **facts}
        said.say(item, **given)
        texts = {"title_es": f"Beca para maestría número {len(said.drafts)}", "summary_es": SUMMARY, "eligibility_es": "Se dirige a personas de América Latina."}  # fmt: skip
        said.drafts[-1] = said.drafts[-1].model_copy(update=texts | (draft or {}))

    for number in range(GOOD):
        say(
            f"oficial/buena-{number}", currency="EUR", max_award_amount=1000 + number, deadlines=[_closing(30 + number)]
        )
    say("oficial/sin-letras", title="\u200b\u2060 \u3164")
    say("oficial/siglos", deadlines=[Deadline(seq=1, close_date=AS_OF.date().replace(year=2040))])
    say(
        "oficial/ingles",
        draft={"summary_es": "The award is open to all the people of the region and pays for the travel. " * 3},
    )
    say("oficial/titulo-en-ingles", draft={"title_es": "Scholarship for the study of the sea"})
    say("oficial/corto", draft={"summary_es": "Una beca."})
    say("oficial/larga", draft={"eligibility_es": "Se dirige a personas " + "y personas " * 12 + "de América Latina."})
    say("oficial/correo", title="Beca Faro: escriba a ana.gil@correo.example")
    say("oficial/sin-moneda", max_award_amount=500)
    say("oficial/negativo", currency="EUR", max_award_amount=-5)
    say("oficial/absurdo", currency="EUR", total_amount_available=300_000_000_000)
    say("oficial/repite-ods", sdg_goals=[4, 4])
    say("oficial/otros", accepted_applicant_types=["other"])
    say("oficial/cita-ajena", audiences=["citizens"])
    say("oficial/sin-prueba", coverage=["travel"])
    for item, url, more in (
        ("propio", "https://oficial.example/form", {}),
        ("convocante", "https://apply.fundacionfaro.org/x", {"funder_name": "Fundación Faro"}),
        ("sigla", "https://www.iilf.org/postular", {"funder_name": "Instituto Internacional de Letras de Frontera"}),
        ("plataforma", "https://faro.submittable.com/submit", {}),
        ("institucion", "https://becas.gob.ec/faro", {}),
        ("vigilada", "https://www.oficial.example/postular", {}),
        ("nombrada", "https://letras.example/x", {"funder_name": ("Casa", "Casa; sitio oficial: letras.example")}),
        ("desconocida", "https://becas-rapidas.example/x", {"funder_name": "Fundación Faro"}),
        ("formulario", "https://docs.google.com/forms/x", {"funder_name": "Fundación Faro"}),
        ("agregador", "https://agrega.example/apply", {"funder_name": "Fundación Faro"}),
        ("engano", "https://gob.ec@malo.example/x", {}),
        ("acortada", "https://bit.ly/3xYz", {}),
    ):
        source = "oficial" if item == "propio" else "agrega"
        say(f"{source}/{item}", apply_url=url, **more)
    _spoil(said, "oficial/cita-ajena", "audiences", "palabras que su aviso no dice")
    _spoil(said, "oficial/sin-prueba", "coverage", None)
    return said


def _closing(days: int) -> Deadline:
    return Deadline(seq=1, close_date=(AS_OF.date()).fromordinal(AS_OF.date().toordinal() + days))


def _spoil(said: Announced, item: str, field: str, quote: str | None) -> None:
    """Take the evidence of a field away, or give it other words."""
    place = next(n for n, reading in enumerate(said.readings) if reading.item_id == item)
    reading = said.readings[place]
    evidence = [one for one in reading.evidence if one.field != field]
    if quote is not None:
        (old,) = [one for one in reading.evidence if one.field == field]
        evidence.append(old.model_copy(update={"quote": quote, "end": old.start + len(quote)}))
    said.readings[place] = reading.model_copy(update={"evidence": evidence})


@pytest.fixture(scope="module")
def sample_entity() -> Entity:
    from boi_pipeline.entity import load_entity
    from boi_pipeline.settings import ROOT

    return load_entity(ROOT / "entities" / "sample")


@pytest.fixture(scope="module")
def built(
    sample_entity: Entity, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, str], list[CheckResult]]:
    """The warehouse of the announcements, before the gate."""
    folder = tmp_path_factory.mktemp("warehouse")
    said = announce(sample_entity)
    raw = said.raw()
    approved = _approved(said)
    raw |= {"decisions": raw_table("decisions", approved[0]), "snapshots": raw_table("snapshots", approved[1])}
    project = load_models(sample_entity)
    with Build(project, folder, "run", _terms(sample_entity)) as build:
        build.load(raw)
        results = list(build.run({}))
    assert [result.stops for result in results if result.stops] == []
    anchors = {opportunity_id(anchor): anchor for anchor in said.codes}
    return folder / "boi.run.duckdb", anchors, [check for result in results for check in result.checks]


def _terms(entity: Entity) -> dict[str, frozenset[str]]:
    terms = {name: frozenset(vocabulary.terms) for name, vocabulary in entity.vocabularies.items()}
    return terms | {LANGUAGES: frozenset(entity.file.languages)}


APPROVED = {
    "buena-0": {},
    "buena-1": {"summary_es": "Una nota corta."},
    "buena-2": {"summary_es": SUMMARY + " Escriba a ana.gil@correo.example."},
    "buena-3": {"currency": None},
    "buena-4": {"audiences": ["citizens", "removed_term"]},
    "buena-5": {"evidence": [{"field": "sdg_goals", "quote": "palabras de nadie", "kind": "inferred"}]},
    "corto": {"summary_es": SUMMARY},  # what a person mended counts
    **{f"buena-{number}": {} for number in range(10, 30)},
}


def _approved(said: Announced) -> tuple[list[Decision], list[Snapshot]]:
    """Approvals of calls as a person saw them, some with what should not have been approved."""
    decisions, snapshots = [], []
    for seq, (name, given) in enumerate(APPROVED.items(), 1):
        item = f"oficial/{name}"
        notice = next(one for one in said.notices if one.item_id == item)
        reading = next(one for one in said.readings if one.item_id == item)
        draft = next(one for one in said.drafts if one.item_id == item)
        quotes = [
            {"field": one.field, "quote": one.quote, "kind": one.kind, "url": notice.url} for one in reading.evidence
        ]
        content = {
            "opportunity_id": opportunity_id(item),
            "code": said.codes[item],
            "title": notice.title,
            **{
                field: getattr(draft, field)
                for field in ("title_es", "summary_es", "eligibility_es", "digital_source_type")
            },
            "opportunity_type": "scholarship",
            "home_eligible": "yes",
            "sdg_goals": [4],
            "currency": reading.currency,
            "max_award_amount": None if reading.max_award_amount is None else str(reading.max_award_amount),
            "deadlines": [json.loads(one.model_dump_json()) for one in reading.deadlines],
            "source_url": notice.url,
            "source_name": "Oficial",
            "language": "es",
            "evidence": quotes,
            **given,
        }
        content["evidence"] = [{"url": notice.url, **one} for one in content["evidence"]]
        text = canonical_json(content)
        snapshots.append(
            Snapshot(seq=seq, snapshot_sha256=sha256_hex(text), opportunity_id=opportunity_id(item), content=text)
        )
        decisions.append(
            Decision(
                seq=seq, decision_id=f"d{seq}", action="approve", opportunity_id=opportunity_id(item), role="editor",
                decided_at=AS_OF, snapshot_sha256=sha256_hex(text),
                changed=json.dumps({name: value for name, value in given.items() if name != "evidence"}),
            )
        )  # fmt: skip
    return decisions, snapshots


@pytest.fixture(scope="module")
def checked(
    built: tuple[Path, dict[str, str], list[CheckResult]],
    sample_entity: Entity,
    tmp_path_factory: pytest.TempPathFactory,
) -> Checked:
    path, anchors, inner = built
    copy = shutil.copy(path, tmp_path_factory.mktemp("gate") / "boi.run.duckdb")
    return Checked(copy, anchors, _gate(copy, sample_entity, LOOKED_AT), inner)


def _gate(path: Path, entity: Entity, select: set[str] | None = None) -> GateResult:
    return Gate(path, load_models(entity), _terms(entity)).run(History(), select)


FAILING = {
    "title_can_be_read": {"oficial/sin-letras"},
    "close_date_is_sane": {"oficial/siglos"},
    "summary_es_is_es": {"oficial/ingles"},
    "title_es_is_es": {"oficial/titulo-en-ingles"},
    "summary_es_within_limits": set(),  # the short one was mended by a person
    "eligibility_es_plain_language": {"oficial/larga"},
    "title_no_personal_data": {"oficial/correo"},
    "summary_es_no_personal_data": set(),
    "amount_has_currency": {"oficial/sin-moneda"},
    "amounts_are_not_negative": {"oficial/negativo"},
    "amounts_are_sane": {"oficial/absurdo"},
    "one_primary_goal": {"oficial/repite-ods"},
    "terms_say_something": {"oficial/otros"},
    "facts_are_proved": {"oficial/cita-ajena", "oficial/sin-prueba"},
    "link_is_official": {"agrega/desconocida", "agrega/formulario", "agrega/agregador", "agrega/engano"},
    "link_is_not_shortened": {"agrega/acortada"},
    "open_is_not_past_its_deadline": set(),
    "code_unique": set(),
    "links_are_http": set(),
}


@pytest.mark.parametrize("check", FAILING)
def test_each_bad_call_fails_its_own_check_and_no_good_one_does(checked: Checked, check: str) -> None:
    assert checked.failing(check) == FAILING[check]


def test_a_field_without_proof_is_named(checked: Checked) -> None:
    found = next(one for one in checked.inner if one.check.name == "every_fact_is_proved")
    assert not found.passed and not found.stops and found.sample
    rows = checked.query("select opportunity_id, field from intermediate.int_unproved where record = 'read'")
    assert {(checked.anchors[one], field) for one, field in rows} == {
        ("oficial/cita-ajena", "audiences"),
        ("oficial/sin-prueba", "coverage"),
    }
    (lost,) = [one for one in checked.inner if one.check.name == "quote_stands_in_the_notice"]
    assert [row["field"] for row in lost.failed_keys] == ["audiences"]


APPROVED_FAILING = {
    "summary_es_within_limits": {"oficial/buena-1"},
    "summary_es_no_personal_data": {"oficial/buena-2"},
    "amount_has_currency": {"oficial/buena-3"},
    "audiences_in_vocabulary": {"oficial/buena-4"},
    "facts_are_proved": {"oficial/buena-5"},
    "summary_es_is_es": set(),
    "open_is_not_past_its_deadline": set(),
    "code_unique": set(),
}


@pytest.mark.parametrize("check", APPROVED_FAILING)
def test_what_was_approved_is_checked_as_it_was_approved(checked: Checked, check: str) -> None:
    assert checked.failing(check, "marts.approved_opportunities") == APPROVED_FAILING[check]


def test_an_approved_quote_stands_in_the_page_it_names(checked: Checked) -> None:
    assert checked.failing("quote_stands_in_a_notice", "marts.approved_evidence") == {"oficial/buena-5"}


def test_every_result_tells_a_person_what_to_do(checked: Checked) -> None:
    for result in checked.gate.results + checked.inner:
        assert result.check.advice.endswith(".")
        assert result.passed or result.sample, result.check.name


SPOILT = {
    "open_is_not_past_its_deadline": "set status = 'open', open_until_at = timestamptz '2026-11-23 20:59:59+00'",
    "links_are_http": "set apply_url = 'javascript:alert(1)'",
    "amounts_in_order": "set min_award_amount = 9, max_award_amount = 8, currency = 'EUR'",
    "currency_is_iso_4217": "set currency = 'euros'",
    "post_date_is_sane": "set post_date = date '1970-01-01'",
    "isced_levels_in_vocabulary": "set isced_levels = [99]",
}


@pytest.mark.parametrize("check", SPOILT)
def test_a_row_that_the_models_never_make_is_found_all_the_same(
    checked: Checked, sample_entity: Entity, tmp_path: Path, check: str
) -> None:
    copy = shutil.copy(checked.path, tmp_path / "boi.run.duckdb")
    with duckdb.connect(str(copy)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        chosen = opportunity_id("oficial/buena-40")
        connection.execute(f"update marts.opportunities {SPOILT[check]} where opportunity_id = ?", [chosen])
        (result,) = _one_check(connection, sample_entity, check)
    assert [checked.anchors[row["opportunity_id"]] for row in result.failed_keys] == ["oficial/buena-40"]


def _one_check(connection: duckdb.DuckDBPyConnection, entity: Entity, name: str) -> list[CheckResult]:
    from boi_pipeline.warehouse.checks import run_check

    model = load_models(entity).by_table["marts.opportunities"]
    return [run_check(connection, one, model, _terms(entity), None) for one in model.checks if one.name == name]


@pytest.fixture
def publication(checked: Checked, sample_entity: Entity, tmp_path: Path) -> Callable[[str], tuple[GateResult, Path]]:
    """Gate and, where it passes, publish a warehouse after a change to it."""

    def run(statement: str) -> tuple[GateResult, Path]:
        path = shutil.copy(checked.path, tmp_path / "boi.run.duckdb")
        with duckdb.connect(str(path)) as connection:
            connection.execute(statement)
        gate = _gate(path, sample_entity, {"marts.opportunities", "marts.approved_opportunities"})
        if gate.passed:
            publish(
                warehouse=path, project=load_models(sample_entity), published=tmp_path / "published", entity_id="sample",
                timezone="America/Guayaquil", as_of=AS_OF, ledger_seq=1, code_revision="abc",
            )  # fmt: skip
        return gate, tmp_path / "published" / "current"

    return run


def test_bad_rows_stay_out_and_the_rest_is_published_with_what_was_found(
    publication: Callable[[str], tuple[GateResult, Path]],
) -> None:
    gate, current = publication("select 1")
    assert gate.passed
    bad = {opportunity_id("oficial/correo"), opportunity_id("oficial/sin-prueba")}
    tables = {path.stem: pq.read_table(path).to_pylist() for path in (current / "powerbi").glob("*.parquet")}
    published = {row["opportunity_id"] for row in tables["opportunities"]}
    assert not bad & published
    assert opportunity_id("oficial/buena-7") in published
    assert opportunity_id("oficial/otros") in published  # a warning leaves the row
    assert not bad & {row["opportunity_id"] for row in tables["opportunity_items"]}
    aside = {(row["check_name"], row["opportunity_id"]) for row in tables["quarantine"]}
    assert ("title_no_personal_data", opportunity_id("oficial/correo")) in aside
    # what fails in an inner table is shown too: it is why a fact has no proof
    assert {row["table_name"] for row in tables["quarantine"]} >= {"staging.stg_evidence", "marts.opportunities"}
    results = {(row["table_name"], row["check_name"]): row for row in tables["check_results"]}
    mail = results["marts.opportunities", "title_no_personal_data"]
    assert (mail["is_passed"], mail["failed_count"], mail["severity"], mail["scope"]) == (False, 1, "error", "row")
    assert opportunity_id("oficial/correo") in mail["sample"]
    assert "correo" in mail["advice"]
    assert not results["intermediate.int_unproved", "every_fact_is_proved"]["is_passed"]
    (control,) = [row for row in tables["control"] if row["table_name"] == "opportunities"]
    assert control["row_count"] == len(published)
    of_candidates = {row["row_key"] for row in tables["quarantine"] if row["table_name"] == "marts.opportunities"}
    assert control["quarantined_count"] == len(of_candidates) == 11
    failed = [one for one in gate.results if one.check.model == "marts.opportunities" and not one.passed]
    assert control["failed_check_count"] == len(failed)
    curated = pq.read_table(current / "curated" / "opportunities.parquet")["opportunity_id"].to_pylist()
    assert opportunity_id("oficial/buena-0") in curated and opportunity_id("oficial/corto") in curated
    assert opportunity_id("oficial/buena-2") not in curated  # its approved summary holds an address


def test_one_code_for_two_calls_stops_the_whole_set(publication: Callable[[str], tuple[GateResult, Path]]) -> None:
    gate, current = publication("update marts.opportunities set code = 'PAL-2026-00001' where code = 'PAL-2026-00002'")
    assert not gate.passed
    assert any(reason.startswith("marts.opportunities: code_unique: 2") for reason in gate.reasons)
    assert not current.exists()
