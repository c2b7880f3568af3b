"""Rebuilding all that is public from the ledger at once, since a withdrawal cannot wait for the next job.

The site first, for it is what people read, also while a run holds the home, and with it the outbox; then the tables;
then the site once more, for it carries the tables' files. No edition is closed and nothing is sent here. The decision
stands whatever happens.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from boi_pipeline.lock import HomeLocked, held, release
from boi_pipeline.records import Publication
from boi_pipeline.stages import editing, tables
from boi_pipeline.stages.run import Run
from boi_pipeline.told import sentence_of
from boi_pipeline.warehouse.build import CURRENT

AGAIN = "Cuando se pueda, repita: boi review remake."


@dataclass
class TakenDown:
    """What was made again, and what was not (Spanish)."""

    site: bool = False
    tables: bool = False
    problems: list[str] = field(default_factory=list)


def remake_public(run: Run, wait: float, told: Callable[[str], None] = lambda words: None) -> TakenDown:
    """Make site and tables again from what people decided; wait at most so many seconds for a run to end.

    Nothing is raised: what failed is in ``problems``, and what was public before stands there.
    """
    done = TakenDown()
    if not (run.home.warehouse / CURRENT).is_file():
        return done  # nothing was ever built: nothing is public
    is_ours = held(run.home.lock) is None
    busy = _hold(run)
    _site(run, done)
    if busy:
        shown = "El sitio ya está rehecho. " if done.site else ""
        told(f"{busy} {shown}Se espera a que termine para rehacer las tablas.")
        deadline = time.monotonic() + wait
        while (busy := _hold(run)) and time.monotonic() < deadline:
            time.sleep(1)
    if busy:
        done.problems.append(f"Las tablas y los datos abiertos siguen como estaban: {busy} {AGAIN}")
        return done
    try:
        if _try(done, "Las tablas y los datos abiertos", lambda: _tables(run)):
            done.tables = True
            done.problems.clear()  # what could not be rendered from the old tables is tried with the new ones
        _site(run, done)
    finally:
        if is_ours:
            release(run.home.lock)
    return done


def sent_elsewhere(run: Run, opportunity_id: str) -> list[str]:
    """The channels on which it is out and where only a person can take it down."""
    with run.ledger() as ledger:
        out = [
            one
            for one in ledger.rows(Publication, opportunity_id=opportunity_id)
            if one.channel not in ("site", "article")
        ]
    return sorted({one.channel for one in out if one.state in ("sending", "sent", "uncertain")})


def _hold(run: Run) -> str:
    """Take the home; who has it, where another does."""
    try:
        run.hold("boi review withdraw")
    except HomeLocked as error:
        return str(error)
    return ""


def _try(done: TakenDown, what: str, work: Callable[[], object]) -> bool:
    try:
        work()
    except Exception as error:  # noqa: BLE001 whatever it is, the editor must hear that it is still public
        done.problems.append(f"{what}: no se pudieron rehacer, y siguen como estaban: {_told(error)} {AGAIN}")
        return False
    return True


def _told(error: Exception) -> str:
    """What went wrong, also where an error that nobody foresaw says little by itself."""
    return sentence_of(error) or f"error interno ({type(error).__name__}: {error})."


def _site(run: Run, done: TakenDown) -> None:
    done.site = _try(done, "El sitio y sus archivos", lambda: editing.render_bulletin(run))
    _try(done, "La bandeja de lo que se publica a mano (outbox)", lambda: editing.render_outbox(run))


def _tables(run: Run) -> None:
    stopped = [result.stops for result in tables.build(run, tables.decision_models(run.project)) if result.stops]
    if stopped:
        tables.set_build_aside(run)
        raise RuntimeError("; ".join(map(str, stopped)))
    gate = tables.check(run)
    if not gate.passed:
        raise RuntimeError("; ".join(gate.reasons))
    tables.publish_set(run)
