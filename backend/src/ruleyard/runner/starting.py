"""Rules that start others: an event or a start by hand goes into our own log, once per run and node.

The key is taken and the events are written in one transaction: what was done is known at every later try.
"""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext
from ruleyard.core.rule_refs import RuleCard, found
from ruleyard.core.types import JSON, EventId, JSONObject
from ruleyard.stores import hooks, set_off
from ruleyard.stores.db import transaction
from ruleyard.stores.emit import emit
from ruleyard.stores.rule_cards import rule_cards
from ruleyard.stores.told import tell


async def rule_meant(engine: AsyncEngine, ref: JSON) -> RuleCard:
    """The rule that is meant, on. ActionFailed (permanent) where there is none, or it is off."""
    async with engine.connect() as conn:
        card = found(ref, await rule_cards(conn, ref))
    name = ref.get("name") or ref.get("id") if isinstance(ref, dict) else None
    if card is None:
        raise ActionFailed(
            f"There is no rule “{name}” (any more).", code="unknown-rule", args={"rule": str(name)}
        )
    if not card.on:
        raise ActionFailed(
            f"The rule “{card.name}” is off: nothing was started.", code="rule-off", args={"rule": card.name}
        )
    return card


async def emit_once(
    engine: AsyncEngine, context: ActionContext, kind: str, data: JSONObject
) -> tuple[str, ...]:
    """One event for each rule that is on and starts with this type; their names. Runs that wait for it go on."""
    async with transaction(engine) as conn:
        known = await set_off.earlier(conn, context.key)
        if known is not None:
            return known.rules
        listening = await hooks.listening_for(conn, kind)
        last = None
        await tell(conn, kind, context.key, data, actor=context.rule_name, cause=context.cause)
        for rule in listening:
            last = await emit(
                conn,
                rule.id,
                "webhook",
                data,
                cause=context.cause,
                actor=context.rule_name,
                request=context.key,
            )
        made = set_off.SetOff(tuple(rule.name for rule in listening), last)
        await set_off.remember(conn, context.run_id, context.key, made)
        return made.rules


async def start_once(
    engine: AsyncEngine,
    context: ActionContext,
    rule: RuleCard,
    after: JSONObject | None,
    *,
    record: str | None,
) -> EventId:
    """A manual event of the rule. Starts on one record are one record's to its order; others stand for themselves."""
    async with transaction(engine) as conn:
        known = await set_off.earlier(conn, context.key)
        if known is not None and known.event is not None:
            return known.event
        event = await emit(
            conn,
            rule.id,
            "manual",
            after,
            before=None if record is None else after,
            cause=context.cause,
            actor=context.rule_name,
            request=record or context.key,
        )
        await set_off.remember(conn, context.run_id, context.key, set_off.SetOff((rule.name,), event))
        return event
