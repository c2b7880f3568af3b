"""``inbox:`` requests answered from the home: the files that the team dropped for one source, and nothing else.

``inbox://<source id>/`` is answered by the names of the files, ``inbox://<source id>/<name>`` by one file's bytes;
both are captured like any answer, so that a crawl can be replayed when the files are gone. Only spiders of the
platform ``inbox`` have this middleware, and each reaches its own folder only. What the files say belongs to
``scrapers.platforms.inbox``.
"""

import json
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote, urlsplit

from scrapy.exceptions import NotConfigured
from scrapy.http import Request, Response

from scrapers.middlewares.replay import Replay
from scrapers.run import Malformed
from scrapers.source import INBOX

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

TYPES = {".csv": "text/csv", ".txt": "text/plain", ".url": "text/plain", ".eml": "message/rfc822"}
"""The files that are read, by extension."""

MAX_FILES = 500


def inbox_url(source_id: str, name: str = "") -> str:
    """The address of a file of a source's folder; without a name, of the folder."""
    return f"{INBOX}://{source_id}/{quote(name, safe='')}"


def file_name(url: str) -> str:
    """The name of the file that an ``inbox:`` address means."""
    return unquote(urlsplit(url).path.removeprefix("/"))


class Inbox:
    """The downloader middleware before the address guard, which lets no ``inbox:`` request through."""

    def __init__(self, folder: Path | None, source_id: str, max_bytes: int, replay: Replay | None) -> None:
        self.folder, self.source_id, self.max_bytes, self.replay = folder, source_id, max_bytes, replay

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """On only for spiders of this platform; a replay answers from captures, never from the folder."""
        if getattr(crawler.spidercls, "platform", None) != INBOX:
            raise NotConfigured
        settings, source_id = crawler.settings, crawler.spidercls.name
        home = settings.get("HOME_FOLDER")
        folder = Path(home) / INBOX / source_id if home else None
        replay = Replay.from_crawler(crawler) if settings.get("REPLAY") else None
        return cls(folder, source_id, settings.getint("DOWNLOAD_MAXSIZE"), replay)

    def process_request(self, request: Request) -> Response | None:
        """The folder's names or a file's bytes. Raises Malformed where a file may not be read; others pass."""
        parts = urlsplit(request.url)
        if parts.scheme != INBOX:
            return None
        if parts.netloc != self.source_id:
            raise Malformed(f"{request.url}: la fuente {self.source_id} solo lee su propia carpeta")
        if self.replay is not None:
            return self.replay.process_request(request)
        name = file_name(request.url)
        if not name:
            return _answer(request, json.dumps(self.names(), ensure_ascii=False).encode(), "application/json")
        if name not in self.names():
            raise Malformed(f"{request.url}: no está en la carpeta de la fuente")
        return _answer(request, self._read(name), TYPES[Path(name).suffix.lower()])

    def names(self) -> list[str]:
        """The plain files of the folder that can be read, in order; none where there is no folder."""
        if self.folder is None or self.folder.is_symlink() or not self.folder.is_dir():
            return []
        files = [entry.name for entry in os.scandir(self.folder) if entry.is_file(follow_symlinks=False)]
        names = sorted(name for name in files if Path(name).suffix.lower() in TYPES and not name.startswith((".", "~")))
        return [name for name in names if _is_text(name)][:MAX_FILES]

    def _read(self, name: str) -> bytes:
        if self.folder is None:
            raise Malformed(f"{name}: el rastreo no tiene carpeta")
        try:
            descriptor = os.open(self.folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise Malformed(f"{name}: no se puede abrir ({error.strerror})") from None
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > self.max_bytes:
                raise Malformed(f"{name}: tiene {status.st_size} bytes; se leen hasta {self.max_bytes}")
            return file.read(self.max_bytes)


def _answer(request: Request, body: bytes, kind: str) -> Response:
    return Response(request.url, headers={"Content-Type": kind}, body=body, request=request)


def _is_text(name: str) -> bool:
    """Whether a file's name can be written down: names may be any bytes."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
