"""A person's decision binds what the person saw; flags hold it back; nothing is overwritten."""

import json
from datetime import date
from decimal import Decimal

import pytest

from boi_pipeline.editorial import review
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import ReviewError, changes_since_approval, review_state, snapshot_content
from boi_pipeline.records import Decision, PublicDeadline, PublicOpportunity, Snapshot
from tests.editorial.conftest import AT, public, register


@pytest.fixture
def one(ledger: Ledger) -> PublicOpportunity:
    register(ledger, 1)
    return public(1)


def state_of(ledger: Ledger, seen: PublicOpportunity) -> review.ReviewState:
    return review_state(ledger.rows(Decision), ledger.rows(Snapshot))[seen.opportunity_id]


def quoting(field: str, quote: str) -> dict[str, str]:
    return {"field": field, "quote": quote, "url": "https://alfa.example/1", "kind": "inferred"}


def test_approval_keeps_what_the_person_saw_and_changed(ledger: Ledger, one: PublicOpportunity) -> None:
    seen = one.model_copy(update={"evidence": [], "max_award_amount": Decimal("1000.00"), "currency": "EUR"})
    decision = review.approve(
        ledger, seen, review.Said("editor", AT, "más claro", 95), {"title_es": "Beca con nombre", "currency": "EUR"}
    )
    (snapshot,) = ledger.rows(Snapshot)
    approved = snapshot_content(snapshot)
    assert approved.title_es == "Beca con nombre"
    assert approved.max_award_amount == Decimal("1000.00")
    assert approved.digital_source_type == "humanEdits", "a person rewrote what a template had made"
    assert decision.snapshot_sha256 == snapshot.snapshot_sha256
    assert json.loads(decision.proposed) == {"title_es": "Beca 1", "digital_source_type": "algorithmicMedia"}
    assert json.loads(decision.changed) == {"title_es": "Beca con nombre", "digital_source_type": "humanEdits"}
    assert (decision.reason, decision.seconds_spent, decision.role) == ("más claro", 95, "editor")
    assert state_of(ledger, one).snapshot_sha256 == snapshot.snapshot_sha256


def test_the_quote_of_a_value_a_person_replaced_goes_with_it(ledger: Ledger, one: PublicOpportunity) -> None:
    quotes = [quoting("funder_name", "by the Foundation"), quoting("home_eligible", "open to all")]
    seen = PublicOpportunity.model_validate({**one.model_dump(), "evidence": quotes})
    review.approve(ledger, seen, review.Said("editor", AT), {"home_eligible": "yes"})
    (snapshot,) = ledger.rows(Snapshot)
    assert [quote.field for quote in snapshot_content(snapshot).evidence] == ["funder_name"]


def test_text_of_generative_ai_stays_labelled_when_a_person_edits_it(ledger: Ledger, one: PublicOpportunity) -> None:
    seen = one.model_copy(update={"digital_source_type": "trainedAlgorithmicMedia"})
    review.approve(ledger, seen, review.Said("editor", AT), {"summary_es": "Otra."})
    (snapshot,) = ledger.rows(Snapshot)
    assert snapshot_content(snapshot).digital_source_type == "compositeWithTrainedAlgorithmicMedia"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"home_eligible": "maybe"}, "home_eligible"),
        ({"max_award_amount": "a lot"}, "max_award_amount"),
        ({"title_es": "x" * 91}, "91 caracteres"),
        ({"title_es": " "}, "title_es"),
        ({"apply_url": "javascript:alert(1)"}, "http"),
        ({"apply_url": "http://192.168.1.1/formulario"}, "pública"),
        ({"apply_url": "https://[broken"}, "http"),
        ({"code": "PAL-2026-99999"}, "no se pueden cambiar: code"),
        ({"red_flags": []}, "no se pueden cambiar: red_flags"),
        ({"colour": "red"}, "no se pueden cambiar: colour"),
    ],
)
def test_a_change_that_is_not_valid_is_told_and_nothing_is_kept(
    ledger: Ledger, one: PublicOpportunity, changed: dict[str, object], told: str
) -> None:
    with pytest.raises(ReviewError, match=told):
        review.approve(ledger, one, review.Said("editor", AT), changed)
    assert (ledger.rows(Decision), ledger.rows(Snapshot)) == ([], [])


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"max_award_amount": "1000"}, "sin moneda"),
        ({"min_award_amount": "-1", "currency": "EUR"}, "negativo"),
        ({"min_award_amount": "9", "max_award_amount": "5", "currency": "EUR"}, "mayor que el máximo"),
        ({"estimated_award_count": -2}, "cupos"),
        ({"sdg_goals": [1, 2, 3, 4]}, "ODS"),
        ({"sdg_goals": [4, 4]}, "ODS"),
        (
            {
                "opening_date": date(2099, 1, 1),
                "deadlines": [PublicDeadline(seq=1, stage="application", close_date=date(2027, 1, 15), basis="stated")],
            },
            "después de su último cierre",
        ),
        ({"opportunity_type": ""}, "falta opportunity_type"),
        ({"summary_es": " "}, "falta summary_es"),
    ],
)
def test_what_the_tables_would_hold_back_is_not_approved_and_said(
    ledger: Ledger, one: PublicOpportunity, fields: dict[str, object], told: str
) -> None:
    seen = PublicOpportunity.model_validate({**one.model_dump(), **fields})
    with pytest.raises(ReviewError, match=told):
        review.approve(ledger, seen, review.Said("editor", AT))
    mended = {name: getattr(one, name) for name in fields}
    review.approve(ledger, seen, review.Said("editor", AT), mended)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"max_award_amount": "mucho"}, "se espera un número"),
        ({"application_fee": "quizá"}, "se espera sí o no"),
        ({"estimated_award_count": "1.5"}, "número entero"),
        ({"home_eligible": "tal vez"}, "no es uno de sus valores"),
        ({"deadlines": [{"seq": 1}]}, "falta"),
    ],
)
def test_a_wrong_value_is_told_in_the_editor_s_language(
    ledger: Ledger, one: PublicOpportunity, changed: dict[str, object], told: str
) -> None:
    with pytest.raises(ReviewError, match=told):
        review.amend(ledger, one, review.Said("editor", AT), changed)


@pytest.mark.parametrize(
    "role", ["Ana", "ana@ensayo.example", "Ana Pérez", "ana pérez", "", "editor de turno", "x" * 60]
)
def test_who_decides_is_a_role_and_no_person(ledger: Ledger, one: PublicOpportunity, role: str) -> None:
    with pytest.raises(ReviewError, match="no es un papel"):
        review.approve(ledger, one, review.Said(role, AT))
    with pytest.raises(ReviewError, match="no es un papel"):
        review.answer_same(ledger, ["alfa/1", "alfa/2"], review.Said(role, AT))
    with pytest.raises(ReviewError, match="no es un papel"):
        review.withdraw(ledger, one.opportunity_id, review.Said(role, AT, "estafa"))
    assert ledger.rows(Decision) == []


@pytest.mark.parametrize("act", [review.approve, review.reject, review.feature])
def test_a_decision_on_what_somebody_decided_since_is_refused(
    ledger: Ledger, one: PublicOpportunity, act: object
) -> None:
    review.amend(ledger, one, review.Said("coordinator", AT, "más claro"), {"title_es": "Otra"})
    with pytest.raises(ReviewError, match=r"amend \(coordinator, «más claro»\)"):
        act(ledger, one, review.Said("editor", AT, "no aplica", seen_seq=0))  # type: ignore[operator]
    act(ledger, one, review.Said("editor", AT, seen_seq=ledger.rows(Decision)[-1].seq))  # type: ignore[operator]
    review.withdraw(ledger, one.opportunity_id, review.Said("editor", AT, "estafa"))
    assert len(ledger.rows(Decision)) == 3, "taking down waits for nobody"


def test_red_flags_hold_an_approval_until_each_is_cleared(ledger: Ledger, one: PublicOpportunity) -> None:
    seen = one.model_copy(update={"red_flags": ["application_fee", "no_convener"]})
    with pytest.raises(ReviewError, match="application_fee, no_convener"):
        review.approve(ledger, seen, review.Said("editor", AT))
    review.clear_flag(ledger, seen, review.Said("editor", AT, "es un depósito reembolsable"), ["application_fee"])
    with pytest.raises(ReviewError, match=r"\(no_convener\)"):
        review.approve(ledger, seen, review.Said("editor", AT))
    review.clear_flag(ledger, seen, review.Said("editor", AT, "lo dice en el pie de página"), ["no_convener"])
    review.approve(ledger, seen, review.Said("editor", AT))
    assert state_of(ledger, one).status == "approved"


def test_a_cleared_flag_stands_again_when_its_grounds_change(ledger: Ledger, one: PublicOpportunity) -> None:
    seen = one.model_copy(update={"red_flags": ["foreign_domain"]})
    review.clear_flag(ledger, seen, review.Said("editor", AT, "es el portal del convocante"), ["foreign_domain"])
    review.approve(ledger, seen, review.Said("editor", AT))
    hijacked = seen.model_copy(update={"apply_url": "https://phishing.example/login"})
    with pytest.raises(ReviewError, match="foreign_domain"):
        review.approve(ledger, hijacked, review.Said("editor", AT))


def test_only_flags_that_are_there_can_be_cleared_and_with_a_reason(ledger: Ledger, one: PublicOpportunity) -> None:
    with pytest.raises(ReviewError, match="nada que despejar"):
        review.clear_flag(ledger, one, review.Said("editor", AT, "no aplica"), ["application_fee"])
    flagged = one.model_copy(update={"red_flags": ["application_fee"]})
    with pytest.raises(ReviewError, match="por qué"):
        review.clear_flag(ledger, flagged, review.Said("editor", AT, " "), ["application_fee"])


def test_the_newest_verdict_counts_and_the_older_ones_stay(ledger: Ledger, one: PublicOpportunity) -> None:
    review.feature(ledger, one, review.Said("coordinator", AT))
    review.amend(ledger, one, review.Said("editor", AT), {"title_es": "Otra"})
    assert state_of(ledger, one).status == "drafted"
    review.approve(ledger, one, review.Said("editor", AT))
    assert (state_of(ledger, one).status, state_of(ledger, one).featured) == ("approved", True)
    review.withdraw(ledger, one.opportunity_id, review.Said("coordinator", AT, "estafa"))
    withdrawn = state_of(ledger, one)
    assert (withdrawn.status, withdrawn.snapshot_sha256, withdrawn.featured) == ("withdrawn", None, False)
    review.approve(ledger, one, review.Said("editor", AT), {"title_es": "De nuevo"})
    review.reject(ledger, one, review.Said("editor", AT, "duplicada"))
    assert state_of(ledger, one).status == "rejected"
    actions = [decision.action for decision in ledger.rows(Decision)]
    assert actions == ["feature", "amend", "approve", "withdraw", "approve", "reject"]
    assert len(ledger.rows(Snapshot)) == 2


def test_approving_the_same_again_is_a_decision_but_not_another_snapshot(
    ledger: Ledger, one: PublicOpportunity
) -> None:
    first = review.approve(ledger, one, review.Said("editor", AT))
    second = review.approve(ledger, one, review.Said("coordinator", AT))
    assert first.snapshot_sha256 == second.snapshot_sha256
    assert len(ledger.rows(Snapshot)) == 1


def test_an_opportunity_the_register_does_not_know_cannot_be_decided(ledger: Ledger) -> None:
    with pytest.raises(ReviewError, match="no está en el registro"):
        review.approve(ledger, public(7), review.Said("editor", AT))


def test_same_and_not_same_key_on_items(ledger: Ledger) -> None:
    review.answer_same(ledger, ["beta/2", "alfa/1", "alfa/1"], review.Said("editor", AT))
    review.answer_not_same(ledger, ["alfa/1", "beta/2"], review.Said("editor", AT, "son de años distintos"))
    assert [(one.action, one.item_ids) for one in ledger.rows(Decision)] == [
        ("same", ["alfa/1", "beta/2"]),
        ("not_same", ["alfa/1", "beta/2"]),
    ]
    with pytest.raises(ReviewError, match="al menos dos"):
        review.answer_same(ledger, ["alfa/1", "alfa/1"], review.Said("editor", AT))


def test_a_later_change_of_link_or_money_waits_and_the_persons_own_edit_does_not(
    ledger: Ledger, one: PublicOpportunity
) -> None:
    decision = review.approve(ledger, one, review.Said("editor", AT), {"funding_level": "full", "title": "Call One"})
    (snapshot,) = ledger.rows(Snapshot)
    assert changes_since_approval(decision, snapshot, one) == []
    deadline = {"seq": 1, "stage": "application", "close_date": "2027-01-15", "basis": "stated"}
    moved = PublicOpportunity.model_validate({**one.model_dump(), "deadlines": [deadline]})
    assert changes_since_approval(decision, snapshot, moved) == [], "dates show at once"
    edited = one.model_copy(
        update={"apply_url": "https://phishing.example/", "funding_level": "none", "home_eligible": "no"}
    )
    found = {
        change.field: (change.group, change.old, change.new)
        for change in changes_since_approval(decision, snapshot, edited)
    }
    assert found == {
        "apply_url": ("link", "https://alfa.example/1/apply", "https://phishing.example/"),
        "funding_level": ("money", None, "none"),
        "home_eligible": ("eligibility", "unclear", "no"),
    }


def test_a_snapshot_that_is_missing_or_torn_is_never_taken_for_approved(ledger: Ledger, one: PublicOpportunity) -> None:
    review.approve(ledger, one, review.Said("editor", AT))
    with pytest.raises(ReviewError, match="falta la instantánea"):
        review_state(ledger.rows(Decision), [])
    (snapshot,) = ledger.rows(Snapshot)
    with pytest.raises(ReviewError, match="dañada"):
        snapshot_content(snapshot.model_copy(update={"content": snapshot.content.replace("Beca", "Boca")}))
