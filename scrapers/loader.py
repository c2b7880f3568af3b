"""Source files to sources, and sources to spiders: every YAML of a folder is one spider of its file's name.

``load_sources`` and ``source_schema`` are pure and need no Scrapy. What a spider does belongs to its platform.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from pydantic import BaseModel

from scrapers.platforms.options import PLATFORMS
from scrapers.project import entity_settings
from scrapers.source import Source, is_archived
from scrapers.yamlfile import ConfigError, line_of, parse_yaml, validate

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings

    from scrapers.platforms.base import PlatformSpider


def load_source(path: Path) -> Source:
    """Read one source file with its options. Raises ConfigError naming file, line, key and what was expected."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(path, None, "", f"cannot be read as UTF-8: {error}") from None
    data = parse_yaml(text, path)
    source = validate(data, Source, path)
    if source.id != path.stem:
        raise ConfigError(path, line_of(data, ("id",)), "id", f"expected {path.stem!r}, the name of its file")
    if is_archived(source.id):
        problem = "ids that begin with archive_ are those of what `boi archive import` brings; expected another"
        raise ConfigError(path, line_of(data, ("id",)), "id", problem)
    if source.platform not in PLATFORMS:
        expected = ", ".join(sorted(PLATFORMS))
        problem = f"unknown platform {source.platform!r}; expected one of {expected}"
        raise ConfigError(path, line_of(data, ("platform",)), "platform", problem)
    try:
        validate(data.get("options") or {}, PLATFORMS[source.platform].options, path)
    except ConfigError as error:
        line = error.line or line_of(data, ("options",) if "options" in data else ("platform",))
        key = f"options.{error.key}" if error.key else "options"
        raise ConfigError(path, line, key, error.problem) from None
    return source


def load_sources(folder: Path) -> list[Source]:
    """Every source of a folder, by id. Raises ConfigError for the first bad file, or where there is no folder."""
    if not folder.is_dir():
        raise ConfigError(folder, None, "", "is no folder; expected the folder of source files (*.yaml)")
    for path in sorted(folder.glob("*.yml")):
        raise ConfigError(path, None, "", f"expected the name {path.stem}.yaml")
    return [load_source(path) for path in sorted(folder.glob("*.yaml"))]


def options_of(source: Source) -> BaseModel:
    """The typed options of a source that ``load_source`` has accepted."""
    return PLATFORMS[source.platform].options.model_validate(source.options)


def source_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a source file, with the options of each platform, for editors."""
    schema = Source.model_json_schema()
    definitions = schema.setdefault("$defs", {})
    schema["properties"]["platform"]["enum"] = sorted(PLATFORMS)
    rules = []
    for platform, (model, _) in sorted(PLATFORMS.items()):
        options = model.model_json_schema(ref_template="#/$defs/{model}")
        definitions.update(options.pop("$defs", {}))
        definitions[model.__name__] = options
        rules.append(
            {
                "if": {"properties": {"platform": {"const": platform}}},
                "then": {"properties": {"options": {"$ref": f"#/$defs/{model.__name__}"}}},
            }
        )
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "allOf": rules}


def spider_class(source: Source) -> "type[PlatformSpider]":
    """The spider of a source: its platform's base with the source's name and address."""
    from scrapy.utils.misc import load_object

    base = cast("type[PlatformSpider]", load_object(PLATFORMS[source.platform].spider))
    return type(f"{base.__name__}_{source.id}", (base,), {"name": source.id, "source": source})


class SourceSpiderLoader:
    """Scrapy's ``SPIDER_LOADER_CLASS``: the spiders are the sources of the folder in ``SOURCES_FOLDER``."""

    def __init__(self, folder: Path) -> None:
        self.sources = {source.id: source for source in load_sources(folder)}

    @classmethod
    def from_settings(cls, settings: "BaseSettings") -> "SourceSpiderLoader":
        """Called by Scrapy with the project's settings; by hand, the sources are those of the environment's entity."""
        folder = settings.get("SOURCES_FOLDER") or entity_settings(os.environ)["SOURCES_FOLDER"]
        return cls(Path(folder))

    def load(self, spider_name: str) -> "type[Spider]":
        """The spider of that name. Raises KeyError."""
        if spider_name not in self.sources:
            raise KeyError(f"no source {spider_name!r}; there are: {', '.join(self.sources)}")
        return spider_class(self.sources[spider_name])

    def list(self) -> list[str]:
        """The names of all spiders."""
        return list(self.sources)

    def find_by_request(self, request: "Request") -> "list[str]":
        """The spiders whose site a request is for."""
        host = urlsplit(request.url).hostname
        return [name for name, source in self.sources.items() if urlsplit(source.url).hostname == host]
