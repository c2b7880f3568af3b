from pathlib import Path

import pytest

from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.site import render_site
from tests.publishing.sample_bulletin import sample_bulletin


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample bulletin, rendered once."""
    folder = tmp_path_factory.mktemp("site")
    render_site(sample_bulletin(), folder)
    render_feeds(sample_bulletin(), folder)
    return folder
