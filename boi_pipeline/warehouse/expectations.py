"""Great Expectations over the marts: one suite a mart, made from its header.

The only module that imports Great Expectations (2 CPU seconds; with ``mart_expectation``), and only when it runs. A suite
has one expectation, of all checks of its mart, and DuckDB counts what fails each in one statement; which rows those are is
asked where there are any.
"""

import os
import sys
import warnings
from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import duckdb

from boi_pipeline.collector import uncollected
from boi_pipeline.warehouse import texts
from boi_pipeline.warehouse.checks import (
    CheckResult,
    Vocabularies,
    condition,
    failing,
    least_rows,
    quoted,
    repeated,
)
from boi_pipeline.warehouse.contract import TEXT_KINDS, BoundCheck, Model


def import_great_expectations() -> Any:
    """The package. Nothing of ours is told to its makers."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    for name in ("altair", "scipy.stats"):  # half of its import, for expectations that no suite of ours has
        if name not in sys.modules:
            sys.modules[name] = _Later(name)
    with uncollected():
        import great_expectations

    return great_expectations


class _Later(ModuleType):
    """Stands for a module that is imported when something of it is first used."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__spec__ = find_spec(name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name not in ("__path__", "__all__"):
            raise AttributeError(name)  # whoever looks through all modules wants nothing of this one
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


class Expectations:
    """An ephemeral Great Expectations context, made once for all marts of a run."""

    def __init__(self) -> None:
        gx = import_great_expectations()
        import pandas

        from boi_pipeline.warehouse import mart_expectation

        self._gx = gx
        self._pandas = pandas
        self._ours = mart_expectation
        context = gx.get_context(mode="ephemeral")
        bars: Any = {"globally": False, "metric_calculations": False}
        context.variables.progress_bars = bars
        # one asset for all marts: each new one has the whole context written down again
        asset = context.data_sources.pandas_default.add_dataframe_asset("mart")
        self._batches = asset.add_batch_definition_whole_dataframe("whole")

    def suite(
        self,
        model: Model,
        vocabularies: Vocabularies,
        last_rows: int | None,
        shares: Mapping[str, float] | None = None,
        without: Container[str] = (),
        passed: Container[str] = (),
    ) -> Any:
        """The Great Expectations suite of a mart. Its meta has severity and advice of each check.

        ``last_rows``, ``shares``: as in ``run``. Names of checks: ``without`` are left out, ``passed`` known to fail nothing.
        """
        asked = [check for check in model.checks if check.name not in without]
        counts = {check.name: _failed_count(check, model, vocabularies, last_rows, shares or {}) for check in asked}
        columns = (f"{0 if name in passed else count} as {quoted(name)}" for name, count in counts.items())
        severity: Any = "critical" if any(check.severity == "error" for check in asked) else "warning"
        expected = self._ours.ExpectNoFailedRows(
            failed_counts_query=f"select {', '.join(columns)} from {model.table}",
            severity=severity,
            meta={check.name: f"{check.severity}: {check.advice}" for check in asked},
        )
        return self._gx.ExpectationSuite(name=model.table, expectations=[expected] if asked else [])

    def run(
        self,
        connection: duckdb.DuckDBPyConnection,
        model: Model,
        vocabularies: Vocabularies,
        last_rows: int | None,
        shares: Mapping[str, float] | None = None,
    ) -> Iterator[CheckResult]:
        """Check one built mart. Yields one result a check, in the order of the header.

        ``last_rows``: the rows it usually has in the published sets; ``shares``: check → the share of rows that usually
        failed it there.
        """
        ((rows,),) = connection.execute(f"select count(*) from {model.table}").fetchall()
        results, passed = _read_texts(connection, model, vocabularies)
        suite = partial(self.suite, model, vocabularies, last_rows, shares, passed=passed)
        counts, error = self._counts(connection, suite(without=results))
        if error and (refused := _refused(connection, model, vocabularies, results)):
            results |= refused
            counts, error = self._counts(connection, suite(without=results))
        for check in model.checks:
            if check.name not in results:
                told = f"{model.path}:{check.line}: check {check.name}: {error}" if error else None
                results[check.name] = CheckResult(check, rows, counts.get(check.name, 0), error=told)
        for name, found in results.items():
            if found.failed_count and found.check.kind not in _OF_THE_WHOLE:
                results[name] = failing(connection, found.check, model, vocabularies, rows)
        for name, found in results.items():
            if found.failed_count and found.check.kind == "max_rise":  # what a person looks at are the rows that fail
                of = results[found.check.argument[0]]
                results[name] = replace(of, check=found.check, failed_count=found.failed_count)
        yield from (results[check.name] for check in model.checks)

    def _counts(self, connection: duckdb.DuckDBPyConnection, suite: Any) -> tuple[dict[str, int], str | None]:
        """How many rows fail each check; or none of that, and why Great Expectations could not tell."""
        if not suite.expectations:
            return {}, None
        batch = self._batches.get_batch(batch_parameters={"dataframe": self._pandas.DataFrame({"mart": [suite.name]})})
        used = self._ours.WAREHOUSE.set(connection)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                (found,) = batch.validate(suite, result_format="BASIC").results
        finally:
            self._ours.WAREHOUSE.reset(used)
        told = found.exception_info or {}
        raised = [
            part for part in ([told] if "raised_exception" in told else told.values()) if part["raised_exception"]
        ]
        if raised:
            return {}, raised[0]["exception_message"]
        return found.result["observed_value"], None


def _failed_count(
    check: BoundCheck,
    model: Model,
    vocabularies: Vocabularies,
    last_rows: int | None,
    shares: Mapping[str, float],
) -> str:
    """A SQL aggregate over a mart: 0 where a check passes, else how many rows fail it; where what is ``unique`` is there
    more than once, how many are too many."""
    if check.kind in _OF_THE_NUMBER:
        return f"greatest(0, {least_rows(check, last_rows)} - count(*))"
    if check.kind == "max_rise":
        name, points = check.argument
        if name not in shares:
            return "0"
        of = next(one for one in model.checks if one.name == name)
        most = f"floor(count(*) * {min(1.0, shares[name] + points)!r} + 1e-9)::bigint"
        return f"greatest(0, {_failed_count(of, model, vocabularies, last_rows, shares)} - {most})"
    if check.kind == "unique":
        return repeated(check, model)
    return f"count(*) filter (not coalesce({condition(check, model, vocabularies)}, true))"


def _read_texts(
    connection: duckdb.DuckDBPyConnection, model: Model, vocabularies: Vocabularies
) -> tuple[dict[str, CheckResult], set[str]]:
    """Read the texts that checks of words ask about. Returns the checks whose texts DuckDB cannot tell, with its complaint,
    and the names of those that found no bad one: to look that up for each row takes DuckDB longer than all other checks.
    """
    checks = [check for check in model.checks if check.kind in TEXT_KINDS]
    unread: dict[str, CheckResult] = {}
    for check in checks:
        try:
            texts.judge(connection, model, vocabularies, check)
        except duckdb.Error as error:
            unread[check.name] = _refusal(model, check, error)
    bad = texts.checks_with_bad_texts(connection, model.table) if checks else set()
    return unread | _watching(model, unread), {check.name for check in checks} - bad


def _refused(
    connection: duckdb.DuckDBPyConnection, model: Model, vocabularies: Vocabularies, known: Mapping[str, CheckResult]
) -> dict[str, CheckResult]:
    """The checks of rows that DuckDB cannot compute, with its complaint: each is asked alone."""
    refused: dict[str, CheckResult] = {}
    for check in model.checks:
        if check.name in known or check.kind in _OF_THE_WHOLE or check.kind == "unique":
            continue
        try:
            # computed, not only planned: a value may be the fault
            connection.execute(f"select count(*) filter ({condition(check, model, vocabularies)}) from {model.table}")
        except duckdb.Error as error:
            refused[check.name] = _refusal(model, check, error)
    return refused | _watching(model, refused)


def _watching(model: Model, refused: Mapping[str, CheckResult]) -> dict[str, CheckResult]:
    """The ``max_rise`` checks of what could not be computed."""
    return {
        check.name: CheckResult(check, 0, 0, error=refused[check.argument[0]].error)
        for check in model.checks
        if check.kind == "max_rise" and check.argument[0] in refused
    }


def _refusal(model: Model, check: BoundCheck, error: duckdb.Error) -> CheckResult:
    return CheckResult(check, 0, 0, error=f"{model.path}:{check.line}: check {check.name}: {error}")


_OF_THE_NUMBER = frozenset({"min_rows", "max_fall"})
_OF_THE_WHOLE = _OF_THE_NUMBER | {"max_rise"}
