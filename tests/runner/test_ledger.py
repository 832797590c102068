"""Progress is written many at a time; what the database refuses of one run does not take the others along."""

from __future__ import annotations

import asyncio

from sqlalchemy.exc import DBAPIError

from ruleyard.core.types import RunId
from ruleyard.runner.ledger import Ledger
from ruleyard.stores.claims import claim
from ruleyard.stores.db import transaction
from ruleyard.stores.runs import get_run
from ruleyard.stores.steps import Progress
from runner.house import House

END = ({"id": "e", "kind": "end"},)


def never(run: RunId) -> Progress:
    """It is to wait for longer than PostgreSQL knows time."""
    return Progress(run, 1, "waiting", wake_in_s=1e30)


async def test_what_cannot_be_written_of_one_run_leaves_the_others_written(house: House) -> None:
    version = await house.publish(*END, edges=[["t", "e"]])
    runs = await house.open(version, *(house.event(id=number) for number in range(6)))
    async with transaction(house.engine) as conn:
        claimed = await claim(conn, 3, "somebody", 10)
    assert [one.id for one in claimed.claims] == runs
    ledger = Ledger(house.engine)
    written = await asyncio.gather(
        *(
            ledger.write(
                never(run) if run == runs[2] else Progress(run, 2 if run == runs[4] else 1, "succeeded")
            )
            for run in runs
        ),
        return_exceptions=True,
    )
    assert [one for one in written if isinstance(one, bool)] == [True, True, True, False, True]
    assert isinstance(written[2], DBAPIError)
    async with transaction(house.engine) as conn:
        states = [(await get_run(conn, run)).state for run in runs]
    assert states == [*["succeeded"] * 2, "running", "succeeded", "running", "succeeded"]
