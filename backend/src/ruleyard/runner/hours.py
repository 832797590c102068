"""Whether a run may go on at this moment, by the hours that its rule keeps.

Asked once each time a run is taken up: before it begins, and before the first action after a wait. What is under way
is not torn apart, a list with its items neither. A run that was let in at the gate of its rule (stores/turns.py), or by
a person, goes on.
Calendars are kept for some seconds; a run that waits for one looks again when it is changed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.clock import utc_text
from ruleyard.core.calendars import NO_CALENDARS, Timetable
from ruleyard.core.errors import Conflict
from ruleyard.core.graph import Graph, Hours
from ruleyard.core.trace import Step, StepError
from ruleyard.stores.calendars import all_calendars, calendars_stamp
from ruleyard.stores.claims import Claim

ASK_S: Final = 2.0


class Closed(msgspec.Struct, frozen=True):
    """Nothing of the rule is done now. `until`: when to look again; None: the run is skipped."""

    until: datetime | None
    fault: StepError


class KeptHours:
    """The calendars of the workspace, as they were a moment ago."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._calendars = NO_CALENDARS
        self._stamp: tuple[object, ...] = ()
        self._asked_at = float("-inf")

    async def closed(self, graph: Graph, claim: Claim, steps: Sequence[Step]) -> Closed | None:
        """Why the run does not go on now, None where it may. Conflict where its calendar is gone."""
        hours = graph.policy.hours
        let_in = claim.turn is not None
        if hours is None or hours.outside == "run" or (let_in and hours.outside == "wait"):
            return None
        table = await self._table(hours)
        name = table.calendar.name
        begun = any(step.kind in ("action", "wait", "for_each") for step in steps)
        if (
            hours.outside == "skip"
            and not begun
            and not table.is_open(datetime.fromisoformat(claim.event.at))
        ):
            return Closed(None, StepError("outside-hours-skipped", _SKIPPED, args={"calendar": name}))
        now = self._now()
        until = table.next_open(now)
        if until is None:
            raise Conflict(
                f'The calendar "{name}" does not open within two years.', code="calendar-never-open"
            )
        if until <= now:
            return None
        words = f"Outside of its hours: it goes on when they begin, at {utc_text(until)}."
        return Closed(
            until, StepError("outside-hours", words, args={"calendar": name, "until": utc_text(until)})
        )

    async def _table(self, hours: Hours) -> Timetable:
        if hours.calendar is not None and time.monotonic() - self._asked_at > ASK_S:
            async with self._engine.connect() as conn:
                stamp = await calendars_stamp(conn)
                if stamp != self._stamp:
                    self._calendars, self._stamp = await all_calendars(conn), stamp
            self._asked_at = time.monotonic()
        table = self._calendars.hours_of(hours)
        if table is None:
            raise Conflict(f'There is no calendar "{hours.calendar}" any more.', code="unknown-calendar")
        return table


_SKIPPED: Final = "It came outside of the hours of its rule, which skips what comes then."
