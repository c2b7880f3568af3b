"""A published set of our own making, in which no fact is empty and names are as hostile as names can be."""

import pytest

from boi_pipeline.entity import load_entity
from boi_pipeline.report.figures import WeekReport, week_report
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from tests.powerbi.star import AS_OF
from tests.warehouse.dashboard_set import DashboardSet, dashboard_set

WEEK = "2026-W44"  # it and the week before published, were measured and were decided on
EMPTY_WEEK = "2025-W10"  # in the calendar, and nothing happened


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> DashboardSet:
    """The set; nobody writes into it."""
    sample = load_entity(ROOT / "entities" / "sample")
    return dashboard_set(tmp_path_factory.mktemp("report"), load_models(sample), sample)


@pytest.fixture(scope="session")
def report(shown: DashboardSet) -> WeekReport:
    return report_of(shown, WEEK)


def report_of(shown: DashboardSet, week: str, refused_count: int = 0) -> WeekReport:
    return week_report(shown.folder, shown.project, shown.entity, week, AS_OF, refused_count)
