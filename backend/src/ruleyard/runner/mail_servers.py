"""A mail server by the name of its connection, with its password opened. Knows nothing of messages."""

from __future__ import annotations

from typing import Literal, cast

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import MailServer
from ruleyard.core.errors import Refusal, Unavailable
from ruleyard.settings import Settings
from ruleyard.stores.connections import connection_named, first_of_kind, secret_of


async def read_mail_server(engine: AsyncEngine, settings: Settings, name: str | None) -> MailServer:
    """The smtp connection of that name, the first one for None. ActionFailed where there is none."""
    try:
        async with engine.connect() as conn:
            found = await first_of_kind(conn, "smtp") if name is None else await connection_named(conn, name)
            if found is None:
                raise ActionFailed(
                    "There is no mail server yet: add one under Connections.", code="no-mail-server"
                )
            if found.kind != "smtp":
                words = f"The connection {found.name!r} is not a mail server."
                raise ActionFailed(words, code="no-connection", args={"name": found.name})
            secret = await secret_of(conn, settings, found.id)
    except Refusal as error:
        raise ActionFailed(error.message, code="no-connection", args={"name": name}) from error
    except Unavailable as error:
        raise ActionFailed(error.message, code=error.code) from error
    public = found.settings
    security = cast(Literal["none", "starttls", "tls"], str(public.get("security") or "none"))
    return MailServer(
        name=found.name,
        host=str(public["host"]),
        port=int(str(public.get("port") or {"none": 25, "starttls": 587, "tls": 465}[security])),
        security=security,
        user=str(public.get("user") or ""),
        password=str(secret.get("password") or ""),
        sender=str(public.get("from") or public.get("user") or ""),
    )
