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
from ruleyard.actions.reaching import place_of, trouble_of
from ruleyard.actions.sms import SmsGateway
from ruleyard.api.problems import Malformed
from ruleyard.api.shapes.connections import CheckResult
from ruleyard.core.connection_settings import refuse_unfit
from ruleyard.core.errors import RuleyardError, Unavailable
from ruleyard.core.trouble import Trouble
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


async def reach(kind: str, public: JSONObject, secret: JSONObject, outbound: Outbound) -> CheckResult:
    """Signs in, asks one thing, leaves. An SMS provider is asked nothing but whether it is there."""
    began = time.monotonic()
    where = place_of(kind, public)
    trouble: Trouble | None = None
    try:
        refuse_unfit(kind, public)
        async with asyncio.timeout(WITHIN_S):
            if kind == "smtp":
                await _smtp(public, secret)
            elif kind == "http":
                trouble = await _http(http_place(where, public, secret), outbound)
            elif kind == "sms":
                await _there(sms_gateway(where, public, secret), outbound)
            else:
                shared = await _postgres(public, secret)
                if leads_through_a_pooler(public):
                    direct = direct_address(public)
                    where = place_of(kind, direct)
                    shared = await _postgres(direct, secret)
                trouble = _pooled(where) if shared else None
    except (RuleyardError, ValueError, TypeError, *AWAY) as error:
        trouble = trouble_of(error, where)
    took_ms = round((time.monotonic() - began) * 1000)
    reason = "" if trouble is None else trouble.words[:500]
    return CheckResult(works=trouble is None, reason=reason, took_ms=took_ms, trouble=trouble)


def _pooled(where: str) -> Trouble:
    words = (
        f"{where} leads through a pooler that shares sessions (PgBouncer in transaction mode). "
        "Listening needs the database's own address: give it as the direct server and port."
    )
    return Trouble("reach-pooler", words, args={"where": where})


@asynccontextmanager
async def asking(logs: LogPools, log: int, *, within_s: float = ASK_S) -> AsyncIterator[asyncpg.Pool]:
    """The pool of a watched database (or of our own log). Unavailable, with the reason, where it does not answer.

    Malformed, where it answers that a value cannot be one of its own.
    """
    try:
        async with asyncio.timeout(within_s):
            yield await logs.pool(LogId(log))
    except asyncpg.DataError as error:
        said = (str(error).splitlines() or [type(error).__name__])[0].rstrip(". ")
        raise Malformed(f"A value does not fit: {said}.") from error
    except AWAY as error:
        reason = trouble_of(error, "the watched database").words
        raise Unavailable(f"{reason} See Connections.", code="connection-unavailable") from error


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


async def _http(place: HttpPlace, outbound: Outbound) -> Trouble | None:
    """Why the base address is of no use, None where it answers: whatever is there, it let us in."""
    headers = {"user-agent": "Ruleyard", "accept": "application/json"} | place.headers()
    answer = await outbound.send("GET", place.base_url, headers=headers, body=b"")
    said: JSONObject = {"where": place.base_url, "status": answer.status}
    if answer.status in (401, 403):
        words = f"The sign-in was refused: {place.base_url} answered {answer.status}."
        return Trouble("reach-sign-in", words, args=said)
    if answer.status >= 500:
        return Trouble("reach-error", f"{place.base_url} answered {answer.status}.", args=said)
    return None


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
