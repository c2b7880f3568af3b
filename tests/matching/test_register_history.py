"""Any history of a register kept in a real ledger: it verifies, every code leads somewhere, every page stays in place."""

from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.verify import verify
from boi_pipeline.matching.match import MatchResult
from boi_pipeline.matching.register import RegisterChange, assign, relate
from boi_pipeline.records import Identity, IdentityItem, Redirect
from tests.matching.conftest import DAY
from tests.matching.test_register import clusters_of, partitions
from tests.publishing.sample_bulletin import Records, opportunity

NAMES = "abcdefg"


class History(RuleBasedStateMachine):
    """Days of announcements that come, join, are cut, go away and return; now and then something is published."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger.open("sqlite://")
        self.day = 0
        self.now: dict[str, str] = {}  # item → opportunity, today
        self.meaning: dict[str, tuple[str, str]] = {}  # code → its id and anchor, as minted
        self.places: dict[str, str] = {}  # item → opportunity, when last here
        self.published: list[str] = []  # opportunity ids in order

    def teardown(self) -> None:
        self.ledger.close()

    def assign(self, groups: list[str]) -> RegisterChange:
        return assign(
            clusters_of(*groups),
            self.ledger.rows(Identity),
            self.ledger.rows(IdentityItem),
            self.ledger.rows(Redirect),
            DAY + timedelta(days=self.day),
            "PAL",
        )

    @rule(groups=partitions(NAMES), days=st.integers(0, 200))
    def a_day(self, groups: list[str], days: int) -> None:
        self.day += days
        change = self.assign(groups)
        self.ledger.append(change.records)
        self.now = change.opportunity_of
        self.places |= self.now
        again = self.assign(groups)
        assert again.records == [] and again.opportunity_of == self.now, "made again it is the same"

    @rule(choice=st.integers(0, 50))
    def publish(self, choice: int) -> None:
        if living := sorted(set(self.now.values())):
            self.published.append(living[choice % len(living)])

    @invariant()
    def the_ledger_is_whole(self) -> None:
        broken = [one for one in verify(self.ledger, [f"s/{name}" for name in NAMES]) if not one.passed]
        assert broken == []

    @invariant()
    def no_code_changes_or_is_reused(self) -> None:
        found = {one.code: (one.opportunity_id, one.anchor_item_id) for one in self.ledger.rows(Identity)}
        assert len(found) == len({identifier for identifier, _ in found.values()})
        assert self.meaning.items() <= found.items()
        self.meaning = found

    @invariant()
    def every_code_leads_to_a_living_opportunity(self) -> None:
        merged = self.merged
        for identifier, _ in self.meaning.values():
            passed = 0
            while identifier in merged:
                identifier, passed = merged[identifier], passed + 1
                assert passed <= len(merged)
            assert identifier not in merged
        assert not merged.keys() & set(self.now.values()), "nothing of today lives under what redirects"

    @invariant()
    def parts_of_today_say_see_also_both_ways(self) -> None:
        told = relate(MatchResult(), self.now, self.ledger.rows(Redirect))
        pairs = {(one.opportunity_id, one.related_opportunity_id) for one in told}
        assert pairs == {(b, a) for a, b in pairs}
        assert {one for pair in pairs for one in pair} <= set(self.now.values())

    @invariant()
    def every_published_code_has_a_page(self) -> None:
        records = Records([])
        records.identities, records.redirects = self.ledger.rows(Identity), self.ledger.rows(Redirect)
        codes = {one.opportunity_id: one.code for one in records.identities}
        for number, identifier in enumerate(self.published):
            day = date(2026, 1, 1) + timedelta(days=number)
            facts = opportunity(1, opportunity_id=identifier, code=codes[identifier], summary_es=f"Nota {number}.")
            records.close(day, [facts])
        bulletin = records.bulletin()
        for identifier in self.published:
            code = codes[identifier]
            assert bulletin.destinations.get(code, code) in bulletin.current, "a page, or the way to one"
        followed = {code for code in bulletin.destinations if code in bulletin.current}
        assert followed == set(), "what leads elsewhere is in no list and no feed"

    @property
    def merged(self) -> dict[str, str]:
        return {
            row.from_opportunity_id: row.to_opportunity_id for row in self.ledger.rows(Redirect) if row.kind == "merged"
        }


TestHistory = History.TestCase
TestHistory.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
