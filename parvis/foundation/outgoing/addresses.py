"""Which addresses may be reached: the public internet, and the networks that the operator names."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote, urlsplit

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Reason = Literal[
    "address", "scheme", "port", "name", "refused", "unreachable", "time", "size", "redirects", "answer"
]
PORTS = {"http": 80, "https": 443}
URL_LIMIT = 2_000

# Beyond what `is_global` says, which changes between versions of Python: what carries another address inside
# (mapped, compatible, NAT64, 6to4, Teredo, ISATAP has no prefix), and the metadata services of clouds.
REFUSED = [
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3", "168.63.129.16/32",
        "::/16", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
]  # fmt: skip
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?\.?", re.ASCII)


class OutgoingError(Exception):
    """An address could not be asked; `reason` is stable and for programs, the text for logs."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason: Reason = reason


@dataclass(frozen=True)
class Target:
    """An address taken apart: nothing of it is trusted before `judged_addresses`."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_secure(self) -> bool:
        """Tell whether it is asked over TLS."""
        return self.scheme == "https"


def check_address(url: str) -> None:
    """Raise `OutgoingError` for an address that `fetch` would refuse today; for forms that take one."""
    target = take_apart(url)
    judged_addresses(target, seconds=5)


def take_apart(url: str) -> Target:
    """Return the parts of an http(s) address without credentials; `OutgoingError` for any other."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise OutgoingError("name", "this is no address") from error
    if parts.scheme not in PORTS:
        raise OutgoingError("scheme", "only http and https are asked")
    if len(url) > URL_LIMIT or "@" in parts.netloc:
        raise OutgoingError("name", "the address is too long or carries a password")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
    return Target(parts.scheme, _host(host), port or PORTS[parts.scheme], path + query)


def _host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        name = host.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise OutgoingError("name", "this is no host name") from error
    if not HOST.fullmatch(name):
        raise OutgoingError("name", "this is no host name")
    return name


def judged_addresses(target: Target, *, seconds: float) -> list[str]:
    """Return the addresses of the target; `OutgoingError` when one of them may not be reached."""
    found = _within(seconds, target.host, target.port)
    judged = [ipaddress.ip_address(address.partition("%")[0]) for address in found]
    named = all(_is_named_by_operator(address) for address in judged)
    if not all(_may_be_reached(address) for address in judged):
        raise OutgoingError("address", "the name points into a private or reserved network")
    # Inside the networks that the operator named, any port is theirs to give; outside, only the web's.
    if not named and target.port not in PORTS.values():
        raise OutgoingError("port", f"port {target.port} is not asked")
    return found


def _may_be_reached(address: Address) -> bool:
    if _is_named_by_operator(address):
        return True
    refused = any(address.version == network.version and address in network for network in REFUSED)
    return address.is_global and not address.is_multicast and not address.is_reserved and not refused


def _is_named_by_operator(address: Address) -> bool:
    networks = (ipaddress.ip_network(name, strict=False) for name in settings.PARVIS.outgoing_networks)
    return any(address.version == network.version and address in network for network in networks)


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name, as the system's resolver gives them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _within(seconds: float, host: str, port: int) -> list[str]:
    """Resolve in a thread of its own: the system's resolver knows no time-out that one could give it."""
    answers: list[list[str]] = []
    failures: list[OSError | UnicodeError] = []

    def ask() -> None:
        try:
            answers.append(resolve(host, port))
        except (OSError, UnicodeError) as error:
            failures.append(error)

    thread = threading.Thread(target=ask, name="parvis-resolve", daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    if failures:
        raise OutgoingError("name", "the name does not resolve") from failures[0]
    if not answers:
        raise OutgoingError("time", "the name did not resolve in time")
    if not answers[0]:
        raise OutgoingError("name", "the name does not resolve")
    return answers[0]
