"""Whatever fails, dies or is decided in between: the ledger goes by its rules, and nothing arrives twice by itself."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from boi_pipeline.delivery.deliver import Rules, deliver_due, due
from boi_pipeline.delivery.message import Message
from boi_pipeline.delivery.outcome import Outcome
from boi_pipeline.editorial import review
from boi_pipeline.editorial.ledger import Ledger, LedgerError
from boi_pipeline.editorial.sending import interrupted, resolve
from boi_pipeline.records import Publication, PublicationState
from tests.delivery.conftest import AT, DAY, close_with, compose
from tests.editorial.conftest import public

RULES = Rules(tries=2, attempts=4, pause=0.0)
ALLOWED = {
    "planned": {"sending", "sent"},
    "sending": {"sent", "failed", "uncertain"},
    "failed": {"sending", "sent"},
    "uncertain": {"sent", "failed"},
    "sent": set(),
}
# what the wire does, and whether the message is there afterwards
WIRE = st.sampled_from(
    [
        ("sent", True),
        ("failed", False),
        ("failed again", False),
        ("uncertain", True),
        ("uncertain", False),
        ("killed", True),
        ("killed", False),
        ("raises", True),
    ]
)


class Killed(BaseException):
    """Stands for SIGKILL: nothing after it runs."""


class Sending(RuleBasedStateMachine):
    """Two calls on two channels, sent by runs that meet every kind of trouble."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.ledger = Ledger.open(f"sqlite:///{Path(self.folder.name) / 'ledger.db'}")
        self.arrived: Counter[str] = Counter()
        self.may_go_again: Counter[str] = Counter()  # a person said that it had not arrived
        self.tried_while_down: list[str] = []
        self.down: set[str] = set()
        self.tried: Counter[str] = Counter()

    def teardown(self) -> None:
        self.ledger.close()
        self.folder.cleanup()

    @initialize()
    def close(self) -> None:
        close_with(self.ledger, 1, 2)

    @rule(script=st.lists(WIRE, max_size=4))
    def run(self, script: list[tuple[str, bool]]) -> None:
        left = iter(script)
        machine = self

        class Post:
            def __init__(self, *_: Any, **__: Any) -> None: ...
            def __enter__(self) -> "Post":
                return self

            def __exit__(self, *_: object) -> None: ...
            def send(self, message: Message) -> Outcome:
                kind, arrives = next(left, ("sent", True))
                machine.note(message.publication_ids, arrives)
                if kind == "killed":
                    raise Killed
                if kind == "raises":
                    raise RuntimeError("a plugin's bug")
                return Outcome(kind.split()[0], "motivo", again="again" in kind)  # type: ignore[arg-type]

        interrupted(self.ledger, AT)
        for channel, publications in due(self.ledger, DAY, 4, ["x", "email"], attempts=RULES.attempts).items():
            try:
                deliver_due(
                    self.ledger, {channel: ["json://x"]}, {channel: publications}, compose, AT, RULES,
                    sleep=lambda _: None, open_post=Post,  # type: ignore[arg-type]
                )  # fmt: skip
            except Killed:
                return

    def note(self, names: Sequence[str], arrives: bool) -> None:
        self.tried.update(names)
        self.tried_while_down += [name for name in names if name[-1] in self.down]
        if arrives:
            self.arrived.update(names)

    @rule(
        channel=st.sampled_from(["x", "email"]), number=st.sampled_from("12"), state=st.sampled_from(["sent", "failed"])
    )
    def person_looks(self, channel: str, number: str, state: str) -> None:
        name = f"{DAY}/{channel}/PAL-2026-0000{number}"
        try:
            changed = resolve(self.ledger, [name], state, "editor", AT, "")  # type: ignore[arg-type]
        except LedgerError:
            return
        if changed and state == "failed":
            self.may_go_again[name] += 1

    @rule(number=st.sampled_from("12"))
    def withdraw(self, number: str) -> None:
        review.withdraw(
            self.ledger, public(int(number)).opportunity_id, review.Said("editor", AT - timedelta(days=1), "estafa")
        )
        self.down.add(number)

    @invariant()
    def states_follow_each_other(self) -> None:
        now = dict.fromkeys((one.publication_id for one in self.ledger.rows(Publication)), "planned")
        for row in self.ledger.rows(PublicationState):
            assert row.state in ALLOWED[now[row.publication_id]]
            now[row.publication_id] = row.state

    @invariant()
    def nothing_arrives_twice_by_itself(self) -> None:
        for name, count in self.arrived.items():
            assert count <= 1 + self.may_go_again[name], name

    @invariant()
    def what_was_withdrawn_is_not_tried(self) -> None:
        assert not self.tried_while_down

    @invariant()
    def tries_are_bounded_and_kept_before_anything_leaves(self) -> None:
        kept = Counter(row.publication_id for row in self.ledger.rows(PublicationState) if row.state == "sending")
        assert kept == self.tried and all(count <= RULES.attempts for count in kept.values())


TestSending = Sending.TestCase
TestSending.settings = settings(
    max_examples=25, stateful_step_count=12, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
