"""Call lists: look at them, take the next call, say how it ended. Whoever is signed in may work them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter

from ruleyard.api.calling import called, ended, tell_list
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor, Limit
from ruleyard.api.problems import Malformed
from ruleyard.api.shapes.calls import CallEnded, CallLists, CallPage, Taken, TakeNext
from ruleyard.clock import utc_now
from ruleyard.stores import audit, calls
from ruleyard.stores.db import transaction

FURTHEST: Final = timedelta(days=366)
"""Nobody calls again later than this."""

Search = Annotated[str, QueryParameter(max_length=200, description="Part of a name, phone or note")]


class CallsController(Controller):
    path = "/calls"
    tags = ("calls",)

    @get("/lists", opt={"role": "viewer"}, summary="Every list of calls, and how much is in it")
    async def list_lists(self, house: OurHouse) -> CallLists:
        async with transaction(house.engine) as conn:
            return CallLists(tuple(await calls.lists(conn)))

    @get("/", opt={"role": "viewer"}, summary="Calls that wait, as they come; or those that are done")
    async def list_calls(
        self,
        house: OurHouse,
        caller: TheCaller,
        name: Annotated[str | None, QueryParameter(name="list", max_length=80)] = None,
        shown: Annotated[calls.Shown, QueryParameter(name="state")] = "waiting",
        mine: Annotated[bool, QueryParameter(description="Only those that the caller has now")] = False,
        search: Search = "",
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> CallPage:
        who = caller.id if mine else None
        async with transaction(house.engine) as conn:
            found = await calls.list_calls(
                conn, name=name, shown=shown, who=who, search=search.strip(), cursor=cursor, limit=limit
            )
        return CallPage(found.items, found.next)

    @post("/take", opt={"role": "viewer"}, status_code=200, summary="Take the next call of a list")
    async def take_next(self, house: OurHouse, caller: TheCaller, data: JSONBody[TakeNext]) -> Taken:
        async with transaction(house.engine) as conn:
            call_id = await calls.take_next(conn, data.list, caller.id, called(caller))
            call = None if call_id is None else await calls.call_of(conn, call_id)
        await tell_list(house, data.list)
        return Taken(call)

    @post("/{call_id:int}/take", opt={"role": "viewer"}, status_code=200, summary="Take this very call")
    async def take_call(self, house: OurHouse, caller: TheCaller, call_id: FromPath[int]) -> calls.Call:
        async with transaction(house.engine) as conn:
            await calls.take(conn, call_id, caller.id, called(caller))
            call = await calls.call_of(conn, call_id)
        await tell_list(house, call.list)
        return call

    @post("/{call_id:int}/release", opt={"role": "viewer"}, status_code=200, summary="Give a call back")
    async def release_call(self, house: OurHouse, caller: TheCaller, call_id: FromPath[int]) -> calls.Call:
        async with transaction(house.engine) as conn:
            await calls.release(conn, call_id, caller.id)
            call = await calls.call_of(conn, call_id)
        await tell_list(house, call.list)
        return call

    @post(
        "/{call_id:int}/outcome",
        opt={"role": "viewer"},
        status_code=200,
        summary="Say how a call ended, or when to call again",
        description="Starts the rules that wait for the event `call.done`.",
    )
    async def end_call(
        self, house: OurHouse, caller: TheCaller, call_id: FromPath[int], data: JSONBody[CallEnded]
    ) -> calls.Call:
        _refuse(data)
        async with transaction(house.engine) as conn:
            if data.outcome == "call_again" and data.again_at is not None:
                call = await calls.call_again(conn, call_id, caller.id, data.said, data.again_at)
            elif data.outcome != "call_again":
                call = await calls.finish(conn, call_id, caller.id, called(caller), data.outcome, data.said)
            await audit.record(conn, caller, "end call", f"call:{call_id}", {"outcome": data.outcome})
            await ended(conn, call, data, called(caller))
        await tell_list(house, call.list)
        return call

    @post(
        "/{call_id:int}/reopen", opt={"role": "viewer"}, status_code=200, summary="Take back how a call ended"
    )
    async def reopen_call(self, house: OurHouse, caller: TheCaller, call_id: FromPath[int]) -> calls.Call:
        async with transaction(house.engine) as conn:
            call = await calls.reopen(conn, call_id)
            await audit.record(conn, caller, "reopen call", f"call:{call_id}")
        await tell_list(house, call.list)
        return call


def _refuse(data: CallEnded) -> None:
    if (data.outcome == "call_again") != (data.again_at is not None):
        raise Malformed("`again_at` belongs to the outcome `call_again`, and only to it.")
    if data.again_at is None:
        return
    if data.again_at.tzinfo is None:
        raise Malformed("`again_at` needs a time zone, such as 2026-11-22T09:00:00Z.")
    if not utc_now() - timedelta(minutes=5) < data.again_at < utc_now() + FURTHEST:
        raise Malformed("`again_at` lies in the past, or more than a year ahead.")
