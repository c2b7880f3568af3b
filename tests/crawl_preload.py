"""Imported once by the process that crawls' children are forked from: all a crawl imports, except Twisted's reactor."""

import importlib
import pkgutil

import aiohttp.web
import feedparser
import tldextract
import twisted.conch.telnet

import scrapers.crawl
import scrapers.middlewares
import scrapers.pipelines
import scrapers.platforms
import scrapers.settings

__all__ = ["aiohttp", "feedparser", "scrapers", "tldextract", "twisted"]

for package in (scrapers.platforms, scrapers.middlewares, scrapers.pipelines):
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)
