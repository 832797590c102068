"""Changes as they come: latency from commit to recorded run at rising rates, and what is sustained with 16 writers."""

from __future__ import annotations

import asyncio

from pipeline.bare import UPDATE, pgbench
from pipeline.bench import Bench
from pipeline.documents import only_records_runs, writes_a_record
from pipeline.figures import Figure, percentile
from pipeline.house import House, quiet

SECONDS = 4
ONCE_A_SECOND = 12
RATES = (8_000, 6_000, 4_000, 2_000, 1_000)
PATIENT_MS = 50.0


async def latency(bench: Bench) -> list[Figure]:
    """Each change opens a run that writes a record: nothing is left out."""
    figures: list[Figure] = []
    limit, limit_99 = await bench.notify_ms()
    async with House(bench.ground) as house:
        await house.publish(writes_a_record())
        await house.start(workers=1)
        await _one_by_one(house, 5, 0.2)
        await house.until(lambda: quiet(house.own), what="the first runs to end")
        for rate in (1, 100, 1_000):
            since = await house.last_event()
            if rate == 1:
                await _one_by_one(house, ONCE_A_SECOND, 1.0)
            else:
                await pgbench(
                    house.crm_url,
                    bench.ground.folder,
                    UPDATE,
                    clients=4,
                    seconds=SECONDS,
                    records=house.records,
                    rate=rate,
                )
            await house.until(lambda: _recorded(house), what="every change to have its run")
            times = await house.latencies_ms(since)
            bound = rate <= 100
            for name, share, target, bare in (("p50", 0.5, 5.0, limit), ("p99", 0.99, 25.0, limit_99)):
                figures.append(
                    Figure(
                        "latency",
                        f"commit → run recorded at {rate:,}/s, {name}",
                        percentile(times, share),
                        "ms",
                        target if bound else None,
                        at_most=True,
                        limit=bare,
                        limit_of="NOTIFY heard",
                    )
                )
            bench.loaded(f"{rate:,}/s")
            await house.until(lambda: quiet(house.own), what="the runs to end")
    return figures


async def sustained(bench: Bench) -> list[Figure]:
    """The highest of some rates at which 16 writers' changes have their runs in time."""
    async with House(bench.ground) as house:
        bare_rate = await _unwatched(bench, house)
        await house.publish(only_records_runs())
        await house.start(workers=1)
        await house.admin.execute("update public.leads set attempts = attempts + 1")
        await house.until(lambda: _recorded(house), what="the first runs to be recorded")
        await house.until(lambda: _all_wait(house), what="the first runs to wait")
        tried: list[tuple[float, float, float]] = []
        for rate in RATES:
            since = await house.last_event()
            written = await pgbench(
                house.crm_url,
                bench.ground.folder,
                UPDATE,
                clients=16,
                seconds=SECONDS,
                records=house.records,
                rate=rate,
            )
            late = await house.until(
                lambda: _recorded(house), what="every change to have its run", timeout_s=120
            )
            times = await house.latencies_ms(since)
            kept = len(times) / (SECONDS + late)
            tried.append((kept, percentile(times, 0.5), percentile(times, 0.99)))
            bench.say(
                f"  wanted {rate:,}/s: written {written:,.0f}/s, runs {kept:,.0f}/s, "
                f"p50 {tried[-1][1]:.1f} ms, p99 {tried[-1][2]:.1f} ms"
            )
            bench.loaded(f"{rate:,}/s")
            if tried[-1][2] <= PATIENT_MS:
                break
    most = max(kept for kept, _, _ in tried)
    kept, p50, p99 = tried[-1]
    in_time = p99 <= PATIENT_MS
    common = {"limit": bare_rate, "limit_of": "pgbench, no triggers"}
    return [
        Figure(
            "live",
            "sustained, 16 writers, change → run row, p99 ≤ 50 ms",
            kept if in_time else 0.0,
            "events/s",
            8_000,
            **common,
        ),
        Figure("live", "its p50", p50, "ms"),
        Figure("live", "its p99", p99, "ms", PATIENT_MS, at_most=True),
        Figure("live", "most runs recorded a second, however late", most, "events/s", **common),
    ]


async def _unwatched(bench: Bench, house: House) -> float:
    """The same statement with the triggers off."""
    await house.admin.execute("alter table public.leads disable trigger user")
    rate = await pgbench(
        house.crm_url, bench.ground.folder, UPDATE, clients=16, seconds=2, records=house.records
    )
    await house.admin.execute("alter table public.leads enable trigger user")
    return rate


async def _one_by_one(house: House, count: int, pause_s: float) -> None:
    for number in range(count):
        await house.admin.execute(
            "update public.leads set attempts = attempts + 1 where id = $1", 1 + number % house.records
        )
        await asyncio.sleep(pause_s)


async def _recorded(house: House) -> bool:
    events = await house.admin.fetchval("select count(*) from ruleyard.event")
    return bool(events == await house.own.fetchval("select count(*) from app.run"))


async def _all_wait(house: House) -> bool:
    waiting = await house.own.fetchval("select count(*) from app.run where state = 'waiting'")
    return bool(waiting == house.records)
