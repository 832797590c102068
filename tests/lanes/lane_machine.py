"""A model of the conveyor, played against the real thing: writers, two readers, two workers, a sweeper.

Every rule is one step that some process could take next; a crash is a step not taken. What must hold is asserted
after each step, and at the end, when everybody has finished.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.actions.records import Database, apply_once, dumped, insert_sql, table_of
from ruleyard.core.event import Event
from ruleyard.core.types import LANES, LogId, RuleId, RunId, VersionId
from ruleyard.lanes.reader import Batch, events_of, read_lane
from ruleyard.stores.claims import Claim, claim, claim_suspects
from ruleyard.stores.cursors import EVERYTHING, move_cursor, start_cursors, take_cursor
from ruleyard.stores.db import transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.runs import DEATHS, renew, sweep_leases
from ruleyard.stores.steps import Progress, record

RECORDS: Final = (1, 2, 3)
WRITERS: Final = st.sampled_from((0, 1, 2))
SIDES: Final = st.sampled_from(("a", "b"))
LEASE_S: Final = 600.0
"""Leases end when the machine says so, never by themselves."""
Change = tuple[int, int]


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
    """One that holds a lane: its batch is written and not committed."""

    conn: AsyncConnection
    lane: int


@dataclass
class Held:
    """A claim as its worker sees it; whether it is still true is the model's business."""

    claim: Claim
    side: str
    performed: bool = False


@dataclass
class Model:
    """What the world should look like."""

    committed: list[Change] = field(default_factory=list)
    pending: dict[int, list[Change]] = field(default_factory=lambda: defaultdict(list))
    holder: dict[RunId, int] = field(default_factory=dict)
    """The attempt that owns a run now; 0 when it is queued."""
    silent: set[RunId] = field(default_factory=set)
    """Runs whose lease has ended and that nobody swept yet."""
    deaths: dict[RunId, int] = field(default_factory=lambda: defaultdict(int))
    done: set[RunId] = field(default_factory=set)

    def committed_in_order(self) -> list[Change]:
        """By record; the numbers of a record's changes ascend with its commits."""
        return sorted(self.committed)


def machine_of(parts: Parts) -> type[RuleBasedStateMachine]:
    class Conveyor(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.model = Model()
            self.readers: dict[str, Reader] = {}
            self.held: list[Held] = []

        @initialize()
        def begin(self) -> None:
            """There is work from the start: without it most plays are over before they are interesting."""
            parts.do(reset(parts))
            for one in (*RECORDS, *RECORDS):
                self.ordinary_change(one)
            self.take("a", RECORDS[0], 3)

        @rule(writer=WRITERS, one=st.sampled_from(RECORDS))
        def change(self, writer: int, one: int) -> None:
            """A record is changed, unless another writer has it."""
            busy = {
                change[0] for other, some in self.model.pending.items() if other != writer for change in some
            }
            if one not in busy:
                self.model.pending[writer].append((one, parts.do(change_record(parts, writer, one))))

        @rule(one=st.sampled_from(RECORDS))
        def ordinary_change(self, one: int) -> None:
            """Changed, committed, read: most changes meet no trouble on their way to a run."""
            if not self.model.pending:
                self.change(0, one)
                self.commit(0)
                if "a" not in self.readers:
                    self.read("a", one, 4)
                    self.end_read("a", survives=True)

        @precondition(lambda self: self.model.pending)
        @rule(writer=WRITERS)
        def commit(self, writer: int) -> None:
            parts.do(end(parts, writer, "commit"))
            self.model.committed += self.model.pending.pop(writer, [])

        @precondition(lambda self: self.model.pending)
        @rule(writer=WRITERS)
        def roll_back(self, writer: int) -> None:
            parts.do(end(parts, writer, "rollback"))
            self.model.pending.pop(writer, None)

        @rule(side=SIDES, one=st.sampled_from(RECORDS), limit=st.integers(1, 4))
        def read(self, side: str, one: int, limit: int) -> None:
            """A reader takes the record's lane and reads; whoever comes second is turned away."""
            if side in self.readers:
                return
            lane = parts.do(lane_of(parts, one))
            reader = parts.do(begin_read(parts, lane, limit))
            taken = any(other.lane == lane for other in self.readers.values())
            assert (reader is None) is taken
            if reader is not None:
                self.readers[side] = reader

        @precondition(lambda self: self.readers)
        @rule(side=SIDES, survives=st.booleans())
        def end_read(self, side: str, survives: bool) -> None:
            reader = self.readers.pop(side, None)
            if reader is not None:
                parts.do(end_read(reader, survives=survives))

        @rule(side=SIDES, one=st.sampled_from(RECORDS), limit=st.integers(1, 3))
        def take(self, side: str, one: int, limit: int) -> None:
            """A worker claims what is due in the record's slot."""
            for found in parts.do(take_runs(parts, one, side, limit)):
                assert self.model.holder.get(found.id, 0) == 0, "somebody else holds it"
                assert found.id not in self.model.done
                self.model.holder[found.id] = found.attempt
                self.held.append(Held(found, side))
            by_record = [h.claim.event.key["id"] for h in self.held if self._is_owner(h)]
            assert len(by_record) == len(set(by_record)), "two runs of one record at once"

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7))
        def perform(self, place: int) -> None:
            """The record write, in time or late: a worker that was paused does not know that it lost the run."""
            held = self.held[place % len(self.held)]
            parts.do(write_record(parts, held.claim))
            held.performed = True

        @precondition(lambda self: any(h.performed for h in self.held))
        @rule(place=st.integers(0, 7))
        def note(self, place: int) -> None:
            """The outcome, behind the fence."""
            performed = [h for h in self.held if h.performed]
            held = performed[place % len(performed)]
            written = parts.do(note_outcome(parts, held.claim))
            assert written is self._is_owner(held), "the fence"
            if written:
                self.model.done.add(held.claim.id)
                self.model.holder[held.claim.id] = 0
                self.model.silent.discard(held.claim.id)
            self.held.remove(held)

        @precondition(lambda self: self.held)
        @rule(side=SIDES)
        def beat(self, side: str) -> None:
            """A heartbeat keeps what is still its worker's, also when it comes late and nobody swept yet."""
            mine = [h for h in self.held if h.side == side]
            kept = parts.do(renew_all(parts, [h.claim for h in mine]))
            owned = {h.claim.id for h in mine if self._is_owner(h)}
            assert kept == owned
            self.model.silent -= owned

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7))
        def lease_ends(self, place: int) -> None:
            held = self.held[place % len(self.held)]
            run = held.claim.id
            if self._is_owner(held) and self.model.deaths[run] < DEATHS - 2:
                parts.do(expire(parts, run))
                self.model.silent.add(run)

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7), side=SIDES)
        def taken_over(self, place: int, side: str) -> None:
            """Its lease ends, the sweep finds it, the next worker takes it; the old one knows nothing."""
            one = self.held[place % len(self.held)].claim.event.key["id"]
            self.lease_ends(place)
            self.sweep()
            self.take(side, one, 3)

        @precondition(lambda self: self.model.silent)
        @rule()
        def sweep(self) -> None:
            """Exactly the silent ones are queued again."""
            parts.do(sweep(parts))
            for run in self.model.silent:
                self.model.holder[run] = 0
                self.model.deaths[run] += 1
            self.model.silent = set()

        @precondition(lambda self: self.held)
        @rule(place=st.integers(0, 7))
        def die(self, place: int) -> None:
            """kill -9: it forgets what it held; its lease ends and is swept."""
            held = self.held.pop(place % len(self.held))
            if self._is_owner(held):
                parts.do(expire(parts, held.claim.id))
                self.model.silent.add(held.claim.id)
                self.sweep()
                parts.do(forgive(parts, held.claim.id))

        @invariant()
        def nothing_twice_and_nothing_too_early(self) -> None:
            written = parts.do(written_records(parts))
            assert len(written) == len(set(written)), "a record was written twice"
            assert set(written) <= set(self.model.committed), "a change that was never committed"
            for one in RECORDS:
                numbers = [seq for key, seq in written if key == one]
                assert numbers == sorted(numbers), "out of order"
            runs = parts.do(opened(parts))
            assert len(runs) == len(set(runs)), "two runs of one change"

        def teardown(self) -> None:
            """Everybody finishes; then nothing is missing."""
            for writer in tuple(self.model.pending):
                self.roll_back(writer)
            for side in tuple(self.readers):
                parts.do(end_read(self.readers.pop(side), survives=False))
            parts.do(finish(parts))
            assert parts.do(opened(parts)) == self.model.committed_in_order()
            written = parts.do(written_records(parts))
            assert sorted(written) == sorted(self.model.committed)
            self.nothing_twice_and_nothing_too_early()

        def _is_owner(self, held: Held) -> bool:
            return self.model.holder.get(held.claim.id) == held.claim.attempt

    return Conveyor


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


async def begin_read(parts: Parts, lane: int, limit: int) -> Reader | None:
    conn = await parts.engine.connect()
    await conn.begin()
    cursor = await take_cursor(conn, parts.log, lane)
    if cursor is None:
        await conn.close()
        return None
    batch = await read_lane(parts.pool, cursor, limit)
    await open_runs(
        conn,
        [
            NewRun(parts.rule_id, parts.version_id, e, e.lane)
            for e in events_of(parts.log, batch.rows)[0]
            if updates(e)
        ],
    )
    await move_cursor(conn, batch.cursor)
    return Reader(conn, lane)


async def open_changes(parts: Parts, conn: AsyncConnection, batch: Batch) -> None:
    events, unreadable = events_of(parts.log, batch.rows)
    assert not unreadable
    await open_runs(conn, [NewRun(parts.rule_id, parts.version_id, e, e.lane) for e in events if updates(e)])


def updates(event: Event) -> bool:
    return event.op == "update"


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
            conn = await parts.engine.connect()
            await conn.begin()
            cursor = await take_cursor(conn, parts.log, lane)
            assert cursor is not None, "a lane is still held"
            batch = await read_lane(parts.pool, cursor, 3)
            await open_runs(
                conn,
                [
                    NewRun(parts.rule_id, parts.version_id, e, e.lane)
                    for e in events_of(parts.log, batch.rows)[0]
                    if updates(e)
                ],
            )
            await move_cursor(conn, batch.cursor)
            await conn.commit()
            await conn.close()
            quiet = batch.quiet
    for one in RECORDS:
        while claims := await take_runs(parts, one, "last", 5):
            for found in claims:
                await write_record(parts, found)
                assert await note_outcome(parts, found)
