"""The LLM reader against a scripted server: what gets through, what each fault becomes, what is paid, and never twice."""

import dataclasses
import json
import os
import subprocess
import sys
import textwrap
import time
from datetime import UTC, date, datetime
from datetime import time as hour
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from boi_pipeline.entity import Budget, Entity, Price, Spend, load_entity
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.llm.budget import most_tokens
from boi_pipeline.reading.llm.client import MAX_BODY
from boi_pipeline.reading.llm.drafter import DraftAnswer
from boi_pipeline.reading.llm.journal import Journal, endpoint_of, load_calls
from boi_pipeline.reading.llm.prompt import DRAFT, READ, load_prompt, schema_hash
from boi_pipeline.reading.llm.wire import answer_model, answer_schema
from boi_pipeline.reading.store import load_drafts, load_readings
from boi_pipeline.records import Reading
from boi_pipeline.settings import ROOT, Home, LlmSettings
from boi_pipeline.stages.readings import counted_readings, llm_reader, llm_session, read_notices
from scrapers.notice import Notice
from scrapers.yamlfile import ConfigError
from tests.reading.llm_server import Reply, Server, answer, closing, served
from tests.reading.pages import notice

SAMPLE = load_entity(ROOT / "entities" / "sample")
BODY = (
    "The Blue Lake Foundation invites applications for a scholarship until 15 January 2027 (17:00 CET). Up to EUR 5,000. "
    "Open to citizens of Ecuador. Write to ana.perez@example.org or call +593 99 123 4567. Apply here"
)
PAGE = notice(BODY, "Scholarship for lakes", links=(("https://blue.example.org/apply", "Apply here"),))
GOOD = answer(
    is_opportunity=(True, "invites applications"),
    opportunity_type=("scholarship", "scholarship"),
    funder_name=("Blue Lake Foundation", "The Blue Lake Foundation invites"),
    deadlines=[closing("2027-01-15", "until 15 January 2027 (17:00 CET)", "17:00", "Europe/Paris")],
    currency=("EUR", "Up to EUR 5,000"),
    max_award_amount=(5000, "Up to EUR 5,000"),
    home_eligible=("yes", "Open to citizens of Ecuador"),
    apply_url=(1, "Apply here"),
    close_model=("single", "until 15 January 2027"),
)


def llm(**changed: Any) -> Entity:
    """The sample entity with an LLM reader that costs nothing."""
    choice = SAMPLE.file.reader.model_copy(
        update={"name": "llm", "price": Price(input=0, output=0), "drafts": False, **changed}
    )
    return dataclasses.replace(SAMPLE, file=SAMPLE.file.model_copy(update={"reader": choice}))


def settings_for(server: Server, **changed: Any) -> LlmSettings:
    return LlmSettings(
        **{"model": "m", "base_url": server.url, "api_key": "sk-secret", "retries": 2, "timeout": 5.0, **changed}
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path, "sample")


def read_one(home: Home, server: Server, page: Notice = PAGE, entity: Entity | None = None, **settings: Any) -> Reading:
    entity = entity or llm()
    with llm_session(entity, home, settings_for(server, **settings)) as session:
        return llm_reader(entity, session).read(page, context_of(entity))


def always(reply: Reply) -> Any:
    return lambda asked, number: reply


# ---------------------------------------------------------------- what gets through


def test_a_good_answer_becomes_a_reading_whose_every_fact_stands_in_the_text(home: Home) -> None:
    with served(always(Reply(GOOD))) as server:
        reading = read_one(home, server)
    assert (reading.reader, reading.fallback, reading.opportunity_type) == ("llm", False, "scholarship")
    (deadline,) = reading.deadlines
    assert (deadline.close_date, deadline.close_time, deadline.timezone) == (
        date(2027, 1, 15),
        hour(17),
        "Europe/Berlin",
    )
    assert (reading.currency, reading.max_award_amount) == ("EUR", Decimal("5000.00"))
    assert (reading.home_eligible, reading.apply_url) == ("yes", "https://blue.example.org/apply")
    assert {one.method for one in reading.evidence} == {"llm"}
    assert all(PAGE.text[one.start : one.end] == one.quote for one in reading.evidence)


@pytest.mark.parametrize(
    ("field", "facts"),
    [
        ("deadlines", {"deadlines": [closing("2027-01-16", "until 15 January 2027")]}),
        ("deadlines", {"deadlines": [closing("2027-01-15", "closes on 15 January 2027, they said")]}),
        ("max_award_amount", {"currency": ("EUR", "EUR 5,000"), "max_award_amount": (50000, "Up to EUR 5,000")}),
        ("home_eligible", {"home_eligible": ("yes", "Scholarship for lakes")}),
        ("eligible_regions", {"eligible_regions": (["WORLD"], "citizens of Ecuador")}),
        ("apply_url", {"apply_url": (7, "Apply here")}),
        ("funder_name", {"funder_name": ("Harvard University", "The Blue Lake Foundation")}),
    ],
)
def test_what_its_quote_does_not_prove_is_taken_out_and_counted(home: Home, field: str, facts: dict[str, Any]) -> None:
    with served(always(Reply(answer(is_opportunity=(True, "invites applications"), **facts)))) as server:
        reading = read_one(home, server)
    assert getattr(reading, field) in (None, [], "unclear")
    assert field in reading.dropped


def test_personal_data_do_not_leave_the_machine_and_keys_are_kept_nowhere(home: Home) -> None:
    with served(always(Reply(GOOD))) as server:
        read_one(home, server)
        sent = json.dumps(server.requests, ensure_ascii=False)
        assert server.authorizations == ["Bearer sk-secret"]
    assert "ana.perez" not in sent and "123 4567" not in sent and "██" in sent
    kept = b"".join(path.read_bytes() for path in home.folder.rglob("*") if path.is_file())
    assert b"sk-secret" not in kept


def test_the_fixed_part_of_a_request_comes_first_and_is_the_same_for_every_notice(home: Home) -> None:
    with served(always(Reply(GOOD))) as server:
        entity = llm()
        with llm_session(entity, home, settings_for(server)) as session:
            reader = llm_reader(entity, session)
            list(reader.read_all([PAGE, notice("Another call.", key="b")], context_of(entity), None))
        first, second = server.requests
    assert first["messages"][0] == second["messages"][0]
    assert first["messages"][0]["role"] == "system"
    assert first["messages"][1] != second["messages"][1]
    assert first["response_format"]["type"] == "json_schema"


# ---------------------------------------------------------------- dialects


def test_an_endpoint_that_knows_no_schema_is_asked_for_an_object_and_remembered(home: Home) -> None:
    def script(asked: dict[str, Any], number: int) -> Reply:
        if asked.get("response_format", {}).get("type") == "json_schema":
            return Reply("response_format json_schema is not supported", status=400)
        return Reply(GOOD)

    with served(script) as server:
        assert read_one(home, server).reader == "llm"
        assert read_one(home, server, notice("Other.", key="b")).reader == "llm"
        assert [asked.get("response_format", {}).get("type") for asked in server.requests] == [
            "json_schema", "json_object", "json_object",
        ]  # fmt: skip


def test_an_endpoint_that_knows_no_formats_is_asked_in_words_and_its_prose_is_searched(home: Home) -> None:
    def script(asked: dict[str, Any], number: int) -> Reply:
        if "response_format" in asked:
            return Reply("unknown field response_format", status=422)
        return Reply(f"Here is the JSON you asked for:\n```json\n{GOOD}\n```\nAnything else?")

    with served(script) as server:
        assert read_one(home, server).opportunity_type == "scholarship"
        assert '"opportunity_type": scholarship|fund' in server.requests[-1]["messages"][0]["content"]


def test_newer_models_get_the_limit_and_temperature_they_accept(home: Home) -> None:
    def script(asked: dict[str, Any], number: int) -> Reply:
        if "max_tokens" in asked:
            return Reply("Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", status=400)
        if "temperature" in asked:
            return Reply("'temperature' does not support 0 with this model", status=400)
        return Reply(GOOD)

    with served(script) as server:
        assert read_one(home, server).reader == "llm"
        assert server.requests[-1]["response_format"]["type"] == "json_schema"


def test_an_endpoint_that_ignores_the_schema_is_told_what_was_wrong_once(home: Home) -> None:
    replies = [Reply("I think this is a scholarship."), Reply(GOOD)]
    with served(lambda asked, number: replies[number]) as server:
        reading = read_one(home, server)
        assert "no JSON object" in server.requests[1]["messages"][-1]["content"]
    assert reading.opportunity_type == "scholarship"
    assert [call.outcome for call in load_calls(home.journal)] == ["invalid", "repaired"]


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(GOOD[:200], finish_reason="length"), "truncated"),
        (Reply("", finish_reason="stop"), "empty"),
        (Reply(None), "empty"),
        (Reply(None, refusal="I cannot help with that"), "refused"),
        (Reply(GOOD, finish_reason="content_filter"), "refused"),
        (Reply("{" + GOOD), "invalid"),
        (Reply(GOOD.replace('{"is_opportunity"', '{"is_opportunity": null, "is_opportunity"')), "invalid"),
        (Reply(GOOD.replace('"scholarship"', '"beca"')), "invalid"),
        (Reply("x" * 1_000_000), "oversized"),
        (Reply("[" * 100_000), "invalid"),
        (Reply(raw=b"<html>a proxy's page</html>", headers={"content-type": "text/html"}), "server"),
        (Reply(raw=b"{}"), "server"),
        (Reply("no such model", status=404), "auth"),
        (Reply("bad key sk-secret", status=401), "auth"),
        (Reply("too long", status=400), "rejected"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_told_as_itself_and_the_offline_reader_takes_the_notice(
    home: Home, reply: Reply, kind: str
) -> None:
    with served(always(reply)) as server:
        reading = read_one(home, server, retries=0)
    assert (reading.reader, reading.fallback) == ("offline", True)
    assert (reading.failure or "").startswith(f"{kind}: "), reading.failure
    assert "sk-secret" not in (reading.failure or "")
    assert reading.deadlines[0].close_date == date(2027, 1, 15)


def test_a_key_of_any_make_that_the_endpoint_repeats_is_not_kept(home: Home) -> None:
    with served(always(Reply("Key '7f3a-Proveedor' was not found", status=401))) as server:
        reading = read_one(home, server, retries=0, api_key="7f3a-Proveedor")
    assert reading.failure == "auth: Key '…' was not found"


@pytest.mark.parametrize(
    "fault",
    [
        Reply("slow down", status=429),
        Reply("slow down", status=429, headers={"retry-after": "1"}),
        Reply("oops", status=500),
    ],
    ids=["429", "429 with Retry-After", "500"],
)
def test_a_passing_fault_is_waited_out(home: Home, fault: Reply) -> None:
    with served(lambda asked, number: fault if number == 0 else Reply(GOOD)) as server:
        started = time.monotonic()
        assert read_one(home, server).reader == "llm"
        assert time.monotonic() - started >= (1.0 if fault.headers else 0.2)
        assert server.calls == 2


def test_a_server_that_drips_holds_nobody_longer_than_the_time_out(home: Home) -> None:
    with served(always(Reply(GOOD, drip=0.05))) as server:
        started = time.monotonic()
        reading = read_one(home, server, timeout=0.5, retries=0)
        assert time.monotonic() - started < 5
    assert (reading.failure or "").startswith("timeout: ")


def run(
    home: Home,
    server: Server,
    pages: list[Notice],
    entity: Entity | None = None,
    *,
    reread: Any = "open",
    **settings: Any,
) -> Any:
    as_of = datetime(2026, 11, 23, 21, tzinfo=UTC)
    return read_notices(entity or llm(), home, lambda: pages, as_of, settings_for(server, **settings), reread=reread)


UNSEEN = {
    "timeout": Reply(GOOD, drip=0.05),
    "connection": Reply(raw=GOOD.encode()[:50], breaks=True),
    "oversized": Reply(raw=b"[" * (MAX_BODY + 1)),
}


@pytest.mark.parametrize(("kind", "calls"), [("timeout", 2), ("connection", 2), ("oversized", 1)])
def test_what_was_not_seen_whole_is_asked_once_more_at_most_and_counted_at_its_most(
    home: Home, kind: str, calls: int
) -> None:
    entity = llm(price=Price(input=1, output=1))
    with served(always(UNSEEN[kind])) as server:
        summary = run(home, server, [PAGE], entity, timeout=0.5, retries=4)
        assert server.calls == calls
    assert dict(summary.failures) == {kind: 1}
    kept = load_calls(home.journal)
    assert [call.outcome for call in kept] == [kind] * calls
    asked = server.requests[0]
    most = most_tokens("".join(message["content"] for message in asked["messages"])) + asked["max_tokens"]
    assert [call.cost_micro_usd for call in kept] == [most] * calls
    assert summary.cost_micro_usd == most * calls
    assert all("its cost is unknown" in call.detail for call in kept)


def test_an_oversized_answer_is_not_asked_for_in_the_next_run(home: Home) -> None:
    with served(always(UNSEEN["oversized"])) as server:
        run(home, server, [PAGE])
        assert dict(run(home, server, [PAGE]).failures) == {"waiting": 1}
        assert server.calls == 1


def test_a_second_try_is_not_made_where_the_budget_does_not_reach(home: Home) -> None:
    entity = llm(price=Price(input=1, output=1), budget=Budget(run=Spend(usd=0.02, tokens=10**9)))
    with served(always(UNSEEN["timeout"])) as server:
        summary = run(home, server, [PAGE], entity, timeout=0.5, retries=4)
        assert server.calls == 1
    assert dict(summary.failures) == {"budget": 1}


def test_a_dead_server_is_not_asked_for_ever(home: Home) -> None:
    entity = llm()
    with served(always(Reply("down", status=503))) as server:
        with llm_session(entity, home, settings_for(server, retries=0, concurrency=1)) as session:
            pages = [notice(f"Call {i}", key=str(i)) for i in range(30)]
            readings = list(llm_reader(entity, session).read_all(pages, context_of(entity), None))
        assert server.calls == 5
    assert len(readings) == 30 and all(one.fallback for one in readings)
    assert (readings[-1].failure or "").startswith("stopped: ")


# ---------------------------------------------------------------- never twice


def test_a_second_run_makes_no_call(home: Home) -> None:
    pages = [notice(f"{BODY} {i}", key=str(i)) for i in range(5)]
    with served(always(Reply(GOOD))) as server:
        first, second = run(home, server, pages), run(home, server, pages)
        assert (first.read, first.calls, second.read, second.reused, second.calls, server.calls) == (5, 5, 0, 5, 0, 5)


def test_the_same_text_at_two_sources_is_asked_once(home: Home) -> None:
    twins = [
        PAGE,
        PAGE.model_copy(update={"notice_id": "t/k@1", "item_id": "t/k", "url": "https://other.example.org/"}),
    ]
    with served(always(Reply(GOOD))) as server:
        summary = run(home, server, twins)
        assert (summary.read, server.calls) == (2, 1)
    assert {one.item_id for one in load_readings(home)} == {"s/k", "t/k"}


def test_what_failed_is_tried_again_in_the_next_run(home: Home) -> None:
    with served(lambda asked, number: Reply("", finish_reason="stop") if number == 0 else Reply(GOOD)) as server:
        first = run(home, server, [PAGE])
        assert dict(first.failures) == {"empty": 1}
        second = run(home, server, [PAGE])
        assert (second.read, second.failures.total(), server.calls) == (1, 0, 2)
        counted = counted_readings(llm(), home, [PAGE], settings_for(server))
        assert counted[PAGE.notice_id].reader == "llm"


def test_a_request_whose_paid_answers_are_never_of_use_is_not_paid_for_ever(home: Home) -> None:
    with served(always(Reply("", finish_reason="stop"))) as server:
        for _ in range(8):
            summary = run(home, server, [PAGE])
        assert (server.calls, dict(summary.failures)) == (5, {"waiting": 1})
        run(home, server, [PAGE], reread="all")
        assert server.calls == 6


def test_a_process_killed_between_answer_and_parquet_pays_nothing_again(home: Home, tmp_path: Path) -> None:
    pages = [notice(f"{BODY} {i}", key=str(i)) for i in range(4)]
    program = textwrap.dedent(
        """
        import sys
        from tests.reading.test_llm_reader import *
        server = type("S", (), {"url": sys.argv[2]})
        run(Home(Path(sys.argv[1]), "sample"), server, [notice(f"{BODY} {i}", key=str(i)) for i in range(4)])
        """
    )
    with served(always(Reply(GOOD))) as server:
        killed = subprocess.run(
            [sys.executable, "-c", program, str(home.root), server.url],
            env={**os.environ, "BOI_FAULT": "journal:answered#3", "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            capture_output=True,
        )
        assert killed.returncode == -9, killed.stderr.decode()
        paid = len(load_calls(home.journal))
        assert paid >= 3 and not load_readings(home)
        run(home, server, pages)
        assert len(load_calls(home.journal)) == 4
    assert len([one for one in load_readings(home) if one.reader == "llm"]) == 4


def test_a_half_written_line_of_the_journal_is_passed_over(home: Home) -> None:
    with served(always(Reply(GOOD))) as server:
        run(home, server, [PAGE])
    (home.journal / "x.jsonl").write_text('{"call_id": "0', encoding="utf-8")
    assert len(load_calls(home.journal)) == 1
    Journal(home.journal)


# ---------------------------------------------------------------- money


def test_a_budget_is_kept_and_what_it_does_not_reach_is_read_offline(home: Home) -> None:
    entity = llm(
        price=Price(input=1, output=1),
        budget=Budget(run=Spend(usd=0.06, tokens=10**9), month=Spend(usd=1, tokens=10**9)),
    )
    pages = [notice(f"{BODY} {i}", key=str(i)) for i in range(60)]
    with served(always(Reply(GOOD))) as server:
        summary = run(home, server, pages, entity)
    assert 0 < summary.cost_micro_usd <= 60_000
    assert summary.calls == summary.cost_micro_usd // 1200
    assert summary.failures["budget"] == 60 - summary.calls > 0
    assert "reader.budget in entity.yaml" in summary.failed[0]


def test_the_months_budget_counts_what_earlier_runs_spent(home: Home) -> None:
    entity = llm(price=Price(input=1, output=1), budget=Budget(month=Spend(usd=0.03, tokens=10**9)))
    with served(always(Reply(GOOD))) as server:
        pages = [notice(f"{BODY} {i}", key=str(i)) for i in range(8)]
        made = [run(home, server, pages, entity).calls for _ in range(12)]
    assert made[0] > 0 and made[-1] == 0
    assert sum(call.cost_micro_usd for call in load_calls(home.journal)) <= 30_000


def test_tokens_have_a_budget_too_also_where_the_endpoint_counts_none(home: Home) -> None:
    entity = llm(budget=Budget(run=Spend(usd=1, tokens=60_000)))
    with served(always(Reply(GOOD, usage=None))) as server:
        summary = run(home, server, [notice(f"{BODY} {i}", key=str(i)) for i in range(30)], entity)
    assert 0 < summary.tokens <= 60_000 and summary.failures["budget"] > 0


def test_cached_prompt_tokens_cost_what_they_cost(home: Home) -> None:
    entity = llm(price=Price(input=2, cached_input=0.5, output=4))
    usage = {
        "prompt_tokens": 1000,
        "completion_tokens": 100,
        "total_tokens": 1100,
        "prompt_tokens_details": {"cached_tokens": 800},
    }
    with served(always(Reply(GOOD, usage=usage))) as server:
        run(home, server, [PAGE], entity)
    (call,) = load_calls(home.journal)
    assert (call.cached_tokens, call.cost_micro_usd) == (800, 200 * 2 + 400 + 400)


def test_a_model_without_a_price_stops_before_any_call(home: Home) -> None:
    with served(always(Reply(GOOD))) as server:
        with pytest.raises(ConfigError, match=r"prices\.m: the price of this model is unknown"):
            run(home, server, [PAGE], llm(price=None))
        assert server.calls == 0


def test_an_llm_that_is_not_configured_is_told_so(home: Home) -> None:
    with pytest.raises(ConfigError, match="BOI_LLM_MODEL"):
        read_notices(llm(), home, lambda: [PAGE], datetime.now(UTC), None)


# ---------------------------------------------------------------- versions


def test_a_new_version_reads_again_only_what_is_still_open_unless_asked(home: Home) -> None:
    open_page, closed = PAGE, notice(BODY.replace("2027", "2026"), key="closed")
    ended = GOOD.replace("2027-01-15", "2026-01-15").replace("January 2027", "January 2026")
    with served(lambda asked, n: Reply(ended if "2026 (17" in asked["messages"][-1]["content"] else GOOD)) as server:
        run(home, server, [open_page, closed])
        newer = dataclasses.replace(settings_for(server), model="m2")
        as_of = datetime(2026, 11, 23, tzinfo=UTC)
        again = read_notices(llm(), home, lambda: [open_page, closed], as_of, newer)
        assert (again.read, again.reused) == (1, 1)
        everything = read_notices(llm(), home, lambda: [open_page, closed], as_of, newer, reread="all")
        assert (everything.read, everything.reused) == (1, 1)
        counted = counted_readings(llm(), home, [open_page, closed], newer)
    assert {one.reader_version.rpartition("/")[2] for one in counted.values()} == {"m2"}


def test_prompts_name_the_schema_they_were_written_for() -> None:
    context = context_of(SAMPLE)
    model = answer_model({name: tuple(v.terms) for name, v in context.vocabularies.items()})
    told = "the schema of answers changed: write a new version of the prompt, with its hash"
    assert load_prompt(READ).schema_sha256 == schema_hash(answer_schema(model)), told
    assert load_prompt(DRAFT).schema_sha256 == schema_hash(answer_schema(DraftAnswer)), told


def test_an_endpoint_is_kept_without_what_is_secret_in_it() -> None:
    assert endpoint_of("https://user:pass@llm.example.org:8443/v1?key=1") == "llm.example.org:8443/v1"
    assert endpoint_of(None) == "api.openai.com/v1"


# ---------------------------------------------------------------- drafts

DRAFT_TEXT = {
    "title_es": "Beca para el estudio de los lagos — Blue Lake Foundation",
    "summary_es": "La Blue Lake Foundation ofrece una beca para personas que quieren estudiar los lagos y su cuidado. Otorga un apoyo de hasta 5.000 EUR. "
    "La convocatoria se dirige a quienes desean formarse y trabajar por el agua. Lea con calma las bases completas en el sitio oficial antes de postularse.",
    "x": "Beca de la Blue Lake Foundation para estudiar los lagos, con un apoyo de hasta 5.000 EUR.",
    "linkedin": "La Blue Lake Foundation ofrece una beca para estudiar los lagos y su cuidado, con un apoyo de hasta 5.000 EUR.",
    "instagram": "Una beca para estudiar los lagos y su cuidado, con un apoyo de hasta 5.000 EUR.",
    "whatsapp": "Beca para estudiar los lagos: la Blue Lake Foundation otorga un apoyo de hasta 5.000 EUR.",
}


def drafted(home: Home, text: dict[str, str]) -> tuple[list[str], Server]:
    def script(asked: dict[str, Any], number: int) -> Reply:
        return Reply(
            GOOD if "ANNOUNCEMENT" in asked["messages"][1]["content"] else json.dumps(text, ensure_ascii=False)
        )

    with served(script) as server:
        run(home, server, [PAGE], llm(drafts=True))
    return [one.drafter for one in load_drafts(home)], server


def test_a_draft_is_written_from_proved_facts_and_never_from_the_page(home: Home) -> None:
    drafters, server = drafted(home, DRAFT_TEXT)
    assert drafters == ["llm", "template"]
    told = server.requests[-1]["messages"][1]["content"]
    assert "Blue Lake Foundation" in told and "invites applications" not in told and "Write to" not in told
    written = next(one for one in load_drafts(home) if one.drafter == "llm")
    assert written.digital_source_type == "trainedAlgorithmicMedia"
    assert {one.channel for one in written.channels} == {"x", "linkedin", "instagram", "whatsapp"}
    assert written.drafter_version.rpartition("/")[2] == settings_for(server).model, "the tool that the label names"


@pytest.mark.parametrize(
    "changed",
    [
        {"summary_es": DRAFT_TEXT["summary_es"].replace("5.000", "50.000")},
        {"x": "Beca para estudiar los lagos en Alemania con la Blue Lake Foundation."},
        {"whatsapp": "Beca para estudiar los lagos. Postúlese en https://evil.example.org ahora mismo."},
        {"linkedin": "The Blue Lake Foundation offers a scholarship for people who want to study the lakes."},
        {"summary_es": "Muy corta."},
        {"title_es": "x" * 91},
    ],
    ids=["number", "place", "address", "language", "short", "long title"],
)
def test_a_draft_that_says_more_than_the_facts_or_breaks_a_limit_is_not_used(
    home: Home, changed: dict[str, str]
) -> None:
    assert drafted(home, DRAFT_TEXT | changed)[0] == ["template"]
