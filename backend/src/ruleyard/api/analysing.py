"""Warnings that a draft earns before it is published: by itself, and among the rules that are on.

Published versions never change, so their graphs are kept per process, by version. Never blocks a publish.
"""

from __future__ import annotations

import asyncio

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.checking import Checked, surroundings
from ruleyard.api.models import Models
from ruleyard.core.analyse import OF_CONDITIONS, analyse
from ruleyard.core.document import parse
from ruleyard.core.errors import Problem
from ruleyard.core.graph import ChangeTrigger, Graph
from ruleyard.core.model import TableModel
from ruleyard.core.neighbours import Neighbour, analyse_neighbours
from ruleyard.core.types import RuleId, VersionId
from ruleyard.stores.live import live_names, version_documents


class Neighbours:
    """The graphs of the live rules. One per process."""

    def __init__(self) -> None:
        self._graphs: dict[VersionId, Graph | None] = {}

    async def live(self, conn: AsyncConnection) -> list[Neighbour]:
        """Every rule that is on and can be read."""
        names = await live_names(conn)
        missing = [one.version_id for one in names if one.version_id not in self._graphs]
        found = await version_documents(conn, missing) if missing else {}
        graphs = {one.version_id: self._graphs.get(one.version_id) for one in names}
        for version_id, document in found.items():
            graph = parse(document)
            graphs[version_id] = graph if isinstance(graph, Graph) else None
        self._graphs = graphs
        known = ((one, graphs[one.version_id]) for one in names)
        return [Neighbour(one.rule_id, one.name, graph) for one, graph in known if graph is not None]


async def with_warnings(
    models: Models, neighbours: Neighbours, conn: AsyncConnection, checked: Checked, rule_id: RuleId | None
) -> Checked:
    """What was checked, with the warnings behind its problems. Unchanged where the shape does not hold."""
    graph = checked.graph
    if graph is None:
        return checked
    table: TableModel | None = None
    trigger = graph.trigger
    if isinstance(trigger, ChangeTrigger):
        pair = (trigger.connection, trigger.table)
        table = (await models.see((await surroundings(conn)).connections, {pair})).lookup(*pair)
    others = [one for one in await neighbours.live(conn) if one.rule_id != rule_id]
    found = await asyncio.to_thread(_analysed, graph, rule_id, others, table)
    wrong = {one.node for one in checked.errors}
    # That a condition never holds follows from what is wrong in it: said once is enough.
    told = (one for one in found if one.code not in OF_CONDITIONS or one.node not in wrong)
    return msgspec.structs.replace(checked, problems=(*checked.problems, *told))


def _analysed(
    graph: Graph, rule_id: RuleId | None, others: list[Neighbour], table: TableModel | None
) -> tuple[Problem, ...]:
    mine = Neighbour(rule_id, graph.name, graph)
    return (*analyse(graph, table), *analyse_neighbours(mine, others, table))
