"""An expectation of our own for Great Expectations: all that the header of a mart asks of its rows, counted at once.

Great Expectations takes some 7 ms for each expectation however few rows it has, more than DuckDB for all checks of a mart.
So a mart has one expectation, and its metric is one statement. Imports Great Expectations: only ``expectations`` imports this.
"""

from contextvars import ContextVar
from typing import Any, ClassVar

import duckdb
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import BatchExpectation
from great_expectations.expectations.metrics.metric_provider import metric_value
from great_expectations.expectations.metrics.table_metric_provider import TableMetricProvider

WAREHOUSE: ContextVar[duckdb.DuckDBPyConnection] = ContextVar("the warehouse whose marts are looked at")
"""Great Expectations has no engine for DuckDB: what it is handed as a batch only names the mart."""
_METRIC = "mart.failed_counts"


class FailedCounts(TableMetricProvider):
    """How many rows fail each check, by the name its query gives it."""

    metric_name = _METRIC
    value_keys = ("failed_counts_query",)

    @metric_value(engine=PandasExecutionEngine)
    def _counted(cls, metric_value_kwargs: dict[str, Any], **_: Any) -> dict[str, int]:
        counted = WAREHOUSE.get().execute(metric_value_kwargs["failed_counts_query"])
        names = [column[0] for column in counted.description]
        (found,) = counted.fetchall()
        return dict(zip(names, found, strict=True))


class ExpectNoFailedRows(BatchExpectation):
    """Expect of a mart that no row fails a check of its header.

    ``failed_counts_query``: SQL that gives one row, and in it for each check how many rows fail it. That row is the
    observed value. It is one text, since what has parts is copied part by part some thirty times.
    """

    failed_counts_query: str

    metric_dependencies: ClassVar[tuple[str, ...]] = (_METRIC,)
    success_keys: ClassVar[tuple[str, ...]] = ("failed_counts_query",)
    args_keys: ClassVar[tuple[str, ...]] = ("failed_counts_query",)

    def _validate(
        self, metrics: dict[str, Any], runtime_configuration: dict[str, Any] | None = None, execution_engine: Any = None
    ) -> dict[str, Any]:
        found = metrics[_METRIC]
        return {"success": not any(found.values()), "result": {"observed_value": found}}
