"""A rule as one line of plain English. The SPA makes its own in each language; this is for API clients."""

from __future__ import annotations

from typing import Final

from ruleyard.core.action_fields import FINDS
from ruleyard.core.due_dates import words_of as due_words
from ruleyard.core.graph import (
    Action,
    AnyWait,
    AtMost,
    ChangeTrigger,
    Choose,
    Condition,
    DateTrigger,
    End,
    ForEach,
    Graph,
    ManualTrigger,
    Node,
    ScheduleTrigger,
    Trigger,
    Wait,
    WaitRecord,
    WaitUntil,
    WebhookTrigger,
)
from ruleyard.core.hours_words import hours_words
from ruleyard.core.in_effect import in_effect
from ruleyard.core.schedule_words import describe
from ruleyard.core.types import EACH, FAILED, JSON, LATE, OTHERWISE, REFUSED, Branch, NodeId
from ruleyard.core.words import logic_words, value_words

_OPERATIONS = {"insert": "is added", "update": "is changed", "delete": "is deleted"}
_MOST_STEPS = 12


def sentence(graph: Graph) -> str:
    """`When status of a record of leads is changed, if attempts is at least 3, set owner to "senior".`"""
    graph = in_effect(graph)
    parts = [trigger_words(graph.trigger)]
    left = [_MOST_STEPS]
    steps = _path(graph, graph.trigger.id, None, left)
    hours = graph.policy.hours
    kept = f" Only {hours_words(hours)}." if hours is not None and hours.outside != "run" else ""
    return ", ".join([*parts, *steps]) + "." + kept


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
        return "When another system " + (
            f'announces "{trigger.event}"' if trigger.event else "calls its address"
        )
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
        if isinstance(node, ForEach):
            body = _path(graph, node.id, EACH, left) or ["do nothing"]
            parts.append(f"for each of {logic_words(node.over)}: {', '.join(body)}")
        elif not isinstance(node, End):
            beside = [
                f" ({_NOT_COME if branch == LATE and isinstance(node, AnyWait) else when}, {', '.join(steps)})"
                for branch, when in _BESIDE.items()
                if (steps := _path(graph, node.id, branch, left))
            ]
            parts.append(step_words(node) + "".join(beside))
        target = graph.next(node.id)
    return parts


_BESIDE: Final[dict[Branch, str]] = {
    REFUSED: "if that is refused",
    LATE: "if nobody answers in time",
    FAILED: "if that fails",
}
_NOT_COME: Final = "if it does not come in time"


def wait_words(node: AnyWait) -> str:
    """`wait until 3 days before due on`, `wait for the event "order.paid", at most 2 hours`."""
    if isinstance(node, Wait):
        return f"wait {_span_words(node)}"
    if isinstance(node, WaitUntil):
        moved = f"{_span_words(node)} {node.side} " if node.amount else ""
        return f"wait until {moved}{logic_words(node.until)}"
    most = f", at most {_span_words(node.at_most)}"
    if isinstance(node, WaitRecord):
        return f"wait until {logic_words(node.logic)}{most}"
    where = "" if node.where is True else f" where {logic_words(node.where)}"
    return f'wait for the event "{node.event}"{where}{most}'


def _span_words(span: AtMost | Wait | WaitUntil) -> str:
    return f"{span.amount} {span.unit.removesuffix('s') if span.amount == 1 else span.unit}"


def _people(to: JSON) -> str:
    if not isinstance(to, list):
        return logic_words(to).strip('"')
    return " or ".join(logic_words(one).strip('"') for one in to) or "somebody"


def step_words(node: Node) -> str:
    if isinstance(node, AnyWait):
        return wait_words(node)
    if isinstance(node, ForEach):
        return f"for each of {logic_words(node.over)}"
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
    if node.do == "assign":
        how = "whoever has the least to do" if fields.get("by") == "least_busy" else "the next in turn"
        return f"give it to {how}"
    if node.do == "send_email":
        return f"send an e-mail to {logic_words(fields.get('to'))}"
    if node.do == "send_sms":
        unless = " unless it is on the do-not-call list" if fields.get("unless_listed") is True else ""
        return f"send a text message to {logic_words(fields.get('to'))}{unless}"
    if node.do == "queue_call":
        return f"put a call to {logic_words(fields.get('phone'))} into a list"
    if node.do == "call_webhook":
        return f"call {logic_words(fields.get('url')).strip(chr(34))}"
    if node.do == "http_request":
        return f"ask {logic_words(fields.get('url')).strip(chr(34))}"
    if node.do == "emit_event":
        return f'announce the event "{fields.get("type", "")}"'
    if node.do == "run_rule":
        ref = fields.get("rule")
        return f'run the rule "{ref.get("name", "") if isinstance(ref, dict) else ""}"'
    if node.do == "make_report":
        return f"make the report {logic_words(fields.get('title'))}"
    if node.do in FINDS:
        what = "a record" if node.do == "find_record" else "records"
        where = fields.get("where")
        asked = "" if where is True else f" where {logic_words(where)}"
        return f"find {what}{f' of {_table(str(table))}' if (table := fields.get('table')) else ''}{asked}"
    if node.do == "notify":
        to = fields.get("to", "everyone")
        return f"notify {to if isinstance(to, str) else value_words(to)}"
    if node.do == "ask_approval":
        return f"ask {_people(fields.get('to'))} for approval"
    return node.do.replace("_", " ")
