"""The ``boi`` command: a module per group of commands, each thin over functions that know no terminal.

Starts fast: commands import what they run. Every command has ``--json``; an error says what was wrong, where, and what
to do, and ends with code 1.
"""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from boi_pipeline.told import sentence_of


def main() -> None:
    """Entry point of the ``boi`` command."""
    from boi_pipeline.cli.app import app

    code = 0
    try:
        with told_errors():
            app()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:  # noqa: BLE001 shown whole
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # all is closed and on disk: taking Great Expectations' modules apart takes two seconds, and DuckDB's report themselves
    os._exit(code)


@contextmanager
def told_errors() -> Iterator[None]:
    """Turn errors that a person can act on into their text and exit code 1; others keep their trace."""
    try:
        yield
    except Exception as error:  # any may be one that a person can act on
        told = sentence_of(error)
        if told is None:
            raise
        typer.echo(f"boi: {told}", err=True)
        raise SystemExit(1) from None
