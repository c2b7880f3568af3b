"""Which models a person means: ``opportunities``, ``+name`` with what it reads, ``name+`` with what reads it, ``layer:marts``."""

import difflib
from collections.abc import Sequence
from fnmatch import fnmatchcase

from boi_pipeline.warehouse.contract import LAYERS, Project
from scrapers.yamlfile import ConfigError


def select_models(project: Project, expressions: Sequence[str]) -> set[str]:
    """The tables that expressions name together; several may stand in one, apart by spaces.

    A name may have its layer before it and ``*`` in it. Raises ConfigError where one names nothing.
    """
    found: set[str] = set()
    for expression in " ".join(expressions).split():
        name = expression.removeprefix("+").removesuffix("+")
        tables = _named(project, name)
        if not tables:
            raise ConfigError("--select", None, expression, _nothing(project, name))
        if expression.startswith("+"):
            found |= project.upstream(tables)
        if expression.endswith("+"):
            found |= project.downstream(tables)
        found |= tables
    return found


def _named(project: Project, name: str) -> set[str]:
    if name.startswith("layer:"):
        return {model.table for model in project.models if model.layer == name.removeprefix("layer:")}
    return {model.table for model in project.models if fnmatchcase(model.table if "." in name else model.name, name)}


def _nothing(project: Project, name: str) -> str:
    if name.startswith("layer:"):
        return f"no such layer; expected one of {', '.join(f'layer:{layer}' for layer in LAYERS)}"
    near = difflib.get_close_matches(name.rpartition(".")[2], [model.name for model in project.models])
    expected = "expected the name of a model, such as opportunities, +opportunities, opportunities+ or layer:marts"
    return f"no such model{'; did you mean ' + ' or '.join(near) if near else ''}; {expected}"
