from pathlib import Path

import pytest

from tests.publishing.pages import render_pages
from tests.publishing.sample_bulletin import sample_bulletin


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample bulletin, rendered once."""
    folder = tmp_path_factory.mktemp("site")
    render_pages(sample_bulletin(), folder)
    return folder
