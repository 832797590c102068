"""A watched database that is silent holds up its own rules and nobody else's: ticks are judged, outcomes written."""

from __future__ import annotations

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.bells import connect_bells
from ruleyard.core.types import LANES, LogId
from ruleyard.intake.watching import start_watch
from ruleyard.lanes.evaluate_lane import Lanes
from ruleyard.settings import Settings
from ruleyard.stores.connections import Connection, Watched, update_connection
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from support.house import running
from support.proxy import Proxy
from support.published import change_rule, publish, tick_rule
from support.waiting import until

TICKS = 40


async def test_while_a_watched_database_is_silent_other_rules_go_on(
    settings: Settings,
    engine: AsyncEngine,
    crm_connection: Connection,
    crm: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All sixteen lanes of it wait for an answer, each with a line to our database in its hand."""
    gave_up: list[LogId] = []
    note_failure = Lanes._note_failure

    async def noted(lanes: Lanes, log_id: LogId, error: BaseException) -> None:
        gave_up.append(log_id)
        await note_failure(lanes, log_id, error)

    monkeypatch.setattr(Lanes, "_note_failure", noted)
    # Long enough to be done with the ticks on a machine that is busy; a line that is silent so long is not taken away.
    monkeypatch.setattr("ruleyard.lanes.reader.READ_TIMEOUT_S", 60.0)
    monkeypatch.setattr("ruleyard.stores.db.GHOST_S", 90)
    watched = Watched(engine, settings)
    await start_watch(engine, watched, connection_id=crm_connection.id, table="public.leads")
    await watched.close()
    await publish(engine, change_rule({"===": [1, 1]}))
    ticking, _ = await publish(engine, tick_rule({"repeat": "day", "at": "09:00"}))
    bells = connect_bells(settings)

    async def done(rule: int) -> int:
        async with engine.connect() as conn:
            found = await conn.execute(
                text("select count(*) from app.run where rule_id = :rule and state = 'succeeded'"),
                {"rule": rule},
            )
            return int(found.scalar_one())

    async with Proxy("127.0.0.1", int(str(crm_connection.settings["port"]))) as proxy:
        async with transaction(engine) as conn:
            through = {**crm_connection.settings, "port": proxy.port}
            await update_connection(conn, settings, crm_connection.id, public=through)
        async with running(settings):
            await crm.execute("insert into leads (first_name) select 'Ann' from generate_series(1, 64)")
            lanes = [(LogId(crm_connection.id), lane) for lane in range(LANES)]
            await bells.ring_lanes(lanes)
            await until(lambda: proxy.accepted > 0, what="a line to the watched database")
            proxy.hold()
            await bells.ring_lanes(lanes)
            async with transaction(engine) as conn:
                for number in range(TICKS):
                    await emit(conn, ticking, "tick", {"number": number})

            async def all_done() -> bool:
                return await done(ticking) == TICKS

            await until(all_done, what="the ticks")
            waiting = not gave_up
            proxy.release()
    await bells.close()
    assert waiting, "the ticks were done only after a lane of the silent log had given up"
