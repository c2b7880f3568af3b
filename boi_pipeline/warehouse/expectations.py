"""Great Expectations over the marts: one suite a mart, made from its header.

The only module that imports Great Expectations (7 CPU seconds), and only when it runs. Checks that Great
Expectations has no expectation for on data frames (conditions, references, vocabularies of lists and numbers) are computed by DuckDB as a boolean column,
which it then expects to hold; each frame has only the columns its checks name.
"""

import os
import threading
import warnings
from collections.abc import Iterator
from typing import Any

import duckdb

from boi_pipeline.warehouse.checks import CheckResult, Vocabularies, condition, least_rows, quoted
from boi_pipeline.warehouse.contract import BoundCheck, Model


def import_in_background() -> None:
    """Begin the import on another core, where the caller is about to wait for something else (the crawl)."""
    threading.Thread(target=_import, name="import great_expectations", daemon=True).start()


def _import() -> Any:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # nothing of ours is told to anyone
    import great_expectations

    return great_expectations


class Expectations:
    """An ephemeral Great Expectations context, made once for all marts of a run."""

    def __init__(self) -> None:
        gx = _import()
        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        bars: Any = {"globally": False, "metric_calculations": False}
        self._context.variables.progress_bars = bars
        self._pandas = self._context.data_sources.pandas_default

    def suite(self, model: Model, vocabularies: Vocabularies, last_rows: int | None) -> Any:
        """The Great Expectations suite of a mart; each expectation's meta names its check."""
        gx = self._gx
        suite = gx.ExpectationSuite(name=model.table)
        for check in model.checks:
            common: dict[str, Any] = {
                "meta": {"check": check.name, "advice": check.advice},
                "severity": "critical" if check.severity == "error" else "warning",
            }
            suite.add_expectation(self._expectation(check, model, vocabularies, last_rows, common))
        return suite

    def run(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        vocabularies: Vocabularies,
        last_rows: int | None,
    ) -> Iterator[CheckResult]:
        """Check one built mart. Yields one result a check, in the order of the header."""
        suite = self.suite(model, vocabularies, last_rows)
        frame = connection.sql(_frame_query(model, vocabularies)).df()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = self._pandas.read_dataframe(frame, asset_name=None).validate(
                suite,
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": list(model.grain),
                    "return_unexpected_index_query": False,
                },
            )
        found = {result.expectation_config.meta["check"]: result for result in outcome.results}
        for check in model.checks:
            yield _result(check, model, found[check.name], len(frame), last_rows)

    def _expectation(
        self,
        check: BoundCheck,
        model: Model,
        vocabularies: Vocabularies,
        last_rows: int | None,
        common: dict[str, Any],
    ) -> Any:
        expect = self._gx.expectations
        if check.kind in ("min_rows", "max_fall"):
            return expect.ExpectTableRowCountToBeBetween(min_value=least_rows(check, last_rows), **common)
        if check.kind == "unique" and len(check.columns) == 1:
            return expect.ExpectColumnValuesToBeUnique(column=check.columns[0], **common)
        if check.kind == "unique":
            return expect.ExpectCompoundColumnsToBeUnique(column_list=list(check.columns), **common)
        if check.kind == "not_null":
            return expect.ExpectColumnValuesToNotBeNull(column=check.columns[0], **common)
        if check.kind == "in_vocabulary" and _is_text(check, model):
            codes = sorted(vocabularies[check.argument])
            return expect.ExpectColumnValuesToBeInSet(column=check.columns[0], value_set=codes, **common)
        return expect.ExpectColumnValuesToBeInSet(column=_computed(check), value_set=[True], **common)


def _frame_query(model: Model, vocabularies: Vocabularies) -> str:
    plain: dict[str, str] = {column: quoted(column) for column in model.grain}
    for check in model.checks:
        if check.kind in ("unique", "not_null") or (check.kind == "in_vocabulary" and _is_text(check, model)):
            plain |= {column: quoted(column) for column in check.columns}
    computed = [
        f"coalesce({condition(check, model, vocabularies)}, true) as {quoted(_computed(check))}"
        for check in model.checks
        if check.kind in ("expression", "references") or (check.kind == "in_vocabulary" and not _is_text(check, model))
    ]
    columns = [f"{sql} as {quoted(name)}" for name, sql in plain.items()] + computed
    order = ", ".join(quoted(column) for column in model.grain)
    return f"select {', '.join(columns)} from {model.table} order by {order}"


def _computed(check: BoundCheck) -> str:
    return f"check:{check.name}"


def _is_text(check: BoundCheck, model: Model) -> bool:
    return next(column.type.name for column in model.columns if column.name == check.columns[0]) == "text"


def _result(check: BoundCheck, model: Model, outcome: Any, rows: int, last_rows: int | None) -> CheckResult:
    told = outcome.exception_info or {}
    raised = [part for part in ([told] if "raised_exception" in told else told.values()) if part["raised_exception"]]
    if raised:
        return CheckResult(check, rows, 0, error=f"{model.path}: check {check.name}: {raised[0]['exception_message']}")
    if check.kind in ("min_rows", "max_fall"):
        return CheckResult(check, rows, max(0, least_rows(check, last_rows) - rows))
    if outcome.success:
        return CheckResult(check, rows, 0)
    index = outcome.result.get("unexpected_index_list") or []
    keys = [{column: row[column] for column in model.grain} for row in index]
    return CheckResult(check, rows, outcome.result["unexpected_count"], keys)
