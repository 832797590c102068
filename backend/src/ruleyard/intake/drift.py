"""Notice that a table changed its shape, and which rules that are on no longer fit it.

A cheap fingerprint of every table that a live version names is asked for every now and then (`tables_every_s`); only
versions whose tables changed are checked again. Any number of `listen` may do this: what is found is kept once and
announced once.
Knows nothing of events and lanes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final, TypeAlias
from uuid import uuid4

import asyncpg
import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.bells import Bells
from ruleyard.core.check import check
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem, RuleyardError
from ruleyard.core.graph import Graph
from ruleyard.core.logic.types import TEXTUAL
from ruleyard.core.model import Known, TableModel
from ruleyard.core.named_tables import named_tables
from ruleyard.core.related import related_tables
from ruleyard.core.types import ConnectionId, LogId, RuleId, VersionId
from ruleyard.intake.introspect import fingerprints, table_model
from ruleyard.logs import get_logger
from ruleyard.stores.connections import list_connections
from ruleyard.stores.db import transaction
from ruleyard.stores.drift import Drift, fault_of, forget_drift, list_drift, note_drift, rule_name
from ruleyard.stores.events import LogPools
from ruleyard.stores.generation import current_generation
from ruleyard.stores.live import LiveVersion, live_versions
from ruleyard.stores.notifications import notify
from ruleyard.stores.watches import list_watches

log = get_logger(__name__)

ANSWER_WITHIN_S: Final = 5.0

GONE: Final = frozenset({"unknown-column", "unknown-table", "type-mismatch", "not-a-reference"})
"""What makes a run senseless: it would read nothing, or compare what can never be alike."""
BY_CHANGE: Final = GONE | {
    "unknown-choice",
    "maybe-empty",
    "not-a-number",
    "not-a-date",
    "not-text",
    "not-a-list",
    "cannot-order",
    "not-a-reference",
    "composite-reference",
    "related-too-deep",
    "related-unreadable",
    "missing-column",
    "not-null-column",
    "generated-column",
    "text-too-long",
}
"""Errors that a change of a table can bring about. Others (a stricter release) are no drift."""
DOUBTS: Final = frozenset({"maybe-wrong-type"})
"""Warnings that a retyped column brings: runs may fail from now on. Those that were published with are accepted, and so
is a comparison of two kinds of text that can never be alike, which an older release did not see."""

Pair: TypeAlias = tuple[str, str]
Spot: TypeAlias = tuple[str, str]
"""Where a problem is (JSON Pointer) and its code."""
Shape: TypeAlias = tuple[tuple[Pair, str | None], ...]
"""The fingerprint of each table that a version names; None where there is no such table."""

_SILENT: Final = (RuleyardError, OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


class Live(msgspec.Struct, frozen=True):
    rule_id: RuleId
    version_id: VersionId
    graph: Graph
    pairs: tuple[Pair, ...]


class DriftWatch:
    """What one process has seen. The first look checks every live version."""

    def __init__(self, engine: AsyncEngine, pools: LogPools, bells: Bells) -> None:
        self._engine = engine
        self._pools = pools
        self._bells = bells
        self._generation = -1
        self._live: tuple[Live, ...] = ()
        self._checked: dict[VersionId, Shape] = {}
        self._led: dict[VersionId, tuple[Pair, ...]] = {}
        self._accepted: dict[VersionId, frozenset[Spot]] = {}

    async def look(self) -> None:
        """Ask for the shapes, check what changed, keep and announce what no longer fits."""
        async with transaction(self._engine) as conn:
            generation = await current_generation(conn)
            versions = None if generation == self._generation else await live_versions(conn)
            connections = await list_connections(conn)
            listed = {one.version_id: one for one in await list_drift(conn)}
            watched = frozenset((one.connection, one.table) for one in await list_watches(conn))
        if versions is not None:
            await self._take(versions)
            self._generation = generation
        ids = {one.name: one.id for one in connections if one.kind == "postgres"}
        named = {live.version_id: live.pairs + self._led.get(live.version_id, ()) for live in self._live}
        shapes = await self._shapes(ids, {pair for pairs in named.values() for pair in pairs})
        changed: list[tuple[Live, Shape]] = []
        for live in self._live:
            pairs = named[live.version_id]
            shape = tuple((pair, shapes[pair]) for pair in pairs if pair in shapes)
            if len(shape) == len(pairs) and self._checked.get(live.version_id) != shape:
                changed.append((live, shape))
        known = Known(connections={one.name: one.kind for one in connections}, watched=watched)
        models = await self._models(ids, [live for live, _ in changed], shapes)
        if models is None:
            return
        found: list[Drift] = []
        for live, _ in changed:
            told = check(live.graph, lambda connection, table: models.get((connection, table)), known)
            problems = _certain(told) + self._new_doubts(live.version_id, told, listed.get(live.version_id))
            if problems:
                found.append(_drift(live, problems))
            await asyncio.sleep(0)
        drifted = {one.version_id for one in found}
        await self._keep(found, {live.version_id for live, _ in changed} - drifted)
        self._checked |= {live.version_id: shape for live, shape in changed}

    def _new_doubts(
        self, version: VersionId, told: tuple[Problem, ...], listed: Drift | None
    ) -> tuple[Problem, ...]:
        """What was not there at the first look, or is listed as drift since an earlier process."""
        doubts = {(one.path, one.code): one for one in told if one.code in DOUBTS or _between_texts(one)}
        since = {(one.path, one.code) for one in listed.problems} if listed else set[Spot]()
        accepted = self._accepted.setdefault(version, frozenset(doubts.keys() - since))
        return tuple(one for spot, one in doubts.items() if spot not in accepted)

    async def _take(self, versions: list[LiveVersion]) -> None:
        kept = {one.version_id: one for one in self._live}
        lives: list[Live] = []
        for version in versions:
            live = kept.get(version.version_id)
            if live is None:
                graph = parse(version.document)
                if not isinstance(graph, Graph):
                    continue
                pairs = tuple(sorted(set(named_tables(graph))))
                live = Live(version.rule_id, version.version_id, graph, pairs)
                await asyncio.sleep(0)
            lives.append(live)
        self._live = tuple(lives)
        on = {one.version_id for one in lives}
        self._checked = {version: shape for version, shape in self._checked.items() if version in on}
        self._led = {version: pairs for version, pairs in self._led.items() if version in on}
        self._accepted = {version: spots for version, spots in self._accepted.items() if version in on}

    async def _shapes(self, ids: Mapping[str, ConnectionId], pairs: set[Pair]) -> dict[Pair, str | None]:
        """Of the connections that answer."""
        found: dict[Pair, str | None] = {}
        for name in sorted({connection for connection, _ in pairs if connection in ids}):
            tables = sorted(table for connection, table in pairs if connection == name)
            try:
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    pool = await self._pools.pool(LogId(int(ids[name])))
                    seen = await fingerprints(pool, tables)
            except _SILENT as error:
                log.info("the shape of tables could not be asked for", connection=name, reason=str(error))
                continue
            found |= {(name, table): seen.get(table) for table in tables}
        return found

    async def _models(
        self, ids: Mapping[str, ConnectionId], changed: list[Live], shapes: Mapping[Pair, str | None]
    ) -> dict[Pair, TableModel | None] | None:
        """What the rules name, and where foreign keys lead. None where a connection fell silent: look again later."""
        models: dict[Pair, TableModel | None] = {}

        async def read(pairs: set[Pair]) -> None:
            for name, table in sorted(pairs - set(models)):
                async with asyncio.timeout(ANSWER_WITHIN_S):
                    pool = await self._pools.pool(LogId(int(ids[name])))
                    there = shapes.get((name, table), "") is not None
                    models[name, table] = await table_model(pool, name, table) if there else None

        try:
            await read({pair for live in changed for pair in live.pairs})
            for live in changed:
                led = related_tables(live.graph, lambda name, table: models.get((name, table)))
                self._led[live.version_id] = tuple(sorted(led - set(live.pairs)))
                await read(led)
        except _SILENT as error:
            log.info("a table could not be read", reason=str(error))
            return None
        return models

    async def _keep(self, found: list[Drift], fitting: set[VersionId]) -> None:
        new: list[Drift] = []
        async with transaction(self._engine) as conn:
            gone = await forget_drift(conn, fitting)
            for drift in found:
                if await note_drift(conn, drift):
                    new.append(drift)
                    await _announce(conn, drift)
        for rule_id in {*gone, *(one.rule_id for one in found)}:
            await self._bells.publish_live("rule", {"rule_id": rule_id})
        if new:
            await self._bells.publish_live("notification", {})


async def _announce(conn: AsyncConnection, drift: Drift) -> None:
    name = await rule_name(conn, drift.rule_id)
    fault = fault_of(drift)
    await notify(
        conn,
        key=f"drift:{drift.version_id}:{uuid4().hex}",
        to="everyone",
        title=f"“{name}” no longer fits its table",
        body=drift.reason,
        rule_id=drift.rule_id,
        run_id=None,
        told=msgspec.structs.replace(fault, args={**fault.args, "rule": name}),
    )


def _certain(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The errors that no version was ever published with: their table changed, whether anybody looked or not."""
    return tuple(
        one
        for one in problems
        if one.severity == "error" and one.code in BY_CHANGE and not _between_texts(one)
    )


def _between_texts(problem: Problem) -> bool:
    """A day against a time of day, or against words: an older release let that be published."""
    sides = [side for name in ("left", "right") if isinstance(side := problem.args.get(name), list)]
    return (
        problem.code == "type-mismatch" and len(sides) == 2 and all(TEXTUAL.issuperset(one) for one in sides)
    )


def _drift(live: Live, problems: tuple[Problem, ...]) -> Drift:
    first = next((one for one in problems if one.code in GONE), problems[0])
    more = f" And {len(problems) - 1} more." if len(problems) > 1 else ""
    return Drift(
        rule_id=live.rule_id,
        version_id=live.version_id,
        problems=problems,
        reason=f"A table changed after this rule was published. {first.message}{more}",
        blocks=any(one.code in GONE for one in problems),
    )
