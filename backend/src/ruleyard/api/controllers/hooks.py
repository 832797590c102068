"""Requests from elsewhere: the address of a rule and what comes to it; CloudEvents for the rules that wait for one."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, delete, get, post, put
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.actions.signing import key_of
from ruleyard.api.cloud_events import data_of, refuse_binary
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.guards import ANYONE
from ruleyard.api.house import House
from ruleyard.api.problems import Malformed
from ruleyard.api.receiving import MOST_BYTES, receive, take_in
from ruleyard.api.shapes.hooks import (
    CloudEvent,
    CloudEvents,
    HookInfo,
    Received,
    SetSignature,
    SignatureSet,
    Started,
    TakenIn,
)
from ruleyard.api.signatures import new_secret
from ruleyard.core.errors import NotFound
from ruleyard.core.types import JSONObject, RuleId
from ruleyard.core.webhook import as_data, event_type
from ruleyard.stores import audit, hook_signatures, hooks, rules, told
from ruleyard.stores.db import transaction


class HooksController(Controller):
    path = "/"
    tags = ("hooks",)

    @get(
        "/rules/{rule_id:int}/hook",
        opt={"role": "editor"},
        summary="The address that starts the rule, and what came",
    )
    async def read_hook(self, house: OurHouse, rule_id: FromPath[int]) -> HookInfo:
        async with transaction(house.engine) as conn:
            await rules.rule_row(conn, RuleId(rule_id))
            hook = await hooks.hook_of(conn, house.settings, RuleId(rule_id))
            return await _info(house, conn, RuleId(rule_id), hook)

    @post(
        "/rules/{rule_id:int}/hook/renew",
        opt={"role": "publisher"},
        status_code=200,
        summary="A new address; the old one leads nowhere from then on",
    )
    async def renew_hook(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> HookInfo:
        async with transaction(house.engine) as conn:
            await rules.rule_row(conn, RuleId(rule_id))
            hook = await hooks.renew(conn, house.settings, RuleId(rule_id))
            await audit.record(conn, caller, "renew hook", f"rule:{rule_id}")
            return await _info(house, conn, RuleId(rule_id), hook)

    @put(
        "/rules/{rule_id:int}/hook/signature",
        opt={"role": "publisher"},
        summary="Take only requests that are signed; a secret that is made here is told once",
    )
    async def set_signature(
        self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int], data: JSONBody[SetSignature]
    ) -> SignatureSet:
        rule = RuleId(rule_id)
        async with transaction(house.engine) as conn:
            await rules.rule_row(conn, rule)
            _refuse_unfit(data)
            known = await hook_signatures.signature_of(conn, rule)
            makes = data.secret is None and (data.renew or known is None or known.scheme != data.scheme)
            made = new_secret(data.scheme) if makes else None
            await hook_signatures.set_signature(
                conn,
                house.settings,
                rule,
                scheme=data.scheme,
                header=data.header,
                encoding=data.encoding,
                prefix=data.prefix,
                secret=data.secret or made,
            )
            detail: JSONObject = {"scheme": data.scheme, "secret": bool(data.secret or made)}
            await audit.record(conn, caller, "set hook signature", f"rule:{rule}", detail)
            now = await hook_signatures.signature_of(conn, rule)
        return SignatureSet(signature=required(now), secret=made)

    @delete(
        "/rules/{rule_id:int}/hook/signature",
        opt={"role": "publisher"},
        status_code=204,
        summary="Take requests that are not signed, too",
    )
    async def remove_signature(self, house: OurHouse, caller: TheCaller, rule_id: FromPath[int]) -> None:
        async with transaction(house.engine) as conn:
            if not await hook_signatures.remove_signature(conn, RuleId(rule_id)):
                raise NotFound("Requests to this rule need no signature.")
            await audit.record(conn, caller, "remove hook signature", f"rule:{rule_id}")

    @post(
        "/events",
        opt={"role": "publisher"},
        status_code=202,
        summary="Take in a CloudEvent: rules that are on and start with its type run, runs that wait for it go on",
        description=(
            "Known again for seven days by `source` and `id`: an event that comes again starts nothing. "
            "A list of events is taken in as a whole, or not at all."
        ),
        before_request=refuse_binary,
    )
    async def take_event(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[CloudEvent | CloudEvents]
    ) -> TakenIn:
        events = data if isinstance(data, tuple) else (data,)
        carried = [(event, data_of(event)) for event in events]
        started: list[Started] = []
        async with transaction(house.engine) as conn:
            for event, sent in carried:
                kind = event_type(event.type)
                name = f"{event.source} {event.id}"
                await told.tell(conn, kind, name, as_data(sent), actor=caller.actor)
                for rule in await hooks.listening_for(conn, kind):
                    taken = await take_in(conn, rule.id, sent, name, actor=caller.actor)
                    started.append(Started(rule.id, taken.event_id, taken.repeated))
        return TakenIn(tuple(started))


def _refuse_unfit(data: SetSignature) -> None:
    if data.scheme == "hmac" and not data.header:
        raise Malformed("Say in which header the signature stands, such as X-Hub-Signature-256.")
    if data.scheme == "standard" and data.secret is not None and key_of(data.secret) is None:
        raise Malformed("This is no secret of Standard Webhooks: whsec_ and 24 to 64 bytes in base64.")


def required(found: hook_signatures.HookSignature | None) -> hook_signatures.HookSignature:
    if found is None:
        raise NotFound("Requests to this rule need no signature.")
    return found


async def _info(house: House, conn: AsyncConnection, rule_id: RuleId, hook: hooks.Hook) -> HookInfo:
    last = await hooks.last_request(conn, rule_id)
    return HookInfo(
        f"{house.settings.base_url}/hooks/{hook.token}",
        hook.made_at,
        None if last is None else last.at,
        None if last is None else last.data,
        await hook_signatures.signature_of(conn, rule_id),
    )


@post(
    "/{token:str}",
    opt={"role": ANYONE, "public": True},
    status_code=202,
    request_max_body_size=MOST_BYTES,
    summary="A request that starts the rule of this address: JSON of any shape, or a form",
    tags=("hooks",),
)
async def receive_request(request: Request[Any, Any, Any], house: OurHouse, token: FromPath[str]) -> Received:
    return await receive(house, request, token)
