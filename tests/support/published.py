"""Rules that are published and on, without going through the API."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.graph import Schedule
from ruleyard.core.types import JSON, RuleId, VersionId
from ruleyard.stores.db import transaction
from ruleyard.stores.generation import bump_generation
from ruleyard.stores.schedules import start_schedule


def change_rule(
    logic: JSON,
    *,
    table: str = "public.leads",
    events: tuple[str, ...] = ("insert", "update"),
    columns: tuple[str, ...] = (),
    name: str = "A rule",
) -> dict[str, Any]:
    """On a change of `crm`, if `logic`, then tell everyone."""
    return {
        "dialect": 1,
        "name": name,
        "nodes": [
            {
                "id": "t",
                "kind": "trigger",
                "on": "change",
                "connection": "crm",
                "table": table,
                "events": list(events),
                "columns": list(columns),
            },
            {"id": "c", "kind": "condition", "logic": logic},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "It happened"}},
        ],
        "edges": [["t", "c"], ["c", "a", "yes"]],
    }


def tick_rule(schedule: dict[str, Any], *, name: str = "A clock") -> dict[str, Any]:
    """On every tick, tell everyone."""
    return {
        "dialect": 1,
        "name": name,
        "nodes": [
            {"id": "t", "kind": "trigger", "on": "schedule", "schedule": schedule},
            {"id": "a", "kind": "action", "do": "notify", "fields": {"title": "It is time"}},
        ],
        "edges": [["t", "a"]],
    }


async def publish(
    engine: AsyncEngine, document: dict[str, Any], *, rule_id: RuleId | None = None
) -> tuple[RuleId, VersionId]:
    """A new rule with one live version, or the next version of a rule."""
    async with transaction(engine) as conn:
        if rule_id is None:
            made = await conn.execute(
                text("insert into app.rule (name, enabled) values (:name, true) returning id"),
                {"name": document["name"]},
            )
            rule_id = RuleId(made.scalar_one())
        version = await conn.execute(
            text("""
                insert into app.version (rule_id, number, document)
                select :rule, 1 + count(*), :document from app.version where rule_id = :rule returning id
            """),
            {"rule": rule_id, "document": document},
        )
        version_id = VersionId(version.scalar_one())
        await conn.execute(
            text("update app.rule set live_version_id = :version where id = :rule"),
            {"version": version_id, "rule": rule_id},
        )
        await bump_generation(conn)
    return rule_id, version_id


async def publish_clock(
    engine: AsyncEngine, schedule: dict[str, Any], next_at: datetime
) -> tuple[RuleId, VersionId]:
    """A rule that ticks from `next_at` on."""
    import msgspec

    rule_id, version_id = await publish(engine, tick_rule(schedule))
    async with transaction(engine) as conn:
        await start_schedule(
            conn,
            rule_id=rule_id,
            version_id=version_id,
            schedule=msgspec.convert(schedule, Schedule),
            next_at=next_at,
        )
    return rule_id, version_id
