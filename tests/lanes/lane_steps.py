"""What the processes of the conveyor can do next, one step at a time, on real databases.

Each is a function of `Parts` and ends; whether it was right is the machine's business (`lane_machine`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.actions.records import Database, apply_once, dumped, insert_sql, table_of
from ruleyard.core.match import Index
from ruleyard.core.types import LANES, LogId, RuleId, RunId, VersionId
from ruleyard.lanes.apart import follow, part_ways, tables_of
from ruleyard.lanes.reader import Batch, events_of, read_lane
from ruleyard.stores.claims import Claim, claim, claim_suspects
from ruleyard.stores.cursors import EVERYTHING, move_cursor, start_cursors, take_cursor
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.runs import renew, sweep_leases
from ruleyard.stores.steps import Progress, record

RECORDS: Final = (1, 2, 3)
STORMING: Final = "public.leads"
LEASE_S: Final = 600.0
"""Leases end when the machine says so, never by themselves."""
Change = tuple[int, int]
"""A record and how many changes it had."""


@dataclass
class Parts:
    """What all plays share: databases, connections, a loop to run them on."""

    loop: asyncio.AbstractEventLoop
    engine: AsyncEngine
    pool: asyncpg.Pool
    database: Database
    log: LogId
    identity: str
    rule_id: RuleId
    version_id: VersionId
    writers: list[asyncpg.Connection]

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)


@dataclass
class Reader:
    """One that holds a lane, or a table apart in it: its batch is written and not committed."""

    conn: AsyncConnection
    lane: int
    apart: str
    quiet: bool


class Heard(Index):
    """Rules listen to two tables; all changes are of one, so that every full batch is a storm."""

    def tables(self, log: LogId) -> frozenset[str]:
        return frozenset({STORMING, "public.tasks"})


async def reset(parts: Parts) -> None:
    for writer in parts.writers:
        await writer.execute("rollback")
    await parts.writers[0].execute("truncate public.leads, public.tasks")
    await parts.pool.execute("delete from ruleyard.event; delete from ruleyard.applied")
    await parts.writers[0].execute(
        "insert into public.leads (id, attempts) overriding system value select n, 0 from unnest($1::int[]) n",
        RECORDS,
    )
    await parts.pool.execute("delete from ruleyard.event")
    snapshot = await parts.pool.fetchval("select pg_current_snapshot()::text")
    async with transaction(parts.engine) as conn:
        await conn.execute(text("truncate app.run cascade"))
        await conn.execute(text("delete from app.cursor where log = :log"), {"log": parts.log})
        await start_cursors(conn, parts.log, snapshot or EVERYTHING, parts.identity)


async def change_record(parts: Parts, writer: int, one: int) -> int:
    conn = parts.writers[writer]
    if not conn.is_in_transaction():
        await conn.execute("begin")
    return int(
        await conn.fetchval(
            "update public.leads set attempts = attempts + 1 where id = $1 returning attempts", one
        )
    )


async def end(parts: Parts, writer: int, how: str) -> None:
    if parts.writers[writer].is_in_transaction():
        await parts.writers[writer].execute(how)


async def lane_of(parts: Parts, one: int) -> int:
    return int(
        await parts.pool.fetchval(
            "select ruleyard.lane_of('public.leads', jsonb_build_object('id', $1::int))", one
        )
    )


async def begin_read(parts: Parts, lane: int, limit: int, apart: str = "") -> Reader | None:
    """None where it is somebody else's, or there is none, or it has to wait for the lane's own."""
    conn = await parts.engine.connect()
    await conn.begin()
    cursor = await take_cursor(conn, parts.log, lane, apart)
    place = await follow(conn, cursor) if cursor is not None and apart else cursor
    if cursor is None or place is None:
        await conn.close()
        return None
    heard = Heard()
    batch = await read_lane(parts.pool, place, limit, tables_of(place, heard))
    await open_changes(parts, conn, batch)
    await move_cursor(conn, batch.cursor)
    after = await part_ways(conn, cursor, batch, heard)
    return Reader(conn, lane, apart, batch.quiet and (after is None or not after.others))


async def open_changes(parts: Parts, conn: AsyncConnection, batch: Batch) -> None:
    events, unreadable = events_of(parts.log, batch.rows)
    assert not unreadable
    await open_runs(
        conn, [NewRun(parts.rule_id, parts.version_id, e, e.lane) for e in events if e.op == "update"]
    )


async def end_read(reader: Reader, *, survives: bool) -> None:
    await (reader.conn.commit() if survives else reader.conn.rollback())
    await reader.conn.close()


async def take_runs(parts: Parts, one: int, side: str, limit: int) -> list[Claim]:
    slot = await lane_of(parts, one)
    async with transaction(parts.engine) as conn:
        return [
            *(await claim(conn, slot, side, limit, lease_s=LEASE_S)).claims,
            *await claim_suspects(conn, slot, side, lease_s=LEASE_S),
        ]


async def write_record(parts: Parts, one: Claim) -> None:
    table = await table_of(parts.database, "public.tasks")
    assert one.event.after is not None
    title = f"{one.event.key['id']}/{one.event.after['attempts']}"
    await apply_once(
        parts.database, insert_sql(table, ["title"]), f"{one.id}:a", f"run:{one.id}", dumped({"title": title})
    )


async def note_outcome(parts: Parts, one: Claim) -> bool:
    async with transaction(parts.engine) as conn:
        return one.id in await record(conn, [Progress(one.id, one.attempt, "succeeded")])


async def renew_all(parts: Parts, claims: list[Claim]) -> set[RunId]:
    async with transaction(parts.engine) as conn:
        return await renew(conn, [(one.id, one.attempt) for one in claims], lease_s=LEASE_S)


async def expire(parts: Parts, run: RunId) -> None:
    async with transaction(parts.engine) as conn:
        await conn.execute(
            text("update app.run set lease_until = clock_timestamp() - interval '1 s' where id = :id"),
            {"id": run},
        )


async def forgive(parts: Parts, run: RunId) -> None:
    """So that plays of many deaths do not end in quarantine."""
    async with transaction(parts.engine) as conn:
        await conn.execute(text("update app.run set deaths = 0 where id = :id"), {"id": run})


async def sweep(parts: Parts) -> None:
    async with transaction(parts.engine) as conn:
        await sweep_leases(conn)


async def written_records(parts: Parts) -> list[Change]:
    rows = await parts.pool.fetch("select title from public.tasks order by id")
    pairs = [row["title"].split("/") for row in rows]
    return [(int(key), int(seq)) for key, seq in pairs]


async def opened(parts: Parts) -> list[Change]:
    """Per record in the order of the runs."""
    async with parts.engine.connect() as conn:
        rows = await conn.execute(
            text("""
                select cast(event #>> '{key,id}' as int), cast(event #>> '{after,attempts}' as int)
                from app.run order by 1, id
            """)
        )
        return [(row[0], row[1]) for row in rows]


async def finish(parts: Parts) -> None:
    """A healthy reader and a healthy worker do all that is left."""
    async with transaction(parts.engine) as conn:
        await conn.execute(text("update app.run set state = 'queued' where state = 'running'"))
    for lane in range(LANES):
        quiet = False
        while not quiet:
            reader = await begin_read(parts, lane, 3)
            assert reader is not None, "a lane is still held"
            quiet = reader.quiet
            await end_read(reader, survives=True)
            apart = await begin_read(parts, lane, 3, STORMING)
            if apart is not None:
                await end_read(apart, survives=True)
                quiet = False
    async with parts.engine.connect() as conn:
        left = await conn.execute(text("select 1 from app.cursor where apart <> '' or others <> '{}'"))
        assert left.all() == [], "a table still stands apart"
    for one in RECORDS:
        while claims := await take_runs(parts, one, "last", 5):
            for found in claims:
                await write_record(parts, found)
                assert await note_outcome(parts, found)
