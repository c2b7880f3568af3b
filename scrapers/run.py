"""One crawl of one source while it runs: what was listed, read and refused, and the result it comes to.

The spider and the pipelines report here; ``result()`` classifies (architecture §5). Fetching belongs to the platforms,
the home's files to ``crawl`` and ``archive``.
"""

from dataclasses import dataclass, field
from datetime import datetime

from scrapers.archive import Known
from scrapers.coverage import Coverage
from scrapers.notice import Notice, text_hash
from scrapers.outcome import Captured, Outcome, Recheck, Sighting, SourceResult, Validator, counted
from scrapers.source import Source

MAX_VALIDATORS = 2000
UNREAD = "unread"  # stands for what a list showed of an item that could not be read: it never shows the same again


class SourceError(Exception):
    """Something a source answered that ends the reading of it, or of one item, with its class."""

    outcome: Outcome = "failed"


class Malformed(SourceError):
    """The answer is not what the platform promises."""

    outcome: Outcome = "malformed"


class Gone(SourceError):
    """The answer says that what was asked for is no longer there."""

    outcome: Outcome = "gone"


class ChangedShape(SourceError):
    """The answer is well formed, and what the options name is not in it."""

    outcome: Outcome = "changed_shape"


@dataclass
class SourceRun:
    """The books of one source in one crawl."""

    source: Source
    crawl_id: str
    as_of: datetime
    languages: tuple[str, ...]
    parser_version: str
    known: Known = field(default_factory=Known)
    is_written: bool = False

    def __post_init__(self) -> None:
        previous = self.known.previous
        self._sightings: dict[str, str | None] = {}
        self._validators = {item.url: item for item in previous.validators} if previous else {}
        self._shown: dict[str, str] = {}  # key → hash of what the list shows of it now
        self._listed: set[str] = set()
        self._entries = {item.item_key: item.entry_sha256 for item in previous.sightings} if previous else {}
        self._failure: tuple[Outcome, str] | None = None
        self._item_failures: list[tuple[Outcome, str]] = []
        self._forbidden: list[tuple[Outcome, str]] = []  # by robots.txt: theirs to say, not a failure
        self._read_count = 0
        self._is_carried = False
        self._coverage = Coverage()
        self.new_count = 0
        self.changed_count = 0
        self.capture: str | None = None
        self.rechecks: list[Recheck] = []

    # -- what the platform reports

    def listed(self, key: str) -> bool:
        """Note an entry of the source's list; False when this crawl has seen it before."""
        is_first = key not in self._listed
        self._listed.add(key)
        return is_first

    def needs_page(self, key: str, entry: str, *, revisit: bool) -> bool:
        """Note an item still there, of which the list shows ``entry``; whether its own page is to be read.

        It is when the item is new, when the list shows something else of it than before, and on ``revisit``.
        """
        shown = text_hash(entry)
        before = {self._entries.get(item_key) for item_key in self.known.parents.get(key) or [key]}
        self.sighted(key)
        self._shown[key] = shown
        return revisit or not self.known.has(key) or bool(before - {None, shown})

    def is_read(self, key: str, entry: str) -> bool:
        """Whether the last good crawl read what the list shows now at ``key``, be it an item or not."""
        before = {self._entries.get(item_key) for item_key in self.known.parents.get(key) or [key]}
        return before == {text_hash(entry)}

    def sighted(self, key: str) -> None:
        """Note an item that is still there; for a round-up post, the items once cut from it."""
        for item_key in self.known.parents.get(key) or [key]:
            self._sightings[item_key] = self._sightings.get(item_key)

    def reading(self, key: str) -> None:
        """An item is being read again: what was cut from it before no longer counts, what is cut now will."""
        for item_key in (key, *self.known.parents.get(key, [])):
            self._sightings.pop(item_key, None)

    def confirmed(self, key: str) -> None:
        """Note that the source says an item is unchanged."""
        for item_key in self.known.parents.get(key) or [key]:
            self._sightings[item_key] = self.known.content_sha256.get(item_key)
        self._read_count += 1

    def carry_over(self, *, is_read: bool = True) -> None:
        """Nothing changed at the source: what it listed last time, it lists now.

        ``is_read`` is False where the list is not all there is: the items' own pages were not looked at.
        """
        self._is_carried = True
        if self.known.previous:
            for sighting in self.known.previous.sightings:
                self._sightings.setdefault(sighting.item_key, sighting.content_sha256 if is_read else None)

    def read(self, notice: Notice) -> bool:
        """Note a notice; True when its text is new or has changed since the newest one known."""
        self._coverage.add(notice)
        newest = self.known.content_sha256.get(notice.item_key)
        self._sightings[notice.item_key] = notice.content_sha256
        self._read_count += 1
        if newest == notice.content_sha256:
            return False
        if newest is None:
            self.new_count += 1
        else:
            self.changed_count += 1
        return True

    def fail(self, outcome: Outcome, detail: str) -> None:
        """The source as a whole could not be read; the first reason counts."""
        self._failure = self._failure or (outcome, detail)

    def fail_item(self, outcome: Outcome, detail: str, key: str = "") -> None:
        """One item could not be read; the others go on. What the list shows of it is forgotten: it is asked again."""
        if key in self._shown:
            self._shown[key] = UNREAD
        (self._forbidden if outcome == "robots" else self._item_failures).append((outcome, detail))

    def remember(self, url: str, etag: str | None, last_modified: str | None, captured: Captured | None = None) -> None:
        """Keep what the server gave for asking again, once its answer has been read, and where the answer is kept."""
        self._validators.pop(url, None)
        if etag or last_modified or captured:
            self._validators[url] = Validator(url=url, etag=etag, last_modified=last_modified, captured=captured)

    def validator(self, url: str) -> Validator | None:
        """What to ask a URL again with."""
        return self._validators.get(url)

    # -- what it came to

    def result(self, *, request_count: int = 0, byte_count: int = 0, seconds: float = 0.0) -> SourceResult:
        """The result of the crawl at this source."""
        outcome, detail = self._outcome()
        validators = list(self._validators.values())[-MAX_VALIDATORS:]
        if self._item_failures:  # what failed must be asked for again: the list may not answer "not modified"
            validators = [item for item in validators if item.url != self.source.url]
        return SourceResult(
            source_id=self.source.id,
            outcome=outcome,
            detail=" ".join(detail.split())[:500],
            request_count=request_count,
            byte_count=byte_count,
            listed_count=self._listed_count,
            new_count=self.new_count,
            changed_count=self.changed_count,
            error_count=len(self._item_failures) + (self._failure is not None),
            read_count=self._coverage.read_count,
            coverage=self._coverage.shares(),
            seconds=round(seconds, 3),
            capture=self.capture,
            parser_version=self.parser_version,
            sightings=[
                Sighting(item_key=key, content_sha256=self._sightings[key], entry_sha256=self._entry(key))
                for key in sorted(self._sightings)
            ],
            validators=validators,
        )

    def recheck_result(self, *, request_count: int = 0, byte_count: int = 0, seconds: float = 0.0) -> SourceResult:
        """The result where only pages and links of published calls were visited: what they are, each for itself."""
        outcome, detail = self._failure or (
            "ok",
            f"{counted(len(self.rechecks), 'visita')}, {self.changed_count} con cambios.",
        )
        return SourceResult(
            source_id=self.source.id,
            outcome=outcome,
            detail=" ".join(detail.split())[:500],
            request_count=request_count,
            byte_count=byte_count,
            new_count=self.new_count,
            changed_count=self.changed_count,
            error_count=self._failure is not None,
            seconds=round(seconds, 3),
            capture=self.capture,
            parser_version=self.parser_version,
            rechecks=sorted(self.rechecks, key=lambda visit: (visit.item_id or "", visit.url)),
        )

    def _are_telling(self, unread: list[tuple[Outcome, str]]) -> bool:
        """Whether unread pages, of which none could be read, say that the source failed rather than one page."""
        is_known = any(self.known.has(key) for key in self._sightings)
        return not is_known or len(unread) >= 3 or any(outcome == "changed_shape" for outcome, _ in unread)

    def _entry(self, item_key: str) -> str | None:
        return self._shown.get(item_key) or self._shown.get(item_key.rpartition("#")[0]) or self._entries.get(item_key)

    @property
    def _listed_count(self) -> int:
        carried = self.known.previous.listed_count if self._is_carried and self.known.previous else 0
        return max(len(self._listed), carried)

    def _outcome(self) -> tuple[Outcome, str]:
        if self._failure:
            return self._failure
        unread = [*self._item_failures, *self._forbidden]
        if unread and not self._read_count and self._are_telling(unread):
            return unread[0][0], f"Ninguna de {counted(len(unread), 'página')} pudo leerse. La primera: {unread[0][1]}"
        if not self._listed_count and not self.source.may_be_empty:
            had = self.known.previous is not None and self.known.previous.listed_count > 0
            return ("changed_shape" if had else "empty"), f"{self.source.url} respondió, y no lista nada."
        told = f"{self._listed_count} en la lista, {counted(self.new_count, 'nueva')}, {counted(self.changed_count, 'cambiada')}."
        if self._item_failures:
            count = len(self._item_failures)
            told += (
                f" {count} no {'pudo' if count == 1 else 'pudieron'} leerse; la primera: {self._item_failures[0][1]}"
            )
        if self._forbidden:
            told += f" {len(self._forbidden)} sin visitar: {self._forbidden[0][1]}"
        is_quiet = self.known.previous is not None and not self.new_count and not self.changed_count
        return ("unchanged" if is_quiet else "ok"), told
