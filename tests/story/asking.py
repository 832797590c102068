"""What stories ask our own database about a rule."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.trace import Step
from ruleyard.core.types import RuleId, RunId
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import Run, get_run
from ruleyard.stores.steps import steps_of
from support.waiting import PATIENCE_S, until


async def runs_of(engine: AsyncEngine, rule_id: RuleId) -> list[Run]:
    """Every run of the rule, oldest first."""
    async with transaction(engine) as conn:
        rows = await conn.execute(
            text("select id from app.run where rule_id = :rule order by id"), {"rule": rule_id}
        )
        return [await get_run(conn, RunId(row.id)) for row in rows.all()]


async def ended(
    engine: AsyncEngine, rule_id: RuleId, count: int = 1, *, timeout_s: float = PATIENCE_S
) -> list[Run]:
    """The rule's runs, once there are `count` and none is open."""

    async def all_ended() -> list[Run]:
        runs = await runs_of(engine, rule_id)
        open_ones = [run for run in runs if run.state in ("queued", "running", "waiting")]
        return runs if len(runs) >= count and not open_ones else []

    runs: list[Run] = await until(
        all_ended, what=f"{count} ended runs of rule {rule_id}", timeout_s=timeout_s
    )
    return runs


async def steps(engine: AsyncEngine, run: Run) -> list[Step]:
    async with transaction(engine) as conn:
        return list(await steps_of(conn, run.id))


async def judged(engine: AsyncEngine, rule_id: RuleId) -> tuple[int, int]:
    """How many events the only rule that listens matched, and did not match, by asking it or by the index."""
    async with transaction(engine) as conn:
        row = (
            await conn.execute(
                text("""
                    select coalesce(sum(matched), 0)::int as matched,
                      (coalesce(sum(unmatched), 0)
                        + (select coalesce(sum(passed_over), 0) from app.heard))::int as unmatched
                    from app.judged where rule_id = :rule
                """),
                {"rule": rule_id},
            )
        ).one()
    return row.matched, row.unmatched
