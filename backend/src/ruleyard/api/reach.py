"""Can an outside system be reached with these settings? A plain reason, in less than 6 s, and nothing saved.

`asking` is the one way to a watched database from a request: what it raises says who does not answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiosmtplib
import asyncpg

from ruleyard.actions.guard import Outbound
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.sms import SmsGateway
from ruleyard.api.problems import Malformed
from ruleyard.api.shapes.connections import CheckResult
from ruleyard.core.connection_settings import refuse_unfit
from ruleyard.core.errors import RuleyardError, Unavailable
from ruleyard.core.types import JSONObject, LogId
from ruleyard.runner.outside import http_place, sms_gateway
from ruleyard.stores.connections import (
    connect_options,
    direct_address,
    leads_through_a_pooler,
)
from ruleyard.stores.events import LogPools
from ruleyard.stores.lines import UNPREPARED

WITHIN_S: Final = 5.0
ASK_S: Final = 12.0
AWAY: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, aiosmtplib.SMTPException)

POOLED: Final = (
    "{where} leads through a pooler that shares sessions (PgBouncer in transaction mode). "
    "Listening needs the database's own address: give it as the direct server and port."
)


async def reach(kind: str, public: JSONObject, secret: JSONObject, outbound: Outbound) -> CheckResult:
    """Signs in, asks one thing, leaves. An SMS provider is asked nothing but whether it is there."""
    began = time.monotonic()
    where = _place(kind, public)
    reason = ""
    try:
        refuse_unfit(kind, public)
        async with asyncio.timeout(WITHIN_S):
            if kind == "smtp":
                await _smtp(public, secret)
            elif kind == "http":
                reason = await _http(http_place(where, public, secret), outbound)
            elif kind == "sms":
                await _there(sms_gateway(where, public, secret), outbound)
            else:
                shared = await _postgres(public, secret)
                if leads_through_a_pooler(public):
                    direct = direct_address(public)
                    where = _place(kind, direct)
                    shared = await _postgres(direct, secret)
                reason = POOLED.format(where=where) if shared else ""
    except RuleyardError as error:
        reason = error.message
    except AWAY as error:
        reason = words_of(error, where)
    except (ValueError, TypeError) as error:
        reason = f"These settings do not fit together: {error}"
    took_ms = round((time.monotonic() - began) * 1000)
    return CheckResult(works=not reason, reason=reason[:500], took_ms=took_ms)


@asynccontextmanager
async def asking(logs: LogPools, log: int, *, within_s: float = ASK_S) -> AsyncIterator[asyncpg.Pool]:
    """The pool of a watched database (or of our own log). Unavailable, with the reason, where it does not answer.

    Malformed, where it answers that a value cannot be one of its own.
    """
    try:
        async with asyncio.timeout(within_s):
            yield await logs.pool(LogId(log))
    except asyncpg.DataError as error:
        raise Malformed(f"A value does not fit: {_plain(error)}.") from error
    except AWAY as error:
        reason = words_of(error, "the watched database")
        raise Unavailable(f"{reason} See Connections.", code="connection-unavailable") from error


def words_of(error: BaseException, where: str) -> str:
    """Why an outside system did not let us in or did not answer, and what to look at."""
    match error:
        case TimeoutError():
            return f"No answer in time from {where}. Check host, port and firewall."
        case asyncpg.InvalidPasswordError():
            return f"The user or the password was refused by {where}."
        case asyncpg.InvalidAuthorizationSpecificationError():
            return f"This user is not let in by {where}: {error}."
        case asyncpg.InvalidCatalogNameError():
            return f"There is no such database at {where}: {error}."
        case asyncpg.InsufficientPrivilegeError():
            return f"This user may not do that at {where}: {error}."
        case asyncpg.ClientConfigurationError():
            return f"These settings do not fit together: {_plain(error)}."
        case asyncpg.PostgresError() | asyncpg.InterfaceError():
            return f"PostgreSQL at {where} answered: {_plain(error)}."
        case aiosmtplib.SMTPAuthenticationError():
            return f"The user or the password was refused by the mail server {where}: {error.message}."
        case aiosmtplib.SMTPConnectError() | aiosmtplib.SMTPTimeoutError():
            return f"The mail server {where} cannot be reached. Check host, port and security."
        case aiosmtplib.SMTPException():
            return f"The mail server {where} did not accept us: {_plain(error)}."
        case OSError():
            return _network_words(where, error)
        case _:
            return f"No answer from {where}: {error}."


def _plain(error: BaseException) -> str:
    """The first line, which says what is wrong, ready for a full stop."""
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")


def _network_words(where: str, error: OSError) -> str:
    host = where.rsplit(":", 1)[0]
    words = str(error)
    if "Connect call failed" in words or "refused" in words.lower():
        return f"Nothing listens at {where}. Check host and port, and that the server runs."
    if (
        "Name or service not known" in words
        or "nodename" in words
        or "resolution" in words
        or "getaddrinfo" in words
    ):
        return f"There is no host named {host!r}. Check the spelling."
    return f"{where} cannot be reached: {words}"


def _place(kind: str, public: JSONObject) -> str:
    if kind == "http":
        return str(public.get("base_url") or "")
    if kind == "sms":
        return str(public.get("provider") or "")
    return f"{public.get('host')}:{public.get('port') or (5432 if kind == 'postgres' else 25)}"


async def _postgres(public: JSONObject, secret: JSONObject) -> bool:
    """Does a pooler in between give the server of an idle session to another one?"""
    options = {**connect_options(public, secret), **UNPREPARED, "timeout": WITHIN_S}
    connection = await asyncpg.connect(**options)
    try:
        server = await connection.fetchval("select pg_backend_pid()")
        if server == connection.get_server_pid():
            return False
        other = await asyncpg.connect(**options)
        try:
            return bool(await other.fetchval("select pg_backend_pid()") == server)
        finally:
            other.terminate()
    finally:
        connection.terminate()


async def _http(place: HttpPlace, outbound: Outbound) -> str:
    """Why the base address is of no use, "" where it answers: whatever is there, it let us in."""
    headers = {"user-agent": "Ruleyard", "accept": "application/json"} | place.headers()
    answer = await outbound.send("GET", place.base_url, headers=headers, body=b"")
    if answer.status in (401, 403):
        return f"The sign-in was refused: {place.base_url} answered {answer.status}."
    return f"{place.base_url} answered {answer.status}." if answer.status >= 500 else ""


async def _there(gateway: SmsGateway, outbound: Outbound) -> None:
    """Nothing secret is sent: that a message is taken shows when one is."""
    await outbound.send("GET", f"{gateway.place}/", headers={"user-agent": "Ruleyard"}, body=b"")


async def _smtp(public: JSONObject, secret: JSONObject) -> None:
    security = str(public.get("security") or "none")
    client = aiosmtplib.SMTP(
        hostname=str(public["host"]),
        port=int(str(public.get("port") or 25)),
        use_tls=security == "tls",
        start_tls=security == "starttls",
        username=str(public["user"]) if public.get("user") else None,
        password=str(secret["password"]) if secret.get("password") else None,
        timeout=WITHIN_S,
    )
    try:
        await client.connect()
        await client.noop()
        await client.quit()
    finally:
        client.close()
