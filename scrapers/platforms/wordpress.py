"""WordPress sites, through their REST API. A post is an item; its key is the post's id.

Once known, only what was modified since is asked for, unless the listing must be complete so that absence can be
told. Where the API gives no text, or only a part (page builders), the post's page is read.
Format: https://developer.wordpress.org/rest-api/reference/posts/ .
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from scrapers.notice import Hint, Notice
from scrapers.platforms.base import Output, PlatformSpider, capture_id, header
from scrapers.platforms.found import Found
from scrapers.platforms.options.wordpress import WordPressOptions
from scrapers.run import Gone, Malformed
from scrapers.text import chosen_language, clean, fragment, plain_line, without
from scrapers.urls import absolute_url

FIELDS = "id,slug,link,date_gmt,modified_gmt,title,excerpt,content,categories,class_list,lang"
CONTENT = (".entry-content", "article", "main")  # where themes put a post's text, the best first
OVERLAP = timedelta(hours=26)  # modified_after is compared with the site's local time, whose zone is not told


class WordPressSpider(PlatformSpider[WordPressOptions]):
    """Reads posts, newest change first."""

    platform = "wordpress"
    version = 1

    def first_requests(self) -> Iterable[Request]:
        """The first page of posts."""
        since = self._since()
        if since:
            self.run.carry_over()
        yield self._ask_page(1, since)

    def _since(self) -> datetime | None:
        previous, newest = self.run.known.previous, self.run.known.newest_modified_at
        if self.source.complete_listing or previous is None or previous.error_count or newest is None:
            return None
        return newest - OVERLAP

    def _ask_page(self, page: int, since: datetime | None) -> Request:
        options = self.options
        query: dict[str, str | int] = {"per_page": options.per_page, "page": page, "orderby": "modified"}
        if options.categories:
            query["categories"] = ",".join(map(str, options.categories))
        if options.categories_exclude:
            query["categories_exclude"] = ",".join(map(str, options.categories_exclude))
        if since:
            query["modified_after"] = since.strftime("%Y-%m-%dT%H:%M:%S")
        query["_fields"] = FIELDS
        url = f"{self._posts_url}?{urlencode(query, safe=',:')}"
        return self.ask(url, self.parse_posts, page=page, since=since)

    @property
    def _posts_url(self) -> str:
        return f"{self.source.url.rstrip('/')}/wp-json/wp/v2/posts"

    def page_request(self, notice: Notice) -> Request | None:
        """The post by its id."""
        query = urlencode({"include": notice.item_key, "_fields": FIELDS}, safe=",:")
        return self.ask(f"{self._posts_url}?{query}", self.parse_again, item_key=notice.item_key, key=notice.item_key)

    def parse_again(self, response: Response, key: str) -> Output:
        """The answer for one post. Raises Gone where it is no longer there."""
        if not any(str(post["id"]) == key for post in _posts(self.json(response), response.url)):
            raise Gone(f"{response.url}: la entrada {key} ya no está publicada")
        yield from self.parse_posts(response, page=1, since=None)

    def parse_posts(self, response: Response, page: int, since: datetime | None) -> Output:
        """One page of posts. Raises Malformed for what is not a list of posts."""
        posts = _posts(self.json(response), response.url)
        asked = 0
        for post in posts:
            key, link = str(post["id"]), absolute_url(response.url, str(post.get("link") or ""))
            found = self._found(post, key, link, response)
            if not self.run.listed(key) or not self.options.wants(found.title, _terms(post, "category")):
                continue
            has_text = bool(_rendered(post, "content").strip()) and self.options.follow != "always"
            if has_text or self.options.follow == "never" or link is None:
                yield from self.hand_over(found, roundups=self.options.roundups, shown=str(found.modified_at))
                continue
            if asked >= self.options.max_details:
                self.run.sighted(key)
            elif self.run.needs_page(key, f"{found.title}\n{found.modified_at}", revisit=False):
                asked += 1
                is_known = self.run.known.has(key)
                yield self.ask(link, self.parse_page, item_key=key, conditional=is_known, found=found)
        total = header(response, "X-WP-TotalPages")
        pages = int(total) if total.isdigit() else page + (len(posts) >= self.options.per_page)
        if page < pages:
            if page < self.options.pages:
                yield self._ask_page(page + 1, since)
            elif self.source.complete_listing:
                self.run.fail("failed", f"Hay {pages} páginas y se leen {page}: suba options.pages o per_page.")

    def parse_page(self, response: Response, found: Found) -> Output:
        """The text of a post from its page. Raises ChangedShape where the selector finds nothing."""
        if response.status == 304:
            self.run.confirmed(found.item_key)
            return
        selectors = [self.options.content] if self.options.content else CONTENT
        page = without(self.page(response), self.options.remove)
        whole = self.read_page(response, page, found, selectors)
        yield from self.hand_over(whole, roundups=self.options.roundups)
        self.remember(response)

    def _found(self, post: dict[str, Any], key: str, link: str | None, response: Response) -> Found:
        url = link or self.source.url
        hints = []
        for label, taxonomy in [("Categories", "category"), *((name, name) for name in self.options.taxonomies)]:
            if terms := _terms(post, taxonomy):
                hints.append(Hint(label=label, value=", ".join(terms)))
        markup = _rendered(post, "content") or _rendered(post, "excerpt")
        return Found(
            item_key=key,
            url=url,
            title=plain_line(_rendered(post, "title")),
            node=clean([without(fragment(markup), self.options.remove)]),
            base_url=url,
            capture_id=capture_id(response),
            language=chosen_language(self.source.language, self.run.languages, _text(post.get("lang"))),
            hints=tuple(hints),
            published_at=_instant(post.get("date_gmt")),
            modified_at=_instant(post.get("modified_gmt")),
        )


def _posts(posts: Any, url: str) -> list[dict[str, Any]]:
    if not isinstance(posts, list) or not all(
        isinstance(post, dict) and isinstance(post.get("id"), int) for post in posts
    ):
        raise Malformed(f"{url} no respondió una lista de entradas de WordPress")
    return posts


def _rendered(post: dict[str, Any], field: str) -> str:
    value = post.get(field)
    return _text(value.get("rendered")) if isinstance(value, dict) else ""


def _terms(post: dict[str, Any], taxonomy: str) -> list[str]:
    """The terms of a taxonomy as words, from ``class_list``, which is an array or an object with gaps."""
    given = post.get("class_list") or []
    names = given.values() if isinstance(given, dict) else given
    prefix = f"{taxonomy}-"
    return [str(name).removeprefix(prefix).replace("-", " ") for name in names if str(name).startswith(prefix)]


def _instant(value: Any) -> datetime | None:
    """A ``*_gmt`` field: ISO 8601 in UTC without its suffix."""
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)
    except ValueError:
        return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
