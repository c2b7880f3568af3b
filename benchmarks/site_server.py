"""A local site of any number of pages, served by a process of its own as a proxy: ``python -m benchmarks.site_server``.

``http://HOST/list?page=N`` lists a hundred announcements, ``/call/N`` is one of them, ``/feed.xml`` has twenty. All hosts have the
same pages. ``/_times`` tells when each host was first answered for something else than robots.txt (seconds since the
epoch). It keeps connections open and sends ETags, so that what is measured is the crawl.
"""

import asyncio
import hashlib
import json
import sys
import time
from urllib.parse import parse_qs, urlsplit

PER_PAGE = 100
FILLER = (
    "The programme supports partnerships between cities, universities and civil society organisations of every region. "
    "Applicants describe the problem, the people who benefit and how the results will be kept after the funding ends. "
)
NAVIGATION = "".join(
    f'<li class="menu-item depth-{n % 3}"><a href="/section/{n}" title="Section {n}">Section {n}</a></li>'
    for n in range(60)
)


def page(number: int) -> str:
    """The page of an announcement: about 20 KB, a third of it text."""
    paragraphs = "".join(
        f"<p>{FILLER}<a href='https://funder.example/{number}/{n}'>Annex {n}</a>.</p>" for n in range(24)
    )
    facts = "".join(
        f"<tr><th>{label}</th><td>{value}</td></tr>"
        for label, value in {
            "Deadline": f"{number % 28 + 1} January 2027, 17:00 (Europe/Berlin)",
            "Amount": f"EUR {number * 100:,}",
            "Eligible countries": "All countries of Latin America and the Caribbean",
            "Contact": "Call desk",
        }.items()
    )
    return (
        f"<!doctype html><html lang='en'><head><title>Call {number}</title><style>.x{{color:red}}</style>"
        f"<script>var state = {json.dumps(list(range(300)))};</script></head><body><header><nav><ul>{NAVIGATION}</ul></nav></header>"
        f"<main><h1>Grant call number {number} for cities</h1><table class='facts'>{facts}</table>{paragraphs}</main>"
        f"<footer><ul>{NAVIGATION}</ul></footer></body></html>"
    )


def listing(number: int, total: int) -> str:
    """A list page; the last one has no next."""
    first = (number - 1) * PER_PAGE
    cards = "".join(
        f"<article><h3><a href='/call/{n}'>Grant call number {n} for cities</a></h3></article>"
        for n in range(first, min(first + PER_PAGE, total))
    )
    following = f"<a rel='next' href='/list?page={number + 1}'>next</a>" if first + PER_PAGE < total else ""
    return f"<!doctype html><html><body>{cards}{following}</body></html>"


def feed(host: str) -> str:
    """A feed of twenty announcements."""
    entries = "".join(
        f"<item><guid>{host}-{n}</guid><title>Call {n} of {host}</title><link>http://{host}/call/{n}</link>"
        f"<description>{FILLER}</description></item>"
        for n in range(20)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{host}</title>{entries}</channel></rss>"


def answer(url: str, total: int, times: dict[str, float]) -> tuple[int, str, str]:
    """Status, content type and text of an answer."""
    parts = urlsplit(url)
    if parts.path == "/_times":
        return 200, "application/json", json.dumps(times)
    if parts.path == "/robots.txt":
        return 404, "text/plain", ""
    times.setdefault(parts.hostname or "", time.time())
    if parts.path == "/list":
        return 200, "text/html", listing(int(parse_qs(parts.query).get("page", ["1"])[0]), total)
    if parts.path.startswith("/call/"):
        return 200, "text/html", page(int(parts.path.rpartition("/")[2]))
    if parts.path == "/feed.xml":
        return 200, "application/rss+xml", feed(parts.hostname or "")
    return 404, "text/plain", ""


async def serve(total: int) -> None:
    """Serve on a free loopback port, whose number is the first line of standard output."""
    times: dict[str, float] = {}

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                url = head.split(b" ", 2)[1].decode()
                status, kind, text = answer(url, total, times)
                body = text.encode()
                etag = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
                if f"if-none-match: {etag}" in head.decode("latin-1").lower():
                    status, body = 304, b""
                lines = [
                    f"HTTP/1.1 {status} X",
                    f"Content-Type: {kind}",
                    f"ETag: {etag}",
                    f"Content-Length: {len(body)}",
                ]
                writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
