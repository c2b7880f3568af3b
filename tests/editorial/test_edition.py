"""What goes out on a day: only what a person approved, in a published order, closed once and for ever."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import (
    ApprovedCall,
    EditionResult,
    close_corrections,
    close_edition,
    mark,
    mark_sent,
    week_label,
)
from boi_pipeline.editorial.ledger import Ledger, LedgerError
from boi_pipeline.editorial.ranking import Candidate, rank
from boi_pipeline.editorial.review import ReviewError, snapshot_hash
from boi_pipeline.entity import EditionRules
from boi_pipeline.records import Decision, Edition, Publication, Snapshot
from tests.editorial.conftest import AT, public, register

MONDAY = date(2026, 11, 23)
RULES = EditionRules(minimum=3, maximum=7)


def working(day: date) -> bool:
    return day.weekday() < 5


def call(number: int, days_left: int | None = 20, **fields: object) -> ApprovedCall:
    seen = public(number)
    given = ApprovedCall(seen.opportunity_id, snapshot_hash(seen), True, days_left, "official")
    return replace(given, **fields)


def approved(ledger: Ledger, *numbers: int, at: datetime = AT) -> list[ApprovedCall]:
    register(ledger, *numbers)
    for number in numbers:
        review.approve(ledger, public(number), review.Said("editor", at))
    return [call(number) for number in numbers]


def close(ledger: Ledger, calls: list[ApprovedCall], day: date = MONDAY, at: datetime = AT) -> EditionResult:
    return close_edition(ledger, day, at, calls, RULES, working)


def codes(result: EditionResult) -> list[str]:
    return [publication.code for publication in result.publications]


def test_an_edition_takes_up_to_its_maximum_and_the_rest_wait_for_the_next(ledger: Ledger) -> None:
    calls = approved(ledger, *range(1, 10))
    first = close(ledger, calls)
    assert first.edition and (first.edition.edition_id, first.edition.label) == ("2026-11-23", "2026-W48")
    assert [publication.position for publication in first.publications] == list(range(1, 8))
    assert [one.kind for one in first.not_included] == ["full", "full"]
    assert {publication.state for publication in first.publications} == {"planned"}
    tomorrow = close(ledger, calls, MONDAY + timedelta(days=1), AT + timedelta(days=1))
    assert Counter(codes(first) + codes(tomorrow)) == Counter(f"PAL-2026-{n:05d}" for n in range(1, 10))
    assert "mínimo" in tomorrow.warnings[0]
    assert Counter(one.kind for one in tomorrow.not_included) == {"published": 7}


def test_closing_again_gives_the_same_edition_whatever_was_decided_since(ledger: Ledger) -> None:
    first = close(ledger, approved(ledger, 1, 2, 3))
    number = ledger.seq()
    more = approved(ledger, 4)
    review.withdraw(ledger, public(1).opportunity_id, review.Said("editor", AT, "estafa"))
    again = close(ledger, [call(1), call(2), call(3), *more], at=AT + timedelta(hours=2))
    assert again.already_closed and (again.edition, again.publications) == (first.edition, first.publications)
    assert ledger.seq() == number + 2 + 2 + 1, "only the register and the people wrote"


def test_an_approval_after_closing_goes_to_the_next_edition(ledger: Ledger) -> None:
    calls = approved(ledger, 1, 2, 3) + approved(ledger, 4, at=AT + timedelta(minutes=5))
    today = close(ledger, calls)
    assert "PAL-2026-00004" not in codes(today)
    tomorrow = close(ledger, calls, MONDAY + timedelta(days=1), AT + timedelta(days=1))
    assert codes(tomorrow) == ["PAL-2026-00004"]


def test_nothing_approved_and_days_off_have_no_edition_and_say_so(ledger: Ledger) -> None:
    empty = close(ledger, [])
    assert empty.edition is None and "no hay edición" in empty.reason
    saturday = close(ledger, approved(ledger, 1, 2, 3), date(2026, 11, 28))
    assert saturday.edition is None and "no es día hábil" in saturday.reason
    assert ledger.rows(Edition) == [] and ledger.rows(Publication) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"is_open": False}, "closed"),
        ({"is_undated_forecast": True}, "not_open"),
        ({"quarantined": True}, "quarantined"),
        ({"snapshot_sha256": "0" * 64}, "not_approved"),
    ],
)
def test_what_closed_is_held_back_or_is_not_the_approved_text_stays_out(
    ledger: Ledger, changes: dict[str, object], kind: str
) -> None:
    calls = approved(ledger, 1, 2)
    result = close(ledger, [calls[0], replace(calls[1], **changes)])
    assert codes(result) == ["PAL-2026-00001"]
    assert [(one.opportunity_id, one.kind) for one in result.not_included] == [(public(2).opportunity_id, kind)]


def test_a_withdrawal_counts_even_when_it_comes_during_the_run(ledger: Ledger) -> None:
    calls = approved(ledger, 1, 2)
    review.withdraw(ledger, public(2).opportunity_id, review.Said("editor", AT + timedelta(minutes=3), "estafa"))
    assert codes(close(ledger, calls)) == ["PAL-2026-00001"]


def test_what_a_person_features_comes_first(ledger: Ledger) -> None:
    calls = approved(ledger, 1, 2, 3)
    review.feature(ledger, public(3), review.Said("coordinator", AT))
    result = close(ledger, [replace(one, days_left=3 if index == 0 else 300) for index, one in enumerate(calls)])
    assert codes(result)[:2] == ["PAL-2026-00003", "PAL-2026-00001"]
    assert result.ranking[0].explanation.startswith("Destacada")


def test_the_site_goes_from_planned_to_sent_once(ledger: Ledger) -> None:
    result = close(ledger, approved(ledger, 1, 2, 3))
    names = [publication.publication_id for publication in result.publications]
    assert mark_sent(ledger, AT, names[:2]) == 2, "what is not on disk yet stays planned"
    assert mark_sent(ledger, AT, names) == 1
    number = ledger.seq()
    assert mark_sent(ledger, AT, names) == 0 and ledger.seq() == number
    assert {row.state for row in ledger.rows(Publication)} == {"sent"}
    assert mark(ledger, names, "sent", AT) == 0
    with pytest.raises(LedgerError, match="cannot go from sent to failed"):
        mark(ledger, names, "failed", AT)
    with pytest.raises(LedgerError, match="no such publications"):
        mark(ledger, ["2026-11-23/site/NO"], "sent", AT)


def approved_again(ledger: Ledger, number: int, **fields: object) -> ApprovedCall:
    """The n-th call, approved with another text than before."""
    seen = public(number, title_es=f"Beca {number}, corregida")
    review.approve(ledger, seen, review.Said("editor", AT + timedelta(hours=20)))
    return replace(call(number), snapshot_sha256=snapshot_hash(seen), **fields)


def test_what_was_published_and_approved_anew_goes_out_as_a_correction_beyond_the_maximum(ledger: Ledger) -> None:
    first = close(ledger, approved(ledger, 1, 2, 3))
    before = ledger.rows(Publication)
    corrected = approved_again(ledger, 2)
    fresh = approved(ledger, *range(4, 13))
    second = close(ledger, [call(1), corrected, call(3), *fresh], MONDAY + timedelta(1), AT + timedelta(1))
    assert second.corrections == ["PAL-2026-00002"]
    assert (len(second.publications), codes(second)[-1]) == (8, "PAL-2026-00002"), "seven new ones, then the correction"
    assert [one.position for one in second.publications] == list(range(1, 9))
    assert second.publications[-1].snapshot_sha256 == corrected.snapshot_sha256
    assert Counter(one.kind for one in second.not_included) == {"published": 2, "full": 2}
    assert ledger.rows(Publication, edition_id="2026-11-23") == before == first.publications, "the first edition stays"
    third = close(ledger, [corrected], MONDAY + timedelta(2), AT + timedelta(2))
    assert third.edition is None, "a correction goes out once"


def test_a_day_with_corrections_only_has_an_edition_that_says_so(ledger: Ledger) -> None:
    close(ledger, approved(ledger, 1, 2, 3))
    result = close(ledger, [approved_again(ledger, 1)], MONDAY + timedelta(1), AT + timedelta(1))
    assert codes(result) == ["PAL-2026-00001"] and "solo lleva correcciones" in result.warnings[0]


def test_a_correction_that_cannot_wait_goes_out_in_a_further_edition_of_the_day(ledger: Ledger) -> None:
    day = close(ledger, approved(ledger, 1, 2, 3))
    corrected = approved_again(ledger, 3)
    later = AT + timedelta(hours=21)
    assert close(ledger, [corrected], at=later).already_closed
    further = close_corrections(ledger, MONDAY, later, [call(1), corrected, *approved(ledger, 4)], ["site", "x"])
    assert further.edition and further.edition.edition_id == "2026-11-23-2"
    assert [one.publication_id for one in further.publications] == [
        "2026-11-23-2/site/PAL-2026-00003",
        "2026-11-23-2/x/PAL-2026-00003",
    ]
    number = ledger.seq()
    again = close_corrections(ledger, MONDAY, later, [corrected])
    assert again.edition is None and "No hay correcciones" in again.reason and ledger.seq() == number
    assert close(ledger, [], at=later).publications == day.publications


def test_a_correction_before_the_day_s_edition_leaves_its_name_free(ledger: Ledger) -> None:
    close(ledger, approved(ledger, 1))
    saturday = date(2026, 11, 28)
    corrected = approved_again(ledger, 1)
    further = close_corrections(ledger, saturday, AT + timedelta(5), [corrected])
    assert further.edition and further.edition.edition_id == "2026-11-28-2", "a wrong fact does not wait for Monday"


def test_what_has_closed_is_put_right_on_the_site_and_posted_nowhere(ledger: Ledger) -> None:
    close(ledger, approved(ledger, 1))
    corrected = approved_again(ledger, 1, is_open=False)
    further = close_corrections(ledger, MONDAY, AT + timedelta(1), [corrected], ["site", "whatsapp"])
    assert [one.channel for one in further.publications] == ["site"]


@pytest.mark.parametrize("undone", [review.reject, review.withdraw])
def test_what_was_approved_anew_and_taken_back_is_no_correction(ledger: Ledger, undone: object) -> None:
    close(ledger, approved(ledger, 1))
    corrected, seen = approved_again(ledger, 1), public(1)
    about = seen.opportunity_id if undone is review.withdraw else seen
    undone(ledger, about, review.Said("editor", AT + timedelta(hours=21), "era falsa"))  # type: ignore[operator]
    assert close_corrections(ledger, MONDAY, AT + timedelta(1), [corrected]).edition is None


def test_an_uncertain_send_is_never_retried_by_itself(ledger: Ledger) -> None:
    result = close(ledger, approved(ledger, 1))
    name = [result.publications[0].publication_id]
    mark(ledger, name, "sending", AT)
    mark(ledger, name, "uncertain", AT, "el proceso terminó a mitad del envío")
    assert mark_sent(ledger, AT, name) == 0
    with pytest.raises(LedgerError, match="expected failed, sent"):
        mark(ledger, name, "sending", AT)


def test_weeks_are_iso_weeks() -> None:
    assert (week_label(MONDAY), week_label(date(2027, 1, 1))) == ("2026-W48", "2026-W53")


def candidate(code: str, kind: str = "course", **fields: object) -> Candidate:
    plain = Candidate(code, code, kind, 20, "unclear", "unknown", "aggregator")
    return replace(plain, **fields)


def test_each_rule_moves_a_candidate_up_and_says_why() -> None:
    plain = candidate("P-2026-00002")
    for better, why in (
        (candidate("P-2026-00009", days_left=10), "cierra en 10 días (+30)"),
        (candidate("P-2026-00009", home_eligible="yes"), "se puede aplicar desde aquí (+30)"),
        (candidate("P-2026-00009", funding_level="full"), "financiación completa (+20)"),
        (candidate("P-2026-00009", authority="official"), "oficial (+10)"),
    ):
        first, second = rank([plain, better])
        assert first.candidate == better and second.candidate == plain
        assert why in first.explanation
        assert first.score == sum(one.points for one in first.points)


def test_types_take_turns_and_ties_go_to_the_one_that_closes_first() -> None:
    ranked = rank([candidate("A"), candidate("B"), candidate("C", "award", funding_level="none")])
    assert [one.candidate.code for one in ranked] == ["A", "C", "B"]
    assert "ya hay 1 del mismo tipo antes (-15)" in ranked[2].explanation
    tie = rank([candidate("A", days_left=40), candidate("B", "award", days_left=30)])
    assert [one.candidate.code for one in tie] == ["B", "A"]


class Editors(RuleBasedStateMachine):
    """Editors decide anything in any order while days close: what goes out was approved, and stays as it went."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ledger = Ledger.open(f"sqlite:///{Path(self.folder.name) / 'ledger.db'}")
        self.minute = 0
        self.known: set[int] = set()
        self.closed: dict[str, tuple[Edition, list[Publication]]] = {}

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @property
    def now(self) -> datetime:
        return AT + timedelta(minutes=self.minute)

    def seen(self, number: int, flagged: bool) -> review.PublicOpportunity:
        self.minute += 1
        if number not in self.known:
            register(self.ledger, number)
            self.known.add(number)
        return public(number, red_flags=["application_fee"] if flagged else [])

    numbers = st.integers(1, 5)

    @rule(number=numbers, flagged=st.booleans())
    def approve(self, number: int, flagged: bool) -> None:
        seen = self.seen(number, flagged)
        state = review.review_state(self.ledger.rows(Decision), self.ledger.rows(Snapshot)).get(seen.opportunity_id)
        blocked = flagged and not (state and state.cleared_flags)
        try:
            review.approve(self.ledger, seen, review.Said("editor", self.now))
            assert not blocked
        except ReviewError:
            assert blocked

    @rule(number=numbers, act=st.sampled_from([review.reject, review.feature]))
    def decide(self, number: int, act: object) -> None:
        act(self.ledger, self.seen(number, False), review.Said("editor", self.now, "porque sí"))  # type: ignore[operator]

    @rule(number=numbers)
    def withdraw(self, number: int) -> None:
        review.withdraw(
            self.ledger, self.seen(number, False).opportunity_id, review.Said("editor", self.now, "porque sí")
        )

    @rule(number=numbers)
    def clear(self, number: int) -> None:
        review.clear_flag(
            self.ledger, self.seen(number, True), review.Said("editor", self.now, "sin cobro"), ["application_fee"]
        )

    @precondition(lambda self: self.known)
    @rule(
        day=st.integers(0, 6),
        flagged=st.booleans(),
        earlier=st.integers(0, 5),
        only_corrections=st.integers(0, 3).map(lambda n: n == 0),
    )
    def close(self, day: int, flagged: bool, earlier: int, only_corrections: bool) -> None:
        # whoever calls hands in everything, approved or not: the edition itself must refuse
        calls = []
        for number in sorted(self.known):
            seen = public(number, red_flags=["application_fee"] if flagged else [])
            calls.append(ApprovedCall(seen.opportunity_id, snapshot_hash(seen), True, 10, "official"))
        as_of = self.now - timedelta(minutes=earlier)
        states = review.review_state(self.ledger.rows(Decision, as_of), self.ledger.rows(Snapshot))
        on = MONDAY + timedelta(days=day)
        if only_corrections:
            published = {one.opportunity_id for one in self.ledger.rows(Publication)}
            result = close_corrections(self.ledger, on, as_of, calls)
            assert {one.opportunity_id for one in result.publications} <= published
        else:
            result = close_edition(self.ledger, on, as_of, calls, RULES, working)
            assert result.edition is None or working(result.edition.edition_date)
        if result.edition and not result.already_closed:
            for publication in result.publications:
                assert states[publication.opportunity_id].status == "approved"
                assert states[publication.opportunity_id].snapshot_sha256 == publication.snapshot_sha256
            self.closed[result.edition.edition_id] = (result.edition, result.publications)

    @invariant()
    def nothing_unapproved_is_out(self) -> None:
        decisions = self.ledger.rows(Decision)
        bound = {(one.opportunity_id, one.snapshot_sha256) for one in decisions if one.action == "approve"}
        out = self.ledger.rows(Publication)
        assert {(one.opportunity_id, one.snapshot_sha256) for one in out} <= bound
        texts: dict[str, str] = {}
        for one in out:
            assert texts.get(one.opportunity_id) != one.snapshot_sha256, "nothing goes out twice, but corrected"
            texts[one.opportunity_id] = one.snapshot_sha256

    @invariant()
    def editions_stay_as_they_were(self) -> None:
        publications = self.ledger.rows(Publication)
        now = {
            edition.edition_id: (edition, [one for one in publications if one.edition_id == edition.edition_id])
            for edition in self.ledger.rows(Edition)
        }
        assert now == self.closed


Editors.TestCase.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestEditors = Editors.TestCase
