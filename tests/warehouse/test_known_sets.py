"""A set that is known is not written again, and is the one that would have been written."""

import ast
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from boi_pipeline.entity import Entity
from boi_pipeline.warehouse import known_sets
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.history import history_of
from boi_pipeline.warehouse.known_sets import KnownSets, given_by
from boi_pipeline.warehouse.publication import KEPT_SETS, Gate, PublishedSet, publish
from tests.warehouse.conftest import AS_OF, VOCABULARIES, built
from tests.warehouse.test_contract import edit


@dataclass
class Home:
    """A warehouse, what was published from it, and what its sets are made from besides."""

    root: Path
    folder: Path
    project_of: Callable[[Path], Project]
    entity: Entity
    notices: list[str] = field(default_factory=list)
    days: int = 0
    written: int = 0

    def publish(self, published: str = "published", *, knows: bool = True) -> PublishedSet:
        """Build, check and publish; ``written`` counts the sets that were made."""
        project, warehouse = self.project_of(self.folder), self.root / "w"
        path = warehouse / "boi.run.duckdb"
        path.unlink(missing_ok=True)
        built(project, warehouse, self.entity)
        assert Gate(path, project, VOCABULARIES).run(history_of(self.root / "published")).passed
        as_of = AS_OF + timedelta(days=self.days)

        def companion(folder: Path) -> None:
            self.written += 1
            (folder / "LEAME.txt").write_text(f"{self.entity.file.name} {as_of} {self.notices}")

        return publish(
            warehouse=path,
            project=project,
            published=self.root / published,
            entity_id="sample",
            timezone=self.entity.file.timezone,
            as_of=as_of,
            ledger_seq=7,
            code_revision="abc",
            companions=[companion],
            known=KnownSets(self.root / "known.json", *given_by(self.entity, as_of, self.notices)) if knows else None,
        )

    def assert_as_from_nothing(self, found: PublishedSet) -> None:
        """The set, and what analysts open, are what a home that knows nothing writes."""
        anew = self.publish(f"anew-{self.written}", knows=False)
        assert (found.set_id, found.rows) == (anew.set_id, anew.rows)
        assert _bytes(found.folder) == _bytes(anew.folder)
        assert _bytes(self.root / "published" / "powerbi") == _bytes(anew.folder.parents[1] / "powerbi")
        assert (self.root / "published" / "current").resolve() == found.folder


@pytest.fixture
def home(folder: Path, tmp_path: Path, project_of: Callable[[Path], Project], sample: Entity) -> Home:
    return Home(tmp_path, folder, project_of, sample)


def test_a_set_of_which_nothing_changed_is_not_written_again(home: Home) -> None:
    first, again = home.publish(), home.publish()
    assert (home.written, first.is_new, again.is_new) == (1, True, False)
    assert (again.set_id, again.folder, again.rows) == (first.set_id, first.folder, first.rows)
    home.assert_as_from_nothing(again)


def _a_row(home: Home) -> None:
    edit(home.folder / "staging" / "stg_rows.sql", "(i * 10)", "(i * 11)")


def _a_row_set_aside(home: Home) -> None:
    edit(home.folder / "marts" / "rows.sql", "amount > 0", "amount > 10")


def _a_label(home: Home) -> None:
    edit(home.folder / "columns.yml", "label: Clase", "label: Tipo")


def _a_version(home: Home) -> None:
    edit(home.folder / "marts" / "rows.sql", "publish:", "version: 2\npublish:")


def _advice(home: Home) -> None:
    edit(home.folder / "marts" / "rows.sql", "Mire el monto.", "Mire la fuente.")


def _the_instant(home: Home) -> None:
    home.days = 1


def _the_entity(home: Home) -> None:
    file = home.entity.file.model_copy(update={"name": "Otra entidad", "timezone": "America/Bogota"})
    home.entity = replace(home.entity, file=file)


def _what_a_source_asks_for(home: Home) -> None:
    home.notices = ["Fuente: otra."]


@pytest.mark.parametrize(
    "change",
    [_a_row, _a_row_set_aside, _a_label, _a_version, _advice, _the_instant, _the_entity, _what_a_source_asks_for],
)
def test_what_changes_a_set_has_it_written(home: Home, change: Callable[[Home], None]) -> None:
    before = home.publish()
    change(home)
    found = home.publish()
    assert (home.written, found.is_new) == (2, True)
    assert found.set_id != before.set_id
    home.assert_as_from_nothing(found)


def test_measures_beside_the_models_count(home: Home) -> None:
    home.publish()
    (home.folder / "measures.yml").write_text("measures: {}\n")
    home.publish()
    assert home.written == 2


def test_other_code_or_another_library_writes_it_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    first = home.publish()
    monkeypatch.setattr(known_sets, "_version", lambda library: f"{library} 999")
    known_sets._code.cache_clear()
    again = home.publish()
    monkeypatch.undo()
    known_sets._code.cache_clear()
    assert (home.written, again.set_id, again.is_new) == (2, first.set_id, False)


def test_every_library_that_writes_a_set_counts() -> None:
    """A library that this package begins to use is named too, or its next version would leave old sets as they are."""
    package = Path(known_sets.__file__).parent
    nodes = [node for path in package.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    used = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    used |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    of = packages_distributions()
    libraries = {name.lower() for module in used for name in of.get(module.partition(".")[0], [])}
    to_check_with = {"great_expectations", "pandas"}  # what they find is told in the warehouse
    assert libraries - to_check_with <= set(known_sets._LIBRARIES)


def test_what_was_published_before_is_found_again(home: Home) -> None:
    first = home.publish()
    _a_row(home)
    home.publish()
    edit(home.folder / "staging" / "stg_rows.sql", "(i * 11)", "(i * 10)")
    back = home.publish()
    assert (home.written, back.set_id, back.is_new) == (2, first.set_id, False)
    home.assert_as_from_nothing(back)


@pytest.mark.parametrize("memory", ["", "[]", "{}", '{"x": "y"}', "\x00"])
def test_without_a_memory_it_is_written_and_is_the_same(home: Home, memory: str) -> None:
    first = home.publish()
    (home.root / "known.json").write_text(memory)
    again = home.publish()
    assert (home.written, again.set_id, again.is_new) == (2, first.set_id, False)


def test_a_set_that_is_gone_is_written_again(home: Home) -> None:
    first = home.publish()
    for path in sorted(first.folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    first.folder.rmdir()
    again = home.publish()
    assert (home.written, again.set_id, again.is_new) == (2, first.set_id, True)
    home.assert_as_from_nothing(again)


def test_a_set_in_use_is_not_the_one_that_goes(home: Home) -> None:
    first = home.publish()
    for number in range(KEPT_SETS - 1):
        home.days = number + 1
        home.publish()
    home.days = 0
    home.publish()
    for number in range(KEPT_SETS - 1):
        home.days = 100 + number
        home.publish()
    assert first.folder.is_dir()
    assert len(list(first.folder.parent.iterdir())) == KEPT_SETS


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
