"""Looking after the ledger: restoring a copy, what its loss would cost, and people's answers as labelled pairs.

Whether a ledger is whole belongs to ``editorial.verify``; printing, to ``cli.ledger``.
"""

import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import combinations, count
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from boi_pipeline.editorial.ledger import BUSY_SECONDS, Ledger, LedgerError
from boi_pipeline.editorial.verify import verify
from boi_pipeline.lock import held, release
from boi_pipeline.records import (
    Decision,
    Edition,
    Identity,
    Publication,
    Redirect,
    Snapshot,
)
from boi_pipeline.stages import matches
from boi_pipeline.stages.run import Run, iter_notices
from scrapers.files import atomic_path
from scrapers.notice import Notice

FIRST_FAMILY = 9_000_000
"""Families of people's answers are numbered from here, so that they meet no family written by hand."""


def existing_ledger(run: Run) -> Ledger:
    """The ledger, open, where there is one: looking makes none. Raises LedgerError."""
    url = make_url(run.home.ledger_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise LedgerError(f"{url.database}: there is no ledger yet; run `boi run --only collect` first")
    return Ledger.open(run.home.ledger_url)


# ---------------------------------------------------------------- back from a copy


@dataclass(frozen=True)
class Restored:
    """What came of a copy that was put in the ledger's place."""

    aside: Path | None  # where the ledger that was there is kept; None where there was none
    seq: int  # of the copy
    seq_before: int | None  # of the ledger that was there; None where it could not be read

    @property
    def set_aside(self) -> int:
        """How many rows the ledger that was there has more than the copy: they are only in the file set aside."""
        return max(0, (self.seq_before or 0) - self.seq)


def restore(run: Run, copy: Path) -> Restored:
    """Put a copy in the ledger's place and keep the one that is there beside it, under a new name.

    The copy is looked at first, in a file of its own, and brought up to date there; ``copy`` itself stays as it is.
    Killed at any instant, the ledger is the old one or the new one, whole. Raises LedgerError, changing nothing, where
    the copy is no whole ledger, was written by a newer program, or the ledger is no SQLite file; HomeLocked while a run
    is under way.
    """
    url = make_url(run.home.ledger_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise LedgerError(f"{url!r} is no SQLite file: restore it with pg_restore")
    if not copy.is_file():
        raise LedgerError(f"{copy}: there is no such file; expected a copy made by `boi ledger backup`")
    place = Path(url.database)
    is_ours = held(run.home.lock) is None
    run.hold("boi ledger restore")
    try:
        with atomic_path(place, "restore") as temporary:
            shutil.copyfile(copy, temporary)
            seq = _verified(run, copy, temporary)
            before = _closed(place)
            aside = _set_aside(place)
        return Restored(aside, seq, before)
    finally:
        if is_ours:
            release(run.home.lock)


def _verified(run: Run, copy: Path, temporary: Path) -> int:
    """The newest number of a copy that is whole, brought up to date. Raises LedgerError."""
    try:
        with Ledger.open(f"sqlite:///{temporary}") as ledger:
            items = {notice.item_id for notice in iter_notices(run)}
            faults = [one for one in verify(ledger, items) if one.severity == "error" and not one.passed]
            seq = ledger.seq()
    except (LedgerError, SQLAlchemyError, sqlite3.Error) as error:
        raise LedgerError(f"{copy}: not restored, it is no ledger of this program: {error}") from None
    if faults:
        told = "; ".join(f"{one.what}: {', '.join(one.sample)}" for one in faults)
        raise LedgerError(f"{copy}: not restored, it is damaged: {told}. Take another copy")
    with closing(sqlite3.connect(temporary)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE").close()  # all of it in the one file that is renamed
    return seq


def _closed(place: Path) -> int | None:
    """Bring all of the present ledger into its one file; its newest number, None where it cannot be read."""
    if not place.is_file():
        return None
    try:
        with closing(sqlite3.connect(place, timeout=BUSY_SECONDS)) as connection:
            (seq,) = connection.execute("SELECT value FROM ledger_sequence").fetchone()
            (is_busy, _, _) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except (sqlite3.Error, TypeError):
        return None  # damaged: that is why it is replaced, and it is kept as it is
    if is_busy:
        raise LedgerError(f"{place}: somebody is working in it; close what has it open (boi review) and try again")
    return seq


def _set_aside(place: Path) -> Path | None:
    """Keep the present ledger under the next free name beside it. What is renamed next takes its place."""
    if not place.exists():
        return None
    aside = next(
        path
        for number in count(1)
        if not (path := place.with_name(f"{place.stem}.aside-{number}{place.suffix}")).exists()
    )
    os.link(place, aside)
    for suffix in ("-wal", "-shm"):
        part = place.with_name(place.name + suffix)
        if part.exists():  # a log of the old pages must not be played over the new ones
            os.replace(part, aside.with_name(aside.name + suffix))
    return aside


# ---------------------------------------------------------------- what its loss would cost


@dataclass(frozen=True)
class Loss:
    """What would be lost with the ledger, were everything else kept: found by numbering the kept notices anew."""

    identities: int  # living opportunities
    same_id: int  # minted again with the id they have
    same_code: int  # of these, with the code they have
    lost_ids: int  # that no kept notice gives back
    published_codes: int  # codes that were made public
    dangling_codes: int  # of these, codes that nothing would have
    swapped_codes: int  # of these, codes that another opportunity would have
    redirects: int  # codes that lead to another today
    decisions: int
    decisions_in_file: int  # of these, those the entity's file of decisions gives back
    approvals: int  # approved texts, word for word
    answers: int  # same / not_same
    editions: int
    publications: int

    @property
    def words(self) -> list[str]:
        """The same, for the person who decides whether to keep a copy."""
        other = self.same_id - self.same_code
        return [
            f"{self.identities} oportunidades vivas: {self.same_id} volverían con el mismo id "
            f"({other} con otro código) y {self.lost_ids} con otro id, o no volverían.",
            f"{self.published_codes} códigos publicados: {self.dangling_codes} dejarían de existir y "
            f"{self.swapped_codes} pasarían a ser de otra convocatoria.",
            f"{self.redirects} códigos unidos a otro dejarían de llevar a él.",
            f"{self.decisions} decisiones de personas, {self.decisions - self.decisions_in_file} sin otra copia; "
            f"entre ellas {self.answers} respuestas «misma» o «distinta».",
            f"{self.approvals} textos aprobados, {self.editions} ediciones y {self.publications} publicaciones: "
            "no hay de dónde rehacerlos, y el sitio quedaría vacío.",
        ]

    @property
    def advice(self) -> str:
        """What to do about it."""
        if not self.identities:
            return "El libro está vacío: nada se perdería."
        return "Guarde una copia cada día fuera de esta máquina: boi ledger backup ARCHIVO (PostgreSQL: pg_dump)."


def cost_of_loss(run: Run, ledger: Ledger) -> Loss:
    """Number the kept notices in an empty ledger, as the next run would after a loss, and compare."""
    with tempfile.TemporaryDirectory() as folder, Ledger.open(f"sqlite:///{folder}/ledger.db") as fresh:
        matches.register(run, fresh)
        anew = {one.opportunity_id: one.code for one in fresh.rows(Identity)}
    identities = {one.opportunity_id: one.code for one in ledger.rows(Identity)}
    merged = {one.from_opportunity_id for one in ledger.rows(Redirect) if one.kind == "merged"}
    living = {one: code for one, code in identities.items() if one not in merged}
    publications = ledger.rows(Publication)
    public = {one.code: one.opportunity_id for one in publications}
    named_anew = {code: one for one, code in anew.items()}
    decisions = ledger.rows(Decision)
    in_file = _decisions_in_file(run)
    same_id = [one for one in living if one in anew]
    return Loss(
        identities=len(living),
        same_id=len(same_id),
        same_code=sum(anew[one] == living[one] for one in same_id),
        lost_ids=len(living) - len(same_id),
        published_codes=len(public),
        dangling_codes=sum(code not in named_anew for code in public),
        swapped_codes=sum(named_anew.get(code, one) != one for code, one in public.items()),
        redirects=len(merged),
        decisions=len(decisions),
        decisions_in_file=sum(one.decision_id in in_file for one in decisions),
        approvals=len(ledger.rows(Snapshot)),
        answers=sum(one.action in ("same", "not_same") for one in decisions),
        editions=len(ledger.rows(Edition)),
        publications=len(publications),
    )


def _decisions_in_file(run: Run) -> set[str]:
    from boi_pipeline.editorial.decision_file import load_decision_file

    path = run.entity.decisions_path
    return {entry.decision_id for entry in load_decision_file(path)} if path else set()


# ---------------------------------------------------------------- people's answers as labelled pairs


def labelled_pairs(decisions: Iterable[Decision], notices: Iterable[Notice]) -> tuple[list[dict[str, Any]], int]:
    """People's newest answer about each pair of announcements, as families of ``evaluation/pairs``.

    Each pair is a family of its own, so that nothing is said of pairs nobody compared; its notices are those of the
    day of the answer. Second: how many pairs are left out because a notice of theirs is not kept.
    """
    answers: dict[tuple[str, str], tuple[Decision, int]] = {}
    for one in sorted(decisions, key=lambda one: one.seq):
        if one.action in ("same", "not_same"):
            for place, (a, b) in enumerate(combinations(sorted(set(one.item_ids)), 2)):
                answers[a, b] = one, place
    wanted = {item for pair in answers for item in pair}
    history: dict[str, list[Notice]] = {}
    for notice in notices:
        if notice.item_id in wanted:
            history.setdefault(notice.item_id, []).append(notice)
    found, missing = [], 0
    for pair, (answer, place) in sorted(answers.items(), key=lambda one: (one[1][0].seq, one[1][1])):
        if not all(item in history for item in pair):
            missing += 1
            continue
        name = f"f{FIRST_FAMILY + answer.seq * 101 + place}"  # of 300 and more: for training
        calls = (f"{name}-1", f"{name}-1" if answer.action == "same" else f"{name}-2")
        found.append(
            {
                "family": name,
                "about": f"{answer.decision_id}: {answer.action}, {answer.role}. {answer.reason}".rstrip(". ") + ".",
                "notices": [
                    _labelled(_seen(history[item], answer), f"{name}{letter}", call)
                    for item, letter, call in zip(pair, "ab", calls, strict=True)
                ],
            }
        )
    return found, missing


def _seen(history: list[Notice], answer: Decision) -> Notice:
    """The notice of an item as it stood when the person answered; its first where it was kept only later."""
    ordered = sorted(history, key=lambda one: (one.fetched_at, one.crawl_id))
    return next((one for one in reversed(ordered) if one.fetched_at <= answer.decided_at), ordered[0])


def _labelled(notice: Notice, name: str, call: str) -> dict[str, Any]:
    published: date = (notice.published_at or notice.fetched_at).date()
    body = notice.text.removeprefix(notice.title).lstrip("\n")  # the title is a line of its own there
    return {
        "id": name,
        "call": call,
        "source": notice.source_id,
        "authority": notice.authority,
        "language": notice.language.split("-")[0],
        "published": published,
        "url": notice.url,
        "title": notice.title,
        "text": body,
        "links": [link.model_dump() for link in notice.links],
    }


def write_pairs(path: Path, families: list[dict[str, Any]]) -> None:
    """Write families as YAML that people can read and mend."""
    with atomic_path(path, "pairs") as temporary:
        temporary.write_text(_yaml(families), encoding="utf-8")


def _yaml(families: list[dict[str, Any]]) -> str:
    import yaml

    return yaml.safe_dump({"families": families}, allow_unicode=True, sort_keys=False, width=120)


def pairs_told(families: Iterable[dict[str, Any]]) -> Counter[str]:
    """How many pairs say ``same`` and how many ``not_same``."""
    return Counter(_answers(families))


def _answers(families: Iterable[dict[str, Any]]) -> Iterator[str]:
    for family in families:
        yield "same" if len({notice["call"] for notice in family["notices"]}) == 1 else "not_same"
