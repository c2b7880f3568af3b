"""The weekly five: only a person picks, only what is on the site, with a reason; closed once and for ever."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import ApprovedCall, close_edition
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import ReviewError, snapshot_hash
from boi_pipeline.editorial.week_edition import WeekResult, close_week
from boi_pipeline.editorial.weekly import CallToday, drop, pick, pick_week, picks_of, week_candidates, week_days
from boi_pipeline.entity import EditionRules
from boi_pipeline.records import Decision, Edition, Publication
from tests.editorial.conftest import AT, public, register

WEEK = "2026-W48"
MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
CLOSES_AT = AT + timedelta(days=4)
WHY = "Paga todo y acepta a quien nunca ha salido del país."
CHANNELS = ["article", "linkedin"]


def publish(ledger: Ledger, *numbers: int, day: date = MONDAY, **fields: object) -> None:
    """Approve the n-th calls and close the edition of a day with them."""
    at = AT + (day - MONDAY)
    register(ledger, *numbers)
    calls = []
    for number in numbers:
        seen = public(number, **fields)
        review.approve(ledger, seen, review.Said("editor", at))
        calls.append(ApprovedCall(seen.opportunity_id, snapshot_hash(seen), True, 20, "official"))
    close_edition(ledger, day, at, calls, EditionRules(minimum=1), lambda _: True)


def ids(*numbers: int) -> list[str]:
    return [public(number).opportunity_id for number in numbers]


def choose(ledger: Ledger, *numbers: int, at: datetime = AT + timedelta(days=2)) -> list[Decision]:
    return pick_week(ledger, WEEK, [(one, WHY) for one in ids(*numbers)], "coordinator", at)


def close(ledger: Ledger, channels: Sequence[str] = CHANNELS) -> WeekResult:
    return close_week(ledger, WEEK, CLOSES_AT, channels, day=FRIDAY)


def codes(result: WeekResult, channel: str = "article") -> list[str]:
    return [row.code for row in result.publications if row.channel == channel]


def code(*numbers: int) -> list[str]:
    return [public(number).code for number in numbers]


def test_the_picked_go_out_in_their_order_on_each_channel_with_the_text_of_the_site(ledger: Ledger) -> None:
    publish(ledger, 1, 2, 3, 4, 5, 6)
    choose(ledger, 6, 2, 4, 1, 3)
    result = close(ledger)
    assert result.edition
    assert (result.edition.edition_id, result.edition.label, result.edition.edition_date) == (WEEK, WEEK, FRIDAY)
    assert codes(result) == codes(result, "linkedin") == code(6, 2, 4, 1, 3)
    assert not result.warnings
    on_site = {row.code: row.snapshot_sha256 for row in ledger.rows(Publication, channel="site")}
    assert all(row.snapshot_sha256 == on_site[row.code] for row in result.publications)
    assert result.publications[0].publication_id == f"{WEEK}/article/{code(6)[0]}"


def test_a_newer_list_replaces_the_older_until_the_week_closes(ledger: Ledger) -> None:
    publish(ledger, 1, 2, 3, 4)
    choose(ledger, 1, 2, 3)
    choose(ledger, 3, 4)
    assert [one.opportunity_id for one in picks_of(ledger.rows(Decision), WEEK)] == ids(3, 4)
    number = ledger.seq()
    assert choose(ledger, 3, 4) == [] and ledger.seq() == number, "the same list again is not written again"
    close(ledger)
    with pytest.raises(ReviewError, match="cerrada"):
        choose(ledger, 1)
    with pytest.raises(ReviewError, match="cerrada"):
        drop(ledger, WEEK, ids(3)[0], "editor", CLOSES_AT)


def test_one_call_goes_in_last_or_at_its_place_and_comes_out_again(ledger: Ledger) -> None:
    publish(ledger, 1, 2, 3)
    for number, position in ((1, None), (2, None), (3, 1)):
        pick(ledger, WEEK, ids(number)[0], WHY, "editor", AT, position=position)
    assert [one.opportunity_id for one in picks_of(ledger.rows(Decision), WEEK)] == ids(3, 1, 2)
    pick(ledger, WEEK, ids(1)[0], "Otra razón, mejor contada que la primera.", "coordinator", AT)
    second = picks_of(ledger.rows(Decision), WEEK)[1]
    assert (second.opportunity_id, second.why[:4], second.role) == (ids(1)[0], "Otra", "coordinator")
    drop(ledger, WEEK, ids(3)[0], "editor", AT)
    assert [(one.opportunity_id, one.position) for one in picks_of(ledger.rows(Decision), WEEK)] == [
        (ids(1)[0], 1),
        (ids(2)[0], 2),
    ]


def test_picks_of_one_week_say_nothing_of_another(ledger: Ledger) -> None:
    publish(ledger, 1, 2)
    choose(ledger, 1)
    pick_week(ledger, "2026-W49", [(ids(2)[0], WHY)], "editor", AT, open_calls=ids(2))
    assert codes(close(ledger)) == code(1)


def test_what_may_not_go_in_is_refused_and_nothing_is_written(ledger: Ledger) -> None:
    publish(ledger, 1, 2, 3, 4, 5, 6)
    publish(ledger, 7, day=MONDAY - timedelta(days=7))
    register(ledger, 8, 9)
    review.approve(ledger, public(8), review.Said("editor", AT))  # approved, in no edition yet
    review.withdraw(ledger, ids(6)[0], review.Said("editor", AT, "estafa"))
    number = ledger.seq()
    for numbers, told in [
        ((1, 2, 3, 4, 5, 7), "caben 5"),
        ((1, 8), "no está aprobada y publicada"),
        ((1, 9), "no está aprobada y publicada"),
        ((1, 6), "no está aprobada y publicada"),
        ((1, 7), "no se publicó en la semana"),
        ((1, 1), "dos veces"),
    ]:
        with pytest.raises(ReviewError, match=told):
            choose(ledger, *numbers)
    with pytest.raises(ReviewError, match="frase completa"):
        pick(ledger, WEEK, ids(1)[0], "  Es   buena ", "editor", AT)
    with pytest.raises(ReviewError, match="a lo sumo 600"):
        pick(ledger, WEEK, ids(1)[0], "palabra " * 200, "editor", AT)
    with pytest.raises(ReviewError, match="no es una semana"):
        pick(ledger, "2026-W54", ids(1)[0], WHY, "editor", AT)
    assert ledger.seq() == number


def test_an_older_call_may_go_in_while_it_is_open(ledger: Ledger) -> None:
    publish(ledger, 7, day=MONDAY - timedelta(days=7))
    assert pick(ledger, WEEK, ids(7)[0], WHY, "editor", AT, open_calls=ids(7))


def test_without_picks_there_is_no_edition_and_fewer_than_five_are_told(ledger: Ledger) -> None:
    publish(ledger, 1, 2)
    empty = close(ledger)
    assert empty.edition is None and "Nadie eligió" in empty.reason
    assert [one.edition_id for one in ledger.rows(Edition)] == [MONDAY.isoformat()]
    choose(ledger, 1)
    assert "tiene 1; se esperan 5" in close(ledger).warnings[0]


def test_closing_again_changes_nothing_whatever_was_decided_since(ledger: Ledger) -> None:
    publish(ledger, 1, 2)
    choose(ledger, 2, 1)
    first = close(ledger)
    review.withdraw(ledger, ids(2)[0], review.Said("editor", CLOSES_AT, "estafa"))
    number = ledger.seq()
    again = close(ledger)
    assert again.already_closed and (again.edition, again.publications) == (first.edition, first.publications)
    assert ledger.seq() == number


def test_what_was_withdrawn_after_the_pick_stays_out_and_the_rest_move_up(ledger: Ledger) -> None:
    publish(ledger, 1, 2, 3)
    choose(ledger, 1, 2, 3)
    review.withdraw(ledger, ids(1)[0], review.Said("editor", CLOSES_AT + timedelta(hours=1), "llega durante el cierre"))
    result = close(ledger)
    assert [(row.code, row.position) for row in result.publications if row.channel == "article"] == [
        (code(2)[0], 1),
        (code(3)[0], 2),
    ]
    assert any(code(1)[0] in warning for warning in result.warnings)


def test_when_nothing_picked_is_left_there_is_no_edition(ledger: Ledger) -> None:
    publish(ledger, 1)
    choose(ledger, 1)
    review.reject(ledger, public(1), review.Said("editor", AT, "no procede"))
    result = close(ledger)
    assert result.edition is None and "sigue publicada" in result.reason


def test_a_pick_after_the_closing_hour_is_not_in_it(ledger: Ledger) -> None:
    publish(ledger, 1, 2)
    choose(ledger, 1)
    pick(ledger, WEEK, ids(2)[0], WHY, "editor", CLOSES_AT + timedelta(minutes=1))
    assert codes(close(ledger)) == code(1)


def test_a_corrected_call_goes_out_with_its_newest_text(ledger: Ledger) -> None:
    publish(ledger, 1)
    choose(ledger, 1)
    corrected = public(1, title_es="Beca corregida")
    review.approve(ledger, corrected, review.Said("editor", AT + timedelta(days=1)))
    day = MONDAY + timedelta(days=1)
    edition = Edition(seq=0, edition_id=day.isoformat(), edition_date=day, closed_at=AT, label=WEEK)
    ledger.append(
        [
            edition,
            Publication(
                seq=0,
                publication_id=f"{day}/site/{corrected.code}",
                edition_id=edition.edition_id,
                opportunity_id=corrected.opportunity_id,
                code=corrected.code,
                channel="site",
                position=1,
                snapshot_sha256=snapshot_hash(corrected),
                published_at=AT + timedelta(days=1),
            ),
        ]
    )
    assert {row.snapshot_sha256 for row in close(ledger).publications} == {snapshot_hash(corrected)}


def test_a_week_does_not_close_before_it_begins(ledger: Ledger) -> None:
    publish(ledger, 1)
    choose(ledger, 1)
    early = close_week(ledger, WEEK, AT, CHANNELS, day=MONDAY - timedelta(days=1))
    assert early.edition is None and "aún no" in early.reason


def test_a_call_that_closed_meanwhile_is_told_to_the_editor(ledger: Ledger) -> None:
    publish(ledger, 1, 2)
    choose(ledger, 1, 2)
    result = close_week(ledger, WEEK, CLOSES_AT, CHANNELS, day=FRIDAY, open_calls=ids(2))
    assert codes(result) == code(1, 2)
    assert [warning for warning in result.warnings if "ya no está abierta" in warning] == [
        f"{code(1)[0]}: ya no está abierta según la fuente; el artículo lo dice."
    ]


def test_candidates_come_by_the_published_rules_with_their_words(ledger: Ledger) -> None:
    publish(ledger, 1, 2)
    publish(ledger, 3, 4, day=MONDAY - timedelta(days=7))
    choose(ledger, 2)
    calls = [
        CallToday(ids(1)[0], True, 100, "aggregator"),
        CallToday(ids(2)[0], True, 10, "official"),
        CallToday(ids(3)[0], True, 20, "official"),
        CallToday(ids(4)[0], False, None, "official"),  # older and closed
    ]
    found = week_candidates(ledger, WEEK, AT, calls)
    assert [one.ranked.candidate.code for one in found] == code(2, 3, 1)
    assert "cierra en 10 días (+30)" in found[0].ranked.explanation
    assert [(one.is_this_week, one.picked is not None) for one in found] == [
        (True, True),
        (False, False),
        (True, False),
    ]


@pytest.mark.parametrize("week", ["2026-W00", "2026-W54", "2026-48", "W48", "2026-W48 ", "２０２６-W48x"])
def test_what_is_no_week_is_told(week: str) -> None:
    with pytest.raises(ReviewError, match="2026-W48"):
        week_days(week)
    assert week_days("2026-W48") == (MONDAY, MONDAY + timedelta(days=6))


class Weeks(RuleBasedStateMachine):
    """Whatever editors do and in whatever order: an edition holds only what was picked, approved and on the site."""

    numbers = st.integers(1, 7)

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ledger = Ledger.open(f"sqlite:///{Path(self.folder.name) / 'ledger.db'}")
        self.registered: set[int] = set()
        self.minutes = 0
        self.picked_at_close: list[str] | None = None

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    def now(self) -> datetime:
        self.minutes += 1
        return AT + timedelta(minutes=self.minutes)

    @rule(number=numbers)
    def approve(self, number: int) -> None:
        if number not in self.registered:
            register(self.ledger, number)
            self.registered.add(number)
        review.approve(self.ledger, public(number), review.Said("editor", self.now()))

    @rule(number=numbers, day=st.integers(0, 6))
    def day_closes(self, number: int, day: int) -> None:
        seen = public(number)
        call = ApprovedCall(seen.opportunity_id, snapshot_hash(seen), True, 20, "official")
        date_ = MONDAY + timedelta(days=day)
        close_edition(self.ledger, date_, self.now(), [call], EditionRules(minimum=1), lambda _: True)

    @rule(number=numbers)
    def withdraw(self, number: int) -> None:
        if number in self.registered:
            review.withdraw(self.ledger, ids(number)[0], review.Said("editor", self.now(), "estafa"))

    @rule(numbers=st.lists(numbers, max_size=6))
    def choose(self, numbers: list[int]) -> None:
        try:
            choose(self.ledger, *numbers, at=self.now())
        except ReviewError:
            return

    @rule()
    def week_closes(self) -> None:
        before = [one.opportunity_id for one in picks_of(self.ledger.rows(Decision), WEEK)]
        result = close(self.ledger)
        if result.edition and self.picked_at_close is None:
            self.picked_at_close = before

    @invariant()
    def nothing_unpicked_or_unapproved_is_in_it(self) -> None:
        rows = [row for row in self.ledger.rows(Publication, edition_id=WEEK) if row.channel == "article"]
        picked = self.picked_at_close or []
        assert [row.opportunity_id for row in rows] == [
            one for one in picked if one in {r.opportunity_id for r in rows}
        ]
        assert len(rows) <= 5
        decisions = self.ledger.rows(Decision)
        for row in rows:
            before = [one for one in decisions if one.seq < row.seq and one.opportunity_id == row.opportunity_id]
            verdicts = [one for one in before if one.action in ("approve", "withdraw", "reject")]
            assert verdicts[-1].action == "approve" and verdicts[-1].snapshot_sha256 == row.snapshot_sha256
            assert any(one.action == "pick" and one.role == "coordinator" for one in before)


TestWeeks = Weeks.TestCase
TestWeeks.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
