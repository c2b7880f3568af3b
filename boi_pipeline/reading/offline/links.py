"""Where to apply: one of the notice's own links, by its words; share, login and shortened links never."""

import re
from urllib.parse import urlsplit

from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.quotes import collapse, fold
from scrapers.notice import Link

SHORTENERS = frozenset(
    "bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly cutt.ly rebrand.ly shorturl.at rb.gy t.ly tiny.cc lnkd.in s.id bitly.com acortar.link short.io".split()
)
SOCIAL = frozenset(
    "facebook.com twitter.com x.com instagram.com linkedin.com youtube.com youtu.be t.me telegram.me telegram.org wa.me whatsapp.com api.whatsapp.com "
    "chat.whatsapp.com pinterest.com reddit.com tiktok.com threads.net flipboard.com mastodon.social bsky.app plus.google.com".split()
)
FREE_HOSTS = ("docs.google.com", "forms.gle", "forms.office.com", "typeform.com", "wixsite.com", "blogspot.com", "wordpress.com", "weebly.com", "jotform.com", "surveymonkey.com", "sites.google.com", "airtable.com", "tally.so")  # fmt: skip
_SHARE = re.compile(r"/(?:share|sharer|intent|login|signin|register/?\?redirect|wp-login|cart|feed|tag|category|author|privacy|cookies)\b|[?&](?:share|replytocom)=", re.IGNORECASE)
_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|mp4|zip)$", re.IGNORECASE)


def host_of(url: str) -> str:
    """The host of a URL, lower case, without ``www.``; empty where it is no http(s) URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return (parts.hostname or "").removeprefix("www.") if parts.scheme in ("http", "https") else ""


def read_link(page: Page) -> None:
    """Write apply_url: the best of the notice's links whose words stand in the text."""
    own = host_of(page.notice.url)
    ranked = sorted(
        ((score, -i, link) for i, link in enumerate(page.notice.links[:400]) if (score := _score(page, link, own)) > 0),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    for score, _, link in ranked:
        core = _stands(page, link)
        if core and page.state("apply_url", link.url, "link.anchor", min(0.95, 0.5 + score / 20), core, page.segment(core[0])):
            return


def _score(page: Page, link: Link, own: str) -> float:
    host, words = host_of(link.url), _bare(link.text or link.url)
    if not host or host in SHORTENERS or host in SOCIAL or any(host.endswith("." + name) for name in SOCIAL):
        return 0
    if _SHARE.search(link.url) or _FILE.search(urlsplit(link.url).path) or len(link.text) > 200:
        return 0
    if words in _list("apply.skip", page) or any(words.startswith(skip + " ") for skip in _list("apply.skip", page)):
        return 0
    anchors = _list("apply.anchor", page)
    score = 0.0
    if words in anchors:
        score = 9.0
    elif any(f" {anchor} " in f" {words} " for anchor in anchors):
        score = 7.0
    elif host != own and _led_by_apply(page, link):
        score = 5.0
    if score and host != own:
        score += 1.5
    if score and urlsplit(link.url).path.rstrip("/") == "" and host == own:
        score -= 4.0
    return score


def _bare(text: str) -> str:
    return re.sub(r"[^\w' -]+", " ", fold(collapse(text))).strip(" -'").replace("  ", " ")


_LISTS: dict[tuple[str, frozenset[str]], frozenset[str]] = {}


def _list(key: str, page: Page) -> frozenset[str]:
    from boi_pipeline.reading.offline.lexicon import lexicons

    known = (key, page.languages)
    if known not in _LISTS:
        section, name = key.split(".")
        _LISTS[known] = frozenset(
            phrase.rstrip("*") for language in page.languages if language in lexicons() for phrase, _ in lexicons()[language][section][name]
        )
    return _LISTS[known]


def _stands(page: Page, link: Link) -> Span | None:
    """Where the link's words, or its address, stand in the text (view positions): the last place, where one applies."""
    for told in (link.text, link.url):
        wanted = fold(collapse(told))
        if len(wanted) < 2:
            continue
        at = page.folded.replace("\n", " ").rfind(wanted)
        if at >= 0:
            return at, at + len(wanted)
    return None


def _led_by_apply(page: Page, link: Link) -> bool:
    """The sentence that holds the link, or the line before, speaks of applying."""
    core = _stands(page, link)
    if core is None:
        return False
    number = page.view.segment_at(core[0])
    low = page.segments[max(0, number - 1)][0]
    return page.any("apply.anchor", (max(low, core[0] - 120), page.segments[number][1]))
