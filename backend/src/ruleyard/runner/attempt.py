"""One try at one action: intent first where the world cannot take it back, then the outcome in words.

An attempt with outcome `running` is committed before a mail or a request leaves. Whoever takes the run over
after a crash sees it: a mail is then of unknown outcome and the step fails visibly; a request is repeated
under its key; record writes are repeated because their key is kept with the record.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

import msgspec
from sqlalchemy.exc import DBAPIError

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import ActionContext, ActionKind, Promise, Tools, read_fields, redacted
from ruleyard.actions.records import STOPPED
from ruleyard.actions.registry import KINDS, kind_named
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.awaiting import Awaits
from ruleyard.core.graph import Action, is_timed
from ruleyard.core.plan import Plan
from ruleyard.core.run import Perform
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import FAILED, JSON, NodeId, StepState
from ruleyard.runner.book import Book
from ruleyard.runner.breaker import Breaker, Held, Passed
from ruleyard.runner.ledger import Ledger
from ruleyard.stores.claims import Claim
from ruleyard.stores.db import of_the_data, stopped
from ruleyard.stores.steps import Attempt, Outcome

log = logging.getLogger(__name__)

ACTION_TIMEOUT_S: Final = 20.0
"""No action takes longer, so that a worker that is asked to stop has ended its actions within 25 s."""
CLAIMS_MOST: Final = 5
"""So often a run is given back whose statement our own database stopped, as if that were away; then it is a failed try.
A message of which nobody knows whether it went out is never one: whoever takes the run over sees its mark."""
UNKNOWN: Final = "outcome-unknown"
MARKED: Final = frozenset(kind.name for kind in KINDS if kind.promise != "exactly-once")
"""Kinds that leave a mark in the world: their outcome is written before anything else is begun."""


class FencedOffError(Exception):
    """The run is not ours any more (taken over, cancelled): stop, write nothing."""


async def attempt(
    claim: Claim, plan: Plan, todo: Perform, book: Book, *, tools: Tools, ledger: Ledger, breaker: Breaker
) -> ActionFailed | Held | Awaits | None:
    """Tries once and puts the step with its outcome into the book. None when it succeeded.

    Held: it was not tried, for the system that it reaches does not answer; nothing was put. Awaits: it was done, and
    the step finishes when it is answered from outside.
    """
    before = book.step(todo.node)
    number = 1 + (before.attempts if before else 0)
    started_at = utc_text(utc_now())
    step = Step(
        node=todo.node,
        kind="action",
        state="running",
        input=redacted(todo.fields, todo.do),
        attempts=number,
        started_at=(before.started_at if before else None) or started_at,
    )
    tried = Attempt(node=todo.node, number=number, started_at=started_at, finished_at=None, outcome="running")
    target: str | None = None
    passed = Passed()
    try:
        kind = kind_named(todo.do)
        fields = read_fields(kind, todo.fields)
        target = await kind.target(fields, tools)
        if target is not None:
            entered = await breaker.enter(target)
            if isinstance(entered, Held):
                return entered
            passed = entered
        if kind.name in MARKED or book.marked:
            book.put(step, tried)
            if not await ledger.write(book.progress("running")):
                raise FencedOffError
        output = await _perform(kind, fields, _context(claim, plan, todo, tools), claims=claim.attempt)
    except ActionFailed as failure:
        if target is not None:
            await breaker.left(target, passed, failure)
        error = StepError(
            code=failure.code, message=failure.message, detail=failure.detail, args=failure.named
        )
        outcome: Outcome = "unknown" if failure.code == UNKNOWN else "failed"
        finished_at = utc_text(utc_now())
        book.put(
            msgspec.structs.replace(step, state="failed", error=error, finished_at=finished_at),
            msgspec.structs.replace(tried, outcome=outcome, error=error, finished_at=finished_at),
        )
        return failure
    if target is not None:
        await breaker.left(target, passed, None)
    finished_at = utc_text(utc_now())
    book.marked = kind.name in MARKED
    done = msgspec.structs.replace(tried, outcome="succeeded", finished_at=finished_at)
    if isinstance(output, Awaits):
        book.put(msgspec.structs.replace(step, state="waiting"), done)
        return output
    book.put(msgspec.structs.replace(step, state="succeeded", output=output, finished_at=finished_at), done)
    return None


async def _perform(kind: ActionKind, fields: object, context: ActionContext, *, claims: int) -> JSON | Awaits:
    try:
        async with asyncio.timeout(ACTION_TIMEOUT_S):
            return await kind.perform(fields, context)
    except DBAPIError as error:
        words = str(error.orig).partition(": ")[2] or str(error.orig)
        if stopped(error) and claims >= CLAIMS_MOST and kind.promise != "at-most-once":
            raise ActionFailed(STOPPED, words, retry=True, code="statement-stopped") from error
        if not of_the_data(error):
            raise
        raise ActionFailed("The database refused it.", words, code="database-refused") from error
    except TimeoutError as error:
        if kind.promise == "at-most-once":
            raise ActionFailed(
                "It took too long: it may or may not have happened.", code=UNKNOWN, away="silent"
            ) from error
        raise ActionFailed(
            f"It took longer than {ACTION_TIMEOUT_S:g} s.",
            retry=True,
            code="too-slow",
            away="silent",
            args={"seconds": ACTION_TIMEOUT_S},
        ) from error


def _context(claim: Claim, plan: Plan, todo: Perform, tools: Tools) -> ActionContext:
    trigger, node = plan.graph.trigger, plan.graph.node(todo.node)
    return ActionContext(
        run_id=claim.id,
        rule_id=claim.rule_id,
        rule_name=plan.graph.name,
        node_id=todo.node,
        event=claim.event,
        connection=trigger.connection,
        table=trigger.table,
        tools=tools,
        timeout_s=node.timeout if isinstance(node, Action) else None,
    )


def settle(book: Book, plan: Plan) -> StepError | None:
    """After a take-over: closes what was left open. An error means that the run cannot go on by itself.

    A message of which nobody knows whether it went out is the rule's to decide (`policy.unknown`).
    """
    stuck: StepError | None = None
    unknown = plan.graph.policy.unknown
    for step in book.steps:
        now = utc_text(utc_now())
        if step.node in book.awaited:
            continue
        if step.kind == "wait" and step.state == "waiting" and is_timed(plan.graph.node(step.node)):
            book.put(msgspec.structs.replace(step, state="succeeded", finished_at=now))
        elif step.state == "running" or (step.state == "waiting" and _quarantined(step)):
            error = StepError(
                code=UNKNOWN, message="The worker stopped in the middle: nobody knows whether this happened."
            )
            left = Attempt(step.node, step.attempts, step.started_at or now, now, "unknown", error)
            if _promise(plan, step.node) != "at-most-once" or unknown == "resend":
                book.put(step, left)
                continue
            handled = unknown == "do_not_resend" and plan.handles(step.node)
            state: StepState = "skipped" if unknown == "do_not_resend" and not handled else "failed"
            stuck = error if unknown == "ask" else stuck
            branch = FAILED if handled else None
            book.put(
                msgspec.structs.replace(step, state=state, error=error, branch=branch, finished_at=now), left
            )
    return stuck


def _quarantined(step: Step) -> bool:
    """Its worker died at it, and somebody tries the run again: what it did then is not known either."""
    return step.error is not None and step.error.code == "quarantined"


def _promise(plan: Plan, node_id: NodeId) -> Promise:
    node = plan.graph.node(node_id)
    return kind_named(node.do).promise if isinstance(node, Action) else "exactly-once"
