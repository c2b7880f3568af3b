"""What an exception of the download says of the source: its class, and what happened in words a person understands.

Failures that a platform raises itself carry their class (``scrapers.run.SourceError``); all of them come together in
``PlatformSpider.classify``.
"""

import gzip
import zlib
from collections.abc import Iterator
from http import HTTPStatus
from socket import gaierror
from urllib.parse import urlsplit

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Request, Response
from service_identity import CertificateError, VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.web._newclient import ParseError

from scrapers.handler import MAX_HEADERS, HeadersTooLarge
from scrapers.outcome import Outcome

_TLS = (SSL.Error, VerificationError, CertificateError)
_CUT_OFF = (SSL.SysCallError, SSL.ZeroReturnError)  # what TLS calls a connection that ended
_NO_CONNECTION = (DownloadFailedError, ConnectError, ConnectionClosed, ConnectionError, TimeoutError, gaierror)
_BROKEN_ENCODING = (zlib.error, gzip.BadGzipFile, EOFError)
_DECODERS = ("brotli", "_brotli", "backports.zstd", "compression.zstd", "zstandard")

RETRY_AFTER_SHOWN = 40  # characters


def of_download(error: BaseException | None, request: Request, max_size: int) -> tuple[Outcome, str] | None:
    """The class and the words of what went wrong on the way; None for an error that is not of the download."""
    url = request.url
    causes = list(_causes(error))
    if any(isinstance(cause, HeadersTooLarge) for cause in causes):
        return "malformed", f"{url} respondió encabezados de más de {_size(MAX_HEADERS)}; no se leyó"
    if any(isinstance(cause, _TLS) and not isinstance(cause, _CUT_OFF) for cause in causes):
        return "tls", f"{url}: {_tls(causes)}"
    if any(isinstance(cause, ParseError) for cause in causes):
        return "malformed", f"{url} no respondió en HTTP"
    if isinstance(error, DownloadCancelledError):
        return "malformed", f"{url} respondió más de {_size(max_size)}; no se leyó"
    if isinstance(error, IgnoreRequest) and "during decompression" in str(error):
        return "malformed", f"{url} respondió algo comprimido que crece a más de {_size(max_size)}; no se leyó"
    if isinstance(error, _BROKEN_ENCODING) or type(error).__module__.startswith(_DECODERS):
        return "malformed", f"{url} respondió algo comprimido que no se puede descomprimir"
    if isinstance(error, ResponseDataLossError):
        return "malformed", f"{url} se cortó: llegó menos de lo que anunció"
    if isinstance(error, DownloadTimeoutError):
        return "timeout", f"{url} no respondió en {request.meta.get('download_timeout', 0):g} segundos"
    if isinstance(error, CannotResolveHostError):
        return "timeout", f"{url} no respondió: el nombre {urlsplit(url).hostname} no existe o no se pudo resolver"
    if isinstance(error, DownloadConnectionRefusedError):
        return "timeout", f"{url} no respondió: rechazó la conexión"
    if isinstance(error, _NO_CONNECTION):
        return "timeout", f"{url} no respondió: se cortó la conexión"
    return None


def of_status(response: Response, url: str) -> tuple[Outcome, str]:
    """The class and the words of an answer with a status that is no success."""
    status = response.status
    told = f"{url} respondió {status}{asked_to_wait(response)}"
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        return "gone", told
    if status == HTTPStatus.REQUEST_TIMEOUT:
        return "timeout", told
    if status >= 500:
        return "server_error", told
    if status < 400:
        return "malformed", f"{told}, sin decir a dónde ir o sin que se preguntara así"
    return "failed", told


def asked_to_wait(response: Response) -> str:
    """How long an answer asks to stay away, to be put after what is told of it; empty where it does not."""
    given = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if not given:
        return ""
    if given.isascii() and given.isdecimal():
        return f" y pide esperar {given[:RETRY_AFTER_SHOWN]} segundos"
    return f" y pide esperar hasta «{given[:RETRY_AFTER_SHOWN]}»"


def _causes(error: BaseException | None, depth: int = 0) -> Iterator[BaseException]:
    """An error, what caused it, and the reasons that Twisted keeps in it."""
    if error is None or depth > 5:
        return
    yield error
    yield from _causes(error.__cause__, depth + 1)
    for reason in getattr(error, "reasons", None) or []:
        yield from _causes(getattr(reason, "value", None), depth + 1)


def _tls(causes: list[BaseException]) -> str:
    if any(isinstance(cause, (VerificationError, CertificateError)) for cause in causes):
        return "su certificado es de otro nombre"
    reasons = [str(part[-1]) for cause in causes if isinstance(cause, SSL.Error) for part in _parts(cause)]
    if any("certificate verify failed" in reason for reason in reasons):
        return "su certificado no se pudo comprobar: está vencido, lo firmó él mismo o le falta la cadena"
    return f"no se pudo abrir una conexión cifrada ({', '.join(reasons) or 'sin más explicación'})"


def _parts(error: SSL.Error) -> list[tuple[str, ...]]:
    return [part for part in (error.args[0] if error.args else []) if isinstance(part, tuple) and part]


def _size(count: int) -> str:
    return f"{count / 2**20:g} MB" if count >= 2**20 else f"{count / 2**10:g} KB"
