"""Outside systems by the names of their connections, with their secrets opened. Knows nothing of what is sent there."""

from __future__ import annotations

from typing import Literal, cast

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.places import HttpPlace, SignIn
from ruleyard.actions.sms import SmsGateway
from ruleyard.core.connection_settings import missing_secrets, template_of
from ruleyard.core.errors import Refusal, Unavailable
from ruleyard.core.types import JSONObject
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, connection_named, first_of_kind, secret_of


async def read_http_place(engine: AsyncEngine, settings: Settings, name: str) -> HttpPlace:
    """The http connection of that name. ActionFailed where there is none."""
    found, secret = await _opened(engine, settings, name, "http")
    return http_place(found.name, found.settings, secret)


async def read_sms_gateway(engine: AsyncEngine, settings: Settings, name: str | None) -> SmsGateway:
    """The sms connection of that name, the first one for None. ActionFailed where there is none."""
    found, secret = await _opened(engine, settings, name, "sms")
    return sms_gateway(found.name, found.settings, secret)


def http_place(name: str, public: JSONObject, secret: JSONObject) -> HttpPlace:
    """Of settings and secrets that hold."""
    return HttpPlace(
        name=name,
        base_url=str(public["base_url"]),
        sign_in=cast(SignIn, str(public.get("sign_in") or "none")),
        user=str(public.get("user") or ""),
        header=str(public.get("header") or ""),
        token=str(secret.get("token") or "").strip(),
        password=str(secret.get("password") or ""),
        signing_secret=str(secret.get("signing_secret") or ""),
    )


def sms_gateway(name: str, public: JSONObject, secret: JSONObject) -> SmsGateway:
    """Of settings and secrets that hold."""
    return SmsGateway(
        name=name,
        template=template_of(public),
        user=str(public.get("user") or ""),
        sender=str(public.get("sender") or ""),
        country=str(public.get("country") or ""),
        token=str(secret.get("token") or "").strip(),
    )


async def _opened(
    engine: AsyncEngine, settings: Settings, name: str | None, kind: Literal["http", "sms"]
) -> tuple[Connection, JSONObject]:
    try:
        async with engine.connect() as conn:
            found = await first_of_kind(conn, kind) if name is None else await connection_named(conn, name)
            if found is None:
                words = "There is no SMS provider yet: add one under Connections."
                raise ActionFailed(words, code="no-sms-provider")
            if found.kind != kind:
                what = "does not speak HTTP" if kind == "http" else "is not an SMS provider"
                words = f"The connection {found.name!r} {what}."
                raise ActionFailed(words, code="no-connection", args={"name": found.name})
            secret = await secret_of(conn, settings, found.id)
    except Refusal as error:
        raise ActionFailed(error.message, code="no-connection", args={"name": name}) from error
    except Unavailable as error:
        raise ActionFailed(error.message, code=error.code) from error
    if missing_secrets(kind, found.settings, secret):
        words = f"The connection {found.name} is not set up: its secret is missing."
        raise ActionFailed(words, code="connection-not-set-up", args={"name": found.name})
    return found, secret
