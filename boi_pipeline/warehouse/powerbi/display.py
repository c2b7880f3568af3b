"""``dbt_like_sql/powerbi.yml``: how analysts see the star. Reading it, no more; what it is joined with is in ``model``."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from scrapers.yamlfile import load

DISPLAY_FILE = "powerbi.yml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ColumnDisplay(_Strict):
    """What differs from the contract in one column."""

    name: str | None = None
    english: str | None = None
    sort_by: str | None = None  # another column of the table; "": none
    is_shown: bool = False  # though it is a number of a fact, or called like a key


class HierarchyDisplay(_Strict):
    """Columns to walk down, the widest first."""

    name: str
    english: str
    levels: list[str] = Field(min_length=2)


class TableDisplay(_Strict):
    """One table of the model."""

    table: str
    name: str
    english: str
    columns: dict[str, ColumnDisplay] = Field(default_factory=dict)
    hierarchies: list[HierarchyDisplay] = Field(default_factory=list)


class DisplayFile(_Strict):
    """``powerbi.yml``: tables in the order they are shown, and measure folders → English."""

    tables: list[TableDisplay]
    folders: dict[str, str]


def load_display(folder: Path) -> DisplayFile:
    """Read the file of a folder of models. Raises ConfigError."""
    return load(folder / DISPLAY_FILE, DisplayFile)
