"""JSON-LD in schema.org's words (version 30) about the pages of the site.

Here: what every page says of itself, and the escaping that lets JSON stand inside HTML. What a note's page says of its
opportunity is ``structured_note``'s.
"""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from boi_pipeline.entity import EntityFile
from boi_pipeline.publishing.bulletin import Bulletin
from boi_pipeline.publishing.handed import Attached
from boi_pipeline.publishing.text import plain
from boi_pipeline.publishing.writer import site_root

Crumbs = Sequence[tuple[str, str]]  # (name, path under the root), from home's child to the page

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SCHEMA = "https://schema.org/"
_ESCAPED = re.compile(r'\\[bfru]|:"\s*"[,}]')  # in JSON: a control character, or a text that says nothing
SOURCES = {
    "algorithmicMedia": "AlgorithmicMediaDigitalSource",
    "trainedAlgorithmicMedia": "TrainedAlgorithmicMediaDigitalSource",
    "compositeWithTrainedAlgorithmicMedia": "CompositeWithTrainedAlgorithmicMediaDigitalSource",
    "humanEdits": "MinorHumanEditsDigitalSource",  # IPTC's older name of it, the one schema.org has
}


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def script_safe(value: Any) -> Markup:
    """JSON that cannot end the script element it stands in, nor open another or a comment; its texts are ``plain``."""
    text = _dumped(value)
    if not text.isprintable() or _ESCAPED.search(text):
        text = _dumped(_clean(value))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  # nothing in it can be read as markup any more


def organisation(entity: EntityFile) -> dict[str, Any]:
    """The entity as schema.org GovernmentOrganization."""
    return {"@type": "GovernmentOrganization", "name": entity.name, "url": entity.site_url}


def described_page(
    bulletin: Bulletin, kind: str, path: str, name: str, description: str, crumbs: Crumbs
) -> dict[str, Any]:
    """What every page says of itself: its place in the site and who answers for it."""
    entity = bulletin.entity
    root = site_root(entity)
    trail = [("Inicio", ""), *crumbs]
    return {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": root + path,
        "url": root + path,
        "name": name,
        "description": description,
        "inLanguage": "es",
        "isPartOf": {"@type": "WebSite", "@id": f"{root}#sitio", "name": entity.bulletin, "url": root},
        "publisher": organisation(entity),
        "breadcrumb": {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "position": place,
                    "name": title,
                    "item": {"@type": "WebPage", "@id": root + where},
                }
                for place, (title, where) in enumerate(trail, 1)
            ],
        },
    }


def page_data(bulletin: Bulletin, path: str, name: str, description: str, *, kind: str = "WebPage") -> Markup:
    """JSON-LD of a page of the site's own words, right below home."""
    return script_safe(described_page(bulletin, kind, path, name, description, [(name, path)]))


def list_data(
    bulletin: Bulletin, path: str, name: str, description: str, items: Iterable[tuple[str, str]], *, crumbs: Crumbs = ()
) -> Markup:
    """JSON-LD of a page that lists others: (name, path under the root), in their order."""
    page = described_page(bulletin, "CollectionPage", path, name, description, [*crumbs, (name, path)])
    page["mainEntity"] = {
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": title, "url": site_root(bulletin.entity) + where}
            for place, (title, where) in enumerate(items, 1)
        ],
    }
    return script_safe(page)


def article_data(
    bulletin: Bulletin,
    path: str,
    name: str,
    description: str,
    *,
    published: date,
    word_count: int,
    is_generative: bool,
    about: Iterable[tuple[str, str]],
    crumbs: Crumbs = (),
) -> Markup:
    """JSON-LD of a week's article: the page and a NewsArticle about the notes of ``about`` (name, path under the root)."""
    root = site_root(bulletin.entity)
    page = described_page(bulletin, "WebPage", path, name, description, [*crumbs, (name, path)])
    made = "compositeWithTrainedAlgorithmicMedia" if is_generative else "humanEdits"
    page["mainEntity"] = {
        "@type": "NewsArticle",
        "headline": name,
        "abstract": description,
        "url": root + path,
        "mainEntityOfPage": root + path,
        "inLanguage": "es",
        "isAccessibleForFree": True,
        "datePublished": published.isoformat(),
        "wordCount": word_count,
        "author": organisation(bulletin.entity),
        "publisher": organisation(bulletin.entity),
        "digitalSourceType": SCHEMA + SOURCES[made],
        "mentions": [{"@type": "WebPage", "@id": root + where, "name": title} for title, where in about],
    }
    return script_safe(page)


def dataset_data(bulletin: Bulletin, path: str, name: str, description: str, data: Attached, folder: str) -> Markup:
    """JSON-LD of the open-data page: one Dataset with a distribution for each file that stands under ``folder``."""
    entity = bulletin.entity
    root = site_root(entity)
    page = described_page(bulletin, "WebPage", path, name, description, [(name, path)])
    days = [one.edition.edition_date for one in bulletin.editions]
    page["mainEntity"] = {
        "@type": "Dataset",
        "@id": f"{root}{folder}#dataset",  # as the catalogue record beside the files names it
        "name": f"{entity.bulletin}: convocatorias",
        "description": "Convocatorias internacionales revisadas y aprobadas por una persona, con sus cierres, condiciones y "
        f"enlaces oficiales. Publica {entity.name}.",
        "url": root + path,
        "license": LICENCE,
        "isAccessibleForFree": True,
        "inLanguage": "es",
        "creator": organisation(entity),
        "publisher": organisation(entity),
        "dateModified": data.as_of.astimezone(bulletin.zone).date().isoformat(),
        "keywords": ["becas", "convocatorias", "cooperación internacional", "oportunidades internacionales", "ODS"],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": one.name,
                "contentUrl": root + folder + quote(one.name),
                "encodingFormat": MEDIA_TYPES[one.suffix],
                "contentSize": f"{one.size} B",
                "sha256": one.sha256,
            }
            for one in data.files
            if one.suffix in MEDIA_TYPES
        ],
    }
    if days:
        page["mainEntity"]["temporalCoverage"] = f"{min(days).isoformat()}/{max(days).isoformat()}"
    return script_safe(page)


def site_data(bulletin: Bulletin) -> Markup:
    """JSON-LD of the home page: the site and who answers for it."""
    root = site_root(bulletin.entity)
    site = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "@id": f"{root}#sitio",
        "name": bulletin.entity.bulletin,
        "url": root,
        "inLanguage": "es",
        "publisher": organisation(bulletin.entity),
    }
    return script_safe(site)


def _clean(value: Any) -> Any:
    """Without characters nobody sees, and without what has nothing to say."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        kept = {name: _clean(part) for name, part in value.items()}
        return {name: part for name, part in kept.items() if not (isinstance(part, str) and not part.strip())}
    return [_clean(part) for part in value] if isinstance(value, list) else value
