"""The whole project as files: what ``boi powerbi write`` puts on disk and a test compares with what is committed."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boi_pipeline.entity import EntityFile
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.dictionary import DICTIONARY, FILE
from boi_pipeline.warehouse.measures import load_measures
from boi_pipeline.warehouse.own_tables import OWN_TABLES
from boi_pipeline.warehouse.powerbi import tmdl
from boi_pipeline.warehouse.powerbi.display import load_display
from boi_pipeline.warehouse.powerbi.identity import PROJECT
from boi_pipeline.warehouse.powerbi.model import SemanticModel, semantic_model
from boi_pipeline.warehouse.powerbi.queries import DEFAULT_FOLDER
from boi_pipeline.warehouse.powerbi.report import model_settings, platform, project_file, report_files
from boi_pipeline.warehouse.powerbi.theme import theme
from boi_pipeline.warehouse.star import Star
from scrapers.files import write_text

_LOCAL = "**/.pbi/localSettings.json\n**/.pbi/cache.abf\n"
_ATTRIBUTES = "# Desktop writes CRLF; the project is compared and kept with LF.\n* text eol=lf\n"


def model_of(project: Project) -> SemanticModel:
    """The semantic model of the SQL models and the files beside them. Raises ConfigError."""
    star = Star.of(project.models)
    own = {**OWN_TABLES, FILE: DICTIONARY}
    return semantic_model(star, own, load_measures(project.folder, star), load_display(project.folder), project.folder)


def project_files(model: SemanticModel, entity: EntityFile, folder: str = DEFAULT_FOLDER) -> dict[str, str]:
    """Path → text of every file, for an entity's brand; ``folder``: where its Parquet files will be."""
    definition = f"{PROJECT}.SemanticModel/definition"
    files = {
        ".gitattributes": _ATTRIBUTES,
        ".gitignore": _LOCAL,
        f"{PROJECT}.pbip": _json(project_file()),
        f"{PROJECT}.SemanticModel/.platform": _json(platform("SemanticModel")),
        f"{PROJECT}.SemanticModel/definition.pbism": _json(model_settings()),
        f"{definition}/database.tmdl": tmdl.database(),
        f"{definition}/model.tmdl": tmdl.model(model),
        f"{definition}/expressions.tmdl": tmdl.expressions(folder),
        f"{definition}/relationships.tmdl": tmdl.relationships(model),
        f"{definition}/cultures/{tmdl.CULTURE}.tmdl": tmdl.culture(tmdl.CULTURE),
        f"{definition}/cultures/{tmdl.TRANSLATION}.tmdl": tmdl.translation(model),
    }
    for table in model.tables.values():
        files[f"{definition}/tables/{table.name}.tmdl"] = tmdl.table(table)
    brand = theme(entity.brand.primary, entity.brand.accent)
    for path, content in report_files(model, brand, entity.id.capitalize()).items():
        files[f"{PROJECT}.Report/{path}"] = _json(content)
    return files


def write_project(files: Mapping[str, str], into: Path) -> int:
    """Write the files below ``into`` and remove what an earlier project left there. Returns how many changed.

    A person's own files beside the project, and what Desktop keeps in ``.pbi``, stay.
    """
    changed = 0
    for path, text in sorted(files.items()):
        target = into / path
        if not target.is_file() or target.read_bytes() != text.encode():
            target.parent.mkdir(parents=True, exist_ok=True)
            write_text(target, text, "powerbi")
            changed += 1
    for item in (f"{PROJECT}.SemanticModel", f"{PROJECT}.Report"):
        for old in sorted((into / item).rglob("*"), reverse=True):
            relative = old.relative_to(into).as_posix()
            if ".pbi" in old.relative_to(into).parts:
                continue
            if old.is_file() and relative not in files:
                old.unlink()
                changed += 1
            elif old.is_dir() and not any(old.iterdir()):
                old.rmdir()
    return changed


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
