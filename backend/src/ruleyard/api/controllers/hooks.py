"""Requests from elsewhere: the address of a rule and what comes to it; CloudEvents for the rules that wait for one."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, get, post
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.guards import ANYONE
from ruleyard.api.house import House
from ruleyard.api.receiving import receive, take_in
from ruleyard.api.shapes.hooks import CloudEvent, HookInfo, Received, Started, TakenIn
from ruleyard.core.types import RuleId
from ruleyard.stores import audit, hooks, rules
from ruleyard.stores.db import transaction


class HooksController(Controller):
    path = "/"
    tags = ("hooks",)

    @get(
        "/rules/{rule_id:int}/hook",
        opt={"role": "editor"},
        summary="The address that starts the rule, and what came",
    )
    async def read_hook(self, house: OurHouse, rule_id: FromPath[int]) -> HookInfo:
        async with transaction(house.engine) as conn:
            await rules.rule_row(conn, RuleId(rule_id))
            hook = await hooks.hook_of(conn, house.settings, RuleId(rule_id))
            return await _info(house, conn, RuleId(rule_id), hook)

    @post(
        "/rules/{rule_id:int}/hook/renew",
        opt={"role": "publisher"},
        status_code=200,
        summary="A new address; the old one leads nowhere from then on",
    )
    async def renew_hook(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> HookInfo:
        async with transaction(house.engine) as conn:
            await rules.rule_row(conn, RuleId(rule_id))
            hook = await hooks.renew(conn, house.settings, RuleId(rule_id))
            await audit.record(conn, caller, "renew hook", f"rule:{rule_id}")
            return await _info(house, conn, RuleId(rule_id), hook)

    @post(
        "/events",
        opt={"role": "publisher"},
        status_code=202,
        summary="Take in a CloudEvent: every rule that is on and starts with its type gets a run",
        description="Known again for seven days by `source` and `id`: an event that comes again starts nothing.",
    )
    async def take_event(self, house: OurHouse, caller: TheCaller, data: JSONBody[CloudEvent]) -> TakenIn:
        async with transaction(house.engine) as conn:
            started = [
                await _start(conn, caller, rule, data) for rule in await hooks.listening_for(conn, data.type)
            ]
        return TakenIn(tuple(started))


async def _start(conn: AsyncConnection, caller: Caller, rule: RuleId, event: CloudEvent) -> Started:
    taken = await take_in(conn, rule, event.data, f"{event.source} {event.id}", actor=caller.actor)
    return Started(rule, taken.event_id, taken.repeated)


async def _info(house: House, conn: AsyncConnection, rule_id: RuleId, hook: hooks.Hook) -> HookInfo:
    last = await hooks.last_request(conn, rule_id)
    return HookInfo(
        f"{house.settings.base_url}/hooks/{hook.token}",
        hook.made_at,
        None if last is None else last.at,
        None if last is None else last.data,
    )


@post(
    "/{token:str}",
    opt={"role": ANYONE, "public": True},
    status_code=202,
    summary="A request that starts the rule of this address: JSON of any shape, or a form",
    tags=("hooks",),
)
async def receive_request(request: Request[Any, Any, Any], house: OurHouse, token: FromPath[str]) -> Received:
    return await receive(house, request, token)
