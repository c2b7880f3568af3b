"""What an LLM is asked to answer, derived from the record itself, and an answer turned into a reading's proposals.

A new fact of ``records.Reading`` becomes a field of the answer by itself. Links are answered by number, so that no address can
come from anywhere but the notice; computed facts are not asked. Whether a proposal holds is the gate's (``reading.proof``).
"""

import datetime as dt
import functools
import json
import re
import typing
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from boi_pipeline.reading.context import VOCABULARIES
from boi_pipeline.reading.proof import zones_in
from boi_pipeline.reading.quotes import TextView, collapse, fold
from boi_pipeline.records import FACTS, MAX_QUOTE, Deadline, Evidence, Reading
from scrapers.notice import Link, Notice

NOT_ASKED = frozenset({"close_date_description"})  # the words of the deadline itself
MAX_ANSWER = 200_000  # characters; a longer answer is none


class AnswerError(Exception):
    """An answer that is not of the form asked for. The text says what is wrong, for the model and for people."""


class _Wire(BaseModel):
    model_config = ConfigDict(extra="forbid")


_Quotes = Annotated[list[Annotated[str, Field(max_length=1000)]], Field(max_length=8)]


class _DeadlineAnswer(_Wire):
    stage: Literal["application", "concept_note", "full_proposal", "cut_off", "registration", "nomination"]
    date: Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
    time: Annotated[str, Field(pattern=r"^[0-2][0-9]:[0-5][0-9]$")] | None
    timezone: str | None
    quote: Annotated[str, Field(max_length=1000)]


_Deadlines: Any = Annotated[list[_DeadlineAnswer], Field(max_length=12)]


def asked_fields() -> list[str]:
    """The facts an LLM is asked for, in the record's order."""
    return [name for name, fact in FACTS.items() if fact.kind != "computed" and name not in NOT_ASKED]


def answer_model(vocabularies: Mapping[str, tuple[str, ...]]) -> type[BaseModel]:
    """The Pydantic model of an answer: each fact null, or value, quotes and confidence. ``vocabularies``: name → codes."""
    return _answer_model(tuple(sorted((name, codes) for name, codes in vocabularies.items())))


@functools.lru_cache(maxsize=4)
def _answer_model(vocabularies: tuple[tuple[str, tuple[str, ...]], ...]) -> type[BaseModel]:
    terms = dict(vocabularies)
    fields: dict[str, Any] = {}
    for name in asked_fields():
        if name == "deadlines":
            fields[name] = (_Deadlines | None, ...)
            continue
        value = _value_type(name, terms)
        part = create_model(
            f"{name.title().replace('_', '')}Answer",
            __base__=_Wire,
            value=(value, ...),
            quotes=(_Quotes, ...),
            confidence=(Annotated[float, Field(ge=0, le=1)], ...),
        )
        fields[name] = (part | None, ...)
    return create_model("Answer", __base__=_Wire, **fields)


def _value_type(name: str, terms: Mapping[str, tuple[str, ...]]) -> Any:
    if name == "apply_url":
        return int
    annotation = Reading.model_fields[name].annotation
    listed = typing.get_origin(annotation) is list
    inner = typing.get_args(annotation)[0] if listed else _without_none(annotation)
    vocabulary = VOCABULARIES.get(name)
    if vocabulary:
        codes = tuple(inner(code) for code in terms[vocabulary])
        inner = Literal[codes]  # type: ignore[valid-type]
    elif inner is Decimal or typing.get_origin(inner) is Annotated:
        inner = float
    elif inner is str:
        inner = Annotated[str, Field(max_length=300)]
    return Annotated[list[inner], Field(max_length=40)] if listed else inner


def _without_none(annotation: Any) -> Any:
    parts = [part for part in typing.get_args(annotation) if part is not type(None)]
    return parts[0] if type(None) in typing.get_args(annotation) else annotation


def answer_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema sent to endpoints: every key required, none besides, only keywords all of them know."""
    return _plain(model.model_json_schema())


def answer_shape(schema: dict[str, Any]) -> str:
    """The schema in a few lines, for the prompt: it is a fifth as long, and endpoints that know no schema get by with it."""
    return "\n".join(f'"{name}": {_shape(part, schema)}' for name, part in schema["properties"].items())


def _shape(part: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in part:
        return _shape(schema["$defs"][part["$ref"].rpartition("/")[2]], schema)
    if "anyOf" in part:
        return " or ".join(_shape(one, schema) for one in part["anyOf"])
    if "enum" in part or "const" in part:
        return "|".join(map(str, part.get("enum", [part.get("const")])))
    if part.get("type") == "array":
        return f"[{_shape(part['items'], schema)}, …]"
    if part.get("type") == "object":
        inner = part["properties"]
        if set(inner) == {"value", "quotes", "confidence"}:
            return _shape(inner["value"], schema)
        return "{" + ", ".join(f'"{name}": {_shape(one, schema)}' for name, one in inner.items()) + "}"
    return str(part.get("type", "text"))


_KEPT = frozenset(
    {"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "$ref", "$defs", "const"}
)


def _plain(schema: Any, *, names: bool = False) -> Any:
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if names or key in _KEPT}
        return {
            key: value if key in ("enum", "required", "const") else _plain(value, names=key in ("properties", "$defs"))
            for key, value in kept.items()
        }
    return [_plain(part) for part in schema] if isinstance(schema, list) else schema


# ---------------------------------------------------------------- reading an answer


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = sorted({key for key, _ in pairs if sum(other == key for other, _ in pairs) > 1})
        raise AnswerError(f"the key {twice[0]!r} stands twice in one object")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)


def find_json(content: str) -> Any:
    """The JSON object of an answer: the whole of it, else what a fence holds, else the first object in the prose.

    Raises AnswerError where there is none.
    """
    text = content.strip()
    fence = re.search(r"```(?:json)?\s*\n(.*?)\n?```", text, re.DOTALL)
    starts = [text] + ([fence.group(1)] if fence else [])
    problem = "there is no JSON object in it"
    for candidate in starts:
        if not candidate.lstrip().startswith("{"):
            continue
        try:
            return _DECODER.decode(candidate)
        except json.JSONDecodeError as error:
            problem = f"not valid JSON at character {error.pos}: {error.msg}"
        except RecursionError:
            raise AnswerError("the JSON is nested too deeply") from None
    at = text.find("{")
    if at >= 0:
        try:
            return _DECODER.raw_decode(text, at)[0]
        except (json.JSONDecodeError, RecursionError):
            pass
    raise AnswerError(problem)


def parse_answer(content: str, model: type[BaseModel]) -> BaseModel:
    """An answer checked against its model. Raises AnswerError with every fault."""
    if len(content) > MAX_ANSWER:
        raise AnswerError(f"{len(content):,} characters; expected at most {MAX_ANSWER:,}")
    data = find_json(content)
    try:
        return model.model_validate(data)
    except ValidationError as error:
        told = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False)[:20]]
        raise AnswerError("; ".join(told)) from None


# ---------------------------------------------------------------- answer → proposals


def proposals(answer: BaseModel, notice: Notice, view: TextView, links: list[Link], rule: str) -> dict[str, Any]:
    """Values, evidence and dropped fields of a reading: ``Reading`` fields as keyword arguments.

    ``links`` are those shown to the model, by number from 1. A quote that does not stand in the text proves nothing.
    """
    values: dict[str, Any] = {}
    evidence: list[Evidence] = []
    dropped: set[str] = set()

    def prove(field: str, quotes: list[str], confidence: float) -> list[Evidence]:
        found = [
            Evidence(
                field=field,
                notice_id=notice.notice_id,
                start=start,
                end=end,
                quote=notice.text[start:end],
                kind=FACTS[field].kind,
                method="llm",
                rule=rule,
                confidence=confidence,
            )
            for quote in quotes
            if (span := locate(view, quote)) is not None
            for start, end in [span]
        ]
        evidence.extend(found)
        if not found:
            dropped.add(field)
        return found

    for name in asked_fields():
        part = getattr(answer, name)
        if part is None:
            continue
        if name == "deadlines":
            values[name] = _deadlines(part, notice, prove)
            continue
        value = part.value
        if value in ([], "", "unclear"):
            continue
        if name == "apply_url":
            value = links[value - 1].url if 1 <= value <= len(links) else None
            told = [links[part.value - 1].text, links[part.value - 1].url] if value else []
            quotes = [text for text in told if len(collapse(text)) > 1 and view.find(text)][:1]
        else:
            quotes = part.quotes
        if value is None or not prove(name, quotes, part.confidence):
            dropped.add(name)
            continue
        values[name] = _money(value) if isinstance(value, float) else value
    if values.get("is_opportunity") is False:
        values = {"is_opportunity": False}
        evidence = [one for one in evidence if one.field == "is_opportunity"]
    _describe_closing(values, evidence)
    return {**values, "evidence": evidence, "dropped": sorted(dropped)}


def _money(value: float) -> Decimal | None:
    try:
        return Decimal(repr(value)).quantize(Decimal("0.01"))
    except InvalidOperation:
        return None


def locate(view: TextView, quote: str) -> tuple[int, int] | None:
    """Where a quote stands, cut at a word to the length evidence may have."""
    span = view.find(quote)
    if span and span[1] - span[0] > MAX_QUOTE:
        cut = view.raw[span[0] : span[0] + MAX_QUOTE].rfind(" ")
        span = (span[0], span[0] + (cut if cut > 0 else MAX_QUOTE))
    return span if span and view.provable(*span) else None


def _deadlines(parts: list[Any], notice: Notice, prove: Any) -> list[Deadline]:
    found: list[Deadline] = []
    for part in parts:
        try:
            day = dt.date.fromisoformat(part.date)
            hour = dt.time.fromisoformat(part.time) if part.time else None
        except ValueError:
            prove("deadlines", [], 0)
            continue
        if hour == dt.time(0):
            hour = None  # midnight is no hour (design §7)
        proofs = prove("deadlines", [part.quote], 0.9)
        if not proofs:
            continue
        zone = _zone(part.timezone, proofs[0].quote, day, hour)
        found.append(
            Deadline(
                seq=len(found) + 1,
                stage=part.stage,
                close_date=day,
                close_time=hour,
                timezone=zone or notice.timezone,
                basis="stated" if zone else "assumed",
            )
        )
    return found


def _zone(told: str | None, quote: str, day: dt.date, hour: dt.time | None) -> str | None:
    """The zone of the quote itself; the model's word only chooses among several of another offset."""
    named = sorted(zones_in(fold(collapse(quote))))
    if told in named or not named:
        return told if told in named else None
    if told in available_timezones() and len(named) > 1:
        at = dt.datetime.combine(day, hour or dt.time(12))
        same = [zone for zone in named if ZoneInfo(zone).utcoffset(at) == ZoneInfo(told).utcoffset(at)]
        return same[0] if same else named[0]
    return named[0]


def _describe_closing(values: dict[str, Any], evidence: list[Evidence]) -> None:
    """close_date_description: the words of the first deadline, or of the model of closing."""
    for field in ("deadlines", "close_model"):
        proof = next((one for one in evidence if one.field == field), None)
        if proof is not None and values.get(field):
            values["close_date_description"] = collapse(proof.quote)
            evidence.append(proof.model_copy(update={"field": "close_date_description", "kind": "stated"}))
            return
