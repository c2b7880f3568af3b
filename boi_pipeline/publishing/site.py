"""The bulletin's static site: pages in Spanish, written as a pure function of a Bulletin.

Here: the list of page kinds (calendars among them), the sitemap and what robots are told. The caller swaps folders.
"""

from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

from boi_pipeline.collector import uncollected
from boi_pipeline.publishing import (
    archive,
    article,
    asking,
    calendar,
    explore,
    information,
    pages,
    results,
    search,
    subscribe,
)
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.disk import Disk
from boi_pipeline.publishing.writer import Writer, site_root

PAGES: list[Callable[[Writer], None]] = [  # a function a page kind: it writes all pages of its kind
    pages.home_page,
    pages.note_pages,
    archive.archive_pages,
    archive.edition_pages,
    article.article_pages,
    pages.moved_and_withdrawn_pages,
    pages.how_page,
    search.search_page,
    explore.explore_pages,
    *information.PAGES,
    results.results_page,
    asking.outcome_page,
    subscribe.subscribe_page,
    calendar.calendar_files,
    pages.missing_page,
]


def _sitemap(writer: Writer) -> str:
    root = site_root(writer.bulletin.entity)
    lines = []
    for path, changed in sorted(writer.mapped):
        stamp = f"<lastmod>{changed}</lastmod>" if changed else ""
        lines.append(f"  <url><loc>{escape(root + path)}</loc>{stamp}</url>\n")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{''.join(lines)}</urlset>\n"
    )


def render_site(bulletin: Bulletin, disk: Disk) -> list[Path]:
    """Write the whole site; give its files, sorted. Feeds are ``feeds.render_feeds``'s.

    The same bulletin gives the same bytes, whatever of the disk's standing site could be taken over.
    """
    before, writer = len(disk.written), Writer(bulletin, disk)
    with uncollected():
        for write in PAGES:
            write(writer)
    writer.file("sitemap.xml", _sitemap(writer))
    writer.file("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {site_root(bulletin.entity)}sitemap.xml\n")
    return sorted(disk.written[before:])
