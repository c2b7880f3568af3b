"""Microsoft's best-practice rules for a model, over one that its parser has read. Only for the process that has .NET.

The rules and what they ask of a model come out of ``semantic_link_labs`` (MIT). The rest of that package talks to a
service and is not loaded: in its place stand modules that refuse whatever is asked of them, so that a rule which would
need the service is told as one that could not be run, never as one that found nothing.
"""

import importlib.util
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

LABS = "sempy_labs"
_TAKEN = {
    f"{LABS}.{name}"
    for name in (
        "_model_bpa_rules",
        "_helper_functions",
        "_icons",
        "tom._model",
        "semantic_model._bpa_engine",
    )
}
_LEFT = ("sempy", LABS, "azure", "IPython", "jsonpath_ng")
_REFERENCE = re.compile(r"\"(?:[^\"]|\"\")*\"|(?:'(?P<table>(?:[^']|'')+)'|(?P<plain>\b\w+))?\[(?P<name>[^\]]+)\]")
_COLUMNS = (
    "Table Name", "Object Name", "Object Type", "Full Object Name", "Parent Node",
    "Referenced Table", "Referenced Object", "Referenced Object Type", "Referenced Full Object Name",
)  # fmt: skip


def judge(model: Any, package: Path) -> dict[str, Any]:
    """A model of TOM → ``rules`` (names), ``found`` and ``unable``: severity, rule, kind of object, object, and why not.

    ``package`` is the folder of ``semantic_link_labs``. Raises ImportError where it is not the version that is pinned, and
    LookupError for a measure that names what the model lacks.
    """
    rules_of, tom, objects_of, kinds = _taken_from(package)
    tom.model = model
    found, unable = [], []
    rules = rules_of(_references(model)).to_dict("records")
    for rule in rules:
        for kind in [rule["Scope"]] if isinstance(rule["Scope"], str) else rule["Scope"]:
            if kind not in kinds:
                raise ImportError(f"{rule['Rule Name']}: nobody says what {kind!r} is")
            objects, name_of = objects_of(tom, kind)
            for one in objects:
                told = {"severity": rule["Severity"], "rule": rule["Rule Name"], "kind": kind, "object": name_of(one)}
                try:
                    if rule["Expression"](one, tom):
                        found.append(told)
                except Exception as error:  # noqa: BLE001 the test refuses any rule that cannot be run
                    unable.append({**told, "why": f"{type(error).__name__}: {error}"})
    return {"rules": [rule["Rule Name"] for rule in rules], "found": found, "unable": unable}


def _taken_from(package: Path) -> tuple[Callable[..., Any], Any, Callable[..., Any], Sequence[str]]:
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(package))
    from sempy_labs._model_bpa_rules import model_bpa_rules  # type: ignore[import-not-found]
    from sempy_labs.semantic_model._bpa_engine import (  # type: ignore[import-not-found]
        RULE_SCOPES,
        _scope_objects,
    )
    from sempy_labs.tom._model import TOMWrapper  # type: ignore[import-not-found]

    return model_bpa_rules, object.__new__(TOMWrapper), _scope_objects, RULE_SCOPES  # its constructor calls a service


def _references(model: Any) -> Any:
    """What each measure refers to, as the service's DISCOVER_CALC_DEPENDENCY tells it of one that is loaded."""
    import pandas as pd

    columns = {(table.Name, column.Name) for table in model.Tables for column in table.Columns}
    homes = {measure.Name: table.Name for table in model.Tables for measure in table.Measures}
    return pd.DataFrame(
        [row for table in model.Tables for one in table.Measures for row in _rows(table.Name, one, columns, homes)],
        columns=pd.Index(_COLUMNS),
    )


def _rows(home: str, measure: Any, columns: set[tuple[str, str]], homes: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for reference in _REFERENCE.finditer(measure.Expression):
        name, table = reference["name"], (reference["table"] or reference["plain"] or "").replace("''", "'")
        if not name:
            continue  # a text
        is_column = (table or home, name) in columns and (bool(table) or name not in homes)
        if not is_column and name not in homes:
            raise LookupError(f"{measure.Name}: the model has no {reference[0]}")
        whose = (table or home) if is_column else homes[name]
        yield (
            home, measure.Name, "Measure", f"'{home}'[{measure.Name}]", measure.Name,
            whose, name, "Column" if is_column else "Measure", f"'{whose}'[{name}]",
        )  # fmt: skip


class _Finder(MetaPathFinder, Loader):
    """Loads what is taken from the package's folder, and stands in for all it would import besides."""

    def __init__(self, package: Path) -> None:
        self._package = package

    def find_spec(self, fullname: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname in _TAKEN:
            file = self._package.parent.joinpath(*fullname.split(".")).with_suffix(".py")
            return importlib.util.spec_from_file_location(fullname, file)
        if fullname.split(".")[0] in _LEFT:
            return importlib.util.spec_from_loader(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == "sempy._utils._log":
            vars(module)["log"] = lambda function: function
        if module.__name__ == "sempy.fabric":  # would load .NET, which is here
            vars(module)["_client"] = SimpleNamespace(_utils=SimpleNamespace(_init_analysis_services=lambda: None))


class _Absent(ModuleType):
    """A module of which every name is a class that cannot be made: enough to be imported and to stand in a signature."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(*_: object, **__: object) -> None:
            raise RuntimeError(f"{self.__name__}.{name} is not here")

        return type(name, (), {"__new__": refuse})
