"""The do-not-call list: look at it, list phones, let one be called again."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, delete, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncConnection

from ruleyard.api.caller import Caller
from ruleyard.api.calling import called, tell_list
from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.house import House
from ruleyard.api.lists import Cursor, Limit
from ruleyard.api.problems import Malformed
from ruleyard.api.shapes.do_not_call import DoNotCallPage, PastedPhones, PhoneListed, PhonesListed
from ruleyard.core.errors import NotFound
from ruleyard.core.phone import Phone, read_phone
from ruleyard.core.phone_lists import ListedPhone, read_phones
from ruleyard.stores import audit, calls, do_not_call
from ruleyard.stores.db import transaction

Search = Annotated[str, QueryParameter(max_length=200, description="Part of a number, a name or a reason")]


class DoNotCallController(Controller):
    path = "/calls/do-not-call"
    tags = ("calls",)

    @get(opt={"role": "viewer"}, summary="Phones that asked not to be called")
    async def list_do_not_call(
        self, house: OurHouse, search: Search = "", cursor: Cursor = None, limit: Limit = 25
    ) -> DoNotCallPage:
        async with transaction(house.engine) as conn:
            found = await do_not_call.list_do_not_call(
                conn, search=search.strip(), cursor=cursor, limit=limit
            )
        return DoNotCallPage(found.items, found.next)

    @post(
        opt={"role": "editor"},
        status_code=200,
        summary="Put phones on the do-not-call list",
        description="Every line with a number is taken, the others are told. Waiting calls to them leave their lists.",
    )
    async def forbid_phones(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[PastedPhones]
    ) -> PhonesListed:
        read = read_phones(data.text, data.country)
        phones = [ListedPhone(one.phone, one.name, one.reason or data.said) for one in read.phones]
        async with transaction(house.engine) as conn:
            added, lists = await _forbid(conn, caller, phones)
            if added:
                await audit.record(conn, caller, "forbid calls", "phones", {"added": added})
        await _tell(house, lists)
        return PhonesListed(added, len(phones) - added, len(lists), read.faults)

    @put(
        "/{phone:str}",
        opt={"role": "editor"},
        status_code=204,
        summary="Put one phone on the do-not-call list",
    )
    async def forbid_phone(
        self, house: OurHouse, caller: TheCaller, phone: FromPath[str], data: JSONBody[PhoneListed]
    ) -> None:
        read = read_phone(phone)
        if not isinstance(read, Phone):
            raise Malformed(f"This is no phone number: {read}.")
        async with transaction(house.engine) as conn:
            added, lists = await _forbid(conn, caller, [ListedPhone(read.e164, data.name, data.said)])
            if added:
                await audit.record(conn, caller, "forbid calls", f"phone:{read.e164}")
        await _tell(house, lists)

    @delete(
        "/{phone:str}",
        opt={"role": "editor"},
        status_code=204,
        summary="Let a phone be called again",
    )
    async def allow_phone(self, house: OurHouse, caller: TheCaller, phone: FromPath[str]) -> None:
        async with transaction(house.engine) as conn:
            if not await do_not_call.allow(conn, phone):
                raise NotFound("This phone may be called.")
            await audit.record(conn, caller, "allow calls", f"phone:{phone}")
        await _tell(house, ())


async def _forbid(
    conn: AsyncConnection, caller: Caller, phones: list[ListedPhone]
) -> tuple[int, tuple[str, ...]]:
    """How many were not listed before, and the list of every call that was taken off."""
    await do_not_call.hold_gate(conn, listing=True)
    added = await do_not_call.list_phones(conn, phones, called(caller))
    return added, await calls.end_waiting(conn, [one.phone for one in phones], called(caller))


async def _tell(house: House, lists: tuple[str, ...]) -> None:
    for name in sorted(set(lists)) or [""]:
        await tell_list(house, name)
