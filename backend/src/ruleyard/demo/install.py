"""Make sure of what the demo needs in Ruleyard: connections, watches, published rules.

Done again it changes nothing. Goes through the same doors as the API. Knows nothing of the demo's rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from ruleyard.api.caller import Caller
from ruleyard.api.house import House
from ruleyard.api.publishing import publish, switch_on
from ruleyard.core.errors import NotFound, Refusal
from ruleyard.core.types import JSONObject, RuleId
from ruleyard.intake.watching import start_watch
from ruleyard.stores.connections import Connection, connection_named, create_connection, update_connection
from ruleyard.stores.db import transaction
from ruleyard.stores.drafts import draft_of, save_draft
from ruleyard.stores.rules import create_rule, rule_named, rule_row
from ruleyard.stores.versions import live_version
from ruleyard.stores.watches import list_watches

CRM = "crm"
MAIL = "mail"
"""What the demo's rules call their connections."""

_LOCAL: Final = re.compile(r"http://127\.0\.0\.1:\d+")
_DEMO: Final = Caller(role="admin", actor="the demo")


async def ensure_connections(
    house: House, *, crm_url: str, smtp: tuple[str, int] | None = None
) -> Connection:
    """`crm`, left as it is where it exists, and `mail`, which follows the catcher's address."""
    async with transaction(house.engine) as conn:
        try:
            crm = await connection_named(conn, CRM)
        except NotFound:
            public, secret = split_url(crm_url)
            crm = await create_connection(
                conn,
                house.settings,
                name=CRM,
                label="Telesales CRM",
                kind="postgres",
                public=public,
                secret=secret,
            )
        if smtp is None:
            return crm
        try:
            known = await connection_named(conn, MAIL)
        except NotFound:
            mail: JSONObject = {
                "host": smtp[0],
                "port": smtp[1],
                "security": "none",
                "from": "crm@example.com",
            }
            await create_connection(
                conn, house.settings, name=MAIL, label="Mail catcher", kind="smtp", public=mail, secret={}
            )
        else:
            local = known.settings.get("host") in ("127.0.0.1", "localhost")
            if local and known.settings.get("port") != smtp[1]:
                public = {**known.settings, "host": smtp[0], "port": smtp[1]}
                await update_connection(conn, house.settings, known.id, public=public)
    return crm


def split_url(url: str) -> tuple[JSONObject, JSONObject]:
    """`postgresql://user:password@host:port/database` as a connection's settings and its secret."""
    parts = urlsplit(url)
    public: JSONObject = {
        "host": parts.hostname or "127.0.0.1",
        "port": parts.port or 5432,
        "database": unquote(parts.path.lstrip("/")),
        "user": unquote(parts.username or ""),
        "sslmode": "prefer",
    }
    return public, {"password": unquote(parts.password)} if parts.password else {}


async def ensure_watches(house: House, connection: Connection, tables: Sequence[str]) -> None:
    """Watches those tables that are not watched yet."""
    async with transaction(house.engine) as conn:
        known = {one.table for one in await list_watches(conn, connection.id)}
    for table in tables:
        if table not in known:
            await start_watch(house.engine, house.watched, connection_id=connection.id, table=table)


async def ensure_rules(
    house: House, documents: Sequence[JSONObject], *, renew: bool = False
) -> dict[str, RuleId]:
    """Each rule by name: made, published and switched on when there is none of that name.

    With `renew` one that exists is published anew when its live version says something else, and switched on.
    """
    ids: dict[str, RuleId] = {}
    async with transaction(house.engine) as conn:
        for document in documents:
            name = str(document["name"])
            known = await rule_named(conn, name)
            if known is not None and not renew:
                ids[name] = known
                continue
            ids[name] = known or await create_rule(conn, name=name, document=document, layout={}, by=None)
            live = await live_version(conn, ids[name])
            if live is not None and live.document == document:
                await switch_on(conn, _DEMO, ids[name])
                continue
            if known is not None:
                await save_draft(conn, known, document=document, layout=None, etag=None, by=None)
            draft = await draft_of(conn, ids[name])
            await publish(
                house, conn, _DEMO, ids[name], etag=str(draft.etag), note="From the demo", enable=True
            )
    return ids


async def follow_catcher(house: House, documents: Sequence[JSONObject], catcher_http: str) -> list[str]:
    """Publishes anew, with the catcher's present address, the demo's rules that only differ by an old one.

    One that a person changed, or is changing, stays as it is. Answers the names of the rules.
    """
    moved: list[str] = []
    async with transaction(house.engine) as conn:
        for document in documents:
            name = str(document["name"])
            known = await rule_named(conn, name)
            live = None if known is None else await live_version(conn, known)
            if known is None or live is None or live.document == document:
                continue
            draft = await draft_of(conn, known)
            if draft.document != live.document or _pointed(live.document, catcher_http) != document:
                continue
            enabled = (await rule_row(conn, known)).enabled
            with suppress(Refusal):  # one that does not hold any more stays as it is
                async with conn.begin_nested():
                    saved = await save_draft(conn, known, document=document, layout=None, etag=None, by=None)
                    await publish(
                        house,
                        conn,
                        _DEMO,
                        known,
                        etag=str(saved.etag),
                        note="The catcher moved",
                        enable=enabled,
                    )
                    moved.append(name)
    return moved


def _pointed(document: JSONObject, catcher_http: str) -> JSONObject:
    text = _LOCAL.sub(catcher_http, msgspec.json.encode(document).decode())
    pointed: JSONObject = msgspec.json.decode(text)
    return pointed
