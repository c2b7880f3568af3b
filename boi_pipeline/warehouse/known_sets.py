"""Which set a warehouse gave before, so that a run in which nothing changed writes none.

A set is a function of the warehouse, the models with their contracts, the entity, the instant, and the code and libraries that
write it. The hash of all that is remembered with the name of the set it gave. The memory is derived: without it, or where
the set is gone, the set is written and comes out the same, byte for byte.
"""

import hashlib
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import duckdb

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse.contract import Project
from scrapers.files import write_text

# Inner tables grow with every crawl, also when nothing that is published changes: of their checks only what failed.
TOLD_RESULTS = (
    "select *, case severity when 'error' then 'Error' else 'Aviso' end as severity_label "
    "from quality.results where table_name like 'marts.%' or not is_passed"
)
"""The results of checks that a set tells of."""
_MOST = 7  # as many as sets are kept
_PACKAGE = Path(__file__).parent
_LIBRARIES = (
    *("babel", "duckdb", "jinja2", "markupsafe", "pyarrow", "pydantic", "sqlglot", "tzdata", "vl-convert-python"),
    "xlsxwriter",
)
"""Those that write; what Great Expectations tells is in the warehouse."""


class KnownSets:
    """The file that remembers what gave which set.

    ``given`` is what a set is made from besides the warehouse and the models: see ``made_from``.
    """

    def __init__(self, path: Path, *given: str) -> None:
        self._path = path
        self._given = given

    def made_from(self, connection: duckdb.DuckDBPyConnection, project: Project) -> str:
        """The hash of all that the set of an open warehouse is made from."""
        published = [model.table for model in project.models if model.publish]
        tables = connection.execute(
            "select table_name, content, row_count from quality.builds where list_contains(?, table_name) order by all",
            [published],
        ).fetchall()
        noted = [
            connection.execute(f"select count(*), bit_xor(hash(r)), sum(hash(r)) from ({of}) as r").fetchall()
            for of in (TOLD_RESULTS, "from quality.quarantine")
        ]
        told = json.dumps([tables, noted, self._given, _models(project), _code()], default=str)
        return hashlib.sha256(told.encode()).hexdigest()

    def name_of(self, made_from: str) -> str | None:
        """The set that this gave, None where nobody knows."""
        return self._read().get(made_from)

    def note(self, made_from: str, set_id: str) -> None:
        """Remember which set this gave."""
        known = {name: value for name, value in self._read().items() if name != made_from}
        kept = dict([*known.items(), (made_from, set_id)][-_MOST:])
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_text(self._path, json.dumps(kept, indent=1) + "\n", "known-sets")

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # derived: without it the set is written
            return {}
        return found if isinstance(found, dict) else {}


def given_by(entity: Entity, as_of: datetime, notices: Iterable[str]) -> list[str]:
    """What a set of an entity is made from besides its tables; ``notices`` are sentences that sources ask to repeat."""
    terms = {name: vocabulary.model_dump(mode="json") for name, vocabulary in sorted(entity.vocabularies.items())}
    return [entity.file.model_dump_json(), json.dumps(terms), as_of.isoformat(), json.dumps(sorted(notices))]


def _models(project: Project) -> str:
    """Changes with the models as they were read, and with the files beside them, such as the measures."""
    digest = hashlib.sha256(repr(project.models).encode())
    for path in sorted(project.folder.glob("*.yml")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _code() -> str:
    """Changes with the code of this package and of the modules it shares, with its templates, and with its libraries."""
    digest = hashlib.sha256("|".join([sys.version, *map(_version, _LIBRARIES)]).encode())
    for path in [*sorted(_PACKAGE.rglob("*")), *sorted(_PACKAGE.parent.glob("*.py"))]:
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _version(library: str) -> str:
    try:
        return f"{library} {version(library)}"
    except PackageNotFoundError:  # an extra that is not installed
        return library
