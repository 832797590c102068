"""So many lanes of one log are read at once and no more; a silent log is asked by one, and holds up no other."""

from __future__ import annotations

import asyncio

from ruleyard.core.types import LogId
from ruleyard.lanes.places import Places
from ruleyard.stores.db import POOL_SIZE
from support.waiting import until

CRM, OTHER = LogId(1), LogId(2)


class Readers:
    """Lanes that stay in their place until they are told to leave."""

    def __init__(self) -> None:
        self.places, self.leave = Places(), asyncio.Event()
        self.inside: list[LogId] = []
        self.tasks: list[asyncio.Task[bool]] = []

    def come(self, log: LogId, count: int) -> None:
        self.tasks += [asyncio.create_task(self._read(log)) for _ in range(count)]

    async def _read(self, log: LogId) -> bool:
        async with self.places.place(log) as mine:
            if mine:
                self.inside.append(log)
                await self.leave.wait()
            return mine


async def test_a_log_leaves_lines_to_our_database_for_the_others() -> None:
    readers = Readers()
    readers.come(CRM, 3 * POOL_SIZE)
    readers.come(OTHER, 1)
    await until(lambda: OTHER in readers.inside, what="the other log to be read")
    assert 0 < readers.inside.count(CRM) < POOL_SIZE
    readers.leave.set()
    assert await asyncio.gather(*readers.tasks) == [True] * (3 * POOL_SIZE + 1)


async def test_a_silent_log_is_asked_by_one_lane_until_it_answers() -> None:
    readers = Readers()
    readers.places.failed(CRM)
    readers.come(CRM, 4)
    await until(lambda: sum(one.done() for one in readers.tasks) == 3, what="three lanes to give way")
    assert readers.inside == [CRM]
    readers.leave.set()
    assert sorted(await asyncio.gather(*readers.tasks)) == [False, False, False, True]
    readers.places.answered(CRM)
    readers.come(CRM, 2)
    assert await asyncio.gather(*readers.tasks[4:]) == [True, True]
