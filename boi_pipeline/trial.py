"""One source crawled alone in a temporary folder, what a person needs to judge it, and ``verified`` in its file.

Nothing here touches the home's crawls and notices. Which file to try is the caller's; how it is shown, ``cli.terminal``.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from warcio.archiveiterator import ArchiveIterator

from boi_pipeline.settings import Home
from boi_pipeline.stages.crawling import crawl
from boi_pipeline.stages.run import Run, notices
from scrapers.coverage import dates_in
from scrapers.files import write_text
from scrapers.notice import Notice
from scrapers.outcome import ADVICE, GOOD, SourceResult
from scrapers.source import Source
from scrapers.text import decode
from scrapers.yamlfile import ConfigError, line_of, parse_yaml


@dataclass(frozen=True)
class Trial:
    """What one visit gave."""

    source: Source
    result: SourceResult
    notices: list[Notice]
    robots: str  # what robots.txt said of the source's address
    folder: Path  # with the captures, the log and the notices

    @property
    def is_good(self) -> bool:
        return self.result.outcome in GOOD

    @property
    def is_convincing(self) -> bool:
        """Whether it shows that the source gives notices, or may well give none."""
        return self.is_good and (bool(self.notices) or self.source.may_be_empty)

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``: every notice whole, with the dates seen in it."""
        result = self.result
        return {
            "source": self.source.id,
            "outcome": result.outcome,
            "detail": result.detail,
            "advice": ADVICE[result.outcome],
            "requests": result.request_count,
            "bytes": result.byte_count,
            "seconds": result.seconds,
            "listed": result.listed_count,
            "robots": self.robots,
            "verified": self.source.verified is not None,
            "unknown": self.source.unknown,
            "coverage": result.coverage,
            "notices": [{**one.model_dump(mode="json"), "dates": dates_in(one.text)} for one in self.notices],
        }


def try_source(run: Run, source: Source, folder: Path, sources_folder: Path | None = None) -> Trial:
    """Visit a source with ``folder`` as the home. Raises ConfigError and CrawlFailed."""
    alone = replace(run, home=Home(folder.parent, folder.name))
    inbox = run.home.folder / "inbox"
    if inbox.is_dir():  # files the team dropped are read where they are
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "inbox").symlink_to(inbox.resolve())
    (result,) = list(crawl(alone, [source.id], sources_folder))
    robots = robots_told(folder / result.capture if result.capture else None, source.url, run.entity.file.user_agent)
    return Trial(source, result, notices(alone), robots, folder)


def robots_told(capture: Path | None, url: str, user_agent: str) -> str:
    """What the robots.txt in a capture says of an address, in words."""
    status, text = _robots(capture, urlsplit(url).netloc) if capture and capture.is_file() else (None, "")
    if status is None:
        return "robots.txt no se pidió o no respondió."
    if status >= 400:
        return f"No hay robots.txt (respondió {status})" + ("." if status < 500 else ": no se visita nada.")
    rules = Protego.parse(text)
    if not rules.can_fetch(url, user_agent):
        return "robots.txt prohíbe esta dirección."
    delay = rules.crawl_delay(user_agent)
    return "robots.txt permite esta dirección" + (f" y pide {delay:g} segundos entre visitas." if delay else ".")


def _robots(capture: Path, host: str) -> tuple[int | None, str]:
    """Status and text of a host's robots.txt, the last answer of it that was kept."""
    found: tuple[int | None, str] = (None, "")
    with open(capture, "rb") as file:
        for record in ArchiveIterator(file):
            parts = urlsplit(record.rec_headers.get_header("WARC-Target-URI") or "")
            if record.rec_type == "response" and record.http_headers and parts.path == "/robots.txt":
                status = int(record.http_headers.get_statuscode())
                if parts.netloc == host:
                    found = status, decode(record.content_stream().read(500_000))
    return found


def mark_verified(path: Path, day: date) -> str:
    """Write into a source file that it was checked by a run on a day; what was unknown is so no longer.

    Everything else stays byte for byte as it is. Returns the new text. Raises ConfigError.
    """
    text = path.read_text(encoding="utf-8")
    data = parse_yaml(text, path)
    wanted = {name: value for name, value in data.items() if name not in ("verified", "unknown")}
    wanted["verified"] = {"by": "run", "on": day}
    lines = text.splitlines(keepends=True)
    blocks = {name: _block(data, name, lines) for name in ("verified", "unknown", "options") if name in data}
    place = next((blocks[name].start for name in ("verified", "unknown", "options") if name in blocks), len(lines))
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    gone = {number for name in ("verified", "unknown") for number in blocks.get(name, ())}
    kept = [(number, line) for number, line in enumerate(lines) if number not in gone]
    before = [line for number, line in kept if number < place]
    after = [line for number, line in kept if number >= place]
    new = "".join([*before, f"verified: {{by: run, on: {day}}}\n", *after])
    if not _says(new, wanted, path):
        todo = f"write `verified: {{by: run, on: {day}}}` by hand: the file's layout leaves no safe place for it"
        raise ConfigError(path, line_of(data, ("verified",)), "verified", todo)
    write_text(path, new, "source")
    return new


def _says(text: str, wanted: dict[str, Any], path: Path) -> bool:
    try:
        return parse_yaml(text, path) == wanted
    except ConfigError:
        return False


def _block(data: Any, name: str, lines: list[str]) -> range:
    """The lines of a top-level key and its value, without the comments before the next key."""
    starts = sorted(data.lines[key] for key in data)
    start = data.lines[name]
    end = next((other for other in starts if other > start), len(lines))
    while end > start + 1 and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return range(start, end)
