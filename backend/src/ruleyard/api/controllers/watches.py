"""Watches: which tables are captured. Watching and unwatching itself is intake's work."""

from __future__ import annotations

from typing import Final

from litestar import Controller, delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from ruleyard.api.caller import Caller
from ruleyard.api.controllers.logs import look_again
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit, shaped
from ruleyard.api.reach import asking
from ruleyard.api.shapes.connections import NewWatch, WatchInfo, WatchPage
from ruleyard.core.errors import Unavailable
from ruleyard.intake.watching import forget_gone_watch, start_watch, stop_watch
from ruleyard.stores import audit, watches
from ruleyard.stores.db import transaction
from ruleyard.stores.pages import decode, page

WATCH_S: Final = 25.0
"""Longer than the lock that putting triggers on a busy table waits for."""
FORGET: Final = (
    "Is it gone for good? Send `?forget=true` (`ruleyard unwatch TABLE --forget`): the watch goes, "
    "and what stays behind in that database are the triggers `ruleyard_…` of the table and the schema `ruleyard`."
)


class WatchesController(Controller):
    path = "/watches"
    tags = ("watches",)

    @get(opt={"role": "viewer"}, summary="List watched tables")
    async def list_watches(self, house: OurHouse, cursor: Cursor = None, limit: Limit = 25) -> WatchPage:
        after = decode(cursor, tuple[str, str])
        async with transaction(house.engine) as conn:
            every = await watches.list_watches(conn)
        rest = [one for one in every if after is None or (one.connection, one.table) > after]
        found = page(rest[: limit + 1], limit, lambda one: (one.connection, one.table))
        return WatchPage(tuple(shaped(one, WatchInfo) for one in found.items), found.next)

    @post(opt={"role": "publisher"}, summary="Watch a table from now on")
    async def create_watch(self, house: OurHouse, caller: TheCaller, data: JSONBody[NewWatch]) -> WatchInfo:
        async with asking(house.logs, data.connection_id, within_s=WATCH_S):
            made = await start_watch(
                house.engine,
                house.watched,
                connection_id=data.connection_id,
                table=data.table,
                excluded=data.excluded,
                created_by=caller.account_id,
            )
        return await told(house, caller, made, "watch table")

    @post(
        "/{watch_id:int}/again",
        opt={"role": "publisher"},
        status_code=200,
        summary="Watch again what is not captured any more",
    )
    async def watch_again(self, house: OurHouse, caller: TheCaller, watch_id: FromPath[int]) -> WatchInfo:
        """Triggers that were removed or disabled come back; excluded columns stay excluded."""
        async with transaction(house.engine) as conn:
            before = await watches.get_watch(conn, watch_id)
        async with asking(house.logs, before.connection_id, within_s=WATCH_S):
            made = await start_watch(
                house.engine,
                house.watched,
                connection_id=before.connection_id,
                table=before.table,
                excluded=before.excluded,
            )
        return await told(house, caller, made, "watch table again")

    @delete("/{watch_id:int}", opt={"role": "publisher"}, summary="Stop watching; removes every trace")
    async def remove_watch(
        self, house: OurHouse, caller: TheCaller, watch_id: FromPath[int], forget: FromQuery[bool] = False
    ) -> None:
        """With `forget`, also where the database does not answer: triggers and schema `ruleyard` stay there."""
        async with transaction(house.engine) as conn:
            at = (await watches.get_watch(conn, watch_id)).connection_id
        if forget:
            gone = await forget_gone_watch(house.engine, house.watched, watch_id)
        else:
            try:
                async with asking(house.logs, at, within_s=WATCH_S):
                    gone = await stop_watch(house.engine, house.watched, watch_id)
            except Unavailable as error:
                if error.code != "connection-unavailable":
                    raise
                raise Unavailable(f"{error.message} {FORGET}", code=error.code) from error
        async with transaction(house.engine) as conn:
            await audit.record(
                conn,
                caller,
                "unwatch table",
                f"watch:{watch_id}",
                {"connection": gone.connection, "table": gone.table},
            )
        await house.bells.publish_live("watch", {"watch_id": watch_id, "connection_id": gone.connection_id})


async def told(house: House, caller: Caller, made: watches.Watch, what: audit.Act) -> WatchInfo:
    """After a table is watched (again): screens, models and the audit log hear of it."""
    house.models.forget(made.connection_id)
    await look_again(house, made.connection_id)
    async with transaction(house.engine) as conn:
        await audit.record(
            conn, caller, what, f"watch:{made.id}", {"connection": made.connection, "table": made.table}
        )
    await house.bells.publish_live("watch", {"watch_id": made.id, "connection_id": made.connection_id})
    return shaped(made, WatchInfo)
