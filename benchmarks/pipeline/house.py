"""One installation as operators run it: its databases, a watched table, rules, and processes of the command line."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import asyncpg
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.cli.instance import environment_of
from ruleyard.core.types import LogId, RuleId
from ruleyard.embedded import PostgresServer
from ruleyard.embedded.process import spawn, stop
from ruleyard.intake.watching import start_watch
from ruleyard.settings import Settings
from ruleyard.stores.connections import Watched
from ruleyard.stores.db import create_engine, transaction

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))
import signal

from support.cluster import Cluster
from support.crm import connect_crm
from support.published import publish

RECORDS: Final = 2_000
READY_S: Final = 30.0
DONE_S: Final = 60.0


class Ground(Cluster):
    """The tests' cluster, but commits reach the disk, and the moment of each commit is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.postgres = PostgresServer(self.folder / "postgres")

    def start(self) -> None:
        super().start()
        subprocess_free(self._keep_moments())
        self.postgres.stop()
        self.postgres.start()

    async def _keep_moments(self) -> None:
        admin = await asyncpg.connect(self.postgres.url())
        await admin.execute("alter system set track_commit_timestamp = on")
        await admin.close()


def subprocess_free(work: Any) -> None:
    """Before any loop runs."""
    asyncio.run(work)


class House:
    """`async with House(ground) as house`. Everything that it started ends with the block."""

    def __init__(self, ground: Ground, *, allow: tuple[str, ...] = (), records: int = RECORDS) -> None:
        self.ground = ground
        self.settings = Settings(
            database_url=ground.own_url(ground.new_own_database()),
            redis_url=ground.new_redis_url(),
            secret_key=secrets.token_hex(32),
            log_level="warning",
            outbound_allow=allow,
        )
        self.crm = ground.new_crm_database()
        self.records = records
        self.engine: AsyncEngine = create_engine(self.settings, pool_size=2)
        self.watched = Watched(self.engine, self.settings)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.log = LogId(0)

    async def __aenter__(self) -> House:
        self.own: asyncpg.Connection = await asyncpg.connect(
            self.ground.postgres.url(database=self.settings.database_url.rsplit("/", 1)[1])
        )
        self.admin: asyncpg.Connection = await asyncpg.connect(self.crm_url)
        self.redis: Redis = Redis.from_url(self.settings.redis_url)
        await self.admin.execute(
            "insert into public.leads (first_name, status, budget) "
            f"select 'Ada ' || n, 'new', n from generate_series(1, {self.records}) n"
        )
        made = await connect_crm(
            self.engine, self.settings, port=self.ground.postgres.port, database=self.crm
        )
        self.log = LogId(made.id)
        await start_watch(self.engine, self.watched, connection_id=made.id, table="public.leads")
        # What says when a run was committed: kept by every later version of its row.
        await self.own.execute(
            "alter table app.run add column opened_by xid8 not null default pg_current_xact_id()"
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        self.end()
        await self.watched.close()
        await self.redis.aclose()
        await self.admin.close()
        await self.own.close()
        await self.engine.dispose()

    @property
    def crm_url(self) -> str:
        return self.ground.postgres.url(database=self.crm)

    async def publish(self, document: dict[str, Any]) -> RuleId:
        return (await publish(self.engine, document))[0]

    def run(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.ground.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = spawn(
                [sys.executable, "-m", "ruleyard.cli", *words], output=log, env=environment_of(self.settings)
            )
        return self.processes[name]

    async def start(self, *, workers: int = 1, listen: bool = True) -> None:
        """As many `work` as asked for, those that run already counted; ready when it returns."""
        if listen and "listen" not in self.processes:
            self.run("listen", "listen")
        for number in range(1, workers + 1):
            if f"work-{number}" not in self.processes:
                self.run(f"work-{number}", "work")
        await self.until(lambda: self._ears_open(workers), what="workers to be ready", timeout_s=READY_S)
        if listen:
            await self.until(self._led, what="listen to lead", timeout_s=READY_S)

    def end(self) -> None:
        processes, self.processes = self.processes, {}
        for process in processes.values():
            process.send_signal(signal.SIGTERM)
        for process in processes.values():
            stop(process, (signal.SIGTERM, 20))

    async def _ears_open(self, workers: int) -> bool:
        self._alive()
        return int((await self.redis.info("clients"))["blocked_clients"]) >= workers

    async def _led(self) -> bool:
        self._alive()
        held = await self.admin.fetchval(
            """select count(*) from pg_locks l join pg_database d on d.oid = l.database
            where l.locktype = 'advisory' and d.datname = current_database() and l.granted"""
        )
        return bool(held)

    def _alive(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is not None:
                said = (self.ground.folder / f"{name}.log").read_text()[-2000:]
                raise RuntimeError(f"{name} ended:\n{said}")

    async def until(
        self,
        holds: Callable[[], Awaitable[bool]],
        *,
        what: str,
        timeout_s: float = DONE_S,
        every_s: float = 0.01,
    ) -> float:
        """Seconds that it took. RuntimeError where it takes longer than `timeout_s`."""
        began = time.monotonic()
        while not await holds():
            if time.monotonic() - began > timeout_s:
                raise RuntimeError(f"waited {timeout_s} s for {what}\n{self.said()}")
            await asyncio.sleep(every_s)
        return time.monotonic() - began

    def said(self) -> str:
        """The ends of the processes' logs."""
        tails = []
        for name in self.processes:
            with contextlib.suppress(OSError):
                tails.append(f"{name}: {(self.ground.folder / f'{name}.log').read_text()[-1500:]}")
        return "\n".join(tails)

    async def latencies_ms(self, since: int = 0) -> list[float]:
        """From the commit of each change to the commit that recorded its run, by the server's own clock."""
        rows = await self.own.fetch(
            """select event_id, extract(epoch from pg_xact_commit_timestamp(opened_by::xid)) as at
            from app.run where event_id > $1""",
            since,
        )
        opened = {row["event_id"]: float(row["at"]) for row in rows}
        written = await self.admin.fetch(
            """select id, extract(epoch from pg_xact_commit_timestamp(xid::xid)) as at
            from ruleyard.event where id > $1""",
            since,
        )
        return [1000 * (opened[row["id"]] - float(row["at"])) for row in written if row["id"] in opened]

    async def last_event(self) -> int:
        return int(await self.admin.fetchval("select coalesce(max(id), 0) from ruleyard.event"))

    async def forget_runs(self) -> None:
        """Between two rounds, when nothing runs."""
        await self.own.execute("truncate app.run, app.step, app.attempt")


async def quiet(own: asyncpg.Connection) -> bool:
    """Is no run open? Cheap, for it is asked often while others are measured."""
    open_runs = "select from app.run where state in ('queued', 'running', 'waiting')"
    return not await own.fetchval(f"select exists ({open_runs})")


async def rewind(engine: AsyncEngine, log: LogId, start: str) -> None:
    """Every lane of a log reads from here again."""
    async with transaction(engine) as conn:
        await conn.execute(
            text("""update app.cursor set from_snapshot = cast(cast(:start as text) as pg_snapshot),
                to_snapshot = null, last_id = 0 where log = :log"""),
            {"start": start, "log": log},
        )
