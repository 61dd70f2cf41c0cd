"""Reading a page of somebody else's server, and nothing that is ours.

Only hosts the operator named; names must lead to public addresses only (an address written as a number in
the list is meant as such); the checked address is the one that is connected to; nothing is followed; size and
time are bounded.
"""

import ipaddress
import socket
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import certifi
import urllib3

MOST_BYTES = 1_000_000
MOST_SECONDS = 10.0
CHUNK = 16_384


class NotRead(Exception):
    """The page was not read; why, in a few English words."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the server answered."""

    status: int
    text: str


def get(url: str, *, hosts: Collection[str], agent: str) -> Page:
    """Read one page. `hosts` are host or host:port in small letters. Raises NotRead."""
    parts = checked(url, hosts)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = _address(host, port)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {
        "Host": parts.netloc,
        "User-Agent": agent,
        "Accept": "text/html,text/plain",
        "Accept-Encoding": "identity",
    }
    timeout = urllib3.Timeout(connect=3.0, read=5.0)
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        pool = urllib3.HTTPSConnectionPool(
            address,
            port,
            timeout=timeout,
            server_hostname=host,
            assert_hostname=host,
            cert_reqs="CERT_REQUIRED",
            ca_certs=certifi.where(),
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, timeout=timeout)
    try:
        with pool:
            answer = pool.urlopen(
                "GET", path, headers=headers, redirect=False, retries=False, preload_content=False
            )
            return Page(answer.status, _text(answer))
    except (urllib3.exceptions.HTTPError, OSError) as problem:
        raise NotRead(type(problem).__name__) from problem


def checked(url: str, hosts: Collection[str]) -> SplitResult:
    """The parts of an address that may be read. Raises NotRead."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise NotRead("broken address") from problem
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise NotRead("broken address")
    if any(sign <= " " or sign > "~" for sign in url):
        raise NotRead("broken address")
    named = parts.hostname.lower()
    own = f"{named}:{port}" if port else named
    if own not in hosts:
        raise NotRead("host not allowed")
    return parts


def _address(host: str, port: int) -> str:
    with suppress(ValueError):
        return str(ipaddress.ip_address(host))
    try:
        found = {str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except OSError as problem:
        raise NotRead("unknown host") from problem
    if not found or not all(is_public(one) for one in found):
        raise NotRead("not a public address")
    return min(found)


def is_public(address: str) -> bool:
    """Whether an address lies in the open Internet, also when it is a wrapped IPv4 one."""
    number = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(number, "ipv4_mapped", None) or number
    return bool(inner.is_global and not inner.is_multicast)


def _text(answer: urllib3.BaseHTTPResponse) -> str:
    until = time.monotonic() + MOST_SECONDS
    read = b""
    while chunk := answer.read1(CHUNK):  # what is there now: a whole chunk could take its time
        read += chunk
        if len(read) > MOST_BYTES:
            raise NotRead("too large")
        if time.monotonic() > until:
            raise NotRead("too slow")
    return read.decode("utf-8", errors="replace")
