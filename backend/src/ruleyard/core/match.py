"""Which plans could an event concern? An index over triggers and conditions: rules that cannot match cost nothing.

By connection, table, operation and changed columns; then by the values and ranges that a rule's conditions ask for
(core/gates.py). A plan that is left out would certainly neither fire nor err. Ticks and manual events go by their rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, TypeAlias

from ruleyard.core.cut import columns_of, reads_cut
from ruleyard.core.event import Event
from ruleyard.core.gates import Among, Gate, Guard, Path, Way, gates_of, holds, key_of, place
from ruleyard.core.graph import ChangeTrigger, DateTrigger, Graph, ScheduleTrigger, Trigger, WebhookTrigger
from ruleyard.core.in_effect import in_effect
from ruleyard.core.plan import Plan
from ruleyard.core.related import reads_of
from ruleyard.core.spans import Spans
from ruleyard.core.types import OWN_LOG, JSONObject, LogId, RuleId, VersionId

MEMO: Final = 1_000
"""Sets of changed columns that a table remembers the listeners of."""
_NOTHING: Final[JSONObject] = {}
_WIDE: Final = 64
"""A range with both ends is taken to be as good as one value in so many rules."""

OWN: Final = ("tick", "manual", "webhook")
"""Events that no table wrote: each concerns the rule in its key."""


class Entry:
    """One live version: what the index needs to know of it. The plan is made when an event first comes to it."""

    __slots__ = (
        "_make",
        "_plan",
        "gate",
        "gates",
        "reads",
        "reads_related",
        "rule_id",
        "settle_s",
        "trigger",
        "version_id",
    )

    def __init__(
        self, rule_id: RuleId, version_id: VersionId, graph: Graph, make: Callable[[], Plan]
    ) -> None:
        self.rule_id, self.version_id = rule_id, version_id
        graph = in_effect(graph)
        self.trigger: Trigger = graph.trigger
        settle = graph.policy.settle
        self.settle_s = settle.seconds if settle and isinstance(self.trigger, ChangeTrigger) else 0
        # A record that is not quiet yet may come to match: such a rule is asked at every change that it listens to.
        gates = gates_of(graph)
        self.gates = () if self.settle_s and gates is not None else gates
        self.gate: Gate | None = None
        self.reads: frozenset[str] = frozenset().union(*columns_of(graph).values())
        """Columns of the changed record that it reads somewhere."""
        self.reads_related = bool(reads_of(graph))
        self._make = make
        self._plan: Plan | None = None

    @property
    def plan(self) -> Plan:
        if self._plan is None:
            self._plan = self._make()
        return self._plan


Place: TypeAlias = tuple[str, str, str]
"""Connection, table and operation."""


class Index:
    """Changes as versions come and go: `add`, `remove`."""

    def __init__(
        self, plans: Iterable[Plan] = (), connection_names: Mapping[LogId, str] | None = None
    ) -> None:
        self._entries: dict[VersionId, Entry] = {}
        self._tables: dict[Place, _Table] = {}
        self._own: dict[int, list[Entry]] = {}
        self._settling: dict[tuple[str, str], list[Entry]] = {}
        self._reading = 0
        self.name_logs(connection_names or {})
        self.add_plans(plans)

    @property
    def versions(self) -> set[VersionId]:
        return set(self._entries)

    @property
    def reads_related(self) -> bool:
        return self._reading > 0

    def name_logs(self, connection_names: Mapping[LogId, str]) -> None:
        """Which log is which connection's: rules name connections, events their log."""
        self._names = dict(connection_names)
        self._logs = {name: log for log, name in connection_names.items()}

    def add(self, entries: Sequence[Entry]) -> None:
        """Of a version that is in it already nothing changes."""
        new = [entry for entry in entries if entry.version_id not in self._entries]
        for entry in new:
            self._entries[entry.version_id] = entry
            self._reading += entry.reads_related
            self._own.setdefault(entry.rule_id, []).append(entry)
            if (home := _settles_at(entry)) is not None:
                self._settling.setdefault(home, []).append(entry)
            for table in self._tables_of(entry):
                table.count(entry, 1)
        for entry in new:
            for table in self._tables_of(entry):
                table.add(entry)

    def add_plans(self, plans: Iterable[Plan]) -> None:
        """Plans that are made already."""
        self.add([Entry(plan.rule_id, plan.version_id, plan.graph, partial(_itself, plan)) for plan in plans])

    def remove(self, versions: Iterable[VersionId]) -> None:
        """Each is in it."""
        for version in versions:
            entry = self._entries.pop(version)
            self._reading -= entry.reads_related
            self._own[entry.rule_id].remove(entry)
            if (home := _settles_at(entry)) is not None:
                self._settling[home].remove(entry)
            for table in self._tables_of(entry):
                table.remove(entry)
                table.count(entry, -1)

    def home(self, plan: Plan) -> tuple[LogId, str] | None:
        """The log and table of the records that the plan starts on, None where it starts on none."""
        trigger = plan.graph.trigger
        if not trigger.connection or not trigger.table:
            return None
        log = self._logs.get(trigger.connection)
        return None if log is None else (log, trigger.table)

    def tables(self, log: LogId) -> frozenset[str]:
        """The tables of a watched log that anybody listens to."""
        name = self._names.get(log)
        return frozenset(
            table for (of, table, _), listed in self._tables.items() if of == name and listed.size
        )

    def settling(self, event: Event) -> Sequence[Entry]:
        """Rules that wait for the records of the event's table to be quiet, whatever of it they listen to."""
        if not self._settling or event.op not in ("insert", "update", "delete"):
            return ()
        return self._settling.get((self._names.get(event.log, ""), event.table), ())

    def ask(self, event: Event) -> tuple[int, list[Plan]]:
        """How many plans' triggers listen to the event; and those of them that may fire or err, by their rules.

        A manual event concerns its rule whatever the trigger is: "run now" works for every rule.
        """
        if event.log == OWN_LOG or event.op in OWN:
            own = [entry.plan for entry in self._of_own(event)]
            return len(own), own
        table = self._tables.get((self._names.get(event.log, ""), event.table, event.op))
        if table is None:
            return 0, []
        groups, listening = table.listening(event.changed)
        found: list[Entry] = []
        after, before = event.after or _NOTHING, event.before or _NOTHING
        for group in groups:
            group.find(after, before, found)
            if event.cut:  # no value that is not whole may leave a rule out
                group.find_readers(event, found)
        if len(found) > 1:  # a rule with several ways is found by each of them
            found = sorted({entry.version_id: entry for entry in found}.values(), key=_by_rule)
        return listening, [entry.plan for entry in found]

    def candidates(self, event: Event) -> list[Plan]:
        """The plans that must be asked about this event."""
        return self.ask(event)[1]

    def _of_own(self, event: Event) -> list[Entry]:
        rule = event.key.get("rule")
        found = self._own.get(rule, []) if isinstance(rule, int) else []
        if event.op == "tick":
            return [entry for entry in found if isinstance(entry.trigger, ScheduleTrigger)]
        if event.op == "webhook":
            return [entry for entry in found if isinstance(entry.trigger, WebhookTrigger)]
        return found if event.op == "manual" else []

    def _tables_of(self, entry: Entry) -> list[_Table]:
        trigger = entry.trigger
        if not isinstance(trigger, ChangeTrigger):
            return []
        places = [(trigger.connection, trigger.table, op) for op in dict.fromkeys(trigger.events)]
        for one in places:
            if one not in self._tables:
                self._tables[one] = _Table(one[2] == "update")
        return [self._tables[one] for one in places]


def _itself(plan: Plan) -> Plan:
    return plan


def _settles_at(entry: Entry) -> tuple[str, str] | None:
    trigger = entry.trigger
    return (
        (trigger.connection, trigger.table) if entry.settle_s and isinstance(trigger, ChangeTrigger) else None
    )


def _by_rule(entry: Entry) -> tuple[int, int]:
    return entry.rule_id, entry.version_id


class _Table:
    """Who listens to one operation on one table, by the columns that they listen to."""

    def __init__(self, by_columns: bool) -> None:
        self._by_columns = by_columns
        self._groups: dict[frozenset[str], _Group] = {}
        self._memo: dict[tuple[str, ...], tuple[list[_Group], int]] = {}
        self._asked: Counter[tuple[Path, object]] = Counter()
        self.size = 0

    def listening(self, changed: tuple[str, ...]) -> tuple[list[_Group], int]:
        """The groups that listen to a change of these columns, and how many plans are in them."""
        known = self._memo.get(changed)
        if known is None:
            groups = [
                group
                for columns, group in self._groups.items()
                if not columns or not columns.isdisjoint(changed)
            ]
            known = groups, sum(group.size for group in groups)
            if len(self._memo) >= MEMO:
                self._memo.clear()
            self._memo[changed] = known
        return known

    def count(self, entry: Entry, by: int) -> None:
        """How many rules ask for the same value, or for any range of a column: the fewest are the best to look up."""
        for gate in entry.gates or ():
            for way in gate.ways:
                for key in way.keys if isinstance(way, Among) else (_RANGE,):
                    self._asked[way.path, key] += by

    def add(self, entry: Entry) -> None:
        self.size += 1
        self._memo.clear()
        if entry.gate is None and entry.gates:
            entry.gate = min(entry.gates, key=self._cost)
        columns = self._columns(entry)
        if columns not in self._groups:
            self._groups[columns] = _Group()
        self._groups[columns].add(entry)

    def remove(self, entry: Entry) -> None:
        self.size -= 1
        self._memo.clear()
        columns = self._columns(entry)
        group = self._groups[columns]
        group.remove(entry)
        if not group.size:
            del self._groups[columns]

    def _columns(self, entry: Entry) -> frozenset[str]:
        trigger = entry.trigger
        return frozenset(trigger.columns if self._by_columns and isinstance(trigger, ChangeTrigger) else ())

    def _cost(self, gate: Gate) -> float:
        return sum(map(self._cost_of, gate.ways)) + 4 * len(gate.guards)

    def _cost_of(self, way: Way) -> float:
        if isinstance(way, Among):
            return sum(self._asked[way.path, key] for key in way.keys)
        ranges = self._asked[way.path, _RANGE]
        return 1 + ranges / (_WIDE if way.low is not None and way.high is not None else 2)


_RANGE: Final = object()


class _Group:
    """Plans that listen to the same columns: those that must always be asked, the others by what they ask for."""

    def __init__(self) -> None:
        self.size = 0
        self._always: list[Entry] = []
        self._looked_up: dict[frozenset[Guard], _LookUp] = {}

    def add(self, entry: Entry) -> None:
        self.size += 1
        if entry.gate is not None:
            if entry.gate.guards not in self._looked_up:
                self._looked_up[entry.gate.guards] = _LookUp(entry.gate.guards)
            self._looked_up[entry.gate.guards].add(entry, entry.gate)
        elif entry.gates is not None:  # otherwise it never does anything
            self._always.append(entry)

    def remove(self, entry: Entry) -> None:
        self.size -= 1
        if entry.gate is not None:
            look_up = self._looked_up[entry.gate.guards]
            look_up.remove(entry, entry.gate)
            if not look_up.entries:
                del self._looked_up[entry.gate.guards]
        elif entry.gates is not None:
            self._always.remove(entry)

    def find(self, after: JSONObject, before: JSONObject, found: list[Entry]) -> None:
        found += self._always
        for look_up in self._looked_up.values():
            look_up.find(after, before, found)

    def find_readers(self, event: Event, found: list[Entry]) -> None:
        """Those that read what is not whole."""
        for look_up in self._looked_up.values():
            found += [entry for entry in look_up.entries.values() if reads_cut(entry.reads, event)]


class _LookUp:
    """Plans by the values and the ranges that they ask for."""

    def __init__(self, guards: Iterable[Guard]) -> None:
        self._guards = tuple((path[0] == "after", path[1], kind) for path, kind in sorted(guards))
        self.entries: dict[VersionId, Entry] = {}
        self._values: dict[Path, dict[object, list[Entry]]] = {}
        self._ranges: dict[tuple[Path, str], Spans[Entry]] = {}

    def add(self, entry: Entry, gate: Gate) -> None:
        self.entries[entry.version_id] = entry
        for way in gate.ways:
            if isinstance(way, Among):
                for key in way.keys:
                    self._values.setdefault(way.path, {}).setdefault(key, []).append(entry)
            else:
                spans = self._ranges.setdefault((way.path, way.kind), Spans())
                spans.add(way.low, way.high, entry)

    def remove(self, entry: Entry, gate: Gate) -> None:
        del self.entries[entry.version_id]
        for way in gate.ways:
            if isinstance(way, Among):
                for key in way.keys:
                    by_key = self._values[way.path]
                    by_key[key].remove(entry)
                    if not by_key[key]:
                        del by_key[key]
                        if not by_key:
                            del self._values[way.path]
            else:
                spans = self._ranges[way.path, way.kind]
                spans.remove(way.low, way.high, entry)
                if not spans.size:
                    del self._ranges[way.path, way.kind]

    def find(self, after: JSONObject, before: JSONObject, found: list[Entry]) -> None:
        for is_after, column, kind in self._guards:
            if not holds(kind, (after if is_after else before).get(column)):
                found += self.entries.values()
                return
        for (root, column), by_key in self._values.items():
            value = (after if root == "after" else before).get(column)
            if (listed := by_key.get(value if type(value) is str else key_of(value))) is not None:
                found += listed
        for ((root, column), _), spans in self._ranges.items():
            spans.at(place((after if root == "after" else before).get(column)), found)


def listens(plan: Plan, event: Event) -> str:
    """Why the plan does not listen: a reason code of `explain`; "" when it does. Ignores the connection."""
    trigger = plan.graph.trigger
    if event.op == "tick" and not event.table.startswith("@"):
        own = isinstance(trigger, ScheduleTrigger | DateTrigger) and event.table == trigger.table
        return "" if own else "not-the-trigger"
    if event.op in OWN:
        if event.key.get("rule") != plan.rule_id:
            return "other-rule"
        wanted = {"tick": ScheduleTrigger, "webhook": WebhookTrigger}.get(event.op)
        return "" if wanted is None or isinstance(trigger, wanted) else "not-the-trigger"
    if not isinstance(trigger, ChangeTrigger):
        return "not-the-trigger"
    if event.table != trigger.table:
        return "other-table"
    if event.op not in trigger.events:
        return "other-operation"
    if event.op == "update" and trigger.columns and not set(trigger.columns) & set(event.changed):
        return "other-columns"
    return ""
