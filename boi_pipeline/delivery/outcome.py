"""What came of one sending, told from what was seen on the wire: Apprise itself says only yes or no.

Definite is a refusal that was read, or a sending of which nothing left this machine. Whatever could have arrived is
uncertain, and no machine sends it again. Reasons are made of these words and of numbers alone: nothing that a
server answered and nothing of an address is repeated, since either may hold a credential.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

Fault = Literal["name", "refused", "no_answer", "tls", "fenced", "timeout", "lost"]
State = Literal["sent", "failed", "uncertain"]

_FAULTS: dict[Fault, str] = {
    "name": "No se encontró el servidor: su nombre no existe o no hay red.",
    "refused": "El servidor no aceptó la conexión.",
    "no_answer": "El servidor no contestó a la conexión.",
    "tls": "No se pudo asegurar la conexión (TLS).",
    "fenced": "Esta entidad es de muestra: solo envía a este mismo equipo.",
    "timeout": "El servidor no contestó a tiempo después del envío.",
    "lost": "La conexión se cortó después del envío.",
}
_BUSY = frozenset({408, 425, 429, 500, 503, 507})  # it says itself that it did nothing
_GATEWAY = frozenset({502, 504})  # what stands behind it may have done it
_CREDENTIALS = {"http": frozenset({401, 402, 403, 407}), "smtp": frozenset({530, 534, 535, 538})}
_NO_SUCH_PLACE = frozenset({404, 405, 410})


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, as seen on the wire."""

    kind: Literal["http", "smtp"]
    status: int | None = None  # of the answer; None: there was none
    fault: Fault | None = None  # why there was none
    has_left: bool = False  # any of it had gone out
    reads_only: bool = False  # a GET: where others follow, it asks something and posts nothing
    is_partly_refused: bool = False  # e-mail: some recipients were taken
    retry_after: float | None = None  # seconds the server asks to wait

    @property
    def is_accepted(self) -> bool:
        """Whether it posted something for certain."""
        return not self.reads_only and self.status is not None and 200 <= self.status < 300

    @property
    def is_unclear(self) -> bool:
        """Whether it may have posted something."""
        if self.reads_only:
            return False
        if self.status is None:
            return self.has_left
        return self.kind == "http" and (self.status in _GATEWAY or self.status >= 520)


@dataclass(frozen=True)
class Report:
    """What the courier tells of one sending to one address."""

    delivered: bool  # what Apprise says
    exchanges: Sequence[Exchange] = field(default_factory=tuple)
    has_connected: bool = False  # to anything, also by ways that are not watched
    target_count: int = 1  # rooms, recipients … behind the address
    in_parts: bool = False  # pictures may go in requests of their own


@dataclass(frozen=True)
class Outcome:
    """What is kept of a sending, and what to do next."""

    state: State
    reason: str = ""  # Spanish
    again: bool = False  # worth trying once more in a while
    stops_channel: bool = False  # the next message would fare no better
    retry_after: float | None = None  # seconds


def judge(report: Report) -> Outcome:
    """Sent, failed for certain, or uncertain."""
    if report.delivered:
        return Outcome("sent")
    if not report.exchanges:
        if report.has_connected:
            return Outcome("uncertain", "El envío falló sin que se sepa si llegó.", stops_channel=True)
        return Outcome(
            "failed", "Apprise no pudo preparar el envío: revise la dirección configurada.", stops_channel=True
        )
    last, told = report.exchanges[-1], report.exchanges
    if all(one.reads_only for one in told):  # some services post by asking
        told = [replace(one, reads_only=False) for one in told]
        last = told[-1]
    if unclear := next((one for one in told if one.is_unclear), None):
        reason = (
            _FAULTS[unclear.fault or "lost"] if unclear.status is None else f"Un intermediario falló {_code(unclear)}."
        )
        return Outcome("uncertain", reason, stops_channel=True)
    if last.is_accepted and not last.is_partly_refused:
        return Outcome("uncertain", f"El servicio contestó {_code(last)}, pero Apprise da el envío por fallido.")
    accepted = [one for one in told if one.is_accepted]
    if accepted and (last.is_partly_refused or report.target_count != 1 or report.in_parts):
        return Outcome("uncertain", "Llegó solo a una parte de los destinatarios, o sin su imagen.")
    return _refusal(last)


def _refusal(last: Exchange) -> Outcome:
    if last.status is None:
        fault = last.fault or "refused"
        return Outcome("failed", _FAULTS[fault], again=fault != "fenced", stops_channel=True)
    code = _code(last)
    if last.status in _CREDENTIALS[last.kind]:
        return Outcome("failed", f"El servicio rechazó las credenciales {code}.", stops_channel=True)
    if last.kind == "smtp":
        if last.status < 500:
            reason = f"El servidor de correo pide intentarlo más tarde {code}."
            return Outcome("failed", reason, again=True, stops_channel=True)
        return Outcome("failed", f"El servidor de correo rechazó el mensaje {code}.")
    if last.status in _BUSY:
        reason = "El servicio pide ir más despacio" if last.status == 429 else "El servicio falló"
        return Outcome("failed", f"{reason} {code}.", again=True, stops_channel=True, retry_after=last.retry_after)
    if 300 <= last.status < 400:
        return Outcome("failed", f"El servicio remite a otra dirección {code}: configure esa.", stops_channel=True)
    if last.status in _NO_SUCH_PLACE:
        return Outcome("failed", f"El servicio no conoce esta dirección {code}.", stops_channel=True)
    if last.status >= 500:
        return Outcome("failed", f"El servicio falló {code}.", stops_channel=True)
    return Outcome("failed", f"El servicio rechazó el mensaje {code}.")


def _code(exchange: Exchange) -> str:
    return f"({exchange.kind.upper()} {exchange.status})"
