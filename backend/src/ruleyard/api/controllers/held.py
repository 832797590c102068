"""Held runs of rules that ran more often than their limit: look at them, let them run, cancel them, take it back."""

from __future__ import annotations

from typing import Literal

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody

from ruleyard.api.caller import Caller
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.holding import held_runs
from ruleyard.api.house import House
from ruleyard.api.shapes.held import DecideHeld, HeldList, HeldRuns
from ruleyard.core.types import RuleId
from ruleyard.stores import audit, held
from ruleyard.stores.db import transaction


class HeldController(Controller):
    path = "/"
    tags = ("runs",)

    @get("/held", opt={"role": "viewer"}, summary="Rules that hold runs")
    async def list_held(self, house: OurHouse) -> HeldList:
        async with transaction(house.engine) as conn:
            return HeldList(tuple(await held.list_holding(conn)))

    @get("/rules/{rule_id:int}/held", opt={"role": "viewer"}, summary="What a rule holds, and why")
    async def read_held(self, house: OurHouse, rule_id: FromPath[int]) -> HeldRuns:
        async with transaction(house.engine) as conn:
            return await held_runs(house, conn, RuleId(rule_id))

    @post(
        "/rules/{rule_id:int}/held/release",
        opt={"role": "publisher"},
        status_code=200,
        summary="Let all held runs of a rule run",
    )
    async def release_held(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], data: JSONBody[DecideHeld]
    ) -> HeldRuns:
        return await _decide(house, caller, RuleId(rule_id), "release", "let held runs run", data.count)

    @post(
        "/rules/{rule_id:int}/held/cancel",
        opt={"role": "publisher"},
        status_code=200,
        summary="Cancel all held runs of a rule",
    )
    async def cancel_held(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], data: JSONBody[DecideHeld]
    ) -> HeldRuns:
        return await _decide(house, caller, RuleId(rule_id), "cancel", "cancel held runs", data.count)

    @post(
        "/rules/{rule_id:int}/held/recall",
        opt={"role": "publisher"},
        status_code=200,
        summary="Hold again what was let run and did not begin, or was cancelled",
    )
    async def recall_held(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> HeldRuns:
        async with transaction(house.engine) as conn:
            work = await held.recall(conn, RuleId(rule_id), caller.actor)
            await audit.record(conn, caller, "hold runs again", f"rule:{rule_id}", {"runs": work.total})
        return await _after(house, RuleId(rule_id))


async def _decide(
    house: House,
    caller: Caller,
    rule_id: RuleId,
    kind: Literal["release", "cancel"],
    act: audit.Act,
    count: int,
) -> HeldRuns:
    async with transaction(house.engine) as conn:
        work = await held.decide(conn, rule_id, kind, count, caller.actor)
        await audit.record(conn, caller, act, f"rule:{rule_id}", {"runs": work.total})
    return await _after(house, rule_id)


async def _after(house: House, rule_id: RuleId) -> HeldRuns:
    await house.bells.publish_live("rule", {"rule_id": rule_id})
    async with transaction(house.engine) as conn:
        return await held_runs(house, conn, rule_id)
