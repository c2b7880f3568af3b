"""A real HTTP server on the loopback that speaks the chat-completions protocol as a script tells it, faults included."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What the server answers. ``content`` becomes a message; ``raw`` stands for the whole body."""

    content: str | None = None
    status: int = 200
    finish_reason: str = "stop"
    refusal: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    usage: dict[str, Any] | None = field(
        default_factory=lambda: {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200}
    )
    drip: float = 0.0  # seconds between bytes
    breaks: bool = False  # the connection breaks before the last byte

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.status != 200:
            return json.dumps({"error": {"message": self.content or "no", "type": "error"}}).encode()
        message = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        choice = {"index": 0, "finish_reason": self.finish_reason, "message": message}
        told: dict[str, Any] = {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
        return json.dumps(told | ({"usage": self.usage} if self.usage else {})).encode()


Script = Callable[[dict[str, Any], int], Reply]
"""The request's JSON and its number, from 0 → the reply."""


class Server:
    """A running server: ``requests`` are the JSON bodies it got."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str | None] = []
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with outer._lock:
                    number = len(outer.requests)
                    outer.requests.append(asked)
                    outer.authorizations.append(self.headers.get("authorization"))
                reply = outer.script(asked, number)
                body = reply.body()
                self.send_response(reply.status)
                for name, value in {"content-type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(body) + reply.breaks))
                self.end_headers()
                self.close_connection = reply.breaks
                try:
                    if reply.drip:
                        for i in range(len(body)):
                            self.wfile.write(body[i : i + 1])
                            time.sleep(reply.drip)
                    else:
                        self.wfile.write(body)
                except OSError:
                    pass  # the client did not wait

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def calls(self) -> int:
        return len(self.requests)

    def user_texts(self) -> list[str]:
        """The last message of every request."""
        return [asked["messages"][-1]["content"] for asked in self.requests]


@contextmanager
def served(script: Script) -> Iterator[Server]:
    """A server that runs until the block ends."""
    server = Server(script)
    thread = threading.Thread(target=server._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server._http.shutdown()
        server._http.server_close()


# ---------------------------------------------------------------- answers


def answer(**facts: Any) -> str:
    """A reading's answer: the facts given, every other field null. A fact is (value, quote) or deadlines as dicts."""
    from boi_pipeline.reading.llm.wire import asked_fields

    told: dict[str, Any] = dict.fromkeys(asked_fields())
    for name, fact in facts.items():
        told[name] = (
            fact
            if name == "deadlines"
            else {"value": fact[0], "quotes": [fact[1]] if fact[1] else [], "confidence": 0.9}
        )
    return json.dumps(told, ensure_ascii=False)


def closing(
    day: str, quote: str, time: str | None = None, zone: str | None = None, stage: str = "application"
) -> dict[str, Any]:
    """One deadline of an answer."""
    return {"stage": stage, "date": day, "time": time, "timezone": zone, "quote": quote}
