"""One completion from an OpenAI-compatible endpoint, whatever of the protocol it speaks.

The ladder: a JSON schema, a JSON object, plain text (the schema always stands in the prompt too). What an endpoint refuses is left
out of the next request, and what it accepted is remembered. Retries of what costs nothing, back-off and Retry-After are the
``openai`` client's; a request whose answer was not seen whole may have cost, and whether it is made again is the caller's to say.
What is asked and what the answer means belongs to the callers.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI

from boi_pipeline.reading.llm.journal import endpoint_of
from boi_pipeline.settings import LlmSettings
from scrapers.files import write_text

MAX_BODY = 4_000_000  # bytes of one HTTP answer
CONNECT = 10.0  # seconds until a connection is there
_FORMATS = ("json_schema", "json_object", "text")


class CallFailed(Exception):
    """No answer came. ``kind``: timeout, oversized, connection, rate_limited, server, auth, rejected.

    ``may_cost``: the request was sent and its answer not seen whole, so that it may have been charged.
    """

    def __init__(self, kind: str, detail: str, *, may_cost: bool = False) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind, self.detail, self.may_cost = kind, detail, may_cost


class _NotSeenWhole(openai.OpenAIError):
    """Raised in the transport: of its own errors the client repeats none."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind, self.detail = kind, detail


@dataclass(frozen=True)
class Completed:
    """What came back. ``content`` is None where the message had none."""

    content: str | None
    finish_reason: str
    refusal: str | None
    prompt_tokens: int | None  # None: the endpoint does not say
    cached_tokens: int
    completion_tokens: int | None
    seconds: float


@dataclass(frozen=True)
class Dialect:
    """What an endpoint understands for a model."""

    format: str = "json_schema"
    limit: str = "max_tokens"
    temperature: bool = True

    def without(self, complaint: str) -> "Dialect | None":
        """The dialect to try after a request was refused with this complaint; None when there is none left."""
        told = complaint.lower()
        if self.limit == "max_tokens" and "max_tokens" in told and "max_completion_tokens" in told:
            return replace(self, limit="max_completion_tokens")
        if self.temperature and "temperature" in told:
            return replace(self, temperature=False)
        lower = _FORMATS[_FORMATS.index(self.format) + 1 :]
        return replace(self, format=lower[0]) if lower else None


class Endpoint:
    """An endpoint and model. Use it as an asynchronous context manager, in one event loop."""

    def __init__(
        self, settings: LlmSettings, memory: Path | None = None, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        self.settings, self.memory = settings, memory
        self.name = endpoint_of(settings.base_url)
        self._settled = self.name + "|" + settings.model in (known := _remembered(memory))
        self.dialect = known.get(f"{self.name}|{settings.model}", Dialect())
        self._transport = transport
        self._first = asyncio.Lock()

    async def __aenter__(self) -> "Endpoint":
        limits = httpx2.Limits(max_connections=self.settings.concurrency + 2)
        inner = self._transport or httpx2.AsyncHTTPTransport(limits=limits)
        self._http = httpx2.AsyncClient(transport=_Bounded(inner, self.settings.timeout), follow_redirects=False)
        self._client = AsyncOpenAI(
            api_key=self.settings.api_key or "none",
            base_url=self.settings.base_url or "https://api.openai.com/v1",
            max_retries=self.settings.retries,
            timeout=httpx2.Timeout(self.settings.timeout, connect=CONNECT),
            http_client=self._http,
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._client.close()

    async def complete(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int) -> Completed:
        """Ask once. Raises CallFailed. The first request goes alone, until it is known what the endpoint understands."""
        if not self._settled:
            async with self._first:
                if not self._settled:
                    return await self._climb_down(messages, schema, limit)
        return await self._climb_down(messages, schema, limit)

    async def _climb_down(self, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int) -> Completed:
        dialect = self.dialect
        while True:
            try:
                completed = await self._send(dialect, messages, schema, limit)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                following = dialect.without(_said(error, self.settings.api_key))
                if following is None:
                    raise CallFailed("rejected", _said(error, self.settings.api_key)) from None
                dialect = following
                continue
            if dialect != self.dialect or not self._settled:
                self._remember(dialect)
            return completed

    def downgrade(self) -> None:
        """Answers come without JSON although a schema was given: ask by the prompt alone from now on."""
        if self.dialect.format == "json_schema":
            self._remember(replace(self.dialect, format="json_object"))

    def _remember(self, dialect: Dialect) -> None:
        self.dialect, self._settled = dialect, True
        if self.memory is not None:
            known = _remembered(self.memory) | {f"{self.name}|{self.settings.model}": dialect}
            told = {key: asdict(value) for key, value in sorted(known.items())}
            write_text(self.memory, json.dumps(told, indent=2) + "\n", "dialects")

    async def _send(
        self, dialect: Dialect, messages: Sequence[dict[str, str]], schema: dict[str, Any], limit: int
    ) -> Completed:
        asked: dict[str, Any] = {"model": self.settings.model, "messages": list(messages), dialect.limit: limit}
        if dialect.temperature:
            asked["temperature"] = 0
        if dialect.format == "json_schema":
            wrapped = {"name": "answer", "strict": True, "schema": schema}
            asked["response_format"] = {"type": "json_schema", "json_schema": wrapped}
        elif dialect.format == "json_object":
            asked["response_format"] = {"type": "json_object"}
        started = time.monotonic()
        try:
            answer = await self._client.chat.completions.create(**asked)
        except (openai.BadRequestError, openai.UnprocessableEntityError):
            raise
        except _NotSeenWhole as error:
            raise CallFailed(error.kind, error.detail, may_cost=True) from None
        except openai.APITimeoutError:
            raise CallFailed("timeout", f"no connection within {CONNECT:g} s") from None
        except openai.APIConnectionError as error:
            raise CallFailed("connection", str(error.__cause__ or error)[:300]) from None
        except (openai.AuthenticationError, openai.PermissionDeniedError, openai.NotFoundError) as error:
            raise CallFailed("auth", _said(error, self.settings.api_key)) from None
        except openai.RateLimitError as error:
            raise CallFailed("rate_limited", _said(error, self.settings.api_key)) from None
        except openai.APIStatusError as error:
            raise CallFailed(
                "server" if error.status_code >= 500 else "rejected", _said(error, self.settings.api_key)
            ) from None
        except (openai.APIError, json.JSONDecodeError, ValueError) as error:
            raise CallFailed("server", f"not an answer of the protocol: {str(error)[:200]}") from None
        return _completed(answer, time.monotonic() - started)


def _completed(answer: Any, seconds: float) -> Completed:
    choices = getattr(answer, "choices", None)
    if not choices or getattr(choices[0], "message", None) is None:
        raise CallFailed("server", "not an answer of the protocol: it has no choices")
    message, usage = choices[0].message, getattr(answer, "usage", None)
    details = getattr(usage, "prompt_tokens_details", None)
    return Completed(
        content=message.content if isinstance(message.content, str) else None,
        finish_reason=str(choices[0].finish_reason or ""),
        refusal=getattr(message, "refusal", None),
        prompt_tokens=_count(getattr(usage, "prompt_tokens", None)),
        cached_tokens=_count(getattr(details, "cached_tokens", None)) or 0,
        completion_tokens=_count(getattr(usage, "completion_tokens", None)),
        seconds=seconds,
    )


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _said(error: openai.APIError, key: str) -> str:
    """What an endpoint complained of, short, on one line; the ``key``, or a part of one, that it may repeat is left out."""
    body = error.body if isinstance(error.body, dict) else {}
    told = body.get("message") or getattr(error, "message", "") or type(error).__name__
    whole = str(told).replace(key, "…") if key else str(told)
    words = [word if not word.startswith("sk-") else "sk-…" for word in whole.split()]
    return " ".join(words)[:400]


def _remembered(memory: Path | None) -> dict[str, Dialect]:
    if memory is None or not memory.is_file():
        return {}
    with suppress(ValueError, TypeError):  # what cannot be read is found out anew
        return {key: Dialect(**value) for key, value in json.loads(memory.read_text(encoding="utf-8")).items()}
    return {}


class _Bounded(httpx2.AsyncBaseTransport):
    """A transport whose every answer has a whole time and a size: a server that drips cannot hold a place for ever."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, seconds: float) -> None:
        self._inner, self._seconds = inner, seconds

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._inner.handle_async_request(request)
                try:
                    body = bytearray()
                    async for part in response.stream:  # type: ignore[union-attr]
                        body += part
                        if len(body) > MAX_BODY:
                            raise _NotSeenWhole("oversized", f"an answer of more than {MAX_BODY:,} bytes")
                finally:
                    await response.aclose()
        except (TimeoutError, httpx2.ReadTimeout):
            raise _NotSeenWhole("timeout", f"no whole answer within {self._seconds:g} s") from None
        except (httpx2.ReadError, httpx2.RemoteProtocolError) as error:
            raise _NotSeenWhole("connection", f"broken off before a whole answer: {error}"[:300]) from None
        headers = [(k, v) for k, v in response.headers.raw if k.lower() not in (b"content-encoding", b"content-length")]
        encoding = response.headers.get("content-encoding")
        if encoding:  # leave decoding to the library
            headers.append((b"content-encoding", encoding.encode()))
        return httpx2.Response(response.status_code, headers=headers, content=bytes(body), request=request)

    async def aclose(self) -> None:
        await self._inner.aclose()
