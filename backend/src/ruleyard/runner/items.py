"""Item runs while they are performed: opened for a list, given what stands around them, and their ending told.

A run that comes to a list opens them in one transaction, then rests for all of them; the last one that ends answers it.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.core.awaiting import Answer, Awaits
from ruleyard.core.graph import ForEach
from ruleyard.core.items import ITEMS, Item
from ruleyard.core.plan import Plan
from ruleyard.core.run import Each
from ruleyard.core.trace import Step, is_finished, is_passed_over
from ruleyard.core.types import NodeId, RunId
from ruleyard.runner.awaiting import Looking
from ruleyard.stores import items
from ruleyard.stores.claims import Claim
from ruleyard.stores.db import AWAY, transaction
from ruleyard.stores.items import ItemPlace
from ruleyard.stores.steps import steps_of

log = logging.getLogger(__name__)

KEPT: Final = 16
"""Runs whose steps are kept for their items: they are finished, and read by each of them."""


class ItemRuns:
    """Shared by all slots of a process."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._outer: OrderedDict[tuple[RunId, NodeId], tuple[Step, ...]] = OrderedDict()

    async def open(self, claim: Claim, plan: Plan, todo: Each, *, again: bool) -> bool:
        """False: the run is not ours any more. `again`: what failed before is tried once more."""
        place = next(number for number, node in enumerate(plan.graph.nodes) if node.id == todo.node)
        async with transaction(self._engine) as conn:
            return await items.open_items(
                conn,
                ItemPlace(claim.id, todo.node, place),
                claim.attempt,
                todo.items,
                in_order=_in_order(plan, todo.node),
                again=again,
            )

    async def item_of(self, claim: Claim) -> Item | None:
        """What an item run is for, with the finished steps around it; None for a run of its own."""
        if claim.item is None or claim.parent is None:
            return None
        place = claim.parent, claim.item.node
        if place not in self._outer:
            async with self._engine.connect() as conn:
                steps = await steps_of(conn, claim.parent)
            self._outer[place] = tuple(one for one in steps if is_finished(one) and not is_passed_over(one))
            if len(self._outer) > KEPT:
                self._outer.popitem(last=False)
        return msgspec.structs.replace(claim.item, outer=self._outer[place])

    async def ended(self, claim: Claim, plan: Plan) -> None:
        """Whatever became of an item run: where it was the last, the run that rests for the list goes on.

        Where our database is away the clock finds it.
        """
        if claim.item is None or claim.parent is None:
            return
        try:
            async with transaction(self._engine) as conn:
                in_order = _in_order(plan, claim.item.node)
                await items.answer_for(conn, claim.parent, claim.item.node, in_order=in_order)
        except AWAY as error:
            log.warning("item %s of run %s ended, and was not told: %s", claim.id, claim.parent, error)


def rest_for(plan: Plan, todo: Each) -> Awaits:
    return Awaits(ITEMS, what={"count": len(todo.items), "in_order": _in_order(plan, todo.node)})


async def look_at_items(looking: Looking) -> Answer | None:
    """All of them may have ended before the run came to rest."""
    in_order = _in_order(looking.plan, looking.node)
    async with transaction(looking.engine) as conn:
        return await items.answer_of(conn, looking.claim.id, looking.node, in_order=in_order)


def _in_order(plan: Plan, node: NodeId) -> bool:
    """Does the first failure stop the list?"""
    found = plan.nodes[node]
    return isinstance(found, ForEach) and found.on_item_error == "stop"
