"""Who may come in: deny by default, decided from the route's own metadata, never from its address.

Every route says `opt={"role": …}`: a Role (that role or a stronger one) or `ANYONE`. A route that says nothing lets
nobody in. A session's changes need its CSRF token; an API key's do not.
"""

from __future__ import annotations

import secrets
from typing import Any, Final

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from ruleyard.api.caller import ROLES, Caller
from ruleyard.api.house import House
from ruleyard.api.problems import SignInNeeded
from ruleyard.core.errors import Forbidden
from ruleyard.stores.accounts import api_key_by_secret, setup_needed
from ruleyard.stores.db import transaction
from ruleyard.stores.sessions import session_of

ANYONE: Final = "anyone"
COOKIE: Final = "ruleyard_session"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = ASGIConnection[Any, Any, Any, Any]


async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """The one guard of every route. Leaves the Caller (or None) in `scope["user"]`."""
    needed = handler.opt.get("role")
    if needed != ANYONE and needed not in ROLES:
        raise Forbidden("This route lets nobody in: it does not say whom it is for.", code="no-role-declared")
    if handler.opt.get("public"):
        return
    house: House = connection.app.state.house
    caller = await caller_of(connection, house)
    connection.scope["user"] = caller
    refuse_forged(connection, caller)
    if needed == ANYONE:
        return
    if caller is None:
        async with transaction(house.engine) as conn:
            fresh = await setup_needed(conn)
        if fresh:
            raise Forbidden(
                "There is no administrator yet. Open the one-time link that `ruleyard up` printed.",
                code="setup-needed",
            )
        raise SignInNeeded("Sign in, or send an API key: `Authorization: Bearer ry_…`.")
    if not caller.may(needed):
        raise Forbidden(
            f"This needs the role {needed} or a stronger one; yours is {caller.role}.", code="role-too-weak"
        )


async def caller_of(connection: Connection, house: House) -> Caller | None:
    """Who the Authorization header or the session cookie says it is. SignInNeeded for a key that opens nothing."""
    header = connection.headers.get("authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        async with transaction(house.engine) as conn:
            key = await api_key_by_secret(conn, secret.strip()) if scheme.lower() == "bearer" else None
        if key is None:
            raise SignInNeeded("This API key is wrong or was revoked.", code="api-key-refused")
        return Caller(role=key.role, actor=f"key {key.name}", api_key_id=key.id)
    token = connection.cookies.get(COOKIE)
    if not token:
        return None
    async with transaction(house.engine) as conn:
        session = await session_of(conn, token)
    if session is None:
        return None
    return Caller(
        role=session.role,
        actor=session.email,
        account_id=session.account_id,
        session_hash=session.token_hash,
        csrf=session.csrf,
        email=session.email,
        name=session.name,
        language=session.language,
    )


def refuse_forged(connection: Connection, caller: Caller | None) -> None:
    """A change by cookie must bring the session's token; nothing that another site's page sends is a change of ours."""
    if connection.scope.get("method", "GET") in SAFE or (caller is not None and caller.session_hash is None):
        return
    if connection.headers.get("sec-fetch-site", "") in ("cross-site", "same-site"):
        raise Forbidden("Another site's page may not do this.", code="csrf")
    if caller is None:
        return
    sent = connection.headers.get("x-csrf-token", "")
    if not secrets.compare_digest(sent.encode(), caller.csrf.encode()):
        raise Forbidden(
            "The header X-CSRF-Token is missing or wrong. `GET /api/v1/session` gives it.", code="csrf"
        )
