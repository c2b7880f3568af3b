"""The record that catalogues of open data harvest: DCAT-AP 3 as JSON-LD, with a distribution for each open file.

Written last, since it tells size and checksum of the others. Its context stands in it: nothing is fetched to read it.
"""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from boi_pipeline.entity import Entity
from scrapers.files import file_sha256

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_EU = "http://publications.europa.eu/resource/authority"
_MEDIA = "https://www.iana.org/assignments/media-types"
_CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# suffix of the file → (media type, entry of the EU's list of file types, what people call it)
FORMATS = {
    ".csv": ("text/csv", "CSV", "CSV"),
    ".jsonl": ("application/jsonl", "JSON", "JSON Lines"),
    ".json": ("application/json", "JSON", "JSON"),
    ".parquet": ("application/vnd.apache.parquet", "PARQUET", "Parquet"),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX", "Excel"),
}


def write_dcat(
    folder: Path, target: Path, entity: Entity, as_of: datetime, *, described_by: Collection[str] = ()
) -> None:
    """Describe the files of ``folder`` as one dataset of the entity; those of ``described_by`` say what the others hold."""
    address = entity.file.site_url.rstrip("/")
    page = f"{address}/datos/"
    record = {
        "@context": _CONTEXT,
        "@id": f"{page}#dataset",
        "@type": "dcat:Dataset",
        "dct:identifier": f"{page}#dataset",
        "dct:title": {"@value": f"{entity.file.bulletin}: convocatorias", "@language": "es"},
        "dct:description": {
            "@value": "Convocatorias internacionales (becas, fondos, cooperación, premios, eventos y cursos) revisadas y "
            f"aprobadas por {entity.file.name}, con sus cierres, condiciones y enlaces oficiales.",
            "@language": "es",
        },
        "dcat:keyword": [
            {"@value": word, "@language": "es"}
            for word in ("becas", "convocatorias", "cooperación internacional", "oportunidades internacionales", "ODS")
        ],
        "dcat:theme": [_one("skos:Concept", f"{_EU}/data-theme/{code}") for code in ("EDUC", "INTR")],
        "dct:language": [_one("dct:LinguisticSystem", f"{_EU}/language/SPA")],
        "dct:accrualPeriodicity": _one("dct:Frequency", f"{_EU}/frequency/DAILY"),
        "dct:accessRights": _one("dct:RightsStatement", f"{_EU}/access-right/PUBLIC"),
        "dct:license": _one("dct:LicenseDocument", LICENCE),
        "dct:modified": _typed(as_of.astimezone(entity.zone).date().isoformat(), "date"),
        "dct:temporal": _temporal(folder / "opportunities.parquet", entity, as_of),
        "dct:publisher": {
            "@id": f"{address}/#publisher",
            "@type": "foaf:Agent",
            "foaf:name": {"@value": entity.file.name, "@language": "es"},
            "foaf:homepage": _one("foaf:Document", address),
        },
        "dcat:contactPoint": {
            "@type": ["vcard:Kind", "vcard:Organization"],
            "vcard:fn": entity.file.name,
            "vcard:hasEmail": {"@id": f"mailto:{entity.file.contact_email}"},
        },
        "dcat:landingPage": _one("foaf:Document", page),
        "dct:conformsTo": [
            _one("dct:Standard", f"{page}{name}") for name in sorted(described_by) if (folder / name).exists()
        ],
        "dcat:distribution": [
            _distribution(path, page)
            for path in sorted(folder.iterdir())
            if path != target and path.suffix in FORMATS and path.name not in described_by
        ],
    }
    target.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _distribution(path: Path, page: str) -> dict[str, Any]:
    media, file_type, name = FORMATS[path.suffix]
    return {
        "@id": f"{page}{path.name}",
        "@type": "dcat:Distribution",
        "dct:title": {"@value": f"{path.name} ({name})", "@language": "es"},
        "dcat:accessURL": _one("rdfs:Resource", page),
        "dcat:downloadURL": _one("rdfs:Resource", f"{page}{path.name}"),
        "dcat:mediaType": _one("dct:MediaType", f"{_MEDIA}/{media}"),
        "dct:format": _one("dct:MediaTypeOrExtent", f"{_EU}/file-type/{file_type}"),
        "dct:license": _one("dct:LicenseDocument", LICENCE),
        "dcat:byteSize": _typed(str(path.stat().st_size), "nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": _one("spdx:ChecksumAlgorithm", "spdx:checksumAlgorithm_sha256"),
            "spdx:checksumValue": _typed(file_sha256(path), "hexBinary"),
        },
    }


def _one(kind: str, address: str) -> dict[str, str]:
    """A thing that is described elsewhere, with its class: who checks the record fetches nothing."""
    return {"@id": address, "@type": kind}


def _temporal(opportunities: Path, entity: Entity, as_of: datetime) -> dict[str, Any]:
    """From when the first of them was seen to the day of the data."""
    seen = pq.read_table(opportunities, columns=["first_seen_at"])["first_seen_at"]
    first = pc.call_function("min", [seen]).as_py() or as_of.astimezone(UTC)
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _typed(first.astimezone(entity.zone).date().isoformat(), "date"),
        "dcat:endDate": _typed(as_of.astimezone(entity.zone).date().isoformat(), "date"),
    }


def _typed(value: str, kind: str) -> dict[str, str]:
    return {"@value": value, "@type": f"xsd:{kind}"}
