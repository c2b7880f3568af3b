"""What holds for every test: a crawl's child is forked from one that has Scrapy imported (``crawl_children``)."""

from collections.abc import Iterator

import pytest

from scrapers import runner
from tests.crawl_children import start_forked


@pytest.fixture(scope="module", autouse=True)
def quick_children(request: pytest.FixtureRequest) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(request.module, "REAL_CHILDREN", False):
            patch.setattr(runner, "start_child", start_forked)
        yield
