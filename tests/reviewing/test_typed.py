"""What a person types becomes a value of the field's kind, or is refused in words; a file edited nowhere changes nothing."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boi_pipeline.editorial.amendments import ReviewError, apply_changes, check_terms, edit_share, missing_fields
from boi_pipeline.reviewing.typed import as_yaml, from_pairs, from_yaml
from tests.publishing.sample_bulletin import AWARD, FUND, HOSTILE, SCHOLARSHIP, opportunity, sample_entity
from tests.publishing.test_hostile import TEXT, filled

HOME = ZoneInfo("America/Bogota")


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("title_es=Una beca = dos", "title_es", "Una beca = dos"),
        ("audiences=citizens, academia", "audiences", ["citizens", "academia"]),
        ("audiences=", "audiences", []),
        ('audiences=["citizens"]', "audiences", ["citizens"]),
        ("sdg_goals=4,13", "sdg_goals", [4, 13]),
        ("max_award_amount=", "max_award_amount", None),
        ("application_fee=sí", "application_fee", True),
        ("application_fee=no", "application_fee", False),
        ("estimated_award_count=25", "estimated_award_count", 25),
        ("max_award_amount=1200.50", "max_award_amount", Decimal("1200.50")),
        ("opening_date=2026-12-03", "opening_date", date(2026, 12, 3)),
    ],
)
def test_a_value_is_taken_in_the_field_s_kind(typed: str, field: str, value: object) -> None:
    changed = from_pairs([typed], HOME)
    approved, _, _ = apply_changes(opportunity(1), changed)
    assert getattr(approved, field) == value


def test_a_deadline_is_typed_as_people_write_it_and_gets_its_instant() -> None:
    changed = from_pairs(["deadlines=2027-01-15 23:59 Europe/Berlin, 2027-02-01 9:30, 2027-03-01"], HOME)
    approved, _, _ = apply_changes(opportunity(1), changed)
    assert [(one.seq, one.close_date, one.close_time, one.timezone, one.close_at) for one in approved.deadlines] == [
        (1, date(2027, 1, 15), time(23, 59), "Europe/Berlin", datetime(2027, 1, 15, 22, 59, tzinfo=UTC)),
        (2, date(2027, 2, 1), time(9, 30), None, datetime(2027, 2, 1, 14, 30, tzinfo=UTC)),
        (3, date(2027, 3, 1), None, None, None),
    ]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("title_es", "campo=valor"),
        ("red_flags=", "uno de estos campos"),
        ("deadlines=pronto", "no es un cierre"),
        ("deadlines=2027-02-30", "no existe"),
        ("deadlines=2027-01-15 23:59 Marte/Base", "no es una zona horaria"),
        ("deadlines=[{", "JSON válido"),
        ("max_award_amount=1.200", "puede ser 1200"),
        ("total_amount_available=3,000,000", "puede ser 3000000"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(typed: str, told: str) -> None:
    with pytest.raises(ReviewError, match=told):
        from_pairs([typed], HOME)


@pytest.mark.parametrize("record", [SCHOLARSHIP, FUND, AWARD, filled(HOSTILE), opportunity(1, title_es="")])
def test_a_file_that_is_not_edited_changes_nothing(record: object) -> None:
    assert from_yaml(as_yaml(record, {}), record, HOME) == {}  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(TEXT | st.text(max_size=40))
def test_whatever_a_stranger_wrote_can_be_edited_around(text: str) -> None:
    record = filled(text)
    written = as_yaml(record, {}).replace("funding_level: null", "funding_level: full")
    assert from_yaml(written, record, HOME) == {"funding_level": "full"}
    assert not {"\u202e", "\u200b", "\x1b", "\x9b"} & set(written)


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("home_eligible: 'yes'", "home_eligible: no", {"home_eligible": "no"}),
        ("application_fee: null", "application_fee: true", {"application_fee": True}),
        ("currency: USD", "currency: null", {"currency": None}),
        ("sdg_goals:\n- 14\n", "sdg_goals: null\n", {"sdg_goals": []}),
    ],
)
def test_what_yaml_means_is_what_the_person_meant(before: str, after: str, changed: dict[str, object]) -> None:
    text = as_yaml(FUND, {})
    assert before in text
    assert from_yaml(text.replace(before, after), FUND, HOME) == changed


@pytest.mark.parametrize("text", ["a: [", "- lista", "code: PAL-2026-00009\n", "evidence: []\n"])
def test_a_file_that_is_spoilt_is_refused_in_words(text: str) -> None:
    with pytest.raises(ReviewError, match="El archivo"):
        from_yaml(text, FUND, HOME)


@pytest.mark.parametrize("after", ["1.200", "'1.200'"])
def test_an_amount_whose_thousands_a_person_set_apart_is_asked_about(after: str) -> None:
    before, text = "max_award_amount: '", as_yaml(FUND, {})
    line = next(one for one in text.splitlines() if one.startswith(before))
    with pytest.raises(ReviewError, match="puede ser 1200"):
        from_yaml(text.replace(line, f"max_award_amount: {after}"), FUND, HOME)
    assert from_yaml(text.replace(line, "max_award_amount: 1200"), FUND, HOME) == {"max_award_amount": "1200"}


def test_terms_are_of_their_vocabulary() -> None:
    vocabularies = sample_entity().vocabularies
    check_terms(
        "C", {"opportunity_type": "fund", "audiences": ["citizens"], "sdg_goals": [4], "title_es": "x"}, vocabularies
    )
    with pytest.raises(ReviewError, match=r"audiences no admite gente.*citizens"):
        check_terms("C", {"audiences": ["citizens", "gente"]}, vocabularies)


def test_the_share_of_the_draft_that_a_person_changed() -> None:
    drafted = opportunity(1, title_es="uno dos", summary_es="tres cuatro cinco seis", eligibility_es="siete ocho")
    assert edit_share(drafted, drafted) == 0
    assert edit_share(drafted, drafted.model_copy(update={"summary_es": "tres cuatro nueve seis"})) == 0.125
    other = {"title_es": "a b", "summary_es": "c d e f", "eligibility_es": "g h"}
    assert edit_share(drafted, drafted.model_copy(update=other)) == 1
    assert missing_fields(opportunity(1, title_es=" ", opportunity_type="")) == ["opportunity_type", "title_es"]
