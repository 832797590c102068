"""The one door for outgoing HTTP: resolves, checks every address, connects to a checked one.

Follows no redirect, uses no proxy, caps time and size. Must not know what is sent. An address that is not
public is refused unless the operator allowed `host:port` (RULEYARD_OUTBOUND_ALLOW).
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from ruleyard.actions.covering import without_secrets
from ruleyard.core.errors import Refusal, Unavailable

TIMEOUT_S: Final = 10.0
ANSWER_BYTES: Final = 1_000_000
CONNECTIONS: Final = 100
HIGHEST_PORT: Final = 65_535

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to every address it stands for, as text. Raises OSError."""

_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""All that IANA gives out as global unicast IPv6 (RFC 4291); the rest is for purposes of its own."""
_NOT_PUBLIC: Final = tuple(
    ipaddress.ip_network(one)
    for one in (
        "0.0.0.0/8",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
"""Beside what Python knows as not global: "this network", IETF protocols (and the metadata of one cloud), 6to4 relays
(RFC 7526), documentation (RFC 9637). Source: the special-purpose address registries of IANA. And the host of Azure's
machines, which tells them what they are: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16"""


_QUOTED: Final = re.compile(r":? (?:bytearray\()?b['\"].*", re.DOTALL)
"""What the other side sent, in the words of the library: it may hold what we sent to it."""


class Blocked(Refusal):
    """The address may not be called."""

    code = "address-not-allowed"


class NoAnswer(Unavailable):
    """No whole answer came. `sent`: the request had left, so that the other side may have acted on it."""

    def __init__(self, message: str, *, sent: bool) -> None:
        super().__init__(message)
        self.sent = sent


@dataclass(frozen=True)
class Answer:
    """What came back. `body` holds at most ANSWER_BYTES, `cut` where there was more; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes
    cut: bool = False


def is_public(address: str) -> bool:
    """Whether this IP address belongs to the open internet, whatever it is wrapped in."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.scope_id is not None or ip.is_site_local:
            return False
        if ip.sixtofour is not None or ip.teredo is not None:
            return False
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip not in _UNICAST:
            return False
    if any(ip in one for one in _NOT_PUBLIC):
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of a host by the system's resolver (which also reads decimal and hex forms)."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class _GuardedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets to checked addresses only; TLS and Host still speak of the name."""

    def __init__(self, allow: Collection[str], resolve_host: Resolve) -> None:
        self._allow = allow
        self._resolve = resolve_host
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(
                f"{host} cannot be found ({getattr(error, 'strerror', None) or error})."
            ) from error
        if f"{host}:{port}".lower() not in self._allow:
            for address in addresses:
                if not is_public(address):
                    what = "is not" if host == address else f"leads to {address}, which is not"
                    raise Blocked(
                        f"{host} {what} a public address. An administrator can "
                        f"allow {host}:{port} with RULEYARD_OUTBOUND_ALLOW."
                    )
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Blocked("Unix sockets are not called.")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def place_of(url: str) -> str | None:
    """`scheme://host:port` of an address; None where it has none."""
    try:
        read = httpx.URL(url)
        host = read.host
    except (httpx.InvalidURL, ValueError):  # a host that is no IDN is found when it is asked for
        return None
    port = read.port or {"http": 80, "https": 443}.get(read.scheme)
    return f"{read.scheme}://{host}:{port}".lower() if host and port else None


class _Begun:
    """Whether anything of a request has left."""

    sent = False

    async def note(self, event: str, info: dict[str, object]) -> None:
        if event.endswith("send_request_headers.started"):
            self.sent = True


class Outbound:
    """The guarded HTTP client. One per process; `close` it at the end."""

    def __init__(
        self,
        allow: Iterable[str] = (),
        *,
        timeout_s: float = TIMEOUT_S,
        answer_bytes: int = ANSWER_BYTES,
        resolve_host: Resolve = resolve,
    ) -> None:
        self._timeout_s = timeout_s
        self._answer_bytes = answer_bytes
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=CONNECTIONS,
            keepalive_expiry=5,
            network_backend=_GuardedBackend(frozenset(a.strip().lower() for a in allow), resolve_host),
        )

    async def send(
        self, method: str, url: str, *, headers: dict[str, str], body: bytes, timeout_s: float | None = None
    ) -> Answer:
        """One request, one answer. Blocked, or NoAnswer with the reason when none comes in time (`timeout_s`)."""
        within_s = self._timeout_s if timeout_s is None else timeout_s
        target = read_url(url)
        raw = [(b"host", target.netloc)]
        raw += [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]
        raw.append((b"content-length", str(len(body)).encode()))
        if not any(name.lower() == "accept-encoding" for name in headers):
            # Without it a server may compress, and nobody unpacks.
            raw.append((b"accept-encoding", b"identity"))
        begun = _Begun()
        limits = {"connect": within_s, "read": within_s, "write": within_s}
        try:
            async with (
                asyncio.timeout(within_s),
                self._pool.stream(
                    method,
                    httpcore.URL(
                        scheme=target.raw_scheme,
                        host=target.raw_host,
                        port=target.port,
                        target=target.raw_path,
                    ),
                    headers=raw,
                    content=body,
                    extensions={"timeout": {**limits, "pool": within_s}, "trace": begun.note},
                ) as response,
            ):
                kept = bytearray()
                async for part in response.aiter_stream():
                    kept += part
                    if len(kept) > self._answer_bytes:
                        break
                    await asyncio.sleep(0)  # pieces of a byte each would hold up all others, leases too
                return Answer(
                    response.status,
                    {
                        name.decode("latin-1").lower(): value.decode("latin-1")
                        for name, value in response.headers
                    },
                    bytes(kept[: self._answer_bytes]),
                    cut=len(kept) > self._answer_bytes,
                )
        except httpcore.LocalProtocolError:  # its own words would show the header, which may be a secret
            words = "This request has a header with characters that it cannot carry."
            raise Blocked(words, code="bad-header") from None
        except (TimeoutError, httpcore.TimeoutException) as error:
            words = f"{target.host} did not answer within {within_s:g} s."
            raise NoAnswer(words, sent=begun.sent) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            said = _QUOTED.sub("", str(error)) or type(error).__name__
            words = said if said.startswith(target.host) else f"{target.host} did not answer: {said}"
            raise NoAnswer(words, sent=begun.sent) from error

    async def close(self) -> None:
        await self._pool.aclose()


def read_url(url: str) -> httpx.URL:
    """An absolute http(s) address. Blocked, with a sentence, for anything else."""
    try:
        target = httpx.URL(url)
        host = target.host
    except (httpx.InvalidURL, TypeError, ValueError) as error:
        raise Blocked(f"{_shown(url)} is not a web address: {error}", code="bad-url") from None
    if target.scheme not in ("http", "https") or not host:
        raise Blocked(
            f"A web address starts with http:// or https://, {_shown(url)} does not.", code="bad-url"
        )
    if target.port is not None and not 0 < target.port <= HIGHEST_PORT:
        raise Blocked(f"{_shown(url)} names no port: there are 1 to {HIGHEST_PORT}.", code="bad-url")
    if target.userinfo:
        raise Blocked("A web address must not carry a user name or password.", code="bad-url")
    return target


def _shown(url: str) -> str:
    """In quotes, without what signs in, and not longer than a line."""
    text = without_secrets(url)
    return repr(text if len(text) <= 200 else f"{text[:199]}…")
