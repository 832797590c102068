"""Import, and what the builder's palette is made of: operators, action kinds, schedules in words."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.params import FromQuery, JSONBody

from ruleyard.actions.registry import KINDS
from ruleyard.api.bodies import once
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.importing import import_documents
from ruleyard.api.lists import shaped
from ruleyard.api.shapes.rules import (
    ActionField,
    ActionKindInfo,
    ActionKindPage,
    Imported,
    SchedulePreview,
    SchedulePreviewIn,
)
from ruleyard.clock import utc_now
from ruleyard.core.action_fields import ACTIONS
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Schedule
from ruleyard.core.schedule import describe, next_ticks, problems
from ruleyard.core.schemas import operators
from ruleyard.core.types import JSONObject
from ruleyard.stores.db import transaction


class CatalogueController(Controller):
    tags = ("catalogue",)

    @post("/import", opt={"role": "editor"}, status_code=200, summary="Import rules: always as drafts, off")
    async def import_rules(
        self,
        house: OurHouse,
        caller: TheCaller,
        request: Request[Any, Any, Any],
        data: JSONBody[JSONObject],
        dry_run: FromQuery[bool] = False,
    ) -> Response[Imported]:
        async with transaction(house.engine) as conn:

            async def work() -> Imported:
                return await import_documents(house, conn, caller, data, dry_run=dry_run)

            answer = await once(request, conn, caller, 200, work)
        if not dry_run:
            await house.bells.publish_live("rule", {})
        return answer

    @get("/operators", opt={"role": "viewer"}, summary="Every operator of the dialect")
    async def list_operators(self) -> JSONObject:
        return operators()

    @get("/actions", opt={"role": "viewer"}, summary="Every action kind with its form")
    async def list_actions(self) -> ActionKindPage:
        promises = {kind.name: kind.promise for kind in KINDS}
        return ActionKindPage(
            tuple(
                ActionKindInfo(
                    do=one.name,
                    label=one.label,
                    words=one.words,
                    promise=promises.get(one.name, "repeatable"),
                    fields=tuple(shaped(field, ActionField) for field in one.fields),
                )
                for one in ACTIONS
            ),
            None,
        )

    @post(
        "/schedules/preview",
        opt={"role": "viewer"},
        status_code=200,
        summary="The next five moments, in words",
    )
    async def preview_schedule(self, data: JSONBody[SchedulePreviewIn]) -> SchedulePreview:
        try:
            schedule = msgspec.convert(data.schedule, Schedule)
        except msgspec.ValidationError as error:
            return SchedulePreview((), "", (Problem("bad-schedule", "/schedule", str(error)),))
        found = problems(schedule, "/schedule")
        if any(one.severity == "error" for one in found):
            return SchedulePreview((), "", found)
        return SchedulePreview(next_ticks(schedule, utc_now(), 5), describe(schedule), found)
