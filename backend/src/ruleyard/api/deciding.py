"""Answers to questions for approval: by somebody who is signed in, or by a link. The first one counts.

Must not know how runs go on: the rest of the run is told, and its slot rung.
"""

from __future__ import annotations

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.house import House
from ruleyard.api.shapes.approvals import GiveAnswer
from ruleyard.core.errors import Conflict, Invalid, NotFound
from ruleyard.core.types import AccountId, JSONObject
from ruleyard.stores import approvals, audit, awaited
from ruleyard.stores.approvals import Approval, answer_of
from ruleyard.stores.awaited import Woken
from ruleyard.stores.db import transaction


class Answerer(msgspec.Struct, frozen=True):
    """Who answers. `actor` is what the audit log shows; `detail` what it keeps besides."""

    actor: str
    by: str
    name: str
    account_id: AccountId | None = None
    api_key_id: int | None = None
    by_link: bool = False
    for_others: bool = False
    detail: JSONObject = {}


async def give_answer(house: House, approval_id: int, who: Answerer, given: GiveAnswer) -> Approval:
    """Conflict where it was answered, is late or its run has ended; Invalid where a refusal needs a comment."""
    async with transaction(house.engine) as conn:
        decided, woken = await _decide(conn, approval_id, who, given)
    if woken is not None:
        await house.bells.ring_slots([woken.slot])
    await house.bells.publish_live("approval", {"id": approval_id})
    await house.bells.publish_live("run", {"run_id": decided.run_id, "rule_id": decided.rule_id})
    return decided


async def _decide(
    conn: AsyncConnection, approval_id: int, who: Answerer, given: GiveAnswer
) -> tuple[Approval, Woken | None]:
    await approvals.lock(conn, approval_id)
    asked = await read(conn, approval_id, who.account_id)
    refuse_closed(asked)
    comment = given.comment.replace("\x00", "").strip()
    if given.answer == "refused" and asked.comment == "on_refusal" and not comment:
        raise Invalid("Say why you refuse.", code="comment-needed")
    await approvals.keep_answer(
        conn,
        approval_id,
        given.answer,
        comment,
        by=who.by,
        name=who.name,
        by_link=who.by_link,
        for_others=who.for_others,
    )
    decided = await read(conn, approval_id, who.account_id)
    answer = answer_of(decided)
    woken = None if answer is None else await awaited.answer(conn, decided.run_id, decided.node, answer)
    detail: JSONObject = {"question": decided.question, **who.detail}
    if comment:
        detail["comment"] = comment
    act: audit.Act = "approve" if given.answer == "approved" else "refuse"
    await audit.record(conn, who, act, f"run:{decided.run_id}", detail)
    return decided, woken


async def read(conn: AsyncConnection, approval_id: int, account: AccountId | None) -> Approval:
    """NotFound where there is no such question."""
    found = await approvals.approval(conn, approval_id, account)
    if found is None:
        raise NotFound("There is no such question (any more).", code="no-such-approval")
    return found


def refuse_closed(asked: Approval) -> None:
    """Conflict where nothing can be answered any more: who answered what, or why nobody can."""
    match asked.standing:
        case "open":
            return
        case "late":
            raise Conflict("The time for an answer is over: the run has gone on.", code="approval-late")
        case "cancelled":
            raise Conflict("The run that asked has ended: no answer is needed.", code="approval-over")
        case answered:
            name = asked.answered_name or asked.answered_by
            words = f"{name} has {answered} this already."
            raise Conflict(words, code="approval-answered")
