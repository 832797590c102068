"""What a rule holds, as its screen shows it: how many runs, since when, by which limit, and what they would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.house import House
from ruleyard.api.shapes.held import HeldRuns, WouldDo
from ruleyard.clock import utc_now
from ruleyard.core.document import parse
from ruleyard.core.fuse import Fuse, at, limit_of
from ruleyard.core.graph import Action, ForEach, Graph
from ruleyard.core.in_effect import in_effect
from ruleyard.core.types import EACH, NodeId, RuleId
from ruleyard.stores import bulk, fuses, held, rules, versions

RECALL: Final = timedelta(days=1)
"""So long after a decision it may be taken back, as far as runs did not begin."""


async def held_runs(house: House, conn: AsyncConnection, rule_id: RuleId) -> HeldRuns:
    """NotFound where there is no such rule."""
    row = await rules.rule_row(conn, rule_id)
    fuse = await fuses.read(conn, rule_id) or Fuse(rule_id, utc_now())
    live = await versions.live_version(conn, rule_id)
    graph = None if live is None else parse(live.document)
    now, floor = at(fuse, utc_now()), house.settings.fuse_runs
    last = await bulk.latest(conn, rule_id)
    return HeldRuns(
        rule_id=rule_id,
        rule_name=row.name,
        held=fuse.held,
        since=fuse.held_since,
        limit=limit_of(now, graph.policy.limit, floor) if isinstance(graph, Graph) else None,
        automatic=limit_of(now, "auto", floor),
        would_do=would_do(await held.groups(conn, rule_id)) if fuse.held else (),
        work=last,
        can_recall=last is not None
        and last.kind in ("release", "cancel")
        and utc_now() - last.begun_at < RECALL,
    )


def would_do(groups: Sequence[held.Group]) -> tuple[WouldDo, ...]:
    """What so many runs of these versions do at most, most of all first."""
    times: Counter[str] = Counter()
    for group in groups:
        graph = parse(group.document)
        if isinstance(graph, Graph):
            for do, most in most_on_a_way(graph).items():
                times[do] += most * group.runs
    return tuple(WouldDo(do, count) for do, count in times.most_common())


def most_on_a_way(graph: Graph) -> Counter[str]:
    """By action kind: how many of it a run performs at most, whichever way it takes."""
    graph = in_effect(graph)
    ways: dict[NodeId, Counter[str]] = {}

    def of(node_id: NodeId) -> Counter[str]:
        if node_id not in ways:
            node = graph.node(node_id)
            after: Counter[str] = Counter()
            each: Counter[str] = Counter()
            for edge in graph.edges:
                if edge.source != node_id:
                    continue
                if isinstance(node, ForEach) and edge.branch == EACH:
                    body = of(edge.target)
                    each = Counter({do: count * node.at_most for do, count in body.items()})
                else:
                    after |= of(edge.target)
            ways[node_id] = after + each + Counter([node.do] if isinstance(node, Action) else [])
        return ways[node_id]

    return of(graph.trigger.id)
