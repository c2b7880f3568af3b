"""All that the public sees of a bulletin, in one folder: pages, search, calendars, feeds, PDFs, fragment, cards.

Here: that it is made side by side, and what is shared. What each is belongs to its module; the swap, to the caller.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from boi_pipeline.collector import uncollected
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.cards import render_cards
from boi_pipeline.publishing.disk import disk_beside
from boi_pipeline.publishing.feeds import render_feeds
from boi_pipeline.publishing.fragment import render_fragment
from boi_pipeline.publishing.pdf import render_pdfs
from boi_pipeline.publishing.site import render_site
from boi_pipeline.publishing.standing import Standing


def render_everything(bulletin: Bulletin, folder: Path, standing: Standing | None = None) -> list[Path]:
    """Write everything into ``folder``; give the files. What would come out the same is taken over from ``standing``."""
    with uncollected():
        with ThreadPoolExecutor(1) as thread, disk_beside(folder, standing) as disk:
            # mostly waiting for Typst, a process of its own
            pdfs = thread.submit(render_pdfs, bulletin, folder, standing)
            for render in (render_site, render_feeds, render_fragment, render_cards):
                render(bulletin, disk)
        if standing:
            standing.save()
    return disk.written + pdfs.result()
