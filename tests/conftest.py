"""What holds for every test: crawls and couriers are forked from a process that has their imports (``children``), and no
chart is drawn twice (``pictures``).

And what tests of several packages share: a browser, and how hypothesis searches: the same examples each time, so that a failure
belongs to what changed. ``make search`` searches elsewhere, and further.
"""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from boi_pipeline.warehouse.dashboard.drawing import Pen
from tests.browser import CHROMIUM, FLAGS
from tests.children import fork_children
from tests.pictures import FOLDER, drawn_once

gc.disable()  # until all is collected: most of what is imported stays
settings.register_profile("same", derandomize=True)
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(scope="module", autouse=True)
def quick_children(request: pytest.FixtureRequest, pictures: None) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if not getattr(request.module, "REAL_CHILDREN", False):
            fork_children(patch)
        if not getattr(request.module, "REAL_PICTURES", False):
            patch.setattr(Pen, "_drawn", drawn_once)
        yield


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the suite's charts are kept, one place for all of xdist's workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "pictures"
    folder.mkdir(exist_ok=True)
    os.environ[FOLDER] = str(folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser; tests that use it are marked ``needs_browser``."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield started
        started.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a module that shares something dear among its tests stay on one worker: it is made there alone."""
    for item in items:
        if isinstance(item, pytest.Function) and not item.get_closest_marker("xdist_group"):
            shared = item._fixtureinfo.name2fixturedefs.items()
            if any(found[-1].scope == "module" and name != "quick_children" for name, found in shared):
                item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays. Groups share what is dear to make: where a worker is told to keep them together, it must."""
    gc.collect()
    gc.freeze()  # a million objects that the garbage collector need not go through each time
    gc.enable()
    if not getattr(session.config.option, "loadgroup", False):
        return
    for item in session.items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
            raise pytest.UsageError(f"{item.nodeid}: its xdist_group is not kept; do pytest and pytest-xdist fit?")
