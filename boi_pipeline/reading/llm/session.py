"""Asking an LLM within a run: budget, journal, one repair round, typed failures, and many questions at once.

Reader, drafter and judge ask through here. What they ask, and what they make of an answer, is theirs.
"""

import asyncio
import sys
import threading
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Literal, TypeVar, cast

import httpx2
from ulid import ULID

from boi_pipeline.entity import ReaderChoice
from boi_pipeline.reading.llm.budget import BudgetExhausted, Cost, Purse, cost_of, most_tokens, price_of
from boi_pipeline.reading.llm.client import CallFailed, Completed, Endpoint
from boi_pipeline.reading.llm.journal import MOST_FAILURES, Journal, request_hash
from boi_pipeline.reading.llm.prompt import Message, repair
from boi_pipeline.reading.llm.wire import MAX_ANSWER, AnswerError
from boi_pipeline.records import LlmCall
from boi_pipeline.settings import LlmSettings

T = TypeVar("T")
Outcome = Literal["ok", "repaired", "truncated", "refused", "empty", "invalid", "oversized", "timeout", "connection"]
_BREAK = 5  # calls in a row without an answer, after which no more are made in this run


class NoAnswer(Exception):
    """There is no answer to use. ``kind`` is an outcome of a paid call, a kind of CallFailed, budget, waiting or stopped."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail = kind, detail


@dataclass(frozen=True)
class Question:
    """One thing to ask: its messages, the schema of its answer, and who asks about what."""

    purpose: Literal["read", "draft", "match"]
    version: str  # of the reader, the drafter or the judge
    notice_id: str  # of a pair, the first
    messages: list[Message]
    schema: dict[str, Any]
    schema_sha256: str
    max_tokens: int


class Session:
    """The LLM of one run. Use it as a context manager; it runs an event loop in a thread of its own until it ends."""

    def __init__(
        self,
        settings: LlmSettings,
        choice: ReaderChoice,
        journal: Journal,
        as_of: datetime,
        now: Callable[[], datetime],
        *,
        again: bool = False,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """``again``: also ask what failed too often. ``transport`` is for tests. Raises ConfigError: unknown price."""
        price = price_of(settings.model, choice.price)
        self.settings, self.journal, self.again = settings, journal, again
        self.purse = Purse(choice.budget, price, *journal.spent(now(), as_of))
        self.calls = 0  # answers paid for in this run, those not seen whole included
        self._as_of, self._now, self._transport = as_of, now, transport
        self._in_flight: dict[str, asyncio.Future[Any]] = {}
        self._stopped: NoAnswer | None = None
        self._unanswered = 0

    # ------------------------------------------------------------ the loop

    def __enter__(self) -> "Session":
        # answers wait for this process's other thread no longer than a millisecond: it works while they come
        self._switch = sys.getswitchinterval()
        sys.setswitchinterval(0.001)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llm", daemon=True)
        self._thread.start()
        self.endpoint = self._wait(self._open())
        return self

    async def _open(self) -> Endpoint:
        self._places = asyncio.Semaphore(self.settings.concurrency)
        return await Endpoint(self.settings, self.journal.folder / "dialects.json", self._transport).__aenter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._wait(self._close())
        finally:
            sys.setswitchinterval(self._switch)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _close(self) -> None:
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.endpoint.__aexit__()

    def _wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def ask_all(
        self, questions: Iterable[tuple[T, Question | None]], parse: Callable[[str], Any]
    ) -> Iterator[tuple[T, Any]]:
        """Each thing with the parsed answer to its question, or NoAnswer, in their order; None asks nothing.

        At most eight times as many questions as there are places are taken ahead: memory stays flat.
        """
        waiting: deque[tuple[T, Future[Any] | None]] = deque()

        def first() -> tuple[T, Any]:
            thing, future = waiting.popleft()
            if future is None:
                return thing, None
            try:
                return thing, future.result()
            except NoAnswer as failure:
                return thing, failure

        try:
            for thing, question in questions:
                future = None
                if question is not None:
                    future = asyncio.run_coroutine_threadsafe(self.ask(question, parse), self._loop)
                waiting.append((thing, future))
                if len(waiting) >= 8 * self.settings.concurrency:
                    yield first()
            while waiting:
                yield first()
        finally:
            for _, future in waiting:
                if future is not None:
                    future.cancel()

    def fold(self) -> None:
        """Fold the journal's lines, between two answers."""

        async def folded() -> None:
            self.journal.fold()

        self._wait(folded())

    # ------------------------------------------------------------ one question

    async def ask(self, question: Question, parse: Callable[[str], T]) -> T:
        """The parsed answer: from the journal, or by a call with at most one repair round. Raises NoAnswer."""
        key = request_hash([self.settings.model, question.messages, question.schema_sha256])
        while key in self._in_flight:
            await asyncio.wait([self._in_flight[key]])
        known = self.journal.answer(key)
        if known is not None and known.answer is not None:
            return _parsed(parse, known.answer)
        if self.journal.failures(key) >= MOST_FAILURES and not self.again:
            raise NoAnswer("waiting", "what was paid for was of no use too often; it is asked again with --reread")
        done = self._in_flight[key] = asyncio.get_running_loop().create_future()
        try:
            async with self._places:
                return await self._call(key, question, parse)
        finally:
            del self._in_flight[key]
            done.set_result(None)

    async def _call(self, key: str, question: Question, parse: Callable[[str], T]) -> T:
        messages, round_of_repair = question.messages, False
        while True:
            completed, used = await self._complete(key, messages, question)
            outcome, detail, parsed = _judge(completed, parse)
            if outcome == "ok" and round_of_repair:
                outcome = "repaired"
            self._keep(key, question, completed, used, outcome, detail)
            if outcome in ("ok", "repaired"):
                return parsed  # type: ignore[return-value]
            if outcome != "invalid" or round_of_repair:
                raise NoAnswer(outcome, detail)
            if "no JSON object" in detail:
                self.endpoint.downgrade()
            messages, round_of_repair = repair(question.messages, completed.content or "", detail), True

    async def _complete(self, key: str, messages: list[Message], question: Question) -> tuple[Completed, Cost]:
        """Ask; where no whole answer came in time or the connection broke, which may have cost, once more at most."""
        tries = 1 + min(1, self.settings.retries)
        while True:
            tries -= 1
            try:
                return await self._once(key, messages, question)
            except CallFailed as failure:
                if not (tries and failure.may_cost and failure.kind in ("timeout", "connection")):
                    raise NoAnswer(failure.kind, failure.detail) from None

    async def _once(self, key: str, messages: list[Message], question: Question) -> tuple[Completed, Cost]:
        if self._stopped is not None:
            raise self._stopped
        prompt = "".join(message["content"] for message in messages)
        try:
            reserved = self.purse.reserve(prompt, question.max_tokens)
        except BudgetExhausted as error:
            raise NoAnswer("budget", str(error)) from None
        used = Cost()
        try:
            completed = await self.endpoint.complete(messages, question.schema, question.max_tokens)
            used = cost_of(
                self.purse.price,
                most_tokens(prompt) if completed.prompt_tokens is None else completed.prompt_tokens,
                min(completed.cached_tokens, completed.prompt_tokens or 0),
                most_tokens(completed.content or "")
                if completed.completion_tokens is None
                else completed.completion_tokens,
            )
        except CallFailed as failure:
            if failure.may_cost:
                used = reserved
                self._keep_unseen(key, question, failure, used)
            self._count_unanswered(failure)
            raise
        finally:
            self.purse.settle(reserved, used)
        self._unanswered = 0
        return completed, used

    def _count_unanswered(self, failure: CallFailed) -> None:
        """Stop asking where nobody answers: a wrong key at once, a dead server after a few calls in a row."""
        if failure.kind == "rejected":
            return
        self._unanswered += 1
        if failure.kind == "auth" or self._unanswered >= _BREAK:
            self._stopped = NoAnswer("stopped", f"no more calls in this run after {failure}")

    def _keep(
        self, key: str, question: Question, completed: Completed, used: Cost, outcome: Outcome, detail: str
    ) -> None:
        self._append(
            key,
            question,
            outcome,
            detail,
            used,
            answer=(completed.content or "")[:MAX_ANSWER] if completed.content is not None else None,
            prompt_tokens=used.tokens if completed.prompt_tokens is None else completed.prompt_tokens,
            cached_tokens=completed.cached_tokens,
            completion_tokens=completed.completion_tokens or 0,
            seconds=round(completed.seconds, 3),
        )

    def _keep_unseen(self, key: str, question: Question, failure: CallFailed, used: Cost) -> None:
        """What it cost nobody can say: the most that it may have is counted, and the line says so."""
        detail = f"{failure.detail}; its cost is unknown: the most it may have been is counted"
        sent = used.tokens - question.max_tokens
        outcome = cast(Outcome, failure.kind)
        self._append(key, question, outcome, detail, used, prompt_tokens=sent, completion_tokens=question.max_tokens)

    def _append(self, key: str, question: Question, outcome: Outcome, detail: str, used: Cost, **measured: Any) -> None:
        self.calls += 1
        self.journal.append(
            LlmCall(
                call_id=str(ULID()),
                request_sha256=key,
                purpose=question.purpose,
                version=question.version,
                notice_id=question.notice_id,
                endpoint=self.endpoint.name,
                model=self.settings.model,
                called_at=self._now(),
                as_of=self._as_of,
                outcome=outcome,
                detail=detail[:500],
                cost_micro_usd=used.micro_usd,
                **measured,
            )
        )


def _judge(completed: Completed, parse: Callable[[str], T]) -> tuple[Outcome, str, T | None]:
    content = completed.content
    if completed.refusal or completed.finish_reason == "content_filter":
        return "refused", (completed.refusal or "the provider's filter stopped the answer")[:300], None
    if completed.finish_reason == "length":
        return "truncated", f"the answer was cut after {completed.completion_tokens} tokens", None
    if content is None or not content.strip():
        return "empty", f"the answer is empty (finish_reason {completed.finish_reason or 'none'})", None
    if len(content) > MAX_ANSWER:
        return "oversized", f"{len(content):,} characters; expected at most {MAX_ANSWER:,}", None
    try:
        return "ok", "", parse(content)
    except AnswerError as error:
        return "invalid", str(error), None


def _parsed(parse: Callable[[str], T], answer: str) -> T:
    try:
        return parse(answer)
    except AnswerError as error:
        raise NoAnswer("invalid", f"the answer kept for this request no longer parses: {error}") from None
