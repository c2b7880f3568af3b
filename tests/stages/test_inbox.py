"""``boi inbox`` and the job that takes files in: what a channel told is in the published tables, and a longer file corrects it."""

import platform
from datetime import UTC, date, datetime
from pathlib import Path
from time import sleep
from typing import Any

import dagster as dg
import pyarrow.parquet as pq
import pytest

from boi_pipeline.achieved import inbox
from boi_pipeline.lock import this_process
from boi_pipeline.stages import inboxing
from tests.stages.conftest import ask, code_of_a_call
from tests.stages.drive import Place

pytestmark = pytest.mark.xdist_group("closed-day")
HEADER = "fecha;canal;código;impresiones;clics;interacciones\n"
DAY = date(2026, 11, 23)


@pytest.fixture
def own(own: Place) -> Place:
    own.new_run().home.inbox.mkdir()
    return own


def wait_until_settled(place: Place) -> None:
    """Wait until nothing in the inbox can still be arriving."""
    while any(one.reason for one in inboxing.waiting(place.new_run(), datetime.now(UTC))):
        sleep(0.5)


def whatsapp(place: Place) -> list[tuple[Any, ...]]:
    """Opportunity known?, impressions and clicks of the day, as analysts read them."""
    path = place.new_run().home.published / "powerbi" / "fct_metric_daily.parquet"
    rows = pq.read_table(path, filters=[("channel", "==", "whatsapp"), ("metric_date", "==", DAY)]).to_pylist()
    return sorted((one["opportunity_id"] != "unknown", one["impressions"], one["clicks"]) for one in rows)


def test_a_dropped_file_is_in_the_published_tables_and_a_longer_one_corrects_it(own: Place, tmp_path: Path) -> None:
    code, folder = code_of_a_call(own), own.new_run().home.inbox
    (folder / "noviembre.csv").write_text(f"{HEADER}2026-11-23;WhatsApp;{code};1.200;40;3\n", encoding="cp1252")
    wait_until_settled(own)
    ask(own, "run", "--only", "inbox")
    assert whatsapp(own) == [(True, 1200, 40)]
    assert (folder / "done" / "2026-11-23" / "noviembre.csv").is_file()
    longer = tmp_path / "noviembre.csv"
    longer.write_text(f"{HEADER}2026-11-23;WhatsApp;{code};1.250;42;3\n2026-11-23;WhatsApp;;90;5;1\n", encoding="utf-8")
    ask(own, "inbox", "take", str(longer))
    ask(own, "run", "--only", "inbox")
    assert whatsapp(own) == [(False, 90, 5), (True, 1250, 42)]


def test_files_are_taken_from_anywhere_and_a_bad_one_is_told(own: Place, tmp_path: Path) -> None:
    good, bad = tmp_path / "bueno.csv", tmp_path / "malo.csv"
    good.write_text(HEADER + "2026-11-23;WhatsApp;;90;5;1\n", encoding="utf-8")
    bad.write_bytes(b"")
    told = ask(own, "inbox", "take", str(good), str(bad), "--json", code=1).json
    assert [(one["name"], one["outcome"]) for one in told] == [("bueno.csv", "taken"), ("malo.csv", "refused")]
    assert good.exists() and "está vacío" in told[1]["detail"]
    listed = ask(own, "inbox", "--json").json
    assert listed["waiting"] == [] and [one["file_name"] for one in listed["imports"]] == ["bueno.csv"]
    assert "bueno.csv" in ask(own, "inbox").out


def test_a_file_that_is_not_there_is_told(own: Place) -> None:
    assert "no such file" in ask(own, "inbox", "take", "nada.csv", code=1).err


def test_what_waits_is_listed_with_why(own: Place) -> None:
    (own.new_run().home.inbox / "a.csv.part").write_text(HEADER)
    (waiting,) = ask(own, "inbox", "--json").json["waiting"]
    assert waiting == {"name": "a.csv.part", "size": len(HEADER.encode()), "reason": "todavía se está descargando"}
    assert "a.csv.part" in ask(own, "inbox").out


def test_the_sensor_starts_the_job_when_a_file_is_ready_and_nothing_runs(
    own: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    from boi_pipeline.definitions import defs
    from boi_pipeline.defs.shared import location

    monkeypatch.setattr(inbox, "SETTLED_AFTER", -1)
    monkeypatch.setenv("BOI_HOME", str(own.home))
    monkeypatch.setenv("BOI_ENTITIES", str(own.entities))
    monkeypatch.setenv("BOI_ENTITY", "mini")
    location.cache_clear()
    try:
        repository = defs().get_repository_def()
        sensor = repository.get_sensor_def("inbox")
        with dg.DagsterInstance.ephemeral() as instance:

            def tick() -> Any:
                context = dg.build_sensor_context(instance=instance, repository_def=repository)
                return sensor.evaluate_tick(context)

            assert tick().skip_message == "El buzón está vacío."
            (own.new_run().home.inbox / "a.csv.part").write_text(HEADER)
            assert tick().skip_message == "a.csv.part: todavía se está descargando"
            (own.new_run().home.inbox / "a.csv").write_text(HEADER)
            (request,) = tick().run_requests or []
            assert request.job_name in (None, "inbox")
            instance.add_run(_at_work(f"{platform.node()}:{2**22 + 1}"))  # beyond any process's number: it was killed
            assert tick().run_requests
            instance.add_run(_at_work(this_process()))
            assert "Hay otra corrida en marcha" in (tick().skip_message or "")
    finally:
        location.cache_clear()


def _at_work(process: str) -> dg.DagsterRun:
    return dg.DagsterRun(job_name="collect", status=dg.DagsterRunStatus.STARTED, tags={"boi/process": process})
