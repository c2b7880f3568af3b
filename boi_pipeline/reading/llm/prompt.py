"""Prompts: versioned files, and the messages of a request.

The fixed part comes first and is the same for every notice, so that providers' prompt caches work; the notice comes last. A
prompt file names the schema it was written for: neither may change without a new version (a test keeps the hashes).
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from boi_pipeline.personal_data import MASK
from boi_pipeline.reading.context import ReadingContext
from boi_pipeline.reading.llm.wire import answer_shape
from boi_pipeline.reading.orders import order_spans, silenced
from boi_pipeline.reading.quotes import TextView, view_of
from boi_pipeline.records import canonical_json, sha256_hex
from scrapers.notice import Link, Notice
from scrapers.yamlfile import ConfigError, parse_yaml

FOLDER = Path(__file__).resolve().parent / "prompts"
READ, DRAFT, MATCH = "read-1", "draft-2", "match-1"
MAX_TEXT = 24_000  # characters of a notice that are sent
MAX_LINKS = 60

Message = dict[str, str]


@dataclass(frozen=True)
class Prompt:
    """A prompt file: its version, the hash of the schema it goes with, its text with ``{placeholders}``."""

    version: str
    schema_sha256: str
    text: str


@functools.cache
def load_prompt(version: str) -> Prompt:
    """Read ``prompts/<version>.md``. Raises ConfigError where its head is not as expected."""
    path = FOLDER / f"{version}.md"
    head = re.fullmatch(r"---\n(.*?)\n---\n(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    if head is None:
        raise ConfigError(path, 1, "", "expected a head between two lines of ---, with version and schema_sha256")
    told = parse_yaml(head[1], path, 2)
    if told.get("version") != version:
        raise ConfigError(path, 2, "version", f"expected {version}, as the file is named")
    return Prompt(version, str(told.get("schema_sha256", "")), head[2].strip())


def schema_hash(schema: dict[str, Any]) -> str:
    """sha256 of a JSON schema, its keys sorted."""
    return sha256_hex(canonical_json(schema))


def prompt_hash(prompt: Prompt, schema: dict[str, Any]) -> str:
    """Eight hex digits of a prompt's text and schema: part of the versions of what is made with it."""
    return sha256_hex(prompt.text + schema_hash(schema))[:8]


def fill(prompt: Prompt, **parts: str) -> str:
    """A prompt's text with its placeholders filled; other braces stay."""
    return re.sub(r"\{(\w+)\}", lambda match: parts.get(match[1], match[0]), prompt.text)


def system_of(prompt: Prompt, schema: dict[str, Any], context: ReadingContext) -> str:
    """The fixed part of every reading: rules, terms, home country, schema."""
    shown = ("opportunity_types", "funding_instruments", "funding_levels", "coverage", "applicant_types", "audiences", "isced_levels", "sdg_goals", "close_models", "deadline_stages")  # fmt: skip
    terms = []
    for name in shown:
        vocabulary = context.vocabularies.get(name)
        if vocabulary:
            told = ", ".join(f"{code} ({term.en})" if term.en else code for code, term in vocabulary.terms.items())
            terms.append(f"{name}: {told}")
    groups = context.vocabularies.get("country_groups")
    home = context.home_country
    if groups:
        terms.append("groups of countries: " + ", ".join(f"{code} ({term.en})" for code, term in groups.terms.items()))
        own = [code for code, term in groups.terms.items() if home in term.members]
        home += ", which belongs to " + ", ".join(own)
    return fill(prompt, terms="\n".join(terms), home=home, shape=answer_shape(schema))


@dataclass(frozen=True)
class Shown:
    """A notice as a model is shown it."""

    view: TextView
    links: list[Link]  # numbered from 1
    user: str


def show(notice: Notice, most: int = MAX_TEXT, most_links: int = MAX_LINKS) -> Shown:
    """The last message of a reading: the page, without what nobody sees, personal data, and orders to a machine.

    ``most`` characters of its text and so many of its links."""
    view = view_of(notice.text)
    body = _without_orders(view)[:most]
    links = [link for link in notice.links if link.text.strip() or link.url][:most_links]
    code = sha256_hex(notice.text)[:12]
    told = "\n".join(
        f"[{number}] {' '.join(_without_orders(TextView(link.text)).split())[:120]} — {_without_orders(TextView(link.url))[:200]}"
        for number, link in enumerate(links, start=1)
    )
    posted = notice.published_at.date().isoformat() if notice.published_at else "unknown"
    user = (
        f"Source language: {notice.language}. The source writes dates as {notice.date_order}. Published: {posted}. "
        f"The source's own time zone: {notice.timezone or 'unknown'}.\n"
        f"<<<ANNOUNCEMENT {code}>>>\n{body}\n<<<LINKS {code}>>>\n{told or 'none'}\n<<<END {code}>>>"
    )
    return Shown(view, links, user)


def _without_orders(view: TextView) -> str:
    text = list(view.text)
    for start, end in silenced(view, order_spans(view)):
        text[start:end] = [char if char.isspace() else MASK for char in text[start:end]]
    return "".join(text).strip()


def messages(system: str, user: str) -> list[Message]:
    """The messages of a first request."""
    return [{"role": "system", "content": system}, {"role": "user", "content": user}]


def repair(first: list[Message], answer: str, problem: str) -> list[Message]:
    """The messages of the one repair round: what the model said, and what was wrong with it."""
    return [
        *first,
        {"role": "assistant", "content": answer[:20_000]},
        {
            "role": "user",
            "content": f"That answer cannot be used: {problem[:2000]}\nAnswer again, with one JSON object of the schema and nothing else.",
        },
    ]
