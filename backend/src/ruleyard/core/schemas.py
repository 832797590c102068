"""Writes the treaty with other languages: JSON Schemas of our documents and operators.json. Same input, same bytes.

`python -m ruleyard.core.schemas DIR` writes; a test keeps shared-schemas/ fresh.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

import msgspec

from ruleyard.core.action_fields import ACTIONS
from ruleyard.core.due_dates import MOST_DAYS
from ruleyard.core.errors import Problem
from ruleyard.core.event import Event
from ruleyard.core.graph import LONGEST_TIMEOUT_S, MOST_ITEMS, MOST_TRIES, Edge, Policy, Schedule
from ruleyard.core.logic.budget import MAX_DEPTH, MAX_NODES, MAX_PRODUCED, MAX_STEPS
from ruleyard.core.logic.dialect import DIALECT, OPERATORS
from ruleyard.core.node_shapes import LONGEST_NOTE, LONGEST_WAY, MOST_WAYS, NO_KEYS
from ruleyard.core.run import Decision
from ruleyard.core.trace import Trace
from ruleyard.core.wait_shapes import LONGEST_EVENT

_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_EXPRESSION: Final = {
    "description": "A literal, or JSON Logic: an object with exactly one key, an operator of operators.json."
}


def schemas() -> dict[str, Any]:
    """File name → JSON value."""
    return {
        "rule.schema.json": rule_schema(),
        "event.schema.json": _of(Event, "An event of the log"),
        "trace.schema.json": _of(Trace, "A trace: the steps of a run in order"),
        "run.schema.json": _of(Decision, "What a run does next: steps passed, then one thing that comes"),
        "problem.schema.json": _of(Problem, "One thing wrong with a rule document"),
        "operators.json": operators(),
    }


def operators() -> dict[str, Any]:
    """The dialect: operators with labels, arity, types and examples; limits; action kinds with their fields."""
    return {
        "dialect": DIALECT,
        "limits": {"depth": MAX_DEPTH, "nodes": MAX_NODES, "steps": MAX_STEPS, "produced": MAX_PRODUCED},
        "operators": msgspec.to_builtins(OPERATORS),
        "actions": msgspec.to_builtins(ACTIONS),
    }


def _of(kind: Any, title: str) -> dict[str, Any]:
    (schema,), components = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    return {"$schema": _DRAFT, "title": title, **schema, "$defs": components}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def rule_schema() -> dict[str, Any]:
    """The rule document. What no schema can say (cycles, ids that exist) is said by `document.parse`."""
    (schedule, edge, policy), components = msgspec.json.schema_components(
        [Schedule, Edge, Policy], ref_template="#/$defs/{name}"
    )
    components["Edge"] = {
        "type": "array",
        "description": (
            "[from, to], or [from, to, branch]: yes or no out of a condition, the key of a way or otherwise out of a "
            "choose, failed out of an action, each out of a for_each."
        ),
        "prefixItems": [{"type": "string"}, {"type": "string"}, {"type": "string"}],
        "minItems": 2,
        "items": False,
    }
    name = {"type": "string", "minLength": 1, "maxLength": 200}
    note = {
        "note": {"type": "string", "maxLength": LONGEST_NOTE, "description": "For people; never looked at."}
    }
    step = note | {
        "off": {
            "type": "boolean",
            "description": "Passed over: a run goes on after it, of a condition by yes, of a choose otherwise.",
        }
    }
    node_id = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,39}$"}
    events = {"type": "array", "items": {"enum": ["insert", "update", "delete"]}, "minItems": 1}
    trigger = {"id": node_id, "kind": {"const": "trigger"}}
    span: dict[str, Any] = {
        "amount": {"type": "integer", "minimum": 1},
        "unit": {"enum": ["seconds", "minutes", "hours", "days"]},
    }
    nodes = {
        "ChangeTrigger": _object(
            {**trigger, "on": {"const": "change"}, "connection": name, "table": name, "events": events},
            {"columns": {"type": "array", "items": {"type": "string"}}} | note,
        ),
        "ScheduleTrigger": _object(
            {**trigger, "on": {"const": "schedule"}, "schedule": schedule},
            {"connection": name, "table": name} | note,
        ),
        "DateTrigger": _object(
            {**trigger, "on": {"const": "date"}, "connection": name, "table": name, "column": name},
            {
                "amount": {"type": "integer", "minimum": 0, "maximum": MOST_DAYS},
                "unit": {"enum": ["days", "working_days"]},
                "side": {"enum": ["before", "after"]},
                "at": {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"},
                "zone": name,
                "yearly": {"type": "boolean"},
            }
            | note,
        ),
        "WebhookTrigger": _object(
            {**trigger, "on": {"const": "webhook"}}, {"sample": True, "event": name} | note
        ),
        "ManualTrigger": _object(
            {**trigger, "on": {"const": "manual"}}, {"connection": name, "table": name} | note
        ),
        "Condition": _object({"id": node_id, "kind": {"const": "condition"}, "logic": _EXPRESSION}, step),
        "Choose": _object(
            {
                "id": node_id,
                "kind": {"const": "choose"},
                "ways": {
                    "type": "array",
                    "description": "The first whose logic holds is taken, else the edge that says otherwise.",
                    "items": _object(
                        {"key": node_id | {"not": {"enum": [*NO_KEYS]}}, "logic": _EXPRESSION},
                        {"name": {"type": "string", "maxLength": LONGEST_WAY}},
                    ),
                    "minItems": 1,
                    "maxItems": MOST_WAYS,
                },
            },
            step,
        ),
        "Action": _object(
            {"id": node_id, "kind": {"const": "action"}, "do": name},
            {
                "fields": {"type": "object", "additionalProperties": _EXPRESSION},
                "timeout": {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": LONGEST_TIMEOUT_S,
                    "description": "Seconds after which the other side counts as silent.",
                },
                "tries": {"type": "integer", "minimum": 1, "maximum": MOST_TRIES},
            }
            | step,
        ),
        "Wait": _object({"id": node_id, "kind": {"const": "wait"}} | span, step),
        "WaitUntil": _object(
            {"id": node_id, "kind": {"const": "wait"}, "until": _EXPRESSION},
            {
                "amount": {"type": "integer", "minimum": 0},
                "unit": span["unit"],
                "side": {"enum": ["before", "after"]},
                "at": {"type": "string"},
                "zone": {"type": "string"},
            }
            | step,
        ),
        "WaitEvent": _object(
            {
                "id": node_id,
                "kind": {"const": "wait"},
                "event": {"type": "string", "minLength": 1, "maxLength": LONGEST_EVENT},
                "at_most": _object(span),
            },
            {"where": _EXPRESSION, "sample": {"description": "The data of one such event: any JSON."}} | step,
        ),
        "WaitRecord": _object(
            {"id": node_id, "kind": {"const": "wait"}, "logic": _EXPRESSION, "at_most": _object(span)}, step
        ),
        "ForEach": _object(
            {"id": node_id, "kind": {"const": "for_each"}, "over": _EXPRESSION},
            {
                "at_most": {"type": "integer", "minimum": 1, "maximum": MOST_ITEMS},
                "on_item_error": {"enum": ["go_on", "stop"]},
            }
            | step,
        ),
        "End": _object({"id": node_id, "kind": {"const": "end"}}, note),
    }
    document = _object(
        {
            "name": name,
            "nodes": {
                "type": "array",
                "items": {"oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in nodes]},
                "minItems": 1,
            },
        },
        {
            "dialect": {"const": DIALECT},
            "description": {"type": "string", "maxLength": 4_000},
            "edges": {"type": "array", "items": edge},
            "policy": policy,
        },
    )
    return {"$schema": _DRAFT, "title": "A rule document", **document, "$defs": {**components, **nodes}}


def write(folder: Path) -> None:
    """Write every file; the same bytes each time."""
    for name, value in schemas().items():
        text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False)
        (folder / name).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
