"""Plans by version: a version never changes, so a compiled one is kept as long as there is room."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.document import parse
from ruleyard.core.errors import Invalid
from ruleyard.core.graph import Graph
from ruleyard.core.plan import Plan, compile_plan
from ruleyard.core.trace import StepError
from ruleyard.core.types import RuleId, VersionId
from ruleyard.stores.drift import blocked_versions
from ruleyard.stores.runs import version_document

KEPT: Final = 2000
ASK_S: Final = 2.0


class Plans:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._plans: OrderedDict[VersionId, Plan] = OrderedDict()
        self._blocked: dict[VersionId, StepError] = {}
        self._asked_at = float("-inf")

    async def plan(self, rule_id: RuleId, version_id: VersionId) -> Plan:
        """The plan of a published version. Invalid where this release cannot read its document."""
        plan = self._plans.get(version_id)
        if plan is None:
            async with self._engine.connect() as conn:
                document = await version_document(conn, version_id)
            graph = parse(document)
            if not isinstance(graph, Graph):
                raise Invalid("This version cannot be read by this release of Ruleyard.", problems=graph)
            plan = self._plans[version_id] = compile_plan(rule_id, version_id, graph)
            if len(self._plans) > KEPT:
                self._plans.popitem(last=False)
        else:
            self._plans.move_to_end(version_id)
        return plan

    async def blocked(self, version_id: VersionId) -> StepError | None:
        """Why runs of this version cannot make sense any more: its table changed. Asked for every few seconds."""
        if time.monotonic() - self._asked_at > ASK_S:
            self._asked_at = time.monotonic()
            async with self._engine.connect() as conn:
                self._blocked = await blocked_versions(conn)
        return self._blocked.get(version_id)
