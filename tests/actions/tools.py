"""What an action is lent when there is no runner: guarded HTTP to a receiver, and places and gateways of the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ruleyard.actions.guard import Outbound
from ruleyard.actions.kind import ActionContext
from ruleyard.actions.places import HttpPlace
from ruleyard.actions.sms import SmsGateway
from ruleyard.core.event import Event
from ruleyard.core.types import EventId, LogId, NodeId, RuleId, RunId

EVENT = Event(
    log=LogId(1),
    id=EventId(1),
    lane=0,
    table="public.leads",
    op="update",
    key={"id": 41},
    at="2026-05-01T09:00:00+00:00",
)


class Lent:
    """`actions.kind.Tools` as far as HTTP goes."""

    def __init__(self, http: Outbound, place: HttpPlace | None, gateway: SmsGateway | None) -> None:
        self.http = http
        self._place, self._gateway = place, gateway

    async def http_place(self, name: str) -> HttpPlace:
        assert self._place is not None
        return self._place

    async def sms_gateway(self, name: str | None) -> SmsGateway:
        assert self._gateway is not None
        return self._gateway


@asynccontextmanager
async def lent(
    *allow: str, place: HttpPlace | None = None, gateway: SmsGateway | None = None, timeout_s: float = 10
) -> AsyncIterator[ActionContext]:
    """The context of run 1, node h; `allow` are the addresses that the guard lets through."""
    http = Outbound(allow, timeout_s=timeout_s)
    try:
        yield ActionContext(
            run_id=RunId(1),
            rule_id=RuleId(1),
            rule_name="r",
            node_id=NodeId("h"),
            event=EVENT,
            connection="crm",
            table="public.leads",
            tools=Lent(http, place, gateway),  # type: ignore[arg-type]
        )
    finally:
        await http.close()
