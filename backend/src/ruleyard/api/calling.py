"""What is told when a call was made, to rules and to open pages: the event `call.done` starts rules and wakes runs."""

from __future__ import annotations

import secrets
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.house import House
from ruleyard.api.receiving import take_in
from ruleyard.api.shapes.calls import CallEnded
from ruleyard.clock import utc_text
from ruleyard.core.types import JSONObject
from ruleyard.stores import hooks
from ruleyard.stores.calls import Call
from ruleyard.stores.told import tell

EVENT: Final = "call.done"


async def ended(conn: AsyncConnection, call: Call, told: CallEnded, by: str) -> None:
    """Starts every rule that waits for it, in the transaction of the outcome itself."""
    record: JSONObject | None = None
    if call.record is not None:
        record = {"table": call.table_name, "key": call.record}
    data: JSONObject = {
        "call": call.id,
        "list": call.list,
        "phone": call.phone,
        "name": call.name,
        "note": call.note,
        "outcome": told.outcome,
        "said": told.said,
        "again_at": None if told.again_at is None else utc_text(told.again_at),
        "by": by,
        "tries": call.tries,
        "record": record,
        "rule": call.rule_id,
        "run": call.run_id,
    }
    name = f"call {call.id} {secrets.token_hex(8)}"
    await tell(conn, EVENT, name, data, actor=by)
    for rule in await hooks.listening_for(conn, EVENT):
        await take_in(conn, rule.id, data, name, actor=by)


def called(caller: Caller) -> str:
    """How a caller is named to the others."""
    return caller.name or caller.actor


async def tell_list(house: House, name: str) -> None:
    """To every open page: something of this list changed."""
    await house.bells.publish_live("call", {"list": name})
