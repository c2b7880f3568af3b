"""The LLM reader: a notice to a reading by a model, and by the offline reader where the model gives none.

What the model proposes becomes quotes of the notice and passes the gate; red flags and plan objectives are also found by rules, so
that a page cannot talk the model out of them; where the rules read a fee or a no on eligibility, the model is not believed otherwise.
In a page that gives orders to a machine, what is judged rather than copied stands only where the offline reader says the same.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from typing import Any, Literal

from pydantic import BaseModel

from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.llm.prompt import (
    READ,
    Shown,
    load_prompt,
    messages,
    prompt_hash,
    schema_hash,
    show,
    system_of,
)
from boi_pipeline.reading.llm.session import NoAnswer, Question, Session
from boi_pipeline.reading.llm.wire import answer_model, answer_schema, parse_answer, proposals
from boi_pipeline.reading.offline.benefits import read_terms
from boi_pipeline.reading.offline.eligibility import read_home
from boi_pipeline.reading.offline.flags import read_flags
from boi_pipeline.reading.offline.goals import read_objectives
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.orders import order_spans
from boi_pipeline.reading.proof import prove
from boi_pipeline.reading.reader import Reader, read_proved
from boi_pipeline.records import FACTS, Reading, reading_input
from scrapers.notice import Notice

MAX_OUTPUT = 6_000  # tokens of one answer


class LlmReader:
    """``reading.reader.Reader`` by an LLM. ``offline`` reads what the LLM does not, marked as a fallback."""

    name: Literal["offline", "llm"] = "llm"

    def __init__(self, session: Session, context: ReadingContext, offline: Reader) -> None:
        self.session, self.offline = session, offline
        self._model = _model_for(context)
        self._schema = answer_schema(self._model)
        self._schema_sha256 = schema_hash(self._schema)
        self._system = system_of(load_prompt(READ), self._schema, context)
        self.version = _version(session.settings.model, self._schema)

    def read(self, notice: Notice, context: ReadingContext) -> Reading:
        """What the LLM, or else the offline reader, says of a notice."""
        return next(self.read_all([notice], context, None))

    def read_all(
        self, notices: Iterable[Notice], context: ReadingContext, executor: Executor | None = None
    ) -> Iterator[Reading]:
        """Proved readings in the order of ``notices``, as many questions at once as there are places."""
        asked = (((notice, shown := show(notice)), self._question(notice, shown)) for notice in notices)
        for (notice, shown), answer in self.session.ask_all(asked, self._parse):
            if isinstance(answer, NoAnswer):
                fallen = read_proved(self.offline, notice, context)
                yield fallen.model_copy(update={"fallback": True, "failure": str(answer)[:500]})
            else:
                yield self._reading(notice, shown, answer, context)

    def _parse(self, content: str) -> BaseModel:
        return parse_answer(content, self._model)

    def _question(self, notice: Notice, shown: Shown) -> Question:
        asked = messages(self._system, shown.user)
        return Question("read", self.version, notice.notice_id, asked, self._schema, self._schema_sha256, MAX_OUTPUT)

    def _reading(self, notice: Notice, shown: Shown, answer: BaseModel, context: ReadingContext) -> Reading:
        said = proposals(answer, notice, shown.view, shown.links, f"llm.{READ}")
        base = Reading(
            input_hash=reading_input(notice, context.context_hash),
            reader=self.name,
            reader_version=self.version,
            notice_id=notice.notice_id,
            item_id=notice.item_id,
            **said,
        )
        proved = prove(base, notice, context)
        if order_spans(shown.view):
            proved = _agreed(proved, read_proved(self.offline, notice, context))
        return prove(_with_rules(proved, notice, context), notice, context)


def _model_for(context: ReadingContext) -> type[BaseModel]:
    return answer_model({name: tuple(vocabulary.terms) for name, vocabulary in context.vocabularies.items()})


def version_for(model: str, context: ReadingContext) -> str:
    """The version of an ``LlmReader`` of this model in a context."""
    return _version(model, answer_schema(_model_for(context)))


def _version(model: str, schema: dict[str, Any]) -> str:
    """``<prompt>-<hash of its text and schema>/<model>``: changes whenever answers may."""
    return f"{READ}-{prompt_hash(load_prompt(READ), schema)}/{model}"


def _agreed(reading: Reading, by_rules: Reading) -> Reading:
    """What a model says of a page that gives orders, as far as the offline reader says the same: it may have obeyed.

    Names and numbers copied from the page stand, as everywhere, by their quotes.
    """
    kept: dict[str, Any] = {}
    for name, fact in FACTS.items():
        value, other = getattr(reading, name), getattr(by_rules, name)
        if fact.kind == "computed" or name in ("red_flags", "close_date_description"):
            continue
        if name == "deadlines":
            days = {deadline.close_date for deadline in other}
            kept[name] = [deadline for deadline in value if deadline.close_date in days]
        elif isinstance(value, list):
            kept[name] = [one for one in value if one in other]
        elif (fact.kind == "inferred" or fact.group != "text") and value != other:
            kept[name] = "unclear" if name == "home_eligible" else None
    if not kept["deadlines"] and kept.get("close_model", reading.close_model) is None:
        kept["close_date_description"] = None
    lost = {name for name, value in kept.items() if value != getattr(reading, name)}
    return reading.model_copy(update={**kept, "dropped": sorted({*reading.dropped, *lost})})


def _with_rules(reading: Reading, notice: Notice, context: ReadingContext) -> Reading:
    """A proved reading with what is never left to a model alone: red flags, plan objectives, a fee, a no on eligibility."""
    rules = Page(notice, context)
    page = rules.with_empty_sheet()
    if reading.home_eligible == "yes":  # only a yes is doubted
        read_home(rules)
    read_terms(rules)
    said = {name: getattr(reading, name) for name in FACTS}
    page.values = {name: value for name, value in said.items() if value not in (None, [], "unclear")}
    page.evidence = [one for one in reading.evidence if one.field not in ("red_flags", "plan_objectives")]
    dropped = list(reading.dropped)
    proposed = page.values.pop("red_flags", [])
    page.values.pop("plan_objectives", None)
    if reading.is_opportunity is not False:
        read_objectives(page)
        if rules.values.get("application_fee"):
            page.values["application_fee"] = True
            page.evidence = [one for one in page.evidence if one.field != "application_fee"]
            page.evidence += [one for one in rules.evidence if one.field == "application_fee"]
    read_flags(page)
    flags = [name for name in context.terms("red_flags") if name in {*proposed, *page.values.get("red_flags", [])}]
    page.evidence += [one for one in reading.evidence if one.field == "red_flags"]
    if reading.home_eligible == "yes" and rules.values.get("home_eligible") == "no":
        page.values.pop("home_eligible")
        page.evidence = [one for one in page.evidence if one.field != "home_eligible"]
        dropped.append("home_eligible")
    return reading.model_copy(
        update={
            "home_eligible": page.values.get("home_eligible", "unclear"),
            "application_fee": page.values.get("application_fee"),
            "red_flags": flags,
            "plan_objectives": page.values.get("plan_objectives", []),
            "evidence": page.evidence,
            "dropped": sorted(set(dropped)),
        }
    )
