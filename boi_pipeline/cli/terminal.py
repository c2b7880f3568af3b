"""What people see in the terminal: progress while a job runs, and the summary at its end."""

import json
import sys
import time as clock
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from boi_pipeline.entity import Candidate
from boi_pipeline.summary import SourceState, Summary
from scrapers.coverage import dates_in
from scrapers.health import OUR_END
from scrapers.notice import Notice
from scrapers.outcome import ADVICE, counted

if TYPE_CHECKING:
    from boi_pipeline.proposal import Proposal
    from boi_pipeline.trial import Trial

STEPS = {
    "crawl": "crawling",
    "rechecks": "visiting what is published and open",
    "readings": "reading",
    "matches": "matching",
    "models": "building the tables",
    "decisions": "taking the editors' decisions",
    "edition": "closing the edition",
    "week": "closing the week",
    "decision_models": "building the tables people decide",
    "gate": "checking",
    "published": "publishing the tables",
    "site": "rendering the bulletin",
    "deliveries": "sending the posts",
    "outbox": "laying out what to post by hand",
    "take_in": "taking in what was handed in",
    "team_report": "writing the team's report",
}
"""A step of a job → what people are told it does."""
MAX_ROWS = 50
MAX_LINE = 200  # characters of a log line that are shown; the UI has it whole
_NULL = "NULL"  # of answers and rows of tables: an empty text is something else
MAX_NOTICES, MAX_FACTS, MAX_LINKS = 5, 8, 8  # of a trial that are shown


class Progress:
    """Prints one line a step, and the log lines a step writes for people."""

    def __init__(self, *, quiet: bool = False, while_crawling: Callable[[], None] = lambda: None) -> None:
        """``while_crawling`` is called when the crawl begins: this process then waits for its child."""
        self._console = Console(stderr=True, quiet=quiet, highlight=False, soft_wrap=True)
        self._started = clock.monotonic()
        self._while_crawling = while_crawling

    def event(self, job: str, entry: Any) -> None:
        """Take one Dagster event or log line."""
        kind = entry.dagster_event.event_type_value if entry.dagster_event else None
        if kind == "STEP_START":
            step = STEPS.get(entry.step_key, entry.step_key)
            if entry.step_key == "crawl":
                self._while_crawling()
            self._console.print(f"[dim]{clock.monotonic() - self._started:6.1f} s[/] {step} …")
        elif kind == "STEP_FAILURE":
            self._console.print(f"[red]         {STEPS.get(entry.step_key, entry.step_key)}: failed[/]")
        elif kind is None and entry.level in (20, 30) and entry.step_key and not _is_dagsters(entry.user_message):
            self._console.print(f"[dim]         {escape(_shortened(entry.user_message))}[/]")


def _shortened(message: str) -> str:
    return message if len(message) <= MAX_LINE else message[: MAX_LINE - 2].rstrip() + " …"


def _is_dagsters(message: str) -> bool:
    """Whether a line is Dagster's own: what a failing source left out, which the source's line has told."""
    return message.startswith("op '") and "did not yield" in message


def print_summary(summary: Summary, success: bool, problems: Sequence[str]) -> None:
    """The end of a run: sources, counts, what was published, what waits, and what to open."""
    console = Console(highlight=False)
    console.print()
    console.print(f"[bold]{summary.entity}[/] as of {summary.as_of:%Y-%m-%d %H:%M} UTC")
    if summary.sources:
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in ("source", "outcome", "listed", "new", "changed"):
            table.add_column(column, justify="right" if column in ("listed", "new", "changed") else "left")
        for one in summary.sources:
            style = None if one.is_good else "red"
            table.add_row(one.source_id, one.outcome, str(one.listed), str(one.new), str(one.changed), style=style)
        console.print(table)
        if summary.nobody_answered:
            console.print(f"[red]{OUR_END}[/]", soft_wrap=True)
        for one in summary.sources:
            if not one.is_good:
                told = [" ".join(part.split()) for part in (one.detail, one.quarantine or "", one.advice) if part]
                sentences = " ".join(part if part[-1] in ".!?" else f"{part}." for part in told)
                console.print(f"[red]{one.source_id}[/]: {escape(sentences)}", soft_wrap=True)
            for warning in one.warnings:
                console.print(f"[yellow]{one.source_id}[/]: {escape(warning)}", soft_wrap=True)
    checks = summary.checks
    console.print(
        f"\n{summary.notices} notices · {summary.opportunities} opportunities, {summary.open_opportunities} open · "
        f"{summary.approved} approved, {summary.waiting_for_review} waiting for a decision",
        soft_wrap=True,
    )
    if checks:
        console.print(
            f"{checks['passed']} checks passed, {checks['warnings']} warnings, {checks['errors']} row errors · "
            f"{summary.quarantined} rows in quarantine"
        )
    for failed in summary.failed_checks:
        style = "red" if failed.severity == "error" else "yellow"
        table = escape(f"{failed.table} {failed.check}")
        told = f"  [{style}]{table}[/]: {counted(failed.failed_count, 'row')} · {escape(failed.advice)}"
        console.print(told, soft_wrap=True)
    if summary.failed_checks:
        console.print("  which rows: boi table TABLE")
    for note in summary.source_notes:
        console.print(f"  the source now says · {note}")
    for code in summary.changed_after_approval:
        console.print(f"  changed after approval, waits for a new one · {code}")
    if summary.set_id:
        rows = sum(summary.tables.values())
        console.print(f"published set {summary.set_id}: {len(summary.tables)} files, {rows} rows")
    if summary.editions:
        console.print(f"editions: {', '.join(summary.editions)}")
    if summary.deliveries:
        told = ", ".join(f"{count} {state}" for state, count in summary.deliveries.items())
        style = "red" if {"uncertain", "failed", "sending"} & set(summary.deliveries) else "default"
        console.print(f"[{style}]posts: {told}[/] · boi publish status")
    if summary.inbox:
        console.print(
            f"{counted(len(summary.inbox), 'file')} in the inbox: {escape(', '.join(summary.inbox))} · boi inbox"
        )
    if not success:
        console.print("\n[red bold]The run failed; what was published before still stands.[/]")
        for problem in problems:
            console.print(f"[red]  {escape(problem)}[/]")
    if summary.paths:
        console.print("\nopen")
        for name, path in summary.paths.items():
            console.print(f"  {name:10} {escape(_short(path))}", soft_wrap=True)
        console.print("  Dagster    uv run boi ui   (or: uv run dagster dev)")


def print_went_back(before: str | None, now: str | None) -> None:
    """Warn where what is published is of an earlier instant than what it took the place of: a mistyped day empties a site."""
    if before and now and now < before:
        console = Console(highlight=False)
        console.print(
            f"\n[yellow]What is published is of {now[:10]} now; before this run it was of {before[:10]}. "
            f"To bring that back: boi run --date {before[:10]}, or without --date for today.[/]",
            soft_wrap=True,
        )


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], null: str = "") -> None:
    """Rows as a table, numbers to the right; more than fifty are counted, not shown. ``null``: how nothing is written."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        values = [row[index] for row in rows if row[index] is not None]
        is_number = bool(values) and all(isinstance(one, (int, float, Decimal)) and one is not True for one in values)
        table.add_column(escape(column), overflow="fold", justify="right" if is_number else "left")
    for row in rows[:MAX_ROWS]:
        table.add_row(*(escape(_cell(value, null)) for value in row))
    console = Console(highlight=False)
    console.print(table)
    if len(rows) > MAX_ROWS:
        console.print(f"[dim]… and {len(rows) - MAX_ROWS} more rows; use --json for all[/]")


def print_rows(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    """The first rows of an answer: as a table where it fits the terminal, else one row after another."""
    console = Console(highlight=False)
    shown = list(islice(rows, MAX_ROWS))
    if len(columns) * 12 <= console.width:
        print_table(columns, shown, _NULL)
    else:
        for number, row in enumerate(shown, start=1):
            _print_record(console, f"row {number}", [(name, [value]) for name, value in zip(columns, row, strict=True)])
    if next(rows, None) is not None:
        console.print("[dim]… and more; --json gives every row, `limit` or `count(*)` in the query fewer[/]")
    elif not shown:
        console.print("[dim]no rows[/]")


def print_json_rows(columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
    """Every row of an answer as one JSON array, written as they come."""
    first = True
    sys.stdout.write("[")
    for row in rows:
        values = (None if isinstance(one, float) and not isfinite(one) else one for one in row)
        text = json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False, default=_json_value)
        sys.stdout.write(f"{'' if first else ','}\n  {text}")
        first = False
    sys.stdout.write("]\n" if first else "\n]\n")


def _json_value(value: Any) -> Any:
    """A value JSON has no word for: exact amounts as numbers, dates and instants as ISO 8601."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, (date, time)) else str(value)


def print_described(found: dict[str, Any]) -> None:
    """A table: what it is, how fresh, its columns, what its checks found, and some rows."""
    console = Console(highlight=False)
    console.print(f"[bold]{found['table']}[/] · key {', '.join(found['grain'])} · version {found['version']}")
    console.print(escape(found["description"]))
    for name in ("reads", "read_by"):
        if found[name]:
            console.print(f"[dim]{name.replace('_', ' ')}[/] {', '.join(found[name])}")
    for one in found["published"]:
        told = (
            f"{one['rows']} rows, {one['bytes']} bytes, as of {datetime.fromisoformat(one['as_of']):%Y-%m-%d %H:%M} UTC"
            if one["as_of"]
            else "not published yet"
        )
        console.print(f"[dim]published[/] {one['file']} · {told}")
    if "missing" in found:
        console.print(f"[yellow]{escape(found['missing'])}[/]")
    if found.get("built_at"):
        console.print(
            f"[dim]built[/] {found['built_at']:%Y-%m-%d %H:%M} UTC, as of {found['as_of']:%Y-%m-%d %H:%M} UTC · {found['rows']} rows"
        )
    elif "rows" in found:
        console.print(f"{found['rows']} rows")
    console.print()
    table = _grid("column", "type", "label", "description")
    for column in found["columns"]:
        key = "[bold]" if column["name"] in found["grain"] else ""
        table.add_row(f"{key}{column['name']}", column["type"], escape(column["label"]), escape(column["description"]))
    console.print(table)
    if found.get("checks"):
        _print_checks(console, found["checks"])
    if found.get("sample"):
        console.print()
        names = list(found["sample"][0])
        _print_record(console, "sample", [(name, [row[name] for row in found["sample"]]) for name in names])


def _print_checks(console: Console, checks: Sequence[dict[str, Any]]) -> None:
    """The checks that failed with their advice and sample; those that passed by name."""
    failed = [check for check in checks if not check["is_passed"]]
    console.print(f"\n[bold]checks[/] {len(checks) - len(failed)} passed, {len(failed)} failed")
    for check in failed:
        style = "red" if check["severity"] == "error" else "yellow"
        console.print(
            f"[{style}]{check['severity']}[/] {check['check_name']} · {check['failed_count']} of {check['row_count']} rows"
        )
        console.print(f"  {escape(check['advice'])}")
        for row in json.loads(check["sample"]):
            told = " · ".join(f"{name} {_cell(value)}" for name, value in row.items())
            console.print(f"  [dim]{escape(told)}[/]", no_wrap=True, overflow="ellipsis")
    passed = ", ".join(check["check_name"] for check in checks if check["is_passed"])
    if passed:
        console.print(f"[green]passed[/] [dim]{passed}[/]")


def _print_record(console: Console, title: str, fields: Sequence[tuple[str, Sequence[Any]]]) -> None:
    """Rows side by side, a column of theirs a line: tables are wide and terminals narrow."""
    table = Table(box=None, pad_edge=False, show_header=False, title=title, title_justify="left", title_style="bold")
    longest = max((len(name) for name, _ in fields), default=0)
    count = len(fields[0][1]) if fields else 0
    width = max(8, (console.width - longest) // max(1, count) - 2)
    table.add_column(style="dim", width=longest)
    for _ in range(count):
        table.add_column(overflow="ellipsis" if count > 1 else "fold", no_wrap=count > 1, max_width=width)
    for name, values in fields:
        table.add_row(escape(name), *(escape(_cell(value, _NULL)) for value in values))
    console.print(table)


def _cell(value: Any, null: str = "") -> str:
    """A value on one line, harmless in a terminal. An instant that knows its zone is in UTC, and says so."""
    if isinstance(value, datetime):
        text = f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}" if value.tzinfo else f"{value:%Y-%m-%d %H:%M:%S}"
    else:
        text = null if value is None else str(value)
    return "".join(char if char.isprintable() else " " for char in text)


def _grid(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in ("column", "type"))
    return table


def _short(path: str) -> str:
    try:
        return str(Path(path).relative_to(Path.cwd()))
    except ValueError:
        return path


def print_sources(states: Sequence[SourceState], candidate_count: int) -> None:
    """The sources with their last visits, what is to be looked at of them, and the counts."""
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "platform", "verified", "last visit", "last good", "last new"):
        table.add_column(column, no_wrap=True)
    for one in states:
        days = [str(day) if day else "never" for day in (one.last_good, one.last_news)]
        visit = "quarantined" if one.quarantine else one.last_visit
        table.add_row(one.source, one.platform, "yes" if one.verified else "no", visit, *days)
    console.print(table)
    for one in states:
        for told in [*([one.quarantine] if one.quarantine else []), *one.warnings]:
            console.print(f"[red]{one.source}[/]: {escape(told)}", soft_wrap=True)
    verified = sum(one.verified for one in states)
    quarantined = sum(one.quarantine is not None for one in states)
    console.print(
        f"\n{verified} verified, {quarantined} of them in quarantine · {len(states) - verified} unverified, never crawled by "
        f"the jobs · {candidate_count} candidates (--candidates)"
    )


def print_candidates(places: Sequence[Candidate]) -> None:
    """The places that are not sources yet, and what is not known of them."""
    console = Console(highlight=False, soft_wrap=True)
    for one in places:
        console.print(f"[bold]{escape(one.name)}[/] {escape(one.url)}" + (f" [dim]{one.kind}[/]" if one.kind else ""))
        told = [*([one.why] if one.why else []), *([f"falta saber: {', '.join(one.unknown)}"] if one.unknown else [])]
        console.print(f"  {escape('. '.join(told))}")
    console.print(f"\n{len(places)} candidates")


def print_trial(trial: "Trial") -> None:
    """What came of a visit: outcome and advice, its cost, what is unknown, and the first notices."""
    console = Console(highlight=False, soft_wrap=True)
    result, source = trial.result, trial.source
    style = "green" if trial.is_good else "red"
    console.print(f"[bold]{source.id}[/] [{style}]{result.outcome}[/]: {escape(result.detail)}")
    console.print(escape(ADVICE[result.outcome]))
    console.print(
        f"{result.request_count} requests, {result.byte_count} bytes, {result.seconds:.1f} s · {trial.robots}"
    )
    if source.verified:
        console.print(f"verified by {source.verified.by} on {source.verified.on}")
    for unknown in source.unknown:
        console.print(f"[yellow]unknown[/]: {escape(unknown)}")
    if result.coverage:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in result.coverage.items())
        console.print(f"{result.read_count} notices read: {shares}")
    for notice in trial.notices[:MAX_NOTICES]:
        _print_notice(console, notice)
    if len(trial.notices) > MAX_NOTICES:
        console.print(f"\n[dim]… and {len(trial.notices) - MAX_NOTICES} more notices; use --json for all[/]")


def _print_notice(console: Console, notice: Notice) -> None:
    console.print(f"\n[bold]{escape(notice.title)}[/] [dim]({escape(notice.language)})[/]")
    console.print(f"  {escape(notice.url)}")
    dates = ", ".join(dates_in(notice.text)) or "none"
    published = f" · published {notice.published_at:%Y-%m-%d}" if notice.published_at else ""
    console.print(f"  dates: {escape(dates)}{published} · {len(notice.text)} characters · {len(notice.links)} links")
    for hint in notice.hints[:MAX_FACTS]:
        console.print(f"  {escape(hint.label)}: {escape(hint.value[:200])}")
    console.print(f"  [dim]{escape(' '.join(notice.text.removeprefix(notice.title).split())[:200])}[/]")
    for link in notice.links[:MAX_LINKS]:
        console.print(f"  → {escape(link.url)}")


def print_proposal(proposal: "Proposal") -> None:
    """What was found at an address, the file proposed for it, and the notices it would give."""
    console = Console(highlight=False, soft_wrap=True)
    for told in proposal.found:
        console.print(escape(told))
    if proposal.text and proposal.trial:
        console.print(f"\n[bold]{proposal.source_id}.yaml[/]")
        console.print(escape(proposal.text))
        print_trial(proposal.trial)
    for told in proposal.missing:
        console.print(f"[yellow]{escape(told)}[/]")
    console.print(f"\nwhat was captured is kept in {escape(_short(str(proposal.folder)))}")
