"""Only http(s), only public addresses, on every hop; and the address that was checked is the one that is dialled.

``Guard`` looks at every request, redirects included. Names are resolved by ``PublicResolver``, which gives Twisted
the addresses it has checked: nothing resolves a second time. The names of the entity's own web go to its loopback
server as a proxy, and that one address is the only private one ever dialled. Proxies of the environment are not used:
they would resolve names where we cannot look.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import urlsplit

from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from scrapers.addresses import is_private_host, is_public
from scrapers.ownweb import shared_server

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from twisted.internet.base import ReactorBase

LOOPBACK = "127.0.0.1"
_HOST = re.compile(r"[\w.-]+|[0-9a-fA-F:.]+(%\w+)?")  # a name, an IPv4 or an IPv6 address


class AddressRefused(IgnoreRequest):
    """A URL leads where the crawl does not go."""


def is_own(host: str, suffix: str | None) -> bool:
    """Whether a host name belongs to the entity's own web."""
    return bool(suffix) and (host == suffix or host.endswith(f".{suffix}"))


def check_url(url: str) -> None:
    """Raise AddressRefused for anything but http(s) to a name or to a public address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefused(f"{url}: no es una dirección válida ({error})") from None
    if parts.scheme not in ("http", "https") or not host:
        raise AddressRefused(f"{url}: solo se visitan direcciones http(s)")
    if not _HOST.fullmatch(host):
        raise AddressRefused(f"{url}: {host} no es un nombre ni una dirección válida")
    if is_private_host(host):
        raise AddressRefused(f"{url}: {host.rstrip('.')} es una dirección privada")


class Guard:
    """The downloader middleware that lets a request out, or not."""

    def __init__(self, own_suffix: str | None, own_address: str | None) -> None:
        self.own_suffix, self.own_address = own_suffix, own_address

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> Self:
        """Starts the own web of the settings where there is one and the network is asked at all."""
        suffix = crawler.settings.get("OWN_WEB_SUFFIX") or None
        needs_server = suffix and not crawler.settings.get("REPLAY")
        return cls(suffix, own_web_address(crawler.settings) if needs_server else None)

    def process_request(self, request: Request) -> None:
        """Check the URL and set, or take off, the way through the own web's server. Raises AddressRefused."""
        check_url(request.url)
        request.meta.pop("proxy", None)  # a redirect inherits its first hop's
        parts = urlsplit(request.url)
        if is_own(parts.hostname or "", self.own_suffix):
            if parts.scheme != "http" or parts.port not in (None, 80):
                raise AddressRefused(f"{request.url}: la web propia de la entidad solo habla http, sin puerto")
            if self.own_address:
                request.meta["proxy"] = self.own_address

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Tell a name that the resolver refused from one that does not exist. Raises AddressRefused."""
        host = urlsplit(request.url).hostname or ""
        if reason := PublicResolver.refused.get(host):
            raise AddressRefused(f"{request.url}: {reason}") from exception


def own_web_address(settings: "BaseSettings") -> str:
    """The address of the own web's server: the one named, else this process's, started now if it is not running.

    Raises ValueError for one that is not on this machine.
    """
    if address := settings.get("OWN_WEB_ADDRESS"):
        if urlsplit(address).hostname != LOOPBACK:
            raise ValueError(f"OWN_WEB_ADDRESS is {address}; expected http://{LOOPBACK}:PORT")
        return address
    return shared_server(Path(settings["OWN_WEB_FOLDER"]), tuple(settings.getlist("OWN_WEB_DAYS"))).address


@implementer(IResolutionReceiver)
class _Checked:
    """Gathers what a name resolves to and passes it on only when all of it is public."""

    def __init__(self, receiver: Any, host: str) -> None:
        self.receiver, self.host = receiver, host
        self.addresses: list[IAddress] = []

    def resolutionBegan(self, resolution: IHostResolution) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        for address in self.addresses:
            number = address.host if isinstance(address, (IPv4Address, IPv6Address)) else ""
            if not is_public(number):
                PublicResolver.refused[self.host] = f"{self.host} es {number or address}, una dirección privada"
                self.receiver.resolutionComplete()
                return
        PublicResolver.refused.pop(self.host, None)
        for address in self.addresses:
            self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()


@implementer(IHostnameResolver)
class PublicResolver:
    """Scrapy's ``TWISTED_DNS_RESOLVER``: names to public addresses, IPv4 and IPv6; anything else resolves to nothing."""

    refused: dict[str, str] = {}  # host → why; of this process, as the reactor's resolver is  # noqa: RUF012

    def __init__(self, reactor: "ReactorBase", own_web: bool) -> None:
        self.reactor, self.own_web = reactor, own_web
        self.inner: Any = reactor.nameResolver

    @classmethod
    def from_crawler(cls, crawler: "Crawler", reactor: "ReactorBase") -> Self:
        """Called by Scrapy once a process."""
        return cls(reactor, bool(crawler.settings.get("OWN_WEB_SUFFIX")))

    def install_on_reactor(self) -> None:
        """Make every name of this process resolve here."""
        cast("Any", self.reactor).installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        """Resolve through Twisted's own resolver and check; the own web's proxy address passes as it is."""
        # Guard refuses this literal in URLs, so only the proxy it sets can ask for it
        passes = self.own_web and hostName == LOOPBACK
        receiver = resolutionReceiver if passes else _Checked(resolutionReceiver, hostName)
        return self.inner.resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)
