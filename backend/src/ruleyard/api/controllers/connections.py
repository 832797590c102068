"""Connections: make, change, check; their tables and records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.actions.signing import key_of
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit
from ruleyard.api.proving import prove
from ruleyard.api.reach import asking, reach
from ruleyard.api.records import search_records
from ruleyard.api.shapes.connections import (
    ChangeConnection,
    CheckResult,
    ColumnInfo,
    ConnectionInfo,
    ConnectionPage,
    NewConnection,
    ProveConnection,
    ProvedConnection,
    ReadAgain,
    RecordPage,
    Secret,
    SmsProviderInfo,
    SmsProviderPage,
    TableDetail,
    TableInfo,
    TablePage,
    UsingRule,
    UsingRules,
)
from ruleyard.core.connection_settings import leads_elsewhere, missing_secrets
from ruleyard.core.errors import Conflict, Invalid, NotFound
from ruleyard.core.model import TableModel
from ruleyard.core.sms_providers import PROVIDERS
from ruleyard.core.sms_template import needs
from ruleyard.core.types import ConnectionId, JSONObject, LogId
from ruleyard.intake.introspect import TableSummary, label_of, list_tables, table_model, table_summary
from ruleyard.intake.watching import stop_watches_of
from ruleyard.lanes.again import look_again
from ruleyard.stores import audit, connections, fields, watches
from ruleyard.stores.db import transaction
from ruleyard.stores.events import TableNews
from ruleyard.stores.pages import decode, page
from ruleyard.stores.rule_documents import rules_naming
from ruleyard.stores.unreadable import Aside, list_aside


class ConnectionsController(Controller):
    path = "/connections"
    tags = ("connections",)

    @get(opt={"role": "viewer"}, summary="List connections")
    async def list_connections(
        self, house: OurHouse, cursor: Cursor = None, limit: Limit = 25
    ) -> ConnectionPage:
        after = decode(cursor, tuple[str])
        async with transaction(house.engine) as conn:
            every = [
                one for one in await connections.list_connections(conn) if not after or one.name > after[0]
            ]
            found = page(every[: limit + 1], limit, lambda one: (one.name,))
            return ConnectionPage(await _infos(conn, house, found.items), found.next)

    @post(opt={"role": "admin"}, summary="Make a connection")
    async def create_connection(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[NewConnection]
    ) -> ConnectionInfo:
        async with transaction(house.engine) as conn:
            made = await connections.create_connection(
                conn,
                house.settings,
                name=data.name,
                label=data.label,
                kind=data.kind,
                public=data.settings,
                secret=merged({}, data.secret),
            )
            await audit.record(
                conn, caller, "create connection", f"connection:{made.id}", {"name": made.name}
            )
        await self._try(house, made.id)
        async with transaction(house.engine) as conn:
            return await _info(conn, house, await connections.connection(conn, made.id))

    @post("/check", opt={"role": "admin"}, status_code=200, summary="Try settings without saving them")
    async def check_new_connection(self, house: OurHouse, data: JSONBody[NewConnection]) -> CheckResult:
        return await reach(data.kind, data.settings, merged({}, data.secret), house.outbound)

    @get("/sms-providers", opt={"role": "viewer"}, summary="SMS providers that are ready made")
    async def list_sms_providers(self) -> SmsProviderPage:
        return SmsProviderPage(
            tuple(
                SmsProviderInfo(
                    one.id,
                    one.name,
                    one.docs,
                    one.country,
                    one.sender,
                    tuple(sorted(needs(one.template) - {"sender"})),
                    msgspec.to_builtins(one.template),
                )
                for one in PROVIDERS
            ),
            None,
        )

    @get("/{connection_id:int}", opt={"role": "viewer"}, summary="Read a connection")
    async def read_connection(self, house: OurHouse, connection_id: FromPath[int]) -> ConnectionInfo:
        async with transaction(house.engine) as conn:
            return await _info(conn, house, await connections.connection(conn, ConnectionId(connection_id)))

    @patch("/{connection_id:int}", opt={"role": "admin"}, summary="Change a connection")
    async def change_connection(
        self,
        house: OurHouse,
        caller: TheCaller,
        connection_id: FromPath[int],
        data: JSONBody[ChangeConnection],
    ) -> ConnectionInfo:
        """Another place or user needs the secrets again: a kept one is never sent to where it was not entered for."""
        at = ConnectionId(connection_id)
        async with transaction(house.engine) as conn:
            before = await connections.connection(conn, at)
            moved = data.settings is not None and leads_elsewhere(before.kind, before.settings, data.settings)
            given = data.secret or Secret()
            kept = await connections.secret_of(conn, house.settings, at) if moved or given != Secret() else {}
            if moved and any(getattr(given, name, None) is None for name in kept):
                raise Conflict(
                    "Another host, port, user or address needs the password (or key) again.",
                    code="password-needed",
                )
            changed = await connections.update_connection(
                conn,
                house.settings,
                at,
                label=data.label,
                public=data.settings,
                secret=merged(kept, given) if given != Secret() else None,
            )
            named = sorted(
                name for name in ("label", "settings", "secret") if getattr(data, name) is not None
            )
            await audit.record(conn, caller, "change connection", f"connection:{at}", {"changed": [*named]})
        house.models.forget(at)
        async with transaction(house.engine) as conn:
            return await _info(conn, house, changed)

    @delete("/{connection_id:int}", opt={"role": "admin"}, summary="Remove a connection that nothing uses")
    async def remove_connection(
        self, house: OurHouse, caller: TheCaller, connection_id: FromPath[int]
    ) -> None:
        """Its tables are unwatched first, so nothing of ours stays in its database if that answers."""
        at = ConnectionId(connection_id)
        async with transaction(house.engine) as conn:
            gone = await connections.connection(conn, at)
            using = len((await rules_naming(conn, [gone.name]))[gone.name])
        if using:
            raise Conflict(f"{using} rule(s) use {gone.name}. Archive or change them first.", code="in-use")
        await stop_watches_of(house.engine, house.watched, at)
        async with transaction(house.engine) as conn:
            await connections.remove_connection(conn, at)
            await audit.record(conn, caller, "remove connection", f"connection:{at}", {"name": gone.name})

    @post(
        "/{connection_id:int}/check", opt={"role": "editor"}, status_code=200, summary="Try a connection now"
    )
    async def check_connection(self, house: OurHouse, connection_id: FromPath[int]) -> CheckResult:
        house.models.forget(ConnectionId(connection_id))
        return await self._try(house, ConnectionId(connection_id))

    async def _try(self, house: OurHouse, at: ConnectionId) -> CheckResult:
        async with transaction(house.engine) as conn:
            one = await connections.connection(conn, at)
            secret = await connections.secret_of(conn, house.settings, at)
        result = await reach(one.kind, one.settings, secret, house.outbound)
        works: connections.ConnectionState = "works"
        if one.kind == "sms":  # that the provider answers says nothing of whether it takes our messages
            works = "works" if one.state == "works" else "unchecked"
        async with transaction(house.engine) as conn:
            await connections.set_state(conn, at, works if result.works else "failing", result.trouble)
        return result

    @post(
        "/{connection_id:int}/prove",
        opt={"role": "admin"},
        status_code=200,
        summary="Send a test mail or message through a connection",
    )
    async def prove_connection(
        self,
        house: OurHouse,
        caller: TheCaller,
        connection_id: FromPath[int],
        data: JSONBody[ProveConnection],
    ) -> ProvedConnection:
        async with transaction(house.engine) as conn:
            one = await connections.connection(conn, ConnectionId(connection_id))
        return await prove(house, caller, one, data)

    @get("/{connection_id:int}/rules", opt={"role": "viewer"}, summary="Rules that use a connection")
    async def list_using_rules(self, house: OurHouse, connection_id: FromPath[int]) -> UsingRules:
        async with transaction(house.engine) as conn:
            one = await connections.connection(conn, ConnectionId(connection_id))
            found = (await rules_naming(conn, [one.name]))[one.name]
        return UsingRules(tuple(UsingRule(*pair) for pair in found))

    @get("/{connection_id:int}/tables", opt={"role": "viewer"}, summary="List tables, which are watched")
    async def list_tables(self, house: OurHouse, connection_id: FromPath[int]) -> TablePage:
        at = ConnectionId(connection_id)
        async with transaction(house.engine) as conn:
            watched = {one.table: one for one in await watches.list_watches(conn, at)}
            aside = await _aside(conn, at)
        async with asking(house.logs, at) as pool:
            news = await house.news.of(at, pool, set(watched))
            found = await list_tables(pool)
        seen = await _seen(house, at, found)
        return TablePage(tuple(TableInfo(**_facts(one, watched, news, aside, seen)) for one in found), None)

    @get("/{connection_id:int}/tables/{table:str}", opt={"role": "viewer"}, summary="Read a table's columns")
    async def read_table(
        self, house: OurHouse, connection_id: FromPath[int], table: FromPath[str]
    ) -> TableDetail:
        at = ConnectionId(connection_id)
        async with transaction(house.engine) as conn:
            watched = {one.table: one for one in await watches.list_watches(conn, at)}
            aside = await _aside(conn, at)
            labels = await fields.labels_of(conn, at, table)
        async with asking(house.logs, at) as pool:
            summary = await table_summary(pool, table)
            model = await _model(house, at, table)
            news = await house.news.of(at, pool, set(watched))
        if summary is None:
            raise NotFound(f"There is no table {table} that this connection can see.", code="unknown-table")
        seen = await _seen(house, at, [summary])
        left_out = watched[table].excluded if table in watched else ()
        columns = tuple(
            ColumnInfo(
                name=one.name,
                label=labels.get(one.name) or label_of(one.name),
                type=one.type,
                nullable=one.nullable,
                choices=one.choices,
                primary_key=one.primary_key,
                references=one.references,
                db_type=one.db_type,
                generated=one.generated,
                has_default=one.has_default,
                readable=one.readable,
                named=one.name in labels,
                left_out=one.name in left_out,
                new=one.name not in seen[table],
            )
            for one in model.columns
        )
        return TableDetail(**_facts(summary, watched, news, aside, seen), columns=columns)

    @post(
        "/{connection_id:int}/tables/{table:str}/read-again",
        opt={"role": "publisher"},
        status_code=200,
        summary="Read changes again that stood aside",
    )
    async def read_again(
        self, house: OurHouse, caller: TheCaller, connection_id: FromPath[int], table: FromPath[str]
    ) -> ReadAgain:
        """Judged by the rules that are live now."""
        at = ConnectionId(connection_id)
        async with asking(house.logs, at):
            found = await look_again(house.engine, house.logs, LogId(at), table)
        async with transaction(house.engine) as conn:
            seen: JSONObject = {
                "read": found.read,
                "aside": found.aside,
                "gone": found.gone,
                "runs": len(found.runs),
            }
            await audit.record(conn, caller, "read again", f"table:{table}", seen)
        await house.bells.ring_slots(found.slots)
        return msgspec.convert(seen, ReadAgain)

    @get("/{connection_id:int}/tables/{table:str}/records", opt={"role": "editor"}, summary="Search records")
    async def list_records(
        self,
        house: OurHouse,
        connection_id: FromPath[int],
        table: FromPath[str],
        search: FromQuery[str] = "",
        limit: Limit = 20,
    ) -> RecordPage:
        at = ConnectionId(connection_id)
        async with asking(house.logs, at) as pool:
            model = await _model(house, at, table)
            found = await search_records(pool, model, search[:200], limit)
        return RecordPage(tuple(found), None)


async def _seen(house: House, at: ConnectionId, found: Sequence[TableSummary]) -> dict[str, frozenset[str]]:
    """Which columns people know. Of a table that is looked at for the first time, all that it has now."""
    async with transaction(house.engine) as conn:
        seen = await fields.seen_fields(conn, at)
        first = {one.name: one.columns for one in found if one.name not in seen}
        if first:
            await fields.note_seen(conn, at, first, again=False)
    return {one.name: seen.get(one.name, frozenset(one.columns)) for one in found}


async def _aside(conn: AsyncConnection, at: ConnectionId) -> dict[str, Aside]:
    return {one.table: one for one in await list_aside(conn) if one.log == LogId(at)}


async def _info(conn: AsyncConnection, house: House, one: connections.Connection) -> ConnectionInfo:
    return (await _infos(conn, house, [one]))[0]


async def _infos(
    conn: AsyncConnection, house: House, every: Sequence[connections.Connection]
) -> tuple[ConnectionInfo, ...]:
    """In two queries, however many there are."""
    using = await rules_naming(conn, [one.name for one in every])
    secrets = await connections.secrets_of(conn, house.settings, [one.id for one in every])
    return tuple(
        msgspec.convert(
            msgspec.structs.asdict(one)
            | {
                "used_by": len(using[one.name]),
                "secrets": tuple(sorted(secrets[one.id])),
                "missing": missing_secrets(one.kind, one.settings, secrets[one.id]),
            },
            ConnectionInfo,
        )
        for one in every
    )


async def _model(house: House, at: ConnectionId, table: str) -> TableModel:
    async with transaction(house.engine) as conn:
        name = (await connections.connection(conn, at)).name
    model = await table_model(await house.watched.pool(at), name, table)
    if model is None:
        raise NotFound(f"There is no table {table} that this connection can see.", code="unknown-table")
    return model


def _facts(
    one: TableSummary,
    watched: dict[str, watches.Watch],
    news: dict[str, TableNews],
    aside: dict[str, Aside],
    seen: dict[str, frozenset[str]],
) -> dict[str, Any]:
    heard, watch, stands = news.get(one.name), watched.get(one.name), aside.get(one.name)
    facts = msgspec.structs.asdict(one)
    del facts["columns"]
    stale = _stale(one, watch) if watch else ""
    return facts | {
        "new_fields": len(set(one.columns) - seen[one.name]),
        "watched": watch is not None,
        "watch_id": watch.id if watch else None,
        "why_not": stale or one.why_not,
        "why_code": "key-changed" if stale else one.why_code,
        "last_change_at": msgspec.convert(heard.last_change_at, datetime | None) if heard else None,
        "events_24h": heard.events_24h if heard else 0,
        "aside": stands.events if stands else 0,
        "aside_reason": stands.error if stands else "",
    }


def _stale(one: TableSummary, watch: watches.Watch) -> str:
    """Why a watched table is not captured any more: its key is not what the triggers were made for."""
    if not one.watchable or one.key == watch.key:
        return ""
    was, now = ", ".join(watch.key), ", ".join(one.key)
    return (
        f"The primary key of {one.name} was ({was}) when it was watched and is ({now}) now: "
        "its changes are not captured. Watch it again."
    )


def merged(kept: JSONObject, given: Secret) -> JSONObject:
    """The kept secrets with those that were given; an empty one is taken away. Invalid: one that cannot sign."""
    if given.signing_secret and key_of(given.signing_secret) is None:
        raise Invalid("A signing secret is whsec_ and base64 of 24 to 64 bytes.", code="bad-signing-secret")
    new: JSONObject = {
        name: value for name, value in msgspec.structs.asdict(given).items() if value is not None
    }
    return {name: value for name, value in (kept | new).items() if value != ""}
