"""The whole pipeline with an LLM reader: what is read, what it cost, what failed, and where each of it shows."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import dagster as dg
import pyarrow.parquet as pq
import pytest

from boi_pipeline.defs.reading import advice_on, kinds_of
from boi_pipeline.reading.llm.journal import load_calls
from boi_pipeline.reading.llm.session import Outcome
from boi_pipeline.reading.store import load_readings
from boi_pipeline.settings import Home
from tests.reading.llm_server import Reply, answer, closing, served
from tests.stages.conftest import Told, run_boi
from tests.stages.mini import write_entity

pytestmark = pytest.mark.xdist_group("llm_line")
CLOSES = re.compile(r"hasta el (\d+) de enero de 2027 a las 17:00 \(hora de Quito\)")


PORTAL = """
id: portal
name: Portal de Ensayo
platform: feed
url: http://portal.ensayo.test/feed.xml
language: es
authority: aggregator
verified: {by: run, on: 2026-11-23}
"""
RETOLD = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Portal</title><link>http://portal.ensayo.test/</link>
<description>Portal</description><item><guid>nota</guid><title>Apoyo para agua segura</title><link>http://portal.ensayo.test/nota</link>
<pubDate>Mon, 23 Nov 2026 10:00:00 +0000</pubDate><description>La Fundación Ensayo apoya a organizaciones de todos los países de América Latina. Convoca la Fundación Ensayo.
Las postulaciones se reciben hasta el 10 de enero de 2027 a las 17:00 (hora de Quito).</description></item></channel></rss>"""


QUOTE = "Convoca la Fundación Ensayo"


def judged(pair: str) -> Reply:
    """Knows that the portal retells the fund for water, and takes nothing else for one call."""
    both = pair.partition("OTHER")[0]
    is_same = "Apoyo para agua segura" in both and "Fondo para proyectos de agua potable" in both
    return Reply(
        json.dumps(
            {
                "first": "", "second": "", "differences": [], "quote_first": QUOTE, "quote_second": QUOTE,
                "verdict": "same" if is_same else "different",
            }
        )
    )  # fmt: skip


def script(asked: dict[str, Any], number: int) -> Reply:
    """Reads and judges what it is shown; the course's answer is cut; drafts are refused."""
    page = asked["messages"][-1]["content"]
    if page.startswith("FIRST"):
        return judged(page)
    if "ANNOUNCEMENT" not in page:
        return Reply(None, refusal="no drafts today")
    if "mapas comunitarios" in page:
        return Reply("{", finish_reason="length")
    found = CLOSES.search(page)
    assert found, page
    facts: dict[str, Any] = {
        "is_opportunity": (True, "Las postulaciones se reciben"),
        "opportunity_type": ("fund", "postulaciones"),
        "funder_name": ("Fundación Ensayo", "Convoca la Fundación Ensayo"),
        "deadlines": [closing(f"2027-01-{int(found[1]):02}", found[0], "17:00", "America/Guayaquil")],
        "close_model": ("single", found[0]),
        "home_eligible": ("yes", "todos los países de América Latina"),
    }
    return Reply(answer(**facts))


@dataclass(frozen=True)
class Ran:
    home: Path
    told: Told
    again: Told
    loud: Told  # once more, as a person sees it
    calls: tuple[int, int]  # after the first run, after the second


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("llm")
    root = write_entity(folder / "entities")
    for name, text in {"sources/portal.yaml": PORTAL, "web/day1/portal.ensayo.test/feed.xml": RETOLD}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.lstrip("\n"), encoding="utf-8")
    entity = root / "entity.yaml"
    choice = "reader: {name: llm, price: {input: 1, output: 2}}"
    entity.write_text(re.sub(r"(?m)^reader: .*$", choice, entity.read_text(encoding="utf-8")), encoding="utf-8")
    home = folder / "home"
    with served(script) as server:
        variables = {"BOI_LLM_MODEL": "m", "BOI_LLM_BASE_URL": server.url, "BOI_LLM_API_KEY": "sk-secret"}
        told = run_boi(home, "run", "--only", "collect", "--json", entities=folder / "entities", more=variables)
        first = server.calls
        again = run_boi(home, "run", "--only", "read", "--json", entities=folder / "entities", more=variables)
        calls = (first, server.calls)
        loud = run_boi(home, "run", "--only", "read", entities=folder / "entities", more=variables)
        yield Ran(home, told, again, loud, calls)


def test_what_the_model_read_is_published_and_what_it_did_not_is_read_offline(ran: Ran) -> None:
    assert ran.told.code == 0, ran.told.err
    readings = load_readings(Home(ran.home, "mini"))
    by_reader = {one.item_id.rpartition("/")[2]: (one.reader, one.fallback) for one in readings}
    assert by_reader.pop("curso-mapas") == ("offline", True)
    assert set(by_reader.values()) == {("llm", False)} and len(by_reader) == 5
    table = pq.read_table(ran.home / "mini/published/powerbi/opportunities.parquet").to_pylist()
    assert {row["home_eligible"] for row in table if row["opportunity_type"] == "fund"} == {"yes"}


def test_what_the_model_calls_one_call_is_one_and_nobody_is_asked_what_it_answered(ran: Ran) -> None:
    items = pq.read_table(ran.home / "mini/published/powerbi/opportunity_items.parquet").to_pylist()
    together = {row["item_id"]: row["opportunity_id"] for row in items}
    assert together["portal/nota"] == together["fondos/http://fondos.ensayo.test/fondo-agua"]
    assert len(set(together.values())) == len(together) - 1
    matches = pq.read_table(ran.home / "mini/matches/matches.parquet").to_pylist()
    assert {row["reason"] for row in matches if row["opportunity_id"] == together["portal/nota"]} == {"model"}
    assert pq.read_table(ran.home / "mini/published/powerbi/match_questions.parquet").num_rows == 0
    kept = pq.read_table(ran.home / "mini/matches/opinions.parquet").to_pylist()
    assert {row["verdict"]: row["quote"] for row in kept} == {"same": QUOTE, "different": QUOTE}


def test_what_it_cost_stands_in_a_table_and_no_key_anywhere(ran: Ran) -> None:
    usage = pq.read_table(ran.home / "mini/published/powerbi/fct_reader_usage.parquet").to_pylist()
    told = {(row["purpose"], row["outcome"]): row["call_count"] for row in usage}
    assert told == {("read", "ok"): 5, ("read", "truncated"): 1, ("draft", "refused"): 5, ("match", "ok"): 3}
    assert sum(row["cost_usd"] for row in usage) > 0
    for path in ran.home.rglob("*"):
        assert not path.is_file() or b"sk-secret" not in path.read_bytes(), path


def test_a_second_run_asks_again_only_what_failed(ran: Ran) -> None:
    assert ran.again.code == 0, ran.again.err
    first, second = ran.calls
    assert first == 14
    assert second - first == 6  # the notice that was cut, and the five drafts that were refused
    outcomes = [call.outcome for call in load_calls(Home(ran.home, "mini").journal)]
    assert outcomes.count("ok") == 8


def test_the_terminal_says_what_was_not_read_and_what_to_do_and_nothing_of_its_tools(ran: Ran) -> None:
    assert "Avisos que el lector configurado no leyó: 1. respuesta cortada (truncated) 1; " in ran.loud.err
    assert "La respuesta se cortó por el límite de salida." in ran.loud.err
    assert "Warning" not in ran.loud.err


@pytest.mark.parametrize(
    "kind",
    sorted(
        {"rate_limited", "server", "auth", "rejected", "budget", "waiting", "stopped"}
        | set(get_args(Outcome)) - {"ok", "repaired"}
    ),
)
def test_every_way_to_get_no_answer_is_told_in_words_with_what_to_do(kind: str) -> None:
    assert kinds_of(Counter({kind: 2})).endswith(f" ({kind}) 2")
    assert "otra causa" not in kinds_of(Counter({kind: 2}))
    advice, meanwhile = advice_on(Counter({kind: 2}), "Mientras tanto.")
    assert not advice.startswith("Mire la causa")
    assert meanwhile == "Mientras tanto."


def test_a_wrong_key_is_told_as_such_though_nothing_more_was_asked() -> None:
    advice, _ = advice_on(Counter(stopped=40, auth=1), "")
    assert "BOI_LLM_API_KEY" in advice


def test_dagster_shows_what_failed_why_and_what_to_do(ran: Ran) -> None:
    with dg.DagsterInstance.from_config(str(ran.home / "dagster")) as instance:
        key = dg.AssetKey("readings")
        (record,) = instance.fetch_materializations(key, limit=1).records
        metadata = record.asset_materialization.metadata if record.asset_materialization else {}
        assert metadata["llm_calls"].value == 6
        (run_,) = instance.get_run_records(limit=1)
        events = instance.all_logs(run_.dagster_run.run_id, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
        checks = [event.dagster_event.asset_check_evaluation_data for event in events if event.dagster_event]
    (check,) = [one for one in checks if one.check_name == "configured_reader_answered"]
    assert not check.passed
    assert "truncated" in str(check.metadata["sample"].value)
    assert "límite de salida" in (check.description or "")
