"""Event logs of connections: size, troubles, gaps; and how to go on after a restore, which a person says."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import shaped
from ruleyard.api.reach import asking
from ruleyard.api.shapes.logs import GapInfo, GoOn, LogInfo, TroubleInfo, WentOn
from ruleyard.core.errors import Invalid
from ruleyard.core.types import ConnectionId, LogId
from ruleyard.intake.care import Care
from ruleyard.intake.going_on import go_on
from ruleyard.stores import audit, connections
from ruleyard.stores.cursors import list_cursors
from ruleyard.stores.db import transaction
from ruleyard.stores.log_health import list_gaps, log_health
from ruleyard.stores.room import no_room
from ruleyard.stores.watches import list_watches


class LogsController(Controller):
    path = "/connections/{connection_id:int}/log"
    tags = ("connections",)

    @get(opt={"role": "viewer"}, summary="Size, troubles and gaps of a connection's event log")
    async def read_log(self, house: OurHouse, connection_id: FromPath[int]) -> LogInfo:
        at = ConnectionId(connection_id)
        full = await no_room(house.engine)
        async with transaction(house.engine) as conn:
            await connections.connection(conn, at)
            health = await log_health(conn, LogId(connection_id))
            gaps = await list_gaps(conn, LogId(connection_id))
            watched = {one.table: one.id for one in await list_watches(conn, at)}
        return LogInfo(
            size_bytes=health.size_bytes,
            growth_bytes=health.growth_bytes,
            most_bytes=house.settings.log_max_gb * 2**30,
            oldest_on=health.oldest_on,
            checked_at=health.checked_at,
            troubles=tuple(
                TroubleInfo(one.code, one.message, one.table, one.args, watched.get(one.table))
                for one in (*full, *health.troubles)
                if not one.table or one.table in watched
            ),
            gaps=tuple(GapInfo(one.table, one.cause, one.from_at, one.to_at) for one in gaps),
        )

    @post(opt={"role": "publisher"}, status_code=200, summary="Say how to go on after a restore")
    async def go_on(
        self, house: OurHouse, caller: TheCaller, connection_id: FromPath[int], data: JSONBody[GoOn]
    ) -> WentOn:
        """409 where the log is the one that was read before."""
        at = ConnectionId(connection_id)
        if (data.answer == "restart") != (data.since is not None):
            raise Invalid("`since` (an event's id) goes with `restart`, and only with it.")
        async with transaction(house.engine) as conn:
            name = (await connections.connection(conn, at)).name
        async with asking(house.logs, at):
            went = await go_on(house.engine, house.watched, at, since=data.since)
        async with transaction(house.engine) as conn:
            await audit.record(
                conn,
                caller,
                "go on with log",
                f"connection:{at}",
                {"name": name, "answer": data.answer, "since": data.since, "to_read": went.to_read},
            )
        await look_again(house, at)
        return shaped(went, WentOn)


async def look_again(house: House, at: ConnectionId) -> None:
    """What was wrong may be right now: whoever pressed the button sees it at once."""
    async with transaction(house.engine) as conn:
        cursors = [one for one in await list_cursors(conn) if int(one.log) == int(at)]
        watches = await list_watches(conn, at)
    if cursors:
        async with asking(house.logs, at):
            await Care(house.settings, house.engine, house.logs, house.bells).look_at(
                LogId(int(at)), cursors, watches
            )
