"""Records that already match a rule: how many, which; and the catch-ups that run it for them."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery

from ruleyard.api.already import matching
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor
from ruleyard.api.shapes.already import CatchUpList, Matching
from ruleyard.core.types import RuleId
from ruleyard.stores import audit, catch_ups
from ruleyard.stores.catch_ups import CatchUp
from ruleyard.stores.db import transaction


class AlreadyController(Controller):
    path = "/"
    tags = ("rules",)

    @get(
        "/rules/{rule_id:int}/matching",
        opt={"role": "editor"},
        summary="Records that match the draft (or a version) as they are now: one stretch of the table",
        description=(
            "About 20,000 records, or what is looked at in 1.5 s; of each only the columns that the rule judges by are "
            "read. While `next` is not null there is more of the table: whoever stops there says “more than” what was "
            "found."
        ),
    )
    async def count_matching(
        self,
        house: OurHouse,
        rule_id: FromPath[int],
        version: FromQuery[int | None] = None,
        cursor: Cursor = None,
    ) -> Matching:
        return await matching(house, RuleId(rule_id), version, cursor)

    @get("/catch-ups", opt={"role": "viewer"}, summary="Catch-ups that go on, or ended within a day")
    async def list_catch_ups(self, house: OurHouse, rule_id: FromQuery[int | None] = None) -> CatchUpList:
        async with transaction(house.engine) as conn:
            rule = None if rule_id is None else RuleId(rule_id)
            return CatchUpList(tuple(await catch_ups.recent(conn, rule)))

    @get("/catch-ups/{catch_up_id:int}", opt={"role": "viewer"}, summary="How far a catch-up is")
    async def read_catch_up(self, house: OurHouse, catch_up_id: FromPath[int]) -> CatchUp:
        async with transaction(house.engine) as conn:
            return await catch_ups.read(conn, catch_up_id)

    @post(
        "/catch-ups/{catch_up_id:int}/stop",
        opt={"role": "publisher"},
        status_code=200,
        summary="Run for no further record; runs that did not begin are cancelled",
    )
    async def stop_catch_up(self, house: OurHouse, caller: TheCaller, catch_up_id: FromPath[int]) -> CatchUp:
        async with transaction(house.engine) as conn:
            await catch_ups.read(conn, catch_up_id)
            await catch_ups.end(conn, catch_up_id, "stopped")
            cancelled = await catch_ups.cancel_waiting(conn, catch_up_id)
            stopped = await catch_ups.read(conn, catch_up_id)
            await audit.record(
                conn,
                caller,
                "stop runs for records that match",
                f"rule:{stopped.rule_id}",
                {"runs": stopped.runs, "cancelled": cancelled},
            )
        await house.bells.publish_live("catch_up", {"id": catch_up_id, "rule_id": stopped.rule_id})
        return stopped
