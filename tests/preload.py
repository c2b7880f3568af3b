"""Imported once by the process that others are forked from: all a crawl or a run imports, except Twisted's reactor.

And loaded once what every run loads: the SQL models, templates, holidays, languages, the names of places and cities that readers find, the
expressions they compile when first used, the characters that nobody sees.
"""

import gc
import importlib
import pkgutil
import tempfile
from pathlib import Path

import aiohttp.web
import alembic.command
import alembic.config
import apprise
import dagster
import dotenv.main
import feedparser
import great_expectations
import tldextract
import twisted.conch.telnet

import boi_pipeline.achieved.archive.batches
import boi_pipeline.cli.app
import boi_pipeline.cli.terminal
import boi_pipeline.delivery.courier
import boi_pipeline.delivery.deliver
import boi_pipeline.editorial.decision_file
import boi_pipeline.ledger_care
import boi_pipeline.matching.match
import boi_pipeline.matching.opinions
import boi_pipeline.publishing.everything
import boi_pipeline.query
import boi_pipeline.reading.offline.place
import boi_pipeline.reading.offline.reader
import boi_pipeline.reading.store
import boi_pipeline.reviewing.screen
import boi_pipeline.running
import boi_pipeline.stages.editing
import boi_pipeline.stages.inboxing
import boi_pipeline.stages.readings
import boi_pipeline.stages.run
import boi_pipeline.summary
import boi_pipeline.warehouse.build
import boi_pipeline.warehouse.dashboard.page
import boi_pipeline.warehouse.mart_expectation
import boi_pipeline.warehouse.open_data
import boi_pipeline.warehouse.publication
import scrapers.crawl
import scrapers.middlewares
import scrapers.pipelines
import scrapers.platforms
import scrapers.settings
import tests.sources.answers
import tests.stages.conftest
from boi_pipeline.entity import load_entity
from boi_pipeline.languages import language_of
from boi_pipeline.publishing.writer import environment
from boi_pipeline.reading import late
from boi_pipeline.reading.context import context_of
from boi_pipeline.reading.offline.places import place_index
from boi_pipeline.settings import ROOT, Home
from boi_pipeline.warehouse.dashboard.look import page_environment
from scrapers.text import visible
from tests.stages.mini import write_entity

__all__ = [
    "aiohttp",
    "alembic",
    "apprise",
    "boi_pipeline",
    "dagster",
    "dotenv",
    "feedparser",
    "great_expectations",
    "scrapers",
    "tests",
    "tldextract",
    "twisted",
]

for package in (scrapers.platforms, scrapers.middlewares, scrapers.pipelines):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)

with tempfile.TemporaryDirectory() as folder:
    home = Home(Path(folder) / "home", "mini")
    home.warehouse.mkdir(parents=True)  # remembers what each SQL reads
    for place in (write_entity(Path(folder)), ROOT / "entities" / "sample"):
        entity = load_entity(place)
        boi_pipeline.stages.run.load_models(entity, home)
        assert entity.holidays
        place_index(context_of(entity))
        language_of("Programa 2027", frozenset(entity.file.languages))
language_of("Programa 2027")
visible("más")
boi_pipeline.reading.offline.place._cities()
late.compile_all()
for templates in (environment(), page_environment("boi_pipeline.report"), page_environment(None)):
    for name in templates.list_templates():
        if name.endswith((".html", ".css")):
            templates.get_template(name)
gc.freeze()  # forks need not go through it, nor copy what that would touch
