"""From an address to a proposed source file: look at the website, find a platform that reads it, and try it.

Nothing false is proposed: what does not give a notice when it is tried is no proposal, and what nobody has checked is
said in ``unknown``. The looking itself is ``scrapers.probe``; asking people, and writing the file, are the command's.
"""

import re
import shutil
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from boi_pipeline.settings import Home
from boi_pipeline.stages.crawling import crawl
from boi_pipeline.stages.run import Run
from boi_pipeline.trial import Trial, try_source
from scrapers.files import write_text
from scrapers.loader import load_source, options_of
from scrapers.outcome import ADVICE, GOOD, SourceResult
from scrapers.platforms.options import PLATFORMS
from scrapers.probe import LOOK, Look
from scrapers.source import Source
from scrapers.urls import canonical_url

SAMPLE = {"pages": 1, "max_details": 10}
"""Options of a trial, where the platform has them: the first page and some of its items say enough."""

GENERAL = ("feed", "wordpress", "sitemap", "inbox")
"""Platforms that say nothing of the place; of the others, a place's options fit its other pages too."""

_PUBLIC_HOST = re.compile(r"\.(gov|gob|gouv|go|gub|govt|edu|ac|int|mil)(\.[a-z]{2})?$|(^|\.)europa\.eu$")
_COMMON_PARTS = {"www", "com", "org", "net", "co", "gov", "gob", "edu", "int", "info", "test"}
_CADENCES = ((3.0, "daily"), (20.0, "weekly"))  # days between entries, at most
NEEDS_CODE = (
    "Para leerla con `platform: listing` faltan sus selectores CSS: `options.item` (cada tarjeta de la lista), "
    "`options.link` (su enlace, si no es el primero), `options.next` o `page_parameter` (las demás páginas) y "
    "`options.detail.content` (el texto en la página de cada convocatoria). Si no, anote el lugar en candidates.yaml."
)


@dataclass(frozen=True)
class Proposal:
    """What a look at an address came to."""

    url: str
    source_id: str
    folder: Path  # what was captured
    result: SourceResult  # of the look
    found: list[str] = field(default_factory=list)  # in words
    missing: list[str] = field(default_factory=list)  # why nothing is proposed, and what it would need
    text: str | None = None  # of the proposed file
    trial: Trial | None = None

    @property
    def works(self) -> bool:
        """Whether there is a file to write."""
        return self.text is not None and self.trial is not None and self.trial.is_good and bool(self.trial.notices)

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "url": self.url,
            "id": self.source_id,
            "outcome": self.result.outcome,
            "found": self.found,
            "missing": self.missing,
            "file": self.text if self.works else None,
            "kept_in": str(self.folder),
            "trial": self.trial.as_json() if self.trial else None,
        }


def propose(run: Run, url: str, source_id: str | None = None) -> Proposal:
    """Look at an address, propose a source for it and try that. Raises ConfigError, CrawlFailed, ValueError."""
    source_id = source_id or free_id(url, {source.id for source in run.sources})
    folder = run.home.folder / "proposals" / source_id
    shutil.rmtree(folder, ignore_errors=True)
    result, look = _look(run, source_id, url, folder)
    made = Proposal(url, source_id, folder, result)
    if look is None:
        return replace(made, missing=[f"{result.detail} {ADVICE[result.outcome]}"])
    found, draft = _draft(run, source_id, look)
    if draft is None:
        return replace(made, found=found, missing=_lacks(look))
    if watching := _watching(run, draft["url"]):
        return replace(made, found=found, missing=[f"Ya la mira la fuente {watching}: no hace falta otra."])
    trial = _try(run, draft, folder)
    missing = [] if trial.notices else [f"La propuesta no dio avisos: {trial.result.detail}", NEEDS_CODE]
    return replace(made, found=found, missing=missing, text=to_yaml(draft), trial=trial)


def free_id(url: str, taken: set[str]) -> str:
    """A source id made of an address's host, and not taken. Raises ValueError where there is no host."""
    host = urlsplit(url).hostname
    if not host:
        raise ValueError(f"{url}: expected an address such as https://example.org/calls")
    parts = [part for part in host.split(".") if part not in _COMMON_PARTS and len(part) > 2] or host.split(".")
    name = re.sub(r"[^a-z0-9]+", "_", "_".join(parts).lower()).strip("_")[:50]
    name = name if re.match(r"[a-z][a-z0-9_]", name) else f"source_{name}"
    numbered = (f"{name}_{number}" for number in range(2, len(taken) + 3))
    return next(one for one in (name, *numbered) if one not in taken)


def to_yaml(draft: dict[str, Any]) -> str:
    """A source file's text."""
    shown = CommentedMap(draft)
    if "options" in shown:
        shown["options"] = CommentedMap(shown["options"])
        shown["options"].fa.set_flow_style()
    writer = YAML()
    writer.width = 116
    writer.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    writer.dump(shown, out)
    return out.getvalue()


def _look(run: Run, source_id: str, url: str, folder: Path) -> tuple[SourceResult, Look | None]:
    """Send the probe; its sources folder holds one stand-in, whose address it looks at."""
    stand_in = {
        "id": source_id,
        "name": source_id,
        "platform": "feed",
        "url": url,
        "language": run.entity.file.languages[0],
        "authority": "aggregator",
        "may_be_empty": True,
    }
    sources = folder / "probe" / "sources"
    write_text(sources / f"{source_id}.yaml", to_yaml(stand_in), "proposal")
    load_source(sources / f"{source_id}.yaml")
    alone = replace(run, home=Home(folder, "probe"))
    (result,) = list(crawl(alone, [source_id], sources, settings={"SPIDER_LOADER_CLASS": "scrapers.probe.ProbeLoader"}))
    left = folder / "probe" / LOOK
    if result.outcome not in GOOD or not left.is_file():
        return result, None
    return result, Look.model_validate_json(left.read_bytes())


def _draft(run: Run, source_id: str, look: Look) -> tuple[list[str], dict[str, Any] | None]:
    """What was found, in words, and a source file's content where something can read the place."""
    twin = _same_host(run, look.final_url)
    found = [f"Otra fuente del mismo lugar: {twin.id} (platform: {twin.platform})."] if twin else []
    way = _known_way(look, twin) or _wordpress_way(look) or _feed_way(look) or _sitemap_way(look)
    if way is None:
        return found, None
    language = look.language or (look.feed.language if look.feed else None)
    guessed = "autoridad y cadencia supuestas" if language else "idioma, autoridad y cadencia supuestos"
    host = urlsplit(way.url).hostname or ""
    draft: dict[str, Any] = {
        "id": source_id,
        "name": look.site_name or (look.feed.title if look.feed else "") or look.title or host,
        "platform": way.platform,
        "url": way.url,
        "language": language or run.entity.file.languages[0],
        "authority": "official" if _PUBLIC_HOST.search(host) else "aggregator",
        "cadence": way.cadence,
        "unknown": [f"términos, contacto, orden de las fechas y zona horaria sin revisar; {guessed}", *way.unknown],
    }
    return [*found, way.told], {**draft, "options": way.options} if way.options else draft


@dataclass(frozen=True)
class _Way:
    """How a place can be read."""

    platform: str
    url: str
    told: str
    options: dict[str, Any] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    cadence: str = "daily"


def _known_way(look: Look, twin: Source | None) -> _Way | None:
    """By a platform made for this place: that of a source beside it, or one whose selectors fit the page."""
    if twin and twin.platform not in GENERAL:
        unknown = [f"opciones tomadas de la fuente {twin.id}"]
        told = f"Se lee como {twin.id}."
        return _Way(twin.platform, look.final_url, told, dict(twin.options), unknown)
    if look.preset:
        return _Way(look.preset, look.final_url, f"La página tiene la forma de la plataforma {look.preset}.")
    return None


def _wordpress_way(look: Look) -> _Way | None:
    if look.wordpress is None:
        return None
    options: dict[str, Any] = {}
    unknown: list[str] = []
    if look.wordpress.category is not None:
        options = {"categories": [look.wordpress.category]}
    elif urlsplit(look.final_url).path.strip("/"):
        unknown.append("lee todas las entradas del sitio: la página pedida puede mostrar solo algunas, u otras")
    told = f"WordPress con su API abierta: {look.wordpress.site}"
    return _Way("wordpress", look.wordpress.site, told, options, unknown)


def _feed_way(look: Look) -> _Way | None:
    feed = look.feed
    if feed is None:
        return None
    unknown: list[str] = []
    if not feed.has_text:
        unknown.append("el feed trae solo resúmenes; para el texto entero faltan options.follow y options.content")
    if not feed.is_declared:
        unknown.append("la página no declara este feed: puede ser de otra sección del sitio")
    where = "declarado por la página" if feed.is_declared else "en un lugar usual"
    told = f"Feed {where}: {feed.url} ({feed.entry_count} entradas)."
    cadence = next((name for days, name in _CADENCES if (feed.days_between or 0) <= days), "monthly")
    return _Way("feed", feed.url, told, unknown=unknown, cadence=cadence)


def _sitemap_way(look: Look) -> _Way | None:
    found = look.sitemap
    if found is None:
        return None
    options = {"match": re.escape(found.folder).replace("\\-", "-"), "needs_structured": True}
    told = f"Sitemap con {found.page_count} páginas en {found.folder}, de tipo {found.kind}."
    return _Way("sitemap", found.url, told, options, ["si las páginas del sitemap son solo convocatorias"])


def _lacks(look: Look) -> list[str]:
    """Why a page gives no proposal, and what a person could look for."""
    told = [
        "No se encontró feed, WordPress con API, ni sitemap con datos estructurados del ramo (JSON-LD de becas, "
        f"subvenciones, cursos o eventos). La página tiene {look.link_count} enlaces y {look.text_length} caracteres.",
    ]
    if look.text_length < 500 and look.link_count < 5:
        told.append("Casi no hay texto: la página se arma con JavaScript. Busque la API que ella misma consulta.")
    else:
        told.append(NEEDS_CODE)
    if look.repeated:
        told.append(f"Elementos con enlaces que se repiten, por si sirven: {', '.join(look.repeated)}.")
    if look.asked:
        told.append("También se probó: " + "; ".join(look.asked))
    return told


def _watching(run: Run, url: str) -> str | None:
    return next((source.id for source in run.sources if _spelling(source.url) == _spelling(url)), None)


def _spelling(url: str) -> str:
    return canonical_url(url).partition("://")[2].rstrip("/")


def _same_host(run: Run, url: str) -> Source | None:
    """A source of the entity at the same host; one whose platform was made for it rather than a general one."""
    host = urlsplit(url).hostname
    same = [source for source in run.sources if urlsplit(source.url).hostname == host]
    return min(same, key=lambda source: source.platform in GENERAL, default=None)


def _try(run: Run, draft: dict[str, Any], folder: Path) -> Trial:
    """A visit with the proposed file, kept short."""
    path = folder / "trial" / "sources" / f"{draft['id']}.yaml"
    write_text(path, to_yaml(draft), "proposal")
    source = load_source(path)
    given = options_of(source)
    known = PLATFORMS[source.platform].options.model_fields
    short = {name: value for name, value in SAMPLE.items() if name in known and getattr(given, name) > value}
    write_text(path, to_yaml({**draft, "options": {**draft.get("options", {}), **short}}), "proposal")
    return try_source(run, source, folder / "trial", path.parent)
