"""What a bulletin gets besides the ledger's records: facts that only the pipeline knows, and the published files.

The published set is made by an earlier step, so it may still hold what a person has withdrawn since: then it is not
handed over, and the site has no copy of it until the next set.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from boi_pipeline.publishing.handed import Accuracy, Attached, AttachedFile, JudgeUse, Measured, ReaderUse, System
from boi_pipeline.records import Decision
from boi_pipeline.stages.results import results_of
from boi_pipeline.stages.run import Run
from boi_pipeline.stages.tables import code_revision, warehouse_rows

if TYPE_CHECKING:
    from boi_pipeline.publishing.bulletin import Bulletin

_OPEN_DATA, _DASHBOARD = "open-data", "dashboard"
_DESCRIPTION = f"{_OPEN_DATA}/datapackage.json"
# of the fields that are measured, those a citizen would ask for, as the record calls them
_MEASURED = {
    "is_opportunity": "Si el anuncio es una convocatoria",
    "opportunity_type": "Tipo de oportunidad",
    "deadlines": "Fechas de cierre, todas exactas",
    "home_eligible": "Si se puede aplicar desde aquí",
    "amounts": "Montos",
    "funder_name": "Quién convoca",
    "apply_url": "Enlace para aplicar",
    "sdg_goals (main)": "Objetivo de Desarrollo Sostenible principal",
}


def with_enclosures(run: Run, shown: "Bulletin", decisions: Iterable[Decision]) -> "Bulletin":
    """The bulletin with what is known of its machine, and with the published files where nothing in them was withdrawn.

    ``decisions``: every decision there is.
    """
    found = _published(run, _standing(decisions))
    told = next(iter(found.values()), None)
    return replace(
        shown,
        system=system_of(run),
        open_data=found.get(_OPEN_DATA),
        dashboard=found.get(_DASHBOARD),
        results=results_of(run, told.folder.parent, told.as_of) if told else None,
    )


def system_of(run: Run) -> System:
    """The version, the readers and opinions that count and what was measured of readers, the published order."""
    from boi_pipeline.editorial.ranking import explained

    rows = warehouse_rows(
        run,
        "select reader, reader_version, count(*) as notices from staging.stg_readings "
        "group by reader, reader_version order by notices desc, reader, reader_version",
    )
    readers = [ReaderUse(row["reader"], row["reader_version"], int(row["notices"])) for row in rows]
    judges = warehouse_rows(
        run,
        "select model_version, count(*) as pairs from staging.stg_match_opinions group by model_version order by pairs desc, model_version",
    )
    return System(
        version=version("boletin-oferta-internacional"),
        revision=code_revision(),
        readers=readers,
        judges=[JudgeUse(row["model_version"], int(row["pairs"])) for row in judges],
        ordering=explained(),
        accuracy=[found for use in readers if (found := _accuracy(use.version))],
    )


def _accuracy(reader_version: str) -> Accuracy | None:
    """The kept figures of a reader version on the test split, where it was measured."""
    from boi_pipeline.reading.evaluation.report import load

    result = load(reader_version, "test")
    if result is None:
        return None
    measured = [
        Measured(words, result.fields[name]["right"], result.fields[name]["of"])
        for name, words in _MEASURED.items()
        if name in result.fields
    ]
    return Accuracy(reader_version, date.fromisoformat(result.date), result.notices, measured)


def _standing(decisions: Iterable[Decision]) -> set[str]:
    """The snapshots that a person approved and nobody withdrew since, by the ledger's order."""
    approved: dict[str, set[str]] = {}
    for one in sorted(decisions, key=lambda one: one.seq):
        if one.action == "approve" and one.opportunity_id and one.snapshot_sha256:
            approved.setdefault(one.opportunity_id, set()).add(one.snapshot_sha256)
        elif one.action == "withdraw" and one.opportunity_id:
            approved.pop(one.opportunity_id, None)
    return {sha for shas in approved.values() for sha in shas}


def _published(run: Run, standing: set[str]) -> dict[str, Attached]:
    """The folders of the published set, by name; none where the set holds a text that no longer stands, or is of a later day."""
    current = run.home.published / "current"
    if not (current / "manifest.json").is_file():
        return {}
    folder = current.resolve()
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    as_of = datetime.fromisoformat(manifest["as_of"])
    if as_of > run.as_of or not _snapshots(folder) <= standing:
        return {}
    titles: dict[str, str] = {}
    rows: dict[str, int] = {}
    if _DESCRIPTION in manifest["files"]:
        described = json.loads((folder / _DESCRIPTION).read_text(encoding="utf-8"))
        titles = {one["path"]: one["title"] for one in described["resources"]}
    for path, told in manifest["files"].items():
        if "rows" in told:
            rows[path] = told["rows"]
    return {
        name: Attached(
            as_of,
            [
                AttachedFile(file, told["bytes"], told["sha256"], titles.get(file), rows.get(path))
                for path, told in sorted(manifest["files"].items())
                if (file := path.removeprefix(f"{name}/")) != path
            ],
            folder / name,
        )
        for name in (_OPEN_DATA, _DASHBOARD)
        if any(path.startswith(f"{name}/") for path in manifest["files"])
    }


def _snapshots(folder: Path) -> set[str]:
    """The approved texts that a published set was made from."""
    import pyarrow.parquet as pq

    table = pq.read_table(folder / "curated" / "opportunities.parquet", columns=["snapshot_sha256"])
    return set(table["snapshot_sha256"].to_pylist())
