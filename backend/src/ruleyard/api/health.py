"""Is it alive, is it ready, how far behind is it? Outside /api/v1, for supervisors and balancers; needs no sign-in."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from litestar import Controller, Response, get
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ruleyard.api.given import OurHouse
from ruleyard.api.guards import ANYONE
from ruleyard.api.house import House
from ruleyard.api.shapes.health import Alive, Lag, LogLag, LogTrouble, Ready, RunLag
from ruleyard.core.errors import RuleyardError
from ruleyard.core.types import OWN_LOG
from ruleyard.lanes import look
from ruleyard.stores.db import CANNOT_REACH, transaction
from ruleyard.stores.log_health import LogHealth, every_log_health
from ruleyard.stores.room import no_room
from ruleyard.stores.run_lists import open_run_counts

WITHIN_S: Final = 2.0


class HealthController(Controller):
    path = "/health"
    tags = ("health",)

    @get("/live", opt={"role": ANYONE, "public": True}, summary="The process answers")
    async def live(self) -> Alive:
        return Alive("alive")

    @get(
        "/ready", opt={"role": ANYONE, "public": True}, summary="Our database and Redis answer; 503 when not"
    )
    async def ready(self, house: OurHouse) -> Response[Ready]:
        database, redis = await asyncio.gather(_database(house), _redis(house))
        ready = database == redis == "ok"
        return Response(Ready(ready, database, redis), status_code=200 if ready else 503)

    @get("/lag", opt={"role": ANYONE, "public": True}, summary="How far reading and running are behind")
    async def lag(self, house: OurHouse) -> Lag:
        logs = await look.measure_lag(house.engine, house.logs)
        async with transaction(house.engine) as conn:
            queued, running, waiting, oldest_s = await open_run_counts(conn)
            known = await every_log_health(conn)
        own = known.get(OWN_LOG, LogHealth())
        known[OWN_LOG] = msgspec.structs.replace(own, troubles=(*await no_room(house.engine), *own.troubles))
        return Lag(
            tuple(_lag(one, known.get(one.log, LogHealth())) for one in logs),
            RunLag(queued, running, waiting, oldest_s),
        )


def _lag(one: look.Lag, health: LogHealth) -> LogLag:
    troubles = tuple(LogTrouble(it.code, it.table, it.message) for it in health.troubles)
    sizes = (health.size_bytes, health.growth_bytes, health.oldest_on)
    return LogLag(one.log, one.name, one.unread, one.oldest_s, one.aside, *sizes, troubles)


async def _database(house: House) -> str:
    try:
        async with asyncio.timeout(WITHIN_S), house.engine.connect() as conn:
            await conn.execute(text("select 1 from app.generation"))
    except TimeoutError:
        return f"no answer within {WITHIN_S:.0f} s"
    except (SQLAlchemyError, RuleyardError, *CANNOT_REACH) as error:
        return f"does not answer: {type(error).__name__}"
    return "ok"


async def _redis(house: House) -> str:
    try:
        async with asyncio.timeout(WITHIN_S):
            return "ok" if await house.bells.ping() else "does not answer"
    except TimeoutError:
        return f"no answer within {WITHIN_S:.0f} s"
