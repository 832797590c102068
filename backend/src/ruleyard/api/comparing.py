"""Compare two versions of a rule. On which stored events they differ is a back-test: `version` and `against`."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.checking import surroundings
from ruleyard.api.house import House
from ruleyard.core.diff import Diff, diff
from ruleyard.core.document import parse
from ruleyard.core.errors import Invalid
from ruleyard.core.graph import ChangeTrigger, Graph
from ruleyard.core.types import RuleId
from ruleyard.stores import versions


async def compare_versions(
    house: House, conn: AsyncConnection, rule_id: RuleId, number: int, other: int
) -> Diff:
    """From version `number` to version `other`."""
    graphs: list[Graph] = []
    for one in (number, other):
        graph = parse((await versions.version_numbered(conn, rule_id, one)).document)
        if not isinstance(graph, Graph):
            raise Invalid(f"Version {one} cannot be read any more.", code="rule-has-problems", problems=graph)
        graphs.append(graph)
    trigger = graphs[1].trigger
    table = None
    if isinstance(trigger, ChangeTrigger):
        around = await surroundings(conn)
        pair = (trigger.connection, trigger.table)
        table = (await house.models.see(around.connections, {pair})).lookup(*pair)
    return diff(graphs[0], graphs[1], table)
