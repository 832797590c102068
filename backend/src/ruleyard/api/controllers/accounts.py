"""Accounts, API keys and the audit log: what administrators see."""

from __future__ import annotations

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody

from ruleyard.api.given import OurHouse, TheCaller
from ruleyard.api.lists import Cursor, Limit, shaped
from ruleyard.api.shapes.people import (
    AccountInfo,
    AccountPage,
    AuditEntry,
    AuditPage,
    ChangeAccount,
    Key,
    KeyPage,
    MadeKey,
    NewAccount,
    NewKey,
    People,
    Person,
)
from ruleyard.core.types import AccountId
from ruleyard.stores import accounts, audit
from ruleyard.stores.db import transaction


class AccountsController(Controller):
    tags = ("accounts",)

    @get("/accounts", opt={"role": "admin"}, summary="List accounts")
    async def list_accounts(self, house: OurHouse, cursor: Cursor = None, limit: Limit = 25) -> AccountPage:
        async with transaction(house.engine) as conn:
            found = await accounts.list_accounts(conn, cursor=cursor, limit=limit)
        return AccountPage(tuple(shaped(one, AccountInfo) for one in found.items), found.next)

    @get("/people", opt={"role": "editor"}, summary="Who can be chosen as a value: names and addresses")
    async def list_people(self, house: OurHouse) -> People:
        async with transaction(house.engine) as conn:
            found = await accounts.list_accounts(conn, cursor=None, limit=200)
        return People(tuple(Person(one.email, one.name) for one in found.items if not one.disabled))

    @post("/accounts", opt={"role": "admin"}, summary="Make an account")
    async def create_account(
        self, house: OurHouse, caller: TheCaller, data: JSONBody[NewAccount]
    ) -> AccountInfo:
        password_hash = await house.passwords.hash(data.password)
        async with transaction(house.engine) as conn:
            made = await accounts.create_account(
                conn,
                email=data.email,
                name=data.name,
                role=data.role,
                password_hash=password_hash,
                language=data.language or caller.language,
            )
            await audit.record(conn, caller, "create account", f"account:{made.id}", {"role": data.role})
        return shaped(made, AccountInfo)

    @patch(
        "/accounts/{account_id:int}",
        opt={"role": "admin"},
        summary="Change an account's role, name or access",
    )
    async def change_account(
        self, house: OurHouse, caller: TheCaller, account_id: FromPath[int], data: JSONBody[ChangeAccount]
    ) -> AccountInfo:
        async with transaction(house.engine) as conn:
            changed = await accounts.change_account(
                conn, AccountId(account_id), role=data.role, name=data.name, disabled=data.disabled
            )
            await audit.record(
                conn, caller, "change account", f"account:{account_id}", msgspec.to_builtins(data)
            )
        return shaped(changed, AccountInfo)

    @get("/keys", opt={"role": "admin"}, summary="List API keys")
    async def list_keys(self, house: OurHouse, cursor: Cursor = None, limit: Limit = 25) -> KeyPage:
        async with transaction(house.engine) as conn:
            found = await accounts.list_api_keys(conn, cursor=cursor, limit=limit)
        return KeyPage(tuple(shaped(one, Key) for one in found.items), found.next)

    @post("/keys", opt={"role": "admin"}, summary="Make an API key; it is shown once")
    async def create_key(self, house: OurHouse, caller: TheCaller, data: JSONBody[NewKey]) -> MadeKey:
        async with transaction(house.engine) as conn:
            made, secret = await accounts.create_api_key(conn, data.name, data.role, caller.account_id)
            await audit.record(conn, caller, "create key", f"key:{made.id}", {"role": data.role})
        return MadeKey(**msgspec.structs.asdict(made), key=secret)

    @delete("/keys/{key_id:int}", opt={"role": "admin"}, summary="Revoke an API key")
    async def revoke_key(self, house: OurHouse, caller: TheCaller, key_id: FromPath[int]) -> None:
        async with transaction(house.engine) as conn:
            await accounts.revoke_api_key(conn, key_id)
            await audit.record(conn, caller, "revoke key", f"key:{key_id}")

    @get("/audit", opt={"role": "admin"}, summary="Who changed what, newest first")
    async def list_audit(self, house: OurHouse, cursor: Cursor = None, limit: Limit = 25) -> AuditPage:
        async with transaction(house.engine) as conn:
            found = await audit.list_audit(conn, cursor=cursor, limit=limit)
        return AuditPage(tuple(shaped(one, AuditEntry) for one in found.items), found.next)
