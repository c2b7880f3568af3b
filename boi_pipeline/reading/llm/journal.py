"""Every answer of an LLM that was paid for, or may have been, kept before anything else is done with it.

An answer is one flushed line of ``<readings>/journal/<ULID>.jsonl``; at the end of a stage the lines are folded into a Parquet
file beside it. Both are read, so that a process killed at any instant has lost nothing it paid for, and no request is sent
twice: not in another run, not by another process (the home has one writer at a time).
"""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from ulid import ULID

from boi_pipeline.reading.llm.budget import Cost
from boi_pipeline.records import LlmCall, canonical_json, sha256_hex
from scrapers.files import fault_point
from scrapers.tabular import arrow_schema, read_records, write_records

ANSWERED = ("ok", "repaired")
MOST_FAILURES = 5  # paid answers that were of no use, after which a request waits until it is asked for


class Journal:
    """The journal of one home. ``folder`` is ``readings/journal``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lines: TextIOWrapper | None = None
        self._fresh: dict[str, LlmCall] = {}  # answers not yet folded
        self._answered: set[bytes] = set()
        self._failures: dict[bytes, int] = {}
        for path in sorted(folder.glob("*.parquet")):
            table = pq.read_table(path, columns=["request_sha256", "outcome"])
            for request, outcome in zip(*(column.to_pylist() for column in table.columns), strict=True):
                self._note(request, outcome)
        for call in _unfolded(folder):
            self._take(call)

    def _note(self, request: str, outcome: str) -> None:
        key = bytes.fromhex(request)
        if outcome in ANSWERED:
            self._answered.add(key)
        else:  # what came oversized comes so again, and costs each time
            self._failures[key] = self._failures.get(key, 0) + (MOST_FAILURES if outcome == "oversized" else 1)

    def _take(self, call: LlmCall) -> None:
        self._note(call.request_sha256, call.outcome)
        if call.outcome in ANSWERED:
            self._fresh[call.request_sha256] = call

    def append(self, call: LlmCall) -> None:
        """Keep an answer: when this returns, its line is out of this process."""
        if self._lines is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lines = open(self.folder / f"{ULID()}.jsonl", "a", encoding="utf-8")  # noqa: SIM115 open until folded
        self._lines.write(call.model_dump_json() + "\n")
        self._lines.flush()
        fault_point("journal:answered")
        self._take(call)

    def failures(self, request_sha256: str) -> int:
        """How many paid answers to this request were of no use; one that was oversized counts as the most there may be."""
        return self._failures.get(bytes.fromhex(request_sha256), 0)

    def answer(self, request_sha256: str) -> LlmCall | None:
        """The answer kept for a request; None where it was never answered."""
        if request_sha256 in self._fresh:
            return self._fresh[request_sha256]
        if bytes.fromhex(request_sha256) not in self._answered:
            return None
        schema = arrow_schema(LlmCall)
        files = [str(path) for path in sorted(self.folder.glob("*.parquet"))]
        wanted = (pc.field("request_sha256") == request_sha256) & pc.field("outcome").isin(list(ANSWERED))
        rows = ds.dataset(files, schema=schema, format="parquet").to_table(filter=wanted).to_pylist()
        return LlmCall.model_validate(rows[-1]) if rows else None

    def fold(self) -> None:
        """Write the lines into one Parquet file, then remove them: the same calls, read faster."""
        if self._lines is not None:
            self._lines.close()
            self._lines = None
        paths = sorted(self.folder.glob("*.jsonl"))
        calls = {call.call_id: call for call in _unfolded(self.folder)}
        if calls:
            write_records(self.folder / f"{ULID()}.parquet", [calls[key] for key in sorted(calls)], LlmCall, "journal")
        for path in paths:
            path.unlink(missing_ok=True)
        self._fresh.clear()

    def spent(self, now: datetime, as_of: datetime) -> tuple[Cost, Cost]:
        """What all calls of ``now``'s calendar month (UTC) cost, and those of them that the run of ``as_of`` made."""
        month, run = Cost(), Cost()
        for call in _spending(self.folder):
            if (call.called_at.year, call.called_at.month) == (now.year, now.month):
                cost = Cost(call.cost_micro_usd, call.prompt_tokens + call.completion_tokens)
                month += cost
                if call.as_of == as_of:
                    run += cost
        return month, run


def load_calls(folder: Path) -> list[LlmCall]:
    """Every call kept in a journal's folder, by id, without its answer: what was used, and what came of it."""
    return sorted(_spending(folder), key=lambda call: call.call_id)


def _spending(folder: Path) -> Iterable[LlmCall]:
    calls = {
        call.call_id: call for call in read_records(sorted(folder.glob("*.parquet")), LlmCall, without=("answer",))
    }
    calls |= {call.call_id: call.model_copy(update={"answer": None}) for call in _unfolded(folder)}
    return calls.values()


def _unfolded(folder: Path) -> Iterator[LlmCall]:
    """The calls of the lines; a line that a killed process left half written was never told, and is passed over."""
    for path in sorted(folder.glob("*.jsonl")):
        with open(path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.endswith("\n"):
                    yield LlmCall.model_validate(json.loads(line))


def endpoint_of(base_url: str | None) -> str:
    """Host and path of an endpoint, without user, password and query: what may be kept of it."""
    parts = urlsplit(base_url or "https://api.openai.com/v1")
    port = f":{parts.port}" if parts.port and parts.hostname not in ("127.0.0.1", "localhost", "::1") else ""
    return f"{parts.hostname or ''}{port}{parts.path}".rstrip("/")


def request_hash(parts: object) -> str:
    """sha256 of everything a request sends."""
    return sha256_hex(canonical_json(parts))
