"""Opinions of a language model on the pairs that matching would ask a person about: those kept, and asking for more.

An opinion stands until a newer one on its pair, whichever reader the entity has since; a person's answer is above it. How a
model is asked belongs to ``reading.llm.judge``, what an opinion does to ``matching``.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from boi_pipeline.records import MatchOpinion
from boi_pipeline.stages.readings import llm_session
from boi_pipeline.stages.run import Run
from scrapers.notice import Notice
from scrapers.tabular import read_records, write_records

if TYPE_CHECKING:
    from boi_pipeline.matching.opinions import Doubt
    from boi_pipeline.reading.llm.session import Session

MOST_SHOWN = 20


@dataclass
class Asking:
    """What asking a model came to."""

    failures: Counter[str] = field(default_factory=Counter)  # kind → pairs it gave no opinion on
    failed: list[str] = field(default_factory=list)  # the first of them: "item_id / item_id: why"
    calls: int = 0  # answers paid for
    tokens: int = 0
    cost_micro_usd: int = 0


class Adviser:
    """``matching.opinions.Advise``: a model's opinions on pairs. One that is kept stands until a page or the model changes, and
    where no model answers."""

    def __init__(
        self,
        kept: Sequence[MatchOpinion],
        notices: Mapping[str, Notice],
        model: str | None = None,
        ask: Callable[[], AbstractContextManager["Session"]] | None = None,
    ) -> None:
        """``notices``: item → its newest. ``ask`` opens a session with the ``model``; None: nobody is asked."""
        self.kept = {(one.item_id, one.other_item_id): one for one in kept}
        self.asking = Asking()
        self._notices, self._model, self._ask = notices, model, ask

    @property
    def is_silent(self) -> bool:
        """Whether it has nothing to say: no model is asked, and none was."""
        return self._ask is None and not self.kept

    def __call__(self, doubts: Sequence["Doubt"]) -> dict[tuple[str, str], MatchOpinion]:
        if self._ask is not None and self._model is not None:
            from boi_pipeline.reading.llm.judge import judge_version

            version = judge_version(self._model)
            if new := [one for one in doubts if not self._stands(one, version)]:
                with self._ask() as session:
                    self._hear(new, session)
        return {one.pair: self.kept[one.pair] for one in doubts if one.pair in self.kept}

    def _stands(self, doubt: "Doubt", version: str) -> bool:
        if (kept := self.kept.get(doubt.pair)) is None:
            return False
        shown = tuple(self._notices[item_id].notice_id for item_id in doubt.pair)
        return (kept.notice_id, kept.other_notice_id, kept.model_version) == (*shown, version)

    def _hear(self, doubts: Sequence["Doubt"], session: "Session") -> None:
        from boi_pipeline.reading.llm.judge import LlmJudge, Pair
        from boi_pipeline.reading.llm.session import NoAnswer

        pages, asking = self._notices, self.asking
        pairs = (
            Pair(pages[one.item_id], pages[one.other_item_id], [pages[other] for other in one.beside]) for one in doubts
        )
        for pair, said in LlmJudge(session).judge_all(pairs):
            if not isinstance(said, NoAnswer):
                self.kept[said.item_id, said.other_item_id] = said
                continue
            if said.kind in ("orders", "waiting"):  # nothing failed today: such a pair is a person's
                continue
            asking.failures[said.kind] += 1
            if len(asking.failed) < MOST_SHOWN:
                asking.failed.append(f"{pair.first.item_id} / {pair.second.item_id}: {said}")
        session.fold()
        asking.calls += session.calls
        asking.tokens += session.purse.spent.tokens
        asking.cost_micro_usd += session.purse.spent.micro_usd


def adviser_of(run: Run, notices: Mapping[str, Notice], *, asks: bool) -> Adviser:
    """The adviser of a home: with its kept opinions, and, if it ``asks``, the model that reads for the entity."""
    path = run.home.matches / "opinions.parquet"
    kept = read_records([path] if path.is_file() else [], MatchOpinion)
    choice = run.entity.file.reader
    if not (asks and run.llm and choice.name == "llm" and choice.opinions):
        return Adviser(kept, notices)
    return Adviser(kept, notices, run.llm.model, partial(llm_session, run.entity, run.home, run.llm, run.as_of))


def keep(run: Run, adviser: Adviser) -> None:
    """Keep what was said, of all days, where anything was."""
    if not adviser.kept:
        return
    rows = [adviser.kept[pair] for pair in sorted(adviser.kept)]
    write_records(run.home.matches / "opinions.parquet", rows, MatchOpinion, "opinions")
