"""Imported once by the process that others are forked from: all a crawl or a run imports, except Twisted's reactor."""

import importlib
import pkgutil

import aiohttp.web
import dagster
import feedparser
import great_expectations
import tldextract
import twisted.conch.telnet

import boi_pipeline.cli
import boi_pipeline.matching.match
import boi_pipeline.readings
import boi_pipeline.summary
import boi_pipeline.terminal
import boi_pipeline.warehouse.dashboard.page
import boi_pipeline.warehouse.open_data
import boi_pipeline.warehouse.publication
import scrapers.crawl
import scrapers.middlewares
import scrapers.pipelines
import scrapers.platforms
import scrapers.settings

__all__ = [
    "aiohttp",
    "boi_pipeline",
    "dagster",
    "feedparser",
    "great_expectations",
    "scrapers",
    "tldextract",
    "twisted",
]

for package in (scrapers.platforms, scrapers.middlewares, scrapers.pipelines):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
