"""A file of decisions is applied as a person would, each entry once ever, on its day, however often it is read."""

import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from boi_pipeline.editorial.decision_file import Applied, apply_decision_file, load_decision_file
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import review_state
from boi_pipeline.editorial.weekly import picks_of
from boi_pipeline.records import Decision, PublicOpportunity, Redirect, Snapshot
from scrapers.yamlfile import ConfigError
from tests.editorial.conftest import AT, public, register
from tests.editorial.test_weekly import MONDAY, publish

ROOT = Path(__file__).resolve().parents[2]
ZONE = ZoneInfo("America/Guayaquil")
FILE = """\
- {date: 2026-11-23, action: clear_flag, item: alfa/2, role: editor, reason: es un depósito,
     changed: {red_flags: [application_fee]}}
- {date: 2026-11-23, action: approve, item: alfa/1, role: editor, reason: buena, changed: {title_es: Beca Uno},
     seconds_spent: 80}
- {date: 2026-11-23, action: approve, item: alfa/2, role: editor}
- {date: 2026-11-23, action: approve, item: alfa/3, role: editor}
- {date: 2026-11-23, action: approve, item: alfa/404, role: editor}
- {date: 2026-11-23, action: feature, item: alfa/1, role: coordinator}
- {date: 2026-11-23, action: not_same, items: [alfa/1, alfa/2], role: editor}
- {date: 2026-11-24, action: reject, item: alfa/1, role: editor, reason: tarde}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "decisions.yml"
    path.write_text(FILE, encoding="utf-8")
    return path


def lookup(item_id: str) -> PublicOpportunity | None:
    number = int(item_id.split("/")[1])
    flags = {2: ["application_fee"], 3: ["no_convener"]}.get(number, [])
    return public(number, red_flags=flags) if number < 100 else None


def apply(ledger: Ledger, file: Path, at: datetime = AT) -> Applied:
    return apply_decision_file(ledger, load_decision_file(file), lookup, at, ZONE)


def test_entries_are_applied_wait_or_are_refused_with_their_reason(ledger: Ledger, file: Path) -> None:
    register(ledger, 1, 2, 3)
    outcome = apply(ledger, file)
    assert [one.action for one in outcome.applied] == ["clear_flag", "approve", "approve", "feature", "not_same"]
    assert [(held.entry.item, held.entry.date.day) for held in outcome.waiting] == [("alfa/1", 24)]
    refused = {held.entry.item: held.reason for held in outcome.refused}
    assert "no_convener" in refused["alfa/3"] and "ninguna oportunidad" in refused["alfa/404"]
    states = review_state(ledger.rows(Decision), ledger.rows(Snapshot))
    assert states[public(1).opportunity_id].featured
    assert {one.decided_at for one in outcome.applied} == {AT}


def test_reading_the_file_again_does_nothing_twice_and_the_day_brings_the_rest(ledger: Ledger, file: Path) -> None:
    register(ledger, 1, 2, 3)
    first = apply(ledger, file)
    before = ledger.seq()
    again = apply(ledger, file, AT + timedelta(hours=1))
    assert ledger.seq() == before
    assert (again.applied, again.already) == ([], first.applied)
    late_evening = AT.replace(hour=23)  # already the 24th in Europe, still the 23rd there
    assert apply(ledger, file, late_evening).applied == []
    assert [one.action for one in apply(ledger, file, AT + timedelta(days=1)).applied] == ["reject"]


APPLY = """
import sys
from pathlib import Path
from boi_pipeline.editorial.ledger import Ledger
from tests.editorial.test_decision_file import apply
apply(Ledger.open(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_reading_cut_anywhere_ends_in_the_same_decisions(url: str, file: Path, tmp_path: Path) -> None:
    def decided(where: str) -> list[dict[str, object]]:
        with Ledger.open(where) as ledger:
            return [one.model_dump() for one in ledger.rows(Decision)]

    whole = f"sqlite:///{tmp_path / 'whole.db'}"
    for where in (url, whole):
        with Ledger.open(where) as ledger:
            register(ledger, 1, 2, 3)
    with Ledger.open(whole) as ledger:
        apply(ledger, file)
    for fault in ("ledger:committed", "ledger:before-commit"):
        environment = {**os.environ, "BOI_FAULT": fault}
        cut = subprocess.run([sys.executable, "-c", APPLY, url, str(file)], cwd=ROOT, env=environment)
        assert cut.returncode == -signal.SIGKILL
    with Ledger.open(url) as ledger:
        apply(ledger, file)
    assert decided(url) == decided(whole)


def test_a_withdrawal_finds_a_call_that_no_longer_shows_through_the_register(ledger: Ledger, tmp_path: Path) -> None:
    register(ledger, 1, 2)
    one, two = public(1).opportunity_id, public(2).opportunity_id
    ledger.append([Redirect(seq=0, from_opportunity_id=two, to_opportunity_id=one, kind="merged", at=AT)])
    path = tmp_path / "decisions.yml"
    path.write_text("- {date: 2026-11-23, action: withdraw, item: alfa/2, role: editor, reason: estafa}\n")
    outcome = apply_decision_file(ledger, load_decision_file(path), lambda _: None, AT, ZONE)
    assert [decision.opportunity_id for decision in outcome.applied] == [one]


def test_picks_wait_for_their_call_to_be_published_and_are_taken_once(ledger: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "decisions.yml"
    why = "Es gratuita y la beca incluye el viaje."
    path.write_text(
        "".join(
            f"- {{date: 2026-11-23, action: pick, item: alfa/{n}, role: editor, reason: {why}, "
            f"changed: {{week: 2026-W48, position: {place}}}}}\n"
            for n, place in ((2, 1), (1, 2))
        )
    )
    publish(ledger, 1)
    first = apply(ledger, path)
    assert [held.entry.item for held in first.refused] == ["alfa/2"]
    publish(ledger, 2, day=MONDAY + timedelta(days=1))
    apply(ledger, path, AT + timedelta(days=2))
    listed = [one.opportunity_id for one in picks_of(ledger.rows(Decision), "2026-W48")]
    assert listed == [public(2).opportunity_id, public(1).opportunity_id]
    number = ledger.seq()
    again = apply(ledger, path, AT + timedelta(days=3))
    assert (len(again.already), again.applied, ledger.seq()) == (2, [], number)


@pytest.mark.parametrize(
    ("entry", "line", "told"),
    [
        ("{date: 2026-11-23, action: aprove, item: a/1}", 3, "action"),
        ("{date: mañana, action: approve, item: a/1}", 3, "date"),
        ("{date: 2026-11-23, action: approve}", 3, "expected item:"),
        ("{date: 2026-11-23, action: same, items: [a/1]}", 3, "two or more"),
        ("{date: 2026-11-23, action: reject, item: a/1, changed: {title: x}}", 3, "changes no field"),
        ("{date: 2026-11-23, action: clear_flag, item: a/1}", 3, "red_flags"),
        ("{date: 2026-11-23, action: amend, item: a/1}", 3, "amend changes fields"),
        ("{date: 2026-11-23, action: approve, item: a/1, note: hi}", 3, "unknown key"),
        ("{date: 2026-11-23, action: pick, item: a/1, changed: {week: 2026-W48}}", 3, "week and place"),
        ("{date: 2026-11-23, action: pick, item: a/1, changed: {week: 2026-W48, position: 6}}", 3, "week and place"),
    ],
)
def test_a_broken_file_names_file_line_and_what_was_expected(tmp_path: Path, entry: str, line: int, told: str) -> None:
    path = tmp_path / "decisions.yml"
    path.write_text(f"# first\n- {{date: 2026-11-23, action: approve, item: a/0}}\n- {entry}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as raised:
        load_decision_file(path)
    assert (raised.value.file, raised.value.line) == (str(path), line)


@pytest.mark.parametrize("text", ["decisions: []\n", "just words\n"])
def test_a_file_that_is_no_list_says_what_was_expected(tmp_path: Path, text: str) -> None:
    path = tmp_path / "decisions.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="expected a list of decisions"):
        load_decision_file(path)


def test_an_empty_file_decides_nothing_and_a_missing_one_is_told(tmp_path: Path) -> None:
    path = tmp_path / "decisions.yml"
    path.write_text("# nada todavía\n", encoding="utf-8")
    assert load_decision_file(path) == []
    with pytest.raises(ConfigError, match="cannot be read"):
        load_decision_file(tmp_path / "none.yml")


def test_the_samples_own_decisions_are_valid_and_no_two_are_the_same() -> None:
    entries = load_decision_file(ROOT / "entities" / "sample" / "decisions.yml")
    assert len({entry.decision_id for entry in entries}) == len(entries) > 3
