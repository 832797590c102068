"""Which plans could an event concern? An index over the triggers: an event touches only rules that listen to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ruleyard.core.event import Event
from ruleyard.core.graph import ChangeTrigger, ManualTrigger, ScheduleTrigger
from ruleyard.core.plan import Plan
from ruleyard.core.types import OWN_LOG, LogId


class Index:
    """Plans by connection, table and operation; ticks and manual events by their rule."""

    def __init__(self, plans: Iterable[Plan], connection_names: Mapping[LogId, str]) -> None:
        self._names = dict(connection_names)
        self._logs = {name: log for log, name in connection_names.items()}
        self.reads_related = False
        self._changes: dict[tuple[str, str, str], list[tuple[frozenset[str], Plan]]] = {}
        self._own: dict[tuple[str, int], list[Plan]] = {}
        for plan in plans:
            trigger = plan.graph.trigger
            self.reads_related |= bool(plan.leads)
            self._own.setdefault(("manual", plan.rule_id), []).append(plan)
            if isinstance(trigger, ChangeTrigger):
                for op in trigger.events:
                    place = (trigger.connection, trigger.table, op)
                    self._changes.setdefault(place, []).append((frozenset(trigger.columns), plan))
            elif isinstance(trigger, ScheduleTrigger):
                self._own.setdefault(("tick", plan.rule_id), []).append(plan)

    def home(self, plan: Plan) -> tuple[LogId, str] | None:
        """The log and table of the records that the plan starts on, None where it starts on none."""
        trigger = plan.graph.trigger
        if isinstance(trigger, ScheduleTrigger) or not trigger.connection or not trigger.table:
            return None
        log = self._logs.get(trigger.connection)
        return None if log is None else (log, trigger.table)

    def candidates(self, event: Event) -> Sequence[Plan]:
        """The plans whose trigger listens to this event, in the order they were given.

        A manual event concerns its rule whatever the trigger is: "run now" works for every rule.
        """
        if event.log == OWN_LOG or event.op in ("tick", "manual"):
            rule = event.key.get("rule")
            return self._own.get((event.op, rule), ()) if isinstance(rule, int) else ()
        listening = self._changes.get((self._names.get(event.log, ""), event.table, event.op))
        if not listening:
            return ()
        if event.op != "update":
            return [plan for _, plan in listening]
        changed = event.changed
        return [plan for columns, plan in listening if not columns or not columns.isdisjoint(changed)]


def listens(plan: Plan, event: Event) -> str:
    """Why the plan does not listen: a reason code of `explain`; "" when it does. Ignores the connection."""
    trigger = plan.graph.trigger
    if event.op in ("tick", "manual"):
        if event.key.get("rule") != plan.rule_id:
            return "other-rule"
        return "" if event.op == "manual" or isinstance(trigger, ScheduleTrigger) else "not-the-trigger"
    if isinstance(trigger, (ScheduleTrigger, ManualTrigger)):
        return "not-the-trigger"
    if event.table != trigger.table:
        return "other-table"
    if event.op not in trigger.events:
        return "other-operation"
    if event.op == "update" and trigger.columns and not set(trigger.columns) & set(event.changed):
        return "other-columns"
    return ""
