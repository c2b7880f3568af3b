"""An entity's own small web, served over HTTP on the loopback from files of its folder.

It answers proxy-style requests (``GET http://becas.sample.test/ HTTP/1.1``) for every host it holds, so that its
URLs carry no port. Rules, for whoever writes the pages:

* ``<folder>/<day>/<host>/<path>``, UTF-8; days lie on top of each other, the later hides the earlier file by file.
  Names that start with ``_`` and the folder ``posts`` are never served.
* ``/`` is ``index.html``; ``/a/b`` is the first of ``a/b``, ``a/b.html``, ``a/b/index.html``, ``a/b.xml``, ``a/b.json``; a query
  ``?page=2`` first looks for ``b@page=2.html`` and is otherwise ignored. The extension gives the content type.
* Every 200 carries an ETag of its bytes and answers 304 to ``If-None-Match``.
* ``<host>/_site.yaml`` (``Site`` below) gives paths a status, a redirect, headers, a delay, a charset that lies
  (``charset`` is declared, ``encode`` is what the bytes are), and says whether the host is a WordPress. Days are
  merged by path, so a later day deletes a page with ``/page: {status: 410}``. A key ending in ``*`` is a prefix.
* A WordPress host answers its REST API and post pages from ``posts/*.yaml``: see ``scrapers.ownweb_wordpress``.

What the pages say belongs to the entity; that requests come here at all, to ``scrapers.middlewares.guard``.
"""

import functools
import hashlib
import http
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from scrapers import ownweb_wordpress
from scrapers.ownweb_wordpress import Post, WordPress
from scrapers.yamlfile import ConfigError, load

CONTENT_TYPES = {
    ".html": "text/html",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".json": "application/json",
    ".txt": "text/plain",
    ".css": "text/css",
    ".svg": "image/svg+xml",
}


class PathRule(BaseModel):
    """What is special about one path of a host."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    status: int = Field(default=200, ge=200, le=599)
    location: str | None = None
    content_type: str | None = None
    charset: str = "utf-8"
    encode: str | None = None  # the charset the bytes really are in; the files stay UTF-8
    headers: dict[str, str] = Field(default_factory=dict)
    delay: float = 0.0  # seconds


class Site(BaseModel):
    """``<host>/_site.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    paths: dict[str, PathRule] = Field(default_factory=dict)
    wordpress: WordPress | None = None


@dataclass(frozen=True)
class Answer:
    """One HTTP response."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class OwnWeb:
    """The pages of a folder, as answers; no sockets. Thread-safe after construction."""

    def __init__(self, folder: Path, days: Sequence[str]) -> None:
        for day in days:
            if not (folder / day).is_dir():
                raise ConfigError(folder / day, None, "", "is named as a day of the own web, but is no folder")
        self.layers = [folder / day for day in reversed(days)]
        self._lock = threading.Lock()
        self._hosts: dict[str, tuple[Site, list[Post]]] = {}

    def answer(self, url: str, if_none_match: str | None = None) -> Answer:
        """The response to a GET of an absolute URL. A fault in the folder's YAML is a 500 that names it."""
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path) or "/"
        if not any((layer / host).is_dir() for layer in self.layers):
            return _plain(404, f"no host {host} in this web")
        try:
            site, posts = self._host(host)
        except ConfigError as error:
            sys.stderr.write(f"own web: {error}\n")
            return _plain(500, str(error))
        rule = _rule(site, path, parts.query)
        if rule.delay:
            time.sleep(rule.delay)
        if rule.location:
            status = rule.status if rule.status >= 300 else 302
            return Answer(status, {"Location": rule.location, **rule.headers})
        answer = self._computed(site, posts, host, path, parts.query) or self._file(host, path, parts.query, rule)
        if answer is None:
            known = rule.status if rule.status != 200 else 404
            return _plain(known, f"{known} {http.HTTPStatus(known).phrase}", rule.headers)
        if answer.status == 200 and rule.status != 200:
            answer = Answer(rule.status, answer.headers, answer.body)
        if answer.status != 200:
            return answer
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        headers = {**answer.headers, "ETag": etag}
        if if_none_match and etag in [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]:
            return Answer(304, {"ETag": etag})
        return Answer(200, headers, answer.body)

    def _host(self, host: str) -> tuple[Site, list[Post]]:
        with self._lock:
            if host not in self._hosts:
                site = self._site(host)
                self._hosts[host] = (site, self._posts(host, site.wordpress))
            return self._hosts[host]

    def _site(self, host: str) -> Site:
        paths: dict[str, PathRule] = {}
        wordpress = None
        for layer in reversed(self.layers):
            if (file := layer / host / "_site.yaml").is_file():
                site = load(file, Site)
                paths.update(site.paths)
                wordpress = site.wordpress or wordpress
        return Site(paths=paths, wordpress=wordpress)

    def _posts(self, host: str, wordpress: WordPress | None) -> list[Post]:
        known = list(wordpress.categories) if wordpress else []
        found: dict[int, Post] = {}
        for layer in reversed(self.layers):
            for file in sorted((layer / host / "posts").glob("*.yaml")):
                post = load(file, Post)
                unknown = [name for name in post.categories if name not in known and isinstance(name, str)]
                if unknown:
                    raise ConfigError(file, None, "categories", f"{unknown[0]!r} is not in _site.yaml; it has {known}")
                found[post.id] = post
        return [post for post in found.values() if not post.deleted]

    def _computed(self, site: Site, posts: list[Post], host: str, path: str, query: str) -> Answer | None:
        if site.wordpress is None:
            return None
        given = ownweb_wordpress.answer(site.wordpress, posts, host, path, query)
        return Answer(*given) if given else None

    def _file(self, host: str, path: str, query: str, rule: PathRule) -> Answer | None:
        parts = [part for part in PurePosixPath(path).parts if part not in ("/", "..")]
        if any(part.startswith("_") for part in parts) or parts[:1] == ["posts"]:
            return None
        relative = "/".join(parts)
        names = list(_names(relative, path.endswith("/"), query))
        for layer in self.layers:
            for name in names:
                file = layer / host / name
                if file.is_file():
                    body = file.read_bytes()
                    if rule.encode:
                        body = body.decode("utf-8").encode(rule.encode, "xmlcharrefreplace")
                    kind = rule.content_type or CONTENT_TYPES.get(file.suffix, "application/octet-stream")
                    return Answer(200, {"Content-Type": f"{kind}; charset={rule.charset}", **rule.headers}, body)
        return None


def _names(relative: str, is_folder: bool, query: str) -> Iterable[str]:
    """Where a path's file may be, in the order of looking."""
    if not relative:
        plain = ["index.html"]
    elif is_folder:
        plain = [f"{relative}/index.html", f"{relative}.html"]
    else:
        plain = [relative, f"{relative}.html", f"{relative}/index.html", f"{relative}.xml", f"{relative}.json"]
    if query:
        for name in plain:
            stem, dot, extension = name.rpartition(".")
            yield f"{stem}@{query}{dot}{extension}" if dot else f"{name}@{query}"
    yield from plain


def _rule(site: Site, path: str, query: str) -> PathRule:
    for key in (f"{path}?{query}", path):
        if key in site.paths:
            return site.paths[key]
    prefixes = [key for key in site.paths if key.endswith("*") and path.startswith(key[:-1])]
    return site.paths[max(prefixes, key=len)] if prefixes else PathRule()


def _plain(status: int, text: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}, text.encode())


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet an answer: unbuffered headers and body wait for each other's ACK

    def do_GET(self) -> None:
        url = self.path if "://" in self.path else f"http://{self.headers.get('Host', '')}{self.path}"
        answer = cast("OwnWebServer", self.server).web.answer(url, self.headers.get("If-None-Match"))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")  # Scrapy waits a second at its end for connections kept open
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)

    do_HEAD = do_GET

    def version_string(self) -> str:
        return "own-web"

    def log_message(self, format: str, *args: object) -> None:
        """The crawl keeps its own record of what was asked."""


class OwnWebServer(ThreadingHTTPServer):
    """An OwnWeb on a free loopback port, in daemon threads of this process; a context manager."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, web: OwnWeb) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.web = web
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True, name="own-web").start()

    @property
    def address(self) -> str:
        """``http://127.0.0.1:PORT``: give it to a client as its HTTP proxy."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of our own name, which can take seconds."""
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def server_close(self) -> None:
        """Stop answering and free the port."""
        self.shutdown()
        super().server_close()


@functools.cache
def shared_server(folder: Path, days: tuple[str, ...]) -> OwnWebServer:
    """The one server of this process for a folder and its days; it ends with the process."""
    return OwnWebServer(OwnWeb(folder, days))


def main(arguments: Sequence[str]) -> int:
    """``python -m scrapers.ownweb FOLDER DAY…``: serve until interrupted, to look at the pages."""
    if len(arguments) < 2:
        sys.stderr.write("usage: python -m scrapers.ownweb FOLDER DAY [DAY…]\n")
        return 2
    try:
        server = OwnWebServer(OwnWeb(Path(arguments[0]), arguments[1:]))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{server.address}  (use it as HTTP proxy: curl -x {server.address} http://HOST/)\n")
    sys.stdout.flush()
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
