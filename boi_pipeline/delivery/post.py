"""The parent's side of the courier: starts it, passes it messages, waits no longer than allowed, and kills it at the end.

Each channel has a courier of its own, so that a dead one holds no other. Addresses go through a pipe: they are in no
argument, variable or log of the child.
"""

import json
import os
import select
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from boi_pipeline.delivery.courier import LEAVES
from boi_pipeline.delivery.message import Message
from boi_pipeline.delivery.outcome import Exchange, Outcome, Report, judge
from boi_pipeline.settings import ROOT

START_SECONDS = 60.0
_LATE = Outcome("uncertain", "El envío no terminó y se detuvo: no se sabe si llegó.", stops_channel=True)
_NOTHING_LEFT = Outcome("failed", "El envío no empezó a tiempo y se detuvo antes de salir.", stops_channel=True)
_NOT_STARTED = Outcome("failed", "El proceso de envío no arrancó.", stops_channel=True)


def start_courier(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """The process that sends, with pipes to it, from it, and nowhere for what it complains of."""
    return subprocess.Popen(
        [sys.executable, "-m", "boi_pipeline.delivery.courier"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, env=environment,
    )  # fmt: skip


class Post:
    """The courier of one channel, as a context manager."""

    def __init__(self, urls: Sequence[str], *, loopback_only: bool, deadline: float) -> None:
        """``deadline``: the most seconds one message to one address may take."""
        self._urls, self._loopback_only, self._deadline = list(urls), loopback_only, deadline
        self._child: subprocess.Popen[bytes] | None = None
        self._ready: list[dict[str, bool] | None] | None = None  # by address; None: it is none
        self._rest = b""
        self._has_left = False  # something of the message under way

    def __enter__(self) -> "Post":
        self._child = start_courier({name: told for name, told in os.environ.items() if not name.startswith("BOI_")})
        answer = self._ask({"urls": self._urls, "loopback_only": self._loopback_only}, START_SECONDS)
        self._ready = answer["ready"] if answer else None
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._end()

    def send(self, message: Message) -> Outcome:
        """Send a message to every address of the channel. What reached only some of them is uncertain."""
        if self._ready is None:
            return _NOT_STARTED
        for place, found in enumerate(self._ready, start=1):
            if found is None:
                reason = f"La dirección n.º {place} no es una dirección de Apprise."
                return Outcome("failed", reason, stops_channel=True)
            if message.pictures and not found["attaches"]:
                reason = f"El servicio de la dirección n.º {place} no admite imágenes, y este canal las necesita."
                return Outcome("failed", reason, stops_channel=True)
        told = {
            "title": message.title,
            "body": message.body,
            "html": message.html,
            "sender": message.sender,
            "headers": dict(message.headers),
            "pictures": [[one.name, b64encode(one.content).decode()] for one in message.pictures],
        }
        for target in range(len(self._urls)):
            outcome = self._send_one(target, told)
            if outcome.state != "sent":
                if target and outcome.state == "failed":
                    reason = f"Llegó a {target} de {len(self._urls)} direcciones. {outcome.reason}"
                    return Outcome("uncertain", reason, stops_channel=outcome.stops_channel)
                return outcome
        return Outcome("sent")

    def _send_one(self, target: int, message: dict[str, Any]) -> Outcome:
        answer = self._ask({"target": target, "message": message}, self._deadline)
        if answer is None:
            return self._killed()
        exchanges = [Exchange(**one) for one in answer.pop("exchanges")]
        return judge(Report(exchanges=exchanges, **answer))

    def _killed(self) -> Outcome:
        """What came of a message whose courier did not answer: it tells before it lets anything out."""
        child = self._child
        if child is None or child.stdout is None:
            return _NOT_STARTED
        child.kill()
        child.wait()
        has_left = self._has_left or LEAVES.encode() in self._rest + child.stdout.read()
        self._end()
        return _LATE if has_left else _NOTHING_LEFT

    def _ask(self, question: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """One line there, one back; None where none came in time or the courier has ended."""
        child, self._has_left = self._child, False
        if child is None or child.stdin is None or child.stdout is None:
            return None
        try:
            child.stdin.write(json.dumps(question).encode() + b"\n")
            child.stdin.flush()
        except OSError:
            return None
        until = time.monotonic() + seconds
        while True:
            line, end, rest = self._rest.partition(b"\n")
            if end:
                self._rest = rest
                told = json.loads(line)
                if told != LEAVES:
                    return told
                self._has_left = True
                continue
            ready, _, _ = select.select([child.stdout], [], [], max(0.0, until - time.monotonic()))
            got = os.read(child.stdout.fileno(), 65536) if ready else b""
            if not got:
                return None
            self._rest += got

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()  # between messages it has nothing to lose
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was written is no longer read
                    continue
