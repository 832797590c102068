"""Hours of a rule checked: how many of its days come after the holidays that its calendar knows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from ruleyard.core.calendars import DAYS, Calendar, Calendars
from ruleyard.core.check_hours import check_hours
from ruleyard.core.document import parse
from ruleyard.core.graph import Graph
from ruleyard.core.model import Known

OFFICE = Calendar("Office", "UTC", dict.fromkeys(DAYS[:5], (("09:00", "18:00"),)), years=(2026,))
KNOWN = Known(calendars=Calendars({"Office": OFFICE}), today=date(2026, 12, 2))


def counted(trigger: dict[str, Any]) -> object:
    """How many days are told to fall after the end of 2026; None where nothing is."""
    start = {"id": "t", "kind": "trigger", **trigger}
    graph = parse({"name": "R", "nodes": [start], "edges": [], "policy": {"hours": {"calendar": "Office"}}})
    assert isinstance(graph, Graph), graph
    told = [problem.args["count"] for problem in check_hours(graph, KNOWN) if problem.code == "calendar-ends"]
    return told[0] if told else None


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        ({"repeat": "day", "at": "09:00"}, 31),
        ({"repeat": "minutes", "every": 15}, 31),
        ({"repeat": "hours", "every": 1, "days_off": "skip"}, 21),
        ({"repeat": "minutes", "every": 1, "days": ["mon"]}, 4),
        ({"repeat": "month", "day": 20, "at": "09:00"}, 1),
        ({"repeat": "month", "day": 1, "every": 12, "start": "2026-12-01", "at": "09:00"}, None),
    ],
)
def test_days_after_the_known_holidays_are_counted(schedule: dict[str, Any], days: int | None) -> None:
    """Sixty days are looked at: to January 31."""
    assert counted({"on": "schedule", "schedule": {"zone": "UTC", **schedule}}) == days


def test_a_rule_that_comes_at_any_time_comes_on_all_of_them() -> None:
    assert counted({"on": "manual"}) == 31
