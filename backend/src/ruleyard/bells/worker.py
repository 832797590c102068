"""The worker: hears bells, takes jobs by turns, and looks for itself every two seconds.

Knows the functions that it is given for lanes, slots and chores; knows nothing of what they do.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, cast

import msgspec
from arq.connections import ArqRedis, RedisSettings
from arq.constants import default_queue_name, in_progress_key_prefix, job_key_prefix
from arq.jobs import deserialize_job_raw
from arq.worker import Worker as ArqWorker
from arq.worker import func

from ruleyard.bells.ring import (
    AGAIN,
    BELL,
    GONE,
    JOB_EXPIRES_MS,
    REDIS_TIMEOUT_S,
    Bells,
    Chore,
    script,
)
from ruleyard.core.types import LogId
from ruleyard.endings import end_tasks
from ruleyard.settings import Settings

log = logging.getLogger(__name__)

LEASE_S: Final = 15
"""How long a dead worker's job id stays taken: refreshed while the job runs."""
LOOK_EVERY_S: Final = 1.6
"""A quarter more or less by chance: a lost bell costs at most two seconds."""
AT_ONCE: Final = 2
"""Jobs that a worker takes before others get their turn."""
TAKE, PUT_AWAY = script("take"), script("put_away")
KEYS: Final = (default_queue_name, in_progress_key_prefix, job_key_prefix, AGAIN, BELL)

DrainLane = Callable[[LogId, int], Awaitable[None]]
PerformSlot = Callable[[int], Awaitable[None]]
Chores = Mapping[Chore, Callable[[int], Awaitable[None]]]


class News(msgspec.Struct, frozen=True):
    """What a slow poll found: lanes with unread events, slots with due runs, chores that nobody works on."""

    lanes: tuple[tuple[LogId, int], ...] = ()
    slots: tuple[int, ...] = ()
    chores: tuple[tuple[Chore, int], ...] = ()


Look = Callable[[], Awaitable[News]]


class Worker(ArqWorker):
    """arq's worker, woken by a bell instead of by polling, and not killed by a Redis that goes away.

    `look` is the slow poll: every two seconds it asks the database what is unread or due, and the worker does
    that itself, so that a lost bell, a flushed Redis or a dead `listen` costs two seconds and nothing else.
    """

    def __init__(
        self,
        settings: Settings,
        drain_lane: DrainLane,
        perform_slot: PerformSlot,
        look: Look,
        chores: Chores,
    ) -> None:
        async def drain(_ctx: dict[Any, Any], *args: Any) -> None:
            log_id, lane = args
            await drain_lane(LogId(log_id), lane)

        async def perform(_ctx: dict[Any, Any], *args: Any) -> None:
            (slot,) = args
            await perform_slot(slot)

        def of(run: Callable[[int], Awaitable[None]]) -> Any:
            async def chore(_ctx: dict[Any, Any], *args: Any) -> None:
                (number,) = args
                await run(number)

            return chore

        super().__init__(
            functions=[
                *(func(of(run), name=f"run_{chore}") for chore, run in chores.items()),
                func(cast(Any, drain), name="drain_lane"),
                func(cast(Any, perform), name="perform_slot"),
            ],
            redis_settings=RedisSettings.from_dsn(settings.redis_url),
            handle_signals=False,
            max_jobs=64,
            job_timeout=86_400,
            health_check_interval=60,
        )
        self._settings = settings
        self._drain_lane, self._perform_slot, self._look = drain_lane, perform_slot, look
        self._chores = chores
        self._bells = Bells(settings.redis_url)
        self._direct: dict[str, asyncio.Task[None]] = {}
        self._finished = asyncio.Event()
        self._bell: asyncio.Task[None] | None = None
        self._closing = False
        self._refreshed_at = 0.0
        logging.getLogger("arq.worker").setLevel(logging.WARNING)

    async def serve(self, stop: asyncio.Event, *, drain_s: float = 25.0) -> None:
        """Work until `stop`, then let what runs end for up to `drain_s` seconds and cancel the rest."""
        duties = [asyncio.create_task(self._serve_bells()), asyncio.create_task(self._serve_slow_poll())]
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*duties, stopped], return_when=asyncio.FIRST_COMPLETED)
        finally:
            # Left to end by itself: a cancelled arq pipeline leaves its connection open.
            self._closing = True
            self._finished.set()
            await asyncio.wait(duties[:1], timeout=2)
            await end_tasks([*duties, stopped, *([self._bell] if self._bell else [])])
            await self._drain(drain_s)
            await self._bells.close()
            if self._pool is not None:
                await self._pool.aclose(close_connection_pool=True)

    async def _drain(self, drain_s: float) -> None:
        running = [t for t in (*self.tasks.values(), *self._direct.values()) if not t.done()]
        if running:
            _, late = await asyncio.wait(running, timeout=drain_s)
            await end_tasks([*late])

    async def _serve_bells(self) -> None:
        failures = 0
        while not self._closing:
            try:
                if self._pool is None:
                    self._pool = ArqRedis.from_url(
                        self._settings.redis_url, socket_timeout=10, socket_connect_timeout=REDIS_TIMEOUT_S
                    )
                    self._take = self._pool.register_script(TAKE)
                    self._put_away = self._pool.register_script(PUT_AWAY)
                while not self._closing:
                    await self._poll_iteration()
                    await self._refresh_leases()
                    failures = 0
                    await self._wait_for_bell()
            except GONE as error:
                if failures == 0:
                    log.warning("Redis does not answer (%s); working by slow poll until it does", error)
                failures += 1
                if self._bell is not None:
                    await end_tasks([self._bell])
                    self._bell = None
                await asyncio.sleep(min(2.0, 0.1 * 2**failures) * (0.5 + random.random() / 2))  # noqa: S311

    async def _wait_for_bell(self) -> None:
        """Until a bell rings, a job of ours ends and makes room, or a second has passed."""
        if self._bell is None:
            self._bell = asyncio.create_task(self._hear_bell())
        ended = asyncio.create_task(self._finished.wait())
        try:
            await asyncio.wait([self._bell, ended], return_when=asyncio.FIRST_COMPLETED)
        finally:
            await end_tasks([ended])
        self._finished.clear()
        if self._bell.done():
            bell, self._bell = self._bell, None
            bell.result()

    async def _hear_bell(self) -> None:
        await cast(Awaitable[Any], self.pool.blpop([BELL], timeout=1))

    async def _poll_iteration(self) -> None:
        taken = AT_ONCE
        while taken == AT_ONCE and len(self.tasks) + AT_ONCE <= self.max_jobs and not self._closing:
            now_ms = int(time.time() * 1000)
            found = await self._take(keys=KEYS, args=[now_ms, AT_ONCE, LEASE_S * 1000])
            taken = len(found) // 2
            for job_id, job in zip(found[::2], found[1::2], strict=True):
                self._begin(job_id.decode(), job)
        await self.heart_beat()

    def _begin(self, job_id: str, job: bytes) -> None:
        task = self.tasks[job_id] = asyncio.create_task(self._perform_job(job_id, job))

        def ended(_: asyncio.Task[None]) -> None:
            if len(self.tasks) + AT_ONCE > self.max_jobs:
                self._finished.set()
            if self.tasks.get(job_id) is task:
                del self.tasks[job_id]

        task.add_done_callback(ended)

    async def _perform_job(self, job_id: str, job: bytes) -> None:
        """The job, then its putting away: it goes back where it was cancelled, or rung again meanwhile."""
        over = "over"
        try:
            name, args, *_ = deserialize_job_raw(job, deserializer=msgspec.msgpack.decode)
            await self.functions[name].coroutine({}, *args)
        except asyncio.CancelledError:
            over = "cancelled"
            raise
        except Exception:
            log.exception("job %s failed", job_id)
        finally:
            try:
                away = (job_id, int(time.time() * 1000), JOB_EXPIRES_MS, over)
                await asyncio.shield(self._put_away(keys=KEYS, args=away))
            except GONE as error:
                log.warning("job %s could not be put away: %s", job_id, error)

    async def _refresh_leases(self) -> None:
        if time.monotonic() - self._refreshed_at < LEASE_S / 3 or not self.tasks:
            return
        self._refreshed_at = time.monotonic()
        async with self.pool.pipeline(transaction=False) as pipe:
            for job_id in self.tasks:
                pipe.expire(in_progress_key_prefix + job_id, LEASE_S)
            await pipe.execute()

    async def _serve_slow_poll(self) -> None:
        """After draining lanes it looks once more at once: the bell for their runs may be lost as theirs was."""
        again = False
        while True:
            lanes: list[asyncio.Task[None]] = []
            try:
                news = await self._look()
                for log_id, lane in news.lanes:
                    lanes += self._start(f"lane:{log_id}:{lane}", self._drain_lane(log_id, lane))
                for slot in news.slots:
                    self._start(f"slot:{slot}", self._perform_slot(slot))
                for chore, number in news.chores:
                    if chore in self._chores:
                        self._start(f"{chore}:{number}", self._chores[chore](number))
            except Exception:
                log.exception("the slow poll failed")
            pause_s = LOOK_EVERY_S * (0.75 + random.random() / 2)  # noqa: S311
            again = bool(lanes) and not again
            if again:
                await asyncio.wait(lanes, timeout=pause_s)
            else:
                await asyncio.sleep(pause_s)

    def _start(self, job_id: str, work: Awaitable[None]) -> list[asyncio.Task[None]]:
        """Run it here and now, unless this process is at it already."""
        if job_id in self.tasks or job_id in self._direct:
            work.close()  # type: ignore[attr-defined]
            return []

        async def guarded() -> None:
            try:
                await work
            except Exception:
                log.exception("%s failed", job_id)

        task = asyncio.create_task(guarded())
        self._direct[job_id] = task
        task.add_done_callback(lambda _: self._direct.pop(job_id, None))
        return [task]


async def nothing_to_look_at() -> News:
    return News()


def build_worker(
    settings: Settings,
    *,
    drain_lane: DrainLane,
    perform_slot: PerformSlot,
    look: Look = nothing_to_look_at,
    chores: Chores = MappingProxyType({}),
) -> Worker:
    """A worker for `await worker.serve(stop)`. Needs a running loop; connects when it serves."""
    return Worker(settings, drain_lane, perform_slot, look, chores)
