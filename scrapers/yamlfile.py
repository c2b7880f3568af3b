"""YAML files written by people, checked against a typed model, with errors that name file, line and key.

Used for source files, entities, vocabularies and SQL headers alike. What the files mean belongs to their models. Read by
the core schema of YAML 1.2 (§10.3: ``no`` and ``06:00`` are text), with days and instants as YAML 1.1 has them.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class ConfigError(Exception):
    """Something a person wrote is not what was expected; the text says where, what was expected and what to do."""

    def __init__(self, file: Path | str, line: int | None, key: str, problem: str) -> None:
        self.file, self.line, self.key, self.problem = str(file), line, key, problem
        where = f"{file}:{line}" if line else str(file)
        super().__init__(f"{where}: {key + ': ' if key else ''}{problem}")


class LocatedMap(dict[Any, Any]):
    """A mapping of a file; ``lines``: key → its line, from 0."""

    __slots__ = ("lines",)

    def __init__(self, given: Any = ()) -> None:  # copies are made of what a copy is given
        super().__init__(given)
        self.lines: dict[Any, int] = {}


class LocatedList(list[Any]):
    """A list of a file; ``lines``: the line of each entry, from 0."""

    __slots__ = ("lines",)

    def __init__(self, given: Any = ()) -> None:
        super().__init__(given)
        self.lines: list[int] = []


def parse_yaml(text: str, file: Path | str, first_line: int = 1) -> Any:
    """Parse YAML keeping line numbers; ``first_line`` is where ``text`` starts in ``file``.

    Raises ConfigError on bad syntax, a key given twice, a tag, or values too deep in each other.
    """
    try:
        return _made(yaml.compose(text, Loader=_LOADER), file, first_line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = min(mark.line, text.rstrip().count("\n")) + first_line if mark else None  # the end is its last line
        raise ConfigError(file, line, "", f"not valid YAML: {error.problem or error.context}") from None
    except yaml.reader.ReaderError as error:
        raise ConfigError(file, None, "", f"not valid YAML: {error.reason}") from None
    except RecursionError:
        raise ConfigError(
            file, first_line, "", "not valid YAML: a value that holds itself, or too many in each other"
        ) from None


def line_of(data: Any, location: tuple[int | str, ...], first_line: int = 1) -> int | None:
    """The line of the innermost part of ``location`` that stands in ``data`` (as parsed by ``parse_yaml``)."""
    line = first_line if isinstance(data, LocatedMap | LocatedList) else None
    for part in location:
        try:
            if isinstance(data, LocatedMap | LocatedList):
                line = data.lines[part] + first_line  # type: ignore[index]
            data = data[part]  # type: ignore[index]
        except (KeyError, IndexError, TypeError):
            break
    return line


_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # libyaml's parser is ten times as fast; it resolves no scalar
_KINDS = ("tag:yaml.org,2002:str", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?(?:[Zz]|[-+][0-9]{2}:[0-9]{2})?"
)


def _made(node: yaml.Node | None, file: Path | str, first_line: int) -> Any:
    if node is None:
        return None
    line = node.start_mark.line
    if node.tag not in _KINDS:
        raise ConfigError(
            file, line + first_line, "", f"not valid YAML here: the tag {node.tag}; expected plain values"
        )
    if isinstance(node, yaml.ScalarNode):
        if node.style:  # quoted, or a block of text
            return node.value
        try:
            return _scalar(node.value)
        except ValueError as error:
            raise ConfigError(file, line + first_line, "", f"{node.value!r}: {error}") from None
    if isinstance(node, yaml.SequenceNode):
        items = LocatedList()
        for part in node.value:
            items.append(_made(part, file, first_line))
            items.lines.append(part.start_mark.line)
        return items
    found = LocatedMap()
    for name, part in node.value:
        key, at = _made(name, file, first_line), name.start_mark.line
        if not isinstance(name, yaml.ScalarNode):
            raise ConfigError(file, at + first_line, "", "not valid YAML here: a key that is no single value")
        if key in found:
            raise ConfigError(file, at + first_line, "", f"not valid YAML: found duplicate key {key!r}")
        found[key] = _made(part, file, first_line)
        found.lines[key] = at
    return found


def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789-+.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text if text[-1].isdigit() or text[-1] == "." else text.replace(".", "").casefold())
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    if _INSTANT.fullmatch(text):
        return datetime.fromisoformat(text.upper().replace("Z", "+00:00"))
    return text


def validate(data: Any, model: type[Model], file: Path | str, first_line: int = 1) -> Model:
    """Check parsed ``data`` against ``model``; all faults in one ConfigError, the first one's line first."""
    if not isinstance(data, dict):
        raise ConfigError(file, first_line, "", "expected a mapping of keys to values")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        faults = [(line_of(data, fault["loc"], first_line), fault) for fault in error.errors()]
        faults.sort(key=lambda pair: pair[0] or 0)
        told = [f"{'.'.join(map(str, fault['loc']))}: {_expected(fault, model)}" for _, fault in faults]
        first_key, _, first_problem = told[0].partition(": ")
        more = "".join(f"\n  line {line}: {text}" for (line, _), text in zip(faults[1:], told[1:], strict=True))
        raise ConfigError(file, faults[0][0], first_key, first_problem + more) from None


def read_text(path: Path) -> str:
    """The text of a file that a person wrote; the mark that some editors put first is none of it. Raises ConfigError."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(path, None, "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(path, line, "", f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None


def load(path: Path, model: type[Model]) -> Model:
    """Read ``path`` and check it against ``model``. Raises ConfigError."""
    return validate(parse_yaml(read_text(path), path), model, path)


def _expected(fault: Any, model: type[BaseModel]) -> str:
    if fault["type"] == "extra_forbidden":
        known = _keys_at(model, fault["loc"][:-1])
        return f"unknown key; expected one of {', '.join(sorted(known))}" if known else "unknown key"
    if fault["type"] == "missing":
        return "missing key; it is required"
    return f"{fault['msg'].removeprefix('Value error, ')} (found {fault['input']!r:.80})"


def _keys_at(model: type[BaseModel], location: Sequence[int | str]) -> set[str]:
    """The keys that may stand at a place of a file; none where that is not one mapping of its own."""
    kind: Any = model
    for part in location:
        models = [one for one in _parts(kind) if isinstance(one, type) and issubclass(one, BaseModel)]
        if len(models) != 1:
            return set()
        kind = models[0]
        if isinstance(part, str) and part in kind.model_fields:
            kind = kind.model_fields[part].annotation
    models = [one for one in _parts(kind) if isinstance(one, type) and issubclass(one, BaseModel)]
    return set(models[0].model_fields) if len(models) == 1 else set()


def _parts(kind: Any) -> list[Any]:
    """The types that a type is made of."""
    inner = get_args(kind)
    return [part for one in inner for part in _parts(one)] if inner else [kind]
