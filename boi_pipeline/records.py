"""The records that stages hand to each other: readings and evidence, identities, decisions, editions.

Keys and field names are final: later work adds fields, it never renames. A record says how it is hashed and which
fields belong together; making, storing and joining records belongs to the packages.
"""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from scrapers.notice import Notice

FieldKind = Literal["stated", "inferred", "computed"]
FieldGroup = Literal["dates", "money", "eligibility", "link", "text", "class"]
HomeEligible = Literal["yes", "no", "unclear"]
MAX_QUOTE = 300
Money = Annotated[Decimal, AfterValidator(lambda amount: amount.quantize(Decimal("0.01")))]
"""An amount with its two decimal places, so that it is written, hashed and compared alike wherever it comes from."""
Told = Annotated[list[str], BeforeValidator(lambda names: names or [])]
"""A list that files written before it existed lack: none is empty."""

# ---------------------------------------------------------------- readings


@dataclass(frozen=True)
class Fact:
    """How a field of a reading is proved (architecture §6) and which fields change and survive together with it."""

    kind: FieldKind
    group: FieldGroup
    unit: str  # fields of one unit come from the same item: an amount never keeps another item's currency


class Evidence(BaseModel):
    """The words that prove one field: ``quote == text[start:end]`` of the notice named."""

    model_config = ConfigDict(frozen=True)
    field: str
    notice_id: str
    start: int = Field(ge=0)
    end: int
    quote: str = Field(max_length=MAX_QUOTE)
    kind: FieldKind
    method: Literal["rule", "model", "llm"]
    rule: str  # which rule, model or prompt, e.g. "deadline.label.es"
    confidence: float = Field(ge=0, le=1)


class Deadline(BaseModel):
    """One deadline of a call, as printed. No hour printed: no hour here; zone only where stated or the source's own."""

    model_config = ConfigDict(frozen=True)
    seq: int
    stage: Literal["application", "concept_note", "full_proposal", "cut_off", "registration", "nomination"] = (
        "application"
    )
    close_date: date
    close_time: time | None = None
    timezone: str | None = None  # IANA; anywhere on earth = Etc/GMT+12
    basis: Literal["stated", "assumed"] = "stated"  # of the zone


class Reading(BaseModel):
    """The structured reading of one notice by one reader. Key: (input_hash, reader, reader_version).

    Null or empty: the text does not say (``home_eligible`` is then ``unclear``). Every stated or inferred field that
    has a value has at least one Evidence of that ``field``. Terms as in domain.md §3.
    """

    input_hash: str
    reader: Literal["offline", "llm"]
    reader_version: str  # names rule set, model, prompt and schema, e.g. "rules-1"
    notice_id: str
    item_id: str
    fallback: bool = False  # read offline because the configured reader failed
    failure: str | None = None  # why it failed: "truncated: …", "budget: …"

    is_opportunity: Annotated[bool | None, Fact("inferred", "class", "is_opportunity")] = None
    opportunity_type: Annotated[str | None, Fact("inferred", "class", "opportunity_type")] = None
    funding_instrument: Annotated[str | None, Fact("inferred", "money", "funding_instrument")] = None
    opportunity_number: Annotated[str | None, Fact("stated", "text", "opportunity_number")] = None
    funder_name: Annotated[str | None, Fact("stated", "text", "funder")] = None
    funder_type: Annotated[int | None, Fact("inferred", "class", "funder")] = None
    funder_country: Annotated[str | None, Fact("inferred", "text", "funder")] = None
    host_countries: Annotated[list[str], Fact("inferred", "text", "place")] = Field(default_factory=list)
    attendance_mode: Annotated[str | None, Fact("inferred", "text", "place")] = None
    accepted_applicant_types: Annotated[list[str], Fact("inferred", "eligibility", "applicants")] = Field(
        default_factory=list
    )
    audiences: Annotated[list[str], Fact("inferred", "eligibility", "audiences")] = Field(default_factory=list)
    eligible_regions: Annotated[list[str], Fact("inferred", "eligibility", "eligibility")] = Field(default_factory=list)
    home_eligible: Annotated[HomeEligible, Fact("inferred", "eligibility", "eligibility")] = "unclear"
    isced_levels: Annotated[list[int], Fact("inferred", "class", "isced_levels")] = Field(default_factory=list)
    isced_fields: Annotated[list[str], Fact("inferred", "class", "isced_fields")] = Field(default_factory=list)
    required_languages: Annotated[list[str], Fact("stated", "eligibility", "required_languages")] = Field(
        default_factory=list
    )
    typical_age_range: Annotated[str | None, Fact("stated", "eligibility", "typical_age_range")] = None
    funding_level: Annotated[str | None, Fact("inferred", "money", "funding_level")] = None
    coverage: Annotated[list[str], Fact("inferred", "money", "coverage")] = Field(default_factory=list)
    currency: Annotated[str | None, Fact("stated", "money", "amount")] = None
    min_award_amount: Annotated[Money | None, Fact("stated", "money", "amount")] = None
    max_award_amount: Annotated[Money | None, Fact("stated", "money", "amount")] = None
    total_amount_available: Annotated[Money | None, Fact("stated", "money", "amount")] = None
    estimated_award_count: Annotated[int | None, Fact("stated", "money", "estimated_award_count")] = None
    cost_sharing_required: Annotated[bool | None, Fact("inferred", "money", "cost_sharing_required")] = None
    application_fee: Annotated[bool | None, Fact("inferred", "money", "application_fee")] = None
    deadlines: Annotated[list[Deadline], Fact("stated", "dates", "deadlines")] = Field(default_factory=list)
    close_model: Annotated[str | None, Fact("inferred", "dates", "deadlines")] = None
    close_date_description: Annotated[str | None, Fact("stated", "dates", "deadlines")] = None
    apply_url: Annotated[str | None, Fact("stated", "link", "apply_url")] = None
    sdg_goals: Annotated[list[int], Fact("inferred", "class", "sdg")] = Field(default_factory=list)
    sdg_targets: Annotated[list[str], Fact("inferred", "class", "sdg")] = Field(default_factory=list)
    plan_objectives: Annotated[list[str], Fact("computed", "class", "plan_objectives")] = Field(default_factory=list)
    red_flags: Annotated[list[str], Fact("inferred", "eligibility", "red_flags")] = Field(default_factory=list)

    evidence: list[Evidence] = Field(default_factory=list)
    dropped: list[str] = Field(default_factory=list)  # fields a reader proposed and could not prove
    unclear: Told = Field(default_factory=list)  # fields it was too unsure of to say: a person looks

    def confidence(self, field: str) -> float | None:
        """How sure the reader is of a field's value: that of its best evidence; None where it has no value."""
        return max((e.confidence for e in self.evidence if e.field == field), default=None)


def _facts_of(model: type[BaseModel]) -> dict[str, Fact]:
    found = {}
    for name, field in model.model_fields.items():
        for mark in field.metadata:
            if isinstance(mark, Fact):
                found[name] = mark
    return found


FACTS: Mapping[str, Fact] = _facts_of(Reading)
"""Field name → how it is proved, for every fact of a Reading."""


Channel = Literal["x", "linkedin", "instagram", "whatsapp"]


class ChannelText(BaseModel):
    """What a model drafted for one channel, without link, hashtags and label: these are added when it is published."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    channel: Channel
    text: str


class Draft(BaseModel):
    """Spanish text about one notice, written from its proved facts only. Key: (input_hash, drafter, drafter_version)."""

    input_hash: str  # of the facts it was given
    drafter: Literal["template", "llm"]
    drafter_version: str
    notice_id: str
    item_id: str
    title_es: str = Field(max_length=90)
    summary_es: str
    eligibility_es: str
    digital_source_type: str  # IPTC NewsCodes digitalsourcetype term
    channels: Annotated[list[ChannelText], BeforeValidator(lambda texts: texts or [])] = Field(default_factory=list)


class LlmCall(BaseModel):
    """One answer of an LLM that was paid for: what it said and what it cost. Key: call_id. Append-only.

    Of an answer that was not seen whole (timeout, connection, oversized without an answer) the cost is not known: tokens and
    cost are the most that they may have been.

    ``request_sha256`` covers model, prompt and everything that was sent: the same request is never sent again.
    """

    call_id: str  # ULID
    request_sha256: str
    purpose: Literal["read", "draft", "match"]
    version: str  # of the reader, the drafter or the judge
    notice_id: str  # of a pair, the first
    endpoint: str  # host and path, never a credential
    model: str
    called_at: datetime  # by the clock
    as_of: datetime  # of the run that asked
    outcome: Literal["ok", "repaired", "truncated", "refused", "empty", "invalid", "oversized", "timeout", "connection"]
    detail: str = ""
    answer: str | None = None  # the message's content; null where there was none
    prompt_tokens: int = 0
    cached_tokens: int = 0  # of the prompt tokens, those the provider had cached
    completion_tokens: int = 0
    cost_micro_usd: int = 0  # millionths of a US dollar
    seconds: float = 0.0


# ---------------------------------------------------------------- identities

OPPORTUNITY_NAMESPACE = uuid.UUID("6f1b0f58-3f0a-5c1e-9f0e-6d8a3b1c7e42")


def opportunity_id(anchor_item_id: str) -> str:
    """The id minted for an opportunity first seen as this item; computed once, afterwards looked up."""
    return str(uuid.uuid5(OPPORTUNITY_NAMESPACE, anchor_item_id))


class Match(BaseModel):
    """One item's place among the opportunities of today, and why (derived, never a register)."""

    item_id: str
    opportunity_id: str
    reason: Literal["alone", "number", "text", "link", "title_funder_date", "model", "score", "register", "person"]
    matched_item_id: str | None = None  # the item it was joined to


class MatchQuestion(BaseModel):
    """Two announcements that may be one call: too alike to pass over, not enough to join. A person answers same or
    not_same (derived)."""

    item_id: str
    other_item_id: str
    opportunity_id: str
    other_opportunity_id: str
    chance: float  # 0 to 1


Verdict = Literal["same", "different", "unsure"]
"""Whether two announcements are one call."""


class MatchOpinion(BaseModel):
    """What a language model says of two announcements that a person would be asked about (derived; a person's answer is
    above it). Sorted item ids; the quotes are verbatim of the two pages, empty where the model is unsure."""

    item_id: str
    other_item_id: str
    verdict: Verdict
    quote: str = ""
    other_quote: str = ""
    notice_id: str  # what it was shown of each
    other_notice_id: str
    model_version: str  # prompt, schema and model


class MatchConflict(BaseModel):
    """Something matching would not decide, or a slip that a person should know of (derived)."""

    kind: Literal["hub", "large_cluster", "contradictory_answers", "absurd_date", "empty_title", "moved_links"]
    item_ids: list[str]
    detail: str  # Spanish: what it is and what to do


class Relation(BaseModel):
    """A relation between two opportunities that are not the same call, read from left to right: the first is the
    ``previous_edition_of`` the second; the first says ``see_also`` the second."""

    opportunity_id: str
    related_opportunity_id: str
    relation: Literal["previous_edition_of", "see_also"]
    reason: str


class Identity(BaseModel):
    """A minted opportunity. Append-only."""

    seq: int
    opportunity_id: str
    code: str  # e.g. BOI-2026-00412
    anchor_item_id: str
    minted_at: datetime


class IdentityItem(BaseModel):
    """An item was put with an opportunity; the newest row of an item counts. Append-only."""

    seq: int
    item_id: str
    opportunity_id: str
    reason: str
    linked_at: datetime


class Redirect(BaseModel):
    """One opportunity became part of another (``merged``), or was cut from it (``split``: a "see also"). Append-only."""

    seq: int
    from_opportunity_id: str
    to_opportunity_id: str
    kind: Literal["merged", "split"]
    at: datetime


# ---------------------------------------------------------------- decisions and editions

PublicationStateName = Literal["planned", "sending", "sent", "failed", "uncertain"]
Action = Literal["approve", "amend", "reject", "feature", "withdraw", "clear_flag", "same", "not_same", "pick"]


class Decision(BaseModel):
    """What a person did. Append-only, never overwritten; ``same``/``not_same`` key on item ids.

    ``pick`` chooses for an article: ``reason`` tells the public why, ``changed`` is {"week": "2026-W48", "position": 1};
    position null takes it out again.
    """

    seq: int
    decision_id: str  # ULID
    action: Action
    opportunity_id: str | None = None
    item_ids: list[str] = Field(default_factory=list)
    role: str  # "editor", "coordinator": never a person's name
    decided_at: datetime
    reason: str = ""
    proposed: str = "{}"  # JSON: what the machine proposed of the fields the person touched
    changed: str = "{}"  # JSON: field → what the person wrote instead
    seconds_spent: int | None = None
    snapshot_sha256: str | None = None  # of the public fields the person saw (after the person's changes)
    edit_share: float | None = None  # of the drafted text's words, how many the person changed: 0 to 1

    @property
    def picked(self) -> tuple[str, int | None] | None:
        """Of a ``pick``, its week and its place there, None where it takes the call out; of other actions, None."""
        if self.action != "pick":
            return None
        changed = json.loads(self.changed)
        return changed["week"], changed["position"]


class Snapshot(BaseModel):
    """The public fields as a person approved them; all public output is rendered from here. Append-only."""

    seq: int
    snapshot_sha256: str
    opportunity_id: str
    content: str  # canonical JSON, see ``canonical_json``


class Edition(BaseModel):
    """What was published on one day, or as the article of one week. Immutable."""

    seq: int
    edition_id: str  # "2026-11-23"; of a week: "2026-W48"
    edition_date: date
    closed_at: datetime
    label: str  # e.g. "2026-W48"


class Publication(BaseModel):
    """One opportunity, on one channel, in one edition."""

    seq: int
    publication_id: str  # edition_id/channel/code
    edition_id: str
    opportunity_id: str
    code: str
    channel: str
    position: int
    snapshot_sha256: str
    state: PublicationStateName = "planned"
    published_at: datetime
    address: str | None = None  # of the post itself, where a person told it


class PublicationState(BaseModel):
    """A publication went to a new state; the newest row counts, none means ``planned``. Append-only."""

    seq: int
    publication_id: str
    state: PublicationStateName
    at: datetime
    detail: str = ""
    address: str | None = None  # of the post, where a person told it: the newest counts


# ---------------------------------------------------------------- what the bulletin achieved

Count = Annotated[int, Field(ge=0, le=10**12)]


ImportKind = Literal["metrics", "outcomes"]


class Import(BaseModel):
    """A file that was taken in, whole: its rows stand in a Parquet file of their own, named by ``import_id``.

    What it ``replaces`` of earlier imports of its layout and channel: their rows of the days it covers, the rows of the same
    key, or all of them. So the same file again, or a longer one, corrects and never doubles.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    import_id: str  # a ULID: later imports sort later
    kind: ImportKind
    file_name: str
    file_sha256: str
    layout: str  # what understood it: linkedin_content, x_posts, plain, form …
    channel: str | None
    replaces: Literal["days", "rows", "all"]
    imported_at: datetime  # by the entity's clock
    first_day: date | None  # what it covers, by the entity's clock, both included
    last_day: date | None
    row_count: int  # taken
    refused_count: int  # set aside, each with its reason in the report
    told_impressions: int | None = None  # the file's own totals, where it has them
    told_clicks: int | None = None
    told_interactions: int | None = None
    unknown_columns: list[str] = []


class _Achieved(BaseModel):
    """Aggregates only: no column may name or describe a person. Key: (import_id, row_number)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    import_id: str = "entity"  # of the entity's own plain template, which is older than any import
    row_number: int
    imported_at: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    layout: str = "plain"


class Metric(_Achieved):
    """What one channel reports: of one opportunity, or, where nothing is named, of all of the channel.

    ``scope``: what happened on that day, or what a post has gathered since its day, told anew in each file. A count is null
    where the channel does not tell it. In the plain template what is told of an opportunity is not in the channel's own row;
    in the exports of platforms it is.
    """

    metric_date: date  # by the entity's clock
    channel: str  # vocabulary channels
    scope: Literal["day", "post"] = "day"
    reference_kind: Literal["item", "code", "url", "title"] | None = None
    reference: str | None = None  # source/key of an announcement, public code, address or title of the post
    title: str | None = None  # of a post named by its address: the public code it carries, else how its text begins
    impressions: Count | None = None
    clicks: Count | None = None
    interactions: Count | None = None


class Outcome(_Achieved):
    """What came of one opportunity, as one reporter told it on a day. A count is null where nobody knows it.

    Only what no earlier row told: rows add up, but for those that a newer import replaces. Cells below five people are
    suppressed before anything is published, not here.
    """

    outcome_date: date  # by the entity's clock
    reported_by: str  # vocabulary outcome_reporters: a kind of reporter, never a person's name
    body: str | None = None  # which public body or organisation reports, by a short word of its own
    item_id: str | None = None  # the opportunity, by an announcement of it …
    code: str | None = None  # … or by its public code; never by both
    referred_count: Count | None = None  # sent to the call by the bulletin or its team
    answered_count: Count | None = None  # of those referred, who told what came of it
    applied_count: Count | None = None
    awarded_count: Count | None = None
    people_count: Count | None = None  # who benefit from what was awarded
    award_amount: Money | None = None  # of all that was awarded
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")


class Rate(BaseModel):
    """What one unit of a currency was worth in the home currency on a day, by an official source."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    rate_date: date
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    rate: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6)]
    source: str


class ArchivedPublication(BaseModel):
    """One call of years gone by, on one channel, in one edition, as a file of the archive tells it. Key: (batch_id, row_number)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    batch_id: str
    row_number: int  # of its file
    item_id: str
    edition_date: date | None  # null: the file does not tell when it was published
    channel: str  # vocabulary channels
    address: str | None = None  # of the post itself


# ---------------------------------------------------------------- the public record


class PublicEvidence(BaseModel):
    """A quote as the public sees it."""

    model_config = ConfigDict(extra="forbid")
    field: str
    quote: str
    url: str
    kind: FieldKind


class PublicDeadline(BaseModel):
    """A deadline as the public sees it; ``close_at`` is null where no hour is stated."""

    model_config = ConfigDict(extra="forbid")
    seq: int
    stage: str
    close_date: date
    close_time: time | None = None
    timezone: str | None = None
    basis: str
    close_at: datetime | None = None


class PublicOpportunity(BaseModel):
    """The public fields of an opportunity: what a person sees and approves, and what every output is rendered from.

    Nothing in it depends on the day: status and days left are computed by whoever shows it.
    """

    model_config = ConfigDict(extra="forbid")

    opportunity_id: str
    code: str
    opportunity_number: str | None = None
    title: str
    title_es: str
    summary_es: str
    eligibility_es: str
    opportunity_type: str
    funding_instrument: str | None = None
    funder_name: str | None = None
    funder_country: str | None = None
    host_countries: list[str] = Field(default_factory=list)
    attendance_mode: str | None = None
    accepted_applicant_types: list[str] = Field(default_factory=list)
    audiences: list[str] = Field(default_factory=list)
    eligible_regions: list[str] = Field(default_factory=list)
    home_eligible: HomeEligible = "unclear"
    isced_levels: list[int] = Field(default_factory=list)
    required_languages: list[str] = Field(default_factory=list)
    typical_age_range: str | None = None
    funding_level: str | None = None
    coverage: list[str] = Field(default_factory=list)
    currency: str | None = None
    min_award_amount: Money | None = None
    max_award_amount: Money | None = None
    total_amount_available: Money | None = None
    estimated_award_count: int | None = None
    cost_sharing_required: bool | None = None
    application_fee: bool | None = None
    opening_date: date | None = None  # where the source gives a day, to come or past
    close_model: str | None = None
    close_date_description: str | None = None
    deadlines: list[PublicDeadline] = Field(default_factory=list)
    apply_url: str | None = None
    source_url: str
    source_name: str
    language: str
    sdg_goals: list[int] = Field(default_factory=list)
    plan_objectives: list[str] = Field(default_factory=list)
    red_flags: list[str] = Field(default_factory=list)
    digital_source_type: str
    drafting_tool: str | None = None  # the generative model that drafted the text, if one did
    channel_texts: list[ChannelText] = Field(default_factory=list)  # drafted by that model
    evidence: list[PublicEvidence] = Field(default_factory=list)


class SourceNote(BaseModel):
    """«La fuente indica ahora…»: what the source says now that differs from what was approved (architecture §9)."""

    opportunity_id: str
    kind: Literal["extended", "shortened", "deadline_changed", "opening_changed", "closed", "cancelled", "vanished"]
    old_value: str | None = None
    new_value: str | None = None
    quote: str | None = None
    url: str
    seen_at: datetime


# ---------------------------------------------------------------- hashing


def instant(value: datetime) -> str:
    """A time stamp as text, ISO 8601: an instant in UTC with ``Z``, one without a zone as it is."""
    return value.isoformat() if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def canonical_json(value: Any) -> str:
    """One text for one value: sorted keys, no spaces, dates as ISO 8601, decimals as written without exponent."""

    def encode(part: Any) -> Any:
        if isinstance(part, BaseModel):
            return part.model_dump(mode="json")
        if isinstance(part, (date, datetime, time)):
            return part.isoformat()
        if isinstance(part, Decimal):
            return f"{part:f}"
        raise TypeError(f"cannot write {type(part).__name__} as JSON")

    return json.dumps(value, default=encode, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256_hex(text: str) -> str:
    """sha256 of the UTF-8 text, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def reading_input(notice: Notice, context_hash: str) -> str:
    """``input_hash``: everything a reader is given. ``context_hash`` covers home country and the vocabularies that readers see."""
    given = {
        "text": notice.text,
        "links": [link.model_dump() for link in notice.links],
        "hints": [hint.model_dump() for hint in notice.hints],
        "language": notice.language,
        "date_order": notice.date_order,
        "authority": notice.authority,
        "timezone": notice.timezone,
        "published_at": notice.published_at,
        "url": notice.url,
        "context": context_hash,
    }
    return sha256_hex(canonical_json(given))
