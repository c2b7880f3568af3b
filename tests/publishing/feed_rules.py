"""What the formats of feeds ask, as rules with the place that asks it; a broken rule fails as an assertion."""

import json
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import lxml.etree

ATOM = "{http://www.w3.org/2005/Atom}"
IPTC = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
RFC_822 = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d \+0000"
)
LINK_ATTRIBUTES = {"href", "rel", "type", "hreflang", "title", "length"}


def tree(content: bytes) -> Any:
    """The document, read by a parser that forgives nothing and looks nothing up."""
    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, recover=False, huge_tree=False)
    found = lxml.etree.fromstring(content, parser)
    assert not found.getroottree().docinfo.doctype
    return found


def is_address(text: str | None) -> bool:
    """An absolute address of the web, in ASCII (RFC 3986)."""
    parts = urlsplit(text or "")
    return parts.scheme in ("http", "https") and bool(parts.hostname) and bool(re.fullmatch(r"[!-~]+", text or ""))


def one(element: Any, name: str) -> Any:
    """The only child of that name."""
    found = element.findall(name)
    assert len(found) == 1, f"{name}: {len(found)}"
    return found[0]


def text_of(element: Any, name: str) -> str:
    """The text of the only child of that name, which has no elements in it."""
    found = one(element, name)
    assert not len(found)
    assert (found.text or "").strip(), name
    return found.text


def _at_most_one(element: Any, *names: str) -> None:
    assert all(len(element.findall(name)) <= 1 for name in names)


def _date_construct(element: Any, name: str) -> datetime:
    text = text_of(element, name)
    assert RFC_3339.fullmatch(text), text  # RFC 4287 §3.3: RFC 3339, upper case T and Z
    return datetime.fromisoformat(text)


def _text_construct(element: Any, name: str) -> None:
    assert one(element, name).get("type") in ("text", "html")  # RFC 4287 §3.1.1
    text_of(element, name)


def _atom_links(element: Any) -> None:
    seen = set()
    for link in element.findall(f"{ATOM}link"):
        assert set(link.attrib) <= LINK_ATTRIBUTES  # §4.2.7
        assert is_address(link.get("href"))  # §4.2.7.1
        if link.get("rel", "alternate") == "alternate":  # §4.1.1, §4.1.2: one of a type and language
            key = (link.get("type"), link.get("hreflang"))
            assert key not in seen
            seen.add(key)
        assert not len(link)


def check_atom(content: bytes) -> list[Any]:
    """RFC 4287; gives the entries."""
    feed = tree(content)
    assert feed.tag == f"{ATOM}feed"  # §4.1.1
    children = {ATOM + name for name in ("id", "title", "subtitle", "link", "updated", "author", "entry")}
    assert {child.tag for child in feed} <= children
    assert is_address(text_of(feed, f"{ATOM}id"))  # §4.2.6: an IRI, which must not be relative
    _text_construct(feed, f"{ATOM}title")
    updated = _date_construct(feed, f"{ATOM}updated")
    _at_most_one(feed, f"{ATOM}subtitle", f"{ATOM}generator", f"{ATOM}icon", f"{ATOM}logo", f"{ATOM}rights")
    assert [link for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]  # §4.1.1: should
    _atom_links(feed)
    text_of(one(feed, f"{ATOM}author"), f"{ATOM}name")  # §4.1.1: where not each entry has one; §3.2.1
    assert feed.get(XML_LANG) == "es"
    entries = feed.findall(f"{ATOM}entry")
    seen = set()
    for entry in entries:
        identity = text_of(entry, f"{ATOM}id")
        assert is_address(identity)
        assert identity not in seen  # §4.1.1: an id twice needs another updated; we have none twice
        seen.add(identity)
        _text_construct(entry, f"{ATOM}title")
        changed, published = _date_construct(entry, f"{ATOM}updated"), _date_construct(entry, f"{ATOM}published")
        assert published <= changed <= updated
        _at_most_one(entry, f"{ATOM}content", f"{ATOM}summary", f"{ATOM}rights", f"{ATOM}source")
        _text_construct(entry, f"{ATOM}content")  # §4.1.3.1
        _atom_links(entry)
        assert [link for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"]
        assert all((category.get("term") or "").strip() for category in entry.findall(f"{ATOM}category"))  # §4.2.2.1
        assert is_address(text_of(entry, f"{IPTC}DigitalSourceType"))  # §6.4: an extension of another namespace
    return entries


def check_rss(content: bytes) -> list[Any]:
    """RSS 2.0 as the RSS Advisory Board has it, with its best practices; gives the items."""
    rss = tree(content)
    assert (rss.tag, rss.get("version"), len(rss)) == ("rss", "2.0", 1)
    channel = one(rss, "channel")
    for name in ("title", "link", "description"):  # required of a channel
        text_of(channel, name)
    assert is_address(text_of(channel, "link"))
    assert text_of(channel, "language") == "es"
    assert RFC_822.fullmatch(text_of(channel, "lastBuildDate"))
    own = one(channel, f"{ATOM}link")  # best practice: the feed names itself
    assert (own.get("rel"), own.get("type")) == ("self", "application/rss+xml")
    assert is_address(own.get("href"))
    items, seen = channel.findall("item"), set()
    plain = {"title", "link", "description", "category", "guid", "pubDate"}
    for item in items:
        assert {child.tag for child in item} == plain | {f"{IPTC}DigitalSourceType"} or not item.findall("category")
        text_of(item, "title")
        assert is_address(text_of(item, "link"))
        assert one(item, "guid").get("isPermaLink") == "false"
        assert text_of(item, "guid") not in seen
        seen.add(text_of(item, "guid"))
        assert RFC_822.fullmatch(text_of(item, "pubDate"))
        assert parsedate_to_datetime(text_of(item, "pubDate")) <= parsedate_to_datetime(
            text_of(channel, "lastBuildDate")
        )
        assert is_address(text_of(item, f"{IPTC}DigitalSourceType"))
    return items


def check_json_feed(content: bytes) -> list[dict[str, Any]]:
    """JSON Feed 1.1; gives the items."""
    feed = json.loads(content.decode("utf-8"))  # RFC 8259: UTF-8, without a byte order mark
    assert feed["version"] == "https://jsonfeed.org/version/1.1"  # required
    assert isinstance(feed["title"], str)
    assert feed["title"]  # required
    assert isinstance(feed["items"], list)  # required
    assert is_address(feed["home_page_url"])
    assert is_address(feed["feed_url"])
    assert feed["language"] == "es"
    assert all(set(author) & {"name", "url", "avatar"} for author in feed["authors"])
    known = {"version", "title", "home_page_url", "feed_url", "description", "language", "authors", "items"}
    assert set(feed) == known
    fields = {
        "id", "url", "external_url", "title", "content_html", "content_text", "summary", "date_published",
        "date_modified", "tags", "language",
    }  # fmt: skip
    for item in feed["items"]:
        assert all(name in fields or re.fullmatch(r"_[a-zA-Z]\w*", name) for name in item)  # extensions begin with _
        assert isinstance(item["id"], str)
        assert item["id"]  # required, unique
        assert item["content_text"]
        assert item["content_html"]  # one of both is required
        assert is_address(item["url"])
        assert is_address(item.get("external_url", item["url"]))
        assert all(RFC_3339.fullmatch(item[name]) for name in ("date_published", "date_modified"))
        assert all(isinstance(tag, str) and tag for tag in item["tags"])
        assert is_address(item["_boi"]["about"])  # best practice: an extension says where it is described
    assert len({item["id"] for item in feed["items"]}) == len(feed["items"])
    return feed["items"]
