"""Settings for ``scrapy list`` and ``scrapy crawl`` run by hand: the sources and the own web of an entity.

A Scrapy add-on; it fills what nobody passed in, from ``BOI_ENTITY``/``BOI_ENTITIES`` and the entity's file. It reads
of that file only what a crawl needs: its whole model belongs to the pipeline, which passes everything in.
"""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from scrapers.yamlfile import load

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

ROOT = Path(__file__).resolve().parent.parent


class _Web(BaseModel):
    model_config = ConfigDict(extra="ignore")
    root: str = "web"
    suffix: str = "sample.test"
    days: dict[date, str]


class _Entity(BaseModel):
    model_config = ConfigDict(extra="ignore")
    languages: list[str]
    user_agent: str
    web: _Web | None = None


def entity_settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """The settings of a crawl by hand of the entity the environment names. Raises ConfigError."""
    entities = Path(environment.get("BOI_ENTITIES") or ROOT / "entities").resolve()
    folder = entities / (environment.get("BOI_ENTITY") or "sample")
    entity = load(folder / "entity.yaml", _Entity)
    given: dict[str, Any] = {
        "SOURCES_FOLDER": str(folder / "sources"),
        "LANGUAGES": entity.languages,
        "USER_AGENT": entity.user_agent,
    }
    if entity.web:
        given["OWN_WEB_FOLDER"] = str(folder / entity.web.root)
        given["OWN_WEB_SUFFIX"] = entity.web.suffix
        given["OWN_WEB_DAYS"] = [entity.web.days[day] for day in sorted(entity.web.days)]
    return given


class EntityDefaults:
    """The add-on. Of an entity's own web, the newest day is served."""

    @classmethod
    def update_pre_crawler_settings(cls, settings: "BaseSettings") -> None:
        """Called by Scrapy when a process starts; does nothing where the sources are given. Raises ConfigError."""
        if not settings.get("SOURCES_FOLDER"):
            settings.setdict(entity_settings(os.environ), priority="project")
