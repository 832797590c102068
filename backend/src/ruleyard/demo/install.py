"""Make sure of what the demo needs in Ruleyard: connections, watches, published rules.

Done again it changes nothing. Goes through the same doors as the API. Knows nothing of the demo's rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote, urlsplit

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.clock import utc_now
from ruleyard.core.document import parse
from ruleyard.core.errors import Invalid, NotFound
from ruleyard.core.graph import Graph, ScheduleTrigger
from ruleyard.core.schedule import next_ticks
from ruleyard.core.types import JSONObject, RuleId
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import (
    Connection,
    Watched,
    connection_named,
    create_connection,
    update_connection,
)
from ruleyard.stores.db import transaction
from ruleyard.stores.generation import bump_generation
from ruleyard.stores.rules import create_rule, draft_of, rule_named, save_draft
from ruleyard.stores.schedules import start_schedule
from ruleyard.stores.versions import insert_version, live_version, set_enabled
from ruleyard.stores.watches import list_watches

CRM = "crm"
MAIL = "mail"
"""What the demo's rules call their connections."""


async def ensure_connections(
    engine: AsyncEngine, settings: Settings, *, crm_url: str, smtp: tuple[str, int] | None = None
) -> Connection:
    """`crm`, left as it is where it exists, and `mail`, which follows the catcher's address."""
    async with transaction(engine) as conn:
        try:
            crm = await connection_named(conn, CRM)
        except NotFound:
            public, secret = split_url(crm_url)
            crm = await create_connection(
                conn, settings, name=CRM, label="Telesales CRM", kind="postgres", public=public, secret=secret
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
                conn, settings, name=MAIL, label="Mail catcher", kind="smtp", public=mail, secret={}
            )
        else:
            local = known.settings.get("host") in ("127.0.0.1", "localhost")
            if local and known.settings.get("port") != smtp[1]:
                public = {**known.settings, "host": smtp[0], "port": smtp[1]}
                await update_connection(conn, settings, known.id, public=public)
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


async def ensure_watches(
    engine: AsyncEngine, watched: Watched, connection: Connection, tables: Sequence[str]
) -> None:
    """Watches those tables that are not watched yet."""
    async with transaction(engine) as conn:
        known = {one.table for one in await list_watches(conn, connection.id)}
    for table in tables:
        if table not in known:
            await start_watch(engine, watched, connection_id=connection.id, table=table)


async def ensure_rules(
    engine: AsyncEngine, documents: Sequence[JSONObject], *, renew: bool = False
) -> dict[str, RuleId]:
    """Each rule by name: made, published and switched on when there is none of that name.

    With `renew` one that exists is published anew when its live version says something else, and switched on.
    """
    async with transaction(engine) as conn:
        ids: dict[str, RuleId] = {}
        for document in documents:
            name = str(document["name"])
            graph = parse(document)
            if not isinstance(graph, Graph):
                raise Invalid(f"The rule {name!r} does not hold.", problems=graph)
            rule_id = await rule_named(conn, name)
            is_new = rule_id is None
            if rule_id is None:
                rule_id = await create_rule(conn, name=name, document=document, layout={}, by=None)
            ids[name] = rule_id
            if not is_new and not renew:
                continue
            live = await live_version(conn, rule_id)
            if live is None or live.document != document:
                if not is_new:
                    await draft_of(conn, rule_id, lock=True)
                    await save_draft(conn, rule_id, document=document, layout=None, etag=None, by=None)
                live = await insert_version(
                    conn, rule_id, document=document, layout={}, note="From the demo", by=None
                )
            await set_enabled(conn, rule_id, enabled=True)
            if isinstance(graph.trigger, ScheduleTrigger):
                schedule = graph.trigger.schedule
                (next_at,) = next_ticks(schedule, utc_now(), 1)
                await start_schedule(
                    conn, rule_id=rule_id, version_id=live.id, schedule=schedule, next_at=next_at
                )
        await bump_generation(conn)
    return ids
