"""Works on many runs go on side by side, the oldest first, and no more of them than the clock has time for."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ruleyard.stores import bulk
from ruleyard.stores.bulk import AT_ONCE, Moved, Order
from ruleyard.stores.db import transaction


async def test_the_oldest_few_go_on_and_the_next_take_their_turn_when_one_is_over(
    engine: AsyncEngine,
) -> None:
    moved: list[int] = []
    over: set[int] = set()

    async def carry(conn: AsyncConnection, order: Order) -> Moved:
        del conn
        moved.append(order.id)
        return Moved(1, 7, over=order.id in over, slots=frozenset({order.id}))

    async with transaction(engine) as conn:
        works = [
            (await bulk.begin(conn, "retry", upto_id=9, total=3, actor="Ann")).id for _ in range(AT_ONCE + 3)
        ]
        assert await bulk.go_on(conn, {"retry": carry}) == set(works[:AT_ONCE])
        assert moved == works[:AT_ONCE]
        over.update(works[:2])
        await bulk.go_on(conn, {"retry": carry})
        moved.clear()
        await bulk.go_on(conn, {"retry": carry})
        assert moved == works[2 : AT_ONCE + 2]
        states = [(one.state, one.done) for one in [await bulk.read(conn, work) for work in works]]
    assert states == [("finished", 2)] * 2 + [("running", 3)] * 2 + [("running", 1)] * 2 + [("running", 0)]
    assert AT_ONCE == 4
