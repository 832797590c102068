"""Waits for something from outside: what a run awaits at one, and whether what came is it. Pure.

For an event: the first that is told under its type and for which `where` holds, which sees it as `received`. For the
record: the first change of the trigger's record for which `logic` holds; `after` is the record as it is then.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import msgspec

from ruleyard.core.awaiting import Answer, Awaits
from ruleyard.core.graph import SECONDS, Trigger, WaitEvent, WaitRecord
from ruleyard.core.logic.compile import Compiled, compile_logic
from ruleyard.core.logic.values import truthy
from ruleyard.core.mentions import objects_in
from ruleyard.core.trace import StepError
from ruleyard.core.types import JSON, JSONObject, LogId

EVENT: Final = "event"
RECORD: Final = "record"
RECEIVED: Final = "received"
"""What `where` calls the data of the event, and later steps too: `steps.<id>.output.received`."""


def awaits_of(node: WaitEvent | WaitRecord, trigger: Trigger, data: JSONObject) -> Awaits:
    """What a run with these data waits for. Which record that is, is the runner's to say (`record_topic`)."""
    seconds = node.at_most.amount * SECONDS[node.at_most.unit]
    if isinstance(node, WaitEvent):
        what: JSONObject = {"logic": node.where, "data": read_by(node.where, data, ())}
        return Awaits(EVENT, node.event, what, seconds)
    what = {"logic": node.logic, "data": read_by(node.logic, data, ("after",))}
    return Awaits(RECORD, "", what, seconds, home=(trigger.connection or "", trigger.table or ""))


def record_topic(log: LogId, table: str, record_key: str) -> str:
    """How a change of a record finds who waits for it."""
    return f"{log}/{table}/{record_key}"


def answered_by_event(what: JSONObject, received: JSONObject) -> Answer | None:
    """None where it is another event: also where `where` has no value for it."""
    held = _holds(what, {RECEIVED: received})
    return Answer(output={RECEIVED: received}) if held is True else None


def answered_by_record(what: JSONObject, record: JSONObject | None) -> Answer | None:
    """None while it does not hold. Where it cannot be decided, the step fails and says why."""
    held = _holds(what, {"after": record})
    if isinstance(held, StepError):
        return Answer(error=held)
    return Answer(output={"after": record}) if held else None


def _holds(what: JSONObject, news: JSONObject) -> bool | StepError:
    kept = what.get("data")
    found = _compiled(msgspec.json.encode(what.get("logic"))).evaluate(
        {**(kept if isinstance(kept, dict) else {}), **news}
    )
    if found.error is not None:
        return StepError(found.error.reason, found.error.message, path=found.error.path)
    return truthy(found.value)


@lru_cache(maxsize=512)
def _compiled(encoded: bytes) -> Compiled:
    return compile_logic(msgspec.json.decode(encoded))


def read_by(logic: JSON, data: JSONObject, but_not: Iterable[str]) -> JSONObject:
    """Of the run's data what an expression may read: of `steps` only the steps that it names."""
    named = [path.split(".") for path in _paths(logic)]
    left = {name: value for name, value in data.items() if name not in but_not}
    if any(not path[0] for path in named):
        return left
    roots = {path[0] for path in named}
    found = {name: value for name, value in left.items() if name in roots}
    steps = found.get("steps")
    if isinstance(steps, dict) and all(len(path) > 1 for path in named if path[0] == "steps"):
        wanted = {path[1] for path in named if path[0] == "steps"}
        found["steps"] = {name: value for name, value in steps.items() if name in wanted}
    return found


def _paths(logic: JSON) -> list[str]:
    """Every text that an expression may use as a path; "" for one that is made while evaluating."""
    found: list[str] = []
    for one in objects_in(logic):
        for operator in ("var", "missing", "missing_some"):
            if operator in one:
                found += _texts(one[operator])
    return found


def _texts(body: JSON) -> list[str]:
    if isinstance(body, str):
        return [body]
    if isinstance(body, list):
        return [text for part in body for text in _texts(part)]
    return [""] if isinstance(body, dict) else []
