"""The machine's own limits that stand by themselves."""

from __future__ import annotations

from pipeline import bare
from pipeline.bench import Bench
from pipeline.figures import Figure


async def machine(bench: Bench) -> list[Figure]:
    middle, late = await bench.notify_ms()
    jobs = await bare.arq_jobs(bench.ground.new_redis_url())
    creates = await bench.creates_a_second(16)
    one = await bench.creates_a_second(1)
    bench.loaded("machine")
    return [
        Figure("machine", "bare NOTIFY until it is heard, p50", middle, "ms"),
        Figure("machine", "bare NOTIFY until it is heard, p99", late, "ms"),
        Figure("machine", "bare arq, no-op jobs of one stock worker", jobs, "jobs/s"),
        Figure("machine", "single inserts that reach the disk, 1 at once", one, "a second"),
        Figure("machine", "single inserts that reach the disk, 16 at once", creates, "a second"),
    ]
