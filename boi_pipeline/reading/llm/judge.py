"""Whether two announcements are of one call, by an LLM: what else a person would be asked.

It is shown both pages, and how others begin that are like them. A verdict counts only with words copied from both pages; of a
page that gives orders to a machine nothing is asked.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from boi_pipeline.reading.llm.prompt import MATCH, fill, load_prompt, messages, prompt_hash, schema_hash, show
from boi_pipeline.reading.llm.session import NoAnswer, Question, Session
from boi_pipeline.reading.llm.wire import answer_schema, answer_shape, locate, parse_answer
from boi_pipeline.reading.orders import order_spans
from boi_pipeline.reading.quotes import view_of
from boi_pipeline.records import MatchOpinion, Verdict
from scrapers.notice import Notice

MAX_OUTPUT = 1_200  # tokens of one answer
TEXT, LINKS = 6_000, 12  # characters and links of each of the two
BEGINNING = 400  # characters of each of the others

_Words = Annotated[str, Field(max_length=400)]


class MatchAnswer(BaseModel):
    """What the judge is asked for; what it thinks first comes before the verdict."""

    model_config = ConfigDict(extra="forbid")
    first: _Words
    second: _Words
    differences: Annotated[list[_Words], Field(max_length=8)]
    quote_first: Annotated[str, Field(max_length=1000)]
    quote_second: Annotated[str, Field(max_length=1000)]
    verdict: Verdict


@dataclass(frozen=True)
class Pair:
    """Two announcements, in the order of their item ids, and others that are like them."""

    first: Notice
    second: Notice
    beside: Sequence[Notice] = ()


class LlmJudge:
    """Opinions by an LLM. ``version`` names prompt, schema and model."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._schema = answer_schema(MatchAnswer)
        self._schema_sha256 = schema_hash(self._schema)
        self._system = fill(load_prompt(MATCH), shape=answer_shape(self._schema))
        self.version = judge_version(session.settings.model)

    def judge_all(self, pairs: Iterable[Pair]) -> Iterator[tuple[Pair, MatchOpinion | NoAnswer]]:
        """What it says of each pair, in their order; NoAnswer where there is no answer to use, or none was asked for."""
        for pair, answer in self.session.ask_all(((pair, self._question(pair)) for pair in pairs), _parse):
            if answer is None:
                yield pair, NoAnswer("orders", "a page gives orders to a machine")
            elif isinstance(answer, NoAnswer):
                yield pair, answer
            else:
                yield pair, self._opinion(pair, answer)

    def _question(self, pair: Pair) -> Question | None:
        if any(order_spans(view_of(one.text)) for one in (pair.first, pair.second)):
            return None
        asked = messages(self._system, _told(pair))
        return Question(
            "match", self.version, pair.first.notice_id, asked, self._schema, self._schema_sha256, MAX_OUTPUT
        )

    def _opinion(self, pair: Pair, answer: MatchAnswer) -> MatchOpinion:
        quote, other_quote = _quoted(pair.first, answer.quote_first), _quoted(pair.second, answer.quote_second)
        is_proved = answer.verdict != "unsure" and bool(quote and other_quote)
        return MatchOpinion(
            item_id=pair.first.item_id,
            other_item_id=pair.second.item_id,
            verdict=answer.verdict if is_proved else "unsure",
            quote=quote if is_proved else "",
            other_quote=other_quote if is_proved else "",
            notice_id=pair.first.notice_id,
            other_notice_id=pair.second.notice_id,
            model_version=self.version,
        )


def judge_version(model: str) -> str:
    """The version of an ``LlmJudge`` of this model: changes whenever answers may."""
    return f"{MATCH}-{prompt_hash(load_prompt(MATCH), answer_schema(MatchAnswer))}/{model}"


def _told(pair: Pair) -> str:
    parts = [
        f"{name} ({'the convener itself' if one.authority == 'official' else 'retold by others'})\n{show(one, TEXT, LINKS).user}"
        for name, one in (("FIRST", pair.first), ("SECOND", pair.second))
    ]
    parts += [f"OTHER {number}\n{show(one, BEGINNING, 0).user}" for number, one in enumerate(pair.beside, start=1)]
    return "\n\n".join(parts)


def _quoted(notice: Notice, quote: str) -> str:
    """The page's own words that a quote copies; empty where they do not stand there."""
    span = locate(view_of(notice.text), quote)
    return notice.text[span[0] : span[1]] if span else ""


def _parse(content: str) -> MatchAnswer:
    answer = parse_answer(content, MatchAnswer)
    assert isinstance(answer, MatchAnswer)  # noqa: S101 parse_answer gives the model it was asked for
    return answer
