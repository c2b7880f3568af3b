"""What every ``boi`` command shares: its options, the run it works on, how it prints JSON.

What commands print for people is in ``terminal``.
"""

import json
import os
import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from datetime import date

    from boi_pipeline.stages.run import Run

EntityOption = Annotated[
    str | None, typer.Option("--entity", "-e", help="Folder of entities/; default BOI_ENTITY or sample.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
DateOption = Annotated[str | None, typer.Option("--date", help="Run as of this day (YYYY-MM-DD).")]

# the same, of the commands of editors
EditorsEntity = Annotated[
    str | None, typer.Option("--entity", "-e", help="Carpeta de entities/; si no, BOI_ENTITY, o sample.")
]
EditorsJson = Annotated[bool, typer.Option("--json", help="Escribe un documento JSON en vez de texto.")]
EditorsDate = Annotated[str | None, typer.Option("--date", help="Como si hoy fuera este día (AAAA-MM-DD).")]


class UsageError(Exception):
    """Something on the command line is not what was expected."""


def open_run(entity: str | None, day: str | None) -> "Run":
    """The run the options ask for. Raises ConfigError, UsageError."""
    from datetime import date as calendar_date

    from ulid import ULID

    from boi_pipeline.settings import settings
    from boi_pipeline.stages.run import Run, instant_of

    read_dotenv()
    if entity:
        os.environ["BOI_ENTITY"] = entity  # the code location that is loaded next serves the same
    chosen: date | None = None
    if day is not None:
        try:
            chosen = calendar_date.fromisoformat(day)
        except ValueError:
            raise UsageError(f"--date {day}: expected a day such as 2026-11-23") from None
    found = settings()
    loaded = found.entity()
    return Run(loaded, found.home(), instant_of(found, loaded, chosen), str(ULID()), found.llm)


def read_dotenv() -> None:
    """Take what ``.env`` of this checkout says, as ``dagster dev`` does; the environment itself wins."""
    from dotenv import load_dotenv

    from boi_pipeline.settings import ROOT

    load_dotenv(ROOT / ".env")


def print_json(value: Any) -> None:
    """One JSON document on standard output; what a terminal would act on or not show is escaped in it."""
    told = json.dumps(value, ensure_ascii=False, indent=2, default=str)
    typer.echo(_UNSHOWN.sub(lambda match: json.dumps(match[0])[1:-1], told))


_UNSHOWN = re.compile(
    "[\\x7f-\\x9f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff\\ud800-\\udfff\\U000e0000-\\U000e007f]"
)
