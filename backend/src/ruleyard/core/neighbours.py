"""What live rules do to each other: two that write one column, and chains in which a rule wakes itself. Pure.

Warnings only. Told the graphs of the other live rules; knows nothing of where they are kept.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from ruleyard.core.analyse import absent_of
from ruleyard.core.cause import MAX_DEPTH
from ruleyard.core.errors import Problem
from ruleyard.core.graph import Action, ChangeTrigger, Graph, WebhookTrigger
from ruleyard.core.grid import FREE, example_of, grid, logics_of, walker
from ruleyard.core.in_effect import in_effect
from ruleyard.core.model import TableModel
from ruleyard.core.rule_refs import EMIT_EVENT, RUN_RULE
from ruleyard.core.types import JSON, JSONObject, NodeId, RuleId
from ruleyard.core.webhook import event_type
from ruleyard.core.words import value_words

MOST_POINTS: Final = 4_000
MOST_FOUND: Final = 20
_EVENT: Final = "@event"
_RULE: Final = "@rule"
"""Where signals go, as the connections of records."""
MOST_RULES: Final = 500
"""Rules that are followed along a chain."""


class Neighbour(msgspec.Struct, frozen=True):
    """A rule as the others see it. `rule_id` is None for a document that is no rule yet."""

    rule_id: RuleId | None
    name: str
    graph: Graph


class Write(msgspec.Struct, frozen=True):
    """What one action writes. `own`: to the very record that the rule runs on. `values` are the literal ones."""

    node: NodeId
    connection: str
    table: str
    op: str
    columns: tuple[str, ...]
    values: dict[str, JSON]
    own: bool


def writes_of(graph: Graph) -> list[Write]:
    """Every record write of a rule whose table is known."""
    trigger = graph.trigger
    home = (trigger.connection, trigger.table)
    found: list[Write] = []
    for node in graph.nodes:
        if not isinstance(node, Action) or node.do not in ("update_record", "create_record", "assign"):
            continue
        connection, table = node.fields.get("connection", home[0]), node.fields.get("table", home[1])
        columns = node.fields.get("set")
        if node.do == "assign" and isinstance(column := node.fields.get("column"), str):
            columns = {column: [node.fields.get("people")]}
        if not isinstance(connection, str) or not isinstance(table, str) or not isinstance(columns, dict):
            continue
        op = "insert" if node.do == "create_record" else "update"
        own = op == "update" and (connection, table) == home and "key" not in node.fields
        values: dict[str, JSON] = {
            name: value for name, value in columns.items() if not isinstance(value, (dict, list))
        }
        found.append(Write(node.id, connection, table, op, tuple(columns), values, own))
    return found


def signals_of(graph: Graph) -> list[Write]:
    """What a rule starts without writing a record: the events that it tells, the rules that it runs by name."""
    found: list[Write] = []
    for node in graph.nodes:
        if not isinstance(node, Action):
            continue
        kind, ref = event_type(node.fields.get("type")), node.fields.get("rule")
        if node.do == EMIT_EVENT and kind:
            found.append(Write(node.id, _EVENT, kind, "webhook", (), {}, own=False))
        elif node.do == RUN_RULE and isinstance(ref, dict):
            names = ("id", str(ref.get("id"))), ("name", str(ref.get("name")))
            found += [
                Write(node.id, _RULE, f"{key} {said}", "manual", (), {}, own=False)
                for key, said in names[: 1 if "id" in ref else 2]
                if key in ref
            ]
    return found


def _ears_of(rule: Neighbour) -> list[tuple[str, str, str]]:
    """What starts a rule."""
    trigger = rule.graph.trigger
    ears = [(_RULE, f"name {rule.name}", "manual")]
    if rule.rule_id is not None:
        ears.append((_RULE, f"id {rule.rule_id}", "manual"))
    if isinstance(trigger, WebhookTrigger) and trigger.event:
        ears.append((_EVENT, trigger.event, "webhook"))
    if isinstance(trigger, ChangeTrigger):
        ears += [(trigger.connection, trigger.table, op) for op in trigger.events]
    return ears


def analyse_neighbours(
    mine: Neighbour, others: Sequence[Neighbour], table: TableModel | None = None
) -> tuple[Problem, ...]:
    """Warnings about `mine` among the live `others` (without its own earlier version)."""
    places = {node.id: f"/nodes/{index}" for index, node in enumerate(mine.graph.nodes)}
    mine, *others = (msgspec.structs.replace(one, graph=in_effect(one.graph)) for one in (mine, *others))
    found = [*_same_column(mine, others, table, places), *_chains(mine, others, table, places)]
    return tuple(found[:MOST_FOUND])


def _same_column(
    mine: Neighbour, others: Sequence[Neighbour], table: TableModel | None, places: Mapping[NodeId, str]
) -> Iterable[Problem]:
    ours = [write for write in writes_of(mine.graph) if write.own]
    trigger = mine.graph.trigger
    if not ours or not isinstance(trigger, ChangeTrigger):
        return
    for other in others:
        theirs = other.graph.trigger
        if not isinstance(theirs, ChangeTrigger) or not set(theirs.events) & set(trigger.events):
            continue
        for write in ours:
            for second in writes_of(other.graph):
                if not second.own or (second.connection, second.table) != (write.connection, write.table):
                    continue
                columns = [
                    name for name in write.columns if name in second.columns and _differ(write, second, name)
                ]
                if not columns:
                    continue
                record = _both_run(mine.graph, write, other.graph, second, table)
                if record is None:
                    continue
                example = _example(record)
                names = " and ".join(column.replace("_", " ") for column in columns)
                words = f'The rule "{other.name}" sets {names} of the same records, too'
                words += f" ({example}): both run, and the last one wins." if example else "."
                yield Problem(
                    "writes-same-column",
                    places[write.node],
                    words,
                    "warning",
                    write.node,
                    args={
                        "rule": other.name,
                        "rule_id": other.rule_id,
                        "columns": [*columns],
                        **example_of(record),
                    },
                )


def _differ(first: Write, second: Write, column: str) -> bool:
    """False where both write the same literal."""
    if column not in first.values or column not in second.values:
        return True
    return first.values[column] != second.values[column]


def _both_run(a: Graph, first: Write, b: Graph, second: Write, table: TableModel | None) -> JSONObject | None:
    """A record that both write; empty where nobody can tell; None where there is none."""
    logics = [*logics_of(a), *logics_of(b)]
    absent = absent_of(a) if absent_of(a) == absent_of(b) else ""
    made = grid(logics, table, absent=absent, most=MOST_POINTS)
    if made is None:
        return {}
    walk_a, walk_b = walker(a, made), walker(b, made, len(logics_of(a)))
    for data in made.points():
        if first.node in walk_a.walk(data)[1] and second.node in walk_b.walk(data)[1]:
            return {} if made.free else data
    return None


def _example(data: JSONObject) -> str:
    """`for example status "won"`; the plain word where conditions ask nothing; "" where nobody can tell."""
    if not data:
        return ""
    parts: list[str] = []
    for root, suffix in (("after", ""), ("before", " before")):
        row = data.get(root)
        if isinstance(row, dict) and root != FREE:
            parts += [f"{name.replace('_', ' ')} {value_words(value)}{suffix}" for name, value in row.items()]
    return f"for example with {' and '.join(parts)}" if parts else "on every record"


def _chains(
    mine: Neighbour, others: Sequence[Neighbour], table: TableModel | None, places: Mapping[NodeId, str]
) -> Iterable[Problem]:
    """The shortest way, through the writes of live rules, from each of our writes back to our own trigger."""
    listening: defaultdict[tuple[str, str, str], list[Neighbour]] = defaultdict(list)
    for rule in (mine, *others):
        for ear in _ears_of(rule):
            listening[ear].append(rule)
    came_from: dict[int, tuple[Neighbour, Write] | None] = {}
    todo = deque([mine])
    while todo and len(came_from) < MOST_RULES:
        rule = todo.popleft()
        for write in (*writes_of(rule.graph), *signals_of(rule.graph)):
            for woken in listening[write.connection, write.table, write.op]:
                record = _wakes(write, woken.graph, table)
                if record is None or (woken is not mine and id(woken) in came_from):
                    continue
                if woken is not mine:
                    came_from[id(woken)] = (rule, write)
                    todo.append(woken)
                    continue
                yield _chain_problem(mine, rule, write, came_from, places, record)
                return


def _chain_problem(
    mine: Neighbour,
    last: Neighbour,
    write: Write,
    came_from: Mapping[int, tuple[Neighbour, Write] | None],
    places: Mapping[NodeId, str],
    record: JSONObject,
) -> Problem:
    chain, first, rule = [mine], write, last
    while rule is not mine:
        chain.insert(0, rule)
        step = came_from[id(rule)]
        if step is None:
            break
        rule, first = step
    chain.insert(0, mine)
    names = [one.name for one in chain]
    columns = " and ".join(column.replace("_", " ") for column in write.columns)
    if last is mine and write.connection in (_EVENT, _RULE):
        how = (
            f'tells the event "{write.table}" that it starts with' if write.op == "webhook" else "runs itself"
        )
        words = f"This rule starts itself: it {how}, again and again."
        code = "rule-starts-itself"
    elif last is mine:
        words = (
            f"This rule wakes itself: it writes {columns} of {write.table}, and its trigger listens to that"
        )
        steady = write.op == "update" and len(write.values) == len(write.columns)
        words += (
            ". It runs a second time, which then changes nothing more." if steady else ", again and again."
        )
        code = "rule-wakes-itself"
    else:
        words = f"These rules wake each other in a circle: {' → '.join(names)}."
        code = "rules-in-a-circle"
    args: dict[str, JSON] = {
        "chain": [*names],
        "rule_ids": [one.rule_id for one in chain],
        "columns": [*write.columns],
        "table": write.table,
        "by": write.op,
        "rounds": MAX_DEPTH,
        **example_of(record),
    }
    return Problem(code, places.get(first.node, ""), words, "warning", first.node, args=args)


def _wakes(write: Write, graph: Graph, table: TableModel | None) -> JSONObject | None:
    """A record that was written so and comes to something to do; empty where nobody can tell; None where the trigger
    does not listen to this write, or no such record gets that far."""
    if write.connection in (_EVENT, _RULE):
        return {}
    trigger = graph.trigger
    if not isinstance(trigger, ChangeTrigger):
        return None
    if write.op == "update" and trigger.columns and not set(trigger.columns) & set(write.columns):
        return None
    home = table if table is not None and table.name == trigger.table else None
    fixed = {f"after.{name}": value for name, value in write.values.items()}
    absent = "before" if write.op == "insert" else ""
    made = grid(logics_of(graph), home, fixed=fixed, absent=absent, most=MOST_POINTS)
    if made is None:
        return {}
    walk = walker(graph, made).walk
    for data in made.points():
        _, reached, broke = walk(data)
        if reached or broke:
            return {} if made.free else data
    return None
