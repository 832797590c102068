"""Can an outside system be reached with these settings? A plain reason, in less than 6 s, and nothing saved."""

from __future__ import annotations

import asyncio
import time
from typing import Final

import aiosmtplib
import asyncpg

from ruleyard.api.shapes.connections import CheckResult
from ruleyard.core.errors import RuleyardError
from ruleyard.core.types import JSONObject
from ruleyard.stores.connections import connect_options, refuse_unfit

WITHIN_S: Final = 5.0


async def reach(kind: str, public: JSONObject, secret: JSONObject) -> CheckResult:
    """Signs in, asks one thing, leaves."""
    began = time.monotonic()
    where = f"{public.get('host')}:{public.get('port') or (5432 if kind == 'postgres' else 25)}"
    try:
        refuse_unfit(kind, public)
        async with asyncio.timeout(WITHIN_S):
            await (_postgres if kind == "postgres" else _smtp)(public, secret)
        reason = ""
    except TimeoutError:
        reason = f"{where} did not answer within {WITHIN_S:.0f} seconds. Check host, port and firewall."
    except RuleyardError as error:
        reason = error.message
    except asyncpg.InvalidPasswordError:
        reason = f"The server at {where} refused the user or the password."
    except asyncpg.InvalidAuthorizationSpecificationError as error:
        reason = f"The server at {where} does not let this user in: {error}"
    except asyncpg.InvalidCatalogNameError:
        reason = f"The server at {where} has no database named {public.get('database')!r}."
    except asyncpg.InsufficientPrivilegeError as error:
        reason = f"This user may not connect to the database: {error}"
    except asyncpg.PostgresError as error:
        reason = f"The server at {where} answered: {error}"
    except aiosmtplib.SMTPAuthenticationError as error:
        reason = f"The mail server refused the user or the password: {error.message}"
    except aiosmtplib.SMTPException as error:
        reason = f"The mail server at {where} did not accept us: {error}"
    except ConnectionRefusedError:
        reason = f"Nothing listens at {where}. Check host and port, and that the server runs."
    except OSError as error:
        reason = _network_words(where, error)
    except (asyncpg.InterfaceError, ValueError, TypeError) as error:
        reason = f"These settings do not fit together: {error}"
    took_ms = round((time.monotonic() - began) * 1000)
    return CheckResult(works=not reason, reason=reason[:500], took_ms=took_ms)


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


async def _postgres(public: JSONObject, secret: JSONObject) -> None:
    connection = await asyncpg.connect(**connect_options(public, secret), timeout=WITHIN_S)
    try:
        await connection.fetchval("select 1")
    finally:
        connection.terminate()


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
