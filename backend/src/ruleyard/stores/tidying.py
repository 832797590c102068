"""What else grows, and how long it is kept: told, read back, tried and counted things, removed in small batches.

Runs, steps, attempts and events go by the partition (`retention`); the log of what people did is never removed.
"""

from __future__ import annotations

from typing import Final

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.stores import backtests, calls, hooks, once, rotations, told
from ruleyard.stores.db import transaction

AT_ONCE: Final = 2_000
BATCHES: Final = 25
"""In one round; what is left waits for the next, so that a first round after an upgrade ends too."""


class Duty(msgspec.Struct, frozen=True):
    """`old`: SQL for what may go once it is `days` old (`:days`)."""

    table: str
    days: int
    old: str


NOTIFICATION_DAYS: Final = 180
COUNT_DAYS: Final = 30
"""Of what rules said to events, by the hour and lane."""

DUTIES: Final = (
    Duty(
        "notification_read",
        NOTIFICATION_DAYS,
        """notification_id in (select id from app.notification
          where created_at < now() - make_interval(days => :days) order by created_at limit 2000)""",
    ),
    Duty("notification", NOTIFICATION_DAYS, "created_at < now() - make_interval(days => :days)"),
    Duty(
        "backtest_match",
        backtests.KEPT_DAYS,
        """backtest_id in (select id from app.backtest
          where state not in ('queued', 'running') and created_at < now() - make_interval(days => :days))""",
    ),
    Duty(
        "backtest",
        backtests.KEPT_DAYS,
        """state not in ('queued', 'running') and created_at < now() - make_interval(days => :days)
          and not exists (select from app.backtest_match m where m.backtest_id = t.id)""",
    ),
    Duty(
        "bulk",
        90,
        """state <> 'running' and created_at < now() - make_interval(days => :days)
          and not exists (select from app.bulk later where later.of_id = t.id)""",
    ),
    Duty("catch_up", 90, "state <> 'running' and finished_at < now() - make_interval(days => :days)"),
    Duty("judged", COUNT_DAYS, "hour < now() - make_interval(days => :days)"),
    Duty("heard", 730, "hour < now() - make_interval(days => :days)"),
    Duty("tick", 90, "tick_at < now() - make_interval(days => :days)"),
    Duty("unreadable_event", 90, "seen_at < now() - make_interval(days => :days)"),
    Duty("log_gap", 730, "to_at < now() - make_interval(days => :days)"),
    Duty("run_gone", 3650, "gone_at < now() - make_interval(days => :days)"),
    Duty("session", 0, "expires_at < now() - make_interval(days => :days)"),
    Duty("sign_in_attempt", 2, "at < now() - make_interval(days => :days)"),
    Duty("setup_token", 90, "expires_at < now() - make_interval(days => :days)"),
    Duty("report", 0, "kept_until < now() - make_interval(days => :days)"),
    Duty("once", once.KEPT_DAYS, "day > '-infinity' and made_at < now() - make_interval(days => :days)"),
    Duty("received", hooks.KEPT_DAYS, "at < now() - make_interval(days => :days)"),
    Duty(
        "awaited",
        0,
        """since < now() - make_interval(days => :days, hours => 1) and not exists (
          select from app.run r where r.id = t.run_id and r.event_on = t.event_on
            and r.state in ('queued', 'running', 'waiting', 'failed'))""",
    ),
    Duty(
        "set_off",
        2,
        """at < now() - make_interval(days => :days)
          and not exists (select from app.run r where r.id = t.run_id)""",
    ),
    Duty("told", told.KEPT_DAYS, "at < now() - make_interval(days => :days)"),
    Duty("link_try", 1, "at < now() - make_interval(days => :days)"),
    Duty(
        "approval",
        30,
        """asked_at < now() - make_interval(days => :days)
          and not exists (select from app.run r where r.id = t.run_id and r.event_on = t.event_on)""",
    ),
    Duty(
        "turn",
        rotations.KEPT_DAYS,
        """taken_at < now() - make_interval(days => :days) and not exists (
          select from app.run r where r.id = cast(split_part(t.key, ':', 1) as bigint)
            and r.state in ('queued', 'running', 'waiting', 'failed'))""",
    ),
    Duty("call", calls.KEPT_DAYS, "state = 'done' and done_at < now() - make_interval(days => :days)"),
    Duty("idempotency", 1, "created_at < now() - make_interval(days => :days)"),
)


async def tidy(engine: AsyncEngine) -> dict[str, int]:
    """One round over everything; how many rows went, by table."""
    gone: dict[str, int] = {}
    for duty in DUTIES:
        for _ in range(BATCHES):
            async with transaction(engine) as conn:
                removed = await _remove(conn, duty)
            if removed:
                gone[duty.table] = gone.get(duty.table, 0) + removed
            if removed < AT_ONCE:
                break
    for _ in range(BATCHES):
        async with transaction(engine) as conn:
            condensed = await condense_heard(conn)
        if condensed < AT_ONCE:
            break
    return gone


async def _remove(conn: AsyncConnection, duty: Duty) -> int:
    removed = await conn.execute(
        text(f"""
            delete from app.{duty.table} where ctid = any(array(
              select ctid from app.{duty.table} t where {duty.old} limit {AT_ONCE} for update skip locked))
        """),
        {"days": duty.days},
    )
    return removed.rowcount


async def condense_heard(conn: AsyncConnection) -> int:
    """Hours and lanes of days that are over become one row a day, table and operation. How many hours there were."""
    condensed = await conn.execute(
        text("""
            with gone as materialized (
              delete from app.heard where ctid = any(array(
                select ctid from app.heard
                where lane >= 0 and hour < date_trunc('day', now(), 'UTC') - interval '2 days' limit :limit))
              returning *
            ), summed as (
              insert into app.heard as h (log, lane, hour, table_name, op, events, passed_over)
              select log, -1, date_trunc('day', hour, 'UTC'), table_name, op, sum(events), sum(passed_over)
              from gone group by 1, 3, 4, 5
              on conflict (hour, log, lane, table_name, op) do update set
                events = h.events + excluded.events, passed_over = h.passed_over + excluded.passed_over
            )
            select count(*) from gone
        """),
        {"limit": AT_ONCE},
    )
    return int(condensed.scalar_one())
