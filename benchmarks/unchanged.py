"""What an unchanged web costs: Bogotá's sources crawled twice over their written answers, requests counted per platform."""

from collections import defaultdict
from pathlib import Path

from benchmarks.figures import ROOT, show
from scrapers.loader import load_sources
from tests.sources.answers import TaggedAnswers, answers_of, crawl_answered

ONE_REQUEST = {"feed", "wordpress", "sitemap"}
ENTITY = "bogota"


def measure_unchanged(folder: Path) -> None:
    """Print, per platform, the requests of a second crawl that finds nothing new, robots.txt not counted."""
    sources = {source.id: source for source in load_sources(ROOT / "entities" / ENTITY / "sources")}
    fixtures = ROOT / "tests" / "sources" / ENTITY
    answers = {source.id: answers_of(fixtures / source.id, source) for source in sources.values()}
    place = ROOT / "entities" / ENTITY / "sources"
    first, second = (crawl_answered(folder, place, answers, server=TaggedAnswers) for _ in range(2))
    assert not second.notices, sorted(second.notices)
    counts: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for source_id, result in second.results.items():
        if first.results[source_id].error_count:
            continue  # what could not be read is asked for again, as it should
        is_file = sources[source_id].platform == "inbox"  # asks for files, and for no robots.txt
        asked = [one.request_count - (not is_file) for one in (first.results[source_id], result)]
        counts[sources[source_id].platform].append((asked[1], asked[0], source_id))
    for platform, found in sorted(counts.items()):
        most, before, source_id = max(found)
        limit = f"1 {'kept' if most <= 1 else 'MISSED'}" if platform in ONE_REQUEST else "—"
        told = f"{len(found)} sources; the dearest: {source_id}, {before} the first time"
        show(f"unchanged web, requests of {platform}", str(most), limit, told)
