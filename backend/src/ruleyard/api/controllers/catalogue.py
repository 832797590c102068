"""What the builder's palette is made of: operators, action kinds, schedules in words."""

from __future__ import annotations

import msgspec
from litestar import Controller, get, post
from litestar.params import JSONBody

from ruleyard.actions.registry import KINDS
from ruleyard.api.given import OurHouse
from ruleyard.api.lists import shaped
from ruleyard.api.shapes.rules import (
    ActionField,
    ActionKindInfo,
    ActionKindPage,
    SchedulePreview,
    SchedulePreviewIn,
)
from ruleyard.clock import utc_now
from ruleyard.core.action_fields import ACTIONS
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Schedule
from ruleyard.core.hours_shape import read_hours
from ruleyard.core.schedule import next_ticks
from ruleyard.core.schedule_check import problems
from ruleyard.core.schedule_words import describe
from ruleyard.core.schemas import operators
from ruleyard.core.shape_reader import Reader
from ruleyard.core.types import JSONObject
from ruleyard.stores.calendars import all_calendars
from ruleyard.stores.db import transaction


class CatalogueController(Controller):
    tags = ("catalogue",)

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
    async def preview_schedule(self, house: OurHouse, data: JSONBody[SchedulePreviewIn]) -> SchedulePreview:
        try:
            schedule = msgspec.convert(data.schedule, Schedule)
        except msgspec.ValidationError as error:
            return SchedulePreview((), "", (Problem("bad-schedule", "/schedule", str(error)),))
        found = problems(schedule, "/schedule")
        if any(one.severity == "error" for one in found):
            return SchedulePreview((), "", found)
        async with transaction(house.engine) as conn:
            calendars = await all_calendars(conn)
        hours = read_hours(Reader(), data.hours, "/hours")
        working = calendars.counting(hours, schedule.zone)
        return SchedulePreview(next_ticks(schedule, utc_now(), 5, working), describe(schedule), found)
