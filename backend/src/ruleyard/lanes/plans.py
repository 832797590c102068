"""The index of the live versions, kept per process and renewed when the generation number changed.

Only versions that are new are fetched and read; a plan is compiled when an event first comes to it. Knows where live
versions come from and that core compiles them; knows nothing of events.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.match import Entry, Index
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.types import RuleId, VersionId
from ruleyard.logs import get_logger
from ruleyard.stores.db import transaction
from ruleyard.stores.generation import current_generation
from ruleyard.stores.live import StoredVersion, connection_names, live_version_ids, stored_versions

log = get_logger(__name__)

PAGE: Final = 200
"""Versions fetched at once."""
BREATH: Final = 20
"""Versions read between two chances for other tasks of the process."""


class Plans:
    """One index for all lanes of a process. It changes in one go, between two events that anybody judges."""

    def __init__(self) -> None:
        self._generation = -1
        self._index = Index()
        self._unreadable: set[VersionId] = set()
        self._first = asyncio.Lock()
        self._renewing = asyncio.Lock()

    async def ready(self, engine: AsyncEngine) -> None:
        """Read what is live for the first time: once for all lanes, on one line, while none of them holds its own."""
        if self._generation >= 0:
            return
        async with self._first:
            if self._generation < 0:
                async with transaction(engine) as conn:
                    await self.index(conn)

    async def known(self, conn: AsyncConnection) -> Index:
        """The index as it was last seen, which may be old by now."""
        return self._index if self._generation >= 0 else await self.index(conn)

    async def index(self, conn: AsyncConnection, generation: int | None = None) -> Index:
        """The index of what is live, as this transaction sees it: use it before the next await.

        `generation`: as it was asked for a moment ago; None: it is asked for here.
        """
        if generation is None:
            generation = await current_generation(conn)
        if generation != self._generation:
            async with self._renewing:
                # Read before the versions: a publish in between is seen again at the next batch, never missed.
                number = await current_generation(conn)
                if number != self._generation:
                    await self._renew(conn)
                    self._generation = number
        return self._index

    async def _renew(self, conn: AsyncConnection) -> None:
        live = await live_version_ids(conn)
        names = await connection_names(conn)
        known = self._index.versions
        new = sorted(live - known - self._unreadable)
        entries: list[Entry] = []
        for start in range(0, len(new), PAGE):
            for version in await stored_versions(conn, new[start : start + PAGE]):
                entry = entry_of(version)
                if entry is None:
                    self._unreadable.add(version.version_id)
                else:
                    entries.append(entry)
                if len(entries) % BREATH == 0:
                    await asyncio.sleep(0)
        self._index.remove(known - live)
        self._index.add(sorted(entries, key=lambda entry: entry.rule_id))
        self._index.name_logs(names)


def entry_of(version: StoredVersion) -> Entry | None:
    """None (and an error in the log) for a stored document that this build cannot read."""
    graph = parse(msgspec.json.decode(version.document))
    if isinstance(graph, tuple):
        problems = "; ".join(problem.message for problem in graph)
        log.error("live version cannot be read", version_id=version.version_id, problems=problems)
        return None
    make = partial(compiled, version.rule_id, version.version_id, version.document)
    return Entry(version.rule_id, version.version_id, graph, make)


def compiled(rule_id: RuleId, version_id: VersionId, document: bytes) -> Plan:
    """Of a document that could be read before."""
    graph = parse(msgspec.json.decode(document))
    if not isinstance(graph, Graph):
        raise TypeError(f"version {version_id} could be read before and cannot now")
    return compile_plan(rule_id, version_id, graph)
