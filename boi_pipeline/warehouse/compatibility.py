"""The guard of those who read what is published: no column is lost, renamed or retyped, no key changed, in silence.

``dbt_like_sql/published.lock.yml`` says what was promised of every published file. A change that breaks a reader asks
for a higher ``version`` in the header; a new column does not. ``boi contracts`` compares, ``--write`` promises anew.
"""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from boi_pipeline.warehouse.contract import FOLDERS, Model, Profile, Project
from boi_pipeline.warehouse.dictionary import published_files
from boi_pipeline.warehouse.profiles import column_name, open_columns
from boi_pipeline.warehouse.types import ColumnType
from scrapers.yamlfile import ConfigError, load

LOCK = "published.lock.yml"


class Promise(BaseModel):
    """What readers of one published file may count on."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    version: int
    grain: list[str]
    columns: dict[str, str]


class _Lock(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    files: dict[str, Promise]


@dataclass(frozen=True)
class Break:
    """One thing that readers of a published file could count on and no longer can."""

    file: str
    what: str  # "column code", "grain", "file"
    was: str
    now: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}: was {self.was}, is {self.now}; {self.advice}"


def promises(project: Project) -> dict[str, Promise]:
    """What the contracts promise now: file (``curated/opportunities``) → its columns, types, key and version."""
    return {
        f"{FOLDERS[profile]}/{file}": Promise(
            version=model.version,
            grain=_grain(model, profile),
            columns={
                column_name(column, profile): _type(column.type, profile) for column in open_columns(model, profile)
            },
        )
        for profile, file, model in sorted(published_files(project), key=lambda one: (one[0], one[1]))
    }


def locked(project: Project) -> dict[str, Promise]:
    """What was promised last. Raises ConfigError where there is no such file, or a person broke it."""
    return dict(load(project.folder / LOCK, _Lock).files)


def breaks(before: dict[str, Promise], after: dict[str, Promise], paths: dict[str, Path]) -> list[Break]:
    """What of the earlier promises is broken without a higher version. ``paths``: file → the SQL file to change."""
    found = []
    for file, was in sorted(before.items()):
        now = after.get(file)
        if now is None:
            advice = f"publish it again, or tell its readers and take it out of {LOCK}"
            found.append(Break(file, "file", "published", "not published", advice))
            continue
        if now.version > was.version:
            continue
        where = paths[file].name if file in paths else "its header"
        advice = f"put it back, or write `version: {was.version + 1}` in {where} and run `boi contracts --write`"
        if now.version < was.version:
            found.append(Break(file, "version", str(was.version), str(now.version), "a version never goes down"))
        if now.grain != was.grain:
            found.append(Break(file, "grain", _list(was.grain), _list(now.grain), advice))
        for column, kind in was.columns.items():
            is_now = now.columns.get(column)
            if is_now != kind:
                found.append(Break(file, f"column {column}", kind, is_now or "missing", advice))
    return found


def check(project: Project) -> list[Break]:
    """What the contracts as they are now would break of what was promised."""
    return breaks(locked(project), promises(project), _paths(project))


def lock_text(project: Project) -> str:
    """The lock file for the contracts as they are now. Raises ConfigError where that would break a promise."""
    path = project.folder / LOCK
    found = check(project) if path.is_file() else []
    if found:
        told = "".join(f"\n  {one}" for one in found)
        raise ConfigError(path, None, "", f"readers of what is published would break:{told}")
    lines = [
        "# What readers of each published file may count on. Written by `boi contracts --write`; kept by a test.",
        "files:",
    ]
    for file, promise in promises(project).items():
        lines += [f"  {file}:", f"    version: {promise.version}", f"    grain: {_list(promise.grain)}", "    columns:"]
        lines += [f"      {name}: {kind}" for name, kind in promise.columns.items()]
    return "\n".join(lines) + "\n"


def _paths(project: Project) -> dict[str, Path]:
    return {f"{FOLDERS[profile]}/{file}": model.path for profile, file, model in published_files(project)}


def _grain(model: Model, profile: Profile) -> list[str]:
    names = {column.name: column_name(column, profile) for column in model.columns}
    return [names[name] for name in model.grain]


def _type(kind: ColumnType, profile: Profile) -> str:
    return str(kind.powerbi) if profile == "powerbi" else kind.name


def _list(names: list[str]) -> str:
    return f"[{', '.join(names)}]"
