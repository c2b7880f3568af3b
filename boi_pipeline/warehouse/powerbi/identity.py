"""Identifiers that stay: derived from what a thing is called in the contracts, so that a new label moves nothing."""

import hashlib
import uuid

PROJECT = "BoletinInternacional"
"""Name of the project's files and folders; short, since Windows paths are."""

_NAMESPACE = uuid.UUID("0c1f7a0e-2f3c-5b7d-8a52-6d7c9e4b1a30")


def tag(*parts: str) -> str:
    """A GUID for lineage tags, joins and items."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(parts)))


def name(*parts: str) -> str:
    """The name of a page, visual or filter: 20 hexadecimal digits, as Power BI Desktop gives them."""
    return hashlib.sha256("/".join(parts).encode()).hexdigest()[:20]
