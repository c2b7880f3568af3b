"""Delivery as a step of a run: what is due today, what it says, and where it goes.

The only module of the package that knows ``Run``. What a run does with it belongs to ``defs``; printing, to
``cli.publish``.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from boi_pipeline.delivery.compose import composer
from boi_pipeline.delivery.deliver import ChannelReport, deliver_due, due
from boi_pipeline.delivery.message import Message
from boi_pipeline.editorial.ledger import LedgerError
from boi_pipeline.editorial.sending import (
    Sending,
    interrupted,
    recent_editions,
    resolve,
    sendings,
    standing_refusals,
    told_of,
    troubled,
)
from boi_pipeline.ledger_care import existing_ledger
from boi_pipeline.lock import HomeLocked
from boi_pipeline.records import Publication
from boi_pipeline.settings import DELIVERED_CHANNELS, DeliverySettings
from boi_pipeline.stages.editing import bulletin, render_outbox
from boi_pipeline.stages.run import Run

ADVICE = (
    "Lo fallido se intenta de nuevo en la próxima ejecución. Lo incierto no se reenvía solo: mire en el canal si salió y "
    "dígalo con `boi publish resolve PUBLICACIÓN --sent --role editor`, o con `--failed` para que se envíe de nuevo."
)


@dataclass(frozen=True)
class Delivery:
    """What one run delivered."""

    channels: list[ChannelReport] = field(default_factory=list)
    interrupted: list[str] = field(default_factory=list)  # that an earlier run left under way: now uncertain
    reason: str = ""  # why nothing was tried (Spanish)

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not self.interrupted and all(one.is_well for one in self.channels)


@dataclass(frozen=True)
class Standing:
    """How an edition stands on a channel."""

    edition_id: str
    channel: str
    states: Mapping[str, int]  # state → publications in it; ``held``: planned, but withdrawn or corrected since
    attempts: int  # the most that any of them took
    is_recent: bool  # what is not sent yet still may be
    troubled: list[tuple[str, str, str]]  # (publication_id, state, why) of what failed or is uncertain


@dataclass(frozen=True)
class Preview:
    """What would be sent, and where to; ``targets`` names kinds of service only."""

    messages: list[Message]
    targets: dict[str, list[str]]  # channel → e.g. ["mailto"]; none: a person posts it by hand
    held: dict[str, str] = field(default_factory=dict)  # publication_id → why it would not go (Spanish)


def deliver(
    run: Run,
    settings: DeliverySettings,
    *,
    channels: Collection[str] | None = None,
    edition: str | None = None,
    now: datetime | None = None,
) -> Delivery:
    """Send what is due on the channels that have credentials, or on those of them that are named.

    Takes the home's lock. Without credentials nothing is composed. A day that is past is not sent again: its posts
    wait for a run of today. Raises HomeLocked, LedgerError.
    """
    run.hold("boi publish send")
    chosen = [channel for channel in settings.channels if channels is None or channel in channels]
    with run.ledger() as ledger:
        left = interrupted(ledger, run.as_of)
        if not chosen:
            return Delivery([], left, "Ningún canal tiene credenciales: se publica a mano desde outbox/.")
        if not may_send(run, now):
            return Delivery([], left, "Es un día pasado: lo pendiente se envía con la fecha de hoy.")
        waiting = due(ledger, run.entity.today(run.as_of), run.entity.file.channels.window_days, chosen, edition)
        if not any(waiting.values()):
            return Delivery([], left, "No hay nada pendiente de envío.")
        channels_told = deliver_due(
            ledger,
            settings.urls,
            waiting,
            composer(bulletin(run)),
            run.as_of,
            loopback_only=run.entity.file.web is not None,  # a city of fiction speaks to nobody
        )
    return Delivery(channels_told, left)


def preview(
    run: Run, settings: DeliverySettings, *, channels: Collection[str] | None = None, edition: str | None = None
) -> Preview:
    """What ``deliver`` would send, and what a person would post by hand. Writes nothing and asks no server."""
    chosen = [one for one in sorted(DELIVERED_CHANNELS) if channels is None or one in channels]
    with existing_ledger(run) as ledger:
        waiting = due(ledger, run.entity.today(run.as_of), run.entity.file.channels.window_days, chosen, edition)
        compose = composer(bulletin(run))
        messages: list[Message] = []
        held: dict[str, str] = {}
        for publications in waiting.values():
            refused = standing_refusals(ledger, publications)
            held |= refused
            if rest := [one for one in publications if one.publication_id not in refused]:
                composed = compose(rest)
                messages += composed.messages
                held |= composed.held
    targets = {channel: [_kind(url) for url in settings.urls.get(channel, ())] for channel in chosen}
    return Preview(messages, targets, held)


def refresh_outbox(run: Run) -> bool:
    """Show in the outbox, where there is one, what became of posts; False where a run has the home and will do it."""
    if not run.home.outbox.exists():
        return True
    try:
        run.hold("boi publish")
    except HomeLocked:
        return False
    render_outbox(run)
    return True


def may_send(run: Run, now: datetime | None = None) -> bool:
    """Whether the run stands for today: an entity with a web of its own has its own calendar."""
    if run.entity.file.web is not None:
        return True
    return run.entity.today(run.as_of) >= run.entity.today(now or datetime.now(UTC))


def standing(run: Run) -> list[Standing]:
    """Every edition on every channel that is sent to, oldest first. Raises LedgerError where there is no ledger."""
    with existing_ledger(run) as ledger:
        found = sendings(ledger)
        recent = recent_editions(ledger, run.entity.today(run.as_of), run.entity.file.channels.window_days)
        planned = [one.publication for one in found if one.publication.state == "planned"]
        held = standing_refusals(ledger, [one for one in planned if one.edition_id in recent])
    groups: dict[tuple[str, str], list[Sending]] = {}
    for one in found:
        if one.publication.channel in DELIVERED_CHANNELS:
            groups.setdefault((one.publication.edition_id, one.publication.channel), []).append(one)
    return [
        Standing(
            edition_id=edition,
            channel=channel,
            states=Counter(
                "held" if one.publication.publication_id in held else one.publication.state for one in group
            ),
            attempts=max(one.attempts for one in group),
            is_recent=edition in recent,
            troubled=[told_of(one) for one in group if one.publication.state in ("failed", "uncertain", "sending")],
        )
        for (edition, channel), group in groups.items()
    ]


def trouble(run: Run) -> list[tuple[str, str, str]]:
    """What a person must look at: (publication_id, state, why) of what is uncertain, and of what failed in the window."""
    with run.ledger() as ledger:
        return troubled(ledger, run.entity.today(run.as_of), run.entity.file.channels.window_days)


def settle(
    run: Run,
    names: Sequence[str],
    state: Literal["sent", "failed"],
    role: str,
    reason: str,
    address: str | None = None,
) -> tuple[list[str], int]:
    """Keep what a person found out of publications, or of all of a channel in an edition (``2026-11-23/email``).

    ``address``: of the one post in which they are.

    Returns the publications and how many changed. What a killed run left under way is looked for first, unless a run is
    at it. Raises LedgerError, HomeLocked.
    """
    with existing_ledger(run) as ledger:
        known = [one for one in ledger.rows(Publication) if one.channel in DELIVERED_CHANNELS]
        chosen: list[Publication] = []
        for name in names:
            found = [one for one in known if name in (one.publication_id, one.publication_id.rpartition("/")[0])]
            if not found:
                raise _unknown(name, known)
            chosen += found
        if any(one.state == "sending" for one in chosen):
            run.hold("boi publish resolve")
            interrupted(ledger, run.as_of)
        ids = list(dict.fromkeys(one.publication_id for one in chosen))
        if address is not None and len({one.rpartition("/")[0] for one in ids}) > 1:
            raise LedgerError("--address is of one post: name publications of one channel and edition")
        return ids, resolve(ledger, ids, state, role, run.as_of, reason, address)


def _unknown(name: str, known: Sequence[Publication]) -> LedgerError:
    groups = list(dict.fromkeys(one.publication_id.rpartition("/")[0] for one in known))
    newest = ", ".join(groups[-5:]) or "none yet"
    return LedgerError(f"{name}: no such publication; the newest are of {newest}; `boi publish status` shows all")


def _kind(url: str) -> str:
    """The kind of service of an address: its scheme, where it is a word; the rest may hold a credential."""
    scheme = urlsplit(url).scheme
    return scheme if scheme.isalnum() and len(scheme) <= 16 and "://" in url else "?"
