"""The host of a URL, and the known hosts by which an application link is judged. The lists are data: ``hosts.yml``."""

import functools
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from scrapers.yamlfile import parse_yaml

HostKind = Literal["shorteners", "social", "free", "platforms", "institutions"]
KINDS: tuple[HostKind, ...] = get_args(HostKind)
_LISTS = Path(__file__).with_suffix(".yml")


@functools.cache
def hosts(kind: HostKind) -> frozenset[str]:
    """The hosts of a kind: a link's host is one of them where it equals one or is below it."""
    listed = parse_yaml(_LISTS.read_text(encoding="utf-8"), _LISTS)[kind]
    return frozenset(host.strip() for host in listed.split(","))


def is_among(host: str, kind: HostKind) -> bool:
    """Whether a host is one of a kind, or below one."""
    return any(host == known or host.endswith("." + known) for known in hosts(kind))


def host_of(url: str) -> str:
    """The host of a URL, lower case, without ``www.``; empty where it is no http(s) URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""
