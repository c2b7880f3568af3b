"""Spanish texts by an LLM, from the proved facts of a reading and never from its page; templates where it gives none.

A draft that says a number or a place the facts do not hold, is not Spanish, or breaks a limit is not used. Who can apply is always
the template's sentence: it follows from the facts word by word.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from babel import Locale
from pydantic import BaseModel, ConfigDict, Field

from boi_pipeline.languages import language_of
from boi_pipeline.personal_data import mask
from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.drafting import (
    SUMMARY_MAX,
    SUMMARY_MIN,
    TITLE_LIMIT,
    draft_hash,
    eligibility_es,
    plain_text,
)
from boi_pipeline.reading.llm.prompt import DRAFT, fill, load_prompt, messages, prompt_hash, schema_hash
from boi_pipeline.reading.llm.session import NoAnswer, Question, Session
from boi_pipeline.reading.llm.wire import AnswerError, answer_schema, answer_shape, parse_answer
from boi_pipeline.reading.offline.phrases import words_of
from boi_pipeline.reading.offline.places import place_index
from boi_pipeline.reading.orders import order_spans
from boi_pipeline.reading.quotes import TextView, fold
from boi_pipeline.records import Channel, ChannelText, Draft, Reading
from boi_pipeline.spanish import numbers_in
from scrapers.notice import Notice

MAX_OUTPUT = 2_500  # tokens of one answer
# Characters: what domain.md §5 leaves beside the answer, closing, link, hashtags and label that are added when it is published.
CHANNEL_LIMITS: dict[Channel, int] = {"x": 150, "linkedin": 900, "instagram": 700, "whatsapp": 240}
# What a draft is told: the facts a reader of the bulletin would want in a sentence. Dates and links are shown apart.
_TOLD = (
    "opportunity_type", "funding_instrument", "funder_name", "host_countries", "attendance_mode", "accepted_applicant_types", "audiences", "isced_levels",
    "isced_fields", "required_languages", "typical_age_range", "funding_level", "coverage", "currency", "min_award_amount", "max_award_amount",
    "total_amount_available", "estimated_award_count", "cost_sharing_required", "application_fee", "sdg_goals",
)  # fmt: skip
_LABELS = {
    "opportunity_type": "opportunity_types", "funding_instrument": "funding_instruments", "attendance_mode": "attendance_modes",
    "accepted_applicant_types": "applicant_types", "audiences": "audiences", "isced_levels": "isced_levels", "funding_level": "funding_levels",
    "coverage": "coverage", "sdg_goals": "sdg_goals",
}  # fmt: skip
_ADDRESS = re.compile(
    r"https?:|www\.|@\s?\w|#\w|\w{2}\s?[\[(]?\.[\])]?\s?(?:com|org|net|co|eu|edu|gov|io)\b|[\w-]{2}\.(?!uu\b)[a-z]{2,}|\b(?:punto|arroba) (?:com|org|net|co)\b|wa\.me|t\.me",
    re.IGNORECASE,
)


class DraftAnswer(BaseModel):
    """What the drafter is asked for."""

    model_config = ConfigDict(extra="forbid")
    title_es: Annotated[str, Field(min_length=10, max_length=TITLE_LIMIT)]
    summary_es: Annotated[str, Field(max_length=700)]
    x: Annotated[str, Field(min_length=20, max_length=CHANNEL_LIMITS["x"])]
    linkedin: Annotated[str, Field(min_length=40, max_length=CHANNEL_LIMITS["linkedin"])]
    instagram: Annotated[str, Field(min_length=40, max_length=CHANNEL_LIMITS["instagram"])]
    whatsapp: Annotated[str, Field(min_length=40, max_length=CHANNEL_LIMITS["whatsapp"])]


class LlmDrafter:
    """Drafts by an LLM. ``version`` names prompt, schema and model."""

    name = "llm"

    def __init__(self, session: Session) -> None:
        self.session = session
        self._schema = answer_schema(DraftAnswer)
        self._schema_sha256 = schema_hash(self._schema)
        self._system = fill(load_prompt(DRAFT), shape=answer_shape(self._schema))
        self.version = f"{DRAFT}-{prompt_hash(load_prompt(DRAFT), self._schema)}/{session.settings.model}"

    def draft_all(self, pairs: Iterable[tuple[Reading, Notice]], context: ReadingContext) -> Iterator[Draft]:
        """Drafts of the readings for which the model gives one that holds, in their order."""

        def questions() -> Iterator[tuple[tuple[Reading, Notice, dict[str, Any]], Question]]:
            for reading, notice in pairs:
                facts = told_facts(reading, notice, context)
                asked = messages(self._system, json.dumps(facts, ensure_ascii=False, indent=1, default=str))
                question = Question(
                    "draft", self.version, notice.notice_id, asked, self._schema, self._schema_sha256, MAX_OUTPUT
                )
                yield (reading, notice, facts), question

        for (reading, notice, facts), answer in self.session.ask_all(questions(), _checked):
            if isinstance(answer, NoAnswer) or faults(answer, facts, context):
                continue
            yield Draft(
                input_hash=draft_hash(reading, context),
                drafter="llm",
                drafter_version=self.version,
                notice_id=notice.notice_id,
                item_id=notice.item_id,
                title_es=plain_text(answer.title_es),
                summary_es=plain_text(answer.summary_es),
                eligibility_es=eligibility_es(reading, context),
                digital_source_type="trainedAlgorithmicMedia",
                channels=[ChannelText(channel=name, text=getattr(answer, name).strip()) for name in CHANNEL_LIMITS],
            )


def told_facts(reading: Reading, notice: Notice, context: ReadingContext) -> dict[str, Any]:
    """What a draft may say: the proved facts with their Spanish labels, and the page's title unless it gives orders."""
    spanish = Locale("es")
    facts: dict[str, Any] = {}
    title = mask(plain_text(notice.title))[:160]
    if title and not order_spans(TextView(title)):
        facts["original_title"] = title
    for name in _TOLD:
        value = getattr(reading, name)
        if value in (None, []):
            continue
        if name in _LABELS:
            vocabulary = context.vocabularies.get(_LABELS[name])
            values = value if isinstance(value, list) else [value]
            value = [vocabulary.label(code) if vocabulary else str(code) for code in values]
        elif name == "host_countries":
            value = [spanish.territories.get(code, code) for code in value]
        elif name in ("min_award_amount", "max_award_amount", "total_amount_available"):
            value = f"{value:f}".rstrip("0").rstrip(".")
        facts[name] = value
    return facts


def _checked(text: str) -> DraftAnswer:
    answer = parse_answer(text, DraftAnswer)
    assert isinstance(answer, DraftAnswer)  # noqa: S101 parse_answer gives the model it was asked for
    problems = _form_faults(answer)
    if problems:
        raise AnswerError("; ".join(problems))
    return answer


def _texts(answer: DraftAnswer) -> dict[str, str]:
    return {name: getattr(answer, name) for name in DraftAnswer.model_fields}


def _form_faults(answer: DraftAnswer) -> list[str]:
    """What can be mended by asking again: length, language, addresses."""
    found = []
    count = len(answer.summary_es.split())
    if not SUMMARY_MIN <= count <= SUMMARY_MAX:
        found.append(f"summary_es has {count} words; expected {SUMMARY_MIN} to {SUMMARY_MAX}")
    for name, text in _texts(answer).items():
        if _ADDRESS.search(text):
            found.append(f"{name} holds an address, a mention or a hashtag")
        if name != "title_es" and language_of(text) != "es":
            found.append(f"{name} is not in Spanish")
    return found


def faults(answer: DraftAnswer, facts: dict[str, Any], context: ReadingContext) -> list[str]:
    """What a draft says and the facts do not hold: numbers, and countries or groups of countries."""
    known = json.dumps(facts, ensure_ascii=False, default=str)
    numbers, places = numbers_in(known), _places(known, context)
    found = []
    for name, text in _texts(answer).items():
        found += [f"{name}: the number {number} is not in the facts" for number in sorted(numbers_in(text) - numbers)]
        found += [f"{name}: the place {place} is not in the facts" for place in sorted(_places(text, context) - places)]
    return found


def _places(text: str, context: ReadingContext) -> set[str]:
    folded = fold(text)
    return {place.code for _, _, place in place_index(context).find(folded, words_of(folded)) if place.code in _ISO}


_ISO = frozenset(code for code in map(str, Locale("es").territories) if len(code) == 2 and code.isalpha())
