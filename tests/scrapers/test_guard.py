"""Which addresses a crawl may visit."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse, Request
from twisted.internet.address import IPv4Address, IPv6Address

from scrapers.addresses import is_public
from scrapers.middlewares.blocks import challenge
from scrapers.middlewares.guard import AddressRefused, Guard, PublicResolver, check_url

PRIVATE = [
    "10.0.0.5", "127.0.0.1", "169.254.169.254", "192.168.1.1", "172.16.0.1", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "240.0.0.1", "192.0.2.1",
    "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:10.0.0.5", "::ffff:127.0.0.1", "2002:7f00:1::",
    "64:ff9b::a00:5", "2001:db8::1", "no es una dirección",
    "64:ff9b:1::a00:5", "::10.0.0.5", "::ffff:0:10.0.0.5", "2001:0:a00:5::", "fec0::1", "3fff::1", "5f00::1", "100::1",
    "192.0.0.8", "192.88.99.1", "198.18.0.1", "0177.0.0.1", "2130706433", "127.1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_in_every_form(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_addresses(address: str):
    assert is_public(address)


@given(st.sampled_from(["10.0.0.0/8", "127.0.0.0/8", "192.168.0.0/16", "169.254.0.0/16"]), st.integers(0, 2**16 - 1))
def test_no_private_address_passes_wrapped_in_ipv6(network: str, offset: int):
    address = ipaddress.ip_network(network)[offset]
    for form in (
        f"::ffff:{address}",
        f"64:ff9b::{address}",
        str(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80))),
    ):
        assert not is_public(form)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.5/", "http://[::1]/", "http://[::ffff:10.0.0.5]:80/x", "ftp://a.example/", "file:///etc/passwd",
            "http:///x", "http://a.example:99999/", "http://[zz]/", "http://[fe80::1%25eth0]/", "http://127.0.0.1./",
            "http://localhost/", "http://a.localhost./", "http://%31%32%37.0.0.1/", "http://a%00.example/",
            Request("http://１２７.0.0.1/").url, "data:text/plain,x", "//a.example/"],
)  # fmt: skip
def test_urls_that_are_refused(url: str):
    with pytest.raises(AddressRefused):
        check_url(url)


@given(st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address))
def test_what_nobody_has_given_out_of_ipv6_is_not_public(address: ipaddress.IPv6Address):
    carries_one = address.ipv4_mapped or address in ipaddress.ip_network("64:ff9b::/96")
    assert not is_public(str(address)) or address in ipaddress.ip_network("2000::/3") or carries_one


@pytest.mark.parametrize(
    "url", ["http://becas.example/", "https://año.example:8443/x", "http://93.184.216.34/", "http://a_b.example./"]
)
def test_urls_that_are_visited(url: str):
    check_url(url)


def test_only_the_own_web_goes_through_the_loopback_server():
    guard = Guard("prueba.test", "http://127.0.0.1:1234")
    own = Request("http://becas.prueba.test/")
    guard.process_request(own)
    assert own.meta["proxy"] == "http://127.0.0.1:1234"
    for url in ("http://a.example/", "http://notprueba.test/", "http://prueba.test.a.example/"):
        request = Request(url, meta={"proxy": "http://127.0.0.1:1234"})
        guard.process_request(request)
        assert "proxy" not in request.meta
    for url in ("https://becas.prueba.test/", "http://becas.prueba.test:8080/", "http://127.0.0.1:1234/"):
        with pytest.raises(AddressRefused):
            guard.process_request(Request(url))


def page(status: int, body: str, **headers: str) -> HtmlResponse:
    return HtmlResponse(
        "http://a.example/", status=status, headers={"Content-Type": "text/html", **headers}, body=body.encode()
    )


def test_closed_doors_are_told_from_pages():
    assert challenge(page(403, "")) and challenge(page(429, ""))
    assert challenge(page(503, "<title>Just a moment...</title>"))
    assert challenge(page(200, "<form><div class='g-recaptcha'></div></form>"))
    assert challenge(page(200, "", **{"Cf-Mitigated": "challenge"}))
    contact_form = "<p>Beca de maestría</p>" * 1000 + "<div class='g-recaptcha'></div>"
    assert challenge(page(200, contact_form)) is None
    assert challenge(page(200, "<title>Becas</title><p>Access denied to nobody")) is None


class Answers:
    """A resolver's answer, gathered."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: object) -> None:
        pass

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:
        self.hosts.append(address.host)

    def resolutionComplete(self) -> None:
        self.is_complete = True


@pytest.mark.parametrize(
    ("given", "passed"),
    [
        (["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"], True),
        (["10.0.0.5"], False),
        (["93.184.216.34", "127.0.0.1"], False),
        (["::1"], False),
    ],
)
def test_the_addresses_that_were_checked_are_the_ones_given_to_dial(given: list[str], passed: bool):
    class Reactor:
        class nameResolver:
            @staticmethod
            def resolveHostName(receiver, host: str, *args: object) -> None:
                for address in given:
                    kind = IPv6Address if ":" in address else IPv4Address
                    receiver.addressResolved(kind("TCP", address, 0))
                receiver.resolutionComplete()

    answers = Answers()
    resolver = PublicResolver(Reactor(), own_web=True)  # type: ignore[arg-type]
    resolver.resolveHostName(answers, "a.example", 80)  # type: ignore[arg-type]
    assert answers.is_complete
    assert answers.hosts == (given if passed else [])
    assert ("a.example" in PublicResolver.refused) is not passed
