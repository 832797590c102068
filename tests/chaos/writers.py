"""The load: several programs that write plain SQL at once, with every habit that makes reading a log hard.

Savepoints, rollbacks, long transactions, many rows in one statement, upserts. Each transaction carries a marker
row: who loses the connection at its commit cannot know how it ended; the marker does.
"""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import asyncpg

from chaos.town import LINES_PER_ORDER, ORDERS

TROUBLE = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a server that dies or is out of reach looks like through asyncpg."""
_PATIENCE_S = 20.0


@dataclass
class Load:
    """Shared by all writers: what is asked for, what is certain, and the records that there are."""

    events: int
    seconds: float
    url: Callable[[], str]
    changes: int = 0
    rollbacks: int = 0
    certain: list[uuid.UUID] = field(default_factory=list)
    uncertain: list[uuid.UUID] = field(default_factory=list)
    accounts: list[int] = field(default_factory=list)
    devices: list[uuid.UUID] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)
    latest_s: float = 600.0
    """Past the time that it should take: then it ends with what there is (the machine is busy)."""

    @property
    def due(self) -> int:
        """Changes that should have been made by now."""
        return int(self.events * min(1.0, (time.monotonic() - self.began) / self.seconds))

    @property
    def done(self) -> bool:
        return self.changes >= self.events or time.monotonic() - self.began > self.seconds + self.latest_s


async def write_all(load: Load, seed: int, *, writers: int = 6) -> None:
    """Until the load is done."""
    load.began = time.monotonic()
    await asyncio.gather(*(Writer(load, random.Random(f"{seed}/{n}")).run() for n in range(writers)))


class Writer:
    def __init__(self, load: Load, dice: random.Random) -> None:
        self._load = load
        self._dice = dice
        self._accounts: list[int] = []
        self._devices: list[uuid.UUID] = []

    async def run(self) -> None:
        while not self._load.done:
            try:
                conn = await asyncpg.connect(
                    self._load.url(),
                    timeout=5,
                    command_timeout=_PATIENCE_S,
                    server_settings={"lock_timeout": "4s"},
                )
            except TROUBLE:
                await asyncio.sleep(0.2)
                continue
            try:
                while not self._load.done:
                    if self._load.changes < self._load.due:
                        await self._one_transaction(conn)
                    else:
                        await asyncio.sleep(0.01)
            except TROUBLE:
                await asyncio.sleep(0.05)
            finally:
                conn.terminate()

    async def _one_transaction(self, conn: asyncpg.Connection) -> None:
        """Raises what ended the connection; a deadlock or a lock held too long is only a rollback."""
        marker = uuid.uuid4()
        self._accounts, self._devices = [], []
        await conn.execute(f"begin; insert into public.marker (id) values ('{marker}')")
        try:
            changes = 0
            for _ in range(self._dice.choice((1, 1, 2, 3, 6))):
                changes += await self._part(conn)
            if self._dice.random() < 0.02:
                await asyncio.sleep(self._dice.uniform(0.5, 2.5))
        except asyncpg.PostgresError:
            if conn.is_closed():
                raise
            await conn.execute("rollback")
            return
        if self._dice.random() < 0.1:
            self._load.rollbacks += 1
            await conn.execute("rollback")
            return
        try:
            await conn.execute("commit")
        except TROUBLE:
            self._load.uncertain.append(marker)
            raise
        self._load.certain.append(marker)
        self._load.changes += changes
        self._load.accounts += self._accounts
        self._load.devices += self._devices

    async def _part(self, conn: asyncpg.Connection) -> int:
        """One statement, or three around a savepoint that is half the time rolled back."""
        if self._dice.random() < 0.8:
            return await self._statement(conn)
        changes = await self._statement(conn)
        accounts, devices = len(self._accounts), len(self._devices)
        await conn.execute("savepoint half_way")
        inner = await self._statement(conn)
        if self._dice.random() < 0.5:
            await conn.execute("rollback to half_way")
            del self._accounts[accounts:], self._devices[devices:]
            inner = 0
        else:
            await conn.execute("release half_way")
        return changes + inner + await self._statement(conn)

    async def _statement(self, conn: asyncpg.Connection) -> int:
        kind = self._dice.random()
        if kind < 0.35:
            return await self._account(conn)
        return await (self._line(conn) if kind < 0.65 else self._device(conn))

    async def _account(self, conn: asyncpg.Connection) -> int:
        dice, known = self._dice, self._load.accounts
        if len(known) < 40 or dice.random() < 0.08:
            rows = await conn.fetch(
                """insert into public.accounts (amount)
                select $1::int + n from generate_series(1, $2::int) n returning id""",
                dice.randrange(1000),
                dice.choice((1, 2, 5, 20)),
            )
            self._accounts += [row["id"] for row in rows]
            return len(rows)
        if dice.random() < 0.05:
            return _count(await conn.execute("delete from public.accounts where id = $1", dice.choice(known)))
        return _count(
            await conn.execute(
                "update public.accounts set amount = $2::int + id where id = any($1)",
                sorted(dice.sample(known, dice.choice((1, 1, 2, 5, 10)))),
                dice.randrange(1000),
            )
        )

    async def _line(self, conn: asyncpg.Connection) -> int:
        dice = self._dice
        order, line = dice.randint(1, ORDERS), dice.randint(1, LINES_PER_ORDER)
        if dice.random() < 0.1:
            return _count(
                await conn.execute(
                    "delete from public.lines where order_id = $1 and line_no = $2", order, line
                )
            )
        if dice.random() < 0.1:
            return _count(
                await conn.execute(
                    "update public.lines set amount = amount + $2 where order_id = $1",
                    order,
                    dice.randrange(9),
                )
            )
        return _count(
            await conn.execute(
                """insert into public.lines (order_id, line_no, amount) values ($1, $2, $3)
                on conflict (order_id, line_no) do update set amount = excluded.amount""",
                order,
                line,
                dice.randrange(1000),
            )
        )

    async def _device(self, conn: asyncpg.Connection) -> int:
        dice, known = self._dice, self._load.devices
        if len(known) < 40 or dice.random() < 0.08:
            row = await conn.fetchval(
                "insert into public.devices (amount) values ($1) returning id", dice.randrange(1000)
            )
            self._devices.append(row)
            return 1
        some = dice.sample(known, dice.choice((1, 2, 6)))
        if dice.random() < 0.02:
            return _count(await conn.execute("delete from public.devices where id = $1", some[0]))
        return _count(
            await conn.execute(
                "update public.devices set amount = $2 where id = any($1)", some, dice.randrange(1000)
            )
        )


def _count(tag: str) -> int:
    return int(tag.rpartition(" ")[2])
