"""The team's weekly report as a step of the pipeline: from the published set to ``reports/<week>/``, whole or not at all.

What it says belongs to ``report.figures``, how it looks to ``report.page`` and ``report.paper``.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from boi_pipeline.stages.run import Run
from boi_pipeline.weeks import week_days, week_label
from scrapers.files import swapped_folder
from scrapers.yamlfile import ConfigError

if TYPE_CHECKING:
    from boi_pipeline.report.figures import WeekReport

PAGE, PAPER, DATA = "informe.html", "informe.pdf", "informe.json"


@dataclass(frozen=True)
class Written:
    """A week's report on disk."""

    folder: Path
    report: "WeekReport"


def write_report(run: Run, week: str | None = None) -> Written:
    """Write the report of a week (None: the week of the run's day) from the set that is published.

    Equal sets and inboxes give equal bytes. Raises ConfigError where nothing is published yet, the set is of an
    earlier version, or ``week`` is none.
    """
    from boi_pipeline.printing.printer import Printer
    from boi_pipeline.report.figures import week_report
    from boi_pipeline.report.page import as_json, rendered
    from boi_pipeline.report.paper import TEMPLATE, document
    from boi_pipeline.report.published import OldSet
    from boi_pipeline.warehouse.publication import current_manifest

    manifest = current_manifest(run.home.published)
    if manifest is None:
        raise ConfigError(run.home.published, None, "", "nothing is published yet; run `boi run` first")
    chosen = week or week_label(run.entity.today(run.as_of))
    try:
        week_days(chosen)
    except ValueError as error:
        raise ConfigError("--week", None, "", str(error)) from None
    current, as_of = (run.home.published / "current").resolve(), datetime.fromisoformat(manifest["as_of"])
    try:
        refused_count = _refused_count(run.home.inbox)
        report = week_report(current, run.project, run.entity, chosen, as_of, refused_count)
    except OldSet:
        problem = "this set was published by an earlier version; publish one with `boi run` first"
        raise ConfigError(current, None, "", problem) from None
    with Printer(TEMPLATE) as printer, swapped_folder(run.home.reports / chosen, "report") as folder:
        (folder / PAGE).write_text(rendered(report, run.entity), encoding="utf-8", newline="\n")
        (folder / PAPER).write_bytes(printer.print(document(report, run.entity)))
        told = json.dumps(as_json(report), ensure_ascii=False, indent=1)
        (folder / DATA).write_text(told + "\n", encoding="utf-8", newline="\n")
    return Written(run.home.reports / chosen, report)


def _refused_count(inbox: Path) -> int:
    """How many files lie refused, each with its report beside it."""
    refused = inbox / "refused"
    if not refused.is_dir():
        return 0
    return sum(1 for path in refused.iterdir() if path.is_file() and not path.name.endswith(".informe.txt"))
