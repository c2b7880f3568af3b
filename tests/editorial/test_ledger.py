"""The ledger keeps what it is given, for ever, in one order, whoever writes and whenever the process dies."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError, StatementError

from boi_pipeline.editorial.ledger import HEAD, MIGRATIONS, Ledger, LedgerError
from boi_pipeline.editorial.review import Said, approve, review_state
from boi_pipeline.editorial.schema import TABLES, metadata
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    IdentityItem,
    Publication,
    PublicationState,
    Redirect,
    Snapshot,
)
from tests.editorial.conftest import AT, public, register

ROOT = Path(__file__).resolve().parents[2]


def an_edition(ledger: Ledger) -> None:
    """An approved, published, sent opportunity: a row in every table."""
    register(ledger, 1, 2)
    ids = {"from_opportunity_id": public(2).opportunity_id, "to_opportunity_id": public(1).opportunity_id}
    ledger.append([Redirect(seq=0, **ids, kind="merged", at=AT)])
    decision = approve(ledger, public(1), Said("editor", AT))
    assert decision.snapshot_sha256
    publication = Publication(
        seq=0,
        publication_id="2026-11-23/site/PAL-2026-00001",
        edition_id="2026-11-23",
        opportunity_id=public(1).opportunity_id,
        code="PAL-2026-00001",
        channel="site",
        position=1,
        snapshot_sha256=decision.snapshot_sha256,
        published_at=AT,
    )
    edition = Edition(seq=0, edition_id="2026-11-23", edition_date=AT.date(), closed_at=AT, label="2026-W48")
    sent = PublicationState(seq=0, publication_id=publication.publication_id, state="sent", at=AT + timedelta(hours=1))
    ledger.append([edition, publication, sent])


def test_what_is_kept_is_read_back_by_time_and_by_number(any_url: str) -> None:
    with Ledger.open(any_url) as ledger:
        an_edition(ledger)
        numbers = sorted(row.seq for model in TABLES for row in ledger.rows(model))  # type: ignore[attr-defined]
        assert numbers == list(range(1, 11))
        assert ledger.seq() == 10
        assert ledger.seq(AT) == 9, "the state came an hour later"
        assert ledger.seq(AT - timedelta(days=1)) == 0
        assert [row.state for row in ledger.rows(Publication)] == ["sent"]
        assert [row.state for row in ledger.rows(Publication, AT)] == ["planned"]
        assert [row.state for row in ledger.rows(Publication, seq=9)] == ["planned"]
        assert ledger.rows(Snapshot, AT) and not ledger.rows(Snapshot, AT - timedelta(seconds=1))
        assert ledger.rows(Identity, seq=0) == []
        assert ledger.rows(IdentityItem, item_id="alfa/1")[0].opportunity_id == public(1).opportunity_id


def test_instants_are_utc_whatever_zone_they_come_in(any_url: str) -> None:
    there = datetime(2026, 11, 23, 16, tzinfo=timezone(timedelta(hours=-5)))
    with Ledger.open(any_url) as ledger:
        register(ledger, 1)
        approve(ledger, public(1), Said("editor", there))
    with Ledger.open(any_url) as ledger:
        (decision,) = ledger.rows(Decision)
        assert decision.decided_at == there
        assert decision.decided_at.utcoffset() == timedelta(0)
        assert ledger.rows(Decision, there) and not ledger.rows(Decision, there - timedelta(seconds=1))
        with pytest.raises(StatementError, match="no zone"):
            ledger.rows(Decision, datetime(2026, 11, 23))


def test_nothing_kept_can_be_changed_or_deleted(any_url: str) -> None:
    with Ledger.open(any_url) as ledger:
        an_edition(ledger)
        before = {model: ledger.rows(model) for model in TABLES}
    engine = create_engine(any_url)
    tables = [(kept.table.name, next(iter(kept.table.c.keys()))) for kept in TABLES.values()]
    for table, column in tables:
        for statement in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
            with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
                connection.execute(text(statement))
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE ledger_sequence SET value = 0"))
    engine.dispose()
    with Ledger.open(any_url) as ledger:
        assert {model: ledger.rows(model) for model in TABLES} == before


def test_a_publication_without_approval_is_refused_by_the_database_itself(any_url: str) -> None:
    with Ledger.open(any_url) as ledger:
        register(ledger, 1, 2)
        decision = approve(ledger, public(1), Said("editor", AT))
        ledger.append([Edition(seq=0, edition_id="e", edition_date=AT.date(), closed_at=AT, label="2026-W48")])
        smuggled = Publication(
            seq=0,
            publication_id="e/site/PAL-2026-00002",
            edition_id="e",
            opportunity_id=public(2).opportunity_id,
            code="PAL-2026-00002",
            channel="site",
            position=1,
            snapshot_sha256=decision.snapshot_sha256 or "",
            published_at=AT,
        )
        with pytest.raises(LedgerError, match="no approve decision"):
            ledger.append([smuggled])
        assert ledger.rows(Publication) == []


def test_a_refused_row_takes_its_whole_transaction_and_no_number(any_url: str) -> None:
    with Ledger.open(any_url) as ledger:
        register(ledger, 1)
        fresh = Identity(seq=0, opportunity_id="new", code="PAL-2026-00009", anchor_item_id="alfa/9", minted_at=AT)
        taken = fresh.model_copy(update={"opportunity_id": "other"})
        with pytest.raises(LedgerError, match="identities"):
            ledger.append([fresh, taken])
        assert [row.code for row in ledger.rows(Identity)] == ["PAL-2026-00001"]
        assert ledger.seq() == 2


def test_the_migrated_database_is_the_one_the_code_expects(any_url: str) -> None:
    Ledger.open(any_url).close()
    engine = create_engine(any_url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_ledger_of_a_newer_program_is_not_touched(url: str) -> None:
    Ledger.open(url).close()
    path = url.removeprefix("sqlite:///")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(LedgerError, match="another version of this program"):
        Ledger.open(url)


@pytest.mark.parametrize("address", ["nonsense", "oracle+none://x/y", "sqlite:////proc/nowhere/ledger.db"])
def test_an_address_of_no_use_says_so(address: str) -> None:
    with pytest.raises(LedgerError, match=r"expected|cannot be opened"):
        Ledger.open(address)


def write_many(url: str, writer: int, count: int) -> list[int]:
    with Ledger.open(url) as ledger:
        numbers = []
        for turn in range(count):
            item = IdentityItem(
                seq=0,
                item_id=f"w{writer}/{turn}",
                opportunity_id=public(1).opportunity_id,
                reason="alone",
                linked_at=AT,
            )
            kept = ledger.append([item, item])
            numbers += [row.seq for row in kept]  # type: ignore[attr-defined]
        return numbers


def test_writers_at_the_same_time_wait_for_each_other_and_share_no_number(any_url: str) -> None:
    with Ledger.open(any_url) as ledger:
        register(ledger, 1)
    with ProcessPoolExecutor(2) as pool:
        numbers = [n for got in pool.map(write_many, [any_url] * 2, [1, 2], [25] * 2) for n in got]
    assert sorted(numbers) == list(range(3, 103))
    with Ledger.open(any_url) as ledger:
        assert ledger.seq() == 102


def test_two_that_open_an_empty_ledger_at_once_both_can(any_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(Ledger.open, [any_url] * 4))
    assert [ledger.seq() for ledger in opened] == [0] * 4
    for ledger in opened:
        ledger.close()


APPROVE_ONE = """
import sys
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import Said, approve
from tests.editorial.conftest import AT, public
approve(Ledger.open(sys.argv[1]), public(1), Said("editor", AT, decision_id="once"))
"""


def run(script: str, url: str, fault: str = "") -> int:
    return subprocess.run(
        [sys.executable, "-c", script, url], env={**os.environ, "BOI_FAULT": fault}, cwd=ROOT
    ).returncode


@pytest.mark.parametrize(("fault", "kept"), [("ledger:before-commit", 0), ("ledger:committed", 1)])
def test_a_kill_at_a_boundary_keeps_all_or_nothing_and_the_next_run_completes(url: str, fault: str, kept: int) -> None:
    with Ledger.open(url) as ledger:
        register(ledger, 1)
    assert run(APPROVE_ONE, url, fault) == -signal.SIGKILL
    with Ledger.open(url) as ledger:
        assert (len(ledger.rows(Decision)), len(ledger.rows(Snapshot))) == (kept, kept)
    assert run(APPROVE_ONE, url) == 0
    with Ledger.open(url) as ledger:
        assert (len(ledger.rows(Decision)), len(ledger.rows(Snapshot))) == (1, 1)
        assert ledger.seq() == 4


APPROVE_MANY = """
import sys
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import Said, approve
from tests.editorial.conftest import AT, public
ledger = Ledger.open(sys.argv[1])
for turn in range(100000):
    approve(ledger, public(1, title_es=f"Beca {turn}"), Said("editor", AT))
    if turn == 0:
        print("ready", flush=True)
"""


def test_a_kill_at_any_instant_loses_no_decision_and_tears_none(url: str, tmp_path: Path) -> None:
    with Ledger.open(url) as ledger:
        register(ledger, 1)
    seen = 0
    for _ in range(3):
        writer = subprocess.Popen([sys.executable, "-c", APPROVE_MANY, url], stdout=subprocess.PIPE, cwd=ROOT)
        assert writer.stdout and writer.stdout.readline() == b"ready\n"
        time.sleep(random.uniform(0.05, 0.25))
        with Ledger.open(url) as ledger:
            confirmed = ledger.rows(Decision)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        with Ledger.open(url) as ledger:
            decisions, snapshots = ledger.rows(Decision), ledger.rows(Snapshot)
            assert decisions[: len(confirmed)] == confirmed, "what was once seen is still there"
            assert len(decisions) >= seen
            seen = len(decisions)
            numbers = sorted([row.seq for row in decisions] + [row.seq for row in snapshots])
            assert numbers == list(range(3, ledger.seq() + 1)), "no number without its row"
            review_state(decisions, snapshots)
    assert seen > 0


def test_a_ledger_of_the_first_program_keeps_its_rows_and_its_guards(any_url: str) -> None:
    """What was kept before the share of an edit was: it is read, does not say it, and cannot be changed."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(any_url)
    if any_url.startswith("sqlite"):
        Path(any_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (
            "INSERT INTO identities VALUES (1, 'o', 'PAL-2026-00009', 'alfa/9', '2026-11-23 21:00:00')",
            "INSERT INTO decisions VALUES (2, 'd', 'reject', 'o', '[]', 'editor', '2026-11-23 21:00:00', '', '{}', '{}', 7, NULL)",
            "UPDATE ledger_sequence SET value = 2",
        ):
            connection.execute(text(statement))
    engine.dispose()
    with Ledger.open(any_url) as ledger:
        (decision,) = ledger.rows(Decision)
        assert (decision.seconds_spent, decision.edit_share) == (7, None)
        register(ledger, 1)
        assert approve(ledger, public(1), Said("editor", AT), {"title_es": "Otra"}).edit_share
        assert ledger.faults() == []
    engine = create_engine(any_url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text("UPDATE decisions SET edit_share = 1"))
    engine.dispose()
