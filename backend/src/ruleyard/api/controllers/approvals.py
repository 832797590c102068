"""Questions for approval: list, answer, remind; and by a link that was mailed, without signing in.

Opening a link shows the question and decides nothing, for mail scanners open links, too.
"""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.deciding import Answerer, give_answer, read, refuse_closed
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.guards import ANYONE
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit
from ruleyard.api.problems import TooManyTries
from ruleyard.api.shapes.approvals import (
    ApprovalCount,
    ApprovalInfo,
    ApprovalPage,
    GiveAnswer,
    LinkedApproval,
)
from ruleyard.core.errors import Conflict, Forbidden, NotFound
from ruleyard.stores import approval_mails, approvals, audit
from ruleyard.stores.approval_mails import Holder
from ruleyard.stores.approvals import Approval, Which
from ruleyard.stores.db import transaction

AnyRequest = Request[Any, Any, Any]
UNSEEN = {"X-Robots-Tag": "noindex, nofollow"}


class ApprovalsController(Controller):
    path = "/approvals"
    tags = ("approvals",)

    @get(opt={"role": "viewer"}, summary="List questions for approval, newest first")
    async def list_approvals(
        self,
        house: OurHouse,
        caller: TheCaller,
        mine: FromQuery[bool] = False,
        which: FromQuery[Which] = "open",
        run_id: FromQuery[int | None] = None,
        cursor: Cursor = None,
        limit: Limit = 25,
    ) -> ApprovalPage:
        async with transaction(house.engine) as conn:
            found = await approvals.list_approvals(
                conn,
                caller.account_id,
                mine=mine,
                which=which,
                run_id=run_id,
                cursor=cursor,
                limit=limit,
            )
        return ApprovalPage(tuple(_info(one, caller) for one in found.items), found.next)

    @get("/count", opt={"role": "viewer"}, summary="How many questions wait for your answer")
    async def count_approvals(self, house: OurHouse, caller: TheCaller) -> ApprovalCount:
        if caller.account_id is None:
            return ApprovalCount(0)
        async with transaction(house.engine) as conn:
            return ApprovalCount(await approvals.count_mine(conn, caller.account_id))

    @post(
        "/{approval_id:int}/answer",
        opt={"role": "viewer"},
        status_code=200,
        summary="Approve or refuse; the first answer counts",
        description="Only those who are asked may answer; an administrator may for them, and it is recorded so.",
    )
    async def answer_approval(
        self, house: OurHouse, caller: TheCaller, approval_id: FromPath[int], data: JSONBody[GiveAnswer]
    ) -> ApprovalInfo:
        async with transaction(house.engine) as conn:
            asked = await read(conn, approval_id, caller.account_id)
        if not _may_answer(asked, caller):
            raise Forbidden(
                "You are not asked: only those who are, and administrators, may answer.", code="not-asked"
            )
        who = Answerer(
            actor=caller.actor,
            by=caller.email or caller.actor,
            name=caller.name or caller.actor,
            account_id=caller.account_id,
            api_key_id=caller.api_key_id,
            for_others=not asked.mine,
            detail={} if asked.mine else {"for": [*asked.asked]},
        )
        return _info(await give_answer(house, approval_id, who, data), caller)

    @post(
        "/{approval_id:int}/remind",
        opt={"role": "editor"},
        status_code=200,
        summary="Mail a reminder now to those who are asked",
    )
    async def remind_now(
        self, house: OurHouse, caller: TheCaller, approval_id: FromPath[int]
    ) -> ApprovalInfo:
        async with transaction(house.engine) as conn:
            asked = await read(conn, approval_id, caller.account_id)
            refuse_closed(asked)
            if asked.mailed_by is None:
                raise Conflict("This question is not mailed: it stands in Ruleyard alone.", code="not-mailed")
            if not await approval_mails.call(conn, approval_id):
                raise Conflict(
                    f"They were reminded a moment ago, or {approval_mails.MOST_CALLS} times already.",
                    code="reminded",
                )
            await audit.record(conn, caller, "remind", f"run:{asked.run_id}", {"question": asked.question})
        await house.bells.publish_live("approval", {"id": approval_id})
        return _info(asked, caller)

    @get(
        "/by-link/{token:str}",
        opt={"role": ANYONE, "public": True},
        summary="The question behind a link that was mailed; nothing is decided by it",
    )
    async def read_by_link(
        self, house: OurHouse, request: AnyRequest, token: FromPath[str]
    ) -> Response[LinkedApproval]:
        holder = await _holder(house, request, token)
        async with transaction(house.engine) as conn:
            return await _linked(conn, holder)

    @post(
        "/by-link/{token:str}",
        opt={"role": ANYONE, "public": True},
        status_code=200,
        summary="Approve or refuse by a link that was mailed",
    )
    async def answer_by_link(
        self, house: OurHouse, request: AnyRequest, token: FromPath[str], data: JSONBody[GiveAnswer]
    ) -> Response[LinkedApproval]:
        holder = await _holder(house, request, token)
        who = Answerer(
            actor=f"{holder.email} (link)",
            by=holder.email,
            name=holder.name,
            by_link=True,
            detail={"link": True, "address": _address(request)},
        )
        await give_answer(house, holder.approval_id, who, data)
        async with transaction(house.engine) as conn:
            return await _linked(conn, holder)


def _address(request: AnyRequest) -> str:
    return request.client.host if request.client else ""


async def _holder(house: House, request: AnyRequest, token: str) -> Holder:
    """NotFound for a link that leads nowhere; TooManyTries for an address from which many of those come."""
    address = _address(request)
    async with transaction(house.engine) as conn:
        holder = await approval_mails.holder_of(conn, token)
        if holder is not None:
            return holder
        if await approval_mails.wrong_links(conn, address) >= approval_mails.WRONG_LINKS:
            raise TooManyTries(
                f"Too many links that lead nowhere. Wait {approval_mails.WRONG_MINUTES} minutes, then try again.",
                retry_after_s=approval_mails.WRONG_MINUTES * 60,
            )
        await approval_mails.count_wrong(conn, address)
    raise NotFound("This link leads nowhere (any more).", code="no-such-approval")


async def _linked(conn: AsyncConnection, holder: Holder) -> Response[LinkedApproval]:
    one = await read(conn, holder.approval_id, None)
    shown = LinkedApproval(
        question=one.question,
        details=one.details,
        standing=one.standing,
        you=holder.name,
        comment_needed=one.comment == "on_refusal",
        until=one.until,
        answered_by=one.answered_name,
        answered_at=one.answered_at,
        comment=one.answer_comment,
    )
    return Response(shown, headers=UNSEEN)


def _may_answer(one: Approval, caller: Caller) -> bool:
    return one.mine or caller.may("admin")


def _info(one: Approval, caller: Caller) -> ApprovalInfo:
    return ApprovalInfo(
        id=one.id,
        run_id=one.run_id,
        node=one.node,
        rule_id=one.rule_id,
        rule_name=one.rule_name,
        question=one.question,
        details=one.details,
        standing=one.standing,
        asked=one.asked,
        mine=one.mine,
        may_answer=_may_answer(one, caller),
        comment_needed=one.comment == "on_refusal",
        mailed=one.mailed_by is not None,
        asked_at=one.asked_at,
        until=one.until,
        answered_by=one.answered_name,
        answered_at=one.answered_at,
        by_link=one.by_link,
        for_others=one.for_others,
        comment=one.answer_comment,
        troubles=one.troubles,
    )
