"""Every source file of every entity: it loads, has a page that shows its shape, and gives the expected notices.

The expected file is written on the first run; a person reads it once and commits it.
"""

import json
from pathlib import Path

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.settings import ROOT
from scrapers.loader import load_sources
from scrapers.runner import CrawlJob
from tests.scrapers.conftest import Crawled, do_crawl
from tests.sources.answers import AS_OF, answers_of, crawl_answered, told

HERE = Path(__file__).parent
ENTITIES = sorted(path.parent.name for path in (ROOT / "entities").glob("*/entity.yaml"))
SOURCES = [(entity, source) for entity in ENTITIES for source in load_sources(ROOT / "entities" / entity / "sources")]


@pytest.fixture(scope="module")
def crawls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Crawled]:
    """Each entity's sources, crawled once: over its own web where it has one, else over written answers."""
    return {name: _crawl(name, tmp_path_factory.mktemp(name)) for name in ENTITIES}


def _crawl(name: str, home: Path) -> Crawled:
    entity = load_entity(ROOT / "entities" / name)
    if not entity.file.web:
        answers = {source.id: answers_of(HERE / name / source.id, source) for owner, source in SOURCES if owner == name}
        return crawl_answered(home, entity.sources_folder, answers)
    days = entity.file.web.days
    return do_crawl(
        CrawlJob(
            home=home,
            sources_folder=entity.sources_folder,
            source_ids=None,
            as_of=AS_OF,
            languages=entity.file.languages,
            user_agent=entity.file.user_agent,
            web_folder=entity.web_folder,
            web_suffix=entity.file.web.suffix,
            web_days=[days[min(days)]],
        )
    )


@pytest.mark.parametrize(("entity", "source"), SOURCES, ids=lambda value: getattr(value, "id", value))
def test_a_source_gives_the_expected_notices(crawls: dict[str, Crawled], entity: str, source):
    crawl = crawls[entity]
    result = crawl.results[source.id]
    given = told(result.outcome, [notice for notice in crawl.notices.values() if notice.source_id == source.id])
    expected = HERE / entity / source.id / "expected.json"
    if not expected.is_file():
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(json.dumps(given, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{expected} was written from what came ({result.detail}): read it, and commit it if it is right")
    assert given == json.loads(expected.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("entity", "source"), SOURCES, ids=lambda value: getattr(value, "id", value))
def test_a_source_is_verified_or_says_what_is_not_known_of_it(entity: str, source):
    assert source.verified or source.unknown
