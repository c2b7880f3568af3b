"""The offline reader by rules alone: no network, no cost, the same answer on every machine."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from typing import Literal

from boi_pipeline.reading.offline.benefits import read_benefits, read_terms
from boi_pipeline.reading.offline.classify import read_class
from boi_pipeline.reading.offline.deadlines import read_deadlines
from boi_pipeline.reading.offline.eligibility import read_applicants, read_home
from boi_pipeline.reading.offline.flags import read_flags
from boi_pipeline.reading.offline.funder import read_funder, read_number
from boi_pipeline.reading.offline.goals import read_goals, read_objectives
from boi_pipeline.reading.offline.links import read_link
from boi_pipeline.reading.offline.money import read_count, read_money
from boi_pipeline.reading.offline.page import Page
from boi_pipeline.reading.offline.place import read_place
from boi_pipeline.reading.offline.study import read_age, read_languages, read_levels
from boi_pipeline.reading.reader import ReadingContext, map_chunks
from boi_pipeline.records import Reading, reading_input
from scrapers.notice import Notice

# In this order: later rules may ask what earlier ones wrote on the sheet.
RULES: tuple[Callable[[Page], None], ...] = (
    read_class,
    read_deadlines,
    read_money,
    read_count,
    read_funder,
    read_number,
    read_applicants,
    read_home,
    read_levels,
    read_languages,
    read_age,
    read_benefits,
    read_terms,
    read_place,
    read_link,
    read_flags,
    read_goals,
    read_objectives,
)


class RulesReader:
    """``reading.reader.Reader`` by rules and lexicons. Deterministic; holds nothing."""

    name: Literal["offline", "llm"] = "offline"
    version = "rules-1"

    def read(self, notice: Notice, context: ReadingContext) -> Reading:
        """What the rules find in a notice; what they cannot prove does not pass ``read_proved``."""
        page = Page(notice, context)
        for rule in RULES:
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


def offline_reader(rules_only: bool) -> RulesReader:
    """The offline reader: rules alone."""
    return RulesReader()
