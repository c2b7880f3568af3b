"""Which IP addresses and hosts are on the public internet, whatever form they are written in. Resolves nothing."""

import ipaddress
import re

_HEXADECIMAL = re.compile("0x[0-9a-f]*")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that is given out of IPv6
_NOT_PUBLIC = [  # what Python's is_global of today lets through
    ipaddress.ip_network(network) for network in ("192.0.0.0/24", "192.88.99.0/24", "3fff::/20")
]


def is_public(address: str) -> bool:
    """Whether an IP address is on the public internet, seen through the IPv6 forms that carry an IPv4 address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in _GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and not any(ip in net for net in _NOT_PUBLIC)


def is_private_host(host: str) -> bool:
    """Whether a host of a URL is this machine, or an IP address that is not public."""
    host = host.rstrip(".")
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rpartition(".")[2].lower()
        # localhost: RFC 6761, whatever a resolver says; a number: an IPv4 address to browsers, as 127.1 is
        return last == "localhost" or last.isdigit() or _HEXADECIMAL.fullmatch(last) is not None
    return not is_public(host)
