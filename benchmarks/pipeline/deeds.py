"""What runs do: bursts of record writes and of webhooks by some workers, and a webhook on an idle machine."""

from __future__ import annotations

import asyncio
import time

import msgspec

from pipeline import bare
from pipeline.bench import Bench
from pipeline.documents import calls, writes_a_record
from pipeline.figures import Figure, of_rounds, percentile
from pipeline.house import House, quiet
from pipeline.receiver import Receiver

BURST = 2_000
ROUNDS = 2
WORKERS = (1, 2, 4)
IDLE = 40


async def writes(bench: Bench) -> list[Figure]:
    limit = await bench.creates_a_second(16)
    rates: dict[int, list[float]] = {}
    async with House(bench.ground, records=BURST) as house:
        await house.publish(writes_a_record())
        for _ in range(ROUNDS):
            for workers in WORKERS:
                await house.start(workers=workers)
                rates.setdefault(workers, []).append(BURST / await _burst(house))
            house.end()
        tasks = await house.admin.fetchval("select count(*) from public.tasks")
        if tasks != ROUNDS * len(WORKERS) * BURST:
            raise RuntimeError(f"{tasks} records were written, not {ROUNDS * len(WORKERS) * BURST}")
    bench.loaded("record writes")
    return [
        Figure(
            "writes",
            f"burst of {BURST:,}: change → run → record written, {workers} worker{'s' * (workers > 1)}",
            unit="runs/s",
            target=1_500 if workers == 2 else None,
            limit=limit,
            limit_of="single inserts, 16 at once",
            **of_rounds(rates[workers]),
        )
        for workers in WORKERS
    ]


async def _burst(house: House) -> float:
    """Seconds from the commit of a change of every record to the end of the last run."""
    before = await house.own.fetchval("select coalesce(sum(matched), 0) from app.judged")
    await house.admin.execute("update public.leads set attempts = attempts + 1")
    began = time.monotonic()

    async def recorded() -> bool:
        judged = await house.own.fetchval("select coalesce(sum(matched), 0) - $1 from app.judged", before)
        return bool(judged >= house.records) and await quiet(house.own)

    await house.until(recorded, what="every run to end", every_s=0.02)
    took = time.monotonic() - began
    failed = await house.own.fetchval("select count(*) from app.run where state <> 'succeeded'")
    if failed:
        raise RuntimeError(f"{failed} runs did not succeed")
    await house.forget_runs()
    return took


async def webhooks(bench: Bench) -> list[Figure]:
    receiver = Receiver()
    await receiver.open()
    bare_rate, bare_ms = await bare.requests(receiver, count=4_000, at_once=16)
    _, bare_ms = await bare.requests(receiver, count=200, at_once=1)
    rates: dict[int, list[float]] = {}
    async with House(bench.ground, allow=(receiver.address,), records=BURST) as house:
        await house.publish(calls(receiver.url))
        await house.start(workers=1)
        idle = await _idle(house, receiver)
        bench.loaded("webhooks, idle")
        for _ in range(ROUNDS):
            for workers in WORKERS[:2]:
                await house.start(workers=workers)
                receiver.came.clear()
                took = await _burst(house)
                if len(receiver.came) != BURST:
                    raise RuntimeError(f"{len(receiver.came)} webhooks came, not {BURST}")
                rates.setdefault(workers, []).append(BURST / took)
            house.end()
    await receiver.close()
    bench.loaded("webhooks, bursts")
    found = [
        Figure(
            "webhooks",
            f"change → webhook received, idle, {name}",
            percentile(idle, share),
            "ms",
            target,
            at_most=True,
            limit=bare_ms,
            limit_of="a bare request",
        )
        for name, share, target in (("p50", 0.5, 8.0), ("p99", 0.99, None))
    ]
    return found + [
        Figure(
            "webhooks",
            f"burst of {BURST:,}: change → webhook received, {workers} worker{'s' * (workers > 1)}",
            unit="webhooks/s",
            target=1_500 if workers == 2 else None,
            limit=bare_rate,
            limit_of="bare requests, 16 at once",
            **of_rounds(rates[workers]),
        )
        for workers in WORKERS[:2]
    ]


async def _idle(house: House, receiver: Receiver) -> list[float]:
    """From the writer's being told of its commit to the arrival, one change at a time, in ms."""
    times = []
    for number in range(IDLE + 5):
        receiver.came.clear()
        await house.admin.execute(
            "update public.leads set attempts = attempts + 1 where id = $1", 1 + number % house.records
        )
        began = time.time()

        async def arrived() -> bool:
            return bool(receiver.came)

        await house.until(arrived, what="a webhook", every_s=0.001)
        at, body = receiver.came[0]
        if msgspec.json.decode(body)["record"] != 1 + number % house.records:
            raise RuntimeError(f"another webhook came: {body!r}")
        if number >= 5:
            times.append(1000 * (at - began))
        await asyncio.sleep(0.1)
    await house.until(lambda: quiet(house.own), what="the runs to end")
    await house.forget_runs()
    return times
