"""``boi contracts``: what the contracts promise readers, the dictionary, and the files generated from both."""

from typing import TYPE_CHECKING, Annotated

import typer

from boi_pipeline.cli.shared import EntityOption, JsonOption, open_run, print_json

if TYPE_CHECKING:
    from pathlib import Path

    from boi_pipeline.warehouse.contract import Project


def contracts(
    entity: EntityOption = None,
    write: Annotated[
        bool, typer.Option("--write", help="Write docs/dictionary.md and published.lock.yml; refuses breaking changes.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check that the published files keep their contracts; exits with 1 if not."""
    from boi_pipeline.warehouse import compatibility
    from scrapers.files import write_text

    project = open_run(entity, None).project
    found = compatibility.check(project) if (project.folder / compatibility.LOCK).is_file() else []
    texts = generated(project) if write or not found else {}  # refuses to promise anew over a break
    if write:
        for path, text in texts.items():
            write_text(path, text, "contracts")
    stale = [
        path.name for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if as_json:
        print_json(
            {"breaks": [vars(one) for one in found], "stale": stale, "files": len(compatibility.promises(project))}
        )
    else:
        for one in found:
            typer.echo(str(one))
        for name in stale:
            typer.echo(f"{name} is not what the contracts say: run `boi contracts --write`")
        if not found and not stale:
            typer.echo(f"{len(compatibility.promises(project))} published files keep what was promised")
    raise typer.Exit(1 if found or stale else 0)


def generated(project: "Project") -> "dict[Path, str]":
    """The committed files that are made of the contracts, with their text. Raises ConfigError where a promise is broken."""
    from boi_pipeline.settings import ROOT
    from boi_pipeline.warehouse.compatibility import LOCK, lock_text
    from boi_pipeline.warehouse.dictionary import dictionary_page

    return {project.folder / LOCK: lock_text(project), ROOT / "docs" / "dictionary.md": dictionary_page(project)}
