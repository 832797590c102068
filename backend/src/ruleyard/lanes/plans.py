"""The plans of the live versions, kept per process and renewed when the generation number changed.

Knows where live versions come from and that core compiles them; knows nothing of events.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.core.document import parse
from ruleyard.core.match import Index
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.types import VersionId
from ruleyard.logs import get_logger
from ruleyard.stores.generation import current_generation
from ruleyard.stores.live import LiveVersion, connection_names, live_versions

log = get_logger(__name__)


class Plans:
    """Compiled once per version; the index is made anew whenever the generation moved on."""

    def __init__(self) -> None:
        self._generation = -1
        self._plans: dict[VersionId, Plan] = {}
        self._index = Index((), {})

    async def index(self, conn: AsyncConnection) -> Index:
        """The index of what is live, as this transaction sees it.

        The number is read first: a publish in between is seen again at the next batch, never missed.
        """
        number = await current_generation(conn)
        if number != self._generation:
            versions = await live_versions(conn)
            names = await connection_names(conn)
            plans: dict[VersionId, Plan] = {}
            for version in versions:
                plan = self._plans.get(version.version_id) or compiled(version)
                if plan is not None:
                    plans[version.version_id] = plan
            self._plans, self._index, self._generation = plans, Index(plans.values(), names), number
        return self._index


def compiled(version: LiveVersion) -> Plan | None:
    """None (and an error in the log) for a stored document that this build cannot read."""
    graph = parse(version.document)
    if isinstance(graph, tuple):
        problems = "; ".join(problem.message for problem in graph)
        log.error("live version cannot be read", version_id=version.version_id, problems=problems)
        return None
    return compile_plan(version.rule_id, version.version_id, graph)
