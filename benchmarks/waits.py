"""10,000 waits due at one moment, the same one by one, and 10,000 runs that one event wakes: how late they go on.

    just bench waits [RUNS]

Beside them, in the same run: one wait at a time on an idle house. Lag is from the moment that a wait is due (an event
is told) until its run has ended, which is all that follows. One `ruleyard listen` and one `ruleyard work` in processes
of their own, with a PostgreSQL and a Valkey of their own.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.cli.instance import environment_of
from ruleyard.core.awaiting import Awaits
from ruleyard.core.event import Event
from ruleyard.core.trace import Step
from ruleyard.core.types import LANES, OWN_LOG, EventId, JSONObject, NodeId, RuleId, RunId, VersionId
from ruleyard.settings import Settings
from ruleyard.stores.db import create_engine, transaction
from ruleyard.stores.new_runs import NewRun, open_runs
from ruleyard.stores.resting import Resting
from ruleyard.stores.steps import Progress, record
from ruleyard.stores.told import tell

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from support.cluster import Cluster
from support.published import publish

IDLE = 20
BATCH = 500
SOON_S = 3.0
LOADED_S = 5.0
LOAD_S = 1 / 250
"""So long it may take to lay down one run before the first is due."""
DEADLINE_S = 180.0
EVENT = "order.paid"
START: JSONObject = {"id": "t", "kind": "trigger", "on": "manual"}
END: JSONObject = {"id": "e", "kind": "end"}
EDGES = [["t", "w"], ["w", "e"]]
TIMED: JSONObject = {"id": "w", "kind": "wait", "amount": 1, "unit": "days"}
FOR: JSONObject = {
    "id": "w",
    "kind": "wait",
    "event": EVENT,
    "where": {"===": [{"var": "received.batch"}, 7]},
    "at_most": {"amount": 1, "unit": "days"},
}


def rule(name: str, wait: JSONObject) -> JSONObject:
    return {
        "dialect": 1,
        "name": name,
        "nodes": [START, wait, END],
        "edges": EDGES,
        "policy": {"limit": "off", "overlap": "parallel"},
    }


@asynccontextmanager
async def process(settings: Settings, command: str, folder: Path) -> AsyncIterator[None]:
    with (folder / f"{command}.log").open("ab") as out:
        running = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ruleyard.cli",
            command,
            env=environment_of(settings),
            stdout=out,
            stderr=out,
        )
    try:
        yield
    finally:
        os.kill(running.pid, signal.SIGTERM)
        await running.wait()


class Waiting:
    """Runs of one version that rest at `w`."""

    def __init__(self, engine: AsyncEngine, made: tuple[int, int]) -> None:
        self._engine = engine
        self._rule, self._version = RuleId(made[0]), VersionId(made[1])
        self._ids = 0

    async def rest(self, moments: Sequence[datetime], what: Awaits | None = None) -> list[RunId]:
        """One run for each moment, due then; or all waiting for `what`."""
        runs: list[RunId] = []
        for start in range(0, len(moments), BATCH):
            part = moments[start : start + BATCH]
            async with transaction(self._engine) as conn:
                runs += await self._batch(conn, part, what)
        async with transaction(self._engine) as conn:
            await conn.execute(text("analyze app.run"))
            await conn.execute(text("analyze app.step"))
        if what is None and datetime.now(UTC) > moments[0]:
            raise TimeoutError(
                "the first was due before the last was laid down: this machine is busy, try again"
            )
        return runs

    async def _batch(
        self, conn: AsyncConnection, part: Sequence[datetime], what: Awaits | None
    ) -> list[RunId]:
        news = [NewRun(self._rule, self._version, event, event.lane) for event in map(self._event, part)]
        runs = list((await open_runs(conn, news)).runs)
        await conn.execute(
            text("""
                update app.run set state = 'running', attempt = 1, started_at = clock_timestamp()
                where id = any(cast(:runs as bigint[]))
            """),
            {"runs": runs},
        )
        now = datetime.now(UTC)
        await record(
            conn,
            [
                Progress(
                    run,
                    1,
                    "waiting",
                    wake_in_s=(at - now).total_seconds() if what is None else what.seconds,
                    steps=(
                        (0, Step(NodeId("t"), "trigger", "succeeded")),
                        (1, Step(NodeId("w"), "wait", "waiting", until=at.isoformat())),
                    ),
                    resting=None if what is None else Resting(NodeId("w"), what, looks=False),
                )
                for run, at in zip(runs, part, strict=True)
            ],
        )
        return runs

    def _event(self, at: datetime) -> Event:
        self._ids += 1
        return Event(
            log=OWN_LOG,
            id=EventId(self._version * 1_000_000 + self._ids),
            lane=self._ids % LANES,
            table="@manual",
            op="manual",
            key={"rule": self._rule, "request": str(self._ids)},
            at=datetime.now(UTC).isoformat(),
        )

    async def lags(self, runs: Sequence[RunId], due: datetime | None = None) -> list[float]:
        """Seconds from when each was due (or from `due`) until it had ended, in order."""
        until = time.monotonic() + DEADLINE_S
        while await self._open():
            if time.monotonic() > until:
                raise TimeoutError("runs rest yet")
            await asyncio.sleep(0.25)
        async with transaction(self._engine) as conn:
            await conn.execute(text("set local enable_nestloop = off"))
            rows = await conn.execute(
                text("""
                    select r.state, r.finished_at, s.until from app.run r
                    join app.step s on s.run_id = r.id and s.node_id = 'w'
                    where r.rule_id = :rule and r.id between :first and :last
                """),
                {"rule": self._rule, "first": runs[0], "last": runs[-1]},
            )
            found = rows.all()
        if len(found) != len(runs) or any(row.state != "succeeded" for row in found):
            raise AssertionError(f"{len(found)} runs of {len(runs)}")
        return sorted((row.finished_at - (due or row.until)).total_seconds() for row in found)

    async def _open(self) -> bool:
        async with self._engine.connect() as conn:
            found = await conn.execute(
                text("""
                    select exists (
                      select from app.run where rule_id = :rule and state in ('queued', 'running', 'waiting'))
                """),
                {"rule": self._rule},
            )
            return bool(found.scalar_one())


def said(name: str, lags: Sequence[float], idle_s: float) -> str:
    p50, p99 = lags[len(lags) // 2], lags[len(lags) * 99 // 100]
    rate = len(lags) / lags[-1]
    ratio = f"{p50 / idle_s:4.1f} × idle"
    return f"  {name:30} p50 {p50:6.2f} s ({ratio}), p99 {p99:6.2f} s, last {lags[-1]:6.2f} s, {rate:6,.0f}/s"


async def measure(cluster: Cluster, count: int, folder: Path) -> None:
    settings = Settings(
        database_url=cluster.own_url(cluster.new_own_database()),
        redis_url=cluster.new_redis_url(),
        secret_key=secrets.token_hex(32),
        log_level="warning",
    )
    engine = create_engine(settings)
    timed = Waiting(engine, await publish(engine, rule("Timed", TIMED)))
    waiting = Waiting(engine, await publish(engine, rule("For an event", FOR)))
    async with process(settings, "listen", folder), process(settings, "work", folder):
        now = datetime.now(UTC)
        one_by_one = [now + timedelta(seconds=SOON_S + 0.73 * n) for n in range(IDLE)]
        idle = await timed.lags(await timed.rest(one_by_one))
        idle_s = idle[len(idle) // 2]
        print(
            f"{count:,} runs, one listen, one work; a wait alone: p50 {idle_s:.2f} s, last {idle[-1]:.2f} s",
            flush=True,
        )

        due = datetime.now(UTC) + timedelta(seconds=LOADED_S + count * LOAD_S)
        print(
            said("all due at one moment", await timed.lags(await timed.rest([due] * count)), idle_s),
            flush=True,
        )

        first = datetime.now(UTC) + timedelta(seconds=LOADED_S + count * LOAD_S)
        spread = [first + timedelta(seconds=n / 200) for n in range(count)]
        print(
            said("due one by one, 200 a second", await timed.lags(await timed.rest(spread)), idle_s),
            flush=True,
        )

        awaits = Awaits("event", EVENT, {"logic": FOR["where"], "data": {}}, 86_400.0)
        runs = await waiting.rest([first] * count, awaits)
        told = datetime.now(UTC)
        async with transaction(engine) as conn:
            await tell(conn, EVENT, "1", {"batch": 7}, actor="bench")
        print(said("all waiting for one event", await waiting.lags(runs, told), idle_s), flush=True)
    await engine.dispose()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    cluster = Cluster()
    cluster.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run(measure(cluster, count, Path(folder)))
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
