"""Bells only ring: what is rung is done, and what rings are lost is done a little later."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis

from ruleyard.bells import Bells, News, build_worker, connect_bells, nothing_to_look_at
from ruleyard.core.types import LogId
from ruleyard.embedded.ports import free_port
from ruleyard.settings import Settings
from support.proxy import Proxy
from support.waiting import until


class Jobs:
    """What a worker was asked to do; lanes wait at the gate while it is shut."""

    def __init__(self) -> None:
        self.lanes: list[tuple[int, int]] = []
        self.slots: list[int] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def drain_lane(self, log: LogId, lane: int) -> None:
        self.lanes.append((log, lane))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.gate.wait()
        self.at_once -= 1

    async def perform_slot(self, slot: int) -> None:
        self.slots.append(slot)


@pytest.fixture(autouse=True)
def no_bell_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by himself here: a Redis that had no second to spare would be waited for in vain."""
    monkeypatch.setattr("ruleyard.bells.ring.REDIS_TIMEOUT_S", 20.0)


@asynccontextmanager
async def working(
    settings: Settings, jobs: Jobs, look: Callable[[], Awaitable[News]] = nothing_to_look_at
) -> AsyncIterator[None]:
    stop = asyncio.Event()
    worker = build_worker(settings, drain_lane=jobs.drain_lane, perform_slot=jobs.perform_slot, look=look)
    serving = asyncio.create_task(worker.serve(stop, drain_s=5))
    try:
        yield
    finally:
        stop.set()
        await asyncio.wait_for(serving, 60)


def through(settings: Settings, port: int) -> Settings:
    url = urlsplit(settings.redis_url)
    return replace(
        settings, redis_url=url._replace(netloc=f"{url.netloc.rpartition('@')[0]}@127.0.0.1:{port}").geturl()
    )


async def test_a_rung_lane_and_a_rung_slot_are_worked(settings: Settings, bells: Bells) -> None:
    jobs = Jobs()
    async with working(settings, jobs):
        await bells.ring_lanes([(LogId(3), 7)])
        await bells.ring_slots([5])
        await until(lambda: jobs.lanes == [(3, 7)] and jobs.slots == [5], what="both jobs")


async def test_a_bell_for_a_job_that_is_running_is_not_lost(settings: Settings, bells: Bells) -> None:
    jobs = Jobs()
    jobs.gate.clear()
    async with working(settings, jobs):
        await bells.ring_lanes([(LogId(1), 0)])
        await until(lambda: len(jobs.lanes) == 1, what="the job to run")
        for _ in range(5):
            await bells.ring_lanes([(LogId(1), 0)])
        jobs.gate.set()
        await until(lambda: len(jobs.lanes) == 2, what="the job to run again")
    assert (jobs.lanes, jobs.most_at_once) == ([(1, 0), (1, 0)], 1)


async def test_many_bells_before_a_worker_comes_are_one_job(settings: Settings, bells: Bells) -> None:
    jobs = Jobs()
    for _ in range(10):
        await bells.ring_lanes([(LogId(1), 0)])
    async with working(settings, jobs):
        await until(lambda: jobs.lanes, what="the job")
        await bells.ring_slots([1])
        await until(lambda: jobs.slots, what="a later job")
    assert jobs.lanes == [(1, 0)]


@pytest.mark.parametrize("lost", ["key", "place"])
async def test_a_job_that_redis_lost_half_of_can_be_rung_again(
    settings: Settings, bells: Bells, lost: str
) -> None:
    """Nobody looks here: a bell that stayed mute until the key of its job expires would be heard tomorrow."""
    redis = Redis.from_url(settings.redis_url)
    await bells.ring_lanes([(LogId(1), 0)])
    gone = redis.delete("arq:job:lane:1:0") if lost == "key" else redis.zrem("arq:queue", "lane:1:0")
    assert await gone == 1
    await redis.aclose()
    await bells.ring_lanes([(LogId(1), 0)])
    jobs = Jobs()
    async with working(settings, jobs):
        await until(lambda: jobs.lanes == [(1, 0)], what="the job")


async def test_two_workers_share_the_lanes(settings: Settings, bells: Bells) -> None:
    one, other = Jobs(), Jobs()
    async with working(settings, one), working(settings, other):
        await bells.ring_lanes([(LogId(1), lane) for lane in range(16)])
        await until(lambda: len(one.lanes + other.lanes) == 16, what="every lane")
    assert sorted(one.lanes + other.lanes) == [(1, lane) for lane in range(16)]


async def test_nothing_stays_behind_in_redis(settings: Settings, bells: Bells) -> None:
    jobs = Jobs()
    async with working(settings, jobs):
        await bells.ring_lanes([(LogId(1), lane) for lane in range(16)])
        await until(lambda: len(jobs.lanes) == 16, what="every lane")
    redis = Redis.from_url(settings.redis_url, decode_responses=True)
    left = await redis.keys("*")
    await redis.aclose()
    assert not [key for key in left if key not in ("arq:queue:health-check", "ruleyard:bell")]


async def test_without_redis_bells_are_quiet_and_the_slow_poll_does_the_work(settings: Settings) -> None:
    nowhere = replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}/0")
    bells = connect_bells(nowhere)
    await bells.ring_lanes([(LogId(1), 1)])
    await bells.publish_live("run", {"ids": [1]})
    assert await bells.ping() is False
    await bells.close()
    jobs = Jobs()

    async def look() -> News:
        return News(lanes=((LogId(1), 1),), slots=(4,))

    async with working(nowhere, jobs, look):
        await until(lambda: jobs.lanes and jobs.slots, what="the slow poll")


async def test_a_worker_outlives_a_redis_that_goes_away(settings: Settings, bells: Bells) -> None:
    url = urlsplit(settings.redis_url)
    async with Proxy(url.hostname or "", url.port or 0) as proxy:
        jobs = Jobs()
        async with working(through(settings, proxy.port), jobs):
            await bells.ring_lanes([(LogId(1), 1)])
            await until(lambda: len(jobs.lanes) == 1, what="a job before")
            proxy.cut()
            await bells.ring_lanes([(LogId(1), 2)])
            proxy.mend()
            await until(lambda: (1, 2) in jobs.lanes, what="a job after Redis came back")


async def test_a_job_that_fails_does_not_stop_the_worker(settings: Settings, bells: Bells) -> None:
    jobs = Jobs()

    async def breaks(_slot: int) -> None:
        raise RuntimeError("broken on purpose")

    jobs.perform_slot = breaks  # type: ignore[method-assign]
    async with working(settings, jobs):
        await bells.ring_slots([1])
        await bells.ring_lanes([(LogId(1), 1)])
        await until(lambda: jobs.lanes, what="the job beside")


async def test_live_news_reaches_everybody_who_listens(settings: Settings, bells: Bells) -> None:
    heard: list[object] = []

    async def hear() -> None:
        async for news in bells.subscribe_live():
            heard.append(news)

    ears = [asyncio.create_task(hear()) for _ in range(2)]
    redis = Redis.from_url(settings.redis_url)

    async def subscribed() -> bool:
        return dict(await redis.pubsub_numsub("ruleyard:live"))[b"ruleyard:live"] == 2

    await until(subscribed, what="both to subscribe")
    await bells.publish_live("run", {"ids": [7]})
    await until(lambda: len(heard) == 2, what="both to hear")
    assert heard == [{"kind": "run", "data": {"ids": [7]}}] * 2
    for ear in ears:
        ear.cancel()
    await asyncio.gather(*ears, return_exceptions=True)
    await redis.aclose()


async def test_a_live_line_that_fell_silent_is_given_up_and_made_anew(
    settings: Settings, bells: Bells, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ruleyard.bells.ring.REDIS_TIMEOUT_S", 1.0)
    url = urlsplit(settings.redis_url)
    heard: list[object] = []

    async def hear() -> None:
        async for news in listening.subscribe_live():
            heard.append(news)

    async with Proxy(url.hostname or "", url.port or 0) as proxy:
        listening = Bells(through(settings, proxy.port).redis_url, quiet_s=0.2)
        ear = asyncio.create_task(hear())

        async def told() -> bool:
            await bells.publish_live("run", {"ids": [7]})
            return bool(heard)

        await until(told, what="the first line to hear")
        proxy.freeze()
        heard.clear()
        await until(told, what="a new line to hear")
        assert heard[0] == {"kind": "reset", "data": {}}, "nobody knows what was said meanwhile"
        ear.cancel()
        await asyncio.gather(ear, return_exceptions=True)
        await listening.close()
