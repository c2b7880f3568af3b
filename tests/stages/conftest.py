"""The real command, run as a user runs it; the sample's three runs are made once and looked at by many tests."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Any

import duckdb
import pyarrow.parquet as pq
import pytest

from boi_pipeline.cli import main
from boi_pipeline.editorial.ledger import Ledger
from boi_pipeline.records import Identity
from boi_pipeline.settings import ROOT
from boi_pipeline.stages import crawling
from boi_pipeline.warehouse.dashboard.drawing import Pen
from scrapers.archive import latest_notices
from scrapers.notice import Notice
from tests.children import fork_children
from tests.forks import Forked, forked
from tests.pictures import drawn_once
from tests.stages.drive import Place, in_child, outputs, run_stages
from tests.stages.first_day import FirstDay
from tests.stages.first_day import first_day as run_first_day
from tests.stages.mini import write_entity


def environment_of(
    home: Path, entities: Path | None, entity: str | None, more: dict[str, str] | None
) -> dict[str, str]:
    """What a shell would give ``boi``, with its state in ``home``; ``more`` is further of it."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("BOI_", "DAGSTER_"))}
    environment |= {"BOI_HOME": str(home), **(more or {})}
    if entities:
        environment |= {"BOI_ENTITIES": str(entities), "BOI_ENTITY": entity or "mini"}
    return environment


def boi(
    home: Path,
    *arguments: str,
    entities: Path | None = None,
    entity: str | None = None,
    more: dict[str, str] | None = None,
) -> subprocess.Popen[str]:
    """Start ``boi`` as a process of its own, as a shell would."""
    return subprocess.Popen(
        [sys.executable, "-c", "from boi_pipeline.cli import main; main()", *arguments],
        env=environment_of(home, entities, entity, more), cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What a command said."""

    code: int
    out: str
    err: str

    @cached_property
    def json(self) -> Any:
        return json.loads(self.out)


def run_boi(
    home: Path,
    *arguments: str,
    entities: Path | None = None,
    more: dict[str, str] | None = None,
    as_process: bool = False,
) -> Told:
    """Run ``boi`` to its end, in a fork that does not pay for its imports again or (``as_process``) as a shell would."""
    if as_process:
        process = boi(home, *arguments, entities=entities, more=more)
        out, err = process.communicate(timeout=600)
        return Told(process.returncode, out, err)
    process, out, err = started(home, *arguments, entities=entities, more=more)
    with out, err:
        process.join(600)
        code = process.exitcode
        if code is None:
            process.kill()
            raise subprocess.TimeoutExpired(f"boi {' '.join(arguments)}", 600)
        out.seek(0)
        err.seek(0)
        return Told(code, out.read(), err.read())


def started(
    home: Path, *arguments: str, entities: Path | None = None, more: dict[str, str] | None = None
) -> tuple[Forked, IO[str], IO[str]]:
    """Start ``boi`` in such a fork; the process, and what it says on its two outputs."""
    environment = environment_of(home, entities, None, more)
    out, err = tempfile.TemporaryFile("w+"), tempfile.TemporaryFile("w+")  # noqa: SIM115 the caller closes them
    with open(os.devnull) as nothing:
        work = partial(_boi, *arguments)
        return forked(work, {0: nothing.fileno(), 1: out.fileno(), 2: err.fileno()}, environment), out, err


def ask(place: Place, *arguments: str, code: int = 0) -> Told:
    """What ``boi`` answers in a place; it ends with ``code`` and shows no trace."""
    told = run_boi(place.home, *arguments, entities=place.entities)
    assert told.code == code, told.out + told.err
    assert "Traceback" not in told.err
    return told


def code_of_a_call(place: Place) -> str:
    with Ledger.open(place.new_run().home.ledger_url) as ledger:
        return next(one.code for one in ledger.rows(Identity) if one.anchor_item_id.endswith("beca-1"))


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> FirstDay:
    """The mini entity's first day, one for all of xdist's workers; nobody writes into it."""
    base = tmp_path_factory.getbasetemp()
    return run_first_day((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "first-day")


@pytest.fixture(scope="session")
def closed_day(first_day: FirstDay, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The mini entity after its first day, to ask and not to change: two calls published."""
    return first_day.copy(first_day.end, tmp_path_factory.mktemp("closed-day"))


@pytest.fixture
def own(first_day: FirstDay, tmp_path: Path) -> Place:
    """A copy of it, to change."""
    return first_day.copy(first_day.end, tmp_path / "home")


def _boi(*arguments: str) -> None:
    fork_children(pytest.MonkeyPatch())
    Pen._drawn = drawn_once
    sys.argv = ["boi", *arguments]
    main()


@dataclass(frozen=True)
class State:
    """An entity's home as it was after a run, in a copy nobody changes."""

    home: Path
    told: Told

    @property
    def published(self) -> Path:
        return self.home / "published" / "current"

    @property
    def site(self) -> Path:
        return self.home / "site"

    @cached_property
    def outputs(self) -> dict[str, str]:
        return outputs(self.home)

    @cached_property
    def notices(self) -> dict[str, Notice]:
        """item_id → its newest notice."""
        return {notice.item_id: notice for notice in latest_notices(self.home)}

    def table(self, name: str) -> list[dict[str, Any]]:
        """The rows of a published file, e.g. ``curated/opportunities``."""
        return pq.read_table(self.published / f"{name}.parquet").to_pylist()

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of the warehouse."""
        with duckdb.connect(str(self.home / "warehouse" / "boi.duckdb"), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.sql(query).to_arrow_table().to_pylist()

    def kept(self, model: type) -> list[Any]:
        """The ledger's records of one kind."""
        with Ledger.open(f"sqlite:///{self.home / 'ledger.db'}") as ledger:
            return ledger.rows(model)

    @cached_property
    def code_of(self) -> dict[str, str]:
        """item_id → code of its opportunity."""
        query = "select item_id, code from intermediate.int_items join marts.opportunities using (opportunity_id)"
        return {row["item_id"]: row["code"] for row in self.rows(query)}

    def site_files(self) -> dict[str, str]:
        """Path → text of the site's text files."""
        kinds = (".html", ".xml", ".json", ".txt")
        found = (path for path in sorted(self.site.rglob("*")) if path.suffix in kinds)
        return {str(path.relative_to(self.site)): path.read_text(encoding="utf-8") for path in found}


@dataclass
class SampleRuns:
    """The sample entity in one home, run after run."""

    root: Path
    states: dict[str, State] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """What ``BOI_HOME`` is."""
        return self.root / "home"

    @property
    def live(self) -> Path:
        return self.home / "sample"

    def after(self, name: str, arguments: Sequence[str], as_process: bool = False) -> State:
        """The state after a run of that name; it is made when it is first asked for."""
        if name not in self.states:
            told = run_boi(self.home, "run", "--json", *arguments, as_process=as_process)
            assert told.code == 0, told.err + told.out
            self._keep(name, told)
        return self.states[name]

    def after_stages(self, name: str, day: date) -> State:
        """The same of a run of the stages as functions, of which nothing is told."""
        if name not in self.states:
            place = Place(self.home, ROOT / "entities", "sample")

            def work() -> None:
                run = place.new_run(day)
                run_stages(run, last="crawl")
                list(crawling.recheck(run, crawling.recheck_targets(run)))
                run_stages(run, first="read")

            assert in_child(work) == 0
            self._keep(name, Told(0, "", ""))
        return self.states[name]

    def _keep(self, name: str, told: Told) -> None:
        shutil.copytree(self.live, self.root / name, symlinks=True)
        self.states[name] = State(self.root / name, told)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleRuns:
    return SampleRuns(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def first(sample: SampleRuns) -> State:
    return sample.after("first", [], as_process=True)


@pytest.fixture(scope="session")
def day2(sample: SampleRuns, first: State) -> State:
    return sample.after("day2", ["--date", "2026-11-24"])


@pytest.fixture(scope="session")
def rebuilt(sample: SampleRuns, day2: State) -> State:
    """The same again, where nothing is new: all that is derived was deleted, and made again."""
    if "rebuilt" not in sample.states:
        shutil.rmtree((sample.live / "site").resolve())
        (sample.live / "site").unlink()
        for folder in ("matches", "warehouse", "published"):
            shutil.rmtree(sample.live / folder)
    return sample.after_stages("rebuilt", date(2026, 11, 24))


@pytest.fixture(scope="session")
def back(sample: SampleRuns, rebuilt: State) -> State:
    """The first day once more, after the second."""
    return sample.after_stages("back", date(2026, 11, 23))


@pytest.fixture(scope="session")
def day3(sample: SampleRuns, back: State) -> State:
    """The third day: nothing new, and some of what is published is gone, closed or edited."""
    return sample.after_stages("day3", date(2026, 11, 25))


@pytest.fixture(scope="session")
def day4(sample: SampleRuns, day3: State) -> State:
    """The fourth day: the same once more, and one page is back."""
    return sample.after_stages("day4", date(2026, 11, 26))


@pytest.fixture
def mini(tmp_path: Path) -> Path:
    """A folder of entities with the mini entity in it."""
    entities = tmp_path / "entities"
    write_entity(entities)
    return entities
