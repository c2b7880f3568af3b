"""The Scrapy project: places to watch, how each platform is crawled, captured and turned into notices.

It knows nothing of Dagster, DuckDB or ``boi_pipeline`` and runs alone (``scrapy list``, ``scrapy crawl ID``).
"""
