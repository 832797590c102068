"""Runs that wait for their turn: look at them, let them go on now, cancel them."""

from __future__ import annotations

from typing import Literal

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from ruleyard.api.caller import Caller
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit
from ruleyard.api.shapes.waiting import DecideWaiting, WaitingRuns
from ruleyard.api.turns import waiting_runs
from ruleyard.core.types import RuleId
from ruleyard.stores import audit, rules, waiting
from ruleyard.stores.db import transaction


class WaitingController(Controller):
    path = "/rules/{rule_id:int}/waiting"
    tags = ("runs",)

    @get("/", opt={"role": "viewer"}, summary="What of a rule waits for its turn, and until when")
    async def read_waiting(
        self, house: OurHouse, rule_id: FromPath[int], limit: Limit = 25, cursor: Cursor = None
    ) -> WaitingRuns:
        async with transaction(house.engine) as conn:
            return await waiting_runs(conn, RuleId(rule_id), cursor=cursor, limit=limit)

    @post(
        "/release", opt={"role": "publisher"}, status_code=200, summary="Let runs go on now, past their turn"
    )
    async def release_waiting(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], data: JSONBody[DecideWaiting]
    ) -> WaitingRuns:
        return await _decide(house, caller, RuleId(rule_id), "begin", "let waiting runs begin", data)

    @post(
        "/cancel", opt={"role": "publisher"}, status_code=200, summary="Cancel runs that wait for their turn"
    )
    async def cancel_waiting(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], data: JSONBody[DecideWaiting]
    ) -> WaitingRuns:
        return await _decide(house, caller, RuleId(rule_id), "drop", "cancel waiting runs", data)


async def _decide(
    house: House,
    caller: Caller,
    rule_id: RuleId,
    kind: Literal["begin", "drop"],
    act: audit.Act,
    data: DecideWaiting,
) -> WaitingRuns:
    slots: frozenset[int] = frozenset()
    async with transaction(house.engine) as conn:
        await rules.rule_row(conn, rule_id)
        if data.runs:
            moved = await waiting.decide_some(conn, rule_id, kind, data.runs)
            slots, runs = moved.slots, moved.runs
        else:
            runs = (await waiting.decide_all(conn, rule_id, kind, data.count, caller.actor)).total
        await audit.record(conn, caller, act, f"rule:{rule_id}", {"runs": runs})
    if kind == "begin":
        await house.bells.ring_slots(slots)
    await house.bells.publish_live("rule", {"rule_id": rule_id})
    async with transaction(house.engine) as conn:
        return await waiting_runs(conn, rule_id)
