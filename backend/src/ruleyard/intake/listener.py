"""Listen: hear that events were written and ring the lanes that have news; tick the clock.

Any number of `listen` processes: one leads each log, by an advisory lock on its own connection there. Awake,
it holds the lock that capture probes and looks every few milliseconds; asleep, it waits for NOTIFY and looks
four times a second anyway. What it hears is only a bell: how far lanes are read is the cursors' business.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final, Literal

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.reaching import place_of, trouble_of
from ruleyard.bells import Bells, connect_bells
from ruleyard.core.errors import Refusal, Unavailable
from ruleyard.core.types import OWN_LOG, ConnectionId, LogId
from ruleyard.endings import end_tasks
from ruleyard.intake.applied import APPLIED_S, forget_applied
from ruleyard.intake.care import CARE_S, Care
from ruleyard.intake.drift import DriftWatch
from ruleyard.intake.jumps import Stopwatch, database_time, far_apart
from ruleyard.intake.own_log import settle_own_log
from ruleyard.intake.renew import renew_log
from ruleyard.intake.retention import RETENTION_S, keep_runs
from ruleyard.intake.tickers import due_runs, due_work, make_ticks, more_due
from ruleyard.intake.troubles import history
from ruleyard.logs import get_logger
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched, connection, direct_address, set_state
from ruleyard.stores.cursors import EVERYTHING, Cursor, list_cursors, start_cursors
from ruleyard.stores.db import AWAY, BACKGROUND_S, create_engine, transaction
from ruleyard.stores.events import LogPools
from ruleyard.stores.run_counts import keep_counts
from ruleyard.stores.runs import LEASE_S, shorten_leases
from ruleyard.stores.watches import list_watches

log = get_logger(__name__)

LEADER_LOCK: Final = 8247343692100106
AWAKE_LOCK: Final = 8247343692100105
"""The same number as in capture.sql: held by an awake reader, probed by writers."""

HEARTBEAT_S: Final = 5.0
"""No answer within this: the connection is half-open and is replaced."""
GHOST_S: Final = 15
"""The server ends our session when it hears nothing for so long (we ask four times a second)."""
SLOW_POLL_S: Final = 0.25
AWAKE_POLL_S: Final = 0.002
QUIET_LOOKS: Final = 40
CLOCK_S: Final = 0.5
MOST_ROUNDS: Final = 20
"""So many times the clock looks again at once where more waits are over than one look takes."""
LOGS_S: Final = 1.0
COUNTS_S: Final = 5.0
DAYS_S: Final = 600.0
KEEP_DAYS: Final = 30
FOR_EVER_DAYS: Final = 36_500
BLIND_S: Final = 3.0
"""Time for the workers' heartbeats after our database was away: six tries."""
BACKOFF_MAX_S: Final = 15.0

NEWS: Final = """
with now as materialized (select pg_current_snapshot() as snapshot)
select now.snapshot::text as snapshot, array(
  select l.lane from generate_series(0, 15) as l(lane)
  where exists (
    select from ruleyard.event e
    where e.lane = l.lane and e.at > now() - interval '1 day' and e.xid >= pg_snapshot_xmin(($1::text)::pg_snapshot)
      and not pg_visible_in_snapshot(e.xid, ($1::text)::pg_snapshot))) as lanes
from now
"""
"""Several times a second, so only the newest days: what a transaction of more than a day wrote is found by the workers'
own slow look."""

DOWN: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    SQLAlchemyError,
    Unavailable,
    Refusal,
)
REPLACED: Final = (
    "This is not for certain the event log that was read before: the database was restored, re-created or moved, "
    "or a standby took over that may lack changes. "
    "Nothing is read until you say how to go on (Data screen, or `ruleyard log`)."
)


class Ear:
    """Attends one log: leads or stands by, hears, looks, rings."""

    def __init__(
        self, log_id: LogId, engine: AsyncEngine, pools: LogPools, bells: Bells, *, log_max_gb: int = 0
    ) -> None:
        self.log_id = log_id
        self._most_bytes = log_max_gb * 2**30
        self._engine = engine
        self._pools = pools
        self._bells = bells
        self._heard = asyncio.Event()
        self.leading = asyncio.Event()
        """Set while this process leads the log (a signal for tests and health)."""

    async def attend(self) -> None:
        """For ever: connect, lead, look; on failure say so, back off with jitter and begin again."""
        failures = 0
        while True:
            began = time.monotonic()
            try:
                await self._lead()
            except DOWN as error:
                failures = 1 if time.monotonic() - began > BACKOFF_MAX_S else failures + 1
                await self._note("failing", error)
            except Exception:
                failures += 1
                log.exception("an ear broke", log_id=self.log_id)
            finally:
                self.leading.clear()
            pause_s = min(BACKOFF_MAX_S, 0.25 * 2 ** min(failures, 6))
            await asyncio.sleep(pause_s * (0.5 + random.random() / 2))  # noqa: S311

    async def _lead(self) -> None:
        pool = await self._pools.direct_pool(self.log_id)
        conn = await pool.acquire(timeout=10)
        try:
            # A session whose other end is gone must not keep the leader's lock: the server ends it by itself.
            await self._ask(conn, "select set_config('idle_session_timeout', $1, false)", f"{GHOST_S}s")
            await conn.add_listener("ruleyard", self._hear)
            while True:
                if await self._ask(conn, "select pg_try_advisory_lock($1)", LEADER_LOCK):
                    break
                await asyncio.sleep(1 + random.random())  # noqa: S311
            await self._renew(conn)
            self.leading.set()
            await self._listen(conn)
        finally:
            await close_quickly(pool, conn)

    async def _listen(self, conn: Any) -> None:
        """Awake while there is news, asleep otherwise; for ever, until the connection fails."""
        seen = await self._first_look(conn)
        days_at = 0.0
        awake, quiet = False, 0
        while True:
            if time.monotonic() > days_at:
                await self._keep_days(conn)
                days_at = time.monotonic() + DAYS_S
            self._heard.clear()
            row = await conn.fetchrow(NEWS, seen, timeout=HEARTBEAT_S)
            seen = row["snapshot"]
            if row["lanes"]:
                await self._bells.ring_lanes([(self.log_id, lane) for lane in row["lanes"]])
                quiet = 0
                if not awake:
                    awake = await self._ask(conn, "select pg_try_advisory_lock($1)", AWAKE_LOCK)
                await asyncio.sleep(AWAKE_POLL_S)
                continue
            quiet += 1
            if awake and quiet < QUIET_LOOKS:
                await asyncio.sleep(AWAKE_POLL_S)
            elif awake:
                # Asleep from here: writers ring again, so one more look after letting go of the lock.
                await self._ask(conn, "select pg_advisory_unlock($1)", AWAKE_LOCK)
                awake = False
            else:
                with suppress(TimeoutError):
                    async with asyncio.timeout(SLOW_POLL_S):
                        await self._heard.wait()

    async def _first_look(self, conn: Any) -> str:
        """The oldest snapshot that a lane has been read to: everything since then is news."""
        identity = await self._ask(conn, "select ruleyard.identity()")
        if self.log_id == OWN_LOG and await settle_own_log(self._engine):
            log.warning("our database was restored or moved: its log goes on, run numbers leap")
        async with transaction(self._engine) as own:
            cursors = [c for c in await list_cursors(own) if c.log == self.log_id]
            if not cursors and self.log_id == OWN_LOG:
                await start_cursors(own, OWN_LOG, EVERYTHING, identity)
        if cursors and not (await history(conn, cursors))["same"]:
            raise Unavailable(REPLACED, code="log-replaced")
        await self._note("works")
        return oldest_place(cursors)

    async def _renew(self, conn: Any) -> None:
        """A log of an older release is brought up to date; where writers are in the way it goes on as it is."""
        try:
            async with transaction(self._engine) as own:
                watches = (
                    [] if self.log_id == OWN_LOG else await list_watches(own, ConnectionId(int(self.log_id)))
                )
            if await renew_log(conn, watches):
                log.info("a log was renewed", log_id=self.log_id)
        except (asyncpg.PostgresError, Refusal) as error:
            log.warning("a log could not be renewed", log_id=self.log_id, reason=str(error))

    async def _keep_days(self, conn: Any) -> None:
        """Day partitions ahead, old ones dropped. Without them events go to the default partition."""
        try:
            async with transaction(self._engine) as own:
                read_to = oldest_place([c for c in await list_cursors(own) if c.log == self.log_id])
            known_day = not far_apart(await self._ask(conn, "select clock_timestamp()"))
            await conn.execute(
                "select ruleyard.keep_days(2, $1, $2, $3)",
                KEEP_DAYS if known_day else FOR_EVER_DAYS,
                read_to,
                self._most_bytes if known_day else 0,
                timeout=2 * HEARTBEAT_S,
            )
        except asyncpg.PostgresError as error:
            log.warning("day partitions could not be kept", log_id=self.log_id, reason=str(error))

    async def _note(self, state: Literal["works", "failing"], error: Exception | None = None) -> None:
        """The connection's state, for the screens; never in the way of the ear itself."""
        if error is not None:
            reason = str(error) or type(error).__name__
            log.warning("a log does not answer", log_id=self.log_id, reason=reason)
        if self.log_id == OWN_LOG:
            return
        at = ConnectionId(int(self.log_id))
        with suppress(*DOWN):
            async with transaction(self._engine) as conn:
                one = await connection(conn, at)
                where = place_of(one.kind, direct_address(one.settings))
                await set_state(conn, at, state, None if error is None else trouble_of(error, where))

    async def _ask(self, conn: Any, question: str, *arguments: object) -> Any:
        return await conn.fetchval(question, *arguments, timeout=HEARTBEAT_S)

    def _hear(self, *_: object) -> None:
        self._heard.set()


def oldest_place(cursors: Sequence[Cursor]) -> str:
    """The snapshot that every lane has been read to."""
    oldest = min(cursors, key=lambda c: int(c.from_snapshot.split(":")[0]), default=None)
    return EVERYTHING if oldest is None else oldest.from_snapshot


async def close_quickly(pool: asyncpg.Pool, conn: Any) -> None:
    """Give the connection up without trusting it: its locks must go, even if its other end is gone."""
    with suppress(*DOWN):
        conn.terminate()
    with suppress(*DOWN):
        await pool.release(conn, timeout=1)


class Listener:
    """One `listen` process: an ear per log that is watched, the clock, and the look at the shapes of tables."""

    def __init__(
        self,
        settings: Settings,
        engine: AsyncEngine,
        pools: LogPools,
        bells: Bells,
        *,
        blind_s: float = BLIND_S,
        heard_s: float = LEASE_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._engine = engine
        self._pools = pools
        self._bells = bells
        self._blind_s = blind_s
        self._heard_s = heard_s
        self._monotonic = monotonic
        self._stopwatch = Stopwatch(monotonic)
        self._blind_until = 0.0
        self._tables_every_s = settings.tables_every_s
        self.drift = DriftWatch(engine, pools, bells)
        self.care = Care(settings, engine, pools, bells)
        self._log_max_gb = settings.log_max_gb
        self.ears: dict[LogId, Ear] = {}
        self._tasks: dict[LogId, asyncio.Task[None]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        duties = [
            asyncio.create_task(every(LOGS_S, self.follow_logs)),
            asyncio.create_task(every(CLOCK_S, self.tick)),
            asyncio.create_task(every(self._tables_every_s, self.drift.look)),
            asyncio.create_task(every(RETENTION_S, self.keep_runs)),
            asyncio.create_task(every(COUNTS_S, self.count_runs)),
            asyncio.create_task(every(APPLIED_S, self.forget_applied)),
            asyncio.create_task(every(min(CARE_S, self._tables_every_s), self.care.look)),
        ]
        try:
            await stop.wait()
        finally:
            await end_tasks([*duties, *self._tasks.values()])

    async def follow_logs(self) -> None:
        """An ear for each log that has cursors (our own always), none for the others."""
        async with transaction(self._engine) as conn:
            wanted = {OWN_LOG, *(cursor.log for cursor in await list_cursors(conn))}
        for log_id in wanted - self.ears.keys():
            ear = self.ears[log_id] = Ear(
                log_id, self._engine, self._pools, self._bells, log_max_gb=self._log_max_gb
            )
            self._tasks[log_id] = asyncio.create_task(ear.attend())
        for log_id in self.ears.keys() - wanted:
            del self.ears[log_id]
            await end_tasks([self._tasks.pop(log_id)])

    async def keep_runs(self) -> None:
        if far_apart(await database_time(self._engine)):
            log.error(
                "our database's clock and this machine's are more than a day apart: nothing old is removed"
            )
            return
        await keep_runs(
            self._engine,
            days=self._settings.keep_runs_days,
            failed_days=self._settings.keep_failed_days,
        )

    async def forget_applied(self) -> None:
        await forget_applied(self._engine, self._pools)

    async def count_runs(self) -> None:
        await keep_counts(self._engine)

    async def tick(self) -> None:
        """After our database was away, or its clock set, its workers are heard before one of them is called silent."""
        try:
            jumped_s = await self._stopwatch.jumped_s(self._engine)
            if jumped_s:
                log.warning("our database's clock was set", by_s=round(jumped_s))
                self._blind_until = self._monotonic() + self._heard_s
                async with transaction(self._engine) as conn:
                    await shorten_leases(conn)
            await make_ticks(self._engine)
            blind = self._monotonic() < self._blind_until
            slots = await (due_runs if blind else due_work)(self._engine)
            for _ in range(MOST_ROUNDS):
                await self._bells.ring_slots(slots)
                if not slots or not await more_due(self._engine):
                    return
                slots = await due_runs(self._engine)
        except AWAY:
            self._blind_until = self._monotonic() + self._blind_s
            raise
        await self._bells.ring_slots(slots)


async def every(seconds: float, duty: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again; what goes wrong is logged and backed off from."""
    failures = 0
    while True:
        try:
            await duty()
            failures = 0
        except Exception:
            failures += 1
            log.exception("a duty of the listener failed", duty=duty.__name__)
        pause = min(BACKOFF_MAX_S, seconds * 2 ** min(failures, 6)) if failures else seconds
        await asyncio.sleep(pause * (0.75 + random.random() / 2))  # noqa: S311


async def listen(settings: Settings, *, stop: asyncio.Event) -> None:
    """Run until `stop`. Owns its engine, pools and bells."""
    engine = create_engine(settings, pool_size=4, patience_s=BACKGROUND_S)
    watched = Watched(engine, settings, application_name="ruleyard listen")
    pools = LogPools(settings, watched)
    bells = connect_bells(settings)
    try:
        await Listener(settings, engine, pools, bells).run(stop)
    finally:
        await pools.close()
        await watched.close()
        await bells.close()
        await engine.dispose()
