"""Related records: what expressions read of the record that a foreign key of the changed record leads to.

`related.owner_id.email` is `email` of the record whose key is `after.owner_id` (`before.owner_id` once the record is
deleted), one level deep. Pure: says what is read and holds what was seen; knows nothing of how it was fetched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

import msgspec

from ruleyard.core.action_fields import FINDS
from ruleyard.core.event import Event
from ruleyard.core.graph import Action, Graph
from ruleyard.core.graph import home_of as home_of_trigger
from ruleyard.core.in_effect import in_effect
from ruleyard.core.mentions import objects_in, said_in
from ruleyard.core.model import TableLookup
from ruleyard.core.searchable import SOUGHT
from ruleyard.core.step_outputs import target_of
from ruleyard.core.types import JSON, JSONObject, NodeId

ROOT: Final = "related"

Read: TypeAlias = tuple[str, str]
"""(foreign key column, column of the record that it leads to)."""

Leads: TypeAlias = Mapping[str, frozenset[str]]
"""By foreign key column: the columns read of the record that it leads to."""

NO_LEADS: Final[Leads] = MappingProxyType({})


class Related(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was seen. `records`: by foreign key column the columns read; None where it is empty or the row is gone.

    `at` is when they were read, UTC text; "" where they were given by hand. `error`: why they could not be read.
    """

    records: dict[str, JSONObject | None] = {}
    at: str = ""
    error: str = ""


def home_of(event: Event) -> JSONObject:
    """The record whose foreign keys lead on: as it is after the change, or was before it was deleted."""
    return event.after or event.before or {}


def reads_in(value: JSON, root: str = ROOT) -> frozenset[Read]:
    """Every `related.…` that an expression names; perhaps more, where data only looks like an expression."""
    return frozenset(
        read
        for one in objects_in(value)
        for operator in ("var", "missing", "missing_some")
        if operator in one
        for read in _named(one[operator], f"{root}.")
    )


def _named(body: JSON, start: str) -> Iterable[Read]:
    todo: list[JSON] = [body]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, str) and one.startswith(start):
            parts = one.split(".", 3)
            if len(parts) > 2 and parts[1] and parts[2]:
                yield parts[1], parts[2]


def reads_of(graph: Graph, root: str = ROOT) -> dict[NodeId, frozenset[Read]]:
    """By node, for the nodes that read related records at all."""
    found: dict[NodeId, frozenset[Read]] = {}
    for node in graph.nodes:
        if reads := reads_in(said_in(node), root):
            found[node.id] = reads
    return found


def leads_of(reads: Mapping[NodeId, frozenset[Read]]) -> Leads:
    """All that a rule reads, by foreign key column."""
    if not reads:
        return NO_LEADS
    leads: dict[str, frozenset[str]] = {}
    for key, column in frozenset().union(*reads.values()):
        leads[key] = leads.get(key, frozenset()) | {column}
    return MappingProxyType(leads)


def joined_leads(every: Iterable[Leads]) -> Leads:
    """What several rules read between them."""
    joined: dict[str, frozenset[str]] = {}
    for leads in every:
        for key, columns in leads.items():
            joined[key] = joined.get(key, frozenset()) | columns
    return joined


def related_tables(graph: Graph, tables: TableLookup) -> set[tuple[str, str]]:
    """Every (connection, table) that the rule's `related.…` leads to, and `after.<foreign key>.…` by mistake; and those
    that the `record.<foreign key>.…` of its searches lead to."""
    acting = in_effect(graph)
    keys = {*leads_of(reads_of(acting)), *leads_of(reads_of(acting, "after"))}
    found = _led_to(home_of_trigger(graph.trigger), keys, tables)
    for node in acting.nodes:
        if isinstance(node, Action) and node.do in (*FINDS, "make_report"):
            sought = {key for key, _ in reads_in(node.fields.get("where"), SOUGHT)}
            found |= _led_to(target_of(node, graph), sought, tables)
    return found


def _led_to(
    home: tuple[str | None, str | None] | None, keys: set[str], tables: TableLookup
) -> set[tuple[str, str]]:
    """Where these foreign keys of a table lead."""
    connection, name = home or (None, None)
    table = tables(connection, name) if connection and name and keys else None
    columns = {column.name: column.references for column in table.columns} if table else {}
    return {(connection or "", to) for key in keys if (to := columns.get(key)) is not None}
