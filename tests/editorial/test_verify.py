"""A broken ledger is called broken, in words that say where; a whole one is not."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from boi_pipeline.editorial.ledger import Ledger, LedgerError
from boi_pipeline.editorial.review import Said, answer_not_same, approve
from boi_pipeline.editorial.verify import Finding, verify
from boi_pipeline.records import Edition, Identity, Publication, Redirect
from tests.editorial.conftest import AT, public, register


@pytest.fixture
def kept(ledger: Ledger) -> Ledger:
    """Three calls, two of them merged, one approved and published, an answer of a person."""
    register(ledger, 1, 2, 3)
    merge = {"from_opportunity_id": public(2).opportunity_id, "to_opportunity_id": public(1).opportunity_id}
    cut = {"from_opportunity_id": public(3).opportunity_id, "to_opportunity_id": public(1).opportunity_id}
    ledger.append([Redirect(seq=0, **merge, kind="merged", at=AT), Redirect(seq=0, **cut, kind="split", at=AT)])
    sha256 = approve(ledger, public(1), Said("editor", AT)).snapshot_sha256 or ""
    answer_not_same(ledger, ["alfa/1", "alfa/3"], Said("editor", AT))
    publication = Publication(
        seq=0,
        publication_id="e/site/PAL-2026-00001",
        edition_id="e",
        opportunity_id=public(1).opportunity_id,
        code="PAL-2026-00001",
        channel="site",
        position=1,
        snapshot_sha256=sha256,
        published_at=AT,
    )
    ledger.append([Edition(seq=0, edition_id="e", edition_date=AT.date(), closed_at=AT, label="w"), publication])
    return ledger


def failed(ledger: Ledger, items: tuple[int, ...] = (1, 2, 3)) -> dict[str, Finding]:
    return {one.check: one for one in verify(ledger, [f"alfa/{n}" for n in items]) if not one.passed}


def test_a_whole_ledger_passes_and_every_check_is_told(kept: Ledger) -> None:
    found = verify(kept, ["alfa/1", "alfa/2", "alfa/3"])
    assert len(found) == 10 and all(one.passed and one.what and not one.advice for one in found)
    assert verify(Ledger.open("sqlite://"), []) and not failed(Ledger.open("sqlite://"))


def damage(url: str, *statements: str) -> None:
    """What a hand or a disk may do to the file, past the triggers and keys that forbid it."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    ("statement", "check", "told"),
    [
        ("UPDATE snapshots SET content = replace(content, 'Beca 1', 'Beca 9')", "snapshots", "no es su huella"),
        ("DELETE FROM identity_items WHERE item_id = 'alfa/2'", "numbering", "falta el 4"),
        ("DELETE FROM identity_items WHERE item_id = 'alfa/2'", "identities", "su ancla alfa/2 no está"),
        ("UPDATE identities SET opportunity_id = 'otro' WHERE code = 'PAL-2026-00003'", "references", "no existe"),
        ("UPDATE identities SET anchor_item_id = 'beta/7' WHERE seq = 1", "identities", "su id no sale de su ancla"),
        ("UPDATE identities SET code = 'hola' WHERE seq = 1", "identities", "no es un código público"),
        ("DELETE FROM snapshots", "references", "no existe"),
        ("UPDATE publications SET code = 'PAL-2026-00003'", "publications", "no es el de su oportunidad"),
        ("UPDATE decisions SET action = 'reject' WHERE action = 'approve'", "publications", "nadie aprobó antes"),
        ("UPDATE publications SET channel = 'article'", "publications", "nadie la eligió antes"),
        (
            "UPDATE redirects SET from_opportunity_id = to_opportunity_id, to_opportunity_id = from_opportunity_id",
            "redirects",
            "PAL-2026-00001 redirige a un código más nuevo",
        ),
        ("UPDATE decisions SET action = 'nada'", "readable", "decisions: "),
        ("SELECT 1", "database", "trigger identities_no_update is missing"),
    ],
)
def test_each_damage_is_found(kept: Ledger, url: str, statement: str, check: str, told: str) -> None:
    damage(url, statement)
    found = failed(kept)
    assert found[check].severity == "error" and "copia" in found[check].advice
    assert told in "\n".join(found[check].sample)


def test_a_code_that_merged_may_turn_to_the_part_that_was_cut_off_again(kept: Ledger) -> None:
    old, one, part = public(2).opportunity_id, public(1).opportunity_id, "00000000-0000-5000-8000-000000000099"
    identity = Identity(seq=0, opportunity_id=part, code="PAL-2026-00099", anchor_item_id="s/99", minted_at=AT)
    kept.append([identity])
    kept.append([Redirect(seq=0, from_opportunity_id=part, to_opportunity_id=one, kind="split", at=AT)])
    kept.append([Redirect(seq=0, from_opportunity_id=old, to_opportunity_id=part, kind="merged", at=AT)])
    assert "redirects" not in failed(kept)


def test_redirects_in_a_circle_are_found(kept: Ledger) -> None:
    circle = {"from_opportunity_id": public(1).opportunity_id, "to_opportunity_id": public(2).opportunity_id}
    kept.append([Redirect(seq=0, **circle, kind="merged", at=AT + timedelta(days=1))])
    assert "redirige en círculo" in "\n".join(failed(kept)["redirects"].sample)


def test_what_only_the_ledger_knows_is_a_warning(kept: Ledger) -> None:
    answer_not_same(kept, ["alfa/1", "nadie/5"], Said("editor", AT))
    found = failed(kept, (1, 2))
    assert {name: one.severity for name, one in found.items()} == {"anchors": "warning", "answers": "warning"}
    assert found["anchors"].sample == ["PAL-2026-00003: alfa/3"]
    assert "nadie/5" in found["answers"].sample[0]


def test_a_copy_is_whole_and_overwrites_nothing(kept: Ledger, tmp_path: Path) -> None:
    path = tmp_path / "copias" / "libro.db"
    kept.backup(path)
    with Ledger.open(f"sqlite:///{path}") as copy:
        assert failed(copy) == {} and copy.numbers() == kept.numbers()
    register(kept, 4)
    with pytest.raises(LedgerError, match="exists already"):
        kept.backup(path)
