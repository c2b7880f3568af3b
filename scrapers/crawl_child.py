"""The child process of a crawl from its first moment: it ends with whoever started it, also while Scrapy is imported.

What it then does is ``scrapers.crawl``. A child started ahead waits there for its job, with the home's lock inherited: it must
not outlive a parent that was killed.
"""

import os
import select
import sys
import threading


def main() -> int:
    """Watch standard input, import Scrapy, crawl."""
    threading.Thread(target=_end_when_left, daemon=True).start()
    from scrapers.crawl import main as crawl  # a second and a half

    return crawl()


def _end_when_left() -> None:
    """End this process when nobody can write to its standard input any more; what was written is not touched."""
    watched = select.poll()
    watched.register(0, 0)  # the end of it is told without being asked for
    watched.poll()
    os._exit(3)


if __name__ == "__main__":
    sys.exit(main())
