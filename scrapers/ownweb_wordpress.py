"""The part of an own web that behaves like WordPress: its REST API and post pages, computed from post files.

Posts are ``<host>/posts/*.yaml`` (``Post`` below; site time is UTC). Answered are ``/wp-json/wp/v2/posts`` with
``page per_page orderby order after before modified_after categories categories_exclude search _fields``,
``/wp-json/wp/v2/categories``, and each post's page at ``/<yyyy>/<mm>/<slug>/``. Format:
https://developer.wordpress.org/rest-api/reference/posts/ . Plain files and status rules belong to ``ownweb``.
"""

import html
import json
import math
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import parse_qs

from pydantic import BaseModel, ConfigDict, Field, field_validator

Given = tuple[int, dict[str, str], bytes]
JSON = {"Content-Type": "application/json; charset=UTF-8"}


class WordPress(BaseModel):
    """The ``wordpress`` part of ``_site.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    categories: dict[str, int] = Field(default_factory=dict)  # slug → id
    class_list: Literal["array", "object"] = "array"
    language: str = "es"


class Post(BaseModel):
    """``posts/<name>.yaml``: one post; a later day's file with the same id replaces it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: int
    slug: str
    date: datetime
    modified: datetime | None = None
    title: str  # HTML, as WordPress renders it
    content: str  # HTML
    excerpt: str = ""
    categories: list[str | int] = Field(default_factory=list)
    language: str | None = None
    empty_rendered: bool = False  # a page builder's post: the API gives no body, the page does
    deleted: bool = False

    @field_validator("date", "modified")
    @classmethod
    def _site_time(cls, value: datetime | None) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value and value.tzinfo else value

    @property
    def path(self) -> str:
        return f"/{self.date:%Y}/{self.date:%m}/{self.slug}/"

    @property
    def modified_at(self) -> datetime:
        return self.modified or self.date


def answer(site: WordPress, posts: list[Post], host: str, path: str, query: str) -> Given | None:
    """The response to a path of a WordPress host as (status, headers, body); None where it has none of its own."""
    asked = {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
    if path.rstrip("/") == "/wp-json/wp/v2/posts":
        return _posts(site, posts, host, asked)
    if path.rstrip("/") == "/wp-json/wp/v2/categories":
        return 200, JSON, _json([{"id": number, "slug": slug} for slug, number in site.categories.items()])
    for post in posts:
        if path.rstrip("/") == post.path.rstrip("/"):
            return 200, {"Content-Type": "text/html; charset=UTF-8"}, _page(site, post, host).encode()
    return None


def _posts(site: WordPress, posts: list[Post], host: str, asked: dict[str, str]) -> Given:
    try:
        page, per_page = int(asked.get("page", 1)), int(asked.get("per_page", 10))
        bounds = {name: _instant(asked[name]) for name in ("after", "before", "modified_after") if name in asked}
        wanted, unwanted = (_numbers(asked.get(name, "")) for name in ("categories", "categories_exclude"))
        included = _numbers(asked.get("include", ""))
    except ValueError:
        return _error("rest_invalid_param", "Invalid parameter(s)")
    if page < 1 or not 1 <= per_page <= 100:
        return _error("rest_invalid_param", "Invalid parameter(s): page, per_page")
    found = [
        post
        for post in posts
        if ("after" not in bounds or post.date > bounds["after"])
        and ("before" not in bounds or post.date < bounds["before"])
        and ("modified_after" not in bounds or post.modified_at > bounds["modified_after"])
        and (not included or post.id in included)
        and (not wanted or wanted & _ids(site, post))
        and not unwanted & _ids(site, post)
        and asked.get("search", "").lower() in f"{post.title} {post.content}".lower()
    ]
    order = {"date": lambda post: post.date, "modified": lambda post: post.modified_at, "id": lambda post: post.id}
    if asked.get("orderby", "date") not in order:
        return _error("rest_invalid_param", "Invalid parameter(s): orderby")
    found.sort(key=lambda post: post.id)
    found.sort(key=order[asked.get("orderby", "date")], reverse=asked.get("order", "desc") == "desc")
    pages = math.ceil(len(found) / per_page)
    if page > max(pages, 1):
        return _error("rest_post_invalid_page_number", "The page number requested is larger than the number of pages.")
    shown = [_as_json(site, post, host) for post in found[(page - 1) * per_page : page * per_page]]
    if "_fields" in asked:
        fields = {name.split(".")[0] for name in asked["_fields"].split(",")}
        shown = [{name: value for name, value in post.items() if name in fields} for post in shown]
    return 200, {**JSON, "X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}, _json(shown)


def _as_json(site: WordPress, post: Post, host: str) -> dict[str, Any]:
    classes = [f"post-{post.id}", "post", "type-post", "status-publish"]
    slugs = {number: slug for slug, number in site.categories.items()}
    classes += [f"category-{slugs.get(number, number)}" for number in sorted(_ids(site, post))]
    return {
        "id": post.id,
        "date": post.date.isoformat(),
        "date_gmt": post.date.isoformat(),
        "modified": post.modified_at.isoformat(),
        "modified_gmt": post.modified_at.isoformat(),
        "slug": post.slug,
        "status": "publish",
        "type": "post",
        "link": f"http://{host}{post.path}",
        "title": {"rendered": post.title},
        "content": {"rendered": "" if post.empty_rendered else post.content, "protected": False},
        "excerpt": {"rendered": post.excerpt, "protected": False},
        "categories": sorted(_ids(site, post)),
        "lang": post.language or site.language,
        # WordPress answers an object with gaps where a filter removed a class from the array
        "class_list": classes if site.class_list == "array" else {str(2 * n): name for n, name in enumerate(classes)},
    }


def _page(site: WordPress, post: Post, host: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{html.escape(post.language or site.language)}">\n<head><meta charset="utf-8">'
        f"<title>{post.title} - {html.escape(host)}</title></head>\n<body>\n"
        f'<nav><a href="/">{html.escape(host)}</a></nav>\n<main><article class="post-{post.id}">\n'
        f'<h1 class="entry-title">{post.title}</h1>\n<time datetime="{post.date.isoformat()}">{post.date:%Y-%m-%d}</time>\n'
        f'<div class="entry-content">\n{post.content}\n</div>\n</article></main>\n'
        f"<footer>{html.escape(host)}</footer>\n</body>\n</html>\n"
    )


def _ids(site: WordPress, post: Post) -> set[int]:
    return {site.categories[name] if isinstance(name, str) else name for name in post.categories}


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)


def _numbers(text: str) -> set[int]:
    return {int(part) for part in text.split(",") if part}


def _error(code: str, message: str) -> Given:
    return 400, JSON, _json({"code": code, "message": message, "data": {"status": 400}})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
