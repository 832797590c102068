"""Working calendars: make, change, fill with holidays, see who keeps them; and the hours of a rule as they stand."""

from __future__ import annotations

import asyncio
from typing import Annotated

from litestar import Controller, Response, delete, get, post, put
from litestar.params import FromPath, HeaderParameter, JSONBody
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.calendar_views import calendar_of, detail, hours_preview, preview, summary
from ruleyard.api.etags import etag_of
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import shaped
from ruleyard.api.rescheduling import reschedule
from ruleyard.api.shapes.calendars import (
    CalendarDetail,
    CalendarIn,
    CalendarPage,
    CalendarPreview,
    CountryInfo,
    CountryPage,
    HoursIn,
    HoursPreview,
    PastedFault,
    PastedHolidays,
    PastedIn,
    ReadyHolidays,
    ReadyIn,
)
from ruleyard.api.shapes.connections import UsingRule, UsingRules
from ruleyard.clock import utc_now
from ruleyard.core.calendar_check import problems, year_warnings
from ruleyard.core.calendars import Calendar
from ruleyard.core.errors import Conflict, Invalid
from ruleyard.core.holiday_lists import read_list
from ruleyard.core.ready_holidays import countries, country, ready_list
from ruleyard.core.types import RuleId
from ruleyard.stores import audit, calendars
from ruleyard.stores.db import transaction

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description="The calendar's etag, quoted; `*` for any")
]


class CalendarsController(Controller):
    path = "/calendars"
    tags = ("calendars",)

    @get(opt={"role": "viewer"}, summary="List calendars")
    async def list_calendars(self, house: OurHouse) -> CalendarPage:
        now = utc_now()
        async with transaction(house.engine) as conn:
            rows = await calendars.list_calendars(conn)
            used = await _used_by(conn, rows)
        return CalendarPage(tuple(summary(one, len(used[one.id]), now) for one in rows), None)

    @post(opt={"role": "admin"}, summary="Make a calendar")
    async def create_calendar(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[CalendarIn]
    ) -> Response[CalendarDetail]:
        calendar = _whole(data)
        async with transaction(house.engine) as conn:
            made = await calendars.create_calendar(conn, calendar, by=caller.account_id, default=data.default)
            await audit.record(
                conn, caller, "create calendar", f"calendar:{made.id}", {"name": calendar.name}
            )
            await reschedule(conn)
        return _answer(made)

    @post("/check", opt={"role": "viewer"}, status_code=200, summary="Try a calendar without saving it")
    async def check_calendar(self, data: JSONBody[CalendarIn]) -> CalendarPreview:
        return preview(calendar_of(data), utc_now())

    @get("/countries", opt={"role": "viewer"}, summary="Countries with ready lists of holidays")
    async def list_countries(self) -> CountryPage:
        return CountryPage(await asyncio.to_thread(countries), None)

    @get("/countries/{code:str}", opt={"role": "viewer"}, summary="The parts of a country")
    async def read_country(self, code: FromPath[str]) -> CountryInfo:
        return shaped(await asyncio.to_thread(country, code), CountryInfo)

    @post("/ready", opt={"role": "viewer"}, status_code=200, summary="A ready list of public holidays")
    async def read_ready_list(self, data: JSONBody[ReadyIn]) -> ReadyHolidays:
        """Nothing is stored: put it into a calendar."""
        found = await asyncio.to_thread(
            ready_list, data.country, data.part, tuple(sorted({*data.years})), data.language
        )
        return shaped(found, ReadyHolidays)

    @post("/read", opt={"role": "viewer"}, status_code=200, summary="Read a pasted list of holidays")
    async def read_pasted_list(self, data: JSONBody[PastedIn]) -> PastedHolidays:
        found = await asyncio.to_thread(read_list, data.text)
        alone = Calendar("", "UTC", {}, found.holidays)
        faults = tuple(shaped(one, PastedFault) for one in found.faults)
        return PastedHolidays(found.holidays, faults, found.years, year_warnings(alone, utc_now().date()))

    @get("/{calendar_id:int}", opt={"role": "viewer"}, summary="Read a calendar")
    async def read_calendar(self, house: OurHouse, calendar_id: FromPath[int]) -> Response[CalendarDetail]:
        async with transaction(house.engine) as conn:
            return _answer(await calendars.calendar_row(conn, calendar_id))

    @put("/{calendar_id:int}", opt={"role": "admin"}, summary="Change a calendar")
    async def change_calendar(
        self,
        house: OurHouse,
        caller: TheCaller,
        calendar_id: FromPath[int],
        data: JSONBody[CalendarIn],
        if_match: IfMatch = None,
    ) -> Response[CalendarDetail]:
        """What waits for its hours looks again, and schedules that go by its working days move."""
        etag = etag_of(if_match, "the calendar")
        calendar = _whole(data)
        async with transaction(house.engine) as conn:
            before = (await calendars.calendar_row(conn, calendar_id)).calendar
            if before.name != calendar.name:
                await _refuse_used(conn, before.name, "It keeps its name while rules name it")
            changed = await calendars.change_calendar(
                conn, calendar_id, calendar, etag=etag, by=caller.account_id, default=data.default
            )
            await audit.record(
                conn, caller, "change calendar", f"calendar:{calendar_id}", {"name": calendar.name}
            )
            await reschedule(conn)
        return _answer(changed)

    @delete("/{calendar_id:int}", opt={"role": "admin"}, summary="Remove a calendar that nothing keeps")
    async def remove_calendar(self, house: OurHouse, caller: TheCaller, calendar_id: FromPath[int]) -> None:
        async with transaction(house.engine) as conn:
            gone = await calendars.calendar_row(conn, calendar_id, lock=True)
            using = (await _used_by(conn, [gone]))[gone.id]
            if using:
                raise Conflict(
                    f"{len(using)} rule(s) go by {gone.calendar.name}. Choose another calendar there first.",
                    code="in-use",
                )
            await calendars.remove_calendar(conn, calendar_id)
            await audit.record(
                conn, caller, "remove calendar", f"calendar:{calendar_id}", {"name": gone.calendar.name}
            )
            await reschedule(conn)

    @get("/{calendar_id:int}/rules", opt={"role": "viewer"}, summary="Rules that go by a calendar")
    async def list_keeping_rules(self, house: OurHouse, calendar_id: FromPath[int]) -> UsingRules:
        async with transaction(house.engine) as conn:
            row = await calendars.calendar_row(conn, calendar_id)
            using = (await _used_by(conn, [row]))[row.id]
        return UsingRules(tuple(UsingRule(*pair) for pair in using))


class HoursController(Controller):
    path = "/hours"
    tags = ("calendars",)

    @post(
        "/preview", opt={"role": "viewer"}, status_code=200, summary="The hours of a rule as they stand now"
    )
    async def preview_hours(self, house: OurHouse, data: JSONBody[HoursIn]) -> HoursPreview:
        async with transaction(house.engine) as conn:
            every = await calendars.all_calendars(conn)
        return hours_preview(data.hours, every, utc_now())


def _whole(data: CalendarIn) -> Calendar:
    """The calendar, or Invalid with every problem of it."""
    calendar = calendar_of(data)
    found = problems(calendar)
    if found:
        raise Invalid(found[0].message, code="bad-calendar", problems=found)
    return calendar


async def _refuse_used(conn: AsyncConnection, name: str, words: str) -> None:
    using = (await calendars.rules_keeping(conn, [name]))[name]
    if using:
        raise Conflict(f"{words}: {', '.join(rule for _, rule in using[:5])}.", code="in-use")


async def _used_by(
    conn: AsyncConnection, rows: list[calendars.CalendarRow]
) -> dict[int, list[tuple[RuleId, str]]]:
    """The workspace's counts for rules that name none, too."""
    named = await calendars.rules_keeping(conn, [one.calendar.name for one in rows])
    counted = await calendars.rules_counting_by_default(conn) if any(one.is_default for one in rows) else []
    found: dict[int, list[tuple[RuleId, str]]] = {}
    for one in rows:
        using = {*named[one.calendar.name], *(counted if one.is_default else ())}
        found[one.id] = sorted(using, key=lambda pair: (pair[1].lower(), pair[0]))
    return found


def _answer(row: calendars.CalendarRow) -> Response[CalendarDetail]:
    return Response(detail(row, utc_now()), headers={"ETag": f'"{row.etag}"'})
