"""A house for the runner's tests: rules published straight into our tables, runs opened, slots performed."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.event import Event
from ruleyard.core.timing import AT_ONCE, Timing
from ruleyard.core.types import EventId, JSONObject, LogId, RuleId, RunId, VersionId
from ruleyard.runner.retry import RetryPolicy
from ruleyard.runner.worker import Runner
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, create_connection
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.once import Once
from ruleyard.stores.runs import Run, due_slots, get_run
from ruleyard.stores.steps import Attempt, attempts_of, steps_of
from ruleyard.stores.turns import due_turns

SOON = RetryPolicy(attempts=3, delays_s=(0.01,), jitter=0)


@dataclass
class House:
    engine: AsyncEngine
    settings: Settings
    watched: Watched
    log: LogId
    told: list[tuple[str, JSONObject]] = field(default_factory=list)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def publish(
        self,
        *nodes: JSONObject,
        edges: list[list[str]],
        policy: JSONObject | None = None,
        trigger: JSONObject | None = None,
    ) -> VersionId:
        """A rule `When a lead changes` with these nodes after the trigger `t`, live."""
        trigger = trigger or {
            "id": "t",
            "kind": "trigger",
            "on": "change",
            "connection": "crm",
            "table": "public.leads",
            "events": ["insert", "update"],
        }
        document = {
            "dialect": 1,
            "name": "Leads",
            "nodes": [trigger, *nodes],
            "edges": edges,
            "policy": policy or {},
        }
        async with transaction(self.engine) as conn:
            rule = await conn.execute(
                text("insert into app.rule (name, enabled) values ('Leads', true) returning id")
            )
            version = await conn.execute(
                text("""
                    insert into app.version (rule_id, number, document)
                    values (:rule, 1, cast(cast(:document as text) as jsonb)) returning id
                """),
                {"rule": rule.scalar_one(), "document": msgspec.json.encode(document).decode()},
            )
            return VersionId(version.scalar_one())

    def event(self, **after: Any) -> Event:
        number = next(self._ids)
        row = {"id": 1, "first_name": "Ann", "email": "ann@example.com", "attempts": 3, **after}
        return Event(
            log=self.log,
            id=EventId(number),
            lane=3,
            table="public.leads",
            op="insert",
            key={"id": row["id"]},
            at="2026-05-01T09:00:00+00:00",
            after=row,
        )

    async def open(self, version: VersionId, *events: Event, timing: Timing = AT_ONCE) -> list[RunId]:
        async with transaction(self.engine) as conn:
            found = await conn.execute(
                text("""
                    select rule_id, document #>> '{policy,overlap}' as overlap,
                      cast(document #>> '{policy,limit}' as integer) as limit,
                      document #>> '{policy,once}' as once
                    from app.version where id = :id
                """),
                {"id": version},
            )
            rule = found.one()
            opened = await open_runs(
                conn,
                [
                    NewRun(
                        RuleId(rule.rule_id),
                        version,
                        event,
                        event.lane,
                        overlap=rule.overlap or "queue",
                        limit=rule.limit or "off",
                        timing=timing,
                        once=Once(rule.once) if rule.once else None,
                    )
                    for event in events
                ],
            )
            return list(opened.runs)

    async def run(self, run_id: RunId) -> Run:
        async with self.engine.connect() as conn:
            return await get_run(conn, run_id)

    async def steps(self, run_id: RunId) -> dict[str, Any]:
        async with self.engine.connect() as conn:
            return {step.node: step for step in await steps_of(conn, run_id)}

    async def attempts(self, run_id: RunId) -> dict[str, list[Attempt]]:
        async with self.engine.connect() as conn:
            return {str(node): tries for node, tries in (await attempts_of(conn, run_id)).items()}

    async def wake(self) -> list[int]:
        async with transaction(self.engine) as conn:
            await due_turns(conn)
            return await due_slots(conn)

    async def execute(self, sql: str, **values: Any) -> None:
        async with transaction(self.engine) as conn:
            await conn.execute(text(sql), values)

    async def smtp(self, port: int, **public: Any) -> None:
        async with transaction(self.engine) as conn:
            await create_connection(
                conn,
                self.settings,
                name="mail",
                kind="smtp",
                public={
                    "host": "127.0.0.1",
                    "port": port,
                    "security": "none",
                    "from": "rules@example.com",
                    **public,
                },
                secret={},
            )

    @asynccontextmanager
    async def runner(self, **options: Any) -> AsyncIterator[Runner]:
        async def publish(kind: str, data: JSONObject) -> None:
            self.told.append((kind, data))

        allow = options.pop("outbound_allow", ())
        concurrency = options.pop("worker_concurrency", self.settings.worker_concurrency)
        settings = replace(self.settings, outbound_allow=allow, worker_concurrency=concurrency)
        options.setdefault("retry", SOON)
        async with Runner(self.engine, settings, self.watched, publish, **options) as runner:
            yield runner

    async def perform(self, slot: int = 3, **options: Any) -> None:
        async with self.runner(**options) as runner:
            await runner.perform_slot(slot)
