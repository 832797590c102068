"""What the machine does without us: the same write without triggers, LISTEN/NOTIFY, arq, a request."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
import shutil
import sys
import time
from pathlib import Path
from typing import Final

import asyncpg
from arq import create_pool
from arq.connections import RedisSettings
from arq.worker import Worker, func

from pipeline.figures import percentile
from pipeline.receiver import Receiver

UPDATE: Final = "update public.leads set attempts = attempts + 1, owner = 'call ' || :id where id = :id"
CREATE: Final = "insert into public.tasks (lead_id, title, due_on) values (:id, 'call', '2026-11-22')"
MATCHING: Final = "update public.leads set attempts = attempts + 1, budget = :id %% 100 where id = :id"
_TPS: Final = re.compile(r"tps = ([0-9.]+)")


async def pgbench(
    url: str, folder: Path, statement: str, *, clients: int, seconds: int, records: int, rate: float = 0
) -> float:
    """Transactions a second of this one statement, `:id` at random. An asyncpg loop where there is no pgbench."""
    program = shutil.which("pgbench")
    if program is None:
        return await _loop(url, statement, clients=clients, seconds=seconds, records=records, rate=rate)
    script = folder / "statement.sql"
    script.write_text(f"\\set id random(1, {records})\n{statement};\n")
    words = [program, "-n", "-M", "prepared", "-f", str(script), "-T", str(seconds)]
    words += ["-c", str(clients), "-j", str(min(2, clients)), *(["-R", str(rate)] if rate else [])]
    process = await asyncio.create_subprocess_exec(
        *words, url, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), seconds + 60)
    found = _TPS.search(out.decode())
    if found is None:
        raise RuntimeError(
            f"pgbench ({process.returncode}) said: {out.decode()[-2000:]}{err.decode()[-2000:]}"
        )
    return float(found[1])


async def _loop(url: str, statement: str, *, clients: int, seconds: int, records: int, rate: float) -> float:
    numbered = statement.replace(":id", "$1::bigint")
    began = time.monotonic()

    async def one(seed: int) -> int:
        chance = random.Random(seed)  # noqa: S311
        conn = await asyncpg.connect(url)
        prepared = await conn.prepare(numbered)
        done, at = 0, time.monotonic()
        while time.monotonic() < began + seconds:
            await prepared.fetch(chance.randint(1, records))
            done += 1
            if rate:
                at += chance.expovariate(rate / clients)
                await asyncio.sleep(max(0.0, at - time.monotonic()))
        await conn.close()
        return done

    return sum(await asyncio.gather(*map(one, range(clients)))) / (time.monotonic() - began)


async def notify_ms(url: str, *, rounds: int = 200) -> tuple[float, float]:
    """From a NOTIFY's being sent to its being heard on another connection: median and the 99th of a hundred."""
    heard = asyncio.Event()
    speaker, ear = await asyncpg.connect(url), await asyncpg.connect(url)
    await ear.add_listener("bench", lambda *_: heard.set())
    times = []
    for _ in range(rounds):
        heard.clear()
        began = time.perf_counter()
        await speaker.execute("notify bench")
        await heard.wait()
        times.append(1000 * (time.perf_counter() - began))
        await asyncio.sleep(0.002)
    await speaker.close()
    await ear.close()
    return percentile(times, 0.5), percentile(times, 0.99)


async def _nothing(_ctx: dict[str, object]) -> None:
    pass


async def arq_jobs(redis_url: str, *, jobs: int = 2_000) -> float:
    """No-op jobs a second of one stock arq worker that finds them queued."""
    settings = RedisSettings.from_dsn(redis_url)
    pool = await create_pool(settings)
    await asyncio.gather(*(pool.enqueue_job("nothing") for _ in range(jobs)))
    worker = Worker(
        functions=[func(_nothing, name="nothing")],
        redis_pool=pool,
        burst=True,
        keep_result=0,
        poll_delay=0.001,
        max_jobs=100,
        handle_signals=False,
        log_results=False,
    )
    began = time.perf_counter()
    with contextlib.redirect_stderr(sys.stderr):
        await worker.main()
    took = time.perf_counter() - began
    await worker.close()
    return jobs / took


async def requests(receiver: Receiver, *, count: int, at_once: int) -> tuple[float, float]:
    """Bare POSTs on open connections: a second, and the median from sending one to its arrival in ms."""
    left = iter(range(count))
    body = b'{"record": 1}'
    head = f"POST /hook HTTP/1.1\r\nhost: {receiver.address}\r\ncontent-length: {len(body)}\r\n\r\n".encode()
    times: list[float] = []

    async def one() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        for _ in left:
            began = time.time()
            writer.write(head + body)
            await reader.readuntil(b"{}")
            times.append(1000 * (receiver.came[-1][0] - began))
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    return count / (time.perf_counter() - began), percentile(times, 0.5)
