"""Great Expectations over the marts: one suite a mart, made from its header.

The only module that imports Great Expectations (7 CPU seconds), and only when it runs. Checks that Great
Expectations has no expectation for on data frames (conditions, references, vocabularies of lists and numbers, words) are
computed as a column of ones and zeros, whose least it then expects to be one (a quarter of the cost of looking at each
value); which rows fail is then asked of DuckDB. Each frame has only the columns its checks name, and a large mart is looked
at in pieces. Of a mart without rows only their number is expected.
"""

import os
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from boi_pipeline.warehouse import texts
from boi_pipeline.warehouse.checks import (
    CheckResult,
    Vocabularies,
    condition,
    failing,
    least_rows,
    most_failing,
    quoted,
)
from boi_pipeline.warehouse.contract import TEXT_KINDS, BoundCheck, Model

PIECE = 250_000  # rows; of a larger mart memory holds one piece at a time
_VECTOR = 2_048  # rows; what DuckDB hands over is a number of these


def import_great_expectations() -> Any:
    """The package. Nothing of ours is told to its makers."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations

    return great_expectations


class Expectations:
    """An ephemeral Great Expectations context, made once for all marts of a run."""

    def __init__(self) -> None:
        gx = import_great_expectations()
        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        bars: Any = {"globally": False, "metric_calculations": False}
        self._context.variables.progress_bars = bars
        # one asset for all frames: each new one has the whole context written down again
        asset = self._context.data_sources.pandas_default.add_dataframe_asset("mart")
        self._frames = asset.add_batch_definition_whole_dataframe("whole")

    def suite(
        self,
        model: Model,
        vocabularies: Vocabularies,
        last_rows: int | None,
        shares: Mapping[str, float] | None = None,
        without: frozenset[str] = frozenset(),
        of_pieces: bool = False,
    ) -> Any:
        """The Great Expectations suite of a mart; each expectation's meta names its check. ``without``: names left out.

        ``of_pieces``: for frames that are a part of the mart, where what only the whole can tell is left out or told by a
        column.
        """
        expectations: list[Any] = []
        for check in model.checks:
            common: dict[str, Any] = {
                "meta": {"check": check.name, "advice": check.advice},
                "severity": "critical" if check.severity == "error" else "warning",
            }
            if check.name in without or (of_pieces and check.kind in _OF_THE_WHOLE):
                continue
            expectations.append(
                self._expectation(check, model, vocabularies, last_rows, shares or {}, of_pieces, common)
            )
        # given together: one that is added is compared with all before it, which is a tenth of a gate's time
        return self._gx.ExpectationSuite(name=model.table, expectations=expectations)

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
        results = _refused(connection, model, vocabularies)
        if not rows:  # none can fail
            results = {c.name: CheckResult(c, 0, 0) for c in model.checks if c.kind not in _OF_THE_NUMBER} | results
        of_pieces = rows > PIECE
        suite = self.suite(model, vocabularies, last_rows, shares, frozenset(results), of_pieces)
        repeated = _repeated(connection, model, vocabularies, rows) if of_pieces else None
        query = _frame_query(model, vocabularies, frozenset(results), repeated)
        by_name = {check.name: check for check in model.checks}
        for frame in _frames(connection, query, of_pieces) if suite.expectations else ():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                batch = self._frames.get_batch(batch_parameters={"dataframe": frame})
                outcome = batch.validate(suite, result_format="BOOLEAN_ONLY")
            for found in outcome.results:
                check = by_name[found.expectation_config.meta["check"]]
                if check.name not in results or results[check.name].passed:
                    results[check.name] = _result(check, model, found, rows, last_rows)
        for name, found in results.items():
            if not found.passed and found.error is None and _is_of_rows(found.check):
                bad = failing(connection, found.check, model, vocabularies, rows)
                told = f"{model.path}: check {name}: Great Expectations refuses rows that DuckDB accepts"
                results[name] = bad if bad.failed_count else CheckResult(found.check, rows, 0, error=told)
        for check in model.checks if of_pieces else ():
            if check.kind in _OF_THE_WHOLE and check.name not in results:
                results[check.name] = _of_the_whole(check, rows, last_rows, shares or {}, results)
        for name, found in results.items():
            if found.check.kind == "max_rise" and not found.passed and found.error is None:
                of = results[found.check.argument[0]]  # what a person looks at are the rows that fail
                most = most_failing(found.check, rows, shares or {})
                results[name] = CheckResult(found.check, rows, of.failed_count - most, of.failed_keys)
        yield from (results[check.name] for check in model.checks)

    def _expectation(
        self,
        check: BoundCheck,
        model: Model,
        vocabularies: Vocabularies,
        last_rows: int | None,
        shares: Mapping[str, float],
        of_pieces: bool,
        common: dict[str, Any],
    ) -> Any:
        expect = self._gx.expectations
        if check.kind in _OF_THE_NUMBER:
            return expect.ExpectTableRowCountToBeBetween(min_value=least_rows(check, last_rows), **common)
        if check.kind == "max_rise":
            name, points = check.argument
            most = min(1.0, shares[name] + points) if name in shares else 1.0
            return expect.ExpectColumnMeanToBeBetween(column=_computed(check), max_value=most, **common)
        if check.kind == "unique" and of_pieces:
            return expect.ExpectColumnMinToBeBetween(column=_computed(check), min_value=1, **common)
        if check.kind == "unique" and len(check.columns) == 1:
            return expect.ExpectColumnValuesToBeUnique(column=check.columns[0], **common)
        if check.kind == "unique":
            return expect.ExpectCompoundColumnsToBeUnique(column_list=list(check.columns), **common)
        if check.kind == "not_null" and check.where is None:
            return expect.ExpectColumnValuesToNotBeNull(column=check.columns[0], **common)
        if check.kind == "in_vocabulary" and not _is_computed(check, model):
            codes = sorted(vocabularies[check.argument])
            return expect.ExpectColumnValuesToBeInSet(column=check.columns[0], value_set=codes, **common)
        return expect.ExpectColumnMinToBeBetween(column=_computed(check), min_value=1, **common)


def _refused(connection: duckdb.DuckDBPyConnection, model: Model, vocabularies: Vocabularies) -> dict[str, CheckResult]:
    """The checks that DuckDB cannot compute, with its complaint. Texts are read here."""
    refused: dict[str, CheckResult] = {}

    def refuse(check: BoundCheck, error: duckdb.Error) -> None:
        refused[check.name] = CheckResult(check, 0, 0, error=f"{model.path}:{check.line}: check {check.name}: {error}")

    for check in model.checks:
        if check.kind in TEXT_KINDS:
            try:
                texts.judge(connection, model, vocabularies, check)
            except duckdb.Error as error:
                refuse(check, error)
    computed = [one for one in model.checks if one.kind != "max_rise" and _is_computed(one, model)]
    computed = [one for one in computed if one.name not in refused]
    conditions = [condition(check, model, vocabularies) for check in computed]
    try:
        if conditions:
            connection.execute(f"explain select {', '.join(conditions)} from {model.table}")
    except duckdb.Error:  # of one or more: each is asked alone
        for check, sql in zip(computed, conditions, strict=True):
            try:
                connection.execute(f"explain select {sql} from {model.table}")
            except duckdb.Error as error:
                refuse(check, error)
    for check in model.checks:
        if check.kind == "max_rise" and check.argument[0] in refused:
            refused[check.name] = CheckResult(check, 0, 0, error=refused[check.argument[0]].error)
    return refused


def _repeated(
    connection: duckdb.DuckDBPyConnection, model: Model, vocabularies: Vocabularies, rows: int
) -> frozenset[str]:
    """The ``unique`` checks that some rows fail: a piece does not see the others."""
    unique = [check for check in model.checks if check.kind == "unique"]
    return frozenset(c.name for c in unique if failing(connection, c, model, vocabularies, rows).failed_count)


def _of_the_whole(
    check: BoundCheck,
    rows: int,
    last_rows: int | None,
    shares: Mapping[str, float],
    results: Mapping[str, CheckResult],
) -> CheckResult:
    if check.kind == "max_rise":
        is_good = results[check.argument[0]].failed_count <= most_failing(check, rows, shares)
        return CheckResult(check, rows, 0 if is_good else rows)
    return CheckResult(check, rows, max(0, least_rows(check, last_rows) - rows))


def _frames(connection: duckdb.DuckDBPyConnection, query: str, of_pieces: bool) -> Iterator[Any]:
    if not of_pieces:
        yield connection.sql(query).df()
        return
    stream = connection.execute(query)
    while len(frame := stream.fetch_df_chunk(PIECE // _VECTOR)):
        yield frame


def _frame_query(
    model: Model, vocabularies: Vocabularies, without: frozenset[str], repeated: frozenset[str] | None
) -> str:
    """``repeated``: where the frame is a piece of the mart, the ``unique`` checks that fail."""
    plain: dict[str, str] = {column: quoted(column) for column in model.grain}
    computed: list[str] = []
    if repeated is not None:
        plain = {}
    for check in model.checks:
        if check.name in without or (repeated is not None and check.kind in _OF_THE_WHOLE):
            continue
        if repeated is not None and check.kind == "unique":
            computed.append(f"{int(check.name not in repeated)}::tinyint as {quoted(_computed(check))}")
        elif check.kind == "max_rise":
            of = next(one for one in model.checks if one.name == check.argument[0])
            good = condition(of, model, vocabularies)
            computed.append(f"(not coalesce({good}, true))::tinyint as {quoted(_computed(check))}")
        elif _is_computed(check, model):
            good = condition(check, model, vocabularies)
            computed.append(f"coalesce({good}, true)::tinyint as {quoted(_computed(check))}")
        elif check.kind == "not_null":
            plain = {column: _whether_null(column, model) for column in check.columns} | plain
        else:
            plain |= {column: quoted(column) for column in check.columns}
    columns = [f"{sql} as {quoted(name)}" for name, sql in plain.items()] + computed
    return f"select {', '.join(columns)} from {model.table}"


def _whether_null(column: str, model: Model) -> str:
    """What tells of a value whether it is null; of a long text its first letter does, and memory holds no more."""
    kind = next(one.type.name for one in model.columns if one.name == column)
    return f"left({quoted(column)}, 1)" if kind == "text" else quoted(column)


_OF_THE_NUMBER = frozenset({"min_rows", "max_fall"})
_OF_THE_WHOLE = _OF_THE_NUMBER | {"max_rise"}


def _computed(check: BoundCheck) -> str:
    return f"check:{check.name}"


def _is_computed(check: BoundCheck, model: Model) -> bool:
    """Whether a check becomes a boolean column: Great Expectations has no expectation for it on data frames."""
    if check.kind == "unique" or check.kind in _OF_THE_NUMBER:
        return False
    if check.where is not None or check.kind not in ("not_null", "in_vocabulary"):
        return True
    kind = next(column.type.name for column in model.columns if column.name == check.columns[0])
    return check.kind == "in_vocabulary" and kind != "text"


def _is_of_rows(check: BoundCheck) -> bool:
    return check.kind not in _OF_THE_WHOLE


def _result(check: BoundCheck, model: Model, outcome: Any, rows: int, last_rows: int | None) -> CheckResult:
    """What Great Expectations found; the keys of failing rows are asked of DuckDB afterwards."""
    told = outcome.exception_info or {}
    raised = [part for part in ([told] if "raised_exception" in told else told.values()) if part["raised_exception"]]
    if raised:
        return CheckResult(
            check, rows, 0, error=f"{model.path}:{check.line}: check {check.name}: {raised[0]['exception_message']}"
        )
    if check.kind in _OF_THE_NUMBER:
        return CheckResult(check, rows, max(0, least_rows(check, last_rows) - rows))
    return CheckResult(check, rows, 0 if outcome.success or not rows else rows)
