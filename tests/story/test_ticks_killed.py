"""Three clocks on one database, killed and started again at random: no tick is missing and none is there twice.

What should be there is computed here from the minutes of the day; the product's own calendar is not asked.
"""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.cli.instance import environment_of
from ruleyard.settings import Settings
from support.published import publish_clock
from support.waiting import until

CLOCKS: Final = 3
KILLS: Final = 4
RULES: Final = 16
"""That begin to tick before each kill."""
BACK: Final = timedelta(hours=9)
"""The first moments of a schedule lie this far back: all of them are made up for, while the clocks die."""
SOON_S: Final = 0.4
"""A clock dies at a random moment within this time after there is much to do."""


@dataclass
class Clock:
    """A `ruleyard listen` of its own."""

    process: asyncio.subprocess.Process
    starts: int = 1


async def start(settings: Settings, log: Path) -> asyncio.subprocess.Process:
    with log.open("ab") as out:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "ruleyard.cli",
            "listen",
            env=environment_of(settings),
            stdout=out,
            stderr=out,
        )


async def kill(clock: Clock, settings: Settings, log: Path) -> None:
    """kill -9, and start it again; nobody waits for it to be ready."""
    if clock.process.returncode is None:
        clock.process.send_signal(signal.SIGKILL)
        await clock.process.wait()
    clock.process = await start(settings, log)
    clock.starts += 1


async def ticks(engine: AsyncEngine) -> int:
    async with engine.connect() as conn:
        return int((await conn.execute(text("select count(*) from app.tick"))).scalar_one())


async def publish_some(engine: AsyncEngine, chance: random.Random) -> dict[int, tuple[datetime, int]]:
    """Rules that tick every so many minutes, and the first moment of each; it is some hours ago."""
    made: dict[int, tuple[datetime, int]] = {}
    for _ in range(RULES):
        every = chance.choice((6, 10, 15, 20, 30, 60, 90, 120))
        back = datetime.now(UTC) - chance.random() * BACK
        minute = (back.hour * 60 + back.minute) // every * every
        first = back.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
        spec = {"repeat": "minutes", "every": every, "missed": "all", "zone": "UTC"}
        rule, _ = await publish_clock(engine, spec, first)
        made[rule] = (first, every)
    return made


def wanted(first: datetime, every: int, last: datetime) -> set[datetime]:
    """Every minute of each day whose number is divisible by `every`, of days in UTC."""
    minutes = int((last - first).total_seconds()) // 60
    moments = (first + timedelta(minutes=one) for one in range(minutes + 1))
    return {at for at in moments if (at.hour * 60 + at.minute) % every == 0}


async def test_three_clocks_that_are_killed_make_every_tick_once(
    settings: Settings, engine: AsyncEngine, tmp_path: Path
) -> None:
    log, chance = tmp_path / "listen.log", random.Random(6)
    clocks = [Clock(await start(settings, log)) for _ in range(CLOCKS)]
    rules: dict[int, tuple[datetime, int]] = {}
    try:
        for _ in range(KILLS):
            before = await ticks(engine)
            rules |= await publish_some(engine, chance)

            async def ticked(before: int = before) -> bool:
                return await ticks(engine) > before

            await until(ticked, what=f"a clock to tick; {log.read_text()[-800:]}")
            rules |= await publish_some(engine, chance)
            await asyncio.sleep(chance.random() * SOON_S)  # the moment of its death is what is random here
            await kill(chance.choice(clocks), settings, log)
        last = datetime.now(UTC).replace(second=0, microsecond=0)

        async def caught_up() -> bool:
            async with engine.connect() as conn:
                left = await conn.execute(text("select count(*) from app.schedule where next_at <= now()"))
                return left.scalar_one() == 0

        await until(caught_up, what=f"every moment to be made up for; {log.read_text()[-800:]}")
    finally:
        for clock in clocks:
            if clock.process.returncode is None:
                clock.process.kill()
            await clock.process.wait()
    async with engine.connect() as conn:
        rows = await conn.execute(
            text("""
                select cast(key ->> 'rule' as bigint) as rule, cast(after ->> 'tick_at' as timestamptz) as at
                from ruleyard.event where table_name = '@schedule'
            """)
        )
        made = Counter((row.rule, row.at) for row in rows if row.at <= last)
    model = {(rule, at) for rule, (first, every) in rules.items() for at in wanted(first, every, last)}
    assert sum(clock.starts for clock in clocks) == CLOCKS + KILLS
    assert len(model) > 1_000
    assert model - made.keys() == set(), "missing"
    assert made.keys() - model == set(), "nobody wanted"
    assert [one for one, times in made.items() if times > 1] == [], "twice"
