"""Delivering what is due: claim in the ledger, send, keep what came of it; channel by channel, side by side.

``sending`` is in the ledger before anything leaves, and what came of it right after: a process killed at any instant
leaves nothing that would be sent twice. What is due and what it says is an argument; the wire belongs to ``post``.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

from boi_pipeline.delivery.message import Composed, Message
from boi_pipeline.delivery.outcome import Outcome
from boi_pipeline.delivery.post import Post
from boi_pipeline.editorial.edition import mark
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.sending import Sending, claim, recent_editions, sendings
from boi_pipeline.records import Publication

Compose = Callable[[Sequence[Publication]], Composed]
"""What some publications of one channel say."""


@dataclass(frozen=True)
class Rules:
    """How often, and for how long, a sending is tried."""

    tries: int = 3  # of one message in one run
    attempts: int = 9  # of one publication, ever: then a person looks
    pause: float = 2.0  # seconds after the first try; doubled after each
    longest_pause: float = 60.0  # seconds; a server that asks for more is left to the next run
    deadline: float = 120.0  # seconds, of one message to one address


@dataclass
class ChannelReport:
    """What was done on one channel in one run."""

    channel: str
    states: Counter[str] = field(default_factory=Counter)  # publications by the state this run brought them to
    held: dict[str, str] = field(default_factory=dict)  # publication_id → why it was not sent (Spanish)
    problems: list[str] = field(default_factory=list)  # Spanish, without addresses

    @property
    def is_well(self) -> bool:
        """Whether nobody needs to look."""
        return not self.problems


def due(
    ledger: Ledger,
    today: date,
    window_days: int,
    channels: Collection[str],
    edition: str | None = None,
    attempts: int = Rules.attempts,
) -> dict[str, list[Publication]]:
    """Channel → what it still has to send: planned or failed, of editions at most ``window_days`` old, oldest first."""
    recent = recent_editions(ledger, today, window_days)
    editions = recent if edition is None else recent & {edition}
    found: dict[str, list[Publication]] = {channel: [] for channel in sorted(channels)}
    for one in sendings(ledger):
        if one.publication.channel in found and one.publication.edition_id in editions and is_waiting(one, attempts):
            found[one.publication.channel].append(one.publication)
    return found


def is_waiting(one: Sending, attempts: int = Rules.attempts) -> bool:
    """Whether a machine would still send it."""
    return one.publication.state in ("planned", "failed") and one.attempts < attempts


def deliver_due(
    ledger: Ledger,
    urls: Mapping[str, Sequence[str]],
    waiting: Mapping[str, Sequence[Publication]],
    compose: Compose,
    at: datetime,
    rules: Rules | None = None,
    *,
    loopback_only: bool = False,
    sleep: Callable[[float], None] = time.sleep,
    open_post: Callable[..., Post] = Post,
) -> list[ChannelReport]:
    """Send what is waiting, each channel on its own. No failure of a channel is raised: it is reported."""
    given = rules or Rules()
    busy = [channel for channel, publications in waiting.items() if publications]

    def one_channel(channel: str) -> ChannelReport:
        sender = _Sender(ledger, channel, compose, at, given, sleep)
        try:
            with open_post(urls[channel], loopback_only=loopback_only, deadline=given.deadline) as post:
                sender.run(post, waiting[channel])
        except Exception as error:  # noqa: BLE001 one channel's trouble is not the others'
            sender.report.problems.append(f"{channel}: error interno ({type(error).__name__}).")
        return sender.report

    with ThreadPoolExecutor(max_workers=max(1, len(busy))) as pool:
        return list(pool.map(one_channel, busy))


class _Sender:
    """One channel's messages, in their order."""

    def __init__(
        self,
        ledger: Ledger,
        channel: str,
        compose: Compose,
        at: datetime,
        rules: Rules,
        sleep: Callable[[float], None],
    ) -> None:
        self._ledger, self._compose, self._at, self._rules, self._sleep = ledger, compose, at, rules, sleep
        self.report = ChannelReport(channel)

    def run(self, post: Post, publications: Sequence[Publication]) -> None:
        """Send until all is sent, or the channel is of no use today."""
        known = {one.publication_id: one for one in publications}
        messages = deque(self._composed(publications))
        while messages:
            message = messages.popleft()
            refused = claim(self._ledger, message.publication_ids, self._at)
            if refused:  # what may still go is put together anew, without the rest
                self.report.held |= refused
                rest = [known[name] for name in message.publication_ids if name not in refused]
                messages.extendleft(reversed(self._composed(rest) if rest else []))
                continue
            outcome = self._send(post, message)
            self.report.states[outcome.state] += len(message.publication_ids)
            if outcome.state != "sent":
                self.report.problems.append(f"{', '.join(message.publication_ids)}: {outcome.reason}")
            if outcome.stops_channel:
                if messages:
                    left = sum(len(one.publication_ids) for one in messages)
                    self.report.problems.append(f"{self.report.channel}: quedan {left} sin intentar.")
                return

    def _composed(self, publications: Sequence[Publication]) -> list[Message]:
        made = self._compose(publications)
        self.report.held |= made.held
        return made.messages

    def _send(self, post: Post, message: Message) -> Outcome:
        """Send a claimed message, and again while that makes sense; every try is in the ledger."""
        pause = self._rules.pause
        for _ in range(self._rules.tries - 1):
            outcome = self._try(post, message)
            wait = max(pause, outcome.retry_after or 0.0)
            if not outcome.again or wait > self._rules.longest_pause:
                return outcome
            self._sleep(wait)
            pause *= 2
            if not self._may_try_again(message):
                return outcome
        return self._try(post, message)

    def _try(self, post: Post, message: Message) -> Outcome:
        try:
            outcome = post.send(message)
        except Exception as error:  # noqa: BLE001 it is under way, and must not stay so
            outcome = Outcome("uncertain", f"Error interno ({type(error).__name__}).", stops_channel=True)
        mark(self._ledger, message.publication_ids, outcome.state, self._at, outcome.reason)
        return outcome

    def _may_try_again(self, message: Message) -> bool:
        wanted = set(message.publication_ids)
        tried = [one for one in sendings(self._ledger) if one.publication.publication_id in wanted]
        if not all(is_waiting(one, self._rules.attempts) for one in tried):
            return False
        if refused := claim(self._ledger, message.publication_ids, self._at):
            self.report.held |= refused
            return False
        return True
