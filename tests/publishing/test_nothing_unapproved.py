"""Nothing that a person did not approve, and nothing that was taken down, can be found in anything public.

Editors do anything in any order while pages change and days close; every text carries a word of its own. Then all that
is rendered is searched for the words that may not be there, and for those that must be.
"""

import string
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from boi_pipeline.editorial import review
from boi_pipeline.editorial.edition import ApprovedCall, close_corrections, close_edition
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.editorial.review import ReviewError, snapshot_hash
from boi_pipeline.editorial.week_edition import close_week
from boi_pipeline.editorial.weekly import pick
from boi_pipeline.entity import EditionRules
from boi_pipeline.publishing.bulletin import Bulletin, bulletin_of
from boi_pipeline.records import Decision, Edition, Identity, Publication, PublicOpportunity, Redirect, Snapshot
from tests.editorial.conftest import AT, public, register
from tests.publishing.renderers import RENDERERS, render_all, told
from tests.publishing.sample_bulletin import quote, sample_entity

MONDAY = date(2026, 11, 23)
RULES = EditionRules(minimum=1, maximum=2)  # so that some wait
NUMBERS = st.integers(1, 3)


def word(number: int, version: int) -> str:
    """The word that only this version of a call carries."""
    low, high = version % 26, version // 26
    return f"qx{string.ascii_lowercase[number]}{string.ascii_lowercase[high]}{string.ascii_lowercase[low]}vz"


def call(number: int, version: int) -> PublicOpportunity:
    """The n-th call as its source tells it in a version: its word is in every text, link and quote."""
    own = word(number, version)
    return public(
        number,
        title=f"Call {own}",
        title_es=f"Beca {own}",
        summary_es=f"Una beca {own} para quien quiera.",
        eligibility_es=f"Cualquier persona {own}.",
        funder_name=f"Fundación {own}",
        apply_url=f"https://{own}.example/apply",
        source_url=f"https://alfa.example/{own}",
        source_name=f"Fuente {own}",
        opportunity_number=own,
        close_date_description=own,
        deadlines=[{"seq": 1, "stage": "application", "close_date": date(2027, 1, 15), "basis": "stated"}],
        channel_texts=[{"channel": "whatsapp", "text": f"Beca {own}"}, {"channel": "x", "text": f"Beca {own}"}],
        digital_source_type="trainedAlgorithmicMedia",
        drafting_tool="modelo de prueba",
        evidence=[quote("home_eligible", f"open to all {own}"), quote("deadlines", f"15 January 2027 {own}")],
    )


class Office(RuleBasedStateMachine):
    """The sources, the editors and the days of one ledger."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ledger = Ledger.open(f"sqlite:///{Path(self.folder.name) / 'ledger.db'}")
        self.minute = 0
        self.versions: dict[int, int] = dict.fromkeys((1, 2, 3), 0)
        self.words: set[str] = set()  # all that anybody ever wrote
        self.word_of: dict[str, str] = {}  # snapshot → its word
        self.reasons = 0
        register(self.ledger, *self.versions)

    @property
    def now(self) -> datetime:
        self.minute += 1
        return AT + timedelta(minutes=self.minute)

    def seen(self, number: int) -> PublicOpportunity:
        self.words.add(word(number, self.versions[number]))
        return call(number, self.versions[number])

    def reason(self) -> str:
        """Why: kept in the ledger, and shown to nobody."""
        self.reasons += 1
        self.words.add(word(24, self.reasons))
        return f"Porque {word(24, self.reasons)}"

    @initialize(is_published=st.integers(0, 3).map(bool))
    def begin(self, is_published: bool) -> None:
        if is_published:
            self.approve(1)
            self.close(0, only_corrections=False)

    @rule(number=NUMBERS)
    def edit_page(self, number: int) -> None:
        self.versions[number] += 1
        self.seen(number)

    @rule(number=NUMBERS)
    def approve(self, number: int) -> None:
        seen = self.seen(number)
        review.approve(self.ledger, seen, review.Said("editor", self.now, self.reason()), {})
        self.word_of[snapshot_hash(seen)] = word(number, self.versions[number])

    @rule(number=NUMBERS)
    def try_to_approve_what_is_flagged(self, number: int) -> None:
        self.versions[number] += 1
        flagged = self.seen(number).model_copy(update={"red_flags": ["application_fee"]})
        with pytest.raises(ReviewError):
            review.approve(self.ledger, flagged, review.Said("editor", self.now))

    @rule(number=NUMBERS)
    def amend(self, number: int) -> None:
        self.versions[number] += 1
        own = word(number, self.versions[number])
        self.words.add(own)
        review.amend(
            self.ledger, call(number, 0), review.Said("editor", self.now, self.reason()), {"title_es": f"Beca {own}"}
        )

    @rule(number=NUMBERS, act=st.sampled_from([review.reject, review.feature]))
    def decide(self, number: int, act: object) -> None:
        act(self.ledger, self.seen(number), review.Said("editor", self.now, self.reason()))  # type: ignore[operator]

    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        review.withdraw(self.ledger, public(number).opportunity_id, review.Said("editor", self.now, self.reason()))

    @rule(day=st.integers(0, 4), only_corrections=st.integers(0, 3).map(lambda n: n == 0))
    def close(self, day: int, only_corrections: bool) -> None:
        # all there is is handed in, as the sources tell it now: the edition itself must refuse
        calls = [
            ApprovedCall(seen.opportunity_id, snapshot_hash(seen), True, 20, "official")
            for seen in map(self.seen, self.versions)
        ]
        on = MONDAY + timedelta(days=day)
        if only_corrections:
            close_corrections(self.ledger, on, self.now, calls, ["site", "whatsapp"])
        else:
            close_edition(self.ledger, on, self.now, calls, RULES, lambda _: True, ["site", "whatsapp"])

    @precondition(lambda self: self.ledger.rows(Publication))
    @rule(number=NUMBERS, is_closed=st.booleans())
    def week(self, number: int, is_closed: bool) -> None:
        why = f"La elegimos porque {self.reason()} y sirve a la ciudad."
        try:
            pick(self.ledger, "2026-W48", public(number).opportunity_id, why, "editor", self.now)
        except ReviewError:
            return  # it is not on the site
        if is_closed:
            close_week(self.ledger, "2026-W48", self.now, ["article"], day=MONDAY)

    # ------------------------------------------------------------ what may be read

    def standing(self) -> Iterator[tuple[Publication, str]]:
        """The site's publications whose approval no withdrawal has undone since, with their words."""
        stands: dict[str, set[str]] = {}
        for decision in self.ledger.rows(Decision):
            if decision.action == "approve":
                stands.setdefault(decision.opportunity_id or "", set()).add(decision.snapshot_sha256 or "")
            elif decision.action == "withdraw":
                stands.pop(decision.opportunity_id or "", None)
        for one in self.ledger.rows(Publication, channel="site"):
            if one.snapshot_sha256 in stands.get(one.opportunity_id, ()):
                yield one, self.word_of[one.snapshot_sha256]

    def public_reasons(self) -> set[str]:
        """The words of why calls were picked for the week: people write them for the public."""
        picks = [one.reason for one in self.ledger.rows(Decision) if one.action == "pick"]
        return {own for own in self.words if any(own in reason for reason in picks)}

    def bulletin(self) -> Bulletin:
        rows = self.ledger.rows
        return bulletin_of(
            sample_entity(),
            self.now,
            editions=rows(Edition),
            publications=rows(Publication),
            snapshots=rows(Snapshot),
            decisions=rows(Decision),
            identities=rows(Identity),
            redirects=rows(Redirect),
        )

    @invariant()
    def what_is_shown_was_approved_and_stands(self) -> None:
        history = self.bulletin().history
        shown = {item.publication.publication_id for entries in history.values() for _, item in entries}
        assert shown == {one.publication_id for one, _ in self.standing()}

    def teardown(self) -> None:
        try:
            self.search_everything()
        finally:
            self.ledger.close()
            self.folder.cleanup()

    def search_everything(self) -> None:
        standing = list(self.standing())
        newest = {one.opportunity_id: own for one, own in standing}
        hidden = self.words - {own for _, own in standing} - self.public_reasons()
        never = {f"pal2026{n:05d}" for n in self.versions} - {
            one.code.lower().replace("-", "") for one in self.ledger.rows(Publication)
        }
        with TemporaryDirectory() as folder:
            for name, place in render_all(self.bulletin(), Path(folder)).items():
                text = told(place)
                for own in sorted(hidden | never):
                    assert own not in text, f"{name} shows {own}, which nobody approved, or which was taken down"
                if name == "site":
                    assert [own for own in newest.values() if own not in text] == [], "what is out can be read"


Office.TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=18,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a step costs too much to shrink by the hundred
)
TestOffice = Office.TestCase


@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_the_search_would_find_what_must_not_be_there(name: str, tmp_path: Path) -> None:
    """In each renderer's output the word of what is out is found, so the search above is no empty one."""
    office = Office()
    office.approve(1)
    office.close(0, only_corrections=False)
    RENDERERS[name](office.bulletin(), tmp_path)
    expected = "pal2026" if name == "cards" else word(1, 0)
    assert expected in told(tmp_path), "a picture is told by its name"
    office.ledger.close()
    office.folder.cleanup()


def test_what_is_withdrawn_leaves_every_output(tmp_path: Path) -> None:
    office = Office()
    for number in (1, 2):
        office.approve(number)
    office.close(0, only_corrections=False)
    office.withdraw(1)
    for name, place in render_all(office.bulletin(), tmp_path).items():
        text = told(place)
        assert word(1, 0) not in text and (name == "cards" or word(2, 0) in text), name
    assert "pal202600001" in told(tmp_path / "site"), "its tombstone stays"
    office.ledger.close()
    office.folder.cleanup()
