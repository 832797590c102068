"""Every reason of an explanation, from vectors/explain/reasons.json: its code, its args, its sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from ruleyard.core.calendars import Calendar, Calendars, own_timetable
from ruleyard.core.document import parse
from ruleyard.core.event import Event
from ruleyard.core.explain import Reason, ReasonCode, explain, hours_reason
from ruleyard.core.graph import Graph, Hours
from ruleyard.core.plan import compile_plan
from ruleyard.core.types import EventId, LogId, RuleId, VersionId

FILE = Path(__file__).parents[2] / "shared-schemas" / "vectors" / "explain" / "reasons.json"
VECTORS = json.loads(FILE.read_text())
CASES = [case for case in VECTORS["cases"] if "event" in case]
HOURS = [case for case in VECTORS["cases"] if "hours" in case]
NEVER = Calendar("Never", "UTC", {})


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_the_reason_has_its_code_its_args_and_its_sentence(case: dict[str, Any]) -> None:
    trigger, condition, action = VECTORS["rule"]["nodes"]
    nodes = case.get("nodes", [condition, action])
    if "logic" in case:
        nodes = [condition | {"logic": case["logic"]}, action]
    edges = case.get("edges", VECTORS["rule"]["edges"])
    document = VECTORS["rule"] | {"nodes": [case.get("trigger", trigger), *nodes], "edges": edges}
    graph = parse(document)
    assert isinstance(graph, Graph), graph
    told = {"table": "public.leads", "key": {"id": 1}} | case["event"]
    event = Event(
        log=LogId(1),
        id=EventId(1),
        lane=0,
        at="2026-11-22T09:00:00+00:00",
        **told | {"changed": tuple(told.get("changed", ()))},
    )
    found = explain(
        compile_plan(RuleId(1), VersionId(1), graph), event, event.at, case.get("connection", "crm")
    )
    assert (found.reason_code, found.args, found.reason) == (case["code"], case["args"], case["reason"])


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in HOURS])
def test_what_comes_outside_of_the_hours_of_a_rule_is_told_why_it_waits(case: dict[str, Any]) -> None:
    hours = msgspec.convert(case["hours"], Hours)
    found = hours_reason(
        hours, Calendars({"Never": NEVER}).hours_of(hours), datetime.fromisoformat(case["at"])
    )
    assert found == Reason(case["code"], case["args"], case["reason"])


def test_hours_that_hold_nothing_up_are_no_reason() -> None:
    office, night = (
        Hours(zone="Asia/Seoul", between=("09:00", "18:00")),
        datetime(2026, 11, 20, 13, 10, tzinfo=UTC),
    )
    assert hours_reason(None, None, night) is None
    assert hours_reason(Hours("Gone"), None, night) is None
    only_counted = msgspec.structs.replace(office, outside="run")
    assert hours_reason(only_counted, own_timetable(only_counted), night) is None
    assert hours_reason(office, own_timetable(office), datetime(2026, 11, 20, 0, tzinfo=UTC)) is None


def test_every_reason_has_a_case() -> None:
    assert {case["code"] for case in CASES} == set(get_args(ReasonCode))
