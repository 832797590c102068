"""The live schemas of watched tables, asked for when somebody checks a rule and kept for some seconds.

A database that does not answer is told as such and not asked again for a while, so that a list never hangs on it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Final

import asyncpg
import msgspec

from ruleyard.core.errors import RuleyardError
from ruleyard.core.model import TableModel
from ruleyard.core.types import ConnectionId
from ruleyard.intake.introspect import list_tables, table_model
from ruleyard.stores.connections import Watched

KEEP_S: Final = 15.0
ANSWER_WITHIN_S: Final = 4.0


class Seen(msgspec.Struct, frozen=True):
    """What could be read. `tables` holds None for a table that does not exist."""

    tables: Mapping[tuple[str, str], TableModel | None]
    unreachable: frozenset[str]

    def lookup(self, connection: str, table: str) -> TableModel | None:
        return self.tables.get((connection, table))

    def joined(self, more: Seen) -> Seen:
        return Seen({**self.tables, **more.tables}, self.unreachable | more.unreachable)


class Models:
    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._kept: dict[tuple[ConnectionId, str], tuple[float, TableModel | None]] = {}
        self._names: dict[ConnectionId, tuple[float, frozenset[str]]] = {}
        self._silent: dict[ConnectionId, float] = {}

    async def see(
        self,
        connections: Mapping[str, ConnectionId],
        pairs: Iterable[tuple[str, str]],
        *,
        fresh: bool = False,
    ) -> Seen:
        """The models of (connection name, table) pairs. `fresh` asks the databases again."""
        tables: dict[tuple[str, str], TableModel | None] = {}
        unreachable: set[str] = set()
        for name, table in sorted(set(pairs)):
            connection_id = connections.get(name)
            if connection_id is None or name in unreachable:
                continue
            try:
                tables[name, table] = await self._model(connection_id, name, table, fresh=fresh)
            except (RuleyardError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._silent[connection_id] = time.monotonic()
                unreachable.add(name)
        return Seen(tables, frozenset(unreachable))

    async def names(self, connections: Mapping[str, ConnectionId]) -> frozenset[tuple[str, str]]:
        """Every table that can be watched, as (connection name, table); none of a database that does not answer."""
        found: set[tuple[str, str]] = set()
        for name, connection_id in sorted(connections.items()):
            try:
                found |= {(name, table) for table in await self._tables(connection_id)}
            except (RuleyardError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
                self._silent[connection_id] = time.monotonic()
        return frozenset(found)

    def forget(self, connection_id: ConnectionId) -> None:
        self._silent.pop(connection_id, None)
        self._names.pop(connection_id, None)
        for key in [key for key in self._kept if key[0] == connection_id]:
            del self._kept[key]

    async def _tables(self, connection_id: ConnectionId) -> frozenset[str]:
        now = time.monotonic()
        kept = self._names.get(connection_id)
        if kept is not None and now - kept[0] < KEEP_S:
            return kept[1]
        if now - self._silent.get(connection_id, -KEEP_S) < KEEP_S:
            raise TimeoutError
        async with asyncio.timeout(ANSWER_WITHIN_S):
            found = await list_tables(await self._watched.pool(connection_id))
        self._names[connection_id] = (now, frozenset(one.name for one in found if one.watchable))
        return self._names[connection_id][1]

    async def _model(
        self, connection_id: ConnectionId, name: str, table: str, *, fresh: bool
    ) -> TableModel | None:
        now = time.monotonic()
        kept = self._kept.get((connection_id, table))
        if kept is not None and not fresh and now - kept[0] < KEEP_S:
            return kept[1]
        if not fresh and now - self._silent.get(connection_id, -KEEP_S) < KEEP_S:
            raise TimeoutError
        async with asyncio.timeout(ANSWER_WITHIN_S):
            pool = await self._watched.pool(connection_id)
            found = await table_model(pool, name, table)
        self._silent.pop(connection_id, None)
        self._kept[connection_id, table] = (now, found)
        return found
