"""The offline reader over the sample's pages, against what a careful person read there."""

import pytest

from boi_pipeline.reading.offline.reader import RulesReader
from boi_pipeline.reading.reader import context_of, read_proved
from tests.reading.truth import Report, score
from tests.sample.conftest import Visit
from tests.sample.truth import DAYS, ENTITY, expected_items

pytestmark = pytest.mark.xdist_group("sample_web")


@pytest.fixture(scope="module", params=DAYS)
def scored(request: pytest.FixtureRequest, visits: dict[str, Visit]) -> Report:
    reader, context = RulesReader(), context_of(ENTITY)
    notices = list(visits[request.param].notices.values())
    return score([(one, read_proved(reader, one, context)) for one in notices], expected_items(request.param))


@pytest.mark.parametrize(
    ("field", "least"),
    [
        ("is_opportunity", 0.95),
        ("opportunity_type", 0.90),
        ("deadlines (instant)", 0.90),
        ("home_eligible", 0.85),
        ("apply_url", 0.90),
    ],
)
def test_most_of_what_the_pages_say_is_read(scored: Report, field: str, least: float) -> None:
    found = scored.fields[field]
    assert found.share >= least, found.wrong


def test_nobody_is_told_yes_where_the_page_says_no(scored: Report) -> None:
    assert scored.wrong_yes == []
