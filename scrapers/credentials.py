"""What a source needs to be let in, and keeping it out of everything that is written down.

A source file names environment variables (``scrapers.source.Access``). Whoever starts a crawl gathers their values
here and passes them to the child on its standard input; ``scrapers.handler`` puts them into requests, last of all, and
takes them out of what comes back. ``Secrets.mask`` is for the log and for details of results.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any

from scrapers.source import Source
from scrapers.urls import REDACTED

MIN_LENGTH = 4  # characters: a shorter value cannot be masked without blotting out half of every page
_NAMED = {  # what forms, JSON and HTML call a character
    " ": r"\+", "/": r"\\/", '"': r'\\"|&quot;', "\\": r"\\\\", "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&apos;",
}  # fmt: skip
_SCHEMES = re.compile(r"^(?:Bearer|Basic|Token|ApiKey|Key)\s+(?=\S)", re.IGNORECASE)


def variables(source: Source) -> list[str]:
    """The environment variables a source names, sorted."""
    access = source.access
    if access is None:
        return []
    named = [*access.query.values(), *access.headers.values(), *access.form.values()]
    return sorted({*named, *(access.login.form.values() if access.login else ())})


def gather(sources: Iterable[Source], environment: Mapping[str, str]) -> dict[str, str]:
    """The values of exactly the variables that these sources name, as far as the environment has them."""
    named = {name for source in sources for name in variables(source)}
    return {name: environment[name].strip() for name in sorted(named) if environment.get(name, "").strip()}


class Secrets:
    """Values by the name of their variable; printing it shows the names only."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})
        hidden = {form for value in self._values.values() for form in _forms(value)}
        longest_first = sorted(hidden, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_spellings, longest_first))) if hidden else None

    def __repr__(self) -> str:
        return f"Secrets({', '.join(self._values)})"

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def problem(self, source: Source) -> str | None:
        """Why a source cannot be asked with what is here, in Spanish and by the variable's name; None where it can."""
        named = variables(source)
        if missing := [name for name in named if name not in self._values]:
            return f"Falta {' y '.join(missing)} en el entorno; sin eso no se pregunta nada a la fuente."
        for name in named:
            value = self._values[name]
            if len(value) < MIN_LENGTH or not value.isprintable():
                told = f"tiene menos de {MIN_LENGTH} caracteres o alguno que no se ve"
                return f"El valor de {name} {told}: no se podría ocultar en lo que se guarda, y no se usa."
        return None

    def mask(self, text: str) -> str:
        """``text`` without any value, in the spellings of URLs, forms, HTML, JSON and base64 too."""
        return self._pattern.sub(REDACTED, text) if self._pattern else text

    def mask_bytes(self, body: bytes) -> bytes:
        """The same for bytes, whatever ASCII-like charset they are in."""
        return self.mask(body.decode("latin-1")).encode("latin-1") if self._pattern else body


class MaskedStream:
    """A text stream that writes no secret: the child's log, tracebacks included."""

    def __init__(self, stream: IO[str], secrets: Secrets) -> None:
        self._stream, self._secrets = stream, secrets

    def write(self, text: str) -> int:
        """Write ``text`` masked."""
        self._stream.write(self._secrets.mask(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _forms(value: str) -> set[str]:
    """A value, the part of it after an authentication scheme, and both in base64."""
    if len(value) < MIN_LENGTH:
        return set()
    forms = {value}
    bare = _SCHEMES.sub("", value)
    if len(bare) >= MIN_LENGTH:
        forms.add(bare)
    return forms | {base64.b64encode(form.encode()).decode().rstrip("=") for form in forms}


def _spellings(value: str) -> str:
    """A pattern of every way to write a value, character by character: escapes may be partial, NULs are UTF-16's."""
    return r"\x00*".join(f"(?:{'|'.join(_ways(character))})" for character in value)


def _ways(character: str) -> list[str]:
    number, utf8, utf16 = ord(character), character.encode(), character.encode("utf-16-be").hex()
    units = [utf16[start : start + 4] for start in range(0, len(utf16), 4)]  # of JSON's escapes
    percent = "".join(f"%[{high}{high.lower()}][{low}{low.lower()}]" for high, low in (f"{byte:02X}" for byte in utf8))
    ways = [  # the character itself comes last: an "&" is also how its own escapes begin
        percent,
        f"&#0*{number};?",
        f"&#[xX]0*(?i:{number:x});?",
        "".join(rf"\\u(?i:{unit})" for unit in units),
    ]
    if not character.isascii():
        ways.append(re.escape(utf8.decode("latin-1")))  # bytes, as mask_bytes sees them
    return [*ways, *([_NAMED[character]] if character in _NAMED else []), re.escape(character)]
