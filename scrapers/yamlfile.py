"""YAML files written by people, checked against a typed model, with errors that name file, line and key.

Used for source files, entities, vocabularies and SQL headers alike. What the files mean belongs to their models.
"""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError

Model = TypeVar("Model", bound=BaseModel)


class ConfigError(Exception):
    """Something a person wrote is not what was expected; the text says where, what was expected and what to do."""

    def __init__(self, file: Path | str, line: int | None, key: str, problem: str) -> None:
        self.file, self.line, self.key, self.problem = str(file), line, key, problem
        where = f"{file}:{line}" if line else str(file)
        super().__init__(f"{where}: {key + ': ' if key else ''}{problem}")


def parse_yaml(text: str, file: Path | str, first_line: int = 1) -> Any:
    """Parse YAML keeping line numbers; ``first_line`` is where ``text`` starts in ``file``.

    Raises ConfigError on bad syntax or a key given twice.
    """
    try:
        return YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + first_line if mark else None
        raise ConfigError(file, line, "", f"not valid YAML: {error.problem or error.context}") from None


def line_of(data: Any, location: tuple[int | str, ...], first_line: int = 1) -> int | None:
    """The line of the innermost part of ``location`` that stands in ``data`` (as parsed by ``parse_yaml``)."""
    line = first_line if isinstance(data, CommentedBase) else None
    for part in location:
        if not isinstance(data, CommentedBase):
            break
        try:
            line = data.lc.data[part][0] + first_line
            data = data[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
    return line


def plain(data: Any) -> Any:
    """``data`` without ruamel's wrappers, for models and JSON."""
    if isinstance(data, dict):
        return {plain(key): plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [plain(value) for value in data]
    for kind in (bool, int, float, str):
        if isinstance(data, kind):
            return kind(data)
    return data


def validate(data: Any, model: type[Model], file: Path | str, first_line: int = 1) -> Model:
    """Check parsed ``data`` against ``model``; all faults in one ConfigError, the first one's line first."""
    if not isinstance(data, dict):
        raise ConfigError(file, first_line, "", "expected a mapping of keys to values")
    try:
        return model.model_validate(plain(data))
    except ValidationError as error:
        faults = [(line_of(data, fault["loc"], first_line), fault) for fault in error.errors()]
        faults.sort(key=lambda pair: pair[0] or 0)
        told = [f"{'.'.join(map(str, fault['loc']))}: {_expected(fault, model)}" for _, fault in faults]
        first_key, _, first_problem = told[0].partition(": ")
        more = "".join(f"\n  line {line}: {text}" for (line, _), text in zip(faults[1:], told[1:], strict=True))
        raise ConfigError(file, faults[0][0], first_key, first_problem + more) from None


def load(path: Path, model: type[Model]) -> Model:
    """Read ``path`` and check it against ``model``. Raises ConfigError."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(path, None, "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(path, None, "", f"is not UTF-8 (byte {error.start})") from None
    return validate(parse_yaml(text, path), model, path)


def _expected(fault: Any, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden" and len(fault["loc"]) == 1:
        return f"unknown key; expected one of {', '.join(sorted(model.model_fields))}"
    if fault["type"] == "extra_forbidden":
        return "unknown key"
    if fault["type"] == "missing":
        return "missing key; it is required"
    return f"{fault['msg']} (found {fault['input']!r:.80})"
