"""One run, from where it stands to where it rests: core decides, actions perform, the ledger writes.

Every write says the attempt it belongs to; when the run is not ours any more, performing ends in silence.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, assert_never

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from ruleyard.actions.failure import ActionFailed
from ruleyard.actions.kind import Tools, read_fields, redacted
from ruleyard.actions.registry import kind_named
from ruleyard.clock import utc_now, utc_text
from ruleyard.core.awaiting import Awaits
from ruleyard.core.deciding import way_names
from ruleyard.core.errors import RuleyardError
from ruleyard.core.event import Event
from ruleyard.core.graph import Trigger
from ruleyard.core.plan import Plan
from ruleyard.core.run import Await, Broken, Each, Finished, Next, Pause, Perform, decide
from ruleyard.core.settling import SETTLED_OVER, is_over
from ruleyard.core.trace import Step, StepError
from ruleyard.core.types import FAILED, NodeId, RunId
from ruleyard.runner.attempt import UNKNOWN, FencedOffError, attempt, settle
from ruleyard.runner.awaiting import Awaiting, as_known
from ruleyard.runner.book import Book
from ruleyard.runner.breaker import Breaker, Held, away_fault
from ruleyard.runner.hours import Closed, KeptHours
from ruleyard.runner.items import ItemRuns, rest_for
from ruleyard.runner.ledger import Ledger
from ruleyard.runner.news import News
from ruleyard.runner.plans import Plans
from ruleyard.runner.related import RunRelated
from ruleyard.runner.retry import RetryPolicy
from ruleyard.stores.batches import listed_events
from ruleyard.stores.claims import Claim
from ruleyard.stores.db import AWAY, passing, transaction
from ruleyard.stores.overlap import replaced_by, replaced_fault
from ruleyard.stores.resting import Resting
from ruleyard.stores.runs import release
from ruleyard.stores.steps import Attempt, steps_of

log = logging.getLogger(__name__)

HELD_MOST: Final = timedelta(days=1)
LET_GO_S: Final = 60.0
"""A run that could not go on is given back within this time, or its lease ends."""

_Rest: TypeAlias = Literal["queued", "waiting", "succeeded", "failed", "skipped", "cancelled"]


class Performer:
    """Performs claimed runs. Shared by all slots of a process."""

    def __init__(
        self,
        engine: AsyncEngine,
        plans: Plans,
        related: RunRelated,
        ledger: Ledger,
        tools: Tools,
        news: News,
        retry: RetryPolicy,
        breaker: Breaker,
        stopping: asyncio.Event,
        awaiting: Awaiting,
        hours: KeptHours,
    ) -> None:
        self._engine = engine
        self._plans = plans
        self._related = related
        self._ledger = ledger
        self._tools = tools
        self._news = news
        self._retry = retry
        self._breaker = breaker
        self._stopping = stopping
        self._awaiting = awaiting
        self._hours = hours
        self._items = ItemRuns(engine)

    async def perform(self, claim: Claim) -> None:
        """Until the run succeeds, fails, waits or is taken away. A fault of ours is logged."""
        book = Book(claim, ())
        plan: Plan | None = None
        self._news.moved(claim.id, claim.rule_id)
        try:
            try:
                plan = await self._plans.plan(claim.rule_id, claim.version_id)
                if claim.resumed:
                    book = Book(claim, await self._steps(claim))
                    await self._awaiting.take_up(claim, plan, book)
                await self._go_on(claim, plan, book)
            except RuleyardError as error:
                await self._rest(book, "failed", fault=StepError(error.code, error.message))
        except FencedOffError:
            log.info("run %s was taken away from attempt %s", claim.id, claim.attempt)
        except AWAY as error:
            if passing(error):
                log.warning("run %s stopped, our database does not answer: %s", claim.id, error)
                await self._let_go(claim)
            else:  # it would refuse the same again, for ever
                log.exception("our database refused what run %s does", claim.id)
                await self._give_up(book, error)
        except Exception as error:
            log.exception("run %s could not be performed", claim.id)
            await self._give_up(book, error)
        finally:
            self._news.moved(claim.id, claim.rule_id)
        if claim.item is not None and plan is not None:
            await self._items.ended(claim, plan)

    async def _steps(self, claim: Claim) -> tuple[Step, ...]:
        if claim.steps is not None:
            return claim.steps
        async with self._engine.connect() as conn:
            return await steps_of(conn, claim.id)

    async def _go_on(self, claim: Claim, plan: Plan, book: Book) -> None:
        book.ways = way_names(plan.graph)
        if (broken := book.broken) is not None:
            return await self._rest(book, "failed", fault=broken)
        if claim.resumed and (stuck := settle(book, plan)) is not None:
            return await self._rest(book, "failed", fault=stuck)
        if (why := await self._plans.blocked(claim.version_id)) is not None:
            return await self._rest(book, "failed", fault=why)
        if claim.item is None and not book.steps and is_over(plan, claim.event):
            return await self._rest(book, "skipped", fault=SETTLED_OVER)
        related = await self._related.of(claim, plan)
        begun = any(step.kind in ("action", "wait", "for_each") for step in book.steps)
        # An item is done to its end with the list that it belongs to; after a wait of its own it is asked, too.
        taken_up = claim.item is None or claim.resumed
        first = Perform if begun else Perform | Pause | Await | Each
        batch = await self._batch(claim, plan)
        item = await self._items.item_of(claim)
        while True:
            decision = decide(plan, claim.event, claim.event.at, book.done, related, batch, item)
            for step in decision.passed:
                book.put(_timed(step))
            if (by := await self._replaced_by(claim, plan, decision.next)) is not None:
                return await self._make_way(book, by)
            if taken_up and isinstance(decision.next, first):
                if (closed := await self._hours.closed(plan.graph, claim, book.steps)) is not None:
                    return await self._stay(book, decision.next, closed)
                taken_up = False
            match decision.next:
                case Finished(outcome):
                    return await self._rest(book, "succeeded" if outcome == "succeeded" else "skipped")
                case Broken(node, error):
                    book.put(_broken(plan, node, error, book))
                    return await self._rest(book, "failed", fault=error)
                case Pause(node, seconds, until):
                    now = utc_now()
                    at = datetime.fromisoformat(until) if until else now + timedelta(seconds=seconds)
                    if at <= now:
                        book.put(_timed(Step(node, "wait", "succeeded", until=utc_text(at))))
                        continue
                    book.put(_timed(Step(node, "wait", "waiting", until=utc_text(at)), finished=False))
                    return await self._rest(book, "waiting", wake_in_s=(at - now).total_seconds())
                case Await(node, awaits):
                    book.put(book.step(node) or _timed(Step(node, "wait", "waiting"), finished=False))
                    return await self._await(claim, plan, book, node, awaits)
                case Each() as each:
                    return await self._go_through(claim, plan, book, each)
                case Perform() as todo if (known := book.awaited.get(todo.node)) is not None:
                    return await self._await(claim, plan, book, todo.node, as_known(known))
                case Perform() as todo:
                    if self._stopping.is_set():
                        return await self._rest(book, "queued")
                    failure = await attempt(
                        claim,
                        plan,
                        todo,
                        book,
                        tools=self._tools,
                        ledger=self._ledger,
                        breaker=self._breaker,
                    )
                    if isinstance(failure, Awaits):
                        return await self._await(claim, plan, book, todo.node, failure)
                    if isinstance(failure, Held):
                        if not await self._hold(plan, todo, failure, book):
                            return None
                        continue
                    if failure is None or _goes_on(plan, todo, failure, book):
                        continue
                    if not await self._fail(plan, todo, failure, book):
                        return None
                case _:
                    assert_never(decision.next)

    async def _batch(self, claim: Claim, plan: Plan) -> Sequence[Event]:
        """An item goes on with the list of the run that it belongs to."""
        of_run = claim.parent if plan.graph.policy.batch is not None else None
        listing = claim.batch_run or of_run
        if listing is None:
            return ()
        async with self._engine.connect() as conn:
            return await listed_events(conn, listing)

    async def _go_through(self, claim: Claim, plan: Plan, book: Book, each: Each) -> None:
        """Opens a run for every item, and rests until all have ended. Tried again, it tries again what failed."""
        step = book.step(each.node) or Step(each.node, "for_each", "waiting")
        if not await self._items.open(claim, plan, each, again=step.error is not None):
            raise FencedOffError
        told = msgspec.structs.replace(step, input={"count": len(each.items)}, error=None)
        book.put(_timed(told, finished=False))
        await self._await(claim, plan, book, each.node, rest_for(plan, each))

    async def _await(self, claim: Claim, plan: Plan, book: Book, node: NodeId, awaits: Awaits) -> None:
        """Rests until it is answered. What holds already is answered right after."""
        try:
            resting = await self._awaiting.resting(claim, book, node, awaits)
        except ActionFailed as failure:
            fault = StepError(failure.code, failure.message, failure.detail, args=failure.named)
            book.put(_broken(plan, node, fault, book))
            await self._rest(book, "failed", fault=fault)
            return
        seconds = resting.awaits.seconds
        step = book.step(node)
        if step is not None:
            until = None if seconds is None else utc_text(utc_now() + timedelta(seconds=seconds))
            book.put(msgspec.structs.replace(step, until=step.until or until))
        await self._rest(book, "waiting", wake_in_s=seconds, resting=resting)
        await self._awaiting.look(claim, plan, resting)

    async def _replaced_by(self, claim: Claim, plan: Plan, coming: Next) -> RunId | None:
        """Asked before whatever could be left undone; what is finished is finished."""
        if plan.graph.policy.overlap != "restart" or not isinstance(coming, Perform | Pause | Await | Each):
            return None
        async with self._engine.connect() as conn:
            return await replaced_by(conn, claim.id)

    async def _stay(self, book: Book, coming: Next, closed: Closed) -> None:
        """Until the hours of the rule begin; a step that was waited for before says so, too."""
        if closed.until is None:
            return await self._rest(book, "skipped", fault=closed.fault)
        wake_in_s = max(0.0, (closed.until - utc_now()).total_seconds())
        step = book.step(coming.node) if isinstance(coming, Perform) else None
        if step is not None:
            waits = msgspec.structs.replace(step, state="waiting", error=closed.fault, finished_at=None)
            book.put(msgspec.structs.replace(waits, until=utc_text(closed.until)))
        return await self._rest(book, "waiting", fault=closed.fault, wake_in_s=wake_in_s)

    async def _make_way(self, book: Book, by: RunId) -> None:
        at = utc_text(utc_now())
        for step in book.steps:
            if step.state in ("running", "waiting"):
                book.put(msgspec.structs.replace(step, state="skipped", finished_at=at, until=None))
        await self._rest(book, "cancelled", fault=replaced_fault(by))

    async def _fail(self, plan: Plan, todo: Perform, failure: ActionFailed, book: Book) -> bool:
        """The run waits to try again, goes on by the failed path (True), or fails."""
        step = book.step(todo.node)
        fault = StepError(failure.code, failure.message, failure.detail, args=failure.named)
        policy = plan.graph.policy
        again = failure.retry or (failure.code == UNKNOWN and policy.unknown == "resend")
        tries = plan.tries(todo.node)
        if step is not None and again and (tries is not None or policy.on_error == "retry"):
            delay_s = self._retry.delay_s(step.attempts, failure.retry_after_s, attempts=tries)
            last = tries is not None and delay_s is None
            if failure.away == "silent" and not last and (held := await self._held(todo)) is not None:
                return await self._hold(plan, todo, held, book)
            if delay_s is not None:
                until = utc_text(utc_now() + timedelta(seconds=delay_s))
                book.put(msgspec.structs.replace(step, state="waiting", finished_at=None, until=until))
                await self._rest(book, "waiting", fault=fault, wake_in_s=delay_s)
                return False
        asks = failure.code == UNKNOWN and policy.unknown == "ask"
        if step is not None and not asks and plan.handles(todo.node):
            book.put(msgspec.structs.replace(step, branch=FAILED))
            book.marked = True
            return True
        await self._rest(book, "failed", fault=fault)
        return False

    async def _held(self, todo: Perform) -> Held | None:
        kind = kind_named(todo.do)
        target = await kind.target(read_fields(kind, todo.fields), self._tools)
        return None if target is None else await self._breaker.held(target)

    async def _hold(self, plan: Plan, todo: Perform, held: Held, book: Book) -> bool:
        """Waits for a system that does not answer. That is no try; after a day the action has failed.

        True: the run goes on by the failed path.
        """
        step = book.step(todo.node) or Step(
            todo.node, "action", "waiting", input=redacted(todo.fields, todo.do)
        )
        started_at = step.started_at or utc_text(utc_now())
        if datetime.fromisoformat(started_at) + HELD_MOST < utc_now():
            fault = away_fault(held.target, None)
            handled = plan.handles(todo.node)
            branch = FAILED if handled else None
            book.put(
                msgspec.structs.replace(_timed(step), state="failed", error=fault, branch=branch, until=None)
            )
            if not handled:
                await self._rest(book, "failed", fault=fault)
            return handled
        until = utc_text(utc_now() + timedelta(seconds=held.wait_s))
        fault = away_fault(held.target, until)
        book.put(
            msgspec.structs.replace(
                step, state="waiting", error=fault, started_at=started_at, finished_at=None, until=until
            )
        )
        await self._rest(book, "waiting", fault=fault, wake_in_s=held.wait_s)
        return False

    async def _give_up(self, book: Book, error: Exception) -> None:
        """A fault of ours: trying again would meet it again."""
        words = f"Ruleyard itself failed here ({type(error).__name__}); the worker's log says more."
        fault = StepError("internal", words)
        for step in book.steps:
            if step.state == "running":
                at = utc_text(utc_now())
                left = Attempt(step.node, step.attempts, step.started_at or at, at, "unknown", fault)
                book.put(msgspec.structs.replace(step, state="failed", error=fault, finished_at=at), left)
        with suppress(*AWAY, FencedOffError):
            await self._rest(book, "failed", fault=fault)

    async def _let_go(self, claim: Claim) -> None:
        """Given back as soon as our database answers: whoever takes it sees what was begun. We are not dead."""
        until = time.monotonic() + LET_GO_S
        while time.monotonic() < until:
            try:
                async with transaction(self._engine) as conn:
                    await release(conn, [(claim.id, claim.attempt)])
            except AWAY:
                await asyncio.sleep(0.5)
            else:
                return

    async def _rest(
        self,
        book: Book,
        state: _Rest,
        *,
        fault: StepError | None = None,
        wake_in_s: float | None = None,
        resting: Resting | None = None,
    ) -> None:
        words = "" if fault is None else f"{fault.message} {fault.detail}".strip()
        if state in ("succeeded", "skipped", "cancelled"):
            book.close_all()
        progress = book.progress(state, error=words, fault=fault, wake_in_s=wake_in_s, resting=resting)
        if not await self._ledger.write(progress):
            raise FencedOffError


def _goes_on(plan: Plan, todo: Perform, failure: ActionFailed, book: Book) -> bool:
    """Whether the rule goes on where nobody knows whether a message went out; its step then says so.

    Where the action has a failed path, it is taken for failed instead.
    """
    step = book.step(todo.node)
    if failure.code != UNKNOWN or plan.graph.policy.unknown != "do_not_resend":
        return False
    if step is None or plan.handles(todo.node):
        return False
    book.put(msgspec.structs.replace(step, state="skipped"))
    return True


def _timed(step: Step, *, finished: bool = True) -> Step:
    now = utc_text(utc_now())
    return msgspec.structs.replace(
        step, started_at=step.started_at or now, finished_at=(step.finished_at or now) if finished else None
    )


def _broken(plan: Plan, node: NodeId, error: StepError, book: Book) -> Step:
    """The step at which an expression could not be decided; what was seen before it broke is kept."""
    seen = book.step(node)
    if seen is not None:
        return msgspec.structs.replace(_timed(seen), state="failed", error=error)
    at = plan.graph.node(node)
    kind = "trigger" if isinstance(at, Trigger) else at.kind
    return _timed(Step(node, kind, "failed", error=error))
