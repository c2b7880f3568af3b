"""A process killed between any two statements of any act loses nothing that was kept and keeps nothing half."""

import os
import shutil
import signal
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from sqlalchemy import event
from sqlalchemy.engine import Engine

from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import ApprovedCall, close_corrections, close_edition, mark_sent
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import snapshot_hash
from boi_pipeline.editorial.schema import TABLES
from boi_pipeline.editorial.verify import verify
from boi_pipeline.editorial.week_edition import close_week
from boi_pipeline.editorial.weekly import pick
from boi_pipeline.entity import EditionRules
from tests.editorial.conftest import AT, public, register

LATER = AT + timedelta(days=1)
DAY = date(2026, 11, 24)
FLAGGED = public(3, red_flags=["application_fee"])
ANEW = public(1, title_es="Beca 1, corregida")
OWN = public(1).opportunity_id
WHY = "La elegimos porque sirve a muchas personas."


def calls(*seen: review.PublicOpportunity) -> list[ApprovedCall]:
    return [ApprovedCall(one.opportunity_id, snapshot_hash(one), True, 20, "official") for one in seen]


ACTS: dict[str, Callable[[Ledger], Any]] = {
    "approve": lambda ledger: review.approve(ledger, public(4), review.Said("editor", LATER), {"title_es": "Otra"}),
    "amend": lambda ledger: review.amend(ledger, public(4), review.Said("editor", LATER), {"title_es": "Otra"}),
    "reject": lambda ledger: review.reject(ledger, public(4), review.Said("editor", LATER, "no aplica")),
    "feature": lambda ledger: review.feature(ledger, public(4), review.Said("editor", LATER)),
    "withdraw": lambda ledger: review.withdraw(
        ledger, public(1).opportunity_id, review.Said("editor", LATER, "estafa")
    ),
    "clear_flag": lambda ledger: review.clear_flag(
        ledger, FLAGGED, review.Said("editor", LATER, "es gratis"), ["application_fee"]
    ),
    "same": lambda ledger: review.answer_same(ledger, ["alfa/1", "alfa/2"], review.Said("editor", LATER)),
    "not_same": lambda ledger: review.answer_not_same(ledger, ["alfa/1", "alfa/2"], review.Said("editor", LATER)),
    "pick": lambda ledger: pick(ledger, "2026-W48", OWN, WHY, "editor", LATER, open_calls={OWN}),
    "edition": lambda ledger: close_edition(ledger, DAY, LATER, calls(public(2)), EditionRules(), lambda _: True),
    "corrections": lambda ledger: close_corrections(ledger, DAY, LATER, calls(ANEW)),
    "week": lambda ledger: close_week(ledger, "2026-W47", LATER, ["article"], day=DAY),
    "sent": lambda ledger: mark_sent(ledger, LATER, {"2026-11-19/site/PAL-2026-00001"}),
}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which every act has something to do."""
    path = tmp_path_factory.mktemp("office") / "ledger.db"
    with Ledger.open(f"sqlite:///{path}") as ledger:
        register(ledger, 1, 2, 3, 4)
        review.approve(ledger, public(1), review.Said("editor", AT))
        close_edition(ledger, date(2026, 11, 19), AT, calls(public(1)), EditionRules(), lambda _: True)
        pick(ledger, "2026-W47", public(1).opportunity_id, WHY, "editor", AT)
        review.approve(ledger, public(2), review.Said("editor", AT))
        review.approve(ledger, ANEW, review.Said("editor", AT))
    return path


def rows(path: Path) -> dict[type[BaseModel], list[Any]]:
    """Everything that is kept, without the ids that each try makes anew; the ledger is whole."""
    with Ledger.open(f"sqlite:///{path}") as ledger:
        assert [one.check for one in verify(ledger, {f"alfa/{n}" for n in range(1, 5)}) if not one.passed] == []
        return {
            model: [row.model_copy(update={"decision_id": ""}) if hasattr(row, "decision_id") else row for row in found]
            for model in TABLES
            for found in [ledger.rows(model)]
        }


def killed_at(path: Path, act: Callable[[Ledger], Any], statement: int) -> bool:
    """Do an act in a process of its own that is killed before its n-th statement; whether it got that far."""
    child = os.fork()
    if not child:
        try:
            left = statement

            def count(*_: Any) -> None:
                nonlocal left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            with Ledger.open(f"sqlite:///{path}") as ledger:
                for moment in ("before_cursor_execute", "commit"):
                    event.listen(Engine, moment, count)
                act(ledger)
            os._exit(0)
        finally:
            os._exit(1)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status in (0, -signal.SIGKILL), "the act itself failed"
    return status != 0


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_kill_between_any_two_statements_keeps_all_or_nothing(office: Path, tmp_path: Path, name: str) -> None:
    path, act = tmp_path / "ledger.db", ACTS[name]
    before = rows(office)
    shutil.copyfile(office, path)
    with Ledger.open(f"sqlite:///{path}") as ledger:
        act(ledger)
    after = rows(path)
    assert after != before, "the act does something"
    statement, killed = 0, True
    while killed:
        statement += 1
        shutil.copyfile(office, path)
        for log in tmp_path.glob("ledger.db-*"):
            log.unlink()
        killed = killed_at(path, act, statement)
        assert rows(path) == (before if killed else after), f"killed at statement {statement}"
    assert statement > 3, "it was killed at each of them"
