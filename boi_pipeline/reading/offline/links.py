"""Where to apply: one of the notice's own links, by its words; share, login and shortened links never."""

import functools
import re
from urllib.parse import urlsplit

from boi_pipeline.hosts import host_of, is_among
from boi_pipeline.reading.offline.lexicon import lexicons
from boi_pipeline.reading.offline.page import Page, Span
from boi_pipeline.reading.quotes import collapse, fold
from scrapers.notice import Link

_SHARE = re.compile(
    r"/(?:share|sharer|intent|login|signin|register/?\?redirect|wp-login|cart|feed|tag|category|author|privacy|cookies)\b|[?&](?:share|replytocom)=",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"(?:^|[/_.-])(?:appl(?:y|ication)|postul\w*|candidat\w*|inscri\w*|regist\w*|submi\w*|form\w*|bewerb\w*|enrol\w*|nominat\w*)(?:$|[/_.-])",
    re.IGNORECASE,
)
_FILE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|mp4|zip)$", re.IGNORECASE)


def read_link(page: Page) -> None:
    """Write apply_url: the best of the notice's links whose words stand in the text."""
    own = host_of(page.notice.url)
    links = [link for link in page.notice.links[:400] if _usable(page, link)]
    alone = len({link.url for link in links}) == 1
    ranked = sorted(
        ((score, -i, link) for i, link in enumerate(links) if (score := _score(page, link, own) + 2.0 * alone) > 0),
        key=lambda entry: entry[:2],
        reverse=True,
    )
    for score, _, link in ranked:
        core = _stands(page, link)
        if core and page.state(
            "apply_url", link.url, "link.anchor", min(0.95, 0.5 + score / 20), core, page.segment(core[0])
        ):
            return


def _usable(page: Page, link: Link) -> bool:
    """Neither a share, login or social link, nor a shortened one or a picture, nor the page itself."""
    host, words = host_of(link.url), _bare(link.text or link.url)
    if not host or is_among(host, "shorteners") or is_among(host, "social") or link.url == page.notice.url:
        return False
    if _SHARE.search(link.url) or _FILE.search(urlsplit(link.url).path) or len(link.text) > 200:
        return False
    skips = _phrases("apply.skip", page.languages)
    return words not in skips and not any(words.startswith(skip + " ") for skip in skips)


def _score(page: Page, link: Link, own: str) -> float:
    host, words = host_of(link.url), _bare(link.text or link.url)
    anchors = _phrases("apply.anchor", page.languages)
    score = 0.0
    if words in anchors:
        score = 9.0
    elif any(f" {anchor} " in f" {words} " for anchor in anchors):
        score = 7.0
    elif host != own and _led_by_apply(page, link):
        score = 5.0
    if _PATH.search(urlsplit(link.url).path):
        score += 4.0
    if score and host != own:
        score += 1.5
    if score and urlsplit(link.url).path.rstrip("/") == "" and host == own:
        score -= 4.0
    return score


def _bare(text: str) -> str:
    return re.sub(r"[^\w' -]+", " ", fold(collapse(text))).strip(" -'").replace("  ", " ")


@functools.cache
def _phrases(key: str, languages: frozenset[str]) -> frozenset[str]:
    section, name = key.split(".")
    return frozenset(
        phrase.rstrip("*")
        for language, sections in lexicons().items()
        if language in languages
        for phrase, _ in sections[section][name]
    )


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
