"""Events of one log with the runs they made, newest first."""

from __future__ import annotations

from collections import defaultdict
from typing import Annotated

from litestar import Controller, get
from litestar.params import FromPath, FromQuery, QueryParameter

from ruleyard.api.explaining import stored_event
from ruleyard.api.given import OurHouse
from ruleyard.api.lists import Cursor, Limit, key_of, shaped
from ruleyard.api.reach import asking
from ruleyard.api.shapes.runs import EventInfo, EventPage, EventRun, event_info
from ruleyard.core.types import EventId, LogId, Operation
from ruleyard.stores.db import transaction
from ruleyard.stores.events import list_events
from ruleyard.stores.pages import decode, page
from ruleyard.stores.run_lists import runs_of_events


class EventsController(Controller):
    path = "/events"
    tags = ("events",)

    @get(
        opt={"role": "viewer"},
        summary="List the events of one log (connection_id 0: ticks and manual firings)",
    )
    async def list_events(
        self,
        house: OurHouse,
        connection_id: FromQuery[int],
        table: Annotated[str | None, QueryParameter(max_length=200)] = None,
        key: Annotated[
            str | None,
            QueryParameter(max_length=2000, description='The whole primary key as JSON: `{"id": 7}`'),
        ] = None,
        op: FromQuery[Operation | None] = None,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> EventPage:
        before = decode(cursor, tuple[int])
        log = LogId(connection_id)
        async with asking(house.logs, log) as pool:
            events = await list_events(
                pool,
                log,
                table=table,
                key=key_of(key) if key else None,
                op=op,
                before_id=before[0] if before else None,
                limit=limit + 1,
            )
        found = page(events, limit, lambda event: (event.id,))
        async with transaction(house.engine) as conn:
            made = await runs_of_events(conn, log, [event.id for event in found.items])
        runs: defaultdict[EventId, list[EventRun]] = defaultdict(list)
        for run in made:
            runs[run.event_id].append(shaped(run, EventRun))
        return EventPage(
            tuple(event_info(event, tuple(runs[event.id])) for event in found.items),
            found.next,
        )

    @get("/{log:int}/{event_id:int}", opt={"role": "viewer"}, summary="Read one event with the runs it made")
    async def read_event(self, house: OurHouse, log: FromPath[int], event_id: FromPath[int]) -> EventInfo:
        event = await stored_event(house, LogId(log), EventId(event_id))
        async with transaction(house.engine) as conn:
            made = await runs_of_events(conn, event.log, [event.id])
        return event_info(event, tuple(shaped(run, EventRun) for run in made))
