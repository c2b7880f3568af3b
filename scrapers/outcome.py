"""What a crawl did at each source: the outcome's classes, their advice, and the record kept in ``crawls/``.

Deciding the class of a failure belongs to the crawl; what Dagster or the summary shows of it, to them.
"""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Outcome = Literal[
    "ok",
    "unchanged",
    "empty",
    "blocked",
    "gone",
    "timeout",
    "tls",
    "credentials",
    "malformed",
    "robots",
    "refused_address",
    "changed_shape",
    "server_error",
    "failed",
]

GOOD: frozenset[Outcome] = frozenset({"ok", "unchanged"})

ADVICE: dict[Outcome, str] = {
    "ok": "Todo en orden.",
    "unchanged": "La fuente no cambió desde la última visita.",
    "empty": "La fuente no listó ninguna convocatoria. Ábrala en el navegador: si de verdad está vacía, escriba "
    "`may_be_empty: true` en su archivo; si no, revise los selectores u opciones.",
    "blocked": "La fuente nos bloqueó o pidió una verificación. No la rodee: escriba a su contacto y pida permiso.",
    "gone": "La dirección ya no existe (404/410). Busque la nueva y corrija `url` en el archivo de la fuente.",
    "timeout": "La fuente no respondió a tiempo. Se intentará de nuevo en la próxima ejecución; si sigue, avise a su contacto. Si les pasa a varias a la vez, mire antes la red de este equipo.",
    "tls": "No se pudo comprobar que el servidor es quien dice ser (certificado vencido, de otro nombre o sin su cadena). No lo "
    "desactive: avise a su contacto. Si les pasa a varias a la vez, mire antes la fecha y la hora de este equipo.",
    "credentials": "Falta la clave de esta fuente, o no fue aceptada. Ponga en el entorno las variables que nombra `access` en su "
    "archivo; nunca escriba la clave en él.",
    "malformed": "La respuesta no es lo que la plataforma promete (XML, JSON o HTML roto). Mire la captura y el archivo de la fuente.",
    "robots": "robots.txt prohíbe esta dirección. Retire la fuente o pida permiso a su contacto.",
    "refused_address": "La fuente dirige a una dirección privada o no permitida; no se visitó. Revise `url` y avise a su contacto.",
    "changed_shape": "La página respondió, pero ya no tiene la forma esperada. Corrija los selectores u opciones con la captura a la vista.",
    "server_error": "El servidor de la fuente falló (5xx). Se intentará de nuevo en la próxima ejecución.",
    "failed": "El rastreo de esta fuente falló por un error nuestro. Lea el detalle y el registro de la ejecución.",
}


def counted(count: int, thing: str) -> str:
    """``1 nueva``, ``2 nuevas``: what a detail counts, in words whose plural is an s."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


class Sighting(BaseModel):
    """An item listed by its source in one crawl; ``content_sha256`` where it was read in this crawl.

    ``entry_sha256`` is of what the list itself shows of it (a card, a hit): when that changes, its page is read again.
    """

    model_config = ConfigDict(frozen=True)
    item_key: str
    content_sha256: str | None = None
    entry_sha256: str | None = None


class Captured(BaseModel):
    """Where an answer is kept: its own WARC record, and the record and file that hold its content."""

    model_config = ConfigDict(frozen=True)
    record_id: str  # WARC-Record-ID of this answer
    content_id: str  # of the record with the content: the same, or for a revisit an earlier one
    file: str  # name of the file with the content, in the source's folder of captures
    url: str  # that it was asked as (redacted)
    date: str  # WARC-Date of the content
    payload_digest: str


class Validator(BaseModel):
    """What a server gave to ask again politely, and where its last answer is kept."""

    model_config = ConfigDict(frozen=True)
    url: str
    etag: str | None = None
    last_modified: str | None = None
    captured: Captured | None = None


RecheckOutcome = Literal[
    "ok",  # it is there
    "gone",  # 404, 410, or its source's interface no longer has it
    "closed_marker",  # the page says that the call is closed
    "moved",  # it leads to the site's front page
    "timeout",
    "server_error",
    "refused",  # robots.txt, a closed door, a certificate, an address never visited: it was not seen
    "unreadable",  # it answered, and not as a page that can be read
]


class Recheck(BaseModel):
    """One visit to a page or link of a published call, after the ordinary crawl."""

    model_config = ConfigDict(frozen=True)
    source_id: str  # whose spider went there
    item_id: str | None = None  # None: a link that citizens are given
    url: str  # the page or link as it is published; some platforms ask their interface instead
    outcome: RecheckOutcome
    http_status: int | None = None
    final_url: str | None = None  # where its redirects ended, redacted
    quote: str | None = None  # the words that close the call
    parser_version: str = ""  # of the spider that went there
    detail: str = ""


class SourceResult(BaseModel):
    """What one crawl did at one source."""

    source_id: str
    outcome: Outcome
    detail: str = ""  # one line: what was asked, what came
    request_count: int = 0
    byte_count: int = 0
    listed_count: int = 0
    new_count: int = 0
    changed_count: int = 0
    error_count: int = 0
    read_count: int = 0  # notices read in this crawl, unchanged ones too
    coverage: dict[str, float] = Field(default_factory=dict)  # field (scrapers.coverage) → share of those with it
    seconds: float = 0.0
    capture: str | None = None  # path below the entity's home
    parser_version: str = ""  # of the spider that read it
    sightings: list[Sighting] = Field(default_factory=list)
    validators: list[Validator] = Field(default_factory=list)
    rechecks: list[Recheck] = Field(default_factory=list)


class CrawlRecord(BaseModel):
    """``crawls/<crawl_id>.json``: the crawl counts when this file exists.

    A re-check has ``rechecks`` and no ``results``: it tells of single pages, not of how a source is doing.
    """

    crawl_id: str  # ULID
    as_of: datetime  # UTC; the instant its notices carry as fetched_at
    finished_at: datetime
    results: list[SourceResult]
    rechecks: list[Recheck] = Field(default_factory=list)
