"""Replay a file of bank calls, wait until every run has ended, and compare the runs with what SQL counts.

Needs a running `listen` and `work` somewhere; knows them only by what they leave in the databases.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.api.house import House, open_house
from ruleyard.core.errors import Unavailable
from ruleyard.core.types import LogId, RuleId
from ruleyard.demo.bank_calls import next_replay, read_calls, replay_all, replay_one
from ruleyard.demo.install import ensure_connections, ensure_rules, ensure_watches
from ruleyard.demo.rulebook import bank_rules
from ruleyard.demo.seed import make_tables
from ruleyard.lanes.look import measure_lag
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection
from ruleyard.stores.db import transaction
from ruleyard.stores.events import LogPools

TABLES: Final = ("public.bank_calls", "public.deals", "public.tasks")
QUIET_S: Final = 180.0
"""We give up when nothing has moved for so long."""
_LOOK_S: Final = 0.5

_EXPECTED: Final = """
    select count(*) filter (where y = 'yes') as subscribed,
      count(*) filter (where duration >= 600 and y = 'no' and balance > 1500) as long_call,
      count(*) filter (where poutcome = 'success' and contact = 'cellular') as known
    from public.bank_calls where replay = $1
"""
_WRITTEN: Final = """
    with ours as (select id from public.bank_calls where replay = $1)
    select (select count(*) from public.deals d join ours on ours.id = d.bank_call_id) as subscribed,
      (select count(*) from public.tasks t join ours on ours.id = t.bank_call_id) as long_call
"""
_RUNS: Final = """
    select rule_id, count(*) as runs, count(*) filter (where state = 'failed') as failed,
      count(*) filter (where state in ('queued', 'running', 'waiting')) as open
    from app.run
    where rule_id = any(cast(:rules as bigint[])) and created_at >= cast(:since as timestamptz)
      and event #>> '{after,replay}' = :replay
    group by rule_id
"""
_TOLD: Final = """
    select count(*) from app.notification n join app.run r on r.id = n.run_id
    where r.rule_id = :rule and r.created_at >= cast(:since as timestamptz)
      and r.event #>> '{after,replay}' = :replay
"""

Told = Callable[[str, int, int], None]
"""Hears `replayed` (calls, of how many) and `left` (unread events, open runs)."""


class RuleCount(msgspec.Struct, frozen=True):
    """One rule: its runs, what SQL says they should be, what they left behind, how many failed."""

    name: str
    runs: int
    expected: int
    written: int
    failed: int

    @property
    def equal(self) -> bool:
        return self.runs == self.expected == self.written and self.failed == 0


class Replayed(msgspec.Struct, frozen=True):
    """`replay_s`: until the last call was written; `settled_s`: from then until the last run had ended."""

    replay: int
    calls: int
    rules: tuple[RuleCount, ...]
    replay_s: float
    settled_s: float

    @property
    def equal(self) -> bool:
        return all(rule.equal for rule in self.rules)


class _Runs(msgspec.Struct, frozen=True):
    runs: int = 0
    failed: int = 0
    open: int = 0


async def replay_file(
    settings: Settings,
    path: Path,
    *,
    owner_url: str,
    app_url: str,
    rate: float | None = None,
    told: Told = lambda what, done, of: None,
    quiet_s: float = QUIET_S,
) -> Replayed:
    """Reads the file twice: whole, to refuse it before anything happens, then call by call.

    `rate` is calls a second, None as fast as it goes. Invalid for a bad file, Unavailable if runs do not end.
    """
    total = sum(1 for _ in read_calls(path))
    async with open_house(settings) as house:
        crm = await _prepare(house, owner_url)
        rules = await ensure_rules(house, bank_rules(), renew=True)
        conn = await _connect(app_url)
        try:
            async with transaction(house.engine) as own:
                since = (await own.execute(text("select clock_timestamp()"))).scalar_one()
            began = time.monotonic()
            replay = await next_replay(conn)
            calls = await _replay(conn, replay, path, rate, lambda done: told("replayed", done, total))
            ended = time.monotonic()
            await _settled(house, crm, rules, replay, since, told, quiet_s)
            settled = time.monotonic()
            counts = await _counts(house.engine, conn, rules, replay, since)
        finally:
            conn.terminate()
    return Replayed(replay, calls, counts, ended - began, settled - ended)


async def _prepare(house: House, owner_url: str) -> Connection:
    """Tables, connections and watches, so that a replay works in a database that was never seeded."""
    conn = await _connect(owner_url)
    try:
        await make_tables(conn)
    finally:
        conn.terminate()
    crm = await ensure_connections(house, crm_url=owner_url)
    await ensure_watches(house, crm, TABLES)
    return crm


async def _connect(url: str) -> asyncpg.Connection:
    try:
        return await asyncpg.connect(
            url, timeout=20, command_timeout=60, server_settings={"application_name": "bank calls"}
        )
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Unavailable(f"The database `crm` does not answer: {error}") from error


async def _replay(
    conn: asyncpg.Connection, replay: int, path: Path, rate: float | None, told: Callable[[int], None]
) -> int:
    calls = read_calls(path)
    if rate is None:
        return await replay_all(conn, replay, calls, told=told)
    began = time.monotonic()
    count = 0
    for call in calls:
        await asyncio.sleep(max(0.0, began + count / rate - time.monotonic()))
        await replay_one(conn, replay, call)
        count += 1
        told(count)
    return count


async def _runs(
    engine: AsyncEngine, rules: Mapping[str, RuleId], replay: int, since: datetime
) -> dict[RuleId, _Runs]:
    async with transaction(engine) as conn:
        rows = await conn.execute(
            text(_RUNS), {"rules": list(rules.values()), "replay": str(replay), "since": since}
        )
        return {RuleId(row.rule_id): _Runs(row.runs, row.failed, row.open) for row in rows}


async def _settled(
    house: House,
    crm: Connection,
    rules: Mapping[str, RuleId],
    replay: int,
    since: datetime,
    told: Told,
    quiet_s: float,
) -> None:
    """Until every event is judged and every run of this replay has ended."""
    pools = LogPools(house.settings, house.watched)
    before: tuple[int, int] | None = None
    moved = time.monotonic()
    try:
        while True:
            unread = await _unread(house, pools, crm)
            left = sum(one.open for one in (await _runs(house.engine, rules, replay, since)).values())
            told("left", unread, left)
            if unread == 0 and left == 0:
                return
            if (unread, left) != before:
                before, moved = (unread, left), time.monotonic()
            elif time.monotonic() - moved > quiet_s:
                raise Unavailable(
                    f"Nothing has moved for {quiet_s:.0f} s: {unread} events unread, {left} runs open. "
                    "Are `listen` and `work` running?"
                )
            await asyncio.sleep(_LOOK_S)
    finally:
        await pools.close()


async def _unread(house: House, pools: LogPools, crm: Connection) -> int:
    for lag in await measure_lag(house.engine, pools):
        if lag.log == LogId(int(crm.id)):
            if lag.unread is None:
                raise Unavailable("The watched database does not answer: its events cannot be counted.")
            return lag.unread
    return 0


async def _counts(
    engine: AsyncEngine, crm: asyncpg.Connection, rules: Mapping[str, RuleId], replay: int, since: datetime
) -> tuple[RuleCount, ...]:
    """In the order of `bank_rules()`."""
    expected = await crm.fetchrow(_EXPECTED, replay)
    written = await crm.fetchrow(_WRITTEN, replay)
    runs = await _runs(engine, rules, replay, since)
    (deal, deal_id), (task, task_id), (tell, tell_id) = rules.items()
    async with transaction(engine) as conn:
        told = (
            await conn.execute(text(_TOLD), {"rule": tell_id, "replay": str(replay), "since": since})
        ).scalar_one()

    def line(name: str, rule_id: RuleId, should: int, did: int) -> RuleCount:
        counted = runs.get(rule_id, _Runs())
        return RuleCount(name, counted.runs, should, did, counted.failed)

    return (
        line(deal, deal_id, expected["subscribed"], written["subscribed"]),
        line(task, task_id, expected["long_call"], written["long_call"]),
        line(tell, tell_id, expected["known"], told),
    )
