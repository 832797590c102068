"""Waits until a date: the moment that a value and a wait's settings come to. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ruleyard.core.graph import SECONDS, WaitUntil
from ruleyard.core.logic.budget import Broken
from ruleyard.core.logic.moments import moment_text, read_date
from ruleyard.core.schedule import clock_of, instant_of
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON
from ruleyard.core.zones import zone_of


def due_at(node: WaitUntil, value: JSON) -> str | StepError:
    """UTC text: so long before or after the value. A date is taken at the local time `at` in `zone`, a moment as it is.

    Days are days of the calendar in that zone: over a change of the clock the time of day stays.
    """
    if value is None:
        words = "There is no date to wait for: the value is empty. Put a condition before the wait."
        return StepError("wait-without-date", words)
    try:
        moment, whole_day = read_date(value, "")
        return moment_text(_due(node, moment, whole_day=whole_day))
    except Broken as broken:
        return StepError(broken.error.reason, broken.error.message)
    except (OverflowError, ValueError):
        return StepError("bad-date", "The date falls outside the years 1 to 9999.")


def _due(node: WaitUntil, moment: datetime, *, whole_day: bool) -> datetime:
    zone = zone_of(node.zone) or zone_of("UTC")
    if zone is None:
        raise ValueError(node.zone)
    sign = -1 if node.side == "before" else 1
    local = (
        datetime.combine(date(moment.year, moment.month, moment.day), clock_of(node.at))
        if whole_day
        else moment.astimezone(zone).replace(tzinfo=None)
    )
    if node.unit == "days" and (whole_day or node.amount):
        return instant_of(local + timedelta(days=sign * node.amount), zone)
    start = instant_of(local, zone) if whole_day else moment
    return (start + timedelta(seconds=sign * node.amount * SECONDS[node.unit])).astimezone(UTC)
