"""A rule as one line of plain English. The SPA makes its own in each language; this is for API clients."""

from __future__ import annotations

from ruleyard.core.due_dates import words_of as due_words
from ruleyard.core.graph import (
    Action,
    ChangeTrigger,
    Choose,
    Condition,
    DateTrigger,
    End,
    Graph,
    ManualTrigger,
    Node,
    ScheduleTrigger,
    Trigger,
    Wait,
    WebhookTrigger,
)
from ruleyard.core.in_effect import in_effect
from ruleyard.core.schedule_words import describe
from ruleyard.core.types import FAILED, OTHERWISE, Branch, NodeId
from ruleyard.core.words import logic_words, value_words

_OPERATIONS = {"insert": "is added", "update": "is changed", "delete": "is deleted"}
_MOST_STEPS = 12


def sentence(graph: Graph) -> str:
    """`When status of a record of leads is changed, if attempts is at least 3, set owner to "senior".`"""
    graph = in_effect(graph)
    parts = [trigger_words(graph.trigger)]
    left = [_MOST_STEPS]
    steps = _path(graph, graph.trigger.id, None, left)
    return ", ".join([*parts, *steps]) + "."


def trigger_words(trigger: Trigger) -> str:
    if isinstance(trigger, ChangeTrigger):
        name = _table(trigger.table)
        if trigger.columns and trigger.events == ("update",):
            return f"When {' or '.join(c.replace('_', ' ') for c in trigger.columns)} of a record of {name} changes"
        return f"When a record of {name} {' or '.join(_OPERATIONS[op] for op in trigger.events)}"
    if isinstance(trigger, ScheduleTrigger):
        words = describe(trigger.schedule)
        visits = f", for each record of {_table(trigger.table)}" if trigger.table else ""
        return words[0].upper() + words[1:] + visits
    if isinstance(trigger, DateTrigger):
        return f"For a record of {_table(trigger.table)}, {due_words(trigger)}"
    if isinstance(trigger, WebhookTrigger):
        return "When another system " + (f'tells "{trigger.event}"' if trigger.event else "calls its address")
    if isinstance(trigger, ManualTrigger) and trigger.table:
        return f"When somebody runs it on a record of {_table(trigger.table)}"
    return "When somebody runs it"


def _table(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ")


def _path(graph: Graph, node_id: NodeId, branch: Branch | None, left: list[int]) -> list[str]:
    parts: list[str] = []
    target = graph.next(node_id, branch)
    while target is not None:
        left[0] -= 1
        if left[0] < 0:
            return [*parts, "and so on"]
        node = graph.node(target)
        if isinstance(node, Condition):
            yes, no = _path(graph, node.id, "yes", left), _path(graph, node.id, "no", left)
            parts.append("if " + logic_words(node.logic))
            parts.extend(yes or ["do nothing"])
            if no:
                parts.append("otherwise " + ", ".join(no))
            return parts
        if isinstance(node, Choose):
            for index, way in enumerate(node.ways):
                steps = _path(graph, node.id, way.key, left) or ["do nothing"]
                parts.append(f"{'or ' if index else ''}if {logic_words(way.logic)}, {', '.join(steps)}")
            if steps := _path(graph, node.id, OTHERWISE, left):
                parts.append("otherwise " + ", ".join(steps))
            return parts
        if not isinstance(node, End):
            failed = _path(graph, node.id, FAILED, left)
            parts.append(step_words(node) + (f" (if that fails, {', '.join(failed)})" if failed else ""))
        target = graph.next(node.id)
    return parts


def step_words(node: Node) -> str:
    if isinstance(node, Wait):
        unit = node.unit.removesuffix("s") if node.amount == 1 else node.unit
        return f"wait {node.amount} {unit}"
    if not isinstance(node, Action):
        return "go on"
    fields = node.fields
    if node.do in ("update_record", "create_record"):
        columns = fields.get("set")
        sets = (
            [f"{k.replace('_', ' ')} to {logic_words(v)}" for k, v in columns.items()]
            if isinstance(columns, dict)
            else []
        )
        if node.do == "update_record":
            return "set " + " and ".join(sets)
        return f"create a record of {_table(str(fields.get('table', 'a table')))}"
    if node.do == "send_email":
        return f"send an e-mail to {logic_words(fields.get('to'))}"
    if node.do == "send_sms":
        return f"send a text message to {logic_words(fields.get('to'))}"
    if node.do == "call_webhook":
        return f"call {logic_words(fields.get('url')).strip(chr(34))}"
    if node.do == "http_request":
        return f"ask {logic_words(fields.get('url')).strip(chr(34))}"
    if node.do == "notify":
        to = fields.get("to", "everyone")
        return f"notify {to if isinstance(to, str) else value_words(to)}"
    return node.do.replace("_", " ")
