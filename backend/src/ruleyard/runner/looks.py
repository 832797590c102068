"""What holds already when a run comes to rest for it: one look for each kind that can be looked at.

Knows nothing of how runs rest (`runner/awaiting.py`) or of who answers later.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.kind import Tools
from ruleyard.actions.records import dumped, read_sql, table_of
from ruleyard.core.awaiting import Answer, Awaits
from ruleyard.core.event import Event
from ruleyard.core.items import ITEMS
from ruleyard.core.json_text import decode
from ruleyard.core.types import JSONObject, LogId
from ruleyard.core.wait_for import EVENT, RECORD, answered_by_event, answered_by_record, record_topic
from ruleyard.runner.awaiting import Look, Looking
from ruleyard.runner.items import look_at_items
from ruleyard.stores import approvals
from ruleyard.stores.approvals import answer_of
from ruleyard.stores.claims import Claim
from ruleyard.stores.connections import connection_named
from ruleyard.stores.told import told_since
from ruleyard.stores.watches import left_out

READ_S: Final = 10.0


class Records:
    """The record that a run began with, in its watched database."""

    def __init__(self, engine: AsyncEngine, tools: Tools) -> None:
        self._engine = engine
        self._tools = tools

    async def at_home(self, claim: Claim, awaits: Awaits) -> tuple[LogId, Awaits]:
        """The log of the table whose changes are waited for, and the run's record there as `topic`."""
        connection, table = awaits.home or ("", "")
        async with self._engine.connect() as conn:
            log = LogId(int((await connection_named(conn, connection)).id))
        key = await self._key(claim.event, connection, table)
        shown = "/".join("" if value is None else str(value) for value in key.values())
        return log, msgspec.structs.replace(awaits, topic=record_topic(log, table, shown))

    async def now(self, event: Event, connection: str, table: str) -> JSONObject | None:
        """As it is now, without what its watch leaves out. None where it is gone."""
        database = await self._tools.database(connection)
        found = await table_of(database, table)
        key = await self._key(event, connection, table)
        key = {name: key.get(name) for name in found.key}
        record = decode(await database.pool.fetchval(read_sql(found), dumped(key), timeout=READ_S))
        if not isinstance(record, dict):
            return None
        async with self._engine.connect() as conn:
            log = LogId(int((await connection_named(conn, connection)).id))
            hidden = (await left_out(conn)).get((log, table), frozenset())
        return {name: value for name, value in record.items() if name not in hidden}

    async def _key(self, event: Event, connection: str, table: str) -> JSONObject:
        """Of a run that somebody fired by hand the event is none of the record's."""
        if event.table == table:
            return event.key
        found = await table_of(await self._tools.database(connection), table)
        record = event.after or {}
        return {name: record.get(name) for name in found.key}


def looks_of(records: Records) -> Mapping[str, Look]:
    """By kind of what is awaited."""

    async def event(looking: Looking) -> Answer | None:
        """What was told since the run began: an answer may be quicker than the step before the wait."""
        since = datetime.fromisoformat(looking.claim.event.at)
        async with looking.engine.connect() as conn:
            told = await told_since(conn, looking.awaits.topic, since, but_not_by=looking.claim.id)
        for received in told:
            if found := answered_by_event(looking.awaits.what, received):
                return found
        return None

    async def record(looking: Looking) -> Answer | None:
        connection, table = looking.awaits.home or ("", "")
        now = await records.now(looking.claim.event, connection, table)
        return answered_by_record(looking.awaits.what, now)

    return {EVENT: event, RECORD: record, ITEMS: look_at_items, "approval": _approval}


async def _approval(looking: Looking) -> Answer | None:
    """Somebody may have answered between the question and the rest."""
    async with looking.engine.connect() as conn:
        found = await approvals.approval_of(conn, looking.claim.id, looking.node)
    return None if found is None else answer_of(found)
