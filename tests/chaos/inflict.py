"""Doing what the plan says, to real processes, servers and connections; every fault ends by itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import asyncpg
from redis.asyncio import Redis
from redis.exceptions import RedisError

from chaos.duties import TERM_S, Duty
from chaos.machine import Machine, now
from chaos.plan import Fault
from chaos.writers import TROUBLE
from support.waiting import until

DOWN_S: Final = (0.3, 3.0)
"""How long a crashed server stays down, at least and at most; the fault's chance decides."""
PAUSE_S: Final = 20.0
SLOW_S: Final = 5.0
STALL_S: Final = (2.0, 18.0)
CUT_S: Final = (0.2, 4.0)
BURIED_S: Final = 30.0
"""When the network tells both ends that a frozen connection is gone."""
WATCHED_S: Final = 60.0
"""How long a take-over is watched before it is called one that never came."""
AWAY_S: Final = 120.0
"""Longer than any fault keeps a database away."""
LOOK_S: Final = 0.1
"""Between two questions to a database that others need."""


@dataclass
class Done:
    """One fault as it happened; seconds since the load began."""

    kind: str
    whom: str
    began_s: float
    ended_s: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class TakeOver:
    """Of the runs that a dead or paused worker left behind; seconds since the load began, and from then."""

    began_s: float
    took_s: float


@dataclass
class Inflictor:
    machine: Machine
    began: float = field(default_factory=now)
    done: list[Done] = field(default_factory=list)
    take_overs: list[TakeOver] = field(default_factory=list)
    """After the death or pause of a worker that left runs behind: until none of them was its any more."""
    drains_s: list[float] = field(default_factory=list)
    interrupted: int = 0
    """Runs that a worker still held when it had ended after SIGTERM."""
    _watching: set[asyncio.Task[None]] = field(default_factory=set)

    async def inflict(self, fault: Fault) -> None:
        what, _, whom = fault.kind.partition("-")
        acts: dict[str, Callable[[Fault, str, Done], Awaitable[None]]] = {
            "kill": self._kill,
            "pause": self._pause,
            "term": self._term,
            "flush": self._flush,
            "terminate": self._terminate,
            "crash": self._crash,
            "delay": self._delay,
            "stall": self._stall,
            "cut": self._cut,
            "freeze": self._freeze,
        }
        done = Done(fault.kind, whom, round(now() - self.began, 2))
        self.done.append(done)
        try:
            await acts[what](fault, whom, done)
        finally:
            done.ended_s = round(now() - self.began, 2)

    async def settle(self) -> None:
        """Until everything that watches take-overs has seen its end."""
        if self._watching:
            await asyncio.wait(self._watching, timeout=60)

    def _one(self, kind: str, fault: Fault) -> Duty | None:
        running = self.machine.duties.named(kind)
        return running[int(fault.chance * len(running))] if running else None

    async def _kill(self, fault: Fault, whom: str, done: Done) -> None:
        if whom == "redis":
            await self._crash(fault, whom, done)
            return
        duty = self._one(whom, fault)
        if duty is None:
            done.note = "nobody was there"
            return
        done.whom = duty.name
        pid = self.machine.duties.kill(duty)
        if whom == "work":
            self._watch(pid, done)

    async def _pause(self, fault: Fault, whom: str, done: Done) -> None:
        duty = self._one(whom, fault)
        if duty is None or duty.process is None or len(self.machine.duties.named(whom)) < 2:
            done.note = "nobody to spare"
            return
        done.whom, process, duty.paused = duty.name, duty.process, True
        process.send_signal(signal.SIGSTOP)
        self._watch(process.pid, done)
        try:
            await asyncio.sleep(PAUSE_S)
        finally:
            process.send_signal(signal.SIGCONT)
            duty.paused = False

    async def _term(self, fault: Fault, whom: str, done: Done) -> None:
        duty = self._one(whom, fault)
        if duty is None or duty.process is None:
            done.note = "nobody was there"
            return
        done.whom, process = duty.name, duty.process
        asked = now()
        pid = self.machine.duties.ask_to_end(duty)
        duty.paused = True
        with suppress(AssertionError):
            await until(lambda: process.poll() is not None, what="its end", timeout_s=TERM_S)
        duty.paused = False
        took_s = now() - asked
        if process.poll() is None:
            self.machine.duties.kill(duty)
            done.note = f"did not end within {TERM_S:.0f} s"
        self.drains_s.append(took_s)
        held = await self._held_by(pid)
        if held:
            self.interrupted += held
            done.note += f" left {held} runs"

    async def _flush(self, _fault: Fault, _whom: str, done: Done) -> None:
        redis: Redis = Redis.from_url(self.machine.valkey.url(), socket_timeout=2, socket_connect_timeout=2)
        try:
            await redis.flushall()
        except (RedisError, OSError) as error:
            done.note = f"Redis was away: {error}"
        finally:
            await redis.aclose()

    async def _terminate(self, _fault: Fault, whom: str, done: Done) -> None:
        server = self.machine.own if whom == "own" else self.machine.watched
        try:
            admin = await asyncpg.connect(server.url(), timeout=5)
            try:
                ended = await admin.fetchval(
                    """select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where pid <> pg_backend_pid() and backend_type = 'client backend'"""
                )
                done.note = f"{ended} sessions"
            finally:
                await admin.close(timeout=5)
        except TROUBLE as error:
            done.note = f"the server was away: {error}"

    async def _crash(self, fault: Fault, whom: str, done: Done) -> None:
        server = self.machine.server(whom)
        process = server.process
        if process is None or process.poll() is not None:
            done.note = "it was down"
            return
        how = signal.SIGQUIT if whom != "redis" and fault.chance < 0.5 else signal.SIGKILL
        os.kill(process.pid, how)
        done.note = how.name
        await asyncio.sleep(fault.seconds(*DOWN_S))
        process.wait(10)
        self.machine.start_again(whom)

    async def _delay(self, fault: Fault, whom: str, done: Done) -> None:
        delay_s = fault.seconds(0.02, 0.25)
        done.note = f"{delay_s * 1000:.0f} ms"
        for proxy in self.machine.proxies[whom]:
            proxy.delay_s = delay_s
        try:
            await asyncio.sleep(SLOW_S)
        finally:
            for proxy in self.machine.proxies[whom]:
                proxy.delay_s = 0

    async def _stall(self, fault: Fault, whom: str, done: Done) -> None:
        for proxy in self.machine.proxies[whom]:
            proxy.hold()
        try:
            await asyncio.sleep(fault.seconds(*STALL_S))
        finally:
            for proxy in self.machine.proxies[whom]:
                proxy.release()

    async def _cut(self, fault: Fault, whom: str, done: Done) -> None:
        for proxy in self.machine.proxies[whom]:
            proxy.cut()
        try:
            await asyncio.sleep(fault.seconds(*CUT_S))
        finally:
            for proxy in self.machine.proxies[whom]:
                proxy.mend()

    async def _freeze(self, fault: Fault, whom: str, done: Done) -> None:
        frozen = [(proxy, proxy.freeze()) for proxy in self.machine.proxies[whom]]
        done.note = f"{sum(len(some) for _, some in frozen) // 2} connections"
        await asyncio.sleep(BURIED_S)
        for proxy, some in frozen:
            proxy.bury(some)

    def _watch(self, pid: int, done: Done) -> None:
        task = asyncio.create_task(self._take_over(pid, now(), done))
        self._watching.add(task)
        task.add_done_callback(self._watching.discard)

    async def _take_over(self, pid: int, since: float, done: Done) -> None:
        held = await self._held_by(pid)
        if not held:
            return

        async def nothing_left() -> bool:
            return not await self._held_by(pid)

        try:
            await until(nothing_left, what="the take-over", timeout_s=WATCHED_S, pause_s=LOOK_S)
        except AssertionError:
            done.note += " never taken over"
        took_s = now() - since
        self.take_overs.append(TakeOver(round(since - self.began, 1), round(took_s, 1)))
        done.note += f" {held} runs taken over in {took_s:.1f} s"

    async def _held_by(self, pid: int) -> int:
        """Runs leased to a worker by its pid, asked past the proxy; waits while the database is away."""

        async def answer() -> tuple[int] | None:
            with suppress(*TROUBLE):
                conn = await asyncpg.connect(self.machine.own_url(), timeout=2, command_timeout=3)
                try:
                    held = await conn.fetchval(
                        "select count(*) from app.run where state = 'running' and leased_by like $1",
                        f"%:{pid}:%",
                    )
                    return (int(held),)
                finally:
                    conn.terminate()
            return None

        (held,) = await until(answer, what="our database to answer", timeout_s=AWAY_S, pause_s=LOOK_S)
        return int(held)
