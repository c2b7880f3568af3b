"""Importing a file of past years, row by row: which rows are new, doubled or known, and the batch they become.

Passes what a run knows to ``achieved.archive``; no Dagster and no terminal here.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from boi_pipeline.achieved.archive.batches import Batch, Place, batches, keep, kept
from boi_pipeline.achieved.archive.mapping import Mapping, load_mapping
from boi_pipeline.achieved.archive.notices import notice_of
from boi_pipeline.achieved.archive.pdf import is_pdf, read_bulletin
from boi_pipeline.achieved.archive.rows import ArchivedRow, Read, Said, read_rows
from boi_pipeline.achieved.store import new_import_id
from boi_pipeline.records import Identity, IdentityItem, Redirect
from boi_pipeline.stages.matches import bench_aside, compared
from boi_pipeline.stages.readings import offline_of
from boi_pipeline.stages.run import Run
from scrapers.archive import crawl_records
from scrapers.files import file_sha256, write_text
from scrapers.notice import item_id
from scrapers.yamlfile import ConfigError

Outcome = Literal["taken", "joined", "waiting", "repeated", "doubled", "refused"]
OUTCOMES: dict[Outcome, str] = {
    "taken": "Se toma: es nueva",
    "joined": "Se toma: ya se conoce la convocatoria",
    "waiting": "Se toma: espera que una persona la confirme",
    "repeated": "Ya estaba en un lote anterior",
    "doubled": "Repite otra fila",
    "refused": "Se rechaza",
}
NEW: tuple[Outcome, ...] = ("taken", "joined", "waiting")


@dataclass(frozen=True)
class Verdict:
    """What becomes of one row; ``told`` says why, and what of it was left out (Spanish)."""

    row_number: int
    outcome: Outcome
    title: str
    told: str
    code: str | None = None  # of the opportunity that the call is known as


@dataclass(frozen=True)
class Look:
    """What taking a file in would do."""

    file: Path
    file_sha256: str
    mapping: Mapping
    by_machine: bool  # read from a PDF
    verdicts: list[Verdict]
    rows: list[ArchivedRow]  # what is new
    unused: list[str] = field(default_factory=list)  # columns that the mapping does not name

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows of each outcome, of those that occur."""
        found = Counter(one.outcome for one in self.verdicts)
        return {outcome: found[outcome] for outcome in OUTCOMES if found[outcome]}

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "file": self.file.name,
            "source": self.mapping.source.id,
            "counts": self.counts,
            "unused_columns": self.unused,
            "rows": [asdict(one) for one in self.verdicts],
        }


def look(run: Run, file: Path, mapping_file: Path) -> Look:
    """What taking a file in would do, row by row; nothing is written. Raises ConfigError, SheetRefused."""
    mapping = load_mapping(mapping_file, frozenset(run.entity.vocabularies["channels"].terms))
    if not file.is_file():
        raise ConfigError(file, None, "", "no such file; expected a CSV, XLSX, XLS or PDF of the archive")
    by_machine, today = is_pdf(file), run.entity.today(run.as_of)
    read: Read = read_bulletin(file, mapping, today) if by_machine else read_rows(file, mapping, today)
    places = {place: batch.batch_id for batch in reversed(batches(run.home)) for place in kept(run.home, batch).places}
    verdicts, rows = _judge(read.said, mapping, places, by_machine)
    codes = known_codes(run, rows, mapping)
    named = [
        Verdict(one.row_number, "joined" if one.outcome == "taken" else one.outcome, one.title, one.told, code)
        if one.outcome in NEW and (code := codes.get(one.row_number))
        else one
        for one in verdicts
    ]
    return Look(file, file_sha256(file), mapping, by_machine, named, rows, read.unused)


def take(run: Run, looked: Look) -> Batch | None:
    """Take in what is new of a file, as one batch; None where nothing is. The caller holds the home's lock."""
    if not looked.rows:
        return None
    batch = Batch(
        batch_id=new_import_id(),
        file_name=looked.file.name,
        file_sha256=looked.file_sha256,
        source=looked.mapping.source,
        is_confirmed=not looked.by_machine,
        taken_at=run.as_of,
        row_count=len(looked.rows),
        refused_count=looked.counts.get("refused", 0),
    )
    keep(run.home, batch, looked.rows)
    return batch


def known_codes(run: Run, rows: Sequence[ArchivedRow], mapping: Mapping) -> dict[int, str]:
    """Row number → code of the opportunity that matching would put the call with, of those that are known."""
    from boi_pipeline.reading.context import context_of
    from boi_pipeline.reading.reader import read_proved

    if not rows or not crawl_records(run.home.folder):  # nothing is known yet
        return {}
    reader, context = offline_of(run.entity), context_of(run.entity)
    notices = {row.row_number: notice_of(row, mapping.source, "", run.as_of) for row in rows}
    more = [(one, read_proved(reader, one, context)) for one in {n.item_id: n for n in notices.values()}.values()]
    # what was compared before is not compared again
    with run.ledger() as ledger, bench_aside(run, ["workbench.duckdb", "vectors.duckdb"]) as bench:
        advised, _ = compared(run, ledger, bench, more)
        codes = _codes_of(ledger.rows(Identity), ledger.rows(IdentityItem), ledger.rows(Redirect, as_of=run.as_of))
    known = {
        item: next((codes[other] for other in cluster.item_ids if other in codes), None)
        for cluster in advised.result.clusters
        for item in cluster.item_ids
    }
    return {number: code for number, one in notices.items() if (code := known.get(one.item_id))}


def write_report(path: Path, looked: Look) -> None:
    """The verdicts as a CSV that a spreadsheet opens; no cell of it is a formula there."""
    told = io.StringIO()
    writer = csv.writer(told)
    writer.writerow(["fila", "resultado", "código", "título", "detalle"])
    for one in looked.verdicts:
        cells = [str(one.row_number), OUTCOMES[one.outcome], one.code or "", one.title, one.told]
        writer.writerow([f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell for cell in cells])
    write_text(path, "\ufeff" + told.getvalue(), "archive-report")


def _judge(
    said: Iterable[Said], mapping: Mapping, earlier: dict[Place, str], by_machine: bool
) -> tuple[list[Verdict], list[ArchivedRow]]:
    """A verdict for each row, and the rows that are new."""
    verdicts, rows, here = [], [], dict[Place, int]()
    for one in said:
        if one.row is None:
            verdicts.append(Verdict(one.row_number, "refused", one.title, one.problem))
            continue
        place = (item_id(mapping.source.id, one.row.item_key), one.row.edition_date, one.row.channel)
        if place in here:
            verdicts.append(Verdict(one.row_number, "doubled", one.title, f"la fila {here[place]}"))
        elif place in earlier:
            verdicts.append(Verdict(one.row_number, "repeated", one.title, f"el lote {earlier[place]}"))
        else:
            rows.append(one.row)
            verdicts.append(
                Verdict(one.row_number, "waiting" if by_machine else "taken", one.title, "; ".join(one.notes))
            )
        here.setdefault(place, one.row_number)
    return verdicts, rows


def _codes_of(identities: list[Identity], items: list[IdentityItem], redirects: list[Redirect]) -> dict[str, str]:
    """item_id → the code its opportunity has today."""
    codes = {one.opportunity_id: one.code for one in identities}
    leads = {one.from_opportunity_id: one.to_opportunity_id for one in redirects if one.kind == "merged"}
    found = {}
    for one in items:  # the newest row of an item counts
        place = one.opportunity_id
        while place in leads:
            place = leads[place]
        found[one.item_id] = codes[place]
    return found
